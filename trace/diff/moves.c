/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was moved: a run of steps that the second trace lacks here and has more of there.
 *
 * The children of runs without an answer are looked up by what they hold.  From the first that has
 * its like on the other side the run is followed as long as both go on alike; what is long enough
 * not to be chance is a move, and its two halves become mates.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

/* Fewer steps than these may be alike by chance. */
#define LEAST_STEPS 3

struct item {
	uint64_t key, shape;
	uint32_t step, weight;
	uint32_t run;   /* index in runs */
	uint32_t index; /* in its run */
	int other;      /* the item that it was moved to or from; -1 */
	bool taken;
};

struct items {
	struct item *i;
	size_t count;
	uint32_t *slot, *next; /* by key, oldest first */
	size_t mask;
};

static uint64_t key_of(const struct loaded *l, uint32_t step, const struct strings *s, bool wide)
{
	return l->e[step].kind == TRACE_CALL ? call_of(l, step)->full :
					       event_full(&l->e[step], s, wide);
}

/* The children of all runs, one behind the other. */
static int items_of(struct items *items, const struct loaded *l, const struct strings *s, bool wide,
		    const struct runs *runs)
{
	size_t count = 0;

	memset(items, 0, sizeof(*items));
	for (size_t r = 0; r < runs->count; r++)
		count += runs->r[r].items;
	items->i = calloc(count + 1, sizeof(*items->i));
	if (!items->i)
		return -1;
	for (size_t r = 0; r < runs->count; r++) {
		uint32_t at = runs->r[r].first;

		for (uint32_t k = 0; k < runs->r[r].items && at; k++, at = l->e[at].next) {
			struct item *i = &items->i[items->count++];

			i->step = at;
			i->key = key_of(l, at, s, wide);
			i->shape = l->e[at].kind == TRACE_CALL ? call_of(l, at)->shape :
								 l->e[at].shape;
			i->weight = l->e[at].kind == TRACE_CALL ? call_of(l, at)->steps : 1;
			i->run = (uint32_t)r;
			i->index = k;
			i->other = -1;
		}
	}
	return 0;
}

static int index_items(struct items *items)
{
	items->mask = 15;
	while (items->mask < items->count * 2)
		items->mask = items->mask * 2 + 1;
	items->slot = calloc(items->mask + 1, sizeof(*items->slot));
	items->next = calloc(items->count + 1, sizeof(*items->next));
	if (!items->slot || !items->next)
		return -1;
	for (size_t i = items->count; i-- > 0;) {
		size_t at = (size_t)(items->i[i].key >> 7) & items->mask;

		items->next[i] = items->slot[at];
		items->slot[at] = (uint32_t)i + 1;
	}
	return 0;
}

/* The two items may be halves of a move: of the same shape, and not taken by another. */
static bool may_pair(const struct item *x, const struct item *y)
{
	return x->shape == y->shape && !x->taken && !y->taken;
}

/* A move that is found from one pair of equal items on: both ways, as long as both do the same. */
struct move {
	size_t i, j, length;
	uint32_t steps;
};

static struct move grow(const struct items *a, size_t i, const struct items *b, size_t j)
{
	struct move m = { i, j, 0, 0 };

	while (m.i && m.j && a->i[m.i - 1].run == a->i[i].run && b->i[m.j - 1].run == b->i[j].run &&
	       may_pair(&a->i[m.i - 1], &b->i[m.j - 1])) {
		m.i--;
		m.j--;
	}
	while (m.i + m.length < a->count && m.j + m.length < b->count &&
	       a->i[m.i + m.length].run == a->i[i].run && b->i[m.j + m.length].run == b->i[j].run &&
	       may_pair(&a->i[m.i + m.length], &b->i[m.j + m.length]))
		m.steps += a->i[m.i + m.length++].weight;
	return m;
}

static void pair_items(struct items *a, struct items *b)
{
	for (size_t i = 0; i < a->count;) {
		struct move best = { i, 0, 1, 0 };
		uint32_t tries = 0;

		for (uint32_t j = b->slot[(a->i[i].key >> 7) & b->mask]; j && tries < 32;
		     j = b->next[j - 1], tries++) {
			struct move m;

			if (b->i[j - 1].key != a->i[i].key || b->i[j - 1].taken || a->i[i].taken)
				continue;
			m = grow(a, i, b, j - 1);
			if (m.steps > best.steps)
				best = m;
		}
		for (size_t n = 0; best.steps >= LEAST_STEPS && n < best.length; n++) {
			a->i[best.i + n].taken = b->i[best.j + n].taken = true;
			a->i[best.i + n].other = (int)(best.j + n);
			b->i[best.j + n].other = (int)(best.i + n);
		}
		i = best.steps >= LEAST_STEPS ? best.i + best.length : i + 1;
	}
}

static bool goes_on(const struct items *x, size_t i)
{
	const struct item *p = &x->i[i - 1], *q = &x->i[i];

	if (p->run != q->run || p->taken != q->taken)
		return false;
	return !q->taken || q->other == p->other + 1;
}

/* Runs again, cut where a move begins or ends. */
static int rebuild(struct runs *runs, const struct items *x, const struct items *y)
{
	struct runs out = { 0 };

	for (size_t i = 0; i < x->count; i++) {
		const struct run *from = &runs->r[x->i[i].run];
		struct run r = { .first = x->i[i].step,
				 .steps = x->i[i].weight,
				 .items = 1,
				 .moved = x->i[i].taken };

		r.after = x->i[i].index ? x->i[i - 1].step : from->after;
		if (r.moved)
			r.other = y->i[x->i[i].other].step;
		if (i && goes_on(x, i)) {
			out.r[out.count - 1].items++;
			out.r[out.count - 1].steps += r.steps;
		} else if (runs_add(&out, &r)) {
			free(out.r);
			return -1;
		}
	}
	free(runs->r);
	*runs = out;
	return 0;
}

static int join_moved(struct loaded *a, struct loaded *b, const struct strings *s, bool wide,
		      const struct items *x, const struct items *y, struct runs *missing,
		      struct runs *extra)
{
	for (size_t i = 0; i < x->count; i++) {
		uint32_t p = x->i[i].step, q;

		if (!x->i[i].taken)
			continue;
		q = y->i[x->i[i].other].step;
		a->flags[p] |= EV_MOVED;
		b->flags[q] |= EV_MOVED;
		if (align_pair(a, b, s, wide, p, q, missing, extra))
			return -1;
	}
	return 0;
}

static void free_items(struct items *items)
{
	free(items->i);
	free(items->slot);
	free(items->next);
}

int find_moves(struct loaded *a, struct loaded *b, const struct strings *s, bool wide,
	       struct runs *missing, struct runs *extra)
{
	struct items x, y = { 0 };
	int err;

	if (!missing->count || !extra->count)
		return 0;
	err = items_of(&x, a, s, wide, missing) || items_of(&y, b, s, wide, extra) ||
			      index_items(&y) ?
		      -1 :
		      0;
	if (!err) {
		pair_items(&x, &y);
		err = rebuild(missing, &x, &y) || rebuild(extra, &y, &x) ||
				      join_moved(a, b, s, wide, &x, &y, missing, extra) ?
			      -1 :
			      0;
	}
	free_items(&x);
	free_items(&y);
	return err;
}
