/* SPDX-License-Identifier: GPL-2.0-only */

/* The trace of a run. */

#include <string.h>

#include "core/include/synwalk/core.h"
#include "labs/world/world.h"
#include "trace/record/record.h"
#include "viewer/command.h"
#include "viewer/script/failure.h"

int trace_begin(const struct world *w)
{
	char err[600] = "";
	struct record_options options = {
		.path = w->trace,
		.scenario = w->script,
		.seed = w->seed,
		.virtual_ns = core_clock(),
		.hz = 1000,
		.version = SYNWALK_VERSION,
		.part = w->part,
		.budget = w->budget_mb * 1000000,
	};

	if (!w->trace || record_start(&options, err, sizeof(err)) >= 0)
		return 0;
	fprintf(stderr, "synwalk: %s\n", err);
	return WORLD_TROUBLE;
}

int trace_finish(const struct world *w, const char *result)
{
	char err[600] = "";

	if (!w->trace || record_stop(result, err, sizeof(err)) >= 0)
		return 0;
	fprintf(stderr, "synwalk: %s\n", err);
	return WORLD_TROUBLE;
}

int64_t trace_failure(const struct world *w, const struct play *p)
{
	char err[512];
	struct trace *t = w->trace ? trace_open(w->trace, err, sizeof(err)) : NULL;
	int64_t step;

	if (!t)
		return 0;
	step = failure_step(t, p);
	trace_close(t);
	return step;
}

int trace_bake(const char *path)
{
	char err[512] = "";

	if (record_bake(path, NULL, NULL, err, sizeof(err)) < 0)
		return trouble("bake", err, "cannot be written");
	return 0;
}
