/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synwalk diff: where two traces part, and why. The comparison is trace/diff/; here are the options,
 * and in diff_text.c and diff_json.c what is printed.
 */

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/diff/calls.h"
#include "viewer/command.h"
#include "viewer/diff.h"
#include "viewer/model_words.h"

/* More rules than anybody writes. */
#define MAX_RULES (1u << 20)

static void usage(FILE *to)
{
	fputs("usage: synwalk diff A.db B.db [OPTION]...\n"
	      "\n"
	      "Says at which step two traces part, and why: the first divergence with what led to it,\n"
	      "then all else, grouped by cause. - is A, + is B.\n"
	      "\n"
	      "Output:\n"
	      "  --stat             only how much there is of everything\n"
	      "  --all              every difference, not the first few of each cause\n"
	      "  --context N        steps shown before the first divergence (5)\n"
	      "  --json             for programs\n"
	      "  --alignment        which step of A answers to which step of B, as a table\n"
	      "  --explain          say which rule let what pass\n"
	      "What counts:\n"
	      "  --ignore PATTERN   nothing that is about PATTERN: a function and all in it, a file, a\n"
	      "                     kind of step (line, timer ...), an object's field (tcp_sock.*), time\n"
	      "  --only PATTERN     nothing else; both may be given several times\n"
	      "  --rules FILE       what each run has its own of (default: see --print-rules);\n"
	      "                     without it runs of one seed are compared to the bit\n"
	      "  --print-rules      print the default rules\n"
	      "Against a kernel's recording (synwalk import --ftrace):\n"
	      "  --calls            compare calls alone: which function calls which, in what order, but\n"
	      "                     for what a table excuses (--rules, --print-rules: that table)\n"
	      "  --strict           a function that only one trace shows is a difference, unless the\n"
	      "                     table says that it is inlined\n"
	      "  --help             this\n"
	      "\n"
	      "Exit status: 0 equal, 1 they differ, 2 trouble.\n",
	      to);
}

struct request {
	struct report report;
	const char *path[2];
	const char *rules;
	const char **ignore, **only; /* ended by NULL */
	bool stat, json, alignment, calls, strict, print_rules;
};

static int add_pattern(const char ***list, const char *pattern)
{
	size_t n = 0;
	const char **p;

	while (*list && (*list)[n])
		n++;
	p = realloc(*list, (n + 2) * sizeof(*p));
	if (!p)
		return trouble("diff", NULL, "out of memory");
	p[n] = pattern;
	p[n + 1] = NULL;
	*list = p;
	return 0;
}

static int read_context(const char *text, int *context)
{
	uint64_t n;

	if (read_number(text, 100000, &n))
		return trouble("--context", "like --context 20", "'%s' is not a number of steps",
			       text);
	*context = (int)n;
	return 0;
}

