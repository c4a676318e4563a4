/* SPDX-License-Identifier: GPL-2.0-only */
/* Steps: one by number, ranges, and the nearest one of a sort. */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* The columns of ST_STEP and of trace_each(), in this order. */
#define STEP_COLUMNS                                                                             \
	"e.step, e.time, e.kind, e.task, e.context, e.depth, e.parent, e.func, e.line, e.what, " \
	"e.object, o.name, e.place, e.old, e.new, e.extra"

static void fill_step(struct trace *t, sqlite3_stmt *st, struct trace_step *s)
{
	memset(s, 0, sizeof(*s));
	s->step = sqlite3_column_int64(st, 0);
	s->time = sqlite3_column_int64(st, 1);
	s->kind = (enum trace_kind)sqlite3_column_int(st, 2);
	s->task = sqlite3_column_int(st, 3);
	s->task_name = trace_task_name(t, s->task);
	s->context = sqlite3_column_int(st, 4);
	s->context_name = trace_context_name(t, s->context);
	s->depth = sqlite3_column_int(st, 5);
	s->parent = sqlite3_column_int64(st, 6);
	s->func = trace_func(t, sqlite3_column_int(st, 7));
	s->line = sqlite3_column_int(st, 8);
	s->what = sqlite3_column_int64(st, 9);
	if (s->kind == TRACE_STORE)
		s->field = trace_field(t, (int)s->what);
	else if (s->kind == TRACE_LOCAL)
		s->variable = trace_variable(t, (int)s->what);
	s->object = sqlite3_column_int64(st, 10);
	s->object_name = trace_column_text(st, 11);
	s->place = trace_column_text(st, 12);
	trace_value_read(&s->old, st, 13);
	trace_value_read(&s->new, st, 14);
	s->extra = trace_column_text(st, 15);
}

int trace_step(struct trace *t, int64_t step, struct trace_step *out)
{
	sqlite3_stmt *st = trace_stmt(t, ST_STEP);
	int rc;

	memset(out, 0, sizeof(*out));
	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, step);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		fill_step(t, st, out);
	else if (rc != SQLITE_DONE)
		trace_fail(t, "reading a step");
	sqlite3_reset(st);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

void trace_step_free(struct trace_step *s)
{
	free(s->object_name);
	free(s->place);
	free(s->extra);
	trace_value_free(&s->old);
	trace_value_free(&s->new);
	memset(s, 0, sizeof(*s));
}

/* Steps from @from to @to; the statement is the caller's. */
static int each_in(struct trace *t, sqlite3_stmt *st, int64_t from, int64_t to, unsigned kinds,
		   int (*fn)(void *ctx, const struct trace_step *s), void *ctx)
{
	int rc, result = 0;

	sqlite3_bind_int64(st, 1, from);
	sqlite3_bind_int64(st, 2, to);
	sqlite3_bind_int64(st, 3, kinds);
	while (result == 0 && (rc = sqlite3_step(st)) != SQLITE_DONE) {
		struct trace_step s;

		if (rc != SQLITE_ROW) {
			result = trace_fail(t, "reading steps");
			break;
		}
		fill_step(t, st, &s);
		result = fn(ctx, &s);
		trace_step_free(&s);
	}
	sqlite3_reset(st);
	return result;
}

int trace_each(struct trace *t, int64_t from, int64_t to, unsigned kinds,
	       int (*fn)(void *ctx, const struct trace_step *s), void *ctx)
{
	/* A statement of its own: FN may ask anything, even for another range. */
	sqlite3_stmt *st;
	int result = 0;

	if (sqlite3_prepare_v2(t->db,
			       "SELECT " STEP_COLUMNS " FROM event e "
			       "LEFT JOIN object o ON o.id = e.object "
			       "WHERE e.step BETWEEN ?1 AND ?2 AND ((1 << e.kind) & ?3) "
			       "ORDER BY e.step",
			       -1, &st, NULL) != SQLITE_OK)
		return trace_fail(t, "reading steps");
	if (from < 1)
		from = 1;
	if (to > t->last)
		to = t->last;
	/* the kinds lie in tables of their own and are sorted: a window at a time */
	for (; from <= to && !result; from += TRACE_WINDOW)
		result = each_in(t, st, from,
				 to - from < TRACE_WINDOW ? to : from + TRACE_WINDOW - 1, kinds, fn,
				 ctx);
	sqlite3_finalize(st);
	return result;
}

