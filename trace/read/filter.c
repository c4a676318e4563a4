/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Filters: the steps that a person wants to see.
 *
 * Theory of operation
 *
 * A filter's text becomes one SQL condition, and what fulfils it becomes a bit in a map with one bit for
 * each step of the trace: ten million steps are 1.2 MB, and from there on the next match is found by
 * looking at words.  The map is filled piece by piece as somebody asks, so a screen of matches is there
 * before the whole trace has been looked at; trace_filter_work() does the rest while nobody types.
 *
 * What is wrong with a filter is told to the person who typed it, in their language: the texts go through
 * gettext, as the viewer's do.
 *
 * Names are looked up once: a pattern for functions becomes a set of function ids, and SQL only asks
 * whether the id of a row is in the set.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* So many steps are looked at in one go: a few ms. */
#define PIECE 1024

#define SETS_MAX 32

/* Ids that a pattern stands for. */
struct set {
	bool *has;
	int64_t room;
};

/**
 * struct trace_filter - a filter and what is known of its matches
 * @name: of its SQL function, which no other filter has
 * @sets: of the patterns
 * @find: the statement that finds the matches of a piece
 * @map: one bit a step
 * @looked: of each piece, the last step that has been looked at (0: none)
 * @room: pieces that there is room for; @worked: those that trace_filter_work() is through with
 * @count: matches that are known
 */
struct trace_filter {
	struct trace *t;
	char name[32];
	struct set sets[SETS_MAX];
	int nsets;
	sqlite3_stmt *find;
	uint64_t *map;
	int64_t *looked;
	int64_t room, worked, count;
};

/* ------------------------------------------------------------------ sets */

static int set_add(struct set *set, int64_t id)
{
	if (id >= set->room) {
		int64_t room = id * 2 + 64;
		bool *more = realloc(set->has, (size_t)room * sizeof(*more));

		if (!more)
			return -1;
		memset(more + set->room, 0, (size_t)(room - set->room) * sizeof(*more));
		set->has = more;
		set->room = room;
	}
	set->has[id] = true;
	return 0;
}

/* in(set, id): what the condition asks */
static void in_set(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
	const struct trace_filter *f = sqlite3_user_data(ctx);
	int which = sqlite3_value_int(v[0]);
	int64_t id = sqlite3_value_int64(v[1]);

	(void)argc;
	sqlite3_result_int(ctx, which >= 0 && which < f->nsets && id >= 0 &&
					id < f->sets[which].room && f->sets[which].has[id]);
}

/* ------------------------------------------------------------------ words */

/* Does one of the values, with commas between, stand for the text? */
static bool word_matches(const char *patterns, const char *text)
{
	char values[256], *save = NULL;

	snprintf(values, sizeof(values), "%s", patterns);
	for (char *v = strtok_r(values, ",", &save); v && text; v = strtok_r(NULL, ",", &save))
		if (!fnmatch(v, text, 0))
			return true;
	return false;
}

/* A new set; its number, or -1 when there are too many. */
static int set_new(struct trace_filter *f)
{
	return f->nsets < SETS_MAX ? f->nsets++ : -1;
}

/* The functions of a name, or those of a file. */
static char *by_function_of(struct trace_filter *f, const char *values, bool file)
{
	int set = set_new(f);

	for (size_t i = 0; set >= 0 && i < f->t->nfuncs; i++) {
		const struct trace_func *func = &f->t->funcs[i];
		const char *kernel = func->file->kernel_path;

		if (file ? word_matches(values, func->file->path) || word_matches(values, kernel) :
			   word_matches(values, func->name))
			if (set_add(&f->sets[set], func->id))
				return NULL;
	}
	return sqlite3_mprintf("%s(%d, e.func)", f->name, set);
}

static char *by_function(struct trace_filter *f, const char *values)
{
	return by_function_of(f, values, false);
}

static char *by_file(struct trace_filter *f, const char *values)
{
	return by_function_of(f, values, true);
}

