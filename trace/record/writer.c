/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The writer thread: takes record after record out of the ring, keeps its picture of tasks and
 * frames in step with them, and has each told.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "writer.h"

/* The writer sleeps this long when the ring is empty; nobody has to wake it. */
#define NAP_NS 200000L

/* Frames above the one a record happened in were left without a return (longjmp, lost task). */
static struct frame *frame_of(struct writer *writer, const struct raw *raw)
{
	if (raw->depth == RAW_ORPHAN)
		return NULL;
	while (writer->task->count > (int)raw->depth + 1)
		frame_pop(writer);
	return writer->task->count == (int)raw->depth + 1 ? frame_top(writer) : NULL;
}

static void call(struct writer *writer, const struct raw *raw)
{
	const struct raw_call *call = (const struct raw_call *)(raw + 1);
	const struct function *function = &writer->image->functions[call->function];
	struct event event = { .kind = EVENT_CALL };
	struct frame *frame;
	int64_t parent = 0;

	while (writer->task->count > (int)raw->depth)
		frame_pop(writer);
	if (writer->task->count)
		parent = frame_top(writer)->step;
	frame = frame_push(writer, function, call->frame);
	frame_first_look(frame, raw);
	frame->step = writer->step + 1;
	event.extra = arguments_json(writer, frame);
	/* naming an argument may have made an object, never a step */
	event.parent = parent;
	event.depth = frame->depth;
	event.function = function->id;
	event.function_name = function->name;
	event.file_name = function->file->path;
	event.line = function->line;
	emit(writer, &event);
}

/* The bytes of a returned value, as the ABI leaves it in rax and rdx. */
static struct value returned_value(struct writer *writer, const struct function *function,
				   const struct raw_return *value)
{
	struct dtype *type = type_strip(function->type);

	if (type->kind == TYPE_VOID)
		return value_none();
	if (type->size > 16)
		return value_text("{...}"); /* given back in memory of the caller's */
	return value_of(writer, function->type, (const uint8_t *)value, type->size, -1, 0);
}

/* Keeps a returned pointer to a struct: the caller may store through it (tcp_hdr(skb)->seq). */
static void keep_returned(struct writer *writer, const struct function *function, uint64_t value)
{
	struct frame *caller = frame_top(writer);

	if (!caller || type_strip(function->type)->kind != TYPE_POINTER)
		return;
	caller->returned[caller->returned_next % RETURNED].value = value;
	caller->returned[caller->returned_next++ % RETURNED].type = function->type;
}

static void returned(struct writer *writer, const struct raw *raw)
{
	const struct raw_return *value = (const struct raw_return *)(raw + 1);
	struct event event = { .kind = EVENT_RETURN };
	struct frame *frame = frame_of(writer, raw);
	const struct function *function;

	if (!frame)
		return;
	function = frame->function;
	event.new_value = returned_value(writer, function, value);
	event.parent = frame->step;
	event.depth = frame->depth;
	event.function = function->id;
	event.function_name = function->name;
	event.file_name = function->file->path;
	event.line = frame->last_line ? frame->last_line : function->line;
	emit(writer, &event);
	frame_pop(writer);
	keep_returned(writer, function, value->low);
}

static void compared(struct writer *writer, struct frame *frame, const struct raw *raw)
{
	const struct raw_compare *compare = (const struct raw_compare *)(raw + 1);
	struct event event = { .kind = EVENT_BRANCH };
	bool is_signed;

	if (!frame)
		return;
	is_signed = comparison_signed(raw->pc, compare);
	event.parent = frame->step;
	event.depth = frame->depth + 1;
	event.function = frame->function->id;
	event.function_name = frame->function->name;
	event.file_name = frame->function->file->path;
	event.line = writer->line;
	event.old_value = operand_value(writer, compare->left, compare->size, is_signed);
	if (raw->type == RAW_COMPARE)
		event.new_value = operand_value(writer, compare->right, compare->size, is_signed);
	else
		event.new_value = compare->right ? event.old_value : value_text("default");
	emit(writer, &event);
}

