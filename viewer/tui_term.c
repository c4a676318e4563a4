/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The terminal's life: taken over at the start, given back at the end, also when the program is
 * told to end (SIGTERM, SIGHUP) or dies of a fault.
 *
 * A signal handler must not call curses.  So the few strings that bring a terminal back (leave
 * the other screen, show the cursor, plain text) are fetched while all is well, and the handler
 * only writes them, sets the line discipline back and dies of the same signal.  Stopping with ^Z
 * and going on is curses' own business and it does it well.
 */
#include <curses.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"

/* Last: it makes macros of common words (lines, columns). */
#include <term.h>

static struct termios before;
static char rescue[256];
static size_t rescue_len;
static volatile int *interrupt_flag;
static SCREEN *screen;

static const int deadly[] = { SIGTERM, SIGHUP,  SIGQUIT, SIGSEGV, SIGBUS,
			      SIGFPE,  SIGABRT, SIGILL,  SIGPIPE };

static void die_restored(int sig)
{
	ssize_t ignored = write(STDOUT_FILENO, rescue, rescue_len);

	(void)ignored;
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* ^C ends a long search, and nothing else: who stepped for an hour must not lose the place. */
static void interrupt(int sig)
{
	(void)sig;
	*interrupt_flag = 1;
}

/* Adds what a capability of the terminal sends, if it has it and needs no padding. */
static void keep_string(const char *name)
{
	const char *s = tigetstr(name);
	size_t len = s && s != (char *)-1 ? strlen(s) : 0;

	if (!len || strstr(s, "$<") || rescue_len + len > sizeof(rescue))
		return;
	memcpy(rescue + rescue_len, s, len);
	rescue_len += len;
}

static void catch_signals(void)
{
	static char stack[32768]; /* a fault may be an overflown stack */
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act = { .sa_handler = die_restored,
				 .sa_flags = SA_ONSTACK | SA_RESETHAND };

	sigaltstack(&alt, NULL);
	sigfillset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		sigaction(deadly[i], &act, NULL);
	act.sa_handler = interrupt;
	act.sa_flags = 0;
	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
}

static void release_signals(void)
{
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		signal(deadly[i], SIG_DFL);
	signal(SIGINT, SIG_DFL);
}

bool term_able(void)
{
	const char *term = getenv("TERM");
	int unused;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term || !strcmp(term, "dumb"))
		return false;
	/* Is it described?  newterm() would find out too, but loses memory when it is not. */
	if (setupterm(NULL, STDOUT_FILENO, &unused) != OK)
		return false;
	del_curterm(cur_term);
	return true;
}

/* The mouse: what turns it off again must be known before it is on. */
static void start_mouse(void)
{
	char *format = tigetstr("XM");
	char *off = format && format != (char *)-1 ? tparm(format, 0L) : NULL;
	size_t len = off ? strlen(off) : 0;

	if (len && !strstr(off, "$<") && rescue_len + len <= sizeof(rescue)) {
		memcpy(rescue + rescue_len, off, len);
		rescue_len += len;
	}
	mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
}

bool term_start(volatile int *flag, bool mouse)
{
	static const char *const strings[] = { "rmcup", "cnorm", "sgr0", "rmkx" };

	interrupt_flag = flag;
	rescue_len = 0;
	if (tcgetattr(STDIN_FILENO, &before))
		return false;
	language_start();
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return false;
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		keep_string(strings[i]);
	catch_signals();
	cbreak();
	noecho();
	nonl(); /* Enter and ^J stay apart */
	keypad(stdscr, TRUE);
	set_escdelay(25);
	for (int digit = 0; digit <= 9; digit++) {
		char alt[3] = { 27, (char)('0' + digit), '\0' };

		define_key(alt, KEY_ALT + digit);
	}
	curs_set(0);
	if (mouse)
		start_mouse();
	return true;
}

int term_key_at_once(void)
{
	int key;

	timeout(0);
	key = getch();
	timeout(-1);
	return key;
}

/*
 * A getch() that waits does not look whether the size has changed: a SIGWINCH that comes while a screen is
 * drawn, or just before it waits, would be seen with the next key only.  So the signals are held back
 * from the moment they are looked for, and let through by the call that waits.
 */
int term_key(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t held, usual, waiting;
	int key;

	sigemptyset(&held);
	sigaddset(&held, SIGWINCH);
	sigaddset(&held, SIGINT);
	sigprocmask(SIG_BLOCK, &held, &usual);
	/* some who start programs, perf for one, hold them back for good */
	waiting = usual;
	sigdelset(&waiting, SIGWINCH);
	sigdelset(&waiting, SIGINT);
	do {
		key = term_key_at_once();
		if (key != ERR || *interrupt_flag || in.revents & (POLLHUP | POLLERR | POLLNVAL))
			break;
	} while (ppoll(&in, 1, NULL, &waiting) >= 0 || errno == EINTR);
	sigprocmask(SIG_SETMASK, &usual, NULL);
	return key;
}

void term_end(void)
{
	endwin();
	release_signals();
	delscreen(screen);
	screen = NULL;
}
