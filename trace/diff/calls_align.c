// SPDX-License-Identifier: GPL-2.0-only
/* Two calls side by side: which of what they call answers to which, and what is left over. */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/calls_internal.h"

/* A table of more cells is not made; then what comes next and is of the same name is taken. */
#define CELLS_MAX (16u << 20)
/* So far it looks ahead then. */
#define LOOK_AHEAD 500

/* What a pair is worth: one of the same name, more if they are of one size, and one that is equal. */
enum { WORTH_NAME = 300, WORTH_SIZE = 90, WORTH_EQUAL = 400 };

void calls_hash(struct calls_side *s, int node)
{
	struct calls_node *n = &s->nodes[node];
	uint64_t hash = mix(7, n->name);
	int size = 1;

	for (int c = n->first; c >= 0; c = s->nodes[c].next) {
		calls_hash(s, c);
		hash = mix(hash, s->nodes[c].hash);
		size += s->nodes[c].size;
	}
	n->hash = mix(hash, 11);
	n->size = size;
}

/* ---- entries ------------------------------------------------------------------------------------- */

static struct calls_entry *add(struct calls_diff *d, enum calls_kind kind, int side, int node)
{
	const struct calls_side *s = &d->side[side];
	const struct calls_node *n = &s->nodes[node];
	struct calls_entry *e =
		calls_grow(d, &d->entries, &d->entry_count, &d->entry_room, sizeof(*e));

	if (!e)
		return NULL;
	e->kind = kind;
	e->function = d->names[n->name].text;
	e->caller = n->parent >= 0 ? d->names[s->nodes[n->parent].name].text : "";
	e->calls = n->size;
	if (side)
		e->b = n->step;
	else
		e->a = n->step;
	return e;
}

static void only_in(struct calls_diff *d, int side, int node, int other_parent)
{
	struct calls_entry *e = add(d, side ? CALLS_EXTRA : CALLS_MISSING, side, node);
	int64_t step = d->side[!side].nodes[other_parent].step;

	if (!e)
		return;
	if (side)
		e->a = step;
	else
		e->b = step;
}

/* ---- children in line ---------------------------------------------------------------------------- */

static int list_children(const struct calls_side *s, int node, int **list)
{
	int count = 0, at = 0;

	for (int c = s->nodes[node].first; c >= 0; c = s->nodes[c].next)
		count++;
	*list = malloc(((size_t)count + 1) * sizeof(**list));
	for (int c = s->nodes[node].first; *list && c >= 0; c = s->nodes[c].next)
		(*list)[at++] = c;
	return *list ? count : -1;
}

static uint32_t worth(const struct calls_node *x, const struct calls_node *y)
{
	int small = x->size < y->size ? x->size : y->size, large = x->size + y->size - small;

	if (x->name != y->name)
		return 0;
	return x->hash == y->hash ? WORTH_EQUAL :
				    WORTH_NAME + (uint32_t)((int64_t)WORTH_SIZE * small / large);
}

/* The pairs of @n and @m children that are worth most; mate[i] is the place of i's other, or -1. */
static int best_pairs(struct calls_diff *d, const int *a, int n, const int *b, int m, int *mate)
{
	size_t row = (size_t)m + 1;
	uint32_t *best = calloc(((size_t)n + 1) * row, sizeof(*best));
	int i, j;

	if (!best)
		return -1;
#define BEST(x, y) best[(size_t)(x)*row + (size_t)(y)]
	for (i = n - 1; i >= 0; i--)
		for (j = m - 1; j >= 0; j--) {
			uint32_t w = worth(&d->side[0].nodes[a[i]], &d->side[1].nodes[b[j]]);
			uint32_t most =
				BEST(i + 1, j) > BEST(i, j + 1) ? BEST(i + 1, j) : BEST(i, j + 1);

			if (w && BEST(i + 1, j + 1) + w > most)
				most = BEST(i + 1, j + 1) + w;
			BEST(i, j) = most;
		}
	for (i = j = 0; i < n; i++)
		mate[i] = -1;
	for (i = j = 0; i < n && j < m;) {
		uint32_t w = worth(&d->side[0].nodes[a[i]], &d->side[1].nodes[b[j]]);

		if (w && BEST(i, j) == BEST(i + 1, j + 1) + w)
			mate[i++] = j++;
		else if (BEST(i, j) == BEST(i + 1, j))
			i++;
		else
			j++;
	}
#undef BEST
	free(best);
	return 0;
}

/* The same without a table: the next of the name. */
static void next_pairs(struct calls_diff *d, const int *a, int n, const int *b, int m, int *mate)
{
	int from = 0;

	for (int i = 0; i < n; i++) {
		int end = m - from > LOOK_AHEAD ? from + LOOK_AHEAD : m, j = from;

		while (j < end && !worth(&d->side[0].nodes[a[i]], &d->side[1].nodes[b[j]]))
			j++;
		mate[i] = j < end ? j : -1;
		if (j < end)
			from = j + 1;
	}
}

