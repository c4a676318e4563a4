// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which unit of one trace answers to which of the other: of units that begin with the same function, the
 * equal ones first, then those that have most calls in common. Each is taken once; only of what the table
 * says may be there more often (`often`) one is compared with several.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/calls_internal.h"

/* How much two units have in common, of 1,000; counts are by name. */
struct likeness {
	struct calls_diff *d;
	int *count; /* by name; all 0 between two questions */
};

static void count_names(const struct calls_side *s, int node, int *count, int by)
{
	count[s->nodes[node].name] += by;
	for (int c = s->nodes[node].first; c >= 0; c = s->nodes[c].next)
		count_names(s, c, count, by);
}

/* How many calls of a unit are among those counted; they are taken off. */
static int common(const struct calls_side *s, int node, int *count)
{
	int sum = count[s->nodes[node].name]-- > 0;

	for (int c = s->nodes[node].first; c >= 0; c = s->nodes[c].next)
		sum += common(s, c, count);
	return sum;
}

static int likeness(struct likeness *l, int a, int b)
{
	const struct calls_side *x = &l->d->side[0], *y = &l->d->side[1];
	int both;

	if (x->nodes[a].hash == y->nodes[b].hash)
		return 1001;
	count_names(x, a, l->count, 1);
	both = common(y, b, l->count);
	/* back to 0: what was counted, less what was taken off */
	count_names(x, a, l->count, -1);
	count_names(y, b, l->count, 1);
	return (int)(2000LL * both / (x->nodes[a].size + y->nodes[b].size));
}

/* One unit of A with one of B. */
struct match {
	int a, b; /* places in the lists of units */
	int worth;
};

static int by_worth(const void *x, const void *y)
{
	const struct match *p = x, *q = y;

	if (p->worth != q->worth)
		return p->worth > q->worth ? -1 : 1;
	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	return p->b < q->b ? -1 : p->b > q->b;
}

/* Equal ones in their order, without looking at each with each. */
static void pair_equal(struct calls_diff *d, const int *as, int n, const int *bs, int m)
{
	struct calls_side *x = &d->side[0], *y = &d->side[1];
	int from = 0;

	for (int i = 0; i < n; i++)
		for (int j = from; j < m; j++)
			if (y->mates[bs[j]] < 0 &&
			    x->nodes[x->units[as[i]]].hash == y->nodes[y->units[bs[j]]].hash) {
				x->mates[as[i]] = bs[j];
				y->mates[bs[j]] = as[i];
				from = j == from ? from + 1 : from;
				break;
			}
}

/* The units that begin with one function: @as of A, @bs of B, by their places. */
static int pair_group(struct likeness *l, const int *as, int n, const int *bs, int m)
{
	struct calls_side *x = &l->d->side[0], *y = &l->d->side[1];
	struct match *matches = NULL;
	int count = 0, room = 0;

	pair_equal(l->d, as, n, bs, m);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < m; j++) {
			struct match *match;

			if (x->mates[as[i]] >= 0 || y->mates[bs[j]] >= 0)
				continue;
			match = calls_grow(l->d, &matches, &count, &room, sizeof(*match));
			if (!match) {
				free(matches);
				return -1;
			}
			*match = (struct match){ as[i], bs[j],
						 likeness(l, x->units[as[i]], y->units[bs[j]]) };
		}
	if (!matches)
		return 0;
	qsort(matches, (size_t)count, sizeof(*matches), by_worth);
	for (int i = 0; i < count; i++)
		if (x->mates[matches[i].a] < 0 && y->mates[matches[i].b] < 0) {
			x->mates[matches[i].a] = matches[i].b;
			y->mates[matches[i].b] = matches[i].a;
		}
	free(matches);
	return 0;
}

static int list_units(const struct calls_side *s, uint32_t name, int *list)
{
	int count = 0;

	for (int i = 0; i < s->unit_count; i++)
		if (s->nodes[s->units[i]].name == name)
			list[count++] = i;
	return count;
}

static int prepare(struct calls_side *s)
{
	s->mates = malloc(((size_t)s->unit_count + 1) * sizeof(*s->mates));
	if (!s->mates)
		return -1;
	memset(s->mates, 0xff, ((size_t)s->unit_count + 1) * sizeof(*s->mates));
	for (int i = 0; i < s->unit_count; i++)
		calls_hash(s, s->units[i]);
	return 0;
}

int calls_pair(struct calls_diff *d)
{
	struct calls_side *x = &d->side[0], *y = &d->side[1];
	struct likeness l = { d, calloc(d->name_count, sizeof(int)) };
	int *as = malloc(((size_t)x->unit_count + 1) * sizeof(int));
	int *bs = malloc(((size_t)y->unit_count + 1) * sizeof(int));
	bool *done = calloc(d->name_count, 1);
	int code = l.count && as && bs && done && !prepare(x) && !prepare(y) ? 0 : -1;

	for (int i = 0; i < x->unit_count && !code; i++) {
		uint32_t name = x->nodes[x->units[i]].name;
		int n, m;

		if (done[name])
			continue;
		done[name] = true;
		n = list_units(x, name, as);
		m = list_units(y, name, bs);
		code = pair_group(&l, as, n, bs, m);
	}
	free(l.count);
	free(as);
	free(bs);
	free(done);
	return code;
}
