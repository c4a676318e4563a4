/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of where to look: for the tables `seek` and `stored` (trace/schema.sql), which do what indexes
 * would at a fraction of their cost. A number is appended to a list in memory; when the list is long
 * enough it becomes a row and begins again.
 */
#ifndef TRACE_RECORD_POSTINGS_H
#define TRACE_RECORD_POSTINGS_H

#include <stdbool.h>
#include <stdint.h>

#define POSTING_MAX 256

/**
 * struct posting - steps in rising order
 * @first: the first; @steps: each as its distance from that
 */
struct posting {
	int64_t first;
	uint32_t count, room;
	uint32_t *steps;
};

/* A store: when (a distance, as above), and where in its object. */
struct stored_step {
	uint32_t step, spot;
};

/**
 * struct stored - the stores to one object
 * @first: step of the first; @steps: they, in order
 * @before: the last to each spot before them, by spot; their steps are distances back from @first
 */
struct stored {
	int64_t first;
	uint32_t count, room;
	struct stored_step *steps;
	uint32_t before_count, before_room;
	struct stored_step *before;
};

/* Lists by a small number (a function, a variable, an object): an array that grows. */
struct postings {
	struct posting *list;
	uint32_t room;
};
struct stored_lists {
	struct stored *list;
	uint32_t room;
};

struct posting *posting_of(struct postings *postings, uint32_t what);
bool posting_full(const struct posting *posting, int64_t step);
void posting_add(struct posting *posting, int64_t step);
void postings_free(struct postings *postings);

struct stored *stored_of(struct stored_lists *lists, uint32_t object);
bool stored_full(const struct stored *stored, int64_t step);
void stored_add(struct stored *stored, int64_t step, uint32_t spot);
void stored_next(struct stored *stored, int64_t step);
void stored_forget(struct stored *stored);
void stored_free(struct stored_lists *lists);

#endif
