/* SPDX-License-Identifier: GPL-2.0-only */
/* Jumps: to a step, an event of a kind, a store to a field, a text. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"

/* Deeper stacks than this are not looked through. */
#define MAX_STACK 256

/* So long a search may take while its text is being typed, s. */
#define TYPING 0.03

/* And in one go while nobody types. */
#define MOMENT 0.02

bool model_go(struct model *m, int64_t step)
{
	int64_t last = trace_last_step(m->t);

	if (step < 1)
		step = 1;
	if (step > last)
		step = last;
	if (!last)
		return model_say(m, _("the trace has no steps"));
	if (model_move(m, step, true))
		return true;
	return model_say(m, _("already at step %" PRId64), step);
}

static bool go_call_of(struct model *m, bool forward, const struct trace_func *f)
{
	int64_t to = forward ? trace_next_call_of(m->t, m->step, f->id) :
			       trace_previous_call_of(m->t, m->step, f->id);

	if (!to)
		return model_say(m, _("no %s call of %s"), forward ? _("later") : _("earlier"),
				 f->name);
	return model_move(m, to, true);
}

/* "40ms", "1.5 s": to what happens then.  False if it is no time. */
static bool go_time(struct model *m, const char *text, bool *moved)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } };
	char *end;
	double n = strtod(text, &end);
	int64_t to;

	if (end == text || n < 0)
		return false;
	while (isspace((unsigned char)*end))
		end++;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(end, units[i].unit) || n * units[i].ns > 9e18)
			continue;
		to = trace_step_at(m->t, (int64_t)(n * units[i].ns + 0.5));
		*moved = to ? model_go(m, to) : model_say(m, _("the trace ends before %s"), text);
		return true;
	}
	return false;
}

bool model_go_text(struct model *m, const char *text)
{
	int64_t last = trace_last_step(m->t), n;
	const struct trace_func *f;
	char *end;
	bool to;

	while (isspace((unsigned char)*text))
		text++;
	if (!strcmp(text, "$"))
		return model_go(m, last);
	n = strtoll(text, &end, 10);
	if (end != text && !strcmp(end, "%"))
		return model_go(m, n < 0 ? 1 : n > 100 ? last : 1 + (last - 1) * n / 100);
	if (go_time(m, text, &to))
		return to;
	if (end != text && !*end)
		return model_go(m, *text == '+' || *text == '-' ? m->step + n : n);
	f = trace_func_by_name(m->t, text);
	if (f && !trace_next_call_of(m->t, m->step, f->id))
		return go_call_of(m, false, f); /* the only ones lie behind */
	if (f)
		return go_call_of(m, true, f);
	return model_say(m, _("%s is neither a step nor a function of this trace"), text);
}

bool model_go_kind(struct model *m, bool forward, unsigned int kinds, const char *name)
{
	int64_t to =
		forward ? trace_next(m->t, m->step, kinds) : trace_previous(m->t, m->step, kinds);

	if (!to)
		return model_say(m, _("no %s %s"), forward ? _("later") : _("earlier"), _(name));
	return model_move(m, to, true);
}

bool model_go_same_function(struct model *m, bool forward)
{
	struct trace_step s;
	bool moved;

	if (trace_step(m->t, m->step, &s) != 1)
		return false;
	moved = s.func ? go_call_of(m, forward, s.func) : model_say(m, _("no function here"));
	trace_step_free(&s);
	return moved;
}

/* ---- stores ------------------------------------------------------------------------------------ */

bool model_field_at_hand(struct model *m, struct model_field *out)
{
	struct trace_step s;
	bool found = false;

	memset(out, 0, sizeof(*out));
	if (m->selected.object && (m->selected.field || m->selected.place)) {
		*out = m->selected;
		out->place = m->selected.place ? strdup(m->selected.place) : NULL;
		return true;
	}
	if (trace_step(m->t, m->step, &s) == 1 && s.kind == TRACE_STORE && s.object) {
		out->object = s.object;
		out->field = s.field ? s.field->id : 0;
		out->place = s.place ? strdup(s.place) : NULL;
		found = out->field || out->place;
	}
	trace_step_free(&s);
	return found;
}

/* "tcp_sock#1.sk_state" */
static void name_field(struct model *m, const struct model_field *f, char *buf, size_t len)
{
	const struct trace_field *field = f->field ? trace_field(m->t, f->field) : NULL;
	struct trace_object o;

	if (trace_object(m->t, f->object, &o) != 1) {
		snprintf(buf, len, "?");
		return;
	}
	snprintf(buf, len, "%s.%s", o.name, f->place ? f->place : field ? field->name : "?");
	trace_object_free(&o);
}

static bool no_field(struct model *m)
{
	return model_say(m, _("which field? select one among the objects, or stand on a store"));
}

/* The variable at hand of the call that is looked at; false if there is none, or it is not of that call. */
static bool variable_at_hand(struct model *m, int64_t *call, const struct trace_variable **variable)
{
	int64_t calls[MAX_STACK];
	int n = m->variable ? trace_stack(m->t, m->step, calls, MAX_STACK) : 0;
	struct trace_step s;

	*variable = NULL;
	if (m->frame >= n || m->frame >= MAX_STACK)
		return false;
	*call = calls[m->frame];
	if (trace_step(m->t, *call, &s) == 1) {
		*variable = s.func ? trace_variable_by_name(m->t, s.func->id, m->variable) : NULL;
		trace_step_free(&s);
	}
	return *variable;
}

