/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searching for text.
 *
 * What the text could mean is found first, among the few names of the catalogue (functions,
 * fields, variables, source lines) and the objects; each becomes a bit.  Then the steps are
 * scanned, and a step matches if one of its numbers has its bit set: no name is compared a second
 * time, so a scan costs little more than reading the rows.  The nearest call of a function of such a
 * name is known without a scan, which ends there.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

struct search {
	struct trace *t;
	const char *text;
	bool exact;              /* case matters */
	bool (*more)(void *ctx); /* may it go on? NULL: yes */
	void *ctx;
	bool stopped;
	bool *func, *field, *variable; /* beside the catalogue's arrays */
	bool *object;                  /* by object id */
	int64_t objects;               /* one more than the highest id */
	bool **lines;                  /* beside files[]: by line number - 1 */
};

static bool contains(const struct search *s, const char *haystack)
{
	if (!haystack)
		return false;
	return s->exact ? strstr(haystack, s->text) : strcasestr(haystack, s->text);
}

/* The bits of the source lines that hold the text; none if no line does.  0 or -1. */
static int matching_lines(const struct search *s, const struct trace_file *file, bool **out)
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
		char *copy = line ? strndup(line, len) : NULL;

		bits[i - 1] = contains(s, copy);
		free(copy);
	}
	return bits ? 0 : -1;
}

static int matching_objects(struct search *s)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(s->t->db, "SELECT id, name FROM object ORDER BY id DESC", -1, &st,
			       NULL) != SQLITE_OK)
		return trace_fail(s->t, "searching");
	while (sqlite3_step(st) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(st, 0);

		if (!s->object) {
			s->objects = id + 1;
			s->object = calloc((size_t)s->objects, sizeof(*s->object));
			if (!s->object)
				break;
		}
		if (id >= 0)
			s->object[id] = contains(s, (const char *)sqlite3_column_text(st, 1));
	}
	sqlite3_finalize(st);
	return s->object || !s->objects ? 0 : -1;
}

/* Sets all bits.  0 or -1. */
static int prepare(struct search *s)
{
	struct trace *t = s->t;

	s->func = calloc(t->nfuncs + 1, sizeof(bool));
	s->field = calloc(t->nfields + 1, sizeof(bool));
	s->variable = calloc(t->nvariables + 1, sizeof(bool));
	s->lines = calloc(t->nfiles + 1, sizeof(*s->lines));
	if (!s->func || !s->field || !s->variable || !s->lines)
		return -1;
	for (size_t i = 0; i < t->nfuncs; i++)
		s->func[i] = contains(s, t->funcs[i].name);
	for (size_t i = 0; i < t->nfields; i++)
		s->field[i] = contains(s, t->fields[i].name) || contains(s, t->fields[i].path);
	for (size_t i = 0; i < t->nvariables; i++)
		s->variable[i] = contains(s, t->variables[i].name);
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
	free(s->object);
}

/* A value by its text, or by the symbol of its number. */
static bool value_matches(const struct search *s, sqlite3_value *v, int enumeration)
{
	if (sqlite3_value_type(v) == SQLITE_TEXT)
		return contains(s, (const char *)sqlite3_value_text(v));
	if (sqlite3_value_type(v) != SQLITE_INTEGER)
		return false;
	return contains(s, trace_symbol(s->t, enumeration, sqlite3_value_int64(v)));
}

/* A negative int that a function returned, by its errno name. */
static bool errno_matches(const struct search *s, sqlite3_value *v)
{
	int64_t n = sqlite3_value_type(v) == SQLITE_INTEGER ? sqlite3_value_int64(v) : 0;

	return n < 0 && n >= -133 && contains(s, strerrorname_np((int)-n));
}

/* Does the source line the step stands on hold the text? */
static bool line_matches(const struct search *s, const struct trace_func *f, int line)
{
	const struct trace_file *file = f ? trace_file(s->t, f->file->id) : NULL;

	return file && s->lines[file - s->t->files] && line >= 1 &&
	       line <= trace_source_lines(s->t, file) && s->lines[file - s->t->files][line - 1];
}

