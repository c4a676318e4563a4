/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starting and stopping a recording.
 *
 * Theory of operation.  record_start() reads the program's debug information, opens the sinks,
 * tells them about sources, functions, globals and the heap objects that exist already, starts
 * the writer thread and at last lets the hooks of the calling thread record.  From then on the
 * hooks fill the ring and the writer empties it (docs/recording.md follows one event through).
 * record_stop() goes the same way back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baked.h"
#include "hooks.h"
#include "pages.h"
#include "record.h"
#include "writer.h"

static struct image image;
static struct points points;
static struct writer *writer;
static char *trace_path;

static void tell_meta(const struct record_options *options)
{
	define_meta(writer, "schema_version", value_integer(3));
	define_meta(writer, "synwalk_version",
		    value_text(options->version ? options->version : "unknown"));
	define_meta(writer, "status", value_text("recording"));
	define_meta(writer, "scenario", value_text(options->scenario ? options->scenario : ""));
	define_meta(writer, "seed",
		    options->seed > INT64_MAX ?
			    value_text(pool_printf(&writer->scratch, "%lu", options->seed)) :
			    value_integer((int64_t)options->seed));
	define_meta(writer, "clock", value_text(options->virtual_ns ? "virtual" : "wall"));
	define_meta(writer, "hz", value_integer(options->hz));
	define_meta(writer, "steps", value_integer(0));
	define_meta(writer, "lost", value_integer(0));
	/* lets a reader find out whether a trace that says 'recording' still is being recorded */
	define_meta(writer, "recorder_pid", value_integer(getpid()));
}

/* What exists already: globals, heap objects, the running task. */
static void tell_beginning(void)
{
	struct early_object *early;
	struct object **list;
	int count;

	writer->task = writer->tasks = pool_alloc(&writer->pool, sizeof(*writer->task));
	writer->task->addr = early_task;
	writer->task->id = (int)early_task_pid;
	writer->task->name =
		pool_strdup(&writer->pool, *early_task_name ? early_task_name : "idle");
	define(writer, "task",
	       (struct value[]){ value_integer(writer->task->id), value_text(writer->task->name) },
	       2);
	early = early_objects(&count);
	list = calloc((size_t)count + 1, sizeof(*list));
	for (int i = 0; list && i < count; i++)
		list[i] = object_birth(writer, early[i].addr, early[i].size, early[i].type);
	objects_globals(writer);
	for (int i = 0; list && i < count; i++)
		object_initial(writer, list[i], (const uint8_t *)(uintptr_t)early[i].addr);
	free(list);
	free(early);
	define_meta(writer, "core_object_count", value_integer(writer->objects.last_id));
}

static void writer_release(void)
{
	objects_free(writer);
	map_free(&writer->local_leaves);
	map_free(&writer->assigns);
	map_free(&writer->mentions);
	names_free(&writer->arrays);
	pool_free(&writer->scratch);
	pool_free(&writer->pool);
	free(writer);
	writer = NULL;
	free(trace_path);
	trace_path = NULL;
	image_close(&image);
}

/* "PATH: why; what to do"; @begun: the run had begun already. */
static void tell_failure(bool begun, int code, const char *why, char *err, size_t errlen)
{
	const char *what = begun ? "the trace ends where the writing failed" : "name another file";

	if (code == -ENOSPC)
		what = "free some space and run again";
	else if (code == -EBUSY)
		what = "wait until it has ended or choose another name";
	snprintf(err, errlen, "%s: %s%s; %s", trace_path ? trace_path : "trace",
		 begun ? "" : "the recording cannot begin: ", *why ? why : strerror(-code), what);
}

