/* SPDX-License-Identifier: GPL-2.0-only */
/* The call stack at the position, and the source of the call that is looked at. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

#define MAX_STACK 256

/* How far back a step without a line looks for one of its own call. */
#define LOOK_BACK 64

/* The line that runs at a step: its own, or that of the nearest earlier step of its call. */
static int line_at(struct model *m, const struct trace_step *s)
{
	int64_t call = s->kind == TRACE_CALL ? s->step : s->parent;
	int line = s->line;

	for (int64_t at = s->step - 1; !line && at > call && s->step - at < LOOK_BACK; at--) {
		struct trace_step before;

		if (trace_step(m->t, at, &before) != 1)
			break;
		if (before.parent == call && before.kind != TRACE_CALL)
			line = before.line;
		trace_step_free(&before);
	}
	return line ? line : s->func ? s->func->line : 0;
}

int model_stack(struct model *m, struct stack *out)
{
	int64_t calls[MAX_STACK];
	struct trace_step here, s;
	int n = m->step ? trace_stack(m->t, m->step, calls, MAX_STACK) : 0;
	char text[1024];

	memset(out, 0, sizeof(*out));
	if (n > MAX_STACK)
		n = MAX_STACK;
	if (n <= 0 || trace_step(m->t, m->step, &here) != 1)
		return n < 0 ? -1 : 0;
	out->rows = calloc((size_t)n, sizeof(*out->rows));
	for (int i = 0; out->rows && i < n && trace_step(m->t, calls[i], &s) == 1; i++) {
		struct stack_row *row = &out->rows[out->count++];

		row->call = calls[i];
		words_step(text, sizeof(text), m->t, &s, NULL);
		row->text = strdup(text);
		row->file = s.func ? s.func->file->path : "?";
		row->line = i ? trace_call_line(m->t, calls[i - 1]) : line_at(m, &here);
		row->selected = i == m->frame;
		trace_step_free(&s);
	}
	trace_step_free(&here);
	return out->rows ? 0 : -1;
}

void model_stack_free(struct stack *s)
{
	for (int i = 0; i < s->count; i++)
		free(s->rows[i].text);
	free(s->rows);
	memset(s, 0, sizeof(*s));
}

bool model_select_frame(struct model *m, int frame)
{
	int64_t call;
	int n = trace_stack(m->t, m->step, &call, 1);

	if (frame < 0 || frame >= n)
		return false;
	m->frame = frame;
	return true;
}

/* ---- source ------------------------------------------------------------------------------------ */

/* Is NAME one of the identifiers of a line, and not a member (x->name) of something? */
static bool named_on(const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i + n <= len; i++) {
		bool starts =
			i == 0 || (!isalnum((unsigned char)line[i - 1]) && line[i - 1] != '_');
		bool ends = i + n == len ||
			    (!isalnum((unsigned char)line[i + n]) && line[i + n] != '_');
		bool member = i && (line[i - 1] == '.' ||
				    (i > 1 && line[i - 1] == '>' && line[i - 2] == '-'));

		if (starts && ends && !member && !memcmp(line + i, name, n))
			return true;
	}
	return false;
}

/* The variables of the call with their values; those on the line first. */
static void fill_values(struct model *m, int64_t call, struct source *out)
{
	struct trace_local *locals;
	int n = trace_locals(m->t, call, m->step, &locals), k = 0;
	size_t len;
	const char *line = trace_source_line(m->t, out->file, out->line, &len);
	char text[200];

	if (n <= 0)
		return;
	out->values = calloc((size_t)n, sizeof(*out->values));
	for (int pass = 0; out->values && pass < 2; pass++)
		for (int i = 0; i < n; i++) {
			bool here = line && named_on(line, len, locals[i].name);

			if (here != (pass == 0))
				continue;
			words_value(text, sizeof(text), m->t, &locals[i].value, locals[i].name,
				    locals[i].variable->ctype, 0);
			out->values[k].name = strdup(locals[i].name);
			out->values[k].value = strdup(text);
			out->values[k].here = here;
			out->values[k].chosen = m->variable && !strcmp(m->variable, locals[i].name);
			out->values[k].changed =
				model_just_changed(m, locals[i].step) && locals[i].step != call;
			k++;
		}
	out->nvalues = k;
	trace_locals_free(locals, n);
}

int model_source(struct model *m, struct source *out)
{
	int64_t calls[MAX_STACK];
	struct trace_step s, call;
	int n = m->step ? trace_stack(m->t, m->step, calls, MAX_STACK) : 0;

	memset(out, 0, sizeof(*out));
	if (n > MAX_STACK)
		n = MAX_STACK;
	if (!m->step || trace_step(m->t, m->step, &s) != 1)
		return 0;
	if (m->frame < n && trace_step(m->t, calls[m->frame], &call) == 1) {
		out->func = call.func;
		out->line = m->frame ? trace_call_line(m->t, calls[m->frame - 1]) : line_at(m, &s);
		trace_step_free(&call);
	} else {
		out->func = s.func;
		out->line = line_at(m, &s);
	}
	if (out->func) {
		out->file = out->func->file;
		if (!out->line)
			out->line = out->func->line;
		out->lines = trace_source_lines(m->t, out->file);
		if (m->frame < n)
			fill_values(m, calls[m->frame], out);
	}
	trace_step_free(&s);
	return 0;
}

void model_source_free(struct source *s)
{
	for (int i = 0; i < s->nvalues; i++) {
		free(s->values[i].name);
		free(s->values[i].value);
	}
	free(s->values);
	memset(s, 0, sizeof(*s));
}

bool model_next_variable(struct model *m, bool forward)
{
	struct source s;
	int at = -1;

	if (model_source(m, &s) || !s.nvalues) {
		model_source_free(&s);
		return model_say(m, _("no variables here"));
	}
	for (int i = 0; i < s.nvalues; i++)
		if (s.values[i].chosen)
			at = i;
	at = at < 0 ? (forward ? 0 : s.nvalues - 1) : at + (forward ? 1 : -1);
	free(m->variable);
	m->variable = NULL;
	/* behind the last one is none, so that the fields have their turn again */
	if (at >= 0 && at < s.nvalues) {
		m->variable = strdup(s.values[at].name);
		model_say(m,
			  _("%s=%s; c and C go through its values, y to where this one came from"),
			  s.values[at].name, s.values[at].value);
	} else {
		model_say(m, _("no variable at hand"));
	}
	model_source_free(&s);
	return true;
}
