/* SPDX-License-Identifier: GPL-2.0-only */
/* The screen of two replays side by side: the walk through both, their sources, what differs. */
#include <curses.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"
#include "viewer/twin.h"

/**
 * struct twin_screen - what is on it
 * @explain: explanations stand in place of the sources; @looked_at: they are, and keys scroll them
 * @top: the first of their lines; @explained: the pair that they are of
 */
struct twin_screen {
	struct twin *t;
	bool explain, looked_at;
	int top;
	int64_t explained;
};

/* " good.db | bad.db   step 120 | 122   7 places differ" */
static void draw_bar(struct twin *t, int cols)
{
	struct diff_pair here = { 0 };

	twin_here(t, &here);
	draw_line(0, 0, cols, LOOK_BAR,
		  _(" %s | %s   step %" PRId64 " | %" PRId64 "   %" PRId64 " of %" PRId64
		    " lines differ   %s"),
		  file_name(trace_path(t->report.t[0])), file_name(trace_path(t->report.t[1])),
		  here.a, here.b, t->ndiffers, t->count, _(model_detail_name(t->detail)));
}

static enum look look_of(const struct twin_row *row)
{
	if (row->current)
		return LOOK_CURRENT;
	return row->sign == '=' ? LOOK_PLAIN : row->sign == '!' ? LOOK_CHANGED : LOOK_BAD;
}

static void draw_row(int y, int cols, const struct twin_row *row, int base_indent)
{
	int half = (cols - 3) / 2, indent = row->indent - base_indent;
	char text[1200], sign[8];

	if (indent > half / 3)
		indent = half / 3;
	for (int side = 0; side < 2; side++) {
		const char *words = row->text[side];

		snprintf(text, sizeof(text), "%s%*s%s%s", row->current ? glyph(GLYPH_HERE) : " ",
			 indent, "", row->folded && *words ? glyph(GLYPH_FOLDED) : "", words);
		draw_text(y, side ? half + 3 : 0, side ? cols - half - 3 : half, 0, look_of(row),
			  *words ? text : "", *words ? strlen(text) : 0);
	}
	snprintf(sign, sizeof(sign), " %c ", row->sign == '=' ? ' ' : row->sign);
	draw_text(y, half, 3, 0, row->sign == '=' ? LOOK_DIM : LOOK_BAD, sign, 3);
}

static void draw_walk(struct twin *t, int y, int rows, int cols)
{
	struct twin_rows w;
	int first, base_indent = 1 << 30;

	if (twin_walk(t, rows, rows, &w) || !w.count) {
		draw_line(y, 0, cols, LOOK_DIM, "%s", _("  no steps"));
		twin_rows_free(&w);
		return;
	}
	first = w.current - rows * 2 / 5;
	if (first + rows > w.count)
		first = w.count - rows;
	if (first < 0)
		first = 0;
	for (int i = first; i < w.count && i < first + rows; i++)
		if (w.rows[i].indent < base_indent)
			base_indent = w.rows[i].indent;
	for (int i = 0; i < rows && first + i < w.count; i++)
		draw_row(y + i, cols, &w.rows[first + i], base_indent);
	twin_rows_free(&w);
}

/* Explains one side in its box, from line *TOP on.  How many lines are below. */
static int explain_side(struct twin *t, int side, const struct box *at, int *top)
{
	struct model *m = twin_side(t, side);

	if (m)
		return explain_draw(m, at, top);
	*top = 0;
	draw_line(at->y + 1, at->x, at->w, LOOK_DIM, "%s", _("  nothing on this side"));
	return 0;
}

/* The explanations: one if both sides are the same, else each on its side. */
static void draw_explanations(struct twin_screen *s, struct box left, const struct box *right)
{
	struct diff_pair here = { 0 };
	int top[2] = { 0 }, more, other = 0;
	char heading[80];

	twin_here(s->t, &here);
	if (s->explained == s->t->at)
		top[0] = top[1] = s->top;
	s->explained = s->t->at;
	if (here.a && here.b && !here.differs && !here.moved) {
		left.w = right->x + right->w;
		top[1] = 0;
	} else {
		other = explain_side(s->t, 1, right, &top[1]);
	}
	more = explain_side(s->t, 0, &left, &top[0]);
	more = other > more ? other : more;
	/* the longer one says how far one can scroll */
	s->top = top[1] > top[0] ? top[1] : top[0];
	snprintf(heading, sizeof(heading), more > 0 ? _("explain: %d lines more") : _("explain"),
		 more);
	draw_line(left.y, 0, right->x + right->w, s->looked_at ? LOOK_FOCUS : LOOK_HEADING, "%s",
		  heading);
}

/* The source around a step of one side. */
static void draw_source(struct twin *t, int side, int64_t step, struct box at)
{
	struct trace *trace = t->report.t[side];
	struct trace_step s;
	int line;

	if (!step || trace_step(trace, step, &s) != 1) {
		draw_line(at.y, at.x, at.w, LOOK_DIM, "%s", _("  nothing on this side"));
		return;
	}
	line = s.line ? s.line : s.func ? s.func->line : 0;
	if (s.func)
		draw_line(at.y, at.x, at.w, LOOK_HEADING, "%s:%d %s", file_name(s.func->file->path),
			  line, s.func->name);
	for (int i = 1; i < at.h && s.func; i++) {
		int number = line - at.h / 2 + i;
		char code[400];
		size_t len = 0;
		const char *text =
			number > 0 ? trace_source_line(trace, s.func->file, number, &len) : NULL;

		expand_tabs(code, sizeof(code), text ? text : "", text ? len : 0, 4);
		draw_line(at.y + i, at.x, at.w, number == line ? LOOK_CURRENT : LOOK_PLAIN,
			  "%4d%s %s", number > 0 ? number : 0,
			  number == line ? glyph(GLYPH_HERE) : " ", code);
	}
	trace_step_free(&s);
}

