/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects pane.
 *
 * What a person looks for comes first: the objects that the last move changed, with the fields
 * that changed and what they were; then those the running functions were called with, innermost
 * call first; then the rest that is alive.  An object shows all of its fields (those that are not
 * zero, or ever were) when it was opened.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/model.h"
#include "viewer/model_words.h"

/* A jump may span a million stores: changes are looked for in this many steps before its end. */
#define MAX_CHANGES 4000

/* The rest of the objects is listed up to this many. */
#define MAX_REST 200

#define MAX_STACK 64

struct builder {
	struct model *m;
	struct objects *out;
	int room;
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

static char *member_text(struct model *m, const struct trace_member *x, const struct trace_value *v)
{
	bool whole = x->field && !strcmp(x->name, x->field->name);
	char text[200];

	words_value(text, sizeof(text), m->t, v, x->name, whole ? x->field->ctype : NULL,
		    whole ? x->field->enumeration : 0);
	return strdup(text);
}

/* The value of a member at another step, for "what it was"; NULL if it did not differ. */
static char *value_at(struct model *m, int64_t object, const struct trace_member *x, int64_t step)
{
	bool whole = x->field && !strcmp(x->name, x->field->name);
	int field = x->field ? x->field->id : 0;
	const char *place = whole ? NULL : x->name;
	int64_t at = trace_last_store(m->t, step, object, field, place), first = 0;
	struct trace_step s;
	char *text = NULL;

	/* Before the first store it was what that store replaced. */
	if (!at)
		at = first = trace_next_store(m->t, step, object, field, place);
	if (at && trace_step(m->t, at, &s) == 1) {
		text = member_text(m, x, first ? &s.old : &s.new);
		trace_step_free(&s);
	}
	return text;
}

static void add_member(struct builder *b, int64_t object, const struct trace_member *x,
		       int64_t store)
{
	struct model *m = b->m;
	struct object_row *row = add_row(b);

	if (!row)
		return;
	row->object = object;
	row->field = x->field;
	row->name = strdup(x->name);
	row->value = member_text(m, x, &x->value);
	row->step = x->step;
	row->changed = model_just_changed(m, store);
	if (row->changed)
		row->other = value_at(m, object, x, m->before);
	row->selected = is_selected(m, row);
}

/* When the last move was back, the stores it undid lie after the position. */
static int64_t store_in_move(struct model *m, int64_t object, const struct trace_member *x)
{
	bool whole = x->field && !strcmp(x->name, x->field->name);

	if (m->before <= m->step)
		return x->step;
	return trace_next_store(m->t, m->step, object, x->field ? x->field->id : 0,
				whole ? NULL : x->name);
}

static void add_members(struct builder *b, int64_t object, bool all)
{
	struct trace_state state;

	if (trace_state(b->m->t, object, b->m->step, &state))
		return;
	for (size_t i = 0; i < state.count; i++) {
		const struct trace_member *x = &state.members[i];
		int64_t store = store_in_move(b->m, object, x);

		if (model_just_changed(b->m, store) || (all && (x->step || !is_zero(&x->value))))
			add_member(b, object, x, store);
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
	if (open || changed)
		add_members(b, o->id, open);
}

/* ---- which objects ----------------------------------------------------------------------------- */

struct changes {
	int64_t object[32];
	int count;
};

static int one_change(void *ctx, const struct trace_step *s)
{
	struct changes *c = ctx;
	int i = 0;

	while (i < c->count && c->object[i] != s->object)
		i++;
	/* The latest first. */
	if (i == c->count && c->count < (int)(sizeof(c->object) / sizeof(c->object[0])))
		c->count++;
	if (i == (int)(sizeof(c->object) / sizeof(c->object[0])))
		i--;
	memmove(c->object + 1, c->object, (size_t)i * sizeof(c->object[0]));
	c->object[0] = s->object;
	return 0;
}

static void add_changed(struct builder *b)
{
	struct model *m = b->m;
	int64_t low = m->before < m->step ? m->before : m->step;
	int64_t high = m->before < m->step ? m->step : m->before;
	struct changes c = { .count = 0 };
	struct trace_object o;

	if (high - low > MAX_CHANGES)
		low = high - MAX_CHANGES;
	if (low == high)
		return;
	trace_each(m->t, low + 1, high, TRACE_BIT(TRACE_STORE), one_change, &c);
	for (int i = 0; i < c.count; i++)
		if (c.object[i] && trace_object(m->t, c.object[i], &o) == 1) {
			if (o.born <= m->step && (!o.died || o.died > m->step))
				add_object(b, &o, true, NULL);
			trace_object_free(&o);
		}
}

/* The object that a pointer's text names: up to the first '.' or '+'. */
static bool object_of_text(struct model *m, const char *text, struct trace_object *o)
{
	char name[100];
	size_t len = strcspn(text, ".+[");

	if (len >= sizeof(name) || !len)
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	return trace_object_by_name(m->t, name, o) == 1;
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
			    object_of_text(b->m, args[k].value.bytes, &o)) {
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
	add_changed(&b);
	add_arguments(&b);
	trace_objects_at(m->t, m->step, add_rest, &b);
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
