/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace database.
 *
 * Theory of operation.  Two threads: the writer puts rows into a chunk (rows.c), and when it has
 * enough of them, or some milliseconds have passed, hands it to the database's thread, which
 * inserts them.  So SQLite works while the next events get their names.  There are CHUNKS of
 * them; when all are taken the writer waits, then the ring fills, then the core waits.
 *
 * Rows are inserted inside big transactions, committed by count or by time, whichever comes
 * first.  A rollback journal is used, not a write-ahead log: at every moment but the short one of
 * a commit the file is complete by itself, so a recorder that is killed leaves one that opens,
 * with everything up to the last commit, and can be copied.  Dirty pages wait in memory until
 * then (cache_spill off).  The journal is truncated, not removed, after a commit: so a folder that
 * becomes read-only does not matter to a recording under way.  synchronous is off: what a dead process has written the kernel still
 * keeps; only a power failure can spoil the file.
 *
 * A reader that holds the file, or somebody else who writes to it, is waited for.  When writing fails
 * (a full disk) the open transaction is lost; what was committed stays, and at the end the table
 * meta says how many events are missing and why, by overwriting what is there: that takes no room.
 *
 * Instead of indexes, which cost more than the rows, the writer keeps lists of where to look and
 * writes them when they are long enough, the rest at the end (postings.c).
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "schema_sql.h"
#include "sink_sqlite.h"

#define COMMIT_ROWS 100000
#define COMMIT_NS   100000000LL

/* A chunk is handed over when it is full (CHUNK_ROWS), has so much text, or is so old. */
#define CHUNK_TEXT (1 << 20)
#define CHUNK_NS   50000000LL
#define CHUNKS     8

/* So long somebody else may hold the file before that counts as a failure: so often, so many ms. */
#define PATIENCE      6
#define BUSY_PATIENCE 10000

/* Of the tables that are the same in every trace of a program. */
static const char static_indexes[] = "CREATE INDEX variable_func ON variable(func);"
				     "CREATE INDEX field_type ON field(type, offset);"
				     "CREATE INDEX enumeration_id ON enumeration(id, value);";

static int64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int to_errno(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return -EACCES;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	default:
		return -EIO;
	}
}

/* Keeps the first error; everything after it is a consequence. */
static int fail(struct sqlite_sink *sink)
{
	if (!sink->failed) {
		snprintf(sink->message, sizeof(sink->message), "%s", sqlite3_errmsg(sink->db));
		sink->failed = to_errno(sqlite3_extended_errcode(sink->db));
	}
	return sink->failed;
}

