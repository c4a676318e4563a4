/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_POOL_H
#define SYNWALK_LABS_POOL_H

/* Many independent jobs, each in a process of its own, so that none can harm another. */

#include <stdio.h>

/**
 * struct pool - the jobs
 * @count: how many; @at_once: how many at a time, 0: one for each processor
 * @job: does number @i in its process, and writes what there is to say to @out; an exit status
 * @done: told of each in the order of their numbers, in the first process: its status (-1: it died), and
 *	what it wrote
 */
struct pool {
	int count;
	unsigned int at_once;
	int (*job)(void *ctx, int i, FILE *out);
	void (*done)(void *ctx, int i, int status, const char *text);
	void *ctx;
};

/* 0; or -1 and errno, when a process cannot be made: those that were not begun are told as died. */
int pool_run(const struct pool *p);

#endif
