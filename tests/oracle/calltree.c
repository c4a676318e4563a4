/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Holds a trace's calls against the call tree that a real kernel was recorded to make.
 *
 *     calltree TRACE.db RECORDED.txt EXCUSED.txt tap|wire
 *
 * Theory of operation
 *
 * The recording is a forest: an indented line is called by the nearest line above with less
 * indentation. It leaves small helpers out, so the mirror may have calls in between; but each
 * recorded function must be called somewhere below the call that stands for its recorded caller,
 * and after the call that stands for the recorded function before it has returned.
 *
 * match() finds, for a recorded node and a call of the same name, the placement of its recorded
 * children among the calls below that leaves the fewest unplaced. It is exact: children are
 * placed from the last to the first, and for each position in the list of calls the best cost of
 * the rest is known.
 *
 * EXCUSED.txt names what cannot match and why: "device  caller/function  reason", or with the tree
 * it is for before it, "device  root:caller/function  reason". An excused function is skipped, its callees count as its caller's. An excuse that is not needed any more
 * is reported too. "device  =recorded/ours  reason" says that a function has another name here.
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/read/read.h"

enum { MAX_NODES = 1024, MAX_EXCUSES = 256, NAME = 64 };

/* One recorded call. Children follow their parent directly (preorder). */
struct node {
	char name[NAME];
	int indent;
	int parent;  /* index, -1 for a root */
	int skipped; /* excused: its children are its parent's */
	int excuse;  /* index, -1 */
	int placed;  /* index of the call that stands for it, -1 */
};

/* One call of the trace. Calls below it follow directly. */
struct call {
	const char *name;
	int64_t step;
	int task;
	int parent;
	int end; /* index of the last call below it */
};

struct excuse {
	char root[NAME]; /* empty: in every tree */
	char caller[2 * NAME], name[2 * NAME];
	int used;
};

static struct node nodes[MAX_NODES];
static int nnodes;
static struct excuse excuses[MAX_EXCUSES];
static int nexcuses;
static struct call *calls;
static int ncalls, room;

/* ---------------------------------------------------------------- reading */

static void die(const char *what, const char *why)
{
	fprintf(stderr, "calltree: %s: %s\n", what, why);
	exit(2);
}

static FILE *must_open(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		die(path, "cannot be opened");
	return f;
}

static struct node *node_add(const char *name, int indent)
{
	struct node *n;
	int i;

	if (nnodes == MAX_NODES)
		die("recording", "too long");
	n = &nodes[nnodes];
	snprintf(n->name, NAME, "%s", name);
	n->indent = indent;
	n->excuse = n->placed = n->parent = -1;
	for (i = nnodes - 1; i >= 0 && n->parent < 0 && indent > 0; i--)
		if (nodes[i].indent < indent)
			n->parent = i;
	nnodes++;
	return n;
}

/* Lines are "    function [xN]   file:line"; '#' begins a remark. */
static void read_recording(const char *path)
{
	FILE *f = must_open(path);
	char line[512], name[NAME];

	while (fgets(line, sizeof(line), f)) {
		int indent = (int)strspn(line, " ");
		int times = 1, used = 0;

		if (line[indent] == '#' || sscanf(line, " %63s%n", name, &used) != 1)
			continue;
		if (sscanf(line + used, " x%d", &times) != 1)
			times = 1;
		while (times--)
			node_add(name, indent);
	}
	fclose(f);
}

/* A table line that is for this device. */
static void excuse_line(char *what)
{
	char *slash = strchr(what, '/'), *colon;
	struct excuse *e = &excuses[nexcuses];
	int i;

	if (!slash)
		die(what, "an excuse is caller/function");
	*slash = '\0';
	if (what[0] == '=') {
		for (i = 0; i < nnodes; i++)
			if (!strcmp(nodes[i].name, what + 1))
				snprintf(nodes[i].name, NAME, "%s", slash + 1);
		return;
	}
	if (nexcuses == MAX_EXCUSES)
		die("excuses", "too many");
	colon = strchr(what, ':');
	if (colon) {
		*colon = '\0';
		snprintf(e->root, sizeof(e->root), "%.63s", what);
		what = colon + 1;
	}
	snprintf(e->caller, sizeof(e->caller), "%s", what);
	snprintf(e->name, sizeof(e->name), "%s", slash + 1);
	nexcuses++;
}

