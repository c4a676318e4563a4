// SPDX-License-Identifier: GPL-2.0-only
/* The calls of a trace as a forest, and its units. */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/calls_internal.h"

void *calls_grow(struct calls_diff *d, void *array, int *count, int *room, size_t element)
{
	void **base = array;
	char *place;

	if (*count == *room) {
		int more = *room ? *room * 2 : 256;
		void *grown = realloc(*base, (size_t)more * element);

		if (!grown) {
			d->failed = true;
			return NULL;
		}
		*base = grown;
		*room = more;
	}
	place = (char *)*base + (size_t)(*count)++ * element;
	return memset(place, 0, element);
}

void calls_used(struct calls_diff *d, int rule, int side, int64_t step, int64_t calls)
{
	struct calls_use *use = &d->uses[rule];

	if (!use->times[side]++)
		use->first[side] = step;
	use->calls[side] += calls;
}

void calls_unlink_children(struct calls_node *n)
{
	n->first = n->last = -1;
}

void calls_link(struct calls_side *s, int parent, int child)
{
	struct calls_node *p = &s->nodes[parent];

	s->nodes[child].parent = parent;
	s->nodes[child].next = -1;
	if (p->last >= 0)
		s->nodes[p->last].next = child;
	else
		p->first = child;
	p->last = child;
}

/* ---- names --------------------------------------------------------------------------------------- */

/* What the table calls a function, without what the compiler appends to clones. */
static uint32_t name_of(struct calls_diff *d, const char *text, int side)
{
	size_t len = text[0] == '.' ? strlen(text) : strcspn(text, ".");
	uint32_t id;

	for (int i = 0; i < d->table->count; i++) {
		const struct calls_rule *r = &d->table->rules[i];

		if (r->verb != CALLS_SAME || strlen(r->name) != len ||
		    memcmp(r->name, text, len) != 0)
			continue;
		d->uses[i].times[side]++;
		text = r->other;
		len = strlen(text);
		break;
	}
	id = strings_add(&d->strings, text, len);
	if (id >= d->name_count) {
		size_t more = (size_t)id * 2 + 256;
		struct calls_name *names = realloc(d->names, more * sizeof(*names));

		if (!names) {
			d->failed = true;
			return 0;
		}
		memset(names + d->name_count, 0, (more - d->name_count) * sizeof(*names));
		d->names = names;
		d->name_count = more;
	}
	if (!d->names[id].text) {
		d->names[id].text = strndup(text, len);
		d->failed |= !d->names[id].text;
	}
	d->names[id].seen[side] = true;
	return id;
}

/* ---- loading ------------------------------------------------------------------------------------- */

struct calls_moment {
	int64_t step;
	int context;
};

struct loading {
	struct calls_diff *d;
	int side;
	uint32_t *by_func; /* names by trace_func.id */
	int funcs;
	int *by_step; /* nodes by step, -1 */
	struct calls_moment *moments;
	int moment_count, moment_room, moment_at;
};

static int take_moment(void *ctx, int64_t step, int64_t time, int task, int context)
{
	struct loading *l = ctx;
	struct calls_moment *m =
		calls_grow(l->d, &l->moments, &l->moment_count, &l->moment_room, sizeof(*m));

	(void)time;
	(void)task;
	if (!m)
		return -1;
	m->step = step;
	m->context = context;
	return 0;
}

static int take_row(void *ctx, const struct trace_row *r)
{
	struct loading *l = ctx;
	struct calls_side *s = &l->d->side[l->side];
	struct calls_node *n;
	const struct trace_func *f = r->kind == TRACE_CALL ? trace_func(s->t, r->func) : NULL;

	if (!f || f->id > l->funcs)
		return 0;
	/* only what is called counts as seen */
	if (!l->by_func[f->id])
		l->by_func[f->id] = name_of(l->d, f->name, l->side);
	n = calls_grow(l->d, &s->nodes, &s->count, &s->room, sizeof(*n));
	if (!n)
		return -1;
	while (l->moment_at + 1 < l->moment_count && l->moments[l->moment_at + 1].step <= r->step)
		l->moment_at++;
	n->step = r->step;
	n->name = l->by_func[f->id];
	n->context = l->moment_count ? (int16_t)l->moments[l->moment_at].context : 0;
	n->clone = strchr(f->name, '.') && f->name[0] != '.';
	n->first = n->last = n->next = n->within = -1;
	n->parent = r->parent > 0 && r->parent < r->step ? l->by_step[r->parent] : -1;
	l->by_step[r->step] = s->count - 1;
	return 0;
}

int calls_load(struct calls_diff *d, int side)
{
	struct calls_side *s = &d->side[side];
	struct loading l = { .d = d, .side = side };
	int64_t last = trace_last_step(s->t);
	const struct trace_func *f = NULL;
	int result = -1;

	while ((f = trace_func_next(s->t, f)) != NULL)
		if (f->id > l.funcs)
			l.funcs = f->id;
	l.by_func = calloc((size_t)l.funcs + 1, sizeof(*l.by_func));
	l.by_step = malloc(((size_t)last + 1) * sizeof(*l.by_step));
	if (l.by_func && l.by_step) {
		memset(l.by_step, 0xff, ((size_t)last + 1) * sizeof(*l.by_step));
		result = trace_each_moment(s->t, take_moment, &l);
	}
	if (!result && !d->failed)
		result = trace_each_row(s->t, take_row, &l);
	free(l.by_func);
	free(l.by_step);
	free(l.moments);
	return result || d->failed ? -1 : 0;
}

/* ---- units --------------------------------------------------------------------------------------- */

static bool begins_unit(struct calls_diff *d, int side, const struct calls_node *n,
			const struct calls_node *parent)
{
	int rule;

	if (!parent || parent->context != n->context || parent->depth >= CALLS_DEPTH_MAX)
		return true;
	rule = calls_rule_for(d, CALLS_ALONE, n->name, parent->name, 0);
	if (rule < 0)
		return false;
	calls_used(d, rule, side, n->step, 1);
	return true;
}

int calls_cut(struct calls_diff *d, int side)
{
	struct calls_side *s = &d->side[side];

	for (int i = 0; i < s->count; i++) {
		struct calls_node *n = &s->nodes[i];
		const struct calls_node *parent = n->parent >= 0 ? &s->nodes[n->parent] : NULL;
		int *unit;

		if (!begins_unit(d, side, n, parent)) {
			calls_link(s, n->parent, i);
			n->depth = parent->depth + 1;
			continue;
		}
		d->names[n->name].begins = true;
		n->within = n->parent;
		n->parent = -1;
		unit = calls_grow(d, &s->units, &s->unit_count, &s->unit_room, sizeof(*unit));
		if (!unit)
			return -1;
		*unit = i;
	}
	return 0;
}
