/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The viewer on a real terminal: a pseudo-terminal, read by libvterm.
 *
 * Theory of operation: start() makes a pty and a child that plays the shell (it owns the session,
 * so that ^Z can stop the viewer as it does for people), which runs cmd_view() in a job of its
 * own.  keys() types, then feeds what the viewer writes into the emulator until it has been quiet
 * for a moment; screen() and row() are what a person would then see.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <utmp.h>
#include <unistd.h>

#include <cmocka.h>
#include <vterm.h>

#include "tests/view/fixture.h"
#include "viewer/command.h"

#define QUIET_MS 30   /* after so long without output the screen is complete */
#define PATIENCE_MS 8000 /* valgrind and sanitizers are slow */

static struct {
	VTerm *vt;
	VTermScreen *screen;
	int master, slave, news, orders;
	pid_t shell, viewer;
	struct termios before;
	bool alternate, cursor;
	int rows, cols;
} tty;

static struct fixture_steps at;

/* ---- the child side ---------------------------------------------------------------------------- */

/* Reports what becomes of the viewer, a letter a time; continues it when told. */
static void play_shell(pid_t job, int news, int orders)
{
	int status;
	char c;

	signal(SIGTTOU, SIG_IGN);
	while (waitpid(job, &status, WUNTRACED) == job) {
		if (!WIFSTOPPED(status)) {
			dprintf(news, "%c%c", WIFSIGNALED(status) ? 'K' : 'E',
				WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) + 1);
			_exit(0);
		}
		dprintf(news, "S.");
		if (read(orders, &c, 1) != 1)
			_exit(1);
		tcsetpgrp(0, job);
		kill(-job, SIGCONT);
	}
	_exit(1);
}

static void child(const char *path, const char *option, int news, int orders)
{
	char *argv[] = { (char *)"view", (char *)(uintptr_t)path, (char *)(uintptr_t)option, NULL };
	pid_t job;

	login_tty(tty.slave);
	job = fork();
	if (job == 0) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		exit(cmd_view(option ? 3 : 2, argv));
	}
	setpgid(job, job);
	dprintf(news, "%d\n", (int)job);
	play_shell(job, news, orders);
}

/* ---- the terminal side --------------------------------------------------------------------------- */

