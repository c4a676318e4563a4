/* SPDX-License-Identifier: GPL-2.0-only */

/* Reading the labs: which keys a lab.yaml has, and what must not be missing. */

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "labs/files.h"
#include "labs/lab.h"

/* An array with one element for each of a list. */
#define LIST(c, map, name, array, count)                                 \
	do {                                                             \
		conf_node list_ = conf_get(c, map, name);                \
		(count) = list_ ? conf_count(c, list_) : 0;              \
		(array) = calloc((size_t)(count) + 1, sizeof(*(array))); \
		if (!(array))                                            \
			(count) = 0;                                     \
	} while (0)

static void read_functions(struct conf *c, conf_node map, const char *name,
			   struct lab_function **functions, int *count, bool declared)
{
	LIST(c, map, name, *functions, *count);
	for (int i = 0; i < *count; i++) {
		conf_node n = conf_item(c, conf_get(c, map, name), i);

		conf_only(c, n, declared ? "name file declare" : "name file inline");
		(*functions)[i] = (struct lab_function){
			.name = conf_text(c, n, "name", NULL),
			.file = conf_text(c, n, "file", NULL),
			.declare = declared ? conf_text(c, n, "declare", NULL) : NULL,
			.is_inline = !declared && conf_yes(c, n, "inline"),
		};
	}
}

static void read_parts(struct lab *lab, struct conf *c, conf_node root)
{
	LIST(c, root, "parts", lab->parts, lab->nparts);
	for (int i = 0; i < lab->nparts; i++) {
		conf_node n = conf_item(c, conf_get(c, root, "parts"), i);

		conf_only(c, n, "function from to task instead");
		lab->parts[i] = (struct lab_part){
			.number = i + 1,
			.function = conf_text(c, n, "function", NULL),
			.from = conf_text(c, n, "from", NULL),
			.to = conf_text(c, n, "to", NULL),
			.task = conf_text(c, n, "task", NULL),
			.instead = conf_text(c, n, "instead", ""),
		};
	}
}

static void read_tests(struct lab *lab, struct conf *c, conf_node root)
{
	LIST(c, root, "tests", lab->tests, lab->ntests);
	for (int i = 0; i < lab->ntests; i++) {
		conf_node n = conf_item(c, conf_get(c, root, "tests"), i);
		conf_node hints = conf_get(c, n, "hints");
		struct lab_test *t = &lab->tests[i];

		conf_only(c, n,
			  "name title points script needs query says hints misconception isn");
		*t = (struct lab_test){
			.name = conf_text(c, n, "name", NULL),
			.title = conf_text(c, n, "title", NULL),
			.script = conf_text(c, n, "script", NULL),
			.needs = conf_text(c, n, "needs", ""),
			.query = conf_text(c, n, "query", ""),
			.says = conf_text(c, n, "says", *conf_text(c, n, "query", "") ? NULL : ""),
			.misconception = conf_text(c, n, "misconception", ""),
			.points = (int)conf_number(c, n, "points", 0),
			.isn = conf_number(c, n, "isn", -1),
		};
		if (!hints || conf_count(c, hints) != LAB_HINTS)
			conf_fault(c, n, "hints",
				   "expected %d: a question, where to look, a line of thought",
				   LAB_HINTS);
		for (int h = 0; hints && h < LAB_HINTS && h < conf_count(c, hints); h++) {
			t->hints[h] = conf_item_text(c, hints, h);
			if (!*t->hints[h])
				conf_fault(c, hints, "hints", "one is empty");
		}
	}
}

static void read_cases(struct lab *lab, struct conf *c, conf_node root)
{
	LIST(c, root, "cases", lab->cases, lab->ncases);
	for (int i = 0; i < lab->ncases; i++) {
		conf_node n = conf_item(c, conf_get(c, root, "cases"), i);

		conf_only(c, n, "name script fault");
		lab->cases[i] = (struct lab_case){
			.name = conf_text(c, n, "name", NULL),
			.script = conf_text(c, n, "script", NULL),
			.fault = conf_text(c, n, "fault", ""),
		};
	}
}

static void read_critic(struct lab *lab, struct conf *c, conf_node root)
{
	conf_node n = conf_get(c, root, "critic");

	if (!n)
		return;
	conf_only(c, n, "pool draw most points");
	lab->critic.draw = (int)conf_number(c, n, "draw", 10);
	lab->critic.most = (int)conf_number(c, n, "most", 12);
	lab->critic.points = (int)conf_number(c, n, "points", 8);
	LIST(c, n, "pool", lab->critic.pool, lab->critic.npool);
	for (int i = 0; i < lab->critic.npool; i++)
		lab->critic.pool[i] = atoi(conf_item_text(c, conf_get(c, n, "pool"), i));
}

