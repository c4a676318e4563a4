/* SPDX-License-Identifier: GPL-2.0-only */
/* The program that is hurt: synwalk, playing a scenario and recording it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/faults/faults.h"

int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Between two looks at what a victim does. */
void nap(void)
{
	const struct timespec time = { .tv_nsec = 500000 };

	nanosleep(&time, NULL);
}

/* Starts it, with one more variable in its environment: DISK or CRASH; NULL: none. */
pid_t victim_start(const char *trace, const char *variable, const char *value)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = open(SAID, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0666);
	if (fd < 0)
		_exit(97);
	dup2(fd, 1);
	dup2(fd, 2);
	close(fd);
	if (variable)
		setenv(variable, value, 1);
	if (variable && !strcmp(variable, "DISK")) {
		setenv("DISK_FOLDER", PLACE, 1);
		setenv("LD_PRELOAD", DISK, 1);
	}
	/* root may do everything; somebody else must obey the folder's rights */
	if (variable && !strcmp(variable, "NOBODY") && !getuid() &&
	    (setgid(65534) || setuid(65534)))
		_exit(97);
	execl(PROGRAM, "synwalk", "run", SCRIPT, "-o", trace, NULL);
	_exit(97);
}

/* Its status as waitpid() gives it. */
int victim_wait(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return status;
}

int victim_run(const char *trace, const char *variable, const char *value)
{
	return victim_wait(victim_start(trace, variable, value));
}

/* What programs said, standard output and error. */
void read_said(const char *name, char *text, size_t room)
{
	FILE *file = fopen(name, "r");

	text[file ? fread(text, 1, room - 1, file) : 0] = 0;
	if (file)
		fclose(file);
}
