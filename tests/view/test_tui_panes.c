/* SPDX-License-Identifier: GPL-2.0-only */
/* The panes on a real terminal: shown, hidden, resized, kept; at 80x24, 120x40 and 200x60. */
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

#include "tests/view/fixture.h"
#include "tests/view/terminal.h"
#include "viewer/panes.h"

static struct fixture_steps at;

static void start_again(int rows, int cols)
{
	at = make_fixture(fixture_path("tui.db"), FIXTURE_INDEXED);
	start_with(fixture_path("tui.db"), NULL, rows, cols);
	see("step 1 of");
}

static void start(int rows, int cols)
{
	char *path = panes_path();

	unlink(path);
	free(path);
	start_again(rows, cols);
}

/* Waits until the text is in that row. */
static void see_in(int y, const char *text)
{
	for (int i = 0; i < 100 && !strstr(row(y), text); i++)
		keys("");
	if (!strstr(row(y), text))
		fail_msg("\"%s\" is not in row %d:\n%s", text, y, screen());
}

/* ---- tests --------------------------------------------------------------------------------------- */

static void test_show_and_hide(void **state)
{
	start(24, 80);
	keys("\0336"); /* Alt-6 */
	see("[ladder]");
	see_not("stack:");
	keys("\0336");
	see("ladder hidden: the same key shows it again");
	see("stack: 1 deep");
	see("[walk: lines]");
	/* the same by the list of panes */
	keys("t");
	see("a digit shows one, looks at it, or hides it");
	see("7  states   hidden");
	keys("7");
	see("[states: tcp_sock#1 CLOSE]");
	keys("t");
	see("7  states   looked at");
	keys("\033");
	usleep(60000);
	keys("\033OQ"); /* F2 */
	see("0  all as at first");
	keys("0");
	see("the panes are as at first");
	see("stack: 1 deep");
	/* one after the other is hidden, the last one is not */
	for (const char *p = "2345"; *p; p++) {
		char twice[8];

		snprintf(twice, sizeof(twice), "\033%c", *p);
		keys(twice);
		keys(twice);
	}
	see_not("objects");
	see_not("socket.c:2");
	keys("\0331");
	see("this is the last pane: show another before");
	keys("\0330");
	see("socket.c:2 sys_connect");
	/* a number before a key is a number still */
	press("12g", 12);
	quit();
}

static void test_resize_panes(void **state)
{
	start(24, 80);
	see_in(13, "stack:");
	keys("}}");
	see_in(15, "stack:");
	keys("{");
	see_in(14, "stack:");
	/* the walk is wider: its own text is cut later */
	press("s", 2);
	press("s", 3);
	see_not("tcp_v4_connect(sk=tcp_sock#1) = 0 │");
	keys("]]]]");
	see("▾ sys_connect(fd=3, addrlen=16)     ");
	quit();
}

static void test_kept(void **state)
{
	char *path = panes_path();
	FILE *f;

	start(24, 80);
	keys("\0336}");
	see("[ladder]");
	quit();
	assert_int_equal(access(path, R_OK), 0);
	start_again(24, 80);
	see("ladder");
	see_not("stack:");
	quit();
	/* a file that is broken is told of, and the rest of it counts */
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("left what\nacross states\nstates on 30\n", f);
	fclose(f);
	start_again(24, 80);
	see("layout:1: not understood");
	see("states: tcp_sock#1");
	quit();
	free(path);
}

static void test_ladder(void **state)
{
	start(24, 80);
	keys("\0336");
	see("10.9.0.1:46092");
	see("10.9.0.2:5000");
	see("step 1 is here");
	see("Flags [S], seq 1069146647");
	see("! drop sk_buff#1, reason NO_SOCKET");
	keys("jj");
	at_step(1);
	press("\r", at.synack);
	see("▶    ");
	press("p", at.ack);
	see("[ladder]");
	keys("kk\033");
	usleep(60000);
	at_step(at.ack);
	quit();
}

static void test_states(void **state)
{
	start(24, 80);
	keys("\0337");
	see("CLOSE*");
	see("▶ 10 (SYN_SENT)");
	keys("j");
	press("\r", at.state_event);
	see("states: tcp_sock#1 SYN_SENT");
	see("*SYN_SENT");
	see("┗");
	keys("O");
	see("send SYN");
	see("LAST_ACK");
	quit();
}

