/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a trace to events.  The log is read once from its first row to its last; what is text becomes
 * a number.  Both traces are read at the same time, by a thread each, so each has strings of
 * its own first, which load_join() (join.c) makes one.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

/* Makes room for one more in an array; 0 or -1. */
static int more(void **array, uint32_t count, uint32_t *room, size_t size)
{
	uint32_t want = *room ? *room * 2 : 1024;
	void *p;

	if (count < *room)
		return 0;
	p = realloc(*array, want * size);
	if (!p)
		return -1;
	*array = p;
	*room = want;
	return 0;
}

static uint32_t add_text(struct loaded *l, const char *text, size_t len)
{
	uint32_t n = strings_add(&l->own, text, len);

	if (!n)
		l->failed = true;
	return n;
}

/* The string of a catalogue entry, remembered by its id. */
static uint32_t by_id(struct loaded *l, uint32_t *known, uint32_t count, int64_t id,
		      const char *text)
{
	if (!text)
		return 0;
	if (id < 0 || id >= count)
		return add_text(l, text, strlen(text));
	if (!known[id])
		known[id] = add_text(l, text, strlen(text));
	return known[id];
}

static bool all_digits(const char *p, size_t len, int64_t *number)
{
	if (!len || len > 20 || strspn(p, "0123456789") != len)
		return false;
	*number = (int64_t)strtoull(p, NULL, 10);
	return true;
}

static int64_t take_value(struct loaded *l, const struct trace_value *v, struct event *e, int shift)
{
	int64_t number;

	/* unsigned numbers above 2^63-1 come as digits */
	if (v->type == TRACE_TEXT && all_digits(v->bytes, v->len, &number)) {
		e->types |= (uint8_t)(TRACE_INT << shift);
		return number;
	}
	e->types |= (uint8_t)(v->type << shift);
	if (v->type == TRACE_INT)
		return v->num;
	if (v->type == TRACE_NULL)
		return 0;
	return add_text(l, v->bytes, v->len);
}

static void take_call(struct loaded *l, const struct trace_row *r, struct event *e)
{
	struct call *c;

	if (more((void **)&l->calls, l->ncalls, &l->calls_room, sizeof(*l->calls))) {
		l->failed = true;
		return;
	}
	e->name = r->func > 0 && (uint32_t)r->func < l->nfunctions ? l->functions[r->func].name : 0;
	e->line = 0;
	e->a = r->func;
	e->b = take_value(l, &r->extra, e, 2);
	e->object = l->ncalls;
	c = &l->calls[l->ncalls++];
	*c = (struct call){ .step = (uint32_t)r->step };
}

static void take_store(struct loaded *l, const struct trace_row *r, struct event *e)
{
	e->object = r->object > 0 && r->object < l->nobjects ? (uint32_t)r->object : 0;
	e->name = r->spot > 0 && (uint32_t)r->spot < l->nspots ? l->spots[r->spot] : 0;
}

static int take_row(void *ctx, const struct trace_row *r)
{
	struct loaded *l = ctx;
	const struct trace_variable *v;
	struct event *e;

	if (r->step < 1 || r->step > l->last || (int)r->kind < TRACE_CALL || r->kind >= TRACE_KINDS)
		return 0;
	e = &l->e[r->step];
	memset(e, 0, sizeof(*e));
	e->kind = (uint8_t)r->kind;
	e->parent = r->parent > 0 && r->parent < r->step ? (uint32_t)r->parent : 0;
	e->line = r->line > 0 && r->line < 0x8000 ? (uint16_t)r->line : 0;
	if (r->kind == TRACE_CALL) {
		take_call(l, r, e);
		return l->failed ? -1 : 0;
	}
	e->a = take_value(l, &r->old, e, 0);
	e->b = take_value(l, &r->new, e, 2);
	if (r->kind == TRACE_STORE) {
		take_store(l, r, e);
	} else if (r->kind == TRACE_LOCAL) {
		v = trace_variable(l->t, r->variable);
		e->name = by_id(l, l->variables, l->nvariables, r->variable, v ? v->name : NULL);
	} else if (r->kind > TRACE_LOCAL) {
		e->object = r->object > 0 && r->object < l->nobjects ? (uint32_t)r->object : 0;
		if (r->extra.type != TRACE_NULL)
			e->name = add_text(l, r->extra.bytes, r->extra.len);
	}
	return l->failed ? -1 : 0;
}

static int take_moment(void *ctx, int64_t step, int64_t time, int task, int context)
{
	struct loaded *l = ctx;

	if (more((void **)&l->moments, l->nmoments, &l->moments_room, sizeof(*l->moments)))
		return -1;
	l->moments[l->nmoments++] = (struct moment){ .time = time,
						     .step = (uint32_t)step,
						     .task = (int16_t)task,
						     .context = (int16_t)context };
	return 0;
}

