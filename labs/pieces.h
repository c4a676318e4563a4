/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_PIECES_H
#define SYNWALK_LABS_PIECES_H

/*
 * What a student's file is made from: the core's own text.
 *
 * The reference solution of a lab is the core itself: its functions, cut out of their files. A
 * skeleton is that text with the lab's parts taken out; a mutant is it with some lines changed. So
 * neither can grow stale unseen: a line that lab.yaml speaks of and the core no longer has is an error.
 *
 * Texts are to be freed. NULL: @err says LAB: what: why.
 */

#include "labs/lab.h"

/* All parts solved. */
char *lab_reference(const struct lab *lab, char *err, size_t room);
/* Parts from number @todo on are still to be written; 1: all of them. */
char *lab_skeleton(const struct lab *lab, int todo, char *err, size_t room);
char *lab_mutated(const struct lab *lab, const struct lab_mutant *m, char *err, size_t room);

/* For the kit: a line for each function that a student's file may replace, or call though it is static. */
char *lab_names(const struct lab_set *set);
/* Writes the core's sources below @folder, with the lines of all labs' parts blank. 0 or -1. */
int lab_sources(const struct lab_set *set, const char *folder, char *err, size_t room);

#endif
