/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * How long a person waits for the viewer, on a long trace and a real (pseudo-)terminal.
 *
 *     walk TRACE.db KEYS SEARCHES
 *
 * Starts build/synwalk view, and waits for the first screen. Then it types keys, each behind a jump to a
 * step at random (of a fixed seed), and takes the time from the key to the last byte of the screen that
 * follows. At last it searches for the names of functions at random.
 *
 * Prints: ms to the first screen; of the moves how many, median, 99th percentile, the longest and its
 * key; of the searches how many, median, 99th percentile; the most memory the viewer had (MB).
 */

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* So long nothing comes when a screen is whole, ms; the time taken ends with its last byte. */
#define QUIET    12
#define PATIENCE 20000

static int terminal;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void die(const char *why)
{
	fprintf(stderr, "walk: %s\n", why);
	exit(2);
}

static int by_size(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

/* Reads until it is quiet; ms from @began to the last byte, or to now if nothing came. */
static double screen(double began)
{
	struct pollfd p = { .fd = terminal, .events = POLLIN };
	double last = 0;
	char buf[65536];

	while (poll(&p, 1, last > 0 ? QUIET : PATIENCE) > 0) {
		if (read(terminal, buf, sizeof(buf)) <= 0)
			die("the viewer has ended");
		last = now();
	}
	if (last <= 0)
		die("the viewer does not answer");
	return last - began;
}

static double type(const char *keys)
{
	double began = now();

	if (write(terminal, keys, strlen(keys)) < 0)
		die("cannot type");
	return screen(began);
}

static pid_t start(const char *path)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };
	pid_t child = forkpty(&terminal, NULL, NULL, &size);

	if (child < 0)
		die("no terminal");
	if (!child) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execl("build/synwalk", "synwalk", "view", path, (char *)NULL);
		_exit(127);
	}
	return child;
}

/* One column of text or numbers; how many rows. */
static int column(const char *path, const char *sql, char (*to)[64], int room)
{
	sqlite3_stmt *st;
	sqlite3 *db;
	int n = 0;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	while (n < room && sqlite3_step(st) == SQLITE_ROW)
		snprintf(to[n++], 64, "%s", (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

/* The most memory of its own and of the libraries that a process had, MB: without the mapped trace. */
static long memory(pid_t pid)
{
	char path[64], line[128];
	long all = 0, mapped = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "VmRSS: %ld", &all);
		sscanf(line, "RssFile: %ld", &mapped);
	}
	if (file)
		fclose(file);
	return (all - mapped) / 1024;
}

int main(int argc, char **argv)
{
	static const char *const moves[] = { "s", "S", "n", "N", "f", "F", "p", "P", "w", "e",
					     "E", "c", "C", "y", "*", "#", "u", "j", "k" };
	static char names[2000][64], last[1][64];
	int keys = argc > 3 ? atoi(argv[2]) : 0, searches = argc > 3 ? atoi(argv[3]) : 0, count;
	double *took, *found, longest = 0, first, began = now();
	const char *worst = "";
	char typed[100];
	pid_t child;

	if (keys < 1 || searches < 1)
		die("walk TRACE.db KEYS SEARCHES");
	took = calloc((size_t)keys, sizeof(*took));
	found = calloc((size_t)searches, sizeof(*found));
	count = column(argv[1], "SELECT name FROM func ORDER BY id", names, 2000);
	if (!took || !found || !count || !column(argv[1], "SELECT max(step) FROM log", last, 1))
		die("no trace");
	signal(SIGPIPE, SIG_IGN);
	began = now();
	child = start(argv[1]);
	first = screen(began);
	srandom(1);
	for (int i = 0; i < keys; i++) {
		const char *key = moves[(size_t)random() % (sizeof(moves) / sizeof(*moves))];

		snprintf(typed, sizeof(typed), ":%lld\r",
			 1 + (((long long)random() << 31) | random()) % atoll(last[0]));
		type(typed);
		took[i] = type(key);
		if (took[i] > longest) {
			longest = took[i];
			worst = key;
		}
	}
	for (int i = 0; i < searches; i++) {
		snprintf(typed, sizeof(typed), ":%lld\r",
			 1 + (((long long)random() << 31) | random()) % atoll(last[0]));
		type(typed);
		snprintf(typed, sizeof(typed), "/%s\r", names[random() % count]);
		found[i] = type(typed);
	}
	qsort(took, (size_t)keys, sizeof(*took), by_size);
	qsort(found, (size_t)searches, sizeof(*found), by_size);
	printf("%.1f %d %.2f %.2f %.2f %s %d %.1f %.1f %ld\n", first, keys, took[keys / 2],
	       took[keys * 99 / 100], longest, worst, searches, found[searches / 2],
	       found[searches * 99 / 100], memory(child));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
