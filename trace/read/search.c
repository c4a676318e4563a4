/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searching for text.
 *
 * What the text could mean is found first, among the few names of the catalogue (functions,
 * fields, variables, source lines) and the objects; each becomes a bit.  Then the log is
 * scanned, and a step matches if one of its numbers has its bit set: no name is compared a second
 * time, so a scan costs little more than reading the rows; ten million are two seconds nevertheless.  The
 * nearest call of a function of such a name is known without a scan, which ends there.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* The highest number that is an error's. */
#define ERRNOS 133

/* Rows between two questions whether to go on: some microseconds. */
#define ROWS 16

struct search {
	struct trace *t;
	const char *text;
	size_t len;
	bool exact;              /* case matters */
	bool (*more)(void *ctx); /* may it go on? NULL: yes */
	void *ctx;
	bool stopped;
	bool *func, *field, *variable, *symbol; /* beside the catalogue's arrays */
	bool *object;                           /* by object id */
	int64_t objects;                        /* one more than the highest id */
	bool **lines;                           /* beside files[]: by line number - 1 */
	bool *any_line;                         /* by line number - 1: in one of the files */
	int nany;
	bool errnos[ERRNOS + 1];
	int64_t call; /* whose function was asked for last, and that */
	const struct trace_func *call_func;
};

static bool contains(const struct search *s, const char *haystack)
{
	if (!haystack)
		return false;
	return s->exact ? strstr(haystack, s->text) : strcasestr(haystack, s->text);
}

/* Most lines are told by their number alone to be none.  0 or -1. */
static int note_lines(struct search *s, const bool *bits, int lines)
{
	bool *more = lines > s->nany ? realloc(s->any_line, (size_t)lines) : s->any_line;

	if (lines && !more)
		return -1;
	s->any_line = more;
	for (; s->nany < lines; s->nany++)
		more[s->nany] = false;
	for (int i = 0; i < lines; i++)
		more[i] |= bits[i];
	return 0;
}

/* As contains(), of bytes that no NUL ends: a copy with one of each text costs more than the search. */
static bool holds(const struct search *s, const char *bytes, size_t size)
{
	if (s->exact)
		return memmem(bytes, size, s->text, s->len);
	for (size_t i = 0; i + s->len <= size; i++)
		if (tolower((unsigned char)bytes[i]) == s->text[0] &&
		    !strncasecmp(bytes + i, s->text, s->len))
			return true;
	return false;
}

/* The bits of the source lines that hold the text; none if no line does.  0 or -1. */
static int matching_lines(struct search *s, const struct trace_file *file, bool **out)
{
	int lines = trace_source_lines(s->t, file);
	bool *bits;

	/* most files do not, and that is found out at once */
	if (!contains(s, s->t->sources[file - s->t->files].text))
		return 0;
	bits = *out = calloc((size_t)lines + 1, sizeof(*bits));
	for (int i = 1; bits && i <= lines; i++) {
		size_t len;
		const char *line = trace_source_line(s->t, file, i, &len);

		bits[i - 1] = line && holds(s, line, len);
	}
	return bits ? note_lines(s, bits, lines) : -1;
}

static int matching_objects(struct search *s)
{
	const struct objects_known *k = &s->t->objects;

	if (trace_objects_all(s->t))
		return -1;
	s->objects = k->count ? k->list[k->count - 1].id + 1 : 0;
	s->object = calloc((size_t)(s->objects > 0 ? s->objects : 1), sizeof(*s->object));
	for (size_t i = 0; s->object && i < k->count; i++)
		if (k->list[i].id >= 0)
			s->object[k->list[i].id] = contains(s, k->list[i].name);
	return s->object ? 0 : -1;
}

/* Sets all bits.  0 or -1. */
static int prepare(struct search *s)
{
	struct trace *t = s->t;

	if (trace_variables(t))
		return -1;
	s->func = calloc(t->nfuncs + 1, sizeof(bool));
	s->field = calloc(t->nfields + 1, sizeof(bool));
	s->variable = calloc(t->nvariables + 1, sizeof(bool));
	s->symbol = calloc(t->nsymbols + 1, sizeof(bool));
	s->lines = calloc(t->nfiles + 1, sizeof(*s->lines));
	if (!s->func || !s->field || !s->variable || !s->symbol || !s->lines)
		return -1;
	s->len = strlen(s->text);
	for (size_t i = 0; i < t->nfuncs; i++)
		s->func[i] = contains(s, t->funcs[i].name);
	for (size_t i = 0; i < t->nfields; i++)
		s->field[i] = contains(s, t->fields[i].name) || contains(s, t->fields[i].path);
	for (size_t i = 0; i < t->nvariables; i++)
		s->variable[i] = contains(s, t->variables[i].name);
	for (size_t i = 0; i < t->nsymbols; i++)
		s->symbol[i] = contains(s, t->symbols[i].name);
	for (int i = 1; i <= ERRNOS; i++)
		s->errnos[i] = contains(s, strerrorname_np(i));
	for (size_t i = 0; i < t->nfiles; i++)
		if (matching_lines(s, &t->files[i], &s->lines[i]))
			return -1;
	return matching_objects(s);
}

