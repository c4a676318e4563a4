/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types from DWARF.
 *
 * Every compilation unit describes the types it saw once more.  Structs, unions and enums with
 * a name are therefore found by that name: the first complete description stands for all, also
 * where a unit knows only a forward declaration.  Members are read when somebody asks for them.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

/* An unsigned attribute's value, or @fallback where the DIE has none. */
static uint64_t attr_number(Dwarf_Die *die, unsigned int name, uint64_t fallback)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (dwarf_attr_integrate(die, name, &attr) && !dwarf_formudata(&attr, &value))
		return value;
	return fallback;
}

static bool attr_flag(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	bool value = false;

	return dwarf_attr(die, name, &attr) && !dwarf_formflag(&attr, &value) && value;
}

/* The type a DIE's DW_AT_type refers to; "no such attribute" is how DWARF says void. */
static struct dtype *target_of(struct image *image, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die target;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attr) || !dwarf_formref_die(&attr, &target))
		return type_of(image, NULL);
	return type_of(image, &target);
}

static const char *tag_word(int tag)
{
	return tag == DW_TAG_structure_type ? "struct" :
	       tag == DW_TAG_union_type     ? "union" :
					      "enum";
}

static bool is_tagged(int tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type ||
	       tag == DW_TAG_enumeration_type;
}

/* Notes every complete struct, union and enum of a unit under its name. */
void types_index(struct image *image, Dwarf_Die *unit)
{
	Dwarf_Die die;

	if (dwarf_child(unit, &die))
		return;
	do {
		int tag = dwarf_tag(&die);
		const char *name;

		if (!is_tagged(tag) || attr_flag(&die, DW_AT_declaration))
			continue;
		name = dwarf_diename(&die);
		if (!name) {
			/* an enum without a tag: its constants are wanted all the same */
			if (tag == DW_TAG_enumeration_type)
				type_of(image, &die);
			continue;
		}
		name = pool_printf(&image->pool, "%s %s", tag_word(tag), name);
		if (!names_get(&image->structs, name)) {
			struct dtype **place = grow(image->structs_list, image->structs_count,
						    image->structs_room);

			*place = type_of(image, &die);
			names_set(&image->structs, name, *place);
		}
	} while (!dwarf_siblingof(&die, &die));
}

static struct dtype *tagged_type(struct image *image, Dwarf_Die *die, int tag)
{
	const char *name = dwarf_diename(die);
	bool complete = !attr_flag(die, DW_AT_declaration);
	struct dtype *type, *known = NULL;
	char key[256];

	if (name) {
		snprintf(key, sizeof(key), "%s %s", tag_word(tag), name);
		known = names_get(&image->structs, key);
	}
	if (known && (!complete || known->size == attr_number(die, DW_AT_byte_size, 0)))
		return known;
	type = pool_alloc(&image->pool, sizeof(*type));
	type->kind = tag == DW_TAG_structure_type ? TYPE_STRUCT :
		     tag == DW_TAG_union_type     ? TYPE_UNION :
						    TYPE_ENUM;
	type->name = name;
	type->spelled = name ? pool_strdup(&image->pool, key) : tag_word(tag);
	type->complete = complete;
	type->size = attr_number(die, DW_AT_byte_size, 0);
	type->die = dwarf_dieoffset(die);
	if (type->kind == TYPE_ENUM) {
		/* an enum without negative constants is unsigned, as GCC makes it */
		struct dtype *base = target_of(image, die);

		type->is_signed = base->is_signed;
		type_parse(image, type);
	}
	return type;
}

static struct dtype *array_type(struct image *image, Dwarf_Die *die)
{
	struct dtype *element = target_of(image, die), *type = element;
	uint64_t counts[8];
	int dimensions = 0;
	Dwarf_Die range;

	if (!dwarf_child(die, &range)) {
		do {
			uint64_t upper;

			if (dwarf_tag(&range) != DW_TAG_subrange_type || dimensions == 8)
				continue;
			upper = attr_number(&range, DW_AT_upper_bound, UINT64_MAX);
			counts[dimensions++] = attr_number(&range, DW_AT_count, upper + 1);
		} while (!dwarf_siblingof(&range, &range));
	}
	/* int a[2][3] is two arrays of three */
	while (dimensions-- > 0) {
		struct dtype *array = pool_alloc(&image->pool, sizeof(*array));

		array->kind = TYPE_ARRAY;
		array->target = type;
		array->count = counts[dimensions];
		array->size = array->count * type->size;
		array->spelled = pool_printf(&image->pool, "%s[%lu]", type->spelled, array->count);
		array->complete = true;
		type = array;
	}
	return type;
}

static const char *function_spelling(struct image *image, Dwarf_Die *die, struct dtype *returns)
{
	char text[512];
	size_t used = 0;
	Dwarf_Die parameter;

	text[0] = 0;
	if (!dwarf_child(die, &parameter)) {
		do {
			int tag = dwarf_tag(&parameter);

			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
						 used ? ", " : "",
						 tag == DW_TAG_formal_parameter ?
							 target_of(image, &parameter)->spelled :
							 "...");
			if (used >= sizeof(text))
				break;
		} while (!dwarf_siblingof(&parameter, &parameter));
	}
	return pool_printf(&image->pool, "%s (*)(%s)", returns->spelled, *text ? text : "void");
}

