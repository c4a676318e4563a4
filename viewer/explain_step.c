/* SPDX-License-Identifier: GPL-2.0-only */
/* What each kind of step is, in sentences, and the things that it touches. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/explain_local.h"
#include "viewer/i18n.h"
#include "viewer/model_words.h"

/* A source line may name many things; so many are explained. */
#define MAX_NAMES 5

/* The function that called the one the step is in: its name, or NULL. The step of the call too. */
static const char *caller(struct explainer *x, int64_t call)
{
	const char *name = NULL;
	struct trace_step s, up;

	if (trace_step(x->m->t, call, &s) != 1)
		return NULL;
	if (s.parent && trace_step(x->m->t, s.parent, &up) == 1) {
		name = up.func ? up.func->name : NULL;
		trace_step_free(&up);
	}
	trace_step_free(&s);
	return name;
}

/* Who runs: "task connect", "softirq". */
static const char *runs(struct explainer *x)
{
	if (x->s.context)
		return x->s.context_name;
	snprintf(x->who, sizeof(x->who), _("task %s"), x->s.task_name);
	return x->who;
}

/* ---- calls and returns -------------------------------------------------------------------------- */

static void returned(struct explainer *x, const struct trace_step *r)
{
	char words[300];

	if (r->new.type == TRACE_NULL) {
		explain_say(x, _("It returns at step %" PRId64 "."), r->step);
		return;
	}
	words_return(words, sizeof(words), x->m->t, &r->new, r->func ? r->func->type : "");
	explain_say(x, _("It returns %s at step %" PRId64 "."), words, r->step);
}

static void call(struct explainer *x)
{
	const char *by = caller(x, x->s.step);
	int line = trace_call_line(x->m->t, x->s.step);
	int64_t end = trace_return_of(x->m->t, x->s.step);
	struct trace_step r;
	int64_t error = 0;

	if (by && line)
		explain_say(x, _("%s() calls it, from its line %d, in %s."), by, line, runs(x));
	else if (by)
		explain_say(x, _("%s() calls it, in %s."), by, runs(x));
	else
		explain_say(x, _("It is the outermost call, in %s."), runs(x));
	if (!end) {
		explain_say(x, "%s", _("It never returns in this trace."));
	} else if (trace_step(x->m->t, end, &r) == 1) {
		returned(x, &r);
		error = r.new.type == TRACE_INT &&r.new.num < -1 ? r.new.num : 0;
		trace_step_free(&r);
	}
	if (error)
		explain_error(x, error);
}

static void returns(struct explainer *x)
{
	const char *by = caller(x, x->s.parent);
	struct trace_step c;

	if (trace_step(x->m->t, x->s.parent, &c) == 1) {
		char time[32];

		explain_say(x, _("The call that began at step %" PRId64 " ends."), c.step);
		if (x->s.time != c.time)
			explain_say(x, _("It took %s, for somebody slept in it."),
				    words_time(time, sizeof(time), x->s.time - c.time));
		trace_step_free(&c);
	}
	if (by)
		explain_say(x, _("%s() goes on with what it gave back."), by);
	if (x->s.new.type == TRACE_INT && x->s.new.num < -1)
		explain_error(x, x->s.new.num);
}

/* ---- stores ------------------------------------------------------------------------------------- */

static bool same(const struct trace_value *a, const struct trace_value *b)
{
	if (a->type != b->type)
		return false;
	return a->type == TRACE_INT ?
		       a->num == b->num :
		       a->len == b->len && (!a->len || !memcmp(a->bytes, b->bytes, a->len));
}

/* "tcp_sock" of "tcp_sock#1"; buf holds it. */
static const char *type_of(char *buf, size_t len, const char *object)
{
	snprintf(buf, len, "%s", object ? object : "");
	buf[strcspn(buf, "#")] = '\0';
	return buf;
}

/* The type of an object; of one without a type its name without the number. */
static const char *object_type(struct explainer *x, char *buf, size_t len)
{
	struct trace_object o;

	type_of(buf, len, x->s.object_name);
	if (x->s.object && trace_object(x->m->t, x->s.object, &o) == 1) {
		if (o.type)
			snprintf(buf, len, "%s", o.type->name);
		trace_object_free(&o);
	}
	return buf;
}

static void flags_changed(struct explainer *x, const char *type, const char *name)
{
	char text[400];
	uint64_t old = (uint64_t)x->s.old.num, new = (uint64_t)x->s.new.num;

	if (!explain_flags(text, sizeof(text), type, name, new))
		return;
	explain_say(x, _("As flags: %s."), text);
	if (new & ~old && old)
		explain_say(x, _("Set just now: %s."),
			    explain_flags(text, sizeof(text), type, name, new & ~old));
	if (old & ~new)
		explain_say(x, _("Cleared: %s."),
			    explain_flags(text, sizeof(text), type, name, old & ~new));
}

