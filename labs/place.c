/* SPDX-License-Identifier: GPL-2.0-only */

/* A student's folder for a lab. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "labs/files.h"
#include "labs/pieces.h"
#include "labs/place.h"
#include "labs/vary.h"
#include "viewer/command.h"

#define STATE ".lab.json"

/* ---------------------------------------------------------------- making one */

/* Writes what is not there yet. */
static int put(const char *folder, const char *name, const char *text, char *err, size_t room)
{
	char *path = text_format("%s/%s", folder, name);
	int status = files_exist(path) ? 0 : files_write(path, text, strlen(text));

	if (status)
		snprintf(err, room, "%s: %s", path, strerror(errno));
	free(path);
	return status;
}

/* A file of the lab's as it is. */
static int put_file(const struct lab *lab, const char *name, const char *folder, char *err,
		    size_t room)
{
	char *from = text_format("%s/%s", lab->folder, name),
	     *to = text_format("%s/%s", folder, name);
	char *slash = strrchr(to, '/'), *text;
	size_t size;
	int status;

	*slash = 0;
	status = files_make_folder(to);
	*slash = '/';
	text = files_read(from, &size);
	if (status || !text || files_write(to, text, size)) {
		snprintf(err, room, "%s: %s", text ? to : from, strerror(errno));
		status = -1;
	}
	free(text);
	free(from);
	free(to);
	return status;
}

static int put_scripts(const struct lab *lab, const char *folder, uint64_t seed, char *err,
		       size_t room)
{
	char *from = text_format("%s/tests", lab->folder), *to = text_format("%s/tests", folder);
	struct variation v = variation_of(seed, RUN_SEEN);
	struct dirent *entry;
	DIR *dir = opendir(from);
	int status = dir ? files_make_folder(to) : errno == ENOENT ? 0 : -1;

	while (dir && !status && (entry = readdir(dir)) != NULL) {
		size_t n = strlen(entry->d_name);
		char *name, *script, *mine;

		if (n < 4 || strcmp(entry->d_name + n - 4, ".pkt"))
			continue;
		name = text_format("tests/%s", entry->d_name);
		script = lab_read_file(lab, name, err, room);
		mine = script ? variation_apply(&v, script) : NULL;
		status = mine ? put(folder, name, mine, err, room) : -1;
		free(mine);
		free(script);
		free(name);
	}
	if (dir)
		closedir(dir);
	else if (status)
		snprintf(err, room, "%s: %s", from, strerror(errno));
	free(from);
	free(to);
	return status;
}

int place_make(struct place *p, const struct lab *lab, const char *folder, uint64_t seed, int todo,
	       char *err, size_t room)
{
	char *text, *state;
	int status;

	*p = (struct place){ .lab = lab, .seed = seed };
	if (files_make_folder(folder)) {
		snprintf(err, room, "%s: %s", folder, strerror(errno));
		return -1;
	}
	state = text_format("%s/" STATE, folder);
	status = files_exist(state);
	free(state);
	if (status) {
		snprintf(err, room, "%s: a lab was begun there (synwalk lab reset begins anew)",
			 folder);
		return -1;
	}
	p->folder = text_format("%s", folder);
	p->state = json_pack("{s:i, s:I, s:I, s:{}, s:{}}", "lab", lab->number, "seed",
			     (json_int_t)seed, "begun", (json_int_t)time(NULL), "answers", "hints");
	text = lab_read_file(lab, "handout.md", err, room);
	status = text ? put(folder, "handout.md", text, err, room) : -1;
	free(text);
	if (!status && lab->critic.draw) {
		text = lab_read_file(lab, "assertions.yaml", err, room);
		status = text ? put(folder, "assertions.yaml", text, err, room) : -1;
		free(text);
	}
	if (!status && lab_has_code(lab)) {
		text = lab_skeleton(lab, todo, err, room);
		status = text ? put(folder, lab->file, text, err, room) : -1;
		free(text);
	}
	for (int i = 0; !status && i < lab->nfiles; i++)
		status = put_file(lab, lab->files[i], folder, err, room);
	return status || put_scripts(lab, folder, seed, err, room) ? -1 : place_save(p, err, room);
}

/* ---------------------------------------------------------------- opening */

