/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * synwalk export: a trace, or a range of it, in the formats of other tools. The formats are in
 * viewer/export/; here are the options, the file, and what all formats need.
 *
 * A file is written beside its name and renamed when it is whole, so that an export that fails
 * leaves the one before it. What is no file (a pipe, a device) is written to as it is.
 */

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/command.h"
#include "viewer/export/export.h"
#include "viewer/model_words.h"

static const struct format {
	const char *name, *for_what;
	int (*write)(struct export *e);
	bool binary;
} formats[] = {
	{ "pcapng", "packets, each with its step and calls: Wireshark, tshark", export_pcapng,
	  true },
	{ "perfetto", "a timeline: ui.perfetto.dev, chrome://tracing", export_perfetto, false },
	{ "mermaid", "a sequence diagram: Markdown pages, mermaid.live", export_mermaid, false },
	{ "dot", "the graph of calls: Graphviz", export_dot, false },
	{ "folded", "stacks with their weight in steps: flame graphs", export_folded, false },
	{ "html", "one page that replays the trace in a browser", export_html, false },
};

static const size_t nformats = sizeof(formats) / sizeof(formats[0]);

static void usage(FILE *to)
{
	fputs("usage: synwalk export TRACE.db --format FORMAT [OPTION]...\n"
	      "\n"
	      "Writes a trace in the format of another tool.\n"
	      "\n",
	      to);
	for (size_t i = 0; i < nformats; i++)
		fprintf(to, "  --format %-12s %s\n", formats[i].name, formats[i].for_what);
	fputs("  -o FILE               where to; - or nothing: standard output\n"
	      "  --from N, --to N      only steps N to N\n"
	      "  --time                perfetto: by the trace's clock; otherwise a step is 1 us\n"
	      "  --edges N             dot: at most N arrows (500)\n"
	      "  --help                this\n",
	      to);
}

struct request {
	struct export e;
	const struct format *format;
	const char *trace, *out;
};

static int format_named(const char *name, const struct format **format)
{
	for (size_t i = 0; i < nformats; i++) {
		if (!strcmp(formats[i].name, name)) {
			*format = &formats[i];
			return 0;
		}
	}
	return trouble(name, "synwalk export --help lists them", "no such format");
}

static int number(const char *option, const char *text, uint64_t max, int64_t *value)
{
	uint64_t n;

	if (read_number(text, max, &n) || !n)
		return trouble(option, NULL, "'%s' is no number from 1 to %" PRIu64, text, max);
	*value = (int64_t)n;
	return 0;
}

/* Return: 0; STATUS_TROUBLE after it was told; -1: only help was wanted. */
static int read_options(int argc, char **argv, struct request *r)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "from", required_argument, NULL, 1 },
		{ "to", required_argument, NULL, 2 },
		{ "time", no_argument, NULL, 3 },
		{ "edges", required_argument, NULL, 4 },
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int64_t edges = 500;
	int c, err = 0;

	optind = 1;
	while (!err && (c = getopt_long(argc, argv, "f:o:h", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			err = format_named(optarg, &r->format);
			break;
		case 'o':
			r->out = strcmp(optarg, "-") ? optarg : NULL;
			break;
		case 1:
			err = number("--from", optarg, INT64_MAX, &r->e.from);
			break;
		case 2:
			err = number("--to", optarg, INT64_MAX, &r->e.to);
			break;
		case 3:
			r->e.by_time = true;
			break;
		case 4:
			err = number("--edges", optarg, 1000000, &edges);
			break;
		case 'h':
			usage(stdout);
			return -1;
		default:
			return STATUS_TROUBLE;
		}
	}
	r->e.edges = (int)edges;
	if (err)
		return err;
	if (optind + 1 != argc || !r->format) {
		usage(stderr);
		return STATUS_TROUBLE;
	}
	r->trace = argv[optind];
	return 0;
}

/* Opens the trace and finds the range. */
static int open_trace(struct request *r)
{
	char err[256];
	int64_t last;

	r->e.t = trace_open(r->trace, err, sizeof(err));
	if (!r->e.t)
		return trouble("export", NULL, "%s", err);
	last = trace_last_step(r->e.t);
	if (!r->e.from)
		r->e.from = 1;
	if (!r->e.to || r->e.to > last)
		r->e.to = last;
	if (r->e.from > r->e.to)
		return trouble(r->trace, NULL,
			       "there is no step from %" PRId64 " to %" PRId64 " (it has %" PRId64
			       ")",
			       r->e.from, r->e.to, last);
	words_learn_flows(r->e.t, &r->e.flows, 0);
	return 0;
}

/* Writes the format, and says what went wrong. */
static int write_format(struct request *r)
{
	const char *name = r->out ? r->out : "standard output";

	if (r->format->write(&r->e)) {
		if (*r->e.refusal)
			return trouble(r->trace, NULL, "%s", r->e.refusal);
		return trouble(r->trace, NULL, "%s", trace_error(r->e.t));
	}
	if (fflush(r->e.out) || ferror(r->e.out))
		return trouble(name, "nothing was kept; free some space, or name another file",
			       "%s", strerror(errno));
	return STATUS_DONE;
}

/* A pipe or a device: something that must not be replaced by a file. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

static int to_special(struct request *r)
{
	int status;

	r->e.out = fopen(r->out, "w");
	if (!r->e.out)
		return trouble(r->out, "name a file in a folder that you may write to", "%s",
			       strerror(errno));
	status = write_format(r);
	fclose(r->e.out);
	return status;
}

static int to_file(struct request *r)
{
	char *beside;
	mode_t mask;
	int status;

	if (asprintf(&beside, "%s.XXXXXX", r->out) < 0)
		return trouble("export", NULL, "out of memory");
	status = mkstemp(beside);
	r->e.out = status < 0 ? NULL : fdopen(status, "w");
	if (!r->e.out) {
		status = trouble(r->out, "name a file in a folder that you may write to", "%s",
				 strerror(errno));
		free(beside);
		return status;
	}
	/* mkstemp() makes it for its owner alone; a file is for whom umask lets */
	mask = umask(0);
	umask(mask);
	fchmod(status, 0666 & ~mask);
	status = write_format(r);
	if (fclose(r->e.out) && status == STATUS_DONE)
		status = trouble(r->out, NULL, "%s", strerror(errno));
	if (status == STATUS_DONE && rename(beside, r->out))
		status = trouble(r->out, NULL, "%s", strerror(errno));
	if (status != STATUS_DONE)
		unlink(beside);
	free(beside);
	return status;
}

int cmd_export(int argc, char **argv)
{
	struct request r = { 0 };
	int status = read_options(argc, argv, &r);

	if (status)
		return status < 0 ? STATUS_DONE : status;
	if (!r.out && r.format->binary && isatty(STDOUT_FILENO))
		return trouble(r.format->name, "name a file with -o FILE",
			       "it is no text, and standard output is a terminal");
	status = open_trace(&r);
	if (!status && r.out) {
		status = is_special(r.out) ? to_special(&r) : to_file(&r);
	} else if (!status) {
		r.e.out = stdout;
		status = write_format(&r);
	}
	decode_flows_free(&r.e.flows);
	if (r.e.t)
		trace_close(r.e.t);
	return status;
}