static void draw_here(struct twin *t, int y, int cols)
{
	char words[500];

	twin_words(t, words, sizeof(words));
	draw_line(y, 0, cols, *words ? LOOK_BAD : LOOK_PLAIN, "%s%s", glyph(GLYPH_HERE),
		  *words ? words : _(" the same"));
}

static void draw(struct twin_screen *s)
{
	int rows, cols, walk, below, half;
	struct twin *t = s->t;
	struct diff_pair here = { 0 };
	struct box left, right;

	getmaxyx(stdscr, rows, cols);
	erase();
	if (rows < 8 || cols < 40) {
		draw_line(0, 0, cols, LOOK_PLAIN, "%s", _("too small"));
		refresh();
		return;
	}
	walk = (rows - 3) * (s->explain ? 2 : 3) / 5;
	below = rows - 4 - walk;
	half = (cols - 3) / 2;
	left = (struct box){ 2 + walk, 0, below, half };
	right = (struct box){ 2 + walk, half + 3, below, cols - half - 3 };
	twin_here(t, &here);
	draw_bar(t, cols);
	draw_walk(t, 1, walk, cols);
	for (int x = 0; x < cols; x++)
		mvaddstr(1 + walk, x, glyph(GLYPH_LINE));
	if (s->explain) {
		draw_explanations(s, left, &right);
	} else {
		draw_source(t, 0, here.a, left);
		draw_source(t, 1, here.b, right);
	}
	draw_here(t, rows - 2, cols);
	draw_line(rows - 1, 0, cols, *t->message ? LOOK_CHANGED : LOOK_DIM, "%s",
		  *t->message ? t->message :
		  s->looked_at ?
				_("j k PgDn PgUp scroll  Tab the walk again  x the sources again") :
		  s->explain ? _("s step  n line  d difference  y why  Tab scroll  x the sources "
				 "again  q quit") :
			       _("s step  n line  d difference  y why  x explain  S N D back  "
				 "+ - detail  q quit"));
	refresh();
}

/* Keys for the explanation.  False: it is none. */
static bool press_explain(struct twin_screen *s, int key)
{
	if (key == 'x') {
		s->explain = !s->explain;
		s->looked_at = false;
		s->explained = -1;
		return true;
	}
	if (s->explain && key == '\t') {
		s->looked_at = !s->looked_at;
		return true;
	}
	if (!s->looked_at)
		return false;
	switch (key) {
	case 'j':
	case KEY_DOWN:
		s->top++;
		return true;
	case 'k':
	case KEY_UP:
		s->top--;
		return true;
	case KEY_NPAGE:
		s->top += 10;
		return true;
	case KEY_PPAGE:
		s->top -= 10;
		return true;
	default:
		return false;
	}
}

/* A number before g goes to that step of A, before G to that of B. */
static void go(struct twin *t, int key, int64_t count)
{
	if (count)
		twin_go_step(t, key == 'G', count);
	else
		twin_go(t, key == 'g' || key == KEY_HOME ? 0 : t->count - 1);
}

static void press(struct twin *t, int key, int64_t count)
{
	int64_t times = count ? count : 1;
	bool moved = true;

	for (int64_t i = 0; i < times && moved; i++) {
		switch (key) {
		case 's':
		case ' ':
		case KEY_RIGHT:
			moved = twin_step(t, true);
			break;
		case 'S':
		case KEY_BACKSPACE:
		case KEY_LEFT:
			moved = twin_step(t, false);
			break;
		case 'n':
		case 'j':
		case KEY_DOWN:
			moved = twin_over(t, true);
			break;
		case 'N':
		case 'k':
		case KEY_UP:
			moved = twin_over(t, false);
			break;
		case 'd':
			moved = twin_difference(t, true);
			break;
		case 'D':
			moved = twin_difference(t, false);
			break;
		case 'y':
			moved = twin_cause(t);
			break;
		case KEY_NPAGE:
		case KEY_PPAGE:
			for (int n = 0; n < 10 && moved; n++)
				moved = twin_over(t, key == KEY_NPAGE);
			break;
		default:
			moved = false;
		}
	}
	if (key == 'g' || key == 'G' || key == KEY_HOME || key == KEY_END)
		go(t, key, count);
	else if (key == '+' || key == '-')
		twin_set_detail(t, (int)t->detail + (key == '+' ? 1 : -1));
	else if (key == 'h' || key == '?')
		snprintf(t->message, sizeof(t->message), "%s",
			 _("! differs  < only in the first  > only in the second  ~ moved; "
			   "42g 42G: step 42 of the first, second; y: what it follows from"));
}

int twin_run(struct twin *t, bool ascii, int colours)
{
	struct twin_screen s = { .t = t, .explained = -1 };
	volatile int stop = 0;
	int64_t count = 0;
	int key;

	if (!term_start(&stop, false))
		return -1;
	draw_start(ascii, (enum colours)colours);
	do {
		draw(&s);
		key = term_key();
		if (key == ERR && !stop)
			break;
		stop = 0;
		if ((key >= '1' && key <= '9') || (key == '0' && count)) {
			count = count < 100000000 ? count * 10 + key - '0' : count;
			continue;
		}
		if (key != KEY_RESIZE)
			*t->message = '\0';
		if (key != ERR && key != KEY_RESIZE && !press_explain(&s, key))
			press(t, key, count);
		count = 0;
	} while (key != 'q' && key != 'Q');
	term_end();
	return 0;
}
