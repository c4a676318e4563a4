/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Grading.
 *
 * Theory of operation
 *
 * The solution is built once. Each script is run at most once for each kind of run (what the student
 * sees, and one that nobody has seen) and first sequence number; all tests that speak of it ask the same
 * trace. A test is right if it is in all its runs. A run that ends in a crash, a loop or a sleep without
 * end decides its tests as far as the trace does not get to what they ask about: to what they need.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/explain.h"
#include "labs/files.h"
#include "labs/grade.h"
#include "labs/run.h"

enum {
	MOST_RUNS = 64,
	MOST_ENDLESS = 2, /* then no more runs are made: each costs seconds, and tells the same */
};

/* A solution while it is graded. */
struct grading {
	struct grade *grade;
	const struct grade_options *options;
	struct build *build;
	struct lab_run runs[MOST_RUNS];
	int nruns;
};

/* ---------------------------------------------------------------- words */

char *grade_value(const char *text, bool is_number)
{
	long long number = is_number ? strtoll(text, NULL, 10) : 0;

	return is_number && number > 255 ? text_format("%s (0x%llx)", text, number) :
					   text_format("%s", text);
}

char *grade_says(const char *template, int count, char *const *names, char *const *values)
{
	char *text = text_format("%s", template);

	for (int i = 0; i < count; i++) {
		char *what = text_format("{%s}", names[i]), *next;

		next = text_replace(text, what, values[i]);
		free(what);
		free(text);
		text = next;
	}
	return text;
}

/* ---------------------------------------------------------------- runs */

static bool too_often_endless(const struct grading *g)
{
	int n = 0;

	for (int i = 0; i < g->nruns; i++)
		n += g->runs[i].verdict == VERDICT_ENDLESS;
	return n >= MOST_ENDLESS;
}

static struct lab_run *run_of(struct grading *g, const struct lab_test *t, int kind)
{
	const struct grade *grade = g->grade;
	struct lab_run *r;
	char *folder;

	for (int i = 0; i < g->nruns; i++) {
		r = &g->runs[i];
		if (!strcmp(r->script, t->script) && r->kind == kind && r->isn == t->isn)
			return r;
	}
	if (g->nruns == MOST_RUNS)
		return NULL;
	r = &g->runs[g->nruns++];
	if (too_often_endless(g)) {
		*r = (struct lab_run){
			.script = t->script,
			.kind = kind,
			.isn = t->isn,
			.verdict = VERDICT_NOT_RUN,
			.message = text_format(
				"%d runs did not come to an end, so no more were made\n",
				MOST_ENDLESS),
		};
		return r;
	}
	folder = t->isn < 0 ? text_format("%s/%s", g->options->folder,
					  kind == RUN_SEEN ? "seen" : "hidden") :
			      text_format("%s/%s-%llx", g->options->folder,
					  kind == RUN_SEEN ? "seen" : "hidden",
					  (unsigned long long)t->isn);
	lab_run(r, g->build, grade->lab, t->script, grade->seed, kind, t->isn, folder);
	free(folder);
	return r;
}

/* ---------------------------------------------------------------- one test */

/* The function that a step stands in. */
static char *function_at(struct lab_run *r, int64_t step)
{
	char *query =
		text_format("SELECT step, function FROM steps WHERE step = %lld", (long long)step);
	char err[256], *name = NULL;
	struct row row;

	if (asked_row(r->asked, query, &row, err, sizeof(err)) == 1) {
		name = text_format("%s", row_get(&row, "function"));
		row_free(&row);
	}
	free(query);
	return name;
}

static void take_place(struct result *result, struct lab_run *r, int64_t step)
{
	result->step = step;
	result->trace = r->trace ? text_format("%s", r->trace) : NULL;
	if (!r->asked || !step)
		return;
	if (!result->function)
		result->function = function_at(r, step);
	result->before = asked_before(r->asked, step, 4);
}

