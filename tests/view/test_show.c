/* SPDX-License-Identifier: GPL-2.0-only */
/* synwalk show: what it prints for the hand-made trace, its JSON, and its exit statuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/view/fixture.h"
#include "viewer/command.h"

static struct fixture_steps at;
static char out[65536], err[4096];

static void slurp(FILE *f, char *to, size_t room)
{
	rewind(f);
	to[fread(to, 1, room - 1, f)] = '\0';
	fclose(f);
}

/* Runs a command with its arguments and keeps what it printed in out and err. */
static int run(int (*command)(int, char **), const char *first, ...)
{
	char *argv[16] = { (char *)"show" };
	FILE *o = tmpfile(), *e = tmpfile();
	int argc = 1, status, saved[2] = { dup(1), dup(2) };
	va_list args;

	va_start(args, first);
	for (const char *a = first; a; a = va_arg(args, const char *))
		argv[argc++] = (char *)(uintptr_t)a;
	va_end(args);
	fflush(NULL);
	dup2(fileno(o), 1);
	dup2(fileno(e), 2);
	status = command(argc, argv);
	fflush(NULL);
	dup2(saved[0], 1);
	dup2(saved[1], 2);
	close(saved[0]);
	close(saved[1]);
	slurp(o, out, sizeof(out));
	slurp(e, err, sizeof(err));
	return status;
}

static const char *trace(unsigned int flags)
{
	at = make_fixture(fixture_path("show.db"), flags);
	return fixture_path("show.db");
}

static void has(const char *text)
{
	if (!strstr(out, text))
		fail_msg("lacks \"%s\":\n%s", text, out);
}

static void lacks(const char *text)
{
	if (strstr(out, text))
		fail_msg("has \"%s\":\n%s", text, out);
}

