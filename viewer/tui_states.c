/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TCP state diagram on the screen.
 *
 * Theory of operation
 *
 * The states stand in seven columns from left to right, as a connection's life goes; a column is as
 * wide as its names, and what the pane has beyond that goes between the columns.  An arrow is a line
 * through a few corners; where lines meet, each cell knows the sides it goes to, and the sign follows
 * from that.  What the socket went along is drawn heavy.  Low panes have the names and, below each, the
 * step at which it was entered; high ones a box around both and what makes a socket go there.
 */
#include <curses.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"

/* As in net/tcp_states.h. */
enum {
	ESTABLISHED = 1,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT1,
	FIN_WAIT2,
	TIME_WAIT,
	CLOSE,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	CLOSING,
	NEW_SYN_RECV
};

#define COLUMNS 7

/* A pane of so many columns has the names in full; of so many short ones; else it has a list. */
#define FULL_NAMES  78
#define SHORT_NAMES 62

/* Rows of the diagram in a low pane and in a high one. */
#define LOW_ROWS  7
#define HIGH_ROWS 17

#define MAX_WIDTH 256

/* Where each state stands: column, and line from 0 to 4 from above. */
static const struct {
	int column, line;
	const char *shorter;
} spots[STATES_COUNT] = {
	[CLOSE] = { 0, 2, "CLOSE" },        [LISTEN] = { 1, 0, "LISTEN" },
	[SYN_SENT] = { 1, 4, "SYN_SENT" },  [SYN_RECV] = { 2, 0, "SYN_RECV" },
	[ESTABLISHED] = { 3, 2, "ESTAB" },  [FIN_WAIT1] = { 4, 0, "FIN_W1" },
	[CLOSE_WAIT] = { 4, 4, "CLOSE_W" }, [FIN_WAIT2] = { 5, 0, "FIN_W2" },
	[CLOSING] = { 5, 2, "CLOSING" },    [LAST_ACK] = { 5, 4, "LAST_ACK" },
	[TIME_WAIT] = { 6, 0, "TIME_W" },
};

/* What leads from one to the other. */
static const struct edge {
	int from, to;
	const char *why;
} edges[] = {
	{ CLOSE, LISTEN, "listen" },
	{ CLOSE, SYN_SENT, N_("send SYN") },
	{ LISTEN, SYN_RECV, "SYN" },
	{ SYN_SENT, SYN_RECV, "SYN" },
	{ SYN_RECV, ESTABLISHED, "ACK" },
	{ SYN_SENT, ESTABLISHED, "SYN+ACK" },
	{ ESTABLISHED, FIN_WAIT1, N_("send FIN") },
	{ ESTABLISHED, CLOSE_WAIT, N_("get FIN") },
	{ FIN_WAIT1, FIN_WAIT2, "ACK" },
	{ FIN_WAIT1, CLOSING, N_("get FIN") },
	{ FIN_WAIT2, TIME_WAIT, N_("get FIN") },
	{ CLOSING, TIME_WAIT, "ACK" },
	{ CLOSE_WAIT, LAST_ACK, N_("send FIN") },
};
#define EDGES (sizeof(edges) / sizeof(edges[0]))

/* Where things lie for a pane. */
struct plan {
	const struct box *b;
	const struct states *s;
	bool high, shorter;
	int x[COLUMNS], w[COLUMNS]; /* of each column, from the pane's left */
	int y[5];                   /* of each line's name, from the first row of content */
	int rows;
	unsigned char sides[HIGH_ROWS][MAX_WIDTH], heavy[HIGH_ROWS][MAX_WIDTH];
};

static const char *name_of(const struct plan *p, int state)
{
	return p->shorter ? spots[state].shorter : model_state_name(state);
}

/* A request's state is the socket's SYN_RECV, as the diagram has it. */
static int drawn(int state)
{
	return state == NEW_SYN_RECV ? SYN_RECV : state;
}

