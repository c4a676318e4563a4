/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_RECORD_H
#define SYNWALK_VIEWER_KERNEL_RECORD_H

/*
 * One connect of the kernel under our feet, recorded into a folder:
 *
 *   calls.txt      the calls, as the function_graph or the function tracer writes them
 *   buffer.txt     with the tracers events and function: all that they saw, from which calls.txt is made
 *   fields.txt     what the socket held at some moments, by the same clock; where BPF may look
 *   packets.pcap   the frames, by the same clock (CLOCK_MONOTONIC)
 *   about.txt      which kernel, which tracer and why no better one, how the connect ended
 *
 * What is here also runs inside the guest, as its only program (guest/init.c).
 */

#include <stdint.h>

#include "viewer/kernel/tracer.h"
#include "viewer/problem.h"

#define CALLS_FILE   "calls.txt"
#define BUFFER_FILE  "buffer.txt"
#define FIELDS_FILE  "fields.txt"
#define PACKETS_FILE "packets.pcap"
#define ABOUT_FILE   "about.txt"

struct target;

struct kernel_record {
	const struct target *target;
	enum tracer_kind only; /* this tracer; TRACERS: the best */
	uint64_t delay_ns;     /* from a frame to the far end's answer */
};

/**
 * kernel_record() - record one connect
 * @dir: a folder that is there
 *
 * Everything but the files is as it was before, also when a signal ends a wait, or the process.
 * Return: 0, or -1 with @problem filled.
 */
int kernel_record(const struct kernel_record *how, const char *dir, struct peer_problem *problem);

#endif