static int lines_of(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void test_walk(void **state)
{
	assert_int_equal(run(cmd_show, trace(0), NULL), 0);
	assert_string_equal(err, "");
	has("# connect, task\n     1     0.000100  sys_connect(fd=3, addrlen=16) = -111 ECONNREFUSED\n"
	    "     3     0.000300    tcp_v4_connect(sk=tcp_sock#1) = 0\n"
	    "     7     0.000700      tcp_set_state(sk=tcp_sock#1, state=2)\n");
	has("      > out tap0  IP 10.9.0.1.46092 > 10.9.0.2.5000: Flags [S], seq 1069146647,");
	has("z connect sleeps, without a limit\n");
	has("# idle, softirq\n");
	has("< in tap0  IP 10.9.0.2.5000 > 10.9.0.1.46092: Flags [S.]");
	has("^ wakes connect\n");
	has("Flags [.], ack 1, win 229,");
	has("! drop sk_buff#1, reason NO_SOCKET\n");
	has("@ timer tcp_sock#1.icsk_retransmit_timer armed, expires at 1.000000 s\n");
	has("# tcp_sock#1 state TCP_CLOSE -> TCP_SYN_SENT\n");
	lacks("sk_state:");
	lacks("partial");
}

static void test_calls(void **state)
{
	assert_int_equal(run(cmd_show, trace(0), "--calls", NULL), 0);
	assert_string_equal(strchr(out, '\n') + 1, "# connect, task\n"
						   "sys_connect\n"
						   "  tcp_v4_connect\n"
						   "    tcp_set_state\n"
						   "  schedule_timeout\n"
						   "# idle, task\n"
						   "cpu_idle\n"
						   "# idle, softirq\n"
						   "tcp_v4_rcv\n"
						   "  tcp_finish_connect\n"
						   "    tcp_set_state\n");
}

static void test_selections(void **state)
{
	const char *path = trace(0);
	char number[24];

	assert_int_equal(run(cmd_show, path, "--packets", NULL), 0);
	assert_int_equal(lines_of(out), 2 + 2 + 3); /* head, whose, packets */
	assert_int_equal(run(cmd_show, path, "--packets", "--absolute", NULL), 0);
	has("ack 2774695194,");
	assert_int_equal(run(cmd_show, path, "--stores", "--where", NULL), 0);
	has("* tcp_sock#1.sk_state: TCP_CLOSE -> TCP_SYN_SENT  [core/net/ipv4/tcp.c:4]\n");
	has("* tcp_sock#1.inet_daddr: 0.0.0.0 -> 10.9.0.2  [");
	has("* tcp_hashinfo.bhash[3].first: NULL -> tcp_sock#1");
	lacks("sys_connect");
	assert_int_equal(run(cmd_show, path, "--object", "tcp_sock#1", NULL), 0);
	has("sk_state");
	lacks("bhash");
	assert_int_equal(run(cmd_show, path, "--function", "tcp_v4_rcv", NULL), 0);
	has("tcp_v4_rcv(skb=sk_buff#1) = 0");
	has("tcp_finish_connect");
	lacks("sys_connect(");
	snprintf(number, sizeof(number), "%lld", at.state_store);
	assert_int_equal(run(cmd_show, path, "--all", "--from", number, "--to", number, NULL), 0);
	assert_int_equal(lines_of(out), 4);
	assert_int_equal(run(cmd_show, path, "--all", NULL), 0);
	has("= err: -22 EINVAL -> 0\n");
	has("? compare 0 with 1\n");
	has("| return err;\n");
	assert_int_equal(lines_of(out), at.last + 2 + 5); /* 5 times somebody else runs */
}

static void test_json(void **state)
{
	const char *path = trace(0), *line;
	int n = 0;

	assert_int_equal(run(cmd_show, path, "--json", NULL), 0);
	for (line = out; *line; line = strchr(line, '\n') + 1, n++) {
		char *one = strndup(line, strcspn(line, "\n"));
		json_t *o = json_loads(one, 0, NULL);
		const char *kind = json_string_value(json_object_get(o, "kind"));

		assert_non_null(o);
		assert_int_equal(json_integer_value(json_object_get(o, "step")), n + 1);
		assert_non_null(kind);
		if (n + 1 == at.connect) {
			assert_int_equal(json_integer_value(json_object_get(
						 json_object_get(o, "args"), "addrlen")),
					 16);
			assert_int_equal(json_integer_value(json_object_get(o, "value")), -111);
			assert_int_equal(json_integer_value(json_object_get(o, "return_step")),
					 at.connect_return);
		}
		if (n + 1 == at.state_store) {
			assert_string_equal(json_string_value(json_object_get(o, "new_symbol")),
					    "TCP_SYN_SENT");
			assert_int_equal(json_integer_value(json_object_get(o, "new")), 2);
		}
		if (n + 1 == at.syn)
			assert_int_equal(strlen(json_string_value(json_object_get(o, "bytes"))),
					 148);
		json_decref(o);
		free(one);
	}
	assert_int_equal(n, at.last);
}

static void test_partial(void **state)
{
	assert_int_equal(run(cmd_show, trace(FIXTURE_PARTIAL), NULL), 0);
	has("# partial:");
	has("sys_connect(fd=3, addrlen=16)  (does not return)\n");
	assert_int_equal(run(cmd_show, trace(FIXTURE_EMPTY), NULL), 0);
	has(" 0 steps");
}

static void trouble_with(const char *words)
{
	if (strncmp(err, "synwalk: ", 9) || !strstr(err, words))
		fail_msg("\"%s\" lacks \"%s\"", err, words);
	assert_string_equal(out, "");
}

static void test_trouble(void **state)
{
	const char *path = trace(0), *bad;
	FILE *f;

	assert_int_equal(run(cmd_show, NULL), 2);
	trouble_with("which trace");
	assert_int_equal(run(cmd_show, path, path, NULL), 2);
	trouble_with("one trace");
	assert_int_equal(run(cmd_show, "/nonexistent.db", NULL), 2);
	trouble_with("/nonexistent.db: No such file");
	assert_int_equal(run(cmd_show, path, "--from", "0", NULL), 2);
	trouble_with("--from");
	assert_int_equal(run(cmd_show, path, "--to", "12x", NULL), 2);
	trouble_with("12x");
	assert_int_equal(run(cmd_show, path, "--from", "5", "--to", "3", NULL), 2);
	trouble_with("before --from");
	assert_int_equal(run(cmd_show, path, "--function", "nothing_here", NULL), 2);
	trouble_with("nothing_here: no function");
	assert_int_equal(run(cmd_show, path, "--object", "x#1", NULL), 2);
	trouble_with("x#1: no object");
	assert_int_equal(run(cmd_show, trace(FIXTURE_VERSION_9), NULL), 2);
	trouble_with("schema version 9");
	bad = fixture_path("bad.txt");
	f = fopen(bad, "w");
	fputs("this is only a text file, of more than sixteen bytes\n", f);
	fclose(f);
	assert_int_equal(run(cmd_show, bad, NULL), 2);
	trouble_with("not a trace");
	assert_int_equal(run(cmd_show, path, "--bogus", NULL), 2);
	assert_non_null(strstr(err, "--help"));
	assert_int_equal(run(cmd_show, "--help", NULL), 0);
	has("--packets");
}

/* view without a terminal is the listing, with the same answers to bad input. */
static void test_view_without_terminal(void **state)
{
	assert_int_equal(run(cmd_view, trace(0), NULL), 0);
	has("sys_connect(fd=3, addrlen=16) = -111 ECONNREFUSED\n");
	lacks("\033");
	assert_int_equal(run(cmd_view, "/nonexistent.db", NULL), 2);
	trouble_with("No such file");
	assert_int_equal(run(cmd_view, NULL), 2);
	trouble_with("which trace");
	assert_int_equal(run(cmd_view, "--help", NULL), 0);
	has("--step");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_selections),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_view_without_terminal),
	};

	return cmocka_run_group_tests_name("show", tests, NULL, NULL);
}
