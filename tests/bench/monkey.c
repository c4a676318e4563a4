/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Somebody who types at random into the viewer, on a real (pseudo-)terminal.
 *
 *     monkey PROGRAM TRACE.db SEED KEYS
 *
 * Types so many keys (letters, digits, arrows, function keys, the mouse, texts behind prompts), changes
 * the size now and then, and after each hundred changes it once more and takes the time until the screen
 * comes. Then it leaves. The viewer must live, end with status 0, and give the terminal back as
 * it was.
 *
 * Prints: keys, the longest time for an answer (ms), the most processor time for one. Status 1, and what the viewer wrote last, otherwise.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include "tests/bench/processor.h"

#define PATIENCE 60000

static const char *const keys[] = {
	"s",
	"S",
	"n",
	"N",
	"f",
	"F",
	"j",
	"k",
	"g",
	"G",
	"p",
	"P",
	"w",
	"W",
	"e",
	"E",
	"c",
	"C",
	"y",
	"*",
	"#",
	"u",
	"U",
	"+",
	"-",
	"\t",
	"\r",
	"<",
	">",
	"O",
	"h",
	"?",
	"\033",
	" ",
	"\177",
	";",
	",",
	"v",
	"V",
	"ma",
	"'a",
	"''",
	"x",
	"r",
	"t",
	"z",
	"Z",
	"J",
	"K",
	"(",
	")",
	"[",
	"]",
	"{",
	"}",
	"T",
	"R",
	"1",
	"7",
	"0",
	":50%\r",
	":9\r",
	":tcp_connect\r",
	":40ms\r",
	"/tcp",
	"/sk_state\r",
	"\\err\r",
	"&kind:store\r",
	"&\025\r",
	"&where line > 100\r",
	"&x",
	"\033[A",
	"\033[B",
	"\033[C",
	"\033[D",
	"\033[5~",
	"\033[6~",
	"\033[Z",
	"\033OP",
	"\033[<0;10;5M\033[<0;10;5m",
	"\033[<0;60;15M\033[<0;60;15m",
	"\033[<65;10;5M",
	"\0331",
	"\0336",
	"\0337",
	"\0338",
	"\0339",
	"\0330",
	"t6",
	"t9",
	"\025",
	"\014",
	"\377",
	"\303\244",
};
#define KEYS ((long)(sizeof(keys) / sizeof(*keys)))

static int terminal, slave;
static pid_t viewer;
static char last[4096]; /* what the viewer wrote last, for who looks for why it died */
static size_t last_len;
static bool restored; /* it has left the other screen */

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* Takes what is there, waiting so long (ms) for something.  False if nothing came, or it has ended. */
static bool take(int wait)
{
	struct pollfd p = { .fd = terminal, .events = POLLIN };
	char buf[sizeof(last) - 1];
	ssize_t n;

	if (poll(&p, 1, wait) <= 0)
		return false;
	n = read(terminal, buf, sizeof(buf));
	if (n <= 0)
		return false;
	if (last_len + (size_t)n > sizeof(last) - 1) {
		size_t drop = last_len + (size_t)n - (sizeof(last) - 1);

		drop = drop < last_len ? drop : last_len;
		memmove(last, last + drop, last_len - drop);
		last_len -= drop;
	}
	memcpy(last + last_len, buf, (size_t)n);
	last_len += (size_t)n;
	if (memmem(last, last_len, "\033[?1049l", 8))
		restored = true;
	return true;
}

static bool has_ended(void)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, (id_t)viewer, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       info.si_pid == viewer;
}

static void type(const char *text)
{
	while (*text) {
		ssize_t n = write(terminal, text, strlen(text));

		if (n > 0)
			text += n;
		else if ((errno != EAGAIN && errno != EINTR) || has_ended())
			return;
		take(n > 0 ? 0 : 5);
	}
}

/*
 * ms until the screen comes that another size asks for, whatever the keys have opened; and how much of the
 * processor the viewer has had for it.
 */
static double answer(pid_t child, double *worked)
{
	struct winsize size;
	double began, before;

	while (take(5))
		;
	ioctl(terminal, TIOCGWINSZ, &size);
	size.ws_col = (unsigned short)(size.ws_col > 100 ? size.ws_col - 1 : size.ws_col + 1);
	began = now();
	before = processor(child);
	ioctl(terminal, TIOCSWINSZ, &size);
	if (!take(PATIENCE))
		return PATIENCE;
	*worked = processor(child) - before;
	return now() - began;
}

static int fail(const char *why)
{
	while (take(200))
		;
	last[last_len] = '\0';
	printf("%s\n%s\n", why, last);
	return 1;
}

/* Leaves all prompts, lists and helps, then the viewer.  0 when it ended in order. */
static int leave(pid_t child, const struct termios *before)
{
	double end = now() + PATIENCE;
	struct termios after;
	int status = 0;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (now() > end) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
			return fail("it does not end");
		}
		type("\033");
		take(60);
		type("\033q");
		take(60);
	}
	while (take(50))
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return fail(WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "status is not 0");
	last[last_len] = '\0';
	if (!restored)
		return fail("the other screen is still there");
	if (tcgetattr(slave, &after) || after.c_lflag != before->c_lflag ||
	    after.c_iflag != before->c_iflag)
		return fail("the terminal is not as it was");
	return 0;
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	double longest = 0, most = 0, took, worked = 0;
	struct termios before;
	pid_t child;
	long count;

	if (argc != 5 || openpty(&terminal, &slave, NULL, NULL, &size) || tcgetattr(slave, &before))
		return 2;
	child = fork();
	if (!child) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		close(terminal); /* or it would keep its own terminal alive when this program is killed */
		login_tty(slave);
		execl(argv[1], "synwalk", "view", argv[2], (char *)NULL);
		_exit(127);
	}
	viewer = child;
	signal(SIGPIPE, SIG_IGN);
	/* while it writes a screen it does not read keys: nobody may wait for the other then */
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	srandom((unsigned int)atoi(argv[3]));
	count = atol(argv[4]);
	if (!take(PATIENCE))
		return fail("no screen");
	for (long i = 1; i <= count; i++) {
		type(keys[random() % KEYS]);
		take(0);
		if (i % 50 == 0) {
			size.ws_row = (unsigned short)(1 + random() % 70);
			size.ws_col = (unsigned short)(1 + random() % 220);
			ioctl(terminal, TIOCSWINSZ, &size);
		}
		if (i % 100)
			continue;
		took = answer(child, &worked);
		longest = took > longest ? took : longest;
		most = worked > most ? worked : most;
		if (has_ended())
			return fail("it has ended");
	}
	if (leave(child, &before))
		return 1;
	printf("%ld %.0f %.0f\n", count, longest, most);
	return 0;
}
