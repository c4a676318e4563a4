/* SPDX-License-Identifier: GPL-2.0-only */

/* Runs with a fault in them, to be looked at. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/cases.h"
#include "labs/files.h"
#include "labs/pieces.h"

/* The world of a case: the core's own, or one with a mutant. -1 with @err. */
static int case_world(struct build *b, const struct lab_set *set, const struct lab_case *c,
		      const char *folder, char *err, size_t room)
{
	const struct lab *lab = lab_by_number(set, atoi(c->fault));
	const char *name = c->fault + strcspn(c->fault, " ");
	const struct lab_mutant *m = lab && *name ? lab_mutant_of(lab, name + 1) : NULL;
	char *text;

	if (!*c->fault) {
		build_reference(b);
	} else if (!m) {
		snprintf(err, room, "case %s: there is no mutant '%s'", c->name, c->fault);
		return -1;
	} else if (!m->nedits) {
		build_fault(b, lab->number, m->name, folder);
	} else {
		text = lab_mutated(lab, m, err, room);
		if (!text)
			return -1;
		build_student(b, lab, text, folder);
		free(text);
	}
	if (b->world)
		return 0;
	snprintf(err, room, "case %s: %s", c->name, b->message);
	build_free(b);
	return -1;
}

int case_run(struct lab_run *r, const struct lab_set *set, const struct lab *lab,
	     const struct lab_case *c, uint64_t student, const char *folder, char *err, size_t room)
{
	char *aside = text_format("%s/%s", folder, c->name), *trace;
	struct build b = { 0 };
	int status = -1;

	*r = (struct lab_run){ 0 };
	if (files_make_folder(aside)) {
		snprintf(err, room, "%s: %s", aside, strerror(errno));
	} else if (!case_world(&b, set, c, aside, err, room)) {
		lab_run(r, &b, lab, c->script, student, RUN_SEEN, -1, aside);
		trace = text_format("%s/%s.db", folder, c->name);
		if (r->trace && !rename(r->trace, trace)) {
			free(r->trace);
			r->trace = text_format("%s", trace);
			status = 0;
		} else {
			snprintf(err, room, "case %s: %s", c->name, r->message ? r->message : "");
			lab_run_free(r);
		}
		free(trace);
		build_free(&b);
	}
	files_remove(aside);
	free(aside);
	return status;
}
