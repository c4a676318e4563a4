/* SPDX-License-Identifier: GPL-2.0-only */
/* What explain.c and explain_step.c share. */
#ifndef SYNWALK_VIEWER_EXPLAIN_LOCAL_H
#define SYNWALK_VIEWER_EXPLAIN_LOCAL_H

#include <stdio.h>

#include "viewer/catalog.h"
#include "viewer/explain.h"

/**
 * struct explainer - an explanation that is being written
 * @m: the walk
 * @s: the step
 * @out: the items so far
 * @to: the paragraph of the last of them
 * @text: its bytes, once it is closed
 * @len: how many
 * @who: runs, in words
 */
struct explainer {
	struct model *m;
	struct trace_step s;
	struct explanation *out;
	FILE *to;
	char *text;
	size_t len;
	char who[80];
};

/* Begins a new item with this heading. */
__attribute__((format(printf, 2, 3))) void explain_item(struct explainer *x, const char *fmt, ...);
/* Adds a sentence to the item. */
__attribute__((format(printf, 2, 3))) void explain_say(struct explainer *x, const char *fmt, ...);
/* An item of the catalogue, if it is there. */
bool explain_entry(struct explainer *x, enum catalog_kind kind, const char *name);
/* An item for an error's number, of either sign, if it is one. */
void explain_error(struct explainer *x, int64_t number);

/* The step itself and what it touches. */
void explain_step(struct explainer *x);

#endif
