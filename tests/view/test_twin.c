/* SPDX-License-Identifier: GPL-2.0-only */
/* Two replays side by side: the model without a terminal, then the screen. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/view/fixture.h"
#include "tests/view/terminal.h"
#include "viewer/twin.h"

static struct fixture_steps at;

static void change(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static struct trace *open_trace(const char *path)
{
	char err[300] = "";
	struct trace *t = trace_open(path, err, sizeof(err));

	if (!t)
		fail_msg("%s", err);
	return t;
}

/* Two fixtures, of which the second is changed by some SQL. */
static struct twin *open_twin(const char *sql)
{
	const char *a = fixture_path("twin_a.db"), *b;
	char err[300] = "";
	struct trace *first;
	struct twin *t;

	at = make_fixture(a, 0);
	first = open_trace(a);
	b = fixture_path("twin_b.db");
	make_fixture(b, 0);
	if (sql)
		change(b, sql);
	t = twin_new(first, open_trace(b), err, sizeof(err));
	if (!t)
		fail_msg("%s", err);
	return t;
}

/* The state is another one from the handshake on. */
static const char *other_state(void)
{
	static char sql[100];

	at = make_fixture(fixture_path("twin_a.db"), 0);
	snprintf(sql, sizeof(sql), "UPDATE log SET new = 5 WHERE step = %lld", at.established);
	return sql;
}

static void test_equal(void **state)
{
	struct twin *t = open_twin(NULL);
	struct diff_pair here;
	struct twin_rows w;

	assert_string_equal(t->message, "the traces are equal");
	assert_int_equal(t->count, at.last);
	assert_int_equal(t->ndiffers, 0);
	assert_true(twin_here(t, &here));
	assert_int_equal(here.a, 1);
	assert_int_equal(here.b, 1);
	assert_false(twin_difference(t, true));
	assert_string_equal(t->message, "no difference behind here");
	assert_false(twin_cause(t));
	/* equal calls are one line each */
	assert_int_equal(twin_walk(t, 10, 10, &w), 0);
	assert_true(w.rows[0].folded);
	assert_int_equal(w.rows[0].sign, '=');
	assert_string_equal(w.rows[0].text[0], w.rows[0].text[1]);
	twin_rows_free(&w);
	assert_true(twin_step(t, true));
	assert_true(twin_here(t, &here));
	assert_int_equal(here.a, 2);
	assert_true(twin_step(t, false));
	assert_false(twin_step(t, false));
	assert_string_equal(t->message, "this is the first step");
	twin_free(t);
}

static void test_difference(void **state)
{
	struct twin *t = open_twin(other_state());
	struct diff_pair here;
	struct twin_rows w;
	char words[300];
	bool seen = false;

	assert_true(t->ndiffers > 0);
	assert_true(twin_here(t, &here));
	assert_int_equal(here.a, at.established);
	assert_int_equal(here.b, at.established);
	twin_words(t, words, sizeof(words));
	assert_non_null(strstr(words, "stores another value to tcp_sock#1.sk_state"));
	assert_int_equal(twin_walk(t, 8, 8, &w), 0);
	for (int i = 0; i < w.count; i++) {
		if (!w.rows[i].current)
			continue;
		seen = true;
		assert_int_equal(w.rows[i].sign, '!');
		assert_non_null(strstr(w.rows[i].text[0], "TCP_ESTABLISHED"));
		assert_null(strstr(w.rows[i].text[1], "TCP_ESTABLISHED"));
	}
	assert_true(seen);
	twin_rows_free(&w);
	assert_false(twin_cause(t));
	assert_string_equal(t->message, "this follows from nothing else: it is a cause");
	/* from outside, the call in which something differs stands open */
	assert_true(twin_go(t, 0));
	assert_true(twin_difference(t, true));
	assert_true(twin_here(t, &here));
	assert_int_equal(here.a, at.established);
	assert_true(twin_go_step(t, 1, at.syn));
	assert_true(twin_here(t, &here));
	assert_int_equal(here.b, at.syn);
	twin_free(t);
}

/* Every line is met forwards and backwards, and each step of both once. */
static void test_both_ways(void **state)
{
	struct twin *t = open_twin(other_state());
	int64_t lines[200], n = 0;
	struct diff_pair here;
	int64_t last = 0;

	twin_set_detail(t, DETAIL_ALL);
	twin_go(t, 0);
	do {
		assert_true(twin_here(t, &here));
		assert_int_equal(here.a, last + 1);
		last = here.a;
		lines[n++] = t->at;
	} while (n < 200 && twin_step(t, true));
	assert_int_equal(last, at.last);
	for (; n > 1; n--) {
		assert_int_equal(t->at, lines[n - 1]);
		assert_true(twin_step(t, false));
	}
	twin_set_detail(t, DETAILS);
	assert_string_equal(t->message, "all steps: there is no more");
	twin_free(t);
}

