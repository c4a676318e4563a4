/* SPDX-License-Identifier: GPL-2.0-only */
/* The ladder on the screen: two lines downwards, an arrow a packet between them. */
#include <curses.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"

/* Columns for the time, before the left line; on narrow panes it has none. */
#define TIME_COLUMNS 12
#define NARROW       50

static enum look look_of(const struct tui *ui, const struct ladder_row *r)
{
	if (r->selected)
		return ui->panes.focus == PANE_LADDER ? LOOK_CURRENT : LOOK_SELECTED;
	if (r->future)
		return LOOK_DIM;
	if (r->what == RUNG_DROP)
		return LOOK_BAD;
	if (r->again)
		return LOOK_CHANGED;
	return r->what == RUNG_PACKET ? LOOK_PACKET : LOOK_PLAIN;
}

/* N pieces of line. */
static size_t add_line(char *text, size_t at, size_t len, int n)
{
	for (; n > 0; n--)
		at += (size_t)snprintf(text + at, len - at, "%s",
				       line_piece(TO_LEFT | TO_RIGHT, false));
	return at;
}

/* "--- Flags [S], seq 1 ------------>", W cells wide. */
static void draw_arrow(const struct tui *ui, const struct ladder_row *r, int y, int x, int w)
{
	static const char *const marks[] = {
		[PACKET_FIRST] = "", [PACKET_AGAIN] = N_("AGAIN "), [PACKET_PROBE] = N_("PROBE ")
	};
	char label[600], text[2400];
	int room = w - 6, width, line;
	size_t at = 0;
	enum look look = look_of(ui, r);

	snprintf(label, sizeof(label), "%s%s", *marks[r->again] ? _(marks[r->again]) : "",
		 r->text ? r->text : "");
	width = text_width(label);
	if (room < 1)
		return;
	if (width > room)
		width = room;
	line = w - 3 - width; /* the arrow's head, and a space on each side of the words */
	if (!r->out)
		at += (size_t)snprintf(text, sizeof(text), "%s", glyph(GLYPH_TO_LEFT));
	at = add_line(text, at, sizeof(text), r->out ? 2 : line - 2);
	draw_text(y, x, w, 0, look, text, at);
	x += 2 + (r->out ? 0 : line - 2 + 1) - (r->out ? 0 : 2);
	draw_text(y, x, 1, 0, look, " ", 1);
	draw_text(y, x + 1, width, 0, look, label, strlen(label));
	draw_text(y, x + 1 + width, 1, 0, look, " ", 1);
	at = add_line(text, 0, sizeof(text), r->out ? line - 2 : 2);
	if (r->out)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s", glyph(GLYPH_TO_RIGHT));
	draw_text(y, x + 2 + width, r->out ? line - 1 : 2, 0, look, text, at);
}

static void draw_row(const struct tui *ui, const struct ladder_row *r, int y, int x, int w)
{
	char text[600];

	switch (r->what) {
	case RUNG_PACKET:
		draw_arrow(ui, r, y, x, w);
		break;
	case RUNG_HERE:
		snprintf(text, sizeof(text), _(" step %" PRId64 " is here "), r->step);
		draw_text(y, x, w, 0, look_of(ui, r), text, strlen(text));
		break;
	default:
		snprintf(text, sizeof(text), " %c %s", r->what == RUNG_DROP ? '!' : '@',
			 r->text ? r->text : "");
		draw_text(y, x, w, 0, look_of(ui, r), text, strlen(text));
	}
}

/* Who talks: at the ends of the two lines. */
static void draw_head(const struct box *b, const struct ladder *l, int x, int w)
{
	int right = text_width(l->right);

	draw_line(b->y + 1, b->x, b->w, LOOK_NAME, "%*s%s", x > b->x ? TIME_COLUMNS : 0,
		  x > b->x ? "ms " : "", l->left[0] ? l->left : _("this host"));
	if (right + text_width(l->left) + 4 < w)
		draw_text(b->y + 1, b->x + b->w - right, right, 0, LOOK_NAME, l->right,
			  strlen(l->right));
}

void draw_ladder(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_LADDER];
	int rows = b->h - 2, before = b->w < NARROW ? 1 : TIME_COLUMNS, first;
	int x = b->x + before, w = b->w - before - 1;
	struct ladder l;

	if (rows < 1 || w < 12) {
		pane_blank(b, 0, b->h - 1);
		return;
	}
	if (model_ladder(ui->m, rows, rows, &l) || !l.count) {
		model_ladder_free(&l);
		pane_blank(b, 0, b->h - 1);
		return;
	}
	draw_head(b, &l, x, b->w - before);
	/* Near the ends the list fills the pane and the position moves away from its place. */
	first = l.center - rows * 3 / 5;
	if (first + rows > l.count)
		first = l.count - rows;
	if (first < 0)
		first = 0;
	for (int i = 0; i < rows; i++) {
		int y = b->y + 2 + i, at = first + i;
		const struct ladder_row *r = at < l.count ? &l.rows[at] : NULL;
		bool here = r && r->current;
		char time[40] = "";

		if (r && before > 1)
			snprintf(time, sizeof(time), "%10.3f", (double)r->time / 1e6);
		draw_line(y, b->x, before - 1, r && r->future ? LOOK_DIM : LOOK_PLAIN, "%s%s",
			  here ? glyph(GLYPH_HERE) : " ", time);
		draw_text(y, x - 1, 1, 0, LOOK_DIM, glyph(GLYPH_BAR), strlen(glyph(GLYPH_BAR)));
		draw_text(y, x + w, 1, 0, LOOK_DIM, glyph(GLYPH_BAR), strlen(glyph(GLYPH_BAR)));
		draw_text(y, x, w, 0, LOOK_PLAIN, "", 0);
		if (r)
			draw_row(ui, r, y, x, w);
	}
	if (!ui->m->npackets)
		draw_line(b->y + 2, x, w, LOOK_DIM, "%s", _(" no packets in this trace"));
	model_ladder_free(&l);
}
