/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_WORLD_H
#define SYNWALK_LABS_WORLD_H

/*
 * A world: one run of one script with, or without, a student's functions in the core. The parts of the
 * program that the grader starts for each test.
 *
 * world.c reads the arguments and plays, part.c brings a student's functions in, todo.c ends a run at a gap
 * of a skeleton, report.c writes down what came of it, cage.c forbids what no run needs, recorded.c and
 * unrecorded.c are two ways to deal with traces.
 */

#include <stdint.h>
#include <stdio.h>

#include "viewer/script/override.h"
#include "viewer/script/play.h"

/* Exit statuses; the first three are those of synwalk run, the last is a sanitizer's. */
enum {
	WORLD_PASSED = 0,
	WORLD_FAILED = 1,
	WORLD_TROUBLE = 2,
	WORLD_TODO = 3,
	WORLD_SANITIZER = 99
};

/** struct world - the arguments of a run */
struct world {
	const char *script, *report, *trace, *part;
	uint64_t seed, ticks, real_ns, budget_mb;
	int has_seed;
	struct overrides set;
};

/* ---- report.c ---- */

/* Opens the report, empty until the run has come to an end. Return: 0, or WORLD_TROUBLE. */
int report_open(const char *path);

/**
 * report_write() - say what came of the run
 * @status: WORLD_*
 * @message: why, in words; NULL: nothing is wrong
 * @p: the play, or NULL if there was none
 * @step: the step of the trace that the failure is about, or 0
 * @function, @part: what is still to be written (WORLD_TODO), or NULL
 *
 * Return: @status, or WORLD_TROUBLE after telling that the report cannot be written.
 */
int report_write(int status, const char *message, const struct play *p, int64_t step,
		 const char *function, int part);

/* ---- cage.c ---- */

/* From now on nothing is started, reached or looked into from here. Return: 0, or WORLD_TROUBLE. */
int cage_close(void);

/* ---- part.c ---- */

/*
 * Loads a student's functions, an ELF file that was linked for the place beside this program, and lets them
 * take the places of the core's own. Return: 0, or WORLD_TROUBLE after telling why.
 */
int part_load(const char *path);

/* ---- recorded.c, unrecorded.c ---- */

/* Starts the recording, if there is to be one. Return: 0, or WORLD_TROUBLE after telling why. */
int trace_begin(const struct world *w);
/* Ends it. Return: 0, or WORLD_TROUBLE after telling why. */
int trace_finish(const struct world *w, const char *result);
/* The step of the trace that a failed play is about; 0 without a trace. */
int64_t trace_failure(const struct world *w, const struct play *p);
/* For the Makefile: --bake FILE. An exit status. */
int trace_bake(const char *path);

/* ---- todo.c ---- */

/* What lab_todo() is to do with: called on a stack of its own, and does not return. */
void todo_expect(void (*found)(const char *function, int part));

#endif
