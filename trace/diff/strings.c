/* SPDX-License-Identifier: GPL-2.0-only */
/* A table of strings, each there once. */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

#define BLOCK (1u << 20)

int strings_init(struct strings *s)
{
	memset(s, 0, sizeof(*s));
	s->slots = 1u << 12;
	s->room = s->slots / 2;
	s->slot = calloc(s->slots, sizeof(*s->slot));
	s->s = calloc(s->room, sizeof(*s->s));
	s->count = 1;
	return s->slot && s->s ? 0 : -1;
}

void strings_free(struct strings *s)
{
	for (size_t i = 0; i < s->nblocks; i++)
		free(s->blocks[i]);
	free(s->blocks);
	free(s->slot);
	free(s->s);
	memset(s, 0, sizeof(*s));
}

static uint64_t hash_bytes(const char *p, size_t len)
{
	uint64_t h = len, v;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&v, p, 8);
		h = mix(h, v);
	}
	for (v = 0; len; len--)
		v = v << 8 | (unsigned char)*p++;
	return mix(h, v);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * What does not depend on how many objects were born before, or which slot of a table is taken:
 * the digits behind # and [ are left out; in the loose one long numbers, too.
 */
static void hash_stable(struct dstr *d)
{
	uint64_t h = 1, loose = 1;
	uint32_t end;

	d->objects = false;
	for (uint32_t i = 0; i < d->len; i = end) {
		char before = i ? d->p[i - 1] : 0;

		for (end = i; end < d->len && is_digit(d->p[end]); end++)
			;
		if (end > i && (before == '#' || before == '[')) {
			d->objects = true;
			continue;
		}
		if (end == i)
			end++;
		for (uint32_t k = i; k < end; k++)
			h = mix(h, (unsigned char)d->p[k]);
		if (end - i <= 3)
			for (uint32_t k = i; k < end; k++)
				loose = mix(loose, (unsigned char)d->p[k]);
	}
	d->stable = h;
	d->loose = loose;
}

static int grow(struct strings *s)
{
	uint32_t slots = s->slots * 2;
	uint32_t *slot = calloc(slots, sizeof(*slot));
	struct dstr *more = realloc(s->s, (size_t)s->room * 2 * sizeof(*more));

	if (more)
		s->s = more;
	if (!slot || !more) {
		free(slot);
		return -1;
	}
	s->room *= 2;
	for (uint32_t i = 1; i < s->count; i++) {
		uint32_t at = (uint32_t)s->s[i].hash & (slots - 1);

		while (slot[at])
			at = (at + 1) & (slots - 1);
		slot[at] = i;
	}
	free(s->slot);
	s->slot = slot;
	s->slots = slots;
	return 0;
}

static char *keep(struct strings *s, const char *p, size_t len)
{
	char *to;

	if (len + 1 > s->left) {
		size_t size = len + 1 > BLOCK ? len + 1 : BLOCK;
		char **blocks = realloc(s->blocks, (s->nblocks + 1) * sizeof(*blocks));

		if (!blocks)
			return NULL;
		s->blocks = blocks;
		s->block = malloc(size);
		if (!s->block)
			return NULL;
		s->blocks[s->nblocks++] = s->block;
		s->left = size;
	}
	to = s->block;
	if (len)
		memcpy(to, p, len);
	to[len] = '\0';
	s->block += len + 1;
	s->left -= len + 1;
	return to;
}

uint32_t strings_find(const struct strings *s, const char *p, size_t len)
{
	uint64_t h = hash_bytes(p, len);

	for (uint32_t at = (uint32_t)h & (s->slots - 1); s->slot[at];
	     at = (at + 1) & (s->slots - 1)) {
		const struct dstr *d = &s->s[s->slot[at]];

		if (d->hash == h && d->len == len && !memcmp(d->p, p, len))
			return s->slot[at];
	}
	return 0;
}

uint32_t strings_add(struct strings *s, const char *p, size_t len)
{
	uint64_t h = hash_bytes(p, len);
	uint32_t at = (uint32_t)h & (s->slots - 1);
	struct dstr *d;

	for (; s->slot[at]; at = (at + 1) & (s->slots - 1)) {
		d = &s->s[s->slot[at]];
		if (d->hash == h && d->len == len && !memcmp(d->p, p, len))
			return s->slot[at];
	}
	if (s->count == s->room) {
		if (grow(s))
			return 0;
		at = (uint32_t)h & (s->slots - 1);
		while (s->slot[at])
			at = (at + 1) & (s->slots - 1);
	}
	d = &s->s[s->count];
	d->p = keep(s, p, len);
	if (!d->p)
		return 0;
	d->len = (uint32_t)len;
	d->hash = h;
	hash_stable(d);
	s->slot[at] = s->count;
	return s->count++;
}
