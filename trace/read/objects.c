/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All objects, in memory: who lives at a step, and which has a name, is asked for each screen.
 *
 * They are numbered as they are born, so they are read in the order of their numbers, some thousands at a
 * time, as far as the step that somebody asks about.  A long trace has a hundred thousand, of some eighty
 * bytes each.  A recording that goes on may end the life of any of them: then they are read again.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

#define PIECE 4096

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261U;

	while (*name)
		hash = (hash ^ (unsigned char)*name++) * 16777619U;
	return hash;
}

/* Puts object number @i into the table of names, which has room. */
static void enter(struct objects_known *k, uint32_t i)
{
	uint32_t at = hash_of(k->list[i].name) & k->mask;

	while (k->slots[at])
		at = (at + 1) & k->mask;
	k->slots[at] = i + 1;
}

/* Room for some more, with the table at most half full.  0 or -1. */
static int make_room(struct trace *t)
{
	struct objects_known *k = &t->objects;
	size_t room = PIECE;
	struct trace_object *list;
	int64_t all;
	uint32_t *slots;

	if (k->count + PIECE <= k->room)
		return 0;
	/* most often there are as many as the last one's number says: then this is done once */
	all = trace_ask_number(t, "SELECT max(id) FROM object");
	while (room < k->count + PIECE || (room < (size_t)1 << 24 && (int64_t)room < all + PIECE))
		room *= 2;
	list = realloc(k->list, room * sizeof(*list));
	k->list = list ? list : k->list;
	slots = calloc(2 * room, sizeof(*slots));
	if (!list || !slots) {
		free(slots);
		return -1;
	}
	free(k->slots);
	k->slots = slots;
	k->mask = (uint32_t)(2 * room - 1);
	k->room = room;
	for (size_t i = 0; i < k->count; i++)
		enter(k, (uint32_t)i);
	return 0;
}

/* Reads the next ones.  1 there were some, 0 there are no more, -1 error. */
static int read_more(struct trace *t)
{
	struct objects_known *k = &t->objects;
	sqlite3_stmt *st = trace_stmt(t, ST_OBJECTS);
	size_t before = k->count;
	int rc;

	if (!st || make_room(t))
		return trace_fail(t, "reading objects");
	sqlite3_bind_int64(st, 1, k->count ? k->list[k->count - 1].id : INT64_MIN);
	sqlite3_bind_int(st, 2, PIECE);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		trace_fill_object(t, st, &k->list[k->count]);
		k->list[k->count].name = trace_pool_keep(&k->names, st, 1);
		if (k->list[k->count].name)
			enter(k, (uint32_t)k->count++);
	}
	sqlite3_reset(st);
	if (rc != SQLITE_DONE)
		return trace_fail(t, "reading objects");
	k->whole = k->count == before;
	return !k->whole;
}

/* Have all been read that are born by a step? */
static bool is_read(const struct trace *t, int64_t step)
{
	const struct objects_known *k = &t->objects;

	return k->whole || (k->count && k->list[k->count - 1].born > step);
}

/* All that are born by a step.  0 or -1. */
static int read_until(struct trace *t, int64_t step)
{
	int more = 1;

	while (more > 0 && !is_read(t, step))
		more = read_more(t);
	return more < 0 ? -1 : 0;
}

int trace_objects_all(struct trace *t)
{
	return read_until(t, INT64_MAX);
}

bool trace_objects_ahead(struct trace *t)
{
	return !t->objects.whole && read_more(t) > 0;
}

void trace_objects_forget(struct trace *t)
{
	trace_pool_free(&t->objects.names);
	free(t->objects.list);
	free(t->objects.slots);
	memset(&t->objects, 0, sizeof(t->objects));
}

/* A copy, which the caller frees. */
static void copy(struct trace_object *to, const struct trace_object *from)
{
	*to = *from;
	to->name = from->name ? strdup(from->name) : NULL;
}

/* Of those that have been read. */
static bool find_known(const struct objects_known *k, const char *name, struct trace_object *out)
{
	for (uint32_t at = k->slots ? hash_of(name) & k->mask : 0; k->slots && k->slots[at];
	     at = (at + 1) & k->mask) {
		if (strcmp(k->list[k->slots[at] - 1].name, name))
			continue;
		copy(out, &k->list[k->slots[at] - 1]);
		return true;
	}
	return false;
}

int trace_object_by_name(struct trace *t, const char *name, struct trace_object *out)
{
	return trace_object_by_name_at(t, name, INT64_MAX, out);
}

int trace_object_by_name_at(struct trace *t, const char *name, int64_t step,
			    struct trace_object *out)
{
	memset(out, 0, sizeof(*out));
	while (!find_known(&t->objects, name, out)) {
		int more = is_read(t, step) ? 0 : read_more(t);

		if (more <= 0)
			return more;
	}
	return 1;
}

int trace_objects_at(struct trace *t, int64_t step,
		     int (*fn)(void *ctx, const struct trace_object *o), void *ctx)
{
	struct objects_known *k = &t->objects;
	int result = 0;

	if (read_until(t, step))
		return -1;
	/* FN may ask on, and so have more of them read: they stay where they are by their number only */
	for (size_t i = k->count; i-- > 0 && !result;) {
		struct trace_object o = k->list[i];

		if (o.born <= step && (!o.died || o.died > step))
			result = fn(ctx, &o);
	}
	return result;
}
