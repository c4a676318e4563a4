/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The catalogue: what a trace says once and refers to by number (functions, files, types, fields,
 * variables, symbols, tasks).  A few thousand rows at most, so they are read when the trace opens
 * (the variables when one is asked for) and found by binary search afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* A string that lives as long as the trace. NULL only for NULL, or out of memory. */
static const char *keep(struct trace *t, sqlite3_stmt *st, int column)
{
	return trace_pool_keep(&t->pool, st, column);
}

/* As keep(), but a missing text is an empty one: names are printed without asking. */
static const char *keep_text(struct trace *t, sqlite3_stmt *st, int column)
{
	const char *s = keep(t, st, column);

	return s ? s : "";
}

/* Room for one more element behind @count of them.  An array that is left for a larger one is kept. */
static char *room_for(struct trace *t, char *rows, size_t count, size_t size, size_t *room)
{
	void **retired;
	char *more;

	if (count < *room)
		return rows;
	retired = realloc(t->retired, (t->nretired + 1) * sizeof(*retired));
	if (!retired)
		return NULL;
	t->retired = retired;
	more = malloc((*room ? *room * 2 : 64) * size);
	if (!more)
		return NULL;
	if (count) {
		memcpy(more, rows, count * size);
		t->retired[t->nretired++] = rows;
	}
	*room = *room ? *room * 2 : 64;
	return more;
}

/*
 * Reads the rows of a query, which asks for ids above ?1, into an array of SIZE-byte elements by FILL,
 * behind those that are there.  The array is zeroed beyond what FILL sets, and has room for one element
 * at least.  0 or -1.
 */
static int load(struct trace *t, void *array, const char *sql, size_t *count, size_t *room,
		size_t size, void (*fill)(struct trace *t, sqlite3_stmt *st, void *element))
{
	char *rows = *(void **)array;
	sqlite3_stmt *st;
	int id = -1, rc;

	rows = room_for(t, rows, *count, size, room);
	if (!rows || sqlite3_prepare_v2(t->db, sql, -1, &st, NULL) != SQLITE_OK) {
		trace_fail(t, t->path);
		return -1;
	}
	*(void **)array = rows;
	/* all of these begin with their id, if they have one */
	if (*count)
		memcpy(&id, rows + (*count - 1) * size, sizeof(id));
	sqlite3_bind_int(st, 1, id);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		rows = room_for(t, rows, *count, size, room);
		if (!rows) {
			rc = SQLITE_NOMEM;
			break;
		}
		*(void **)array = rows;
		memset(rows + *count * size, 0, size);
		fill(t, st, rows + *count * size);
		(*count)++;
	}
	if (rc != SQLITE_DONE)
		trace_fail(t, t->path);
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : -1;
}

static void fill_pair(struct trace *t, sqlite3_stmt *st, void *element)
{
	struct meta *m = element;

	m->key = keep_text(t, st, 0);
	m->value = keep_text(t, st, 1);
}

static void fill_name(struct trace *t, sqlite3_stmt *st, void *element)
{
	struct named *n = element;

	n->id = sqlite3_column_int(st, 0);
	n->name = keep_text(t, st, 1);
}

static void fill_file(struct trace *t, sqlite3_stmt *st, void *element)
{
	struct trace_file *f = element;

	f->id = sqlite3_column_int(st, 0);
	f->path = keep_text(t, st, 1);
	f->kernel_path = keep(t, st, 2);
}

static void fill_func(struct trace *t, sqlite3_stmt *st, void *element)
{
	static const struct trace_file unknown = { .path = "?" };
	struct trace_func *f = element;

	f->id = sqlite3_column_int(st, 0);
	f->name = keep_text(t, st, 1);
	f->file = trace_file(t, sqlite3_column_int(st, 2));
	if (!f->file)
		f->file = &unknown;
	f->line = sqlite3_column_int(st, 3);
	f->end_line = sqlite3_column_int(st, 4);
	f->type = keep_text(t, st, 5);
	f->signature = keep_text(t, st, 6);
}

static void fill_type(struct trace *t, sqlite3_stmt *st, void *element)
{
	struct trace_type *y = element;

	y->id = sqlite3_column_int(st, 0);
	y->name = keep_text(t, st, 1);
	y->size = sqlite3_column_int64(st, 2);
}

static void fill_field(struct trace *t, sqlite3_stmt *st, void *element)
{
	struct trace_field *f = element;

	f->id = sqlite3_column_int(st, 0);
	f->type = sqlite3_column_int(st, 1);
	f->name = keep_text(t, st, 2);
	f->path = keep_text(t, st, 3);
	f->ctype = keep_text(t, st, 4);
	f->enumeration = sqlite3_column_int(st, 5);
	f->offset = sqlite3_column_int64(st, 6);
	f->size = sqlite3_column_int64(st, 7);
}

static void fill_variable(struct trace *t, sqlite3_stmt *st, void *element)
{
	struct trace_variable *v = element;

	v->id = sqlite3_column_int(st, 0);
	v->func = sqlite3_column_int(st, 1);
	v->name = keep_text(t, st, 2);
	v->ctype = keep_text(t, st, 3);
	v->parameter = sqlite3_column_int(st, 4);
	v->line = sqlite3_column_int(st, 5);
}

