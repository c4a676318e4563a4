/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands in each pane. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"

/* Columns a tab of the source takes: fewer on narrow panes, where the code would be cut. */
#define TAB_WIDE   8
#define TAB_NARROW 4

/* " tcp.c:12", without the line where none is known. */
static char *place_of(char *buf, size_t len, const char *path, int line)
{
	if (line)
		snprintf(buf, len, " %s:%d", file_name(path), line);
	else
		snprintf(buf, len, " %s", file_name(path));
	return buf;
}

void pane_blank(const struct box *b, int row, int rows)
{
	for (; row < rows; row++)
		draw_text(b->y + 1 + row, b->x, b->w, 0, LOOK_PLAIN, "", 0);
}

const char *pane_title(struct tui *ui, enum pane p, char *buf, size_t len)
{
	struct states states;
	struct source src;
	struct stack stack;
	char place[200];

	switch (p) {
	case PANE_WALK:
		if (ui->m->filter) {
			size_t at = (size_t)snprintf(buf, len, "%s", _("walk: "));

			model_filter_words(ui->m, buf + at, len - at);
		} else {
			snprintf(buf, len, _("walk: %s"), _(model_detail_name(ui->m->detail)));
		}
		break;
	case PANE_SOURCE:
		model_source(ui->m, &src);
		if (src.func)
			snprintf(buf, len, "%s %s",
				 place_of(place, sizeof(place), src.file->path, src.line) + 1,
				 src.func->name);
		else
			snprintf(buf, len, "%s", _("source"));
		model_source_free(&src);
		break;
	case PANE_STACK:
		model_stack(ui->m, &stack);
		snprintf(buf, len, _("stack: %d deep"), stack.count);
		model_stack_free(&stack);
		break;
	case PANE_OBJECTS:
		snprintf(buf, len, "%s", _("objects"));
		break;
	case PANE_STATES:
		model_states(ui->m, &states);
		if (states.object && !states.missing && model_state_name(states.current))
			snprintf(buf, len, _("states: %s %s%s%s%s%s"), states.object,
				 model_state_name(states.current), states.waits ? ", " : "",
				 states.waits ? states.heir : "", states.waits ? " " : "",
				 states.waits ? model_state_name(states.waits) : "");
		else
			snprintf(buf, len, "%s", _("states"));
		model_states_free(&states);
		break;
	case PANE_LANES:
		snprintf(buf, len, "%s", ui->m->lanes_per ? _("lanes: zoomed") : _("lanes"));
		break;
	case PANE_EXPLAIN:
		snprintf(buf, len,
			 ui->explain_more > 0 ? _("explain: %d lines more") : _("explain"),
			 ui->explain_more);
		break;
	case PANE_LADDER:
	case PANE_PORTS:
		snprintf(buf, len, "%s", _(pane_name(p)));
		break;
	default:
		snprintf(buf, len, _("packets: %zu of %zu"),
			 ui->m->npackets ? ui->m->packet + 1 : 0, ui->m->npackets);
	}
	return buf;
}

/* ---- walk -------------------------------------------------------------------------------------- */

static enum look look_of_walk(const struct walk_row *r)
{
	if (r->current)
		return LOOK_CURRENT;
	switch (r->kind) {
	case TRACE_CALL:
		return LOOK_NAME;
	case TRACE_RETURN:
		return LOOK_DIM;
	case TRACE_PACKET:
		return LOOK_PACKET;
	case TRACE_STORE:
		return LOOK_CHANGED;
	case TRACE_DROP:
		return LOOK_BAD;
	default:
		return LOOK_PLAIN;
	}
}

static void draw_walk_row(struct tui *ui, const struct box *b, int y, const struct walk_row *r,
			  int indent)
{
	char sign[4] = { r->sign, '\0' }, text[1200];
	const char *mark = r->kind != TRACE_CALL ? sign :
			   r->fold == '+'        ? glyph(GLYPH_FOLDED) :
			   r->fold == '-'        ? glyph(GLYPH_OPEN) :
						   " ";

	if (b->w >= 70)
		snprintf(text, sizeof(text), "%s%8" PRId64 " %*s%s %s",
			 r->current ? glyph(GLYPH_HERE) : " ", r->step, indent, "", mark, r->text);
	else
		snprintf(text, sizeof(text), "%s%*s%s %s", r->current ? glyph(GLYPH_HERE) : " ",
			 indent, "", mark, r->text);
	draw_text(y, b->x, b->w, ui->side[PANE_WALK], look_of_walk(r), text, strlen(text));
	if (y < TUI_ROWS)
		ui->line_step[y] = r->step;
}

/* What a pane of so many rows can show; there is more on one side where the other comes to an end. */
static int walk_to_fill(struct model *m, int above, int rows, struct walk *w)
{
	int rc;

	/* what a filter has not found at once is not looked for twice */
	if (!m->filter) {
		rc = model_walk(m, above, rows - above - 1, w);
		if (rc || w->count == rows)
			return rc;
		model_walk_free(w);
	}
	return model_walk(m, rows, rows, w);
}

