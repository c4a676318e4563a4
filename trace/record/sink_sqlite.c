/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace database.
 *
 * Rows are inserted through prepared statements inside big transactions, committed by count or
 * by time, whichever comes first.  A rollback journal is used, not a write-ahead log: at every
 * moment but the short one of a commit the file is complete by itself, so a recorder that is
 * killed leaves one that opens, with everything up to the last commit, and can be copied.  Dirty
 * pages wait in memory until then (cache_spill off).  synchronous is off: what a dead process
 * has written the kernel still keeps; only a power failure can spoil the file.
 *
 * Indexes are built at the end, which is cheaper than keeping them up to date.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "schema_sql.h"
#include "sink.h"

#define COMMIT_ROWS 20000
#define COMMIT_NS   100000000LL
#define TABLES_MAX  24

/* Events go out in INSERTs of so many rows, which halves what SQLite spends on each. */
#define BATCH         32
#define EVENT_COLUMNS 14
/* Texts of the events that wait; a longer one goes out at once. */
#define BATCH_TEXT (32 * 1024)

struct statement {
	const char *table;
	sqlite3_stmt *stmt;
};

struct sqlite_sink {
	struct sink sink;
	sqlite3 *db;
	sqlite3_stmt *event, *batch, *place, *packet, *died;
	struct event waiting[BATCH];
	int waiting_count;
	char text[BATCH_TEXT];
	size_t text_used;
	struct statement defines[TABLES_MAX];
	int defines_count;
	int rows;
	int has_tables; /* it began as a copy of what was baked */
	int64_t last_commit;
	int failed;
	char message[256];
};

/* Of the tables that are the same in every trace of a program. */
static const char static_indexes[] = "CREATE INDEX variable_func ON variable(func);"
				     "CREATE INDEX field_type ON field(type, offset);"
				     "CREATE INDEX enumeration_id ON enumeration(id, value);";
static const char indexes[] = "CREATE INDEX event_kind ON event(kind) WHERE kind >= 7;"
			      "CREATE INDEX event_call ON event(func) WHERE kind = 1;"
			      "CREATE INDEX event_return ON event(parent) WHERE kind = 2;"
			      "CREATE INDEX event_store ON event(object, what) WHERE kind = 3;"
			      "CREATE INDEX event_local ON event(parent, what) WHERE kind = 6;";

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
		sink->failed = to_errno(sqlite3_extended_errcode(sink->db));
		snprintf(sink->message, sizeof(sink->message), "%s", sqlite3_errmsg(sink->db));
	}
	return sink->failed;
}

static void bind(sqlite3_stmt *stmt, int column, const struct value *value)
{
	switch (value->kind) {
	case VALUE_NONE:
		sqlite3_bind_null(stmt, column);
		break;
	case VALUE_INTEGER:
		sqlite3_bind_int64(stmt, column, value->integer);
		break;
	case VALUE_TEXT:
		sqlite3_bind_text(stmt, column, value->text, value->size ? (int)value->size : -1,
				  SQLITE_STATIC);
		break;
	case VALUE_BYTES:
		sqlite3_bind_blob(stmt, column, value->text, (int)value->size, SQLITE_STATIC);
		break;
	}
}

static int run(struct sqlite_sink *sink, sqlite3_stmt *stmt)
{
	int code = sqlite3_step(stmt);

	if (code != SQLITE_DONE && code != SQLITE_ROW)
		fail(sink);
	sqlite3_reset(stmt);
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

static int flush(struct sqlite_sink *sink);

/* Commits when enough has come together; a reader may then see it. */
static int sqlite_tick(struct sink *base, int force)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;

	if (sink->failed || !sink->rows)
		return sink->failed;
	if (!force && sink->rows < COMMIT_ROWS && monotonic() - sink->last_commit < COMMIT_NS)
		return 0;
	if (flush(sink) || execute(sink, "COMMIT") || execute(sink, "BEGIN"))
		return sink->failed;
	sink->rows = 0;
	sink->last_commit = monotonic();
	return 0;
}

