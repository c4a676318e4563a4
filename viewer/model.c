/* SPDX-License-Identifier: GPL-2.0-only */
/* The position in a trace: its life, its history, and what it says to the person. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

/* Room for one packet more.  0 or -1. */
static int grow_packets(struct model *m)
{
	size_t room = m->packets_room ? m->packets_room * 2 : 32;
	int64_t *more = realloc(m->packets, room * sizeof(*more));
	uint8_t *again;

	if (!more)
		return -1;
	m->packets = more;
	again = realloc(m->again, room);
	if (!again)
		return -1;
	m->again = again;
	m->packets_room = room;
	return 0;
}

/* What a later packet is told relative to, and what is sent again, is learned from each. */
static int learn_packet(void *ctx, const struct trace_packet *p)
{
	struct model *m = ctx;
	struct decoded d;

	if (m->npackets == m->packets_room && grow_packets(m))
		return -1;
	m->again[m->npackets] = PACKET_FIRST;
	m->packets[m->npackets++] = p->step;
	decode_frame(&d, p->bytes, p->len);
	decode_learn(&m->flows, &d, p->step);
	model_ladder_learn(m, &d);
	return 0;
}

/* The steps of all packets, in order; those that are new.  0 or -1. */
static int load_packets(struct model *m)
{
	int64_t last = m->npackets ? m->packets[m->npackets - 1] : 0;

	return trace_each_packet(m->t, last, learn_packet, m);
}

struct model *model_new(struct trace *t)
{
	struct model *m = calloc(1, sizeof(*m));

	if (!m) {
		trace_close(t);
		return NULL;
	}
	m->t = t;
	m->detail = DETAIL_LINES;
	m->runs = true;
	m->step = m->before = trace_last_step(t) ? 1 : 0;
	if (load_packets(m)) {
		model_free(m);
		return NULL;
	}
	return m;
}

bool model_refresh(struct model *m)
{
	bool follow = m->follow;
	int64_t last;

	if (trace_refresh(m->t) <= 0)
		return false;
	last = trace_last_step(m->t);
	load_packets(m);
	/* a call that had not returned may have */
	m->hidden_parent = 0;
	memset(m->tiny, 0, sizeof(m->tiny));
	m->folds++;
	if (!m->step && last)
		m->step = m->before = 1;
	if (follow)
		model_move(m, last, false);
	m->follow = follow && trace_is_live(m->t);
	if (trace_is_live(m->t))
		return true;
	model_say(m,
		  trace_is_partial(m->t) ? _("the recording was cut short at step %" PRId64) :
					   _("the recording is complete: %" PRId64 " steps"),
		  last);
	return true;
}

void model_follow(struct model *m)
{
	if (!trace_is_live(m->t)) {
		model_say(m, _("nobody records this trace any more: G goes to its end"));
		return;
	}
	if (m->follow) {
		m->follow = false;
		return;
	}
	model_move(m, trace_last_step(m->t), true);
	m->follow = true;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	trace_filter_free(m->filter);
	trace_close(m->t);
	decode_flows_free(&m->flows);
	free(m->variable);
	free(m->open);
	free(m->opened);
	free(m->packets);
	free(m->again);
	free(m->sent);
	free(m->life.changes);
	free(m->selected.place);
	free(m);
}

/* Always false, so that a move that did not work can `return model_say(...)`. */
bool model_say(struct model *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(m->message, sizeof(m->message), fmt, args);
	va_end(args);
	return false;
}

bool model_calls_only(const struct model *m)
{
	return trace_meta(m->t, "recorder") != NULL;
}

const char *model_detail_name(enum model_detail detail)
{
	static const char *const names[DETAILS] = { N_("calls"), N_("changes"), N_("lines"),
						    N_("all") };

	return names[detail];
}

