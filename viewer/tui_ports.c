/* SPDX-License-Identifier: GPL-2.0-only */
/* The port table on the screen: lines, of which the present one is kept in sight. */
#include <inttypes.h>
#include <string.h>

#include "viewer/tui.h"

static enum look look_of(const struct tui *ui, const struct port_row *r)
{
	if (r->selected)
		return ui->panes.focus == PANE_PORTS ? LOOK_CURRENT : LOOK_SELECTED;
	switch (r->look) {
	case PORT_HEADING:
		return LOOK_NAME;
	case PORT_NOW:
		return LOOK_CHANGED;
	case PORT_PAST:
	case PORT_LACKS:
		return LOOK_DIM;
	default:
		return LOOK_PLAIN;
	}
}

void draw_ports(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_PORTS];
	int rows = b->h - 1, first, *scroll = &ui->scroll[PANE_PORTS];
	struct ports p;

	pane_blank(b, 0, rows);
	model_ports(ui->m, &p);
	/* the heading stays in sight as long as the present port does */
	first = p.center > rows / 2 ? p.center - rows / 2 : 0;
	if (first + *scroll > p.count - rows)
		*scroll = p.count - rows - first;
	if (first + *scroll < 0)
		*scroll = -first;
	first += *scroll;
	for (int i = 0; i < rows && first + i < p.count; i++) {
		const struct port_row *r = &p.rows[first + i];
		const char *mark = r->look == PORT_NOW ? glyph(GLYPH_HERE) : " ";

		draw_text(b->y + 1 + i, b->x, 1, 0, LOOK_CHANGED, mark, strlen(mark));
		draw_text(b->y + 1 + i, b->x + 1, b->w - 1, ui->side[PANE_PORTS], look_of(ui, r),
			  r->text, strlen(r->text));
	}
	model_ports_free(&p);
}
