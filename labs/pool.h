/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_POOL_H
#define SYNWALK_LABS_POOL_H

/* Many independent jobs, each in a process of its own, so that none can harm another. */

#include <stdio.h>

/**
 * struct pool_end - what came of a job
 * @status: its exit status; -1: it died
 * @text: what it wrote
 * @cpu_ms: processor time of its process and of those that it waited for, in milliseconds
 */
struct pool_end {
	int status;
	const char *text;
	long cpu_ms;
};

/**
 * struct pool - the jobs
 * @count: how many; @at_once: how many at a time, 0: one for each processor
 * @job: does number @i in its process, and writes what there is to say to @out; an exit status
 * @done: told of each in the order of their numbers, in the first process
 */
struct pool {
	int count;
	unsigned int at_once;
	int (*job)(void *ctx, int i, FILE *out);
	void (*done)(void *ctx, int i, const struct pool_end *end);
	void *ctx;
};

/* 0; or -1 and errno, when a process cannot be made: those that were not begun are told as died. */
int pool_run(const struct pool *p);

#endif