static int take_state(struct place *p, const struct lab_set *set, char *err, size_t room)
{
	char *path = text_format("%s/" STATE, p->folder);
	json_error_t problem;
	const struct lab *lab;

	p->state = json_load_file(path, 0, &problem);
	if (!p->state) {
		snprintf(err, room, "%s: %s", path,
			 files_exist(path) ?
				 problem.text :
				 "no lab was begun there (synwalk lab start N begins one)");
		free(path);
		return -1;
	}
	lab = lab_by_number(set, (int)json_integer_value(json_object_get(p->state, "lab")));
	p->seed = (uint64_t)json_integer_value(json_object_get(p->state, "seed"));
	p->lab = lab;
	if (!lab || !json_is_object(json_object_get(p->state, "answers")) ||
	    !json_is_object(json_object_get(p->state, "hints"))) {
		snprintf(err, room,
			 "%s: it is not a lab's state any more; begin anew in another folder",
			 path);
		free(path);
		return -1;
	}
	free(path);
	return 0;
}

int place_open(struct place *p, const struct lab_set *set, const char *said, char *err, size_t room)
{
	uint64_t number;

	*p = (struct place){ 0 };
	if (said && !read_number(said, 99, &number)) {
		/* Its folder from outside, or from inside. */
		p->folder = text_format("lab%02u", (unsigned int)number);
		if (!files_exist(p->folder) && files_exist(STATE)) {
			free(p->folder);
			p->folder = text_format(".");
		}
	} else {
		p->folder = text_format("%s", said ? said : ".");
	}
	if (take_state(p, set, err, room)) {
		place_close(p);
		return -1;
	}
	return 0;
}

int place_save(struct place *p, char *err, size_t room)
{
	char *path = text_format("%s/" STATE, p->folder);
	char *text = json_dumps(p->state, JSON_INDENT(2) | JSON_SORT_KEYS);
	int status = text ? files_write(path, text, strlen(text)) : -1;

	if (status)
		snprintf(err, room, "%s: %s", path, strerror(errno));
	free(text);
	free(path);
	return status;
}

void place_close(struct place *p)
{
	json_decref(p->state);
	free(p->folder);
	*p = (struct place){ 0 };
}

char *place_file(const struct place *p)
{
	return text_format("%s/%s", p->folder, p->lab->file);
}

char *place_text(const struct place *p, char *err, size_t room)
{
	char *path = place_file(p), *text = files_read(path, NULL);

	if (!text)
		snprintf(err, room, "%s: %s", path, strerror(errno));
	free(path);
	return text;
}

int place_reset(struct place *p, char **kept, char *err, size_t room)
{
	char *path = place_file(p), *text = lab_skeleton(p->lab, 1, err, room);
	int status = text ? 0 : -1;

	*kept = NULL;
	for (int i = 1; !status && files_exist(path) && !*kept; i++) {
		*kept = text_format("%s.%d", path, i);
		if (!files_exist(*kept)) {
			status = rename(path, *kept);
			break;
		}
		free(*kept);
		*kept = NULL;
	}
	if (!status)
		status = files_write(path, text, strlen(text));
	if (status && text)
		snprintf(err, room, "%s: %s", path, strerror(errno));
	free(text);
	free(path);
	return status;
}

/* ---------------------------------------------------------------- what is kept */

void place_answers(const struct place *p, const char *question, int *tries, bool *right)
{
	json_t *a = json_object_get(json_object_get(p->state, "answers"), question);

	*tries = (int)json_integer_value(json_object_get(a, "tries"));
	*right = json_is_true(json_object_get(a, "right"));
}

void place_note_answer(struct place *p, const char *question, const char *value, bool right)
{
	int tries;
	bool was;

	place_answers(p, question, &tries, &was);
	if (was)
		return;
	json_object_set_new(json_object_get(p->state, "answers"), question,
			    json_pack("{s:i, s:b, s:s}", "tries", tries + 1, "right", right,
				      "value", value));
}

int place_answer_points(const struct place *p)
{
	int points = 0;

	for (int i = 0; i < p->lab->nquestions; i++) {
		const struct lab_question *q = &p->lab->questions[i];
		int tries;
		bool right;

		place_answers(p, q->name, &tries, &right);
		/* Guessing until it fits is worth half. */
		if (right)
			points += tries <= 2 ? q->points : q->points / 2;
	}
	return points;
}

const struct lab_question *place_open_question(const struct place *p)
{
	for (int i = 0; i < p->lab->nquestions; i++) {
		const struct lab_question *q = &p->lab->questions[i];
		int tries;
		bool right;

		place_answers(p, q->name, &tries, &right);
		if (!tries && *q->script)
			return q;
	}
	return NULL;
}

int place_hints(const struct place *p, const char *test)
{
	return (int)json_integer_value(json_object_get(json_object_get(p->state, "hints"), test));
}

void place_note_hints(struct place *p, const char *test, int shown)
{
	json_object_set_new(json_object_get(p->state, "hints"), test, json_integer(shown));
}
