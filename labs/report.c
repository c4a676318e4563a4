/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * A grade for people and for programs.
 *
 * For people: a line for each test, and the first that is not right in full: what to look at, then what
 * was found, expected and got, and what led there. More than one at a time helps nobody.
 */

#include <stdlib.h>
#include <string.h>

#include "labs/files.h"
#include "labs/report.h"

/* ---------------------------------------------------------------- for people */

/* TEXT's lines, each behind blanks. */
static void put_lines(FILE *to, const char *text, const char *indent)
{
	while (*text) {
		int n = (int)strcspn(text, "\n");

		fprintf(to, "%s%.*s\n", indent, n, text);
		text += n + (text[n] == '\n');
	}
}

/* One test on a line of 80 columns, or two. */
static void put_line(FILE *to, const struct result *r)
{
	static const char indent[] = "                                            ";
	char *title = text_fill(NULL, indent, 80, r->test->title);

	fprintf(to, "  %-16s %3d/%-3d %-17s %s", verdict_name(r->verdict), r->points,
		r->test->points, r->test->name, title + sizeof(indent) - 1);
	free(title);
}

/* A caret under the first byte in which two texts of bytes differ. */
static void put_caret(FILE *to, const char *expected, const char *got)
{
	size_t i = 0;

	while (expected[i] && expected[i] == got[i])
		i++;
	i -= i % 3;
	fprintf(to, "               %*s^ byte %zu\n", (int)i, "", i / 3);
}

static void put_detail(FILE *to, const struct result *r, const char *view)
{
	size_t n = strlen(view);
	const char *trace = r->trace;

	fprintf(to, "\n%s: %s\n", r->test->name, verdict_name(r->verdict));
	if (r->hidden)
		fputs("    It passes with your own numbers and fails with others: does it know an answer\n"
		      "    that it should work out?\n",
		      to);
	if (trace && n && !strncmp(trace, view, n) && trace[n] == '/')
		trace += n + 1;
	if (trace && r->step)
		fprintf(to, "    look:      synwalk view %s, then :%lld\n", trace,
			(long long)r->step);
	if (r->step && r->function)
		fprintf(to, "    where:     step %lld, in %s()%s%s\n", (long long)r->step,
			r->function, r->field ? ", " : "", r->field ? r->field : "");
	if (r->message && r->verdict == VERDICT_WRONG && r->test->query && *r->test->query)
		text_put(to, "    ", r->message);
	else if (r->message)
		put_lines(to, r->message, "    ");
	if (r->expected && r->got) {
		fprintf(to, "    expected:  %s\n    got:       %s\n", r->expected, r->got);
		if (r->bytes)
			put_caret(to, r->expected, r->got);
	}
	if (r->before && *r->before) {
		fputs("    before it:\n", to);
		put_lines(to, r->before, "  ");
	}
	if (r->divergence)
		fprintf(to, "    beside the core's own run, it parts first at\n        %s\n",
			r->divergence);
}

static void put_refusal(FILE *to, const struct grade *g)
{
	fprintf(to, "\nThe file %s:\n", verdict_name(g->verdict));
	put_lines(to, g->message, "    ");
}

/* Nothing was written yet: that, and nothing else. */
static void put_todo(FILE *to, const struct grade *g, const struct result *r)
{
	fprintf(to, "\nThis is how it begins: %s", r->message ? r->message : "\n");
	fprintf(to, "    Write it in %s, %s(): the comment there says what is asked for.\n",
		g->lab->file, r->function ? r->function : g->lab->functions[0].name);
	fputs("    The tests that are not right yet are what to do next, from the top.\n", to);
}

static const struct result *first_bad(const struct grade *g)
{
	for (int i = 0; i < g->lab->ntests; i++) {
		if (g->results[i].verdict != VERDICT_RIGHT &&
		    g->results[i].verdict != VERDICT_NOT_RUN)
			return &g->results[i];
	}
	if (g->memory.verdict != VERDICT_RIGHT && g->memory.verdict != VERDICT_NOT_RUN)
		return &g->memory;
	for (int i = 0; i < g->lab->ntests; i++) {
		if (g->results[i].verdict != VERDICT_RIGHT)
			return &g->results[i];
	}
	return NULL;
}

