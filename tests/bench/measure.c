/* SPDX-License-Identifier: GPL-2.0-only */
/* measure FILE COMMAND...: runs it; FILE gets seconds elapsed, seconds of processor, MB at most. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double seconds(struct timeval tv)
{
	return (double)tv.tv_sec + (double)tv.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	double began = now();
	struct rusage used;
	int status = 0;
	pid_t child;
	FILE *f;

	if (argc < 3)
		return 2;
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) < 0)
		return 2;
	began = now() - began;
	f = fopen(argv[1], "w");
	if (!f)
		return 2;
	fprintf(f, "%.3f %.3f %ld\n", began, seconds(used.ru_utime) + seconds(used.ru_stime),
		used.ru_maxrss / 1024);
	fclose(f);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