static void test_lanes(void **state)
{
	start(24, 80);
	keys("\0338");
	see("softirq");
	see("connect  █████");
	see("^░");
	see("█ runs");
	keys("z");
	see("one step already");
	keys("Z");
	see("the whole trace is shown");
	keys("jj");
	see("sleeps, without a limit");
	press("\r", at.sleep);
	quit();
}

static void test_packets(void **state)
{
	start(24, 80);
	press("p", at.syn);
	see("packets: 1 of 3");
	keys("JJ");
	see("▶ destination port 5000");
	see("0020  00 02 b4 0c[13 88]3f b9 e2 17");
	keys("))");
	see("0020  00 02 b4 0c[13>88]3f b9 e2 17");
	keys(")");
	see("▶ seq");
	see("88>3f b9 e2 17]");
	keys("\033");
	usleep(60000);
	see_not("0020");
	keys("r");
	see("every call has a line of its own");
	quit();
}

static void test_ports(void **state)
{
	start(24, 80);
	keys("\0339");
	see("no search for a port");
	see("its buckets are not in the trace");
	keys("j");
	see("no ports that were tried");
	quit();
}

/* At 120x40 what is shown beyond five leaves out what was not looked at; at 200x60 all are there. */
static void test_sizes(void **state)
{
	static const char *const all[] = { "walk: lines", "socket.c:2", "stack: 1",
					   "objects",     "packets: 1", "ladder",
					   "states: ",    "lanes",      "ports" };

	start(40, 120);
	see("packets: 1 of 3");
	see_not("ladder");
	keys("\0336\0338");
	see("[lanes]");
	see("ladder");
	see("stack: 1 deep");
	resize(24, 80);
	see("[lanes]");
	see_not("stack:");
	resize(60, 200);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		see(all[i]);
	press(":9\r", 9);
	see("* sk_state TCP_SYN_SENT  (was TCP_CLOSE)");
	see("send FIN");
	keys("O");
	see_not("ladder");
	quit();
}

static void test_ascii(void **state)
{
	char *path = panes_path();

	unlink(path);
	free(path);
	at = make_fixture(fixture_path("tui.db"), 0);
	start_with(fixture_path("tui.db"), "--ascii", 60, 200);
	see("states: tcp_sock#1");
	press(":12\r", 12);
	see("=");
	for (const char *p = screen(); *p; p++)
		if ((unsigned char)*p > 126)
			fail_msg("not ASCII:\n%s", screen());
	quit();
}

/* A trace without steps, and one that was cut short. */
static void test_nothing(void **state)
{
	at = make_fixture(fixture_path("tui.db"), FIXTURE_EMPTY);
	start_with(fixture_path("tui.db"), NULL, 60, 200);
	see("no steps");
	keys("\0336jk\r\0337jk\r\0338jk\rzZ\0339jk\r");
	see("step 0 of 0");
	quit();
}

/* Keys at random over all panes, with resizes: it must live, and give the terminal back. */
static void test_random_keys(void **state)
{
	static const char pool[] = "snfpPwkjgGzZt123456789O{}[]\t\r<>\0337\0338";
	static const int sizes[][2] = {
		{ 24, 80 }, { 40, 120 }, { 5, 25 }, { 60, 200 }, { 12, 41 }
	};

	srandom(11);
	start(24, 80);
	for (int i = 0; i < 240; i++) {
		type_blindly(pool[(size_t)random() % (sizeof(pool) - 1)]);
		if (i % 30 == 29) {
			const int *size = sizes[random() % 5];

			resize(size[0], size[1]);
		}
	}
	resize(24, 80);
	keys("\033");
	usleep(60000);
	keys("\033");
	usleep(60000);
	keys("g");
	at_step(1);
	quit();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_show_and_hide), cmocka_unit_test(test_resize_panes),
		cmocka_unit_test(test_kept),          cmocka_unit_test(test_ladder),
		cmocka_unit_test(test_states),        cmocka_unit_test(test_lanes),
		cmocka_unit_test(test_packets),       cmocka_unit_test(test_ports),
		cmocka_unit_test(test_sizes),         cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_nothing),       cmocka_unit_test(test_random_keys),
	};

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_STATE_HOME", fixture_path("state"), 1);
	unsetenv("NO_COLOR");
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("tui_panes", tests, NULL, NULL);
}