static void make_plan(struct plan *p, const struct box *b, const struct states *s, int rows)
{
	int wide = 0, gap;

	memset(p, 0, sizeof(*p));
	p->b = b;
	p->s = s;
	p->high = rows >= HIGH_ROWS;
	p->shorter = b->w < FULL_NAMES;
	p->rows = p->high ? HIGH_ROWS : LOW_ROWS;
	for (int i = 1; i < STATES_COUNT; i++) {
		int c = spots[i].column, w = spots[i].shorter ? text_width(name_of(p, i)) : 0;

		if (w > p->w[c])
			p->w[c] = w;
	}
	for (int c = 0; c < COLUMNS; c++)
		wide += p->w[c];
	gap = ((b->w < MAX_WIDTH ? b->w : MAX_WIDTH) - 1 - wide) / (COLUMNS - 1);
	for (int c = 1; c < COLUMNS; c++)
		p->x[c] = p->x[c - 1] + p->w[c - 1] + gap;
	/* name, step; name, step; name, step, the way back */
	for (int i = 0; i < 5; i++)
		p->y[i] = p->high ? i * 3 + 1 : i;
	if (p->high)
		p->y[4] = 13;
}

/* ---- lines -------------------------------------------------------------------------------------- */

static void mark(struct plan *p, int y, int x, int sides, bool heavy)
{
	if (y < 0 || y >= p->rows || x < 0 || x >= p->b->w || x >= MAX_WIDTH)
		return;
	p->sides[y][x] |= (unsigned char)sides;
	p->heavy[y][x] |= heavy;
}

static void across(struct plan *p, int y, int from, int to, bool heavy)
{
	for (int x = from; x <= to; x++)
		mark(p, y, x, TO_LEFT | TO_RIGHT, heavy);
}

static void along(struct plan *p, int x, int from, int to, bool heavy)
{
	int top = from < to ? from : to, bottom = from < to ? to : from;

	for (int y = top; y <= bottom; y++)
		mark(p, y, x, (y > top ? TO_UP : 0) | (y < bottom ? TO_DOWN : 0), heavy);
}

static bool taken(const struct states *s, int from, int to)
{
	/* what the socket handed over went this way too */
	if (s->heir && to == TIME_WAIT && from == drawn(s->changes[s->now].from))
		return s->entered[TIME_WAIT];
	if (s->heir && from == TIME_WAIT && to == CLOSE)
		return s->died;
	for (int i = 0; i <= s->now; i++)
		if (drawn(s->changes[i].from) == from && drawn(s->changes[i].to) == to)
			return true;
	return false;
}

/* From the right end of one state to the left end of the other, turning in the gap between. */
static void add_edge(struct plan *p, int from, int to)
{
	int a = spots[from].column, z = spots[to].column;
	int y1 = p->y[spots[from].line], y2 = p->y[spots[to].line];
	int x1 = p->x[a] + text_width(name_of(p, from)) + 1;
	int x2 = p->x[z] - 2, turn = x2 - 1;
	bool heavy = taken(p->s, from, to);

	/* straight up from SYN_SENT to SYN_RECV would cross the names: it turns before them */
	if (a == z - 1 && turn < x1)
		turn = x1;
	/* over a column: the corner lies where that column's own arrows turn */
	if (z - a > 1)
		turn = p->x[z] - 3;
	if (y1 == y2) {
		across(p, y1, x1, x2, heavy);
		return;
	}
	across(p, y1, x1, turn - 1, heavy);
	mark(p, y1, turn, TO_LEFT, heavy);
	along(p, turn, y1, y2, heavy);
	mark(p, y2, turn, TO_RIGHT, heavy);
	across(p, y2, turn + 1, x2, heavy);
}

