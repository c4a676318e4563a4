/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/* The machine's clocks. */
#include "../include/host/host.h"
#include "../include/synwalk/core.h"

#include <time.h>

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

/* How long the machine was stopped, as under a debugger. */
static uint64_t held_ns;

uint64_t host_clock_ns(void)
{
	return read_clock(CLOCK_MONOTONIC) - held_ns;
}

uint64_t host_real_ns(void)
{
	return read_clock(CLOCK_REALTIME) - held_ns;
}

/* Of core.h; it is the host's business, and no function of the kernel's. */
void core_clock_hold(uint64_t ns)
{
	held_ns += ns;
}
