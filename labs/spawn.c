/* SPDX-License-Identifier: GPL-2.0-only */

/* Running a program within limits. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "labs/spawn.h"
#include "viewer/command.h"

enum { MOST_SAID = 64 << 10 };

unsigned int spawn_stretch(unsigned int seconds)
{
	const char *said = getenv("SYNWALK_LAB_SLOW");
	uint64_t factor = 1;

	if (said && !read_number(said, 1000, &factor) && factor)
		return seconds * (unsigned int)factor;
	return seconds;
}

static void limit(int what, uint64_t soft, uint64_t hard)
{
	struct rlimit r = { soft, hard };

	if (soft)
		setrlimit((__rlimit_resource_t)what, &r);
}

/* Shares all memory with its parent (vfork), and changes none of it. */
static void child(const char *const *argv, const char *folder, const struct limits *l, int out)
{
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	dup2(null, 0);
	dup2(out, 1);
	dup2(out, 2);
	closefrom(3);
	limit(RLIMIT_CPU, spawn_stretch(l->cpu), spawn_stretch(l->cpu) + 2);
	limit(RLIMIT_AS, l->memory, l->memory);
	limit(RLIMIT_FSIZE, l->file, l->file);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	if (folder && chdir(folder))
		_exit(127);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* All that it says, until it says no more or its time is over. */
static void listen_to(int fd, pid_t pid, const struct limits *l, struct ended *e)
{
	int64_t end = l->wall ? now_ms() + spawn_stretch(l->wall) * 1000 : INT64_MAX;
	size_t n = 0;
	char spare[4096];

	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		int64_t left = end - now_ms();
		ssize_t got;

		if (left <= 0 || !poll(&p, 1, l->wall ? (int)left : -1)) {
			e->overdue = 1;
			kill(-pid, SIGKILL);
			break;
		}
		got = n < MOST_SAID ? read(fd, e->said + n, MOST_SAID - n) :
				      read(fd, spare, sizeof(spare));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += n < MOST_SAID ? (size_t)got : 0;
	}
	e->said[n] = 0;
}

int spawn(const char *const *argv, const char *folder, const struct limits *limits, struct ended *e)
{
	int pipes[2], status;
	pid_t pid;

	*e = (struct ended){ .said = malloc(MOST_SAID + 1) };
	if (!e->said || pipe2(pipes, O_CLOEXEC))
		return -1;
	/* A trace that is looked at is much memory: to copy its page tables takes longer than many a run. */
	pid = vfork();
	if (!pid)
		child(argv, folder, limits, pipes[1]);
	close(pipes[1]);
	if (pid < 0) {
		close(pipes[0]);
		return -1;
	}
	setpgid(pid, pid);
	listen_to(pipes[0], pid, limits, e);
	close(pipes[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	/* Whatever it may have left behind. */
	kill(-pid, SIGKILL);
	e->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	e->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return 0;
}
