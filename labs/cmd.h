/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_CMD_H
#define SYNWALK_LABS_CMD_H

/* The words of synwalk lab. Each gets the labs and the arguments behind the word, and is a status. */

#include "labs/grade.h"
#include "labs/lab.h"
#include "labs/place.h"
#include "labs/run.h"
#include "viewer/command.h"

struct lab_words {
	const struct lab_set *set;
	int argc; /* argv[0] is the word */
	char **argv;
};

int lab_list(const struct lab_words *w);
int lab_start(const struct lab_words *w);
int lab_run_word(const struct lab_words *w);
int lab_grade(const struct lab_words *w);
int lab_watch(const struct lab_words *w);
int lab_hint(const struct lab_words *w);
int lab_next(const struct lab_words *w);
int lab_reset(const struct lab_words *w);
int lab_submit(const struct lab_words *w);
int lab_answer(const struct lab_words *w);
int lab_dev(const struct lab_words *w);

/* Opens the place that an argument names (NULL: this folder), or tells why not: -1. */
int lab_place(struct place *p, const struct lab_words *w, const char *said);

/* Grades a place's file, with its traces in the place's folder traces/. 0, or a status. */
int lab_grade_place(struct grade *g, const struct place *p);

/* The answer to a question with this student's numbers; freed. NULL: @err. */
char *lab_answer_of(const struct lab_set *set, const struct lab *lab, const struct lab_question *q,
		    uint64_t student, const char *folder, char *err, size_t room);
/* The run in which the answer is found: the lab's case, or the student's own run. 0, or -1 with @err. */
int lab_answer_run(struct lab_run *r, const struct lab_set *set, const struct lab *lab,
		   const struct lab_question *q, uint64_t student, const char *folder, char *err,
		   size_t room);
/* The answer that such a run gives; freed. NULL: @err. */
char *lab_answer_in(struct lab_run *r, const struct lab_question *q, char *err, size_t room);
bool lab_answer_is(const char *given, const char *right);
/* What a package holds in the place of an answer; freed. */
char *lab_answer_hash(const struct lab *lab, const struct lab_question *q, const char *answer);

/**
 * struct batch - many submissions of one lab
 * @folder: with a folder or a file NAME.c for each student
 */
struct batch {
	const struct lab *lab;
	const char *folder;
	uint64_t seed;
	unsigned int jobs;
	bool csv;
};
int lab_batch(const struct batch *b);

/*
 * Everything that is asked of a lab and its mutants; with --quick of the skeleton, the core and one mutant;
 * with --times each case is told with its processor time. Numbers of labs behind that; none: all.
 */
int lab_dev_check(const struct lab_words *w);

#endif
