/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mistake in the watched program ends it.  The trace must hold every step to the line at which it
 * happened, and the store before that, and say what the signal was.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/record/asking.h"
#include "tests/record/watched/watched.h"

/* Runs @mistake in a child that records it, and opens what is left. */
static void make(void (*mistake)(void), int number)
{
	struct record_options o = options(trace);
	const struct rlimit no_core = { 0, 0 };
	int status;
	pid_t child;

	if (machine_valgrind())
		skip(); /* the mistake is what valgrind would complain of */
	watched_reset();
	child = fork();
	if (!child) {
		char err[256];

		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGSEGV, SIG_DFL); /* cmocka has handlers of its own */
		signal(SIGFPE, SIG_DFL);
		if (!record_start(&o, err, sizeof(err)))
			mistake();
		_exit(98);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), number);
	open_trace(trace);
	check("PRAGMA integrity_check", "ok\n");
	check("SELECT max(step) = count(*), max(step) = (SELECT value FROM meta WHERE key = 'steps') "
	      "FROM steps",
	      "1|1\n");
	check("SELECT value FROM meta WHERE key IN ('status', 'lost') ORDER BY key",
	      "0\npartial\n");
}

/* The last line is that of the mistake, @line behind its function's; behind it are locals at most. */
static void ends_at(const char *function, int line, const char *signal_name)
{
	char expected[128];

	snprintf(expected, sizeof(expected), "%s|%d|%s\n", function, line, signal_name);
	check("SELECT s.function, s.line - f.line, (SELECT value FROM meta WHERE key = 'crash') "
	      "FROM steps s JOIN func f ON f.name = s.function WHERE kind <> 'local' "
	      "ORDER BY step DESC LIMIT 1",
	      expected);
}

static void a_store_through_null(void **state)
{
	(void)state;
	make(mistake_write, SIGSEGV);
	ends_at("mistake_write", 5, "SIGSEGV");
	check("SELECT variable, new FROM locals WHERE function = 'mistake_write' ORDER BY step",
	      "seq|4\n");
	check("SELECT count(*) FROM stores", "0\n");
}

static void a_read_through_null(void **state)
{
	(void)state;
	make(mistake_read, SIGSEGV);
	ends_at("mistake_read", 3, "SIGSEGV");
	check("SELECT object, field, old, new FROM stores", "table|data[3].count|0|1536\n");
}

static void a_store_through_what_was_never_set(void **state)
{
	(void)state;
	make(mistake_wild, SIGSEGV);
	ends_at("mistake_wild", 6, "SIGSEGV");
	check("SELECT field FROM stores WHERE function = 'mistake_wild'", "data[5].count\n");
}

static void a_division_by_zero(void **state)
{
	(void)state;
	make(mistake_divide, SIGFPE);
	ends_at("mistake_divide", 5, "SIGFPE");
	check("SELECT variable, new FROM locals WHERE function = 'mistake_divide' ORDER BY step",
	      "share|99\n");
}

static void a_call_of_nothing(void **state)
{
	(void)state;
	make(mistake_call, SIGSEGV);
	ends_at("mistake_call", 5, "SIGSEGV");
}

/* The signal finds no room on the task's stack; each call that was made is there. */
static void a_recursion_without_end(void **state)
{
	(void)state;
	make(mistake_recursion, SIGSEGV);
	check("SELECT count(*) > 50, count(*) = max(json_extract(args, '$.level')), count(value) "
	      "FROM calls WHERE function = 'deeper'",
	      "1|1|0\n");
	check("SELECT count(*) FROM calls c LEFT JOIN calls p ON p.step = c.parent WHERE "
	      "c.function = 'deeper' AND p.function NOT IN ('deeper', 'overflow')",
	      "0\n");
	check("SELECT value FROM meta WHERE key = 'crash'", "SIGSEGV\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_through_null),
		cmocka_unit_test(a_read_through_null),
		cmocka_unit_test(a_store_through_what_was_never_set),
		cmocka_unit_test(a_division_by_zero),
		cmocka_unit_test(a_call_of_nothing),
		cmocka_unit_test(a_recursion_without_end),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
