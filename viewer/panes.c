/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the panes lie: see panes.h. */
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/panes.h"

/* From these sizes on there are two and three columns. */
#define WIDE_COLS  110
#define WIDE_ROWS  34
#define THREE_COLS 160
#define THREE_ROWS 40

/* Below this one pane has it all. */
#define TINY_COLS 40
#define TINY_ROWS 12

/* What a key changes of a width, in percent, and of a weight. */
#define WIDTH_STEP  5
#define WEIGHT_STEP 5

/*
 * @column: in which it stands, of two and of three; @rows: that it needs at least, heading included;
 * @across: on a small screen it goes across
 */
static const struct {
	const char *name, *about;
	int column[2], rows, weight;
	bool across;
	enum pane_shown shown;
} kinds[PANES] = {
	[PANE_WALK] = { N_("walk"), N_("the steps as a tree"), { 0, 0 }, 6, 65, false, PANE_ON },
	[PANE_SOURCE] = { N_("source"),
			  N_("the line, and the values on it"),
			  { 1, 1 },
			  6,
			  45,
			  false,
			  PANE_ON },
	[PANE_STACK] = { N_("stack"),
			 N_("the open calls, with arguments"),
			 { 0, 0 },
			 4,
			 35,
			 false,
			 PANE_ON },
	[PANE_OBJECTS] = { N_("objects"),
			   N_("what changed, and what it was"),
			   { 1, 1 },
			   5,
			   30,
			   false,
			   PANE_ON },
	[PANE_PACKETS] = { N_("packets"),
			   N_("decoded, and as bytes"),
			   { 1, 1 },
			   6,
			   25,
			   true,
			   PANE_ON },
	[PANE_LADDER] = { N_("ladder"),
			  N_("packets between the peers"),
			  { 1, 2 },
			  7,
			  35,
			  true,
			  PANE_AUTO },
	[PANE_STATES] = { N_("states"),
			  N_("the TCP states, and the way taken"),
			  { 1, 2 },
			  9,
			  30,
			  true,
			  PANE_AUTO },
	[PANE_LANES] = { N_("lanes"),
			 N_("who runs, sleeps and is woken"),
			 { 0, 0 },
			 7,
			 20,
			 true,
			 PANE_AUTO },
	[PANE_PORTS] = { N_("ports"),
			 N_("the search for a port, bhash, ehash"),
			 { 0, 2 },
			 7,
			 30,
			 true,
			 PANE_AUTO },
	[PANE_EXPLAIN] = { N_("explain"),
			   N_("the step in sentences (x)"),
			   { 1, 1 },
			   8,
			   35,
			   true,
			   PANE_OFF },
};

const char *pane_name(enum pane which)
{
	return kinds[which].name;
}

const char *pane_about(enum pane which)
{
	return kinds[which].about;
}

void panes_default(struct panes *p)
{
	memset(p, 0, sizeof(*p));
	for (int i = 0; i < PANES; i++) {
		p->shown[i] = kinds[i].shown;
		p->weight[i] = kinds[i].weight;
	}
	p->left = 45;
	p->third = 33;
	p->upper = 55;
	p->across = PANES;
	p->columns = 1;
}

bool panes_shown(const struct panes *p, enum pane which)
{
	return p->shown[which] == PANE_ON || (p->shown[which] == PANE_AUTO && p->columns == 3);
}

/* ---- arranging ----------------------------------------------------------------------------------- */

static void place(struct panes *p, enum pane which, int y, int x, int h, int w)
{
	p->box[which] = (struct box){ y, x, h, w };
}

/* Two panes beside each other, or the one of them that is shown; none may be. */
static void pair(struct panes *p, enum pane a, enum pane b, int y, int h, int cols)
{
	int left = cols * p->left / 100;
	bool both = panes_shown(p, a) && panes_shown(p, b);

	if (panes_shown(p, a))
		place(p, a, y, 0, h, both ? left : cols);
	if (panes_shown(p, b))
		place(p, b, y, both ? left + 1 : 0, h, both ? cols - left - 1 : cols);
}

static void arrange_small(struct panes *p, int h, int cols)
{
	bool above = panes_shown(p, PANE_WALK) || panes_shown(p, PANE_SOURCE);
	bool across = p->across != PANES && panes_shown(p, p->across);
	bool below = across || panes_shown(p, PANE_STACK) || panes_shown(p, PANE_OBJECTS);
	int upper = !below ? h : !above ? 0 : (h + 1) * p->upper / 100;

	pair(p, PANE_WALK, PANE_SOURCE, 1, upper, cols);
	if (across)
		place(p, p->across, 1 + upper, 0, h - upper, cols);
	else
		pair(p, PANE_STACK, PANE_OBJECTS, 1 + upper, h - upper, cols);
	/* only panes that go across are shown, and none of them was looked at yet */
	for (int i = 0; !above && !below && i < PANES; i++)
		if (panes_shown(p, (enum pane)i)) {
			place(p, (enum pane)i, 1, 0, h, cols);
			break;
		}
}

static int column_of(const struct panes *p, int which)
{
	return kinds[which].column[p->columns - 2];
}

/* Takes from LIST those that were not looked at for longest until the rest fits.  What is left. */
static int leave_out(const struct panes *p, enum pane *list, int n, int h)
{
	for (;;) {
		int need = 0, oldest = -1;

		for (int i = 0; i < n; i++) {
			need += kinds[list[i]].rows;
			if (list[i] != p->focus &&
			    (oldest < 0 || p->used[list[i]] <= p->used[list[oldest]]))
				oldest = i;
		}
		if (need <= h || oldest < 0)
			return n;
		for (int i = oldest; i < n - 1; i++)
			list[i] = list[i + 1];
		n--;
	}
}

