/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synwalk show --outline: the walk in short, for a reader who compares it with another.
 *
 * System calls have a line, and what happens between functions: packets, drops, timers, sleeps,
 * wake-ups, states; and the socket's own fields, where they change.  Of all other calls only those
 * that lead there.  Steps have no numbers, so that one line more of the source moves nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/show.h"

#define OUTLINE_KINDS                                                              \
	(TRACE_BIT(TRACE_CALL) | TRACE_BIT(TRACE_PACKET) | TRACE_BIT(TRACE_DROP) | \
	 TRACE_BIT(TRACE_TIMER) | TRACE_BIT(TRACE_SLEEP) | TRACE_BIT(TRACE_WAKE) | \
	 TRACE_BIT(TRACE_STATE) | TRACE_BIT(TRACE_STORE))

struct outline {
	struct show *show;
	uint8_t *printed; /* a bit for each call that has its line */
	int64_t time;     /* of the last heading */
};

static void begin_line(struct outline *o, const struct trace_step *s, int depth)
{
	if (s->task != o->show->task || s->context != o->show->context || s->time != o->time) {
		o->show->task = s->task;
		o->show->context = s->context;
		o->time = s->time;
		if (o->show->steps)
			printf("%*s ", o->show->step_width, "");
		printf("# %s, %s, %.6f ms\n", s->task_name, s->context_name, (double)s->time / 1e6);
	}
	if (o->show->steps)
		printf("%*" PRId64 " ", o->show->step_width, s->step);
	printf("%*s", depth * 2, "");
}

/* "name = value" of a call, a system call with its arguments. */
static void print_call(struct outline *o, const struct trace_step *s)
{
	struct trace *t = o->show->t;
	int64_t end = trace_return_of(t, s->step);
	const char *name = s->func ? s->func->name : "?";
	struct trace_step r;
	char words[600];

	begin_line(o, s, s->depth);
	if (!strncmp(name, "sys_", 4))
		printf("%s", words_step(words, sizeof(words), t, s, &o->show->flows));
	else
		printf("%s", name);
	if (end && trace_step(t, end, &r) == 1) {
		if (r.new.type != TRACE_NULL)
			printf(" = %s", words_return(words, sizeof(words), t, &r.new,
						     s->func ? s->func->type : ""));
		trace_step_free(&r);
	}
	putchar('\n');
	o->printed[s->step / 8] |= (uint8_t)(1U << (s->step % 8));
}

/* The calls around a step that have no line yet, the outermost first; the depth inside of them. */
static int print_around(struct outline *o, int64_t call)
{
	struct trace_step s;
	int depth;

	if (!call || trace_step(o->show->t, call, &s) != 1)
		return 0;
	if (!(o->printed[call / 8] & (1U << (call % 8)))) {
		print_around(o, s.parent);
		print_call(o, &s);
	}
	depth = s.depth + 1;
	trace_step_free(&s);
	return depth;
}

static bool same_value(const struct trace_value *x, const struct trace_value *y)
{
	if (x->type != y->type)
		return false;
	return x->type == TRACE_INT ?
		       x->num == y->num :
		       x->len == y->len && (!x->len || !memcmp(x->bytes, y->bytes, x->len));
}

/* A socket's field that tells where the connection is: not its locks, counts and lists. */
static bool is_telling(const struct trace_step *s)
{
	static const char *const types[] = { "tcp_sock#", "tcp_timewait_sock#", "udp_sock#",
					     "raw_sock#" };
	static const char *const dull[] = { "lock", "refcnt", "_alloc", "timer",   "queue",
					    "node", "list",   "next",   "forward", "wmem" };
	const char *name = s->place ? s->place : s->field ? s->field->name : "";
	bool socket = false;

	for (size_t i = 0; s->object_name && i < sizeof(types) / sizeof(types[0]); i++)
		socket |= !strncmp(s->object_name, types[i], strlen(types[i]));
	for (size_t i = 0; i < sizeof(dull) / sizeof(dull[0]); i++)
		if (strstr(name, dull[i]))
			return false;
	return socket && !same_value(&s->old, &s->new);
}

static int one_step(void *ctx, const struct trace_step *s)
{
	struct outline *o = ctx;
	char words[1024];
	int depth;

	if (s->kind == TRACE_CALL) {
		if (s->func && !strncmp(s->func->name, "sys_", 4)) {
			print_around(o, s->parent);
			print_call(o, s);
		}
		return 0;
	}
	if (s->kind == TRACE_STORE && !is_telling(s))
		return 0;
	depth = print_around(o, s->parent);
	words_step(words, sizeof(words), o->show->t, s, &o->show->flows);
	begin_line(o, s, depth);
	printf("%c %s\n", show_sign(s, words), words);
	return ferror(stdout) ? -1 : 0;
}

int show_outline(struct show *show)
{
	struct outline o = { .show = show, .time = -1 };
	int status;

	o.printed = calloc(1, (size_t)trace_last_step(show->t) / 8 + 1);
	if (!o.printed)
		return -1;
	status = trace_each(show->t, show->from, show->to, OUTLINE_KINDS, one_step, &o);
	free(o.printed);
	return status;
}
