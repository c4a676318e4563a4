/* SPDX-License-Identifier: GPL-2.0-only */
/* What show.c and show_json.c share. */
#ifndef SYNWALK_VIEWER_SHOW_H
#define SYNWALK_VIEWER_SHOW_H

#include "trace/read/read.h"
#include "viewer/model_words.h"

/**
 * struct show - one listing
 * @t: the trace
 * @flows: its initial sequence numbers
 * @kinds: bits of the kinds to print
 * @from: first step
 * @to: last step; 0 until the trace is open: to its end
 * @function: only its calls, or NULL
 * @explain: the step that is to be explained instead, or NULL
 * @object_name: only stores to it, or NULL
 * @object: its number
 * @max_depth: nothing deeper than so many calls; 0: everything
 * @base_depth: the depth from which that is counted
 * @where: print file and line too
 * @absolute: sequence numbers not relative
 * @json: objects instead of lines
 * @fold: leave helpers out in which nothing of the walk happens
 * @helpers: never fold
 * @outline: only what show_outline.c prints
 * @steps: with each line's step
 * @folded: calls left out
 * @printed: while folding, a bit for each call that has its line
 * @step_width: columns for the step's number
 * @task: of the last heading
 * @context: of the last heading
 * @depth_call: the call whose depth is remembered
 * @depth: that depth
 */
struct show {
	struct trace *t;
	struct decode_flows flows;
	unsigned int kinds;
	int64_t from, to;
	const char *function, *explain, *object_name;
	int64_t object;
	int64_t max_depth;
	int base_depth;
	bool where, absolute, json, fold, helpers, outline, steps;
	int64_t folded;
	uint8_t *printed;
	int step_width;
	int task, context;
	int64_t depth_call;
	int depth;
};

/* Prints a step as one line of JSON. */
void show_json(struct show *show, const struct trace_step *s);

/* Prints the walk in short. 0 or -1. */
int show_outline(struct show *show);

/* The sign before a step that is no call: > * @ ... */
char show_sign(const struct trace_step *s, const char *words);

#endif
