/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synwalk show: a trace as lines of text, or as JSON for programs.
 *
 * Theory of operation: the steps are read once, in order, and each is printed as it comes; the
 * only look ahead is from a call to its return, so that a call's value stands on the line of the
 * call.  show_json.c prints the same steps as objects.
 *
 * Most calls of a kernel are helpers: a list's, the allocator's, a counter's.  Unless something
 * narrower is asked for, they are folded: what lives in the rooms of the walk (net/, fs/,
 * security/, drivers/) has its line, and so have the calls around it; any other call is left out
 * and counted.  A call's line is therefore printed when it begins, or when the first step that
 * deserves a line happens inside it.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/command.h"
#include "viewer/show.h"

/* What the walk shows when nothing is asked for: calls, and what happens between functions. */
#define WALK_KINDS                                                                 \
	(TRACE_BIT(TRACE_CALL) | TRACE_BIT(TRACE_PACKET) | TRACE_BIT(TRACE_DROP) | \
	 TRACE_BIT(TRACE_TIMER) | TRACE_BIT(TRACE_SLEEP) | TRACE_BIT(TRACE_WAKE) | \
	 TRACE_BIT(TRACE_SWITCH) | TRACE_BIT(TRACE_STATE))

static void usage(FILE *to)
{
	fputs("usage: synwalk show TRACE.db [OPTION]...\n"
	      "\n"
	      "Prints the walk: calls with arguments and value, packets, sleeps, drops, timers.\n"
	      "\n"
	      "What (several may be given; then only these):\n"
	      "  --calls            the tree of calls, names only\n"
	      "  --packets          packets, in tcpdump's words\n"
	      "  --stores           stores: object, field, old and new value\n"
	      "  --lines            source lines run\n"
	      "  --locals           values of parameters and locals\n"
	      "  --branches         comparisons\n"
	      "  --events           sleeps, wake-ups, switches, timers, drops, states\n"
	      "  --all              everything\n"
	      "  --explain STEP     one step in sentences: what it does, what it is for; STEP is a\n"
	      "                     number, or a function's name: its first call\n"
	      "Where:\n"
	      "  --from N, --to N   only steps N to N\n"
	      "  --function NAME    only the calls of NAME and what happens in them\n"
	      "  --object NAME      only stores to this object (tcp_sock#1)\n"
	      "  --depth N          nothing deeper than N calls; counted from NAME, if given\n"
	      "How:\n"
	      "  --helpers          the walk with its helpers (lists, memory, counters) too\n"
	      "  --where            with file and line\n"
	      "  --absolute         sequence numbers as they are on the wire\n"
	      "  --json             one JSON object a line\n"
	      "  --outline          the walk in short, without step numbers; --steps adds them\n"
	      "  --help             this\n"
	      "\n"
	      "Signs before a line: > packet out, < packet in, * store, | source line, = local,\n"
	      "? comparison, z sleep, ^ wake-up, % switch, @ timer, # state, ! drop, + new, - free.\n",
	      to);
}

/* ---- lines of text ----------------------------------------------------------------------------- */

char show_sign(const struct trace_step *s, const char *words)
{
	static const char signs[TRACE_KINDS] = {
		[TRACE_STORE] = '*',   [TRACE_BRANCH] = '?', [TRACE_LINE] = '|',
		[TRACE_LOCAL] = '=',   [TRACE_DROP] = '!',   [TRACE_TIMER] = '@',
		[TRACE_SLEEP] = 'z',   [TRACE_WAKE] = '^',   [TRACE_SWITCH] = '%',
		[TRACE_STATE] = '#',   [TRACE_ALLOC] = '+',  [TRACE_FREE] = '-',
		[TRACE_CONTEXT] = '~', [TRACE_RETURN] = '}',
	};

	if (s->kind == TRACE_PACKET)
		return words[0] == 'o' ? '>' : '<';
	return s->kind > 0 && s->kind < TRACE_KINDS ? signs[s->kind] : '?';
}

/* How deep a step stands: a call as it says, all else one below the call it happens in. */
static int depth_of(struct show *show, const struct trace_step *s)
{
	struct trace_step call;

	if (s->kind == TRACE_CALL) {
		show->depth_call = s->step;
		show->depth = s->depth;
		return s->depth;
	}
	if (!s->parent)
		return s->depth;
	if (s->parent != show->depth_call && trace_step(show->t, s->parent, &call) == 1) {
		show->depth_call = s->parent;
		show->depth = call.depth;
		trace_step_free(&call);
	}
	return s->kind == TRACE_RETURN ? show->depth : show->depth + 1;
}

/* A line that says whose steps follow, where that changes. */
static void heading(struct show *show, const struct trace_step *s)
{
	if (s->task == show->task && s->context == show->context)
		return;
	show->task = s->task;
	show->context = s->context;
	printf("# %s, %s\n", s->task_name, s->context_name);
}

