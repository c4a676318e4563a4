// SPDX-License-Identifier: GPL-2.0-only
/* Two traces compared by their calls: from the beginning to the end. See calls.h for how. */
#include <stdlib.h>
#include <string.h>

#include "calls_table.h"
#include "trace/diff/calls_internal.h"

const char calls_default_table[] = CALLS_TABLE;

/* ---- units --------------------------------------------------------------------------------------- */

/* A unit that no other answers to. */
static void alone(struct calls_diff *d, int side, int unit)
{
	struct calls_side *s = &d->side[side];
	const struct calls_node *n = &s->nodes[s->units[unit]];
	struct calls_entry *e;

	/* a trace of the core shows more than what a kernel recorded of the same: what came before, after */
	if (!trace_meta(s->t, "recorder") && trace_meta(d->side[!side].t, "recorder")) {
		d->counts.outside[side] += n->size;
		return;
	}
	e = calls_grow(d, &d->entries, &d->entry_count, &d->entry_room, sizeof(*e));
	if (!e)
		return;
	*e = (struct calls_entry){
		.kind = side ? CALLS_EXTRA : CALLS_MISSING,
		.a = side ? 0 : n->step,
		.b = side ? n->step : 0,
		.function = d->names[n->name].text,
		.caller = "",
		.calls = n->size,
	};
}

/* A unit of which there may be more: one that was compared already stands for it. */
static bool is_often(struct calls_diff *d, int side, int unit)
{
	const struct calls_side *s = &d->side[side];
	const struct calls_node *n = &s->nodes[s->units[unit]];
	int rule = calls_rule_for(d, CALLS_OFTEN, n->name, 0, 0);

	if (rule < 0)
		return false;
	calls_used(d, rule, side, n->step, n->size);
	d->counts.excused[side] += n->size;
	return true;
}

/* What was called at one place in A and at another in B, within one unit, is one difference. */
static void join_moves(struct calls_diff *d, int from)
{
	int kept = from;

	for (int i = from; i < d->entry_count; i++) {
		struct calls_entry *e = &d->entries[i];

		for (int j = i + 1; j < d->entry_count && e->kind != CALLS_MOVED; j++) {
			struct calls_entry *f = &d->entries[j];

			if (f->kind == CALLS_MOVED || f->kind == e->kind || f->calls != e->calls ||
			    f->function != e->function)
				continue;
			if (e->kind == CALLS_MISSING)
				e->b = f->b;
			else
				e->a = f->a;
			e->kind = CALLS_MOVED;
			memmove(f, f + 1, (size_t)(d->entry_count - j - 1) * sizeof(*f));
			d->entry_count--;
		}
		d->entries[kept++] = *e;
	}
}

static int compare_unit(struct calls_diff *d, int unit)
{
	struct calls_side *x = &d->side[0], *y = &d->side[1];
	int a = x->units[unit], b = y->units[x->mates[unit]], from = d->entry_count, code;

	calls_graft(d, 0, a, b);
	calls_graft(d, 1, b, a);
	calls_hash(x, a);
	calls_hash(y, b);
	code = calls_align(d, a, b);
	join_moves(d, from);
	return code;
}

static int compare_units(struct calls_diff *d)
{
	struct calls_side *x = &d->side[0], *y = &d->side[1];
	int code = 0;

	for (int i = 0; i < x->unit_count && !code; i++) {
		if (x->mates[i] >= 0)
			code = compare_unit(d, i);
		else if (!is_often(d, 0, i))
			alone(d, 0, i);
	}
	for (int i = 0; i < y->unit_count && !code; i++)
		if (y->mates[i] < 0 && !is_often(d, 1, i))
			alone(d, 1, i);
	return code || d->failed ? -1 : 0;
}

/* ---- what it came to ----------------------------------------------------------------------------- */

/* The lines of the table count as far as the units that they were for are compared. */
static int count_excuses(struct calls_diff *d, int side)
{
	struct calls_side *s = &d->side[side];
	bool *compared = calloc((size_t)s->count + 1, 1);
	int64_t *unseen = calloc(d->name_count, sizeof(*unseen));

	for (int i = 0; compared && i < s->unit_count; i++)
		compared[s->units[i]] = s->mates[i] >= 0;
	for (int i = 0; compared && unseen && i < s->excuse_count; i++) {
		const struct calls_excuse *e = &s->excuses[i];

		if (!compared[e->unit])
			continue;
		if (e->rule < 0) {
			unseen[e->name]++;
			d->counts.unseen[side]++;
			continue;
		}
		calls_used(d, e->rule, side, e->step, e->calls);
		d->counts.excused[side] += e->calls;
	}
	for (size_t i = 0; compared && unseen && i < d->name_count; i++) {
		struct calls_unseen *u;

		if (!unseen[i])
			continue;
		u = calls_grow(d, &d->unseen, &d->unseen_count, &d->unseen_room, sizeof(*u));
		if (u)
			*u = (struct calls_unseen){ d->names[i].text, side, unseen[i] };
	}
	if (!compared || !unseen)
		d->failed = true;
	free(compared);
	free(unseen);
	return d->failed ? -1 : 0;
}