/* The query found something: all that is said of it. */
static void take_offence(struct result *result, struct lab_run *r, struct row *row)
{
	char **shown = calloc((size_t)row->count, sizeof(char *));

	for (int i = 0; i < row->count; i++)
		shown[i] = grade_value(row->value[i], row->is_number[i] && i);
	result->verdict = VERDICT_WRONG;
	result->message = grade_says(result->test->says, row->count, row->name, shown);
	for (int i = 0; i < row->count; i++) {
		if (!strcmp(row->name[i], "expected")) {
			result->expected = text_format("%s", shown[i]);
			result->bytes = row->is_bytes[i];
		} else if (!strcmp(row->name[i], "got")) {
			result->got = text_format("%s", shown[i]);
		} else if (!strcmp(row->name[i], "field")) {
			result->field = text_format("%s", row->value[i]);
		} else if (!strcmp(row->name[i], "function")) {
			result->function = text_format("%s", row->value[i]);
		}
		free(shown[i]);
	}
	free(shown);
	take_place(result, r, row->step);
}

/* How the run itself ended is the verdict. */
static void take_end(struct result *result, struct lab_run *r)
{
	result->verdict = r->verdict;
	result->message = text_format("%s", r->message ? r->message : "");
	if (r->verdict == VERDICT_NOT_WRITTEN)
		result->function = strndup(result->message, strcspn(result->message, "("));
	take_place(result, r, r->step);
}

/* Whether a question has an answer; a query that cannot be asked is trouble. */
static int ask(struct result *result, struct lab_run *r, const char *query, struct row *row)
{
	char err[600];
	int found = r->asked ? asked_row(r->asked, query, row, err, sizeof(err)) : 0;

	if (found < 0) {
		result->verdict = VERDICT_TROUBLE;
		result->message = text_format("%s: %s\n", result->test->name, err);
	}
	return found;
}

static bool ended_early(const struct lab_run *r)
{
	return r->verdict != VERDICT_RIGHT && r->verdict != VERDICT_WRONG;
}

/* One test in one run. */
static void judge(struct result *result, struct lab_run *r)
{
	const struct lab_test *t = result->test;
	struct row row = { 0 };
	int found;

	result->verdict = VERDICT_RIGHT;
	if (!r || !r->asked) {
		if (r)
			take_end(result, r);
		return;
	}
	if (*t->needs) {
		found = ask(result, r, t->needs, &row);
		if (found < 0)
			return;
		row_free(&row);
		if (!found && ended_early(r)) {
			take_end(result, r);
			return;
		}
		if (!found) {
			result->verdict = VERDICT_NOT_RUN;
			result->message =
				text_format("the run does not get to what is asked about%s%s",
					    r->message ? ": " : "\n", r->message ? r->message : "");
			take_place(result, r, r->step);
			return;
		}
	}
	found = *t->query ? ask(result, r, t->query, &row) : 0;
	if (found < 0)
		return;
	if (found) {
		take_offence(result, r, &row);
		row_free(&row);
	} else if ((ended_early(r) && !*t->needs) || (!*t->query && r->verdict != VERDICT_RIGHT)) {
		take_end(result, r);
	}
}

static void result_free(struct result *result)
{
	free(result->message);
	free(result->function);
	free(result->expected);
	free(result->got);
	free(result->field);
	free(result->trace);
	free(result->before);
	free(result->divergence);
	*result = (struct result){ .test = result->test };
}

static void judge_all(struct grading *g, struct result *result)
{
	int kinds = g->options->no_hidden ? 1 : RUN_KINDS;

	for (int kind = 0; kind < kinds; kind++) {
		struct lab_run *r = run_of(g, result->test, kind);

		result_free(result);
		judge(result, r);
		result->hidden = kind == RUN_HIDDEN && result->verdict != VERDICT_RIGHT;
		if (result->verdict != VERDICT_RIGHT)
			return;
	}
	result->points = result->test->points;
}

/* ---------------------------------------------------------------- memory */

/* What the core counts at its end, in the runs that came to it. */
static bool unbalanced(struct grading *g, struct result *result)
{
	for (int i = 0; i < g->nruns; i++) {
		struct lab_run *r = &g->runs[i];

		if (!r->leaks && !r->warnings)
			continue;
		result->verdict = VERDICT_MEMORY;
		result->message =
			r->leaks ? text_format("%ld objects of the core were not given back in "
					       "%s\n",
					       r->leaks, r->script) :
				   text_format("the core warned %ld times in %s\n", r->warnings,
					       r->script);
		take_place(result, r, 0);
		return true;
	}
	return false;
}

