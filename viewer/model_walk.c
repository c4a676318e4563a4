/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The walk: which steps are lines of it at this position, and the moves along them.
 *
 * A call is open when the position lies after its first step and not after its return; its steps
 * are lines then, and else the call is one line with the value it returned.  From one line the
 * next is found by jumping over closed calls (to their return), the previous by jumping from a
 * return to its call: no list of lines is ever made for the whole trace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

/* A folded call that took at least this long (ns) says how long. */
#define LONG_CALL 1000000

/* So long the walk may look for matches of a filter while it is drawn, s. */
#define DRAWING 0.02

/* Deeper stacks than this are not looked through. */
#define MAX_STACK 256

static bool in_list(const int64_t *list, size_t n, int64_t step)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == step)
			return true;
	return false;
}

static bool is_open(struct model *m, int64_t call)
{
	int64_t end;

	if (in_list(m->open, m->nopen, call))
		return true;
	if (call >= m->step)
		return false;
	end = trace_return_of(m->t, call);
	return !end || end >= m->step;
}

/*
 * The outermost closed call that the steps of a call are inside of; 0 if all are open.  Steps in
 * a row mostly share their call, so the last answer is kept.
 */
static int64_t hidden_in(struct model *m, int64_t parent)
{
	int64_t calls[MAX_STACK];
	int n;

	if (parent == m->hidden_parent)
		return m->hidden_in;
	n = trace_stack(m->t, parent, calls, MAX_STACK);
	if (n > MAX_STACK)
		n = MAX_STACK;
	m->hidden_parent = parent;
	m->hidden_in = 0;
	for (int i = n - 1; i >= 0 && !m->hidden_in; i--)
		if (!is_open(m, calls[i]))
			m->hidden_in = calls[i];
	return m->hidden_in;
}

/* Kind and parent of a step; false if there is none. */
static bool shape(struct model *m, int64_t step, enum trace_kind *kind, int64_t *parent)
{
	*kind = (enum trace_kind)trace_shape(m->t, step, parent);
	return *kind != 0;
}

bool model_is_closed(struct model *m, int64_t call)
{
	return !is_open(m, call);
}

int64_t model_line_after(struct model *m, int64_t step)
{
	enum trace_kind kind;
	int64_t parent;

	if (m->filter)
		return model_filter_next(m, step, true);
	if (!shape(m, step, &kind, &parent))
		return 0;
	if (kind == TRACE_CALL && !is_open(m, step)) {
		step = trace_return_of(m->t, step);
		if (!step)
			return 0;
	}
	return trace_next(m->t, step, model_kinds(m->detail));
}

int64_t model_line_before(struct model *m, int64_t step)
{
	int64_t at, parent, hidden;
	enum trace_kind kind;

	if (m->filter)
		return model_filter_next(m, step, false);
	at = trace_previous(m->t, step, model_kinds(m->detail));
	if (!at || !shape(m, at, &kind, &parent))
		return 0;
	if (kind == TRACE_CALL && !parent)
		return at;
	/* A return is inside its call, like every other step of it. */
	hidden = parent ? hidden_in(m, parent) : 0;
	return hidden ? hidden : at;
}

/* The line of the walk after a line; 0 at the end. */
static int64_t line_after(struct model *m, int64_t step)
{
	struct model_run run;

	return model_line_after(m, model_run_of(m, step, &run) ? run.last : step);
}

/* The line before a line; 0 at the beginning. */
static int64_t line_before(struct model *m, int64_t step)
{
	int64_t at = model_line_before(m, step);
	struct model_run run;

	return at && model_run_of(m, at, &run) ? run.first : at;
}

/* ---- moves ------------------------------------------------------------------------------------- */

/* Why there is no step to go to. */
static bool no_step(struct model *m, bool forward)
{
	if (m->filter && !model_patience(m))
		return model_say(m, _("still looking; the same key goes on"));
	if (m->filter)
		return model_say(m, _("the filter has no %s step"),
				 forward ? _("later") : _("earlier"));
	return model_say(m, forward ? _("this is the last step") : _("this is the first step"));
}

