/* SPDX-License-Identifier: GPL-2.0-only */
/* The viewer on a real terminal, see tests/view/terminal.c. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "tests/view/terminal.h"
#include "viewer/panes.h"

static struct fixture_steps at;

/* The panes as at first: no test gets what another left, nor what the person at this machine has. */
static void forget_layout(void)
{
	char *path = panes_path();

	unlink(path);
	free(path);
}

static void start(unsigned int flags, int rows, int cols)
{
	forget_layout();
	at = make_fixture(fixture_path("tui.db"), flags);
	start_with(fixture_path("tui.db"), NULL, rows, cols);
	see("step 1 of");
}

/* ---- tests --------------------------------------------------------------------------------------- */

static void test_first_screen(void **state)
{
	start(0, 24, 80);
	assert_true(terminal_alternate());
	assert_non_null(strstr(row(0), "step 1 of 57"));
	assert_non_null(strstr(row(0), "task connect"));
	assert_non_null(strstr(row(1), "walk: lines"));
	assert_non_null(strstr(row(1), "socket.c:2 sys_connect"));
	see("long sys_connect(int fd, int addrlen)");
	see("fd=3 addrlen=16");
	see("stack: 1 deep");
	see("tcp_sock#1  64 bytes");
	see("? help  q quit");
	quit();
}

static void test_moves(void **state)
{
	start(0, 24, 80);
	press("s", 2);
	press("s", at.v4_connect);
	press("n", at.v4_connect_return + 1);
	press("N", at.v4_connect);
	press(" ", at.v4_connect + 1);
	press("\033OC", at.v4_connect + 3); /* Right; the local between is not walked through */
	press("S", at.v4_connect + 1);
	press("\177", at.v4_connect);
	press("ss", at.set_state - 1);
	press("ss", at.set_state + 1);
	press("f", at.set_state_return);
	press("F", at.set_state);
	press("\033OD", at.set_state_return); /* Left */
	press("j", at.set_state_return + 1);
	press("k", at.set_state); /* folded again: its one line */
	press("G", at.last);
	press("g", 1);
	press("12g", 12);
	press("3s", 15);
	press("u", 1);
	press("U", 15);
	quit();
}

static void test_jumps(void **state)
{
	start(0, 24, 80);
	press("p", at.syn);
	see("packets: 1 of 3");
	see("Flags [S], seq 1069146647");
	press("p", at.synack);
	press("P", at.syn);
	press("w", at.sleep);
	press("ww", at.wake);
	see("softirq");
	press(":9\r", 9);
	press("c", at.established);
	see("next store to tcp_sock#1.sk_state");
	press("C", at.state_store);
	press("*", at.softirq_rcv + 4);
	press("#", at.set_state);
	press(":tcp_v4_rcv\r", at.softirq_rcv);
	press("/NO_SOCKET\r", at.drop);
	keys(":nonsense\r");
	see("nonsense is neither a step nor a function");
	at_step(at.drop);
	keys(":12\033");
	at_step(at.drop);
	press("g/set_state\r", at.set_state - 1);
	press(";", at.set_state);
	press(",", at.set_state - 1);
	press("e", at.state_event);
	quit();
}

/* What is typed behind / is shown at once, and is no jump before Enter. */
static void test_typed_search(void **state)
{
	start(0, 24, 80);
	press(":3\r", 3);
	press("/NO_S", at.drop);
	see("/NO_S_");
	press("x", 3);
	see("(not found)");
	press("\177", at.drop);
	press("\033", 3);
	press("/NO_S\r", at.drop);
	press("u", 3);
	press("U", at.drop);
	press("\\set_st\r", at.established + 1);
	quit();
}

static void test_filters(void **state)
{
	start(0, 24, 80);
	keys("&kind:packet\r");
	see("[walk: 3 of 57: kind:packet]");
	see("n and N go to those around it");
	press("n", at.syn);
	press("s", at.synack);
	press("2s", at.ack);
	see("the filter has no later step");
	press("N", at.synack);
	keys("&");
	see("&kind:packet_");
	keys("x\r");
	see("[walk: 0 of 57: kind:packetx]");
	keys("&\177 colour:red\r");
	see("'colour:' is no filter");
	see("&kind:packet colour:red_");
	keys("\033");
	keys("&\025\r");
	see("[walk: lines]");
	press("s", at.synack + 1);
	quit();
}