static void search_free(struct search *s)
{
	for (size_t i = 0; s->lines && i < s->t->nfiles; i++)
		free(s->lines[i]);
	free(s->lines);
	free(s->func);
	free(s->field);
	free(s->variable);
	free(s->symbol);
	free(s->any_line);
	free(s->object);
}

/* A text of a row. */
static bool text_matches(const struct search *s, sqlite3_stmt *st, int column)
{
	const char *bytes;

	if (sqlite3_column_type(st, column) != SQLITE_TEXT)
		return false;
	bytes = sqlite3_column_blob(st, column);
	return bytes && holds(s, bytes, (size_t)sqlite3_column_bytes(st, column));
}

/* A value by its text, or by the symbol of its number. */
static bool value_matches(const struct search *s, sqlite3_stmt *st, int column, int enumeration)
{
	const struct symbol *symbol;

	if (!enumeration || sqlite3_column_type(st, column) != SQLITE_INTEGER)
		return text_matches(s, st, column);
	symbol = trace_symbol_of(s->t, enumeration, sqlite3_column_int64(st, column));
	return symbol && s->symbol[symbol - s->t->symbols];
}

/* A negative int that a function returned, by its errno name. */
static bool errno_matches(const struct search *s, sqlite3_stmt *st, int column)
{
	int64_t n = sqlite3_column_type(st, column) == SQLITE_INTEGER ?
			    sqlite3_column_int64(st, column) :
			    0;

	return n < 0 && n >= -ERRNOS && s->errnos[-n];
}

/* The function of a call: steps that follow each other mostly belong to the same. */
static const struct trace_func *func_of(struct search *s, int64_t call)
{
	sqlite3_stmt *st = call == s->call ? NULL : trace_stmt(s->t, ST_STEP_SHAPE);

	if (!st)
		return call == s->call ? s->call_func : NULL;
	sqlite3_bind_int64(st, 1, call);
	s->call = call;
	s->call_func =
		sqlite3_step(st) == SQLITE_ROW ? trace_func(s->t, sqlite3_column_int(st, 2)) : NULL;
	sqlite3_reset(st);
	return s->call_func;
}

/* Does the source line the step stands on hold the text? */
static bool line_matches(struct search *s, int64_t call, int64_t line)
{
	const struct trace_func *f;
	const struct trace_file *file;

	if (line < 1 || line > s->nany || !s->any_line[line - 1])
		return false;
	f = func_of(s, call);
	file = f ? trace_file(s->t, f->file->id) : NULL;
	return file && s->lines[file - s->t->files] && line <= trace_source_lines(s->t, file) &&
	       s->lines[file - s->t->files][line - 1];
}

static bool object_matches(const struct search *s, int64_t object)
{
	return object > 0 && object < s->objects && s->object[object];
}

/* Columns of a row of the log. */
enum { STEP, PARENT, AT, WHAT, OLD, NEW };

static bool store_matches(const struct search *s, sqlite3_stmt *st)
{
	int64_t what = sqlite3_column_int64(st, WHAT);
	const struct spot *spot = trace_spot(s->t, what & 0xffffff);
	const struct trace_field *field = trace_field(s->t, spot->field);
	int enumeration = field ? field->enumeration : 0;

	return (field && s->field[field - s->t->fields]) || object_matches(s, what >> 24) ||
	       value_matches(s, st, OLD, enumeration) || value_matches(s, st, NEW, enumeration) ||
	       contains(s, spot->name);
}

