/* SPDX-License-Identifier: GPL-2.0-only */

/* Runs to be looked at, in the world of some solution. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/cases.h"
#include "labs/files.h"
#include "labs/pieces.h"

/* -1 with @err. In a package solutions are objects, and mutants have no edits. */
static int solution_world(struct build *b, const struct solution *s, const char *folder, char *err,
			  size_t room)
{
	const struct lab *lab = s->lab;
	char *text;

	if (!lab) {
		build_reference(b);
	} else if (lab->nmutants && !lab->mutants[0].nedits) {
		build_fault(b, lab->number, s->mutant ? s->mutant->name : "second", folder);
	} else {
		text = s->mutant ? lab_mutated(lab, s->mutant, err, room) :
				   lab_read_file(lab, "second.c", err, room);
		if (!text)
			return -1;
		build_student(b, lab, text, folder);
		free(text);
	}
	if (b->world)
		return 0;
	snprintf(err, room, "%s", b->message);
	build_free(b);
	return -1;
}

int solution_run(struct lab_run *r, const struct solution *s, const struct lab *lab,
		 const char *script, const char *name, uint64_t student, const char *folder,
		 char *err, size_t room)
{
	char *aside = text_format("%s/%s", folder, name), *trace;
	struct build b = { 0 };
	int status = -1;

	*r = (struct lab_run){ 0 };
	if (files_make_folder(aside)) {
		snprintf(err, room, "%s: %s", aside, strerror(errno));
	} else if (!solution_world(&b, s, aside, err, room)) {
		lab_run(r, &b, lab, script, student, RUN_SEEN, -1, aside);
		trace = text_format("%s/%s.db", folder, name);
		if (r->trace && !rename(r->trace, trace)) {
			free(r->trace);
			r->trace = text_format("%s", trace);
			if (r->asked)
				asked_moved(r->asked, trace);
			status = 0;
		} else {
			snprintf(err, room, "%s", r->message ? r->message : "there is no trace");
			lab_run_free(r);
		}
		free(trace);
		build_free(&b);
	}
	files_remove(aside);
	free(aside);
	return status;
}

int case_run(struct lab_run *r, const struct lab_set *set, const struct lab *lab,
	     const struct lab_case *c, uint64_t student, const char *folder, char *err, size_t room)
{
	struct solution s = { .lab = *c->fault ? lab_by_number(set, atoi(c->fault)) : NULL };
	const char *name = c->fault + strcspn(c->fault, " ");

	s.mutant = s.lab && *name ? lab_mutant_of(s.lab, name + 1) : NULL;
	if (!*c->fault || s.mutant)
		return solution_run(r, &s, lab, c->script, c->name, student, folder, err, room);
	*r = (struct lab_run){ 0 };
	snprintf(err, room, "case %s: there is no mutant '%s'", c->name, c->fault);
	return -1;
}
