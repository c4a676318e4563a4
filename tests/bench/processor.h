/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process takes of the processor: on a busy machine its time on the clock is that of the others, too. */
#ifndef TESTS_BENCH_PROCESSOR_H
#define TESTS_BENCH_PROCESSOR_H

#include <stdio.h>
#include <sys/types.h>

/* Processor time that a process has had, ms; 0 when it has ended. */
static double processor(pid_t pid)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%llu", &ns) != 1)
		ns = 0;
	fclose(file);
	return (double)ns / 1e6;
}

#endif
