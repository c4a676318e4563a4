// SPDX-License-Identifier: GPL-2.0-only
/* synwalk diff --calls: what is printed. The comparison is trace/diff/calls*.c. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/diff/calls.h"
#include "viewer/command.h"
#include "viewer/diff.h"

/* Differences of one kind that are told without --all, and calls that are shown of each. */
#define SHOWN_ENTRIES 12
#define SHOWN_CALLS   8

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

static const char *paint(const struct report *r, const char *colour)
{
	return r->colour ? colour : "";
}

#define RED   "\033[31m"
#define GREEN "\033[32m"
#define BOLD  "\033[1m"
#define PLAIN "\033[0m"

/* Which side has the call. */
static int side_of(const struct calls_entry *e)
{
	return e->kind == CALLS_EXTRA;
}

static char *words(char *buf, size_t len, const struct calls_entry *e)
{
	static const char *const what[] = {
		[CALLS_MISSING] = "is missing",
		[CALLS_EXTRA] = "is extra",
		[CALLS_MOVED] = "stands elsewhere",
	};

	if (*e->caller)
		snprintf(buf, len, "%s() %s in %s()", e->function, what[e->kind], e->caller);
	else
		snprintf(buf, len, "%s() %s, with all that it does", e->function, what[e->kind]);
	return buf;
}

/* "connect, softirq: net_rx_action > ... > tcp_v4_rcv" */
static void print_stack(struct report *r, int side, int64_t step)
{
	int64_t calls[64];
	int n = trace_stack(r->t[side], step, calls, 64), shown = n < 64 ? n : 64;
	struct trace_step s;

	if (trace_step(r->t[side], step, &s) == 1) {
		printf("  %s, %s: ", s.task_name, s.context_name);
		trace_step_free(&s);
	}
	for (int i = shown - 1; i >= 0; i--) {
		if (trace_step(r->t[side], calls[i], &s) != 1)
			continue;
		printf("%s%s", i == shown - 1 ? "" : " > ", s.func ? s.func->name : "?");
		trace_step_free(&s);
	}
	putchar('\n');
}

static void print_call(struct report *r, char sign, int side, const struct trace_step *s, int depth)
{
	printf("  %s%c %8" PRId64 "  %*s%s%s\n", paint(r, side ? GREEN : RED), sign, s->step,
	       2 * (s->depth - depth), "", s->func ? s->func->name : "?", paint(r, PLAIN));
}

/* The call, and the first of those that it makes. */
static void print_calls(struct report *r, const struct calls_entry *e, int64_t most)
{
	int side = side_of(e);
	char sign = side ? '+' : '-';
	int64_t step = side ? e->b : e->a, end, shown = 0;
	struct trace_step s;
	int depth;

	if (trace_step(r->t[side], step, &s) != 1)
		return;
	depth = s.depth;
	print_call(r, sign, side, &s, depth);
	trace_step_free(&s);
	end = trace_return_of(r->t[side], step);
	while (e->calls > 1 && ++shown < most &&
	       (step = trace_next(r->t[side], step, TRACE_BIT(TRACE_CALL))) != 0 &&
	       (!end || step < end) && trace_step(r->t[side], step, &s) == 1) {
		if (s.depth > depth)
			print_call(r, sign, side, &s, depth);
		trace_step_free(&s);
	}
	if (e->calls > shown && e->calls > 1)
		printf("  %c           ... %" PRId64 " calls in all\n", sign, e->calls);
}

/* The calls that lead to a step: those of the same trace before it. */
static void print_before(struct report *r, int side, int64_t step)
{
	int64_t before[64];
	int n = 0, most = r->context < 64 ? r->context : 64;
	struct trace_step s;

	for (int64_t at = step; n < most; n++) {
		at = trace_previous(r->t[side], at, TRACE_BIT(TRACE_CALL));
		if (!at)
			break;
		before[n] = at;
	}
	while (n-- > 0) {
		if (trace_step(r->t[side], before[n], &s) != 1)
			continue;
		printf("    %8" PRId64 "  %s\n", s.step, s.func ? s.func->name : "?");
		trace_step_free(&s);
	}
}

