/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of a trace the catalogue has no text for: called functions, and fields that were stored to.
 * Only members of structures count as fields: variables and arrays have their own names.
 */
#include <ctype.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/catalog.h"
#include "viewer/command.h"
#include "viewer/explain.h"
#include "viewer/model_words.h"

struct missing {
	struct trace *t;
	void *seen; /* a tree of "TYPE.FIELD" */
	int64_t object;
	char type[100];
	int fields, without;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The type of a store's object, if it is a structure that has a name. */
static bool has_structure(struct missing *m, const struct trace_step *s)
{
	struct trace_object o;

	if (s->object != m->object) {
		m->object = s->object;
		m->type[0] = '\0';
		if (trace_object(m->t, s->object, &o) == 1) {
			if (o.type)
				snprintf(m->type, sizeof(m->type), "%s", o.type->name);
			trace_object_free(&o);
		}
	}
	for (const char *p = m->type; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			return false;
	return m->type[0] && strcmp(m->type, "struct") && strcmp(m->type, "union");
}

static int one_store(void *ctx, const struct trace_step *s)
{
	struct missing *m = ctx;
	const char *name = s->place ? s->place : s->field ? s->field->name : "";
	char key[400], text[1200], **found;

	if (!*name || !strcmp(name, "value") || !has_structure(m, s))
		return 0;
	snprintf(key, sizeof(key), "%s.%s", m->type, name);
	found = tfind(key, &m->seen, by_name);
	if (found)
		return 0;
	if (!tsearch(strdup(key), &m->seen, by_name))
		return -1;
	m->fields++;
	if (!catalog_field(text, sizeof(text), m->type, name) &&
	    !catalog_text(CATALOG_OBJECT, m->type)) {
		m->without++;
		printf("field %s\n", key);
	}
	return 0;
}

int explain_missing(const char *path)
{
	struct missing m = { 0 };
	int functions = 0, without = 0;
	char err[400];

	m.t = trace_open(path, err, sizeof(err));
	if (!m.t) {
		fprintf(stderr, "synwalk: %s\n", err);
		return STATUS_TROUBLE;
	}
	for (const struct trace_func *f = NULL; (f = trace_func_next(m.t, f)) != NULL;)
		if (trace_next_call_of(m.t, 0, f->id)) {
			functions++;
			if (!catalog_text(CATALOG_FUNCTION, f->name)) {
				without++;
				printf("function %s\n", f->name);
			}
		}
	trace_each(m.t, 1, trace_last_step(m.t), TRACE_BIT(TRACE_STORE), one_store, &m);
	if (trace_error(m.t)) {
		trouble(path, NULL, "%s", trace_error(m.t));
		without = -1;
	} else {
		printf("# without a text: %d of %d functions, %d of %d fields\n", without,
		       functions, m.without, m.fields);
	}
	tdestroy(m.seen, free);
	trace_close(m.t);
	return without < 0 ? STATUS_TROUBLE : without || m.without ? STATUS_NO : STATUS_DONE;
}
