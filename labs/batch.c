/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * A class: many submissions of one lab, in parallel.
 *
 * A submission is DIR/NAME.c, or a folder DIR/NAME/ with the lab's file in it; if it has a .lab.json, the
 * student's seed is taken from there. Each is graded in a process of its own, so that one that breaks
 * breaks nothing but its own mark.
 */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/cmd.h"
#include "labs/files.h"
#include "labs/pool.h"
#include "labs/report.h"

struct class_of {
	const struct batch *batch;
	struct dirent **entries;
	int count;
	json_t *all;
	int broken;
};

static int wanted(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* The submission's file and its seed. */
static char *find_file(const struct class_of *c, const char *entry, uint64_t *seed)
{
	const struct batch *b = c->batch;
	char *path = text_format("%s/%s", b->folder, entry), *state, *file;
	json_t *o;

	*seed = b->seed;
	file = text_format("%s/%s", path, b->lab->file);
	if (!files_exist(file)) {
		free(file);
		return path;
	}
	state = text_format("%s/.lab.json", path);
	o = json_load_file(state, 0, NULL);
	if (json_is_integer(json_object_get(o, "seed")))
		*seed = (uint64_t)json_integer_value(json_object_get(o, "seed"));
	json_decref(o);
	free(state);
	free(path);
	return file;
}

/* One submission, in its own process: a line of JSON. */
static int grade_one(void *ctx, int i, FILE *out)
{
	struct class_of *c = ctx;
	struct grade_options o = { .only = -1 };
	char *file = find_file(c, c->entries[i]->d_name, &o.seed);
	char *text = files_read(file, NULL), *folder = files_temporary();
	struct grade g;
	json_t *report;

	o.folder = folder;
	if (text && folder) {
		grade_solution(&g, c->batch->lab, text, &o);
		report = report_json(&g);
	} else {
		report = json_pack("{s:s, s:s, s:i}", "verdict", "not-run", "message",
				   strerror(errno), "points", 0);
	}
	json_dumpf(report, out, JSON_COMPACT);
	if (folder)
		files_remove(folder);
	return 0;
}

static void csv_head(const struct lab *lab)
{
	printf("student,verdict,points,of,seed");
	for (int i = 0; i < lab->ntests; i++)
		printf(",%s", lab->tests[i].name);
	puts(",memory");
}

static void csv_line(const char *name, json_t *o)
{
	json_t *tests = json_object_get(o, "tests");

	printf("%s,%s,%lld,%lld,%lld", name, json_string_value(json_object_get(o, "verdict")),
	       (long long)json_integer_value(json_object_get(o, "points")),
	       (long long)json_integer_value(json_object_get(o, "of")),
	       (long long)json_integer_value(json_object_get(o, "seed")));
	for (size_t i = 0; i < json_array_size(tests); i++)
		printf(",%lld", (long long)json_integer_value(
					json_object_get(json_array_get(tests, i), "points")));
	putchar('\n');
}

static void take_one(void *ctx, int i, const struct pool_end *end)
{
	struct class_of *c = ctx;
	const char *name = c->entries[i]->d_name;
	char *student = strndup(name, strcspn(name, "."));
	json_t *o = end->status ? NULL : json_loads(end->text, 0, NULL);

	if (!o) {
		c->broken++;
		o = json_pack("{s:s, s:s, s:i, s:i}", "verdict", "trouble", "message",
			      "the grader itself ended early", "points", 0, "of",
			      lab_code_points(c->batch->lab));
	}
	if (c->batch->csv)
		csv_line(student, o);
	fflush(stdout);
	json_object_set_new(o, "student", json_string_nocheck(student));
	json_array_append_new(c->all, o);
	free(student);
}

int lab_batch(const struct batch *b)
{
	struct class_of c = { .batch = b, .all = json_array() };
	struct pool pool = { .at_once = b->jobs, .job = grade_one, .done = take_one, .ctx = &c };

	if (!b->lab || !lab_has_code(b->lab))
		return trouble("lab grade", "synwalk lab grade --batch DIR --lab N", "which lab?");
	c.count = scandir(b->folder, &c.entries, wanted, alphasort);
	if (c.count < 0)
		return trouble(b->folder, NULL, "%s", strerror(errno));
	if (b->csv)
		csv_head(b->lab);
	pool.count = c.count;
	pool_run(&pool);
	if (!b->csv) {
		json_dumpf(c.all, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(c.all);
	for (int i = 0; i < c.count; i++)
		free(c.entries[i]);
	free(c.entries);
	return c.broken ? STATUS_TROUBLE : STATUS_DONE;
}
