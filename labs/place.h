/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_PLACE_H
#define SYNWALK_LABS_PLACE_H

/*
 * A student's folder for a lab: lab05/ with the file to write, the handout, the scripts, and .lab.json,
 * in which the seed, the answers and the hints taken are kept.
 */

#include <jansson.h>
#include <stdint.h>

#include "labs/lab.h"

struct place {
	const struct lab *lab;
	char *folder;
	json_t *state;
	uint64_t seed;
};

/*
 * Makes the folder of a lab; parts before @todo are solved. Files that are there stay as they are.
 * 0, or -1 with @err.
 */
int place_make(struct place *p, const struct lab *lab, const char *folder, uint64_t seed, int todo,
	       char *err, size_t room);
/* @said: a lab's number, a folder, or NULL: this one. 0, or -1 with @err. */
int place_open(struct place *p, const struct lab_set *set, const char *said, char *err,
	       size_t room);
/* Keeps the state. 0, or -1 with @err. */
int place_save(struct place *p, char *err, size_t room);
void place_close(struct place *p);

/* The student's file: its path, to be freed; and its text. */
char *place_file(const struct place *p);
char *place_text(const struct place *p, char *err, size_t room);
/* Puts the file aside as FILE.1, FILE.2 ... and begins anew. */
int place_reset(struct place *p, char **kept, char *err, size_t room);

/* Answers given: how often, and whether right. */
void place_answers(const struct place *p, const char *question, int *tries, bool *right);
void place_note_answer(struct place *p, const char *question, const char *value, bool right);
/* The points that answers have. */
int place_answer_points(const struct place *p);
/* The first prediction that was never tried, or NULL. */
const struct lab_question *place_open_question(const struct place *p);
/* How many hints of a test were shown. */
int place_hints(const struct place *p, const char *test);
void place_note_hints(struct place *p, const char *test, int shown);

#endif