unsigned int model_kinds(enum model_detail detail)
{
	unsigned int kinds =
		TRACE_BIT(TRACE_CALL) | TRACE_BIT(TRACE_RETURN) | TRACE_BIT(TRACE_PACKET) |
		TRACE_BIT(TRACE_DROP) | TRACE_BIT(TRACE_TIMER) | TRACE_BIT(TRACE_SLEEP) |
		TRACE_BIT(TRACE_WAKE) | TRACE_BIT(TRACE_SWITCH) | TRACE_BIT(TRACE_STATE);

	if (detail >= DETAIL_CHANGES)
		kinds |= TRACE_BIT(TRACE_STORE) | TRACE_BIT(TRACE_ALLOC) | TRACE_BIT(TRACE_FREE);
	if (detail >= DETAIL_LINES)
		kinds |= TRACE_BIT(TRACE_LINE);
	return detail == DETAIL_ALL ? TRACE_ALL_KINDS : kinds;
}

void model_set_detail(struct model *m, int detail)
{
	if (detail < 0)
		model_say(m, _("calls only: there is no less"));
	else if (detail >= DETAILS)
		model_say(m, _("everything is shown: there is no more"));
	else
		m->detail = (enum model_detail)detail;
}

bool model_just_changed(const struct model *m, int64_t step)
{
	int64_t low = m->before < m->step ? m->before : m->step;
	int64_t high = m->before < m->step ? m->step : m->before;

	return step > low && step <= high;
}

/* The packet looked at follows the position: the last one that has passed. */
static void follow_packets(struct model *m)
{
	size_t low = 0, high = m->npackets;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->packets[middle] <= m->step)
			low = middle + 1;
		else
			high = middle;
	}
	m->packet = low ? low - 1 : 0;
}

/* Remembers where a jump starts; what "back" had undone is forgotten then. */
static void remember(struct model *m)
{
	m->nhistory = m->at_history;
	if (m->nhistory && m->history[m->nhistory - 1] == m->step)
		return;
	if (m->nhistory == MODEL_HISTORY) {
		memmove(m->history, m->history + 1, sizeof(m->history) - sizeof(m->history[0]));
		m->nhistory--;
	}
	m->history[m->nhistory++] = m->step;
	m->at_history = m->nhistory;
}

bool model_move(struct model *m, int64_t step, bool jump)
{
	m->follow = false;
	if (step == m->step)
		return false;
	if (jump) {
		remember(m);
		m->leapt = m->step;
	}
	m->before = m->step;
	m->step = step;
	m->frame = 0;
	m->hidden_parent = 0;
	m->ladder_at = m->state_at = m->lanes_at = m->port_at = 0;
	follow_packets(m);
	return true;
}

bool model_history(struct model *m, bool forward)
{
	int64_t to;

	if (!forward) {
		if (!m->at_history)
			return model_say(m, _("no earlier place to go back to"));
		to = m->history[--m->at_history];
		/* Where one was goes in its place, so that the way forward leads here again. */
		m->history[m->at_history] = m->step;
	} else {
		if (m->at_history == m->nhistory)
			return model_say(m, _("no later place to go to"));
		to = m->history[m->at_history];
		m->history[m->at_history++] = m->step;
	}
	return model_move(m, to, false);
}

bool model_mark(struct model *m, char letter)
{
	if (letter < 'a' || letter > 'z')
		return model_say(m, _("marks are letters from a to z"));
	m->marks[letter - 'a'] = m->step;
	return model_say(m, _("'%c comes back to step %" PRId64), letter, m->step);
}

bool model_go_mark(struct model *m, char letter)
{
	int64_t to = 0;

	if (letter == '\'')
		to = m->leapt;
	else if (letter >= 'a' && letter <= 'z')
		to = m->marks[letter - 'a'];
	if (!to)
		return model_say(m,
				 letter == '\'' ? _("there was no jump yet") :
						  _("no mark %c; m%c sets it"),
				 letter, letter);
	if (model_move(m, to, true))
		return true;
	return model_say(m, _("that is here"));
}
