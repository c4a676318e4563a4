/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The comparison as a whole: load both traces (a thread each), bring them in line, find what was
 * moved, compare, group by cause; and the answers to what is asked of the result.
 */
#include <fnmatch.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

/* ---- what is not to be looked at --------------------------------------------------------------- */

/* Whether an entry is about what a pattern names: a function, file, kind, field or object. */
static bool about(const struct diff *d, const struct diff_entry *e, const struct detail *t,
		  const char *pattern)
{
	bool in_b = e->kind == DIFF_EXTRA;
	const struct loaded *l = in_b ? &d->b : &d->a;
	uint32_t at = (uint32_t)(in_b ? e->b : e->a), call = l->e[at].parent;
	const struct object *o;
	char name[400];

	if (!fnmatch(pattern, trace_kind_name((enum trace_kind)l->e[at].kind), 0) ||
	    !fnmatch(pattern, e->function, 0))
		return true;
	if (e->kind == DIFF_TIME && !strcmp(pattern, "time"))
		return true;
	if (l->e[at].kind == TRACE_STORE && t->object && t->object < l->nobjects) {
		o = &l->objects[t->object];
		snprintf(name, sizeof(name), "%s.%s", d->s.s[o->name].p, d->s.s[l->e[at].name].p);
		if (!fnmatch(pattern, name, 0))
			return true;
		snprintf(name, sizeof(name), "%s.%s", o->type ? d->s.s[o->type].p : "",
			 d->s.s[l->e[at].name].p);
		if (!fnmatch(pattern, name, 0))
			return true;
	}
	/* a function or file that it happens in, however deep */
	if (l->e[at].kind == TRACE_CALL)
		call = at;
	for (; call; call = l->e[call].parent) {
		const struct function *f = l->e[call].a > 0 && l->e[call].a < l->nfunctions ?
						   &l->functions[l->e[call].a] :
						   NULL;

		if (!f || !f->f)
			continue;
		if (!fnmatch(pattern, f->f->name, 0) || !fnmatch(pattern, f->f->file->path, 0) ||
		    (f->f->file->kernel_path && !fnmatch(pattern, f->f->file->kernel_path, 0)))
			return true;
	}
	return false;
}

static bool wanted(const struct diff *d, const struct diff_entry *e, const struct detail *t)
{
	const char *const *p = d->options ? d->options->ignore : NULL;

	for (; p && *p; p++)
		if (about(d, e, t, *p))
			return false;
	p = d->options ? d->options->only : NULL;
	if (!p || !*p)
		return true;
	for (; *p; p++)
		if (about(d, e, t, *p))
			return true;
	return false;
}

/* Steps inside of a function whose inside is not compared. */
static int inside_rule(const struct diff *d, const struct diff_entry *e)
{
	bool in_b = e->kind == DIFF_EXTRA;
	const struct loaded *l = in_b ? &d->b : &d->a;
	uint32_t at = (uint32_t)(in_b ? e->b : e->a), call = at;
	uint8_t kind;

	if (!d->rules)
		return -1;
	kind = l->e[call].kind;
	if (kind != TRACE_CALL)
		call = l->e[call].parent;
	/* what it returns is not inside of it; where that may differ it was let pass already */
	if (e->kind == DIFF_VALUE && kind == TRACE_RETURN)
		call = l->e[call].parent;
	for (; call; call = l->e[call].parent) {
		int rule = rules_inside(d->rules, d->s.s[l->e[call].name].p);

		if (rule >= 0 && !(e->kind == DIFF_VALUE && kind == TRACE_CALL && call == at &&
				   rules_compare_arguments(d->rules, rule)))
			return rule;
	}
	return -1;
}

/* Leaves out what nobody wants to hear of. */
static void sift(struct diff *d)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->entries; i++) {
		int rule = inside_rule(d, &d->entry[i]);

		if (rule >= 0) {
			rule_used(d, rule, (uint32_t)d->entry[i].a, (uint32_t)d->entry[i].b);
			continue;
		}
		if (!d->detail[i].decision && !wanted(d, &d->entry[i], &d->detail[i]))
			continue;
		d->entry[kept] = d->entry[i];
		d->detail[kept++] = d->detail[i];
	}
	d->entries = kept;
}

