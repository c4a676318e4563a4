/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_PROBLEM_H
#define SYNWALK_VIEWER_PROBLEM_H

/* Why something could not be had: made where it failed, often in another process, and told later. */
struct peer_problem {
	char what[64];  /* the thing: /dev/net/tun, user namespace, ... */
	char why[128];  /* the reason */
	char hint[160]; /* what to do, empty if nothing is known */
};

/**
 * problem_say() - fill it
 *
 * What is too long is cut. Return: -1, so that a caller can return it.
 */
int problem_say(struct peer_problem *problem, const char *what, const char *why, const char *hint);

/** problem_set() - the same, the reason being an errno */
int problem_set(struct peer_problem *problem, const char *what, int error, const char *hint);

#endif