/* Fills in a type that is not a struct, union, enum or array. */
static void plain_type(struct image *image, Dwarf_Die *die, int tag, struct dtype *type)
{
	const char *name = dwarf_diename(die);
	uint64_t encoding;

	type->complete = true;
	switch (tag) {
	case DW_TAG_base_type:
		encoding = attr_number(die, DW_AT_encoding, 0);
		type->kind = TYPE_INTEGER;
		type->name = type->spelled = name;
		type->size = attr_number(die, DW_AT_byte_size, 0);
		type->is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
		type->is_char = name && !strcmp(name, "char");
		type->is_bool = encoding == DW_ATE_boolean;
		return;
	case DW_TAG_pointer_type:
		type->kind = TYPE_POINTER;
		type->size = 8;
		type->target = target_of(image, die);
		if (type->target->kind == TYPE_FUNCTION)
			type->spelled = type->target->spelled;
		else if (type->target->spelled[strlen(type->target->spelled) - 1] == '*')
			type->spelled = pool_printf(&image->pool, "%s*", type->target->spelled);
		else
			type->spelled = pool_printf(&image->pool, "%s *", type->target->spelled);
		return;
	case DW_TAG_subroutine_type:
		type->kind = TYPE_FUNCTION;
		type->target = target_of(image, die);
		type->spelled = function_spelling(image, die, type->target);
		return;
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
		type->kind = TYPE_TYPEDEF;
		type->target = target_of(image, die);
		type->size = type->target->size;
		type->complete = type->target->complete;
		if (tag == DW_TAG_typedef)
			type->name = type->spelled = name;
		else if (tag == DW_TAG_const_type && type->target->kind != TYPE_POINTER &&
			 strncmp(type->target->spelled, "const ", 6))
			type->spelled =
				pool_printf(&image->pool, "const %s", type->target->spelled);
		else
			type->spelled = type->target->spelled;
		return;
	default:
		type->kind = TYPE_VOID;
		type->spelled = "void";
	}
}

/* The type that @die describes; void for NULL. */
struct dtype *type_of(struct image *image, Dwarf_Die *die)
{
	uint64_t key = die ? dwarf_dieoffset(die) : UINT64_MAX;
	struct dtype *type = map_get(&image->types_by_die, key);
	int tag = die ? dwarf_tag(die) : DW_TAG_unspecified_type;

	if (type)
		return type;
	if (is_tagged(tag)) {
		type = tagged_type(image, die, tag);
		map_set(&image->types_by_die, key, type);
	} else if (tag == DW_TAG_array_type) {
		type = array_type(image, die);
		map_set(&image->types_by_die, key, type);
	} else {
		/* noted first: a struct may point at itself through a chain of these */
		type = pool_alloc(&image->pool, sizeof(*type));
		type->spelled = "?";
		map_set(&image->types_by_die, key, type);
		plain_type(image, die, tag, type);
	}
	return type;
}

static void parse_member(struct image *image, Dwarf_Die *die, struct member *member)
{
	uint64_t bits = attr_number(die, DW_AT_bit_size, 0);

	member->name = dwarf_diename(die);
	member->type = target_of(image, die);
	member->at = attr_number(die, DW_AT_data_member_location, 0);
	member->bit_at = -1;
	if (bits) {
		member->bit_size = (int)bits;
		member->bit_at = (int64_t)attr_number(die, DW_AT_data_bit_offset, member->at * 8);
	}
}

/* The value of an enum's constant.  Forms of fixed size hold unsigned numbers, sdata signed ones. */
static int64_t constant_of(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Sword value = 0;
	Dwarf_Word number = 0;

	if (!dwarf_attr(die, DW_AT_const_value, &attr))
		return 0;
	if (dwarf_whatform(&attr) == DW_FORM_sdata ||
	    dwarf_whatform(&attr) == DW_FORM_implicit_const) {
		dwarf_formsdata(&attr, &value);
		return value;
	}
	dwarf_formudata(&attr, &number);
	return (int64_t)number;
}

/* Reads the members of a struct or union, or the constants of an enum. */
void type_parse(struct image *image, struct dtype *type)
{
	int count = 0, wanted = type->kind == TYPE_ENUM ? DW_TAG_enumerator : DW_TAG_member;
	Dwarf_Die die, child;

	if (type->parsed)
		return;
	type->parsed = true;
	if (!type->die || !image->dwarf || !dwarf_offdie(image->dwarf, type->die, &die) ||
	    dwarf_child(&die, &child))
		return;
	do {
		count += dwarf_tag(&child) == wanted;
	} while (!dwarf_siblingof(&child, &child));
	if (wanted == DW_TAG_member)
		type->members = pool_alloc(&image->pool, (size_t)count * sizeof(*type->members));
	else
		type->enumerators =
			pool_alloc(&image->pool, (size_t)count * sizeof(*type->enumerators));
	dwarf_child(&die, &child);
	do {
		if (dwarf_tag(&child) != wanted)
			continue;
		if (wanted == DW_TAG_member) {
			parse_member(image, &child, &type->members[type->members_count++]);
		} else {
			struct enumerator *e = &type->enumerators[type->enumerators_count++];

			e->name = dwarf_diename(&child);
			e->value = constant_of(&child);
			if (!names_get(&image->symbols, e->name))
				names_set(&image->symbols, e->name, type);
		}
	} while (!dwarf_siblingof(&child, &child));
}

/* The complete struct or union called @name, or NULL. */
struct dtype *type_named(struct image *image, const char *name)
{
	static const char *const words[] = { "struct", "union" };
	char key[256];

	for (int i = 0; i < 2; i++) {
		struct dtype *type;

		snprintf(key, sizeof(key), "%s %s", words[i], name);
		type = names_get(&image->structs, key);
		if (type)
			return type;
	}
	return NULL;
}

/* The enum that has a constant called @symbol, or NULL. */
struct dtype *type_with_enumerator(struct image *image, const char *symbol)
{
	return names_get(&image->symbols, symbol);
}
