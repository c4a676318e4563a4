/* SPDX-License-Identifier: GPL-2.0-only */

/* synwalk lab: the table of its words. */

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "labs/cmd.h"

static const struct {
	const char *name, *arguments, *summary;
	int (*run)(const struct lab_words *w);
} words[] = {
	{ "list", "", "which labs there are", lab_list },
	{ "start", "N [--seed N] [--todo PART] [FOLDER]", "begin a lab, in labNN", lab_start },
	{ "answer", "[QUESTION [VALUE]]", "predict; without a value: read the question",
	  lab_answer },
	{ "run", "SCRIPT", "run a script with what you wrote, and keep the trace", lab_run_word },
	{ "grade", "[N | FOLDER] [--json ...]", "what it is worth, and why", lab_grade },
	{ "watch", "[N | FOLDER]", "grade again whenever the file is saved", lab_watch },
	{ "hint", "[TEST]", "one more hint for what fails", lab_hint },
	{ "next", "", "what to do next", lab_next },
	{ "reset", "[N | FOLDER]", "begin anew; what is there is kept aside", lab_reset },
	{ "submit", "[N | FOLDER] --hours H", "pack it for the teacher", lab_submit },
	{ "dev", "check [N...]", "for teachers: is a lab as it should be?", lab_dev },
};

static void usage(FILE *to)
{
	fputs("usage: synwalk lab WORD [...]\n\nExercises: write one of the kernel's functions yourself, or "
	      "find what is wrong with one.\n\n",
	      to);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		fprintf(to, "  synwalk lab %-7s%-38s%s\n", words[i].name, words[i].arguments,
			words[i].summary);
	fputs("\nIn a lab's folder N can be left out. docs/labs.md tells all of it.\n"
	      "Exit status of grade: 0 right, 1 wrong, 2 trouble, 10 does not compile, 11 does not\n"
	      "link, 12 crashed, 13 endless, 14 asleep, 15 memory error, 16 not run, 17 not written.\n",
	      to);
}

int cmd_lab(int argc, char **argv)
{
	struct lab_set set;
	char err[512];
	int status;

	if (argc < 2) {
		usage(stderr);
		return STATUS_TROUBLE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		usage(stdout);
		return STATUS_DONE;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct lab_words w = { &set, argc - 1, argv + 1 };

		if (strcmp(argv[1], words[i].name))
			continue;
		/* Each page that is given back is one to be had anew: traces are asked one after the other. */
		mallopt(M_TRIM_THRESHOLD, 512 << 20);
		mallopt(M_MMAP_THRESHOLD, 32 << 20);
		status = lab_set_load(&set, err, sizeof(err));
		if (status)
			status = trouble("lab", NULL, "%s", err);
		else
			status = words[i].run(&w);
		lab_set_free(&set);
		return status;
	}
	return trouble(argv[1], "synwalk lab --help lists the words", "no such word of lab");
}

int lab_place(struct place *p, const struct lab_words *w, const char *said)
{
	char err[512];

	if (!place_open(p, w->set, said, err, sizeof(err)))
		return 0;
	trouble("lab", NULL, "%s", err);
	return -1;
}
