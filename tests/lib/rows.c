/* SPDX-License-Identifier: GPL-2.0-only */

/* Recorded tables; see rows.h. */

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "tests/lib/rows.h"

static json_t *rows[256];
static size_t nrows;

size_t rows_read(const char *path)
{
	FILE *f = fopen(path, "r");
	static char line[65536];

	while (f && fgets(line, sizeof(line), f) && nrows < sizeof(rows) / sizeof(rows[0]))
		rows[nrows++] = json_loads(line, 0, NULL);
	if (f)
		fclose(f);
	return nrows;
}

size_t rows_read_members(const char *path)
{
	json_t *all = json_load_file(path, 0, NULL), *value;
	const char *name;

	json_object_foreach(all, name, value) {
		if (nrows < sizeof(rows) / sizeof(rows[0]))
			rows[nrows++] = json_pack("{s:s, s:O}", "name", name, "is", value);
	}
	json_decref(all);
	return nrows;
}

void rows_free(void)
{
	while (nrows)
		json_decref(rows[--nrows]);
}

/* "syn.tcp.window": a field of a field of a field. */
static const json_t *field(const json_t *o, const char *key)
{
	char one[64];
	size_t n = strcspn(key, ".");

	if (n >= sizeof(one))
		return NULL;
	memcpy(one, key, n);
	one[n] = '\0';
	o = json_object_get(o, one);
	return key[n] && o ? field(o, key + n + 1) : o;
}

int row_has(size_t row, const char *key)
{
	return field(rows[row], key) != NULL;
}

/* ["a", "b"] is "a,b", an address and its port "10.9.0.1:80". */
static const char *text_of(const json_t *j)
{
	static char name[4][256];
	static unsigned int at;
	const char *s = json_string_value(j);
	const json_t *e;
	size_t i, len = 0;

	if (s)
		return s;
	if (!json_is_array(j))
		return "";
	at = (at + 1) % 4;
	name[at][0] = '\0';
	json_array_foreach((json_t *)j, i, e) {
		int n = json_is_string(e) ? snprintf(name[at] + len, sizeof(name[at]) - len, "%s%s",
						     i ? "," : "", json_string_value(e)) :
					    snprintf(name[at] + len, sizeof(name[at]) - len,
						     ":%lld", json_integer_value(e));

		len += (size_t)n;
		if (len >= sizeof(name[at]))
			break;
	}
	return name[at];
}

const char *row_text(size_t row, const char *key)
{
	return text_of(field(rows[row], key));
}

int row_is_int(size_t row, const char *key)
{
	return json_is_integer(field(rows[row], key));
}

double row_number(size_t row, const char *key)
{
	return json_number_value(field(rows[row], key));
}

size_t row_list(size_t row, const char *list)
{
	return json_array_size(field(rows[row], list));
}

static const json_t *element(size_t row, const char *list, size_t i, const char *key)
{
	const json_t *e = json_array_get(field(rows[row], list), i);

	return key ? field(e, key) : e;
}

const char *row_list_text(size_t row, const char *list, size_t i, const char *key)
{
	return text_of(element(row, list, i, key));
}

double row_list_number(size_t row, const char *list, size_t i, const char *key)
{
	return json_number_value(element(row, list, i, key));
}
