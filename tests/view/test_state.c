/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an object holds at a step, as trace/read tells it by its lookups, is what a replay of all
 * stores up to that step arrives at.  The replay knows nothing of indexes: it reads the stores in
 * their order, and a store to the whole of a field makes what its parts held before invalid.
 */
#include <setjmp.h>
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
#include "trace/read/read.h"

#define QUESTIONS 60
#define PLACES    2048

/* What a replay arrived at, place by place. */
struct held {
	int field, place;
	int64_t step;
};

static struct held held[PLACES];
static size_t held_count;

static sqlite3 *db;

static int64_t number(const char *sql, int64_t argument)
{
	sqlite3_stmt *st;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_int64(st, 1, argument);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

static void replay_store(int field, int place, int64_t step)
{
	size_t at = 0;

	for (size_t i = 0; i < held_count; i++)
		if (held[i].field != field || (held[i].place != place && (place || !field)))
			held[at++] = held[i];
	assert_true(at < PLACES);
	held[at] = (struct held){ field, place, step };
	held_count = at + 1;
}

static void replay(int64_t object, int64_t step)
{
	sqlite3_stmt *st;

	held_count = 0;
	assert_int_equal(
		sqlite3_prepare_v2(db,
				   "SELECT coalesce(s.field, 0), "
				   "CASE WHEN s.name IS NULL THEN 0 ELSE s.id END, e.step "
				   "FROM log e JOIN spot s ON s.id = e.what & 16777215 "
				   "WHERE e.at & 31 = 3 AND e.what >> 24 = ? AND e.step <= ? "
				   "ORDER BY e.step",
				   -1, &st, NULL),
		SQLITE_OK);
	sqlite3_bind_int64(st, 1, object);
	sqlite3_bind_int64(st, 2, step);
	while (sqlite3_step(st) == SQLITE_ROW)
		replay_store(sqlite3_column_int(st, 0), sqlite3_column_int(st, 1),
			     sqlite3_column_int64(st, 2));
	sqlite3_finalize(st);
}

/* The member holds what its store put there. */
static void compare_value(const struct trace_member *m)
{
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT new FROM log WHERE step = ?", -1, &st,
					    NULL),
			 SQLITE_OK);
	sqlite3_bind_int64(st, 1, m->step);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	if (sqlite3_column_type(st, 0) == SQLITE_INTEGER) {
		assert_int_equal(m->value.type, TRACE_INT);
		assert_int_equal(m->value.num, sqlite3_column_int64(st, 0));
	} else if (sqlite3_column_type(st, 0) != SQLITE_NULL) {
		assert_int_equal(m->value.len, sqlite3_column_bytes(st, 0));
		assert_memory_equal(m->value.bytes, sqlite3_column_blob(st, 0), m->value.len);
	} else {
		assert_int_equal(m->value.type, TRACE_NULL);
	}
	sqlite3_finalize(st);
}

/* Every member that a store reached is one that the replay holds, and the other way round. */
static void compare(struct trace *t, int64_t object, int64_t step)
{
	struct trace_state state;
	size_t stored = 0;

	replay(object, step);
	assert_int_equal(trace_state(t, object, step, &state), 0);
	for (size_t i = 0; i < state.count; i++) {
		const struct trace_member *m = &state.members[i];
		size_t h = 0;

		if (!m->step)
			continue;
		while (h < held_count && held[h].step != m->step)
			h++;
		if (h == held_count)
			fail_msg(
				"object %lld at step %lld: %s is of step %lld, which a replay does not hold",
				(long long)object, (long long)step, m->name, (long long)m->step);
		compare_value(m);
		stored++;
	}
	if (stored != held_count)
		fail_msg("object %lld at step %lld: %zu members, a replay holds %zu",
			 (long long)object, (long long)step, stored, held_count);
	trace_state_free(&state);
}

/* Objects of all kinds and, each second time, one of those with the most stores; steps at random. */
static void ask_everywhere(const char *path)
{
	char err[512];
	struct trace *t = trace_open(path, err, sizeof(err));
	int64_t objects, object;

	if (!t)
		fail_msg("%s", err);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	objects = number("SELECT max(id) FROM object WHERE ?1 = 0", 0);
	srandom(1);
	for (int i = 0; i < QUESTIONS; i++) {
		object = i % 2 ? 1 + random() % objects :
				 number("SELECT what >> 24 FROM log WHERE at & 31 = 3 GROUP BY 1 "
					"ORDER BY count(*) DESC LIMIT 1 OFFSET ?",
					random() % 12);
		compare(t, object, random() % (trace_last_step(t) + 1));
		compare(t, object, trace_last_step(t));
	}
	trace_close(t);
	sqlite3_close(db);
}

/* Records, asks; says that the lists are not whole, as in a trace that was cut short; asks again. */
static void record_and_ask(const char *arguments)
{
	const char *path = fixture_path("state.db");
	char command[512];

	snprintf(command, sizeof(command), "build/synwalk %s -o %s >/dev/null", arguments, path);
	assert_int_equal(system(command), 0);
	ask_everywhere(path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE meta SET value = 0 WHERE key = 'indexed'", NULL,
				      NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	ask_everywhere(path);
	unlink(path);
}

static void test_connect(void **state)
{
	record_and_ask("connect --wire --no-view");
}

static void test_data(void **state)
{
	record_and_ask("run tests/pkt/recovery/eifel-two-holes.pkt");
}

static void test_udp(void **state)
{
	record_and_ask("run tests/pkt/udp/again.pkt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_udp),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
