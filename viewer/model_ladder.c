/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ladder: the peers left and right, what goes between them in the order of time.
 *
 * Beside packets it has drops and timers that fired, for they are why a packet is missing or comes
 * again.  Only the rows that are asked for are read, each found from the one beside it.  What was sent
 * before is known from how far each conversation had come: that is learned once, packet by packet,
 * when the trace is opened or grows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

#define LADDER_KINDS (TRACE_BIT(TRACE_PACKET) | TRACE_BIT(TRACE_DROP) | TRACE_BIT(TRACE_TIMER))

/* Timers that are armed and cancelled have no row; so many in a row are passed at most. */
#define MAX_PASSED 500

/* One direction of a TCP conversation: the sequence number behind all that was sent. */
struct sent {
	uint32_t saddr, daddr, end;
	uint16_t sport, dport;
};

/* ---- what was sent before ---------------------------------------------------------------------- */

static struct sent *sent_of(struct model *m, const struct decoded *d)
{
	/* the latest conversations are those that go on */
	for (size_t i = m->nsent; i-- > 0;) {
		struct sent *s = &m->sent[i];

		if (s->saddr == d->saddr && s->daddr == d->daddr && s->sport == d->sport &&
		    s->dport == d->dport)
			return s;
	}
	return NULL;
}

static void add_sent(struct model *m, const struct decoded *d, uint32_t end)
{
	struct sent *more;

	if ((m->nsent & (m->nsent - 1)) == 0) {
		more = realloc(m->sent, (m->nsent ? m->nsent * 2 : 1) * sizeof(*more));
		if (!more)
			return; /* then it is told as if it were the first */
		m->sent = more;
	}
	m->sent[m->nsent++] = (struct sent){ d->saddr, d->daddr, end, d->sport, d->dport };
}

void model_ladder_learn(struct model *m, const struct decoded *d)
{
	uint8_t *again = &m->again[m->npackets - 1];
	struct sent *s;
	uint32_t len, end;

	if (d->layer != DECODE_TCP || (d->flags & DECODE_RST))
		return;
	len = (uint32_t)d->payload_len + !!(d->flags & DECODE_SYN) + !!(d->flags & DECODE_FIN);
	end = d->seq + len;
	s = sent_of(m, d);
	if (!s) {
		add_sent(m, d, end);
	} else if ((d->flags & DECODE_SYN) && end != s->end && (int32_t)(end - s->end) > 0 &&
		   d->seq != s->end) {
		s->end = end; /* the ports are used anew */
	} else {
		if (len && (int32_t)(d->seq - s->end) < 0)
			*again = d->payload_len <= 1 && d->seq == s->end - 1 &&
						 !(d->flags & (DECODE_SYN | DECODE_FIN)) ?
					 PACKET_PROBE :
					 PACKET_AGAIN;
		else if (!len && d->seq == s->end - 1)
			*again = PACKET_PROBE;
		if ((int32_t)(end - s->end) > 0)
			s->end = end;
	}
}

/* ---- rows -------------------------------------------------------------------------------------- */

/* Is a step a row?  Only timers that fired are. */
static bool is_rung(struct model *m, int64_t step)
{
	struct trace_step s;
	bool rung;

	if (trace_step(m->t, step, &s) != 1)
		return false;
	rung = s.kind != TRACE_TIMER || (s.extra && !strcmp(s.extra, "fired"));
	trace_step_free(&s);
	return rung;
}

static int64_t rung_beside(struct model *m, int64_t step, bool forward)
{
	for (int passed = 0; passed < MAX_PASSED; passed++) {
		step = forward ? trace_next(m->t, step, LADDER_KINDS) :
				 trace_previous(m->t, step, LADDER_KINDS);
		if (!step || is_rung(m, step))
			return step;
	}
	return 0;
}

static void name_end(char *buf, size_t len, uint32_t addr, uint16_t port)
{
	char text[16];

	decode_address(text, addr);
	if (port)
		snprintf(buf, len, "%s:%u", text, port);
	else
		snprintf(buf, len, "%s", text);
}

/* The two ends of a packet as they are named, this side first. */
static bool name_ends(const struct decoded *d, bool out, char *left, char *right, size_t len)
{
	if (d->layer < DECODE_IP)
		return false;
	name_end(out ? left : right, len, d->saddr, d->sport);
	name_end(out ? right : left, len, d->daddr, d->dport);
	return true;
}

/* The conversation at the ladder's head: of the packet looked at, or the nearest that has one. */
static void find_ends(struct model *m, struct ladder *l)
{
	for (size_t far = 0; far < 8; far++)
		for (int side = 0; side < 2; side++) {
			size_t i = side ? m->packet - far : m->packet + far;
			struct trace_packet p;
			struct decoded d;
			bool found;

			if (i >= m->npackets || trace_packet(m->t, m->packets[i], &p) != 1)
				continue;
			decode_frame(&d, p.bytes, p.len);
			found = name_ends(&d, p.out, l->left, l->right, sizeof(l->left));
			trace_packet_free(&p);
			if (found)
				return;
		}
}

