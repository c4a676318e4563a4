/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two call trees in line, task by task.
 *
 * Two calls with the same shape have the same steps in the same order: their insides answer to one
 * another one by one, without a question.  Otherwise their children are brought in line in three
 * rounds: those that are equal with all that is in them, then between these those of the same shape,
 * then those of the same name, whose own children differ and are next.  Before all that, the same
 * among those of the same time: a run that ended early must not answer to the end of the other.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

enum round { ROUND_FULL, ROUND_SHAPE, ROUND_NAME, ROUNDS };

/* All rounds are gone through twice: first only what happens at the same time may answer. */
#define TIMES 2

struct work {
	struct loaded *a, *b;
	const struct strings *s;
	bool wide;
	struct runs *missing, *extra;
	struct pair {
		uint32_t x, y;
	} * pairs; /* calls whose insides are still to be done */
	size_t npairs, room;
};

/* The children of one call, or of none, in an array. */
struct children {
	uint32_t *step;
	uint64_t *key;
	int count, room;
};

static int add_pair(struct work *w, uint32_t x, uint32_t y)
{
	if (w->npairs == w->room) {
		size_t room = w->room ? w->room * 2 : 256;
		struct pair *p = realloc(w->pairs, room * sizeof(*p));

		if (!p)
			return -1;
		w->pairs = p;
		w->room = room;
	}
	w->pairs[w->npairs++] = (struct pair){ x, y };
	return 0;
}

static int make_mates(struct work *w, uint32_t x, uint32_t y)
{
	w->a->mate[x] = y;
	w->b->mate[y] = x;
	return w->a->e[x].kind == TRACE_CALL ? add_pair(w, x, y) : 0;
}

int runs_add(struct runs *runs, const struct run *r)
{
	if (runs->count == runs->room) {
		size_t room = runs->room ? runs->room * 2 : 64;
		struct run *p = realloc(runs->r, room * sizeof(*p));

		if (!p)
			return -1;
		runs->r = p;
		runs->room = room;
	}
	runs->r[runs->count++] = *r;
	return 0;
}

/* ---- children ---------------------------------------------------------------------------------- */

static int add_child(struct children *c, uint32_t step)
{
	if (c->count == c->room) {
		int room = c->room ? c->room * 2 : 64;
		uint32_t *p = realloc(c->step, (size_t)room * sizeof(*p));
		uint64_t *k = realloc(c->key, (size_t)room * sizeof(*k));

		if (p)
			c->step = p;
		if (k)
			c->key = k;
		if (!p || !k)
			return -1;
		c->room = room;
	}
	c->step[c->count++] = step;
	return 0;
}

static uint64_t key_of(const struct work *w, const struct loaded *l, uint32_t step,
		       enum round round)
{
	const struct event *e = &l->e[step];
	uint64_t h;

	if (e->kind == TRACE_CALL && round != ROUND_NAME)
		return round == ROUND_FULL ? call_of(l, step)->full : call_of(l, step)->shape;
	if (round == ROUND_FULL)
		return event_full(e, w->s, w->wide);
	if (round == ROUND_SHAPE)
		return e->shape;
	h = mix(e->kind, w->s->s[e->name].stable);
	switch (e->kind) {
	case TRACE_LINE:
	case TRACE_BRANCH:
		return mix(h, e->line);
	case TRACE_STORE:
		return mix(h, w->s->s[l->objects[e->object].name].stable);
	default:
		return h;
	}
}

static void set_keys(const struct work *w, const struct loaded *l, struct children *c,
		     enum round round, bool timed)
{
	for (int i = 0; i < c->count; i++) {
		c->key[i] = key_of(w, l, c->step[i], round);
		if (timed)
			c->key[i] = mix(c->key[i], (uint64_t)load_moment(l, c->step[i])->time);
	}
}

/* One round: what lies between those that are in line already. */
static int one_round(const struct children *ca, const struct children *cb, int *pa)
{
	int a0 = 0, b0 = 0;

	for (int i = 0; i <= ca->count; i++) {
		int b1 = i < ca->count ? pa[i] : cb->count;

		if (b1 < 0)
			continue;
		if (a0 < i && b0 < b1 && sequence_align(ca->key, a0, i, cb->key, b0, b1, pa))
			return -1;
		a0 = i + 1;
		b0 = b1 + 1;
	}
	return 0;
}

