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

/*
 * Steps from *@from on, which goes along.  Returns what FN does, -1 on an error; *@cut: SQLite has ended
 * the statement, because a question that FN asked made it take back a transaction.
 */
static int each_from(struct trace *t, int64_t *from, int64_t to, unsigned kinds,
		     int (*fn)(void *ctx, const struct trace_step *s), void *ctx, bool *cut)
{
	/* A statement of its own: FN may ask anything, even for another range. */
	sqlite3_stmt *st;
	int rc, result = 0;

	*cut = false;
	if (sqlite3_prepare_v2(t->db,
			       "SELECT " STEP_COLUMNS " FROM event e "
			       "LEFT JOIN object o ON o.id = e.object "
			       "WHERE e.step BETWEEN ?1 AND ?2 AND ((1 << e.kind) & ?3) "
			       "ORDER BY e.step",
			       -1, &st, NULL) != SQLITE_OK)
		return trace_fail(t, "reading steps");
	sqlite3_bind_int64(st, 1, *from);
	sqlite3_bind_int64(st, 2, to);
	sqlite3_bind_int64(st, 3, kinds);
	while (result == 0 && (rc = sqlite3_step(st)) != SQLITE_DONE) {
		struct trace_step s;

		if (rc != SQLITE_ROW) {
			*cut = (rc & 0xff) == SQLITE_ABORT;
			result = *cut ? 0 : trace_fail(t, "reading steps");
			break;
		}
		fill_step(t, st, &s);
		*from = s.step + 1;
		result = fn(ctx, &s);
		trace_step_free(&s);
	}
	sqlite3_finalize(st);
	return result;
}

int trace_each(struct trace *t, int64_t from, int64_t to, unsigned kinds,
	       int (*fn)(void *ctx, const struct trace_step *s), void *ctx)
{
	int64_t began;
	int result;
	bool cut;

	/* what was cut goes on behind the step that it came to, and fails if it comes to none */
	do {
		began = from;
		result = each_from(t, &from, to, kinds, fn, ctx, &cut);
	} while (cut && from > began);
	return cut ? trace_fail(t, "reading steps") : result;
}

int64_t trace_count(struct trace *t, enum trace_kind kind)
{
	return trace_seek_count(t, kind);
}

/* The first (last) step of any of KINDS between FROM and TO, found by looking at all of them. */
static int64_t look_around(struct trace *t, enum stmt which, int64_t from, int64_t to,
			   unsigned kinds)
{
	sqlite3_stmt *st = kinds && from <= to ? trace_stmt(t, which) : NULL;

	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, from);
	sqlite3_bind_int64(st, 2, to);
	sqlite3_bind_int64(st, 3, kinds);
	return trace_stmt_number(t, st);
}

int64_t trace_next(struct trace *t, int64_t step, unsigned kinds)
{
	int64_t best = 0, found;

	for (int k = 1; k < TRACE_KINDS; k++) {
		if (!(kinds & ~FREQUENT_KINDS & TRACE_BIT(k)))
			continue;
		found = trace_seek_next(t, k, 0, step);
		if (found && (!best || found < best))
			best = found;
	}
	found = look_around(t, ST_NEXT_OF, step + 1, best ? best : t->last, kinds & FREQUENT_KINDS);
	return found ? found : best;
}

int64_t trace_next_within(struct trace *t, int64_t step, int64_t to, unsigned kinds)
{
	return look_around(t, ST_NEXT_OF, step + 1, to, kinds);
}

int64_t trace_previous(struct trace *t, int64_t step, unsigned kinds)
{
	int64_t best = 0, found;

	for (int k = 1; k < TRACE_KINDS; k++) {
		if (!(kinds & ~FREQUENT_KINDS & TRACE_BIT(k)))
			continue;
		found = trace_seek_last(t, k, 0, step - 1);
		if (found > best)
			best = found;
	}
	found = look_around(t, ST_PREVIOUS_OF, best, step - 1, kinds & FREQUENT_KINDS);
	return found ? found : best;
}

int64_t trace_next_call_of(struct trace *t, int64_t step, int func)
{
	return trace_seek_next(t, TRACE_CALL, func, step);
}

int64_t trace_previous_call_of(struct trace *t, int64_t step, int func)
{
	return trace_seek_last(t, TRACE_CALL, func, step - 1);
}

int trace_moments(struct trace *t, int64_t from, int64_t to,
		  int (*fn)(void *ctx, int64_t step, int64_t time, int task, int context),
		  void *ctx)
{
	sqlite3_stmt *st = trace_stmt(t, ST_MOMENTS);
	int rc = SQLITE_DONE, result = 0;

	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, from);
	sqlite3_bind_int64(st, 2, to);
	while (result == 0 && (rc = sqlite3_step(st)) == SQLITE_ROW)
		result = fn(ctx, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
			    sqlite3_column_int(st, 2), sqlite3_column_int(st, 3));
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		result = trace_fail(t, "reading who runs when");
	sqlite3_reset(st);
	return result;
}

int trace_shape(struct trace *t, int64_t step, int64_t *parent)
{
	sqlite3_stmt *st = trace_stmt(t, ST_SHAPE);
	int kind = 0, rc;

	*parent = 0;
	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, step);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		*parent = sqlite3_column_int64(st, 0);
		kind = sqlite3_column_int(st, 1);
	} else if (rc != SQLITE_DONE) {
		trace_fail(t, "reading the trace");
	}
	sqlite3_reset(st);
	return kind;
}

int64_t trace_parent(struct trace *t, int64_t step)
{
	int64_t parent;

	trace_shape(t, step, &parent);
	return parent;
}

/* The return that names the call: of the function's returns, one after the other, most often the first. */
static int64_t find_return(struct trace *t, int64_t call)
{
	sqlite3_stmt *st = trace_stmt(t, ST_STEP_SHAPE);
	int func = 0;
	int64_t at;

	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, call);
	if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_int(st, 0) == TRACE_CALL)
		func = sqlite3_column_int(st, 2);
	sqlite3_reset(st);
	if (!func)
		return 0;
	for (at = trace_seek_next(t, TRACE_RETURN, func, call); at;
	     at = trace_seek_next(t, TRACE_RETURN, func, at))
		if (trace_parent(t, at) == call)
			return at;
	return 0;
}

int64_t trace_return_of(struct trace *t, int64_t call)
{
	struct known_return *known = &t->returns[(uint64_t)call % KNOWN_RETURNS];

	if (known->call != call)
		*known = (struct known_return){ call, find_return(t, call) };
	return known->end;
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

/* ns; the same for all steps until the next moment. */
static int64_t time_of(struct trace *t, int64_t step)
{
	sqlite3_stmt *st = trace_stmt(t, ST_TIME);

	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, step);
	return trace_stmt_number(t, st);
}

int64_t trace_step_at(struct trace *t, int64_t time)
{
	int64_t low = 1, high = t->last + 1;

	/* time never goes back, so it is looked for by halves */
	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (time_of(t, middle) < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low <= t->last ? low : 0;
}
