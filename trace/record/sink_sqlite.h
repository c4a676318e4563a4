/* SPDX-License-Identifier: GPL-2.0-only */
/* The sink that writes the trace database: what its two files share. */
#ifndef TRACE_RECORD_SINK_SQLITE_H
#define TRACE_RECORD_SINK_SQLITE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "postings.h"
#include "rows.h"
#include "sink.h"
#include "trace_file.h"
#include "util.h"

/**
 * struct sqlite_sink - see the head of sink_sqlite.c
 * @chunk: the one being filled; only the writer touches it
 * @lock, @changed: guard what follows: the chunks that are full, in order, and those that are free
 * @busy: the database's thread is at work
 * @flush: it shall commit, too (2: and tidy up); @quit: and then end
 * @status: the trace's when it ends
 * @time, @task, @context: of the last row of table moment
 * @step: of the last row of table log
 * @spots: ids of table spot by field and place; @spots_count: how many
 * @places: numbers of places by name; @names: those names
 * @postings, @stored: where to look, see postings.h
 * @tables: what was baked, of which the file begins as a copy; none: it begins empty
 * @file: the file, held against other recorders
 * @begun: it is that copy and open, or that has failed
 * @rows: inserted since the last commit
 * @inserted, @kept: the last step that was inserted, and committed
 * @steps: how many there were in all, once that is known
 */
struct sqlite_sink {
	struct sink sink;
	sqlite3 *db;
	sqlite3_stmt *inserts[TABLES];
	struct rows_source source;
	struct chunk *chunk;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct chunk *full, **full_end, *free;
	int busy, flush, quit;
	const char *status;
	int64_t time;
	int task, context, any_moment;
	int64_t step;
	struct map spots;
	uint32_t spots_count;
	struct names places;
	struct pool names;
	struct postings postings[EVENT_KINDS];
	struct stored_lists stored;
	char *path;
	struct tables tables;
	struct trace_file file;
	bool begun;
	int rows;
	int64_t inserted, kept, steps;
	int64_t last_commit;
	atomic_int failed;
	char message[256];
};

/* sink_sqlite.c: hands the chunk over when it is full.  Between two events: never is one half there. */
void sink_make_room(struct sqlite_sink *sink);
/* The same in any case. */
void sink_hand_over(struct sqlite_sink *sink);

/* sink_event.c */
int sqlite_event(struct sink *base, const struct event *event);
int sqlite_died(struct sink *base, int object, int64_t step);
/* What is left of the lists of where to look, when no event will come any more. */
void sink_put_lists(struct sqlite_sink *sink);
void sink_rows_free(struct sqlite_sink *sink);

#endif
