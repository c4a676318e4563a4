/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The statements of the reader, and the lookups they need.
 *
 * A lookup is "find steps by something else than their number".  The recorder makes indexes at
 * the end of a recording; a recording that was cut short has none.  So for each lookup SQLite is
 * asked how it would carry it out (EXPLAIN QUERY PLAN): if by an index, the statements read the
 * table of those steps itself; if by a scan, a temporary table of just the wanted columns is filled once,
 * ordered by them, and the statements read that.  %s in a statement stands for the one or the
 * other.  The trace itself is never written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/*
 * The probe is one of the lookup's own queries; it goes by an index if SQLite's plan says that it
 * searches by `plan`.
 */
static const struct {
	const char *probe, *plan, *table, *name, *make;
} lookups[LOOKUPS] = {
	[LOOK_KIND] = { "SELECT step FROM point WHERE kind = ? AND step > ? ORDER BY step LIMIT 1",
			"kind=?", "point", "temp.by_kind",
			"CREATE TABLE temp.by_kind(kind, step, PRIMARY KEY(kind, step)) "
			"WITHOUT ROWID;"
			"INSERT INTO temp.by_kind SELECT kind, step FROM point ORDER BY 1, 2" },
	[LOOK_CALL] = { "SELECT step FROM call WHERE func = ? AND step > ? ORDER BY step LIMIT 1",
			"func=?", "call", "temp.by_func",
			"CREATE TABLE temp.by_func(func, step, PRIMARY KEY(func, step)) "
			"WITHOUT ROWID;"
			"INSERT INTO temp.by_func SELECT func, step FROM call "
			"WHERE func IS NOT NULL ORDER BY 1, 2" },
	[LOOK_RETURN] = { "SELECT step FROM ret WHERE parent = ?", "parent=?", "ret",
			  "temp.by_call",
			  "CREATE TABLE temp.by_call(parent PRIMARY KEY, step) WITHOUT ROWID;"
			  "INSERT OR IGNORE INTO temp.by_call SELECT parent, step FROM ret "
			  "WHERE parent IS NOT NULL ORDER BY 1" },
	[LOOK_STORE] = { "SELECT step FROM store WHERE object = ? AND field = ? AND place = ? "
			 "AND step <= ? ORDER BY step DESC LIMIT 1",
			 "object=? AND field=? AND place=?", "store", "temp.by_field",
			 "CREATE TABLE temp.by_field(object, field, place, step);"
			 "INSERT INTO temp.by_field SELECT object, field, place, step FROM store;"
			 "CREATE INDEX temp.by_field_index ON by_field(object, field, place, step)" },
	[LOOK_LOCAL] = { "SELECT step FROM local WHERE parent = ? AND variable = ? AND step <= ? "
			 "ORDER BY step DESC LIMIT 1",
			 "parent=? AND variable=?", "local", "temp.by_local",
			 "CREATE TABLE temp.by_local(parent, variable, step);"
			 "INSERT INTO temp.by_local SELECT parent, variable, step FROM local;"
			 "CREATE INDEX temp.by_local_index ON by_local(parent, variable, step)" },
};

/* How a lookup is carried out; 1 by an index, 0 by a scan, -1 error. */
static int goes_by_index(struct trace *t, const char *probe, const char *plan)
{
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", probe);
	sqlite3_stmt *st;
	int found = 0;

	if (!sql || sqlite3_prepare_v2(t->db, sql, -1, &st, NULL) != SQLITE_OK) {
		sqlite3_free(sql);
		return trace_fail(t, "asking for indexes");
	}
	sqlite3_free(sql);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(st, 3);

		if (detail && strstr(detail, plan))
			found = 1;
	}
	sqlite3_finalize(st);
	return found;
}