static int open_sinks(const struct record_options *options, char *err, size_t errlen)
{
	struct sink *sqlite = NULL, *lttng = NULL, *digest = NULL;
	const struct tables tables = baked_tables(&image);
	int code;

	if (options->lttng) {
		code = sink_lttng_open(&lttng, options->provider,
				       options->lttng == RECORD_LTTNG_HEARD, tables.bytes,
				       tables.size, err, errlen);
		if (code)
			return code;
	}
	if (options->path) {
		code = sink_sqlite_open(&sqlite, options->path, &tables, err, errlen);
		if (code) {
			if (lttng)
				lttng->close(lttng, "partial");
			return code;
		}
		sqlite->next = lttng;
	}
	writer->sinks = sqlite ? sqlite : lttng;
	if (options->digest && !sink_digest_open(&digest, options->digest)) {
		digest->next = writer->sinks;
		writer->sinks = digest;
	}
	return 0;
}

/* Waits until every sink can take events: what is wrong with a file is told before the run. */
static int await_sinks(char *err, size_t errlen)
{
	int code = 0;

	for (struct sink *sink = writer->sinks; sink && !code; sink = sink->next)
		if (sink->ready && (code = sink->ready(sink)))
			tell_failure(false, code, sink->error(sink), err, errlen);
	return code;
}

static int close_sinks(const char *status)
{
	int err = 0;

	for (struct sink *sink = writer->sinks, *next; sink; sink = next) {
		int code;

		next = sink->next;
		if (sink->error && !*writer->message)
			snprintf(writer->message, sizeof(writer->message), "%s", sink->error(sink));
		code = sink->close(sink, status);
		if (!err)
			err = code;
	}
	writer->sinks = NULL;
	return err;
}

int record_start(const struct record_options *options, char *err, size_t errlen)
{
	int code;

	if (writer) {
		snprintf(err, errlen, "a recording is running already");
		return -EBUSY;
	}
	pages_heap();
	code = image_open(&image, options->prefix ? options->prefix : "core/",
			  options->exclude ? options->exclude : "core/host/", err, errlen);
	if (code)
		return code;
	if (options->part) {
		code = part_join(&image, options->part, err, errlen);
		if (code) {
			image_close(&image);
			return code;
		}
	}
	writer = calloc(1, sizeof(*writer));
	if (!writer) {
		image_close(&image);
		return -ENOMEM;
	}
	writer->image = &image;
	writer->points = &points;
	writer->ring = &hooks.ring;
	trace_path = options->path ? strdup(options->path) : NULL;
	if (baked_points(&image, &points))
		points_learn(&points, &image);
	code = open_sinks(options, err, errlen);
	if (code) {
		writer_release();
		return code;
	}
	tell_meta(options);
	/* what was baked has its rows already, and they are in the trace from the start */
	if (!image.baked || options->part)
		define_image(writer);
	tell_beginning();
	code = await_sinks(err, errlen);
	if (code) {
		close_sinks("partial");
		writer_release();
		return code;
	}
	writer->clock_start = options->virtual_ns ? *options->virtual_ns : 0;
	code = hooks_start(&image, &points, options->virtual_ns);
	if (!code)
		code = writer_start(writer);
	if (code) {
		snprintf(err, errlen, "cannot start the writer: %s", strerror(-code));
		close_sinks("partial");
		ring_close(&hooks.ring);
		writer_release();
		return code;
	}
	crash_watch(writer);
	hooks.held = options->held;
	hooks.ring.limit = options->budget;
	hooks.gate = writer->gate = options->gate;
	hooks_recording = true;
	return 0;
}

int record_stop(const char *result, char *err, size_t errlen)
{
	int code;

	if (!writer) {
		snprintf(err, errlen, "nothing is being recorded");
		return -EINVAL;
	}
	hooks_stop();
	crash_forget();
	writer_finish(writer);
	define_meta(writer, "steps", value_integer(writer->step));
	define_meta(writer, "lost", value_integer((int64_t)writer->lost));
	if (result)
		define_meta(writer, "result", value_text(result));
	code = writer->error;
	if (!code)
		code = close_sinks("complete");
	else
		close_sinks("partial");
	if (code)
		tell_failure(true, code, writer->message, err, errlen);
	ring_close(&hooks.ring);
	writer_release();
	return code;
}

uint64_t record_lost(void)
{
	return writer ? writer->lost : 0;
}