/* What the new value says beyond its digits. */
static void stored_value(struct explainer *x, const char *type, const char *name, const char *ctype)
{
	char text[200];
	const char *word;

	if (x->s.new.type != TRACE_INT)
		return;
	if (explain_sequence(text, sizeof(text), name, ctype, (uint32_t)x->s.new.num, &x->m->flows))
		explain_say(x, _("The new value is %s."), text);
	word = explain_name(type, name, x->s.new.num);
	if (word)
		explain_say(x, _("The number means %s."), word);
	flags_changed(x, type, name);
}

/* An item for what the new value is: an error, a state, a constant, an object pointed at. */
static void value_item(struct explainer *x, const char *name, int enumeration)
{
	const char *symbol = NULL;
	char type[100];

	if (x->s.new.type == TRACE_INT && enumeration)
		symbol = trace_symbol(x->m->t, enumeration, x->s.new.num);
	if (symbol && !explain_entry(x, CATALOG_STATE, symbol))
		explain_entry(x, CATALOG_VALUE, symbol);
	if (x->s.new.type == TRACE_INT && x->s.new.num &&explain_is_errno(name))
		explain_error(x, x->s.new.num);
	if (x->s.new.type != TRACE_TEXT || same(&x->s.old, &x->s.new))
		return;
	/* A function's name, or an object's. */
	if (explain_entry(x, CATALOG_FUNCTION, x->s.new.bytes))
		return;
	if (strchr(x->s.new.bytes, '#'))
		explain_entry(x, CATALOG_OBJECT, type_of(type, sizeof(type), x->s.new.bytes));
}

static void store(struct explainer *x)
{
	const struct trace_field *f = x->s.field;
	const char *name = x->s.place ? x->s.place : f ? f->name : "";
	const char *ctype = f && !x->s.place ? f->ctype : NULL;
	char type[100], text[1200];
	int64_t last;
	struct trace_step before;

	object_type(x, type, sizeof(type));
	if (same(&x->s.old, &x->s.new))
		explain_say(x, "%s", _("A store of the value that was there already."));
	else
		explain_say(x, "%s", _("A store: memory changes here."));
	stored_value(x, type, name, ctype);
	last = trace_last_store(x->m->t, x->s.step - 1, x->s.object, f ? f->id : 0, x->s.place);
	if (last && trace_step(x->m->t, last, &before) == 1) {
		explain_say(x, _("The value before was put there at step %" PRId64 ", by %s()."),
			    last, before.func ? before.func->name : "?");
		trace_step_free(&before);
	}
	if (catalog_field(text, sizeof(text), type, name)) {
		explain_item(x, _("field %s of %s"), name, type);
		explain_say(x, "%s", text);
	} else {
		/* Of small structures the whole is told, not each member. */
		explain_entry(x, CATALOG_OBJECT, type);
	}
	value_item(x, name, f && !x->s.place ? f->enumeration : 0);
}

/* ---- lines, comparisons, locals ----------------------------------------------------------------- */

/* One name of a source line.  BEHIND is what stands before it, AFTER behind. Whether it was told. */
static bool line_name(struct explainer *x, const char *name, bool member, bool called)
{
	char text[1200];

	if (member && catalog_field(text, sizeof(text), NULL, name)) {
		explain_item(x, _("field %s"), name);
		explain_say(x, "%s", text);
		return true;
	}
	if (called)
		return explain_entry(x, CATALOG_FUNCTION, name);
	if (isupper((unsigned char)name[0]))
		return explain_entry(x, CATALOG_STATE, name) ||
		       explain_entry(x, CATALOG_ERRNO, name) ||
		       explain_entry(x, CATALOG_VALUE, name);
	return false;
}

/* Each name on the line that the catalogue knows, once. */
static void line_names(struct explainer *x, const char *line, size_t len)
{
	char seen[MAX_NAMES][64];
	int told = 0;

	for (size_t at = 0; at < len && told < MAX_NAMES;) {
		size_t n = 0;
		char name[64];
		bool known = false;

		while (at + n < len &&
		       (isalnum((unsigned char)line[at + n]) || line[at + n] == '_'))
			n++;
		if (!n || n >= sizeof(name) || isdigit((unsigned char)line[at])) {
			at += n ? n : 1;
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)n, line + at);
		for (int i = 0; i < told; i++)
			known |= !strcmp(seen[i], name);
		if (!known &&
		    line_name(x, name,
			      at && (line[at - 1] == '.' ||
				     (at > 1 && line[at - 1] == '>' && line[at - 2] == '-')),
			      at + n < len && line[at + n] == '('))
			strcpy(seen[told++], name);
		at += n;
	}
}

