/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_CASES_H
#define SYNWALK_LABS_CASES_H

/* Runs to be looked at, of a lab's script in the world of some solution: the core, a mutant, another one. */

#include "labs/run.h"

/**
 * struct solution - whose functions run
 * @lab: whose they are; NULL: the core's own
 * @mutant: NULL: the lab's other right solution
 */
struct solution {
	const struct lab *lab;
	const struct lab_mutant *mutant;
};

/*
 * Runs @lab's @script with a solution and the student's seed; the trace becomes @folder/NAME.db. @r is to
 * be freed with lab_run_free(). 0, or -1 with @err.
 */
int solution_run(struct lab_run *r, const struct solution *s, const struct lab *lab,
		 const char *script, const char *name, uint64_t student, const char *folder,
		 char *err, size_t room);
/* Runs a case of the lab's so. */
int case_run(struct lab_run *r, const struct lab_set *set, const struct lab *lab,
	     const struct lab_case *c, uint64_t student, const char *folder, char *err,
	     size_t room);

#endif