/* How many steps a child is, with what is in it. */
static uint32_t weight(const struct loaded *l, uint32_t step)
{
	return l->e[step].kind == TRACE_CALL ? call_of(l, step)->steps : 1;
}

/* Children without a mate, in runs. */
static int collect(const struct loaded *l, const struct children *c, uint32_t parent,
		   struct runs *runs)
{
	struct run r = { 0 };

	for (int i = 0; i <= c->count; i++) {
		if (i < c->count && !l->mate[c->step[i]]) {
			if (!r.items) {
				r.first = c->step[i];
				r.after = i ? c->step[i - 1] : parent;
			}
			r.items++;
			r.steps += weight(l, c->step[i]);
		} else if (r.items) {
			if (runs_add(runs, &r))
				return -1;
			r = (struct run){ 0 };
		}
	}
	return 0;
}

/* Brings two lists of children in line; X and Y are their calls, 0 for none. */
static int align_children(struct work *w, struct children *ca, struct children *cb, uint32_t x,
			  uint32_t y)
{
	int *pa = malloc(((size_t)ca->count + 1) * sizeof(*pa)), err = 0;

	if (!pa)
		return -1;
	memset(pa, 0xff, ((size_t)ca->count + 1) * sizeof(*pa));
	for (int i = 0; i < ROUNDS * TIMES && !err; i++) {
		set_keys(w, w->a, ca, (enum round)(i % ROUNDS), i < ROUNDS);
		set_keys(w, w->b, cb, (enum round)(i % ROUNDS), i < ROUNDS);
		err = one_round(ca, cb, pa);
	}
	for (int i = 0; i < ca->count && !err; i++)
		if (pa[i] >= 0)
			err = make_mates(w, ca->step[i], cb->step[pa[i]]);
	if (!err)
		err = collect(w->a, ca, x, w->missing);
	if (!err)
		err = collect(w->b, cb, y, w->extra);
	free(pa);
	return err;
}

static int children_of(const struct loaded *l, uint32_t step, struct children *c)
{
	c->count = 0;
	for (uint32_t at = call_of(l, step)->first; at; at = l->e[at].next)
		if (add_child(c, at))
			return -1;
	return 0;
}

static int same_shape(struct work *w, const struct call *x, const struct call *y)
{
	uint32_t a = x->first, b = y->first;

	while (a && b) {
		if (make_mates(w, a, b))
			return -1;
		a = w->a->e[a].next;
		b = w->b->e[b].next;
	}
	return 0;
}

static int do_pairs(struct work *w)
{
	struct children ca = { 0 }, cb = { 0 };
	int err = 0;

	while (w->npairs && !err) {
		struct pair p = w->pairs[--w->npairs];
		const struct call *x = call_of(w->a, p.x), *y = call_of(w->b, p.y);

		if (x->shape == y->shape && x->steps == y->steps)
			err = same_shape(w, x, y);
		else if (children_of(w->a, p.x, &ca) || children_of(w->b, p.y, &cb))
			err = -1;
		else
			err = align_children(w, &ca, &cb, p.x, p.y);
	}
	free(ca.step);
	free(ca.key);
	free(cb.step);
	free(cb.key);
	return err;
}

int align_pair(struct loaded *a, struct loaded *b, const struct strings *s, bool wide, uint32_t x,
	       uint32_t y, struct runs *missing, struct runs *extra)
{
	struct work w = { .a = a, .b = b, .s = s, .wide = wide };
	int err;

	w.missing = missing;
	w.extra = extra;
	err = make_mates(&w, x, y) || do_pairs(&w) ? -1 : 0;
	free(w.pairs);
	return err;
}

/* ---- tasks ------------------------------------------------------------------------------------- */

#define CONTEXTS 4

/* A task of the first trace and of the second, by name; of equal names the first with the first. */
struct lane {
	const char *name;
	int task, context;
};

