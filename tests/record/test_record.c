/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recorder, from the hooks to the views of the trace: a small watched program
 * (tests/record/watched) is run, and SQL asks what the trace says about it.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/record/asking.h"
#include "tests/record/watched/watched.h"
#include "trace/record/record.h"

/* ------------------------------------------------------------------ kinds of events */

static void calls_carry_typed_arguments_and_values(void **state)
{
	(void)state;
	record(scenario_calls);
	check("SELECT function, args, value FROM calls WHERE function NOT IN "
	      "('kmalloc', 'kfree', 'scenario_calls') ORDER BY step",
	      "factorial|{\"n\":4}|24\n"
	      "factorial|{\"n\":3}|6\n"
	      "factorial|{\"n\":2}|2\n"
	      "factorial|{\"n\":1}|1\n"
	      "greeting|{\"name\":\"\\\"host\\\"\",\"initial\":104,\"loud\":1}|\"HELLO\"\n"
	      "by_value|{\"options\":\"{mss=536, wscale=7, sack=0, tstamp=0, spare=0}\",\"big\":1000,"
	      "\"small\":3}|{mss=1003, wscale=7, sack=0, tstamp=0, spare=0}\n"
	      "negative|{\"value\":-5}|-120\n"
	      "unsigned_top|{}|18364758544493064720\n"
	      "nothing|{}|\n"
	      "same|{\"tp\":\"tcp_sock#1\",\"colour\":5}|tcp_sock#1\n");
	check("SELECT DISTINCT typeof(value) FROM calls WHERE function = 'nothing'", "null\n");
}

static void calls_nest(void **state)
{
	(void)state;
	record(scenario_calls);
	check("SELECT c.depth, p.function FROM calls c LEFT JOIN calls p ON p.step = c.parent "
	      "WHERE c.function IN ('scenario_calls', 'factorial') ORDER BY c.step",
	      "0|\n1|scenario_calls\n2|factorial\n3|factorial\n4|factorial\n");
	check("SELECT count(*) FROM calls WHERE return_step IS NULL OR return_step <= step", "0\n");
	check("SELECT text FROM steps WHERE function = 'factorial' AND depth = 1 ORDER BY step",
	      "factorial(n=4)\nfactorial = 24\n");
}

static void stores_name_object_and_field(void **state)
{
	(void)state;
	record(scenario_stores);
	check("SELECT object, field, old, new FROM stores WHERE function = 'scenario_stores' "
	      "ORDER BY step",
	      "tcp_sock#1|sk_state|0|2\n"
	      "tcp_sock#1|inet_daddr|0|33554442\n"
	      "tcp_sock#1|inet_num|0|4096\n"
	      "tcp_sock#1|skc_addrpair|33554442|5\n"
	      "tcp_sock#1|sk_reuse|0|1\n"
	      "tcp_sock#1|sk_reuse|1|1\n"
	      "tcp_sock#1|rx_opt.wscale|0|7\n"
	      "tcp_sock#1|rx_opt.mss|0|536\n"
	      "tcp_sock#1|colour|0|6\n"
	      "tcp_sock#1|connect|NULL|do_connect\n"
	      "tcp_sock#1|peer|NULL|tcp_sock#2\n"
	      "tcp_sock#1|skc_node.next|NULL|tcp_sock#2.skc_node\n"
	      "tcp_sock#1|sk_timer.data|0|tcp_sock#1\n"
	      "tcp_sock#1|history[2].mss|0|88\n"
	      "tcp_sock#1|history[1].mss|0|1460\n"
	      "tcp_sock#1|history[1].sack|0|1\n"
	      "table|data[40].chain.next|NULL|table.data[40].chain\n"
	      "table|data[40].count|0|1\n");
	check("SELECT object, field, old, new FROM stores WHERE function IN ('count_calls', 'put_err', "
	      "'do_connect') ORDER BY step",
	      "tcp_sock#1|snd_nxt|0|4294967294\n"
	      "count_calls.calls|value|0|1\n"
	      "jiffies|value|0|4\n"
	      "scenario_stores.err|value|?|-22\n");
	check("SELECT DISTINCT path, ctype, new_symbol FROM stores WHERE field IN ('sk_state', 'colour') "
	      "AND new > 0 AND function = 'scenario_stores'",
	      "inet.sk.__sk_common.skc_state|unsigned char|TCP_SYN_SENT\n"
	      "colour|enum colour|BLUE\n");
}

