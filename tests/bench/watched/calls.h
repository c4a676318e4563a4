/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_BENCH_WATCHED_CALLS_H
#define TESTS_BENCH_WATCHED_CALLS_H

struct pair {
	int a, b;
};

int watched_add(int a, const struct pair *pair);
int plain_add(int a, const struct pair *pair);

/* The hooks that a call passes: the function begins, a block, a read, the function ends. */
#define HOOKS 4

#ifndef ADD
#define ADD watched_add
#endif

#endif