/* The statement that inserts into @table; prepared when first asked for. */
static sqlite3_stmt *inserting(struct sqlite_sink *sink, const char *table, int columns)
{
	struct statement *slot;
	char sql[256];
	int used;

	for (int i = 0; i < sink->defines_count; i++)
		if (sink->defines[i].table == table || !strcmp(sink->defines[i].table, table))
			return sink->defines[i].stmt;
	if (sink->defines_count == TABLES_MAX)
		return NULL;
	slot = &sink->defines[sink->defines_count];
	used = snprintf(sql, sizeof(sql), "INSERT OR REPLACE INTO %s VALUES (", table);
	for (int i = 0; i < columns; i++)
		used += snprintf(sql + used, sizeof(sql) - (size_t)used, "%s?", i ? "," : "");
	snprintf(sql + used, sizeof(sql) - (size_t)used, ")");
	if (prepare(sink, sql, &slot->stmt))
		return NULL;
	slot->table = table;
	sink->defines_count++;
	return slot->stmt;
}

static int sqlite_define(struct sink *base, const char *table, const struct value *columns,
			 int count)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	sqlite3_stmt *stmt = sink->failed ? NULL : inserting(sink, table, count);

	if (!stmt)
		return sink->failed;
	for (int i = 0; i < count; i++)
		bind(stmt, i + 1, &columns[i]);
	sink->rows++;
	return run(sink, stmt);
}

static void bind_id(sqlite3_stmt *stmt, int column, int64_t id)
{
	if (id)
		sqlite3_bind_int64(stmt, column, id);
	else
		sqlite3_bind_null(stmt, column);
}

static int put_place(struct sqlite_sink *sink, const struct event *event)
{
	sqlite3_bind_int64(sink->place, 1, event->step);
	sqlite3_bind_text(sink->place, 2, event->place, -1, SQLITE_STATIC);
	sqlite3_bind_int64(sink->place, 3, (int64_t)event->place_size);
	return run(sink, sink->place);
}

static int put_packet(struct sqlite_sink *sink, const struct event *event)
{
	sqlite3_bind_int64(sink->packet, 1, event->step);
	sqlite3_bind_text(sink->packet, 2, event->direction, -1, SQLITE_STATIC);
	sqlite3_bind_text(sink->packet, 3, event->device, -1, SQLITE_STATIC);
	sqlite3_bind_int64(sink->packet, 4, (int64_t)event->packet_size);
	sqlite3_bind_blob(sink->packet, 5, event->packet, (int)event->packet_size, SQLITE_STATIC);
	return run(sink, sink->packet);
}

