/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Chrome's trace format, which Perfetto's user interface opens: JSON with an event an object.
 *
 * Calls are slices (B and E), one track for each task and context, since slices of one track must
 * nest; what is open when the range begins is opened first, what is open when it ends is closed.
 * Packets, drops, sleeps and states are instants; a wake-up is an arrow to the next thing that the
 * woken task does; a timer is a span from the time it is armed until it fires or is cancelled; the
 * integer fields of sockets are counters.
 *
 * On the virtual clock hundreds of steps happen at the same time, and slices of no length show
 * nothing. Unless asked for the clock, a step therefore takes a microsecond; the time stands in
 * args.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/export/export.h"
#include "viewer/model_words.h"

struct timeline {
	struct export *e;
	struct export_stacks stacks;
	bool first;
	int64_t woken; /* step of the last wake-up whose task has not run yet */
	char sleeper[64];
};

static int track_of(const struct trace_step *s)
{
	return s->task * EXPORT_CONTEXTS + s->context;
}

static void stamp(const struct timeline *l, int64_t step, int64_t time)
{
	if (l->e->by_time)
		fprintf(l->e->out, ",\"ts\":%" PRId64 ".%03d", time / 1000, (int)(time % 1000));
	else
		fprintf(l->e->out, ",\"ts\":%" PRId64, step);
}

/* The part that all events have; the caller adds to it and closes with '}'. */
static void begin(struct timeline *l, char phase, const char *name, const char *category, int track,
		  int64_t step, int64_t time)
{
	fputs(l->first ? "\n" : ",\n", l->e->out);
	l->first = false;
	fprintf(l->e->out, "{\"ph\":\"%c\",\"pid\":1,\"tid\":%d", phase, track);
	stamp(l, step, time);
	if (name) {
		fputs(",\"name\":", l->e->out);
		export_json_text(l->e->out, name);
	}
	if (category)
		fprintf(l->e->out, ",\"cat\":\"%s\"", category);
}

static void end(struct timeline *l, const struct trace_step *s, const char *words)
{
	fprintf(l->e->out, ",\"args\":{\"step\":%" PRId64 ",\"time_ns\":\"%" PRId64 "\"", s->step,
		s->time);
	if (words) {
		fputs(",\"what\":", l->e->out);
		export_json_text(l->e->out, words);
	}
	fputs("}}", l->e->out);
}

static void name_track(struct timeline *l, const struct export_stack *stack)
{
	char name[128];

	snprintf(name, sizeof(name), "%s (%s)", stack->task_name, stack->context_name);
	fputs(l->first ? "\n" : ",\n", l->e->out);
	l->first = false;
	fprintf(l->e->out,
		"{\"ph\":\"M\",\"pid\":1,\"tid\":%d,\"name\":\"thread_name\",\"args\":{\"name\":",
		stack->task * EXPORT_CONTEXTS + stack->context);
	export_json_text(l->e->out, name);
	fputs("}}", l->e->out);
}

/* ---------------------------------------------------------------- kinds of steps */

static void call(struct timeline *l, const struct trace_step *s)
{
	char args[1024];

	begin(l, 'B', s->func ? s->func->name : "?", "call", track_of(s), s->step, s->time);
	end(l, s, words_args(args, sizeof(args), l->e->t, s));
}

/* Ends a call, and those above it that never returned. */
static void close_calls(struct timeline *l, const struct export_stack *stack, int64_t step,
			int64_t at, int64_t time)
{
	for (size_t i = stack->depth; i-- > 0;) {
		begin(l, 'E', NULL, NULL, stack->task * EXPORT_CONTEXTS + stack->context, at, time);
		fputs("}", l->e->out);
		if (stack->calls[i].step == step)
			return;
	}
}

static void instant(struct timeline *l, const struct trace_step *s, const char *category)
{
	char words[1024];

	words_step(words, sizeof(words), l->e->t, s, &l->e->flows);
	begin(l, 'i', words, category, track_of(s), s->step, s->time);
	fputs(",\"s\":\"t\"", l->e->out);
	end(l, s, NULL);
}

