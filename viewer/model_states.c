/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TCP states: which socket is at hand, which states it has been in, and by which steps.
 *
 * Its changes are the trace's steps of the kind `state` that name it; of a socket that has none (UDP
 * sets its state without that tracepoint) the stores to sk_state.  They are looked for between the
 * socket's birth and its death, up to a limit, once for each socket.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"

#define STATE_KIND TRACE_BIT(TRACE_STATE)

/* So many changes are looked at, of whichever sockets; and so many are kept. */
#define MAX_LOOKED 200
#define MAX_KEPT   64

#define MAX_STACK 64

/* As in net/tcp_states.h. */
#define STATE_TIME_WAIT 6
#define STATE_CLOSE     7

const char *model_state_name(int state)
{
	/* net/tcp_states.h, whose numbers start from 1 */
	static const char *const names[STATES_COUNT] = {
		NULL,        "ESTABLISHED", "SYN_SENT",     "SYN_RECV",   "FIN_WAIT1",
		"FIN_WAIT2", "TIME_WAIT",   "CLOSE",        "CLOSE_WAIT", "LAST_ACK",
		"LISTEN",    "CLOSING",     "NEW_SYN_RECV",
	};

	return state > 0 && state < STATES_COUNT ? names[state] : NULL;
}

/* ---- whose states ------------------------------------------------------------------------------ */

static bool has_state(const struct trace *t, const struct trace_object *o)
{
	return o->type && trace_field_by_name(t, o->type->id, "sk_state");
}

/* ---- its life ---------------------------------------------------------------------------------- */

static int number_of(const struct trace_value *v)
{
	return v->type == TRACE_INT && v->num > 0 && v->num < STATES_COUNT ? (int)v->num : 0;
}

static bool add_change(struct life *life, const struct trace_step *s)
{
	struct state_change *more;
	int to = number_of(&s->new);

	if (!to)
		return true;
	if (life->count == MAX_KEPT) {
		life->cut = true;
		return false;
	}
	more = realloc(life->changes, (size_t)(life->count + 1) * sizeof(*more));
	if (!more)
		return false;
	life->changes = more;
	more[life->count++] = (struct state_change){ s->step, s->time, number_of(&s->old), to };
	return true;
}

static void follow_points(struct model *m, int64_t born, int64_t died, struct life *life)
{
	int64_t at = born;
	bool more = true;

	for (int looked = 0; more && (at = trace_next(m->t, at, STATE_KIND)) != 0; looked++) {
		struct trace_step s;

		if (died && at > died)
			break;
		life->cut = looked == MAX_LOOKED;
		if (life->cut || trace_step(m->t, at, &s) != 1)
			break;
		if (s.object == life->object)
			more = add_change(life, &s);
		trace_step_free(&s);
	}
}

static void follow_stores(struct model *m, const struct trace_object *o, struct life *life)
{
	const struct trace_field *field =
		o->type ? trace_field_by_name(m->t, o->type->id, "sk_state") : NULL;
	int64_t at = o->born;
	bool more = field != NULL;

	while (more && (at = trace_next_store(m->t, at, o->id, field->id, NULL)) != 0) {
		struct trace_step s;

		if (trace_step(m->t, at, &s) != 1)
			break;
		/* neither what is stored as it was nor the first value is a change */
		if (number_of(&s.old) && number_of(&s.old) != number_of(&s.new))
			more = add_change(life, &s);
		trace_step_free(&s);
	}
}

/* Fills m->life with the states of an object, unless it has them already. */
static void live_through(struct model *m, const struct trace_object *o)
{
	int64_t last = trace_last_step(m->t);

	if (m->life.object == o->id && m->life.last == last)
		return;
	free(m->life.changes);
	m->life.object = o->id;
	m->life.last = last;
	m->life.changes = NULL;
	m->life.count = 0;
	m->life.cut = false;
	follow_points(m, o->born, o->died, &m->life);
	if (!m->life.count && !m->life.cut)
		follow_stores(m, o, &m->life);
}

/* Does it change its state at all?  Those that do not are remembered, for they are asked about often. */
static bool is_lively(struct model *m, const struct trace_object *o)
{
	struct life *life = &m->life;
	const unsigned int room = sizeof(life->dull) / sizeof(life->dull[0]);

	if (!has_state(m->t, o))
		return false;
	for (unsigned int i = 0; i < room; i++)
		if (life->dull[i] == o->id)
			return false;
	live_through(m, o);
	if (life->count)
		return true;
	if (!trace_is_live(m->t))
		life->dull[life->dulls++ % room] = o->id;
	return false;
}

/* ---- the one at hand ------------------------------------------------------------------------ */

