/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * What a student gets of the labs.
 *
 * A packed lab.yaml is JSON, which is YAML, too. It has no parts (the skeleton is there, made from them), no
 * edits of mutants (objects are there, for the cases that show a run with a fault), and of answers only
 * hashes: for an answer that depends on the student's numbers one for each of the VARIATIONS.
 */

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/build.h"
#include "labs/cmd.h"
#include "labs/files.h"
#include "labs/package.h"
#include "labs/pieces.h"
#include "labs/pool.h"
#include "labs/vary.h"

struct packing {
	const struct lab_set *set;
	const char *folder;
	char *first_fault;
};

static json_t *texts(const char *const *text, int count)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, json_string(text[i]));
	return list;
}

/* A mutant's name would say what its fault is. */
static char *veiled(const struct lab *lab, const struct lab_mutant *m)
{
	return text_format("m%02d", (int)(m - lab->mutants) + 1);
}

/* "N MUTANT", veiled. */
static char *veiled_fault(const struct lab_set *set, const char *fault)
{
	const struct lab *lab = lab_by_number(set, atoi(fault));
	const char *name = fault + strcspn(fault, " ");
	const struct lab_mutant *m = lab && *name ? lab_mutant_of(lab, name + 1) : NULL;
	char *veil = m ? veiled(lab, m) : NULL;
	char *text = veil ? text_format("%d %s", lab->number, veil) : text_format("%s", fault);

	free(veil);
	return text;
}

/* Whether two questions look for their answers in the same run. */
static bool same_run(const struct lab_question *a, const struct lab_question *b)
{
	return !strcmp(a->in, b->in) && (*a->in || !strcmp(a->script, b->script));
}

static void add_hash(json_t *list, const struct lab *lab, const struct lab_question *q,
		     const char *answer)
{
	char *hash = lab_answer_hash(lab, q, answer);

	json_array_append_new(list, json_string(hash));
	free(hash);
}

/* The answers to all questions about the run that question @first is about, of one variation. */
static void add_answers(const struct packing *p, const struct lab *lab, int first, unsigned int v,
			json_t *const *hashes, FILE *out)
{
	char *folder = files_temporary(), err[600] = "it finds no answer";
	const struct lab_question *q = &lab->questions[first];
	struct lab_run r;
	int status = lab_answer_run(&r, p->set, lab, q, v, folder, err, sizeof(err));

	for (int i = first; i < lab->nquestions; i++) {
		const struct lab_question *other = &lab->questions[i];
		char *answer;

		if (!other->is_sql || !same_run(q, other))
			continue;
		answer = status ? NULL : lab_answer_in(&r, other, err, sizeof(err));
		if (answer)
			add_hash(hashes[i], lab, other, answer);
		else
			fprintf(out, "lab %d: question %s: seed %u: %s\n", lab->number, other->name,
				v, err);
		free(answer);
	}
	lab_run_free(&r);
	files_remove(folder);
	free(folder);
}

/* For each question the hashes of all answers that it has. */
static json_t **hashes_of(const struct packing *p, const struct lab *lab, FILE *out)
{
	json_t **hashes = calloc((size_t)lab->nquestions + 1, sizeof(json_t *));

	for (int i = 0; i < lab->nquestions; i++) {
		hashes[i] = json_array();
		if (!lab->questions[i].is_sql)
			add_hash(hashes[i], lab, &lab->questions[i], lab->questions[i].answer);
	}
	for (int i = 0; i < lab->nquestions; i++) {
		bool done = !lab->questions[i].is_sql;

		for (int k = 0; k < i; k++)
			done = done || (lab->questions[k].is_sql &&
					same_run(&lab->questions[k], &lab->questions[i]));
		for (unsigned int v = 0; !done && v < VARIATIONS; v++)
			add_answers(p, lab, i, v, hashes, out);
	}
	return hashes;
}

static json_t *json_of_question(const struct lab *lab, const struct lab_question *q, json_t *hashes)
{
	json_t *remarks = json_array();

	for (int i = 0; i < q->nremarks; i++) {
		char *hash = lab_answer_hash(lab, q, q->remarks[i].value);

		json_array_append_new(remarks, json_pack("{s:s, s:s, s:s}", "hash", hash, "says",
							 q->remarks[i].says, "misconception",
							 q->remarks[i].misconception));
		free(hash);
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:o, s:o, s:o}", "name", q->name, "ask", q->ask,
			 "script", q->script, "case", q->in, "points", q->points, "hashes", hashes,
			 "choices", texts(q->choices, q->nchoices), "remarks", remarks);
}

