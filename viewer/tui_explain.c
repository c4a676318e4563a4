/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pane that explains the step: what it is, what its field and its function are for.  It follows the
 * steps, and begins with each at the top.
 */
#include <stdlib.h>
#include <string.h>

#include "viewer/explain.h"
#include "viewer/i18n.h"
#include "viewer/text.h"
#include "viewer/tui.h"

/* Text deeper than headings, and lines longer than this are hard to read. */
#define INDENT    2
#define WIDEST    100
#define MAX_LINES 200

struct lines {
	struct {
		char *text;
		enum look look;
	} line[MAX_LINES];
	enum look look;
	int count, indent;
};

static void add_line(void *ctx, const char *text, size_t len)
{
	struct lines *l = ctx;
	char *line;

	if (l->count == MAX_LINES)
		return;
	line = malloc(len + (size_t)l->indent + 1);
	if (!line)
		return;
	memset(line, ' ', (size_t)l->indent);
	memcpy(line + l->indent, text, len);
	line[len + (size_t)l->indent] = '\0';
	l->line[l->count].text = line;
	l->line[l->count++].look = l->look;
}

static void add(struct lines *l, const char *text, int width, enum look look, int indent)
{
	l->look = look;
	l->indent = indent;
	text_wrap(text, width - indent, add_line, l);
}

/* The step's own line stands below the panes too, so here it is dimmer than what it touches. */
static void collect(struct model *m, struct lines *l, int width)
{
	struct explanation e;

	if (width > WIDEST)
		width = WIDEST;
	if (model_explain(m, &e)) {
		add(l, _("no step"), width, LOOK_DIM, INDENT);
		return;
	}
	for (int i = 0; i < e.count; i++) {
		add(l, e.items[i].head, width, i ? LOOK_NAME : LOOK_DIM, 0);
		add(l, e.items[i].text, width, LOOK_PLAIN, INDENT);
	}
	model_explain_free(&e);
}

int explain_draw(struct model *m, const struct box *b, int *top)
{
	struct lines l = { .count = 0 };
	int rows = b->h - 1;

	collect(m, &l, b->w - 1);
	if (*top > l.count - rows)
		*top = l.count - rows;
	if (*top < 0)
		*top = 0;
	for (int i = 0; i < rows; i++) {
		int at = *top + i;

		if (at < l.count)
			draw_text(b->y + 1 + i, b->x, b->w, 0, l.line[at].look, l.line[at].text,
				  strlen(l.line[at].text));
		else
			pane_blank(b, i, i + 1);
	}
	for (int i = 0; i < l.count; i++)
		free(l.line[i].text);
	return l.count - *top - rows;
}

void draw_explain(struct tui *ui)
{
	int *top = &ui->scroll[PANE_EXPLAIN];

	if (ui->explained != ui->m->step)
		*top = 0;
	ui->explained = ui->m->step;
	/* what does not fit is told, or nobody would scroll */
	ui->explain_more = explain_draw(ui->m, &ui->panes.box[PANE_EXPLAIN], top);
}

void explain_toggle(struct tui *ui)
{
	if (ui->panes.box[PANE_EXPLAIN].h)
		ui->panes.focus = PANE_EXPLAIN;
	panes_toggle(&ui->panes, PANE_EXPLAIN);
}