/* The socket that the innermost open call was given; one that never changes says nothing. */
static int64_t socket_of_stack(struct model *m)
{
	int64_t calls[MAX_STACK], found = 0;
	int n = trace_stack(m->t, m->step, calls, MAX_STACK);

	for (int i = 0; i < n && i < MAX_STACK && !found; i++) {
		struct trace_step call;
		struct trace_arg *args;
		struct trace_object o;
		int count;

		if (trace_step(m->t, calls[i], &call) != 1)
			continue;
		count = trace_args(call.extra, &args);
		for (int k = 0; k < count && !found; k++)
			if (args[k].value.type == TRACE_TEXT &&
			    model_object_of_text(m, args[k].value.bytes, &o)) {
				found = is_lively(m, &o) ? o.id : 0;
				trace_object_free(&o);
			}
		trace_args_free(args, count);
		trace_step_free(&call);
	}
	return found;
}

/* The object of a step. */
static int64_t object_of(struct model *m, int64_t step)
{
	struct trace_step s;
	int64_t object = 0;

	if (step && trace_step(m->t, step, &s) == 1) {
		object = s.object;
		trace_step_free(&s);
	}
	return object;
}

static int64_t socket_at_hand(struct model *m)
{
	struct trace_object o;
	int64_t found = 0;

	if (m->selected.object && trace_object(m->t, m->selected.object, &o) == 1) {
		found = has_state(m->t, &o) ? o.id : 0;
		trace_object_free(&o);
	}
	if (!found)
		found = socket_of_stack(m);
	if (!found)
		found = object_of(m, trace_previous(m->t, m->step + 1, STATE_KIND));
	if (!found)
		found = object_of(m, trace_next(m->t, m->step, STATE_KIND));
	return found;
}

/* Which state the heir is in, and since when. */
static void inherit(struct model *m, int64_t heir, struct states *out)
{
	struct trace_member x;

	if (trace_member(m->t, heir, m->step, "tw_substate", &x) == 1) {
		if (number_of(&x.value))
			out->waits = number_of(&x.value);
		if (out->waits == STATE_TIME_WAIT)
			out->entered[STATE_TIME_WAIT] = x.step;
		trace_member_free(&x);
	}
}

/*
 * Who waits in TIME_WAIT is not the socket, which goes to CLOSE: a smaller one is made to wait in its
 * place just before, in FIN_WAIT2 already if nobody has the socket open any more.
 */
static void find_heir(struct model *m, struct states *out)
{
	const struct state_change *end = out->now > 0 ? &out->changes[out->now] : NULL;
	struct trace_object o;
	char name[40];

	if (!end || end->to != STATE_CLOSE)
		return;
	for (int n = 1; !out->heir; n++) {
		snprintf(name, sizeof(name), "tcp_timewait_sock#%d", n);
		if (trace_object_by_name(m->t, name, &o) != 1)
			return;
		if (o.born > end[-1].step && o.born < end->step) {
			out->heir = strdup(name);
			out->inherited = o.born;
			out->died = o.died && o.died <= m->step ? o.died : 0;
			out->waits = STATE_TIME_WAIT;
			inherit(m, o.id, out);
		}
		trace_object_free(&o);
	}
	if (out->died)
		out->waits = 0;
}

int model_states(struct model *m, struct states *out)
{
	struct trace_object o;
	int64_t id;

	memset(out, 0, sizeof(*out));
	out->now = -1;
	id = m->step ? socket_at_hand(m) : 0;
	if (!id || trace_object(m->t, id, &o) != 1) {
		out->missing = trace_next(m->t, 0, STATE_KIND) ?
				       _("no socket is at hand here") :
				       _("no socket changes its state in this trace");
		return 0;
	}
	live_through(m, &o);
	out->object = strdup(o.name ? o.name : "?");
	trace_object_free(&o);
	out->changes = m->life.changes;
	out->count = m->life.count;
	out->cut = m->life.cut;
	if (!out->count) {
		out->missing = _("its state does not change in this trace");
		return out->object ? 0 : -1;
	}
	out->current = out->changes[0].from;
	out->begun[out->changes[0].from] = true;
	for (int i = 0; i < out->count && out->changes[i].step <= m->step; i++) {
		out->now = i;
		out->current = out->changes[i].to;
		out->entered[out->changes[i].to] = out->changes[i].step;
	}
	find_heir(m, out);
	return out->object ? 0 : -1;
}

void model_states_free(struct states *s)
{
	free(s->object);
	free(s->heir);
	memset(s, 0, sizeof(*s));
}

bool model_states_move(struct model *m, bool forward)
{
	int64_t at = m->state_at ? m->state_at : m->step, to = 0;
	struct states s;

	if (model_states(m, &s))
		return false;
	for (int i = 0; i < s.count; i++) {
		if (forward && s.changes[i].step > at && !to)
			to = s.changes[i].step;
		else if (!forward && s.changes[i].step < at)
			to = s.changes[i].step;
	}
	model_states_free(&s);
	if (!to)
		return model_say(m, _("no %s state"), forward ? _("later") : _("earlier"));
	m->state_at = to;
	return true;
}