/* ---- the whole --------------------------------------------------------------------------------- */

struct loading {
	struct loaded *l;
	struct trace *t;
	int result;
};

static void *load_thread(void *arg)
{
	struct loading *loading = arg;

	loading->result = load_trace(loading->l, loading->t);
	return NULL;
}

static int load_both(struct diff *d, struct trace *a, struct trace *b)
{
	struct loading la = { &d->a, a, -1 }, lb = { &d->b, b, -1 };
	pthread_t thread;
	bool threaded = !pthread_create(&thread, NULL, load_thread, &lb);

	load_thread(&la);
	if (threaded)
		pthread_join(thread, NULL);
	else
		load_thread(&lb);
	return la.result || lb.result ? -1 : 0;
}

static bool same_meta(struct trace *a, struct trace *b, const char *key)
{
	const char *x = trace_meta(a, key), *y = trace_meta(b, key);

	return x && y ? !strcmp(x, y) : !x && !y;
}

/* Runs of one seed under the virtual clock have no numbers of their own: all of them count. */
static bool same_seed(struct trace *a, struct trace *b)
{
	const char *clock = trace_meta(a, "clock");

	return same_meta(a, b, "seed") && same_meta(a, b, "clock") && clock &&
	       !strcmp(clock, "virtual");
}

/* How far clocks that are globals (clock jiffies.value) are apart from the beginning. */
static void compare_clocks(struct diff *d)
{
	for (size_t i = 0; i < d->rules->count; i++) {
		const struct rule *r = &d->rules->r[i];
		struct trace_object a, b;
		int64_t x, y;
		char *name;

		if (r->verb != RULE_CLOCK || r->place != PLACE_STORE)
			continue;
		name = strndup(r->name, strcspn(r->name, "."));
		if (name && trace_object_by_name(d->a.t, name, &a) == 1) {
			if (trace_object_by_name(d->b.t, name, &b) == 1) {
				if (trace_initial_number(d->a.t, a.id, &x) == 1 &&
				    trace_initial_number(d->b.t, b.id, &y) == 1 && x != y) {
					known_clock(&d->known, x, y, (int)i);
					rule_used(d, (int)i, 0, 0);
				}
				trace_object_free(&b);
			}
			trace_object_free(&a);
		}
		free(name);
	}
}

/* The rules that are asked for, or the default ones if the runs have numbers of their own. */
static int choose_rules(struct diff *d, struct trace *a, struct trace *b, char *err, size_t errlen)
{
	bool given = d->options && d->options->rules;

	d->a.t = a;
	d->b.t = b;
	if (!given)
		d->own_rules = diff_rules_parse("rules", diff_default_rules, err, errlen);
	d->rules = given ? d->options->rules : d->own_rules;
	if (!d->rules)
		return -1;
	d->use = calloc(d->rules->count + 1, sizeof(*d->use));
	d->uses = calloc(d->rules->count + 1, sizeof(*d->uses));
	if (!d->use || !d->uses)
		return -1;
	compare_clocks(d);
	d->strict = same_seed(a, b) && !d->known.shifts;
	if (!given && d->strict)
		d->rules = NULL;
	return 0;
}

static int run(struct diff *d, struct trace *a, struct trace *b, char *err, size_t errlen)
{
	if (known_init(&d->known) || choose_rules(d, a, b, err, errlen) || load_both(d, a, b) ||
	    load_join(&d->a, &d->b, &d->s))
		return -1;
	load_hash(&d->a, &d->s, d->strict);
	load_hash(&d->b, &d->s, d->strict);
	if (align_traces(&d->a, &d->b, &d->s, d->strict, &d->missing, &d->extra) ||
	    find_moves(&d->a, &d->b, &d->s, d->strict, &d->missing, &d->extra) || compare_traces(d))
		return -1;
	sift(d);
	if (find_causes(d))
		return -1;
	d->counts.a_steps = d->a.last;
	d->counts.b_steps = d->b.last;
	for (size_t i = 0; d->rules && i < d->rules->count; i++) {
		if (!d->use[i].times)
			continue;
		d->use[i].rule = d->rules->r[i].text;
		d->uses[d->nuses++] = d->use[i];
	}
	return 0;
}

