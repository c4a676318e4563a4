/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings that live together: one behind the other in blocks, or in one of their own. */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

#define BLOCK (64 << 10)

/* Room for @size bytes; NULL when out of memory. */
static char *room_in(struct pool *p, size_t size)
{
	char **more;

	if (size > p->left) {
		p->left = size > BLOCK ? size : BLOCK;
		more = realloc(p->blocks, (p->count + 1) * sizeof(*more));
		if (more)
			p->blocks = more;
		p->next = more ? malloc(p->left) : NULL;
		if (!p->next) {
			p->left = 0;
			return NULL;
		}
		p->blocks[p->count++] = p->next;
	}
	p->left -= size;
	p->next += size;
	return p->next - size;
}

char *trace_pool_keep(struct pool *p, sqlite3_stmt *st, int column)
{
	const unsigned char *text = sqlite3_column_text(st, column);
	size_t size = text ? (size_t)sqlite3_column_bytes(st, column) + 1 : 0;
	char *copy = text ? room_in(p, size) : NULL;

	return copy ? memcpy(copy, text, size) : NULL;
}

void trace_pool_free(struct pool *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->blocks[i]);
	free(p->blocks);
	memset(p, 0, sizeof(*p));
}
