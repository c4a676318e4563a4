/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BTF is a header, then types one behind the other, then their names. A type has a number, by which
 * others speak of it: its place in the row, counted from 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "viewer/kernel/btf.h"

enum { DEEPEST = 16 };

static const struct btf_type *type_of(const struct btf *b, uint32_t id)
{
	return id && id < b->count ? (const void *)(b->bytes + b->at[id]) : NULL;
}

static const char *name_at(const struct btf *b, uint32_t offset)
{
	return offset < b->strings_size ? b->strings + offset : "";
}

/* What stands behind a type's own twelve bytes; -1: a kind that is not known. */
static long behind(const struct btf_type *t)
{
	uint32_t n = BTF_INFO_VLEN(t->info);

	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (long)(n * sizeof(struct btf_member));
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return n * 8L;
	case BTF_KIND_DATASEC:
	case BTF_KIND_ENUM64:
		return n * 12L;
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	default:
		return -1;
	}
}

/* Notes where each type stands. */
static int number_types(struct btf *b, uint32_t from, uint32_t to)
{
	uint32_t room = 0;

	b->count = 1;
	while (from + sizeof(struct btf_type) <= to) {
		long more = behind((const void *)(b->bytes + from));

		if (b->count >= room) {
			uint32_t *at;

			room = room ? room * 2 : 1 << 16;
			at = realloc(b->at, room * sizeof(*at));
			if (!at)
				return -ENOMEM;
			b->at = at;
		}
		if (more < 0 || (unsigned long)more > to - from - sizeof(struct btf_type))
			return -EINVAL;
		b->at[b->count++] = from;
		from += (uint32_t)sizeof(struct btf_type) + (uint32_t)more;
	}
	return from == to ? 0 : -EINVAL;
}

/* A file whose size nobody says. */
static int read_all(struct btf *b, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	size_t room = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	do {
		if (b->size == room) {
			char *more = realloc(b->bytes, room = room ? room * 2 : 1 << 22);

			if (!more) {
				error = -ENOMEM;
				break;
			}
			b->bytes = more;
		}
		n = read(fd, b->bytes + b->size, room - b->size);
		if (n < 0)
			error = -errno;
		else
			b->size += (size_t)n;
	} while (n > 0);
	close(fd);
	return error;
}

int btf_open(struct btf *b, const char *path)
{
	const struct btf_header *h;
	int error;

	*b = (struct btf){ 0 };
	error = read_all(b, path);
	h = (const void *)b->bytes;
	if (!error && (b->size < sizeof(*h) || h->magic != BTF_MAGIC || h->hdr_len > b->size ||
		       h->type_off > b->size - h->hdr_len || h->type_off % 4 || h->hdr_len % 4 ||
		       h->type_len > b->size - h->hdr_len - h->type_off ||
		       h->str_off > b->size - h->hdr_len || !h->str_len ||
		       h->str_len > b->size - h->hdr_len - h->str_off ||
		       b->bytes[h->hdr_len + h->str_off + h->str_len - 1]))
		error = -EINVAL;
	if (!error) {
		b->strings = b->bytes + h->hdr_len + h->str_off;
		b->strings_size = h->str_len;
		error = number_types(b, h->hdr_len + h->type_off,
				     h->hdr_len + h->type_off + h->type_len);
	}
	if (error)
		btf_close(b);
	return error;
}

void btf_close(struct btf *b)
{
	free(b->bytes);
	free(b->at);
	*b = (struct btf){ 0 };
}

static uint32_t struct_named(const struct btf *b, const char *name)
{
	for (uint32_t id = 1; id < b->count; id++) {
		const struct btf_type *t = type_of(b, id);

		if (BTF_INFO_KIND(t->info) == BTF_KIND_STRUCT &&
		    !strcmp(name_at(b, t->name_off), name))
			return id;
	}
	return 0;
}