struct diff *diff_traces(struct trace *a, struct trace *b, const struct diff_options *o, char *err,
			 size_t errlen)
{
	struct diff *d = calloc(1, sizeof(*d));

	err[0] = '\0';
	if (d) {
		d->options = o;
		if (!run(d, a, b, err, errlen)) {
			d->options = NULL;
			return d;
		}
	}
	if (!err[0])
		snprintf(err, errlen, "%s",
			 trace_error(a) ? trace_error(a) :
			 trace_error(b) ? trace_error(b) :
					  "out of memory");
	diff_free(d);
	return NULL;
}

void diff_free(struct diff *d)
{
	if (!d)
		return;
	load_free(&d->a);
	load_free(&d->b);
	strings_free(&d->s);
	known_free(&d->known);
	diff_rules_free(d->own_rules);
	free(d->object_a);
	free(d->object_b);
	free(d->missing.r);
	free(d->extra.r);
	free(d->entry);
	free(d->detail);
	free(d->use);
	free(d->uses);
	free(d);
}

/* ---- answers ----------------------------------------------------------------------------------- */

const struct diff_entry *diff_entries(const struct diff *d, size_t *count)
{
	*count = d->entries;
	return d->entry;
}

const struct diff_entry *diff_first(const struct diff *d)
{
	for (size_t i = 0; i < d->entries; i++)
		if (!d->entry[i].excused)
			return &d->entry[i];
	return NULL;
}

const struct diff_counts *diff_counts(const struct diff *d)
{
	return &d->counts;
}

size_t diff_uses(const struct diff *d, const struct diff_use **uses)
{
	*uses = d->uses;
	return d->nuses;
}

int64_t diff_mate_of_a(const struct diff *d, int64_t a)
{
	return a > 0 && a <= d->a.last ? d->a.mate[a] : 0;
}

int64_t diff_mate_of_b(const struct diff *d, int64_t b)
{
	return b > 0 && b <= d->b.last ? d->b.mate[b] : 0;
}

/* A step that stands beside its mate: not moved, and nothing of the other trace overtaken. */
static uint32_t beside(const struct loaded *l, uint32_t step)
{
	return l->flags[step] & EV_MOVED ? 0 : l->mate[step];
}

/*
 * A's steps come one by one; before a step with a mate come B's steps up to that.  Where two tasks
 * ran in another order a mate may lie behind: both then stand alone.
 */
bool diff_next_pair(const struct diff *d, struct diff_pair *pair)
{
	uint32_t a = (uint32_t)pair->next_a, b = (uint32_t)pair->next_b, m;

	if (!a)
		a = b = 1;
	m = a <= d->a.last ? beside(&d->a, a) : 0;
	pair->a = pair->b = 0;
	if (a <= d->a.last && (!m || m < b)) {
		pair->a = a++;
	} else if (b <= d->b.last && (a > d->a.last || b < m)) {
		pair->b = b++;
	} else if (a <= d->a.last) {
		pair->a = a++;
		pair->b = b++;
	} else {
		return false;
	}
	pair->next_a = a;
	pair->next_b = b;
	pair->differs = (pair->a && d->a.flags[pair->a] & EV_DIFFERS) ||
			(pair->b && d->b.flags[pair->b] & EV_DIFFERS);
	pair->moved = (pair->a && !pair->b && d->a.mate[pair->a]) ||
		      (pair->b && !pair->a && d->b.mate[pair->b]);
	return true;
}
