/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/* The machine's clocks. */
#include "../include/host/host.h"

#include <time.h>

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

uint64_t host_clock_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t host_real_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}
