/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects pane.
 *
 * What a person looks for comes first: the objects that the last move changed, with the fields
 * that changed and what they were; then those the running functions were called with, innermost
 * call first; then the rest that is alive, youngest
 * first.  An object shows all of its fields (those that are not
 * zero, or ever were) when it was opened.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/model.h"
#include "viewer/model_words.h"

/*
 * A jump may span a million steps.  Changes are looked for in this many of them before its later
 * end, and so many are told; "what it was" is told only when the whole move was looked through.
 */
#define MAX_SPAN    4000
#define MAX_CHANGES 256

/* The rest of the objects is listed up to this many. */
#define MAX_REST 200

#define MAX_STACK 64

/* A field that the last move changed: what its first store there replaced, its last one put. */
struct change {
	int64_t object, step;
	const struct trace_field *field;
	char *name, *first, *last;
};

struct builder {
	struct model *m;
	struct objects *out;
	int room;
	struct change *changes; /* in the order of their first stores */
	int nchanges;
	bool whole;     /* all of the move was looked through */
	int64_t *shown; /* objects that have their line already */
	int nshown;
	int rest;
};

static struct object_row *add_row(struct builder *b)
{
	if (b->out->count == b->room) {
		int room = b->room ? b->room * 2 : 64;
		struct object_row *more = realloc(b->out->rows, (size_t)room * sizeof(*more));

		if (!more)
			return NULL;
		b->out->rows = more;
		b->room = room;
	}
	memset(&b->out->rows[b->out->count], 0, sizeof(b->out->rows[0]));
	return &b->out->rows[b->out->count++];
}

static bool is_selected(const struct model *m, const struct object_row *row)
{
	const struct model_field *f = &m->selected;

	if (f->object != row->object)
		return false;
	if (row->heading)
		return !f->field && !f->place;
	if (f->field != (row->field ? row->field->id : 0))
		return false;
	return !f->place || !strcmp(f->place, row->name);
}

static bool is_opened(const struct model *m, int64_t object)
{
	for (size_t i = 0; i < m->nopened; i++)
		if (m->opened[i] == object)
			return true;
	return false;
}

static bool is_zero(const struct trace_value *v)
{
	switch (v->type) {
	case TRACE_INT:
		return v->num == 0;
	case TRACE_TEXT:
		return !strcmp(v->bytes, "NULL") || v->len == 0;
	case TRACE_BLOB:
		for (size_t i = 0; i < v->len; i++)
			if (v->bytes[i])
				return false;
		return true;
	case TRACE_NULL:
		break;
	}
	return true;
}

/* ---- one object -------------------------------------------------------------------------------- */

static char *member_text(struct model *m, const struct trace_field *field, const char *name,
			 const struct trace_value *v)
{
	/* Inside a larger field the field's type does not fit the place. */
	bool whole = field && !strcmp(name, field->name);
	char text[200];

	words_value(text, sizeof(text), m->t, v, name, whole ? field->ctype : NULL,
		    whole ? field->enumeration : 0);
	return strdup(text);
}

static bool same_place(const struct change *c, int64_t object, const struct trace_field *field,
		       const char *name)
{
	return c->object == object && c->field == field && !strcmp(c->name, name);
}

static const struct change *change_of(const struct builder *b, int64_t object,
				      const struct trace_field *field, const char *name)
{
	for (int i = 0; i < b->nchanges; i++)
		if (same_place(&b->changes[i], object, field, name))
			return &b->changes[i];
	return NULL;
}

/* Marks a row as changed, with the value at the other end of the move. */
static void mark_changed(struct builder *b, struct object_row *row, const struct change *c)
{
	bool back = b->m->before > b->m->step;

	row->changed = true;
	if (b->whole)
		row->other = strdup(back ? c->last : c->first);
}

