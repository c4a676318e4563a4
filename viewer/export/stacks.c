/* SPDX-License-Identifier: GPL-2.0-only */

/* Open calls, and other things that several formats tell. */

#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "viewer/export/export.h"

static void push(struct export_stack *stack, int64_t step, const struct trace_func *func)
{
	if (stack->depth == stack->room) {
		size_t room = stack->room ? 2 * stack->room : 64;
		struct export_call *more = realloc(stack->calls, room * sizeof(*more));

		if (!more)
			abort();
		stack->calls = more;
		stack->room = room;
	}
	stack->calls[stack->depth++] = (struct export_call){ step, func, 0 };
}

/* The calls that were open before @s began: the parents of what it happens in. */
static void fill(struct export_stack *stack, struct trace *t, const struct trace_step *s)
{
	int64_t calls[256];
	int count = trace_stack(t, s->step, calls, 256);

	for (int i = count < 256 ? count : 256; i-- > 0;) {
		struct trace_step call;

		/* standing on a call, it is the innermost itself */
		if (calls[i] == s->step || trace_step(t, calls[i], &call) != 1)
			continue;
		if (call.task == s->task && call.context == s->context)
			push(stack, call.step, call.func);
		trace_step_free(&call);
	}
}

struct export_stack *export_stack_of(struct export_stacks *all, struct trace *t,
				     const struct trace_step *s)
{
	struct export_stack *more;

	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].task == s->task && all->list[i].context == s->context)
			return &all->list[i];
	}
	more = realloc(all->list, (all->count + 1) * sizeof(*more));
	if (!more)
		abort();
	all->list = more;
	more += all->count++;
	/* names live as long as the trace: a step's would go with it */
	*more = (struct export_stack){
		.task = s->task,
		.context = s->context,
		.task_name = trace_task_name(t, s->task),
		.context_name = s->context_name,
	};
	fill(more, t, s);
	return more;
}

void export_stack_step(struct export_stack *stack, const struct trace_step *s)
{
	if (s->kind == TRACE_CALL) {
		push(stack, s->step, s->func);
		return;
	}
	if (s->kind != TRACE_RETURN)
		return;
	/* a call that never returned may lie above the one that does */
	for (size_t i = stack->depth; i-- > 0;) {
		if (stack->calls[i].step == s->parent) {
			stack->depth = i;
			return;
		}
	}
}

void export_stacks_free(struct export_stacks *all)
{
	for (size_t i = 0; i < all->count; i++)
		free(all->list[i].calls);
	free(all->list);
	*all = (struct export_stacks){ 0 };
}

char *export_path(struct trace *t, int64_t step, const char *between, char *buf, size_t len)
{
	int64_t calls[256];
	int count = trace_stack(t, step, calls, 256);
	size_t used = 0;

	*buf = 0;
	for (int i = count < 256 ? count : 256; i-- > 0 && used < len;) {
		struct trace_step call;

		if (trace_step(t, calls[i], &call) != 1)
			continue;
		used += (size_t)snprintf(buf + used, len - used, "%s%s", used ? between : "",
					 call.func ? call.func->name : "?");
		trace_step_free(&call);
	}
	return buf;
}

void export_json_text(FILE *out, const char *text)
{
	json_t *string = json_string(text);

	/* a name that is not UTF-8 can only come from a damaged trace */
	if (!string || json_dumpf(string, out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII))
		fputs("\"?\"", out);
	json_decref(string);
}
