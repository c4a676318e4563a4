/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of tables as the provider writes them: literals of SQL with commas between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

int64_t hex_parse(char *text, size_t digits)
{
	for (size_t i = 0; i < digits / 2; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		text[i] = (char)(high << 4 | low);
	}
	return digits % 2 ? -1 : (int64_t)(digits / 2);
}

/* A text in quotes, of which two in a row are one; @at is behind the first.  Its end, or NULL. */
static char *quoted(char *at, const char *end, struct value *value)
{
	char *to = at;

	*value = (struct value){ .kind = VALUE_TEXT, .text = at };
	for (; at < end; *to++ = *at++) {
		if (*at != '\'')
			continue;
		if (at + 1 == end || at[1] != '\'')
			break;
		at++;
	}
	if (at == end)
		return NULL;
	/* a text of no bytes is measured by its NUL */
	*to = 0;
	value->size = (size_t)(to - value->text);
	return at + 1;
}

/* Bytes in hexadecimal in quotes, of a text (T) or bytes (X); @at is on the letter. */
static char *coded(char *at, const char *end, struct value *value)
{
	char letter = *at;
	char *start = at + 2;
	char *quote =
		end - at > 2 && at[1] == '\'' ? memchr(start, '\'', (size_t)(end - start)) : NULL;
	int64_t size = quote ? hex_parse(start, (size_t)(quote - start)) : -1;

	if (size < 0)
		return NULL;
	*value = (struct value){ .kind = letter == 'T' ? VALUE_TEXT : VALUE_BYTES,
				 .text = start,
				 .size = (size_t)size };
	return quote + 1;
}

static char *literal(char *at, const char *end, struct value *value)
{
	char *behind;

	if (*at == '\'')
		return quoted(at + 1, end, value);
	if (*at == 'T' || *at == 'X')
		return coded(at, end, value);
	if (end - at >= 4 && !memcmp(at, "NULL", 4)) {
		*value = value_none();
		return at + 4;
	}
	errno = 0;
	*value = value_integer(strtoll(at, &behind, 10));
	return behind == at || errno ? NULL : behind;
}

int row_parse(char *row, size_t size, struct value *columns, int room)
{
	const char *end = row + size;
	int count = 0;

	for (char *at = row; at < end; at++) {
		if (count == room)
			return -1;
		at = literal(at, end, &columns[count++]);
		if (!at || (at < end && *at != ',') || at + 1 == end)
			return -1;
	}
	return count;
}
