/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a trace is what must be left: it opens, is sound, lacks no committed event, says what it
 * is, and each of its rows is that of the reference, the trace of the same run without a fault.
 */
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/faults.h"

static const char last_step[] = "SELECT coalesce(max(step), 0) FROM log";

/*
 * What is compared: all rows of a trace whose last step is ?1.  An object's death is told by a later
 * event than its birth; one born at the last step may come behind it.
 */
static const struct {
	const char *name, *rows;
} tables[] = {
	{ "moment", "SELECT * FROM moment WHERE step <= ?1 ORDER BY step" },
	{ "log", "SELECT * FROM log WHERE step <= ?1 ORDER BY step" },
	{ "point", "SELECT * FROM point WHERE step <= ?1 ORDER BY step" },
	{ "packet", "SELECT * FROM packet WHERE step <= ?1 ORDER BY step" },
	{ "object",
	  "SELECT id, name, type, kind, size, born, CASE WHEN died <= ?1 THEN died END FROM object "
	  "WHERE born < ?1 ORDER BY id" },
	{ "initial",
	  "SELECT * FROM initial WHERE object IN (SELECT id FROM object WHERE born < ?1) "
	  "ORDER BY object, offset, field" },
	{ "spot",
	  "SELECT * FROM spot WHERE id IN (SELECT what & 16777215 FROM log WHERE step <= ?1 "
	  "AND at & 31 = 3) ORDER BY id" },
	{ "func", "SELECT * FROM func WHERE ?1 >= 0 ORDER BY id" },
	{ "file", "SELECT * FROM file WHERE ?1 >= 0 ORDER BY id" },
};

static sqlite3 *open_trace(const char *path, int flags)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK)
		return db;
	sqlite3_close(db);
	return NULL;
}

/* One value as text, "" when it cannot be had. */
static void ask(sqlite3 *db, const char *sql, char *text, size_t room)
{
	sqlite3_stmt *st = NULL;

	*text = 0;
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW && sqlite3_column_text(st, 0))
		snprintf(text, room, "%s", sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
}

/* The last step in a trace that may still be written; -1 when nothing can be read now. */
int64_t last_committed(const char *trace)
{
	sqlite3 *db = access(trace, F_OK) ? NULL : open_trace(trace, SQLITE_OPEN_READONLY);
	char text[32];

	if (!db)
		return -1;
	ask(db, last_step, text, sizeof(text));
	sqlite3_close(db);
	return *text ? atoll(text) : -1;
}

__attribute__((format(printf, 2, 3))) static void complain(struct verdict *verdict,
							   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!*verdict->why)
		vsnprintf(verdict->why, sizeof(verdict->why), format, args);
	va_end(args);
}

static bool equal_values(sqlite3_value *a, sqlite3_value *b)
{
	int type = sqlite3_value_type(a), size;

	if (type != sqlite3_value_type(b))
		return false;
	if (type == SQLITE_NULL)
		return true;
	if (type == SQLITE_INTEGER)
		return sqlite3_value_int64(a) == sqlite3_value_int64(b);
	size = sqlite3_value_bytes(a);
	return size == sqlite3_value_bytes(b) &&
	       (!size || !memcmp(sqlite3_value_blob(a), sqlite3_value_blob(b), (size_t)size));
}

/* Are the rows of @table up to @last the same?  Else @verdict says which is not. */
static bool equal_rows(sqlite3 *db, sqlite3 *other, int table, int64_t last,
		       struct verdict *verdict)
{
	sqlite3_stmt *a = NULL, *b = NULL;
	bool equal = false;
	int more_a, more_b, column = 1;
	long row = 0;

