/* SPDX-License-Identifier: GPL-2.0-only */
/* The rule language: what each run has its own of, and counts as equal. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

static const struct {
	const char *word;
	enum verb verb;
} verbs[] = {
	{ "own", RULE_OWN }, { "truth", RULE_TRUTH }, { "inside", RULE_INSIDE },
	{ "isn", RULE_ISN }, { "clock", RULE_CLOCK },
};

/* ---- reading ----------------------------------------------------------------------------------- */

/* What a rule is about: f(), f(arg), f:local, f?, type.field, packet FIELD, or a function's name. */
static const char *read_place(struct rule *r, char *text)
{
	size_t len = strlen(text);
	char *at;

	r->part = "";
	r->name = text;
	if (r->verb == RULE_INSIDE)
		return strpbrk(text, "():. \t") ? "after 'inside' comes the name of a function" :
						  NULL;
	if (!strncmp(text, "packet", 6) && isspace((unsigned char)text[6])) {
		r->place = PLACE_PACKET;
		r->name = "";
		for (at = text + 6; isspace((unsigned char)*at); at++)
			;
		r->part = at;
		return NULL;
	}
	if (len >= 2 && text[len - 1] == ')' && (at = strchr(text, '(')) != NULL) {
		r->place = at[1] == ')' ? PLACE_RETURN : PLACE_ARGUMENT;
		text[len - 1] = '\0';
		*at = '\0';
		r->part = at + 1;
		return at == text ? "a function's name is missing" : NULL;
	}
	if (len > 1 && text[len - 1] == '?') {
		r->place = PLACE_BRANCH;
		text[len - 1] = '\0';
		return NULL;
	}
	if ((at = strchr(text, ':')) != NULL) {
		r->place = PLACE_LOCAL;
	} else if (strchr(text, '.')) {
		/* type and field stay together: both may have more dots */
		r->place = PLACE_STORE;
		return NULL;
	} else {
		return "a place looks like f(), f(argument), f:local, f?, type.field or packet field";
	}
	*at = '\0';
	r->part = at + 1;
	return at == text || !at[1] ? "half of the place is missing" : NULL;
}

static const char *read_rule(struct rule *r, char *line)
{
	size_t n = strcspn(line, " \t");
	const char *why;
	char *rest = line + n, *in;

	while (isspace((unsigned char)*rest))
		rest++;
	if (!*rest)
		return "nothing comes after the first word";
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strlen(verbs[i].word) != n || strncmp(line, verbs[i].word, n) != 0)
			continue;
		r->verb = verbs[i].verb;
		r->text = strdup(line);
		rest = strdup(rest);
		if (!r->text || !rest)
			return "out of memory";
		in = strstr(rest, " in ");
		if (in) {
			r->in = strdup(in + 4 + strspn(in + 4, " \t"));
			while (in > rest && isspace((unsigned char)in[-1]))
				in--;
			*in = '\0';
		}
		why = read_place(r, rest);
		if (in && !why &&
		    ((r->place != PLACE_STORE && r->place != PLACE_ARGUMENT) || !r->in || !*r->in))
			why = "'in FUNCTION' belongs to type.field or f(argument)";
		/* the parts live in one block, which the name or the part begins */
		r->name = strdup(r->name);
		r->part = strdup(r->part);
		free(rest);
		return r->name && r->part ? why : "out of memory";
	}
	return "a rule begins with own, truth, inside, isn or clock";
}

static int add_rule(struct diff_rules *rules, const struct rule *r)
{
	struct rule *p = realloc(rules->r, (rules->count + 1) * sizeof(*p));

	if (!p)
		return -1;
	rules->r = p;
	p[rules->count++] = *r;
	return 0;
}

struct diff_rules *diff_rules_parse(const char *name, const char *text, char *err, size_t errlen)
{
	struct diff_rules *rules = calloc(1, sizeof(*rules));
	const char *why = rules ? NULL : "out of memory";
	int number = 0;

	while (*text && !why) {
		size_t len = strcspn(text, "\n"), used = strcspn(text, "#\n");
		char *line;

		number++;
		while (used && isspace((unsigned char)text[used - 1]))
			used--;
		line = strndup(text, used);
		if (!line) {
			why = "out of memory";
		} else if (line[strspn(line, " \t")]) {
			struct rule r = { 0 };

			why = read_rule(&r, line + strspn(line, " \t"));
			if (add_rule(rules, &r))
				why = "out of memory";
		}
		free(line);
		text += len + (text[len] != '\0');
	}
	if (!why)
		return rules;
	snprintf(err, errlen, "%s: line %d: %s", name, number, why);
	diff_rules_free(rules);
	return NULL;
}

void diff_rules_free(struct diff_rules *rules)
{
	for (size_t i = 0; rules && i < rules->count; i++) {
		free(rules->r[i].text);
		free(rules->r[i].name);
		free(rules->r[i].part);
		free(rules->r[i].in);
	}
	if (rules)
		free(rules->r);
	free(rules);
}

/* ---- asking ------------------------------------------------------------------------------------ */

/* tcp_sock#1 and snd_una against tcp_sock.snd_una: a rule speaks of all objects of a type. */
static bool store_matches(const struct rule *r, const struct place *p)
{
	char name[256];
	size_t n = strcspn(p->name, "#");

	snprintf(name, sizeof(name), "%.*s.%s", (int)n, p->name, p->part);
	return !fnmatch(r->name, name, 0);
}

static bool rule_matches(const struct rule *r, const struct place *p)
{
	if (r->verb == RULE_INSIDE)
		/* what comes out of a function whose inside is not compared is its own */
		return p->kind == PLACE_RETURN && !fnmatch(r->name, p->name, 0);
	if (r->place != p->kind || (r->in && (!p->in || fnmatch(r->in, p->in, 0))))
		return false;
	if (r->place == PLACE_STORE)
		return store_matches(r, p);
	return !fnmatch(r->name, p->name, 0) && !fnmatch(r->part, p->part, 0);
}

int rules_find(const struct diff_rules *rules, const struct place *p)
{
	for (size_t i = 0; rules && i < rules->count; i++)
		if (rule_matches(&rules->r[i], p))
			return (int)i;
	return -1;
}

int rules_let_differ(const struct diff_rules *rules, const struct place *p)
{
	int rule = rules && p ? rules_find(rules, p) : -1;

	if (rule >= 0 && (rules->r[rule].verb == RULE_CLOCK || rules->r[rule].verb == RULE_TRUTH))
		return -1;
	return rule;
}

int rules_inside(const struct diff_rules *rules, const char *function)
{
	for (size_t i = 0; rules && i < rules->count; i++) {
		const struct rule *r = &rules->r[i];

		/* how a function came to its answer does not matter if only the answer's truth does */
		if ((r->verb == RULE_INSIDE ||
		     (r->verb == RULE_TRUTH && r->place == PLACE_RETURN)) &&
		    !fnmatch(r->name, function, 0))
			return (int)i;
	}
	return -1;
}

bool rules_compare_arguments(const struct diff_rules *rules, int rule)
{
	return rules->r[rule].verb == RULE_TRUTH;
}