static json_t *json_of_test(const struct lab_test *t)
{
	json_t *o = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:o, s:s}", "name", t->name,
			      "title", t->title, "points", t->points, "script", t->script, "needs",
			      t->needs, "query", t->query, "says", t->says, "hints",
			      texts(t->hints, LAB_HINTS), "misconception", t->misconception);

	if (t->isn >= 0)
		json_object_set_new(o, "isn", json_integer(t->isn));
	return o;
}

static json_t *json_of_functions(const struct lab_function *f, int count)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++) {
		json_t *o = json_pack("{s:s, s:s}", "name", f[i].name, "file", f[i].file);

		if (f[i].declare)
			json_object_set_new(o, "declare", json_string(f[i].declare));
		if (f[i].is_inline)
			json_object_set_new(o, "inline", json_string("yes"));
		json_array_append_new(list, o);
	}
	return list;
}

static void add_lists(json_t *o, const struct packing *p, const struct lab *lab)
{
	json_t *misconceptions = json_array(), *tests = json_array(), *cases = json_array();
	json_t *mutants = json_array();

	for (int i = 0; i < lab->nmisconceptions; i++)
		json_array_append_new(misconceptions,
				      json_pack("{s:s, s:s}", "name", lab->misconceptions[i].name,
						"says", lab->misconceptions[i].says));
	for (int i = 0; i < lab->ntests; i++)
		json_array_append_new(tests, json_of_test(&lab->tests[i]));
	for (int i = 0; i < lab->ncases; i++) {
		char *fault = veiled_fault(p->set, lab->cases[i].fault);

		json_array_append_new(cases,
				      json_pack("{s:s, s:s, s:s}", "name", lab->cases[i].name,
						"script", lab->cases[i].script, "fault", fault));
		free(fault);
	}
	for (int i = 0; i < lab->nmutants; i++) {
		char *name = veiled(lab, &lab->mutants[i]);

		json_array_append_new(mutants, json_pack("{s:s, s:s}", "name", name, "test",
							 lab->mutants[i].test));
		free(name);
	}
	json_object_set_new(o, "misconceptions", misconceptions);
	json_object_set_new(o, "tests", tests);
	json_object_set_new(o, "cases", cases);
	json_object_set_new(o, "mutants", mutants);
	json_object_set_new(o, "functions", json_of_functions(lab->functions, lab->nfunctions));
	json_object_set_new(o, "uses", json_of_functions(lab->uses, lab->nuses));
	json_object_set_new(o, "files", texts(lab->files, lab->nfiles));
}

static json_t *json_of_lab(const struct packing *p, const struct lab *lab, FILE *out)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:i, s:s}", "title", lab->title, "mode", lab->mode,
			      "objective", lab->objective, "minutes", (int)lab->minutes, "file",
			      lab->file);
	json_t *questions = json_array(), *pool = json_array(), **hashes = hashes_of(p, lab, out);

	add_lists(o, p, lab);
	for (int i = 0; i < lab->nquestions; i++)
		json_array_append_new(questions,
				      json_of_question(lab, &lab->questions[i], hashes[i]));
	free(hashes);
	json_object_set_new(o, "questions", questions);
	for (int i = 0; i < lab->critic.npool; i++)
		json_array_append_new(pool, json_sprintf("%d", lab->critic.pool[i]));
	if (lab->critic.draw)
		json_object_set_new(o, "critic",
				    json_pack("{s:O, s:i, s:i, s:i}", "pool", pool, "draw",
					      lab->critic.draw, "most", lab->critic.most, "points",
					      lab->critic.points));
	json_decref(pool);
	return o;
}

/* ---------------------------------------------------------------- files */

static void put(const char *folder, const char *name, const char *text, FILE *out)
{
	char *path = text_format("%s/%s", folder, name);

	if (files_write(path, text, strlen(text)))
		fprintf(out, "%s: %s\n", path, strerror(errno));
	free(path);
}

