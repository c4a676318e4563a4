/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Judging others' solutions.
 *
 * Theory of operation
 *
 * The student's seed draws mutants from the pool of other labs. Each is run in the script of the test that
 * is meant for it; for every script so used there is a run of the core itself, and of the other known
 * solution. An assertion that finds something in a right run is wrong, and then nothing counts; else each
 * mutant in which one finds something is worth its points. Runs are made anew for grading: what lies in the
 * student's folder is only to be looked at.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "labs/cases.h"
#include "labs/critic.h"
#include "labs/files.h"
#include "labs/pieces.h"
#include "labs/pool.h"
#include "labs/run.h"

enum { MOST_SUBJECTS = 64, MOST_ASSERTIONS = 32 };

/* A solution that is judged. */
struct subject {
	const struct lab *lab;
	const struct lab_mutant *mutant; /* NULL: a right one */
	bool second;                     /* not the core itself but the other solution */
	const char *script;
	char name[24];
};

struct assertion {
	const char *name, *query, *script;
	long lab;
};

struct court {
	const struct lab_set *set;
	uint64_t student;
	const char *folder;
	struct subject subjects[MOST_SUBJECTS];
	int nsubjects;
	struct conf *conf;
	struct assertion assertions[MOST_ASSERTIONS];
	int nassertions;
	/* The first assertion that found something in a subject, from 0; -1: none; -2: trouble. */
	int found[MOST_SUBJECTS];
	char *said[MOST_SUBJECTS];
};

/* ---------------------------------------------------------------- the draw */

static const struct lab_test *test_of(const struct lab *lab, const char *name)
{
	for (int i = 0; i < lab->ntests; i++) {
		if (!strcmp(lab->tests[i].name, name))
			return &lab->tests[i];
	}
	return NULL;
}

/* A mutant that a query can find in an ordinary run. */
static const struct lab_test *can_be_judged(const struct lab *lab, const struct lab_mutant *m)
{
	const struct lab_test *t = test_of(lab, m->test);

	return t && *t->query && t->isn < 0 ? t : NULL;
}

static void add_right(struct court *c, const struct lab *lab, const char *script, bool second)
{
	struct subject *s;

	for (int i = 0; i < c->nsubjects; i++) {
		s = &c->subjects[i];
		if (!s->mutant && s->lab == lab && s->second == second &&
		    !strcmp(s->script, script))
			return;
	}
	if (c->nsubjects < MOST_SUBJECTS)
		c->subjects[c->nsubjects++] =
			(struct subject){ .lab = lab, .second = second, .script = script };
}

static void name_all(struct court *c)
{
	int right = 0, bugs = 0;

	for (int i = 0; i < c->nsubjects; i++) {
		struct subject *s = &c->subjects[i];

		snprintf(s->name, sizeof(s->name), "%s-%02d", s->mutant ? "bug" : "right",
			 s->mutant ? ++bugs : ++right);
	}
}

static void draw(struct court *c, const struct lab *critic)
{
	struct subject all[512];
	uint64_t state = c->student;
	int n = 0;

	for (int i = 0; i < critic->critic.npool; i++) {
		const struct lab *lab = lab_by_number(c->set, critic->critic.pool[i]);

		for (int m = 0; lab && m < lab->nmutants && n < 512; m++) {
			const struct lab_test *t = can_be_judged(lab, &lab->mutants[m]);

			if (t)
				all[n++] = (struct subject){ .lab = lab,
							     .mutant = &lab->mutants[m],
							     .script = t->script };
		}
	}
	for (int i = 0; i < critic->critic.draw && n; i++) {
		int k = (int)(variation_draw(&state) % (unsigned int)n);

		c->subjects[c->nsubjects++] = all[k];
		all[k] = all[--n];
	}
	for (int i = 0; i < critic->critic.draw && i < c->nsubjects; i++) {
		add_right(c, c->subjects[i].lab, c->subjects[i].script, false);
		add_right(c, c->subjects[i].lab, c->subjects[i].script, true);
	}
	name_all(c);
}

/* ---------------------------------------------------------------- runs */

static bool is_about(const struct assertion *a, const struct subject *s)
{
	return (a->lab < 0 || a->lab == s->lab->number) &&
	       (!*a->script || !strcmp(a->script, s->script));
}

/*
 * One solution, in its own process: what it writes is the number of the first assertion that finds
 * something, or -1, and then words.
 */
static int judge_subject(void *ctx, int i, FILE *out)
{
	struct court *c = ctx;
	const struct subject *s = &c->subjects[i];
	const struct solution whose = { s->mutant || s->second ? s->lab : NULL, s->mutant };
	struct lab_run r;
	struct row row;
	char err[512] = "";
	FILE *words;
	char *text = NULL;
	size_t size = 0;
	int found = -1;

	words = open_memstream(&text, &size);
	if (solution_run(&r, &whose, s->lab, s->script, s->name, c->student, c->folder, err,
			 sizeof(err))) {
		fputs(err, words);
		found = -2;
	}
	for (int a = 0; r.asked && a < c->nassertions; a++)
		asked_expect(r.asked, c->assertions[a].query);
	for (int a = 0; r.asked && found == -1 && a < c->nassertions; a++) {
		int got;

		if (!is_about(&c->assertions[a], s))
			continue;
		got = asked_row(r.asked, c->assertions[a].query, &row, err, sizeof(err));
		if (got < 0)
			fprintf(words, "%s: %s", c->assertions[a].name, err);
		else if (got)
			fprintf(words, "%s, at step %lld", c->assertions[a].name,
				(long long)row.step);
		found = got < 0 ? -2 : got ? a : -1;
		if (got > 0)
			row_free(&row);
	}
	fclose(words);
	fprintf(out, "%d %s", found, text);
	free(text);
	lab_run_free(&r);
	return 0;
}