bool model_step(struct model *m, bool forward)
{
	unsigned int kinds = model_kinds(m->detail);
	int64_t to = m->filter ? model_filter_next(m, m->step, forward) :
		     forward   ? trace_next(m->t, m->step, kinds) :
				 trace_previous(m->t, m->step, kinds);

	if (!to)
		return no_step(m, forward);
	return model_move(m, to, false);
}

bool model_over(struct model *m, bool forward)
{
	int64_t to = forward ? line_after(m, m->step) : line_before(m, m->step);
	enum trace_kind kind;
	int64_t parent;

	if (to)
		return model_move(m, to, false);
	if (!m->filter && forward && shape(m, m->step, &kind, &parent) && kind == TRACE_CALL &&
	    trace_next(m->t, m->step, model_kinds(m->detail)))
		return model_say(m, _("this call does not return: s goes into it"));
	return no_step(m, forward);
}

bool model_out(struct model *m, bool forward)
{
	enum trace_kind kind;
	int64_t call, parent, to, unused;

	if (!shape(m, m->step, &kind, &call))
		return model_say(m, _("there is nothing to leave"));
	/* Standing on a call one is about to enter it; on a return one is about to leave. */
	if (kind == TRACE_CALL && forward)
		call = m->step;
	else if (kind == TRACE_RETURN && forward && shape(m, call, &kind, &parent))
		call = parent;
	if (!call || !shape(m, call, &kind, &unused))
		return model_say(m, _("this is the outermost call"));
	to = forward ? trace_return_of(m->t, call) : call;
	if (!to)
		return model_say(m, _("this call does not return"));
	return model_move(m, to, false);
}

/* Opens a call by hand, or lets it close again.  False when out of memory. */
static bool toggle(struct model *m, int64_t call)
{
	int64_t *more;

	m->folds++;
	m->hidden_parent = 0;
	for (size_t i = 0; i < m->nopen; i++)
		if (m->open[i] == call) {
			m->open[i] = m->open[--m->nopen];
			return true;
		}
	more = realloc(m->open, (m->nopen + 1) * sizeof(*more));
	if (!more)
		return false;
	m->open = more;
	more[m->nopen++] = call;
	return true;
}

bool model_toggle_fold(struct model *m)
{
	struct model_run run;
	enum trace_kind kind;
	int64_t call;

	if (!shape(m, m->step, &kind, &call))
		return model_say(m, _("nothing to fold here"));
	if (model_run_of(m, m->step, &run)) {
		model_unfold_run(m, &run);
		return true;
	}
	if (kind == TRACE_CALL)
		return toggle(m, m->step);
	/* Inside a call: close it and stand on it. */
	if (!call)
		return model_say(m, _("nothing to fold here"));
	if (in_list(m->open, m->nopen, call))
		toggle(m, call);
	return model_move(m, call, false);
}

/* ---- lines ------------------------------------------------------------------------------------- */

char model_sign(const struct trace_step *s, bool out)
{
	static const char signs[TRACE_KINDS] = {
		[TRACE_STORE] = '*',  [TRACE_BRANCH] = '?',  [TRACE_LINE] = '|',
		[TRACE_LOCAL] = '=',  [TRACE_DROP] = '!',    [TRACE_TIMER] = '@',
		[TRACE_SLEEP] = 'z',  [TRACE_WAKE] = '^',    [TRACE_SWITCH] = '%',
		[TRACE_STATE] = '#',  [TRACE_ALLOC] = '+',   [TRACE_FREE] = '-',
		[TRACE_RETURN] = '}', [TRACE_CONTEXT] = '~', [TRACE_CALL] = ' ',
	};

	if (s->kind == TRACE_PACKET)
		return out ? '>' : '<';
	return s->kind > 0 && s->kind < TRACE_KINDS ? signs[s->kind] : '?';
}