static void read_question(struct lab_question *q, struct conf *c, conf_node n)
{
	conf_node choices = conf_get(c, n, "choices");

	conf_only(c, n, "name ask script case answer sql hashes choices remarks points");
	*q = (struct lab_question){
		.name = conf_text(c, n, "name", NULL),
		.ask = conf_text(c, n, "ask", NULL),
		.script = conf_text(c, n, "script", ""),
		.in = conf_text(c, n, "case", ""),
		.is_sql = conf_get(c, n, "sql") != 0,
		.points = (int)conf_number(c, n, "points", 0),
	};
	LIST(c, n, "hashes", q->hashes, q->nhashes);
	for (int i = 0; i < q->nhashes; i++)
		q->hashes[i] = conf_item_text(c, conf_get(c, n, "hashes"), i);
	q->answer = conf_text(c, n, q->is_sql ? "sql" : "answer", q->nhashes ? "" : NULL);
	LIST(c, n, "choices", q->choices, q->nchoices);
	for (int i = 0; i < q->nchoices; i++)
		q->choices[i] = conf_item_text(c, choices, i);
	LIST(c, n, "remarks", q->remarks, q->nremarks);
	for (int i = 0; i < q->nremarks; i++) {
		conf_node r = conf_item(c, conf_get(c, n, "remarks"), i);

		conf_only(c, r, "value hash says misconception");
		q->remarks[i] = (struct lab_remark){
			.hash = conf_text(c, r, "hash", ""),
			.value = conf_text(c, r, "value", q->nhashes ? "" : NULL),
			.says = conf_text(c, r, "says", NULL),
			.misconception = conf_text(c, r, "misconception", ""),
		};
	}
}

static void read_mutant(struct lab_mutant *m, struct conf *c, conf_node n)
{
	conf_only(c, n, "name test misconception edits");
	*m = (struct lab_mutant){
		.name = conf_text(c, n, "name", NULL),
		.test = conf_text(c, n, "test", NULL),
		.misconception = conf_text(c, n, "misconception", ""),
	};
	LIST(c, n, "edits", m->edits, m->nedits);
	for (int i = 0; i < m->nedits; i++) {
		conf_node e = conf_item(c, conf_get(c, n, "edits"), i);

		conf_only(c, e, "in lines become");
		m->edits[i] = (struct lab_edit){
			.function = conf_text(c, e, "in", NULL),
			.lines = conf_text(c, e, "lines", NULL),
			.become = conf_text(c, e, "become", ""),
		};
	}
}

static void read_misconceptions(struct lab *lab, struct conf *c, conf_node root)
{
	LIST(c, root, "misconceptions", lab->misconceptions, lab->nmisconceptions);
	for (int i = 0; i < lab->nmisconceptions; i++) {
		conf_node n = conf_item(c, conf_get(c, root, "misconceptions"), i);

		conf_only(c, n, "name says");
		lab->misconceptions[i] = (struct lab_misconception){
			.name = conf_text(c, n, "name", NULL),
			.says = conf_text(c, n, "says", NULL),
		};
	}
	if (!lab->nmisconceptions)
		conf_fault(c, root, "misconceptions", "expected at least one");
}

static void read_lab(struct lab *lab)
{
	struct conf *c = lab->conf;
	conf_node root = conf_root(c);

	if (conf_error(c))
		return;
	conf_only(c, root,
		  "title mode objective minutes misconceptions file functions uses prologue "
		  "parts tests files cases critic questions mutants");
	lab->title = conf_text(c, root, "title", NULL);
	lab->mode = conf_text(c, root, "mode", NULL);
	lab->objective = conf_text(c, root, "objective", NULL);
	lab->minutes = conf_number(c, root, "minutes", 0);
	if (!lab->minutes)
		conf_fault(c, root, "minutes", "expected the time that it takes");
	read_misconceptions(lab, c, root);
	read_functions(c, root, "functions", &lab->functions, &lab->nfunctions, false);
	read_functions(c, root, "uses", &lab->uses, &lab->nuses, true);
	lab->file = conf_text(c, root, "file", lab->nfunctions ? NULL : "");
	lab->prologue = conf_text(c, root, "prologue", "");
	read_parts(lab, c, root);
	read_tests(lab, c, root);
	LIST(c, root, "files", lab->files, lab->nfiles);
	for (int i = 0; i < lab->nfiles; i++)
		lab->files[i] = conf_item_text(c, conf_get(c, root, "files"), i);
	read_cases(lab, c, root);
	read_critic(lab, c, root);
	LIST(c, root, "questions", lab->questions, lab->nquestions);
	for (int i = 0; i < lab->nquestions; i++)
		read_question(&lab->questions[i], c,
			      conf_item(c, conf_get(c, root, "questions"), i));
	LIST(c, root, "mutants", lab->mutants, lab->nmutants);
	for (int i = 0; i < lab->nmutants; i++)
		read_mutant(&lab->mutants[i], c, conf_item(c, conf_get(c, root, "mutants"), i));
}