static size_t packet_index(const struct model *m, int64_t step)
{
	size_t low = 0, high = m->npackets;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->packets[middle] < step)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void fill_packet(struct model *m, const struct ladder *l, struct ladder_row *row)
{
	char left[32], right[32], line[400];
	size_t i = packet_index(m, row->step);
	const char *text, *colon;
	struct trace_packet p;
	struct decoded d;

	if (trace_packet(m->t, row->step, &p) != 1) {
		row->text = strdup(_("packet without bytes"));
		return;
	}
	decode_frame(&d, p.bytes, p.len);
	row->out = p.out;
	row->other = !name_ends(&d, p.out, left, right, sizeof(left)) || strcmp(left, l->left) ||
		     strcmp(right, l->right);
	if (i < m->npackets && m->packets[i] == row->step)
		row->again = (enum packet_again)m->again[i];
	text = decode_line(line, sizeof(line), &d, &m->flows, row->step);
	/* who talks stands at the head already */
	colon = row->other ? NULL : strstr(text, ": ");
	row->text = strdup(colon ? colon + 2 : text);
	trace_packet_free(&p);
}

static void fill_row(struct model *m, const struct ladder *l, int64_t step, struct ladder_row *row)
{
	struct trace_step s;
	char text[300];

	memset(row, 0, sizeof(*row));
	row->step = step;
	row->future = step > m->step;
	row->current = step == m->step;
	row->selected = m->ladder_at ? step == m->ladder_at : row->current;
	if (trace_step(m->t, step, &s) != 1)
		return;
	row->time = s.time;
	row->what = s.kind == TRACE_PACKET ? RUNG_PACKET :
		    s.kind == TRACE_DROP   ? RUNG_DROP :
					     RUNG_TIMER;
	if (row->what == RUNG_PACKET)
		fill_packet(m, l, row);
	else
		row->text = strdup(words_step(text, sizeof(text), m->t, &s, &m->flows));
	trace_step_free(&s);
}

/* The position has a line of its own, where it is none of the rows. */
static void fill_here(struct model *m, struct ladder_row *row)
{
	struct trace_step s;

	memset(row, 0, sizeof(*row));
	row->step = m->step;
	row->what = RUNG_HERE;
	row->current = true;
	row->selected = !m->ladder_at;
	if (trace_step(m->t, m->step, &s) == 1) {
		row->time = s.time;
		trace_step_free(&s);
	}
}

static bool position_is_rung(struct model *m)
{
	struct trace_step s;
	bool rung = false;

	if (trace_step(m->t, m->step, &s) == 1) {
		rung = (TRACE_BIT(s.kind) & LADDER_KINDS) && is_rung(m, m->step);
		trace_step_free(&s);
	}
	return rung;
}

/* The row beside STEP, which is a rung or the position. */
static int64_t row_beside(struct model *m, int64_t step, bool forward, bool here)
{
	int64_t to = rung_beside(m, step, forward);

	if (!here || step == m->step)
		return to;
	if (forward && step < m->step && (!to || to > m->step))
		return m->step;
	if (!forward && step > m->step && to < m->step)
		return m->step;
	return to;
}

int model_ladder(struct model *m, int above, int below, struct ladder *out)
{
	bool here = !position_is_rung(m);
	int64_t center = m->ladder_at ? m->ladder_at : m->step, at = center;
	int64_t *steps;
	int n = 0;

	memset(out, 0, sizeof(*out));
	if (!m->step || above < 0 || below < 0)
		return 0;
	find_ends(m, out);
	steps = calloc((size_t)(above + below + 1), sizeof(*steps));
	out->rows = calloc((size_t)(above + below + 1), sizeof(*out->rows));
	if (!steps || !out->rows) {
		free(steps);
		return -1;
	}
	while (n < above && (at = row_beside(m, at, false, here)) != 0)
		steps[n++] = at;
	/* They were found backwards. */
	for (int i = 0; i < n / 2; i++) {
		int64_t swap = steps[i];

		steps[i] = steps[n - 1 - i];
		steps[n - 1 - i] = swap;
	}
	out->center = n;
	steps[n++] = at = center;
	while (n < out->center + 1 + below && (at = row_beside(m, at, true, here)) != 0)
		steps[n++] = at;
	for (int i = 0; i < n; i++) {
		if (here && steps[i] == m->step)
			fill_here(m, &out->rows[i]);
		else
			fill_row(m, out, steps[i], &out->rows[i]);
	}
	out->count = n;
	free(steps);
	return 0;
}

void model_ladder_free(struct ladder *l)
{
	for (int i = 0; i < l->count; i++)
		free(l->rows[i].text);
	free(l->rows);
	memset(l, 0, sizeof(*l));
}

bool model_ladder_move(struct model *m, bool forward)
{
	int64_t at = m->ladder_at ? m->ladder_at : m->step;
	int64_t to = rung_beside(m, at, forward);

	if (!to)
		return model_say(m, _("no %s packet, drop or timer"),
				 forward ? _("later") : _("earlier"));
	m->ladder_at = to;
	return true;
}