/* match(kind, func, line, what, object, old, new, extra, place) */
static void match(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
	const struct search *s = sqlite3_user_data(ctx);
	struct trace *t = s->t;
	int kind = sqlite3_value_int(v[0]), id = sqlite3_value_int(v[3]), enumeration = 0;
	const struct trace_func *f = trace_func(t, sqlite3_value_int(v[1]));
	const struct trace_field *field = kind == TRACE_STORE ? trace_field(t, id) : NULL;
	const struct trace_variable *var = kind == TRACE_LOCAL ? trace_variable(t, id) : NULL;
	int64_t object = sqlite3_value_int64(v[4]);
	bool yes = false;

	(void)argc;
	if (kind == TRACE_CALL || kind == TRACE_RETURN)
		yes = f && s->func[f - t->funcs];
	if (!yes && kind == TRACE_RETURN)
		yes = errno_matches(s, v[6]);
	if (field) {
		enumeration = field->enumeration;
		yes = s->field[field - t->fields];
	}
	if (var)
		yes = s->variable[var - t->variables];
	if (!yes && object > 0 && object < s->objects)
		yes = s->object[object];
	if (!yes && kind == TRACE_LINE)
		yes = line_matches(s, f, sqlite3_value_int(v[2]));
	if (!yes)
		yes = value_matches(s, v[5], enumeration) || value_matches(s, v[6], enumeration) ||
		      contains(s, (const char *)sqlite3_value_text(v[7])) ||
		      contains(s, (const char *)sqlite3_value_text(v[8]));
	sqlite3_result_int(ctx, yes);
}

static int interrupted(void *ctx)
{
	struct search *s = ctx;

	s->stopped = s->stopped || !s->more(s->ctx);
	return s->stopped;
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

/* The scan itself; @limit is a match, or 0. */
static int64_t scan(struct search *s, int64_t step, bool forward, unsigned kinds, int64_t limit)
{
	struct trace *t = s->t;
	char *sql = sqlite3_mprintf(
		"SELECT e.step FROM event e "
		"WHERE e.step BETWEEN ?1 AND ?3 AND ((1 << e.kind) & ?2) AND synwalk_match(e.kind, "
		"e.func, e.line, e.what, e.object, e.old, e.new, e.extra, e.place) "
		"ORDER BY e.step %s LIMIT 1",
		forward ? "" : "DESC");
	sqlite3_stmt *st = NULL;
	int64_t found = limit;
	int rc;

	if (sqlite3_create_function(t->db, "synwalk_match", 9, SQLITE_UTF8, s, match, NULL, NULL) !=
		    SQLITE_OK ||
	    !sql || sqlite3_prepare_v2(t->db, sql, -1, &st, NULL) != SQLITE_OK) {
		sqlite3_free(sql);
		trace_fail(t, "searching");
		return 0;
	}
	sqlite3_free(sql);
	if (s->more)
		sqlite3_progress_handler(t->db, 10000, interrupted, s);
	sqlite3_bind_int64(st, 2, kinds);
	sqlite3_bind_int64(st, 1, forward ? step + 1 : limit + 1);
	sqlite3_bind_int64(st, 3, forward ? limit ? limit - 1 : INT64_MAX : step - 1);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		found = sqlite3_column_int64(st, 0);
	if (rc != SQLITE_DONE && rc != SQLITE_ROW && rc != SQLITE_INTERRUPT)
		trace_fail(t, "searching");
	sqlite3_progress_handler(t->db, 0, NULL, NULL);
	sqlite3_finalize(st);
	sqlite3_create_function(t->db, "synwalk_match", 9, SQLITE_UTF8, NULL, NULL, NULL, NULL);
	return found;
}

int64_t trace_search(struct trace *t, int64_t step, bool forward, unsigned kinds, const char *text,
		     bool (*more)(void *ctx), void *ctx, bool *stopped)
{
	struct search s = { .t = t, .text = text, .more = more, .ctx = ctx };
	int64_t found = 0;

	*stopped = false;
	if (!*text)
		return 0;
	for (const char *p = text; *p; p++)
		if (isupper((unsigned char)*p))
			s.exact = true;
	if (prepare(&s) == 0)
		found = scan(&s, step, forward, kinds, nearest_call(&s, step, forward, kinds));
	*stopped = s.stopped;
	search_free(&s);
	return found;
}
