/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The viewer on a pseudo-terminal, read by libvterm.
 *
 * Theory of operation: start_with() makes a pty and a child that plays the shell (it owns the
 * session, so that ^Z can stop the viewer as it does for people), which runs cmd_view() in a job
 * of its own.  keys() types, then feeds what the viewer writes into the emulator until it has
 * been quiet for a moment; screen() and row() are what a person would then see.
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
#include "tests/view/terminal.h"
#include "viewer/command.h"

#define QUIET_MS    30   /* after so long without output the screen is complete */
#define NOTICED_MS  1000 /* so long typing may not wake the viewer: it is stopped, or has ended */
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

/* How often the viewer has gone to sleep; -1 when it does not: it works, or waits for a processor. */
static long sleeps(void)
{
	char path[40], line[128], state = 'S';
	long count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tty.viewer);
	file = tty.viewer > 0 ? fopen(path, "r") : NULL;
	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "State: %c", &state);
		sscanf(line, "voluntary_ctxt_switches: %ld", &count);
	}
	if (file)
		fclose(file);
	return state == 'R' || state == 'D' ? -1 : count;
}

static void settle(void)
{
	int64_t end = now_ms() + PATIENCE_MS;

	while (now_ms() < end && (take(QUIET_MS) || sleeps() < 0))
		;
	vterm_screen_flush_damage(tty.screen);
}

/* One row as a person reads it, without the spaces at its end. */
const char *row(int y)
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

const char *screen(void)
{
	static char all[65536];
	size_t n = 0;

	for (int y = 0; y < tty.rows; y++)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s\n", row(y));
	return all;
}

/*
 * Fails with the whole screen, as comment lines: what cmocka says itself is cut after a kilobyte, and its
 * "not ok" must begin a line.
 */
__attribute__((format(printf, 1, 2))) static _Noreturn void fail_with_screen(const char *format,
									     ...)
{
	char why[512];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	puts("# the screen:");
	for (int y = 0; y < tty.rows; y++)
		printf("# %s\n", row(y));
	fflush(stdout);
	fail_msg("%s\n", why);
	abort();
}

/* Waits until the screen has TEXT; fails with the screen if it never has. */
void see(const char *text)
{
	int64_t end = now_ms() + PATIENCE_MS;

	do {
		settle();
		if (strstr(screen(), text))
			return;
	} while (now_ms() < end && tty.shell);
	fail_with_screen("\"%s\" is not on the screen", text);
}

/* Waits until the screen is without TEXT, which it may still have had when the key was typed. */
void see_not(const char *text)
{
	int64_t end = now_ms() + PATIENCE_MS;

	do {
		settle();
		if (!strstr(screen(), text))
			return;
	} while (now_ms() < end && tty.shell);
	if (strstr(screen(), text))
		fail_with_screen("\"%s\" is on the screen", text);
}

void keys(const char *typed)
{
	int64_t end = now_ms() + NOTICED_MS;
	long before = sleeps();

	assert_int_equal(write(tty.master, typed, strlen(typed)), strlen(typed));
	/* on a busy machine it takes a while until the viewer hears of it, wakes up, and sleeps again */
	do
		settle();
	while (before >= 0 && sleeps() == before && now_ms() < end);
}

/* The step in the bar. */
static long long step_shown(void)
{
	const char *s = strstr(row(0), "step ");

	return s ? atoll(s + 5) : -1;
}

void at_step(long long step)
{
	int64_t end = now_ms() + PATIENCE_MS;

	while (step_shown() != step && now_ms() < end)
		settle();
	if (step_shown() != step)
		fail_with_screen("step %lld wanted", step);
}

void press(const char *typed, long long step)
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

void start_with(const char *path, const char *option, int rows, int cols)
{
	int news[2], orders[2];
	char line[32] = "";

	/* no test reads or writes how the person at this machine has the panes */
	setenv("XDG_STATE_HOME", fixture_path("state"), 0);
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

void need_chinese(void)
{
	if (access("build/locale/zh_CN/LC_MESSAGES/synwalk.mo", R_OK)) {
		print_message("msgfmt is not installed: apt-get install gettext\n");
		skip();
	}
}

void start_in_chinese(const char *path, const char *option, int rows, int cols)
{
	need_chinese();
	setenv("TEXTDOMAINDIR", "build/locale", 1);
	setenv("LANGUAGE", "zh_CN", 1);
	start_with(path, option, rows, cols);
	unsetenv("LANGUAGE");
}

/* What became of the viewer: "E" and status + 1, "K" and signal, "S." */
void news(char kind, int value)
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
		fail_with_screen("wanted %c %d, got %c %d", kind, value, what[0],
				 what[0] == 'E' ? what[1] - 1 : what[1]);
}

void terminal_is_restored(void)
{
	struct termios after;

	assert_false(tty.alternate);
	assert_true(tty.cursor);
	assert_int_equal(tcgetattr(tty.slave, &after), 0);
	assert_int_equal(after.c_lflag, tty.before.c_lflag);
	assert_int_equal(after.c_iflag, tty.before.c_iflag);
	assert_int_equal(after.c_oflag, tty.before.c_oflag);
}

void finish(void)
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

void quit(void)
{
	keys("q");
	news('E', 0);
	terminal_is_restored();
	finish();
}

void leave(void)
{
	kill(tty.viewer, SIGKILL);
	news('K', SIGKILL);
	finish();
}

void resize(int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	tty.rows = rows;
	tty.cols = cols;
	vterm_set_size(tty.vt, rows, cols);
	assert_int_equal(ioctl(tty.master, TIOCSWINSZ, &size), 0);
	settle();
}

int highest_colour(void)
{
	int highest = -1;

	for (int y = 0; y < tty.rows; y++)
		for (int x = 0; x < tty.cols; x++) {
			VTermPos pos = { .row = y, .col = x };
			VTermScreenCell cell;

			vterm_screen_get_cell(tty.screen, pos, &cell);
			if (VTERM_COLOR_IS_INDEXED(&cell.fg) &&
			    !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) && cell.fg.indexed.idx > highest)
				highest = cell.fg.indexed.idx;
		}
	return highest;
}

const char *look_at(int y, int x)
{
	static char look[16];
	VTermPos pos = { .row = y, .col = x };
	VTermScreenCell cell;

	vterm_screen_get_cell(tty.screen, pos, &cell);
	snprintf(look, sizeof(look), "%s%s%s", cell.attrs.bold ? "b" : "",
		 cell.attrs.reverse ? "r" : "", cell.attrs.underline ? "u" : "");
	if (VTERM_COLOR_IS_INDEXED(&cell.fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
		snprintf(look + strlen(look), sizeof(look) - strlen(look), "%d",
			 cell.fg.indexed.idx);
	return look;
}

bool coloured(void)
{
	return highest_colour() >= 0;
}

void type_blindly(char c)
{
	assert_int_equal(write(tty.master, &c, 1), 1);
	take(0);
}

void go_on(void)
{
	assert_int_equal(write(tty.orders, "c", 1), 1);
}

bool terminal_alternate(void)
{
	return tty.alternate;
}

pid_t viewer_pid(void)
{
	return tty.viewer;
}
