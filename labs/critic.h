/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_CRITIC_H
#define SYNWALK_LABS_CRITIC_H

/*
 * Judging others' solutions: the student writes assertions, queries that find what is wrong in a trace,
 * for runs of solutions of which some are right and some have a bug each.
 *
 * assertions.yaml is a list; each entry has a name and a query, and may have a lab (its number) and a
 * script: then it is about their runs alone.
 */

#include <stdint.h>
#include <stdio.h>

#include "labs/lab.h"

/* The traces of the solutions that @student's seed draws, as @folder/right-NN.db and bug-NN.db. */
int critic_make(const struct lab_set *set, const struct lab *lab, uint64_t student,
		const char *folder, char *err, size_t room);

/*
 * Judges the assertions in @path, and tells what came of it on @out. Return: the points; -1 with @err.
 */
int critic_grade(const struct lab_set *set, const struct lab *lab, uint64_t student,
		 const char *path, FILE *out, char *err, size_t room);

/* As assertions: the queries of the tests that are meant for the drawn mutants. To be freed. */
char *critic_model(const struct lab_set *set, const struct lab *lab, uint64_t student);

#endif
