/* SPDX-License-Identifier: GPL-2.0-only */
/* synwalk diff for people. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/diff.h"
#include "viewer/i18n.h"
#include "viewer/model_words.h"

#define RED   "\033[31m"
#define GREEN "\033[32m"
#define BOLD  "\033[1m"
#define DIM   "\033[2m"
#define PLAIN "\033[0m"

/* So many steps of a run, and so many consequences of a cause, are shown without --all. */
#define SHOWN_STEPS  12
#define SHOWN_FOLLOW 5

static const char *paint(const struct report *r, const char *colour)
{
	return r->colour ? colour : "";
}

/* ---- words ------------------------------------------------------------------------------------- */

char *diff_step_words(char *buf, size_t len, struct report *r, int side, int64_t step)
{
	struct trace_step s;

	buf[0] = '\0';
	if (step > 0 && trace_step(r->t[side], step, &s) == 1) {
		words_step(buf, len, r->t[side], &s, &r->flows[side]);
		trace_step_free(&s);
	}
	return buf;
}

char *diff_where(char *buf, size_t len, struct report *r, int side, int64_t step)
{
	struct trace_step s, call;
	int line;

	buf[0] = '\0';
	if (step <= 0 || trace_step(r->t[side], step, &s) != 1)
		return buf;
	line = s.kind == TRACE_CALL ? trace_call_line(r->t[side], step) : s.line;
	if (s.kind == TRACE_CALL && line && s.parent &&
	    trace_step(r->t[side], s.parent, &call) == 1) {
		if (call.func)
			snprintf(buf, len, "%s:%d", call.func->file->path, line);
		trace_step_free(&call);
	} else if (s.func) {
		snprintf(buf, len, "%s:%d", s.func->file->path, line ? line : s.func->line);
	}
	trace_step_free(&s);
	return buf;
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

/* A text in the reader's language, where it is for a reader alone. */
__attribute__((format_arg(2))) static const char *in_words(const struct report *r, const char *text)
{
	return r->translated ? gettext(text) : text;
}

/* What both a run's ends say: its first step in words. */
static char *run_words(char *buf, size_t len, struct report *r, const struct diff_entry *e)
{
	int side = e->kind == DIFF_EXTRA;
	int64_t first = side ? e->b : e->a, steps = side ? e->b_steps : e->a_steps;
	char words[300];

	diff_step_words(words, sizeof(words), r, side, first);
	if (steps == 1)
		snprintf(buf, len,
			 e->kind == DIFF_MISSING ? in_words(r, N_("%s() is missing: %s")) :
			 e->kind == DIFF_EXTRA   ? in_words(r, N_("%s() is extra: %s")) :
						   in_words(r, N_("%s() was moved: %s")),
			 e->function, words);
	else
		snprintf(buf, len,
			 e->kind == DIFF_MISSING ?
				 in_words(r, N_("in %s() %" PRId64
						" steps are missing, the first: %s")) :
			 e->kind == DIFF_EXTRA ?
				 in_words(r, N_("in %s() %" PRId64
						" steps are extra, the first: %s")) :
				 in_words(r, N_("in %s() %" PRId64
						" steps were moved, the first: %s")),
			 e->function, steps, words);
	return buf;
}

char *diff_words(char *buf, size_t len, struct report *r, const struct diff_entry *e)
{
	struct trace_step s;
	char words[400];

	if (e->kind == DIFF_TIME) {
		snprintf(buf, len, in_words(r, N_("from here on time is another, in %s()")),
			 e->function);
		return buf;
	}
	if (e->kind != DIFF_VALUE)
		return run_words(buf, len, r, e);
	diff_step_words(words, sizeof(words), r, 0, e->a);
	if (trace_step(r->t[0], e->a, &s) == 1) {
		if (s.kind == TRACE_CALL)
			snprintf(buf, len, in_words(r, N_("%s() passes other arguments to %s()")),
				 e->function, s.func ? s.func->name : "?");
		else if (s.kind == TRACE_RETURN)
			snprintf(buf, len, in_words(r, N_("%s() returns another value")),
				 e->function);
		else if (s.kind == TRACE_STORE)
			snprintf(buf, len, in_words(r, N_("%s() stores another value to %s.%s")),
				 e->function, s.object_name ? s.object_name : "?",
				 s.place ? s.place :
				 s.field ? s.field->name :
					   "?");
		else if (s.kind == TRACE_LOCAL)
			snprintf(buf, len, in_words(r, N_("%s() has another value in %s")),
				 e->function, s.variable ? s.variable->name : "?");
		else if (s.kind == TRACE_BRANCH)
			snprintf(buf, len, in_words(r, N_("%s() compares other values")),
				 e->function);
		else
			snprintf(buf, len, in_words(r, N_("%s(): another %s, its %s")), e->function,
				 trace_kind_name(s.kind), e->what);
		trace_step_free(&s);
	} else {
		snprintf(buf, len, "%s()", e->function);
	}
	return buf;
}

/* ---- one difference ---------------------------------------------------------------------------- */

static void print_line(struct report *r, char sign, int side, int64_t step, int indent)
{
	const char *colour = sign == '-' ? RED : sign == '+' ? GREEN : "";
	char words[600], where[200];

	diff_step_words(words, sizeof(words), r, side, step);
	diff_where(where, sizeof(where), r, side, step);
	printf("%*s%s%c %8" PRId64 "  %s%s  %s%s%s\n", indent, "", paint(r, colour), sign, step,
	       words, paint(r, PLAIN), paint(r, DIM), where, paint(r, PLAIN));
}

/* The first steps of a run. */
static void print_run(struct report *r, char sign, int side, int64_t first, int64_t steps,
		      int indent)
{
	int64_t shown = r->all || steps <= SHOWN_STEPS ? steps : SHOWN_STEPS;

	for (int64_t i = 0; i < shown; i++)
		print_line(r, sign, side, first + i, indent);
	if (shown < steps)
		printf("%*s%c          ... and %" PRId64 " more steps\n", indent, "", sign,
		       steps - shown);
}

static void print_times(struct report *r, const struct diff_entry *e, int indent)
{
	struct trace_step s;
	char time[40];

	for (int side = 0; side < 2; side++) {
		if (trace_step(r->t[side], side ? e->b : e->a, &s) != 1)
			continue;
		printf("%*s%s%c %8" PRId64 "  at %s%s\n", indent, "", paint(r, side ? GREEN : RED),
		       side ? '+' : '-', s.step, words_time(time, sizeof(time), s.time),
		       paint(r, PLAIN));
		trace_step_free(&s);
	}
}

static void print_entry(struct report *r, const struct diff_entry *e, int indent)
{
	switch (e->kind) {
	case DIFF_VALUE:
		print_line(r, '-', 0, e->a, indent);
		print_line(r, '+', 1, e->b, indent);
		break;
	case DIFF_MISSING:
		print_run(r, '-', 0, e->a, e->a_steps, indent);
		break;
	case DIFF_EXTRA:
		print_run(r, '+', 1, e->b, e->b_steps, indent);
		break;
	case DIFF_MOVED:
		printf("%*s%" PRId64 " step%s from %" PRId64 " on are steps from %" PRId64
		       " on in the other\n",
		       indent, "", e->a_steps, plural(e->a_steps), e->a, e->b);
		print_line(r, '-', 0, e->a, indent);
		print_line(r, '+', 1, e->b, indent);
		break;
	case DIFF_TIME:
		print_times(r, e, indent);
		break;
	}
}

/* ---- the first divergence ---------------------------------------------------------------------- */

/* "sys_connect > inet_stream_connect > ... > tcp_connect", innermost last. */
static void print_stack(struct report *r, int side, int64_t step)
{
	int64_t calls[64];
	int n = trace_stack(r->t[side], step, calls, 64), shown = n < 64 ? n : 64;
	struct trace_step s;

	if (n <= 0)
		return;
	printf("  called from: ");
	for (int i = shown - 1; i >= 0; i--) {
		if (trace_step(r->t[side], calls[i], &s) != 1)
			continue;
		printf("%s%s", i == shown - 1 ? "" : " > ", s.func ? s.func->name : "?");
		trace_step_free(&s);
	}
	putchar('\n');
}

/* The last steps that both have before an entry. */
static void print_before(struct report *r, const struct diff_entry *e)
{
	int64_t step = e->kind == DIFF_EXTRA ? e->a : e->a - 1, from;
	int left = r->context;

	for (from = step; from > 0 && left > 0; from--)
		left--;
	for (int64_t at = from + 1; at <= step; at++)
		print_line(r, ' ', 0, at, 2);
}

static void print_first(struct report *r, const struct diff_entry *e)
{
	char words[600];
	int side = e->kind == DIFF_EXTRA;

	printf("%sfirst divergence:%s %s\n", paint(r, BOLD), paint(r, PLAIN),
	       diff_words(words, sizeof(words), r, e));
	print_stack(r, side, side ? e->b : e->a);
	print_before(r, e);
	print_entry(r, e, 2);
}

/* ---- causes ------------------------------------------------------------------------------------ */

static void print_cause(struct report *r, const struct diff_entry *all, size_t count, size_t cause,
			int number)
{
	const struct diff_entry *e = &all[cause];
	int shown = 0;
	char words[600];

	printf("\n%s%d. %s%s", paint(r, BOLD), number, diff_words(words, sizeof(words), r, e),
	       paint(r, PLAIN));
	if (e->follow)
		printf(" (%d follow%s)", e->follow, e->follow == 1 ? "s" : "");
	putchar('\n');
	print_entry(r, e, 3);
	for (size_t i = cause + 1; i < count; i++) {
		if (all[i].cause != (int)cause)
			continue;
		if (!r->all && shown == SHOWN_FOLLOW) {
			printf("   ... and %d more that follow; --all shows them\n",
			       e->follow - shown);
			return;
		}
		printf("   %sthen%s %s\n", paint(r, DIM), paint(r, PLAIN),
		       diff_words(words, sizeof(words), r, &all[i]));
		print_entry(r, &all[i], 6);
		shown++;
	}
}

static void print_headings(struct report *r)
{
	for (int side = 0; side < 2; side++) {
		const char *scenario = trace_meta(r->t[side], "scenario");
		const char *seed = trace_meta(r->t[side], "seed");
		const char *result = trace_meta(r->t[side], "result");

		printf("%s%s %s: %s%s%" PRId64 " steps", paint(r, side ? GREEN : RED),
		       side ? "+++" : "---", trace_path(r->t[side]), scenario ? scenario : "",
		       scenario ? ", " : "", trace_last_step(r->t[side]));
		printf(", seed %s, result %s%s\n", seed ? seed : "?", result ? result : "?",
		       paint(r, PLAIN));
	}
}

void diff_print(struct report *r)
{
	const struct diff_entry *first = diff_first(r->d), *all;
	size_t count;
	int number = 0;

	if (!first)
		return;
	all = diff_entries(r->d, &count);
	print_headings(r);
	print_first(r, first);
	for (size_t i = 0; i < count; i++)
		if (!all[i].excused && all[i].cause == (int)i)
			print_cause(r, all, count, i, ++number);
	putchar('\n');
	diff_print_stat(r);
}

void diff_print_stat(struct report *r)
{
	const struct diff_counts *c = diff_counts(r->d);

	printf("%" PRId64 " and %" PRId64 " steps, %" PRId64 " of them side by side; ", c->a_steps,
	       c->b_steps, c->paired);
	if (!c->entries) {
		puts("equal");
		return;
	}
	printf("%" PRId64 " difference%s of %" PRId64 " cause%s: %" PRId64 " value%s, %" PRId64
	       " step%s missing, %" PRId64 " extra, %" PRId64 " moved\n",
	       c->entries, plural(c->entries), c->causes, plural(c->causes), c->values,
	       plural(c->values), c->missing, plural(c->missing), c->extra, c->moved);
}

void diff_print_uses(struct report *r)
{
	const struct diff_use *uses;
	size_t n = diff_uses(r->d, &uses);

	if (!n)
		puts("no rule was needed");
	for (size_t i = 0; i < n; i++)
		printf("rule '%s' let %" PRId64 " value%s pass, first at steps %" PRId64
		       " and %" PRId64 "\n",
		       uses[i].rule, uses[i].times, plural(uses[i].times), uses[i].first_a,
		       uses[i].first_b);
}

void diff_print_alignment(struct report *r)
{
	struct diff_pair p = { 0 };

	puts("# a\tb\t");
	while (diff_next_pair(r->d, &p)) {
		if (p.a)
			printf("%" PRId64, p.a);
		putchar('\t');
		if (p.b)
			printf("%" PRId64, p.b);
		printf("\t%s\n", p.moved   ? "moved" :
				 !p.a      ? "+" :
				 !p.b      ? "-" :
				 p.differs ? "!" :
					     "=");
	}
}