static int add_lane(struct lane **lanes, size_t *count, const struct lane *lane)
{
	struct lane *p;

	for (size_t i = 0; i < *count; i++)
		if ((*lanes)[i].task == lane->task && (*lanes)[i].context == lane->context)
			return (int)i;
	p = realloc(*lanes, (*count + 1) * sizeof(*p));
	if (!p)
		return -1;
	*lanes = p;
	p[*count] = *lane;
	return (int)(*count)++;
}

/* Steps without a call around them, task by task; roots[] is one list for each lane. */
static int find_roots(struct loaded *l, struct lane **lanes, size_t *nlanes,
		      struct children **roots)
{
	uint32_t m = 0;

	for (uint32_t at = 1; at <= l->last; at++) {
		struct lane lane;
		size_t before = *nlanes;
		int i;

		while (m + 1 < l->nmoments && l->moments[m + 1].step <= at)
			m++;
		if (!l->e[at].kind || l->e[at].parent)
			continue;
		lane.task = l->nmoments ? l->moments[m].task : 0;
		lane.context = l->nmoments ? l->moments[m].context : 0;
		lane.name = trace_task_name(l->t, lane.task);
		i = add_lane(lanes, nlanes, &lane);
		if (i < 0)
			return -1;
		if (*nlanes > before) {
			struct children *p = realloc(*roots, *nlanes * sizeof(*p));

			if (!p)
				return -1;
			*roots = p;
			memset(&p[i], 0, sizeof(*p));
		}
		if ((*roots)[i].count)
			l->e[(*roots)[i].step[(*roots)[i].count - 1]].next = at;
		if (add_child(&(*roots)[i], at))
			return -1;
	}
	return 0;
}

static int lane_of(const struct lane *lanes, size_t n, const struct lane *want, bool *taken)
{
	for (size_t i = 0; i < n; i++) {
		if (taken[i] || lanes[i].context != want->context)
			continue;
		if (lanes[i].name && want->name ? !strcmp(lanes[i].name, want->name) :
						  lanes[i].task == want->task) {
			taken[i] = true;
			return (int)i;
		}
	}
	return -1;
}

static void free_roots(struct lane *lanes, struct children *roots, size_t n)
{
	for (size_t i = 0; roots && i < n; i++) {
		free(roots[i].step);
		free(roots[i].key);
	}
	free(roots);
	free(lanes);
}

int align_traces(struct loaded *a, struct loaded *b, const struct strings *s, bool wide,
		 struct runs *missing, struct runs *extra)
{
	struct work w = { .a = a, .b = b, .s = s, .wide = wide };
	struct lane *la = NULL, *lb = NULL;
	struct children *ra = NULL, *rb = NULL, none = { 0 };
	size_t na = 0, nb = 0;
	bool *taken = NULL;
	int err;

	w.missing = missing;
	w.extra = extra;
	a->mate = calloc((size_t)a->last + 1, sizeof(*a->mate));
	b->mate = calloc((size_t)b->last + 1, sizeof(*b->mate));
	a->flags = calloc((size_t)a->last + 1, 1);
	b->flags = calloc((size_t)b->last + 1, 1);
	err = !a->mate || !b->mate || !a->flags || !b->flags || find_roots(a, &la, &na, &ra) ||
			      find_roots(b, &lb, &nb, &rb) ?
		      -1 :
		      0;
	if (!err) {
		taken = calloc(nb + 1, sizeof(*taken));
		err = taken ? 0 : -1;
	}
	for (size_t i = 0; i < na && !err; i++) {
		int j = lane_of(lb, nb, &la[i], taken);

		err = align_children(&w, &ra[i], j < 0 ? &none : &rb[j], 0, 0);
	}
	for (size_t j = 0; j < nb && !err; j++)
		if (!taken[j])
			err = align_children(&w, &none, &rb[j], 0, 0);
	if (!err)
		err = do_pairs(&w);
	free_roots(la, ra, na);
	free_roots(lb, rb, nb);
	free(taken);
	free(w.pairs);
	return err;
}
