/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints as events: what the compiler cannot know.  Also where the writer learns of objects,
 * tasks and contexts.
 */
#include <stdlib.h>
#include <string.h>

#include "writer.h"

/* An event at the tracepoint's call, without a payload yet. */
static struct event begin(const struct writer *writer, const struct frame *frame,
			  enum event_kind kind)
{
	struct event event = { .kind = kind };

	if (frame) {
		event.parent = frame->step;
		event.depth = frame->depth + 1;
		event.function = frame->function->id;
		event.function_name = frame->function->name;
		event.file_name = frame->function->file->path;
		event.line = writer->line;
	}
	return event;
}

static void set_object(struct writer *writer, struct event *event, uint64_t addr)
{
	struct object *object = object_find(writer, addr);

	if (!object && addr)
		object = frame_object(writer, addr);
	if (object) {
		event->object = object->id;
		event->object_name = object->name;
	}
}

/* ------------------------------------------------------------------ tasks */

static void task_row(struct writer *writer, const struct wtask *task)
{
	define(writer, "task", (struct value[]){ value_integer(task->id), value_text(task->name) },
	       2);
}

/* The task described at @addr; a new pid there is a new task with nothing open. */
static struct wtask *task_get(struct writer *writer, uint64_t addr, int pid, const char *name)
{
	struct wtask *task;

	for (task = writer->tasks; task; task = task->next)
		if (task->addr == addr)
			break;
	if (!task) {
		task = pool_alloc(&writer->pool, sizeof(*task));
		task->addr = addr;
		task->next = writer->tasks;
		writer->tasks = task;
	} else if (task->id != pid) {
		struct wtask *running = writer->task;

		writer->task = task;
		while (task->count)
			frame_pop(writer);
		task->contexts_count = 0;
		writer->task = running;
	}
	if (!task->name || task->id != pid || strcmp(task->name, name)) {
		task->id = pid;
		task->name = pool_strdup(&writer->pool, *name ? name : pid ? "task" : "idle");
		task_row(writer, task);
	}
	return task;
}

static void switch_tasks(struct writer *writer, struct frame *frame, const struct raw_point *point)
{
	struct event event;
	struct wtask *next;

	/* what ran before the first switch turns out to be prev */
	if (!writer->task->addr)
		writer->task->addr = point->arg[0];
	if (writer->task->addr == point->arg[0])
		task_get(writer, point->arg[0], (int)point->task[0].pid, point->task[0].name);
	next = task_get(writer, point->arg[1], (int)point->task[1].pid, point->task[1].name);
	event = begin(writer, frame, EVENT_SWITCH);
	event.extra = next->name;
	event.new_value = value_integer(next->id);
	event.object = 0;
	emit(writer, &event);
	writer->task = next;
}

static void sleep_or_wake(struct writer *writer, struct frame *frame, const struct raw_point *point,
			  enum event_kind kind)
{
	struct event event = begin(writer, frame, kind);

	event.extra = pool_strdup(&writer->scratch, point->task[0].name);
	event.new_value = value_integer(kind == EVENT_SLEEP ? (int64_t)point->arg[1] :
							      (int64_t)point->task[0].pid);
	set_object(writer, &event, point->arg[0]);
	emit(writer, &event);
}

/* ------------------------------------------------------------------ contexts */

static void enter_context(struct writer *writer, enum event_context context)
{
	struct wtask *task = writer->task;

	if (task->contexts_count < 8)
		task->contexts[task->contexts_count++] =
			(struct open_context){ context, task->count };
}

static void leave_context(struct writer *writer, enum event_context context)
{
	struct wtask *task = writer->task;

	if (task->contexts_count && task->contexts[task->contexts_count - 1].context == context)
		task->contexts_count--;
}

static const char *softirq_name(struct writer *writer, uint64_t nr)
{
	struct dtype *type = type_with_enumerator(writer->image, "NET_RX_SOFTIRQ");

	for (int i = 0; type && i < type->enumerators_count; i++)
		if ((uint64_t)type->enumerators[i].value == nr)
			return type->enumerators[i].name;
	return pool_printf(&writer->scratch, "%lu", nr);
}

static void softirq(struct writer *writer, struct frame *frame, const struct raw_point *point,
		    bool enter)
{
	struct event event;

	if (enter)
		enter_context(writer, CONTEXT_SOFTIRQ);
	event = begin(writer, frame, EVENT_CONTEXT);
	event.extra = pool_printf(&writer->scratch, "softirq %s %s",
				  softirq_name(writer, point->arg[0]), enter ? "begins" : "ends");
	event.new_value = value_integer((int64_t)point->arg[0]);
	emit(writer, &event);
	if (!enter)
		leave_context(writer, CONTEXT_SOFTIRQ);
}

/* ------------------------------------------------------------------ timers */

