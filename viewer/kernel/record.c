/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "viewer/command.h"
#include "viewer/kernel/cut.h"
#include "viewer/kernel/fields.h"
#include "viewer/kernel/record.h"
#include "viewer/kernel/stacks.h"
#include "viewer/kernel/stage.h"
#include "viewer/kernel/tracefs.h"
#include "viewer/target.h"

/* A run: what is open, and what came of it. */
struct run {
	const struct kernel_record *how;
	const char *dir;
	struct tracefs fs;
	struct stage stage;
	struct tracer tracer;
	struct stage_result result;
	struct stacks_counts stacks;
	struct fields fields;
	int moments;
};

static FILE *open_file(const struct run *r, const char *name, const char *mode,
		       struct peer_problem *problem)
{
	char path[4200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", r->dir, name);
	f = fopen(path, mode);
	if (!f)
		problem_set(problem, name, errno, "");
	return f;
}

/* ---------------------------------------------------------------- what is kept */

static int tell_about(struct run *r, struct peer_problem *problem)
{
	FILE *f = open_file(r, ABOUT_FILE, "we", problem);
	struct utsname name;
	char result[32];

	if (!f)
		return -1;
	uname(&name);
	result_name(r->result.result, result, sizeof(result));
	fprintf(f, "kernel: %s\nmachine: %s\ntracer: %s\n", name.release, name.machine,
		tracer_names[r->tracer.kind]);
	for (int i = 0; i < TRACERS; i++)
		if (r->tracer.refused[i][0])
			fprintf(f, "refused: %s: %s\n", tracer_names[i], r->tracer.refused[i]);
	if (r->tracer.kind == TRACER_EVENTS)
		fprintf(f, "concluded: %d calls from the stacks of %d events\nlost: %d\n",
			r->stacks.calls, r->stacks.events, r->stacks.lost);
	if (r->fields.refused[0])
		fprintf(f, "refused: fields: %s\n", r->fields.refused);
	else
		fprintf(f, "fields: %d of tcp_sock at %d moments\n", r->fields.count, r->moments);
	fprintf(f, "target: %s\nresult: %s\ntook: %llu\n", r->how->target->text, result,
		(unsigned long long)(r->result.ended_ns - r->result.began_ns));
	return fclose(f) ? problem_set(problem, ABOUT_FILE, errno, "") : 0;
}

/* What the graph tracer would have kept, out of what the others did. */
static int make_calls(struct run *r, struct peer_problem *problem)
{
	static const char *const roots[] = { "__x64_sys_connect",  "SyS_connect",
					     "sys_connect",        "tun_get_user",
					     "tun_chr_write_iter", NULL };
	FILE *whole = open_file(r, BUFFER_FILE, "re", problem), *calls;
	int error;

	if (!whole)
		return -1;
	calls = open_file(r, CALLS_FILE, "we", problem);
	if (!calls) {
		fclose(whole);
		return -1;
	}
	if (r->tracer.kind == TRACER_EVENTS)
		error = stacks_to_graph(whole, calls, roots, &r->stacks);
	else
		error = cut_functions(whole, calls, roots);
	fclose(whole);
	if (fclose(calls) && !error)
		error = -errno;
	return error ? problem_set(problem, CALLS_FILE, -error, "") : 0;
}

/* The fields are welcome, and not missed. */
static int keep_fields(struct run *r, struct peer_problem *problem)
{
	FILE *f;

	if (r->fields.refused[0])
		return 0;
	f = open_file(r, FIELDS_FILE, "we", problem);
	if (!f)
		return -1;
	r->moments = fields_keep(&r->fields, f);
	return fclose(f) ? problem_set(problem, FIELDS_FILE, errno, "") : 0;
}

static int keep(struct run *r, struct peer_problem *problem)
{
	int graph = r->tracer.kind == TRACER_GRAPH;
	char path[4200];

	snprintf(path, sizeof(path), "%s/%s", r->dir, graph ? CALLS_FILE : BUFFER_FILE);
	if (tracefs_copy(r->tracer.dir, "trace", path, problem) < 0)
		return -1;
	if (!graph && make_calls(r, problem) < 0)
		return -1;
	if (keep_fields(r, problem) < 0)
		return -1;
	return tell_about(r, problem);
}

/* ---------------------------------------------------------------- the run */

static int trace_connect(struct run *r, struct peer_problem *problem)
{
	int error;

	error = tracer_run(&r->tracer, 1);
	if (error)
		return problem_set(problem, "tracing_on", -error, "");
	error = stage_connect(&r->stage, &r->result);
	tracer_run(&r->tracer, 0);
	if (error)
		return problem_set(problem, "the program that connects", -error, "");
	return 0;
}

static int record(struct run *r, struct peer_problem *problem)
{
	char capture[4200];
	struct stage_config config = { .target = r->how->target,
				       .delay_ns = r->how->delay_ns,
				       .capture = capture };
	pid_t pids[2];

	snprintf(capture, sizeof(capture), "%s/%s", r->dir, PACKETS_FILE);
	if (stage_open(&r->stage, &config, problem) < 0)
		return -1;
	pids[0] = r->stage.task;
	pids[1] = r->stage.far;
	if (tracer_choose(&r->tracer, &r->fs, r->how->only, pids, 2, problem) < 0)
		return -1;
	fields_open(&r->fields, r->how->target);
	if (trace_connect(r, problem) < 0)
		return -1;
	return keep(r, problem);
}

int kernel_record(const struct kernel_record *how, const char *dir, struct peer_problem *problem)
{
	struct run r = { .how = how, .dir = dir, .stage = { .control = -1 } };
	int status;

	fields_none(&r.fields);

	if (tracefs_open(&r.fs, problem) < 0)
		return -1;
	status = record(&r, problem);
	fields_close(&r.fields);
	stage_close(&r.stage);
	tracefs_close(&r.fs);
	return status;
}
