/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of trace/read share: the open trace, its statements and its lazy indexes.
 * Nobody outside this folder includes it.
 */
#ifndef TRACE_READ_INTERNAL_H
#define TRACE_READ_INTERNAL_H

#include <sqlite3.h>

#include "trace/read/read.h"

/* Kinds that are so frequent that the next one is found by looking around. */
#define FREQUENT_KINDS                                                              \
	(TRACE_BIT(TRACE_CALL) | TRACE_BIT(TRACE_RETURN) | TRACE_BIT(TRACE_STORE) | \
	 TRACE_BIT(TRACE_BRANCH) | TRACE_BIT(TRACE_LINE) | TRACE_BIT(TRACE_LOCAL))

/* Statements that are prepared once and kept. The text of each is in statement.c. */
enum stmt {
	ST_STEP,
	ST_STEP_SHAPE,
	ST_LOG,
	ST_LOG_BACK,
	ST_POINT,
	ST_NEXT_OF,
	ST_PREVIOUS_OF,
	ST_COUNT,
	ST_SHAPE,
	ST_SEEK_AT, /* lists of table seek */
	ST_SEEK_BEHIND,
	ST_SEEK_COUNT,
	ST_RAW_LAST, /* the same of a trace that has none */
	ST_RAW_NEXT,
	ST_RAW_WHAT,
	ST_STORED_AT,
	ST_SPOTS,
	ST_VALUES,
	ST_INITIAL,
	ST_OBJECT,
	ST_OBJECTS,
	ST_TIME,
	ST_PACKET,
	ST_MOMENTS,
	STATEMENTS
};

/* Where in an object a store goes. */
struct spot {
	int field;  /* 0: none */
	char *name; /* NULL: the whole field */
};

/* The last store to a spot. */
struct last_store {
	int64_t spot, step;
};

/*
 * A row of the lists of table seek as it was read: of the steps from FIRST to UNTIL, this is the row to look
 * into.  An empty one says that nothing lies by UNTIL.
 */
struct seek_row {
	int kind;
	int64_t what, first, until;
	uint8_t *bytes; /* number after number, see seek.c */
	size_t count, room;
	int64_t behind; /* the first step of the row after it, 0: there is none; -1: nobody has looked */
};
#define SEEK_ROWS 512

/* Where a call returns, as was found out: 0 that it does not. */
struct known_return {
	int64_t call, end;
};
#define KNOWN_RETURNS 1024

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

/* Strings in blocks that are freed together: pool.c. */
struct pool {
	char **blocks, *next;
	size_t count, left; /* bytes of the last block, from @next on */
};

/* Objects by number as far as they were asked for, and a hash table of their names: index + 1, 0: none. */
struct objects_known {
	struct trace_object *list;
	size_t count, room;
	uint32_t *slots, mask;
	struct pool names;
	bool whole; /* there are no more */
};

struct trace {
	sqlite3 *db;
	char *path;
	char error[320];
	int fd;       /* of the file, for its lock; open until SQLite has closed it */
	bool partial; /* see trace_is_partial(), trace_is_live() */
	bool live;
	int64_t last;

	sqlite3_stmt *stmt[STATEMENTS];
	bool indexed;  /* the table seek is whole */
	bool raw_made; /* or what stands in for it has been, up to this step */
	int64_t raw_until;
	struct seek_row seek[SEEK_ROWS]; /* rows that were asked for lately */
	struct known_return returns[KNOWN_RETURNS];

	struct objects_known objects;
	struct spot *spots; /* by id - 1, as far as they were asked for */
	size_t nspots;

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
	bool has_variables; /* they are half of it all, and read when one is asked for */
	struct trace *self; /* for who has it const, and asks */
	/* how many there is room for */
	struct {
		size_t files, funcs, types, fields, variables, symbols, tasks, contexts, meta;
	} rooms;
	size_t nsources;
	struct source *sources; /* beside files[] */
	void **retired; /* arrays that had to grow; who has a pointer into one may keep it */
	size_t nretired;

	struct pool pool; /* every string of the catalogue */
};

/* catalog.c: now t->variables and t->nvariables hold. Return: 0; or -1, and there are none. */
int trace_variables(const struct trace *t);

/* open.c: remembers what went wrong; returns -1 so that callers can `return trace_fail(...)`. */
int trace_fail(struct trace *t, const char *doing);

/* statement.c: a statement ready to be bound, or NULL (and trace_error()). */
sqlite3_stmt *trace_stmt(struct trace *t, enum stmt which);
/* Steps it once and gives column 0, 0 if no row or on error (remembered). Resets it. */
int64_t trace_stmt_number(struct trace *t, sqlite3_stmt *st);
void trace_statements_free(struct trace *t);

/*
 * seek.c: the last step by STEP, or the first behind it, at which KIND happened to WHAT (a function, a
 * variable; 0 for the kinds that have nothing of the sort).  0 if there is none.
 */
int64_t trace_seek_last(struct trace *t, int kind, int64_t what, int64_t step);
int64_t trace_seek_next(struct trace *t, int kind, int64_t what, int64_t step);
/* The step of the enclosing call, 0 if there is none; see trace_step.parent. */
int64_t trace_parent(struct trace *t, int64_t step);
/* What was read of the lists and found out by them is not so any more, or not needed. */
void trace_seek_forget(struct trace *t);
/* How many steps of a kind there are; -1 on error. */
int64_t trace_seek_count(struct trace *t, int kind);

/* In a trace without lists: the lowest WHAT above this one at which KIND happened; 0 if there is none. */
int64_t trace_seek_what(struct trace *t, int kind, int64_t what);

/*
 * stored.c: the last store by STEP to each spot of OBJECT, in the order of the spots; the caller frees the
 * list.  0 or -1.
 */
int trace_last_stores(struct trace *t, int64_t object, int64_t step, struct last_store **list,
		      size_t *count);
const struct spot *trace_spot(struct trace *t, int64_t id);
void trace_spots_free(struct trace *t);

/* One number from one query; -1 if there is no row or no such table. */
int64_t trace_ask_number(struct trace *t, const char *sql);

/* live.c */
int trace_take_end(struct trace *t);

/* catalog.c: reads what is new since the last time */
int trace_catalog_load(struct trace *t);
void trace_catalog_free(struct trace *t);
const struct trace_type *trace_type(const struct trace *t, int id);
const char *trace_context_name(const struct trace *t, int id);

const struct symbol *trace_symbol_of(const struct trace *t, int enumeration, int64_t value);

/* objects.c: all of them are read (0 or -1); they will be read again. */
int trace_objects_all(struct trace *t);
void trace_objects_forget(struct trace *t);

/* pool.c: a copy of a column's text. NULL only for NULL, or out of memory. */
char *trace_pool_keep(struct pool *p, sqlite3_stmt *st, int column);
void trace_pool_free(struct pool *p);

/* object.c: id, (name,) type, kind, size, born, died; the name is left to the caller. */
void trace_fill_object(struct trace *t, sqlite3_stmt *st, struct trace_object *o);

/* value.c */
int trace_value_read(struct trace_value *v, sqlite3_stmt *st, int column);
void trace_value_free(struct trace_value *v);
char *trace_column_text(sqlite3_stmt *st, int column); /* NULL stays NULL */

#endif