/* Return: 0; STATUS_TROUBLE after it was told; -1: only help was wanted. */
static int read_options(int argc, char **argv, struct request *r)
{
	enum {
		STAT = 256,
		ALL,
		CONTEXT,
		JSON,
		ALIGNMENT,
		EXPLAIN,
		IGNORE,
		ONLY,
		RULES,
		PRINT,
		CALLS,
		STRICT
	};
	static const struct option options[] = {
		{ "stat", no_argument, NULL, STAT },
		{ "all", no_argument, NULL, ALL },
		{ "context", required_argument, NULL, CONTEXT },
		{ "json", no_argument, NULL, JSON },
		{ "alignment", no_argument, NULL, ALIGNMENT },
		{ "explain", no_argument, NULL, EXPLAIN },
		{ "ignore", required_argument, NULL, IGNORE },
		{ "only", required_argument, NULL, ONLY },
		{ "rules", required_argument, NULL, RULES },
		{ "print-rules", no_argument, NULL, PRINT },
		{ "calls", no_argument, NULL, CALLS },
		{ "strict", no_argument, NULL, STRICT },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *help = "synwalk diff --help lists the options";
	int c, err = 0;

	opterr = 0;
	optind = 1;
	while (!err && (c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (c) {
		case STAT:
			r->stat = true;
			break;
		case ALL:
			r->report.all = true;
			break;
		case CONTEXT:
			err = read_context(optarg, &r->report.context);
			break;
		case JSON:
			r->json = true;
			break;
		case ALIGNMENT:
			r->alignment = true;
			break;
		case EXPLAIN:
			r->report.explain = true;
			break;
		case IGNORE:
			err = add_pattern(&r->ignore, optarg);
			break;
		case ONLY:
			err = add_pattern(&r->only, optarg);
			break;
		case RULES:
			r->rules = optarg;
			break;
		case PRINT:
			r->print_rules = true;
			break;
		case CALLS:
			r->calls = true;
			break;
		case STRICT:
			r->strict = true;
			break;
		case 'h':
			usage(stdout);
			return -1;
		case ':':
			return trouble(argv[optind - 1], help, "needs a value");
		default:
			return trouble(argv[optind - 1], help, "no such option");
		}
	}
	if (err)
		return err;
	if (r->print_rules) {
		fputs(r->calls ? calls_default_table : diff_default_rules, stdout);
		return -1;
	}
	if (r->calls ? r->alignment || r->ignore || r->only : r->strict)
		return trouble("diff", help,
			       r->calls ?
				       "--calls goes neither with --alignment nor with patterns" :
				       "--strict belongs to --calls");
	if (argc - optind != 2)
		return trouble("diff", "synwalk diff A.db B.db; --help tells more",
			       "two traces are compared, and %d were named", argc - optind);
	r->path[0] = argv[optind];
	r->path[1] = argv[optind + 1];
	return 0;
}

/* ---- files ------------------------------------------------------------------------------------- */

/* The text of a file of rules; NULL after it was told why not. */
static char *read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = f ? malloc(MAX_RULES + 1) : NULL;
	size_t len;

	if (!text) {
		trouble(path, "synwalk diff --print-rules shows what a rule file looks like", "%s",
			strerror(errno));
		if (f)
			fclose(f);
		return NULL;
	}
	len = fread(text, 1, MAX_RULES, f);
	text[len] = '\0';
	if (ferror(f) || len == MAX_RULES) {
		trouble(path, NULL, "%s", ferror(f) ? strerror(errno) : "too long for rules");
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

static struct diff_rules *read_rules(const char *path)
{
	char *text = read_text(path), err[400];
	struct diff_rules *rules = text ? diff_rules_parse(path, text, err, sizeof(err)) : NULL;

	if (text && !rules)
		fprintf(stderr,
			"synwalk: %s\n    docs/diff.md tells the language; synwalk diff "
			"--print-rules shows the default\n",
			err);
	free(text);
	return rules;
}

static int open_traces(struct request *r)
{
	char err[400];

	for (int i = 0; i < 2; i++) {
		r->report.t[i] = trace_open(r->path[i], err, sizeof(err));
		if (!r->report.t[i]) {
			fprintf(stderr, "synwalk: %s\n", err);
			return STATUS_TROUBLE;
		}
		if (!trace_is_partial(r->report.t[i]))
			continue;
		fflush(stdout);
		fprintf(stderr,
			"synwalk: %s: partial: its recording did not end in order\n"
			"    what it wrote is compared; all that is behind its end will be missing\n",
			r->path[i]);
	}
	return 0;
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

static int print(struct request *r)
{
	if (r->json) {
		if (diff_print_json(&r->report))
			return trouble("diff", NULL, "out of memory");
	} else if (r->alignment) {
		diff_print_alignment(&r->report);
	} else {
		if (!r->stat)
			diff_print(&r->report);
		else
			diff_print_stat(&r->report);
		if (r->report.explain)
			diff_print_uses(&r->report);
	}
	if (fflush(stdout) || ferror(stdout))
		return trouble("standard output", NULL, "%s", strerror(errno));
	return diff_first(r->report.d) ? STATUS_NO : STATUS_DONE;
}

/* A kernel's recording has nothing of what is compared beside its calls. */
static void hint_calls(const struct request *r)
{
	bool a = trace_meta(r->report.t[0], "recorder"), b = trace_meta(r->report.t[1], "recorder");

	if (a != b)
		fprintf(stderr,
			"synwalk: %s: a kernel's recording, of calls and times only\n"
			"    --calls compares what both have\n",
			r->path[b]);
}

static int compare(struct request *r)
{
	struct diff_options o = { .ignore = r->ignore, .only = r->only };
	struct diff_rules *rules = NULL;
	char err[400];
	int status;

	if (r->rules) {
		rules = read_rules(r->rules);
		if (!rules)
			return STATUS_TROUBLE;
		o.rules = rules;
	}
	status = open_traces(r);
	if (!status) {
		hint_calls(r);
		r->report.d = diff_traces(r->report.t[0], r->report.t[1], &o, err, sizeof(err));
		if (!r->report.d)
			status = trouble("diff", NULL, "%s", err);
	}
	if (!status) {
		words_learn_flows(r->report.t[0], &r->report.flows[0], 0);
		words_learn_flows(r->report.t[1], &r->report.flows[1], 0);
		status = print(r);
	}
	diff_free(r->report.d);
	diff_rules_free(rules);
	for (int i = 0; i < 2; i++) {
		decode_flows_free(&r->report.flows[i]);
		trace_close(r->report.t[i]);
	}
	return status;
}

/* Calls alone. */
static int compare_calls(struct request *r)
{
	char *text = r->rules ? read_text(r->rules) : NULL;
	struct diff_calls_request q = { r->stat, r->json, r->strict, r->rules, text };
	int status = r->rules && !text ? STATUS_TROUBLE : open_traces(r);

	if (!status)
		status = diff_calls(&r->report, &q);
	if (fflush(stdout) || ferror(stdout))
		status = trouble("standard output", NULL, "%s", strerror(errno));
	free(text);
	for (int i = 0; i < 2; i++)
		trace_close(r->report.t[i]);
	return status;
}

int cmd_diff(int argc, char **argv)
{
	struct request r = { .report.context = 5 };
	int status = read_options(argc, argv, &r);

	if (!status) {
		r.report.colour = wants_colour();
		status = r.calls ? compare_calls(&r) : compare(&r);
	}
	free(r.ignore);
	free(r.only);
	return status < 0 ? STATUS_DONE : status;
}