static void test_marks_and_variables(void **state)
{
	start(0, 24, 80);
	press(":9\r", 9);
	keys("ma");
	see("'a comes back to step 9");
	press(":20ms\r", at.synack - 2);
	press("'a", 9);
	press("''", at.synack - 2);
	press("'q", at.synack - 2);
	see("no mark q; mq sets it");
	press(":12\r", 12);
	keys("v");
	see("c and C go through its values");
	press("y", at.v4_connect);
	quit();
}

/* A changed field is told by a sign and the old value, not by colour alone. */
static void test_changes(void **state)
{
	start(0, 24, 80);
	press(":8\r", 8);
	keys("s");
	see("* sk_state TCP_SYN_SENT  (was TCP_C");
	keys("S");
	see("* sk_state TCP_CLOSE  (then TCP_SYN");
	keys("\t\t\t"); /* objects */
	see("[objects]");
	keys("j\r");
	see("inet_daddr");
	quit();
}

static void test_panes(void **state)
{
	start(0, 24, 80);
	see("[walk: lines]");
	press(":9\r", 9);
	keys("\t");
	see("[tcp.c:4 tcp_set_state]");
	keys("\t");
	see("[stack: 3 deep]");
	keys("j");
	see("tcp.c:11 tcp_v4_connect");
	keys("\r");
	at_step(at.v4_connect);
	keys("\t\t");
	see("[packets:");
	keys("jj\r");
	at_step(at.ack);
	keys("O");
	see_not("stack:");
	see("source port");
	keys("O\t");
	see("[walk: lines]");
	keys("-");
	see("walk: changes");
	keys("-");
	see("walk: calls");
	keys("+++");
	see("walk: all");
	quit();
}

static void test_help(void **state)
{
	start(0, 24, 80);
	keys("?");
	see("step, into calls");
	keys("G");
	see("y tells why");
	keys("q");
	see("step 1 of");
	keys("h");
	see("step, into calls");
	keys("h");
	see("step 1 of");
	keys("%");
	see("% does nothing here");
	quit();
}

static void test_resize(void **state)
{
	start(0, 24, 80);
	press(":9\r", 9);
	resize(40, 120);
	see("packets:"); /* all five panes now */
	see("stack: 3 deep");
	see("objects");
	resize(10, 30);
	see("walk: lines");
	see_not("stack:");
	resize(2, 8);
	see("too");
	resize(24, 80);
	see("stack: 3 deep");
	at_step(9);
	quit();
}

/* A new size is shown at once, also where SIGWINCH was held back by who started the viewer. */
static void test_resize_held_back(void **state)
{
	sigset_t winch, before;

	sigemptyset(&winch);
	sigaddset(&winch, SIGWINCH);
	sigprocmask(SIG_BLOCK, &winch, &before);
	start(0, 24, 80);
	sigprocmask(SIG_SETMASK, &before, NULL);
	resize(40, 120);
	see("packets:");
	resize(2, 8);
	see("too");
	resize(24, 80);
	quit();
}

static void test_wide(void **state)
{
	start(0, 40, 120);
	see("packets: 1 of 3");
	press(":9\r", 9);
	see("* sk_state TCP_SYN_SENT  (was TCP_CLOSE)");
	press("p", at.syn);
	see("stack: 2 deep");
	quit();
}

static void test_partial(void **state)
{
	start(FIXTURE_PARTIAL, 24, 80);
	see("PARTIAL");
	keys("n");
	see("does not return: s goes into it");
	press("G", at.last);
	quit();
	at = make_fixture(fixture_path("tui.db"), FIXTURE_EMPTY);
	start_with(fixture_path("tui.db"), NULL, 24, 80);
	see("no steps");
	keys("snfNSFpPwWecCy*#u\r/x\r:5\r\t\t\tjk");
	see("step 0 of 0");
	quit();
}

