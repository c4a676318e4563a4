/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows on their way into the trace database.
 *
 * The writer thread puts rows together in a chunk, table by table; the database's own thread
 * inserts a chunk at a time.  To SQLite a chunk is a virtual table: one INSERT ... SELECT carries
 * all rows of a table over, which costs half of what it takes to bind and run them one by one.
 */
#ifndef TRACE_RECORD_ROWS_H
#define TRACE_RECORD_ROWS_H

#include <sqlite3.h>

#include "sink.h"

/* The tables, in the order in which a chunk's rows are inserted. */
enum table {
	TABLE_META,
	TABLE_FILE,
	TABLE_FUNC,
	TABLE_TYPE,
	TABLE_FIELD,
	TABLE_ENUMERATION,
	TABLE_VARIABLE,
	TABLE_OBJECT,
	TABLE_INITIAL,
	TABLE_TASK,
	TABLE_MOMENT,
	TABLE_SPOT,
	TABLE_LOG_AT, /* a row of log that does not follow the one before: it brings its step */
	TABLE_LOG,
	TABLE_POINT,
	TABLE_PACKET,
	TABLE_SEEK,
	TABLE_STORED,
	TABLE_DIED, /* no table: steps and objects for an UPDATE */
	TABLES
};

/* A chunk with so many rows is full. */
#define CHUNK_ROWS 2048

/* One value; of text and bytes @number is where they begin in the chunk's text. */
struct cell {
	int64_t number;
	uint32_t size;
	enum value_kind kind;
};

struct chunk_rows {
	struct cell *cells;
	int count, room; /* rows */
};

/**
 * struct chunk - rows of any tables, in the order of their making
 * @rows: how many there are in all
 * @step: the last event whose rows are in it, 0: none
 * @started: when the first was put in, by the monotonic clock
 */
struct chunk {
	struct chunk_rows tables[TABLES];
	char *text;
	size_t text_used, text_room;
	int rows;
	int64_t step, started;
	struct chunk *next;
};

/* What the virtual table `rows` shows. */
struct rows_source {
	const struct chunk *chunk;
	enum table table;
};

int rows_table(const char *name);
int rows_columns(enum table table);
struct cell *rows_add(struct chunk *chunk, enum table table);
void rows_set(struct chunk *chunk, struct cell *cell, const struct value *value);
void rows_text(struct chunk *chunk, struct cell *cell, const char *text, size_t size);
void rows_clear(struct chunk *chunk);
void rows_free(struct chunk *chunk);
int rows_register(sqlite3 *db, struct rows_source *source);
void rows_insert_sql(enum table table, char *sql, size_t size);

static inline void rows_number(struct cell *cell, int64_t number)
{
	cell->kind = VALUE_INTEGER;
	cell->number = number;
}

/* An id or step; 0 is none. */
static inline void rows_id(struct cell *cell, int64_t id)
{
	cell->kind = id ? VALUE_INTEGER : VALUE_NONE;
	cell->number = id;
}

#endif