static void line(struct explainer *x)
{
	size_t len = 0;
	const char *text =
		x->s.func ? trace_source_line(x->m->t, x->s.func->file, x->s.line, &len) : NULL;

	explain_say(x, _("Line %d of %s is about to run, in %s."), x->s.line,
		    x->s.func ? x->s.func->file->path : "?", runs(x));
	if (text)
		line_names(x, text, len);
}

static void branch(struct explainer *x)
{
	size_t len = 0;
	const char *text = x->s.func && x->s.line ?
				   trace_source_line(x->m->t, x->s.func->file, x->s.line, &len) :
				   NULL;

	explain_say(x, "%s",
		    _("A comparison that the compiler made of the line; it decides which way "
		      "the function goes."));
	if (x->s.old.type == TRACE_INT && x->s.new.type == TRACE_INT)
		explain_say(x, "%s",
			    x->s.old.num == x->s.new.num ? _("Both sides are equal.") :
			    x->s.old.num < x->s.new.num  ? _("The left side is smaller.") :
							   _("The left side is larger."));
	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	if (text && len) {
		explain_item(x, _("line %d: %.*s"), x->s.line, (int)len, text);
		line_names(x, text, len);
	}
}

static void local(struct explainer *x)
{
	const char *name = x->s.variable ? x->s.variable->name : "";
	char text[200];

	explain_say(x, "%s",
		    x->s.old.type == TRACE_NULL ?
			    _("A variable of the function has its first value.") :
			    _("A variable of the function has a new value."));
	if (x->s.new.type != TRACE_INT)
		return;
	if (explain_sequence(text, sizeof(text), name, x->s.variable ? x->s.variable->ctype : NULL,
			     (uint32_t)x->s.new.num, &x->m->flows))
		explain_say(x, _("The new value is %s."), text);
	if (x->s.new.num < -1 || (explain_is_errno(name) && x->s.new.num < 0))
		explain_error(x, x->s.new.num);
}

/* ---- packets, drops, timers --------------------------------------------------------------------- */

static void packet(struct explainer *x)
{
	struct trace_packet p;
	struct decoded d;

	if (trace_packet(x->m->t, x->s.step, &p) != 1)
		return;
	decode_frame(&d, p.bytes, p.len);
	explain_packet(x->to, &d, p.out);
	trace_packet_free(&p);
}

static void drop(struct explainer *x)
{
	explain_say(x, "%s",
		    _("A buffer is freed before anybody could use what it carried; the reason is "
		      "named."));
	if (x->s.extra)
		explain_entry(x, CATALOG_DROP, x->s.extra);
}

static void timer(struct explainer *x)
{
	const char *what = x->s.extra ? x->s.extra : "";
	char text[1200], type[100], time[32];

	if (!strcmp(what, "armed") && x->s.new.type == TRACE_INT)
		explain_say(x,
			    _("The timer is to fire in %s, unless it is cancelled or armed anew."),
			    words_time(time, sizeof(time), x->s.new.num - x->s.time));
	else if (!strcmp(what, "cancelled"))
		explain_say(x, "%s",
			    _("What the timer was to guard against has not happened: it is "
			      "cancelled and will not fire."));
	else
		explain_say(x, "%s",
			    _("The time is up: the timer's function runs now, in softirq context, "
			      "on whatever stack was interrupted."));
	if (x->s.old.type == TRACE_TEXT &&
	    catalog_field(text, sizeof(text), object_type(x, type, sizeof(type)), x->s.old.bytes)) {
		explain_item(x, _("field %s of %s"), x->s.old.bytes, type);
		explain_say(x, "%s", text);
	}
}

/* ---- tasks -------------------------------------------------------------------------------------- */

/* The next step of a kind whose word is NAME (a task's). */
static int64_t next_of(struct explainer *x, enum trace_kind kind, const char *name,
		       struct trace_step *out)
{
	int64_t at = x->s.step;

	while ((at = trace_next(x->m->t, at, TRACE_BIT(kind))) != 0 &&
	       trace_step(x->m->t, at, out) == 1) {
		if (out->extra && !strcmp(out->extra, name))
			return at;
		trace_step_free(out);
	}
	return 0;
}