static void judge_memory(struct grading *g)
{
	struct result *result = &g->grade->memory;
	const char *scripts[MOST_RUNS];
	bool any = false;
	int count = 0;
	char *folder;

	for (int i = 0; i < g->grade->lab->ntests; i++)
		any = any || g->grade->results[i].points;
	if (!any) {
		result->verdict = VERDICT_NOT_RUN;
		result->message = text_format("it is looked at when a test is right\n");
		return;
	}
	if (unbalanced(g, result))
		return;
	if (build_student_asan(g->build)) {
		result->verdict = VERDICT_TROUBLE;
		result->message = text_format("%s", g->build->message);
		return;
	}
	for (int i = 0; i < g->nruns; i++) {
		if (g->runs[i].kind == RUN_SEEN && g->runs[i].isn < 0)
			scripts[count++] = g->runs[i].script;
	}
	folder = text_format("%s/seen", g->options->folder);
	if (count)
		result->verdict = lab_run_asan(g->build, scripts, count, g->grade->seed, folder,
					       &result->message);
	free(folder);
	if (result->verdict == VERDICT_RIGHT)
		result->points = LAB_MEMORY_POINTS;
}

/* ---------------------------------------------------------------- the whole */

static void explain_first(struct grading *g)
{
	for (int i = 0; i < g->grade->lab->ntests; i++) {
		struct result *result = &g->grade->results[i];

		if (result->verdict == VERDICT_RIGHT || !result->trace)
			continue;
		for (int n = 0; n < g->nruns; n++) {
			struct lab_run *r = &g->runs[n];

			if (r->trace && !strcmp(r->trace, result->trace)) {
				result->divergence = explain_divergence(
					g->grade->lab, r, g->grade->seed, g->options->folder);
				return;
			}
		}
	}
}

/* Nothing could be run: all tests share the reason. */
static void judge_nothing(struct grade *g, enum verdict v, const char *message)
{
	g->verdict = v;
	g->message = text_format("%s", message);
	for (int i = 0; i < g->lab->ntests; i++)
		g->results[i].verdict = VERDICT_NOT_RUN;
	g->memory.verdict = VERDICT_NOT_RUN;
}

static void add_up(struct grade *g)
{
	g->points = g->memory.points;
	for (int i = 0; i < g->lab->ntests; i++) {
		g->points += g->results[i].points;
		if (g->verdict == VERDICT_RIGHT)
			g->verdict = g->results[i].verdict;
	}
	if (g->verdict == VERDICT_RIGHT)
		g->verdict = g->memory.verdict;
}

void grade_solution(struct grade *g, const struct lab *lab, const char *text,
		    const struct grade_options *o)
{
	struct build b;

	build_student(&b, lab, text, o->folder);
	grade_built(g, lab, &b, o);
	build_free(&b);
}

void grade_built(struct grade *g, const struct lab *lab, struct build *b,
		 const struct grade_options *o)
{
	static const struct lab_test memory = {
		.name = "memory",
		.points = LAB_MEMORY_POINTS,
		.title = "memory is used and given back as it should be"
	};
	struct grading *grading = calloc(1, sizeof(*grading));

	*g = (struct grade){ .lab = lab, .seed = o->seed, .of = lab_code_points(lab) };
	g->results = calloc((size_t)lab->ntests + 1, sizeof(*g->results));
	g->memory.test = &memory;
	for (int i = 0; i < lab->ntests; i++)
		g->results[i].test = &lab->tests[i];
	grading->grade = g;
	grading->options = o;
	grading->build = b;
	if (b->verdict != VERDICT_RIGHT) {
		judge_nothing(g, b->verdict, b->message);
	} else {
		g->message = text_format("%s", grading->build->message);
		for (int i = 0; i < lab->ntests; i++) {
			if (o->only < 0 || i <= o->only)
				judge_all(grading, &g->results[i]);
		}
		if (!o->no_memory)
			judge_memory(grading);
		if (!o->no_explanation)
			explain_first(grading);
		add_up(g);
	}
	for (int i = 0; i < grading->nruns; i++)
		lab_run_free(&grading->runs[i]);
	free(grading);
}

void grade_free(struct grade *g)
{
	for (int i = 0; g->results && i < g->lab->ntests; i++)
		result_free(&g->results[i]);
	result_free(&g->memory);
	free(g->results);
	free(g->message);
	*g = (struct grade){ 0 };
}