/* From the states at the end back to CLOSE, below everything. */
static void add_way_back(struct plan *p)
{
	int bottom = p->rows - 1, right = p->x[6] + 2,
	    last = p->x[5] + text_width(name_of(p, LAST_ACK)) + 1;
	bool waited = taken(p->s, TIME_WAIT, CLOSE), closed = taken(p->s, LAST_ACK, CLOSE);

	along(p, right, p->y[0] + 2, bottom, waited);
	across(p, p->y[4], last, right - 1, closed);
	mark(p, p->y[4], right, TO_LEFT, closed);
	if (closed)
		along(p, right, p->y[4], bottom, true);
	mark(p, bottom, right, TO_LEFT, waited || closed);
	across(p, bottom, 3, right - 1, waited || closed);
	mark(p, bottom, 2, TO_RIGHT, waited || closed);
	along(p, 2, p->y[2] + 2, bottom, waited || closed);
}

static void draw_lines(const struct plan *p)
{
	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->b->w && x < MAX_WIDTH; x++) {
			const char *piece;
			enum look look = p->heavy[y][x] ? LOOK_NAME : LOOK_DIM;

			if (!p->sides[y][x])
				continue;
			piece = line_piece(p->sides[y][x], p->heavy[y][x]);
			draw_text(p->b->y + 1 + y, p->b->x + x, 1, 0, look, piece, strlen(piece));
		}
	for (size_t i = 0; i < EDGES; i++) {
		const char *head = glyph(GLYPH_TO_RIGHT);
		int to = edges[i].to;

		draw_text(p->b->y + 1 + p->y[spots[to].line], p->b->x + p->x[spots[to].column] - 1,
			  1, 0, taken(p->s, edges[i].from, to) ? LOOK_NAME : LOOK_DIM, head,
			  strlen(head));
	}
	draw_text(p->b->y + 1 + p->y[2] + 2, p->b->x + 2, 1, 0, LOOK_DIM, glyph(GLYPH_TO_UP),
		  strlen(glyph(GLYPH_TO_UP)));
}

/* What makes a socket go along an arrow: above the state it leads to, or below if it comes from there. */
static void draw_whys(const struct plan *p)
{
	for (size_t i = 0; i < EDGES; i++) {
		const char *why = _(edges[i].why);
		int to = edges[i].to, from = edges[i].from, w = text_width(why);
		int y = p->y[spots[to].line] + (spots[from].line > spots[to].line ? 2 : -1);

		draw_text(p->b->y + 1 + y, p->b->x + p->x[spots[to].column], w, 0,
			  taken(p->s, from, to) ? LOOK_NAME : LOOK_DIM, why, strlen(why));
	}
}

/* ---- states ------------------------------------------------------------------------------------- */

static void draw_state(const struct plan *p, int state)
{
	int y = p->b->y + 1 + p->y[spots[state].line], x = p->b->x + p->x[spots[state].column];
	const struct states *s = p->s;
	bool here = drawn(s->current) == state || s->waits == state;
	bool been = s->entered[state] || s->begun[state];
	const char *name = name_of(p, state);
	char step[32] = "";
	int w = p->w[spots[state].column] + 1;

	draw_text(y, x, text_width(name), 0,
		  here ? LOOK_CURRENT :
		  been ? LOOK_NAME :
			 LOOK_DIM,
		  name, strlen(name));
	if (here) /* not by its look alone */
		draw_text(y, x - 1 < p->b->x ? x + text_width(name) : x - 1, 1, 0, LOOK_CHANGED,
			  "*", 1);
	if (s->entered[state])
		snprintf(step, sizeof(step), "%" PRId64, s->entered[state]);
	else if (s->begun[state])
		snprintf(step, sizeof(step), "%s", _("first"));
	if (step[0])
		draw_text(y + 1, x, text_width(step) < w + 2 ? text_width(step) : w + 2, 0,
			  here ? LOOK_CHANGED : LOOK_PLAIN, step, strlen(step));
}

/* Where the next piece of text goes below the diagram. */
struct place {
	const struct box *b;
	int row, x, rows;
};

