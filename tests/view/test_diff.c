/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace/diff on traces made by hand: the small trace of fixture.c against copies of it that differ in
 * one known way, and the parts that can be tested by themselves.
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
#include "trace/diff/diff.h"
#include "trace/diff/internal.h"

struct both {
	struct trace *a, *b;
	struct diff *d;
	struct fixture_steps s;
};

/* The fixture, and a copy in which SQL was run. Both are compared with RULES, NULL: the default. */
static struct both compare(const char *sql, const struct diff_options *o)
{
	struct both two;
	const char *path = fixture_path("b.db");
	char err[400] = "";
	sqlite3 *db;

	two.a = open_fixture("a.db", FIXTURE_PLAIN, &two.s);
	make_fixture(path, FIXTURE_PLAIN);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
	two.b = trace_open(path, err, sizeof(err));
	if (!two.b)
		fail_msg("%s", err);
	two.d = diff_traces(two.a, two.b, o, err, sizeof(err));
	if (!two.d)
		fail_msg("%s", err);
	return two;
}

static void done(struct both *two)
{
	diff_free(two->d);
	trace_close(two->a);
	trace_close(two->b);
}

static void test_equal(void **state)
{
	struct both two = compare("", NULL);
	struct diff_pair p = { 0 };
	int64_t n = 0;

	assert_null(diff_first(two.d));
	while (diff_next_pair(two.d, &p)) {
		n++;
		assert_int_equal(p.a, n);
		assert_int_equal(p.b, n);
		assert_false(p.differs);
	}
	assert_int_equal(n, two.s.last);
	assert_int_equal(diff_mate_of_a(two.d, 0), 0);
	assert_int_equal(diff_mate_of_b(two.d, n + 1), 0);
	done(&two);
}

static void test_value(void **state)
{
	struct fixture_steps s = make_fixture(fixture_path("x.db"), FIXTURE_PLAIN);
	char sql[200];
	struct both two;
	const struct diff_entry *e;

	snprintf(sql, sizeof(sql), "UPDATE log SET new = 7 WHERE step = %lld", s.state_store);
	two = compare(sql, NULL);
	e = diff_first(two.d);
	assert_non_null(e);
	assert_int_equal(e->kind, DIFF_VALUE);
	assert_int_equal(e->a, s.state_store);
	assert_int_equal(e->b, s.state_store);
	assert_string_equal(e->what, "new");
	assert_string_not_equal(e->function, "");
	assert_int_equal(diff_counts(two.d)->entries, 1);
	assert_int_equal(diff_counts(two.d)->causes, 1);
	done(&two);
}

static void test_missing(void **state)
{
	struct fixture_steps s = make_fixture(fixture_path("x.db"), FIXTURE_PLAIN);
	char sql[200];
	struct both two;
	const struct diff_entry *e;
	struct diff_pair p = { 0 };
	int alone = 0;

	/* the steps of a trace have no gaps, but a reader must bear one */
	snprintf(sql, sizeof(sql), "DELETE FROM log WHERE step = %lld", s.state_store);
	two = compare(sql, NULL);
	e = diff_first(two.d);
	assert_non_null(e);
	assert_int_equal(e->kind, DIFF_MISSING);
	assert_int_equal(e->a, s.state_store);
	assert_int_equal(e->a_steps, 1);
	assert_int_equal(diff_counts(two.d)->missing, 1);
	assert_int_equal(diff_mate_of_a(two.d, s.state_store), 0);
	while (diff_next_pair(two.d, &p))
		alone += p.a && !p.b && p.differs;
	assert_int_equal(alone, 1);
	done(&two);
}

static void test_ignore_and_only(void **state)
{
	struct fixture_steps s = make_fixture(fixture_path("x.db"), FIXTURE_PLAIN);
	static const char *const store[] = { "store", NULL }, *const packet[] = { "packet", NULL };
	static const char *const field[] = { "tcp_sock.*", NULL };
	struct diff_options o = { .ignore = store };
	char sql[200];
	struct both two;

	snprintf(sql, sizeof(sql), "UPDATE log SET new = 7 WHERE step = %lld", s.state_store);
	two = compare(sql, &o);
	assert_null(diff_first(two.d));
	done(&two);
	o = (struct diff_options){ .only = packet };
	two = compare(sql, &o);
	assert_null(diff_first(two.d));
	done(&two);
	o = (struct diff_options){ .only = store };
	two = compare(sql, &o);
	assert_non_null(diff_first(two.d));
	done(&two);
	o = (struct diff_options){ .ignore = field };
	two = compare(sql, &o);
	assert_null(diff_first(two.d));
	done(&two);
}

static void test_rules(void **state)
{
	char err[200] = "";
	struct diff_rules *r = diff_rules_parse("x", diff_default_rules, err, sizeof(err));
	struct place p = { PLACE_RETURN, "jhash2", "", NULL };

	assert_non_null(r);
	assert_true(rules_find(r, &p) >= 0);
	assert_true(rules_inside(r, "jhash2") >= 0);
	assert_int_equal(rules_inside(r, "tcp_connect"), -1);
	p = (struct place){ PLACE_STORE, "tcp_sock#12", "inet_id", "tcp_v4_connect" };
	assert_true(rules_find(r, &p) >= 0);
	p.part = "snd_una";
	assert_int_equal(rules_find(r, &p), -1);
	diff_rules_free(r);
}

