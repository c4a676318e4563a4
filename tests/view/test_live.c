/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace that grows while it is read and viewed: the test plays the recorder, with its lock. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/view/fixture.h"
#include "tests/view/terminal.h"
#include "trace/read/read.h"
#include "viewer/model.h"

/* More steps than are noted at once (RAW_STEPS of trace/read/seek.c). */
#define MANY 250000

static struct {
	sqlite3 *db;
	int lock;
	struct fixture_steps at;
} recorder;

static void write_rows(const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(recorder.db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
}

/* Begins a recording with the steps of the hand-made trace, or with none. */
static const char *begin(unsigned int flags)
{
	const char *path = fixture_path("live.db");

	recorder.at = make_fixture(path, FIXTURE_PARTIAL | flags);
	recorder.lock = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(recorder.lock, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(sqlite3_open(path, &recorder.db), SQLITE_OK);
	write_rows("PRAGMA synchronous = OFF");
	sqlite3_busy_timeout(recorder.db, 10000);
	return path;
}

/* Ends it; @status NULL: the recorder has died. */
static void end(const char *status)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "UPDATE meta SET value = '%s' WHERE key = 'status'",
		 status ? status : "recording");
	write_rows(sql);
	sqlite3_close(recorder.db);
	/* the viewer has inherited the descriptor: to close it alone would keep the lock */
	flock(recorder.lock, LOCK_UN);
	close(recorder.lock);
}

/* A call of cpu_idle at the end of the trace, with one line in it and its return. */
#define CALL                                                                                  \
	"INSERT INTO log(parent, at, what, old, new) VALUES (NULL, 31 * 32 + 1, 7, 0, '{}');" \
	"INSERT INTO log(parent, at) SELECT max(step), 32 * 32 + 5 FROM log;"                 \
	"INSERT INTO log(parent, at) SELECT max(step) - 1, 33 * 32 + 2 FROM log;"

static void record_call(void)
{
	write_rows("BEGIN;" CALL "COMMIT");
}

static struct trace *open_live(const char *path)
{
	char err[400];
	struct trace *t = trace_open(path, err, sizeof(err));

	if (!t)
		fail_msg("%s", err);
	return t;
}

/* ---- reading ------------------------------------------------------------------------------- */

static void test_steps_come(void **state)
{
	struct trace *t = open_live(begin(0));
	int64_t last = recorder.at.last;
	struct trace_step s;

	(void)state;
	assert_true(trace_is_live(t));
	assert_true(trace_is_partial(t));
	assert_int_equal(trace_refresh(t), 0);
	/* asked before they are there: what stands in for lists must grow, too */
	assert_int_equal(trace_next_call_of(t, last, 7), 0);
	record_call();
	assert_int_equal(trace_last_step(t), last);
	assert_int_equal(trace_next(t, last, TRACE_ALL_KINDS), 0);
	assert_int_equal(trace_next_call_of(t, last, 7), 0);
	assert_int_equal(trace_refresh(t), 1);
	assert_int_equal(trace_refresh(t), 0);
	assert_int_equal(trace_last_step(t), last + 3);
	assert_int_equal(trace_next_call_of(t, last, 7), last + 1);
	assert_int_equal(trace_return_of(t, last + 1), last + 3);
	assert_int_equal(trace_step(t, last + 2, &s), 1);
	assert_string_equal(s.func->name, "cpu_idle");
	trace_step_free(&s);
	write_rows("INSERT INTO log(parent, at, what, old, new) VALUES "
		   "(NULL, 3, (1 << 24) + (SELECT id FROM spot WHERE field = 1), 2, 1)");
	assert_true(trace_last_store(t, last + 3, 1, 1, NULL) <= last);
	assert_int_equal(trace_refresh(t), 1);
	assert_int_equal(trace_last_store(t, last + 4, 1, 1, NULL), last + 4);
	end("complete");
	assert_true(trace_is_live(t));
	assert_int_equal(trace_refresh(t), 1);
	assert_false(trace_is_live(t));
	assert_false(trace_is_partial(t));
	assert_int_equal(trace_refresh(t), 0);
	assert_null(trace_error(t));
	trace_close(t);
}

/* Functions, types, tasks and objects too; what was handed out before stays what it was. */
static void test_names_come(void **state)
{
	struct trace *t = open_live(begin(0));
	const struct trace_func *old = trace_func(t, 1);
	const struct trace_variable *variable = trace_variable(t, 1);
	struct trace_object object;
	size_t length;

	(void)state;
	assert_null(trace_func_by_name(t, "late200"));
	/* more than there was room for */
	write_rows(
		"WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
		"INSERT INTO func SELECT i, 'late' || i, 2, i, i, 'int', '' FROM n;"
		"INSERT INTO variable VALUES (1000, 100, 'v', 'int', -1, 3);"
		"INSERT INTO task VALUES (7, 'other');"
		"INSERT INTO object VALUES (9, 'tcp_sock#2', 1, 'heap', 64, 3, NULL);"
		"INSERT INTO file VALUES (3, 'core/new.c', NULL, 'one' || char(10) || 'two');"
		"INSERT INTO enumeration VALUES (2, 'late', 5, 'FIVE')");
	record_call();
	assert_int_equal(trace_refresh(t), 1);
	assert_int_equal(trace_func_by_name(t, "late200")->line, 200);
	assert_string_equal(trace_func_by_name(t, "late200")->file->path, "core/net/ipv4/tcp.c");
	assert_string_equal(trace_variable(t, 1000)->name, "v");
	assert_string_equal(trace_task_name(t, 7), "other");
	assert_string_equal(trace_symbol(t, 2, 5), "FIVE");
	assert_int_equal(trace_object_by_name(t, "tcp_sock#2", &object), 1);
	trace_object_free(&object);
	assert_int_equal(trace_source_lines(t, trace_file(t, 3)), 2);
	assert_string_equal(old->name, "sys_connect");
	assert_string_equal(variable->name, "fd");
	assert_non_null(trace_source_line(t, old->file, 2, &length));
	end("complete");
	trace_close(t);
}