static char *by_field(struct trace_filter *f, const char *values)
{
	int fields = set_new(f), variables = set_new(f);

	if (trace_variables(f->t))
		return NULL;
	for (size_t i = 0; fields >= 0 && i < f->t->nfields; i++)
		if (word_matches(values, f->t->fields[i].name) &&
		    set_add(&f->sets[fields], f->t->fields[i].id))
			return NULL;
	for (size_t i = 0; variables >= 0 && i < f->t->nvariables; i++)
		if (word_matches(values, f->t->variables[i].name) &&
		    set_add(&f->sets[variables], f->t->variables[i].id))
			return NULL;
	return sqlite3_mprintf("CASE e.kind WHEN %d THEN %s(%d, e.what) WHEN %d THEN %s(%d, e.what)"
			       " ELSE 0 END",
			       TRACE_STORE, f->name, fields, TRACE_LOCAL, f->name, variables);
}

static char *by_object(struct trace_filter *f, const char *values)
{
	int set = set_new(f);
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(f->t->db, "SELECT id, name FROM object", -1, &st, NULL) != SQLITE_OK)
		return NULL;
	while (set >= 0 && sqlite3_step(st) == SQLITE_ROW)
		if (word_matches(values, (const char *)sqlite3_column_text(st, 1)))
			(void)set_add(&f->sets[set], sqlite3_column_int64(st, 0));
	sqlite3_finalize(st);
	return sqlite3_mprintf("%s(%d, e.object)", f->name, set);
}

static char *by_kind(struct trace_filter *f, const char *values)
{
	unsigned int kinds = 0;

	(void)f;
	for (int kind = 1; kind < TRACE_KINDS; kind++)
		if (word_matches(values, trace_kind_name((enum trace_kind)kind)))
			kinds |= TRACE_BIT(kind);
	return sqlite3_mprintf("(%u >> e.kind & 1)", kinds);
}

/* Tasks and contexts: few names with ids. */
static char *by_named(struct trace_filter *f, const char *values, const struct named *names,
		      size_t count, const char *column)
{
	int set = set_new(f);

	for (size_t i = 0; set >= 0 && i < count; i++)
		if (word_matches(values, names[i].name) && set_add(&f->sets[set], names[i].id))
			return NULL;
	return sqlite3_mprintf("%s(%d, e.%s)", f->name, set, column);
}

static char *by_task(struct trace_filter *f, const char *values)
{
	return by_named(f, values, f->t->tasks, f->t->ntasks, "task");
}

static char *by_context(struct trace_filter *f, const char *values)
{
	return by_named(f, values, f->t->contexts, f->t->ncontexts, "context");
}

static char *by_text(struct trace_filter *f, const char *values)
{
	(void)f;
	return sqlite3_mprintf("coalesce((SELECT s.text FROM steps s WHERE s.step = e.step) "
			       "LIKE '%%' || %Q || '%%', 0)",
			       values);
}

static const struct {
	const char *name;
	char *(*condition)(struct trace_filter *f, const char *values);
} words[] = {
	{ "function", by_function }, { "file", by_file },   { "kind", by_kind },
	{ "object", by_object },     { "field", by_field }, { "task", by_task },
	{ "context", by_context },   { "text", by_text },
};
#define WORDS (sizeof(words) / sizeof(*words))

/* Which kind of word it is that begins like this; -1: none.  One may be shortened, if not to nothing. */
static int kind_of_word(const char *name)
{
	for (int i = 0; *name && i < (int)WORDS; i++)
		if (!strncmp(words[i].name, name, strlen(name)))
			return i;
	return -1;
}

/* The condition of one word, whether or not it is negated; NULL with a message. */
static char *condition_of(struct trace_filter *f, char *text, char *err, size_t errlen)
{
	char *colon = strchr(text, ':'), *condition;
	const char *name = "function";
	int kind;

	if (colon) {
		*colon = '\0';
		name = text;
	}
	kind = kind_of_word(name);
	if (kind < 0) {
		snprintf(
			err, errlen,
			gettext("'%s:' is no filter; function: file: kind: object: field: task: context: text: are"),
			name);
		return NULL;
	}
	condition = words[kind].condition(f, colon ? colon + 1 : text);
	if (condition && f->nsets < SETS_MAX)
		return condition;
	snprintf(err, errlen, "%s", gettext("too much for one filter"));
	sqlite3_free(condition);
	return NULL;
}

