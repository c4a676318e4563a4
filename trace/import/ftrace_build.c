// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps of a kernel's recording, told to the SQLite sink: calls, returns, switches, packets.
 *
 * Names are as in the recorder's traces: no process id. A task is called by its comm, the second of a
 * name comm#2; the idle task of the first CPU is task 0, `swapper`, of another CPU swapper/1. As there,
 * an interrupt runs on the stack that it interrupts, and its depth is counted from 0.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ftrace.h"

static void failed(struct ftrace_build *b, int code)
{
	if (!b->code)
		b->code = code;
}

void ftrace_define_row(struct ftrace_build *b, const char *table, const struct value *columns,
		       int count)
{
	if (b->sink && !b->code)
		failed(b, b->sink->define(b->sink, table, columns, count));
}

int ftrace_define(struct ftrace_build *b, const char *key, struct value value)
{
	ftrace_define_row(b, "meta", (struct value[]){ value_text(key), value }, 2);
	return b->code;
}

static void define_task(struct ftrace_build *b, const struct ftrace_track *track)
{
	ftrace_define_row(b, "task",
			  (struct value[]){ value_integer(track->id), value_text(track->name) }, 2);
}

/* The trace begins with the first thing that happens: a text without any leaves what is there alone. */
static void begin(struct ftrace_build *b)
{
	int code;

	if (b->sink || b->code)
		return;
	code = sink_sqlite_open(&b->sink, b->path, NULL, b->err, b->errlen);
	if (!code)
		code = b->sink->ready(b->sink);
	failed(b, code);
	ftrace_define(b, "schema_version", value_integer(3));
	ftrace_define(b, "status", value_text("recording"));
	ftrace_define(b, "steps", value_integer(0));
	ftrace_define(b, "lost", value_integer(0));
	for (int i = 0; i < b->track_count; i++)
		define_task(b, b->tracks[i]);
	/* every trace has an idle task, be it seen or not */
	ftrace_define_row(b, "task", (struct value[]){ value_integer(0), value_text("swapper") },
			  2);
	ftrace_fields_begin(b);
}

/* ------------------------------------------------------------------ tasks */

/* "python3", and the second of that name "python3#2". */
static const char *name_task(struct ftrace_build *b, const char *comm)
{
	intptr_t number = (intptr_t)names_get(&b->comms, comm) + 1;

	names_set(&b->comms, number > 1 ? comm : pool_strdup(&b->pool, comm), (void *)number);
	return number > 1 ? pool_printf(&b->pool, "%s#%ld", comm, (long)number) :
			    pool_strdup(&b->pool, comm);
}

static const char *name_idle(struct ftrace_build *b, int cpu)
{
	return cpu > 0 ? pool_printf(&b->pool, "swapper/%d", cpu) : "swapper";
}

/* "<...>" is a task whose name the kernel had forgotten. */
static bool is_named(const struct ftrace_task *task)
{
	return task->comm[0] && strcmp(task->comm, "<...>");
}

/*
 * The task with that pid, or of the CPU when it is the idle one; made when it is new. A pid of -1: one
 * that nobody named, of that CPU.
 */
struct ftrace_track *ftrace_track(struct ftrace_build *b, const struct ftrace_task *task, int cpu)
{
	struct ftrace_track *track;
	int idle_cpu = task->pid > 0 ? -1 : cpu < 0 ? 0 : cpu;
	uint64_t key = (uint64_t)(uint32_t)task->pid << 32 | (uint32_t)idle_cpu;

	track = map_get(&b->by_pid, key);
	if (track)
		return track;
	track = pool_alloc(&b->pool, sizeof(*track));
	*(struct ftrace_track **)grow(b->tracks, b->track_count, b->track_room) = track;
	map_set(&b->by_pid, key, track);
	track->pid = task->pid;
	track->id = task->pid == 0 && idle_cpu == 0 ? 0 : ++b->task_count;
	track->name = task->pid == 0 ? name_idle(b, idle_cpu) :
				       name_task(b, is_named(task) ? task->comm : "task");
	define_task(b, track);
	return track;
}

