/* SPDX-License-Identifier: GPL-2.0-only */
/* What rows an event becomes; see sink_sqlite.c for where they go. */
#include <string.h>

#include "sink_sqlite.h"

/* A blob of @count numbers, four bytes each, which the chunk keeps. */
static void put_numbers(struct sqlite_sink *sink, struct cell *cell, const uint32_t *numbers,
			uint32_t count)
{
	struct value bytes = value_bytes(numbers, count * sizeof(*numbers));

	_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the lowest byte comes first");
	rows_set(sink->chunk, cell, &bytes);
}

static void put_posting(struct sqlite_sink *sink, int kind, uint32_t what,
			const struct posting *posting)
{
	struct cell *cells = rows_add(sink->chunk, TABLE_SEEK);

	rows_number(&cells[0], kind);
	rows_number(&cells[1], what);
	rows_number(&cells[2], posting->first);
	put_numbers(sink, &cells[3], posting->steps, posting->count);
}

/* Notes where to find the step; a list that is full gets its row. */
static void post(struct sqlite_sink *sink, int kind, uint32_t what, int64_t step)
{
	struct posting *posting = posting_of(&sink->postings[kind], what);

	if (posting_full(posting, step)) {
		put_posting(sink, kind, what, posting);
		posting->count = 0;
	}
	posting_add(posting, step);
}

static void put_stored(struct sqlite_sink *sink, uint32_t object, const struct stored *stored)
{
	struct cell *cells = rows_add(sink->chunk, TABLE_STORED);

	rows_number(&cells[0], object);
	rows_number(&cells[1], stored->first);
	put_numbers(sink, &cells[2], &stored->steps->step, 2 * stored->count);
	put_numbers(sink, &cells[3], &stored->before->step, 2 * stored->before_count);
}

static void post_store(struct sqlite_sink *sink, const struct event *event, uint32_t spot)
{
	struct stored *stored = stored_of(&sink->stored, (uint32_t)event->object);

	if (stored_full(stored, event->step)) {
		put_stored(sink, (uint32_t)event->object, stored);
		stored_next(stored, event->step);
	}
	stored_add(stored, event->step, spot);
}

/* The id of where a store goes in its object; it has a row from the first time on. */
static uint32_t spot_of(struct sqlite_sink *sink, const struct event *event)
{
	uint64_t field = event->has_what ? (uint64_t)event->what : 0, name = 0, key;
	struct cell *cells;
	uint32_t spot;

	if (event->place) {
		name = (uint64_t)(uintptr_t)names_get(&sink->places, event->place);
		if (!name) {
			name = sink->places.count + 1;
			names_set(&sink->places, pool_strdup(&sink->names, event->place),
				  (void *)(uintptr_t)name);
		}
	}
	key = name << 32 | field;
	spot = (uint32_t)(uintptr_t)map_get(&sink->spots, key);
	if (spot)
		return spot;
	spot = ++sink->spots_count;
	map_set(&sink->spots, key, (void *)(uintptr_t)spot);
	cells = rows_add(sink->chunk, TABLE_SPOT);
	rows_number(&cells[0], spot);
	rows_id(&cells[1], (int64_t)field);
	rows_text(sink->chunk, &cells[2], event->place, event->place ? strlen(event->place) : 0);
	return spot;
}

static void put_packet(struct sqlite_sink *sink, const struct event *event)
{
	struct value bytes = value_bytes(event->packet, event->packet_size);
	struct cell *cells = rows_add(sink->chunk, TABLE_PACKET);

	rows_number(&cells[0], event->step);
	rows_text(sink->chunk, &cells[1], event->direction, strlen(event->direction));
	rows_text(sink->chunk, &cells[2], event->device, strlen(event->device));
	rows_number(&cells[3], (int64_t)event->packet_size);
	rows_set(sink->chunk, &cells[4], &bytes);
}

/* Time, task and context have rows of their own, when one of them has changed. */
static void put_moment(struct sqlite_sink *sink, const struct event *event)
{
	struct cell *cells;

	if (event->time == sink->time && event->task == sink->task &&
	    event->context == sink->context && sink->any_moment)
		return;
	sink->any_moment = 1;
	sink->time = event->time;
	sink->task = event->task;
	sink->context = event->context;
	cells = rows_add(sink->chunk, TABLE_MOMENT);
	rows_number(&cells[0], event->step);
	rows_number(&cells[1], event->time);
	rows_number(&cells[2], event->task);
	rows_number(&cells[3], event->context);
}

/*
 * The log's row, but for its last three cells. One that does not follow its predecessor, because what
 * lay between is lost, brings its step along, and then must be the first of its chunk.
 */
