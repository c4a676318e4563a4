/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_SPAWN_H
#define SYNWALK_LABS_SPAWN_H

/* Running a program that may do anything: within limits, and to its end. */

#include <stddef.h>
#include <stdint.h>

/** struct limits - what a child may use; 0: as much as we may */
struct limits {
	unsigned int cpu;  /* seconds of processor time: then SIGXCPU */
	unsigned int wall; /* seconds: then SIGKILL to all of its group */
	uint64_t memory;   /* bytes of address space */
	uint64_t file;     /* bytes of a file */
};

/** struct ended - how it went */
struct ended {
	int status; /* exit status; -1: a signal */
	int signal;
	int overdue; /* the wall's limit was reached */
	char *said;  /* what it wrote to both of its outputs, at most 64 KiB; to be freed */
};

/* Seconds are stretched by $SYNWALK_LAB_SLOW (a number), for slow machines. */
unsigned int spawn_stretch(unsigned int seconds);

/*
 * Runs @argv in @folder (NULL: here), with an empty standard input and nothing else open, and waits.
 * Return: 0, or -1 and errno if there is no child.
 */
int spawn(const char *const *argv, const char *folder, const struct limits *limits,
	  struct ended *e);

#endif
