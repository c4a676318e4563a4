/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands side by side, compared step by step in the order of the first trace, so that what each
 * run has its own of is learned before it is met again.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

struct diff_entry *add_entry(struct diff *d, const struct diff_entry *e, const struct detail *t)
{
	if (d->entries == d->entries_room) {
		size_t room = d->entries_room ? d->entries_room * 2 : 256;
		struct diff_entry *p = realloc(d->entry, room * sizeof(*p));
		struct detail *q = realloc(d->detail, room * sizeof(*q));

		if (p)
			d->entry = p;
		if (q)
			d->detail = q;
		if (!p || !q) {
			d->failed = true;
			return NULL;
		}
		d->entries_room = room;
	}
	d->entry[d->entries] = *e;
	d->detail[d->entries] = *t;
	return &d->entry[d->entries++];
}

void pair_objects(struct diff *d, uint32_t x, uint32_t y)
{
	struct object *a, *b;

	if (!x || !y || x >= d->a.nobjects || y >= d->b.nobjects)
		return;
	a = &d->a.objects[x];
	b = &d->b.objects[y];
	if (a->mate || b->mate)
		return;
	a->mate = y;
	b->mate = x;
	if (a->name != b->name)
		d->identity = false;
}

static const char *function_name(const struct diff *d, const struct loaded *l, uint32_t call)
{
	return call && l->e[call].name ? d->s.s[l->e[call].name].p : "";
}

/* A value of a step that differs. */
static void value_differs(struct diff *d, uint32_t x, uint32_t y, const char *what)
{
	const struct event *e = &d->a.e[x], *f = &d->b.e[y];
	struct diff_entry entry = {
		.kind = DIFF_VALUE, .a = x, .b = y, .a_steps = 1, .b_steps = 1, .what = what
	};
	struct detail t = { .frame = e->parent,
			    .name = e->name,
			    .object = e->kind == TRACE_CALL ? 0 : e->object,
			    .at = x };

	/* arguments are the caller's doing */
	entry.function = function_name(d, &d->a, e->parent ? e->parent : x);
	t.x = e->b;
	t.y = f->b;
	t.types = (uint8_t)(EV_B(e) | EV_B(f) << 2);
	add_entry(d, &entry, &t);
}

