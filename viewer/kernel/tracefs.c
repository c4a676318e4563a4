/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Theory of operation
 *
 * The process moves into a mount namespace of its own and mounts tracefs there: the mount is nobody
 * else's and goes with the process. Instances and settings are the kernel's and would stay. So, before
 * the first of them is made, the keeper is forked. It ignores the signals that a terminal sends, waits
 * until the last copy of a pipe's other end is closed (by tracefs_close(), or by the kernel when we are
 * killed), puts back what the shared list of undo says, last change first, and removes the instance.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "viewer/kernel/tracefs.h"
#include "viewer/problem.h"

#define MOUNT_POINT "/sys/kernel/tracing"

enum { CHANGES = 24 };

/* What was changed outside of the instance; the keeper sees it as soon as it is counted. */
struct undo {
	int instance; /* it was made */
	unsigned int count;
	struct {
		char file[64], was[64];
	} changes[CHANGES];
};

/* ---------------------------------------------------------------- files */

static int open_in(const char *dir, const char *file, int flags)
{
	char path[256];

	if (snprintf(path, sizeof(path), "%s/%s", dir, file) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CLOEXEC);
}

int tracefs_write(const char *dir, const char *file, const char *text)
{
	/* Filters are lists: O_TRUNC would empty them, and an empty text is written for that alone. */
	int fd = open_in(dir, file, O_WRONLY | (*text ? O_APPEND : O_TRUNC)), error = 0;

	if (fd < 0)
		return -errno;
	if (*text && write(fd, text, strlen(text)) < 0)
		error = -errno;
	/* Some settings are refused only when the file is closed. */
	if (close(fd) < 0 && !error)
		error = -errno;
	return error;
}

int tracefs_read(const char *dir, const char *file, char *text, size_t room)
{
	int fd = open_in(dir, file, O_RDONLY), error = 0;
	size_t length = 0;
	ssize_t n = 1;

	*text = '\0';
	if (fd < 0)
		return -errno;
	while (length + 1 < room && (n = read(fd, text + length, room - 1 - length)) > 0)
		length += (size_t)n;
	if (n < 0)
		error = -errno;
	close(fd);
	while (length && text[length - 1] == '\n')
		length--;
	text[error ? 0 : length] = '\0';
	return error;
}

/* What must be written to have a file say again what it says now. */
static void as_written(char *text)
{
	char *chosen = strchr(text, '['), *end;

	/* "#### all functions enabled ####", "no pid": the list is empty. */
	if (*text == '#' || !strncmp(text, "no ", 3)) {
		*text = '\0';
		return;
	}
	/* "local [global] mono": the choice is marked. */
	if (chosen && (end = strchr(chosen, ']'))) {
		*end = '\0';
		memmove(text, chosen + 1, (size_t)(end - chosen));
		return;
	}
	text[strcspn(text, " \n")] = '\0';
}

int tracefs_set(struct tracefs *fs, const char *file, const char *text)
{
	struct undo *undo = fs->undo;
	unsigned int i = undo->count;
	int error;

	if (i == CHANGES)
		return -ENOSPC;
	error = tracefs_read(fs->root, file, undo->changes[i].was, sizeof(undo->changes[i].was));
	if (error)
		return error;
	as_written(undo->changes[i].was);
	snprintf(undo->changes[i].file, sizeof(undo->changes[i].file), "%s", file);
	__atomic_store_n(&undo->count, i + 1, __ATOMIC_SEQ_CST);
	return tracefs_write(fs->root, file, text);
}

int tracefs_copy(const char *dir, const char *file, const char *path, struct peer_problem *problem)
{
	static char room[65536];
	int from = open_in(dir, file, O_RDONLY), error = 0;
	FILE *to = fopen(path, "we");
	ssize_t n = 0;

	if (from < 0 || !to) {
		error = errno;
	} else {
		while ((n = read(from, room, sizeof(room))) > 0)
			if (fwrite(room, 1, (size_t)n, to) != (size_t)n)
				break;
		if (n)
			error = errno;
	}
	if (from >= 0)
		close(from);
	if (to && fclose(to) && !error)
		error = errno;
	if (error)
		problem_set(problem, from < 0 || n < 0 ? file : path, error, "");
	return -error;
}

