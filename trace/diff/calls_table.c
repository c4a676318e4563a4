// SPDX-License-Identifier: GPL-2.0-only
/* The table of what calls may differ: reading it, and finding the line for a call. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "trace/diff/calls_internal.h"

static const char *const verbs[CALLS_VERBS] = {
	[CALLS_SAME] = "same",     [CALLS_ALONE] = "alone", [CALLS_OFTEN] = "often",
	[CALLS_OTHERS] = "others", [CALLS_LEAVE] = "leave", [CALLS_SKIP] = "skip",
	[CALLS_INLINE] = "inline",
};

/* ---- reading ------------------------------------------------------------------------------------- */

/* The next word of a line, ended by a NUL; *at moves behind it. */
static char *word(char **at)
{
	char *from = *at + strspn(*at, " \t");
	char *end = from + strcspn(from, " \t");

	*at = *end ? end + 1 : end;
	*end = '\0';
	return from;
}

/* What a rule is about: f, caller/f, f=g. Returns what is wrong, or NULL. */
static const char *read_what(struct calls_rule *r, char *what)
{
	char *slash = strchr(what, '/'), *equals = strchr(what, '=');

	r->name = what;
	if (r->verb == CALLS_SAME) {
		if (!equals || equals == what || !equals[1])
			return "after 'same' comes NAME=NAME: as it is called there, and here";
		*equals = '\0';
		r->other = equals + 1;
		return NULL;
	}
	if (equals)
		return "only 'same' takes NAME=NAME";
	/* a file of headers has slashes, too */
	if (r->verb == CALLS_INLINE || !slash)
		return NULL;
	if (slash == what || !slash[1] || strchr(slash + 1, '/'))
		return "a call looks like FUNCTION or CALLER/FUNCTION";
	*slash = '\0';
	r->caller = what;
	r->name = slash + 1;
	return NULL;
}

/* A line that is not empty. Returns what is wrong, or NULL. */
static const char *read_line(struct calls_rule *r, char *line, char *copy)
{
	const char *verb = word(&line);
	char *what = word(&line);
	int v = 0;

	while (v < CALLS_VERBS && strcmp(verbs[v], verb) != 0)
		v++;
	if (v == CALLS_VERBS)
		return "a line begins with same, alone, often, others, leave, skip or inline";
	r->verb = (enum calls_verb)v;
	if (!*what)
		return "which function?";
	r->reason = line + strspn(line, " \t");
	if (!*r->reason)
		return "a reason must stand behind it";
	r->what = copy;
	sprintf(copy, "%s %s", verb, what);
	return read_what(r, what);
}

struct calls_table *calls_table_parse(const char *name, const char *text, char *err, size_t errlen)
{
	struct calls_table *t = calloc(1, sizeof(*t));
	size_t size = strlen(text) + 1, lines = 1;
	char *at, *next, *copies;
	const char *wrong;
	int number = 0;

	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	if (t) {
		/* each line once as it is read, and once as it is written */
		t->text = malloc(2 * size + lines);
		t->rules = calloc(lines, sizeof(*t->rules));
	}
	if (!t || !t->text || !t->rules) {
		calls_table_free(t);
		snprintf(err, errlen, "%s: out of memory", name);
		return NULL;
	}
	memcpy(t->text, text, size);
	copies = t->text + size;
	for (at = t->text; at; at = next) {
		next = strchr(at, '\n');
		if (next)
			*next++ = '\0';
		number++;
		at += strspn(at, " \t\r");
		if (!*at || *at == '#')
			continue;
		t->rules[t->count].line = number;
		wrong = read_line(&t->rules[t->count], at, copies);
		if (wrong) {
			snprintf(err, errlen, "%s: line %d: %s", name, number, wrong);
			calls_table_free(t);
			return NULL;
		}
		copies += strlen(t->rules[t->count++].what) + 1;
	}
	return t;
}

void calls_table_free(struct calls_table *t)
{
	if (!t)
		return;
	free(t->text);
	free(t->rules);
	free(t);
}

/* ---- finding ------------------------------------------------------------------------------------- */

/* Is the pattern about a function: its name, or the file that it is in? */
static bool about(struct calls_diff *d, const struct calls_rule *r, const char *name)
{
	if (!fnmatch(r->name, name, 0))
		return true;
	for (int side = 0; r->verb == CALLS_INLINE && strchr(r->name, '/') && side < 2; side++) {
		const struct trace_func *f = trace_func_by_name(d->side[side].t, name);

		if (f && !fnmatch(r->name,
				  f->file->kernel_path ? f->file->kernel_path : f->file->path, 0))
			return true;
	}
	return false;
}

static int learn(struct calls_diff *d, struct calls_name *n)
{
	n->known = true;
	for (int i = 0; i < d->table->count; i++) {
		const struct calls_rule *r = &d->table->rules[i];
		int **list = &n->rules[r->verb], *more;

		if (r->verb == CALLS_SAME || !about(d, r, n->text))
			continue;
		more = realloc(*list, ((size_t)n->counts[r->verb] + 1) * sizeof(**list));
		if (!more)
			return -1;
		*list = more;
		more[n->counts[r->verb]++] = i;
	}
	return 0;
}

int calls_names_learn(struct calls_diff *d)
{
	for (size_t i = 1; i < d->name_count; i++)
		if (d->names[i].text && !d->names[i].known && learn(d, &d->names[i]))
			return -1;
	return 0;
}

int calls_rule_for(struct calls_diff *d, enum calls_verb verb, uint32_t name, uint32_t caller,
		   uint32_t recorded_caller)
{
	const struct calls_name *n = &d->names[name];

	for (int i = 0; i < n->counts[verb]; i++) {
		const char *pattern = d->table->rules[n->rules[verb][i]].caller;

		if (!pattern || (caller && !fnmatch(pattern, d->names[caller].text, 0)) ||
		    (recorded_caller && !fnmatch(pattern, d->names[recorded_caller].text, 0)))
			return n->rules[verb][i];
	}
	return -1;
}
