/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Macros from DWARF (-g3).
 *
 * Three kinds matter here: those that give a nested member a short name (sk_state stands for
 * __sk_common.skc_state), those that cast (TCP_SKB_CB(skb) is a struct tcp_skb_cb *), and those
 * that name the values of a field (NUD_REACHABLE).  All are kept with their bodies; a unit's
 * headers are imported by reference, and every reference is followed once.
 */
#include <ctype.h>
#include <dwarf.h>
#include <string.h>

#include "image.h"

struct reading {
	struct image *image;
	struct map seen;
	Dwarf_Die *unit;
};

/* Does @body read like a member: words with dots between them? */
static bool is_member_path(const char *body)
{
	if (!isalpha((unsigned char)*body) && *body != '_')
		return false;
	for (; *body; body++)
		if (!is_word((unsigned char)*body) &&
		    !(*body == '.' && is_word((unsigned char)body[1])))
			return false;
	return true;
}

/* One definition, as DWARF holds it: "name body" or "name(arguments) body". */
static void define(struct image *image, const char *text)
{
	size_t name_size = strcspn(text, " (");
	const char *body = text + name_size;
	struct alias *alias;
	char *name;

	if (!strncmp(text, "__", 2) && text[2] >= 'A' && text[2] <= 'Z')
		return; /* the compiler's own */
	if (*body == '(')
		body = strchr(body, ')') ? strchr(body, ')') + 1 : body;
	while (*body == ' ')
		body++;
	if (!*body)
		return;
	name = pool_alloc(&image->pool, name_size + 1);
	memcpy(name, text, name_size);
	if (names_get(&image->macros, name))
		return;
	names_set(&image->macros, name, (void *)(uintptr_t)body);
	if (text[name_size] == ' ' && is_member_path(body) && strcmp(name, body)) {
		alias = grow(image->aliases, image->aliases_count, image->aliases_room);
		alias->name = name;
		alias->body = body;
	}
}

static int visit(Dwarf_Macro *macro, void *data)
{
	struct reading *reading = data;
	unsigned int opcode;
	Dwarf_Attribute attr;
	Dwarf_Word offset;
	const char *text;

	if (dwarf_macro_opcode(macro, &opcode))
		return DWARF_CB_OK;
	switch (opcode) {
	case DW_MACRO_define:
	case DW_MACRO_define_strp:
	case DW_MACRO_define_strx:
	case DW_MACRO_define_sup:
		if (!dwarf_macro_param2(macro, NULL, &text) && text)
			define(reading->image, text);
		break;
	case DW_MACRO_import:
		if (dwarf_macro_param(macro, 0, &attr) || dwarf_formudata(&attr, &offset) ||
		    map_get(&reading->seen, offset))
			break;
		map_set(&reading->seen, offset, reading);
		for (ptrdiff_t token = DWARF_GETMACROS_START;;) {
			token = dwarf_getmacros_off(reading->image->dwarf, offset, visit, reading,
						    token);
			if (token <= 0)
				break;
		}
		break;
	}
	return DWARF_CB_OK;
}

/* Reads the macros a unit defines or imports. */
void macros_read(struct image *image, Dwarf_Die *unit)
{
	struct reading reading = { .image = image, .unit = unit, .seen = image->macro_imports };
	ptrdiff_t token = DWARF_GETMACROS_START;

	do {
		token = dwarf_getmacros(unit, visit, &reading, token);
	} while (token > 0);
	image->macro_imports = reading.seen;
}

/* What macro @name stands for, or NULL. */
const char *macro_body(const struct image *image, const char *name)
{
	return names_get(&image->macros, name);
}
