/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_CASES_H
#define SYNWALK_LABS_CASES_H

/* Runs with a fault in them, to be looked at: of a lab's script, in a world with a mutant of some lab. */

#include "labs/run.h"

/*
 * Runs a case with the student's seed; the trace becomes @folder/NAME.db. @r is to be freed with
 * lab_run_free(). 0, or -1 with @err.
 */
int case_run(struct lab_run *r, const struct lab_set *set, const struct lab *lab,
	     const struct lab_case *c, uint64_t student, const char *folder, char *err,
	     size_t room);

#endif
