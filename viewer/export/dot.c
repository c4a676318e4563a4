/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The call graph in Graphviz' language: a box for each function, an arrow for each pair of caller
 * and callee with the number of calls, functions of one folder in one frame.
 *
 * A graph of more than some hundred arrows cannot be read. If there are more than @edges, those
 * with the most calls below them stay, so that the trunk is whole and the twigs are cut; how many
 * were cut stands in the graph's label.
 */

#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/export/export.h"

struct edge {
	const struct trace_func *from, *to; /* @from NULL: called by nobody that is watched */
	int64_t calls, below;               /* below: calls made inside, its own included */
};

struct graph {
	struct export *e;
	struct export_stacks stacks;
	struct edge **edges;
	size_t count, room;
	void *known; /* tsearch(3) */
	int64_t calls;
};

static int by_ends(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	if (a->to != b->to)
		return a->to->id - b->to->id;
	return (a->from ? a->from->id : 0) - (b->from ? b->from->id : 0);
}

static struct edge *edge_of(struct graph *g, const struct trace_func *from,
			    const struct trace_func *to)
{
	struct edge *edge = calloc(1, sizeof(*edge)), **found;

	if (!edge)
		abort();
	*edge = (struct edge){ .from = from, .to = to };
	found = tsearch(edge, &g->known, by_ends);
	if (!found)
		abort();
	if (*found != edge) {
		free(edge);
		return *found;
	}
	if (g->count == g->room) {
		g->room = g->room ? 2 * g->room : 256;
		g->edges = realloc(g->edges, g->room * sizeof(*g->edges));
		if (!g->edges)
			abort();
	}
	g->edges[g->count++] = edge;
	return edge;
}

/* The arrow to the call at @i of a stack. */
static struct edge *edge_at(struct graph *g, const struct export_stack *stack, size_t i)
{
	return edge_of(g, i ? stack->calls[i - 1].func : NULL, stack->calls[i].func);
}

/* Calls from @from on end: what was made inside them lies below their arrows. */
static void weigh(struct graph *g, const struct export_stack *stack, size_t from)
{
	for (size_t i = from; i < stack->depth; i++)
		edge_at(g, stack, i)->below += g->calls - stack->calls[i].mark + 1;
}

static int count_call(void *ctx, const struct trace_step *s)
{
	struct graph *g = ctx;
	struct export_stack *stack = export_stack_of(&g->stacks, g->e->t, s);

	if (!s->func)
		return 0;
	if (s->kind == TRACE_CALL) {
		export_stack_step(stack, s);
		stack->calls[stack->depth - 1].mark = ++g->calls;
		edge_at(g, stack, stack->depth - 1)->calls++;
		return 0;
	}
	for (size_t i = stack->depth; i-- > 0;) {
		if (stack->calls[i].step == s->parent)
			weigh(g, stack, i);
	}
	export_stack_step(stack, s);
	return 0;
}

static int by_weight(const void *left, const void *right)
{
	const struct edge *a = *(struct edge *const *)left, *b = *(struct edge *const *)right;

	if (a->below != b->below)
		return a->below > b->below ? -1 : 1;
	return by_ends(a, b);
}

static int is_drawn(const struct graph *g, const struct trace_func *func)
{
	for (size_t i = 0; i < g->count; i++) {
		if (g->edges[i]->from == func || g->edges[i]->to == func)
			return 1;
	}
	return 0;
}

/* The folder of a function's file, as the kernel has it: net/ipv4. */
static void folder_of(const struct trace_func *func, char folder[128])
{
	const char *path = func->file->kernel_path ? func->file->kernel_path : func->file->path;
	const char *slash = strrchr(path, '/');

	snprintf(folder, 128, "%.*s", slash ? (int)(slash - path) : (int)strlen(path), path);
}

/* Names are C's and paths; both may stand in quotes as they are. */
static void draw_folder(const struct graph *g, const char *folder, int number)
{
	const struct trace_func *func = NULL;
	char other[128];

	fprintf(g->e->out, "\tsubgraph cluster_%d {\n\t\tlabel=\"%s\";\n", number, folder);
	while ((func = trace_func_next(g->e->t, func))) {
		folder_of(func, other);
		if (!strcmp(folder, other) && is_drawn(g, func))
			fprintf(g->e->out, "\t\t\"%s\" [tooltip=\"%s:%d\"];\n", func->name,
				func->file->path, func->line);
	}
	fputs("\t}\n", g->e->out);
}

static void draw_functions(const struct graph *g)
{
	char folders[64][128];
	int count = 0;
	const struct trace_func *func = NULL;

	while ((func = trace_func_next(g->e->t, func))) {
		char folder[128];
		int i = 0;

		if (!is_drawn(g, func))
			continue;
		folder_of(func, folder);
		while (i < count && strcmp(folders[i], folder))
			i++;
		if (i == count && count < 64)
			strcpy(folders[count++], folder);
	}
	for (int i = 0; i < count; i++)
		draw_folder(g, folders[i], i);
}

static void draw(struct graph *g)
{
	size_t cut = 0;

	if (g->count)
		qsort(g->edges, g->count, sizeof(*g->edges), by_weight);
	if (g->count > (size_t)g->e->edges) {
		cut = g->count - (size_t)g->e->edges;
		g->count = (size_t)g->e->edges;
	}
	fprintf(g->e->out,
		"digraph synwalk {\n"
		"\tlabel=\"%s, steps %" PRId64 " to %" PRId64,
		trace_meta(g->e->t, "scenario") ? trace_meta(g->e->t, "scenario") : "", g->e->from,
		g->e->to);
	if (cut)
		fprintf(g->e->out, "; %zu arrows with less below them left out", cut);
	fputs("\";\n\trankdir=LR;\n\tnewrank=true;\n\tnode [shape=box, fontname=monospace];\n"
	      "\tedge [fontname=monospace];\n",
	      g->e->out);
	draw_functions(g);
	for (size_t i = 0; i < g->count; i++) {
		if (g->edges[i]->from && g->edges[i]->calls)
			fprintf(g->e->out, "\t\"%s\" -> \"%s\" [label=\"%" PRId64 "\"];\n",
				g->edges[i]->from->name, g->edges[i]->to->name, g->edges[i]->calls);
	}
	fputs("}\n", g->e->out);
}

int export_dot(struct export *e)
{
	struct graph g = { .e = e };
	int err = trace_each(e->t, e->from, e->to, TRACE_BIT(TRACE_CALL) | TRACE_BIT(TRACE_RETURN),
			     count_call, &g);

	for (size_t i = 0; i < g.stacks.count; i++)
		weigh(&g, &g.stacks.list[i], 0);
	if (!err)
		draw(&g);
	tdestroy(g.known, free);
	free(g.edges);
	export_stacks_free(&g.stacks);
	return err;
}
