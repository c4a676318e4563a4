/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Somebody who types at random into the viewer, on a real (pseudo-)terminal.
 *
 *     monkey PROGRAM SEED KEYS TRACE.db [OTHER.db]
 *
 * Types so many keys (letters, digits, arrows, function keys, the mouse, texts behind prompts), and
 * changes the size now and then.  Nine keys come as fast as hands can; then the viewer is left alone until
 * it has read them all, and the tenth is timed until the screen comes.  In the end it leaves.  The viewer
 * must live, end with status 0, and give the terminal back as it was.
 *
 * Keys that nobody has read are kept in the terminal, thousands of them if need be: who does not wait
 * times the last screen of all those before, and at the end waits for all of them.
 *
 * Prints: keys, the longest time for an answer (ms), the most processor time for one, and the key that took
 * it.  Status 1, and what the viewer wrote last, otherwise.
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

/* ms that a viewer may take for what was typed, before it is said to hang. */
#define PATIENCE 60000

/* One key of so many is timed. */
#define TIMED 10

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
		else
			take(5);
	}
}

/* Does the viewer wait for something? */
static bool sleeps(void)
{
	char path[64], state = 'R';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)viewer);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'R';
	fclose(file);
	return state == 'S';
}

/* Waits until the viewer has read all that was typed, and has nothing left to do or show.  False: it does not. */
static bool settle(void)
{
	double end = now() + PATIENCE;
	int unread;

	do {
		while (take(5))
			;
		if (now() > end || has_ended() || ioctl(slave, FIONREAD, &unread))
			return false;
	} while (unread || !sleeps());
	return true;
}

/*
 * ms until the screen comes that a key asks for, and with it another size, for some keys change nothing;
 * and how much of the processor the viewer has had for it.
 */
static double answer(const char *key, double *worked)
{
	double began, before;
	struct winsize size;

	ioctl(terminal, TIOCGWINSZ, &size);
	size.ws_col = (unsigned short)(size.ws_col > 100 ? size.ws_col - 1 : size.ws_col + 1);
	began = now();
	before = processor(viewer);
	type(key);
	ioctl(terminal, TIOCSWINSZ, &size);
	if (!take(PATIENCE))
		return PATIENCE;
	*worked = processor(viewer) - before;
	return now() - began;
}

static int fail(const char *why)
{
	for (int i = 0; i < 100 && take(200); i++)
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

/* What the longest answers were. */
static struct {
	double took, worked;
	const char *key;
} longest = { .key = "" };

/* Types so many keys.  NULL, or what went wrong. */
static const char *play(long count)
{
	struct winsize size = { 0 };

	for (long i = 1; i <= count; i++) {
		const char *key = keys[random() % KEYS];
		double took, worked = 0;

		if (i % 50 == 0) {
			size.ws_row = (unsigned short)(1 + random() % 70);
			size.ws_col = (unsigned short)(1 + random() % 220);
			ioctl(terminal, TIOCSWINSZ, &size);
		}
		if (i % TIMED) {
			type(key);
			continue;
		}
		if (!settle())
			return has_ended() ? "it has ended" : "it does not read what is typed";
		took = answer(key, &worked);
		if (took >= PATIENCE)
			return "no screen for a key and a new size";
		if (took > longest.took)
			longest.took = took;
		if (worked > longest.worked) {
			longest.worked = worked;
			longest.key = key;
		}
	}
	return settle() ? NULL : "it has ended, or does not read what is typed";
}

/* A key as it is written in C. */
static void print_key(const char *key)
{
	for (; *key; key++)
		if (*key > 32 && *key < 127)
			putchar(*key);
		else
			printf("\\%03o", (unsigned char)*key);
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct termios before;
	const char *wrong;
	pid_t child;

	if (argc < 5 || argc > 6 || openpty(&terminal, &slave, NULL, NULL, &size) ||
	    tcgetattr(slave, &before))
		return 2;
	child = fork();
	if (!child) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		close(terminal); /* or it would keep its own terminal alive when this program is killed */
		login_tty(slave);
		execl(argv[1], "synwalk", "view", argv[4], argv[5], (char *)NULL);
		_exit(127);
	}
	viewer = child;
	signal(SIGPIPE, SIG_IGN);
	/* while it writes a screen it does not read keys: nobody may wait for the other then */
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	srandom((unsigned int)atoi(argv[2]));
	if (!take(PATIENCE))
		return fail("no screen");
	wrong = play(atol(argv[3]));
	if (wrong)
		return fail(wrong);
	if (leave(child, &before))
		return 1;
	printf("%s %.0f %.0f ", argv[3], longest.took, longest.worked);
	print_key(longest.key);
	return 0;
}
