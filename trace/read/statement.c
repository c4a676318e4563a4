/* SPDX-License-Identifier: GPL-2.0-only */
/* The statements of the reader: each is prepared when it is first asked for, and kept. */
#include "trace/read/internal.h"

static const char *const statements[STATEMENTS] = {
	[ST_STEP] = "SELECT e.step, e.time, e.kind, e.task, e.context, e.depth, e.parent, "
		    "e.func, e.line, e.what, e.object, o.name, e.place, e.old, e.new, e.extra "
		    "FROM event e LEFT JOIN object o ON o.id = e.object WHERE e.step = ?",
	[ST_STEP_SHAPE] = "SELECT e.at & 31, e.parent, "
			  "CASE e.at & 31 WHEN 1 THEN e.what ELSE p.what END, e.at >> 5 "
			  "FROM log e LEFT JOIN log p ON p.step = e.parent WHERE e.step = ?",
	[ST_LOG] = "SELECT step, parent, at, what, old, new FROM log WHERE step BETWEEN ?1 AND ?2 "
		   "ORDER BY step",
	[ST_LOG_BACK] = "SELECT step, parent, at, what, old, new FROM log "
			"WHERE step BETWEEN ?1 AND ?2 ORDER BY step DESC",
	[ST_POINT] = "SELECT object, extra FROM point WHERE step = ?",
	[ST_NEXT_OF] = "SELECT step FROM log WHERE step BETWEEN ?1 AND ?2 AND ?3 >> (at & 31) & 1 "
		       "ORDER BY step LIMIT 1",
	[ST_PREVIOUS_OF] = "SELECT step FROM log WHERE step BETWEEN ?1 AND ?2 "
			   "AND ?3 >> (at & 31) & 1 ORDER BY step DESC LIMIT 1",
	[ST_COUNT] = "SELECT count(*) FROM log WHERE at & 31 = ?",
	[ST_SHAPE] = "SELECT parent, at & 31 FROM log WHERE step = ?",
	[ST_SEEK_AT] = "SELECT first, steps FROM seek WHERE kind = ? AND what = ? AND first <= ? "
		       "ORDER BY first DESC LIMIT 1",
	[ST_SEEK_BEHIND] =
		"SELECT first, steps FROM seek WHERE kind = ? AND what = ? AND first > ? "
		"ORDER BY first LIMIT 1",
	[ST_SEEK_COUNT] = "SELECT coalesce(sum(length(steps)), 0) / 4 FROM seek WHERE kind = ?",
	[ST_RAW_LAST] =
		"SELECT max(step) FROM temp.by_what WHERE kind = ? AND what = ? AND step <= ?",
	[ST_RAW_NEXT] =
		"SELECT min(step) FROM temp.by_what WHERE kind = ? AND what = ? AND step > ?",
	[ST_RAW_WHAT] = "SELECT min(what) FROM temp.by_what WHERE kind = ? AND what > ?",
	[ST_STORED_AT] = "SELECT first, steps, before FROM stored WHERE object = ? AND first <= ? "
			 "ORDER BY first DESC LIMIT 1",
	[ST_SPOTS] = "SELECT id, field, name FROM spot WHERE id > ? ORDER BY id",
	[ST_VALUES] = "SELECT parent, old, new FROM log WHERE step = ?",
	[ST_INITIAL] = "SELECT field, offset, value FROM initial WHERE object = ? ORDER BY offset",
	[ST_OBJECT] = "SELECT id, name, type, kind, size, born, died FROM object WHERE id = ?",
	[ST_OBJECTS] = "SELECT id, name, type, kind, size, born, died FROM object "
		       "WHERE id > ? ORDER BY id LIMIT ?",
	[ST_TIME] = "SELECT time FROM moment WHERE step <= ? ORDER BY step DESC LIMIT 1",
	[ST_PACKET] = "SELECT e.step, m.time, p.direction, p.device, p.bytes, o.name "
		      "FROM packet p JOIN point e ON e.step = p.step JOIN moment m ON m.step = "
		      "(SELECT max(step) FROM moment WHERE step <= e.step) "
		      "LEFT JOIN object o ON o.id = e.object WHERE p.step = ?",
	[ST_MOMENTS] = "SELECT step, time, task, context FROM moment WHERE step >= "
		       "(SELECT coalesce(max(step), 0) FROM moment WHERE step <= ?1) "
		       "AND step <= ?2 ORDER BY step",
};

sqlite3_stmt *trace_stmt(struct trace *t, enum stmt which)
{
	if (t->stmt[which]) {
		sqlite3_reset(t->stmt[which]);
		sqlite3_clear_bindings(t->stmt[which]);
	} else if (sqlite3_prepare_v3(t->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
				      &t->stmt[which], NULL) != SQLITE_OK) {
		trace_fail(t, "preparing a question");
	}
	return t->stmt[which];
}

int64_t trace_stmt_number(struct trace *t, sqlite3_stmt *st)
{
	int64_t n = 0;

	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		n = sqlite3_column_int64(st, 0);
		break;
	case SQLITE_DONE:
		break;
	default:
		trace_fail(t, "reading the trace");
	}
	sqlite3_reset(st);
	return n;
}

void trace_statements_free(struct trace *t)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(t->stmt[i]);
}
