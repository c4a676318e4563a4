/* SPDX-License-Identifier: GPL-2.0-only */
/* Chunks of rows, and the virtual table by which SQLite reads them; see rows.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

/* SQLite numbers these rows itself, one more than the last. */
#define LOG_NUMBERED "log(parent, at, what, old, new)"

static const struct {
	const char *name; /* and columns, where not all are given */
	int columns;
	int replaces; /* a row may come again, with other values */
} tables[TABLES] = {
	[TABLE_META] = { "meta", 2, 1 },         [TABLE_FILE] = { "file", 4, 0 },
	[TABLE_FUNC] = { "func", 7, 0 },         [TABLE_TYPE] = { "type", 3, 0 },
	[TABLE_FIELD] = { "field", 10, 0 },      [TABLE_ENUMERATION] = { "enumeration", 4, 0 },
	[TABLE_VARIABLE] = { "variable", 6, 0 }, [TABLE_OBJECT] = { "object", 7, 0 },
	[TABLE_INITIAL] = { "initial", 4, 1 },   [TABLE_TASK] = { "task", 2, 1 },
	[TABLE_MOMENT] = { "moment", 4, 0 },     [TABLE_SPOT] = { "spot", 3, 0 },
	[TABLE_LOG_AT] = { "log", 6, 0 },        [TABLE_LOG] = { LOG_NUMBERED, 5, 0 },
	[TABLE_POINT] = { "point", 5, 0 },       [TABLE_PACKET] = { "packet", 5, 0 },
	[TABLE_SEEK] = { "seek", 4, 0 },         [TABLE_STORED] = { "stored", 4, 0 },
	[TABLE_DIED] = { NULL, 2, 0 },
};

/* The table called @name, or -1. */
int rows_table(const char *name)
{
	for (int i = 0; i < TABLE_DIED; i++)
		if (!strcmp(tables[i].name, name))
			return i;
	return -1;
}

int rows_columns(enum table table)
{
	return tables[table].columns;
}

/* The statement that inserts what `rows` shows into @table. */
void rows_insert_sql(enum table table, char *sql, size_t size)
{
	int used = snprintf(sql, size, "INSERT%s INTO %s SELECT ",
			    tables[table].replaces ? " OR REPLACE" : "", tables[table].name);

	for (int i = 0; i < tables[table].columns; i++)
		used += snprintf(sql + used, size - (size_t)used, "%sc%d", i ? "," : "", i);
	snprintf(sql + used, size - (size_t)used, " FROM rows");
}

/* A new row at the end; its cells hold anything and must all be set. */
struct cell *rows_add(struct chunk *chunk, enum table table)
{
	struct chunk_rows *rows = &chunk->tables[table];
	size_t columns = (size_t)tables[table].columns;

	if (rows->count == rows->room) {
		/* nearly all rows are the log's: to grow towards them would only touch more memory */
		rows->room = rows->room ? rows->room * 2 : table == TABLE_LOG ? CHUNK_ROWS : 64;
		rows->cells =
			realloc(rows->cells, (size_t)rows->room * columns * sizeof(*rows->cells));
		if (!rows->cells)
			abort();
	}
	chunk->rows++;
	return rows->cells + (size_t)rows->count++ * columns;
}

/* Copies @size bytes, which the cell then stands for. */
static void keep(struct chunk *chunk, struct cell *cell, const char *bytes, size_t size)
{
	if (!chunk->text || chunk->text_used + size > chunk->text_room) {
		chunk->text_room = (chunk->text_used + size) * 2 + 4096;
		chunk->text = realloc(chunk->text, chunk->text_room);
		if (!chunk->text)
			abort();
	}
	if (size)
		memcpy(chunk->text + chunk->text_used, bytes, size);
	cell->number = (int64_t)chunk->text_used;
	cell->size = (uint32_t)size;
	chunk->text_used += size;
}

/* A text of @size bytes; NULL is none. */
void rows_text(struct chunk *chunk, struct cell *cell, const char *text, size_t size)
{
	cell->kind = text ? VALUE_TEXT : VALUE_NONE;
	if (text)
		keep(chunk, cell, text, size);
}

