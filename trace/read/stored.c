/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stores to an object: which was the last to each spot of it (a field, or a place in one) by a step.
 *
 * A row of the table stored has some hundreds of stores to one object, and the last one to each spot
 * before them: so the row around a step answers all of it.  The first store behind a step is looked for
 * by halving: it is the first step at which the last store is another than at that step.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* What the log says a store is to: object and spot. */
#define SPOT_BITS 24

static int load_spots(struct trace *t, int64_t id)
{
	sqlite3_stmt *st = trace_stmt(t, ST_SPOTS);

	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, (int64_t)t->nspots);
	while (sqlite3_step(st) == SQLITE_ROW) {
		int64_t i = sqlite3_column_int64(st, 0);

		if (i != (int64_t)t->nspots + 1)
			break;
		if ((t->nspots & (t->nspots - 1)) == 0) {
			struct spot *more =
				realloc(t->spots, (t->nspots ? t->nspots * 2 : 1) * sizeof(*more));

			if (!more)
				break;
			t->spots = more;
		}
		t->spots[t->nspots].field = sqlite3_column_int(st, 1);
		t->spots[t->nspots++].name = trace_column_text(st, 2);
	}
	sqlite3_reset(st);
	return id > 0 && id <= (int64_t)t->nspots ? 0 : -1;
}

const struct spot *trace_spot(struct trace *t, int64_t id)
{
	static const struct spot unknown = { 0, NULL };

	if ((id < 1 || id > (int64_t)t->nspots) && load_spots(t, id))
		return &unknown;
	return &t->spots[id - 1];
}

void trace_spots_free(struct trace *t)
{
	for (size_t i = 0; i < t->nspots; i++)
		free(t->spots[i].name);
	free(t->spots);
	t->spots = NULL;
	t->nspots = 0;
}

static uint32_t number_at(const uint8_t *b)
{
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static int by_spot_latest_first(const void *a, const void *b)
{
	const struct last_store *x = a, *y = b;

	if (x->spot != y->spot)
		return x->spot < y->spot ? -1 : 1;
	return x->step > y->step ? -1 : x->step < y->step;
}

/* One of each spot, the latest, of a list in any order. */
static void keep_latest(struct last_store *list, size_t *count)
{
	size_t kept = 0;

	if (*count > 1)
		qsort(list, *count, sizeof(*list), by_spot_latest_first);
	for (size_t i = 0; i < *count; i++)
		if (!i || list[i].spot != list[i - 1].spot)
			list[kept++] = list[i];
	*count = kept;
}

/* The stores of a row up to STEP, and those before it. */
static int take_row(sqlite3_stmt *st, int64_t step, struct last_store **list, size_t *count)
{
	int64_t first = sqlite3_column_int64(st, 0);
	const uint8_t *steps = sqlite3_column_blob(st, 1), *before = sqlite3_column_blob(st, 2);
	size_t nsteps = (size_t)sqlite3_column_bytes(st, 1) / 8;
	size_t nbefore = (size_t)sqlite3_column_bytes(st, 2) / 8;

	*list = malloc((nsteps + nbefore + 1) * sizeof(**list));
	if (!*list)
		return -1;
	for (size_t i = 0; before && i < nbefore; i++)
		(*list)[(*count)++] = (struct last_store){ number_at(before + 8 * i + 4),
							   first - number_at(before + 8 * i) };
	for (size_t i = 0; steps && i < nsteps && first + number_at(steps + 8 * i) <= step; i++)
		(*list)[(*count)++] = (struct last_store){ number_at(steps + 8 * i + 4),
							   first + number_at(steps + 8 * i) };
	keep_latest(*list, count);
	return 0;
}

static int last_by_row(struct trace *t, int64_t object, int64_t step, struct last_store **list,
		       size_t *count)
{
	sqlite3_stmt *st = trace_stmt(t, ST_STORED_AT);
	int rc, result = 0;

	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, object);
	sqlite3_bind_int64(st, 2, step);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		result = take_row(st, step, list, count);
	else if (rc != SQLITE_DONE)
		result = trace_fail(t, "reading an object's stores");
	sqlite3_reset(st);
	return result;
}

/* The same of a trace that has no such rows: spot after spot. */
static int last_by_spot(struct trace *t, int64_t object, int64_t step, struct last_store **list,
			size_t *count)
{
	int64_t what = object << SPOT_BITS, end = (object + 1) << SPOT_BITS;

	while ((what = trace_seek_what(t, TRACE_STORE, what)) && what < end) {
		int64_t found = trace_seek_last(t, TRACE_STORE, what, step);
		struct last_store *more;

		if (!found)
			continue;
		if ((*count & (*count - 1)) == 0) {
			more = realloc(*list, (*count ? *count * 2 : 1) * sizeof(*more));
			if (!more)
				return -1;
			*list = more;
		}
		(*list)[(*count)++] = (struct last_store){ what & ((1 << SPOT_BITS) - 1), found };
	}
	return t->error[0] ? -1 : 0;
}

int trace_last_stores(struct trace *t, int64_t object, int64_t step, struct last_store **list,
		      size_t *count)
{
	*list = NULL;
	*count = 0;
	return t->indexed ? last_by_row(t, object, step, list, count) :
			    last_by_spot(t, object, step, list, count);
}

/* Is it a spot of the field (any for 0), and of that place if one is asked for? */
static bool is_meant(const struct spot *spot, int field, const char *place)
{
	if (!field && !place)
		return true;
	return spot->field == field && (!place || (spot->name && !strcmp(spot->name, place)));
}

int64_t trace_last_store(struct trace *t, int64_t step, int64_t object, int field,
			 const char *place)
{
	struct last_store *list;
	int64_t best = 0;
	size_t count;

	if (trace_last_stores(t, object, step, &list, &count) == 0)
		for (size_t i = 0; i < count; i++)
			if (list[i].step > best &&
			    is_meant(trace_spot(t, list[i].spot), field, place))
				best = list[i].step;
	free(list);
	return best;
}

int64_t trace_next_store(struct trace *t, int64_t step, int64_t object, int field,
			 const char *place)
{
	int64_t low = step, high = step, reach = 64, found = 0;

	/* most often it is near: look twice as far each time */
	while (found <= step && high < t->last) {
		low = high;
		high = high + reach < t->last ? high + reach : t->last;
		reach *= 2;
		found = trace_last_store(t, high, object, field, place);
	}
	if (found <= step)
		return 0;
	/* the last one by FOUND is one behind STEP; is there one before it? */
	while (low < found - 1) {
		int64_t middle = low + (found - low) / 2;
		int64_t earlier = trace_last_store(t, middle, object, field, place);

		if (earlier > step)
			found = earlier;
		else
			low = middle;
	}
	return found;
}
