/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opening a trace: everything that can be wrong with the file is found here and said in words,
 * so that the rest of the reader may take the file for what it should be.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/read/internal.h"

/* The tables that are loaded when a trace opens end before this, in bytes. */
#define CATALOG_AT_MOST (4 << 20)

/* Every SQLite file begins with these 16 bytes, the NUL included. */
static const char SQLITE_MAGIC[16] = "SQLite format 3";

/*
 * What is told before SQLite sees the file: it would create a missing one, and call a text file
 * and a half-written database by the same name.  Returns 0 with *@out a descriptor, or -1 with err set.
 */
static int check_file(const char *path, int *out, char *err, size_t errlen)
{
	char magic[sizeof(SQLITE_MAGIC)];
	struct stat st;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		snprintf(err, errlen, "%s: %s%s", path, strerror(errno),
			 errno == ENOENT ? "; record one with: synwalk connect -o TRACE.db" : "");
		return -1;
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		snprintf(err, errlen, "%s: not a file; a trace is one SQLite file", path);
		close(fd);
		return -1;
	}
	got = read(fd, magic, sizeof(magic));
	/* what opening reads lies at the beginning: a disk gives it at once, or piece by piece */
	posix_fadvise(fd, 0, CATALOG_AT_MOST, POSIX_FADV_WILLNEED);
	if (got == (ssize_t)sizeof(magic) && !memcmp(magic, SQLITE_MAGIC, sizeof(magic))) {
		*out = fd;
		return 0;
	}
	close(fd);
	if (got == 0)
		snprintf(err, errlen, "%s: the file is empty; the recording wrote nothing", path);
	else
		snprintf(err, errlen, "%s: not a trace (not an SQLite database)", path);
	return -1;
}

int trace_fail(struct trace *t, const char *doing)
{
	const char *why = t->db ? sqlite3_errmsg(t->db) : strerror(errno);
	int code = t->db ? sqlite3_errcode(t->db) & 0xff : 0;

	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		why = "the file is damaged or was cut short; record it again";
	else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		why = "another program holds it; wait until its recording has ended";
	snprintf(t->error, sizeof(t->error), "%s: %s", doing, why);
	return -1;
}

/*
 * Opens read-only.  A database whose writer was killed may need a journal played back or a WAL
 * index made, for which SQLite must write: then ordinary access is tried, and last of all the file
 * is taken as it lies (immutable), which is right for a file on a read-only medium.
 */
static int open_database(struct trace *t)
{
	static const struct {
		const char *query;
		int flags;
	} ways[] = {
		{ "mode=ro", SQLITE_OPEN_READONLY },
		{ "mode=rw", SQLITE_OPEN_READWRITE },
		{ "immutable=1", SQLITE_OPEN_READONLY },
	};
	int rc = SQLITE_CANTOPEN;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		/* %2f and the like: a path may hold any byte, a URI may not. */
		char *uri = malloc(strlen(t->path) * 3 + 40), *p = uri;

		if (!uri)
			return trace_fail(t, t->path);
		p += sprintf(p, "file:");
		for (const unsigned char *s = (const unsigned char *)t->path; *s; s++)
			p += sprintf(p, strchr("%?#", *s) ? "%%%02x" : "%c", *s);
		sprintf(p, "?%s", ways[i].query);
		sqlite3_close(t->db);
		t->db = NULL;
		/* one thread at a time reads a trace, and each value read would take a lock */
		rc = sqlite3_open_v2(uri, &t->db,
				     ways[i].flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
		free(uri);
		if (rc == SQLITE_OK) {
			sqlite3_busy_timeout(t->db, 1000);
			rc = sqlite3_exec(t->db, "SELECT count(*) FROM sqlite_master", NULL, NULL,
					  NULL);
		}
		rc &= 0xff;
		if (rc != SQLITE_CANTOPEN && rc != SQLITE_READONLY && rc != SQLITE_IOERR)
			break;
	}
	return rc == SQLITE_OK ? 0 : trace_fail(t, t->path);
}

int64_t trace_ask_number(struct trace *t, const char *sql)
{
	sqlite3_stmt *st;
	int64_t n = -1;

	if (sqlite3_prepare_v2(t->db, sql, -1, &st, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* Is it a trace, and of the schema this reader was written for?  0 or -1 with t->error set. */
static int check_schema(struct trace *t)
{
	int64_t version = trace_ask_number(t, "PRAGMA user_version");
	int64_t tables =
		trace_ask_number(t, "SELECT count(*) FROM sqlite_master WHERE type = 'table' "
				    "AND name IN ('meta', 'log', 'func', 'file')");

	if (version < 0)
		return trace_fail(t, t->path);
	if (tables == 0) {
		snprintf(t->error, sizeof(t->error),
			 "%s: an SQLite database, but not a synwalk trace", t->path);
		return -1;
	}
	if (version != TRACE_SCHEMA_VERSION) {
		snprintf(t->error, sizeof(t->error),
			 "%s: trace of schema version %lld, this synwalk reads version %d; "
			 "record it again with this synwalk",
			 t->path, (long long)version, TRACE_SCHEMA_VERSION);
		return -1;
	}
	if (tables != 4) {
		snprintf(t->error, sizeof(t->error),
			 "%s: the trace lacks tables; its recording was "
			 "cut off before it began",
			 t->path);
		return -1;
	}
	return 0;
}

struct trace *trace_open(const char *path, char *err, size_t errlen)
{
	struct trace *t;
	int fd;

	if (check_file(path, &fd, err, errlen))
		return NULL;
	t = calloc(1, sizeof(*t));
	if (!t || !(t->path = strdup(path))) {
		free(t);
		close(fd);
		snprintf(err, errlen, "%s: out of memory", path);
		return NULL;
	}
	t->fd = fd;
	if (open_database(t) || check_schema(t) || trace_take_end(t)) {
		snprintf(err, errlen, "%s", t->error);
		trace_close(t);
		return NULL;
	}
	return t;
}

void trace_close(struct trace *t)
{
	if (!t)
		return;
	trace_statements_free(t);
	trace_spots_free(t);
	trace_seek_forget(t);
	trace_objects_forget(t);
	trace_catalog_free(t);
	sqlite3_close(t->db);
	/* not before: to close a file gives up all locks of the process on it, SQLite's too */
	close(t->fd);
	free(t->path);
	free(t);
}

const char *trace_error(const struct trace *t)
{
	return t->error[0] ? t->error : NULL;
}

bool trace_is_partial(const struct trace *t)
{
	return t->partial;
}

const char *trace_path(const struct trace *t)
{
	return t->path;
}

int64_t trace_last_step(const struct trace *t)
{
	return t->last;
}

const char *trace_meta(const struct trace *t, const char *key)
{
	for (size_t i = 0; i < t->nmeta; i++)
		if (!strcmp(t->meta[i].key, key))
			return t->meta[i].value;
	return NULL;
}