/* ---------------------------------------------------------------- the keeper */

static void put_back(const struct tracefs *fs)
{
	unsigned int i = __atomic_load_n(&fs->undo->count, __ATOMIC_SEQ_CST);

	while (i--)
		tracefs_write(fs->root, fs->undo->changes[i].file, fs->undo->changes[i].was);
	if (!fs->undo->instance)
		return;
	tracefs_write(fs->instance, "tracing_on", "0");
	/* Busy while somebody who was killed is still on the way out of it. */
	for (i = 0; i < 200 && rmdir(fs->instance) < 0 && errno == EBUSY; i++)
		poll(NULL, 0, 10);
}

static void keeper_main(const struct tracefs *fs, int end)
{
	char nothing;

	/* Of all that is open only the pipe concerns it; nobody shall wait for its copies. */
	if (dup2(end, 0) < 0)
		_exit(1);
	close_range(1, ~0u, 0);
	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_NAME, "keeper");
	while (read(0, &nothing, 1) < 0 && errno == EINTR)
		;
	put_back(fs);
	_exit(0);
}

static int keeper_start(struct tracefs *fs, struct peer_problem *problem)
{
	int ends[2];

	fs->undo = mmap(NULL, sizeof(*fs->undo), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (fs->undo == MAP_FAILED || pipe2(ends, O_CLOEXEC) < 0)
		return problem_set(problem, "keeper", errno, "");
	fflush(NULL);
	fs->keeper = fork();
	if (fs->keeper == 0)
		keeper_main(fs, ends[0]);
	close(ends[0]);
	fs->alive = ends[1];
	if (fs->keeper < 0) {
		close(fs->alive);
		return problem_set(problem, "keeper", errno, "");
	}
	return 0;
}

/* ---------------------------------------------------------------- open and close */

static int mount_own(struct peer_problem *problem)
{
	const char *rights = "tracing needs root (CAP_SYS_ADMIN): run it with sudo; "
			     "synwalk kernel --guest needs no rights";
	const char *kernel = "this kernel, or this container, has no tracing to offer; "
			     "synwalk kernel --guest boots one that has";

	if (geteuid() != 0)
		return problem_say(problem, "tracefs", "this user may not trace the kernel",
				   rights);
	if (unshare(CLONE_NEWNS) < 0)
		return problem_set(problem, "mount namespace", errno, rights);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return problem_set(problem, "mount namespace", errno, rights);
	if (mount("tracefs", MOUNT_POINT, "tracefs", 0, NULL) < 0)
		return problem_set(problem, MOUNT_POINT, errno,
				   errno == EPERM || errno == EACCES ? rights : kernel);
	return 0;
}

int tracefs_open(struct tracefs *fs, struct peer_problem *problem)
{
	const char *hint = "the kernel may be locked down; synwalk kernel --guest boots one that is"
			   " not";
	int error;

	*fs = (struct tracefs){ .root = MOUNT_POINT, .keeper = -1 };
	snprintf(fs->instance, sizeof(fs->instance), "%s/instances/synwalk-%d", MOUNT_POINT,
		 (int)getpid());
	if (mount_own(problem) < 0 || keeper_start(fs, problem) < 0)
		return -1;
	fs->undo->instance = 1;
	if (mkdir(fs->instance, 0700) == 0)
		return 0;
	error = errno;
	/* One that is there is somebody else's. */
	fs->undo->instance = 0;
	tracefs_close(fs);
	return problem_set(problem, fs->instance, error, hint);
}

void tracefs_close(struct tracefs *fs)
{
	if (fs->keeper <= 0)
		return;
	close(fs->alive);
	while (waitpid(fs->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	fs->keeper = -1;
	munmap(fs->undo, sizeof(*fs->undo));
}
