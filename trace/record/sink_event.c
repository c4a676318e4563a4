/* SPDX-License-Identifier: GPL-2.0-only */
/* What rows an event becomes; see sink_sqlite.c for where they go. */
#include <string.h>

#include "sink_sqlite.h"

/* The id of a place; its name has a row from the first time on. */
static int place_id(struct sqlite_sink *sink, const char *name)
{
	int id = (int)(uintptr_t)names_get(&sink->places, name);
	struct cell *cells;

	if (id)
		return id;
	id = (int)sink->places.count + 1;
	names_set(&sink->places, pool_strdup(&sink->names, name), (void *)(uintptr_t)id);
	cells = rows_add(sink->chunk, TABLE_PLACE);
	rows_number(&cells[0], id);
	rows_text(sink->chunk, &cells[1], name, strlen(name));
	return id;
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

static struct cell *begin_row(struct sqlite_sink *sink, enum table table, const struct event *event)
{
	struct cell *cells = rows_add(sink->chunk, table);

	rows_number(&cells[0], event->step);
	rows_id(&cells[1], event->parent);
	return cells;
}

static void put_point(struct sqlite_sink *sink, const struct event *event)
{
	struct cell *cells = rows_add(sink->chunk, TABLE_POINT);

	rows_number(&cells[0], event->step);
	rows_number(&cells[1], event->kind);
	rows_id(&cells[2], event->parent);
	rows_id(&cells[3], event->line);
	cells[4].kind = event->has_what ? VALUE_INTEGER : VALUE_NONE;
	cells[4].number = event->what;
	rows_id(&cells[5], event->object);
	rows_set(sink->chunk, &cells[6], &event->old_value);
	rows_set(sink->chunk, &cells[7], &event->new_value);
	rows_text(sink->chunk, &cells[8], event->extra, event->extra ? strlen(event->extra) : 0);
	if (event->kind == EVENT_PACKET)
		put_packet(sink, event);
}

static void put_store(struct sqlite_sink *sink, const struct event *event)
{
	int place = event->place ? place_id(sink, event->place) : 0;
	struct cell *cells = begin_row(sink, TABLE_STORE, event);

	rows_id(&cells[2], event->line);
	rows_id(&cells[3], event->object);
	rows_number(&cells[4], event->has_what ? event->what : 0);
	rows_number(&cells[5], place);
	rows_set(sink->chunk, &cells[6], &event->old_value);
	rows_set(sink->chunk, &cells[7], &event->new_value);
}

/* One step: a row in the table of its kind, and in those that go with it. */
int sqlite_event(struct sink *base, const struct event *event)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	struct cell *cells;

	sink_make_room(sink);
	put_moment(sink, event);
	switch (event->kind) {
	case EVENT_LINE:
		cells = begin_row(sink, TABLE_LINE, event);
		rows_number(&cells[2], event->line);
		break;
	case EVENT_CALL:
		cells = begin_row(sink, TABLE_CALL, event);
		rows_number(&cells[2], event->depth);
		rows_number(&cells[3], event->function);
		rows_text(sink->chunk, &cells[4], event->extra, strlen(event->extra));
		break;
	case EVENT_RETURN:
		cells = begin_row(sink, TABLE_RET, event);
		rows_id(&cells[2], event->line);
		rows_set(sink->chunk, &cells[3], &event->new_value);
		break;
	case EVENT_BRANCH:
		cells = begin_row(sink, TABLE_BRANCH, event);
		rows_id(&cells[2], event->line);
		rows_set(sink->chunk, &cells[3], &event->old_value);
		rows_set(sink->chunk, &cells[4], &event->new_value);
		break;
	case EVENT_LOCAL:
		cells = begin_row(sink, TABLE_LOCAL, event);
		rows_id(&cells[2], event->line);
		rows_number(&cells[3], event->what);
		rows_set(sink->chunk, &cells[4], &event->old_value);
		rows_set(sink->chunk, &cells[5], &event->new_value);
		break;
	case EVENT_STORE:
		put_store(sink, event);
		break;
	default:
		put_point(sink, event);
	}
	sink->chunk->step = event->step;
	return sink->failed;
}
