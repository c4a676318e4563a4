// SPDX-License-Identifier: GPL-2.0-only
/* Making a trace of a kernel's recording; see import.h. ftrace_read.c tells how calls are found. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ftrace.h"

static int read_lines(struct ftrace_reading *r, char *err, size_t errlen)
{
	struct ftrace_line line;
	size_t room = 0;
	char *text = NULL;
	ssize_t size;
	int code = 0;

	for (int number = 1; !r->build.code; number++) {
		errno = 0;
		size = getline(&text, &room, r->in->text);
		if (size < 0)
			break;
		ftrace_parse(text, (size_t)size, &line);
		ftrace_take(r, number, &line);
	}
	if (ferror(r->in->text)) {
		code = errno ? -errno : -EIO;
		snprintf(err, errlen, "%s: %s; is it a file of text?", r->in->name,
			 strerror(-code));
	}
	free(text);
	return code;
}

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* "python3 97, swapper 0": whose process id was which, in the order of their names. */
static const char *tell_pids(struct ftrace_build *b)
{
	const char *text = "";

	/* a text of thousands of tasks is nothing to read */
	for (int i = 0; i < b->track_count && i < 64; i++)
		if (b->tracks[i]->pid > 0)
			text = pool_printf(&b->pool, "%s%s%s %d", text, *text ? ", " : "",
					   b->tracks[i]->name, b->tracks[i]->pid);
	return text;
}

static void tell_loss(const struct ftrace_reading *r, char *why, size_t room)
{
	const struct import_counts *c = &r->counts;
	size_t used = 0;

	*why = 0;
	if (c->lost)
		used = (size_t)snprintf(why, room, "the kernel lost %lld event%s",
					(long long)c->lost, c->lost == 1 ? "" : "s");
	if (c->left_out)
		snprintf(why + used, room - used, "%s%d line%s of the text could not be understood",
			 used ? "; " : "", c->left_out, c->left_out == 1 ? "" : "s");
}

/* What the trace says of itself. */
static void tell_meta(struct ftrace_reading *r)
{
	struct ftrace_build *b = &r->build;
	const struct import_ftrace *in = r->in;
	const char *scenario = in->scenario   ? in->scenario :
			       r->scenario[0] ? r->scenario :
						base(in->name);
	bool rebuilt = r->format == FTRACE_FUNCTION;
	char why[160];

	tell_loss(r, why, sizeof(why));
	ftrace_define(b, "synwalk_version", value_text(SYNWALK_VERSION));
	ftrace_define(b, "scenario", value_text(scenario));
	ftrace_define(b, "clock", value_text("wall"));
	ftrace_define(b, "recorder", value_text("ftrace"));
	ftrace_define(b, "format", value_text(r->counts.format));
	ftrace_define(b, "nesting", value_text(rebuilt ? "rebuilt" : "recorded"));
	if (in->kernel)
		ftrace_define(b, "kernel", value_text(in->kernel));
	if (in->result)
		ftrace_define(b, "result", value_text(in->result));
	if (in->object && in->object->moments)
		ftrace_define(b, "fields", value_text(in->object->type));
	if (r->implied)
		ftrace_define(b, "callers_implied", value_integer(r->implied));
	if (r->closed_before)
		ftrace_define(b, "began_before", value_integer(r->closed_before));
	ftrace_define(b, "pids", value_text(tell_pids(b)));
	ftrace_define(b, "steps", value_integer(b->step));
	ftrace_define(b, "lost", value_integer(r->counts.lost + r->counts.left_out));
	if (*why)
		ftrace_define(b, "why_lost", value_text(why));
}

static int finish(struct ftrace_reading *r, int code, char *err, size_t errlen)
{
	struct ftrace_build *b = &r->build;
	bool whole = !r->counts.lost && !r->counts.left_out;
	int closed;

	if (!code && !b->calls) {
		snprintf(err, errlen,
			 "%s: no call is in it (%d lines, %d of them not understood); record with "
			 "the tracer function_graph or function, and give its text",
			 r->in->name, r->counts.lines, r->counts.left_out);
		code = -ENODATA;
	}
	if (!code && !b->code) {
		ftrace_take_end(r);
		ftrace_packets_left(b);
		tell_meta(r);
	}
	if (b->code && b->sink) {
		/* what could be written is kept */
		b->sink->failed(b->sink, b->step);
		snprintf(err, errlen, "%s: %s", b->path, b->sink->error(b->sink));
	}
	if (b->sink) {
		closed = b->sink->close(b->sink,
					whole && !code && !b->code ? "complete" : "partial");
		code = code ? code : b->code ? b->code : closed;
	} else if (!code) {
		code = b->code;
	}
	if (code && !*err)
		snprintf(err, errlen, "%s: %s", b->path, strerror(-code));
	return code ? code : !whole;
}

int import_ftrace(const struct import_ftrace *in, const char *path, struct import_counts *counts,
		  char *err, size_t errlen)
{
	struct ftrace_reading *r = calloc(1, sizeof(*r));
	struct capture capture = { 0 };
	int code = 0;

	*err = 0;
	if (!r) {
		snprintf(err, errlen, "%s: out of memory", in->name);
		return -ENOMEM;
	}
	r->in = in;
	r->build = (struct ftrace_build){ .path = path,
					  .err = err,
					  .errlen = errlen,
					  .frames = in->frames,
					  .frame_count = in->frame_count,
					  .object = in->object,
					  .known = ftrace_known_open() };
	if (in->capture) {
		code = capture_read(in->capture, &capture, err, errlen);
		r->build.frames = capture.frames;
		r->build.frame_count = capture.count;
		r->build.waiting = true;
	}
	if (!code)
		code = read_lines(r, err, errlen);
	code = finish(r, code, err, errlen);
	r->counts.steps = r->build.step;
	r->counts.calls = r->build.calls;
	r->counts.packets = r->build.packets;
	r->counts.stores = r->build.stores;
	r->counts.tasks = r->build.track_count;
	if (counts)
		*counts = r->counts;
	ftrace_free(&r->build);
	capture_free(&capture);
	free(r);
	return code;
}
