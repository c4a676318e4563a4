/* SPDX-License-Identifier: GPL-2.0-only */
/* What up, down, Enter and paging do: it depends on the pane that has the focus. */
#include <stdlib.h>
#include <string.h>

#include "viewer/tui.h"

static void walk_move(struct tui *ui, int64_t rows)
{
	for (; rows > 0 && model_over(ui->m, true); rows--)
		;
	for (; rows < 0 && model_over(ui->m, false); rows++)
		;
}

static void objects_move(struct tui *ui, int64_t rows)
{
	struct objects o;
	int64_t at;

	model_objects(ui->m, &o);
	at = o.selected < 0 ? (rows > 0 ? rows - 1 : 0) : o.selected + rows;
	if (at >= o.count)
		at = o.count - 1;
	if (at < 0)
		at = 0;
	if (o.count)
		model_select_object(ui->m, &o.rows[at]);
	model_objects_free(&o);
}

static void stack_move(struct tui *ui, int64_t rows)
{
	for (; rows > 0 && model_select_frame(ui->m, ui->m->frame + 1); rows--)
		;
	for (; rows < 0 && model_select_frame(ui->m, ui->m->frame - 1); rows++)
		;
}

static void packets_move(struct tui *ui, int64_t rows)
{
	int64_t to = (int64_t)ui->m->packet + rows;

	if (to < 0)
		to = 0;
	if (to >= (int64_t)ui->m->npackets)
		to = (int64_t)ui->m->npackets - 1;
	model_select_packet(ui->m, to);
	ui->scroll[PANE_PACKETS] = 0;
}

void pane_move(struct tui *ui, int64_t rows)
{
	switch (ui->focus) {
	case PANE_WALK:
		walk_move(ui, rows);
		break;
	case PANE_SOURCE:
		ui->scroll[PANE_SOURCE] += (int)rows;
		break;
	case PANE_STACK:
		stack_move(ui, rows);
		break;
	case PANE_OBJECTS:
		objects_move(ui, rows);
		break;
	default:
		packets_move(ui, rows);
	}
}

void pane_page(struct tui *ui, bool forward, bool half)
{
	int rows = half ? (ui->page + 1) / 2 : ui->page - 1;

	if (rows < 1)
		rows = 1;
	if (ui->focus == PANE_PACKETS)
		ui->scroll[PANE_PACKETS] += forward ? rows : -rows;
	else
		pane_move(ui, forward ? rows : -rows);
}

void pane_enter(struct tui *ui)
{
	struct stack s;

	switch (ui->focus) {
	case PANE_WALK:
		model_toggle_fold(ui->m);
		break;
	case PANE_SOURCE:
		ui->scroll[PANE_SOURCE] = 0;
		break;
	case PANE_STACK:
		model_stack(ui->m, &s);
		if (ui->m->frame < s.count)
			model_go(ui->m, s.rows[ui->m->frame].call);
		model_stack_free(&s);
		break;
	case PANE_OBJECTS:
		if (ui->m->selected.object)
			model_toggle_object(ui->m, ui->m->selected.object);
		else
			objects_move(ui, 1);
		break;
	default:
		if (ui->m->npackets)
			model_go(ui->m, ui->m->packets[ui->m->packet]);
	}
}

void pane_side(struct tui *ui, int columns)
{
	int *side = &ui->side[ui->focus];

	*side += columns;
	if (*side < 0)
		*side = 0;
}

void pane_next(struct tui *ui, bool forward)
{
	pane_focus(ui, (enum pane)((ui->focus + (forward ? 1 : PANES - 1)) % PANES));
}