/* The panes of a column below each other. */
static void arrange_column(struct panes *p, int column, int x, int w, int h)
{
	enum pane list[PANES];
	int n = 0, weights = 0, spare = h, y = 1;

	for (int i = 0; i < PANES; i++)
		if (panes_shown(p, (enum pane)i) && column_of(p, i) == column)
			list[n++] = (enum pane)i;
	n = leave_out(p, list, n, h);
	for (int i = 0; i < n; i++)
		weights += p->weight[list[i]];
	/* Each has its share, but what it needs at least; those that have more give it. */
	for (int i = 0; i < n; i++) {
		int rows = weights ? spare * p->weight[list[i]] / weights : spare, later = 0;

		for (int k = i + 1; k < n; k++)
			later += kinds[list[k]].rows;
		if (rows > spare - later)
			rows = spare - later;
		if (rows < kinds[list[i]].rows)
			rows = kinds[list[i]].rows;
		if (i == n - 1 || rows > spare)
			rows = spare;
		place(p, list[i], y, x, rows, w);
		y += rows;
		spare -= rows;
		weights -= p->weight[list[i]];
	}
}

static bool column_empty(const struct panes *p, int column)
{
	for (int i = 0; i < PANES; i++)
		if (panes_shown(p, (enum pane)i) && column_of(p, i) == column)
			return false;
	return true;
}

static void arrange_columns(struct panes *p, int h, int cols)
{
	int share[3] = { p->left, 100 - p->left, 0 }, x = 0, last = -1;

	if (p->columns == 3) {
		share[2] = p->third;
		share[0] = (100 - p->third) * p->left / 100;
		share[1] = 100 - share[0] - share[2];
	}
	for (int c = 0; c < p->columns; c++)
		if (!column_empty(p, c))
			last = c;
	for (int c = 0; c <= last; c++) {
		int w = cols - x;

		if (column_empty(p, c))
			continue;
		/* what an empty column leaves goes to the others by their shares */
		if (c != last) {
			int others = share[c];

			for (int k = c + 1; k <= last; k++)
				others += column_empty(p, k) ? 0 : share[k];
			w = (cols - x) * share[c] / (others > 0 ? others : 1);
		}
		arrange_column(p, c, x, w, h);
		x += w + 1;
	}
}

void panes_arrange(struct panes *p, int rows, int cols)
{
	int h = rows - 3;

	memset(p->box, 0, sizeof(p->box));
	p->columns = cols >= THREE_COLS && rows >= THREE_ROWS ? 3 :
		     cols >= WIDE_COLS && rows >= WIDE_ROWS   ? 2 :
								1;
	if (h < 1)
		return;
	/* the screen may have become smaller */
	if (!panes_shown(p, p->focus))
		panes_next(p, true);
	if (p->zoom || rows < TINY_ROWS || cols < TINY_COLS)
		place(p, p->focus, 1, 0, h, cols);
	else if (p->columns > 1)
		arrange_columns(p, h, cols);
	else
		arrange_small(p, h, cols);
}

/* ---- changing it --------------------------------------------------------------------------------- */

void panes_focus(struct panes *p, enum pane which)
{
	if (!panes_shown(p, which))
		p->shown[which] = PANE_ON;
	p->focus = which;
	p->used[which] = ++p->uses;
	if (kinds[which].across) {
		p->across = which;
		p->lent = false;
	} else if (which == PANE_STACK || which == PANE_OBJECTS) {
		p->across = PANES;
	}
}

void panes_next(struct panes *p, bool forward)
{
	int at = p->focus;

	for (int i = 0; i < PANES; i++) {
		at = (at + (forward ? 1 : PANES - 1)) % PANES;
		if (panes_shown(p, (enum pane)at))
			break;
	}
	panes_focus(p, (enum pane)at);
}

bool panes_toggle(struct panes *p, enum pane which)
{
	int others = 0;

	if (p->focus != which || !panes_shown(p, which)) {
		panes_focus(p, which);
		return true;
	}
	for (int i = 0; i < PANES; i++)
		others += i != (int)which && panes_shown(p, (enum pane)i);
	if (!others)
		return false;
	p->shown[which] = PANE_OFF;
	p->zoom = false;
	/* back to the walk, from where one goes on most often */
	if (p->across == which)
		p->across = PANES;
	if (panes_shown(p, PANE_WALK))
		panes_focus(p, PANE_WALK);
	else
		panes_next(p, true);
	return true;
}

void panes_lend(struct panes *p, bool packets)
{
	if (packets && p->across == PANES && panes_shown(p, PANE_PACKETS)) {
		p->across = PANE_PACKETS;
		p->lent = true;
	} else if (!packets && p->lent) {
		p->across = PANES;
		p->lent = false;
	}
}

static void change(int *value, int by, int low, int high)
{
	*value += by;
	if (*value < low)
		*value = low;
	if (*value > high)
		*value = high;
}

void panes_resize(struct panes *p, int wider, int higher)
{
	bool small = p->columns == 1;
	int column = small ? kinds[p->focus].column[0] : column_of(p, p->focus);
	bool above = p->focus == PANE_WALK || p->focus == PANE_SOURCE;

	wider *= WIDTH_STEP;
	higher *= WEIGHT_STEP;
	if (p->columns == 3 && column)
		change(&p->third, column == 2 ? wider : -wider, 15, 60);
	else if (wider)
		change(&p->left, column ? -wider : wider, 15, 80);
	if (small)
		change(&p->upper, above ? higher : -higher, 20, 80);
	else
		change(&p->weight[p->focus], higher, 5, 200);
}