void ftrace_name(struct ftrace_build *b, struct ftrace_track *track, const struct ftrace_task *task,
		 int cpu)
{
	uint64_t key = (uint64_t)(uint32_t)task->pid << 32 | UINT32_MAX;

	if (task->pid <= 0 || map_get(&b->by_pid, key))
		return;
	map_set(&b->by_pid, (uint64_t)(uint32_t)-1 << 32 | (uint32_t)cpu, NULL);
	map_set(&b->by_pid, key, track);
	track->pid = task->pid;
	track->name = name_task(b, is_named(task) ? task->comm : "task");
	define_task(b, track);
}

struct event ftrace_inside(const struct ftrace_build *b, const struct ftrace_track *track,
			   enum event_kind kind)
{
	const struct ftrace_call *top =
		track && track->depth ? &track->calls[track->depth - 1] : NULL;
	return (struct event){
		.kind = kind,
		.time = b->now,
		.task = track ? track->id : 0,
		.context = top ? top->context : CONTEXT_TASK,
		.parent = top ? top->step : 0,
		.function = top ? top->func : 0,
		.depth = top ? top->depth + 1 : 0,
	};
}

void ftrace_put(struct ftrace_build *b, struct event *event)
{
	begin(b);
	if (b->code)
		return;
	event->step = ++b->step;
	failed(b, b->sink->event(b->sink, event));
}

void ftrace_switch(struct ftrace_build *b, struct ftrace_track *from, struct ftrace_track *to)
{
	struct event event = ftrace_inside(b, from, EVENT_SWITCH);

	event.extra = to->name;
	event.new_value = value_integer(to->id);
	/* before the first call nothing is worth telling */
	if (b->sink)
		ftrace_put(b, &event);
}

/* ------------------------------------------------------------------ packets */

static void put_frame(struct ftrace_build *b, const struct import_frame *frame)
{
	struct event event = ftrace_inside(b, b->running, EVENT_PACKET);

	event.direction = frame->out ? "out" : "in";
	event.device = frame->device ? frame->device : "net";
	event.packet = frame->bytes;
	event.packet_size = frame->size;
	ftrace_put(b, &event);
	b->packets++;
}

static void frames_until(struct ftrace_build *b, int64_t time)
{
	while (!b->waiting && b->frame_at < b->frame_count) {
		const struct import_frame *frame = &b->frames[b->frame_at];
		int64_t at = frame->time + b->shift - b->base;

		if (at > time)
			break;
		ftrace_fields_until(b, at);
		if (at > b->now)
			b->now = at;
		put_frame(b, frame);
		b->frame_at++;
	}
}

/* Functions that give a frame to a device, or to those who capture on it. */
static bool gives_frames(const char *name)
{
	static const char *const giving[] = { "dev_hard_start_xmit", "xmit_one",
					      "dev_queue_xmit_nit",  "packet_rcv",
					      "tpacket_rcv",         "tun_net_xmit",
					      "veth_xmit",           "loopback_xmit" };

	for (size_t i = 0; i < sizeof(giving) / sizeof(*giving); i++)
		if (!strcmp(name, giving[i]))
			return true;
	return false;
}

/* Frames of another clock: the first one is sent now. */
static void align_frames(struct ftrace_build *b)
{
	if (!b->waiting || b->frame_at == b->frame_count)
		return;
	b->waiting = false;
	b->shift = b->base + b->now - b->frames[b->frame_at].time;
	frames_until(b, b->now);
}

void ftrace_packets_left(struct ftrace_build *b)
{
	align_frames(b);
	frames_until(b, INT64_MAX);
	ftrace_fields_until(b, INT64_MAX);
}

