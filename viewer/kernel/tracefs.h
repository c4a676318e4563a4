/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_TRACEFS_H
#define SYNWALK_VIEWER_KERNEL_TRACEFS_H

/*
 * The kernel's tracing files, used so that nothing is left of it: a mount that only this process sees,
 * a tracing instance of its own (instances/synwalk-PID), and a keeper, a process that takes the instance
 * away and puts settings back when this one ends, in whatever way.
 */

#include <stddef.h>
#include <sys/types.h>

struct peer_problem;
struct undo;

struct tracefs {
	char root[64];     /* where tracefs is mounted */
	char instance[96]; /* our instance's folder */
	struct undo *undo; /* what the keeper puts back; shared with it */
	pid_t keeper;
	int alive; /* the keeper waits for the end of this pipe */
};

/**
 * tracefs_open() - mount, make the instance, start the keeper
 *
 * Return: 0, or -1 with @problem filled and nothing left behind.
 */
int tracefs_open(struct tracefs *fs, struct peer_problem *problem);

/** tracefs_close() - everything as it was; returns when it is */
void tracefs_close(struct tracefs *fs);

/**
 * tracefs_write() - write a text into a file of @dir; of a filter, it is added to what is there
 *
 * Return: 0 or -errno.
 */
int tracefs_write(const char *dir, const char *file, const char *text);

/**
 * tracefs_set() - the same outside of the instance: what was there is put back in the end
 *
 * Return: 0 or -errno; -ENOSPC when more was changed than can be put back.
 */
int tracefs_set(struct tracefs *fs, const char *file, const char *text);

/**
 * tracefs_read() - the beginning of a file, without its final newline
 *
 * Return: 0, or -errno with @text empty.
 */
int tracefs_read(const char *dir, const char *file, char *text, size_t room);

/**
 * tracefs_copy() - copy the file of @dir to @path, to its end
 *
 * Return: 0, or -errno with @problem filled.
 */
int tracefs_copy(const char *dir, const char *file, const char *path, struct peer_problem *problem);

#endif
