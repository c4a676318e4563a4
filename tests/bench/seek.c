/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * How long it takes to know what an object held at a step, any step of a long trace.
 *
 *     seek TRACE.db QUESTIONS
 *
 * First the file is dropped from the page cache and opened, with one question: that is cold. Then
 * each question takes a step at random (of a fixed seed) and an object that lives then: each second
 * one of all, the others of the sixteen with the most places (hash tables, the counters of SNMP). It
 * asks trace/read for all fields. The list of all objects at a step is timed, too.
 *
 * Prints: steps, objects, ms of the cold open and of the first question, the share of the file that
 * was still cached before (%); of the questions the median, the 99th percentile, and that in
 * processor time (ms), and the most fields; of the lists median and 99th percentile.
 */

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "trace/read/read.h"

struct object {
	int64_t id, born, died;
};

static double now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int by_time(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static void die(const char *why)
{
	fprintf(stderr, "seek: %s\n", why);
	exit(2);
}

/* Has the kernel forget what it keeps of a file; returns how much of it stayed, in per cent. */
static double drop(const char *path)
{
	int fd = open(path, O_RDWR);
	unsigned char *pages;
	struct stat st;
	size_t count, kept = 0;
	void *map;

	if (fd < 0 || fstat(fd, &st) || fdatasync(fd) ||
	    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED))
		die("the file cannot be dropped from the cache");
	count = ((size_t)st.st_size + 4095) / 4096;
	pages = calloc(count, 1);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (!pages || map == MAP_FAILED || mincore(map, (size_t)st.st_size, pages))
		die("mincore");
	for (size_t i = 0; i < count; i++)
		kept += pages[i] & 1;
	munmap(map, (size_t)st.st_size);
	free(pages);
	close(fd);
	return 100 * (double)kept / (double)count;
}

/* The rows of a query as objects. */
static struct object *objects(const char *path, const char *sql, size_t *count)
{
	struct object *list = NULL;
	size_t room = 0;
	sqlite3_stmt *st;
	sqlite3 *db;

	*count = 0;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL))
		die(sqlite3_errmsg(db));
	while (sqlite3_step(st) == SQLITE_ROW) {
		if (*count == room)
			list = realloc(list, (room = room ? 2 * room : 1024) * sizeof(*list));
		if (!list)
			die("no memory");
		list[*count].id = sqlite3_column_int64(st, 0);
		list[*count].born = sqlite3_column_int64(st, 1);
		list[(*count)++].died = sqlite3_column_int64(st, 2);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	return list;
}

/* One that lives at @step. */
static int64_t living(const struct object *list, size_t count, int64_t step)
{
	for (;;) {
		const struct object *o = &list[(size_t)random() % count];

		if (o->born <= step && (!o->died || o->died > step))
			return o->id;
	}
}

static int64_t any_step(const struct trace *t)
{
	return 1 + (random() | (int64_t)random() << 31) % trace_last_step(t);
}

static size_t ask(struct trace *t, int64_t object, int64_t step)
{
	struct trace_state state;
	size_t count;

	if (trace_state(t, object, step, &state))
		die(trace_error(t));
	count = state.count;
	trace_state_free(&state);
	return count;
}

static int pass(void *data, const struct trace_object *object)
{
	(void)object;
	++*(size_t *)data;
	return 0;
}

int main(int argc, char **argv)
{
	int questions = argc > 2 ? atoi(argv[2]) : 0, lists = questions / 10 + 1;
	double *took = calloc((size_t)questions + 1, sizeof(*took)),
	       *cpu = calloc((size_t)questions + 1, sizeof(*cpu));
	size_t count, large_count, most = 0, listed = 0;
	struct object *all, *large;
	double kept, opened, first;
	struct trace *t;
	char err[512];

	if (questions < 1 || !took || !cpu)
		return 2;
	all = objects(argv[1], "SELECT id, born, died FROM object", &count);
	large = objects(
		argv[1],
		"SELECT o.id, o.born, o.died FROM object o JOIN (SELECT object, count(*) AS n "
		"FROM (SELECT DISTINCT what >> 24 AS object, what & 16777215 FROM log WHERE at & 31 = 3) "
		"GROUP BY object "
		"ORDER BY n DESC LIMIT 16) s ON s.object = o.id",
		&large_count);
	kept = drop(argv[1]);
	opened = now(CLOCK_MONOTONIC);
	t = trace_open(argv[1], err, sizeof(err));
	if (!t)
		die(err);
	opened = now(CLOCK_MONOTONIC) - opened;
	srandom(1);
	first = now(CLOCK_MONOTONIC);
	ask(t, living(all, count, trace_last_step(t) / 2), trace_last_step(t) / 2);
	first = now(CLOCK_MONOTONIC) - first;
	for (int i = 0; i < questions; i++) {
		int64_t step = any_step(t);
		int64_t object =
			i % 2 ? living(all, count, step) : large[(size_t)random() % large_count].id;
		size_t fields;

		took[i] = now(CLOCK_MONOTONIC);
		cpu[i] = now(CLOCK_THREAD_CPUTIME_ID);
		fields = ask(t, object, step);
		cpu[i] = now(CLOCK_THREAD_CPUTIME_ID) - cpu[i];
		took[i] = now(CLOCK_MONOTONIC) - took[i];
		most = fields > most ? fields : most;
	}
	qsort(took, (size_t)questions, sizeof(*took), by_time);
	qsort(cpu, (size_t)questions, sizeof(*cpu), by_time);
	printf("%lld %zu %.2f %.3f %.0f %.3f %.3f %.3f %zu", (long long)trace_last_step(t), count,
	       opened, first, kept, took[questions / 2], took[questions * 99 / 100],
	       cpu[questions * 99 / 100], most);
	for (int i = 0; i < lists; i++) {
		took[i] = now(CLOCK_MONOTONIC);
		trace_objects_at(t, any_step(t), pass, &listed);
		took[i] = now(CLOCK_MONOTONIC) - took[i];
	}
	qsort(took, (size_t)lists, sizeof(*took), by_time);
	printf(" %.3f %.3f\n", took[lists / 2], took[lists * 99 / 100]);
	trace_close(t);
	free(took);
	free(cpu);
	free(all);
	free(large);
	return 0;
}