/* What a tracepoint tells has its other half in table point. */
static bool point_matches(const struct search *s, sqlite3_stmt *st)
{
	sqlite3_stmt *point = trace_stmt(s->t, ST_POINT);
	bool yes = text_matches(s, st, OLD) || text_matches(s, st, NEW);

	if (yes || !point)
		return yes;
	sqlite3_bind_int64(point, 1, sqlite3_column_int64(st, STEP));
	if (sqlite3_step(point) == SQLITE_ROW)
		yes = object_matches(s, sqlite3_column_int64(point, 0)) ||
		      text_matches(s, point, 1);
	sqlite3_reset(point);
	return yes;
}

static bool matches(struct search *s, sqlite3_stmt *st, int64_t at)
{
	const struct trace_variable *v;
	const struct trace_func *f;

	switch (at & 31) {
	case TRACE_CALL:
		f = trace_func(s->t, sqlite3_column_int(st, WHAT));
		return (f && s->func[f - s->t->funcs]) || text_matches(s, st, NEW);
	case TRACE_RETURN:
		/* what it returns from is known from the lists, see nearest_call() */
		return errno_matches(s, st, NEW) || text_matches(s, st, NEW);
	case TRACE_STORE:
		return store_matches(s, st);
	case TRACE_BRANCH:
		return text_matches(s, st, OLD) || text_matches(s, st, NEW);
	case TRACE_LINE:
		return line_matches(s, sqlite3_column_int64(st, PARENT), at >> 5);
	case TRACE_LOCAL:
		v = trace_variable(s->t, sqlite3_column_int(st, WHAT));
		return (v && s->variable[v - s->t->variables]) || text_matches(s, st, OLD) ||
		       text_matches(s, st, NEW);
	default:
		return point_matches(s, st);
	}
}

/*
 * The nearest call or return of a function of such a name, from the lists: what is looked for otherwise
 * can only lie before it.
 */
static int64_t nearest_call(const struct search *s, int64_t step, bool forward, unsigned kinds)
{
	int64_t nearest = 0;

	for (size_t i = 0; i < s->t->nfuncs; i++) {
		for (int kind = TRACE_CALL; s->func[i] && kind <= TRACE_RETURN; kind++) {
			int64_t id = s->t->funcs[i].id, at;

			if (!(kinds & TRACE_BIT(kind)))
				continue;
			at = forward ? trace_seek_next(s->t, kind, id, step) :
				       trace_seek_last(s->t, kind, id, step - 1);
			if (at && (!nearest || (forward ? at < nearest : at > nearest)))
				nearest = at;
		}
	}
	return nearest;
}

/*
 * The scan itself, from FROM to TO in either direction; what it finds, or 0.  *REACHED is the step that it
 * came to when it was stopped.
 */
static int64_t scan(struct search *s, int64_t from, int64_t to, bool forward, unsigned kinds,
		    int64_t *reached)
{
	sqlite3_stmt *st = trace_stmt(s->t, forward ? ST_LOG : ST_LOG_BACK);
	int64_t found = 0, at;
	int rc = SQLITE_DONE;

	if (!st)
		return 0;
	sqlite3_bind_int64(st, 1, forward ? from : to);
	sqlite3_bind_int64(st, 2, forward ? to : from);
	for (int rows = 1; !found && (rc = sqlite3_step(st)) == SQLITE_ROW; rows++) {
		at = sqlite3_column_int64(st, AT);
		if (kinds >> (at & 31) & 1 && matches(s, st, at))
			found = sqlite3_column_int64(st, STEP);
		if (!found && rows % ROWS == 0 && s->more && !s->more(s->ctx)) {
			*reached = sqlite3_column_int64(st, STEP);
			s->stopped = true;
			break;
		}
	}
	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		trace_fail(s->t, "searching");
	sqlite3_reset(st);
	return found;
}

int64_t trace_search(struct trace *t, int64_t step, bool forward, unsigned kinds, const char *text,
		     bool (*more)(void *ctx), void *ctx, int64_t *stopped)
{
	struct search s = { .t = t, .text = text, .more = more, .ctx = ctx };
	int64_t found = 0, limit;

	*stopped = 0;
	if (!*text)
		return 0;
	for (const char *p = text; *p; p++)
		if (isupper((unsigned char)*p))
			s.exact = true;
	if (prepare(&s) == 0) {
		limit = nearest_call(&s, step, forward, kinds);
		found = forward ? scan(&s, step + 1, limit ? limit - 1 : t->last, true, kinds,
				       stopped) :
				  scan(&s, step - 1, limit ? limit + 1 : 1, false, kinds, stopped);
		found = found ? found : limit;
	}
	search_free(&s);
	return found;
}
