/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects, and what their fields hold at a step.
 *
 * A field's value is that of the last store before the step; if there was none, what the object
 * was born with (table initial); if that says nothing either, zero.  Only the stores to this one
 * object are looked at, one lookup a field, so the cost does not grow with the trace.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

void trace_fill_object(struct trace *t, sqlite3_stmt *st, struct trace_object *o)
{
	const unsigned char *storage = sqlite3_column_text(st, 3);

	memset(o, 0, sizeof(*o));
	o->id = sqlite3_column_int64(st, 0);
	o->type = trace_type(t, sqlite3_column_int(st, 2));
	if (storage)
		strncpy(o->storage, (const char *)storage, sizeof(o->storage) - 1);
	o->size = sqlite3_column_int64(st, 4);
	o->born = sqlite3_column_int64(st, 5);
	o->died = sqlite3_column_int64(st, 6);
}

static int one_object(struct trace *t, sqlite3_stmt *st, struct trace_object *out)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW) {
		trace_fill_object(t, st, out);
		out->name = trace_column_text(st, 1);
	} else if (rc != SQLITE_DONE) {
		trace_fail(t, "reading an object");
	}
	sqlite3_reset(st);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

int trace_object(struct trace *t, int64_t id, struct trace_object *out)
{
	sqlite3_stmt *st = trace_stmt(t, ST_OBJECT);

	memset(out, 0, sizeof(*out));
	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, id);
	return one_object(t, st, out);
}

void trace_object_free(struct trace_object *o)
{
	free(o->name);
	memset(o, 0, sizeof(*o));
}

/* ---- state --------------------------------------------------------------------------------- */

/* A new member at the end of the list; NULL when out of memory. */
static struct trace_member *add_member(struct trace_state *s, const struct trace_field *field,
				       const char *name)
{
	struct trace_member *m;

	if ((s->count & (s->count - 1)) == 0) {
		m = realloc(s->members, (s->count ? s->count * 2 : 1) * sizeof(*m));
		if (!m)
			return NULL;
		s->members = m;
	}
	m = &s->members[s->count];
	memset(m, 0, sizeof(*m));
	m->field = field;
	m->offset = field ? field->offset : 0;
	m->name = strdup(name);
	if (!m->name)
		return NULL;
	s->count++;
	return m;
}

/* What a store put there.  0 or -1. */
static int take_store(struct trace *t, const struct spot *spot, int64_t step, struct trace_state *s)
{
	const struct trace_field *field = trace_field(t, spot->field);
	sqlite3_stmt *st = trace_stmt(t, ST_VALUES);
	struct trace_member *m = NULL;

	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, step);
	if (sqlite3_step(st) == SQLITE_ROW)
		m = add_member(s, field, spot->name ? spot->name : field ? field->name : "?");
	else
		trace_fail(t, "reading an object's stores");
	if (m) {
		m->step = step;
		trace_value_read(&m->old, st, 1);
		trace_value_read(&m->value, st, 2);
	}
	sqlite3_reset(st);
	return m ? 0 : -1;
}

/* What the spots hold that were stored to by then; a later store to the whole field covers its parts. */
static int take_stored(struct trace *t, int64_t object, int64_t step, struct trace_state *s)
{
	int64_t *whole =
		calloc(t->nfields + 1, sizeof(*whole)); /* the last store to all of a field */
	struct last_store *list = NULL;
	size_t count = 0;
	int rc = whole ? trace_last_stores(t, object, step, &list, &count) : -1;

	for (size_t i = 0; !rc && i < count; i++) {
		const struct spot *spot = trace_spot(t, list[i].spot);
		const struct trace_field *field = trace_field(t, spot->field);

		if (field && !spot->name)
			whole[field - t->fields] = list[i].step;
	}
	for (size_t i = 0; !rc && i < count; i++) {
		const struct spot *spot = trace_spot(t, list[i].spot);
		const struct trace_field *field = trace_field(t, spot->field);

		if (!spot->name || !field || list[i].step > whole[field - t->fields])
			rc = take_store(t, spot, list[i].step, s);
	}
	free(list);
	free(whole);
	return rc;
}

