/* SPDX-License-Identifier: GPL-2.0-only */
/* The mouse: a click is what the keys would do to get there, and the wheel is j and k. */
#include <curses.h>
#include <string.h>

#include "viewer/tui.h"

/* Rows that a notch of the wheel moves. */
#define NOTCH 3

static bool inside(const struct box *b, int y, int x)
{
	return b->h && y >= b->y && y < b->y + b->h && x >= b->x && x < b->x + b->w;
}

/* A click on a row of a pane, counted from 0 below its heading. */
static void click(struct tui *ui, enum pane p, int row)
{
	struct objects o;
	struct packets k;

	switch (p) {
	case PANE_WALK:
		if (ui->panes.box[p].y + 1 + row < TUI_ROWS &&
		    ui->line_step[ui->panes.box[p].y + 1 + row])
			model_go(ui->m, ui->line_step[ui->panes.box[p].y + 1 + row]);
		break;
	case PANE_STACK:
		model_select_frame(ui->m, ui->top[p] + row);
		break;
	case PANE_OBJECTS:
		model_objects(ui->m, &o);
		if (ui->top[p] + row < o.count)
			model_select_object(ui->m, &o.rows[ui->top[p] + row]);
		model_objects_free(&o);
		break;
	case PANE_PACKETS:
		model_packets(ui->m, pane_packet_rows(ui), &k);
		if (row < k.count)
			model_select_packet(ui->m, k.first + row);
		model_packets_free(&k);
		break;
	default:
		break;
	}
}

void mouse_act(struct tui *ui)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return;
	for (int p = 0; p < PANES; p++) {
		if (!inside(&ui->panes.box[p], event.y, event.x))
			continue;
		if (event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
			enum pane focus = ui->panes.focus;

			ui->panes.focus = (enum pane)p;
			pane_move(ui, event.bstate & BUTTON4_PRESSED ? -NOTCH : NOTCH);
			ui->panes.focus = focus;
		} else {
			panes_focus(&ui->panes, (enum pane)p);
			if (event.y > ui->panes.box[p].y)
				click(ui, (enum pane)p, event.y - ui->panes.box[p].y - 1);
		}
		return;
	}
}