void ftrace_at(struct ftrace_build *b, int64_t time)
{
	if (!b->based) {
		b->based = true;
		b->base = time;
	}
	time -= b->base;
	frames_until(b, time);
	ftrace_fields_until(b, time);
	/* of two CPUs' lines the later may be told first */
	if (time > b->now)
		b->now = time;
}

/* ------------------------------------------------------------------ functions */

static int file_of(struct ftrace_build *b, const char *path)
{
	const char *shown = path ? path : "(kernel)";
	int id = (int)(intptr_t)names_get(&b->files, shown);

	if (id)
		return id;
	id = ++b->file_count;
	names_set(&b->files, pool_strdup(&b->pool, shown), (void *)(intptr_t)id);
	ftrace_define_row(b, "file",
			  (struct value[]){ value_integer(id), value_text(shown), value_text(path),
					    value_text("") },
			  4);
	return id;
}

static int func_of(struct ftrace_build *b, const char *name, const struct ftrace_line *line,
		   const char **kept)
{
	struct ftrace_func *func = names_get(&b->funcs, name);
	const char *signature;

	if (!func) {
		/* the number and behind it the name */
		func = pool_alloc(&b->pool, sizeof(*func) + strlen(name) + 1);
		strcpy((char *)(func + 1), name);
		func->id = ++b->func_count;
		names_set(&b->funcs, (char *)(func + 1), func);
		signature = pool_printf(&b->pool, "%s()", name);
		ftrace_define_row(
			b, "func",
			(struct value[]){ value_integer(func->id), value_text(name),
					  value_integer(file_of(
						  b, line && line->file[0] ?
							     line->file :
							     ftrace_known_file(b->known, name))),
					  value_integer(line ? line->file_line : 0),
					  value_integer(line ? line->file_line : 0),
					  value_text("long"), value_text(signature) },
			7);
	}
	*kept = (char *)(func + 1);
	return func->id;
}

/* Calls that are open around, in the same context and without a gap. */
static int depth_in(const struct ftrace_track *track, int context)
{
	const struct ftrace_call *top = track->depth ? &track->calls[track->depth - 1] : NULL;

	return top && top->context == context ? top->depth + 1 : 0;
}

struct ftrace_call *ftrace_call(struct ftrace_build *b, struct ftrace_track *track, int context,
				const struct ftrace_line *line, const char *name)
{
	struct event event = { .kind = EVENT_CALL, .time = b->now, .task = track->id };
	struct ftrace_call call = { .start = b->now, .context = context };

	begin(b);
	call.func = func_of(b, name, line, &call.name);
	call.depth = depth_in(track, context);
	event.context = context;
	event.depth = call.depth;
	event.parent = track->depth ? track->calls[track->depth - 1].step : 0;
	event.function = call.func;
	event.line = line ? line->file_line : 0;
	event.extra = "{}";
	ftrace_put(b, &event);
	call.step = event.step;
	b->running = track;
	b->calls++;
	*(struct ftrace_call *)grow(track->calls, track->depth, track->room) = call;
	if (b->waiting && gives_frames(name))
		align_frames(b);
	return &track->calls[track->depth - 1];
}

void ftrace_return(struct ftrace_build *b, struct ftrace_track *track,
		   const struct ftrace_line *line)
{
	const struct ftrace_call *call = &track->calls[--track->depth];
	struct event event = {
		.kind = EVENT_RETURN,
		.time = b->now,
		.task = track->id,
		.context = call->context,
		.depth = call->depth,
		.parent = call->step,
		.function = call->func,
	};

	if (line && line->valued)
		event.new_value = value_integer(line->value);
	b->running = track;
	ftrace_put(b, &event);
}

void ftrace_free(struct ftrace_build *b)
{
	for (int i = 0; i < b->track_count; i++)
		free(b->tracks[i]->calls);
	free(b->tracks);
	map_free(&b->by_pid);
	names_free(&b->funcs);
	names_free(&b->files);
	names_free(&b->comms);
	pool_free(&b->pool);
	ftrace_known_close(b->known);
}
