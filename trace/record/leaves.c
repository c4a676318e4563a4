/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Leaves: the members of a type that a person would name, with the names the source uses.
 *
 * tcp_sock holds its state at inet_conn.icsk_inet.sk.__sk_common.skc_state, and nobody writes
 * that: the source says sk_state.  Two rules give the short names.  A macro whose body ends the
 * path (sk_state -> __sk_common.skc_state) names it, the one with the longest body if there are
 * several.  Otherwise members that embed a "base class" at offset 0 are left out as long as what
 * remains is still the name of one member only.
 *
 * Arrays of up to ARRAY_LEAVES elements are taken apart, bigger ones and those of characters
 * stay one leaf; an element of such is named when it is stored to (resolve.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

#define ARRAY_LEAVES 16

/* From this size on, a struct at offset 0 is taken for a base class. */
#define BASE_SIZE 64

struct flattening {
	struct image *image;
	struct leaf *list;
	int count, room;
};

/* Where the part of a path begins that is left when base classes are dropped. */
struct step_down {
	char path[256];
	size_t base; /* length of the leading part that consists of members at offset 0 */
};

static void flatten(struct flattening *to, struct dtype *type, uint64_t at, struct step_down down);

static void add_leaf(struct flattening *to, struct dtype *type, uint64_t at, uint64_t size,
		     const struct step_down *down)
{
	struct leaf *leaf = grow(to->list, to->count, to->room);

	leaf->path = pool_strdup(&to->image->pool, down->path);
	leaf->name = leaf->path + down->base;
	leaf->type = type;
	leaf->at = at;
	leaf->size = size;
	leaf->bit_at = -1;
}

static void flatten_array(struct flattening *to, struct dtype *type, uint64_t at,
			  const struct step_down *down)
{
	struct dtype *array = type_strip(type), *element = type_strip(array->target);

	if (array->count > ARRAY_LEAVES || !array->count ||
	    (element->kind == TYPE_INTEGER && element->size == 1)) {
		add_leaf(to, type, at, array->size, down);
		return;
	}
	for (uint64_t i = 0; i < array->count; i++) {
		struct step_down next = *down;
		size_t used = strlen(next.path);

		snprintf(next.path + used, sizeof(next.path) - used, "[%lu]", i);
		flatten(to, array->target, at + i * element->size, next);
	}
}

/*
 * Is this member a base class, whose name the source leaves out?  A struct at offset 0 that is
 * the bulk of what it is in (sk in inet_sock), or one that macros reach into (__sk_common); not
 * a list_head that happens to come first.
 */
bool member_is_base(const struct image *image, const struct member *member)
{
	struct dtype *type = type_strip(member->type);
	size_t length;

	if (!member->name || member->at || type->kind != TYPE_STRUCT)
		return false;
	if (type->size >= BASE_SIZE)
		return true;
	length = strlen(member->name);
	for (int i = 0; i < image->aliases_count; i++)
		if (!strncmp(image->aliases[i].body, member->name, length) &&
		    image->aliases[i].body[length] == '.')
			return true;
	return false;
}

static void flatten_member(struct flattening *to, const struct member *member, uint64_t at,
			   struct step_down down, bool first)
{
	size_t used = strlen(down.path);

	if (member->name)
		snprintf(down.path + used, sizeof(down.path) - used, "%s%s", used ? "." : "",
			 member->name);
	if (member->bit_size) {
		struct leaf *leaf;
		int low = (int)(member->bit_at % 8);

		add_leaf(to, member->type, at + (uint64_t)member->bit_at / 8,
			 (uint64_t)(low + member->bit_size + 7) / 8, &down);
		leaf = &to->list[to->count - 1];
		leaf->bit_at = low;
		leaf->bit_size = member->bit_size;
		return;
	}
	if (first && down.base == (used ? used + 1 : 0) && member_is_base(to->image, member))
		down.base = strlen(down.path) + 1;
	flatten(to, member->type, at + member->at, down);
}

static void flatten(struct flattening *to, struct dtype *type, uint64_t at, struct step_down down)
{
	struct dtype *bare = type_strip(type);

	if (bare->kind == TYPE_ARRAY) {
		flatten_array(to, type, at, &down);
		return;
	}
	if (bare->kind != TYPE_STRUCT && bare->kind != TYPE_UNION) {
		if (bare->size)
			add_leaf(to, type, at, bare->size, &down);
		return;
	}
	type_parse(to->image, bare);
	for (int i = 0; i < bare->members_count; i++)
		flatten_member(to, &bare->members[i], at, down, bare->kind == TYPE_STRUCT);
}

static bool ends_with_path(const char *path, const char *end)
{
	size_t path_size = strlen(path), end_size = strlen(end);

	return end_size <= path_size && !strcmp(path + path_size - end_size, end) &&
	       (end_size == path_size || path[path_size - end_size - 1] == '.');
}

/* Gives leaves the names that macros have for them. */
static void apply_aliases(struct image *image, struct leaf *leaf)
{
	size_t best = 0;

	for (int i = 0; i < image->aliases_count; i++) {
		const struct alias *alias = &image->aliases[i];
		size_t size = strlen(alias->body);

		if (size <= best || !ends_with_path(leaf->path, alias->body))
			continue;
		/* what lies before the macro's part must be base classes only */
		if (strlen(leaf->path) - size > (size_t)(leaf->name - leaf->path))
			continue;
		if (!strchr(alias->body, '.'))
			continue;
		leaf->name = alias->name;
		best = size;
	}
}

static int by_offset(const void *left, const void *right)
{
	const struct leaf *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->bit_at != b->bit_at)
		return a->bit_at < b->bit_at ? -1 : 1;
	return a->field < b->field ? -1 : a->field > b->field;
}

/* Two leaves of one short name: both go by their full paths. */
static void separate_names(struct leaf *leaves, int count)
{
	struct names seen = { 0 };

	for (int i = 0; i < count; i++) {
		struct leaf *other = names_get(&seen, leaves[i].name);

		if (other && strcmp(other->path, leaves[i].path)) {
			leaves[i].name = leaves[i].path;
			other->name = other->path;
		} else {
			names_set(&seen, leaves[i].name, &leaves[i]);
		}
	}
	names_free(&seen);
}

/* Finds the leaves of a type, ordered by offset. */
void type_flatten(struct image *image, struct dtype *type)
{
	struct flattening to = { .image = image };
	struct step_down down = { .base = 0 };

	if (type->flattened)
		return;
	type->flattened = true;
	if (type_strip(type)->kind == TYPE_ARRAY)
		strcpy(down.path, "data");
	flatten(&to, type, 0, down);
	for (int i = 0; i < to.count; i++) {
		to.list[i].field = i; /* keeps the order of declaration among equal offsets */
		if (!*to.list[i].name)
			to.list[i].name = to.list[i].path = "value";
		apply_aliases(image, &to.list[i]);
		to.list[i].enumeration = 0;
	}
	separate_names(to.list, to.count);
	type->leaves = pool_alloc(&image->pool, (size_t)to.count * sizeof(*to.list));
	if (to.count) {
		qsort(to.list, (size_t)to.count, sizeof(*to.list), by_offset);
		memcpy(type->leaves, to.list, (size_t)to.count * sizeof(*to.list));
	}
	for (int i = 0; i < to.count; i++) {
		struct leaf *leaf = &type->leaves[i];

		leaf->field = 0;
		leaf->reach = leaf->at + leaf->size;
		if (i && leaf[-1].reach > leaf->reach)
			leaf->reach = leaf[-1].reach;
	}
	type->leaves_count = to.count;
	free(to.list);
}