static void take_subject(void *ctx, int i, const struct pool_end *end)
{
	struct court *c = ctx;
	char *words = NULL;

	c->found[i] = end->status ? -2 : (int)strtol(end->text, &words, 10);
	c->said[i] = text_format("%s", words && *words ? words + 1 : "");
}

int critic_make(const struct lab_set *set, const struct lab *lab, uint64_t student,
		const char *folder, char *err, size_t room)
{
	struct court *c = calloc(1, sizeof(*c));
	struct pool pool = { .job = judge_subject, .done = take_subject, .ctx = c };
	int status = 0;

	*c = (struct court){ .set = set, .student = student, .folder = folder };
	draw(c, lab);
	pool.count = c->nsubjects;
	if (pool_run(&pool)) {
		snprintf(err, room, "%s", strerror(errno));
		status = -1;
	}
	for (int i = 0; i < c->nsubjects; i++) {
		if (!status && c->found[i] == -2) {
			snprintf(err, room, "%s: %s", c->subjects[i].name, c->said[i]);
			status = -1;
		}
		free(c->said[i]);
	}
	free(c);
	return status;
}

/* ---------------------------------------------------------------- grading */

static int read_assertions(struct court *c, const struct lab *lab, const char *path, char *err,
			   size_t room)
{
	conf_node list;

	c->conf = conf_open(path);
	list = conf_error(c->conf) ? 0 : conf_get(c->conf, conf_root(c->conf), "assertions");
	if (!conf_error(c->conf) && !list)
		conf_fault(c->conf, conf_root(c->conf), "assertions", "is missing");
	c->nassertions = list ? conf_count(c->conf, list) : 0;
	if (c->nassertions > lab->critic.most || c->nassertions > MOST_ASSERTIONS)
		conf_fault(c->conf, list, "assertions", "%d of them, %d are allowed",
			   c->nassertions, lab->critic.most);
	for (int i = 0; !conf_error(c->conf) && i < c->nassertions; i++) {
		conf_node n = conf_item(c->conf, list, i);

		conf_only(c->conf, n, "name lab script query");
		c->assertions[i] = (struct assertion){
			.name = conf_text(c->conf, n, "name", NULL),
			.query = conf_text(c->conf, n, "query", NULL),
			.script = conf_text(c->conf, n, "script", ""),
			.lab = conf_number(c->conf, n, "lab", -1),
		};
	}
	if (!conf_error(c->conf))
		return 0;
	snprintf(err, room, "%s", conf_error(c->conf));
	return -1;
}

/* Tells, and counts. */
static int verdicts(const struct court *c, const struct lab *lab, FILE *out)
{
	int points = 0, wrong = 0;

	for (int i = 0; i < c->nsubjects; i++) {
		const struct subject *s = &c->subjects[i];

		if (s->mutant) {
			points += c->found[i] >= 0 ? lab->critic.points : 0;
			fprintf(out, "  %-9s %d/%d  %s%s\n", s->name,
				c->found[i] >= 0 ? lab->critic.points : 0, lab->critic.points,
				c->found[i] >= 0  ? "found by " :
				c->found[i] == -2 ? "trouble: " :
						    "lives",
				c->said[i]);
		} else if (c->found[i] != -1) {
			wrong++;
			fprintf(out, "  %-9s      %s %s\n", s->name,
				c->found[i] >= 0 ? "is right, and yet found wrong by" : "trouble:",
				c->said[i]);
		}
	}
	if (!wrong)
		return points;
	fprintf(out,
		"\nAn assertion that finds a right solution wrong judges nothing: no points until it is "
		"mended.\n");
	return 0;
}

int critic_grade(const struct lab_set *set, const struct lab *lab, uint64_t student,
		 const char *path, FILE *out, char *err, size_t room)
{
	struct court *c = calloc(1, sizeof(*c));
	struct pool pool = { .job = judge_subject, .done = take_subject, .ctx = c };
	char *folder = files_temporary();
	int points = -1;

	*c = (struct court){ .set = set, .student = student, .folder = folder };
	draw(c, lab);
	pool.count = c->nsubjects;
	if (!read_assertions(c, lab, path, err, room)) {
		if (pool_run(&pool))
			snprintf(err, room, "%s", strerror(errno));
		else
			points = verdicts(c, lab, out);
	}
	for (int i = 0; i < c->nsubjects; i++)
		free(c->said[i]);
	conf_close(c->conf);
	files_remove(folder);
	free(folder);
	free(c);
	return points;
}

char *critic_model(const struct lab_set *set, const struct lab *lab, uint64_t student)
{
	struct court *c = calloc(1, sizeof(*c));
	char *text = text_format("assertions:\n");

	*c = (struct court){ .set = set, .student = student };
	draw(c, lab);
	for (int i = 0; i < c->nsubjects; i++) {
		const struct subject *s = &c->subjects[i];
		char *query, *save = NULL;

		if (!s->mutant)
			continue;
		text = text_add(text, "  - name: %s\n    lab: %d\n    script: %s\n    query: |\n",
				s->name, s->lab->number, s->script);
		query = text_format("%s", test_of(s->lab, s->mutant->test)->query);
		for (char *l = strtok_r(query, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
			text = text_add(text, "      %s\n", l);
		free(query);
	}
	free(c);
	return text;
}
