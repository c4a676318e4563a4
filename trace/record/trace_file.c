/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file that a trace is written to: whether it may be, and how it comes into being.
 *
 * A trace that begins as a copy of what was baked is there as a whole or not at all: it is written
 * to a file without a name, which gets its name when it is full.  A recorder that is killed in
 * between leaves nothing behind, and what lay under that name before stays until then.  Where the
 * file system has no such files the first page, without which it is no database, is written last.
 *
 * One recorder a file.  Each holds a lock (flock, which SQLite does not use) on the file that it
 * writes, and on the one that it is going to replace; who finds it taken is refused.  Names are
 * taken over under a lock on the folder, so that of two that begin at once one comes second.  Such
 * locks end with the process, however it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace_file.h"

/* Where the head of an SQLite file has its PRAGMA application_id. */
#define APPLICATION_AT 68

#define PAGE 4096

/* Does the head of the file name our application?  Traces of schema 1 do not yet. */
static int says_trace(const char *path)
{
	static const uint8_t application[4] = { 's', 'y', 'n', 'w' };
	uint8_t head[100];
	int fd = open(path, O_RDONLY | O_CLOEXEC), ours;

	if (fd < 0)
		return 0;
	ours = read(fd, head, sizeof(head)) == sizeof(head) &&
	       !memcmp(head, "SQLite format 3", 16) &&
	       !memcmp(head + APPLICATION_AT, application, sizeof(application));
	close(fd);
	return ours;
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
	if (S_ISREG(st.st_mode) && (!st.st_size || says_trace(path)))
		return 0;
	if (S_ISREG(st.st_mode) &&
	    sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
		/* one that died early has the tables and not a row in them */
		ours = sqlite3_prepare_v2(db, "SELECT 1 FROM meta, event, packet", -1, &stmt,
					  NULL) == SQLITE_OK;
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	if (ours)
		return 0;
	snprintf(err, errlen, "%s: exists and is not a trace; choose another name or remove it",
		 path);
	return -EEXIST;
}

/* Locks it for this recorder.  Returns 0, or -EBUSY when another has; no lock is no trouble. */
static int lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK ? -EBUSY : 0;
}

/* What lies under the name, if it may be replaced and nobody writes it: it is held from now on. */
static int claim_old(struct trace_file *file, char *err, size_t errlen)
{
	int code = may_replace(file->path, err, errlen);

	if (code)
		return code;
	file->old = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->old < 0)
		return errno == ENOENT ? 0 : -errno;
	code = lock(file->old);
	if (code)
		snprintf(err, errlen,
			 "%s: another recording is being written there; wait until it has ended or "
			 "choose another name",
			 file->path);
	return code;
}

/* Is what lies under the name still what we hold? */
static bool is_old(const struct trace_file *file)
{
	struct stat held, there;

	return file->old >= 0 && !fstat(file->old, &held) && !stat(file->path, &there) &&
	       held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

/* An old trace, and what SQLite may have left beside it when its writer was killed. */
static int remove_old(const struct trace_file *file)
{
	static const char *const beside[] = { "-journal", "-wal", "-shm" };
	char name[4096];

	/* first the trace: without its journal it may be half of a transaction */
	if (is_old(file) && unlink(file->path) < 0)
		return -errno;
	if (!access(file->path, F_OK))
		return -EBUSY; /* it was not there before: somebody was quicker */
	for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); i++) {
		snprintf(name, sizeof(name), "%s%s", file->path, beside[i]);
		unlink(name);
	}
	return 0;
}

static int open_folder(const char *path, int flags)
{
	char folder[4096];
	int fd;

	if (strlen(path) >= sizeof(folder))
		return -ENAMETOOLONG;
	strcpy(folder, path);
	fd = open(dirname(folder), flags | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

/* Takes the name over: for the file that has none yet, or for one that begins empty. */
static int take_name(struct trace_file *file)
{
	int folder = open_folder(file->path, O_RDONLY | O_DIRECTORY), code;
	char self[64];

	if (folder >= 0)
		flock(folder, LOCK_EX);
	code = remove_old(file);
	if (!code && file->fd < 0) {
		file->fd = open(file->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
		code = file->fd < 0 ? -errno : lock(file->fd);
	} else if (!code) {
		snprintf(self, sizeof(self), "/proc/self/fd/%d", file->fd);
		if (linkat(AT_FDCWD, self, AT_FDCWD, file->path, AT_SYMLINK_FOLLOW) < 0)
			code = errno == EEXIST ? -EBUSY : -errno;
	}
	if (folder >= 0)
		close(folder);
	return code;
}

/**
 * trace_file_open - a file that is to become a trace
 * @file: takes it
 * @path: where it shall be, and stays valid; a trace or an empty file there is replaced
 * @filled: trace_file_fill() follows; until then the name is what it was.  Else the file is there
 *          at once, and empty
 * @err: takes a message when something else lies there
 * @errlen: room in @err
 *
 * Return: 0 or -errno: -EEXIST when something else lies there, -EBUSY when another recorder writes it.
 */
int trace_file_open(struct trace_file *file, const char *path, bool filled, char *err,
		    size_t errlen)
{
	int code;

	*file = (struct trace_file){ path, -1, -1 };
	code = claim_old(file, err, errlen);
	if (code)
		return code;
	if (filled) {
		file->fd = open_folder(path, O_TMPFILE | O_RDWR);
		if (file->fd >= 0)
			return lock(file->fd);
		if (file->fd != -EOPNOTSUPP && file->fd != -EISDIR && file->fd != -EINVAL)
			return file->fd;
		file->fd = -1;
	}
	return take_name(file);
}

static int write_at(int fd, const uint8_t *bytes, size_t size, off_t at)
{
	while (size) {
		ssize_t written = pwrite(fd, bytes, size, at);

		if (written < 0)
			return -errno;
		bytes += written;
		at += written;
		size -= (size_t)written;
	}
	return 0;
}

/*
 * Copies the tables from @from to their end, from file to file as far as the kernel can: not between
 * all kinds of file systems, and what it cannot is written.
 */
static int copy_tables(int fd, const struct tables *tables, size_t from)
{
	loff_t at = tables->at + (loff_t)from, to = (loff_t)from;

	while (tables->fd >= 0 && (size_t)to < tables->size) {
		ssize_t copied =
			copy_file_range(tables->fd, &at, fd, &to, tables->size - (size_t)to, 0);

		if (copied <= 0)
			break;
	}
	return write_at(fd, (const uint8_t *)tables->bytes + to, tables->size - (size_t)to, to);
}

/**
 * trace_file_fill - give the file what it begins with, and its name
 * @file: from trace_file_open()
 * @tables: a database of more than one page
 *
 * Return: 0 or -errno, -EBUSY when another recorder has the name by now; then nothing is left.
 */
int trace_file_fill(struct trace_file *file, const struct tables *tables)
{
	struct stat st;
	bool named = !fstat(file->fd, &st) && st.st_nlink;
	int code = copy_tables(file->fd, tables, PAGE);

	if (!code)
		code = write_at(file->fd, tables->bytes, PAGE, 0);
	if (!code && !named)
		code = take_name(file);
	if (code && named)
		unlink(file->path);
	return code;
}

/* Lets go of it, after the last use of the database: from now on others may replace it. */
void trace_file_close(struct trace_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->old >= 0)
		close(file->old);
	file->fd = file->old = -1;
}
