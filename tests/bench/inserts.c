/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Bare SQLite: how fast the rows of a trace go into a table by prepared INSERT, one transaction,
 * nothing else done. The rows are read into memory first; the table is the trace's own `event`.
 *
 *     inserts TRACE.db NEW.db
 *
 * Prints rows, seconds, rows a second.
 */

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void check(sqlite3 *db, int ok)
{
	if (ok)
		return;
	fprintf(stderr, "inserts: %s\n", sqlite3_errmsg(db));
	exit(2);
}

static void run(sqlite3 *db, const char *sql)
{
	check(db, sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

int main(int argc, char **argv)
{
	sqlite3_value **rows = NULL;
	sqlite3_stmt *query, *insert;
	size_t count = 0, room = 0, i;
	const char *create = NULL;
	int columns, c;
	sqlite3 *from, *to;
	char sql[512];
	double began;
	size_t at;

	if (argc != 3)
		return 2;
	check(NULL, sqlite3_open_v2(argv[1], &from, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
	check(NULL, sqlite3_open(argv[2], &to) == SQLITE_OK);

	check(from, !sqlite3_prepare_v2(from, "SELECT sql FROM sqlite_master WHERE name = 'event'",
					-1, &query, NULL) &&
			    sqlite3_step(query) == SQLITE_ROW);
	create = (const char *)sqlite3_column_text(query, 0);
	run(to, create);
	sqlite3_finalize(query);

	check(from, sqlite3_prepare_v2(from, "SELECT * FROM event", -1, &query, NULL) == SQLITE_OK);
	columns = sqlite3_column_count(query);
	while (sqlite3_step(query) == SQLITE_ROW) {
		if (count + (size_t)columns > room) {
			room = room ? room * 2 : 1 << 16;
			rows = realloc(rows, room * sizeof(*rows));
			if (!rows)
				abort();
		}
		for (c = 0; c < columns; c++)
			rows[count++] = sqlite3_value_dup(sqlite3_column_value(query, c));
	}
	sqlite3_finalize(query);

	at = (size_t)snprintf(sql, sizeof(sql), "INSERT INTO event VALUES (?");
	for (c = 1; c < columns; c++)
		at += (size_t)snprintf(sql + at, sizeof(sql) - at, ",?");
	snprintf(sql + at, sizeof(sql) - at, ")");
	run(to, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");

	began = now();
	run(to, "BEGIN");
	check(to, sqlite3_prepare_v2(to, sql, -1, &insert, NULL) == SQLITE_OK);
	for (i = 0; i < count; i += (size_t)columns) {
		for (c = 0; c < columns; c++)
			sqlite3_bind_value(insert, c + 1, rows[i + (size_t)c]);
		check(to, sqlite3_step(insert) == SQLITE_DONE);
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	run(to, "COMMIT");
	began = now() - began;
	count /= (size_t)columns;
	printf("%zu %.3f %.0f\n", count, began, (double)count / began);

	for (i = 0; i < count * (size_t)columns; i++)
		sqlite3_value_free(rows[i]);
	free(rows);
	sqlite3_close(from);
	sqlite3_close(to);
	return 0;
}
