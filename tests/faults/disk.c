/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A disk that fails: preloaded into a program, it stands between SQLite (and all else) and the C
 * library's calls that change files, and counts those that concern the files of one folder.
 *
 *     DISK=KIND:AT      the AT-th change, from 1, is where it begins
 *     DISK_FOLDER=...   part of its path, as no other has it
 *
 * kill      the process dies before that change
 * torn      it dies when half of the write is done
 * full      no file grows any more, none is made
 * broken    no change succeeds any more: EIO
 * readonly  none is made, renamed or removed any more, as in a folder that became read-only
 * slow      that write and the next 500 take a millisecond each
 * count     says at the end how many there were
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char kind[16];
static unsigned long at, changes;
static const char *folder = "";

__attribute__((constructor)) static void learn(void)
{
	const char *wanted = getenv("DISK");

	if (wanted && sscanf(wanted, "%15[a-z]:%lu", kind, &at) == 2)
		folder = getenv("DISK_FOLDER");
}

__attribute__((destructor)) static void tell(void)
{
	if (!strcmp(kind, "count"))
		printf("%lu\n", changes);
}

static int is(const char *what)
{
	return !strcmp(kind, what);
}

static int named_ours(const char *path)
{
	return *folder && strstr(path, folder);
}

static int ours(int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = *folder ? readlink(link, path, sizeof(path) - 1) : 0;
	if (length <= 0)
		return 0;
	path[length] = 0;
	return named_ours(path);
}

/* One more change: has the fault begun? */
static int due(void)
{
	unsigned long number = __atomic_add_fetch(&changes, 1, __ATOMIC_RELAXED);

	if (is("kill") && number == at)
		kill(getpid(), SIGKILL);
	return at && number >= at;
}

/* The next definition of a function, which is the C library's. */
#define NEXT(name)                     \
	static __typeof__(name) *next; \
	if (!next)                     \
	*(void **)&next = dlsym(RTLD_NEXT, #name)

/* What becomes of a write of @size bytes at @offset: 0, or the errno it ends with. */
static int fate_of_write(int fd, off_t end)
{
	const struct timespec nap = { .tv_nsec = 1000000 };
	struct stat st;

	if (!due())
		return 0;
	if (is("broken"))
		return EIO;
	if (is("full") && !fstat(fd, &st) && end > st.st_size)
		return ENOSPC;
	if (is("slow") && changes < at + 500)
		nanosleep(&nap, NULL);
	return 0;
}

#define WRITE_AT(name)                                                              \
	ssize_t name(int fd, const void *bytes, size_t size, off_t offset)          \
	{                                                                           \
		NEXT(name);                                                         \
		int error = ours(fd) ? fate_of_write(fd, offset + (off_t)size) : 0; \
                                                                                    \
		if (is("torn") && changes == at && at && ours(fd)) {                \
			next(fd, bytes, size / 2, offset);                          \
			kill(getpid(), SIGKILL);                                    \
		}                                                                   \
		if (!error)                                                         \
			return next(fd, bytes, size, offset);                       \
		errno = error;                                                      \
		return -1;                                                          \
	}
WRITE_AT(pwrite)
WRITE_AT(pwrite64)

ssize_t copy_file_range(int from, off64_t *from_at, int fd, off64_t *to, size_t size,
			unsigned int flags)
{
	NEXT(copy_file_range);
	int error = ours(fd) ? fate_of_write(fd, *to + (off_t)size) : 0;

	if (is("torn") && changes == at && at && ours(fd)) {
		next(from, from_at, fd, to, size / 2, flags);
		kill(getpid(), SIGKILL);
	}
	if (!error)
		return next(from, from_at, fd, to, size, flags);
	errno = error;
	return -1;
}

#define TRUNCATE(name)                                              \
	int name(int fd, off_t size)                                \
	{                                                           \
		NEXT(name);                                         \
		int error = ours(fd) ? fate_of_write(fd, size) : 0; \
                                                                    \
		if (!error)                                         \
			return next(fd, size);                      \
		errno = error;                                      \
		return -1;                                          \
	}
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

/* What becomes of a change to the folder itself; @room: it needs some. */
static int fate_of_name(int room)
{
	if (!due())
		return 0;
	return is("broken") ? EIO : is("readonly") ? EROFS : is("full") && room ? ENOSPC : 0;
}

int unlink(const char *path)
{
	NEXT(unlink);
	int error = named_ours(path) ? fate_of_name(0) : 0;

	if (!error)
		return next(path);
	errno = error;
	return -1;
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
	NEXT(linkat);
	int error = named_ours(to) ? fate_of_name(1) : 0;

	if (!error)
		return next(from_folder, from, to_folder, to, flags);
	errno = error;
	return -1;
}

#define OPEN(name)                                                           \
	int name(const char *path, int flags, ...)                           \
	{                                                                    \
		NEXT(name);                                                  \
		int makes = (flags & O_CREAT && access(path, F_OK)) ||       \
			    (flags & O_TMPFILE) == O_TMPFILE;                \
		int error = makes && named_ours(path) ? fate_of_name(1) : 0; \
		va_list more;                                                \
		mode_t mode;                                                 \
                                                                             \
		va_start(more, flags);                                       \
		mode = makes ? va_arg(more, mode_t) : 0;                     \
		va_end(more);                                                \
		if (!error)                                                  \
			return next(path, flags, mode);                      \
		errno = error;                                               \
		return -1;                                                   \
	}
OPEN(open)
OPEN(open64)
