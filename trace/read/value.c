/* SPDX-License-Identifier: GPL-2.0-only */
/* Values: from a column of SQLite to a struct that owns its bytes. */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* Takes the value of a column.  0, or -1 when out of memory. */
int trace_value_read(struct trace_value *v, sqlite3_stmt *st, int column)
{
	const void *bytes;
	char *copy;

	memset(v, 0, sizeof(*v));
	switch (sqlite3_column_type(st, column)) {
	case SQLITE_INTEGER:
		v->type = TRACE_INT;
		v->num = sqlite3_column_int64(st, column);
		return 0;
	case SQLITE_NULL:
		return 0;
	case SQLITE_BLOB:
		v->type = TRACE_BLOB;
		bytes = sqlite3_column_blob(st, column);
		break;
	default: /* a real number has no place in a trace, but text is never wrong */
		v->type = TRACE_TEXT;
		bytes = sqlite3_column_text(st, column);
	}
	v->len = (size_t)sqlite3_column_bytes(st, column);
	copy = malloc(v->len + 1);
	if (!copy) {
		v->type = TRACE_NULL;
		return -1;
	}
	if (v->len)
		memcpy(copy, bytes, v->len);
	copy[v->len] = '\0';
	v->bytes = copy;
	return 0;
}

void trace_value_free(struct trace_value *v)
{
	free((char *)(uintptr_t)v->bytes);
	memset(v, 0, sizeof(*v));
}

char *trace_column_text(sqlite3_stmt *st, int column)
{
	const unsigned char *text = sqlite3_column_text(st, column);

	return text ? strdup((const char *)text) : NULL;
}