/* The first excuse that is for this recorded call, or -1. */
static int excuse_for(int n)
{
	const char *caller = nodes[n].parent < 0 ? "" : nodes[nodes[n].parent].name;
	int root = n, k;

	while (nodes[root].parent >= 0)
		root = nodes[root].parent;
	for (k = 0; k < nexcuses; k++) {
		if (strcmp(nodes[n].name, excuses[k].name))
			continue;
		if (strcmp(excuses[k].caller, "*") && strcmp(excuses[k].caller, caller))
			continue;
		if (!excuses[k].root[0] || !strcmp(excuses[k].root, nodes[root].name))
			return k;
	}
	return -1;
}

static void read_excuses(const char *path, const char *device)
{
	FILE *f = must_open(path);
	char line[512], dev[16], what[2 * NAME];
	int i;

	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '#' || sscanf(line, "%15s %127s", dev, what) != 2)
			continue;
		if (!strcmp(dev, "both") || !strcmp(dev, device))
			excuse_line(what);
	}
	fclose(f);
	for (i = 0; i < nnodes; i++) {
		nodes[i].excuse = excuse_for(i);
		if (nodes[i].excuse >= 0)
			excuses[nodes[i].excuse].used = 1;
	}
}

static int one_step(void *ctx, const struct trace_step *s)
{
	static int open_call[256];
	int *top;
	struct call *c;

	(void)ctx;
	if (s->task < 0 || s->task >= 256)
		die("trace", "more than 255 tasks");
	/* open_call[] holds index + 1 of the innermost open call of each task. */
	top = &open_call[s->task];
	if (s->kind == TRACE_RETURN) {
		while (*top && calls[*top - 1].step != s->parent)
			*top = calls[*top - 1].parent + 1;
		if (*top)
			*top = calls[*top - 1].parent + 1;
		return 0;
	}
	if (ncalls == room) {
		room = room ? room * 2 : 4096;
		calls = realloc(calls, (size_t)room * sizeof(*calls));
		if (!calls)
			die("calls", "out of memory");
	}
	c = &calls[ncalls++];
	*c = (struct call){
		.name = s->func ? s->func->name : "?",
		.step = s->step,
		.task = s->task,
		.parent = *top - 1,
	};
	*top = ncalls;
	return 0;
}

/*
 * Tasks interleave in the trace, so what is below a call is not yet one run of indices: sort by
 * task, keeping the order within each, and mend the parents.
 */
static int by_task(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	if (x->task != y->task)
		return x->task - y->task;
	return x->step < y->step ? -1 : 1;
}

static void sort_calls(void)
{
	int64_t *parents = calloc((size_t)ncalls + 1, sizeof(*parents));
	int *last = calloc((size_t)ncalls + 1, sizeof(*last));
	int i, p;

	if (!parents || !last)
		die("calls", "out of memory");
	/* A parent is remembered by its step, which sorting does not change. */
	for (i = 0; i < ncalls; i++)
		parents[i] = calls[i].parent < 0 ? 0 : calls[calls[i].parent].step;
	for (i = 0; i < ncalls; i++)
		calls[i].end = (int)i; /* where its parents[] entry is */
	qsort(calls, (size_t)ncalls, sizeof(*calls), by_task);
	for (i = 0; i < ncalls; i++) {
		int64_t step = parents[calls[i].end];

		calls[i].parent = -1;
		for (p = i - 1; step && p >= 0; p = calls[p].parent) {
			if (calls[p].step == step) {
				calls[i].parent = p;
				break;
			}
		}
		last[i] = i;
	}
	for (i = ncalls - 1; i >= 0; i--)
		if (calls[i].parent >= 0 && last[calls[i].parent] < last[i])
			last[calls[i].parent] = last[i];
	for (i = 0; i < ncalls; i++)
		calls[i].end = last[i];
	free(parents);
	free(last);
}