static void lab_free(struct lab *lab)
{
	for (int i = 0; i < lab->nquestions; i++) {
		free(lab->questions[i].choices);
		free(lab->questions[i].hashes);
		free(lab->questions[i].remarks);
	}
	for (int i = 0; i < lab->nmutants; i++)
		free(lab->mutants[i].edits);
	free(lab->misconceptions);
	free(lab->functions);
	free(lab->uses);
	free(lab->parts);
	free(lab->tests);
	free(lab->files);
	free(lab->critic.pool);
	free(lab->cases);
	free(lab->questions);
	free(lab->mutants);
	free(lab->name);
	free(lab->folder);
	conf_close(lab->conf);
}

static int by_number(const void *a, const void *b)
{
	return ((const struct lab *)a)->number - ((const struct lab *)b)->number;
}

static int add_lab(struct lab_set *set, const char *name, char *err, size_t room)
{
	struct lab *more = realloc(set->labs, sizeof(*more) * (size_t)(set->count + 1));
	struct lab *lab;
	char *path;

	if (!more)
		return -1;
	set->labs = more;
	lab = &set->labs[set->count++];
	*lab = (struct lab){ .number = atoi(name), .name = strdup(name) };
	lab->folder = text_format("%s/%s", set->folder, name);
	path = text_format("%s/lab.yaml", lab->folder);
	lab->conf = conf_open(path);
	free(path);
	read_lab(lab);
	if (!conf_error(lab->conf))
		return 0;
	snprintf(err, room, "%s", conf_error(lab->conf));
	return -1;
}

int lab_set_load(struct lab_set *set, char *err, size_t room)
{
	struct dirent *entry;
	DIR *dir;
	int status = 0;

	*set = (struct lab_set){ .folder = files_labs() };
	dir = set->folder ? opendir(set->folder) : NULL;
	if (!dir) {
		snprintf(err, room, "%s: %s (SYNWALK_LABS says where the labs are)",
			 set->folder ? set->folder : "labs", strerror(errno));
		return -1;
	}
	while (!status && (entry = readdir(dir)) != NULL) {
		const char *n = entry->d_name;

		if (n[0] >= '0' && n[0] <= '9' && n[1] >= '0' && n[1] <= '9' && n[2] == '-')
			status = add_lab(set, n, err, room);
	}
	closedir(dir);
	if (set->count)
		qsort(set->labs, (size_t)set->count, sizeof(*set->labs), by_number);
	return status;
}

void lab_set_free(struct lab_set *set)
{
	for (int i = 0; i < set->count; i++)
		lab_free(&set->labs[i]);
	free(set->labs);
	free(set->folder);
	*set = (struct lab_set){ 0 };
}

struct lab *lab_by_number(const struct lab_set *set, int number)
{
	for (int i = 0; i < set->count; i++) {
		if (set->labs[i].number == number)
			return &set->labs[i];
	}
	return NULL;
}

const struct lab_mutant *lab_mutant_of(const struct lab *lab, const char *name)
{
	for (int i = 0; i < lab->nmutants; i++) {
		if (!strcmp(lab->mutants[i].name, name))
			return &lab->mutants[i];
	}
	return NULL;
}

const struct lab_case *lab_case_of(const struct lab *lab, const char *name)
{
	for (int i = 0; i < lab->ncases; i++) {
		if (!strcmp(lab->cases[i].name, name))
			return &lab->cases[i];
	}
	return NULL;
}

int lab_code_points(const struct lab *lab)
{
	int points = lab_has_code(lab) ? LAB_MEMORY_POINTS : 0;

	for (int i = 0; i < lab->ntests; i++)
		points += lab->tests[i].points;
	return points + lab->critic.draw * lab->critic.points;
}

int lab_answer_points(const struct lab *lab)
{
	int points = 0;

	for (int i = 0; i < lab->nquestions; i++)
		points += lab->questions[i].points;
	return points;
}

char *lab_read_file(const struct lab *lab, const char *name, char *err, size_t room)
{
	char *path = text_format("%s/%s", lab->folder, name);
	char *text = files_read(path, NULL);

	if (!text)
		snprintf(err, room, "%s: %s", path, strerror(errno));
	free(path);
	return text;
}
