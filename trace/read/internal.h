/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of trace/read share: the open trace, its statements and its lazy indexes.
 * Nobody outside this folder includes it.
 */
#ifndef TRACE_READ_INTERNAL_H
#define TRACE_READ_INTERNAL_H

#include <sqlite3.h>

#include "trace/read/read.h"

/* The kinds below this have tables of their own; the others share the table point. */
#define OWN_KINDS TRACE_PACKET

/* So many steps are read and sorted at once. */
#define TRACE_WINDOW 4096

/* Statements that are prepared once and kept. The text of each is in statement.c. */
enum stmt {
	ST_STEP,
	ST_STEP_SHAPE,
	ST_NEXT_OF, /* and one for each kind below OWN_KINDS, here and in the next two */
	ST_PREVIOUS_OF = ST_NEXT_OF + OWN_KINDS,
	ST_COUNT_OF = ST_PREVIOUS_OF + OWN_KINDS,
	ST_AFTER_OF = ST_COUNT_OF + OWN_KINDS - 1,
	ST_NEXT_KIND,
	ST_PREVIOUS_KIND,
	ST_COUNT_KIND,
	ST_NEXT_CALL,
	ST_PREVIOUS_CALL,
	ST_RETURN_OF,
	ST_NEXT_STORE,
	ST_LAST_STORE,
	ST_NEXT_STORE_ANY,
	ST_LAST_STORE_ANY,
	ST_STORED_PLACE,
	ST_STORE_AT,
	ST_INITIAL,
	ST_LOCAL_VARIABLE,
	ST_LAST_LOCAL,
	ST_OBJECT,
	ST_OBJECT_BY_NAME,
	ST_PACKET,
	STATEMENTS
};

/* Ways to find steps that a scan would be too slow for. */
enum lookup {
	LOOK_KIND,   /* rare kinds by (kind, step) */
	LOOK_CALL,   /* calls by (func, step) */
	LOOK_RETURN, /* returns by their call */
	LOOK_STORE,  /* stores by (object, what, step) */
	LOOK_LOCAL,  /* locals by (parent, what, step) */
	LOOKUPS
};

/* The source of one file, cut into lines when first asked for. */
struct source {
	char *text;
	size_t *start; /* of each line; start[lines] is one past the last newline */
	int lines;
};

struct symbol {
	int enumeration;
	int64_t value;
	const char *name;
};

struct named {
	int id;
	const char *name;
};

struct meta {
	const char *key, *value;
};

struct trace {
	sqlite3 *db;
	char *path;
	char error[320];
	bool partial;
	int64_t last;

	sqlite3_stmt *stmt[STATEMENTS];
	const char *table
		[LOOKUPS]; /* where to look: the trace's table or a temporary one; NULL: unknown */

	/* All sorted by id (symbols by enumeration and value); strings belong to the pool. */
	struct trace_file *files;
	struct trace_func *funcs;
	struct trace_type *types;
	struct trace_field *fields;
	struct trace_variable *variables;
	struct symbol *symbols;
	struct named *tasks, *contexts;
	struct meta *meta;
	size_t nfiles, nfuncs, ntypes, nfields, nvariables, nsymbols, ntasks, ncontexts, nmeta;
	struct source *sources; /* beside files[] */

	char **pool; /* every string of the catalogue, to be freed together */
	size_t npool, pool_room;
};

/* open.c: remembers what went wrong; returns -1 so that callers can `return trace_fail(...)`. */
int trace_fail(struct trace *t, const char *doing);

/* statement.c: a statement ready to be bound, or NULL (and trace_error()). */
sqlite3_stmt *trace_stmt(struct trace *t, enum stmt which);
/* Steps it once and gives column 0, 0 if no row or on error (remembered). Resets it. */
int64_t trace_stmt_number(struct trace *t, sqlite3_stmt *st);
void trace_statements_free(struct trace *t);

/* catalog.c */
int trace_catalog_load(struct trace *t);
void trace_catalog_free(struct trace *t);
const struct trace_type *trace_type(const struct trace *t, int id);
const char *trace_context_name(const struct trace *t, int id);

/* value.c */
int trace_value_read(struct trace_value *v, sqlite3_stmt *st, int column);
void trace_value_free(struct trace_value *v);
char *trace_column_text(sqlite3_stmt *st, int column); /* NULL stays NULL */

#endif