/* All words must hold. */
static char *conditions(struct trace_filter *f, const char *text, char *err, size_t errlen)
{
	char *copy = sqlite3_mprintf("%s", text), *save = NULL, *all = NULL;

	for (char *at = copy ? strtok_r(copy, " \t", &save) : NULL; at;
	     at = strtok_r(NULL, " \t", &save)) {
		bool negated = *at == '!';
		char *one = condition_of(f, at + negated, err, errlen), *more;

		if (!one) {
			sqlite3_free(all);
			sqlite3_free(copy);
			return NULL;
		}
		more = sqlite3_mprintf("%s%s%s(%s)", all ? all : "", all ? " AND " : "",
				       negated ? "NOT " : "", one);
		sqlite3_free(one);
		sqlite3_free(all);
		all = more;
	}
	sqlite3_free(copy);
	if (!all)
		snprintf(err, errlen, "%s", gettext("an empty filter"));
	return all;
}

/* ------------------------------------------------------------------ conditions in SQL */

static const char *const views[] = { "steps",   "calls", "stores", "branches", "locals",
				     "packets", "drops", "timers", "tasks" };

/* "where CONDITION" or "VIEW where CONDITION": where the condition begins, and the view; or NULL. */
static const char *sql_condition(const char *text, const char **view)
{
	size_t length;

	*view = views[0];
	for (size_t i = 0; i < sizeof(views) / sizeof(*views); i++) {
		length = strlen(views[i]);
		if (!strncmp(text, views[i], length) && isspace((unsigned char)text[length])) {
			*view = views[i];
			text += length;
			break;
		}
	}
	while (isspace((unsigned char)*text))
		text++;
	return !strncasecmp(text, "where", 5) && isspace((unsigned char)text[5]) ? text + 6 : NULL;
}

/* The statement that finds the matches from ?1 to ?2.  NULL with a message. */
static char *statement(struct trace_filter *f, const char *text, char *err, size_t errlen)
{
	const char *view, *condition = sql_condition(text, &view);
	char *all, *sql;

	/* a comment at its end must not take the bracket with it */
	if (condition)
		return sqlite3_mprintf(
			"SELECT step FROM %s WHERE step BETWEEN ?1 AND ?2 AND (%s\n)", view,
			condition);
	all = conditions(f, text, err, errlen);
	if (!all)
		return NULL;
	sql = sqlite3_mprintf("SELECT e.step FROM event e WHERE e.step BETWEEN ?1 AND ?2 AND %s",
			      all);
	sqlite3_free(all);
	return sql;
}

/* ------------------------------------------------------------------ its life */

struct trace_filter *trace_filter_new(struct trace *t, const char *text, char *err, size_t errlen)
{
	static unsigned int number;
	struct trace_filter *f = calloc(1, sizeof(*f));
	const char *tail = NULL;
	char *sql;

	snprintf(err, errlen, "%s", gettext("out of memory"));
	if (!f)
		return NULL;
	f->t = t;
	snprintf(f->name, sizeof(f->name), "synwalk_in_%u", number++);
	sqlite3_create_function(t->db, f->name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, f, in_set,
				NULL, NULL);
	while (isspace((unsigned char)*text))
		text++;
	sql = statement(f, text, err, errlen);
	if (sql && sqlite3_prepare_v2(t->db, sql, -1, &f->find, &tail) != SQLITE_OK)
		snprintf(err, errlen, "%s", sqlite3_errmsg(t->db));
	else if (f->find && (*tail || !sqlite3_stmt_readonly(f->find))) {
		snprintf(err, errlen, "%s", gettext("more than a condition"));
		sqlite3_finalize(f->find);
		f->find = NULL;
	}
	sqlite3_free(sql);
	if (f->find)
		return f;
	trace_filter_free(f);
	return NULL;
}

void trace_filter_free(struct trace_filter *f)
{
	if (!f)
		return;
	sqlite3_finalize(f->find);
	sqlite3_create_function(f->t->db, f->name, 2, SQLITE_UTF8, NULL, NULL, NULL, NULL);
	for (int i = 0; i < f->nsets; i++)
		free(f->sets[i].has);
	free(f->map);
	free(f->looked);
	free(f);
}

/* ------------------------------------------------------------------ the map */

static int64_t pieces(const struct trace_filter *f)
{
	return f->t->last / PIECE + 1;
}

static int no_memory(struct trace_filter *f)
{
	snprintf(f->t->error, sizeof(f->t->error), "filtering: out of memory");
	return -1;
}

