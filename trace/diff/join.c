/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two loaded traces become comparable: the same text is the same number, the same line of a function
 * the same line, though another version of the source may have it elsewhere; then the hashes.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

/* ---- strings ----------------------------------------------------------------------------------- */

static int map_strings(struct loaded *l, struct strings *common)
{
	l->mapped = calloc(l->own.count, sizeof(*l->mapped));
	if (!l->mapped)
		return -1;
	for (uint32_t i = 1; i < l->own.count; i++) {
		l->mapped[i] = strings_add(common, l->own.s[i].p, l->own.s[i].len);
		if (!l->mapped[i])
			return -1;
	}
	return 0;
}

static bool is_string(enum trace_value_type type)
{
	return type == TRACE_TEXT || type == TRACE_BLOB;
}

static void renumber(struct loaded *l)
{
	for (uint32_t i = 1; i <= l->last; i++) {
		struct event *e = &l->e[i];

		e->name = l->mapped[e->name];
		if (is_string(EV_A(e)))
			e->a = l->mapped[e->a];
		if (is_string(EV_B(e)))
			e->b = l->mapped[e->b];
	}
	for (uint32_t i = 0; i < l->nobjects; i++) {
		l->objects[i].name = l->mapped[l->objects[i].name];
		l->objects[i].type = l->mapped[l->objects[i].type];
	}
	for (uint32_t i = 0; i < l->nfunctions; i++)
		l->functions[i].name = l->mapped[l->functions[i].name];
	strings_free(&l->own);
	free(l->mapped);
	l->mapped = NULL;
}

/* ---- lines ------------------------------------------------------------------------------------- */

static bool same_line(struct trace *ta, const struct trace_func *fa, int la, struct trace *tb,
		      const struct trace_func *fb, int lb)
{
	size_t na = 0, nb = 0;
	const char *a = trace_source_line(ta, fa->file, la, &na);
	const char *b = trace_source_line(tb, fb->file, lb, &nb);

	return na == nb && (!na || !memcmp(a, b, na));
}

/* Longest common subsequence of the lines of two functions, by a table of lengths. */
static int map_lines(struct trace *ta, const struct function *fa, struct trace *tb,
		     struct function *fb)
{
	int na = fa->end_line - fa->line + 1, nb = fb->end_line - fb->line + 1, i, j;
	uint16_t *len;

	if (na < 1 || nb < 1 || na > 2000 || nb > 2000)
		return 0;
	len = calloc((size_t)(na + 1) * (size_t)(nb + 1), sizeof(*len));
	fb->to_a = calloc((size_t)nb, sizeof(*fb->to_a));
	if (!len || !fb->to_a) {
		free(len);
		return -1;
	}
#define LEN(x, y) len[(size_t)(x) * (size_t)(nb + 1) + (size_t)(y)]
	for (i = na - 1; i >= 0; i--)
		for (j = nb - 1; j >= 0; j--)
			LEN(i, j) = same_line(ta, fa->f, fa->line + i, tb, fb->f, fb->line + j) ?
					    (uint16_t)(LEN(i + 1, j + 1) + 1) :
				    LEN(i + 1, j) > LEN(i, j + 1) ? LEN(i + 1, j) :
								    LEN(i, j + 1);
	for (i = j = 0; i < na && j < nb;) {
		if (same_line(ta, fa->f, fa->line + i, tb, fb->f, fb->line + j)) {
			fb->to_a[j++] = (int16_t)(fa->line + i++);
		} else if (LEN(i + 1, j) >= LEN(i, j + 1)) {
			i++;
		} else {
			/* a line that only B has stands for one that only A has, as far as they go */
			j++;
		}
	}
	free(len);
#undef LEN
	return 0;
}

/* Lines that were changed answer to one another one by one, between two that are the same. */
static void pair_changed_lines(const struct function *fa, struct function *fb)
{
	int nb = fb->end_line - fb->line + 1, before = fa->line - 1;

	for (int j = 0; j < nb; j++) {
		int after = fa->end_line + 1;

		if (fb->to_a[j]) {
			before = fb->to_a[j];
			continue;
		}
		for (int k = j; k < nb; k++) {
			if (fb->to_a[k]) {
				after = fb->to_a[k];
				break;
			}
		}
		if (before + 1 < after)
			fb->to_a[j] = (int16_t)++before;
		else
			fb->to_a[j] = (int16_t)(0x4000 | j);
	}
}

static bool same_text(struct trace *ta, const struct function *fa, struct trace *tb,
		      const struct function *fb)
{
	if (fa->end_line - fa->line != fb->end_line - fb->line)
		return false;
	for (int i = 0; i <= fa->end_line - fa->line; i++)
		if (!same_line(ta, fa->f, fa->line + i, tb, fb->f, fb->line + i))
			return false;
	return true;
}