static int execute(struct sqlite_sink *sink, const char *sql)
{
	if (sqlite3_exec(sink->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(sink);
	return 0;
}

static int prepare(struct sqlite_sink *sink, const char *sql, sqlite3_stmt **stmt)
{
	if (sqlite3_prepare_v2(sink->db, sql, -1, stmt, NULL) != SQLITE_OK)
		return fail(sink);
	return 0;
}

/* ------------------------------------------------------------------ the database's thread */

static int run(struct sqlite_sink *sink, sqlite3_stmt *stmt)
{
	int code = sqlite3_step(stmt);

	for (int i = 1; code == SQLITE_BUSY && i < PATIENCE; i++) {
		sqlite3_reset(stmt);
		code = sqlite3_step(stmt);
	}
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		fail(sink);
	sqlite3_reset(stmt);
	return sink->failed;
}

/* The statement that puts a chunk's rows into @table; prepared when first asked for. */
static sqlite3_stmt *inserting(struct sqlite_sink *sink, enum table table)
{
	char sql[256];

	if (!sink->inserts[table]) {
		if (table == TABLE_DIED)
			snprintf(sql, sizeof(sql), "UPDATE object SET died = ? WHERE id = ?");
		else
			rows_insert_sql(table, sql, sizeof(sql));
		prepare(sink, sql, &sink->inserts[table]);
	}
	return sink->inserts[table];
}

static void update_died(struct sqlite_sink *sink, const struct chunk *chunk)
{
	const struct chunk_rows *rows = &chunk->tables[TABLE_DIED];
	sqlite3_stmt *stmt = rows->count ? inserting(sink, TABLE_DIED) : NULL;

	for (int i = 0; stmt && i < rows->count && !sink->failed; i++) {
		sqlite3_bind_int64(stmt, 1, rows->cells[2 * i].number);
		sqlite3_bind_int64(stmt, 2, rows->cells[2 * i + 1].number);
		run(sink, stmt);
	}
}

static void insert(struct sqlite_sink *sink, const struct chunk *chunk)
{
	sink->source.chunk = chunk;
	for (int table = 0; table < TABLE_DIED && !sink->failed; table++) {
		sqlite3_stmt *stmt;

		if (!chunk->tables[table].count)
			continue;
		sink->source.table = (enum table)table;
		stmt = inserting(sink, (enum table)table);
		if (stmt)
			run(sink, stmt);
	}
	if (!sink->failed)
		update_died(sink, chunk);
	sink->rows += chunk->rows;
	if (chunk->step && !sink->failed)
		sink->inserted = chunk->step;
}

/* Ends the transaction, for which readers must let go of the file. */
static int end_transaction(struct sqlite_sink *sink)
{
	int code = SQLITE_BUSY;

	for (int i = 0; code == SQLITE_BUSY && i < PATIENCE; i++)
		code = sqlite3_exec(sink->db, "COMMIT", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		return fail(sink);
	sink->kept = sink->inserted;
	return 0;
}

/* Makes what was inserted readable by others. */
static void commit(struct sqlite_sink *sink)
{
	if (!sink->failed && sink->rows && !end_transaction(sink))
		execute(sink, "BEGIN");
	sink->rows = 0;
	sink->last_commit = monotonic();
}

/*
 * The writing failed: says in the trace that it is partial, what it lacks, and why.  If not even
 * that can be written, the trace says 'recording' for ever, which means the same to who reads it.
 */
static void confess(struct sqlite_sink *sink)
{
	int64_t steps = sink->steps > sink->kept ? sink->steps : sink->kept;
	char *sql = sqlite3_mprintf("INSERT OR REPLACE INTO meta VALUES ('status', 'partial'),"
				    "('steps', %lld), ('lost', %lld), ('why_lost', %Q);"
				    "DELETE FROM meta WHERE key = 'recorder_pid'",
				    (long long)sink->kept, (long long)(steps - sink->kept),
				    sink->message);

	if (!sqlite3_get_autocommit(sink->db))
		sqlite3_exec(sink->db, "ROLLBACK", NULL, NULL, NULL);
	/* a journal file would need room */
	sqlite3_exec(sink->db, "PRAGMA journal_mode=MEMORY", NULL, NULL, NULL);
	if (sql)
		sqlite3_exec(sink->db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
}

/* Waits until there is something to do; at most until a commit is due. */
static void wait_for_work(struct sqlite_sink *sink)
{
	int64_t due = sink->last_commit + COMMIT_NS;
	struct timespec until = { .tv_sec = due / 1000000000, .tv_nsec = due % 1000000000 };

	while (!sink->full && !sink->flush && !sink->quit) {
		if (!sink->rows)
			pthread_cond_wait(&sink->changed, &sink->lock);
		else if (pthread_cond_timedwait(&sink->changed, &sink->lock, &until) == ETIMEDOUT)
			return;
	}
}

static int open_database(struct sqlite_sink *sink)
{
	if (sqlite3_open_v2(sink->path, &sink->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return fail(sink);
	sqlite3_busy_timeout(sink->db, BUSY_PATIENCE);
	if (execute(sink, "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=OFF;"
			  "PRAGMA cache_spill=OFF; PRAGMA temp_store=MEMORY; BEGIN") ||
	    (!sink->tables.bytes && (execute(sink, SCHEMA_SQL) || execute(sink, "COMMIT; BEGIN"))))
		return sink->failed;
	if (rows_register(sink->db, &sink->source) != SQLITE_OK)
		return fail(sink);
	return 0;
}

/* Makes the file from what was baked, which the thread does while others go on, and opens it. */
static void begin(struct sqlite_sink *sink)
{
	int code = trace_file_fill(&sink->file, &sink->tables);

	if (!code)
		open_database(sink);
	else if (code == -EBUSY)
		snprintf(sink->message, sizeof(sink->message),
			 "another recording has begun there meanwhile");
	else
		snprintf(sink->message, sizeof(sink->message), "%s", strerror(-code));
	if (code)
		sink->failed = code;
	pthread_mutex_lock(&sink->lock);
	sink->begun = true;
	pthread_cond_broadcast(&sink->changed);
	pthread_mutex_unlock(&sink->lock);
}

/* The last of it.  The thread does it, for a file that grows too large is a signal, which it blocks. */
static void finish(struct sqlite_sink *sink)
{
	char sql[128];

	/* nobody writes any more: who wrote would only tell equal traces apart */
	if (sink->status)
		snprintf(sql, sizeof(sql),
			 "UPDATE meta SET value = '%s' WHERE key = 'status';"
			 "DELETE FROM meta WHERE key = 'recorder_pid'",
			 sink->status);
	/* the rows are safe before an index begins: that may find the disk full */
	if (!sink->failed && (!sink->status || !execute(sink, sql)) && !end_transaction(sink))
		execute(sink, "BEGIN");
	else if (sink->db)
		confess(sink);
	if (!sink->failed && !sink->tables.bytes)
		execute(sink, static_indexes);
	if (!sink->failed)
		end_transaction(sink);
	if (sink->db)
		sqlite3_exec(sink->db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
}

static void *work(void *data)
{
	struct sqlite_sink *sink = data;
	struct chunk *chunk;
	int flush;

	if (sink->tables.bytes)
		begin(sink);
	pthread_mutex_lock(&sink->lock);
	for (;;) {
		wait_for_work(sink);
		chunk = sink->full;
		flush = chunk ? 0 : sink->flush;
		if (!chunk && sink->quit)
			break;
		if (chunk) {
			sink->full = chunk->next;
			if (!sink->full)
				sink->full_end = &sink->full;
		}
		sink->busy = 1;
		pthread_mutex_unlock(&sink->lock);
		if (chunk)
			insert(sink, chunk);
		if (flush || sink->rows >= COMMIT_ROWS ||
		    monotonic() - sink->last_commit >= COMMIT_NS)
			commit(sink);
		if (flush && sink->failed && sink->db)
			confess(sink);
		else if (flush > 1)
			sqlite3_exec(sink->db, "COMMIT; PRAGMA journal_mode=DELETE", NULL, NULL,
				     NULL);
		pthread_mutex_lock(&sink->lock);
		sink->busy = 0;
		if (flush)
			sink->flush = 0;
		if (chunk) {
			rows_clear(chunk);
			chunk->next = sink->free;
			sink->free = chunk;
		}
		pthread_cond_broadcast(&sink->changed);
	}
	pthread_mutex_unlock(&sink->lock);
	finish(sink);
	return NULL;
}

/* Starts the thread; signals are for others to handle. */
static int start_thread(struct sqlite_sink *sink)
{
	pthread_condattr_t attributes;
	sigset_t all, before;
	int err;

	pthread_mutex_init(&sink->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&sink->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	sink->full_end = &sink->full;
	for (int i = 0; i < CHUNKS; i++) {
		struct chunk *chunk = calloc(1, sizeof(*chunk));

		if (!chunk)
			return -ENOMEM;
		chunk->next = sink->free;
		sink->free = chunk;
	}
	sink->chunk = sink->free;
	sink->free = sink->chunk->next;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&sink->thread, NULL, work, sink);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!err)
		pthread_setname_np(sink->thread, "synwalk-sqlite");
	return -err;
}

/* ------------------------------------------------------------------ the writer's side */

/* Hands the chunk over and takes a free one, which may have to be waited for. */
void sink_hand_over(struct sqlite_sink *sink)
{
	struct chunk *chunk = sink->chunk;

	pthread_mutex_lock(&sink->lock);
	chunk->next = NULL;
	*sink->full_end = chunk;
	sink->full_end = &chunk->next;
	pthread_cond_broadcast(&sink->changed);
	while (!sink->free)
		pthread_cond_wait(&sink->changed, &sink->lock);
	sink->chunk = sink->free;
	sink->free = sink->chunk->next;
	pthread_mutex_unlock(&sink->lock);
}

void sink_make_room(struct sqlite_sink *sink)
{
	if (sink->chunk->rows >= CHUNK_ROWS || sink->chunk->text_used >= CHUNK_TEXT)
		sink_hand_over(sink);
}

static void wait_for_flush(struct sqlite_sink *sink, int force)
{
	pthread_mutex_lock(&sink->lock);
	sink->flush = force;
	pthread_cond_broadcast(&sink->changed);
	while (sink->flush)
		pthread_cond_wait(&sink->changed, &sink->lock);
	pthread_mutex_unlock(&sink->lock);
}

/* Hands over what has waited long enough; @force: all, and returns when it is in the file. */
static int sqlite_tick(struct sink *base, int force)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	int64_t now;

	if (sink->chunk->rows) {
		now = monotonic();
		if (!sink->chunk->started)
			sink->chunk->started = now;
		if (force || now - sink->chunk->started >= CHUNK_NS) {
			sink->chunk->started = 0;
			sink_hand_over(sink);
		}
	}
	if (force)
		wait_for_flush(sink, force);
	return sink->failed;
}

static int sqlite_ready(struct sink *base)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;

	pthread_mutex_lock(&sink->lock);
	while (!sink->begun)
		pthread_cond_wait(&sink->changed, &sink->lock);
	pthread_mutex_unlock(&sink->lock);
	return sink->failed;
}

static void sqlite_failed(struct sink *base, int64_t steps)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;

	sink->steps = steps;
	if (sink->failed)
		wait_for_flush(sink, 1);
}

static int sqlite_define(struct sink *base, const char *name, const struct value *columns,
			 int count)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	int table = rows_table(name);
	struct cell *cells;

	sink_make_room(sink);
	cells = table < 0 ? NULL : rows_add(sink->chunk, (enum table)table);
	for (int i = 0; cells && i < count; i++)
		rows_set(sink->chunk, &cells[i], &columns[i]);
	return sink->failed;
}

static const char *sqlite_error(struct sink *base)
{
	return ((struct sqlite_sink *)base)->message;
}

/* ------------------------------------------------------------------ beginning and end */

static void release(struct sqlite_sink *sink)
{
	struct chunk *next;

	for (int i = 0; i < TABLES; i++)
		sqlite3_finalize(sink->inserts[i]);
	sqlite3_close(sink->db);
	trace_file_close(&sink->file);
	free(sink->path);
	sink_rows_free(sink);
	rows_free(sink->chunk);
	for (struct chunk *chunk = sink->free; chunk; chunk = next) {
		next = chunk->next;
		rows_free(chunk);
	}
	free(sink);
}

static int sqlite_close(struct sink *base, const char *status)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	int err;

	if (status && !sink->failed)
		sink_put_lists(sink);
	if (sink->chunk->rows)
		sink_hand_over(sink);
	pthread_mutex_lock(&sink->lock);
	sink->status = status;
	sink->quit = 1;
	pthread_cond_broadcast(&sink->changed);
	pthread_mutex_unlock(&sink->lock);
	pthread_join(sink->thread, NULL);
	err = sink->failed;
	release(sink);
	return err;
}

/**
 * sink_sqlite_open - create the trace database at @path
 * @out: takes the sink
 * @path: a trace or an empty file there is replaced
 * @tables: a trace to begin with, see baked.h, which is there until the sink is ready; NULL: none
 * @err: takes a message when it fails
 * @errlen: room in @err
 *
 * Return: 0 or -errno, -EEXIST when something else lies there, -EBUSY when another recorder writes it.
 */
int sink_sqlite_open(struct sink **out, const char *path, const struct tables *tables, char *err,
		     size_t errlen)
{
	struct sqlite_sink *sink;
	int code;

	*err = 0;
	sink = calloc(1, sizeof(*sink));
	if (sink)
		sink->path = strdup(path);
	if (!sink || !sink->path) {
		free(sink);
		return -ENOMEM;
	}
	sink->sink = (struct sink){ .ready = sqlite_ready,
				    .define = sqlite_define,
				    .event = sqlite_event,
				    .died = sqlite_died,
				    .tick = sqlite_tick,
				    .failed = sqlite_failed,
				    .close = sqlite_close,
				    .error = sqlite_error };
	sink->last_commit = monotonic();
	if (tables)
		sink->tables = *tables;
	sink->begun = !sink->tables.bytes;
	/* counts nobody asks for, under a lock: heard only before SQLite's first use */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	code = trace_file_open(&sink->file, sink->path, !sink->begun, err, errlen);
	if (code)
		snprintf(sink->message, sizeof(sink->message), "%s", strerror(-code));
	else if (sink->begun)
		code = open_database(sink);
	if (code && !*err)
		snprintf(err, errlen, "%s: %s; choose a path that can be written", path,
			 sink->message);
	else if (!code && (code = start_thread(sink)))
		snprintf(err, errlen, "%s: no thread can be started: %s", path, strerror(-code));
	if (code) {
		release(sink);
		return code;
	}
	*out = &sink->sink;
	return 0;
}
