/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * docs/trace-format.md must not drift: every column of every view stands in that view's section,
 * and every query of its page can be asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/view/fixture.h"

#define DOCUMENT "docs/trace-format.md"

static char text[65536];

static int read_document(void **state)
{
	FILE *f = fopen(DOCUMENT, "r");

	if (!f)
		return -1;
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return 0;
}

static sqlite3 *open_trace(void)
{
	sqlite3 *db;

	make_fixture(fixture_path("docs.db"), FIXTURE_INDEXED);
	assert_int_equal(sqlite3_open(fixture_path("docs.db"), &db), SQLITE_OK);
	return db;
}

/* The part of the document between a view's heading and the next one. */
static char *section(const char *view)
{
	char heading[80];
	char *from, *to;

	snprintf(heading, sizeof(heading), "\n### `%s`\n", view);
	from = strstr(text, heading);
	if (!from)
		fail_msg("%s has no section on the view %s", DOCUMENT, view);
	from += strlen(heading);
	to = strstr(from, "\n##");
	return strndup(from, to ? (size_t)(to - from) : strlen(from));
}

static void test_columns(void **state)
{
	sqlite3 *db = open_trace();
	sqlite3_stmt *st;
	int n = 0;

	assert_int_equal(sqlite3_prepare_v2(db,
					    "SELECT m.name, c.name FROM sqlite_master m, "
					    "pragma_table_info(m.name) c WHERE m.type = 'view'",
					    -1, &st, NULL),
			 SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		char *part = section((const char *)sqlite3_column_text(st, 0));
		char column[80];

		snprintf(column, sizeof(column), "`%s`", sqlite3_column_text(st, 1));
		if (!strstr(part, column))
			fail_msg("%s: view %s: column %s is not told", DOCUMENT,
				 sqlite3_column_text(st, 0), column);
		free(part);
		n++;
	}
	assert_true(n > 80);
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static void test_queries(void **state)
{
	sqlite3 *db = open_trace();
	int n = 0;

	for (char *p = text; (p = strstr(p, "\n```sql\n")); n++) {
		char *end = strstr(p + 8, "\n```"), *sql, *why = NULL;

		assert_non_null(end);
		sql = strndup(p + 8, (size_t)(end - p - 8));
		if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
			fail_msg("%s: %s:\n%s", DOCUMENT, why, sql);
		free(sql);
		p = end;
	}
	assert_true(n >= 10);
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_queries),
	};

	return cmocka_run_group_tests_name("docs", tests, read_document, NULL);
}