/* The function of the other trace with this name, of the same file if there are several. */
static const struct function *twin(const struct loaded *a, const struct function *fb)
{
	const struct function *found = NULL;

	for (uint32_t i = 0; i < a->nfunctions; i++) {
		const struct function *fa = &a->functions[i];

		if (!fa->f || fa->name != fb->name)
			continue;
		if (!strcmp(fa->f->file->path, fb->f->file->path))
			return fa;
		found = fa;
	}
	return found;
}

/* Lines of the functions that ran in the second trace become lines of the first. */
static int join_lines(struct loaded *a, struct loaded *b)
{
	bool *ran = calloc(b->nfunctions, sizeof(*ran));
	int err = 0;

	if (!ran)
		return -1;
	for (uint32_t i = 0; i < b->ncalls; i++) {
		int64_t f = b->e[b->calls[i].step].a;

		if (f > 0 && f < b->nfunctions)
			ran[f] = true;
	}
	for (uint32_t i = 0; i < b->nfunctions && !err; i++) {
		struct function *fb = &b->functions[i];
		const struct function *fa = ran[i] && fb->f ? twin(a, fb) : NULL;

		if (!fa)
			continue;
		fb->shift = fa->line - fb->line;
		if (same_text(a->t, fa, b->t, fb))
			continue;
		err = map_lines(a->t, fa, b->t, fb);
		if (!err && fb->to_a)
			pair_changed_lines(fa, fb);
	}
	free(ran);
	return err;
}

static void move_lines(struct loaded *b)
{
	for (uint32_t i = 1; i <= b->last; i++) {
		struct event *e = &b->e[i];
		const struct function *f;
		int64_t id;

		if (!e->line || !e->parent)
			continue;
		id = b->e[e->parent].a;
		if (id <= 0 || id >= b->nfunctions)
			continue;
		f = &b->functions[id];
		if (f->to_a && e->line >= f->line && e->line <= f->end_line)
			e->line = (uint16_t)f->to_a[e->line - f->line];
		else if (e->line + f->shift > 0)
			e->line = (uint16_t)(e->line + f->shift);
	}
}

int load_join(struct loaded *a, struct loaded *b, struct strings *common)
{
	if (strings_init(common) || map_strings(a, common) || map_strings(b, common))
		return -1;
	renumber(a);
	renumber(b);
	if (join_lines(a, b))
		return -1;
	move_lines(b);
	return 0;
}

/* ---- hashes ------------------------------------------------------------------------------------ */

static uint64_t value_hash(enum trace_value_type type, int64_t v, const struct strings *s,
			   bool wide)
{
	switch (type) {
	case TRACE_INT:
		/* large numbers may be each run's own: they do not help to find what is alike */
		return wide || (v > -1024 && v < 1024) ? (uint64_t)v : 7;
	case TRACE_TEXT:
		return wide ? s->s[v].stable : s->s[v].loose;
	case TRACE_BLOB:
		return wide ? s->s[v].hash : 11;
	default:
		return 13;
	}
}

uint64_t event_full(const struct event *e, const struct strings *s, bool wide)
{
	uint64_t h = e->shape;

	if (e->kind != TRACE_CALL)
		h = mix(h, value_hash(EV_A(e), e->a, s, wide));
	return mix(h, value_hash(EV_B(e), e->b, s, wide));
}

static uint32_t event_shape(const struct loaded *l, const struct event *e, const struct strings *s)
{
	uint64_t h = mix(e->kind, s->s[e->name].stable);

	h = mix(h, e->line);
	if (e->object && e->kind != TRACE_CALL)
		h = mix(h, s->s[l->objects[e->object].name].stable);
	return (uint32_t)(h >> 16);
}

void load_hash(struct loaded *l, const struct strings *common, bool wide)
{
	for (uint32_t i = 1; i <= l->last; i++)
		l->e[i].shape = event_shape(l, &l->e[i], common);
	/* A call's children come behind it, so that from the end backwards they are done before it. */
	for (uint32_t i = l->ncalls; i-- > 0;) {
		struct call *c = &l->calls[i];
		uint64_t shape = l->e[c->step].shape;
		uint64_t full = event_full(&l->e[c->step], common, wide);

		c->steps = 1;
		for (uint32_t at = c->first; at; at = l->e[at].next) {
			const struct event *e = &l->e[at];

			if (e->kind == TRACE_CALL) {
				const struct call *in = &l->calls[e->object];

				shape = mix(shape, in->shape);
				full = mix(full, in->full);
				c->steps += in->steps;
			} else {
				shape = mix(shape, e->shape);
				full = mix(full, event_full(e, common, wide));
				c->steps++;
			}
		}
		c->shape = shape;
		c->full = full;
	}
}