static void print_entry(struct report *r, const struct calls_entry *e)
{
	print_calls(r, e, r->all ? INT64_MAX : SHOWN_CALLS);
	if (e->kind == CALLS_MOVED)
		printf("  %s+ %8" PRId64 "  there it stands%s\n", paint(r, GREEN), e->b,
		       paint(r, PLAIN));
	else if (*e->caller)
		printf("    in the other trace: %s() at step %" PRId64 "\n", e->caller,
		       side_of(e) ? e->a : e->b);
}

static void print_headings(struct report *r)
{
	for (int side = 0; side < 2; side++) {
		const char *scenario = trace_meta(r->t[side], "scenario");
		const char *recorder = trace_meta(r->t[side], "recorder");

		printf("%s%s %s: %s%s%s%s\n", paint(r, side ? GREEN : RED), side ? "+++" : "---",
		       trace_path(r->t[side]), scenario ? scenario : "",
		       recorder ? ", recorded by " : "", recorder ? recorder : "", paint(r, PLAIN));
	}
}

static void print_stat(const struct calls_diff *d)
{
	const struct calls_counts *c = calls_counts(d);

	printf("%" PRId64 " and %" PRId64 " calls, %" PRId64 " of them side by side; ", c->a_calls,
	       c->b_calls, c->paired);
	if (c->entries)
		printf("%" PRId64 " difference%s: %" PRId64 " call%s missing, %" PRId64
		       " extra, %" PRId64 " moved\n",
		       c->entries, plural(c->entries), c->missing, plural(c->missing), c->extra,
		       c->moved);
	else
		puts("equal");
	printf("excused %" PRId64 " and %" PRId64
	       ", of functions that the other never shows %" PRId64 " and %" PRId64
	       ", outside of what the other recorded %" PRId64 " and %" PRId64 "\n",
	       c->excused[0], c->excused[1], c->unseen[0], c->unseen[1], c->outside[0],
	       c->outside[1]);
}

static void print_text(struct report *r, const struct calls_diff *d)
{
	size_t count, shown = 0;
	const struct calls_entry *all = calls_entries(d, &count);
	char buf[400];

	if (!count)
		return;
	print_headings(r);
	printf("%sfirst divergence:%s %s\n", paint(r, BOLD), paint(r, PLAIN),
	       words(buf, sizeof(buf), &all[0]));
	print_stack(r, side_of(&all[0]), side_of(&all[0]) ? all[0].b : all[0].a);
	print_before(r, side_of(&all[0]), side_of(&all[0]) ? all[0].b : all[0].a);
	print_entry(r, &all[0]);
	for (size_t i = 1; i < count && (r->all || shown < SHOWN_ENTRIES); i++, shown++) {
		printf("\n%s%zu. %s%s\n", paint(r, BOLD), i + 1, words(buf, sizeof(buf), &all[i]),
		       paint(r, PLAIN));
		print_stack(r, side_of(&all[i]), side_of(&all[i]) ? all[i].b : all[i].a);
		print_entry(r, &all[i]);
	}
	if (shown + 1 < count)
		printf("\n... and %zu more; --all shows them\n", count - shown - 1);
	putchar('\n');
	print_stat(d);
}

static void print_uses(struct report *r, const struct calls_diff *d)
{
	size_t n, m;
	const struct calls_use *uses = calls_uses(d, &n);
	const struct calls_unseen *unseen = calls_unseen(d, &m);

	for (size_t i = 0; i < n; i++) {
		printf("rule '%s' (%s): %" PRId64 " and %" PRId64 " times", uses[i].rule,
		       uses[i].reason, uses[i].times[0], uses[i].times[1]);
		for (int side = 0; side < 2; side++)
			if (uses[i].first[side])
				printf(", first at step %" PRId64 " of %s", uses[i].first[side],
				       trace_path(r->t[side]));
		putchar('\n');
	}
	for (size_t i = 0; i < m; i++)
		printf("only %s ever shows %s: %" PRId64 " time%s\n",
		       trace_path(r->t[unseen[i].side]), unseen[i].function, unseen[i].times,
		       plural(unseen[i].times));
}