/* " = 0", or that it never came back. */
static void print_value(struct show *show, const struct trace_step *call)
{
	int64_t step = trace_return_of(show->t, call->step);
	struct trace_step r;
	char words[300];

	if (!step) {
		fputs("  (does not return)", stdout);
	} else if (trace_step(show->t, step, &r) == 1) {
		if (r.new.type != TRACE_NULL)
			printf(" = %s", words_return(words, sizeof(words), show->t, &r.new,
						     call->func ? call->func->type : ""));
		trace_step_free(&r);
	}
}

static void print_step(struct show *show, const struct trace_step *s)
{
	char words[1024];
	int depth = depth_of(show, s) - show->base_depth;

	/* Who runs while the function sleeps may stand less deep than it. */
	if (depth < 0)
		depth = 0;
	heading(show, s);
	if (show->kinds == TRACE_BIT(TRACE_CALL)) {
		printf("%*s%s", depth * 2, "", s->func ? s->func->name : "?");
	} else {
		words_step(words, sizeof(words), show->t, s, show->absolute ? NULL : &show->flows);
		printf("%*" PRId64 " %12.6f  %*s", show->step_width, s->step, (double)s->time / 1e6,
		       depth * 2, "");
		if (s->kind != TRACE_CALL)
			printf("%c ", show_sign(s, words));
		fputs(words, stdout);
		if (s->kind == TRACE_CALL)
			print_value(show, s);
	}
	if (show->where && s->func && (s->line || s->func->line))
		printf("  [%s:%d]", s->func->file->path, s->line ? s->line : s->func->line);
	else if (show->where && s->func)
		printf("  [%s]", s->func->file->path);
	putchar('\n');
}

/* What was not recorded here is no trace of the core, and lacks most of what one has. */
static void print_recorder(const struct trace *t)
{
	const char *recorder = trace_meta(t, "recorder"), *kernel = trace_meta(t, "kernel");
	const char *format = trace_meta(t, "format"), *nesting = trace_meta(t, "nesting");
	bool fields = trace_meta(t, "fields");

	if (recorder)
		printf("# a kernel's recording (%s%s%s%s%s): calls and times only%s%s\n", recorder,
		       format ? ", " : "", format ? format : "", kernel ? ", " : "",
		       kernel ? kernel : "",
		       fields ? ", and fields as they were seen now and then" : "",
		       nesting && !strcmp(nesting, "rebuilt") ?
			       "; their nesting is made of their callers" :
			       "");
}

static void print_header(struct show *show)
{
	const char *scenario = trace_meta(show->t, "scenario");
	const char *result = trace_meta(show->t, "result");
	const char *lost = trace_meta(show->t, "lost");
	const char *why = trace_meta(show->t, "why_lost");
	const char *crash = trace_meta(show->t, "crash");

	printf("# %s: %s%s%" PRId64 " steps", trace_path(show->t), scenario ? scenario : "",
	       scenario ? ", " : "", trace_last_step(show->t));
	if (result)
		printf(", result %s", result);
	putchar('\n');
	print_recorder(show->t);
	if (trace_is_partial(show->t) && crash)
		printf("# partial: %s ended the program; this is everything up to there\n", crash);
	else if (trace_is_partial(show->t))
		puts("# partial: the recording did not end in order; this is what it wrote");
	if (lost && strcmp(lost, "0"))
		printf("# %s events were lost%s%s\n", lost, why ? ": " : "", why ? why : "");
	if (show->kinds != TRACE_BIT(TRACE_CALL))
		printf("#%*s %12s\n", show->step_width - 1, "step", "ms");
}

/* ---- folding ----------------------------------------------------------------------------------- */

/* A function that is there for others: not in a room of the walk, or only a header's. */
static bool is_helper(const struct trace_func *f)
{
	static const char *const rooms[] = { "net/", "fs/", "security/", "drivers/" };
	const char *path = f ? f->file->kernel_path : NULL;

	if (!path)
		return false;
	for (size_t i = 0; i < sizeof(rooms) / sizeof(*rooms); i++)
		if (!strncmp(path, rooms[i], strlen(rooms[i])))
			return false;
	return true;
}

static bool has_line(const struct show *show, int64_t call)
{
	return show->printed[call / 8] & (1U << (call % 8));
}

/* Prints the calls around a step that have no line yet, the outermost first. */
static void print_around(struct show *show, int64_t call)
{
	struct trace_step s;

	if (!call || has_line(show, call) || trace_step(show->t, call, &s) != 1)
		return;
	print_around(show, s.parent);
	print_step(show, &s);
	show->printed[call / 8] |= (uint8_t)(1U << (call % 8));
	show->folded -= is_helper(s.func);
	trace_step_free(&s);
}