static void test_from_nothing(void **state)
{
	struct trace *t = open_live(begin(FIXTURE_EMPTY));
	struct model *m = model_new(t);

	(void)state;
	assert_int_equal(m->step, 0);
	assert_false(model_refresh(m));
	write_rows("INSERT INTO moment VALUES (1, 0, 0, 0)");
	record_call();
	assert_true(model_refresh(m));
	assert_int_equal(m->step, 1);
	end("complete");
	assert_true(model_refresh(m));
	assert_string_equal(m->message, "the recording is complete: 3 steps");
	model_free(m);
}

/* Many at once: noted where to look in several goes. */
static void test_many(void **state)
{
	struct trace *t = open_live(begin(0));
	int64_t last = recorder.at.last;
	char sql[400];

	(void)state;
	assert_int_equal(trace_next_call_of(t, last, 7), 0);
	snprintf(sql, sizeof(sql),
		 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		 "INSERT INTO log(parent, at, what, old, new) SELECT NULL, 31 * 32 + 1, 7, 0, '{}' "
		 "FROM n",
		 MANY);
	write_rows(sql);
	assert_int_equal(trace_refresh(t), 1);
	assert_int_equal(trace_last_step(t), last + MANY);
	assert_int_equal(trace_next_call_of(t, last + MANY - 1, 7), last + MANY);
	assert_int_equal(trace_previous_call_of(t, last + MANY, 7), last + MANY - 1);
	end("complete");
	trace_close(t);
}

/* A recorder that dies says nothing any more, but its lock is gone. */
static void test_cut_short(void **state)
{
	struct model *m = model_new(open_live(begin(0)));
	char said[80];

	(void)state;
	record_call();
	end(NULL);
	assert_true(model_refresh(m));
	assert_false(trace_is_live(m->t));
	assert_true(trace_is_partial(m->t));
	snprintf(said, sizeof(said), "the recording was cut short at step %lld",
		 recorder.at.last + 3);
	assert_string_equal(m->message, said);
	assert_false(model_refresh(m));
	model_free(m);
}

/* Who follows goes along, who looks elsewhere stays. */
static void test_follow(void **state)
{
	struct model *m = model_new(open_live(begin(0)));
	int64_t last = recorder.at.last;
	size_t packets = m->npackets;

	(void)state;
	model_follow(m);
	assert_int_equal(m->step, last);
	record_call();
	assert_true(model_refresh(m));
	assert_int_equal(m->step, last + 3);
	assert_int_equal(m->before, last);
	assert_true(model_history(m, false)); /* u: back to where one came from */
	assert_int_equal(m->step, 1);
	record_call();
	assert_true(model_refresh(m));
	assert_int_equal(m->step, 1);
	assert_int_equal(m->npackets, packets);
	write_rows("INSERT INTO point SELECT max(step) + 1, 7, NULL, NULL, NULL FROM log;"
		   "INSERT INTO packet SELECT max(step) + 1, 'in', 'tap0', 4, x'01020304' FROM log;"
		   "INSERT INTO log(parent, at) VALUES (NULL, 7)");
	assert_true(model_refresh(m));
	assert_int_equal(m->npackets, packets + 1);
	assert_int_equal(m->packets[packets], last + 7);
	end("complete");
	assert_true(model_refresh(m));
	model_follow(m);
	assert_string_equal(m->message, "nobody records this trace any more: G goes to its end");
	model_free(m);
}

/* ---- on the screen ------------------------------------------------------------------------- */

static void see_last(long long last)
{
	char text[40];

	snprintf(text, sizeof(text), " of %lld ", last);
	see(text);
}

static void test_screen(void **state)
{
	long long last;

	(void)state;
	start_with(begin(0), NULL, 24, 80);
	last = recorder.at.last;
	see("RECORDING");
	see_last(last);
	press("g", 1);
	record_call();
	see_last(last + 3);
	at_step(1);
	press("T", last + 3);
	see("RECORDING, followed");
	record_call();
	see_last(last + 6);
	at_step(last + 6);
	see("stack: 1 deep");
	press("g", 1); /* a move of one's own */
	see_not("followed");
	record_call();
	see_last(last + 9);
	at_step(1);
	end("complete");
	see("the recording is complete");
	see_not("RECORDING");
	keys("T");
	see("nobody records this trace any more");
	quit();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps_come),   cmocka_unit_test(test_names_come),
		cmocka_unit_test(test_from_nothing), cmocka_unit_test(test_many),
		cmocka_unit_test(test_cut_short),    cmocka_unit_test(test_follow),
		cmocka_unit_test(test_screen),
	};

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
