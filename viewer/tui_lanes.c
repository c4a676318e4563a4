/* SPDX-License-Identifier: GPL-2.0-only */
/* The lanes on the screen: an axis of steps, a line for each who runs, what happens between them. */
#include <curses.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/tui.h"

/* Columns for the names. */
#define NAMES 9

int lanes_columns(const struct tui *ui)
{
	int w = ui->panes.box[PANE_LANES].w - NAMES;

	return w > 0 ? w : 1;
}

static const char *cell_sign(uint8_t cell)
{
	switch (cell) {
	case LANE_RUNS:
		return glyph(GLYPH_FULL);
	case LANE_SHARES:
		return glyph(GLYPH_PART);
	case LANE_SLEEPS:
		return glyph(GLYPH_SLEEP);
	case LANE_READY:
		return glyph(GLYPH_READY);
	default:
		return " ";
	}
}

static void put(const struct box *b, int row, int column, enum look look, const char *sign)
{
	if (column >= 0 && column < b->w - NAMES)
		draw_text(b->y + 1 + row, b->x + NAMES + column, 1, 0, look, sign, strlen(sign));
}

/* The axis: where time goes on, what it is then; and the position. */
static void draw_axis(const struct tui *ui, const struct box *b, const struct lanes *l)
{
	int free_from = 0;

	draw_line(b->y + 1, b->x, NAMES, LOOK_DIM, "ms");
	draw_text(b->y + 1, b->x + NAMES, b->w - NAMES, 0, LOOK_DIM, "", 0);
	for (int c = 0; c < l->columns; c++) {
		char text[40];
		int w;

		if (l->from + c * l->per > trace_last_step(ui->m->t))
			break;
		if (c && l->times[c] == l->times[c - 1])
			continue;
		snprintf(text, sizeof(text), "%s%g", glyph(GLYPH_BAR), (double)l->times[c] / 1e6);
		w = text_width(text);
		if (c < free_from || c + w > l->columns)
			continue;
		draw_text(b->y + 1, b->x + NAMES + c, w, 0, LOOK_DIM, text, strlen(text));
		free_from = c + w + 1;
	}
	put(b, 0, l->here, LOOK_CURRENT, glyph(GLYPH_TO_DOWN));
}

static void draw_lane(const struct tui *ui, const struct box *b, const struct lanes *l, int i,
		      int row)
{
	const struct lane *lane = &l->lane[i];

	draw_line(b->y + 1 + row, b->x, NAMES, lane->context ? LOOK_PLAIN : LOOK_NAME, "%.8s",
		  lane->name);
	for (int c = 0; c < l->columns; c++) {
		bool future = l->from + c * l->per > ui->m->step;

		put(b, row, c,
		    c == l->here                ? LOOK_CURRENT :
		    c == l->at                  ? LOOK_SELECTED :
		    future                      ? LOOK_DIM :
		    lane->cells[c] == LANE_RUNS ? LOOK_PACKET :
						  LOOK_PLAIN,
		    cell_sign(lane->cells[c]));
	}
}

/* A wake-up goes from lane to lane; the others stand in the lane of whoever does them. */
static void draw_mark(const struct box *b, const struct lane_mark *k, int top, int lanes)
{
	char sign[2] = { k->sign, '\0' };
	int low = k->lane < k->to ? k->lane : k->to, high = k->lane < k->to ? k->to : k->lane;

	if (k->lane < 0 || k->lane >= lanes)
		return;
	for (int i = low + 1; k->to >= 0 && i < high && i < lanes; i++)
		put(b, top + i, k->column, LOOK_CHANGED, glyph(GLYPH_BAR));
	if (k->to >= 0 && k->to < lanes)
		put(b, top + k->to, k->column, LOOK_CHANGED, "^");
	put(b, top + k->lane, k->column, k->sign == '@' ? LOOK_BAD : LOOK_CHANGED, sign);
}

/* Timers get a line of their own when there is room, so that they do not hide the rest. */
static bool is_timer(const struct lane_mark *k)
{
	return k->sign == '+' || k->sign == '-' || k->sign == '@';
}

void draw_lanes(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_LANES];
	int rows = b->h - 1, room, lanes;
	struct lanes l;

	pane_blank(b, 0, rows);
	if (model_lanes(ui->m, lanes_columns(ui), &l) || !l.columns) {
		model_lanes_free(&l);
		return;
	}
	draw_axis(ui, b, &l);
	room = rows - 3; /* the axis, the timers, the words */
	lanes = l.count < room ? l.count : room;
	for (int i = 0; i < lanes; i++)
		draw_lane(ui, b, &l, i, 1 + i);
	if (room >= 1)
		draw_line(b->y + 2 + lanes, b->x, NAMES, LOOK_PLAIN, "timers");
	for (int i = 0; i < l.nmarks; i++) {
		const struct lane_mark *k = &l.marks[i];
		char sign[2] = { k->sign, '\0' };

		if (is_timer(k) && room >= 1)
			put(b, 1 + lanes, k->column,
			    k->step > ui->m->step ? LOOK_DIM :
			    k->sign == '@'        ? LOOK_BAD :
						    LOOK_PLAIN,
			    sign);
		else if (!is_timer(k))
			draw_mark(b, k, 1, lanes);
	}
	draw_line(b->y + rows, b->x, b->w, ui->m->lanes_at ? LOOK_SELECTED : LOOK_DIM,
		  "%" PRId64 " %s", ui->m->lanes_at ? ui->m->lanes_at : ui->m->step,
		  l.text ? l.text : "");
	if (rows > lanes + 3)
		draw_line(
			b->y + rows - 1, b->x, b->w, LOOK_DIM,
			"%s runs %s shares %s sleeps %s ready  ^ wakes %% switches  timer + on - off @ fires",
			glyph(GLYPH_FULL), glyph(GLYPH_PART), glyph(GLYPH_SLEEP),
			glyph(GLYPH_READY));
	model_lanes_free(&l);
}
