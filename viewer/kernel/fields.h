/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_FIELDS_H
#define SYNWALK_VIEWER_KERNEL_FIELDS_H

/*
 * The fields of the socket that connects, at raw tracepoints: where its state changes, and where a
 * packet of its own is given to a device. A small BPF program takes a copy of the whole socket there.
 */

#include <stddef.h>
#include <stdio.h>

#include "viewer/kernel/btf.h"

struct target;

enum { FIELD_POINTS = 2, FIELDS_MOST = 64 };

struct fields {
	struct btf btf;
	struct btf_place place[FIELDS_MOST]; /* of those that the kernel has */
	int known[FIELDS_MOST];              /* which these are */
	int count;
	int map, programs[FIELD_POINTS], links[FIELD_POINTS];
	void *taken; /* the ring: one page of ours, one of the kernel's, and what it wrote */
	size_t page, room;
	char refused[160]; /* why there are none; "" if there are */
};

/** fields_none() - nothing is open */
void fields_none(struct fields *fields);

/** fields_open() - watch sockets that connect to @target, from now on. Whether it worked says @refused. */
void fields_open(struct fields *fields, const struct target *target);

/**
 * fields_keep() - write down what was taken
 *
 * "tcp_sock SIZE", then "field NAME OFFSET SIZE" for each, then for each moment "at NS VALUE...", by
 * CLOCK_MONOTONIC, values in the order of the fields.
 * Return: how many moments.
 */
int fields_keep(const struct fields *fields, FILE *out);

/** fields_close() - watch no more */
void fields_close(struct fields *fields);

#endif
