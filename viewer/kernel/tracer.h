/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_TRACER_H
#define SYNWALK_VIEWER_KERNEL_TRACER_H

/*
 * The best tracer that a kernel permits, tried in this order:
 *
 *   function_graph   every call and every return of the functions it can patch
 *   function         every call, and who called; nesting is concluded from that
 *   events           tracepoints, each with the stack of calls that led there: the calls below
 *                    which none fires remain unseen
 */

#include <sys/types.h>

struct peer_problem;
struct tracefs;

enum tracer_kind { TRACER_GRAPH, TRACER_FUNCTION, TRACER_EVENTS, TRACERS };

/* As on the command line: "function_graph", "function", "events". */
extern const char *const tracer_names[TRACERS];

struct tracer {
	enum tracer_kind kind;
	const char *dir;            /* whose buffer it writes: the instance, or all of tracefs */
	char refused[TRACERS][160]; /* why a better one is not used; "" if it was not tried */
};

/**
 * tracer_choose() - set the best tracer up for some processes; it does not record yet
 * @fs: where
 * @only: this one or none, TRACERS for the best
 * @pids, @count: whose calls are recorded
 *
 * Return: 0, or -1 with @problem filled.
 */
int tracer_choose(struct tracer *tracer, struct tracefs *fs, enum tracer_kind only,
		  const pid_t *pids, int count, struct peer_problem *problem);

/** tracer_run() - start or stop recording. Return: 0 or -errno. */
int tracer_run(const struct tracer *tracer, int on);

#endif
