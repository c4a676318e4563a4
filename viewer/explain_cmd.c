/* SPDX-License-Identifier: GPL-2.0-only */
/* synwalk explain: what the catalogue knows of a name; and the step of a trace that show asks for. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/catalog.h"
#include "viewer/command.h"
#include "viewer/explain.h"
#include "viewer/i18n.h"
#include "viewer/model_words.h"

#define WIDTH 80

static void usage(FILE *to)
{
	fputs("usage: synwalk explain NAME...\n"
	      "       synwalk explain --list [KIND]\n"
	      "       synwalk explain --missing TRACE.db\n"
	      "\n"
	      "Tells what a function, field, object, errno, state, drop reason or constant is for:\n"
	      "tcp_connect, snd_una, sk_buff.len, ECONNREFUSED or 111, TCP_SYN_SENT, NO_SOCKET.\n"
	      "\n"
	      "  --list             the names that have a text, one a line; of one KIND: function,\n"
	      "                     field, object, errno, state, drop or value\n"
	      "  --missing TRACE.db functions and fields of a trace that have no text; status 1 if any\n"
	      "  --help             this\n"
	      "\n"
	      "The language is the environment's: LANGUAGE=zh_CN synwalk explain tcp_connect\n",
	      to);
}

struct asked {
	const char *name;
	int found;
};

/* Is it the entry, or the field of any type ("len" of sk_buff.len)? */
static bool names(enum catalog_kind kind, const char *entry, const char *name)
{
	size_t a = strlen(entry), b = strlen(name);

	if (!strcmp(entry, name))
		return true;
	return kind == CATALOG_FIELD && a > b && entry[a - b - 1] == '.' &&
	       !strcmp(entry + a - b, name);
}

static int print_if_asked(void *ctx, enum catalog_kind kind, const char *name, const char *text)
{
	struct asked *asked = ctx;
	char head[300];

	if (!names(kind, name, asked->name))
		return 0;
	if (asked->found++)
		putchar('\n');
	snprintf(head, sizeof(head), "%s %s", catalog_kind_name(kind), name);
	explain_print_item(stdout, head, text, WIDTH);
	return 0;
}

static int print_name(void *ctx, enum catalog_kind kind, const char *name, const char *text)
{
	const int *only = ctx;

	(void)text;
	if (*only < 0 || *only == (int)kind)
		printf("%s %s\n", catalog_kind_name(kind), name);
	return 0;
}

static int list(const char *word)
{
	int only = -1;

	for (int k = 0; word && k < CATALOG_KINDS; k++)
		if (!strcmp(word, catalog_kind_name((enum catalog_kind)k)))
			only = k;
	if (word && only < 0)
		return trouble(word, "synwalk explain --help names the kinds", "no kind of entry");
	catalog_each(print_name, &only);
	return STATUS_DONE;
}

/* 111 and -111 as well as ECONNREFUSED; tcp_connect() as well as tcp_connect. */
static const char *plain_name(char *buf, size_t len, const char *name)
{
	char *end;
	long number = strtol(name, &end, 10);
	const char *error = *name && !*end ? words_errno(number < 0 ? -number : number) : NULL;

	snprintf(buf, len, "%s", error ? error : name);
	buf[strcspn(buf, "(")] = '\0';
	return buf;
}

int cmd_explain(int argc, char **argv)
{
	bool all = argc > 1 && !strcmp(argv[1], "--list");
	int first = all ? 2 : 1, status = STATUS_DONE;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		usage(stdout);
		return STATUS_DONE;
	}
	if (argc == 3 && !strcmp(argv[1], "--missing"))
		return explain_missing(argv[2]);
	/* -111 is a name, too */
	for (int i = first; i < argc; i++)
		if (argv[i][0] == '-' && !isdigit((unsigned char)argv[i][1]))
			return trouble(argv[i], "synwalk explain --help tells more",
				       "not understood");
	if (all)
		return list(argc > first ? argv[first] : NULL);
	if (first == argc)
		return trouble("explain", "synwalk explain NAME; --list lists the names",
			       "which name?");
	for (int i = first; i < argc; i++) {
		char name[200];
		struct asked asked = { .name = plain_name(name, sizeof(name), argv[i]) };

		if (i > first)
			putchar('\n');
		catalog_each(print_if_asked, &asked);
		if (!asked.found) {
			fflush(stdout);
			trouble(argv[i], "synwalk explain --list lists the names",
				"nothing of that name in the catalogue");
			status = STATUS_NO;
		}
	}
	return status;
}

/* ---- a step ------------------------------------------------------------------------------------- */

int explain_step_of(const char *path, const char *step)
{
	char err[400];
	struct trace *t = trace_open(path, err, sizeof(err));
	struct explanation e;
	struct model *m;
	int status = STATUS_DONE;

	if (!t) {
		fprintf(stderr, "synwalk: %s\n", err);
		return STATUS_TROUBLE;
	}
	m = model_new(t);
	if (!m)
		return trouble(path, NULL, "%s", strerror(ENOMEM));
	if (strcmp(step, "1") && !model_go_text(m, step)) {
		status = trouble(step, "a step's number, or a function's name: its first call",
				 "%s", m->message);
	} else if (model_explain(m, &e)) {
		status = trouble(path, NULL, "%s",
				 trace_error(m->t) ? trace_error(m->t) :
						     "there is no step to explain");
	} else {
		explain_print(stdout, &e, WIDTH);
		model_explain_free(&e);
		if (fflush(stdout) || ferror(stdout))
			status = trouble("standard output", NULL, "%s", strerror(errno));
	}
	model_free(m);
	return status;
}
