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
 * then (cache_spill off).  synchronous is off: what a dead process has written the kernel still
 * keeps; only a power failure can spoil the file.
 *
 * Indexes are built at the end, which is cheaper than keeping them up to date.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rows.h"
#include "schema_sql.h"
#include "sink.h"
#include "trace_file.h"
#include "util.h"

#define COMMIT_ROWS 100000
#define COMMIT_NS   100000000LL

/* A chunk is handed over when it has so many rows, so much text, or is so old. */
#define CHUNK_ROWS 4096
#define CHUNK_TEXT (1 << 20)
#define CHUNK_NS   50000000LL
#define CHUNKS     6

/**
 * struct sqlite_sink - see the head of this file
 * @chunk: the one being filled; only the writer touches it
 * @lock, @changed: guard what follows: the chunks that are full, in order, and those that are free
 * @busy: the database's thread is at work
 * @flush: it shall commit, too; @quit: and then end
 * @time, @task, @context: of the last row of table moment
 * @places: ids of table place by name; @names: those names
 * @tables, @tables_size: what was baked, of which the file begins as a copy; NULL: it begins empty
 * @fd, @named: the file until it is that copy, see trace_file.c
 * @rows: inserted since the last commit
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
	int64_t time;
	int task, context, any_moment;
	struct names places;
	struct pool names;
	char *path;
	const void *tables;
	size_t tables_size;
	int fd;
	bool named;
	int rows;
	int64_t last_commit;
	atomic_int failed;
	char message[256];
};

/* Of the tables that are the same in every trace of a program. */
static const char static_indexes[] = "CREATE INDEX variable_func ON variable(func);"
				     "CREATE INDEX field_type ON field(type, offset);"
				     "CREATE INDEX enumeration_id ON enumeration(id, value);";
static const char indexes[] = "CREATE INDEX call_func ON call(func);"
			      "CREATE INDEX ret_parent ON ret(parent);"
			      "CREATE INDEX store_place ON store(object, field, place);"
			      "CREATE INDEX local_variable ON local(parent, variable);"
			      "CREATE INDEX point_kind ON point(kind);";

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
}

/* Makes what was inserted readable by others. */
static void commit(struct sqlite_sink *sink)
{
	if (!sink->failed && sink->rows && !execute(sink, "COMMIT"))
		execute(sink, "BEGIN");
	sink->rows = 0;
	sink->last_commit = monotonic();
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
	sqlite3_busy_timeout(sink->db, 10000);
	if (execute(sink, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;"
			  "PRAGMA cache_spill=OFF; PRAGMA temp_store=MEMORY; BEGIN") ||
	    (!sink->tables && (execute(sink, SCHEMA_SQL) || execute(sink, "COMMIT; BEGIN"))))
		return sink->failed;
	if (rows_register(sink->db, &sink->source) != SQLITE_OK)
		return fail(sink);
	return 0;
}

/* Makes the file from what was baked, which the thread does while others go on, and opens it. */
static void begin(struct sqlite_sink *sink)
{
	int code =
		trace_file_fill(sink->fd, sink->named, sink->path, sink->tables, sink->tables_size);

	if (!code) {
		open_database(sink);
		return;
	}
	snprintf(sink->message, sizeof(sink->message), "%s", strerror(-code));
	sink->failed = code;
}

static void *work(void *data)
{
	struct sqlite_sink *sink = data;
	struct chunk *chunk;
	int flush;

	if (sink->tables)
		begin(sink);
	pthread_mutex_lock(&sink->lock);
	for (;;) {
		wait_for_work(sink);
		chunk = sink->full;
		flush = !chunk && sink->flush;
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
static void hand_over(struct sqlite_sink *sink)
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

static struct cell *add(struct sqlite_sink *sink, enum table table)
{
	if (sink->chunk->rows >= CHUNK_ROWS || sink->chunk->text_used >= CHUNK_TEXT)
		hand_over(sink);
	return rows_add(sink->chunk, table);
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
			hand_over(sink);
		}
	}
	if (force) {
		pthread_mutex_lock(&sink->lock);
		sink->flush = 1;
		pthread_cond_broadcast(&sink->changed);
		while (sink->flush)
			pthread_cond_wait(&sink->changed, &sink->lock);
		pthread_mutex_unlock(&sink->lock);
	}
	return sink->failed;
}