/* ---- for programs -------------------------------------------------------------------------------- */

static json_t *both(const int64_t *values)
{
	return json_pack("[II]", (json_int_t)values[0], (json_int_t)values[1]);
}

static json_t *entry_json(const struct calls_entry *e)
{
	static const char *const kinds[] = { "missing", "extra", "moved" };

	return json_pack("{ss ss ss sI sI sI}", "kind", kinds[e->kind], "function", e->function,
			 "caller", e->caller, "a", (json_int_t)e->a, "b", (json_int_t)e->b, "calls",
			 (json_int_t)e->calls);
}

static json_t *counts_json(const struct calls_counts *c)
{
	return json_pack("{sI sI sI so so so sI sI sI sI}", "a_calls", (json_int_t)c->a_calls,
			 "b_calls", (json_int_t)c->b_calls, "paired", (json_int_t)c->paired,
			 "excused", both(c->excused), "unseen", both(c->unseen), "outside",
			 both(c->outside), "differences", (json_int_t)c->entries, "missing",
			 (json_int_t)c->missing, "extra", (json_int_t)c->extra, "moved",
			 (json_int_t)c->moved);
}

static int print_json(const struct calls_diff *d)
{
	size_t count, n, m;
	const struct calls_entry *all = calls_entries(d, &count);
	const struct calls_use *uses = calls_uses(d, &n);
	const struct calls_unseen *unseen = calls_unseen(d, &m);
	json_t *o = json_object(), *list = json_array(), *rules = json_array(),
	       *only = json_array();
	int err;

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, entry_json(&all[i]));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rules,
				      json_pack("{ss ss si so so}", "rule", uses[i].rule, "reason",
						uses[i].reason, "line", uses[i].line, "times",
						both(uses[i].times), "calls", both(uses[i].calls)));
	for (size_t i = 0; i < m; i++)
		json_array_append_new(only, json_pack("{ss ss sI}", "function", unseen[i].function,
						      "side", unseen[i].side ? "b" : "a", "times",
						      (json_int_t)unseen[i].times));
	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "equal", json_boolean(!count));
	json_object_set_new(o, "counts", counts_json(calls_counts(d)));
	json_object_set_new(o, "differences", list);
	json_object_set_new(o, "rules", rules);
	json_object_set_new(o, "unseen", only);
	err = json_dumpf(o, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(o);
	return err;
}

int diff_calls(struct report *r, const struct diff_calls_request *q)
{
	struct calls_options o = { .strict = q->strict };
	struct calls_table *table = NULL;
	struct calls_diff *d;
	char err[400];
	size_t count;

	if (q->text) {
		table = calls_table_parse(q->name, q->text, err, sizeof(err));
		if (!table) {
			fprintf(stderr,
				"synwalk: %s\n    docs/diff.md tells the language; synwalk diff "
				"--calls --print-rules shows the default\n",
				err);
			return STATUS_TROUBLE;
		}
		o.table = table;
	}
	d = calls_compare(r->t[0], r->t[1], &o, err, sizeof(err));
	if (!d) {
		calls_table_free(table);
		return trouble("diff", NULL, "%s", err);
	}
	if (q->json && print_json(d)) {
		calls_diff_free(d);
		calls_table_free(table);
		return trouble("diff", NULL, "out of memory");
	}
	if (!q->json && q->stat)
		print_stat(d);
	else if (!q->json)
		print_text(r, d);
	if (!q->json && r->explain)
		print_uses(r, d);
	calls_entries(d, &count);
	calls_diff_free(d);
	calls_table_free(table);
	return count ? STATUS_NO : STATUS_DONE;
}
