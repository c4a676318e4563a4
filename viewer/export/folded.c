/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Folded stacks, for flame graphs: one line for each chain of calls that was ever on top of a
 * stack, "connect;sys_connect;tcp_v4_connect 41", where the number is its own weight: the steps
 * that happened in its innermost function itself. The lines are in alphabetical order.
 */

#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/export/export.h"

struct chain {
	char *names;
	int64_t steps;
};

struct folding {
	struct export *e;
	struct export_stacks stacks;
	void *chains; /* tsearch(3) */
};

static FILE *walk_out;

static int by_names(const void *left, const void *right)
{
	const struct chain *a = left, *b = right;

	return strcmp(a->names, b->names);
}

/* Frames are divided by ';', the weight by a space: neither may be in a name. */
static char *chain_names(const struct export_stack *stack)
{
	size_t length = strlen(stack->task_name) + strlen(stack->context_name) + 2;
	char *names, *to;

	for (size_t i = 0; i < stack->depth; i++)
		length += strlen(stack->calls[i].func->name) + 1;
	names = malloc(length + 1);
	if (!names)
		abort();
	to = names + sprintf(names, "%s %s", stack->task_name, stack->context_name);
	for (char *p = names; *p; p++) {
		if (*p == ' ' || *p == ';')
			*p = '_';
	}
	for (size_t i = 0; i < stack->depth; i++)
		to += sprintf(to, ";%s", stack->calls[i].func->name);
	return names;
}

static int fold(void *ctx, const struct trace_step *s)
{
	struct folding *f = ctx;
	struct export_stack *stack = export_stack_of(&f->stacks, f->e->t, s);
	struct chain *chain = calloc(1, sizeof(*chain)), **found;

	if (s->kind == TRACE_CALL)
		export_stack_step(stack, s);
	if (!chain)
		abort();
	chain->names = chain_names(stack);
	found = tsearch(chain, &f->chains, by_names);
	if (!found)
		abort();
	if (*found != chain) {
		free(chain->names);
		free(chain);
	}
	(*found)->steps++;
	if (s->kind != TRACE_CALL)
		export_stack_step(stack, s);
	return 0;
}

static void print_chain(const void *node, VISIT visit, int depth)
{
	const struct chain *chain = *(struct chain *const *)node;

	(void)depth;
	if (visit == postorder || visit == leaf)
		fprintf(walk_out, "%s %" PRId64 "\n", chain->names, chain->steps);
}

static void free_chain(void *node)
{
	struct chain *chain = node;

	free(chain->names);
	free(chain);
}

int export_folded(struct export *e)
{
	struct folding f = { .e = e };
	int err = trace_each(e->t, e->from, e->to, TRACE_ALL_KINDS, fold, &f);

	walk_out = e->out;
	if (!err)
		twalk(f.chains, print_chain);
	tdestroy(f.chains, free_chain);
	export_stacks_free(&f.stacks);
	return err;
}
