/* SPDX-License-Identifier: GPL-2.0-only */
/* The frame around the panes: headings, the lines between them, and the list of panes. */
#include <curses.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"

/* Columns the list of panes takes. */
#define MENU_WIDTH 62

void layout(struct tui *ui, int rows, int cols)
{
	panes_arrange(&ui->panes, rows, cols);
	ui->page = ui->panes.box[ui->panes.focus].h - 1;
	if (ui->page < 1)
		ui->page = 1;
}

/* "── walk ──────────" */
static void heading(struct tui *ui, enum pane p)
{
	const struct box *b = &ui->panes.box[p];
	enum look look = p == ui->panes.focus ? LOOK_FOCUS : LOOK_HEADING;
	char title[200], text[240];

	attrset((attr_t)draw_look(look));
	for (int x = 0; x < b->w; x++)
		mvaddstr(b->y, b->x + x, glyph(GLYPH_LINE));
	attrset(A_NORMAL);
	/* The focus is told by brackets too, for those who see no colour. */
	snprintf(text, sizeof(text), p == ui->panes.focus ? "[%s]" : " %s ",
		 pane_title(ui, p, title, sizeof(title)));
	if (b->w > 4) {
		int width = text_width(text);

		draw_text(b->y, b->x + 1, width < b->w - 2 ? width : b->w - 2, 0, look, text,
			  strlen(text));
	}
}

/* Is there a line between panes at this column, on this row of the screen? */
static bool bar_at(const struct tui *ui, int x, int y)
{
	for (int p = 0; p < PANES; p++) {
		const struct box *b = &ui->panes.box[p];

		if (b->h && b->y <= y && y < b->y + b->h && b->x && b->x - 1 == x)
			return true;
	}
	return false;
}

/* Does a heading reach that place, from the left or from the right? */
static bool heading_at(const struct tui *ui, int x, int y)
{
	for (int p = 0; p < PANES; p++) {
		const struct box *b = &ui->panes.box[p];

		if (b->h && b->y == y && b->x <= x && x < b->x + b->w)
			return true;
	}
	return false;
}

/* The lines at the left of a pane, with the signs that fit where headings meet them. */
static void draw_bar(struct tui *ui, const struct box *b)
{
	int x = b->x - 1;

	for (int y = b->y; y < b->y + b->h; y++) {
		bool left = heading_at(ui, x - 1, y), right = heading_at(ui, x + 1, y);
		bool above = bar_at(ui, x, y - 1);

		mvaddstr(y, x,
			 glyph((left || right) && !above ? GLYPH_TEE :
			       left && right             ? GLYPH_CROSS :
			       left                      ? GLYPH_FROM_LEFT :
			       right                     ? GLYPH_FROM_RIGHT :
							   GLYPH_BAR));
	}
	/* A pane across ends it. */
	if (heading_at(ui, x, b->y + b->h))
		mvaddstr(b->y + b->h, x, glyph(GLYPH_FOOT));
}

void layout_draw(struct tui *ui)
{
	for (int p = 0; p < PANES; p++)
		if (ui->panes.box[p].h)
			heading(ui, (enum pane)p);
	for (int p = 0; p < PANES; p++)
		if (ui->panes.box[p].h && ui->panes.box[p].x)
			draw_bar(ui, &ui->panes.box[p]);
}

/* ---- the list of panes ------------------------------------------------------------------------- */

static const char *now(const struct panes *p, enum pane which)
{
	return p->focus == which     ? _("looked at") :
	       p->box[which].h       ? _("on screen") :
	       panes_shown(p, which) ? _("shown") :
				       _("hidden");
}

void menu_draw(struct tui *ui, int rows, int cols)
{
	int h = PANES + 3, w = cols < MENU_WIDTH ? cols : MENU_WIDTH;
	int y = rows - 1 - h > 1 ? rows - 1 - h : 0;
	char name[64], is[64];

	draw_line(y, 0, w, LOOK_BAR, "%s",
		  _(" panes: a digit shows one, looks at it, or hides it"));
	for (int p = 0; p < PANES && y + 1 + p < rows; p++)
		draw_line(y + 1 + p, 0, w, p == (int)ui->panes.focus ? LOOK_FOCUS : LOOK_PLAIN,
			  "  %c  %s %s  %s", p < 9 ? '1' + p : 'x',
			  padded(name, sizeof(name), _(pane_name((enum pane)p)), 8),
			  padded(is, sizeof(is), now(&ui->panes, (enum pane)p), 9),
			  _(pane_about((enum pane)p)));
	if (y + h - 1 < rows) {
		draw_line(y + h - 2, 0, w, LOOK_PLAIN, "%s", _("  0  all as at first"));
		draw_line(y + h - 1, 0, w, LOOK_DIM, "%s",
			  _(" [ ] narrower, wider   { } lower, higher   Esc leaves"));
	}
}

void layout_pane(struct tui *ui, int number)
{
	if (number == 0) {
		int columns = ui->panes.columns;

		panes_default(&ui->panes);
		ui->panes.columns = columns;
		model_say(ui->m, _("the panes are as at first"));
	} else if (number <= PANES) {
		if (!panes_toggle(&ui->panes, (enum pane)(number - 1)))
			model_say(ui->m, _("this is the last pane: show another before"));
		else if (!panes_shown(&ui->panes, (enum pane)(number - 1)))
			model_say(ui->m, _("%s hidden: the same key shows it again"),
				  _(pane_name((enum pane)(number - 1))));
	}
}

void menu_key(struct tui *ui, int key)
{
	switch (key) {
	case '[':
	case ']':
		panes_resize(&ui->panes, key == ']' ? 1 : -1, 0);
		return; /* one presses them more than once */
	case '{':
	case '}':
		panes_resize(&ui->panes, 0, key == '}' ? 1 : -1);
		return;
	default:
		ui->menu = false;
		if (key >= '0' && key <= '9')
			layout_pane(ui, key - '0');
		else if (key == 'x')
			explain_toggle(ui);
	}
}