static void copies_are_split_into_fields(void **state)
{
	(void)state;
	record(scenario_stores);
	check("SELECT field, old, new FROM stores WHERE function = 'memcpy' AND object = 'tcp_sock#2' "
	      "AND old <> new ORDER BY step",
	      "skc_addrpair|0|5\n"
	      "inet_num|0|4096\n"
	      "sk_state|0|2\n"
	      "sk_reuse|0|1\n"
	      "skc_node.next|NULL|tcp_sock#2.skc_node\n"
	      "sk_timer.data|0|tcp_sock#1\n"
	      "name|\"\"|\"lo\"\n"
	      "snd_nxt|0|4294967294\n"
	      "rx_opt.mss|0|536\n"
	      "rx_opt.wscale|0|7\n"
	      "colour|0|6\n"
	      "connect|NULL|do_connect\n"
	      "history[1].mss|0|1460\n"
	      "history[1].sack|0|1\n"
	      "history[2].mss|0|88\n"
	      "peer|NULL|tcp_sock#2\n");
	check("SELECT count(*) FROM stores WHERE function = 'memset' AND field = 'peer' AND new = 'NULL'",
	      "1\n");
}

static void no_store_is_nameless(void **state)
{
	(void)state;
	record(scenario_everything);
	check("SELECT count(*) > 50 FROM stores", "1\n");
	check("SELECT * FROM stores WHERE object IS NULL OR field IS NULL OR line IS NULL OR old IS NULL "
	      "OR new IS NULL OR file IS NULL",
	      "");
}

static void bytes_get_the_type_that_the_code_gives_them(void **state)
{
	(void)state;
	record(scenario_bytes);
	check("SELECT object, field, old, new FROM stores WHERE object <> 'sk_buff#1' OR "
	      "field NOT IN ('head', 'data') ORDER BY step",
	      "bytes#1|tcphdr.seq|0|1\n"
	      "bytes#1|tcphdr.syn|0|1\n"
	      "bytes#1|tcphdr.dest|0|80\n"
	      "bytes#1|data[28]|0|33818036\n"
	      "bytes#1|data[32]|0|1\n"
	      "sk_buff#1|skb_cb.end_seq|0|2\n"
	      "tcp_sock#1|bictcp.cnt|0|10\n"
	      "tcp_sock#1|priv[7]|0|9\n");
	check("SELECT new FROM stores WHERE field = 'data'", "bytes#1+16\n");
}

static void helpers_and_macros_are_looked_into(void **state)
{
	(void)state;
	record(scenario_helpers);
	check("SELECT object, field, old, new, function FROM stores ORDER BY step",
	      "scenario_helpers.len|value|?|3|scenario_helpers\n"
	      "scenario_helpers.len|value|3|-22|put_err\n"
	      "sk_buff#1|len|0|4294967274|scenario_helpers\n"
	      "sk_buff#1|peeked|0|0|scenario_helpers\n"
	      "sk_buff#1|nohdr|0|0|scenario_helpers\n"
	      "sk_buff#1|data|NULL|sk_buff#1.cb|scenario_helpers\n");
	check("SELECT old, new FROM locals WHERE variable = 'len' ORDER BY step", "|3\n3|-22\n");
}

static void locals_appear_when_they_are_assigned(void **state)
{
	(void)state;
	record(scenario_locals);
	check("SELECT variable, coalesce(old, '-'), new, line - (SELECT line FROM func f WHERE "
	      "f.name = l.function) FROM locals l WHERE function = 'scenario_locals' ORDER BY step",
	      "err|-|-115|3\ntimeo|-|0|4\ntimeo|0|9|9\nerr|-115|7|10\ntimeo|9|7|11\n");
	check("SELECT variable, coalesce(old, '-'), new FROM locals WHERE function = 'sum_up' ORDER BY step",
	      "sum|-|0\ni|-|0\ni|0|1\nsum|0|1\ni|1|2\nsum|1|3\ni|2|3\n"
	      "pair.cnt|-|3\npair.last_max|-|4\ncount|3|4\n");
}

static void lines_appear_once_each_time_they_run(void **state)
{
	(void)state;
	record(scenario_locals);
	check("SELECT group_concat(line - (SELECT line FROM func WHERE name = 'sum_up')) FROM steps "
	      "WHERE kind = 'line' AND function = 'sum_up'",
	      "2,5,6,5,6,5,6,5,7,8,9,10\n");
	check("SELECT count(*) FROM steps WHERE kind = 'line' AND (file IS NULL OR line IS NULL)",
	      "0\n");
	check("SELECT text LIKE '%sum_up(3)%' FROM file WHERE path LIKE '%scenarios.c'", "1\n");
}