/* As "next store", of a variable. */
static bool go_local(struct model *m, bool forward, int64_t call,
		     const struct trace_variable *variable)
{
	int64_t to = forward ? trace_next_local(m->t, m->step, call, variable->id) :
			       trace_last_local(m->t, m->step - 1, call, variable->id);

	/* what a parameter is called with is its first value */
	if (!to && !forward && variable->parameter >= 0 && m->step > call)
		to = call;
	if (!to)
		return model_say(m, _("%s is not set %s in this call"), variable->name,
				 forward ? _("later") : _("earlier"));
	model_move(m, to, true);
	model_say(m, _("%s is set to this"), variable->name);
	return true;
}

static bool go_why_local(struct model *m, int64_t call, const struct trace_variable *variable)
{
	int64_t to = trace_last_local(m->t, m->step, call, variable->id);

	if (!to && variable->parameter >= 0)
		to = call;
	if (!to)
		return model_say(m, _("%s has not been set in this call"), variable->name);
	if (to == m->step)
		return model_say(m, _("%s was set right here"), variable->name);
	model_move(m, to, true);
	model_say(m, to == call ? _("%s was given by the caller") : _("%s got its value here"),
		  variable->name);
	return true;
}

bool model_go_store(struct model *m, bool forward)
{
	const struct trace_variable *variable;
	int64_t call;
	struct model_field f;
	char name[120];
	int64_t to;

	if (variable_at_hand(m, &call, &variable))
		return go_local(m, forward, call, variable);
	if (!model_field_at_hand(m, &f))
		return no_field(m);
	name_field(m, &f, name, sizeof(name));
	to = forward ? trace_next_store(m->t, m->step, f.object, f.field, f.place) :
		       trace_last_store(m->t, m->step - 1, f.object, f.field, f.place);
	free(f.place);
	if (!to)
		return model_say(m, _("no %s store to %s"), forward ? _("later") : _("earlier"),
				 name);
	model_move(m, to, true);
	model_say(m, _("%s store to %s"), forward ? _("next") : _("previous"), name);
	return true;
}

bool model_go_why(struct model *m)
{
	const struct trace_variable *variable;
	struct model_field f;
	int64_t call, to;
	char name[120];

	if (variable_at_hand(m, &call, &variable))
		return go_why_local(m, call, variable);
	if (!model_field_at_hand(m, &f))
		return no_field(m);
	name_field(m, &f, name, sizeof(name));
	to = trace_last_store(m->t, m->step, f.object, f.field, f.place);
	free(f.place);
	if (!to)
		return model_say(m, _("%s is as it was born"), name);
	if (to == m->step)
		return model_say(m, _("%s was stored right here"), name);
	model_move(m, to, true);
	model_say(m, _("this store put the value into %s"), name);
	return true;
}

/* ---- text -------------------------------------------------------------------------------------- */

/* Where the search stands while it goes on, and what is known at once. */
static void say_seeking(struct model *m)
{
	const struct seeking *k = &m->seeking;
	const struct trace_func *f = trace_func_by_name(m->t, k->text);
	int64_t span = k->forward ? trace_last_step(m->t) - k->step : k->step;
	int64_t come = k->forward ? k->reached - k->step : k->step - k->reached;
	int percent = span > 0 ? (int)(100 * come / span) : 100;

	/* a call would have been found by now */
	if (f)
		model_say(m, _("no %s call of %s; looking for its name in lines and values: %d %%"),
			  k->forward ? _("later") : _("earlier"), k->text, percent);
	else
		model_say(m, _("looking for %s: %d %%; any key stops"), k->text, percent);
}

/* One go of a search.  Is it through, or must somebody go on? */
static bool seek(struct model *m, int64_t from, double moment)
{
	struct seeking *k = &m->seeking;
	int64_t to, stopped;

	m->deadline = moment > 0 ? seconds() + moment : 0;
	/* Returns repeat the name of their call: one hit a call is enough, unless it is an errno. */
	to = trace_search(m->t, from, k->forward, model_kinds(m->detail), k->text, model_patience,
			  m, &stopped);
	m->deadline = 0;
	k->on = !to && stopped && !m->stop;
	k->reached = to ? 0 : stopped;
	if (to) {
		model_move(m, to, true);
		model_say(m, "/%s", k->text);
	} else if (k->on) {
		say_seeking(m);
	} else if (stopped) {
		model_say(m, _("search stopped"));
	} else {
		model_say(m, _("%s: not found %s here"), k->text,
			  k->forward ? _("after") : _("before"));
	}
	return to != 0;
}

bool model_search(struct model *m, bool forward, const char *text)
{
	struct seeking *k = &m->seeking;

	if (text && *text)
		snprintf(m->search, sizeof(m->search), "%s", text);
	if (!m->search[0])
		return model_say(m, _("nothing was searched yet: / asks what for"));
	m->stop = 0;
	if (k->step != m->step || k->forward != forward || strcmp(k->text, m->search))
		k->reached = 0;
	snprintf(k->text, sizeof(k->text), "%s", m->search);
	k->step = m->step;
	k->forward = forward;
	return seek(m, k->reached ? k->reached : m->step, m->patience);
}

bool model_search_work(struct model *m)
{
	if (m->seeking.on)
		seek(m, m->seeking.reached, MOMENT);
	return m->seeking.on;
}

void model_search_stop(struct model *m)
{
	if (m->seeking.on)
		model_say(m, _("search stopped"));
	m->seeking.on = false;
}

void model_search_typed(struct model *m, int64_t from, bool forward, const char *text)
{
	int64_t to = from, before = m->before, stopped = 0;

	m->stop = 0;
	m->deadline = seconds() + TYPING;
	if (*text)
		to = trace_search(m->t, from, forward, model_kinds(m->detail), text, model_patience,
				  m, &stopped);
	m->deadline = 0;
	model_move(m, to ? to : from, false);
	if (m->step == from)
		m->before = before;
	if (*text && !to)
		model_say(m, stopped ? _("Enter looks further") : _("not found"));
}