/* Binds an event's columns, the first of them at @first. */
static void bind_event(sqlite3_stmt *stmt, int first, const struct event *event)
{
	sqlite3_bind_int64(stmt, first, event->step);
	sqlite3_bind_int64(stmt, first + 1, event->time);
	sqlite3_bind_int(stmt, first + 2, (int)event->kind);
	sqlite3_bind_int(stmt, first + 3, event->task);
	sqlite3_bind_int(stmt, first + 4, event->context);
	sqlite3_bind_int(stmt, first + 5, event->depth);
	bind_id(stmt, first + 6, event->parent);
	bind_id(stmt, first + 7, event->function);
	bind_id(stmt, first + 8, event->line);
	if (event->has_what)
		sqlite3_bind_int64(stmt, first + 9, event->what);
	else
		sqlite3_bind_null(stmt, first + 9);
	bind_id(stmt, first + 10, event->object);
	bind(stmt, first + 11, &event->old_value);
	bind(stmt, first + 12, &event->new_value);
	if (event->extra)
		sqlite3_bind_text(stmt, first + 13, event->extra, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(stmt, first + 13);
}

/* Inserts the events that wait. */
static int flush(struct sqlite_sink *sink)
{
	int count = sink->waiting_count;

	sink->waiting_count = 0;
	sink->text_used = 0;
	if (count == BATCH) {
		for (int i = 0; i < BATCH; i++)
			bind_event(sink->batch, 1 + i * EVENT_COLUMNS, &sink->waiting[i]);
		return run(sink, sink->batch);
	}
	for (int i = 0; i < count && !sink->failed; i++) {
		bind_event(sink->event, 1, &sink->waiting[i]);
		run(sink, sink->event);
	}
	return sink->failed;
}

/* Copies @size bytes that the writer will forget; the caller has made sure that there is room. */
static const char *keep(struct sqlite_sink *sink, const char *text, size_t size)
{
	char *copy = sink->text + sink->text_used;

	memcpy(copy, text, size);
	sink->text_used += size;
	return copy;
}

static void keep_value(struct sqlite_sink *sink, struct value *value)
{
	if (value->kind == VALUE_TEXT && !value->size)
		value->size = strlen(value->text);
	if (value->kind == VALUE_TEXT && !value->size)
		value->text = "";
	else if (value->kind == VALUE_TEXT || value->kind == VALUE_BYTES)
		value->text = keep(sink, value->text, value->size);
}

static size_t text_size(const struct value *value)
{
	return value->kind == VALUE_TEXT && !value->size ? strlen(value->text) :
	       value->kind >= VALUE_TEXT                 ? value->size :
							   0;
}

static int sqlite_event(struct sink *base, const struct event *event)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	size_t size = text_size(&event->old_value) + text_size(&event->new_value) +
		      (event->extra ? strlen(event->extra) + 1 : 0);
	struct event *copy;

	if (sink->failed)
		return sink->failed;
	if (sink->waiting_count == BATCH || sink->text_used + size > BATCH_TEXT)
		flush(sink);
	sink->rows++;
	if (size > BATCH_TEXT) {
		bind_event(sink->event, 1, event);
		run(sink, sink->event);
	} else {
		copy = &sink->waiting[sink->waiting_count++];
		*copy = *event;
		keep_value(sink, &copy->old_value);
		keep_value(sink, &copy->new_value);
		if (event->extra)
			copy->extra = keep(sink, event->extra, strlen(event->extra) + 1);
	}
	if (!sink->failed && event->place)
		put_place(sink, event);
	if (!sink->failed && event->kind == EVENT_PACKET)
		put_packet(sink, event);
	return sink->failed;
}

static int sqlite_died(struct sink *base, int object, int64_t step)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;

	if (sink->failed)
		return sink->failed;
	sqlite3_bind_int64(sink->died, 1, step);
	sqlite3_bind_int(sink->died, 2, object);
	return run(sink, sink->died);
}

static const char *sqlite_error(struct sink *base)
{
	return ((struct sqlite_sink *)base)->message;
}

static void release(struct sqlite_sink *sink)
{
	for (int i = 0; i < sink->defines_count; i++)
		sqlite3_finalize(sink->defines[i].stmt);
	sqlite3_finalize(sink->event);
	sqlite3_finalize(sink->batch);
	sqlite3_finalize(sink->place);
	sqlite3_finalize(sink->packet);
	sqlite3_finalize(sink->died);
	sqlite3_close(sink->db);
	free(sink);
}

static int sqlite_close(struct sink *base, const char *status)
{
	struct sqlite_sink *sink = (struct sqlite_sink *)base;
	char sql[128];
	int err;

	/* nobody writes any more: who wrote would only tell equal traces apart */
	if (status)
		snprintf(sql, sizeof(sql),
			 "UPDATE meta SET value = '%s' WHERE key = 'status';"
			 "DELETE FROM meta WHERE key = 'recorder_pid'",
			 status);
	if (!sink->failed && !flush(sink) && (!status || !execute(sink, sql)))
		execute(sink, "COMMIT");
	if (!sink->failed && !sink->has_tables)
		execute(sink, static_indexes);
	if (!sink->failed && status)
		execute(sink, indexes);
	err = sink->failed;
	release(sink);
	return err;
}

