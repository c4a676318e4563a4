/* SPDX-License-Identifier: GPL-2.0-only */
/* Values side by side: when do they count as equal? */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

void rule_used(struct diff *d, int rule, uint32_t step_a, uint32_t step_b)
{
	struct diff_use *u = &d->use[rule];

	if (!u->times++) {
		u->first_a = step_a;
		u->first_b = step_b;
	}
	d->counts.excused_values++;
}

/*
 * The calls that a number is in at a step of A: the one around it; of what is passed or returned also
 * the one that gets it.
 */
static int calls_at(const struct diff *d, uint32_t step, uint32_t calls[2])
{
	const struct event *e = &d->a.e[step];

	calls[0] = e->parent;
	calls[1] = e->kind == TRACE_CALL                ? step :
		   e->kind == TRACE_RETURN && e->parent ? d->a.e[e->parent].parent :
							  0;
	return calls[1] ? 2 : 1;
}

static void learn_here(struct diff *d, int64_t x, int64_t y, uint32_t step, int rule)
{
	uint32_t calls[2];

	for (int i = calls_at(d, step, calls); i-- > 0;)
		if (known_pair_in(&d->known, x, y, calls[i], rule))
			d->failed = true;
}

/* What the rule of a place says of two different numbers there; true: they count as equal. */
static bool rule_lets_pass(struct diff *d, int rule, int64_t x, int64_t y, uint32_t step_a)
{
	switch (d->rules->r[rule].verb) {
	case RULE_OWN:
	case RULE_INSIDE:
		if (known_pair(&d->known, x, y, rule))
			d->failed = true;
		learn_here(d, x, y, step_a, rule);
		return true;
	case RULE_TRUTH:
		if (!x != !y)
			return false;
		learn_here(d, x, y, step_a, rule);
		return true;
	case RULE_ISN:
		known_shift(&d->known, x, y, false, rule);
		return true;
	case RULE_CLOCK:
		/* once: from then on both clocks must run alike */
		if (d->use[rule].times)
			return known_equal(&d->known, x, y) >= 0;
		known_clock(&d->known, x, y, rule);
		return true;
	}
	return false;
}

bool numbers_equal(struct diff *d, int64_t x, int64_t y, const struct place *p, uint32_t step_a,
		   uint32_t step_b)
{
	int rule;

	if (x == y)
		return true;
	if (!d->rules)
		return false;
	rule = p ? rules_find(d->rules, p) : -1;
	if (rule >= 0 && !rule_lets_pass(d, rule, x, y, step_a))
		return false;
	if (rule < 0)
		rule = known_equal(&d->known, x, y);
	if (rule < 0) {
		rule = known_equal_in(&d->known, x, y, d->a.e[step_a].parent);
		if (rule >= 0)
			learn_here(d, x, y, step_a, rule);
	}
	if (rule < 0)
		return false;
	rule_used(d, rule, step_a, step_b);
	return true;
}

/* ---- text -------------------------------------------------------------------------------------- */

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The object whose name ends with the digits at *end; 0 if there is none. */
static uint32_t object_named(const struct strings *s, const uint32_t *by_name, const char *text,
			     const char *hash, const char *end)
{
	const char *from = hash;
	uint32_t id;

	while (from > text && in_name(from[-1]))
		from--;
	id = strings_find(s, from, (size_t)(end - from));
	return id ? by_name[id] : 0;
}

bool objects_equal(struct diff *d, uint32_t x, uint32_t y)
{
	struct object *a, *b;

	if (!x || !y)
		return x == y;
	a = &d->a.objects[x];
	b = &d->b.objects[y];
	/* a global, or a function's local, of which each call has another: the name says it all */
	if (a->name == b->name && !d->s.s[a->name].objects)
		return true;
	if (a->mate || b->mate)
		return a->mate == y;
	/* nobody saw them being born: the first time that they stand side by side counts */
	if (a->type != b->type)
		return false;
	pair_objects(d, x, y);
	return true;
}

