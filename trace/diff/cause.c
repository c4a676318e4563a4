/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows from what.
 *
 * Differences are looked at in the order of the walk.  One follows from an earlier one when
 *   - it is of the same two values: they were copied;
 *   - the bytes of its packet hold these two values;
 *   - the line that it happens in, or the call around it, names a field or variable that differs;
 *   - it happens in a call in which something differed before, or that is called from there;
 *   - it is another time, and something differed before.
 * What follows from nothing is a cause.  The trace has no loads, so this is an order of likelihood
 * and no proof; the first difference of all is a cause by itself.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

/* Numbers from here on are recognised wherever they are met. */
#define TELLING 16

struct taint {
	uint64_t key;
	int entry; /* + 1 */
};

struct causes {
	struct diff *d;
	struct taint *slot;
	size_t slots, count;
	int last; /* the last difference of all */
};

/* ---- the order of the walk --------------------------------------------------------------------- */

struct sorted {
	struct diff_entry e;
	struct detail t;
	size_t index;
};

static int by_place(const void *p, const void *q)
{
	const struct sorted *x = p, *y = q;

	if (x->t.at != y->t.at)
		return x->t.at < y->t.at ? -1 : 1;
	if (x->t.behind != y->t.behind)
		return x->t.behind ? 1 : -1;
	if (x->t.behind && x->e.b != y->e.b)
		return x->e.b < y->e.b ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static int sort_entries(struct diff *d)
{
	struct sorted *s = malloc((d->entries + 1) * sizeof(*s));

	if (!s)
		return -1;
	for (size_t i = 0; i < d->entries; i++)
		s[i] = (struct sorted){ d->entry[i], d->detail[i], i };
	qsort(s, d->entries, sizeof(*s), by_place);
	for (size_t i = 0; i < d->entries; i++) {
		d->entry[i] = s[i].e;
		d->detail[i] = s[i].t;
	}
	free(s);
	return 0;
}

/* ---- what is known to differ ------------------------------------------------------------------- */

enum { OF_VALUE = 1, OF_FRAME, OF_NAME };

static uint64_t key(uint64_t sort, uint64_t a, uint64_t b)
{
	return mix(mix(mix(17, sort), a), b) | 1;
}

static struct taint *find(const struct causes *c, uint64_t k)
{
	size_t at = (size_t)(k >> 11) & (c->slots - 1);

	while (c->slot[at].entry && c->slot[at].key != k)
		at = (at + 1) & (c->slots - 1);
	return &c->slot[at];
}

static int known(const struct causes *c, uint64_t k)
{
	return find(c, k)->entry - 1;
}

static int set(struct causes *c, uint64_t k, int entry)
{
	struct taint *t;

	if (c->count * 2 >= c->slots) {
		struct causes old = *c;

		c->slots *= 2;
		c->slot = calloc(c->slots, sizeof(*c->slot));
		if (!c->slot) {
			*c = old;
			return -1;
		}
		for (size_t i = 0; i < old.slots; i++)
			if (old.slot[i].entry)
				*find(c, old.slot[i].key) = old.slot[i];
		free(old.slot);
	}
	t = find(c, k);
	c->count += !t->entry;
	t->key = k;
	t->entry = entry + 1;
	return 0;
}

/* ---- one difference ---------------------------------------------------------------------------- */

/* Do the two values say enough to be recognised? */
static bool telling(const struct detail *t)
{
	enum trace_value_type x = (enum trace_value_type)(t->types & 3);
	enum trace_value_type y = (enum trace_value_type)(t->types >> 2 & 3);

	if (x != y || x == TRACE_NULL)
		return false;
	if (x != TRACE_INT)
		return true;
	return (t->x >= TELLING || t->x <= -TELLING) && (t->y >= TELLING || t->y <= -TELLING);
}

static bool in_word(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_';
}

static uint64_t word_key(const char *p, size_t len)
{
	uint64_t h = len;

	for (size_t i = 0; i < len; i++)
		h = mix(h, (unsigned char)p[i]);
	return key(OF_NAME, h, 0);
}

/* A place's last word: skc_state of __sk_common.skc_state; names of one letter say nothing. */
static const char *last_word(const char *name, size_t *len)
{
	const char *end = name + strlen(name), *from;

	while (end > name && !in_word(end[-1]))
		end--;
	for (from = end; from > name && in_word(from[-1]);)
		from--;
	*len = (size_t)(end - from);
	return from;
}

/* The latest difference of a name that a line of the source speaks of. */
static int named_in_line(const struct causes *c, const struct detail *t)
{
	const struct loaded *l = &c->d->a;
	uint32_t call = t->at ? l->e[t->at].parent : 0;
	const struct function *f;
	const char *p;
	size_t len = 0;
	int best = -1;

	if (!t->at || !l->e[t->at].line || !call || l->e[call].a <= 0 ||
	    l->e[call].a >= l->nfunctions)
		return -1;
	f = &l->functions[l->e[call].a];
	p = f->f ? trace_source_line(l->t, f->f->file, l->e[t->at].line, &len) : NULL;
	for (size_t i = 0; p && i < len;) {
		size_t n = i;

		while (n < len && in_word(p[n]))
			n++;
		if (n > i + 1) {
			int k = known(c, word_key(p + i, n - i));

			if (k > best)
				best = k;
		}
		i = n > i ? n : i + 1;
	}
	return best;
}

/* Two values that differ and stand in the bytes of two packets at the same place. */
static int value_in_packet(const struct causes *c, const struct diff_entry *e)
{
	struct trace_packet p = { 0 }, q = { 0 };
	int found = -1;

	if (trace_packet(c->d->a.t, e->a, &p) == 1 && trace_packet(c->d->b.t, e->b, &q) == 1) {
		size_t n = p.len < q.len ? p.len : q.len;

		for (size_t len = 4; len >= 2 && found < 0; len -= 2) {
			for (size_t i = 0; i + len <= n && found < 0; i++) {
				uint32_t x[2] = { 0 }, y[2] = { 0 };

				if (!memcmp(p.bytes + i, q.bytes + i, len))
					continue;
				for (size_t k = 0; k < len; k++) {
					x[0] = x[0] << 8 | p.bytes[i + k];
					y[0] = y[0] << 8 | q.bytes[i + k];
					x[1] |= (uint32_t)p.bytes[i + k] << 8 * k;
					y[1] |= (uint32_t)q.bytes[i + k] << 8 * k;
				}
				found = known(c, key(OF_VALUE, x[0], y[0]));
				if (found < 0)
					found = known(c, key(OF_VALUE, x[1], y[1]));
			}
		}
	}
	trace_packet_free(&p);
	trace_packet_free(&q);
	return found;
}

/* Whether a difference is what a decision came to. */
static bool of_decision(const struct causes *c, int entry)
{
	return c->d->entry[c->d->entry[entry].cause].excused;
}

/*
 * The latest difference in the calls around.  What a decision comes to gets into a call by what is
 * passed to it, not otherwise.
 */
static int in_calls_around(const struct causes *c, uint32_t call)
{
	for (; call; call = c->d->a.e[call].parent) {
		int k = known(c, key(OF_FRAME, call, 0));

		if (k >= 0 && !of_decision(c, k))
			return k;
	}
	return -1;
}

static int follows_from(const struct causes *c, const struct diff_entry *e, const struct detail *t)
{
	int k = -1;

	if (t->decision)
		return -1;
	if (e->kind == DIFF_VALUE && telling(t))
		k = known(c, key(OF_VALUE, (uint64_t)t->x, (uint64_t)t->y));
	if (k < 0 && e->kind == DIFF_VALUE && c->d->a.e[e->a].kind == TRACE_PACKET)
		k = value_in_packet(c, e);
	if (k < 0 && t->frame)
		k = known(c, key(OF_FRAME, t->frame, 0));
	if (k < 0)
		k = named_in_line(c, t);
	if (k < 0)
		k = in_calls_around(c, t->frame);
	if (k < 0 && e->kind == DIFF_TIME)
		k = c->last;
	return k;
}

/* What later differences may follow from this one by. */
static int remember(struct causes *c, int i)
{
	const struct diff_entry *e = &c->d->entry[i];
	const struct detail *t = &c->d->detail[i];
	const struct event *at = e->kind == DIFF_VALUE ? &c->d->a.e[e->a] : NULL;
	uint32_t frame = t->frame;
	const char *word;
	size_t len;

	if (at && telling(t) && !t->decision &&
	    known(c, key(OF_VALUE, (uint64_t)t->x, (uint64_t)t->y)) < 0 &&
	    set(c, key(OF_VALUE, (uint64_t)t->x, (uint64_t)t->y), i))
		return -1;
	if (frame && set(c, key(OF_FRAME, frame, 0), i))
		return -1;
	if (at && at->kind == TRACE_CALL && of_decision(c, i) &&
	    set(c, key(OF_FRAME, (uint64_t)e->a, 0), i))
		return -1;
	/* another value came back: what the caller does from here on may follow from it */
	if (at && at->kind == TRACE_RETURN && frame && c->d->a.e[frame].parent &&
	    set(c, key(OF_FRAME, c->d->a.e[frame].parent, 0), i))
		return -1;
	if (at && (at->kind == TRACE_STORE || at->kind == TRACE_LOCAL) && t->name) {
		word = last_word(c->d->s.s[t->name].p, &len);
		if (len > 1 && set(c, word_key(word, len), i))
			return -1;
	}
	return 0;
}

static void count(struct diff *d)
{
	for (size_t i = 0; i < d->entries; i++) {
		struct diff_entry *e = &d->entry[i];

		if (e->cause != (int)i) {
			d->entry[e->cause].follow++;
			e->excused = d->entry[e->cause].excused;
		}
		if (e->excused)
			continue;
		d->counts.entries++;
		d->counts.causes += e->cause == (int)i;
		d->counts.values += e->kind == DIFF_VALUE;
		d->a.flags[e->a] |= EV_DIFFERS;
		if (e->b)
			d->b.flags[e->b] |= EV_DIFFERS;
	}
}

int find_causes(struct diff *d)
{
	struct causes c = { .d = d, .slots = 1024, .last = -1 };
	int err = sort_entries(d);

	c.slot = calloc(c.slots, sizeof(*c.slot));
	if (!c.slot)
		err = -1;
	for (size_t i = 0; i < d->entries && !err; i++) {
		struct diff_entry *e = &d->entry[i];
		int k = follows_from(&c, e, &d->detail[i]);

		/* a cause by itself, or the cause of what it follows from */
		e->cause = k < 0 ? (int)i : d->entry[k].cause;
		err = remember(&c, (int)i);
		if (!d->detail[i].decision)
			c.last = (int)i;
	}
	if (!err)
		count(d);
	free(c.slot);
	return err;
}
