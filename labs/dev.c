/* SPDX-License-Identifier: GPL-2.0-only */

/* The words of synwalk lab dev: what the kit and the package are made of, and the check. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/cmd.h"
#include "labs/package.h"
#include "labs/pieces.h"

static const struct lab *lab_said(const struct lab_words *w, int i)
{
	uint64_t number;
	const struct lab *lab = NULL;

	if (i < w->argc && !read_number(w->argv[i], 99, &number))
		lab = lab_by_number(w->set, (int)number);
	if (!lab)
		trouble(i < w->argc ? w->argv[i] : "lab dev", "synwalk lab list", "no such lab");
	return lab;
}

static int put(char *text, const char *err)
{
	if (!text)
		return trouble("lab dev", NULL, "%s", err);
	fputs(text, stdout);
	free(text);
	return STATUS_DONE;
}

static int dev_mutant(const struct lab_words *w, const struct lab *lab)
{
	char err[512] = "no such mutant";

	for (int i = 0; w->argc > 3 && i < lab->nmutants; i++) {
		if (!strcmp(lab->mutants[i].name, w->argv[3]))
			return put(lab_mutated(lab, &lab->mutants[i], err, sizeof(err)), err);
	}
	for (int i = 0; w->argc == 3 && i < lab->nmutants; i++)
		printf("%s\n", lab->mutants[i].name);
	return w->argc == 3 ? STATUS_DONE : trouble(w->argv[3], NULL, "%s", err);
}

int lab_dev(const struct lab_words *w)
{
	const char *word = w->argc > 1 ? w->argv[1] : "";
	struct lab_words rest = { w->set, w->argc - 1, w->argv + 1 };
	const struct lab *lab;
	char err[512] = "";
	uint64_t todo = 1;

	if (!strcmp(word, "check"))
		return lab_dev_check(&rest);
	if (!strcmp(word, "names"))
		return put(lab_names(w->set), err);
	if (!strcmp(word, "sources") && w->argc == 3)
		return lab_sources(w->set, w->argv[2], err, sizeof(err)) ?
			       trouble("lab dev", NULL, "%s", err) :
			       STATUS_DONE;
	if (!strcmp(word, "package") && w->argc == 3)
		return package_labs(w->set, w->argv[2], err, sizeof(err)) ?
			       trouble("lab dev", NULL, "%s", err) :
			       STATUS_DONE;
	if (!strcmp(word, "reference"))
		return (lab = lab_said(w, 2)) ? put(lab_reference(lab, err, sizeof(err)), err) :
						STATUS_TROUBLE;
	if (!strcmp(word, "skeleton")) {
		lab = lab_said(w, 2);
		if (lab && w->argc > 3 && read_number(w->argv[3], 99, &todo))
			return trouble(w->argv[3], NULL, "not a part's number");
		return lab ? put(lab_skeleton(lab, (int)todo, err, sizeof(err)), err) :
			     STATUS_TROUBLE;
	}
	if (!strcmp(word, "mutant"))
		return (lab = lab_said(w, 2)) ? dev_mutant(w, lab) : STATUS_TROUBLE;
	return trouble(
		"lab dev",
		"check [N...], reference N, skeleton N [PART], mutant N [NAME], names, sources DIR, package DIR",
		"which of its words?");
}