/* The fields of one object that changed, when the others are not asked for. */
static void add_changes_of(struct builder *b, int64_t object)
{
	bool back = b->m->before > b->m->step;

	for (int i = 0; i < b->nchanges; i++) {
		const struct change *c = &b->changes[i];
		struct object_row *row;

		/* Storing what was there already is worth a line only where it happens. */
		if (c->object != object || (c->step != b->m->step && !strcmp(c->first, c->last)))
			continue;
		row = add_row(b);
		if (!row)
			break;
		row->object = object;
		row->field = c->field;
		row->name = strdup(c->name);
		row->value = strdup(back ? c->first : c->last);
		row->step = c->step;
		mark_changed(b, row, c);
		row->selected = is_selected(b->m, row);
	}
}

/* All fields of an object that are something else than zero, or just became so. */
static void add_members(struct builder *b, int64_t object)
{
	struct trace_state state;

	if (trace_state(b->m->t, object, b->m->step, &state))
		return;
	for (size_t i = 0; i < state.count; i++) {
		const struct trace_member *x = &state.members[i];
		const struct change *c = change_of(b, object, x->field, x->name);
		struct object_row *row;

		if (!c && is_zero(&x->value) && is_zero(&x->old))
			continue;
		row = add_row(b);
		if (!row)
			break;
		row->object = object;
		row->field = x->field;
		row->name = strdup(x->name);
		row->value = member_text(b->m, x->field, x->name, &x->value);
		row->step = x->step;
		if (c)
			mark_changed(b, row, c);
		row->selected = is_selected(b->m, row);
	}
	trace_state_free(&state);
}

static void add_object(struct builder *b, const struct trace_object *o, bool changed,
		       const char *as)
{
	struct object_row *row;
	bool open = is_opened(b->m, o->id), on_heap = !strcmp(o->storage, "heap");
	int64_t *more;
	char text[120];

	for (int i = 0; i < b->nshown; i++)
		if (b->shown[i] == o->id)
			return;
	more = realloc(b->shown, ((size_t)b->nshown + 1) * sizeof(*more));
	row = more ? add_row(b) : NULL;
	if (more)
		b->shown = more;
	if (!row)
		return;
	b->shown[b->nshown++] = o->id;
	/* Most objects lie on the heap: only the others say where. */
	snprintf(text, sizeof(text), "%s%s%s%s%" PRId64 " bytes", as ? as : "", as ? ", " : "",
		 on_heap ? "" : o->storage, on_heap ? "" : ", ", o->size);
	row->object = o->id;
	row->heading = true;
	row->open = open;
	row->changed = changed;
	row->name = strdup(o->name ? o->name : "?");
	row->value = strdup(text);
	row->selected = is_selected(b->m, row);
	if (open)
		add_members(b, o->id);
	else if (changed)
		add_changes_of(b, o->id);
}

/* ---- which objects ----------------------------------------------------------------------------- */

static int one_store(void *ctx, const struct trace_step *s)
{
	struct builder *b = ctx;
	const char *name = s->place ? s->place : s->field ? s->field->name : "?";
	struct change *c = (struct change *)(uintptr_t)change_of(b, s->object, s->field, name);

	if (!s->object)
		return 0;
	if (!c) {
		if (b->nchanges == MAX_CHANGES)
			return 1;
		c = &b->changes[b->nchanges++];
		c->object = s->object;
		c->field = s->field;
		c->name = strdup(name);
		c->first = member_text(b->m, s->field, name, &s->old);
	}
	free(c->last);
	c->last = member_text(b->m, s->field, name, &s->new);
	c->step = s->step;
	return 0;
}

/* What the last move stored to, whichever way it went. */
static void find_changes(struct builder *b)
{
	struct model *m = b->m;
	int64_t low = m->before < m->step ? m->before : m->step;
	int64_t high = m->before < m->step ? m->step : m->before;

	b->whole = high - low <= MAX_SPAN;
	if (!b->whole)
		low = high - MAX_SPAN;
	b->changes = calloc(MAX_CHANGES, sizeof(*b->changes));
	if (b->changes && low != high &&
	    trace_each(m->t, low + 1, high, TRACE_BIT(TRACE_STORE), one_store, b) > 0)
		b->whole = false;
}