/* Room for all steps that there are by now.  0 or -1. */
static int make_room(struct trace_filter *f)
{
	int64_t room = pieces(f);
	int64_t *looked;
	uint64_t *map;

	if (room <= f->room)
		return 0;
	map = realloc(f->map, (size_t)room * PIECE / 8);
	if (!map)
		return no_memory(f);
	f->map = map;
	looked = realloc(f->looked, (size_t)room * sizeof(*looked));
	if (!looked)
		return no_memory(f);
	f->looked = looked;
	memset(map + f->room * PIECE / 64, 0, (size_t)(room - f->room) * PIECE / 8);
	memset(looked + f->room, 0, (size_t)(room - f->room) * sizeof(*looked));
	f->room = room;
	return 0;
}

/* The last step of a piece that there is. */
static int64_t end_of(const struct trace_filter *f, int64_t piece)
{
	int64_t last = (piece + 1) * PIECE - 1;

	return last < f->t->last ? last : f->t->last;
}

/* Has all of a piece been looked at?  A recording that goes on makes the last one longer. */
static bool is_known(const struct trace_filter *f, int64_t piece)
{
	return piece < f->room && f->looked[piece] >= end_of(f, piece);
}

/* Looks at what is not known of a piece.  0 or -1. */
static int look(struct trace_filter *f, int64_t piece)
{
	int64_t from, to = end_of(f, piece);
	int rc;

	if (is_known(f, piece))
		return 0;
	if (make_room(f))
		return -1;
	from = f->looked[piece] ? f->looked[piece] + 1 : piece * PIECE;
	sqlite3_reset(f->find);
	sqlite3_bind_int64(f->find, 1, from);
	sqlite3_bind_int64(f->find, 2, to);
	while ((rc = sqlite3_step(f->find)) == SQLITE_ROW) {
		int64_t step = sqlite3_column_int64(f->find, 0);

		if (step < from || step > to || f->map[step / 64] >> (step % 64) & 1)
			continue;
		f->map[step / 64] |= 1ULL << step % 64;
		f->count++;
	}
	sqlite3_reset(f->find);
	if (rc != SQLITE_DONE)
		return trace_fail(f->t, "filtering");
	f->looked[piece] = to;
	return 0;
}

/* The nearest match in the piece that AT lies in, from there on; 0 for none. */
static int64_t nearest(const struct trace_filter *f, int64_t at, bool forward)
{
	int64_t piece = at / PIECE;

	while (at >= 0 && at / PIECE == piece) {
		uint64_t word = f->map[at / 64];

		word = forward ? word & ~0ULL << at % 64 : word & ~0ULL >> (63 - at % 64);
		if (word)
			return at / 64 * 64 +
			       (forward ? __builtin_ctzll(word) : 63 - __builtin_clzll(word));
		at = forward ? (at / 64 + 1) * 64 : at / 64 * 64 - 1;
	}
	return 0;
}

int64_t trace_filter_next(struct trace_filter *f, int64_t step, bool forward,
			  bool (*more)(void *ctx), void *ctx)
{
	int64_t at = forward ? step + 1 : step - 1, found;

	if (!forward && at > f->t->last)
		at = f->t->last;
	while (at > 0 && at <= f->t->last) {
		int64_t piece = at / PIECE;

		if (!is_known(f, piece) && ((more && !more(ctx)) || look(f, piece)))
			return 0;
		found = nearest(f, at, forward);
		if (found)
			return found;
		at = forward ? (piece + 1) * PIECE : piece * PIECE - 1;
	}
	return 0;
}

bool trace_filter_has(struct trace_filter *f, int64_t step)
{
	if (step < 1 || step > f->t->last || look(f, step / PIECE))
		return false;
	return f->map[step / 64] >> (step % 64) & 1;
}

bool trace_filter_work(struct trace_filter *f, bool (*more)(void *ctx), void *ctx)
{
	for (; f->worked < pieces(f) && is_known(f, f->worked); f->worked++)
		;
	while (f->worked < pieces(f)) {
		if (!more(ctx))
			return true;
		if (look(f, f->worked))
			return false;
		f->worked++;
	}
	/* a trace that still grows is looked at again where it ended */
	if (f->worked)
		f->worked--;
	return false;
}

int64_t trace_filter_count(const struct trace_filter *f, bool *whole)
{
	int64_t piece = 0;

	while (piece < pieces(f) && is_known(f, piece))
		piece++;
	*whole = piece == pieces(f);
	return f->count;
}