/* ---------------------------------------------------------------- matching */

/* The recorded children of @n, those of skipped children in their place. */
static int children(int n, int *out, int count)
{
	int i;

	for (i = n + 1; i < nnodes && nodes[i].indent > nodes[n].indent; i++) {
		if (nodes[i].parent != n)
			continue;
		if (nodes[i].skipped)
			count = children(i, out, count);
		else
			out[count++] = i;
	}
	return count;
}

/* How many are lost when @n cannot be placed: itself and all below. */
static int weight(int n)
{
	int below[MAX_NODES], count = children(n, below, 0), sum = 1, i;

	for (i = 0; i < count; i++)
		sum += weight(below[i]);
	return sum;
}

/*
 * The least number of recorded nodes that stay unplaced below @n when it is call @c. With @commit
 * the placement itself is written into nodes[].placed.
 */
static int match(int n, int c, int commit)
{
	int kids[MAX_NODES], count = children(n, kids, 0);
	int size = calls[c].end - c + 2; /* positions c + 1 .. end + 1 */
	int *cost, *choice, i, p, result;

	if (commit)
		nodes[n].placed = c;
	if (!count)
		return 0;
	cost = calloc((size_t)(count + 1) * (size_t)size, sizeof(int));
	choice = calloc((size_t)(count + 1) * (size_t)size, sizeof(int));
	if (!cost || !choice)
		die("match", "out of memory");
#define AT(table, kid, pos) table[(size_t)(kid) * (size_t)size + (size_t)((pos)-c - 1)]
	for (i = count - 1; i >= 0; i--) {
		int lost = weight(kids[i]);

		/* At the end nothing can be placed any more. */
		AT(cost, i, calls[c].end + 1) = lost + AT(cost, i + 1, calls[c].end + 1);
		AT(choice, i, calls[c].end + 1) = -1;
		for (p = calls[c].end; p > c; p--) {
			int best = lost + AT(cost, i + 1, p), pick = -1, here;

			if (AT(cost, i, p + 1) < best) {
				best = AT(cost, i, p + 1);
				pick = AT(choice, i, p + 1);
			}
			if (!strcmp(calls[p].name, nodes[kids[i]].name)) {
				here = match(kids[i], p, 0) + AT(cost, i + 1, calls[p].end + 1);
				if (here <= best) {
					best = here;
					pick = p;
				}
			}
			AT(cost, i, p) = best;
			AT(choice, i, p) = pick;
		}
	}
	result = AT(cost, 0, c + 1);
	for (i = 0, p = c + 1; commit && i < count; i++) {
		int pick = AT(choice, i, p);

		if (pick < 0)
			continue;
		match(kids[i], pick, 1);
		p = calls[pick].end + 1;
	}
#undef AT
	free(cost);
	free(choice);
	return result;
}

/* Places a root, and all below it, in the best of the calls of its name. */
static void place_root(int root)
{
	int best = -1, best_cost = 0, c;

	for (c = 0; c < ncalls; c++) {
		int cost;

		if (strcmp(calls[c].name, nodes[root].name))
			continue;
		cost = match(root, c, 0);
		if (best < 0 || cost < best_cost) {
			best = c;
			best_cost = cost;
		}
	}
	if (best >= 0)
		match(root, best, 1);
}

static void place_all(int with_excuses)
{
	int i;

	for (i = 0; i < nnodes; i++) {
		nodes[i].skipped = with_excuses && nodes[i].excuse >= 0;
		nodes[i].placed = -1;
	}
	for (i = 0; i < nnodes; i++)
		if (nodes[i].parent < 0)
			place_root(i);
}

