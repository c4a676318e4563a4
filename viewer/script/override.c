/* SPDX-License-Identifier: GPL-2.0-only */

/* A script's options on the command line, as packetdrill has them there: they win. */

#include <stdio.h>
#include <string.h>

#include "viewer/command.h"
#include "viewer/script/override.h"

/* Return: NULL, or what was expected. @name: takes the part before '='. */
static const char *apply(const char *text, struct settings *o, char name[64])
{
	size_t length = strcspn(text, "=");

	snprintf(name, 64, "%.*s", (int)length, text);
	return settings_set(o, name, text[length] ? text + length + 1 : NULL);
}

int override_add(struct overrides *v, const char *text)
{
	struct settings trial;
	char name[64], what[80];
	const char *expected = apply(text, &trial, name);

	snprintf(what, sizeof(what), "--%s", name);
	if (expected)
		return trouble(what, "docs/scenarios.md, under Options, lists them", "expected %s",
			       expected);
	if (v->count == (int)(sizeof(v->text) / sizeof(v->text[0])))
		return trouble(what, NULL, "too many options");
	v->text[v->count++] = text;
	return 0;
}

void overrides_apply(const struct overrides *v, struct settings *o)
{
	char name[64];

	for (int i = 0; i < v->count; i++)
		apply(v->text[i], o, name);
}
