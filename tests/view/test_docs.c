/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * docs/trace-format.md must not drift: every column of every view stands in that view's section,
 * and every query of its page has the answer that stands there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* ------------------------------------------------------------------ the page of queries */

#define ROWS    16 /* of an answer are shown; then there is a line of three dots */
#define COLUMNS 8

/* An answer as the page shows it: a header, and columns of equal width. */
struct answer {
	char *cells[ROWS + 1][COLUMNS];
	int rows, columns;
	bool more;
};

static void ask(sqlite3 *db, const char *sql, struct answer *answer)
{
	sqlite3_stmt *st;

	memset(answer, 0, sizeof(*answer));
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s:\n%s", DOCUMENT, sqlite3_errmsg(db), sql);
	answer->columns = sqlite3_column_count(st);
	assert_true(answer->columns <= COLUMNS);
	for (int c = 0; c < answer->columns; c++)
		answer->cells[0][c] = strdup(sqlite3_column_name(st, c));
	answer->rows = 1;
	while (sqlite3_step(st) == SQLITE_ROW && !answer->more) {
		answer->more = answer->rows > ROWS;
		for (int c = 0; c < answer->columns && !answer->more; c++) {
			const char *cell = (const char *)sqlite3_column_text(st, c);

			answer->cells[answer->rows][c] = strdup(cell ? cell : "");
		}
		answer->rows += !answer->more;
	}
	sqlite3_finalize(st);
}

static void answer_free(struct answer *answer)
{
	for (int r = 0; r < answer->rows; r++)
		for (int c = 0; c < answer->columns; c++)
			free(answer->cells[r][c]);
}

static void print_answer(FILE *out, const struct answer *answer)
{
	size_t width[COLUMNS] = { 0 };

	for (int r = 0; r < answer->rows; r++)
		for (int c = 0; c < answer->columns; c++)
			if (strlen(answer->cells[r][c]) > width[c])
				width[c] = strlen(answer->cells[r][c]);
	for (int r = 0; r < answer->rows; r++)
		for (int c = 0; c < answer->columns; c++)
			fprintf(out, "%-*s%s", c + 1 < answer->columns ? (int)width[c] : 0,
				answer->cells[r][c], c + 1 < answer->columns ? "  " : "\n");
	if (answer->more)
		fputs("...\n", out);
}

/* Steps and lines move whenever the core's source does; they only have to be numbers. */
static bool moves(const char *column)
{
	size_t length = strlen(column);

	return (length >= 4 && !strcmp(column + length - 4, "step")) || !strcmp(column, "line");
}

static bool equal_cells(const char *column, const char *shown, const char *got)
{
	if (moves(column) && strcmp(shown, column))
		return *shown && strspn(shown, "0123456789") == strlen(shown) &&
		       strspn(got, "0123456789") == strlen(got);
	return !strcmp(shown, got);
}

/* Does the line show that row?  Cells stand at least two blanks apart; the line is cut up. */
static bool equal_row(const struct answer *answer, int row, char *line)
{
	for (int c = 0; c < answer->columns; c++) {
		char *end = c + 1 < answer->columns ? strstr(line, "  ") : line + strlen(line);

		if (!end)
			return false;
		if (*end)
			*end++ = '\0';
		if (!equal_cells(answer->cells[0][c], line, answer->cells[row][c]))
			return false;
		line = end + strspn(end, answer->columns > 1 ? " " : "");
	}
	return true;
}

/* The page's answer, from @shown to @end, is the one that was got. */
static void compare_answer(const char *sql, const char *shown, const char *end,
			   const struct answer *answer)
{
	char *copy = strndup(shown, (size_t)(end - shown)), *rest = copy, *line;
	int row = 0;

	while ((line = strsep(&rest, "\n")) && *line) {
		if (row == answer->rows ? !answer->more || strcmp(line, "...") :
					  !equal_row(answer, row, line)) {
			print_answer(stderr, answer);
			fail_msg(
				"%s: line %d of this answer differs; UPDATE_DOCS=1 %s writes it anew:\n%s",
				DOCUMENT, row + 1, "build/tests/view/test_docs", sql);
		}
		row++;
	}
	if (row != answer->rows + answer->more)
		fail_msg("%s: an answer of %d lines is shown with %d:\n%s", DOCUMENT,
			 answer->rows + answer->more, row, sql);
	free(copy);
}

/* The document with all answers as they are now goes to @out; without that they are compared. */
static int answer_all(sqlite3 *db, FILE *out)
{
	const char *from = text;
	int n = 0;

	for (char *p = text; (p = strstr(p, "\n```sql\n")); n++) {
		char *end = strstr(p + 8, "\n```\n"), *shown, *shown_end, *sql;
		struct answer answer;

		assert_non_null(end);
		sql = strndup(p + 8, (size_t)(end - p - 8));
		if (strncmp(end + 5, "```\n", 4))
			fail_msg("%s: no answer behind\n%s", DOCUMENT, sql);
		shown = end + 9;
		shown_end = strstr(shown - 1, "\n```\n");
		assert_non_null(shown_end);
		ask(db, sql, &answer);
		if (out) {
			fwrite(from, 1, (size_t)(shown - from), out);
			print_answer(out, &answer);
			from = shown_end + 1;
		} else {
			compare_answer(sql, shown, shown_end + 1, &answer);
		}
		answer_free(&answer);
		free(sql);
		p = shown_end;
	}
	if (out)
		fputs(from, out);
	return n;
}

static void test_queries(void **state)
{
	const char *path = fixture_path("connect.db");
	char command[512], *fresh = NULL;
	size_t size = 0;
	sqlite3 *db;
	FILE *out;

	snprintf(command, sizeof(command),
		 "build/synwalk connect --wire --no-view -o %s >/dev/null", path);
	assert_int_equal(system(command), 0);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (getenv("UPDATE_DOCS")) {
		out = open_memstream(&fresh, &size);
		answer_all(db, out);
		fclose(out);
		out = fopen(DOCUMENT, "w");
		assert_non_null(out);
		fwrite(fresh, 1, size, out);
		fclose(out);
		free(fresh);
	} else {
		assert_true(answer_all(db, NULL) >= 12);
	}
	sqlite3_close(db);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_queries),
	};

	return cmocka_run_group_tests_name("docs", tests, read_document, NULL);
}
