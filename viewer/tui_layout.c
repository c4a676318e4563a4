/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the panes lie.
 *
 * Small screens (80x24): walk and source above; stack and objects below, or the packets across
 * when they are looked at.  Large ones show all five: walk and stack on the left, source, objects
 * and packets on the right.  Row 0 is the bar; the last two are the whole text of the step, and
 * the message or the hints.
 */
#include <curses.h>
#include <string.h>

#include "viewer/tui.h"

/* From this size on all panes fit beside each other. */
#define WIDE_COLS 110
#define WIDE_ROWS 34

static void place(struct tui *ui, enum pane p, int y, int x, int h, int w)
{
	ui->box[p] = (struct box){ y, x, h, w };
}

static void layout_small(struct tui *ui, int h, int cols)
{
	int left = cols * 45 / 100, right = cols - left - 1, upper = (h + 1) * 55 / 100;

	place(ui, PANE_WALK, 1, 0, upper, left);
	place(ui, PANE_SOURCE, 1, left + 1, upper, right);
	if (ui->below) {
		place(ui, PANE_PACKETS, 1 + upper, 0, h - upper, cols);
	} else {
		place(ui, PANE_STACK, 1 + upper, 0, h - upper, left);
		place(ui, PANE_OBJECTS, 1 + upper, left + 1, h - upper, right);
	}
}

static void layout_wide(struct tui *ui, int h, int cols)
{
	int left = cols * 45 / 100, right = cols - left - 1;
	int walk = h * 65 / 100, source = h * 45 / 100, objects = h * 30 / 100;

	place(ui, PANE_WALK, 1, 0, walk, left);
	place(ui, PANE_STACK, 1 + walk, 0, h - walk, left);
	place(ui, PANE_SOURCE, 1, left + 1, source, right);
	place(ui, PANE_OBJECTS, 1 + source, left + 1, objects, right);
	place(ui, PANE_PACKETS, 1 + source + objects, left + 1, h - source - objects, right);
}

void layout(struct tui *ui, int rows, int cols)
{
	int h = rows - 3;

	memset(ui->box, 0, sizeof(ui->box));
	if (h < 1)
		return;
	if (ui->zoom || rows < 12 || cols < 40)
		place(ui, ui->focus, 1, 0, h, cols);
	else if (cols >= WIDE_COLS && rows >= WIDE_ROWS)
		layout_wide(ui, h, cols);
	else
		layout_small(ui, h, cols);
	ui->page = ui->box[ui->focus].h - 1;
	if (ui->page < 1)
		ui->page = 1;
}

void pane_focus(struct tui *ui, enum pane p)
{
	ui->focus = p;
	if (p == PANE_PACKETS)
		ui->below = true;
	else if (p == PANE_STACK || p == PANE_OBJECTS)
		ui->below = false;
}

/* "── walk ──────────" */
static void heading(struct tui *ui, enum pane p)
{
	const struct box *b = &ui->box[p];
	enum look look = p == ui->focus ? LOOK_FOCUS : LOOK_HEADING;
	char title[200], text[240];

	attrset((attr_t)draw_look(look));
	for (int x = 0; x < b->w; x++)
		mvaddstr(b->y, b->x + x, glyph(GLYPH_LINE));
	attrset(A_NORMAL);
	/* The focus is told by brackets too, for those who see no colour. */
	snprintf(text, sizeof(text), p == ui->focus ? "[%s]" : " %s ",
		 pane_title(ui, p, title, sizeof(title)));
	if (b->w > 4) {
		int width = text_width(text);

		draw_text(b->y, b->x + 1, width < b->w - 2 ? width : b->w - 2, 0, look, text,
			  strlen(text));
	}
}

/* Does a pane's heading run along row y on that side of the bar? */
static bool heading_at(const struct tui *ui, int y, bool right)
{
	for (int p = 0; p < PANES; p++)
		if (ui->box[p].h && ui->box[p].y == y && (ui->box[p].x > 0) == right)
			return true;
	return false;
}

/* The bar between left and right, with the signs that fit where headings meet it. */
static void draw_bar(struct tui *ui)
{
	const struct box *source = &ui->box[PANE_SOURCE];
	int x = source->x - 1, end = 0;

	if (!source->h || x < 0)
		return;
	for (int p = 0; p < PANES; p++)
		if (ui->box[p].h && ui->box[p].x > 0 && ui->box[p].y + ui->box[p].h > end)
			end = ui->box[p].y + ui->box[p].h;
	for (int y = source->y; y < end; y++) {
		bool left = heading_at(ui, y, false), right = heading_at(ui, y, true);

		mvaddstr(y, x,
			 glyph(y == source->y ? GLYPH_TEE :
			       left && right  ? GLYPH_CROSS :
			       left           ? GLYPH_FROM_LEFT :
			       right          ? GLYPH_FROM_RIGHT :
						GLYPH_BAR));
	}
	/* Packets across the whole screen end it. */
	if (heading_at(ui, end, false))
		mvaddstr(end, x, glyph(GLYPH_FOOT));
}

void layout_draw(struct tui *ui)
{
	for (int p = 0; p < PANES; p++)
		if (ui->box[p].h)
			heading(ui, (enum pane)p);
	draw_bar(ui);
}
