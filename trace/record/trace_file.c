/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file that a trace is written to: whether it may be, and how it comes into being.
 *
 * A trace that begins as a copy of what was baked is there as a whole or not at all: it is written
 * to a file without a name, which gets its name when it is full.  A recorder that is killed in
 * between leaves nothing behind.  Where the file system has no such files the first page, without
 * which it is no database, is written last.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
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

/**
 * trace_file_clear - make way for a new trace
 * @path: where it shall be; a trace or an empty file there is removed
 * @err: takes a message when something else lies there
 * @errlen: room in @err
 *
 * Return: 0 or -errno, -EEXIST when something else lies there.
 */
int trace_file_clear(const char *path, char *err, size_t errlen)
{
	int code = may_replace(path, err, errlen);

	return code ? code : remove_old(path);
}

/**
 * trace_file_create - a file that is to become a trace
 * @path: where it shall be; nothing lies there
 * @named: becomes true when the file has its name already
 *
 * Return: a descriptor or -errno.
 */
int trace_file_create(const char *path, bool *named)
{
	char folder[4096];
	int fd;

	if (strlen(path) >= sizeof(folder))
		return -ENAMETOOLONG;
	strcpy(folder, path);
	*named = false;
	fd = open(dirname(folder), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
		*named = true;
		fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
	}
	return fd < 0 ? -errno : fd;
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

/**
 * trace_file_fill - give the file what it begins with, and its name
 * @fd, @named: from trace_file_create(); closed in any case
 * @path: the name
 * @bytes, @size: a database of more than one page
 *
 * Return: 0 or -errno.
 */
int trace_file_fill(int fd, bool named, const char *path, const void *bytes, size_t size)
{
	char self[64];
	int err = write_at(fd, (const uint8_t *)bytes + PAGE, size - PAGE, PAGE);

	if (!err)
		err = write_at(fd, bytes, PAGE, 0);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (!err && !named && linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) < 0)
		err = -errno;
	close(fd);
	return err;
}
