/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * How long a person waits for the viewer, on a long trace and a real (pseudo-)terminal.
 *
 *     walk TRACE.db KEYS SEARCHES
 *
 * Starts build/synwalk view, and waits for the first screen. Then it types keys, each behind a jump to a
 * step at random (of a fixed seed), and takes the time from the key, or the jump, to the last byte of the
 * screen that follows. At last it searches for the names of functions at random, from random steps: most
 * of them are never called, or not behind there, which must be said as soon.
 *
 * On a busy machine the time is that of the others, too. So the processor time of the viewer is taken as
 * well, until nothing has come for a moment: what it reads ahead meanwhile is in it.
 *
 * Prints in ms: time to the first screen, processor time; of the moves how many, median, 99th percentile,
 * that of the processor time, the longest and its key; of the searches how many, median, 99th percentile,
 * that of the processor time; the memory that the viewer has at the end (MB).
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

#include "tests/bench/processor.h"

/* So long nothing comes when a screen is whole, ms; the time taken ends with its last byte. */
#define QUIET    12
#define PATIENCE 20000

static int terminal;

/* Times of one sort, and the processor times that belong to them. */
struct times {
	double *took, *worked;
	int count;
};

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

/* Types, and notes the time.  Which it was. */
static double type(pid_t child, const char *keys, struct times *to)
{
	double began = now(), worked = processor(child), took;

	if (write(terminal, keys, strlen(keys)) < 0)
		die("cannot type");
	took = screen(began);
	if (to) {
		to->took[to->count] = took;
		to->worked[to->count++] = processor(child) - worked;
	}
	return took;
}

static struct times room_for(int count)
{
	struct times t = { calloc((size_t)count, sizeof(double)),
			   calloc((size_t)count, sizeof(double)), 0 };

	if (!t.took || !t.worked)
		die("out of memory");
	return t;
}

/* How many, median, 99th percentile, and that of the processor time. */
static void print_times(struct times *t)
{
	qsort(t->took, (size_t)t->count, sizeof(double), by_size);
	qsort(t->worked, (size_t)t->count, sizeof(double), by_size);
	printf(" %d %.2f %.2f %.2f", t->count, t->took[t->count / 2], t->took[t->count * 99 / 100],
	       t->worked[t->count * 99 / 100]);
	free(t->took);
	free(t->worked);
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

/* The memory that a process has for itself, MB: without the mapped trace. */
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

/* Until the viewer has read ahead what it can while somebody looks at the first screen: a tenth of a second. */
static void look(pid_t child)
{
	double before;

	do {
		before = processor(child);
		poll(NULL, 0, 50);
	} while (processor(child) - before > 1);
}

/* A step at random, as one types it. */
static const char *jump(long long last)
{
	static char typed[64];

	snprintf(typed, sizeof(typed), ":%lld\r",
		 1 + (((long long)random() << 31) | random()) % last);
	return typed;
}

int main(int argc, char **argv)
{
	static const char *const moves[] = { "s", "S", "n", "N", "f", "F", "p", "P", "w", "e",
					     "E", "c", "C", "y", "*", "#", "u", "j", "k" };
	static char names[2000][64], end[1][64];
	int keys = argc > 3 ? atoi(argv[2]) : 0, searches = argc > 3 ? atoi(argv[3]) : 0, count;
	double longest = 0, first, first_worked, took, began = now();
	struct times walked, found;
	const char *worst = "";
	char typed[100];
	long long last;
	pid_t child;

	if (keys < 1 || searches < 1)
		die("walk TRACE.db KEYS SEARCHES");
	walked = room_for(2 * keys);
	found = room_for(searches);
	count = column(argv[1], "SELECT name FROM func ORDER BY id", names, 2000);
	if (!count || !column(argv[1], "SELECT max(step) FROM log", end, 1))
		die("no trace");
	last = atoll(end[0]);
	signal(SIGPIPE, SIG_IGN);
	began = now();
	child = start(argv[1]);
	first = screen(began);
	first_worked = processor(child);
	look(child);
	srandom(1);
	for (int i = 0; i < 2 * keys; i++) {
		const char *key =
			i % 2 ? moves[(size_t)random() % (sizeof(moves) / sizeof(*moves))] :
				jump(last);

		took = type(child, key, &walked);
		if (took > longest) {
			longest = took;
			worst = *key == ':' ? ":step" : key;
		}
	}
	for (int i = 0; i < searches; i++) {
		type(child, jump(last), NULL);
		snprintf(typed, sizeof(typed), "/%s\r", names[random() % count]);
		type(child, typed, &found);
	}
	printf("%.1f %.1f", first, first_worked);
	print_times(&walked);
	printf(" %.2f %s", longest, worst);
	print_times(&found);
	printf(" %ld\n", memory(child));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