static struct cell *begin_row(struct sqlite_sink *sink, const struct event *event)
{
	bool follows = event->step == sink->step + 1;
	struct cell *cells;

	cells = rows_add(sink->chunk, follows ? TABLE_LOG : TABLE_LOG_AT);
	if (!follows)
		rows_number(cells++, event->step);
	sink->step = event->step;
	rows_id(&cells[0], event->parent);
	rows_number(&cells[1], (int64_t)event->line << 5 | event->kind);
	return cells + 2;
}

static void put_values(struct sqlite_sink *sink, const struct event *event, int64_t what)
{
	struct cell *cells = begin_row(sink, event);

	rows_id(&cells[0], what);
	rows_set(sink->chunk, &cells[1], &event->old_value);
	rows_set(sink->chunk, &cells[2], &event->new_value);
}

static void put_call(struct sqlite_sink *sink, const struct event *event)
{
	struct cell *cells = begin_row(sink, event);

	rows_number(&cells[0], event->function);
	rows_number(&cells[1], event->depth);
	rows_text(sink->chunk, &cells[2], event->extra, strlen(event->extra));
}

static void put_point(struct sqlite_sink *sink, const struct event *event)
{
	struct cell *cells;

	put_values(sink, event, 0);
	cells = rows_add(sink->chunk, TABLE_POINT);
	rows_number(&cells[0], event->step);
	rows_number(&cells[1], event->kind);
	rows_id(&cells[2], event->object);
	cells[3].kind = event->has_what ? VALUE_INTEGER : VALUE_NONE;
	cells[3].number = event->what;
	rows_text(sink->chunk, &cells[4], event->extra, event->extra ? strlen(event->extra) : 0);
	if (event->kind == EVENT_PACKET)
		put_packet(sink, event);
}

/* Kinds that are so frequent that the next one is found by looking around have no lists. */
int sqlite_event(struct sink *base, const struct event *event)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	uint32_t spot;

	sink_make_room(sink);
	if (event->step != sink->step + 1 && sink->chunk->rows)
		sink_hand_over(sink);
	put_moment(sink, event);
	switch (event->kind) {
	case EVENT_LINE:
	case EVENT_BRANCH:
		put_values(sink, event, 0);
		break;
	case EVENT_CALL:
		put_call(sink, event);
		post(sink, event->kind, (uint32_t)event->function, event->step);
		break;
	case EVENT_RETURN:
		put_values(sink, event, 0); /* what returned is in its call's row */
		post(sink, event->kind, (uint32_t)event->function, event->step);
		break;
	case EVENT_LOCAL:
		put_values(sink, event, event->what);
		post(sink, event->kind, (uint32_t)event->what, event->step);
		break;
	case EVENT_STORE:
		spot = spot_of(sink, event);
		put_values(sink, event, (int64_t)event->object << 24 | spot);
		post_store(sink, event, spot);
		break;
	default:
		put_point(sink, event);
		post(sink, event->kind, 0, event->step);
	}
	sink->chunk->step = event->step;
	return sink->failed;
}

/* Nothing will be stored to the object any more. */
static void forget_object(struct sqlite_sink *sink, uint32_t object)
{
	struct stored *stored = stored_of(&sink->stored, object);

	if (stored->count)
		put_stored(sink, object, stored);
	stored_forget(stored);
}

int sqlite_died(struct sink *base, int object, int64_t step)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	struct cell *cells = rows_add(sink->chunk, TABLE_DIED);

	rows_number(&cells[0], step);
	rows_number(&cells[1], object);
	forget_object(sink, (uint32_t)object);
	return sink->failed;
}

/* What is left of the lists, in the order of their tables, and that they are whole. */
void sink_put_lists(struct sqlite_sink *sink)
{
	struct cell *cells;

	for (int kind = 0; kind < EVENT_KINDS; kind++) {
		for (uint32_t what = 0; what < sink->postings[kind].room; what++) {
			sink_make_room(sink);
			if (sink->postings[kind].list[what].count)
				put_posting(sink, kind, what, &sink->postings[kind].list[what]);
		}
	}
	for (uint32_t object = 0; object < sink->stored.room; object++) {
		sink_make_room(sink);
		forget_object(sink, object);
	}
	cells = rows_add(sink->chunk, TABLE_META);
	rows_text(sink->chunk, &cells[0], "indexed", strlen("indexed"));
	rows_number(&cells[1], sink->step);
}

void sink_rows_free(struct sqlite_sink *sink)
{
	names_free(&sink->places);
	pool_free(&sink->names);
	map_free(&sink->spots);
	for (int kind = 0; kind < EVENT_KINDS; kind++)
		postings_free(&sink->postings[kind]);
	stored_free(&sink->stored);
}
