/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_STAGE_H
#define SYNWALK_VIEWER_KERNEL_STAGE_H

/*
 * The stage on which a kernel makes its connect: a user and network namespace with a TAP device at
 * 10.9.0.1, a program that connects, and one that plays the far end of the cable (viewer/farend.h).
 * It is the run of `synwalk connect --wire` with the sides changed: there the core is watched, here
 * the kernel is. So the three contexts are apart: the task that connects and sleeps, and the frames'
 * way up, which runs in the far end's write to the TAP.
 */

#include <stdint.h>
#include <sys/types.h>

#include "viewer/problem.h"

struct target;

struct stage_config {
	const struct target *target;
	uint64_t delay_ns;   /* from a frame to its answer: time for the task to fall asleep */
	const char *capture; /* where to write the frames: pcap, times by CLOCK_MONOTONIC */
};

/* How the connect went. Addresses in network, ports in host byte order; times by CLOCK_MONOTONIC. */
struct stage_result {
	long result; /* 0 or -errno */
	uint64_t began_ns, ended_ns;
	uint32_t local_addr;
	uint16_t local_port;
};

struct stage {
	pid_t task; /* the program that connects */
	pid_t far;  /* the program that plays the far end */
	int control;
};

/**
 * stage_open() - build it; nobody connects yet
 *
 * What is built goes with the processes, whatever ends them.
 * Return: 0, or -1 with @problem filled and nothing left behind.
 */
int stage_open(struct stage *stage, const struct stage_config *config,
	       struct peer_problem *problem);

/**
 * stage_connect() - have the program connect, once
 *
 * Return: 0 with @result, or -errno when the program died or a signal came (-EINTR).
 */
int stage_connect(struct stage *stage, struct stage_result *result);

/** stage_close() - end both programs; also for a stage that never opened (control -1) */
void stage_close(struct stage *stage);

#endif