static void draw_walk(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_WALK];
	int rows = b->h - 1, above = rows * 2 / 5, base_indent = 1 << 30, unit, cap;
	struct walk w;

	memset(ui->line_step, 0, sizeof(ui->line_step));
	if (walk_to_fill(ui->m, above, rows, &w)) {
		pane_blank(b, 0, rows);
		return;
	}
	if (!w.count) {
		draw_line(b->y + 1, b->x, b->w, LOOK_DIM, "%s", _("  no steps"));
		pane_blank(b, 1, rows);
		return;
	}
	/* Near the ends the list fills the pane and the position moves away from its place. */
	int first = w.current - above;

	if (first + rows > w.count)
		first = w.count - rows;
	if (first < 0)
		first = 0;
	for (int i = first; i < w.count && i < first + rows; i++)
		if (w.rows[i].indent < base_indent)
			base_indent = w.rows[i].indent;
	unit = b->w >= 60 ? 2 : 1;
	cap = b->w / 3;
	for (int i = 0; i < rows; i++) {
		int at = first + i, indent;

		if (at >= w.count) {
			pane_blank(b, i, i + 1);
			continue;
		}
		indent = (w.rows[at].indent - base_indent) * unit;
		draw_walk_row(ui, b, b->y + 1 + i, &w.rows[at], indent > cap ? cap : indent);
	}
	model_walk_free(&w);
}

/* ---- source ------------------------------------------------------------------------------------ */

static void draw_source_line(struct tui *ui, const struct source *s, int y, int number)
{
	const struct box *b = &ui->panes.box[PANE_SOURCE];
	char code[600];
	size_t len;
	const char *line = trace_source_line(ui->m->t, s->file, number, &len);
	bool here = number == s->line;
	enum look look = here                                                 ? LOOK_CURRENT :
			 number < s->func->line || number > s->func->end_line ? LOOK_DIM :
										LOOK_PLAIN;

	expand_tabs(code, sizeof(code), line ? line : "", line ? len : 0,
		    b->w >= 70 ? TAB_WIDE : TAB_NARROW);
	draw_line(y, b->x, 5, here ? LOOK_CURRENT : LOOK_DIM, "%4d%s", number,
		  here ? glyph(GLYPH_HERE) : " ");
	draw_text(y, b->x + 5, b->w - 5, ui->side[PANE_SOURCE], look, code, strlen(code));
}

/* The variables, one after the other over a few rows: those of the current line first. */
static void draw_values(const struct box *b, int row, int rows, const struct source *s)
{
	int x = 0, y = row;

	for (int i = 0; i < s->nvalues && y < rows; i++) {
		char text[300];
		int width;

		snprintf(text, sizeof(text), "%s%s=%s", s->values[i].changed ? "*" : "",
			 s->values[i].name, s->values[i].value);
		width = text_width(text);
		if (x && x + width > b->w) {
			draw_text(b->y + 1 + y, b->x + x, b->w - x, 0, LOOK_PLAIN, "", 0);
			x = 0;
			if (++y == rows)
				return;
		}
		x += draw_text(b->y + 1 + y, b->x + x, width < b->w - x ? width : b->w - x, 0,
			       s->values[i].chosen  ? LOOK_CURRENT :
			       s->values[i].changed ? LOOK_CHANGED :
			       s->values[i].here    ? LOOK_NAME :
						      LOOK_DIM,
			       text, strlen(text));
		if (x < b->w)
			x += draw_text(b->y + 1 + y, b->x + x, 1, 0, LOOK_PLAIN, " ", 1);
	}
	if (y < rows && x < b->w)
		draw_text(b->y + 1 + y, b->x + x, b->w - x, 0, LOOK_PLAIN, "", 0);
	pane_blank(b, y + 1, rows);
}

static void draw_source(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_SOURCE];
	int rows = b->h - 1, values = rows >= 16 ? 4 : rows >= 9 ? 2 : rows >= 5 ? 1 : 0;
	int code = rows - values, first;
	struct source s;

	model_source(ui->m, &s);
	if (!s.func || !s.lines) {
		draw_line(b->y + 1, b->x, b->w, LOOK_DIM, "%s",
			  model_calls_only(ui->m) ?
				  _("  a kernel's recording: calls and times, no source") :
				  _("  no source here"));
		pane_blank(b, 1, rows);
		model_source_free(&s);
		return;
	}
	first = s.line - code / 2 + ui->scroll[PANE_SOURCE];
	if (first + code > s.lines)
		first = s.lines - code + 1;
	if (first < 1)
		first = 1;
	ui->scroll[PANE_SOURCE] = first - (s.line - code / 2);
	/* Near the file's ends the page cannot be centred: that is no scrolling. */
	if (ui->panes.focus != PANE_SOURCE)
		ui->scroll[PANE_SOURCE] = 0;
	for (int i = 0; i < code; i++) {
		if (first + i <= s.lines)
			draw_source_line(ui, &s, b->y + 1 + i, first + i);
		else
			pane_blank(b, i, i + 1);
	}
	draw_values(b, code, rows, &s);
	model_source_free(&s);
}