static int sqlite_define(struct sink *base, const char *name, const struct value *columns,
			 int count)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	int table = rows_table(name);
	struct cell *cells = table < 0 ? NULL : add(sink, (enum table)table);

	for (int i = 0; cells && i < count; i++)
		rows_set(sink->chunk, &cells[i], &columns[i]);
	return sink->failed;
}

/* The id of a place; its name has a row from the first time on. */
static int place_id(struct sqlite_sink *sink, const char *name)
{
	int id = (int)(uintptr_t)names_get(&sink->places, name);
	struct cell *cells;

	if (id)
		return id;
	id = (int)sink->places.count + 1;
	names_set(&sink->places, pool_strdup(&sink->names, name), (void *)(uintptr_t)id);
	cells = add(sink, TABLE_PLACE);
	rows_number(&cells[0], id);
	rows_text(sink->chunk, &cells[1], name, strlen(name));
	return id;
}

static void put_packet(struct sqlite_sink *sink, const struct event *event)
{
	struct value bytes = value_bytes(event->packet, event->packet_size);
	struct cell *cells = add(sink, TABLE_PACKET);

	rows_number(&cells[0], event->step);
	rows_text(sink->chunk, &cells[1], event->direction, strlen(event->direction));
	rows_text(sink->chunk, &cells[2], event->device, strlen(event->device));
	rows_number(&cells[3], (int64_t)event->packet_size);
	rows_set(sink->chunk, &cells[4], &bytes);
}

/* Time, task and context have rows of their own, when one of them has changed. */
static void put_moment(struct sqlite_sink *sink, const struct event *event)
{
	struct cell *cells;

	if (event->time == sink->time && event->task == sink->task &&
	    event->context == sink->context && sink->any_moment)
		return;
	sink->any_moment = 1;
	sink->time = event->time;
	sink->task = event->task;
	sink->context = event->context;
	cells = add(sink, TABLE_MOMENT);
	rows_number(&cells[0], event->step);
	rows_number(&cells[1], event->time);
	rows_number(&cells[2], event->task);
	rows_number(&cells[3], event->context);
}

static struct cell *begin_row(struct sqlite_sink *sink, enum table table, const struct event *event)
{
	struct cell *cells = add(sink, table);

	rows_number(&cells[0], event->step);
	rows_id(&cells[1], event->parent);
	return cells;
}

static void put_point(struct sqlite_sink *sink, const struct event *event)
{
	struct cell *cells = add(sink, TABLE_POINT);

	rows_number(&cells[0], event->step);
	rows_number(&cells[1], event->kind);
	rows_id(&cells[2], event->parent);
	rows_id(&cells[3], event->line);
	cells[4].kind = event->has_what ? VALUE_INTEGER : VALUE_NONE;
	cells[4].number = event->what;
	rows_id(&cells[5], event->object);
	rows_set(sink->chunk, &cells[6], &event->old_value);
	rows_set(sink->chunk, &cells[7], &event->new_value);
	rows_text(sink->chunk, &cells[8], event->extra, event->extra ? strlen(event->extra) : 0);
	if (event->kind == EVENT_PACKET)
		put_packet(sink, event);
}

static void put_store(struct sqlite_sink *sink, const struct event *event)
{
	int place = event->place ? place_id(sink, event->place) : 0;
	struct cell *cells = begin_row(sink, TABLE_STORE, event);

	rows_id(&cells[2], event->line);
	rows_id(&cells[3], event->object);
	rows_number(&cells[4], event->has_what ? event->what : 0);
	rows_number(&cells[5], place);
	rows_set(sink->chunk, &cells[6], &event->old_value);
	rows_set(sink->chunk, &cells[7], &event->new_value);
}