/* Armed, fired, cancelled: one span for each time that it is armed. */
static void timer(struct timeline *l, const struct trace_step *s)
{
	char name[256];
	bool armed = s->extra && !strcmp(s->extra, "armed");

	snprintf(name, sizeof(name), "%s%s%s", s->object_name ? s->object_name : "timer",
		 s->old.type == TRACE_TEXT ? "." : "",
		 s->old.type == TRACE_TEXT ? s->old.bytes : "");
	begin(l, armed ? 'b' : 'e', name, "timer", track_of(s), s->step, s->time);
	fputs(",\"id\":", l->e->out);
	export_json_text(l->e->out, name);
	end(l, s, s->extra);
}

/* sk_cookie.counter of tcp_sock#1: a track of numbers. */
static void counter(struct timeline *l, const struct trace_step *s)
{
	const char *object = s->object_name ? s->object_name : "";
	const char *hash = strchr(object, '#');
	char name[256];

	if (!hash || hash - object < 5 || strncmp(hash - 5, "_sock", 5) || !s->field ||
	    s->new.type != TRACE_INT)
		return;
	snprintf(name, sizeof(name), "%s.%s", object, s->place ? s->place : s->field->name);
	begin(l, 'C', name, "field", track_of(s), s->step, s->time);
	fprintf(l->e->out, ",\"args\":{\"value\":%" PRId64 "}}", s->new.num);
}

static void wake(struct timeline *l, const struct trace_step *s)
{
	instant(l, s, "sched");
	l->woken = s->step;
	snprintf(l->sleeper, sizeof(l->sleeper), "%s", s->extra ? s->extra : "");
	begin(l, 's', "wakes", "sched", track_of(s), s->step, s->time);
	fprintf(l->e->out, ",\"id\":%" PRId64 "}", s->step);
}

/* The woken task runs: the arrow's head. */
static void arrive(struct timeline *l, const struct trace_step *s)
{
	if (!l->woken || s->context || strcmp(s->task_name, l->sleeper))
		return;
	begin(l, 'f', "wakes", "sched", track_of(s), s->step, s->time);
	fprintf(l->e->out, ",\"bp\":\"e\",\"id\":%" PRId64 "}", l->woken);
	l->woken = 0;
}

static int draw(void *ctx, const struct trace_step *s)
{
	struct timeline *l = ctx;
	size_t known = l->stacks.count;
	struct export_stack *stack = export_stack_of(&l->stacks, l->e->t, s);

	if (l->stacks.count > known) {
		name_track(l, stack);
		for (size_t i = 0; i < stack->depth; i++) {
			begin(l, 'B', stack->calls[i].func->name, "call", track_of(s), s->step,
			      s->time);
			fputs("}", l->e->out);
		}
	}
	arrive(l, s);
	switch (s->kind) {
	case TRACE_CALL:
		call(l, s);
		break;
	case TRACE_RETURN:
		close_calls(l, stack, s->parent, s->step, s->time);
		break;
	case TRACE_STORE:
		counter(l, s);
		break;
	case TRACE_TIMER:
		timer(l, s);
		break;
	case TRACE_WAKE:
		wake(l, s);
		break;
	case TRACE_PACKET:
	case TRACE_DROP:
		instant(l, s, "net");
		break;
	case TRACE_SLEEP:
	case TRACE_STATE:
		instant(l, s, "sched");
		break;
	default:
		break;
	}
	export_stack_step(stack, s);
	return 0;
}

int export_perfetto(struct export *e)
{
	struct timeline l = { .e = e, .first = true };
	struct trace_step last;
	int err;

	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", e->out);
	err = trace_each(e->t, e->from, e->to, TRACE_ALL_KINDS, draw, &l);
	if (!err && trace_step(e->t, e->to, &last) == 1) {
		for (size_t i = 0; i < l.stacks.count; i++)
			close_calls(&l, &l.stacks.list[i], 0, e->to, last.time);
		trace_step_free(&last);
	}
	fputs("\n]}\n", e->out);
	export_stacks_free(&l.stacks);
	return err;
}