static void sleeps(struct explainer *x)
{
	const char *by = caller(x, x->s.parent);
	struct trace_step w;
	char time[32];

	explain_say(
		x,
		_("Task %s has nothing to do until somebody else has done his part: it leaves the "
		  "processor, and its stack stays as it is."),
		x->s.task_name);
	if (by)
		explain_say(x, _("%s() wanted it."), by);
	if (next_of(x, TRACE_WAKE, x->s.task_name, &w)) {
		explain_say(x, _("It is woken at step %" PRId64 ", %s later, from %s."), w.step,
			    words_time(time, sizeof(time), w.time - x->s.time), w.context_name);
		trace_step_free(&w);
	} else {
		explain_say(x, "%s",
			    _("Nobody wakes it before its time is up, or before the trace ends."));
	}
}

static void wakes(struct explainer *x)
{
	const char *name = x->s.extra ? x->s.extra : "?";
	struct trace_step w;

	explain_say(
		x,
		_("Task %s may run again; it does not run yet, it only stands in the run queue. What "
		  "runs here, %s, goes on first."),
		name, runs(x));
	if (next_of(x, TRACE_SWITCH, name, &w)) {
		explain_say(x, _("It gets the processor at step %" PRId64 "."), w.step);
		trace_step_free(&w);
	}
}

static void switches(struct explainer *x)
{
	explain_say(
		x,
		_("The processor goes from task %s to task %s: the registers and the stack of the one "
		  "are put away, those of the other taken up where it left."),
		x->s.task_name, x->s.extra ? x->s.extra : "?");
}

/* ---- states and objects ------------------------------------------------------------------------- */

static void state(struct explainer *x)
{
	/* By net/tcp_states.h, from 1. */
	static const char *const names[] = {
		"TCP_ESTABLISHED", "TCP_SYN_SENT",  "TCP_SYN_RECV", "TCP_FIN_WAIT1",
		"TCP_FIN_WAIT2",   "TCP_TIME_WAIT", "TCP_CLOSE",    "TCP_CLOSE_WAIT",
		"TCP_LAST_ACK",    "TCP_LISTEN",    "TCP_CLOSING",  "TCP_NEW_SYN_RECV",
	};
	const struct trace_value *ends[] = { &x->s.old, &x->s.new };

	explain_say(x, "%s", _("The connection takes a step in TCP's state diagram (RFC 793)."));
	for (int i = 0; i < 2; i++)
		if (ends[i]->type == TRACE_INT && ends[i]->num >= 1 && ends[i]->num <= 12)
			explain_entry(x, CATALOG_STATE, names[ends[i]->num - 1]);
}

static void object(struct explainer *x)
{
	struct trace_object o;
	char type[100];

	if (x->s.kind == TRACE_ALLOC)
		explain_say(x, "%s", _("Memory is taken for a new object."));
	else
		explain_say(x, "%s",
			    _("The object's memory is given back; whoever used it now would make a "
			      "mistake."));
	if (x->s.object && trace_object(x->m->t, x->s.object, &o) == 1) {
		if (x->s.kind == TRACE_ALLOC && o.died)
			explain_say(x, _("It lives until step %" PRId64 "."), o.died);
		else if (x->s.kind == TRACE_ALLOC)
			explain_say(x, "%s", _("It is still there when the trace ends."));
		else if (o.born)
			explain_say(x, _("It lived from step %" PRId64 " on."), o.born);
		explain_entry(x, CATALOG_OBJECT, type_of(type, sizeof(type), o.name));
		trace_object_free(&o);
	}
}

void explain_step(struct explainer *x)
{
	static void (*const by_kind[TRACE_KINDS])(struct explainer *) = {
		[TRACE_CALL] = call,     [TRACE_RETURN] = returns, [TRACE_STORE] = store,
		[TRACE_BRANCH] = branch, [TRACE_LINE] = line,      [TRACE_LOCAL] = local,
		[TRACE_PACKET] = packet, [TRACE_DROP] = drop,      [TRACE_TIMER] = timer,
		[TRACE_SLEEP] = sleeps,  [TRACE_WAKE] = wakes,     [TRACE_SWITCH] = switches,
		[TRACE_STATE] = state,   [TRACE_ALLOC] = object,   [TRACE_FREE] = object,
	};

	if (x->s.kind > 0 && x->s.kind < TRACE_KINDS && by_kind[x->s.kind])
		by_kind[x->s.kind](x);
	else if (x->s.kind == TRACE_CONTEXT)
		explain_say(
			x, "%s",
			_("The processor changes what it works as: a softirq runs on the stack of "
			  "the task that it interrupts, and for nobody in particular."));
}
