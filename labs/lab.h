/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_LAB_H
#define SYNWALK_LABS_LAB_H

/*
 * A lab as its folder says it: labs/NN-name/lab.yaml, beside it handout.md, the scripts in tests/, and
 * second.c, another correct solution. docs/labs.md explains each key. A student's package has the same
 * folders without what gives an answer away: then mutants, hidden runs and second.c are not there.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labs/conf.h"

enum { LAB_HINTS = 3 };

/**
 * struct lab_function - a function of the core that the lab is about, or that its file needs
 * @is_inline: it is compiled into its callers, who are in the lab, too: it stays static, and theirs
 */
struct lab_function {
	bool is_inline;
	const char *name;
	const char *file;    /* core/net/ipv4/tcp_output.c */
	const char *declare; /* of a static one that is only called: its prototype; else NULL */
};

/**
 * struct lab_part - lines of a function that the student is to write
 * @from, @to: the first and the last of them, as they stand in the core but for white space
 * @task: what is to be done there, for a comment
 * @instead: code that stands there until then, or ""
 */
struct lab_part {
	int number;
	const char *function, *from, *to, *task, *instead;
};

/**
 * struct lab_test - one property of a run
 * @script: the scenario, a file in tests/
 * @needs: SQL that must find a row, else the test is not run; ""
 * @query: SQL that finds what is wrong, its first column the step; ""; then the script alone decides
 * @says: what an offending row means, with {column} for its values
 * @hints: a question, where to look, a line of thought
 * @isn: the first sequence number that the run must have; -1: as it comes
 */
struct lab_test {
	const char *name, *title, *script, *needs, *query, *says;
	const char *hints[LAB_HINTS];
	const char *misconception;
	int points;
	int64_t isn;
};

/**
 * struct lab_case - a run with a fault, whose trace the student gets to look at
 * @fault: "N MUTANT", a mutant of lab N; "": a good run
 */
struct lab_case {
	const char *name, *script, *fault;
};

/**
 * struct lab_critic - a lab in which the student judges others' solutions
 * @pool: labs whose mutants are judged; @draw: so many of them, chosen by the seed
 * @most: assertions that may be used; @points: for each mutant that one of them finds
 */
struct lab_critic {
	int *pool;
	int npool, draw, most, points;
};

/** struct lab_remark - a wrong answer (in a package its @hash), and what it tells about who gives it */
struct lab_remark {
	const char *value, *hash, *says, *misconception;
};

/**
 * struct lab_question - something to predict or explain
 * @answer: SQL that finds the answer in the student's own run of @script, or in the trace of @in, a case
 *	of the lab; or the answer itself
 * @hashes: in a package, in its place: one, or one for each of the VARIATIONS
 */
struct lab_question {
	const char *name, *ask, *script, *in, *answer;
	const char **choices, **hashes;
	int nchoices, nhashes;
	struct lab_remark *remarks;
	int nremarks;
	int points;
	bool is_sql;
};

/** struct lab_edit - lines of a function, and what stands in their place */
struct lab_edit {
	const char *function, *lines, *become;
};

/** struct lab_mutant - a wrong solution that a student would write */
struct lab_mutant {
	const char *name, *test, *misconception;
	struct lab_edit *edits;
	int nedits;
};

struct lab_misconception {
	const char *name, *says;
};

struct lab {
	int number;
	char *name;   /* of its folder: 05-syn */
	char *folder; /* its path */
	struct conf *conf;

	const char *title, *mode, *objective, *file, *prologue;
	long minutes;
	struct lab_misconception *misconceptions;
	struct lab_function *functions, *uses;
	struct lab_part *parts;
	const char **files; /* that the student gets as they are */
	int nfiles;
	struct lab_test *tests;
	struct lab_critic critic;
	struct lab_case *cases;
	struct lab_question *questions;
	struct lab_mutant *mutants;
	int nmisconceptions, nfunctions, nuses, nparts, ntests, ncases, nquestions, nmutants;
};

/* All labs, by number. */
struct lab_set {
	struct lab *labs;
	int count;
	char *folder; /* that they lie in */
};

/*
 * Finds the labs' folder: $SYNWALK_LABS, beside the build, or where they were installed; and reads all
 * of them. Return: 0, or -1 with @err as FILE:LINE: what: why.
 */
int lab_set_load(struct lab_set *set, char *err, size_t room);
void lab_set_free(struct lab_set *set);
struct lab *lab_by_number(const struct lab_set *set, int number);

const struct lab_mutant *lab_mutant_of(const struct lab *lab, const char *name);
const struct lab_case *lab_case_of(const struct lab *lab, const char *name);

/* Has it code to be written? */
static inline bool lab_has_code(const struct lab *lab)
{
	return lab->nfunctions > 0;
}

/* Points that code can get, and that answers can. */
enum { LAB_MEMORY_POINTS = 10 };
int lab_code_points(const struct lab *lab);
int lab_answer_points(const struct lab *lab);

/* A file of the lab's folder as a NUL-terminated text, to be freed; NULL: @err says why. */
char *lab_read_file(const struct lab *lab, const char *name, char *err, size_t room);

#endif
