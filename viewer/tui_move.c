/* SPDX-License-Identifier: GPL-2.0-only */
/* What up, down, Enter and paging do: it depends on the pane that has the focus. */
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
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

/* In panes whose lines stand for steps. */
static void line_move(struct tui *ui, int64_t rows, bool (*move)(struct model *m, bool forward))
{
	for (; rows > 0 && move(ui->m, true); rows--)
		;
	for (; rows < 0 && move(ui->m, false); rows++)
		;
}

static void line_enter(struct tui *ui, int64_t step)
{
	if (step)
		model_go(ui->m, step);
	else
		model_say(ui->m, _("j and k choose a line"));
}

void pane_cursor(struct tui *ui, int64_t by, bool (*move)(struct model *m, bool forward))
{
	line_move(ui, by, move);
	panes_lend(&ui->panes, true);
}

void pane_move(struct tui *ui, int64_t rows)
{
	switch (ui->panes.focus) {
	case PANE_WALK:
		walk_move(ui, rows);
		break;
	case PANE_SOURCE:
	case PANE_EXPLAIN:
		ui->scroll[ui->panes.focus] += (int)rows;
		break;
	case PANE_STACK:
		stack_move(ui, rows);
		break;
	case PANE_LADDER:
		line_move(ui, rows, model_ladder_move);
		break;
	case PANE_STATES:
		line_move(ui, rows, model_states_move);
		break;
	case PANE_LANES:
		line_move(ui, rows, model_lanes_move);
		break;
	case PANE_PORTS:
		line_move(ui, rows, model_ports_move);
		ui->scroll[PANE_PORTS] = 0;
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
	if (ui->panes.focus == PANE_PACKETS && (ui->m->field_at || ui->m->byte_at))
		line_move(ui, forward ? rows : -rows, model_packet_field);
	else if (ui->panes.focus == PANE_PACKETS || ui->panes.focus == PANE_PORTS)
		ui->scroll[ui->panes.focus] += forward ? rows : -rows;
	else
		pane_move(ui, forward ? rows : -rows);
}

void pane_enter(struct tui *ui)
{
	struct stack s;

	switch (ui->panes.focus) {
	case PANE_WALK:
		model_toggle_fold(ui->m);
		break;
	case PANE_SOURCE:
	case PANE_EXPLAIN:
		ui->scroll[ui->panes.focus] = 0;
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
	case PANE_LADDER:
		line_enter(ui, ui->m->ladder_at);
		break;
	case PANE_STATES:
		line_enter(ui, ui->m->state_at);
		break;
	case PANE_LANES:
		line_enter(ui, ui->m->lanes_at);
		break;
	case PANE_PORTS:
		line_enter(ui, ui->m->port_at);
		break;
	default:
		if (ui->m->npackets)
			model_go(ui->m, ui->m->packets[ui->m->packet]);
	}
}

void pane_side(struct tui *ui, int columns)
{
	int *side = &ui->side[ui->panes.focus];

	*side += columns;
	if (*side < 0)
		*side = 0;
}
