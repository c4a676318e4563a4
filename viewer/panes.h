/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which panes there are, which of them are on the screen, and where each lies.  Nothing in here
 * knows of a terminal: it is arithmetic on rows and columns, and a small text file.
 *
 * Theory of operation
 *
 * Row 0 of the screen is the bar, the last two are the whole text of the step and the message.
 * What lies between is divided by how large the screen is:
 *
 * - small (80x24): walk and source above; stack and objects below.  Each other pane, when it is
 *   looked at, goes across the screen in place of stack and objects.
 * - from 110x34 on: two columns, in which the panes stand below each other.
 * - from 160x40 on: three columns, and there is room for panes that nobody asked for (AUTO).
 *
 * In a column each pane has the rows it needs at least, and the rest by weight.  When they do not
 * fit, those that were not looked at for the longest time are left out.
 */
#ifndef SYNWALK_VIEWER_PANES_H
#define SYNWALK_VIEWER_PANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pane {
	PANE_WALK,
	PANE_SOURCE,
	PANE_STACK,
	PANE_OBJECTS,
	PANE_PACKETS,
	PANE_LADDER,
	PANE_STATES,
	PANE_LANES,
	PANE_PORTS,
	PANE_EXPLAIN,
	PANES
};

enum pane_shown { PANE_OFF, PANE_ON, PANE_AUTO };

/* Where a pane lies: its heading is row y, its content the rows below it.  h 0: not on screen. */
struct box {
	int y, x, h, w;
};

/**
 * struct panes - the arrangement
 * @shown: of each pane
 * @weight: its share of its column's rows
 * @left: width of the left column in percent
 * @third: width of the third column in percent
 * @upper: height of the upper panes on a small screen in percent
 * @focus: the pane that keys mean
 * @zoom: the focused pane has the whole screen
 * @across: on a small screen the pane in place of stack and objects; PANES: none
 * @lent: it stands there only for the packet that was asked for
 * @used: when each was looked at last; @uses: how often any was
 * @box: where each lies, after panes_arrange()
 * @columns: how many there are on this screen
 */
struct panes {
	enum pane_shown shown[PANES];
	int weight[PANES];
	int left, third, upper;
	enum pane focus;
	bool zoom;
	enum pane across;
	bool lent;
	int64_t used[PANES], uses;
	struct box box[PANES];
	int columns;
};

void panes_default(struct panes *p);
const char *pane_name(enum pane which);
/* What it shows, in a few words. */
const char *pane_about(enum pane which);

/* Says where each pane lies on a screen of that size. */
void panes_arrange(struct panes *p, int rows, int cols);

/* Is it among those that Tab goes through? */
bool panes_shown(const struct panes *p, enum pane which);
/* Shows a pane and gives it the keys. */
void panes_focus(struct panes *p, enum pane which);
/* To the next (previous) pane that is shown. */
void panes_next(struct panes *p, bool forward);
/* Shows a pane, looks at it, or hides it if it is looked at.  False if it is the last one. */
bool panes_toggle(struct panes *p, enum pane which);
/* The packets come into sight for a moment, if nothing that was chosen stands there; or go. */
void panes_lend(struct panes *p, bool packets);
/* The focused pane gets wider and higher by so many steps of some percent; less if below 0. */
void panes_resize(struct panes *p, int wider, int higher);

/* ---- panes_file.c: the arrangement as a file ---------------------------------------------------- */

/*
 * $XDG_STATE_HOME/synwalk/layout, or ~/.local/state/synwalk/layout.  The caller frees; NULL if there
 * is no home.
 */
char *panes_path(void);
/*
 * Reads the file.  Lines that cannot be understood are left out, and MESSAGE (otherwise "") tells
 * of the first.  No file is no trouble.
 */
void panes_load(struct panes *p, const char *path, char *message, size_t len);
/* Writes it, with the folders above it, unless all in it is as in BEFORE.  0, or -1 and errno. */
int panes_save(const struct panes *p, const struct panes *before, const char *path);

#endif
