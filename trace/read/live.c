/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace that is still being written.
 *
 * The recorder commits ten times a second and holds a lock (flock) on the file as long as it lives.
 * Nothing is read between two refreshes that was not there at the first: to whoever asks, the trace
 * ends at trace_last_step() until trace_refresh() moves that.  Every question is a transaction of its
 * own and a short one, for the recorder must wait for a reader before it can commit.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "trace/read/internal.h"

/* Does a process hold the recorder's lock? */
static bool has_recorder(const struct trace *t)
{
	if (flock(t->fd, LOCK_SH | LOCK_NB) < 0)
		return true;
	flock(t->fd, LOCK_UN);
	return false;
}

/* What trace_open() and each refresh find out about the end: how far it goes, and whether it is one. */
int trace_take_end(struct trace *t)
{
	/* asked before the trace is read: when the recorder has gone by then, all of it is there */
	bool recorder = has_recorder(t);
	const char *status, *indexed;
	int64_t last;

	t->partial = trace_ask_number(t, "SELECT value = 'complete' FROM meta "
					 "WHERE key = 'status'") != 1;
	/*
	 * Nobody writes to a trace that is complete, or whose recorder has gone: one long reading
	 * transaction spares the locks of thousands of short ones, and the file may be mapped.  (A
	 * recording that still runs must not be held up.)
	 */
	if (!t->partial || !recorder)
		sqlite3_exec(t->db, "PRAGMA mmap_size = 1073741824; BEGIN", NULL, NULL, NULL);
	last = trace_ask_number(t, "SELECT max(step) FROM log");
	if (trace_catalog_load(t))
		return -1;
	t->last = last > 0 ? last : 0;
	status = trace_meta(t, "status");
	t->live = recorder && status && !strcmp(status, "recording");
	indexed = trace_meta(t, "indexed");
	t->indexed = indexed && atoll(indexed) == t->last;
	return 0;
}

bool trace_is_live(const struct trace *t)
{
	return t->live;
}

int trace_refresh(struct trace *t)
{
	int64_t last = t->last;

	if (!t->live ||
	    (has_recorder(t) && trace_ask_number(t, "SELECT max(step) FROM log") <= last))
		return 0;
	trace_objects_forget(t);
	trace_seek_forget(t);
	if (trace_take_end(t)) {
		/* the recorder is committing: there will be another time */
		if (sqlite3_errcode(t->db) != SQLITE_BUSY)
			return -1;
		t->error[0] = '\0';
		return 0;
	}
	return t->last != last || !t->live;
}