static void print_folded(struct show *show, const struct trace_step *s)
{
	if (s->kind == TRACE_CALL && is_helper(s->func)) {
		show->folded++;
		return;
	}
	print_around(show, s->parent);
	print_step(show, s);
	if (s->kind == TRACE_CALL)
		show->printed[s->step / 8] |= (uint8_t)(1U << (s->step % 8));
}

/* Whether the listing is the plain walk of a whole trace: whoever asks for less wants all of it. */
static bool wants_folding(const struct show *show)
{
	return show->kinds == WALK_KINDS && !show->json && !show->helpers && !show->function &&
	       !show->object_name && !show->max_depth && show->from == 1 && !show->to &&
	       !show->outline;
}

/* ---- the walk ---------------------------------------------------------------------------------- */

static int one_step(void *ctx, const struct trace_step *s)
{
	struct show *show = ctx;

	if (show->object && s->object != show->object)
		return 0;
	if (show->max_depth && depth_of(show, s) - show->base_depth >= show->max_depth)
		return 0;
	if (show->json)
		show_json(show, s);
	else if (show->fold)
		print_folded(show, s);
	else
		print_step(show, s);
	return ferror(stdout) ? -1 : 0;
}

static int show_range(struct show *show, int64_t from, int64_t to)
{
	if (from < show->from)
		from = show->from;
	if (to > show->to)
		to = show->to;
	return from > to ? 0 : trace_each(show->t, from, to, show->kinds, one_step, show);
}

/* Each call of the function that is not inside one already shown. */
static int show_calls_of(struct show *show, const struct trace_func *f)
{
	for (int64_t at = 0; (at = trace_next_call_of(show->t, at, f->id)) != 0;) {
		int64_t end = trace_return_of(show->t, at);
		struct trace_step call;

		if (!end)
			end = trace_last_step(show->t);
		if (trace_step(show->t, at, &call) == 1) {
			show->base_depth = call.depth;
			trace_step_free(&call);
		}
		if (show_range(show, at, end))
			return -1;
		at = end;
	}
	return 0;
}

/* Names given by the user must be in this trace: silence would look like "nothing happened". */
static int find_names(struct show *show, const struct trace_func **f)
{
	struct trace_object o;

	*f = NULL;
	if (show->function && !(*f = trace_func_by_name(show->t, show->function)))
		return trouble(show->function, "synwalk show TRACE.db --calls lists those that ran",
			       "no function of that name in this trace");
	if (show->object_name) {
		if (trace_object_by_name(show->t, show->object_name, &o) != 1)
			return trouble(show->object_name, "names look like tcp_sock#1",
				       "no object of that name in this trace");
		show->object = o.id;
		trace_object_free(&o);
	}
	return 0;
}

static int show_trace(struct show *show, const char *path)
{
	const struct trace_func *f;
	char err[400];
	int status = STATUS_DONE;

	show->t = trace_open(path, err, sizeof(err));
	if (!show->t) {
		fflush(stdout);
		fprintf(stderr, "synwalk: %s\n", err);
		return STATUS_TROUBLE;
	}
	if (!show->to)
		show->to = trace_last_step(show->t);
	show->printed = show->fold ? calloc(1, (size_t)trace_last_step(show->t) / 8 + 1) : NULL;
	if (show->fold && !show->printed) {
		trace_close(show->t);
		return trouble(path, NULL, "%s", strerror(errno));
	}
	show->step_width = snprintf(NULL, 0, "%" PRId64, trace_last_step(show->t)) + 1;
	if (show->step_width < 6)
		show->step_width = 6;
	words_learn_flows(show->t, &show->flows, 0);
	if (find_names(show, &f)) {
		status = STATUS_TROUBLE;
	} else {
		if (!show->json && !show->outline)
			print_header(show);
		if (show->outline)
			show_outline(show);
		else if (f)
			show_calls_of(show, f);
		else
			show_range(show, show->from, show->to);
		if (show->folded)
			printf("# %" PRId64 " calls of helpers are folded; --helpers shows them\n",
			       show->folded);
		if (trace_error(show->t))
			status = trouble(path, NULL, "%s", trace_error(show->t));
		else if (fflush(stdout) || ferror(stdout))
			status = trouble("standard output", NULL, "%s", strerror(errno));
	}
	free(show->printed);
	decode_flows_free(&show->flows);
	trace_close(show->t);
	return status;
}

/* ---- the command ------------------------------------------------------------------------------- */

enum {
	OPT_CALLS = 256,
	OPT_PACKETS,
	OPT_STORES,
	OPT_LINES,
	OPT_LOCALS,
	OPT_BRANCHES,
	OPT_EVENTS,
	OPT_ALL,
	OPT_FROM,
	OPT_TO,
	OPT_FUNCTION,
	OPT_OBJECT,
	OPT_DEPTH,
	OPT_HELPERS,
	OPT_WHERE,
	OPT_ABSOLUTE,
	OPT_JSON,
	OPT_OUTLINE,
	OPT_STEPS,
	OPT_EXPLAIN
};

