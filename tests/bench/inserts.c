/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Bare SQLite: how fast the rows of a trace go into tables by prepared INSERTs of one row each, one
 * transaction, no index, nothing else done. The rows are read into memory first; the tables are the
 * trace's own.
 *
 *     inserts TRACE.db NEW.db
 *
 * Prints steps, seconds, steps a second.
 */

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* The tables of the steps, and what stands beside some of them. */
static const char *const tables[] = { "log", "moment", "spot", "point", "packet" };
#define TABLES (sizeof(tables) / sizeof(*tables))

struct rows {
	sqlite3_value **values;
	size_t count, room; /* values */
	size_t columns;
	sqlite3_stmt *insert;
};

/* Reads a table into memory, and makes an empty one of the kind. */
static void take(sqlite3 *from, sqlite3 *to, const char *table, struct rows *rows)
{
	sqlite3_stmt *query;
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT sql FROM sqlite_master WHERE name = '%s'", table);
	check(from, !sqlite3_prepare_v2(from, sql, -1, &query, NULL) &&
			    sqlite3_step(query) == SQLITE_ROW);
	run(to, (const char *)sqlite3_column_text(query, 0));
	sqlite3_finalize(query);
	snprintf(sql, sizeof(sql), "SELECT * FROM %s", table);
	check(from, sqlite3_prepare_v2(from, sql, -1, &query, NULL) == SQLITE_OK);
	rows->columns = (size_t)sqlite3_column_count(query);
	while (sqlite3_step(query) == SQLITE_ROW) {
		if (rows->count + rows->columns > rows->room) {
			rows->room = rows->room ? rows->room * 2 : 1 << 16;
			rows->values = realloc(rows->values, rows->room * sizeof(*rows->values));
			if (!rows->values)
				abort();
		}
		for (size_t c = 0; c < rows->columns; c++)
			rows->values[rows->count++] =
				sqlite3_value_dup(sqlite3_column_value(query, (int)c));
	}
	sqlite3_finalize(query);
}

static void prepare(sqlite3 *to, const char *table, struct rows *rows)
{
	char sql[256];
	int at = snprintf(sql, sizeof(sql), "INSERT INTO %s VALUES (?", table);

	for (size_t c = 1; c < rows->columns; c++)
		at += snprintf(sql + at, sizeof(sql) - (size_t)at, ",?");
	snprintf(sql + at, sizeof(sql) - (size_t)at, ")");
	check(to, sqlite3_prepare_v2(to, sql, -1, &rows->insert, NULL) == SQLITE_OK);
}

static void put(sqlite3 *to, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i += rows->columns) {
		for (size_t c = 0; c < rows->columns; c++)
			sqlite3_bind_value(rows->insert, (int)c + 1, rows->values[i + c]);
		check(to, sqlite3_step(rows->insert) == SQLITE_DONE);
		sqlite3_reset(rows->insert);
	}
}

int main(int argc, char **argv)
{
	struct rows rows[TABLES] = { 0 };
	sqlite3 *from, *to;
	size_t steps = 0;
	double began;

	if (argc != 3)
		return 2;
	check(NULL, sqlite3_open_v2(argv[1], &from, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
	check(NULL, sqlite3_open(argv[2], &to) == SQLITE_OK);
	for (size_t i = 0; i < TABLES; i++) {
		take(from, to, tables[i], &rows[i]);
		if (!strcmp(tables[i], "log"))
			steps = rows[i].count / rows[i].columns;
	}
	run(to, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");

	began = now();
	run(to, "BEGIN");
	for (size_t i = 0; i < TABLES; i++) {
		prepare(to, tables[i], &rows[i]);
		put(to, &rows[i]);
		sqlite3_finalize(rows[i].insert);
	}
	run(to, "COMMIT");
	began = now() - began;
	printf("%zu %.4f %.0f\n", steps, began, (double)steps / began);

	for (size_t i = 0; i < TABLES; i++) {
		for (size_t v = 0; v < rows[i].count; v++)
			sqlite3_value_free(rows[i].values[v]);
		free(rows[i].values);
	}
	sqlite3_close(from);
	sqlite3_close(to);
	return 0;
}
