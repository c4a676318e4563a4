/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for the values of fields that C declares as plain integers.
 *
 * sk_state is an unsigned char, and its values are the constants of an enum that no declaration
 * ties to it.  This table does: by one constant of the enum, or by the common beginning of
 * macros.  A field or a name that the watched program lacks does no harm.
 */
#include <stdlib.h>
#include <string.h>

#include "writer.h"

static const struct {
	const char *field;  /* the last word of its path */
	const char *symbol; /* a constant of the enum, or ... */
	const char *macros; /* ... how the macros begin */
	uint64_t size;      /* only fields of so many bytes; 0: of any */
} hints[] = {
	{ "skc_state", "TCP_ESTABLISHED", NULL, 0 },
	{ "tw_substate", "TCP_ESTABLISHED", NULL, 0 },
	{ "skc_family", NULL, "AF_", 0 },
	{ "sin_family", NULL, "AF_", 0 },
	{ "sa_family", NULL, "AF_", 0 },
	{ "family", NULL, "AF_", 0 },
	{ "sk_protocol", "IPPROTO_TCP", NULL, 0 },
	{ "protocol", "IPPROTO_TCP", NULL, 1 }, /* iphdr's, not sk_buff's */
	{ "flowic_proto", "IPPROTO_TCP", NULL, 0 },
	{ "sk_type", "SOCK_STREAM", NULL, 0 },
	{ "icsk_ca_state", "TCP_CA_Open", NULL, 0 },
	{ "icsk_pending", NULL, "ICSK_TIME_", 0 },
	{ "nud_state", NULL, "NUD_", 0 },
	{ "sk_shutdown", NULL, "SHUTDOWN_", 0 },
	{ "ip_summed", NULL, "CHECKSUM_", 0 },
	{ "pkt_type", NULL, "PACKET_", 0 },
	{ "rt_type", "RTN_UNICAST", NULL, 0 },
	{ "fa_type", "RTN_UNICAST", NULL, 0 },
	{ "fc_type", "RTN_UNICAST", NULL, 0 },
	{ "obsolete", NULL, "DST_OBSOLETE_", 0 },
};

#define HINTS ((int)(sizeof(hints) / sizeof(*hints)))
_Static_assert(sizeof(hints) / sizeof(*hints) <= MACRO_VALUES, "a line for each hint");

static int by_name(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* An enumeration of the macros that begin with @prefix and stand for a number. */
static int macros_enumeration(struct writer *writer, const char *prefix)
{
	const struct names *macros = &writer->image->macros;
	const char **list = calloc(macros->count + 1, sizeof(*list));
	int count = 0, id = 0;

	if (!list)
		abort();
	for (uint64_t i = 0; i < macros->room; i++)
		if (macros->slots[i].key && !strncmp(macros->slots[i].key, prefix, strlen(prefix)))
			list[count++] = macros->slots[i].key;
	qsort(list, (size_t)count, sizeof(*list), by_name);
	for (int i = 0; i < count; i++) {
		const char *body = macro_body(writer->image, list[i]);
		char *end;
		long value;

		body += *body == '(';
		value = strtol(body, &end, 0);
		if (end == body || (*end && *end != ')'))
			continue;
		if (!id)
			id = ++writer->image->last.enumeration;
		define(writer, "enumeration",
		       (struct value[]){ value_integer(id), value_text(prefix),
					 value_integer(value), value_text(list[i]) },
		       4);
	}
	free(list);
	return id;
}

/* The enumeration that names the values of a field, 0 for none. */
int hint_enumeration(struct writer *writer, const struct leaf *leaf)
{
	const char *dot = strrchr(leaf->path, '.'), *word = dot ? dot + 1 : leaf->path;

	if (type_strip(leaf->type)->kind != TYPE_INTEGER)
		return 0;
	for (int i = 0; i < HINTS; i++) {
		int *known, id;

		if (strcmp(word, hints[i].field) || (hints[i].size && hints[i].size != leaf->size))
			continue;
		if (hints[i].symbol) {
			struct dtype *type = type_with_enumerator(writer->image, hints[i].symbol);

			return type ? define_enumeration(writer, type) : 0;
		}
		known = &writer->image->macro_values[i];
		if (*known)
			return *known < 0 ? 0 : *known;
		/* fields whose values have the same names share them */
		for (int other = 0; other < HINTS && !*known; other++)
			if (hints[other].macros && !strcmp(hints[other].macros, hints[i].macros))
				*known = writer->image->macro_values[other];
		if (!*known)
			*known = macros_enumeration(writer, hints[i].macros);
		id = *known > 0 ? *known : 0;
		if (!id)
			*known = -1;
		return id;
	}
	return 0;
}