/* ---- stack ------------------------------------------------------------------------------------- */

/* Scrolls so that row `at` of `count` is among the rows on screen. */
static int keep_visible(int top, int at, int count, int rows)
{
	if (at >= 0 && at < top)
		top = at;
	if (at >= 0 && at >= top + rows)
		top = at - rows + 1;
	if (top > count - rows)
		top = count - rows;
	return top < 0 ? 0 : top;
}

static void draw_stack(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_STACK];
	int rows = b->h - 1;
	struct stack s;

	model_stack(ui->m, &s);
	ui->top[PANE_STACK] = keep_visible(ui->top[PANE_STACK], ui->m->frame, s.count, rows);
	for (int i = 0; i < rows; i++) {
		int at = ui->top[PANE_STACK] + i, place_width;
		char text[1100], place[80];
		const struct stack_row *r;

		if (at >= s.count) {
			pane_blank(b, i, i + 1);
			continue;
		}
		r = &s.rows[at];
		place_of(place, sizeof(place), r->file, r->line);
		place_width = b->w >= 60 ? text_width(place) : 0;
		snprintf(text, sizeof(text), "%s%-2d %s", r->selected ? glyph(GLYPH_HERE) : " ", at,
			 r->text);
		draw_text(b->y + 1 + i, b->x, b->w - place_width, ui->side[PANE_STACK],
			  !r->selected                  ? LOOK_PLAIN :
			  ui->panes.focus == PANE_STACK ? LOOK_CURRENT :
							  LOOK_NAME,
			  text, strlen(text));
		if (place_width)
			draw_text(b->y + 1 + i, b->x + b->w - place_width, place_width, 0, LOOK_DIM,
				  place, strlen(place));
	}
	if (!s.count && rows > 0)
		draw_line(b->y + 1, b->x, b->w, LOOK_DIM, "%s", _("  no call is open"));
	model_stack_free(&s);
}

/* ---- objects ----------------------------------------------------------------------------------- */

static void object_text(const struct tui *ui, const struct object_row *r, char *text, size_t len)
{
	const char *here = r->selected ? glyph(GLYPH_HERE) : " ";
	bool back = ui->m->before > ui->m->step;

	if (r->heading)
		snprintf(text, len, "%s%s %s  %s", here, glyph(r->open ? GLYPH_OPEN : GLYPH_FOLDED),
			 r->name, r->value);
	else if (r->changed && r->other)
		snprintf(text, len, "%s * %s %s  (%s %s)", here, r->name, r->value,
			 back ? _("then") : _("was"), r->other);
	else
		snprintf(text, len, "%s %s %s %s", here, r->changed ? "*" : " ", r->name, r->value);
}

static void draw_objects(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_OBJECTS];
	int rows = b->h - 1;
	struct objects o;

	model_objects(ui->m, &o);
	/* What changed stands at the top, and stays in sight while one looks elsewhere. */
	if (ui->panes.focus != PANE_OBJECTS)
		ui->top[PANE_OBJECTS] = 0;
	else
		ui->top[PANE_OBJECTS] =
			keep_visible(ui->top[PANE_OBJECTS], o.selected, o.count, rows);
	for (int i = 0; i < rows; i++) {
		int at = ui->top[PANE_OBJECTS] + i;
		char text[700];
		const struct object_row *r;

		if (at >= o.count) {
			pane_blank(b, i, i + 1);
			continue;
		}
		r = &o.rows[at];
		object_text(ui, r, text, sizeof(text));
		draw_text(b->y + 1 + i, b->x, b->w, ui->side[PANE_OBJECTS],
			  r->selected && ui->panes.focus == PANE_OBJECTS ? LOOK_CURRENT :
			  r->selected                                    ? LOOK_SELECTED :
			  r->changed && !r->heading                      ? LOOK_CHANGED :
			  r->heading                                     ? LOOK_NAME :
									   LOOK_PLAIN,
			  text, strlen(text));
	}
	if (!o.count && rows > 0 && model_calls_only(ui->m))
		draw_line(b->y + 1, b->x, b->w, LOOK_DIM, "%s",
			  _("  a kernel's recording: calls and times, no objects"));
	model_objects_free(&o);
}

void panes_draw(struct tui *ui)
{
	static void (*const draw[PANES])(struct tui *) = {
		[PANE_WALK] = draw_walk,       [PANE_SOURCE] = draw_source,
		[PANE_STACK] = draw_stack,     [PANE_OBJECTS] = draw_objects,
		[PANE_PACKETS] = draw_packets, [PANE_LADDER] = draw_ladder,
		[PANE_STATES] = draw_states,   [PANE_LANES] = draw_lanes,
		[PANE_PORTS] = draw_ports,     [PANE_EXPLAIN] = draw_explain,
	};

	for (int p = 0; p < PANES; p++)
		if (ui->panes.box[p].h > 1)
			draw[p](ui);
}
