/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_STACKS_H
#define SYNWALK_VIEWER_KERNEL_STACKS_H

#include <stdio.h>

/** struct stacks_counts - what became of the text */
struct stacks_counts {
	int events; /* with a stack below one of the roots */
	int calls;  /* that were concluded from them */
	int others; /* of other system calls, of interrupts, or without a stack */
	int lost;   /* events that the buffer had no room for */
};

/**
 * stacks_to_graph() - conclude the tree of calls from tracepoints with stacks
 * @events: what the kernel's file `trace` said, with the options stacktrace and sym-offset
 * @graph: takes the same as the function_graph tracer would have written it
 * @roots: names of functions at which the tree begins, NULL at the end
 *
 * Two stacks one after the other share the calls down to where they first return to different
 * places. A function that a loop calls twice from one place, with nothing seen in between, is one
 * call here; and calls below which no tracepoint fired are not seen at all.
 *
 * Return: 0, or -errno.
 */
int stacks_to_graph(FILE *events, FILE *graph, const char *const *roots,
		    struct stacks_counts *counts);

#endif
