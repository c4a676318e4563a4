// SPDX-License-Identifier: GPL-2.0-only
/* Applying the table: what is passed over, and what is left out. */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/calls_internal.h"

/* What becomes of a call. */
enum fate { KEPT, PASSED_OVER, LEFT_OUT };

struct applying {
	struct calls_diff *d;
	int side, unit;
};

static int64_t calls_in(const struct calls_side *s, int node)
{
	int64_t sum = 1;

	for (int c = s->nodes[node].first; c >= 0; c = s->nodes[c].next)
		sum += calls_in(s, c);
	return sum;
}

static void excuse(struct applying *a, int rule, int node, int64_t calls)
{
	struct calls_side *s = &a->d->side[a->side];
	struct calls_excuse *e =
		calls_grow(a->d, &s->excuses, &s->excuse_count, &s->excuse_room, sizeof(*e));

	if (!e)
		return;
	e->rule = rule;
	e->unit = a->unit;
	e->name = s->nodes[node].name;
	e->step = s->nodes[node].step;
	e->calls = calls;
}

/* @caller: whose it would be now, @recorded: whose it is; 0: nobody's. */
static enum fate fate_of(struct applying *a, int node, uint32_t caller, uint32_t recorded)
{
	struct calls_side *s = &a->d->side[a->side];
	const struct calls_node *n = &s->nodes[node];
	const struct calls_name *name = &a->d->names[n->name];
	int rule = calls_rule_for(a->d, CALLS_LEAVE, n->name, caller, recorded);

	if (rule >= 0) {
		excuse(a, rule, node, calls_in(s, node));
		return LEFT_OUT;
	}
	rule = calls_rule_for(a->d, CALLS_SKIP, n->name, caller, recorded);
	if (rule >= 0) {
		excuse(a, rule, node, 1);
		return PASSED_OVER;
	}
	if (n->clone && n->name == caller)
		return PASSED_OVER;
	if (name->seen[!a->side] || !strcmp(name->text, CALLS_RESUMED))
		return KEPT;
	rule = calls_rule_for(a->d, CALLS_INLINE, n->name, 0, 0);
	if (rule < 0 && a->d->strict)
		return KEPT;
	excuse(a, rule, node, 1);
	return PASSED_OVER;
}

/* Links the children that are kept to @to, in their order; those of one passed over in its place. */
static void keep_children(struct applying *a, int from, int to)
{
	struct calls_side *s = &a->d->side[a->side];
	int child = s->nodes[from].first, next;

	calls_unlink_children(&s->nodes[from]);
	for (; child >= 0; child = next) {
		next = s->nodes[child].next;
		switch (fate_of(a, child, s->nodes[to].name, s->nodes[from].name)) {
		case KEPT:
			calls_link(s, to, child);
			keep_children(a, child, child);
			break;
		case PASSED_OVER:
			/* what it was linked to is no more: only its children are */
			keep_children(a, child, to);
			break;
		case LEFT_OUT:
			break;
		}
	}
}

static void add_unit(struct calls_diff *d, struct calls_side *s, int node)
{
	int *unit = calls_grow(d, &s->units, &s->unit_count, &s->unit_room, sizeof(*unit));

	if (!unit)
		return;
	*unit = node;
	s->nodes[node].parent = -1;
	s->nodes[node].next = -1;
}

/*
 * A unit whose first call goes: what is called in it is a unit of its own if one of the traces has such
 * units, and else nothing that the other could have.
 */
static void part(struct calls_diff *d, int side, int node)
{
	struct calls_side *s = &d->side[side];
	int child = s->nodes[node].first, next;

	d->counts.outside[side]++;
	for (; child >= 0; child = next) {
		next = s->nodes[child].next;
		if (d->names[s->nodes[child].name].begins)
			add_unit(d, s, child);
		else
			part(d, side, child);
	}
}

/* The rule that makes a unit somebody else's, or -1. */
static int others(struct calls_diff *d, struct calls_side *s, int node)
{
	int rule = calls_rule_for(d, CALLS_OTHERS, s->nodes[node].name, 0, 0);

	for (int c = s->nodes[node].first; rule < 0 && c >= 0; c = s->nodes[c].next)
		rule = others(d, s, c);
	return rule;
}

/* Nodes are in the order of their steps. */
static int by_node(const void *x, const void *y)
{
	return *(const int *)x - *(const int *)y;
}

int calls_apply(struct calls_diff *d, int side)
{
	struct calls_side *s = &d->side[side];
	struct applying a = { d, side, 0 };
	int kept = 0, rule;

	/* the list grows as units are parted */
	for (int i = 0; i < s->unit_count && !d->failed; i++) {
		int node = s->units[i];

		a.unit = node;
		rule = others(d, s, node);
		if (rule >= 0) {
			/* it is nobody's to compare: that counts at once */
			calls_used(d, rule, side, s->nodes[node].step, calls_in(s, node));
			d->counts.excused[side] += calls_in(s, node);
			continue;
		}
		switch (fate_of(&a, node, 0, 0)) {
		case KEPT:
			keep_children(&a, node, node);
			s->units[kept++] = node;
			break;
		case PASSED_OVER:
			part(d, side, node);
			break;
		case LEFT_OUT:
			break;
		}
	}
	s->unit_count = kept;
	if (kept)
		qsort(s->units, (size_t)kept, sizeof(*s->units), by_node);
	return d->failed ? -1 : 0;
}