static void test_signals(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGSEGV, SIGABRT };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		start(0, 24, 80);
		assert_int_equal(kill(viewer_pid(), signals[i]), 0);
		news('K', signals[i]);
		terminal_is_restored();
		finish();
	}
	/* ^C does not lose the place. */
	start(0, 24, 80);
	press("s", 2);
	keys("\003");
	see("q quits");
	at_step(2);
	quit();
}

static void test_stop_and_continue(void **state)
{
	start(0, 24, 80);
	press("s", 2);
	keys("\032"); /* ^Z */
	news('S', 0);
	terminal_is_restored();
	go_on();
	see("step 2 of");
	assert_true(terminal_alternate());
	press("s", at.v4_connect);
	quit();
}

static void test_colours(void **state)
{
	start(0, 24, 80);
	assert_true(coloured());
	quit();
	setenv("NO_COLOR", "1", 1);
	start(0, 24, 80);
	assert_false(coloured());
	press(":9\r", 9);
	see("* sk_state");
	quit();
	unsetenv("NO_COLOR");
}

static void test_ascii(void **state)
{
	at = make_fixture(fixture_path("tui.db"), 0);
	start_with(fixture_path("tui.db"), "--ascii", 24, 80);
	see("step 1 of");
	press(":4\r", 4);
	for (const char *p = screen(); *p; p++)
		if ((unsigned char)*p > 126)
			fail_msg("not ASCII:\n%s", screen());
	see("d?faut");
	quit();
	start(0, 24, 80);
	press(":4\r", 4);
	see("défaut");
	see("─");
	quit();
}

static void test_dumb(void **state)
{
	setenv("TERM", "dumb", 1);
	at = make_fixture(fixture_path("tui.db"), 0);
	start_with(fixture_path("tui.db"), NULL, 24, 200);
	news('E', 0);
	assert_non_null(strstr(screen(), "tcp_v4_connect(sk=tcp_sock#1) = 0"));
	assert_false(terminal_alternate());
	finish();
	setenv("TERM", "no-such-terminal", 1);
	start_with(fixture_path("tui.db"), NULL, 24, 200);
	news('E', 0);
	assert_non_null(strstr(screen(), "tcp_v4_connect(sk=tcp_sock#1) = 0"));
	finish();
	setenv("TERM", "xterm-256color", 1);
}