static void test_only_one_has(void **state)
{
	static char sql[300];
	struct twin *t;
	struct twin_rows w;
	bool seen = false;

	at = make_fixture(fixture_path("twin_a.db"), 0);
	/* the second has a comparison in place of the drop, so neither answers to the other */
	snprintf(
		sql, sizeof(sql),
		"UPDATE log SET at = (at & ~31) | 4, what = NULL, old = 1, new = 2 WHERE step = %lld;"
		"DELETE FROM point WHERE step = %lld",
		at.drop, at.drop);
	t = open_twin(sql);
	assert_true(t->count > at.last);
	assert_int_equal(twin_walk(t, 8, 8, &w), 0);
	for (int i = 0; i < w.count; i++) {
		if (w.rows[i].sign == '<') {
			seen = true;
			assert_int_equal(w.rows[i].a, at.drop);
			assert_string_equal(w.rows[i].text[1], "");
		}
	}
	assert_true(seen);
	twin_rows_free(&w);
	twin_free(t);
}

static void test_screen(void **state)
{
	twin_free(open_twin(other_state()));
	start_with(fixture_path("twin_a.db"), fixture_path("twin_b.db"), 24, 80);
	see("twin_a.db | twin_b.db");
	see("stores another value to tcp_sock#1.sk_state");
	see("here they part");
	keys("g");
	see("step 1 | 1");
	see("the same");
	keys("d");
	see("stores another value");
	keys("12g");
	see("step 12 | 12");
	keys("?");
	see("! differs");
	keys("sSnN+-D yG");
	resize(40, 120);
	see("lines differ");
	resize(6, 30);
	see("too small");
	resize(24, 80);
	quit();
}

/* x explains both sides where they differ, once where they are the same; Tab lets keys scroll it. */
static void test_explained(void **state)
{
	twin_free(open_twin(other_state()));
	start_with(fixture_path("twin_a.db"), fixture_path("twin_b.db"), 24, 80);
	see("here they part");
	keys("x");
	see("explain");
	see("field sk_state of tcp_sock");
	/* each value on its side */
	assert_non_null(strstr(strstr(screen(), "explain"), "A store: memory changes here."));
	assert_non_null(strstr(strstr(screen(), "A store") + 1, "A store"));
	keys("g");
	see("the same");
	assert_null(strstr(strstr(screen(), "explain"), "nothing on this side"));
	see("It is the outermost call");
	assert_null(strstr(strstr(screen(), "outermost") + 1, "outermost"));
	keys("d");
	resize(14, 80);
	see("lines more");
	keys("\t");
	see("scroll");
	keys("jjjj");
	see_not("A store");
	keys("kkkk");
	see("A store");
	/* beyond the end there is nothing to scroll to, and back is one key away */
	keys("\033[6~\033[6~\033[6~\033[6~\033[6~\033[6~");
	see_not("lines more");
	keys("k");
	see("1 lines more");
	keys("\tn");
	see_not("scroll  Tab the walk");
	keys("x");
	see_not("explain:");
	see("x explain");
	quit();
}

/* In Chinese; a wide character that is cut leaves the last cell of the screen alone. */
static void test_chinese(void **state)
{
	twin_free(open_twin(other_state()));
	start_in_chinese(fixture_path("twin_a.db"), fixture_path("twin_b.db"), 24, 80);
	see("写入 tcp_sock#1.sk_state 的值不同");
	keys("x");
	see("内存在这里改变");
	for (int cols = 80; cols > 76; cols--) {
		resize(24, cols);
		keys("?");
		see("! 不同  < 只在第一个");
		assert_non_null(strstr(row(0), "twin_a.db | twin_b.db"));
		assert_non_null(strstr(row(23), "…"));
	}
	keys("g");
	see("两侧相同");
	quit();
}

/* Without a terminal it is what diff prints. */
static void test_dumb(void **state)
{
	twin_free(open_twin(other_state()));
	setenv("TERM", "dumb", 1);
	start_with(fixture_path("twin_a.db"), fixture_path("twin_b.db"), 24, 80);
	news('E', 1);
	see("sk_state");
	assert_false(terminal_alternate());
	finish();
	setenv("TERM", "xterm-256color", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),     cmocka_unit_test(test_difference),
		cmocka_unit_test(test_both_ways), cmocka_unit_test(test_only_one_has),
		cmocka_unit_test(test_screen),    cmocka_unit_test(test_explained),
		cmocka_unit_test(test_chinese),   cmocka_unit_test(test_dumb),
	};

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("twin", tests, NULL, NULL);
}
