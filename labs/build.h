/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_BUILD_H
#define SYNWALK_LABS_BUILD_H

/* From a student's file to a world that runs it in the place of the core's own functions. */

#include "labs/lab.h"

/* What can be said of a test, of the whole, and as an exit status. */
enum verdict {
	VERDICT_RIGHT,
	VERDICT_WRONG,
	VERDICT_NOT_RUN,
	VERDICT_NOT_WRITTEN, /* lab_todo() was reached */
	VERDICT_NO_COMPILE,
	VERDICT_NO_LINK,
	VERDICT_CRASHED,
	VERDICT_ENDLESS,
	VERDICT_ASLEEP,
	VERDICT_MEMORY,
	VERDICT_TROUBLE, /* not the student's fault */
	VERDICTS
};

const char *verdict_name(enum verdict v); /* "does not compile" */
const char *verdict_id(enum verdict v);   /* "does-not-compile" */
int verdict_status(enum verdict v);       /* 0 right, 1 wrong, 2 trouble, 10 and more the others */

/**
 * struct build - a submission that was made into programs
 * @folder: where all of it lies
 * @world: the recorded world; NULL: there is none
 * @part: the student's functions, which it loads; NULL: it has the core's own
 * @world_asan, @part_asan: the same with the address sanitizer, when it was asked for
 * @verdict: VERDICT_RIGHT, or why there is none
 * @message: then, in lines for the student; also the compiler's warnings
 */
struct build {
	char *kit, *folder, *world, *part, *world_asan, *part_asan;
	enum verdict verdict;
	char *message;
};

/*
 * Compiles and links @text as the lab's file. @folder must be there. To be released with build_free(),
 * which leaves the folder alone.
 */
void build_student(struct build *b, const struct lab *lab, const char *text, const char *folder);
/* The same with the address sanitizer, if it was not made yet. Return: 0 or -1 with b->message. */
int build_student_asan(struct build *b);
/* The lab's file compiled, as @folder/student.o, and nothing more. */
void build_object(struct build *b, const struct lab *lab, const char *text, const char *folder);
/* A world with an object of the kit's faults/ (NUMBER-NAME.o): what a package has of mutants. */
void build_fault(struct build *b, int lab, const char *name, const char *folder);
/* The world without a student. */
void build_reference(struct build *b);
void build_free(struct build *b);

#endif