static void test_rules_trouble(void **state)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ "own", "x: line 1: nothing comes after the first word" },
		{ "\n# c\nmine f()",
		  "x: line 3: a rule begins with own, truth, inside, isn or clock" },
		{ "own f", "x: line 1: a place looks like f(), f(argument), f:local, f?, "
			   "type.field or packet field" },
		{ "own :x", "x: line 1: half of the place is missing" },
		{ "own ()", "x: line 1: a function's name is missing" },
		{ "inside f()", "x: line 1: after 'inside' comes the name of a function" },
		{ "own f() in g", "x: line 1: 'in FUNCTION' belongs to type.field or f(argument)" },
	};
	char err[200];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(diff_rules_parse("x", bad[i].text, err, sizeof(err)));
		assert_string_equal(err, bad[i].message);
	}
}

/* Sequences: letters as keys; the answer in the letters of B's indexes. */
static void check_sequence(const char *a, const char *b, const char *want)
{
	uint64_t ka[64], kb[64];
	int pa[64];
	char got[64] = "";

	for (size_t i = 0; a[i]; i++) {
		ka[i] = (unsigned char)a[i];
		pa[i] = -1;
	}
	for (size_t i = 0; b[i]; i++)
		kb[i] = (unsigned char)b[i];
	assert_int_equal(sequence_align(ka, 0, (int)strlen(a), kb, 0, (int)strlen(b), pa), 0);
	for (size_t i = 0; a[i]; i++)
		got[i] = pa[i] < 0 ? '-' : (char)('0' + pa[i]);
	assert_string_equal(got, want);
}

static void test_sequence(void **state)
{
	check_sequence("", "", "");
	check_sequence("abc", "abc", "012");
	check_sequence("abc", "", "---");
	check_sequence("abc", "axc", "0-2");
	check_sequence("abcd", "bcd", "-012");
	check_sequence("bcd", "abcd", "123");
	check_sequence("xaxbxc", "xbxc", "0--123");
	check_sequence("aabb", "abab", "0-13");
	check_sequence("abcabba", "cbabac", "--023-4");
}

/* Any two sequences: what answers to one another is equal and in order, and no less than greed finds. */
static void test_sequence_at_random(void **state)
{
	uint64_t ka[200], kb[200];
	unsigned int seed = 1;
	int pa[200];

	for (int round = 0; round < 500; round++) {
		int n = rand_r(&seed) % 200, m = rand_r(&seed) % 200, last = -1;
		int keys = 1 + rand_r(&seed) % 40;

		for (int i = 0; i < n; i++) {
			ka[i] = (uint64_t)(rand_r(&seed) % keys);
			pa[i] = -1;
		}
		for (int i = 0; i < m; i++)
			kb[i] = (uint64_t)(rand_r(&seed) % keys);
		assert_int_equal(sequence_align(ka, 0, n, kb, 0, m, pa), 0);
		for (int i = 0; i < n; i++) {
			if (pa[i] < 0)
				continue;
			assert_true(pa[i] > last && pa[i] < m);
			assert_true(ka[i] == kb[pa[i]]);
			last = pa[i];
		}
	}
}

static void test_known(void **state)
{
	struct known k;

	assert_int_equal(known_init(&k), 0);
	assert_int_equal(known_equal(&k, 52880, 34720), -1);
	assert_int_equal(known_pair(&k, 52880, 34720, 3), 0);
	assert_int_equal(known_equal(&k, 52880, 34720), 3);
	assert_int_equal(known_equal(&k, 34720, 52880), -1);
	/* in the other byte order: 0xce90 and 0x87a0 */
	assert_int_equal(known_equal(&k, 0x90ce, 0xa087), 3);
	/* what is small may be anything */
	assert_int_equal(known_pair(&k, 3, 5, 3), 0);
	assert_int_equal(known_equal(&k, 3, 5), -1);
	/* counting on from two numbers, around 2^32 too */
	known_shift(&k, 0xfffffff0, 1000, false, 4);
	assert_int_equal(known_equal(&k, 0xfffffff1, 1001), 4);
	assert_int_equal(known_equal(&k, 5, 1021), 4);
	assert_int_equal(known_equal(&k, 5, 1022), -1);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(known_pair(&k, 1000 + i, 100000 + i * 7, 1), 0);
	for (int i = 0; i < 5000; i++)
		assert_true(known_equal(&k, 1000 + i, 100000 + i * 7) >= 0);
	known_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),    cmocka_unit_test(test_value),
		cmocka_unit_test(test_missing),  cmocka_unit_test(test_ignore_and_only),
		cmocka_unit_test(test_rules),    cmocka_unit_test(test_rules_trouble),
		cmocka_unit_test(test_sequence), cmocka_unit_test(test_sequence_at_random),
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
