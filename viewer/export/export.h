/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_EXPORT_EXPORT_H
#define SYNWALK_VIEWER_EXPORT_EXPORT_H

/*
 * What the formats of synwalk export share: the trace, the range, where the bytes go.
 *
 * Each format is a function that writes the whole file. Return: 0; or -1, and then either
 * trace_error() or @refusal says why. Errors of writing are looked at once, at the end.
 */

#include <stdio.h>

#include "trace/read/read.h"
#include "viewer/decode.h"

/* Contexts of a task have numbers below this. */
#define EXPORT_CONTEXTS 8

/**
 * struct export - one export
 * @from, @to: first and last step
 * @by_time: the timeline is the trace's clock, else one step is one microsecond
 * @edges: so many edges of a call graph at most
 * @flows: initial sequence numbers, for relative ones
 * @refusal: why it cannot be done, with what to do about it; empty otherwise
 */
struct export
{
	struct trace *t;
	FILE *out;
	int64_t from, to;
	bool by_time;
	int edges;
	struct decode_flows flows;
	char refusal[160];
};

int export_pcapng(struct export *e);
int export_perfetto(struct export *e);
int export_mermaid(struct export *e);
int export_dot(struct export *e);
int export_folded(struct export *e);
int export_html(struct export *e);

/* "sys_connect > tcp_v4_connect > tcp_connect": the calls open at a step, outermost first. */
char *export_path(struct trace *t, int64_t step, const char *between, char *buf, size_t len);

/* Text within JSON, quotes included. */
void export_json_text(FILE *out, const char *text);

/**
 * struct export_stacks - the calls that are open, for each task and context
 *
 * Fed with the steps from the first of a range on, it knows at each which calls are open, also
 * those that were when the range began.
 */
struct export_stack {
	int task, context;
	const char *task_name, *context_name;
	struct export_call {
		int64_t step;
		const struct trace_func *func;
		int64_t mark; /* the format's own */
	} * calls;
	size_t depth, room;
};
struct export_stacks {
	struct export_stack *list;
	size_t count;
};

/* The stack of a step's task and context; a new one has the calls that were open before it. */
struct export_stack *export_stack_of(struct export_stacks *all, struct trace *t,
				     const struct trace_step *s);
/* After a step: a call is pushed, a return pops it and what was left open above it. */
void export_stack_step(struct export_stack *stack, const struct trace_step *s);
void export_stacks_free(struct export_stacks *all);

#endif
