/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where to look.
 *
 * The recorder keeps, for each kind of step and what it happened to, the list of those steps (table
 * seek).  A row holds up to some hundreds of them, so a question reads one row, or two where it falls
 * between them; and rows are kept, for a screen asks about the same ones again and again.  A recording that was cut short has no such lists; then a temporary table with a row a
 * step stands in, made at the first question.  The trace itself is never written.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* The numbers of a row: distances from its first, four bytes each, the lowest first. */
struct list {
	int64_t first;
	const uint8_t *bytes;
	size_t count;
};

static int64_t number_at(const struct list *list, size_t i)
{
	const uint8_t *b = list->bytes + 4 * i;

	return list->first +
	       (int64_t)(b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24);
}

/* How many of them are at or before STEP. */
static size_t count_until(const struct list *list, int64_t step)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (number_at(list, middle) <= step)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The row that one of the two statements finds: 1, 0 none, -1 error.  The caller resets. */
static int read_list(struct trace *t, sqlite3_stmt *st, int kind, int64_t what, int64_t step,
		     struct list *list)
{
	int rc;

	sqlite3_bind_int(st, 1, kind);
	sqlite3_bind_int64(st, 2, what);
	sqlite3_bind_int64(st, 3, step);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		list->first = sqlite3_column_int64(st, 0);
		list->bytes = sqlite3_column_blob(st, 1);
		list->count = (size_t)sqlite3_column_bytes(st, 1) / 4;
		return list->bytes && list->count;
	}
	return rc == SQLITE_DONE ? 0 : trace_fail(t, "looking for a step");
}

static const char RAW[] =
	"CREATE TABLE IF NOT EXISTS "
	"temp.by_what(kind, what, step, PRIMARY KEY(kind, what, step)) WITHOUT ROWID;"
	"INSERT OR IGNORE INTO temp.by_what SELECT e.at & 31, CASE e.at & 31 WHEN 1 THEN e.what "
	"WHEN 2 THEN p.what WHEN 3 THEN e.what WHEN 6 THEN e.what ELSE 0 END, e.step "
	"FROM log e LEFT JOIN log p ON p.step = CASE e.at & 31 WHEN 2 THEN e.parent END "
	"WHERE e.step BETWEEN %lld AND %lld AND "
	"e.at & 31 NOT IN (4, 5) AND (e.at & 31 <> 2 OR p.what IS NOT NULL) ORDER BY 1, 2, 3";

/* So many steps are noted at once: a recorder that still writes must wait meanwhile. */
#define RAW_STEPS 100000