	if (sqlite3_prepare_v2(db, tables[table].rows, -1, &a, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(other, tables[table].rows, -1, &b, NULL) != SQLITE_OK)
		goto out;
	sqlite3_bind_int64(a, 1, last);
	sqlite3_bind_int64(b, 1, last);
	for (equal = true; equal; row++) {
		more_a = sqlite3_step(a);
		more_b = sqlite3_step(b);
		equal = more_a == more_b && (more_a == SQLITE_ROW || more_a == SQLITE_DONE);
		if (!equal || more_a == SQLITE_DONE)
			break;
		for (column = 0; equal && column < sqlite3_column_count(a); column++)
			equal = equal_values(sqlite3_column_value(a, column),
					     sqlite3_column_value(b, column));
	}
out:
	if (!equal)
		complain(verdict, "table %s, row %ld (%s), %s: %.60s, the reference has %.60s",
			 tables[table].name, row, (const char *)sqlite3_column_text(a, 0),
			 sqlite3_column_name(a, column - 1),
			 (const char *)sqlite3_column_text(a, column - 1),
			 (const char *)sqlite3_column_text(b, column - 1));
	sqlite3_finalize(a);
	sqlite3_finalize(b);
	return equal;
}

static bool equal_traces(sqlite3 *db, const char *reference, int64_t last, struct verdict *verdict)
{
	sqlite3 *other = open_trace(reference, SQLITE_OPEN_READONLY);
	bool equal = other;

	for (size_t i = 0; equal && i < sizeof(tables) / sizeof(*tables); i++)
		equal = equal_rows(db, other, (int)i, last, verdict);
	sqlite3_close(other);
	return equal;
}

/* synwalk show opens it; @partial: whether it says that it is. */
static bool viewer_opens(const char *trace, bool *partial, struct verdict *verdict)
{
	char text[4096];
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		if (!freopen(SAID, "w", stdout) || !freopen(SAID, "a", stderr))
			_exit(97);
		execl(PROGRAM, "synwalk", "show", trace, "--packets", NULL);
		_exit(97);
	}
	waitpid(pid, &status, 0);
	read_said(SAID, text, sizeof(text));
	*partial = strstr(text, "\n# partial: ");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		complain(verdict, "synwalk show: status %x: %.150s", status, text);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* What the trace says of itself must be so; returns whether it says that it is complete. */
static bool judge_meta(const struct setting *setting, const struct moment *moment, sqlite3 *db,
		       int64_t last, struct verdict *verdict)
{
	int64_t run = moment->refused ? 0 : setting->steps;
	char status[32], lost[32], why[64];

	ask(db, "SELECT value FROM meta WHERE key = 'status'", status, sizeof(status));
	ask(db, "SELECT value FROM meta WHERE key = 'lost'", lost, sizeof(lost));
	ask(db, "SELECT value FROM meta WHERE key = 'why_lost'", why, sizeof(why));
	/* an index may be what has found no room: then it is complete without */
	if (!strcmp(status, "complete") ? last != setting->steps || strcmp(lost, "0") :
					  moment->complete)
		complain(verdict, "status is '%s', %s lost, %lld of %lld steps", status, lost,
			 (long long)last, (long long)setting->steps);
	if (strcmp(status, "complete") && strcmp(status, "partial") && strcmp(status, "recording"))
		complain(verdict, "status is '%s'", status);
	/* who could still write knows what is missing of what ran */
	if (moment->counts && strcmp(status, "complete") &&
	    (strcmp(status, "partial") || !*why || atoll(lost) != run - last))
		complain(verdict, "status is '%s', lost %s '%s', %lld of %lld steps", status, lost,
			 why, (long long)last, (long long)setting->steps);
	return !strcmp(status, "complete");
}

/* How many steps are missing of those that must be there. */
static int64_t missing(const struct setting *setting, const struct moment *moment, int64_t last)
{
	int64_t wanted = moment->witness;

	if (moment->complete)
		wanted = setting->steps;
	else if (moment->like)
		wanted = last_committed(moment->like);
	return wanted > last ? wanted - last : 0;
}

void judge(const struct setting *setting, const struct moment *moment, struct verdict *verdict)
{
	char sound[64] = "", number[32] = "";
	bool complete = false, partial = true;
	int64_t last = -1;
	sqlite3 *db;

	*verdict = (struct verdict){ .opens = true };
	/* the viewer may be the one that plays back the journal */
	if (moment->viewer_first)
		verdict->opens = viewer_opens(moment->trace, &partial, verdict);
	db = open_trace(moment->trace, SQLITE_OPEN_READWRITE);
	if (db)
		ask(db, last_step, number, sizeof(number));
	if (*number)
		last = atoll(number);
	if (last < 0) {
		complain(verdict, "plain SQLite: %s", db ? sqlite3_errmsg(db) : "does not open");
		verdict->opens = false;
		sqlite3_close(db);
		return;
	}
	ask(db, "PRAGMA integrity_check", sound, sizeof(sound));
	if (strcmp(sound, "ok"))
		complain(verdict, "integrity_check: %s", sound);
	complete = judge_meta(setting, moment, db, last, verdict);
	verdict->sound =
		!strcmp(sound, "ok") &&
		(!last || equal_traces(db, moment->like ? moment->like : REFERENCE, last, verdict));
	sqlite3_close(db);
	verdict->missing = missing(setting, moment, last);
	if (verdict->missing)
		complain(verdict, "ends at step %lld: %lld are missing", (long long)last,
			 (long long)verdict->missing);
	if (!moment->viewer_first)
		verdict->opens = viewer_opens(moment->trace, &partial, verdict);
	if (partial == complete)
		complain(verdict, "synwalk show says it is %s", partial ? "partial" : "complete");
	if (*moment->wrong)
		complain(verdict, "%s", moment->wrong);
}
