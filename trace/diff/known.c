/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that each run has its own of.
 *
 * A rule says where such a number is born (a port, a hash, a random word); from there on the pair is
 * known wherever the two are copied to, in either byte order.  What counts on from a number, as
 * sequence numbers do and clocks, is known by the distance between the two runs, modulo 2^32.
 *
 * Numbers that are met everywhere, such as a slot of a small table, are known only in the call that
 * they were born in, in what it is passed to, and in what it is returned to.
 */
#include <byteswap.h>
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

/* A tick of the core's clock is a millisecond (HZ is 1000). */
#define USEC_PER_TICK 1000

int known_init(struct known *k)
{
	memset(k, 0, sizeof(*k));
	k->slots = 1024;
	k->slot = calloc(k->slots, sizeof(*k->slot));
	return k->slot ? 0 : -1;
}

void known_free(struct known *k)
{
	free(k->slot);
	memset(k, 0, sizeof(*k));
}

static struct known_pair *find(const struct known *k, int64_t a, int64_t b, uint32_t call)
{
	size_t at = (size_t)mix(mix((uint64_t)a, (uint64_t)b), call) & (k->slots - 1);

	while (k->slot[at].rule &&
	       (k->slot[at].a != a || k->slot[at].b != b || k->slot[at].call != call))
		at = (at + 1) & (k->slots - 1);
	return &k->slot[at];
}

static int grow(struct known *k)
{
	struct known old = *k;

	k->slots *= 2;
	k->slot = calloc(k->slots, sizeof(*k->slot));
	if (!k->slot) {
		*k = old;
		return -1;
	}
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i].rule)
			*find(k, old.slot[i].a, old.slot[i].b, old.slot[i].call) = old.slot[i];
	free(old.slot);
	return 0;
}

static int add(struct known *k, int64_t a, int64_t b, uint32_t call, int rule)
{
	struct known_pair *p;

	if (a == b)
		return 0;
	if (k->count * 2 >= k->slots && grow(k))
		return -1;
	p = find(k, a, b, call);
	if (!p->rule) {
		*p = (struct known_pair){ a, b, call, rule + 1 };
		k->count++;
	}
	return 0;
}

static bool fits(int64_t v, int bits)
{
	return v >= 0 && v < 1ll << bits;
}

int known_pair(struct known *k, int64_t a, int64_t b, int rule)
{
	if (add(k, a, b, 0, rule))
		return -1;
	if (fits(a, 8) && fits(b, 8))
		return 0;
	if (fits(a, 16) && fits(b, 16) &&
	    add(k, bswap_16((uint16_t)a), bswap_16((uint16_t)b), 0, rule))
		return -1;
	if (fits(a, 32) && fits(b, 32) &&
	    add(k, bswap_32((uint32_t)a), bswap_32((uint32_t)b), 0, rule))
		return -1;
	return 0;
}

void known_shift(struct known *k, int64_t a, int64_t b, bool wide, int rule)
{
	uint64_t by = (uint64_t)a - (uint64_t)b;

	if (!wide)
		by = (uint32_t)by;
	for (size_t i = 0; i < k->shifts; i++)
		if (k->shift[i].by == by && k->shift[i].wide == wide)
			return;
	if (by && k->shifts < sizeof(k->shift) / sizeof(k->shift[0]))
		k->shift[k->shifts++] = (struct known_shift){ by, wide, rule };
}

void known_clock(struct known *k, int64_t a, int64_t b, int rule)
{
	known_shift(k, a, b, true, rule);
	known_shift(k, a, b, false, rule);
	known_shift(k, a * USEC_PER_TICK, b * USEC_PER_TICK, false, rule);
}

/* The shift between two numbers of 32 bits, in either byte order; the rule's index, or -1. */
static int narrow_shift(const struct known *k, uint32_t a, uint32_t b)
{
	uint32_t by = a - b, swapped = bswap_32(a) - bswap_32(b);

	for (size_t i = 0; i < k->shifts; i++) {
		const struct known_shift *s = &k->shift[i];
		uint32_t low = (uint32_t)s->by;

		if (!s->wide && (low == by || low == -by || low == swapped || low == -swapped))
			return s->rule;
	}
	return -1;
}

static int wide_shift(const struct known *k, uint64_t a, uint64_t b)
{
	uint64_t by = a - b;
	uint32_t low = (uint32_t)by;
	int rule;

	for (size_t i = 0; i < k->shifts; i++) {
		const struct known_shift *s = &k->shift[i];

		if (s->by == by || s->by == -by)
			return s->rule;
		if (!s->wide && ((uint32_t)s->by == low || (uint32_t)s->by == -low))
			return s->rule;
	}
	/* two numbers in one: a stamp of microseconds, and of ticks above it */
	rule = a >> 32 && b >> 32 ? narrow_shift(k, (uint32_t)(a >> 32), (uint32_t)(b >> 32)) : -1;
	if (rule >= 0 && (uint32_t)a != (uint32_t)b)
		rule = narrow_shift(k, (uint32_t)a, (uint32_t)b);
	return rule;
}

int known_equal(const struct known *k, int64_t a, int64_t b)
{
	const struct known_pair *p;
	int rule;

	if (fits(a, 32) && fits(b, 32))
		rule = narrow_shift(k, (uint32_t)a, (uint32_t)b);
	else
		rule = wide_shift(k, (uint64_t)a, (uint64_t)b);
	if (rule >= 0 || (fits(a, 8) && fits(b, 8)))
		return rule;
	p = find(k, a, b, 0);
	return p->rule ? p->rule - 1 : -1;
}

int known_pair_in(struct known *k, int64_t a, int64_t b, uint32_t call, int rule)
{
	return call ? add(k, a, b, call, rule) : 0;
}

int known_equal_in(const struct known *k, int64_t a, int64_t b, uint32_t call)
{
	const struct known_pair *p = find(k, a, b, call);

	return call && p->rule ? p->rule - 1 : -1;
}

int known_slot(const struct known *k, int64_t a, int64_t b)
{
	const struct known_pair *p = find(k, a, b, 0);

	return p->rule ? p->rule - 1 : -1;
}
