/* SPDX-License-Identifier: GPL-2.0-only */
/* See asking.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/record/asking.h"
#include "tests/record/watched/watched.h"

char folder[] = "/tmp/test_record.XXXXXX";
char trace[64], other[64];
sqlite3 *db;

struct record_options options(const char *path)
{
	return (struct record_options){
		.path = path,
		.scenario = "test",
		.seed = 7,
		.virtual_ns = watched_clock(),
		.hz = 1000,
		.version = "0",
		.prefix = "tests/record/watched/",
	};
}

void record_to(const char *path, void (*scenario)(void))
{
	struct record_options o = options(path);
	char err[256] = "";

	watched_reset();
	assert_int_equal(record_start(&o, err, sizeof(err)), 0);
	scenario();
	assert_int_equal(record_stop("0", err, sizeof(err)), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

void open_trace(const char *path)
{
	sqlite3_close(db);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
}

void record(void (*scenario)(void))
{
	record_to(trace, scenario);
	open_trace(trace);
}

/* All rows of a query as text: columns with '|' between, rows with a newline behind. */
char *query(const char *sql)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const char *column = (const char *)sqlite3_column_text(stmt, i);

			fprintf(out, "%s%s", i ? "|" : "", column ? column : "");
		}
		fputc('\n', out);
	}
	sqlite3_finalize(stmt);
	fclose(out);
	return text;
}

void check(const char *sql, const char *expected)
{
	char *text = query(sql);

	if (strcmp(text, expected))
		fail_msg("%s\n--- expected\n%s--- got\n%s", sql, expected, text);
	free(text);
}

int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(trace, sizeof(trace), "%s/trace.db", folder);
	snprintf(other, sizeof(other), "%s/other.db", folder);
	return 0;
}

int remove_folder(void **state)
{
	(void)state;
	sqlite3_close(db);
	unlink(trace);
	unlink(other);
	return rmdir(folder);
}
