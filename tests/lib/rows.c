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

void rows_free(void)
{
	while (nrows)
		json_decref(rows[--nrows]);
}

int row_has(size_t row, const char *key)
{
	return json_object_get(rows[row], key) != NULL;
}

static const char *text_of(const json_t *j)
{
	static char name[4][64];
	static unsigned int at;
	const char *s = json_string_value(j);

	if (s)
		return s;
	if (!json_is_array(j))
		return "";
	at = (at + 1) % 4;
	snprintf(name[at], sizeof(name[at]), "%s:%lld", json_string_value(json_array_get(j, 0)),
		 json_integer_value(json_array_get(j, 1)));
	return name[at];
}

const char *row_text(size_t row, const char *key)
{
	return text_of(json_object_get(rows[row], key));
}

int row_is_int(size_t row, const char *key)
{
	return json_is_integer(json_object_get(rows[row], key));
}

double row_number(size_t row, const char *key)
{
	return json_number_value(json_object_get(rows[row], key));
}

size_t row_list(size_t row, const char *list)
{
	return json_array_size(json_object_get(rows[row], list));
}

static const json_t *element(size_t row, const char *list, size_t i, const char *key)
{
	return json_object_get(json_array_get(json_object_get(rows[row], list), i), key);
}

const char *row_list_text(size_t row, const char *list, size_t i, const char *key)
{
	return text_of(element(row, list, i, key));
}

double row_list_number(size_t row, const char *list, size_t i, const char *key)
{
	return json_number_value(element(row, list, i, key));
}
