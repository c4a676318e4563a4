/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Connects a second: socket, connect, close in a loop, over the virtual wire.
 *
 *     connects SECONDS            as built: the plain core, or the watched one with its hooks off
 *     connects SECONDS TRACE.db   recording on (watched core only)
 *     connects SECONDS TRACE.db N the same, and no more than N connects
 *     connects --bake FILE        for the Makefile: what a recording would have to read from DWARF
 *
 * Prints one line: connects, seconds, connects a second; when recording, the events and events a
 * second too. Virtual time costs nothing: the seconds are processor time of the thread that runs the
 * core and the far end (whatever else the machine does meanwhile), and with a recorder, which has a
 * thread of its own, time on the wall.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/include/synwalk/core.h"
#ifdef WATCHED
#include <sqlite3.h>
#include "trace/record/record.h"
#endif
#include "viewer/farend.h"

static const uint8_t near_mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };

#define LOOK 64 /* connects between two looks at the clock, which is a system call */

struct loop {
	double seconds;
	int recording;
	long connects, most;
	double took;
	long error;
};

static double now(int recording)
{
	struct timespec ts;

	clock_gettime(recording ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static uint64_t core_now(void)
{
	return *core_clock();
}

static void die(const char *what, long error)
{
	fprintf(stderr, "connects: %s: %s\n", what, strerror((int)-error));
	exit(2);
}

static void task(void *arg)
{
	struct loop *loop = arg;
	struct sockaddr_in *sin = core_user_alloc(sizeof(*sin));
	double began = now(loop->recording);

	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = inet_addr("10.9.0.2");
	sin->sin_port = htons(80);
	do {
		long fd = sys_socket(AF_INET, SOCK_STREAM, 0);

		loop->error = fd;
		if (fd >= 0)
			loop->error = sys_connect((int)fd, (struct sockaddr *)sin, sizeof(*sin));
		if (loop->error < 0)
			break;
		sys_close((unsigned int)fd);
		/* Let the close finish, so that every connect begins in the same world. */
		sys_nanosleep(1000000);
		loop->connects++;
		if (loop->recording || loop->connects % LOOK == 0)
			loop->took = now(loop->recording) - began;
	} while (loop->took < loop->seconds && loop->connects != loop->most);
}

#ifdef WATCHED
static long count_events(const char *path)
{
	sqlite3 *db;
	sqlite3_stmt *query;
	long count = -1;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE key = 'steps'", -1, &query,
			       NULL) == SQLITE_OK) {
		if (sqlite3_step(query) == SQLITE_ROW)
			count = (long)sqlite3_column_int64(query, 0);
		sqlite3_finalize(query);
	}
	sqlite3_close(db);
	return count;
}
#endif

int main(int argc, char **argv)
{
	struct core_config boot = { .seed = 1 };
	struct farend_config wire = {
		.mac = { 0x02, 0, 0, 0, 0, 0x02 },
		.addr = inet_addr("10.9.0.2"),
		.gateway = inet_addr("10.9.0.2"),
		.port = 80,
		.seed = 1,
		.delay_ns = 10000,
		.now_ns = core_now,
		.inject = core_wire_inject,
		.ifname = "wire0",
	};
	struct loop loop = { .seconds = argc > 1 ? atof(argv[1]) : 1,
			     .recording = argc > 2,
			     .most = argc > 3 ? atol(argv[3]) : -1 };
	struct farend far;
	double began, took;
	long e;

#ifdef WATCHED
	char err[512] = "";

	if (argc == 3 && !strcmp(argv[1], "--bake")) {
		if (record_bake(argv[2], NULL, NULL, err, sizeof(err)) < 0)
			die(err, 0);
		return 0;
	}
#endif
	farend_init(&far, &wire);
	e = core_boot(&boot);
	if (!e)
		e = core_add_wire("wire0", near_mac, 1500, wire.delay_ns, farend_frame, &far);
	if (!e)
		e = core_addr_add("wire0", inet_addr("10.9.0.1"), 24);
	if (e)
		die("boot", e);
#ifdef WATCHED
	if (argc > 2) {
		struct record_options record = {
			.path = argv[2],
			.scenario = "benchmark",
			.virtual_ns = core_clock(),
			.hz = 1000,
		};
		if (record_start(&record, err, sizeof(err)) < 0)
			die(err, 0);
	}
#endif
	began = now(loop.recording);
	e = core_task("bench", task, &loop);
	if (e >= 0)
		e = core_run();
#ifdef WATCHED
	if (argc > 2 && record_stop("0", NULL, 0) < 0)
		die("record_stop", -EIO);
#endif
	took = now(loop.recording) - began;
	if (e < 0 || loop.error < 0)
		die("run", e < 0 ? e : loop.error);
	printf("%ld %.3f %.0f", loop.connects, loop.took, (double)loop.connects / loop.took);
#ifdef WATCHED
	if (argc > 2) {
		long events = count_events(argv[2]);

		/* With the queue drained and the indexes built: nothing is left to be paid. */
		printf(" %ld %.4f %.0f", events, took, (double)events / took);
	}
#endif
	putchar('\n');
	(void)took;
	core_shutdown();
	return 0;
}
