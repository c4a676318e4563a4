/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arrangement of the panes as a file: a line each, the pane, whether it is shown, its weight;
 * then the widths.  A person may write it; what cannot be understood is left out.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/panes.h"

static const char *const shown_names[] = { "off", "on", "auto" };

static const char HEADING[] =
	"# synwalk view: its panes. Written when the viewer ends; remove it to have all as at first.\n"
	"# pane, shown (on, off, auto: where there is room), share of its column's rows\n";

/* The widths and heights by name, and their limits. */
static const struct {
	const char *name;
	size_t at;
	int low, high;
} sizes[] = {
	{ "left", offsetof(struct panes, left), 15, 80 },
	{ "third", offsetof(struct panes, third), 15, 60 },
	{ "upper", offsetof(struct panes, upper), 20, 80 },
};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static int *size_of(struct panes *p, size_t i)
{
	return (int *)(void *)((char *)p + sizes[i].at);
}

char *panes_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int n = -1;

	/* a relative one is to be ignored, as its specification says */
	if (state && *state == '/')
		n = asprintf(&path, "%s/synwalk/layout", state);
	else if (home && *home == '/')
		n = asprintf(&path, "%s/.local/state/synwalk/layout", home);
	return n < 0 ? NULL : path;
}

static int pane_by_name(const char *name)
{
	for (int i = 0; i < PANES; i++)
		if (!strcmp(name, pane_name((enum pane)i)))
			return i;
	return PANES;
}

/* "ladder on 40", "left 45", "across ladder".  Whether it was understood. */
static bool take_line(struct panes *p, const char *line)
{
	char word[32], second[32], rest;
	int number, n = sscanf(line, " %31s %31s %d %c", word, second, &number, &rest);
	int pane;
	char *end;

	if (n < 1 || word[0] == '#')
		return true;
	if (n == 2 && !strcmp(word, "across")) {
		pane = pane_by_name(second);
		p->across = (enum pane)pane;
		return pane != PANES || !strcmp(second, "none");
	}
	pane = pane_by_name(word);
	if (n == 3 && pane != PANES)
		for (int s = PANE_OFF; s <= PANE_AUTO; s++)
			if (!strcmp(second, shown_names[s]) && number > 0 && number <= 200) {
				p->shown[pane] = (enum pane_shown)s;
				p->weight[pane] = number;
				return true;
			}
	if (n != 2)
		return false;
	number = (int)strtol(second, &end, 10);
	for (size_t i = 0; i < SIZES && !*end; i++)
		if (!strcmp(word, sizes[i].name) && number >= sizes[i].low &&
		    number <= sizes[i].high) {
			*size_of(p, i) = number;
			return true;
		}
	return false;
}

void panes_load(struct panes *p, const char *path, char *message, size_t len)
{
	FILE *f = fopen(path, "re");
	char line[200];
	int number = 0, shown = 0;

	message[0] = '\0';
	if (!f) {
		if (errno != ENOENT && errno != ENOTDIR)
			snprintf(message, len, "%s: %s; the panes are as at first", path,
				 strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), f)) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		if (!take_line(p, line) && !message[0])
			snprintf(message, len, "%s:%d: not understood, left out", path, number);
	}
	if (ferror(f) && !message[0])
		snprintf(message, len, "%s: %s; the panes are as at first", path, strerror(errno));
	fclose(f);
	for (int i = 0; i < PANES; i++)
		shown += p->shown[i] != PANE_OFF;
	if (!shown)
		p->shown[PANE_WALK] = PANE_ON;
}

static bool same(const struct panes *a, const struct panes *b)
{
	for (int i = 0; i < PANES; i++)
		if (a->shown[i] != b->shown[i] || a->weight[i] != b->weight[i])
			return false;
	return a->left == b->left && a->third == b->third && a->upper == b->upper &&
	       (a->lent ? PANES : a->across) == (b->lent ? PANES : b->across);
}

static void write_lines(FILE *f, const struct panes *p)
{
	bool across = p->across != PANES && !p->lent;

	fputs(HEADING, f);
	for (int i = 0; i < PANES; i++)
		fprintf(f, "%s %s %d\n", pane_name((enum pane)i), shown_names[p->shown[i]],
			p->weight[i]);
	fputs("# percent: width of the left and of the third column, height above on a small screen\n",
	      f);
	fprintf(f, "left %d\nthird %d\nupper %d\n", p->left, p->third, p->upper);
	fputs("# what stands across a small screen\n", f);
	fprintf(f, "across %s\n", across ? pane_name(p->across) : "none");
}

/* Makes the folders that a file lies in. */
static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

int panes_save(const struct panes *p, const struct panes *before, const char *path)
{
	char *fresh = NULL;
	FILE *f;
	int rc;

	if (same(p, before))
		return 0;
	/* Written beside it and put in its place: two viewers that end at once leave one of both. */
	if (asprintf(&fresh, "%s.%d", path, (int)getpid()) < 0)
		return -1;
	make_folders(fresh);
	f = fopen(fresh, "we");
	if (!f) {
		free(fresh);
		return -1;
	}
	write_lines(f, p);
	rc = ferror(f) ? -1 : 0;
	if (fclose(f) || rc || rename(fresh, path)) {
		rc = errno;
		unlink(fresh);
		errno = rc;
		rc = -1;
	}
	free(fresh);
	return rc;
}