/* The one with nothing written: in the others a part would be solved. */
static void put_skeleton(const struct lab *lab, const char *folder, FILE *out)
{
	char err[512] = "",
	     *text = lab_has_code(lab) ? lab_skeleton(lab, 1, err, sizeof(err)) : NULL;

	if (text)
		put(folder, "skeleton-1.c", text, out);
	else if (lab_has_code(lab))
		fprintf(out, "%s\n", err);
	free(text);
}

/* The object of a solution, as kit/faults/N-NAME.o. */
static void put_fault(const struct packing *p, const struct lab *lab, const char *name, char *text,
		      FILE *out)
{
	char *aside = files_temporary(), *from = text_format("%s/student.o", aside), *object, *to;
	struct build b;
	size_t size;

	build_object(&b, lab, text, aside);
	object = files_read(from, &size);
	to = text_format("%s/kit/faults/%d-%s.o", p->folder, lab->number, name);
	if (!object || files_write(to, object, size))
		fprintf(out, "%s: %s\n", to, b.message);
	build_free(&b);
	files_remove(aside);
	free(object);
	free(to);
	free(from);
	free(aside);
	free(text);
}

/* Whether some lab shows runs of the mutant (NULL: of the other solution). */
static bool is_shown(const struct lab_set *set, const struct lab *lab, const struct lab_mutant *m)
{
	char *name = m ? text_format("%d %s", lab->number, m->name) : text_format("%s", "-");
	bool shown = false;

	for (int i = 0; i < set->count; i++) {
		const struct lab *other = &set->labs[i];

		for (int k = 0; k < other->critic.npool; k++)
			shown = shown || other->critic.pool[k] == lab->number;
		for (int k = 0; k < other->ncases; k++)
			shown = shown || !strcmp(other->cases[k].fault, name);
	}
	free(name);
	return shown;
}

static void put_faults(const struct packing *p, const struct lab *lab, FILE *out)
{
	char err[512] = "", *text;

	for (int i = 0; i < lab->nmutants; i++) {
		char *name;

		if (!is_shown(p->set, lab, &lab->mutants[i]))
			continue;
		name = veiled(lab, &lab->mutants[i]);
		text = lab_mutated(lab, &lab->mutants[i], err, sizeof(err));
		if (text)
			put_fault(p, lab, name, text, out);
		else
			fprintf(out, "%s\n", err);
		free(name);
	}
	text = lab_has_code(lab) && is_shown(p->set, lab, NULL) ?
		       lab_read_file(lab, "second.c", err, sizeof(err)) :
		       NULL;
	if (text)
		put_fault(p, lab, "second", text, out);
}

/* One lab, in its own process. What is said is what went wrong. */
static int pack_lab(void *ctx, int i, FILE *out)
{
	const struct packing *p = ctx;
	const struct lab *lab = &p->set->labs[i];
	char *folder = text_format("%s/labs/%s", p->folder, lab->name);
	json_t *o = json_of_lab(p, lab, out);
	char *text = json_dumps(o, JSON_INDENT(1));

	if (files_make_folder(folder) || !text)
		fprintf(out, "%s: %s\n", folder, strerror(errno));
	else
		put(folder, "lab.yaml", text, out);
	put_skeleton(lab, folder, out);
	put_faults(p, lab, out);
	free(text);
	json_decref(o);
	free(folder);
	return 0;
}

static void take_lab(void *ctx, int i, const struct pool_end *end)
{
	struct packing *p = ctx;

	if (!p->first_fault && (end->status || *end->text))
		p->first_fault = text_format("lab %d: %s", p->set->labs[i].number, end->text);
}

int package_labs(const struct lab_set *set, const char *folder, char *err, size_t room)
{
	struct packing p = { .set = set, .folder = folder };
	struct pool pool = { .count = set->count, .job = pack_lab, .done = take_lab, .ctx = &p };
	char *faults = text_format("%s/kit/faults", folder);
	int status = files_make_folder(faults);

	free(faults);
	if (status || pool_run(&pool)) {
		snprintf(err, room, "%s: %s", folder, strerror(errno));
		return -1;
	}
	if (!p.first_fault)
		return 0;
	snprintf(err, room, "%s", p.first_fault);
	free(p.first_fault);
	return -1;
}
