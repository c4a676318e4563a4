/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postings.h"

/* Most lists stay short: they begin with so much room and double it. */
#define FIRST_ROOM 4

/* Makes room for @need elements of @size in an array; what is new is zero. */
void *postings_room(void *array, uint32_t *room, uint32_t need, size_t size)
{
	uint32_t more = *room ? *room : FIRST_ROOM;

	if (need <= *room)
		return array;
	while (more < need)
		more = more <= UINT32_MAX / 2 ? more * 2 : UINT32_MAX;
	array = realloc(array, more * size);
	if (!array) {
		fputs("synwalk: recorder: out of memory\n", stderr);
		abort();
	}
	memset((char *)array + *room * size, 0, (more - *room) * size);
	*room = more;
	return array;
}

void postings_free(struct postings *postings)
{
	for (uint32_t i = 0; i < postings->room; i++)
		free(postings->list[i].steps);
	free(postings->list);
	*postings = (struct postings){ 0 };
}

static int by_spot_latest_first(const void *a, const void *b)
{
	const struct stored_step *x = a, *y = b;

	if (x->spot != y->spot)
		return x->spot < y->spot ? -1 : 1;
	return x->step < y->step ? -1 : x->step > y->step;
}

/*
 * The list has been written, and @step will be the first of the next row: what was last at each spot
 * goes before that one. (A distance of more than 2^32 steps, which would be a trace of 100 GB, is told
 * as that.)
 */
void stored_next(struct stored *stored, int64_t step)
{
	uint64_t further = (uint64_t)(step - stored->first);
	uint32_t count = stored->before_count + stored->count, kept = 0;
	struct stored_step *all =
		postings_room(stored->before, &stored->before_room, count, sizeof(*stored->before));

	for (uint32_t i = 0; i < stored->before_count; i++) {
		uint64_t back = all[i].step + further;

		all[i].step = back < UINT32_MAX ? (uint32_t)back : UINT32_MAX;
	}
	for (uint32_t i = 0; i < stored->count; i++)
		all[stored->before_count + i] =
			(struct stored_step){ (uint32_t)(further - stored->steps[i].step),
					      stored->steps[i].spot };
	qsort(all, count, sizeof(*all), by_spot_latest_first);
	for (uint32_t i = 0; i < count; i++)
		if (!i || all[i].spot != all[i - 1].spot)
			all[kept++] = all[i];
	stored->before = all;
	stored->before_count = kept;
	stored->count = 0;
}

/* The object is gone: nothing more will be added. */
void stored_forget(struct stored *stored)
{
	free(stored->steps);
	free(stored->before);
	*stored = (struct stored){ 0 };
}

void stored_free(struct stored_lists *lists)
{
	for (uint32_t i = 0; i < lists->room; i++)
		stored_forget(&lists->list[i]);
	free(lists->list);
	*lists = (struct stored_lists){ 0 };
}