void report_text(FILE *to, const struct grade *g, const char *view)
{
	const struct result *bad = first_bad(g);

	fprintf(to, "Lab %d: %s (seed %llu)\n\n", g->lab->number, g->lab->title,
		(unsigned long long)g->seed);
	for (int i = 0; i < g->lab->ntests; i++)
		put_line(to, &g->results[i]);
	if (lab_has_code(g->lab))
		put_line(to, &g->memory);
	if (g->verdict == VERDICT_NO_COMPILE || g->verdict == VERDICT_NO_LINK ||
	    (g->verdict == VERDICT_TROUBLE && g->message && *g->message))
		put_refusal(to, g);
	else if (bad && bad->verdict == VERDICT_NOT_WRITTEN)
		put_todo(to, g, bad);
	else if (bad)
		put_detail(to, bad, view);
	if (g->verdict != VERDICT_NO_COMPILE && g->verdict != VERDICT_NO_LINK && g->message &&
	    *g->message) {
		fputs("\nThe compiler remarks:\n", to);
		put_lines(to, g->message, "    ");
	}
	fprintf(to, "\n%d of %d points for the code.\n", g->points, g->of);
}

/* ---------------------------------------------------------------- for programs */

static void set_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, text ? json_string_nocheck(text) : json_null());
}

static json_t *json_of(const struct result *r)
{
	json_t *o = json_pack("{s:s, s:s, s:i, s:i, s:b, s:I}", "test", r->test->name, "verdict",
			      verdict_id(r->verdict), "points", r->points, "of", r->test->points,
			      "hidden", r->hidden, "step", (json_int_t)r->step);

	set_text(o, "message", r->message);
	set_text(o, "function", r->function);
	set_text(o, "field", r->field);
	set_text(o, "expected", r->expected);
	set_text(o, "got", r->got);
	set_text(o, "divergence", r->divergence);
	return o;
}

json_t *report_json(const struct grade *g)
{
	json_t *tests = json_array();
	json_t *o;

	for (int i = 0; i < g->lab->ntests; i++)
		json_array_append_new(tests, json_of(&g->results[i]));
	if (lab_has_code(g->lab))
		json_array_append_new(tests, json_of(&g->memory));
	o = json_pack("{s:i, s:i, s:I, s:s, s:i, s:i, s:o}", "schema", 1, "lab", g->lab->number,
		      "seed", (json_int_t)g->seed, "verdict", verdict_id(g->verdict), "points",
		      g->points, "of", g->of, "tests", tests);
	set_text(o, "message", g->message);
	return o;
}

static json_t *gradescope_test(const struct result *r)
{
	return json_pack("{s:s, s:i, s:i, s:s, s:s}", "name", r->test->name, "score", r->points,
			 "max_score", r->test->points, "status",
			 r->verdict == VERDICT_RIGHT ? "passed" : "failed", "output",
			 r->message ? r->message : "");
}

json_t *report_gradescope(const struct grade *g)
{
	json_t *tests = json_array(), *o;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	report_text(f, g, "");
	fclose(f);
	for (int i = 0; i < g->lab->ntests; i++)
		json_array_append_new(tests, gradescope_test(&g->results[i]));
	json_array_append_new(tests, gradescope_test(&g->memory));
	o = json_pack("{s:i, s:s, s:o}", "score", g->points, "output", text, "tests", tests);
	free(text);
	return o;
}

json_t *report_autolab(const struct grade *g)
{
	json_t *scores = json_object();

	for (int i = 0; i < g->lab->ntests; i++)
		json_object_set_new(scores, g->results[i].test->name,
				    json_integer(g->results[i].points));
	json_object_set_new(scores, g->memory.test->name, json_integer(g->memory.points));
	return json_pack("{s:o}", "scores", scores);
}
