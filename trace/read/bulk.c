/* SPDX-License-Identifier: GPL-2.0-only */
/* A whole trace at once: for programs that look at every step. */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* A value where SQLite has it. */
static void borrow(struct trace_value *v, sqlite3_stmt *st, int column)
{
	v->num = 0;
	v->bytes = NULL;
	v->len = 0;
	switch (sqlite3_column_type(st, column)) {
	case SQLITE_INTEGER:
		v->type = TRACE_INT;
		v->num = sqlite3_column_int64(st, column);
		return;
	case SQLITE_TEXT:
		v->type = TRACE_TEXT;
		v->bytes = (const char *)sqlite3_column_text(st, column);
		break;
	case SQLITE_BLOB:
		v->type = TRACE_BLOB;
		v->bytes = sqlite3_column_blob(st, column);
		break;
	default:
		v->type = TRACE_NULL;
		return;
	}
	v->len = (size_t)sqlite3_column_bytes(st, column);
	if (!v->bytes)
		v->bytes = "";
}

static const char LOG[] = "SELECT step, parent, at, what, old, new FROM log ORDER BY step";

/* A row of the log.  What tracepoints tell has its other half in table point. */
static void fill_row(struct trace_row *r, sqlite3_stmt *st)
{
	int64_t at = sqlite3_column_int64(st, 2), what = sqlite3_column_int64(st, 3);

	memset(r, 0, sizeof(*r));
	r->step = sqlite3_column_int64(st, 0);
	r->parent = sqlite3_column_int64(st, 1);
	r->kind = (enum trace_kind)(at & 31);
	r->line = (int)(at >> 5);
	borrow(&r->new, st, 5);
	switch (r->kind) {
	case TRACE_CALL:
		r->func = (int)what;
		r->extra = r->new;
		r->new.type = TRACE_NULL;
		return;
	case TRACE_STORE:
		r->object = what >> 24;
		r->spot = (int)(what & 0xffffff);
		break;
	case TRACE_LOCAL:
		r->variable = (int)what;
		break;
	default:
		break;
	}
	borrow(&r->old, st, 4);
}

/* Runs one query; ROW gets each row and may end it by non-zero. */
static int each_of(struct trace *t, const char *sql, int (*row)(void *ctx, sqlite3_stmt *st),
		   void *ctx)
{
	sqlite3_stmt *st;
	int rc, result = 0;

	if (sqlite3_prepare_v2(t->db, sql, -1, &st, NULL) != SQLITE_OK)
		return trace_fail(t, "reading the trace");
	while (!result && (rc = sqlite3_step(st)) != SQLITE_DONE)
		result = rc == SQLITE_ROW ? row(ctx, st) : trace_fail(t, "reading the trace");
	sqlite3_finalize(st);
	return result;
}

struct rows {
	sqlite3_stmt *points; /* of the points, which stand in the same order */
	int rc;               /* what the last step through them said */
	int (*fn)(void *ctx, const struct trace_row *r);
	void *ctx;
};

/* Takes the other half of a row from the points, when it is there. */
static void add_point(struct rows *rows, struct trace_row *r)
{
	while (rows->rc == SQLITE_ROW && sqlite3_column_int64(rows->points, 0) < r->step)
		rows->rc = sqlite3_step(rows->points);
	if (rows->rc != SQLITE_ROW || sqlite3_column_int64(rows->points, 0) != r->step)
		return;
	r->object = sqlite3_column_int64(rows->points, 1);
	borrow(&r->extra, rows->points, 2);
}

static int one_row(void *ctx, sqlite3_stmt *st)
{
	struct rows *rows = ctx;
	struct trace_row r;

	fill_row(&r, st);
	if (r.kind > TRACE_LOCAL)
		add_point(rows, &r);
	return rows->fn(rows->ctx, &r);
}

int trace_each_row(struct trace *t, int (*fn)(void *ctx, const struct trace_row *r), void *ctx)
{
	struct rows rows = { NULL, SQLITE_DONE, fn, ctx };
	int result;

	if (sqlite3_prepare_v2(t->db, "SELECT step, object, extra FROM point ORDER BY step", -1,
			       &rows.points, NULL) != SQLITE_OK)
		return trace_fail(t, "reading the trace");
	rows.rc = sqlite3_step(rows.points);
	result = each_of(t, LOG, one_row, &rows);
	sqlite3_finalize(rows.points);
	return result;
}

struct moments {
	int (*fn)(void *ctx, int64_t step, int64_t time, int task, int context);
	void *ctx;
};

static int one_moment(void *ctx, sqlite3_stmt *st)
{
	struct moments *m = ctx;

	return m->fn(m->ctx, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
		     sqlite3_column_int(st, 2), sqlite3_column_int(st, 3));
}

int trace_each_moment(struct trace *t,
		      int (*fn)(void *ctx, int64_t step, int64_t time, int task, int context),
		      void *ctx)
{
	struct moments m = { fn, ctx };

	return each_of(t, "SELECT step, time, task, context FROM moment ORDER BY step", one_moment,
		       &m);
}

struct objects {
	struct trace *t;
	int (*fn)(void *ctx, const struct trace_object *o);
	void *ctx;
};

static int one_object(void *ctx, sqlite3_stmt *st)
{
	struct objects *all = ctx;
	struct trace_object o;
	int result;

	trace_fill_object(all->t, st, &o);
	o.name = trace_column_text(st, 1);
	result = all->fn(all->ctx, &o);
	trace_object_free(&o);
	return result;
}

int trace_each_object(struct trace *t, int (*fn)(void *ctx, const struct trace_object *o),
		      void *ctx)
{
	struct objects all = { t, fn, ctx };

	return each_of(t, "SELECT id, name, type, kind, size, born, died FROM object ORDER BY id",
		       one_object, &all);
}

struct spots {
	int (*fn)(void *ctx, int id, int field, const char *name);
	void *ctx;
};

static int one_spot(void *ctx, sqlite3_stmt *st)
{
	struct spots *p = ctx;

	return p->fn(p->ctx, sqlite3_column_int(st, 0), sqlite3_column_int(st, 1),
		     (const char *)sqlite3_column_text(st, 2));
}

int trace_each_spot(struct trace *t, int (*fn)(void *ctx, int id, int field, const char *name),
		    void *ctx)
{
	struct spots p = { fn, ctx };

	return each_of(t, "SELECT id, field, name FROM spot ORDER BY id", one_spot, &p);
}

int trace_each_packet(struct trace *t, int64_t behind,
		      int (*fn)(void *ctx, const struct trace_packet *p), void *ctx)
{
	sqlite3_stmt *st;
	int rc = SQLITE_DONE, result = 0;

	if (sqlite3_prepare_v2(t->db,
			       "SELECT step, direction = 'out', device, bytes FROM packet "
			       "WHERE step > ?1 AND step <= ?2 ORDER BY step",
			       -1, &st, NULL) != SQLITE_OK)
		return trace_fail(t, "reading packets");
	sqlite3_bind_int64(st, 1, behind);
	sqlite3_bind_int64(st, 2, t->last);
	while (!result && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		struct trace_packet p = {
			.step = sqlite3_column_int64(st, 0),
			.out = sqlite3_column_int(st, 1),
			.device = (char *)(uintptr_t)sqlite3_column_text(st, 2),
			.bytes = (uint8_t *)(uintptr_t)sqlite3_column_blob(st, 3),
			.len = (size_t)sqlite3_column_bytes(st, 3),
		};

		result = fn(ctx, &p);
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		result = trace_fail(t, "reading packets");
	sqlite3_finalize(st);
	return result;
}