/* Pairs up what @a and @b have called, equal ends first. 0 or -1. */
static int pair_children(struct calls_diff *d, const int *a, int n, const int *b, int m, int *mate)
{
	const struct calls_node *x = d->side[0].nodes, *y = d->side[1].nodes;
	int head = 0, tail = 0, code = 0;

	while (head < n && head < m && x[a[head]].hash == y[b[head]].hash) {
		mate[head] = head;
		head++;
	}
	while (tail < n - head && tail < m - head &&
	       x[a[n - 1 - tail]].hash == y[b[m - 1 - tail]].hash) {
		mate[n - 1 - tail] = m - 1 - tail;
		tail++;
	}
	n -= head + tail;
	m -= head + tail;
	if ((uint64_t)(n + 1) * (uint64_t)(m + 1) > CELLS_MAX)
		next_pairs(d, a + head, n, b + head, m, mate + head);
	else
		code = best_pairs(d, a + head, n, b + head, m, mate + head);
	for (int i = head; i < head + n; i++)
		if (mate[i] >= 0)
			mate[i] += head;
	return code;
}

/* Goes through both lists in order: pairs are compared, the rest is told. */
static int walk(struct calls_diff *d, int a, int b, const int *x, int n, const int *y, int m,
		const int *mate)
{
	int j = 0, code = 0;

	for (int i = 0; i < n && !code; i++) {
		if (mate[i] < 0) {
			only_in(d, 0, x[i], b);
			continue;
		}
		for (; j < mate[i]; j++)
			only_in(d, 1, y[j], a);
		code = calls_align(d, x[i], y[j++]);
	}
	for (; j < m && !code; j++)
		only_in(d, 1, y[j], a);
	return code || d->failed ? -1 : 0;
}

int calls_align(struct calls_diff *d, int a, int b)
{
	int *x = NULL, *y = NULL, *mate, n, m, code = -1;

	d->counts.paired++;
	if (d->side[0].nodes[a].hash == d->side[1].nodes[b].hash) {
		d->counts.paired += d->side[0].nodes[a].size - 1;
		return 0;
	}
	n = list_children(&d->side[0], a, &x);
	m = list_children(&d->side[1], b, &y);
	mate = malloc(((size_t)(n > 0 ? n : 0) + 1) * sizeof(*mate));
	if (n >= 0 && m >= 0 && mate && !pair_children(d, x, n, y, m, mate))
		code = walk(d, a, b, x, n, y, m, mate);
	free(x);
	free(y);
	free(mate);
	return code;
}

/* ---- what an outline resumed --------------------------------------------------------------------- */

/* Calls that were open when the task went to sleep, and what the other trace's call makes after that. */
struct open_call {
	int node, rest;
};

#define OPEN_MAX 128

/* The last child of a call, and how many of its name there are. */
static int last_child(const struct calls_side *s, int node, int *times)
{
	int last = s->nodes[node].last;

	*times = 0;
	for (int c = s->nodes[node].first; c >= 0; c = s->nodes[c].next)
		*times += s->nodes[c].name == s->nodes[last].name;
	return last;
}

/* Of the children of that name the one that comes so many times; the last, if there are not as many. */
static int child_named(const struct calls_side *s, int node, uint32_t name, int times)
{
	int found = -1;

	for (int c = s->nodes[node].first; c >= 0 && times > 0; c = s->nodes[c].next)
		if (s->nodes[c].name == name) {
			found = c;
			times--;
		}
	return found;
}

/* The last calls, one in the other, that both have: there the task slept. */
static int find_open(struct calls_diff *d, int side, int node, int other, struct open_call *open)
{
	const struct calls_side *s = &d->side[side], *o = &d->side[!side];
	int depth = 0;

	while (node >= 0 && other >= 0 && depth < OPEN_MAX) {
		int times, last = last_child(s, node, &times);
		int mate = last < 0 ? -1 : child_named(o, other, s->nodes[last].name, times);

		open[depth].node = node;
		open[depth++].rest = mate >= 0 ? o->nodes[mate].next : o->nodes[other].first;
		node = last;
		other = mate;
	}
	return depth;
}

/* Puts one call where the other trace has it: in the innermost that goes on with such a call. */
static void put_back(struct calls_diff *d, int side, int child, struct open_call *open, int *depth)
{
	struct calls_side *s = &d->side[side];
	const struct calls_side *o = &d->side[!side];

	for (int level = *depth - 1; level >= 0; level--) {
		int c = open[level].rest;

		while (c >= 0 && o->nodes[c].name != s->nodes[child].name)
			c = o->nodes[c].next;
		if (c < 0)
			continue;
		open[level].rest = o->nodes[c].next;
		*depth = level + 1;
		calls_link(s, open[level].node, child);
		return;
	}
	/* nobody there makes it: it stays with the innermost that is left */
	calls_link(s, open[*depth - 1].node, child);
}

void calls_graft(struct calls_diff *d, int side, int node, int other)
{
	struct calls_side *s = &d->side[side];
	struct open_call open[OPEN_MAX];
	int child = s->nodes[node].first, next, depth;

	calls_unlink_children(&s->nodes[node]);
	for (; child >= 0; child = next) {
		next = s->nodes[child].next;
		if (strcmp(d->names[s->nodes[child].name].text, CALLS_RESUMED) != 0) {
			calls_link(s, node, child);
			continue;
		}
		depth = find_open(d, side, node, other, open);
		for (int c = s->nodes[child].first, after; c >= 0; c = after) {
			after = s->nodes[c].next;
			put_back(d, side, c, open, &depth);
		}
	}
}