/* The objects with changes, the latest changed first. */
static void add_changed(struct builder *b)
{
	int64_t last = INT64_MAX;

	for (;;) {
		const struct change *best = NULL;
		struct trace_object o;

		for (int i = 0; i < b->nchanges; i++)
			if (b->changes[i].step < last && (!best || b->changes[i].step > best->step))
				best = &b->changes[i];
		if (!best)
			return;
		last = best->step;
		if (trace_object(b->m->t, best->object, &o) == 1) {
			if (o.born <= b->m->step && (!o.died || o.died > b->m->step))
				add_object(b, &o, true, NULL);
			trace_object_free(&o);
		}
	}
}

static void free_changes(struct builder *b)
{
	for (int i = 0; i < b->nchanges; i++) {
		free(b->changes[i].name);
		free(b->changes[i].first);
		free(b->changes[i].last);
	}
	free(b->changes);
}

/* The object that a pointer's text names: up to the first '.' or '+'. */
bool model_object_of_text(struct model *m, const char *text, struct trace_object *o)
{
	char name[100];
	size_t len = strcspn(text, ".+[");

	if (len >= sizeof(name) || !len)
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	return trace_object_by_name_at(m->t, name, m->step, o) == 1;
}

/* Objects that the open calls were given, with the name the function knows them by. */
static void add_arguments(struct builder *b)
{
	int64_t calls[MAX_STACK];
	int n = trace_stack(b->m->t, b->m->step, calls, MAX_STACK);

	for (int i = 0; i < n && i < MAX_STACK; i++) {
		struct trace_step call;
		struct trace_arg *args;
		struct trace_object o;
		int count;

		if (trace_step(b->m->t, calls[i], &call) != 1)
			continue;
		count = trace_args(call.extra, &args);
		for (int k = 0; k < count; k++)
			if (args[k].value.type == TRACE_TEXT &&
			    model_object_of_text(b->m, args[k].value.bytes, &o)) {
				add_object(b, &o, false, args[k].name);
				trace_object_free(&o);
			}
		trace_args_free(args, count);
		trace_step_free(&call);
	}
}

static int add_rest(void *ctx, const struct trace_object *o)
{
	struct builder *b = ctx;

	add_object(b, o, false, NULL);
	return ++b->rest >= MAX_REST;
}

int model_objects(struct model *m, struct objects *out)
{
	struct builder b = { .m = m, .out = out };

	memset(out, 0, sizeof(*out));
	out->selected = -1;
	if (!m->step)
		return 0;
	find_changes(&b);
	add_changed(&b);
	add_arguments(&b);
	trace_objects_at(m->t, m->step, add_rest, &b);
	free_changes(&b);
	free(b.shown);
	for (int i = 0; i < out->count; i++)
		if (out->rows[i].selected)
			out->selected = i;
	return 0;
}

void model_objects_free(struct objects *o)
{
	for (int i = 0; i < o->count; i++) {
		free(o->rows[i].name);
		free(o->rows[i].value);
		free(o->rows[i].other);
	}
	free(o->rows);
	memset(o, 0, sizeof(*o));
}

void model_select_object(struct model *m, const struct object_row *row)
{
	bool whole = row->field && !strcmp(row->name, row->field->name);

	free(m->selected.place);
	m->selected.object = row->object;
	m->selected.field = row->field ? row->field->id : 0;
	m->selected.place = row->heading || whole ? NULL : strdup(row->name);
}

void model_toggle_object(struct model *m, int64_t object)
{
	int64_t *more;

	for (size_t i = 0; i < m->nopened; i++)
		if (m->opened[i] == object) {
			m->opened[i] = m->opened[--m->nopened];
			return;
		}
	more = realloc(m->opened, (m->nopened + 1) * sizeof(*more));
	if (!more)
		return;
	m->opened = more;
	more[m->nopened++] = object;
}