static int property(VTermProp prop, VTermValue *val, void *user)
{
	if (prop == VTERM_PROP_ALTSCREEN)
		tty.alternate = val->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		tty.cursor = val->boolean;
	return 1;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Takes what the viewer writes.  True if there was something within `wait` ms. */
static bool take(int wait)
{
	struct pollfd p = { .fd = tty.master, .events = POLLIN };
	char buf[8192];
	ssize_t n;

	if (poll(&p, 1, wait) <= 0)
		return false;
	n = read(tty.master, buf, sizeof(buf));
	if (n <= 0)
		return false;
	vterm_input_write(tty.vt, buf, (size_t)n);
	return true;
}

static void settle(void)
{
	int64_t end = now_ms() + PATIENCE_MS;

	while (now_ms() < end && take(QUIET_MS))
		;
	vterm_screen_flush_damage(tty.screen);
}

/* One row as a person reads it, without the spaces at its end. */
static const char *row(int y)
{
	static char texts[8][1024];
	static int next;
	char *text = texts[next++ % 8];
	VTermRect rect = { .start_row = y, .end_row = y + 1, .start_col = 0, .end_col = tty.cols };
	size_t n = vterm_screen_get_text(tty.screen, text, 1000, rect);

	while (n && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
	return text;
}

static const char *screen(void)
{
	static char all[65536];
	size_t n = 0;

	for (int y = 0; y < tty.rows; y++)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s\n", row(y));
	return all;
}

/* Waits until the screen has TEXT; fails with the screen if it never has. */
static void see(const char *text)
{
	int64_t end = now_ms() + PATIENCE_MS;

	do {
		settle();
		if (strstr(screen(), text))
			return;
	} while (now_ms() < end && tty.shell);
	fail_msg("\"%s\" is not on the screen:\n%s", text, screen());
}

static void see_not(const char *text)
{
	settle();
	if (strstr(screen(), text))
		fail_msg("\"%s\" is on the screen:\n%s", text, screen());
}

static void keys(const char *typed)
{
	assert_int_equal(write(tty.master, typed, strlen(typed)), strlen(typed));
	settle();
}

/* The step in the bar. */
static long long step_shown(void)
{
	const char *s = strstr(row(0), "step ");

	return s ? atoll(s + 5) : -1;
}

static void at_step(long long step)
{
	int64_t end = now_ms() + PATIENCE_MS;

	while (step_shown() != step && now_ms() < end)
		settle();
	if (step_shown() != step)
		fail_msg("step %lld wanted:\n%s", step, screen());
}

static void press(const char *typed, long long step)
{
	keys(typed);
	at_step(step);
}

/* ---- start and end ------------------------------------------------------------------------------- */

static void make_terminal(int rows, int cols)
{
	static const VTermScreenCallbacks callbacks = { .settermprop = property };
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	memset(&tty, 0, sizeof(tty));
	tty.rows = rows;
	tty.cols = cols;
	tty.cursor = true;
	assert_int_equal(openpty(&tty.master, &tty.slave, NULL, NULL, &size), 0);
	assert_int_equal(tcgetattr(tty.slave, &tty.before), 0);
	tty.vt = vterm_new(rows, cols);
	vterm_set_utf8(tty.vt, 1);
	tty.screen = vterm_obtain_screen(tty.vt);
	vterm_screen_enable_altscreen(tty.screen, 1);
	vterm_screen_set_callbacks(tty.screen, &callbacks, NULL);
	vterm_screen_reset(tty.screen, 1);
}

static void start_with(const char *path, const char *option, int rows, int cols)
{
	int news[2], orders[2];
	char line[32] = "";

	make_terminal(rows, cols);
	assert_int_equal(pipe(news), 0);
	assert_int_equal(pipe(orders), 0);
	fflush(NULL);
	tty.shell = fork();
	assert_true(tty.shell >= 0);
	if (tty.shell == 0) {
		close(tty.master);
		child(path, option, news[1], orders[0]);
	}
	close(news[1]);
	close(orders[0]);
	tty.news = news[0];
	tty.orders = orders[1];
	for (size_t i = 0; i + 1 < sizeof(line) && read(tty.news, line + i, 1) == 1; i++)
		if (line[i] == '\n')
			break;
	tty.viewer = (pid_t)atoi(line);
	assert_true(tty.viewer > 0);
}

static void start(unsigned int flags, int rows, int cols)
{
	at = make_fixture(fixture_path("tui.db"), flags);
	start_with(fixture_path("tui.db"), NULL, rows, cols);
	see("step 1 of");
}

/* What became of the viewer: "E" and status + 1, "K" and signal, "S." */
static void news(char kind, int value)
{
	struct pollfd p = { .fd = tty.news, .events = POLLIN };
	int64_t end = now_ms() + PATIENCE_MS;
	unsigned char what[2];

	while (poll(&p, 1, 0) == 0 && now_ms() < end)
		take(20); /* a full pty would keep it from ending */
	settle();
	assert_int_equal(read(tty.news, what, 2), 2);
	/* Told with the screen: a sanitizer's report would be there. */
	if (what[0] != kind || (kind != 'S' && what[1] != (kind == 'E' ? value + 1 : value)))
		fail_msg("wanted %c %d, got %c %d:\n%s", kind, value, what[0],
			 what[0] == 'E' ? what[1] - 1 : what[1], screen());
}

static void terminal_is_restored(void)
{
	struct termios after;

	assert_false(tty.alternate);
	assert_true(tty.cursor);
	assert_int_equal(tcgetattr(tty.slave, &after), 0);
	assert_int_equal(after.c_lflag, tty.before.c_lflag);
	assert_int_equal(after.c_iflag, tty.before.c_iflag);
	assert_int_equal(after.c_oflag, tty.before.c_oflag);
}

static void finish(void)
{
	int status;

	waitpid(tty.shell, &status, 0);
	tty.shell = 0;
	close(tty.master);
	close(tty.slave);
	close(tty.news);
	close(tty.orders);
	vterm_free(tty.vt);
}

static void quit(void)
{
	keys("q");
	news('E', 0);
	terminal_is_restored();
	finish();
}

/* ---- tests --------------------------------------------------------------------------------------- */

static void test_first_screen(void **state)
{
	start(0, 24, 80);
	assert_true(tty.alternate);
	assert_non_null(strstr(row(0), "step 1 of 57"));
	assert_non_null(strstr(row(0), "connect, task"));
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
	keys("z");
	see("z does nothing here");
	quit();
}

static void resize(int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	tty.rows = rows;
	tty.cols = cols;
	vterm_set_size(tty.vt, rows, cols);
	assert_int_equal(ioctl(tty.master, TIOCSWINSZ, &size), 0);
	settle();
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
		assert_int_equal(kill(tty.viewer, signals[i]), 0);
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
	assert_int_equal(write(tty.orders, "c", 1), 1);
	see("step 2 of");
	assert_true(tty.alternate);
	press("s", at.v4_connect);
	quit();
}

/* Does any cell on the screen have a colour? */
static bool coloured(void)
{
	for (int y = 0; y < tty.rows; y++)
		for (int x = 0; x < tty.cols; x++) {
			VTermPos pos = { .row = y, .col = x };
			VTermScreenCell cell;

			vterm_screen_get_cell(tty.screen, pos, &cell);
			if (VTERM_COLOR_IS_INDEXED(&cell.fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
				return true;
		}
	return false;
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
	settle();
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
	assert_false(tty.alternate);
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
	static const struct { const char *name; unsigned int flags; int cut; const char *why; } bad[] = {
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
		assert_false(tty.alternate);
		finish();
	}
}

/* Keys at random, with resizes: it must live, and give the terminal back. */
static void test_random_keys(void **state)
{
	static const char pool[] = "snfSNFjkgGpPwWeEcCy*#;,uU+-\t\r<>Ohq?\033 \177/:5:x\\0123456789";
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 }, { 5, 25 }, { 60, 200 } };

	srandom(7);
	start(0, 24, 80);
	for (int i = 0; i < 600; i++) {
		char c = pool[(size_t)random() % (sizeof(pool) - 1)];

		if (c == 'q')
			continue;
		assert_int_equal(write(tty.master, &c, 1), 1);
		if (i % 50 == 49) {
			const int *size = sizes[random() % 4];

			resize(size[0], size[1]);
		} else {
			take(0);
		}
	}
	settle();
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
		cmocka_unit_test(test_first_screen), cmocka_unit_test(test_moves),
		cmocka_unit_test(test_jumps),	     cmocka_unit_test(test_changes),
		cmocka_unit_test(test_panes),	     cmocka_unit_test(test_help),
		cmocka_unit_test(test_resize),	     cmocka_unit_test(test_wide),
		cmocka_unit_test(test_partial),	     cmocka_unit_test(test_signals),
		cmocka_unit_test(test_stop_and_continue), cmocka_unit_test(test_colours),
		cmocka_unit_test(test_ascii),	     cmocka_unit_test(test_dumb),
		cmocka_unit_test(test_bad_traces),   cmocka_unit_test(test_random_keys),
	};

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("tui", tests, NULL, NULL);
}