static void timer(struct writer *writer, struct frame *frame, const struct raw_point *point,
		  const char *action)
{
	struct dtype *timer_type = type_named(writer->image, "timer_list");
	struct event event = begin(writer, frame, EVENT_TIMER);
	struct object *object = object_find(writer, point->arg[0]);
	const char *member = NULL;

	set_object(writer, &event, point->arg[0]);
	if (object && object->type)
		member =
			member_name(writer, object->type, point->arg[0] - object->addr, timer_type);
	if (member && *member)
		event.old_value = value_text(member);
	if (point->id == POINT_TIMER_START)
		event.new_value = value_integer((int64_t)(point->arg[1] - writer->clock_start));
	event.extra = action;
	emit(writer, &event);
}

static void timer_ends(struct writer *writer, struct frame *frame)
{
	struct event event = begin(writer, frame, EVENT_CONTEXT);

	event.extra = "timer ends";
	emit(writer, &event);
	leave_context(writer, CONTEXT_TIMER);
}

/* ------------------------------------------------------------------ objects, packets, states */

static void alloc(struct writer *writer, struct frame *frame, const struct raw_point *point)
{
	struct event event = begin(writer, frame, EVENT_ALLOC);
	struct object *object;

	writer->step++; /* the object is born with the event */
	object = object_birth(writer, point->arg[0], point->arg[1], point->text);
	if (point->blob >= object->size && point->arg[1])
		object_initial(writer, object, point->bytes);
	writer->step--;
	event.object = object->id;
	event.object_name = object->name;
	event.new_value = value_integer((int64_t)point->arg[1]);
	event.extra = pool_printf(&writer->scratch, "%s, %lu bytes", object->name, point->arg[1]);
	emit(writer, &event);
}

static void release(struct writer *writer, struct frame *frame, const struct raw_point *point)
{
	struct event event = begin(writer, frame, EVENT_FREE);
	struct object *object = object_find(writer, point->arg[0]);

	if (object && object->kind == OBJECT_HEAP) {
		event.object = object->id;
		event.object_name = event.extra = object->name;
	}
	emit(writer, &event);
	if (event.object)
		object_death(writer, object);
}

static void packet(struct writer *writer, struct frame *frame, const struct raw_point *point,
		   const char *direction)
{
	struct event event = begin(writer, frame, EVENT_PACKET);

	set_object(writer, &event, point->arg[0]);
	event.direction = direction;
	event.device = point->text;
	event.packet = point->bytes;
	event.packet_size = point->blob;
	emit(writer, &event);
}

static void drop(struct writer *writer, struct frame *frame, const struct raw_point *point)
{
	struct event event = begin(writer, frame, EVENT_DROP);

	set_object(writer, &event, point->arg[0]);
	event.extra = point->text;
	emit(writer, &event);
}

static const char *state_name(struct writer *writer, uint64_t state)
{
	struct dtype *type = type_with_enumerator(writer->image, "TCP_ESTABLISHED");

	for (int i = 0; type && i < type->enumerators_count; i++)
		if (type->enumerators[i].value == (int64_t)state)
			return type->enumerators[i].name;
	return pool_printf(&writer->scratch, "%ld", (int64_t)state);
}

static void state(struct writer *writer, struct frame *frame, const struct raw_point *point)
{
	struct event event = begin(writer, frame, EVENT_STATE);

	set_object(writer, &event, point->arg[0]);
	event.has_what = 1;
	event.what = (int64_t)point->arg[1];
	event.old_value = value_integer((int64_t)point->arg[1]);
	event.new_value = value_integer((int64_t)point->arg[2]);
	event.extra = pool_printf(&writer->scratch, "%s -> %s", state_name(writer, point->arg[1]),
				  state_name(writer, point->arg[2]));
	emit(writer, &event);
}

/* Turns a passed tracepoint into its event. */
void resolve_point(struct writer *writer, struct frame *frame, const struct raw_point *point)
{
	switch ((enum point)point->id) {
	case POINT_ALLOC:
		alloc(writer, frame, point);
		break;
	case POINT_FREE:
		release(writer, frame, point);
		break;
	case POINT_SWITCH:
		switch_tasks(writer, frame, point);
		break;
	case POINT_SLEEP:
		sleep_or_wake(writer, frame, point, EVENT_SLEEP);
		break;
	case POINT_WAKEUP:
		sleep_or_wake(writer, frame, point, EVENT_WAKE);
		break;
	case POINT_TIMER_START:
		timer(writer, frame, point, "armed");
		break;
	case POINT_TIMER_CANCEL:
		timer(writer, frame, point, "cancelled");
		break;
	case POINT_TIMER_ENTRY:
		enter_context(writer, CONTEXT_TIMER);
		timer(writer, frame, point, "fired");
		break;
	case POINT_TIMER_EXIT:
		timer_ends(writer, frame);
		break;
	case POINT_SOFTIRQ_ENTRY:
		softirq(writer, frame, point, true);
		break;
	case POINT_SOFTIRQ_EXIT:
		softirq(writer, frame, point, false);
		break;
	case POINT_XMIT:
		packet(writer, frame, point, "out");
		break;
	case POINT_RECEIVE:
		packet(writer, frame, point, "in");
		break;
	case POINT_DROP:
		drop(writer, frame, point);
		break;
	case POINT_STATE:
		state(writer, frame, point);
		break;
	case POINTS:
		break;
	}
}