static void fill_symbol(struct trace *t, sqlite3_stmt *st, void *element)
{
	struct symbol *s = element;

	s->enumeration = sqlite3_column_int(st, 0);
	s->value = sqlite3_column_int64(st, 1);
	s->name = keep_text(t, st, 2);
}

#define LOAD(array, fill, sql) \
	load(t, &t->array, sql, &t->n##array, &t->rooms.array, sizeof(*t->array), fill)

/* Those that are not there yet. */
static int load_variables(struct trace *t)
{
	return LOAD(variables, fill_variable,
		    "SELECT id, func, name, ctype, parameter, line FROM variable "
		    "WHERE id > ? ORDER BY id");
}

int trace_variables(const struct trace *t)
{
	struct trace *self = t->self;

	if (!self->has_variables && !load_variables(self))
		self->has_variables = true;
	return self->has_variables ? 0 : -1;
}

int trace_catalog_load(struct trace *t)
{
	struct source *sources;

	t->self = t;
	/* these are few, and may change */
	t->nmeta = t->ntasks = 0;
	if (LOAD(meta, fill_pair, "SELECT key, value FROM meta ORDER BY key") ||
	    LOAD(tasks, fill_name, "SELECT id, name FROM task ORDER BY id") ||
	    LOAD(contexts, fill_name, "SELECT id, name FROM context WHERE id > ? ORDER BY id") ||
	    LOAD(files, fill_file,
		 "SELECT id, path, kernel_path FROM file WHERE id > ? ORDER BY id") ||
	    LOAD(funcs, fill_func,
		 "SELECT id, name, file, line, end_line, type, signature FROM func "
		 "WHERE id > ? ORDER BY id") ||
	    LOAD(types, fill_type, "SELECT id, name, size FROM type WHERE id > ? ORDER BY id") ||
	    LOAD(fields, fill_field,
		 "SELECT id, type, name, path, ctype, enum, offset, size "
		 "FROM field WHERE id > ? ORDER BY id") ||
	    (t->has_variables && load_variables(t)) ||
	    LOAD(symbols, fill_symbol,
		 "SELECT id, value, symbol FROM enumeration WHERE id > ? ORDER BY id, value"))
		return -1;
	if (t->sources && t->nsources == t->nfiles)
		return 0;
	sources = realloc(t->sources, (t->nfiles ? t->nfiles : 1) * sizeof(*sources));
	if (!sources)
		return trace_fail(t, t->path);
	memset(sources + t->nsources, 0, (t->nfiles - t->nsources) * sizeof(*sources));
	t->sources = sources;
	t->nsources = t->nfiles;
	return 0;
}

void trace_catalog_free(struct trace *t)
{
	for (size_t i = 0; i < t->nsources; i++) {
		free(t->sources[i].text);
		free(t->sources[i].start);
	}
	free(t->sources);
	trace_pool_free(&t->pool);
	for (size_t i = 0; i < t->nretired; i++)
		free(t->retired[i]);
	free(t->retired);
	free(t->meta);
	free(t->tasks);
	free(t->contexts);
	free(t->files);
	free(t->funcs);
	free(t->types);
	free(t->fields);
	free(t->variables);
	free(t->symbols);
}

/* ---- finding ------------------------------------------------------------------------------- */

/* All catalogue rows begin with an int id and are sorted by it. */
static const void *by_id(const void *rows, size_t count, size_t size, int id)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *row = (const char *)rows + middle * size;
		int at;

		memcpy(&at, row, sizeof(at));
		if (at == id)
			return row;
		if (at < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
#define BY_ID(array, id) by_id(t->array, t->n##array, sizeof(*t->array), id)

const struct trace_file *trace_file(const struct trace *t, int id)
{
	return BY_ID(files, id);
}

const struct trace_func *trace_func(const struct trace *t, int id)
{
	return BY_ID(funcs, id);
}

const struct trace_type *trace_type(const struct trace *t, int id)
{
	return BY_ID(types, id);
}

const struct trace_field *trace_field(const struct trace *t, int id)
{
	return BY_ID(fields, id);
}

const struct trace_variable *trace_variable(const struct trace *t, int id)
{
	return trace_variables(t) ? NULL : BY_ID(variables, id);
}

static const char *name_by_id(const void *rows, size_t count, size_t size, int id)
{
	const struct named *row = by_id(rows, count, size, id);

	return row ? row->name : "?";
}

const char *trace_task_name(const struct trace *t, int id)
{
	return name_by_id(t->tasks, t->ntasks, sizeof(*t->tasks), id);
}

const char *trace_context_name(const struct trace *t, int id)
{
	return name_by_id(t->contexts, t->ncontexts, sizeof(*t->contexts), id);
}

const struct trace_func *trace_func_by_name(const struct trace *t, const char *name)
{
	for (size_t i = 0; i < t->nfuncs; i++)
		if (!strcmp(t->funcs[i].name, name))
			return &t->funcs[i];
	return NULL;
}

const struct trace_func *trace_func_next(const struct trace *t, const struct trace_func *after)
{
	size_t i = after ? (size_t)(after - t->funcs) + 1 : 0;

	return i < t->nfuncs ? &t->funcs[i] : NULL;
}

const struct trace_field *trace_field_by_name(const struct trace *t, int type, const char *name)
{
	for (size_t i = 0; i < t->nfields; i++)
		if (t->fields[i].type == type && !strcmp(t->fields[i].name, name))
			return &t->fields[i];
	return NULL;
}

const struct trace_variable *trace_variable_by_name(const struct trace *t, int func,
						    const char *name)
{
	for (size_t i = 0; !trace_variables(t) && i < t->nvariables; i++)
		if (t->variables[i].func == func && !strcmp(t->variables[i].name, name))
			return &t->variables[i];
	return NULL;
}

const struct symbol *trace_symbol_of(const struct trace *t, int enumeration, int64_t value)
{
	size_t low = 0, high = t->nsymbols;

	if (!enumeration)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct symbol *s = &t->symbols[middle];

		if (s->enumeration < enumeration ||
		    (s->enumeration == enumeration && s->value < value))
			low = middle + 1;
		else
			high = middle;
	}
	if (low < t->nsymbols && t->symbols[low].enumeration == enumeration &&
	    t->symbols[low].value == value)
		return &t->symbols[low];
	return NULL;
}

const char *trace_symbol(const struct trace *t, int enumeration, int64_t value)
{
	const struct symbol *symbol = trace_symbol_of(t, enumeration, value);

	return symbol ? symbol->name : NULL;
}

static const char *const kind_names[TRACE_KINDS] = {
	[TRACE_CALL] = "call",       [TRACE_RETURN] = "return", [TRACE_STORE] = "store",
	[TRACE_BRANCH] = "branch",   [TRACE_LINE] = "line",     [TRACE_LOCAL] = "local",
	[TRACE_PACKET] = "packet",   [TRACE_DROP] = "drop",     [TRACE_TIMER] = "timer",
	[TRACE_SLEEP] = "sleep",     [TRACE_WAKE] = "wake",     [TRACE_SWITCH] = "switch",
	[TRACE_STATE] = "state",     [TRACE_ALLOC] = "alloc",   [TRACE_FREE] = "free",
	[TRACE_CONTEXT] = "context",
};

const char *trace_kind_name(enum trace_kind kind)
{
	return kind > 0 && kind < TRACE_KINDS ? kind_names[kind] : "?";
}

int trace_kind_by_name(const char *name)
{
	for (int k = 1; k < TRACE_KINDS; k++)
		if (!strcmp(kind_names[k], name))
			return k;
	return 0;
}

/* ---- source text --------------------------------------------------------------------------- */

/* Cuts the text into lines; a last line without a newline counts too.  0 or -1. */
static int cut_lines(struct source *s)
{
	size_t len = strlen(s->text), at = 0;
	int lines = 0;

	for (const char *p = s->text; (p = strchr(p, '\n')); p++)
		lines++;
	if (len && s->text[len - 1] != '\n')
		lines++;
	s->start = malloc(((size_t)lines + 1) * sizeof(*s->start));
	if (!s->start)
		return -1;
	for (s->lines = 0; s->lines < lines; s->lines++) {
		s->start[s->lines] = at;
		at += strcspn(s->text + at, "\n") + 1;
	}
	s->start[lines] = at;
	return 0;
}

/* The source of a file, loaded when first asked for; NULL if there is none. */
static const struct source *source_of(struct trace *t, const struct trace_file *file)
{
	struct source *s;
	sqlite3_stmt *st;

	/* the one that was handed out may lie in an array that has been left since */
	file = file ? trace_file(t, file->id) : NULL;
	if (!file)
		return NULL;
	s = &t->sources[file - t->files];
	if (s->text)
		return s->start ? s : NULL;
	if (sqlite3_prepare_v2(t->db, "SELECT text FROM file WHERE id = ?", -1, &st, NULL) !=
	    SQLITE_OK) {
		trace_fail(t, file->path);
		return NULL;
	}
	sqlite3_bind_int(st, 1, file->id);
	if (sqlite3_step(st) == SQLITE_ROW)
		s->text = trace_column_text(st, 0);
	else
		trace_fail(t, file->path);
	sqlite3_finalize(st);
	return s->text && cut_lines(s) == 0 ? s : NULL;
}

int trace_source_lines(struct trace *t, const struct trace_file *file)
{
	const struct source *s = source_of(t, file);

	return s ? s->lines : 0;
}

const char *trace_source_line(struct trace *t, const struct trace_file *file, int number,
			      size_t *len)
{
	const struct source *s = source_of(t, file);

	*len = 0;
	if (!s || number < 1 || number > s->lines)
		return NULL;
	*len = s->start[number] - s->start[number - 1] - 1;
	return s->text + s->start[number - 1];
}
