/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands that record have in common: where to, and whether LTTng gets the events too.
 */
#ifndef SYNWALK_VIEWER_RECORDING_H
#define SYNWALK_VIEWER_RECORDING_H

#include "trace/record/session.h"
#include "trace/record/record.h"

/**
 * struct recording - a recording and the LTTng session that belongs to it
 * @trace: the trace to write, or NULL
 * @lttng: a session of its own shall record it as well: --lttng
 * @folder: where that writes to: --lttng=DIR; NULL: beside the trace
 * @join: sessions that run already get the events: --lttng-join
 */
struct recording {
	const char *trace;
	int lttng, join;
	const char *folder;
	char beside[4096];
	struct record_session session;
};

/* Sets @folder, if that has still to be done.  Return: 0, or STATUS_TROUBLE after telling why. */
int recording_check(struct recording *r);

/*
 * Starts the session, if there is to be one. To be called before the core's world is made.
 * Return: 0, or STATUS_TROUBLE after telling why.
 */
int recording_prepare(struct recording *r);

/* record_start() with what @r says of it. Return: 0, or STATUS_TROUBLE after telling why. */
int recording_start(const struct recording *r, struct record_options *options);

/* What this process records from now on waits at a gate (see struct record_options). */
void recording_behind(struct record_gate *gate);

/*
 * record_stop(). Return: 0, or STATUS_TROUBLE after telling why.
 */
int recording_stop(const char *result);

/* Ends the session, if there is one. Return: 0, or STATUS_TROUBLE after telling why. */
int recording_end(struct recording *r);

#endif