/* An array by id, grown so that @id is in it; new places are zero. NULL when out of memory. */
static void *room_for(void *array, uint32_t *count, int64_t id, size_t size)
{
	uint32_t want = (uint32_t)id + (uint32_t)id / 2 + 64;
	char *p;

	if (id < *count)
		return array;
	p = realloc(array, want * size);
	if (p) {
		memset(p + *count * size, 0, (want - *count) * size);
		*count = want;
	}
	return p;
}

static int take_object(void *ctx, const struct trace_object *o)
{
	struct loaded *l = ctx;
	struct object *p;

	if (o->id < 1 || o->id > 1 << 28)
		return 0;
	p = room_for(l->objects, &l->nobjects, o->id, sizeof(*p));
	if (!p)
		return -1;
	l->objects = p;
	p += o->id;
	p->name = add_text(l, o->name ? o->name : "?", o->name ? strlen(o->name) : 1);
	if (o->type)
		p->type = add_text(l, o->type->name, strlen(o->type->name));
	p->born = (uint32_t)o->born;
	return l->failed ? -1 : 0;
}

static int take_spot(void *ctx, int id, int field, const char *name)
{
	struct loaded *l = ctx;
	const struct trace_field *f;
	uint32_t *p;

	if (id < 1 || id > 1 << 24)
		return 0;
	p = room_for(l->spots, &l->nspots, id, sizeof(*p));
	if (!p)
		return -1;
	l->spots = p;
	if (!name && (f = trace_field(l->t, field)) != NULL)
		name = f->name;
	if (name)
		p[id] = add_text(l, name, strlen(name));
	return l->failed ? -1 : 0;
}

/* Functions by their id, and room for what is asked for by id. */
static int take_catalogue(struct loaded *l)
{
	const struct trace_func *f = NULL;
	uint32_t most = 0;

	while ((f = trace_func_next(l->t, f)) != NULL)
		if (f->id > 0 && (uint32_t)f->id < 1 << 24 && (uint32_t)f->id > most)
			most = (uint32_t)f->id;
	l->nfunctions = most + 1;
	l->nvariables = 1 << 16;
	l->functions = calloc(l->nfunctions, sizeof(*l->functions));
	l->variables = calloc(l->nvariables, sizeof(*l->variables));
	if (!l->functions || !l->variables)
		return -1;
	while ((f = trace_func_next(l->t, f)) != NULL) {
		struct function *to;

		if (f->id <= 0 || (uint32_t)f->id >= l->nfunctions)
			continue;
		to = &l->functions[f->id];
		to->f = f;
		to->name = add_text(l, f->name, strlen(f->name));
		to->line = f->line;
		to->end_line = f->end_line;
	}
	return l->failed ? -1 : 0;
}

/* Parents become lists of children; steps without a call around them stay alone. */
static void link_children(struct loaded *l)
{
	for (uint32_t at = 1; at <= l->last; at++) {
		struct event *e = &l->e[at];
		struct call *c;

		if (!e->kind || !e->parent)
			continue;
		if (l->e[e->parent].kind != TRACE_CALL) {
			e->parent = 0;
			continue;
		}
		c = call_of(l, e->parent);
		if (c->last)
			l->e[c->last].next = at;
		else
			c->first = at;
		c->last = at;
		if (e->kind == TRACE_RETURN) {
			c->ret = at;
			e->name = l->e[e->parent].name;
		}
	}
}

int load_trace(struct loaded *l, struct trace *t)
{
	memset(l, 0, sizeof(*l));
	l->t = t;
	if (trace_last_step(t) >= UINT32_MAX / 2)
		return -1;
	l->last = (uint32_t)trace_last_step(t);
	l->e = calloc((size_t)l->last + 1, sizeof(*l->e));
	if (!l->e || strings_init(&l->own) || take_catalogue(l) ||
	    trace_each_object(t, take_object, l) || trace_each_spot(t, take_spot, l) ||
	    trace_each_moment(t, take_moment, l) || trace_each_row(t, take_row, l))
		return -1;
	link_children(l);
	return 0;
}

const struct moment *load_moment(const struct loaded *l, uint32_t step)
{
	static const struct moment none;
	uint32_t low = 0, high = l->nmoments;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (l->moments[mid].step <= step)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &l->moments[low - 1] : &none;
}

void load_free(struct loaded *l)
{
	for (uint32_t i = 0; i < l->nfunctions && l->functions; i++)
		free(l->functions[i].to_a);
	strings_free(&l->own);
	free(l->mapped);
	free(l->e);
	free(l->calls);
	free(l->moments);
	free(l->objects);
	free(l->spots);
	free(l->variables);
	free(l->functions);
	free(l->mate);
	free(l->flags);
	memset(l, 0, sizeof(*l));
}
