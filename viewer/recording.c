/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "viewer/command.h"
#include "viewer/recording.h"

/* The recorder's message is whole, "PATH: why; what to do": nothing can be added here. */
static int recorder_trouble(const char *message)
{
	fflush(stdout);
	fprintf(stderr, "synwalk: %s\n", message);
	return STATUS_TROUBLE;
}

int recording_check(struct recording *r)
{
	size_t length;

	if (!r->lttng || r->folder)
		return 0;
	if (!r->trace)
		return trouble("--lttng", "add -o TRACE.db, or name a folder: --lttng=DIR",
			       "where to?");
	length = strlen(r->trace);
	if (length > 3 && !strcmp(r->trace + length - 3, ".db"))
		length -= 3;
	if (snprintf(r->beside, sizeof(r->beside), "%.*s.ctf", (int)length, r->trace) >=
	    (int)sizeof(r->beside))
		return trouble(r->trace, NULL, "the name is too long");
	r->folder = r->beside;
	return 0;
}

int recording_prepare(struct recording *r)
{
	char err[600] = "";

	if (r->lttng && record_session_start(&r->session, r->folder, err, sizeof(err)) < 0)
		return recorder_trouble(err);
	return 0;
}

static struct record_gate *gate_before;

void recording_behind(struct record_gate *gate)
{
	gate_before = gate;
}

int recording_start(const struct recording *r, struct record_options *options)
{
	char err[600] = "";

	options->path = r->trace;
	options->lttng = r->lttng ? RECORD_LTTNG_HEARD :
			 r->join  ? RECORD_LTTNG_ANY :
				    RECORD_LTTNG_NOT;
	options->gate = gate_before;
	options->held = core_clock_hold;
	return record_start(options, err, sizeof(err)) < 0 ? recorder_trouble(err) : 0;
}

int recording_stop(const char *result)
{
	char err[600] = "";

	return record_stop(result, err, sizeof(err)) < 0 ? recorder_trouble(err) : 0;
}

int recording_end(struct recording *r)
{
	char err[600] = "";

	if (record_session_stop(&r->session, err, sizeof(err)) < 0)
		return recorder_trouble(err);
	return 0;
}