static void count(struct calls_diff *d)
{
	struct calls_counts *c = &d->counts;

	c->a_calls = d->side[0].count;
	c->b_calls = d->side[1].count;
	c->entries = d->entry_count;
	for (int i = 0; i < d->entry_count; i++)
		*(d->entries[i].kind == CALLS_MISSING ? &c->missing :
		  d->entries[i].kind == CALLS_EXTRA   ? &c->extra :
							&c->moved) += d->entries[i].calls;
}

/* Leaves the uses that there were. */
static void list_uses(struct calls_diff *d)
{
	for (int i = 0; i < d->table->count; i++)
		if (d->uses[i].times[0] || d->uses[i].times[1])
			d->uses[d->use_count++] = d->uses[i];
}

static int begin(struct calls_diff *d, const struct calls_options *o, char *err, size_t errlen)
{
	d->table = o && o->table ? o->table : NULL;
	d->strict = o && o->strict;
	if (!d->table) {
		d->own = calls_table_parse("calls.txt", calls_default_table, err, errlen);
		d->table = d->own;
		if (!d->own)
			return -1;
	}
	d->uses = calloc((size_t)d->table->count + 1, sizeof(*d->uses));
	if (!d->uses || strings_init(&d->strings)) {
		snprintf(err, errlen, "out of memory");
		return -1;
	}
	for (int i = 0; i < d->table->count; i++)
		d->uses[i] = (struct calls_use){ .rule = d->table->rules[i].what,
						 .reason = d->table->rules[i].reason,
						 .line = d->table->rules[i].line };
	return 0;
}

struct calls_diff *calls_compare(struct trace *a, struct trace *b, const struct calls_options *o,
				 char *err, size_t errlen)
{
	struct calls_diff *d = calloc(1, sizeof(*d));
	int code;

	if (!d) {
		snprintf(err, errlen, "out of memory");
		return NULL;
	}
	d->side[0].t = a;
	d->side[1].t = b;
	if (begin(d, o, err, errlen)) {
		calls_diff_free(d);
		return NULL;
	}
	code = calls_load(d, 0) || calls_load(d, 1) || calls_names_learn(d) || calls_cut(d, 0) ||
	       calls_cut(d, 1) || calls_apply(d, 0) || calls_apply(d, 1) || calls_pair(d) ||
	       compare_units(d) || count_excuses(d, 0) || count_excuses(d, 1);
	if (code || d->failed) {
		const char *why = trace_error(a) ? trace_error(a) : trace_error(b);

		snprintf(err, errlen, "%s", d->failed || !why ? "out of memory" : why);
		calls_diff_free(d);
		return NULL;
	}
	count(d);
	list_uses(d);
	return d;
}

void calls_diff_free(struct calls_diff *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->name_count; i++) {
		free((char *)(uintptr_t)d->names[i].text);
		for (int v = 0; v < CALLS_VERBS; v++)
			free(d->names[i].rules[v]);
	}
	for (int side = 0; side < 2; side++) {
		free(d->side[side].nodes);
		free(d->side[side].units);
		free(d->side[side].mates);
		free(d->side[side].excuses);
	}
	free(d->names);
	free(d->entries);
	free(d->uses);
	free(d->unseen);
	strings_free(&d->strings);
	calls_table_free(d->own);
	free(d);
}

const struct calls_entry *calls_entries(const struct calls_diff *d, size_t *count)
{
	*count = (size_t)d->entry_count;
	return d->entries;
}

const struct calls_counts *calls_counts(const struct calls_diff *d)
{
	return &d->counts;
}

const struct calls_use *calls_uses(const struct calls_diff *d, size_t *count)
{
	*count = (size_t)d->use_count;
	return d->uses;
}

const struct calls_unseen *calls_unseen(const struct calls_diff *d, size_t *count)
{
	*count = (size_t)d->unseen_count;
	return d->unseen;
}