/* One piece more, in the next row if it does not fit.  False when there is no row left. */
static bool put_piece(struct place *at, enum look look, const char *text)
{
	int w = text_width(text), room;

	if (at->x && at->x + w > at->b->w) {
		at->x = 0;
		at->row++;
	}
	if (at->row >= at->rows)
		return false;
	room = at->b->w - at->x;
	draw_text(at->b->y + 1 + at->row, at->b->x + at->x, w < room ? w : room, 0, look, text,
		  strlen(text));
	at->x += w + 1;
	return true;
}

static enum look look_of_change(const struct tui *ui, const struct states *s, int i)
{
	if (i >= 0 && s->changes[i].step == ui->m->state_at)
		return ui->panes.focus == PANE_STATES ? LOOK_CURRENT : LOOK_SELECTED;
	if (i >= 0 && s->changes[i].step > ui->m->step)
		return LOOK_DIM;
	return i == s->now ? LOOK_CHANGED : LOOK_PLAIN;
}

/* "CLOSE > 2952 SYN_SENT > ...": all changes in order, what is to come in brackets; and who waits. */
static void draw_way(struct tui *ui, const struct box *b, const struct states *s, int row, int rows)
{
	struct place at = { b, row, 0, rows };
	const char *name = model_state_name(s->changes[0].from);
	char text[120];

	put_piece(&at, look_of_change(ui, s, -1), name ? name : "?");
	for (int i = 0; i < s->count; i++) {
		const struct state_change *c = &s->changes[i];
		bool future = c->step > ui->m->step;

		name = model_state_name(c->to);
		snprintf(text, sizeof(text), "%s %" PRId64 " %s%s%s", glyph(GLYPH_TO_RIGHT),
			 c->step, future ? "(" : "", name ? name : "?", future ? ")" : "");
		if (!put_piece(&at, look_of_change(ui, s, i), text))
			return;
	}
	if (!s->heir)
		return;
	name = model_state_name(s->waits);
	snprintf(text, sizeof(text), "  %s %s", s->heir, name ? name : _("has waited long enough"));
	put_piece(&at, LOOK_CHANGED, text);
}

/* A line each, where the diagram has no room. */
static void draw_list(struct tui *ui, const struct box *b, const struct states *s, int rows)
{
	int first = s->now + 2 > rows ? s->now + 2 - rows : 0;

	for (int i = 0; i < rows && first + i <= s->count; i++) {
		int at = first + i - 1;
		const struct state_change *c = at < 0 ? NULL : &s->changes[at];
		const char *name = model_state_name(c ? c->to : s->changes[0].from);

		draw_line(b->y + 1 + i, b->x, b->w,
			  c && c->step == ui->m->state_at ? LOOK_SELECTED :
			  c && c->step > ui->m->step      ? LOOK_DIM :
			  at == s->now                    ? LOOK_CHANGED :
							    LOOK_PLAIN,
			  "%s %8" PRId64 " %s%s", at == s->now ? glyph(GLYPH_HERE) : " ",
			  c ? c->step : 0, name ? name : "?",
			  c && c->step > ui->m->step ? _(" (later)") : "");
	}
}

void draw_states(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_STATES];
	int rows = b->h - 1;
	struct states s;
	struct plan p;

	pane_blank(b, 0, rows);
	if (model_states(ui->m, &s))
		return;
	if (s.missing) {
		draw_line(b->y + 1, b->x, b->w, LOOK_DIM, "  %s%s%s", s.object ? s.object : "",
			  s.object ? ": " : "", s.missing);
	} else if (b->w < SHORT_NAMES || rows < LOW_ROWS) {
		draw_list(ui, b, &s, rows);
	} else {
		make_plan(&p, b, &s, rows);
		for (size_t i = 0; i < EDGES; i++)
			add_edge(&p, edges[i].from, edges[i].to);
		add_way_back(&p);
		draw_lines(&p);
		if (p.high)
			draw_whys(&p);
		for (int i = 1; i < STATES_COUNT; i++)
			if (spots[i].shorter)
				draw_state(&p, i);
		draw_way(ui, b, &s, p.rows, rows);
	}
	model_states_free(&s);
}
