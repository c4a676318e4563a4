/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * What a hook costs the thread that is watched.
 *
 *     hooks TRACE.db
 *
 * Prints six numbers: nanoseconds of a hook that is off; of a call with two arguments and its return
 * while recording, the call itself not counted, on the virtual clock and on the wall's; events a second
 * at which the last part ran; how often the queue was full in it; events lost.
 *
 * Off: the same function compiled with hooks and without, called in a loop. Recording: bursts that fit
 * into the queue, in processor time of the calling thread; between them the writer catches up. The last
 * part calls at a steady pace of 400,000 events a second for some seconds.
 */

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/bench/watched/calls.h"
#include "trace/record/hooks.h"
#include "trace/record/record.h"

#define LOOPS  20000000L
#define BURSTS 200
#define BURST  4000 /* calls: 5 records each, some hundreds of bytes in all */
#define PACE   400000.0
#define EVENTS 3 /* a call is told as call, line and return, at least */

static double now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static volatile int sum;

/* On the wire the clock is a variable of the core's; over TAP it is the wall's. */
static volatile uint64_t core_time;

/* Nanoseconds a call. */
static double time_calls(int (*add)(int, const struct pair *), long calls)
{
	struct pair pair = { 1, 2 };
	double began = now(CLOCK_THREAD_CPUTIME_ID);

	for (long i = 0; i < calls; i++)
		sum += add((int)i, &pair);
	return (now(CLOCK_THREAD_CPUTIME_ID) - began) * 1e9 / (double)calls;
}

/* The middle one of some parts, for the machine may have other work. */
static double median_of(int (*add)(int, const struct pair *))
{
	double parts[9];

	for (int i = 0; i < 9; i++)
		parts[i] = time_calls(add, LOOPS / 9);
	qsort(parts, 9, sizeof(*parts), by_size);
	return parts[4];
}

static double recorded_call(void)
{
	const struct timespec rest = { .tv_nsec = 20000000 };
	static double parts[BURSTS];

	for (int i = 0; i < BURSTS; i++) {
		parts[i] = time_calls(watched_add, BURST);
		clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, NULL);
	}
	qsort(parts, BURSTS, sizeof(*parts), by_size);
	return parts[BURSTS / 2];
}

/* Calls at PACE for SECONDS, a thousandth of them at a time; returns how many. */
static long steady(double seconds)
{
	double began = now(CLOCK_MONOTONIC);
	long calls = 0;

	for (double at; (at = now(CLOCK_MONOTONIC) - began) < seconds;) {
		long due = (long)(at * PACE / EVENTS);

		if (calls < due) {
			time_calls(watched_add, due - calls);
			calls = due;
		}
	}
	return calls;
}

static long steps_of(const char *path)
{
	sqlite3 *db;
	sqlite3_stmt *query;
	long steps = -1;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT max(step) FROM log", -1, &query, NULL) == SQLITE_OK) {
		if (sqlite3_step(query) == SQLITE_ROW)
			steps = (long)sqlite3_column_int64(query, 0);
		sqlite3_finalize(query);
	}
	sqlite3_close(db);
	return steps;
}

static void start(const struct record_options *options)
{
	char err[512];

	if (record_start(options, err, sizeof(err)) < 0) {
		fprintf(stderr, "hooks: %s\n", err);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct record_options options = {
		.path = argc > 1 ? argv[1] : "",
		.scenario = "hooks",
		.hz = 1000,
		.virtual_ns = &core_time,
		.prefix = "tests/bench/watched/",
	};
	double off, call, walled, seconds = 3, plain = median_of(plain_add);
	uint64_t waits, lost;

	if (argc != 2)
		return 2;
	off = (median_of(watched_add) - plain) / HOOKS;
	start(&options);
	call = recorded_call() - plain;
	record_stop("0", NULL, 0);
	options.virtual_ns = NULL;
	start(&options);
	walled = recorded_call() - plain;
	record_stop("0", NULL, 0);
	options.virtual_ns = &core_time;
	start(&options);
	steady(seconds);
	waits = hooks.ring.waits;
	lost = record_lost();
	if (record_stop("0", NULL, 0) < 0)
		return 2;
	printf("%.2f %.0f %.0f %.0f %lu %lu\n", off, call, walled,
	       (double)steps_of(argv[1]) / seconds, waits, lost);
	return 0;
}