static const struct option options[] = {
	{ "calls", no_argument, NULL, OPT_CALLS },
	{ "packets", no_argument, NULL, OPT_PACKETS },
	{ "stores", no_argument, NULL, OPT_STORES },
	{ "lines", no_argument, NULL, OPT_LINES },
	{ "locals", no_argument, NULL, OPT_LOCALS },
	{ "branches", no_argument, NULL, OPT_BRANCHES },
	{ "events", no_argument, NULL, OPT_EVENTS },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "to", required_argument, NULL, OPT_TO },
	{ "function", required_argument, NULL, OPT_FUNCTION },
	{ "object", required_argument, NULL, OPT_OBJECT },
	{ "depth", required_argument, NULL, OPT_DEPTH },
	{ "helpers", no_argument, NULL, OPT_HELPERS },
	{ "where", no_argument, NULL, OPT_WHERE },
	{ "absolute", no_argument, NULL, OPT_ABSOLUTE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "outline", no_argument, NULL, OPT_OUTLINE },
	{ "steps", no_argument, NULL, OPT_STEPS },
	{ "explain", required_argument, NULL, OPT_EXPLAIN },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* A number from 1.  0 or STATUS_TROUBLE. */
static int step_number(const char *name, const char *text, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	if (errno || end == text || *end || *out < 1)
		return trouble(text, NULL, "%s wants a number from 1", name);
	return 0;
}

/* Bits of the kinds that an option asks for; 0 for options of another sort. */
static unsigned int kinds_of(int option)
{
	switch (option) {
	case OPT_CALLS:
		return TRACE_BIT(TRACE_CALL);
	case OPT_PACKETS:
		return TRACE_BIT(TRACE_PACKET);
	case OPT_STORES:
		return TRACE_BIT(TRACE_STORE);
	case OPT_LINES:
		return TRACE_BIT(TRACE_LINE);
	case OPT_LOCALS:
		return TRACE_BIT(TRACE_LOCAL);
	case OPT_BRANCHES:
		return TRACE_BIT(TRACE_BRANCH);
	case OPT_EVENTS:
		return WALK_KINDS & ~(TRACE_BIT(TRACE_CALL) | TRACE_BIT(TRACE_PACKET));
	case OPT_ALL:
		return TRACE_ALL_KINDS;
	}
	return 0;
}

/* 0 to go on, 1 help was given, STATUS_TROUBLE. */
static int parse(struct show *show, int argc, char **argv)
{
	int option, status = 0;

	optind = 0; /* a second command in one process starts anew */
	while (!status && (option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		show->kinds |= kinds_of(option);
		switch (option) {
		case OPT_FROM:
			status = step_number("--from", optarg, &show->from);
			break;
		case OPT_TO:
			status = step_number("--to", optarg, &show->to);
			break;
		case OPT_FUNCTION:
			show->function = optarg;
			break;
		case OPT_OBJECT:
			show->object_name = optarg;
			break;
		case OPT_DEPTH:
			status = step_number("--depth", optarg, &show->max_depth);
			break;
		case OPT_HELPERS:
			show->helpers = true;
			break;
		case OPT_WHERE:
			show->where = true;
			break;
		case OPT_ABSOLUTE:
			show->absolute = true;
			break;
		case OPT_JSON:
			show->json = true;
			break;
		case OPT_OUTLINE:
			show->outline = true;
			break;
		case OPT_STEPS:
			show->steps = true;
			break;
		case OPT_EXPLAIN:
			show->explain = optarg;
			break;
		case 'h':
			usage(stdout);
			return 1;
		case '?':
			return trouble("show", "synwalk show --help lists the options",
				       "not understood");
		}
	}
	return status;
}

int cmd_show(int argc, char **argv)
{
	struct show show = { .from = 1, .task = -1, .context = -1 };
	int status = parse(&show, argc, argv);

	if (status)
		return status == 1 ? STATUS_DONE : status;
	if (optind + 1 != argc)
		return trouble("show", "synwalk show TRACE.db; --help lists the options",
			       optind == argc ? "which trace?" : "one trace at a time");
	if (show.explain)
		return explain_step_of(argv[optind], show.explain);
	if (!show.kinds)
		show.kinds = show.object_name ? TRACE_BIT(TRACE_STORE) :
			     show.json        ? TRACE_ALL_KINDS :
						WALK_KINDS;
	if (show.to && show.to < show.from)
		return trouble("show", NULL, "--to lies before --from");
	show.fold = wants_folding(&show);
	return show_trace(&show, argv[optind]);
}