void rows_set(struct chunk *chunk, struct cell *cell, const struct value *value)
{
	cell->kind = value->kind;
	if (value->kind == VALUE_INTEGER)
		cell->number = value->integer;
	else if (value->kind == VALUE_TEXT)
		keep(chunk, cell, value->text, value->size ? value->size : strlen(value->text));
	else if (value->kind == VALUE_BYTES)
		keep(chunk, cell, value->text, value->size);
}

/* Empties a chunk; its memory serves the next rows. */
void rows_clear(struct chunk *chunk)
{
	for (int i = 0; i < TABLES; i++)
		chunk->tables[i].count = 0;
	chunk->text_used = 0;
	chunk->rows = 0;
	chunk->step = 0;
}

void rows_free(struct chunk *chunk)
{
	if (!chunk)
		return;
	for (int i = 0; i < TABLES; i++)
		free(chunk->tables[i].cells);
	free(chunk->text);
	free(chunk);
}

/* ------------------------------------------------------------------ the virtual table */

struct rows_table {
	sqlite3_vtab base;
	struct rows_source *source;
};

struct rows_cursor {
	sqlite3_vtab_cursor base;
	const struct cell *at, *end;
	const char *text;
	int columns;
};

static int vtab_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
			sqlite3_vtab **out, char **err)
{
	struct rows_table *table;

	(void)argc;
	(void)argv;
	(void)err;
	if (sqlite3_declare_vtab(db, "CREATE TABLE rows(c0,c1,c2,c3,c4,c5,c6,c7,c8,c9)"))
		return SQLITE_ERROR;
	table = calloc(1, sizeof(*table));
	if (!table)
		return SQLITE_NOMEM;
	table->source = aux;
	*out = &table->base;
	return SQLITE_OK;
}

static int vtab_disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

static int vtab_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	(void)info;
	return SQLITE_OK;
}

static int vtab_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct rows_cursor *cursor = calloc(1, sizeof(*cursor));

	(void)table;
	if (!cursor)
		return SQLITE_NOMEM;
	*out = &cursor->base;
	return SQLITE_OK;
}

static int vtab_close(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static int vtab_begin(sqlite3_vtab_cursor *base, int plan, const char *text, int argc,
		      sqlite3_value **argv)
{
	struct rows_cursor *cursor = (struct rows_cursor *)base;
	const struct rows_source *source = ((struct rows_table *)base->pVtab)->source;
	const struct chunk_rows *rows = &source->chunk->tables[source->table];

	(void)plan;
	(void)text;
	(void)argc;
	(void)argv;
	cursor->columns = tables[source->table].columns;
	cursor->text = source->chunk->text;
	cursor->at = rows->cells;
	cursor->end = rows->cells + (size_t)rows->count * (size_t)cursor->columns;
	return SQLITE_OK;
}

static int vtab_next(sqlite3_vtab_cursor *base)
{
	struct rows_cursor *cursor = (struct rows_cursor *)base;

	cursor->at += cursor->columns;
	return SQLITE_OK;
}

static int vtab_at_end(sqlite3_vtab_cursor *base)
{
	const struct rows_cursor *cursor = (struct rows_cursor *)base;

	return cursor->at >= cursor->end;
}

static int vtab_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	const struct rows_cursor *cursor = (struct rows_cursor *)base;
	const struct cell *cell = cursor->at + column;

	switch (cell->kind) {
	case VALUE_NONE:
		break;
	case VALUE_INTEGER:
		sqlite3_result_int64(context, cell->number);
		break;
	case VALUE_TEXT:
		sqlite3_result_text(context, cursor->text + cell->number, (int)cell->size,
				    SQLITE_STATIC);
		break;
	case VALUE_BYTES:
		sqlite3_result_blob(context, cursor->text + cell->number, (int)cell->size,
				    SQLITE_STATIC);
		break;
	}
	return SQLITE_OK;
}

static int vtab_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
	(void)base;
	*rowid = 0;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = vtab_connect,
	.xBestIndex = vtab_plan,
	.xDisconnect = vtab_disconnect,
	.xOpen = vtab_open,
	.xClose = vtab_close,
	.xFilter = vtab_begin,
	.xNext = vtab_next,
	.xEof = vtab_at_end,
	.xColumn = vtab_column,
	.xRowid = vtab_rowid,
};

/* Gives the connection a table `rows` that shows what @source says.  Returns SQLite's code. */
int rows_register(sqlite3 *db, struct rows_source *source)
{
	return sqlite3_create_module(db, "rows", &module, source);
}