int64_t trace_count(struct trace *t, enum trace_kind kind)
{
	bool own = kind > 0 && kind < OWN_KINDS;
	sqlite3_stmt *st = trace_stmt(t, own ? ST_COUNT_OF + kind : ST_COUNT_KIND);

	if (!st)
		return -1;
	if (!own)
		sqlite3_bind_int(st, 1, kind);
	return trace_stmt_number(t, st);
}

/* One of the "nearest" statements, whose ?1 is the step and ?2 a number. */
static int64_t nearest(struct trace *t, enum stmt which, int64_t step, int64_t number)
{
	sqlite3_stmt *st = trace_stmt(t, which);

	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, step);
	sqlite3_bind_int64(st, 2, number);
	return trace_stmt_number(t, st);
}

/* The nearest step of one kind. */
static int64_t nearest_kind(struct trace *t, bool forward, int64_t step, int kind)
{
	sqlite3_stmt *st;

	if (kind >= OWN_KINDS)
		return nearest(t, forward ? ST_NEXT_KIND : ST_PREVIOUS_KIND, step, kind);
	st = trace_stmt(t, (forward ? ST_NEXT_OF : ST_PREVIOUS_OF) + (enum stmt)kind);
	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, step);
	return trace_stmt_number(t, st);
}

int64_t trace_next(struct trace *t, int64_t step, unsigned kinds)
{
	int64_t best = 0;

	for (int k = 1; k < TRACE_KINDS; k++) {
		int64_t at = kinds & TRACE_BIT(k) ? nearest_kind(t, true, step, k) : 0;

		if (at && (!best || at < best))
			best = at;
	}
	return best;
}

int64_t trace_previous(struct trace *t, int64_t step, unsigned kinds)
{
	int64_t best = 0;

	for (int k = 1; k < TRACE_KINDS; k++) {
		int64_t at = kinds & TRACE_BIT(k) ? nearest_kind(t, false, step, k) : 0;

		if (at > best)
			best = at;
	}
	return best;
}

int64_t trace_next_call_of(struct trace *t, int64_t step, int func)
{
	return nearest(t, ST_NEXT_CALL, step, func);
}

int64_t trace_previous_call_of(struct trace *t, int64_t step, int func)
{
	return nearest(t, ST_PREVIOUS_CALL, step, func);
}

int64_t trace_return_of(struct trace *t, int64_t call)
{
	sqlite3_stmt *st = trace_stmt(t, ST_RETURN_OF);

	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, call);
	return trace_stmt_number(t, st);
}

/* Stores to a field of an object, or with field 0 and no place to any part of it. */
static int64_t nearest_store(struct trace *t, bool forward, int64_t step, int64_t object, int field,
			     const char *place)
{
	sqlite3_stmt *st;

	if (!field && !place)
		return nearest(t, forward ? ST_NEXT_STORE_ANY : ST_LAST_STORE_ANY, step, object);
	st = trace_stmt(t, forward ? ST_NEXT_STORE : ST_LAST_STORE);
	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, step);
	sqlite3_bind_int64(st, 2, object);
	sqlite3_bind_int(st, 3, field);
	if (place)
		sqlite3_bind_text(st, 4, place, -1, SQLITE_STATIC);
	return trace_stmt_number(t, st);
}

int64_t trace_next_store(struct trace *t, int64_t step, int64_t object, int field,
			 const char *place)
{
	return nearest_store(t, true, step, object, field, place);
}

int64_t trace_last_store(struct trace *t, int64_t step, int64_t object, int field,
			 const char *place)
{
	return nearest_store(t, false, step, object, field, place);
}

int trace_packet(struct trace *t, int64_t step, struct trace_packet *out)
{
	sqlite3_stmt *st = trace_stmt(t, ST_PACKET);
	const char *direction;
	int rc;

	memset(out, 0, sizeof(*out));
	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, step);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		out->step = sqlite3_column_int64(st, 0);
		out->time = sqlite3_column_int64(st, 1);
		direction = (const char *)sqlite3_column_text(st, 2);
		out->out = direction && !strcmp(direction, "out");
		out->device = trace_column_text(st, 3);
		out->len = (size_t)sqlite3_column_bytes(st, 4);
		out->bytes = malloc(out->len + 1);
		if (out->bytes && out->len)
			memcpy(out->bytes, sqlite3_column_blob(st, 4), out->len);
		else if (!out->bytes)
			out->len = 0;
		out->skb = trace_column_text(st, 5);
	} else if (rc != SQLITE_DONE) {
		trace_fail(t, "reading a packet");
	}
	sqlite3_reset(st);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

void trace_packet_free(struct trace_packet *p)
{
	free(p->device);
	free(p->skb);
	free(p->bytes);
	memset(p, 0, sizeof(*p));
}