/* Notes where to find the steps behind the last that is noted, up to @until.  0, or SQLite's code. */
static int note_raw(struct trace *t, int64_t until)
{
	char *sql = sqlite3_mprintf(RAW, (long long)t->raw_until + 1, (long long)until);
	int code = sql ? sqlite3_exec(t->db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;

	sqlite3_free(sql);
	if (code == SQLITE_OK)
		t->raw_until = until;
	return code;
}

/* One of the statements that ask the temporary table, which is made or brought up to date first. */
static sqlite3_stmt *raw(struct trace *t, enum stmt which)
{
	bool in_memory = false;

	while (t->raw_until < t->last || !t->raw_made) {
		int64_t left = t->last - t->raw_until;

		if (note_raw(t, left > RAW_STEPS ? t->raw_until + RAW_STEPS : t->last) ==
		    SQLITE_OK) {
			t->raw_made = true;
			continue;
		}
		if (in_memory || t->raw_made) {
			trace_fail(t, "noting where to look");
			return NULL;
		}
		/* Temporary files may be forbidden where the trace lies; memory never is. */
		sqlite3_exec(t->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
		in_memory = true;
	}
	return trace_stmt(t, which);
}

static int64_t ask_raw(struct trace *t, enum stmt which, int kind, int64_t what, int64_t step)
{
	sqlite3_stmt *st = raw(t, which);

	if (!st)
		return 0;
	sqlite3_bind_int(st, 1, kind);
	sqlite3_bind_int64(st, 2, what);
	sqlite3_bind_int64(st, 3, step);
	return trace_stmt_number(t, st);
}

/* Keeps a row that was found for STEP; false when out of memory. */
static bool keep_row(struct seek_row *row, const struct list *list, int64_t step)
{
	size_t size = 4 * list->count;

	if (size > row->room) {
		uint8_t *more = realloc(row->bytes, size);

		if (!more)
			return false;
		row->bytes = more;
		row->room = size;
	}
	if (size)
		memcpy(row->bytes, list->bytes, size);
	row->first = list->first;
	row->count = list->count;
	row->until = list->count ? number_at(list, list->count - 1) : step;
	row->until = row->until > step ? row->until : step;
	row->behind = -1;
	return true;
}

/* The row that STEP falls into, read if it is not at hand; NULL on an error. */
static struct seek_row *row_of(struct trace *t, int kind, int64_t what, int64_t step)
{
	uint64_t hash = ((uint64_t)what * TRACE_KINDS + (uint64_t)kind) * 0x9e3779b97f4a7c15U;
	struct seek_row *row = &t->seek[hash >> 32 & (SEEK_ROWS - 1)];
	struct list list = { 0 };
	sqlite3_stmt *st;
	int found;

	if (row->kind == kind && row->what == what && step >= row->first && step <= row->until)
		return row;
	st = trace_stmt(t, ST_SEEK_AT);
	if (!st)
		return NULL;
	row->kind = 0;
	found = read_list(t, st, kind, what, step, &list);
	if (!found)
		list = (struct list){ .first = INT64_MIN };
	if (found >= 0 && !keep_row(row, &list, step))
		found = -1;
	sqlite3_reset(st);
	if (found < 0)
		return NULL;
	row->kind = kind;
	row->what = what;
	return row;
}

/* The first step of the row behind one. */
static int64_t behind_row(struct trace *t, struct seek_row *row)
{
	sqlite3_stmt *st = row->behind < 0 ? trace_stmt(t, ST_SEEK_BEHIND) : NULL;
	struct list list;

	if (st) {
		row->behind = read_list(t, st, row->kind, row->what, row->until, &list) > 0 ?
				      number_at(&list, 0) :
				      0;
		sqlite3_reset(st);
	}
	return row->behind > 0 ? row->behind : 0;
}

/* The last number by STEP and the first behind it; 0 for none.  NEXT may be NULL. */
static int64_t around(struct trace *t, int kind, int64_t what, int64_t step, int64_t *next)
{
	struct seek_row *row = row_of(t, kind, what, step);
	struct list list;
	size_t until;

	if (next)
		*next = 0;
	if (!row)
		return 0;
	list = (struct list){ row->first, row->bytes, row->count };
	until = count_until(&list, step);
	if (next)
		*next = until < list.count ? number_at(&list, until) : behind_row(t, row);
	return until ? number_at(&list, until - 1) : 0;
}

void trace_seek_forget(struct trace *t)
{
	for (size_t i = 0; i < SEEK_ROWS; i++)
		free(t->seek[i].bytes);
	memset(t->seek, 0, sizeof(t->seek));
	memset(t->returns, 0, sizeof(t->returns));
}

int64_t trace_seek_last(struct trace *t, int kind, int64_t what, int64_t step)
{
	if (!t->indexed)
		return ask_raw(t, ST_RAW_LAST, kind, what, step);
	return around(t, kind, what, step, NULL);
}

int64_t trace_seek_next(struct trace *t, int kind, int64_t what, int64_t step)
{
	int64_t next;

	if (!t->indexed)
		return ask_raw(t, ST_RAW_NEXT, kind, what, step);
	around(t, kind, what, step, &next);
	return next;
}

int64_t trace_seek_what(struct trace *t, int kind, int64_t what)
{
	sqlite3_stmt *st = raw(t, ST_RAW_WHAT);

	if (!st)
		return 0;
	sqlite3_bind_int(st, 1, kind);
	sqlite3_bind_int64(st, 2, what);
	return trace_stmt_number(t, st);
}

int64_t trace_seek_count(struct trace *t, int kind)
{
	bool listed =
		t->indexed && kind != TRACE_LINE && kind != TRACE_BRANCH && kind != TRACE_STORE;
	sqlite3_stmt *st = trace_stmt(t, listed ? ST_SEEK_COUNT : ST_COUNT);

	if (!st)
		return -1;
	sqlite3_bind_int(st, 1, kind);
	return trace_stmt_number(t, st);
}