/* Two runs of digits, behind what is the same in both texts. */
static bool digits_equal(struct diff *d, const char *ta, const char *a, const char *a1,
			 const char *tb, const char *b, const char *b1, const struct place *p,
			 uint32_t step_a, uint32_t step_b)
{
	char before = a > ta ? a[-1] : 0;
	uint32_t x, y;
	bool same = a1 - a == b1 - b && !memcmp(a, b, (size_t)(a1 - a));
	int64_t m, n;
	int rule;

	if (before == '#') {
		x = object_named(&d->s, d->object_a, ta, a - 1, a1);
		y = object_named(&d->s, d->object_b, tb, b - 1, b1);
		return x && y ? objects_equal(d, x, y) : same;
	}
	if (same)
		return true;
	m = (int64_t)strtoull(a, NULL, 10);
	n = (int64_t)strtoull(b, NULL, 10);
	if (before == '-') {
		m = -m;
		n = -n;
	}
	rule = before == '[' && d->rules ? known_slot(&d->known, m, n) : -1;
	if (rule >= 0)
		rule_used(d, rule, step_a, step_b);
	return rule >= 0 || numbers_equal(d, m, n, p, step_a, step_b);
}

/*
 * The first slot of a table goes by the name of the table alone: udp_hash_chains beside
 * udp_hash_chains.data[0].[93].head.  The length of such a path to a slot that is known to be slot 0
 * in the other run; 0 if it is none.
 */
static size_t path_to_first(const struct diff *d, const char *path, bool in_a)
{
	const char *p = path;
	bool known = false;

	while (d->rules && (*p == '.' || *p == '[')) {
		char *end;
		int64_t slot;

		if (*p++ == '.') {
			while (in_name(*p))
				p++;
			continue;
		}
		slot = (int64_t)strtoull(p, &end, 10);
		if (*end != ']')
			return 0;
		p = end + 1;
		if (!slot)
			continue;
		if (known_slot(&d->known, in_a ? slot : 0, in_a ? 0 : slot) < 0)
			return 0;
		known = true;
	}
	return known ? (size_t)(p - path) : 0;
}

bool texts_equal(struct diff *d, const char *a, const char *b, const struct place *p,
		 uint32_t step_a, uint32_t step_b)
{
	const char *ta = a, *tb = b;

	while (*a || *b) {
		const char *a1 = a, *b1 = b;
		size_t skip;

		while (isdigit((unsigned char)*a1))
			a1++;
		while (isdigit((unsigned char)*b1))
			b1++;
		/* digits inside of a name are part of it */
		if (a1 > a && b1 > b && !(a > ta && in_name(a[-1]))) {
			if (!digits_equal(d, ta, a, a1, tb, b, b1, p, step_a, step_b))
				return false;
			a = a1;
			b = b1;
		} else if (*a == *b) {
			a++;
			b++;
		} else if ((skip = path_to_first(d, a, true)) != 0) {
			a += skip;
		} else if ((skip = path_to_first(d, b, false)) != 0) {
			b += skip;
		} else {
			return false;
		}
	}
	return true;
}

/* Bytes that hold an address, or seem to, are not shown: there is nothing to compare. */
static bool not_shown(const struct diff *d, enum trace_value_type type, int64_t v)
{
	return type == TRACE_TEXT && !strcmp(d->s.s[v].p, "(pointers)");
}

bool values_equal(struct diff *d, enum trace_value_type ta, int64_t x, enum trace_value_type tb,
		  int64_t y, const struct place *p, uint32_t step_a, uint32_t step_b)
{
	const struct dstr *s, *t;
	int rule;

	if (ta == tb && x == y && (ta != TRACE_TEXT || d->identity || !d->s.s[x].objects))
		return true;
	if (ta == tb && ta == TRACE_INT)
		return numbers_equal(d, x, y, p, step_a, step_b);
	if (ta == tb && ta != TRACE_NULL) {
		s = &d->s.s[x];
		t = &d->s.s[y];
		if (ta == TRACE_TEXT ? texts_equal(d, s->p, t->p, p, step_a, step_b) :
				       bytes_equal(d, (const uint8_t *)s->p, s->len,
						   (const uint8_t *)t->p, t->len, step_a, step_b))
			return true;
	}
	if ((ta == TRACE_BLOB && not_shown(d, tb, y)) || (tb == TRACE_BLOB && not_shown(d, ta, x)))
		return true;
	/* of another type or another text: a rule may still say that each run has its own */
	rule = rules_let_differ(d->rules, p);
	if (rule < 0)
		return false;
	rule_used(d, rule, step_a, step_b);
	return true;
}