/* Brings lines and locals up to where the record happened. */
static void catch_up(struct writer *writer, struct frame *frame, const struct raw *raw)
{
	if (!frame)
		return;
	if (raw->type == RAW_BLOCK)
		frame_block(writer, frame, raw);
	else
		frame_lines(writer, frame, raw);
	if (raw->type != RAW_BLOCK && raw->type != RAW_SYNC)
		writer->line = line_at(frame->function, frame_place(writer, frame, raw) - 1);
}

static void handle(struct writer *writer, const struct raw *raw)
{
	struct frame *frame;

	writer->time = raw->time;
	if (raw->type == RAW_CALL) {
		call(writer, raw);
		return;
	}
	if (raw->type == RAW_RETURN) {
		returned(writer, raw);
		return;
	}
	frame = frame_of(writer, raw);
	catch_up(writer, frame, raw);
	switch (raw->type) {
	case RAW_STORE:
		resolve_store(writer, frame, raw);
		break;
	case RAW_COMPARE:
	case RAW_SWITCH:
		compared(writer, frame, raw);
		break;
	case RAW_POINT:
		resolve_point(writer, frame, (const struct raw_point *)(raw + 1));
		break;
	}
}

static void tick(struct writer *writer, int force)
{
	for (struct sink *sink = writer->sinks; sink; sink = sink->next)
		if (sink->tick && !writer->error)
			writer->error = sink->tick(sink, force);
}

/*
 * The ring is empty, and before it was looked at @passed records were through the gate, if the watched
 * thread stood there.  If it has not moved since, all that it did is made readable.
 */
static void idle(struct writer *writer, bool stood, uint64_t passed)
{
	struct record_gate *gate = writer->gate;

	if (!stood || gate->passed != passed || gate->settled == passed) {
		tick(writer, 0);
		return;
	}
	tick(writer, 1);
	gate->steps = writer->step;
	gate->settled = passed;
}

static void *run(void *data)
{
	const struct timespec nap = { .tv_nsec = NAP_NS };
	struct writer *writer = data;
	unsigned int handled = 0;

	for (;;) {
		int stop = writer->stop; /* before the look: what was published earlier is seen */
		struct record_gate *gate = writer->gate;
		/* in this order, see idle() */
		uint64_t passed = gate ? gate->passed : 0;
		bool stood = gate && gate->waiting;
		uint64_t bytes;
		const uint8_t *data_start = ring_peek(writer->ring, &bytes);

		if (!bytes) {
			if (stop)
				break;
			idle(writer, stood, passed);
			nanosleep(&nap, NULL);
			continue;
		}
		for (uint64_t at = 0; at < bytes;) {
			const struct raw *raw = (const struct raw *)(data_start + at);
			uint64_t size = raw->size;

			if (raw->type)
				handle(writer, raw);
			pool_reset(&writer->scratch);
			at += size;
			ring_consume(writer->ring, size);
			if (!(++handled % 1024))
				tick(writer, 0);
		}
	}
	if (writer->stop == 2) {
		define_meta(writer, "steps", value_integer(writer->step));
		define_meta(writer, "status", value_text("partial"));
		if (writer->crash)
			define_meta(writer, "crash", value_text(writer->crash));
	}
	tick(writer, writer->stop);
	for (struct sink *sink = writer->sinks; sink && writer->error; sink = sink->next)
		if (sink->failed)
			sink->failed(sink, writer->step);
	writer->done = 1;
	return NULL;
}

/* Starts the thread; fatal signals are for the watched thread to handle, not for this one. */
int writer_start(struct writer *writer)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&writer->thread, NULL, run, writer);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!err)
		pthread_setname_np(writer->thread, "synwalk-writer");
	return -err;
}

/* Waits until everything in the ring is written, and gives memory back. */
void writer_finish(struct writer *writer)
{
	writer->stop = 1;
	pthread_join(writer->thread, NULL);
	for (struct wtask *task = writer->tasks; task; task = task->next) {
		for (int i = 0; i < task->count; i++)
			free(task->frames[i].locals);
		for (int i = 0; i < task->used; i++)
			free(task->frames[i].room);
		free(task->frames);
	}
}