static void test_bad_traces(void **state)
{
	static const struct {
		const char *name;
		unsigned int flags;
		int cut;
		const char *why;
	} bad[] = {
		{ "version.db", FIXTURE_VERSION_9, 0, "schema version 9" },
		{ "cut.db", 0, 20000, "cut short" },
		{ "tiny.db", 0, 10, "not a trace" },
		{ "empty.db", 0, -1, "empty" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *path = fixture_path(bad[i].name);

		make_fixture(path, bad[i].flags);
		if (bad[i].cut)
			assert_int_equal(truncate(path, bad[i].cut > 0 ? bad[i].cut : 0), 0);
		start_with(path, NULL, 24, 120);
		news('E', 2);
		assert_non_null(strstr(screen(), "synwalk: "));
		if (!strstr(screen(), bad[i].why))
			fail_msg("%s: no \"%s\":\n%s", bad[i].name, bad[i].why, screen());
		assert_false(terminal_alternate());
		finish();
	}
}

/* ---- what a person has set ----------------------------------------------------------------------- */

/* The row of the screen that a text is in, from 1 as terminals count. */
static int row_with(const char *text)
{
	for (int y = 0; y < 24; y++)
		if (strstr(row(y), text))
			return y + 1;
	fail_msg("\"%s\" is not on the screen:\n%s", text, screen());
	return 0;
}

/* A button at a place, as xterm tells it. */
static void mouse(int button, int column, int line)
{
	char typed[32];

	snprintf(typed, sizeof(typed), "\033[<%d;%d;%dM", button, column, line);
	keys(typed);
	typed[strlen(typed) - 1] = 'm'; /* and it is let go; the wheel is not */
	if (button < 64)
		keys(typed);
}

static void test_mouse(void **state)
{
	start(0, 24, 80);
	press(":9\r", 9);
	mouse(0, 5, row_with("stack: 3 deep") + 2);
	see("[stack: 3 deep]");
	see("tcp.c:11 tcp_v4_connect");
	mouse(0, 5, 4);
	see("[walk: lines]");
	at_step(at.set_state - 1);
	mouse(0, 60, row_with("objects") + 1);
	see("[objects]");
	mouse(65, 5, 5);
	see("[objects]"); /* the wheel moves in the walk and leaves the focus */
	mouse(0, 79, 24);
	mouse(0, 1, 1);
	see("[objects]");
	quit();
	at = make_fixture(fixture_path("tui.db"), 0);
	start_with(fixture_path("tui.db"), "--no-mouse", 24, 80);
	see("step 1 of");
	mouse(0, 60, row_with("objects") + 1);
	see_not("[objects]");
	keys("\033");
	quit();
}

static void write_keys(const char *text)
{
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s", fixture_path("synwalk"));
	assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
	snprintf(path, sizeof(path), "%s", fixture_path("synwalk/keys"));
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	*strstr(path, "/synwalk/keys") = '\0';
	setenv("XDG_CONFIG_HOME", path, 1);
}

static void test_keys_set(void **state)
{
	write_keys("# mine\n\n^N in\nx packet # the next\ns none\nF5 last\n");
	start(0, 24, 80);
	press("\016", 2);
	press("x", at.syn);
	press("\033[15~", at.last);
	keys("s");
	see("s does nothing here");
	keys("?G");
	see("Keys that you have set");
	see("^N in");
	keys("q");
	quit();
	write_keys("^N in\nweird over\nx fly\n");
	start(0, 24, 80);
	see("keys:2: there is no such key");
	press("\016", 2);
	quit();
	write_keys("x fly\n");
	start(0, 24, 80);
	see("keys:1: there is no such action");
	quit();
	unsetenv("XDG_CONFIG_HOME");
}

/* Is a colour beyond the first 16 on the screen? */
static void test_colour_modes(void **state)
{
	static const char *const options[] = { "--colours=none", "--colours=16", "--colours=256" };

	for (int mode = 0; mode < 3; mode++) {
		at = make_fixture(fixture_path("tui.db"), 0);
		start_with(fixture_path("tui.db"), options[mode], 24, 80);
		see("step 1 of");
		press(":9\r", 9);
		assert_int_equal(coloured(), mode > 0);
		assert_int_equal(highest_colour() > 15, mode == 2);
		quit();
	}
	setenv("TERM", "xterm", 1);
	start(0, 24, 80);
	assert_true(coloured());
	assert_true(highest_colour() < 16);
	quit();
	setenv("TERM", "vt100", 1);
	start(0, 24, 80);
	assert_false(coloured());
	quit();
	setenv("TERM", "xterm-256color", 1);
	start_with(fixture_path("tui.db"), "--colours=pink", 24, 80);
	news('E', 2);
	see("pink: no such colours");
	finish();
}

/* Keys at random, with resizes: it must live, and give the terminal back. */
static void test_random_keys(void **state)
{
	static const char pool[] =
		"snfSNFjkgGpPwWeEcCy*#;,uU+-\t\r<>Ohq?\033 \177/:5:x\\0123456789&kmvV'a";
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 }, { 5, 25 }, { 60, 200 } };

	srandom(7);
	start(0, 24, 80);
	for (int i = 0; i < 600; i++) {
		char c = pool[(size_t)random() % (sizeof(pool) - 1)];

		if (c == 'q')
			continue;
		type_blindly(c);
		if (i % 50 == 49) {
			const int *size = sizes[random() % 4];

			resize(size[0], size[1]);
		}
	}
	resize(24, 80);
	keys("\033"); /* out of a prompt or the help */
	usleep(60000);
	keys("\033g");
	at_step(1);
	quit();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_screen),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_typed_search),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_marks_and_variables),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_panes),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_resize_held_back),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_stop_and_continue),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_dumb),
		cmocka_unit_test(test_bad_traces),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_keys_set),
		cmocka_unit_test(test_colour_modes),
		cmocka_unit_test(test_random_keys),
	};

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_STATE_HOME", fixture_path("state"), 1);
	unsetenv("NO_COLOR");
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("tui", tests, NULL, NULL);
}