/* The value a folded call returned, and how long it took if that was long. */
static void add_outcome(struct model *m, const struct trace_step *call, int64_t end, char *text,
			size_t len)
{
	size_t at = strlen(text);
	struct trace_step r;
	char words[200];

	if (!end) {
		snprintf(text + at, len - at, "%s",
			 trace_is_live(m->t) ? _("  (has not returned yet)") :
					       _("  (does not return)"));
		return;
	}
	if (trace_step(m->t, end, &r) != 1)
		return;
	if (r.new.type != TRACE_NULL)
		at += (size_t)snprintf(text + at, len - at, " = %s",
				       words_return(words, sizeof(words), m->t, &r.new,
						    call->func ? call->func->type : ""));
	if (r.time - call->time >= LONG_CALL && at < len)
		snprintf(text + at, len - at, "  [%s]",
			 words_time(words, sizeof(words), r.time - call->time));
	trace_step_free(&r);
}

/* How deep a step stands: a call as it says, all else one below its call. */
static int depth_of(struct model *m, const struct trace_step *s)
{
	struct trace_step call;
	int depth = s->depth;

	if (s->kind != TRACE_CALL && s->parent && trace_step(m->t, s->parent, &call) == 1) {
		depth = call.depth + 1;
		trace_step_free(&call);
	}
	return depth;
}

static int fill_row(struct model *m, int64_t step, struct walk_row *row)
{
	struct model_run run = { .count = 0 };
	struct trace_step s;
	char text[1024];
	int64_t end;

	memset(row, 0, sizeof(*row));
	if (trace_step(m->t, step, &s) != 1)
		return -1;
	words_step(text, sizeof(text), m->t, &s, &m->flows);
	row->step = step;
	row->kind = s.kind;
	row->indent = depth_of(m, &s);
	row->current = step == m->step;
	row->fold = ' ';
	row->sign = model_sign(&s, text[0] == 'o');
	if (s.kind == TRACE_CALL) {
		end = trace_return_of(m->t, step);
		row->fold = m->filter ? ' ' : is_open(m, step) ? '-' : end == step + 1 ? ' ' : '+';
		if (model_run_of(m, step, &run))
			model_run_text(m, &run, text, sizeof(text));
		else if (row->fold != '-')
			add_outcome(m, &s, end, text, sizeof(text));
		if (row->fold == ' ' && run.count)
			row->fold = '+';
	}
	row->text = strdup(text);
	trace_step_free(&s);
	return row->text ? 0 : -1;
}

int model_walk(struct model *m, int above, int below, struct walk *out)
{
	int64_t at = m->step;
	int n = 0;

	memset(out, 0, sizeof(*out));
	if (!at)
		return 0;
	out->rows = calloc((size_t)(above + below + 1), sizeof(*out->rows));
	if (!out->rows)
		return -1;
	/* what a filter has not found in a moment is drawn when it has */
	m->deadline = seconds() + DRAWING;
	while (n < above && (at = line_before(m, at)) != 0)
		if (fill_row(m, at, &out->rows[n++]))
			break;
	/* They were found backwards. */
	for (int i = 0; i < n / 2; i++) {
		struct walk_row swap = out->rows[i];

		out->rows[i] = out->rows[n - 1 - i];
		out->rows[n - 1 - i] = swap;
	}
	out->current = n;
	fill_row(m, m->step, &out->rows[n++]);
	at = m->step;
	while (n < out->current + 1 + below && (at = line_after(m, at)) != 0)
		if (fill_row(m, at, &out->rows[n++]))
			break;
	out->count = n;
	m->deadline = 0;
	return 0;
}

void model_walk_free(struct walk *w)
{
	for (int i = 0; i < w->count; i++)
		free(w->rows[i].text);
	free(w->rows);
	memset(w, 0, sizeof(*w));
}