int trace_initial_number(struct trace *t, int64_t object, int64_t *number)
{
	sqlite3_stmt *st = trace_stmt(t, ST_INITIAL);
	int rc, found = 0;

	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, object);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && sqlite3_column_type(st, 2) == SQLITE_INTEGER) {
		*number = sqlite3_column_int64(st, 2);
		found = 1;
	} else if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		trace_fail(t, "reading an object's first values");
		found = -1;
	}
	sqlite3_reset(st);
	return found;
}

/* What it was born with, for fields no store has reached; @seen: those that one has, as a whole. */
static int take_initial(struct trace *t, int64_t object, bool *seen, struct trace_state *s)
{
	sqlite3_stmt *st = trace_stmt(t, ST_INITIAL);
	int rc;

	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, object);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		const struct trace_field *field = trace_field(t, sqlite3_column_int(st, 0));
		struct trace_member *m;

		if (!field || seen[field - t->fields])
			continue;
		m = add_member(s, field, field->name);
		if (!m)
			break;
		seen[field - t->fields] = true;
		m->offset = sqlite3_column_int64(st, 1);
		trace_value_read(&m->value, st, 2);
	}
	if (rc != SQLITE_DONE)
		trace_fail(t, "reading an object's first values");
	sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : -1;
}

/* Zero, in the form that a field's type has. */
static void zero(struct trace_value *v, const struct trace_field *f)
{
	if (strchr(f->ctype, '*') && !strchr(f->ctype, '[')) {
		v->bytes = strdup("NULL");
		v->type = v->bytes ? TRACE_TEXT : TRACE_NULL;
		v->len = v->bytes ? 4 : 0;
	} else if (!strchr(f->ctype, '[')) {
		v->type = TRACE_INT;
	}
}

/* The rest is zero. */
static int take_zeros(struct trace *t, int64_t object, bool *seen, struct trace_state *s)
{
	struct trace_object o;
	int rc = trace_object(t, object, &o), type;

	if (rc != 1)
		return rc;
	type = o.type ? o.type->id : 0;
	trace_object_free(&o);
	for (size_t i = 0; i < s->count; i++)
		if (s->members[i].field)
			seen[s->members[i].field - t->fields] = true;
	for (size_t i = 0; i < t->nfields; i++) {
		const struct trace_field *f = &t->fields[i];
		struct trace_member *m;

		if (f->type != type || seen[i])
			continue;
		m = add_member(s, f, f->name);
		if (!m)
			return -1;
		zero(&m->value, f);
	}
	return 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct trace_member *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return strverscmp(x->name, y->name);
}

/* The fields that have a member of their own name. */
static void see(const struct trace *t, const struct trace_state *s, bool *seen)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->members[i].field && !strcmp(s->members[i].name, s->members[i].field->name))
			seen[s->members[i].field - t->fields] = true;
}

int trace_state(struct trace *t, int64_t object, int64_t step, struct trace_state *out)
{
	bool *seen = calloc(t->nfields ? t->nfields : 1, sizeof(*seen));
	int rc;

	memset(out, 0, sizeof(*out));
	rc = seen ? take_stored(t, object, step, out) : -1;
	if (!rc) {
		see(t, out, seen);
		rc = take_initial(t, object, seen, out);
	}
	if (!rc)
		rc = take_zeros(t, object, seen, out);
	free(seen);
	if (rc < 0) {
		trace_state_free(out);
		return -1;
	}
	if (out->count > 1)
		qsort(out->members, out->count, sizeof(*out->members), by_offset);
	return 0;
}

void trace_state_free(struct trace_state *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->members[i].name);
		trace_value_free(&s->members[i].value);
		trace_value_free(&s->members[i].old);
	}
	free(s->members);
	memset(s, 0, sizeof(*s));
}