static void comparisons_carry_both_operands(void **state)
{
	(void)state;
	record(scenario_branches);
	check("SELECT left, right, function FROM branches ORDER BY step",
	      "-22|0|scenario_branches\n"
	      "4294967280|7|scenario_branches\n"
	      "5|4|scenario_branches\n"
	      "9|9|choose\n"
	      "1|default|choose\n");
}

static void tasks_have_their_own_stacks(void **state)
{
	(void)state;
	record(scenario_tasks);
	check("SELECT task, function, depth, value FROM calls WHERE function LIKE '%_step' OR "
	      "function = 'nothing' ORDER BY step",
	      "client|client_step|1|2\n"
	      "server|server_step|1|2\n"
	      "client|client_step|1|3\n"
	      "server|server_step|1|\n"
	      "swapper|nothing|1|\n");
	check("SELECT action, task, other, value FROM tasks ORDER BY step",
	      "switch|swapper|client|1\n"
	      "sleep|client|client|250\n"
	      "switch|client|server|2\n"
	      "wake|server|client|1\n"
	      "switch|server|client|1\n"
	      "sleep|client|client|250\n"
	      "switch|client|server|2\n"
	      "wake|server|client|1\n"
	      "switch|server|client|1\n"
	      "switch|client|swapper|0\n");
	check("SELECT DISTINCT context FROM steps WHERE task = 'client'", "task\n");
}

static void tracepoints_become_events(void **state)
{
	(void)state;
	record(scenario_points);
	check("SELECT direction, device, length, skb, hex(bytes) FROM packets ORDER BY step",
	      "out|tap0|13|sk_buff#1|FFFFFFFFFFFF2E6672616D6500\n"
	      "in|tap0|6|sk_buff#1|FFFFFFFFFFFF\n");
	check("SELECT reason, skb, function FROM drops", "NO_SOCKET|sk_buff#1|scenario_points\n");
	check("SELECT action, timer, expires_ns, context, time_ns FROM timers ORDER BY step",
	      "armed|sock#1.sk_timer|1001000|idle|1000\n"
	      "cancelled|sock#1.sk_timer||idle|1000\n"
	      "fired|sock#1.sk_timer||timer|1001000\n");
	check("SELECT text FROM steps WHERE kind IN ('state', 'context') ORDER BY step",
	      "TCP_CLOSE -> TCP_SYN_SENT\n"
	      "softirq TIMER_SOFTIRQ begins\n"
	      "timer ends\n"
	      "softirq TIMER_SOFTIRQ ends\n");
	check("SELECT function, context, depth FROM calls WHERE function IN ('run_timer', 'on_timer') ORDER BY step",
	      "run_timer|softirq|0\non_timer|timer|0\n");
	check("SELECT object, type, storage, size, born > 0, died > born FROM objects "
	      "WHERE object LIKE '%#%'",
	      "sock#1|sock|heap|64|1|1\nsk_buff#1|sk_buff|heap|72|1|1\n");
}

static void steps_have_no_gaps(void **state)
{
	(void)state;
	record(scenario_everything);
	check("SELECT min(step), max(step) = count(*) FROM steps", "1|1\n");
	check("SELECT (SELECT value FROM meta WHERE key = 'steps') = max(step) FROM steps", "1\n");
	check("SELECT key, value FROM meta WHERE key IN ('status', 'scenario', 'seed', 'clock', 'hz', "
	      "'lost', 'result') ORDER BY key",
	      "clock|virtual\nhz|1000\nlost|0\nresult|0\nscenario|test\nseed|7\nstatus|complete\n");
}

/* ------------------------------------------------------------------ objects from before */

static void *booted;

static void use_booted(void)
{
	((struct tcp_sock *)booted)->snd_nxt = 3;
}

static void objects_from_before_are_known(void **state)
{
	struct record_options o = options(trace);
	char err[256];

	(void)state;
	watched_reset();
	booted = scenario_boot();
	assert_int_equal(record_start(&o, err, sizeof(err)), 0);
	use_booted();
	trace_kmem_free(booted);
	assert_int_equal(record_stop(NULL, err, sizeof(err)), 0);
	open_trace(trace);
	check("SELECT object, born FROM objects WHERE type = 'tcp_sock'", "tcp_sock#1|0\n");
	check("SELECT f.name, i.value FROM initial i JOIN object o ON o.id = i.object JOIN field f ON "
	      "f.id = i.field WHERE o.name = 'tcp_sock#1'",
	      "sk_state|7\nwrite_seq|77\n");
}