uint32_t btf_sizeof(const struct btf *b, const char *type)
{
	const struct btf_type *t = type_of(b, struct_named(b, type));

	return t ? t->size : 0;
}

/* The type that a typedef, a const ... means. */
static const struct btf_type *plain(const struct btf *b, uint32_t id)
{
	const struct btf_type *t = type_of(b, id);

	for (int i = 0; t && i < DEEPEST; i++) {
		switch (BTF_INFO_KIND(t->info)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			t = type_of(b, t->type);
			break;
		default:
			return t;
		}
	}
	return NULL;
}

static int has_members(const struct btf_type *t)
{
	return t && (BTF_INFO_KIND(t->info) == BTF_KIND_STRUCT ||
		     BTF_INFO_KIND(t->info) == BTF_KIND_UNION);
}

/* A member found: its type, and its bits counted from the outermost structure. */
struct found {
	const struct btf_type *type;
	uint32_t bit, bits;
};

/* The member of a name, be it of a structure within; first the nearer ones. */
static int find_member(const struct btf *b, const struct btf_type *t, const char *name, size_t len,
		       uint32_t base, int depth, struct found *found)
{
	const struct btf_member *m = (const void *)(t + 1);
	int flagged = BTF_INFO_KFLAG(t->info);
	uint32_t n = BTF_INFO_VLEN(t->info);

	for (uint32_t i = 0; i < n; i++) {
		const char *its = name_at(b, m[i].name_off);

		if (strncmp(its, name, len) || its[len])
			continue;
		found->type = plain(b, m[i].type);
		found->bit = base + (flagged ? BTF_MEMBER_BIT_OFFSET(m[i].offset) : m[i].offset);
		found->bits = flagged ? BTF_MEMBER_BITFIELD_SIZE(m[i].offset) : 0;
		return found->type ? 0 : -ENOENT;
	}
	for (uint32_t i = 0; i < n && depth < DEEPEST; i++) {
		const struct btf_type *inner = plain(b, m[i].type);
		uint32_t at = flagged ? BTF_MEMBER_BIT_OFFSET(m[i].offset) : m[i].offset;

		if (has_members(inner) &&
		    !find_member(b, inner, name, len, base + at, depth + 1, found))
			return 0;
	}
	return -ENOENT;
}

int btf_find(const struct btf *b, const char *type, const char *path, struct btf_place *place)
{
	struct found found = { .type = type_of(b, struct_named(b, type)) };
	uint32_t coding = 0;

	for (const char *word = path; word;) {
		size_t len = strcspn(word, ".");

		if (!has_members(found.type) ||
		    find_member(b, found.type, word, len, found.bit, 0, &found))
			return -ENOENT;
		word = word[len] ? word + len + 1 : NULL;
	}
	*place = (struct btf_place){ .size = 8 };
	switch (BTF_INFO_KIND(found.type->info)) {
	case BTF_KIND_INT:
		memcpy(&coding, found.type + 1, sizeof(coding));
		place->negative = (BTF_INT_ENCODING(coding) & BTF_INT_SIGNED) != 0;
		/* fall through */
	case BTF_KIND_ENUM:
		place->size = found.type->size;
		break;
	case BTF_KIND_PTR:
		break;
	default:
		return -ENOENT;
	}
	place->offset = found.bit / 8;
	place->bits = found.bits;
	place->bit = found.bit % 8;
	if (found.bits)
		place->size = (place->bit + found.bits + 7) / 8;
	return place->size <= 8 ? 0 : -ENOENT;
}

int64_t btf_value(const struct btf_place *p, const void *structure)
{
	uint32_t bits = p->bits ? p->bits : p->size * 8;
	uint64_t v = 0;

	memcpy(&v, (const char *)structure + p->offset, p->size);
	v >>= p->bit;
	if (bits < 64)
		v &= (1ull << bits) - 1;
	if (p->negative && bits < 64 && v >> (bits - 1))
		v |= ~0ull << bits;
	return (int64_t)v;
}
