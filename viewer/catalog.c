/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking texts up in the catalogue, and how a field's name leads to one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/catalog.h"
#include "viewer/i18n.h"

/* Sorted by key, "KIND NAME", in the order of strcmp(). */
static const struct entry {
	const char *key, *text;
} entries[] = {
#include "catalog_texts.h"
};
#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

#define MAX_NAME 200

const char *catalog_kind_name(enum catalog_kind kind)
{
	static const char *const names[CATALOG_KINDS] = {
		[CATALOG_FUNCTION] = "function", [CATALOG_FIELD] = "field",
		[CATALOG_OBJECT] = "object",     [CATALOG_ERRNO] = "errno",
		[CATALOG_STATE] = "state",       [CATALOG_DROP] = "drop",
		[CATALOG_VALUE] = "value",
	};

	return names[kind];
}

static int compare(const void *key, const void *entry)
{
	return strcmp(key, ((const struct entry *)entry)->key);
}

const char *catalog_text(enum catalog_kind kind, const char *name)
{
	char key[MAX_NAME + 32];
	const struct entry *e;

	if (!name || strlen(name) > MAX_NAME)
		return NULL;
	snprintf(key, sizeof(key), "%s %s", catalog_kind_name(kind), name);
	e = bsearch(key, entries, ENTRIES, sizeof(entries[0]), compare);
	return e ? gettext(e->text) : NULL;
}

/* "mib.mibs[9]" to "mib.mibs": which element it is has no text of its own. */
static void without_indices(char *to, const char *name)
{
	int depth = 0;

	for (; *name; name++) {
		depth += *name == '[';
		if (!depth)
			*to++ = *name;
		depth -= *name == ']' && depth;
	}
	*to = '\0';
}

/* "TYPE.NAME", or else "NAME" alone. */
static const char *of_type(const char *type, const char *name)
{
	char key[2 * MAX_NAME + 2];
	const char *text = NULL;

	if (type) {
		snprintf(key, sizeof(key), "%.*s.%s", MAX_NAME, type, name);
		text = catalog_text(CATALOG_FIELD, key);
	}
	return text ? text : catalog_text(CATALOG_FIELD, name);
}

/* The text of a member wherever it is found, whose key begins with a dot: ".expires". */
static const char *of_member(const char *name)
{
	const char *text = NULL;

	for (const char *dot = strchr(name, '.'); dot && !text; dot = strchr(dot + 1, '.'))
		text = catalog_text(CATALOG_FIELD, dot);
	return text;
}

const char *catalog_field(char *buf, size_t len, const char *type, const char *name)
{
	char full[MAX_NAME + 1], *outer = full;
	const char *text, *member;

	if (strlen(name) > MAX_NAME)
		return NULL;
	without_indices(full, name);
	/* A store over several fields is named by the first and the last: the first must do. */
	if (strstr(full, ".."))
		*strstr(full, "..") = '\0';
	/* The second buffer of a pair is a buffer like the first. */
	if (type && !strcmp(type, "sk_buff_fclones"))
		type = "sk_buff";
	if (type && !strcmp(type, "sk_buff") && !strncmp(full, "skb2.", 5))
		outer += 5;
	text = of_type(type, outer);
	if (!text) {
		member = of_member(outer);
		for (char *dot; !text && (dot = strrchr(outer, '.'));) {
			*dot = '\0';
			text = of_type(type, outer);
		}
		if (text && member) {
			snprintf(buf, len, "%s %s", text, member);
			return buf;
		}
		if (!text)
			text = member;
	}
	if (!text)
		return NULL;
	snprintf(buf, len, "%s", text);
	return buf;
}

int catalog_each(int (*fn)(void *ctx, enum catalog_kind kind, const char *name, const char *text),
		 void *ctx)
{
	int status = 0;

	for (size_t i = 0; i < ENTRIES && !status; i++)
		for (int k = 0; k < CATALOG_KINDS; k++) {
			const char *word = catalog_kind_name((enum catalog_kind)k);
			size_t n = strlen(word);

			if (!strncmp(entries[i].key, word, n) && entries[i].key[n] == ' ')
				status = fn(ctx, (enum catalog_kind)k, entries[i].key + n + 1,
					    gettext(entries[i].text));
		}
	return status;
}