/* The table in which a lookup is quick, made if need be; NULL on error. */
static const char *lookup_table(struct trace *t, enum lookup which)
{
	if (t->table[which])
		return t->table[which];
	switch (goes_by_index(t, lookups[which].probe, lookups[which].plan)) {
	case 1:
		return t->table[which] = lookups[which].table;
	case 0:
		/* Temporary files may be forbidden where the trace lies; memory never is. */
		if (sqlite3_exec(t->db, lookups[which].make, NULL, NULL, NULL) != SQLITE_OK) {
			sqlite3_exec(t->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
			if (sqlite3_exec(t->db, lookups[which].make, NULL, NULL, NULL) !=
			    SQLITE_OK) {
				trace_fail(t, "making an index");
				return NULL;
			}
		}
		return t->table[which] = lookups[which].name;
	}
	return NULL;
}

#define NO_LOOKUP -1

/* What is asked of the steps of one kind that have a table of their own. */
#define ONE_KIND(kind, table)                                                                     \
	[ST_NEXT_OF + (kind)] = { NO_LOOKUP, "SELECT min(step) FROM " table " WHERE step > ?1" }, \
		      [ST_PREVIOUS_OF + (kind)] = { NO_LOOKUP, "SELECT max(step) FROM " table     \
							       " WHERE step < ?1" },              \
		      [ST_COUNT_OF + (kind)] = { NO_LOOKUP, "SELECT count(*) FROM " table }

static const struct {
	int lookup;
	const char *sql;
} statements[STATEMENTS] = {
	[ST_STEP] = { NO_LOOKUP,
		      "SELECT e.step, e.time, e.kind, e.task, e.context, e.depth, e.parent, "
		      "e.func, e.line, e.what, e.object, o.name, e.place, e.old, e.new, e.extra "
		      "FROM event e LEFT JOIN object o ON o.id = e.object "
		      "WHERE e.step = ?" },
	[ST_STEP_SHAPE] = { NO_LOOKUP,
			    "SELECT kind, parent, func, line FROM event WHERE step = ?" },
	ONE_KIND(TRACE_CALL, "call"),
	ONE_KIND(TRACE_RETURN, "ret"),
	ONE_KIND(TRACE_STORE, "store"),
	ONE_KIND(TRACE_BRANCH, "branch"),
	ONE_KIND(TRACE_LINE, "line"),
	ONE_KIND(TRACE_LOCAL, "local"),
	[ST_NEXT_KIND] = { LOOK_KIND, "SELECT step FROM %s WHERE kind = ?2 AND step > ?1 "
				      "ORDER BY step LIMIT 1" },
	[ST_PREVIOUS_KIND] = { LOOK_KIND, "SELECT step FROM %s WHERE kind = ?2 AND step < ?1 "
					  "ORDER BY step DESC LIMIT 1" },
	[ST_COUNT_KIND] = { NO_LOOKUP, "SELECT count(*) FROM point WHERE kind = ?" },
	[ST_NEXT_CALL] = { LOOK_CALL, "SELECT step FROM %s WHERE func = ?2 AND step > ?1 "
				      "ORDER BY step LIMIT 1" },
	[ST_PREVIOUS_CALL] = { LOOK_CALL, "SELECT step FROM %s WHERE func = ?2 AND step < ?1 "
					  "ORDER BY step DESC LIMIT 1" },
	[ST_RETURN_OF] = { LOOK_RETURN, "SELECT step FROM %s WHERE parent = ?" },
	[ST_NEXT_STORE] = { LOOK_STORE,
			    "SELECT min(step) FROM %s WHERE object = ?2 AND field = ?3 AND step > ?1 "
			    "AND (?4 IS NULL OR place = (SELECT id FROM place WHERE name = ?4))" },
	[ST_LAST_STORE] = { LOOK_STORE,
			    "SELECT max(step) FROM %s WHERE object = ?2 AND field = ?3 AND step <= ?1 "
			    "AND (?4 IS NULL OR place = (SELECT id FROM place WHERE name = ?4))" },
	[ST_NEXT_STORE_ANY] = { LOOK_STORE, "SELECT min(step) FROM %s WHERE object = ?2 "
					    "AND step > ?1" },
	[ST_LAST_STORE_ANY] = { LOOK_STORE, "SELECT max(step) FROM %s WHERE object = ?2 "
					    "AND step <= ?1" },
	[ST_STORED_PLACE] = { LOOK_STORE,
			      "SELECT b.field, b.place, p.name FROM %s b "
			      "LEFT JOIN place p ON p.id = b.place WHERE b.object = ?1 "
			      "AND (b.field, b.place) > (?2, ?3) ORDER BY b.field, b.place LIMIT 1" },
	[ST_STORE_AT] = { LOOK_STORE, "SELECT e.step, e.old, e.new FROM %s b "
				      "JOIN store e ON e.step = b.step WHERE b.object = ?1 "
				      "AND b.field = ?2 AND b.place = ?3 AND b.step <= ?4 "
				      "ORDER BY b.step DESC LIMIT 1" },
	[ST_INITIAL] = { NO_LOOKUP, "SELECT field, offset, value FROM initial WHERE object = ? "
				    "ORDER BY offset" },
	[ST_LOCAL_VARIABLE] = { LOOK_LOCAL, "SELECT variable FROM %s WHERE parent = ?1 "
					    "AND variable > ?2 ORDER BY variable LIMIT 1" },
	[ST_LAST_LOCAL] = { LOOK_LOCAL,
			    "SELECT e.step, e.new FROM %s b JOIN local e ON e.step = b.step "
			    "WHERE b.parent = ?1 AND b.variable = ?2 AND b.step <= ?3 "
			    "ORDER BY b.step DESC LIMIT 1" },
	[ST_OBJECT] = { NO_LOOKUP, "SELECT id, name, type, kind, size, born, died FROM object "
				   "WHERE id = ?" },
	[ST_OBJECT_BY_NAME] = { NO_LOOKUP, "SELECT id, name, type, kind, size, born, died "
					   "FROM object WHERE name = ? ORDER BY id LIMIT 1" },
	[ST_PACKET] = { NO_LOOKUP, "SELECT e.step, m.time, p.direction, p.device, p.bytes, o.name "
				   "FROM packet p JOIN point e ON e.step = p.step "
				   "JOIN moment m ON m.step = "
				   "(SELECT max(step) FROM moment WHERE step <= e.step) "
				   "LEFT JOIN object o ON o.id = e.object WHERE p.step = ?" },
};

sqlite3_stmt *trace_stmt(struct trace *t, enum stmt which)
{
	const char *table = "";
	char *sql;

	if (t->stmt[which]) {
		sqlite3_reset(t->stmt[which]);
		sqlite3_clear_bindings(t->stmt[which]);
		return t->stmt[which];
	}
	if (statements[which].lookup != NO_LOOKUP)
		table = lookup_table(t, (enum lookup)statements[which].lookup);
	if (!table)
		return NULL;
	sql = sqlite3_mprintf(statements[which].sql, table);
	if (!sql || sqlite3_prepare_v3(t->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &t->stmt[which],
				       NULL) != SQLITE_OK)
		trace_fail(t, "preparing a question");
	sqlite3_free(sql);
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