static int order(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* Whether a comparison gives the same in both runs, be it of what width or sign it may. */
static bool goes_alike(const struct diff *d, const struct event *e, const struct event *f)
{
	int rule = known_equal_in(&d->known, e->a, f->a, e->parent);

	/* of such a number nothing else is asked */
	if (rule >= 0 && d->rules->r[rule].verb == RULE_TRUTH && !e->b && !f->b)
		return true;
	return order(e->a, e->b) == order(f->a, f->b) &&
	       order((int32_t)e->a, (int32_t)e->b) == order((int32_t)f->a, (int32_t)f->b) &&
	       (e->a < 0) == (e->b < 0) && (f->a < 0) == (f->b < 0) &&
	       ((int32_t)e->a < 0) == ((int32_t)e->b < 0) &&
	       ((int32_t)f->a < 0) == ((int32_t)f->b < 0);
}

/*
 * A comparison whose operands are apart by different distances is one of numbers that each run has
 * its own of with one that it has not: which way it goes is no difference of the runs.
 */
static void note_decision(struct diff *d, uint32_t x, uint32_t y)
{
	const struct event *e = &d->a.e[x], *f = &d->b.e[y];
	size_t before = d->entries;

	if (!d->rules || EV_A(e) != TRACE_INT || EV_B(e) != TRACE_INT ||
	    e->a - f->a == e->b - f->b || goes_alike(d, e, f))
		return;
	value_differs(d, x, y, "decision");
	if (d->entries > before) {
		d->detail[before].decision = true;
		d->entry[before].excused = true;
	}
}

/* ---- one kind after the other ------------------------------------------------------------------ */

static const char *part_of(const char *text, char *buf, size_t len)
{
	size_t n = strcspn(text, "\"");

	if (n >= len)
		n = len - 1;
	memcpy(buf, text, n);
	buf[n] = '\0';
	return text + n;
}

/* Arguments one by one, since rules speak of them by name: {"sk":"tcp_sock#1","addr_len":16} */
static bool arguments_equal(struct diff *d, const char *function, const char *a, const char *b,
			    uint32_t x, uint32_t y)
{
	char name[64];
	struct place p = { PLACE_ARGUMENT, function, name,
			   function_name(d, &d->a, d->a.e[x].parent) };

	while (*a == '{' || *a == ',') {
		const char *a0, *b0;
		char *va, *vb;
		bool same;

		if (*a != *b || a[1] != '"' || b[1] != '"')
			return texts_equal(d, a, b, NULL, x, y);
		a0 = part_of(a + 2, name, sizeof(name));
		b0 = b + 2 + (a0 - (a + 2));
		if (strncmp(a + 2, b + 2, (size_t)(a0 - (a + 2)) + 2) != 0)
			return false;
		a0 += *a0 == '"';
		b0 += *b0 == '"';
		a = a0;
		b = b0;
		for (bool in = false; *a && (in || (*a != ',' && *a != '}')); a++)
			if (*a == '"' && a[-1] != '\\')
				in = !in;
		for (bool in = false; *b && (in || (*b != ',' && *b != '}')); b++)
			if (*b == '"' && b[-1] != '\\')
				in = !in;
		va = strndup(a0, (size_t)(a - a0));
		vb = strndup(b0, (size_t)(b - b0));
		same = va && vb && texts_equal(d, va, vb, &p, x, y);
		if (va && vb && !same) {
			int rule = rules_let_differ(d->rules, &p);

			same = rule >= 0;
			if (same)
				rule_used(d, rule, x, y);
		}
		free(va);
		free(vb);
		if (!same)
			return false;
	}
	return *a == *b;
}

static void compare_call(struct diff *d, uint32_t x, uint32_t y)
{
	const struct event *e = &d->a.e[x], *f = &d->b.e[y];

	if (EV_B(e) == TRACE_TEXT && EV_B(f) == TRACE_TEXT) {
		if (e->b == f->b && (d->identity || !d->s.s[e->b].objects))
			return;
		if (arguments_equal(d, d->s.s[e->name].p, d->s.s[e->b].p, d->s.s[f->b].p, x, y))
			return;
	} else if (EV_B(e) == EV_B(f)) {
		return;
	}
	value_differs(d, x, y, "args");
}

static void compare_store(struct diff *d, uint32_t x, uint32_t y)
{
	const struct event *e = &d->a.e[x], *f = &d->b.e[y];
	const char *object = e->object ? d->s.s[d->a.objects[e->object].name].p : "";
	struct place p = { PLACE_STORE, object, d->s.s[e->name].p,
			   function_name(d, &d->a, e->parent) };

	if (!objects_equal(d, e->object, f->object))
		value_differs(d, x, y, "object");
	else if (e->name != f->name && !texts_equal(d, p.part, d->s.s[f->name].p, &p, x, y))
		value_differs(d, x, y, "field");
	else if (!values_equal(d, EV_B(e), e->b, EV_B(f), f->b, &p, x, y))
		value_differs(d, x, y, "new");
}

static void compare_branch(struct diff *d, uint32_t x, uint32_t y)
{
	const struct event *e = &d->a.e[x], *f = &d->b.e[y];
	struct place p = { PLACE_BRANCH, function_name(d, &d->a, e->parent), "", NULL };
	bool left = values_equal(d, EV_A(e), e->a, EV_A(f), f->a, &p, x, y);
	bool right = values_equal(d, EV_B(e), e->b, EV_B(f), f->b, &p, x, y);

	if (left && right)
		note_decision(d, x, y);
	else
		value_differs(d, x, y, left ? "right" : "left");
}

static void compare_packet(struct diff *d, uint32_t x, uint32_t y)
{
	struct trace_packet p = { 0 }, q = { 0 };
	const char *what = NULL;

	if (trace_packet(d->a.t, x, &p) != 1 || trace_packet(d->b.t, y, &q) != 1)
		what = "bytes";
	else if (p.out != q.out)
		what = "direction";
	else if (strcmp(p.device ? p.device : "", q.device ? q.device : "") != 0)
		what = "device";
	else
		frames_equal(d, p.bytes, p.len, q.bytes, q.len, x, y, &what);
	if (what)
		value_differs(d, x, y, what);
	trace_packet_free(&p);
	trace_packet_free(&q);
}

static void compare_point(struct diff *d, uint32_t x, uint32_t y)
{
	const struct event *e = &d->a.e[x], *f = &d->b.e[y];
	const char *what = NULL;

	if (e->kind == TRACE_ALLOC)
		pair_objects(d, e->object, f->object);
	if (!objects_equal(d, e->object, f->object))
		what = "object";
	else if (e->name != f->name && e->kind != TRACE_ALLOC && e->kind != TRACE_FREE &&
		 !texts_equal(d, d->s.s[e->name].p ? d->s.s[e->name].p : "",
			      d->s.s[f->name].p ? d->s.s[f->name].p : "", NULL, x, y))
		what = e->kind == TRACE_DROP ? "reason" : "word";
	else if (!values_equal(d, EV_A(e), e->a, EV_A(f), f->a, NULL, x, y))
		what = "old";
	else if (!values_equal(d, EV_B(e), e->b, EV_B(f), f->b, NULL, x, y))
		what = e->kind == TRACE_TIMER ? "expires" :
		       e->kind == TRACE_SLEEP ? "limit" :
						"new";
	if (what)
		value_differs(d, x, y, what);
}

static void compare_step(struct diff *d, uint32_t x, uint32_t y)
{
	const struct event *e = &d->a.e[x], *f = &d->b.e[y];
	struct place p;

	switch (e->kind) {
	case TRACE_CALL:
		compare_call(d, x, y);
		break;
	case TRACE_RETURN:
		p = (struct place){ PLACE_RETURN, d->s.s[e->name].p, "", NULL };
		if (!values_equal(d, EV_B(e), e->b, EV_B(f), f->b, &p, x, y))
			value_differs(d, x, y, "value");
		break;
	case TRACE_STORE:
		compare_store(d, x, y);
		break;
	case TRACE_LOCAL:
		p = (struct place){ PLACE_LOCAL, function_name(d, &d->a, e->parent),
				    d->s.s[e->name].p, NULL };
		if (!values_equal(d, EV_B(e), e->b, EV_B(f), f->b, &p, x, y))
			value_differs(d, x, y, "new");
		break;
	case TRACE_BRANCH:
		compare_branch(d, x, y);
		break;
	case TRACE_LINE:
		break;
	case TRACE_PACKET:
		compare_packet(d, x, y);
		break;
	default:
		compare_point(d, x, y);
	}
}

/* ---- all of it --------------------------------------------------------------------------------- */

/* Times are compared where they change: one difference, not one for each step behind it. */
static void compare_time(struct diff *d, uint32_t x, uint32_t y, int64_t ta, int64_t tb)
{
	struct diff_entry entry = {
		.kind = DIFF_TIME, .a = x, .b = y, .a_steps = 1, .b_steps = 1, .what = "time"
	};
	struct detail t = { .frame = d->a.e[x].parent, .at = x, .x = ta, .y = tb };

	if (tb - ta == d->lag)
		return;
	d->lag = tb - ta;
	entry.function = function_name(d, &d->a, d->a.e[x].parent);
	t.types = TRACE_INT | TRACE_INT << 2;
	add_entry(d, &entry, &t);
}

/* Objects that are there from the beginning, and those that have a name without a number. */
static int pair_known_objects(struct diff *d)
{
	d->object_a = calloc(d->s.count, sizeof(*d->object_a));
	d->object_b = calloc(d->s.count, sizeof(*d->object_b));
	if (!d->object_a || !d->object_b)
		return -1;
	for (uint32_t i = 1; i < d->a.nobjects; i++)
		d->object_a[d->a.objects[i].name] = i;
	for (uint32_t i = 1; i < d->b.nobjects; i++)
		d->object_b[d->b.objects[i].name] = i;
	d->object_a[0] = d->object_b[0] = 0;
	d->identity = true;
	for (uint32_t i = 1; i < d->a.nobjects; i++) {
		const struct object *a = &d->a.objects[i];
		uint32_t y = d->object_b[a->name];

		if (a->name && y && !a->born && !d->b.objects[y].born && d->s.s[a->name].objects)
			pair_objects(d, i, y);
	}
	return 0;
}

/*
 * Where in the walk of A a run of B's children stands: behind the answer of what B did just before,
 * whatever that was.
 */
static void place_extra(const struct diff *d, const struct run *r, struct detail *t)
{
	uint32_t parent = d->b.e[r->first].parent, at = r->first - 1;

	while (at && (!d->b.mate[at] || d->b.flags[at] & EV_MOVED))
		at--;
	t->behind = true;
	t->frame = parent ? d->b.mate[parent] : 0;
	t->at = at ? d->b.mate[at] : 0;
}

static void add_runs(struct diff *d, const struct runs *runs, bool extra)
{
	const struct loaded *l = extra ? &d->b : &d->a;

	for (size_t i = 0; i < runs->count && !d->failed; i++) {
		const struct run *r = &runs->r[i];
		struct diff_entry entry = { .kind = extra ? DIFF_EXTRA : DIFF_MISSING };
		struct detail t = { .frame = l->e[r->first].parent, .at = r->first };

		if (r->moved && extra)
			continue; /* told where it was */
		if (r->moved) {
			entry.kind = DIFF_MOVED;
			entry.a = r->first;
			entry.b = r->other;
			entry.a_steps = entry.b_steps = r->steps;
			d->counts.moved += r->steps;
		} else if (extra) {
			place_extra(d, r, &t);
			entry.a = t.at;
			entry.b = r->first;
			entry.b_steps = r->steps;
			d->counts.extra += r->steps;
		} else {
			entry.a = r->first;
			entry.b = 0;
			entry.a_steps = r->steps;
			d->counts.missing += r->steps;
		}
		entry.function = function_name(d, l, l->e[r->first].parent);
		if (!*entry.function)
			entry.function = function_name(d, l, r->first);
		entry.what = "";
		add_entry(d, &entry, &t);
	}
}

int compare_traces(struct diff *d)
{
	const struct moment *mb = NULL, *end = d->b.moments + d->b.nmoments;
	uint32_t ma = 0;

	if (pair_known_objects(d))
		return -1;
	for (uint32_t x = 1; x <= d->a.last && !d->failed; x++) {
		uint32_t y = d->a.mate[x];

		if (!y)
			continue;
		d->counts.paired++;
		compare_step(d, x, y);
		if (d->a.flags[x] & EV_MOVED)
			continue;
		while (ma + 1 < d->a.nmoments && d->a.moments[ma + 1].step <= x)
			ma++;
		if (!mb || y < mb->step || (mb + 1 < end && y >= mb[1].step))
			mb = load_moment(&d->b, y);
		if (d->a.nmoments && d->b.nmoments)
			compare_time(d, x, y, d->a.moments[ma].time, mb->time);
	}
	add_runs(d, &d->missing, false);
	add_runs(d, &d->extra, true);
	return d->failed ? -1 : 0;
}