/* ------------------------------------------------------------------ sameness */

static const char *const views[] = {
	"steps", "calls",  "stores", "branches", "locals",  "packets",
	"drops", "timers", "tasks",  "objects",  "initial",
};

/* Runs @body in a child; returns how it ended. */
static int in_child(void (*body)(void))
{
	int status;
	pid_t child = fork();

	if (!child) {
		body();
		_exit(99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void first_run(void)
{
	record_to(trace, scenario_everything);
	_exit(0);
}

/* What lies on the stack from before must not show. */
static void second_run(void)
{
	memset(__builtin_alloca(20000), 65, 20000);
	record_to(other, scenario_everything);
	_exit(0);
}

static void two_runs_give_equal_views(void **state)
{
	(void)state;
	assert_int_equal(in_child(first_run), 0);
	assert_int_equal(in_child(second_run), 0);
	for (size_t i = 0; i < sizeof(views) / sizeof(*views); i++) {
		char sql[64], *first, *second;

		snprintf(sql, sizeof(sql), "SELECT * FROM %s", views[i]);
		open_trace(trace);
		first = query(sql);
		open_trace(other);
		second = query(sql);
		assert_true(strlen(first) > 0);
		assert_string_equal(first, second);
		free(first);
		free(second);
	}
}

/* ------------------------------------------------------------------ trouble */

static void start_fails(const char *path, int code, const char *says)
{
	struct record_options o = options(path);
	char err[256] = "";

	assert_int_equal(record_start(&o, err, sizeof(err)), code);
	if (!strstr(err, says))
		fail_msg("message \"%s\" does not say \"%s\"", err, says);
}

static void other_peoples_files_are_left_alone(void **state)
{
	FILE *file = fopen(other, "w");

	(void)state;
	fputs("my diary\n", file);
	fclose(file);
	start_fails(other, -EEXIST, "not a trace");
	file = fopen(other, "r");
	assert_int_equal(fgetc(file), 'm');
	fclose(file);
	unlink(other);
	start_fails(folder, -EISDIR, "directory");
	start_fails("/nonexistent/trace.db", -ENOENT, "/nonexistent/trace.db");
}

static void a_missing_provider_is_told(void **state)
{
	struct record_options o = options(trace);
	char err[256] = "";

	(void)state;
	o.lttng = 1;
	o.provider = "/nonexistent/provider.so";
	assert_int_equal(record_start(&o, err, sizeof(err)), -ENOENT);
	assert_non_null(strstr(err, "liblttng-ust"));
}

/* The wall's clock runs; nothing else differs. */
static void the_wall_has_a_clock_too(void **state)
{
	struct record_options o = options(trace);
	char err[256];

	(void)state;
	watched_reset();
	o.virtual_ns = NULL;
	assert_int_equal(record_start(&o, err, sizeof(err)), 0);
	scenario_calls();
	usleep(2000);
	scenario_calls();
	assert_int_equal(record_stop(NULL, err, sizeof(err)), 0);
	open_trace(trace);
	check("SELECT max(time_ns) - min(time_ns) >= 2000000, min(time_ns) >= 0 FROM steps",
	      "1|1\n");
	check("SELECT count(*) FROM steps a JOIN steps b ON b.step = a.step + 1 "
	      "WHERE b.time_ns < a.time_ns",
	      "0\n");
	check("SELECT value FROM meta WHERE key = 'clock'", "wall\n");
}

static void an_older_trace_is_replaced(void **state)
{
	(void)state;
	record(scenario_points);
	record(scenario_locals);
	check("SELECT count(*) FROM packets", "0\n");
}

static void start_and_stop_want_each_other(void **state)
{
	struct record_options o = options(trace);
	char err[256];

	(void)state;
	assert_int_equal(record_stop(NULL, err, sizeof(err)), -EINVAL);
	assert_int_equal(record_start(&o, err, sizeof(err)), 0);
	assert_int_equal(record_start(&o, err, sizeof(err)), -EBUSY);
	assert_int_equal(record_stop(NULL, err, sizeof(err)), 0);
	o.prefix = "nowhere/";
	assert_int_equal(record_start(&o, err, sizeof(err)), -ENOEXEC);
	assert_non_null(strstr(err, "-g3"));
}

static void record_until_killed(void)
{
	struct record_options o = options(trace);
	char err[256];

	if (record_start(&o, err, sizeof(err)))
		_exit(98);
	scenario_everything();
	usleep(400000); /* the writer commits every 100 ms */
	scenario_many(20000);
	kill(getpid(), SIGKILL);
}

static void a_killed_recording_opens(void **state)
{
	int status;

	(void)state;
	watched_reset();
	unlink(trace);
	status = in_child(record_until_killed);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	sqlite3_close(db);
	assert_int_equal(sqlite3_open(trace, &db), SQLITE_OK);
	check("SELECT value FROM meta WHERE key = 'status'", "recording\n");
	check("SELECT count(*) > 400, max(step) = count(*) FROM steps", "1|1\n");
	check("PRAGMA integrity_check", "ok\n");
}

static void crash(void)
{
	struct rlimit no_core = { 0, 0 };
	struct record_options o = options(trace);
	char err[256];

	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGSEGV, SIG_DFL); /* cmocka has a handler of its own */
	if (record_start(&o, err, sizeof(err)))
		_exit(98);
	scenario_crash();
}

static void a_crash_loses_nothing_that_was_seen(void **state)
{
	int status;

	(void)state;
	if (machine_valgrind())
		skip(); /* the crash is what valgrind would complain of */
	watched_reset();
	status = in_child(crash);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	open_trace(trace);
	check("SELECT value FROM meta WHERE key = 'status'", "partial\n");
	check("SELECT function FROM calls WHERE return_step IS NULL", "scenario_crash\n");
	check("SELECT count(*) FROM calls WHERE function = 'same' AND return_step IS NOT NULL",
	      "1\n");
}

static void record_to_full_disk(void)
{
	struct rlimit limit = { 400000, 400000 };
	struct record_options o = options(trace);
	char err[256] = "";

	signal(SIGXFSZ, SIG_IGN);
	if (record_start(&o, err, sizeof(err)))
		_exit(98);
	setrlimit(RLIMIT_FSIZE, &limit);
	scenario_many(20000);
	_exit(record_stop("0", err, sizeof(err)) < 0 && strstr(err, trace) ? 0 : 1);
}

static void a_full_disk_is_told(void **state)
{
	int status;

	(void)state;
	if (machine_valgrind())
		skip(); /* which writes files of its own */
	watched_reset();
	unlink(trace);
	status = in_child(record_to_full_disk);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void many_events_wait_for_room(void **state)
{
	struct record_options o = options(trace);
	char err[256];

	(void)state;
	watched_reset();
	assert_int_equal(record_start(&o, err, sizeof(err)), 0);
	scenario_many(machine_valgrind() ? 1000 : 40000);
	assert_int_equal(record_stop("0", err, sizeof(err)), 0);
	open_trace(trace);
	check("SELECT max(step) = count(*), sum(kind = 'store') = 2 * sum(kind = 'call' AND "
	      "function = 'one_round') FROM steps",
	      "1|1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_carry_typed_arguments_and_values),
		cmocka_unit_test(calls_nest),
		cmocka_unit_test(stores_name_object_and_field),
		cmocka_unit_test(copies_are_split_into_fields),
		cmocka_unit_test(no_store_is_nameless),
		cmocka_unit_test(bytes_get_the_type_that_the_code_gives_them),
		cmocka_unit_test(helpers_and_macros_are_looked_into),
		cmocka_unit_test(locals_appear_when_they_are_assigned),
		cmocka_unit_test(lines_appear_once_each_time_they_run),
		cmocka_unit_test(comparisons_carry_both_operands),
		cmocka_unit_test(tasks_have_their_own_stacks),
		cmocka_unit_test(tracepoints_become_events),
		cmocka_unit_test(steps_have_no_gaps),
		cmocka_unit_test(objects_from_before_are_known),
		cmocka_unit_test(two_runs_give_equal_views),
		cmocka_unit_test(other_peoples_files_are_left_alone),
		cmocka_unit_test(a_missing_provider_is_told),
		cmocka_unit_test(the_wall_has_a_clock_too),
		cmocka_unit_test(an_older_trace_is_replaced),
		cmocka_unit_test(start_and_stop_want_each_other),
		cmocka_unit_test(a_killed_recording_opens),
		cmocka_unit_test(a_crash_loses_nothing_that_was_seen),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(many_events_wait_for_room),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
