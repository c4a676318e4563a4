/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of where to look: for the tables `seek` and `stored` (trace/schema.sql), which do what indexes
 * would at a fraction of their cost. A number is appended to a list in memory; when the list is long
 * enough it becomes a row and begins again.
 */
#ifndef TRACE_RECORD_POSTINGS_H
#define TRACE_RECORD_POSTINGS_H

#include <stdbool.h>
#include <stddef.h>
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

void *postings_room(void *array, uint32_t *room, uint32_t need, size_t size);
void postings_free(struct postings *postings);
void stored_next(struct stored *stored, int64_t step);
void stored_forget(struct stored *stored);
void stored_free(struct stored_lists *lists);

/* The list of @what, an empty new one when there is none; good until the next call. */
static inline struct posting *posting_of(struct postings *postings, uint32_t what)
{
	if (what >= postings->room)
		postings->list = postings_room(postings->list, &postings->room, what + 1,
					       sizeof(*postings->list));
	return &postings->list[what];
}

/* Must it be written and emptied before @step can be added? */
static inline bool posting_full(const struct posting *posting, int64_t step)
{
	return posting->count == POSTING_MAX ||
	       (posting->count && step - posting->first > UINT32_MAX);
}

static inline void posting_add(struct posting *posting, int64_t step)
{
	if (posting->count == posting->room)
		posting->steps = postings_room(posting->steps, &posting->room, posting->count + 1,
					       sizeof(*posting->steps));
	if (!posting->count)
		posting->first = step;
	posting->steps[posting->count++] = (uint32_t)(step - posting->first);
}

/* The list of @object, likewise. */
static inline struct stored *stored_of(struct stored_lists *lists, uint32_t object)
{
	if (object >= lists->room)
		lists->list =
			postings_room(lists->list, &lists->room, object + 1, sizeof(*lists->list));
	return &lists->list[object];
}

/*
 * Must it be written before @step can be added? A row repeats the last store to each spot that there
 * was, so the more spots, the longer the rows: what is repeated stays below what is new.
 */
static inline bool stored_full(const struct stored *stored, int64_t step)
{
	uint32_t most = stored->before_count > POSTING_MAX ? stored->before_count : POSTING_MAX;

	return stored->count >= most || (stored->count && step - stored->first > UINT32_MAX / 2);
}

static inline void stored_add(struct stored *stored, int64_t step, uint32_t spot)
{
	if (stored->count == stored->room)
		stored->steps = postings_room(stored->steps, &stored->room, stored->count + 1,
					      sizeof(*stored->steps));
	if (!stored->count)
		stored->first = step;
	stored->steps[stored->count++] =
		(struct stored_step){ (uint32_t)(step - stored->first), spot };
}

#endif
