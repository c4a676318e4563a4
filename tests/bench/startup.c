/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What it takes to start the program (synwalk --version), as it is and as it were if it were linked with
 * what is loaded only when it is asked for: LTTng's provider, libbabeltrace2. No session daemon is there.
 *
 *     startup N        the medians of N starts of each, taking turns, in processor time, ms
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "build/synwalk"
#define MOST    10000

static char *const environments[][4] = {
	{ "LTTNG_HOME=/nonexistent", NULL },
	{ "LTTNG_HOME=/nonexistent", "LD_PRELOAD=build/libsynwalk-lttng.so", NULL },
	{ "LTTNG_HOME=/nonexistent", "LD_PRELOAD=libbabeltrace2.so.0", NULL },
};
#define WAYS (sizeof(environments) / sizeof(*environments))

static double took[WAYS][MOST];

/* The processor time of one start, until its end, ms: other work on the machine does not count. */
static double start(char *const *environment)
{
	char *const command[] = { PROGRAM, "--version", NULL };
	posix_spawn_file_actions_t files;
	struct rusage used;
	int status = 1;
	pid_t child;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&child, PROGRAM, &files, NULL, command, environment) ||
	    wait4(child, &status, 0, &used) < 0 || status) {
		fprintf(stderr, "startup: %s does not start\n", PROGRAM);
		exit(1);
	}
	posix_spawn_file_actions_destroy(&files);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;

	if (count < 1 || count > MOST) {
		fprintf(stderr, "usage: startup N\n");
		return 1;
	}
	for (int i = 0; i < count; i++)
		for (size_t way = 0; way < WAYS; way++)
			took[way][i] = start(environments[way]);
	for (size_t way = 0; way < WAYS; way++) {
		qsort(took[way], (size_t)count, sizeof(**took), by_time);
		printf("%.2f%c", took[way][count / 2], way + 1 < WAYS ? ' ' : '\n');
	}
	return 0;
}