/* A trace may be replaced, and an empty file; anything else is somebody's work. */
static int may_replace(const char *path, char *err, size_t errlen)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	struct stat st;
	int ours = 0;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode)) {
		snprintf(err, errlen, "%s: is a directory; name a file", path);
		return -EISDIR;
	}
	if (S_ISREG(st.st_mode) && !st.st_size)
		return 0;
	if (S_ISREG(st.st_mode) &&
	    sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
		/* one that died early has the tables and not a row in them */
		ours = sqlite3_prepare_v2(db, "SELECT event.step FROM meta, event, store_place", -1,
					  &stmt, NULL) == SQLITE_OK;
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	if (ours)
		return 0;
	snprintf(err, errlen, "%s: exists and is not a trace; choose another name or remove it",
		 path);
	return -EEXIST;
}

/* An old trace, and the journal it may have left when its writer was killed. */
static int remove_old(const char *path)
{
	char journal[4096];

	snprintf(journal, sizeof(journal), "%s-journal", path);
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	unlink(journal);
	return 0;
}

/* The INSERT of @rows events. */
static int prepare_event(struct sqlite_sink *sink, int rows, sqlite3_stmt **stmt)
{
	static const char row[] = "(?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
	char sql[64 + BATCH * (sizeof(row) + 1)] = "INSERT INTO event VALUES ";

	for (int i = 0; i < rows; i++) {
		strcat(sql, i ? "," : "");
		strcat(sql, row);
	}
	return prepare(sink, sql, stmt);
}

/* The process's umask, which can only be read by setting it; no other thread makes files now. */
static mode_t umask_now(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return mask;
}

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0)
			return -errno;
		bytes += written;
		size -= (size_t)written;
	}
	return 0;
}

/*
 * Makes @path a copy of what was baked, whole or not at all: it is written beside and then put
 * in place, so that a recorder that is killed here leaves nothing, or a trace that opens.
 */
static int copy_tables(const char *path, const void *tables, size_t size)
{
	char beside[4096];
	int fd, err;

	if ((size_t)snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= sizeof(beside))
		return -ENAMETOOLONG;
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write_all(fd, tables, size);
	if (!err && fchmod(fd, 0666 & ~umask_now()) < 0)
		err = -errno;
	close(fd);
	if (!err && rename(beside, path) < 0)
		err = -errno;
	if (err)
		unlink(beside);
	return err;
}

static int open_database(struct sqlite_sink *sink, const char *path)
{
	if (sqlite3_open_v2(path, &sink->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return fail(sink);
	sqlite3_busy_timeout(sink->db, 10000);
	if (execute(sink, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;"
			  "PRAGMA cache_spill=OFF; PRAGMA temp_store=MEMORY; BEGIN") ||
	    (!sink->has_tables && (execute(sink, SCHEMA_SQL) || execute(sink, "COMMIT; BEGIN"))))
		return sink->failed;
	if (prepare_event(sink, 1, &sink->event) || prepare_event(sink, BATCH, &sink->batch) ||
	    prepare(sink, "INSERT INTO store_place VALUES (?,?,?)", &sink->place) ||
	    prepare(sink, "INSERT INTO packet VALUES (?,?,?,?,?)", &sink->packet) ||
	    prepare(sink, "UPDATE object SET died = ? WHERE id = ?", &sink->died))
		return sink->failed;
	return 0;
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
	code = may_replace(path, err, errlen);
	if (!code)
		code = remove_old(path);
	if (!code && tables)
		code = copy_tables(path, tables, tables_size);
	if (code) {
		if (!*err)
			snprintf(err, errlen, "%s: %s", path, strerror(-code));
		return code;
	}
	sink = calloc(1, sizeof(*sink));
	if (!sink)
		return -ENOMEM;
	sink->sink = (struct sink){ .define = sqlite_define,
				    .event = sqlite_event,
				    .died = sqlite_died,
				    .tick = sqlite_tick,
				    .close = sqlite_close,
				    .error = sqlite_error };
	sink->last_commit = monotonic();
	sink->has_tables = tables != NULL;
	code = open_database(sink, path);
	if (code) {
		snprintf(err, errlen, "%s: %s; choose a path that can be written", path,
			 sink->message);
		release(sink);
		return code;
	}
	*out = &sink->sink;
	return 0;
}
