/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_GRADE_H
#define SYNWALK_LABS_GRADE_H

/*
 * What a solution is worth, and why.
 *
 * Properties of the trace decide: each test has a query that finds what is wrong. The comparison with
 * the core's own run only explains.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labs/build.h"
#include "labs/lab.h"

/**
 * struct result - of one test
 * @verdict, @points: of @test->points
 * @hidden: it is right in the run that the student sees, and wrong in another
 * @message: what is wrong, in lines, numbers with their hexadecimal; NULL: nothing
 * @step, @function, @trace: where
 * @expected, @got: or NULL; @bytes: they are bytes
 * @before: the steps that led there
 * @divergence: where the run first parts from the core's own, in words; or NULL
 */
struct result {
	const struct lab_test *test;
	enum verdict verdict;
	int points;
	bool hidden;
	char *message;
	int64_t step;
	char *function, *expected, *got, *field;
	bool bytes;
	char *trace, *before, *divergence;
};

/** struct grade - of a solution */
struct grade {
	const struct lab *lab;
	uint64_t seed;
	enum verdict verdict; /* right; or the first that is not */
	char *message;        /* the compiler's */
	struct result *results;
	struct result memory;
	int points, of;
};

struct grade_options {
	uint64_t seed;
	const char *folder; /* for traces; must be there */
	bool no_hidden, no_memory, no_explanation;
	int only; /* the last test that is wanted: its index; -1: all */
};

/* @text: the student's file, which is built in @o->folder. */
void grade_solution(struct grade *g, const struct lab *lab, const char *text,
		    const struct grade_options *o);
/* The same of what was built from it, as often as one likes. */
void grade_built(struct grade *g, const struct lab *lab, struct build *b,
		 const struct grade_options *o);
void grade_free(struct grade *g);

/* A number as people compare it: "3734034218 (0xde90d72a)"; other texts as they are; freed. */
char *grade_value(const char *text, bool is_number);
/* A template with {name} filled in from @names and @values; freed. */
char *grade_says(const char *template, int count, char *const *names, char *const *values);

#endif