/* ---- one field, some places --------------------------------------------------------------------- */

void trace_member_free(struct trace_member *m)
{
	free(m->name);
	trace_value_free(&m->value);
	trace_value_free(&m->old);
	memset(m, 0, sizeof(*m));
}

/* The stores to an object by STEP, of one of each spot that is wanted, the latest of a name. */
struct wanted {
	const char *name, *tail;
	size_t max;
};

static bool is_wanted(struct trace *t, const struct wanted *w, const struct spot *spot)
{
	const struct trace_field *field = trace_field(t, spot->field);
	const char *name = spot->name ? spot->name : field ? field->name : "";
	size_t len = strlen(name), tail = w->tail ? strlen(w->tail) : 0;

	if (w->name)
		return !strcmp(name, w->name);
	return len >= tail && !strcmp(name + len - tail, w->tail);
}

static int take_wanted(struct trace *t, int64_t object, int64_t step, const struct wanted *w,
		       struct trace_state *s)
{
	struct last_store *list;
	size_t count;
	int rc = trace_last_stores(t, object, step, &list, &count);

	for (size_t i = 0; !rc && i < count && s->count < w->max; i++) {
		const struct spot *spot = trace_spot(t, list[i].spot);

		if (is_wanted(t, w, spot))
			rc = take_store(t, spot, list[i].step, s);
	}
	free(list);
	return rc;
}

int trace_places(struct trace *t, int64_t object, int64_t step, const char *tail, size_t max,
		 struct trace_state *out)
{
	struct wanted w = { NULL, tail, max };

	memset(out, 0, sizeof(*out));
	if (!take_wanted(t, object, step, &w, out))
		return 0;
	trace_state_free(out);
	return -1;
}

/* What a field that no store has reached was born with; zero if nothing says. */
static int member_at_birth(struct trace *t, int64_t object, const char *name,
			   struct trace_member *out)
{
	const struct trace_field *field;
	struct trace_object o;
	sqlite3_stmt *st;
	int rc = trace_object(t, object, &o), row = SQLITE_DONE;

	if (rc != 1)
		return rc;
	field = o.type ? trace_field_by_name(t, o.type->id, name) : NULL;
	trace_object_free(&o);
	st = field ? trace_stmt(t, ST_INITIAL) : NULL;
	if (!st)
		return field ? -1 : 0;
	out->field = field;
	out->offset = field->offset;
	out->name = strdup(name);
	sqlite3_bind_int64(st, 1, object);
	while (out->value.type == TRACE_NULL && (row = sqlite3_step(st)) == SQLITE_ROW)
		if (sqlite3_column_int(st, 0) == field->id)
			trace_value_read(&out->value, st, 2);
	if (row != SQLITE_ROW && row != SQLITE_DONE)
		trace_fail(t, "reading an object's first values");
	sqlite3_reset(st);
	if (out->value.type == TRACE_NULL)
		zero(&out->value, field);
	return out->name ? 1 : -1;
}

int trace_member(struct trace *t, int64_t object, int64_t step, const char *name,
		 struct trace_member *out)
{
	struct wanted w = { name, NULL, SIZE_MAX };
	struct trace_state s = { NULL, 0 };
	int rc = take_wanted(t, object, step, &w, &s);

	memset(out, 0, sizeof(*out));
	if (rc) {
		trace_state_free(&s);
		return -1;
	}
	/* Fields of the same name may lie in several parts of it: the last one stored is meant. */
	for (size_t i = 0; i < s.count; i++)
		if (s.members[i].step > out->step)
			*out = s.members[i];
	for (size_t i = 0; i < s.count; i++)
		if (s.members[i].step != out->step)
			trace_member_free(&s.members[i]);
	free(s.members);
	return out->step ? 1 : member_at_birth(t, object, name, out);
}