static int sqlite_event(struct sink *base, const struct event *event)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	struct cell *cells;

	put_moment(sink, event);
	switch (event->kind) {
	case EVENT_LINE:
		cells = begin_row(sink, TABLE_LINE, event);
		rows_number(&cells[2], event->line);
		break;
	case EVENT_CALL:
		cells = begin_row(sink, TABLE_CALL, event);
		rows_number(&cells[2], event->depth);
		rows_number(&cells[3], event->function);
		rows_text(sink->chunk, &cells[4], event->extra, strlen(event->extra));
		break;
	case EVENT_RETURN:
		cells = begin_row(sink, TABLE_RET, event);
		rows_id(&cells[2], event->line);
		rows_set(sink->chunk, &cells[3], &event->new_value);
		break;
	case EVENT_BRANCH:
		cells = begin_row(sink, TABLE_BRANCH, event);
		rows_id(&cells[2], event->line);
		rows_set(sink->chunk, &cells[3], &event->old_value);
		rows_set(sink->chunk, &cells[4], &event->new_value);
		break;
	case EVENT_LOCAL:
		cells = begin_row(sink, TABLE_LOCAL, event);
		rows_id(&cells[2], event->line);
		rows_number(&cells[3], event->what);
		rows_set(sink->chunk, &cells[4], &event->old_value);
		rows_set(sink->chunk, &cells[5], &event->new_value);
		break;
	case EVENT_STORE:
		put_store(sink, event);
		break;
	default:
		put_point(sink, event);
	}
	return sink->failed;
}

static int sqlite_died(struct sink *base, int object, int64_t step)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	struct cell *cells = add(sink, TABLE_DIED);

	rows_number(&cells[0], step);
	rows_number(&cells[1], object);
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
	free(sink->path);
	names_free(&sink->places);
	pool_free(&sink->names);
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
	char sql[128];
	int err;

	if (sink->chunk->rows)
		hand_over(sink);
	pthread_mutex_lock(&sink->lock);
	sink->quit = 1;
	pthread_cond_broadcast(&sink->changed);
	pthread_mutex_unlock(&sink->lock);
	pthread_join(sink->thread, NULL);
	/* nobody writes any more: who wrote would only tell equal traces apart */
	if (status)
		snprintf(sql, sizeof(sql),
			 "UPDATE meta SET value = '%s' WHERE key = 'status';"
			 "DELETE FROM meta WHERE key = 'recorder_pid'",
			 status);
	/* the rows are safe before the indexes begin: those may find the disk full */
	if (!sink->failed && (!status || !execute(sink, sql)))
		execute(sink, "COMMIT; BEGIN");
	if (!sink->failed && !sink->tables)
		execute(sink, static_indexes);
	if (!sink->failed && status)
		execute(sink, indexes);
	if (!sink->failed)
		execute(sink, "COMMIT");
	err = sink->failed;
	release(sink);
	return err;
}

/**
 * sink_sqlite_open - create the trace database at @path
 * @out: takes the sink
 * @path: a trace or an empty file there is replaced
 * @tables: the bytes of a trace to begin with, see baked.h; NULL: it begins empty
 * @tables_size: how many they are
 * @err: takes a message when it fails
 * @errlen: room in @err
 *
 * Return: 0 or -errno, -EEXIST when something else lies there.
 */
int sink_sqlite_open(struct sink **out, const char *path, const void *tables, size_t tables_size,
		     char *err, size_t errlen)
{
	struct sqlite_sink *sink;
	int code;

	*err = 0;
	code = trace_file_clear(path, err, errlen);
	if (code) {
		if (!*err)
			snprintf(err, errlen, "%s: %s", path, strerror(-code));
		return code;
	}
	sink = calloc(1, sizeof(*sink));
	if (sink)
		sink->path = strdup(path);
	if (!sink || !sink->path) {
		free(sink);
		return -ENOMEM;
	}
	sink->sink = (struct sink){ .define = sqlite_define,
				    .event = sqlite_event,
				    .died = sqlite_died,
				    .tick = sqlite_tick,
				    .close = sqlite_close,
				    .error = sqlite_error };
	sink->last_commit = monotonic();
	sink->tables = tables;
	sink->tables_size = tables_size;
	/* counts nobody asks for, under a lock: heard only before SQLite's first use */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (tables) {
		sink->fd = code = trace_file_create(path, &sink->named);
		if (code < 0)
			snprintf(sink->message, sizeof(sink->message), "%s", strerror(-code));
	} else {
		code = open_database(sink);
	}
	if (code < 0)
		snprintf(err, errlen, "%s: %s; choose a path that can be written", path,
			 sink->message);
	else if ((code = start_thread(sink)))
		snprintf(err, errlen, "%s: no thread can be started: %s", path, strerror(-code));
	if (code) {
		release(sink);
		return code;
	}
	*out = &sink->sink;
	return 0;
}