/* ---------------------------------------------------------------- the report */

static int find_below(const char *name, int from, int to)
{
	int c;

	for (c = from; c <= to; c++)
		if (!strcmp(calls[c].name, name))
			return c;
	return -1;
}

static void explain(int n)
{
	int p = nodes[n].parent, where = -1;

	while (p >= 0 && nodes[p].skipped)
		p = nodes[p].parent;
	if (p >= 0 && nodes[p].placed < 0)
		return; /* its caller is missing, which was said */
	if (p >= 0)
		where = find_below(nodes[n].name, nodes[p].placed + 1, calls[nodes[p].placed].end);
	if (where >= 0) {
		printf("# out of order: %s in %s: called at step %lld, not where it was recorded\n",
		       nodes[n].name, nodes[p].name, (long long)calls[where].step);
		return;
	}
	where = find_below(nodes[n].name, 0, ncalls - 1);
	printf("# missing: %s in %s", nodes[n].name, p < 0 ? "no one" : nodes[p].name);
	if (where < 0)
		printf(": never called\n");
	else
		printf(": called elsewhere, first at step %lld by %s\n",
		       (long long)calls[where].step,
		       calls[where].parent < 0 ? "no one" : calls[calls[where].parent].name);
}

/* One recorded tree. Return: the number of functions that are not where they should be. */
static int report(int root, int number)
{
	int i, total = 0, excused = 0, bad = 0;

	for (i = root; i < nnodes && (i == root || nodes[i].parent >= 0); i++) {
		total++;
		if (nodes[i].skipped)
			excused++;
		else if (nodes[i].placed < 0)
			bad++;
	}
	printf("%sok %d - %s: %d recorded calls, %d placed, %d excused, %d not where recorded\n",
	       bad ? "not " : "", number, nodes[root].name, total, total - excused - bad, excused,
	       bad);
	for (i = root; bad && i < nnodes && (i == root || nodes[i].parent >= 0); i++)
		if (!nodes[i].skipped && nodes[i].placed < 0)
			explain(i);
	return bad;
}

/* Excuses that name nothing recorded, or something that would have been found. */
static int report_excuses(int number)
{
	int i, bad = 0;

	for (i = 0; i < nexcuses; i++) {
		if (excuses[i].used)
			continue;
		printf("# excuse for what was never recorded: %s/%s\n", excuses[i].caller,
		       excuses[i].name);
		bad++;
	}
	place_all(0);
	for (i = 0; i < nnodes; i++) {
		if (nodes[i].excuse < 0 || nodes[i].placed < 0)
			continue;
		printf("# excuse not needed: %s is called in %s\n", nodes[i].name,
		       nodes[i].parent < 0 ? "" : nodes[nodes[i].parent].name);
		bad++;
	}
	printf("%sok %d - every excuse is needed (%d)\n", bad ? "not " : "", number, nexcuses);
	return bad;
}

int main(int argc, char **argv)
{
	struct trace *t;
	char err[512];
	int i, bad = 0, number = 0;

	if (argc != 5)
		die("usage", "calltree TRACE.db RECORDED.txt EXCUSED.txt tap|wire");
	t = trace_open(argv[1], err, sizeof(err));
	if (!t)
		die(argv[1], err);
	read_recording(argv[2]);
	read_excuses(argv[3], argv[4]);
	if (trace_each(t, 1, trace_last_step(t), TRACE_BIT(TRACE_CALL) | TRACE_BIT(TRACE_RETURN),
		       one_step, NULL) < 0)
		die(argv[1], trace_error(t));
	sort_calls();
	place_all(1);
	for (i = 0; i < nnodes; i++)
		if (nodes[i].parent < 0)
			bad += report(i, ++number);
	bad += report_excuses(++number);
	printf("1..%d\n", number);
	free(calls);
	trace_close(t);
	return bad ? 1 : 0;
}
