/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_ORACLE_CALLTREE_RECORDING_H
#define TESTS_ORACLE_CALLTREE_RECORDING_H

/*
 * What calltrees.c reads: the tables of what cannot be found, and a recording, cut into units, in
 * preorder, with what the tables say about it. Its theory of operation stands there.
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESUMED "(resumed)"

enum { MAX_NODES = 4096, MAX_RULES = 512, NAME = 64, MAX_CONTEXTS = 16, MAX_DEPTH = 128 };

/* One recorded call. What it calls follows directly (preorder), units cut out of it do not. */
struct node {
	char name[NAME];
	int line;    /* in the recording */
	int parent;  /* index, -1 for a unit */
	int end;     /* index of the last call below it */
	int within;  /* of a unit: what it was cut out of, else -1 */
	int cut;     /* a unit was cut out of it, and it is not somebody else's */
	int skipped; /* by a rule: what it calls is its parent's */
	int rule;    /* index + 1 of the difference that is for it */
	int placed;  /* index of the call that stands for it, -1 */
	int resumes; /* "(resumed)": a node of the unit that goes on, else -1 */
};

struct rule {
	char recording[NAME]; /* of a difference; empty: in every recording */
	char caller[NAME];    /* of a difference */
	char name[NAME];
	char how;   /* ' '; '/': with all below; '@' of what is left out: with the unit */
	int used;   /* it was for some recorded call */
	int needed; /* and that could not be found without it */
	int ours;   /* of what is left out: our trace has it nevertheless */
};

static struct node nodes[MAX_NODES];
static int nnodes;
static struct rule left_out[MAX_RULES], differences[MAX_RULES], renames[MAX_RULES];
static int nleft_out, ndifferences, nrenames;
static const char *recording; /* its name, without folder and ending */

static void die(const char *what, const char *why)
{
	fprintf(stderr, "calltrees: %s: %s\n", what, why);
	exit(2);
}

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		die("calltrees", "out of memory");
	return p;
}

static FILE *must_open(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		die(path, "cannot be opened");
	return f;
}

/* ---------------------------------------------------------------- the tables */

static struct rule *rule_add(struct rule *rules, int *count, const char *name)
{
	struct rule *r = &rules[*count];

	if (*count == MAX_RULES)
		die("tables", "too long");
	memset(r, 0, sizeof(*r));
	snprintf(r->name, NAME, "%s", name);
	(*count)++;
	return r;
}

static void left_out_line(char *what)
{
	size_t len = strlen(what);
	char how = ' ';

	if (what[0] == '@')
		how = *what++;
	else if (what[len - 1] == '/') {
		what[len - 1] = '\0';
		how = '/';
	}
	rule_add(left_out, &nleft_out, what)->how = how;
}

static void difference_line(char *what)
{
	char *slash = strchr(what, '/'), *colon = strchr(what, ':');
	struct rule *r;

	if (!slash)
		die(what, "a difference is caller/function");
	*slash = '\0';
	if (what[0] == '=') {
		r = rule_add(renames, &nrenames, what + 1);
		snprintf(r->caller, NAME, "%.63s", slash + 1);
		return;
	}
	r = rule_add(differences, &ndifferences, slash + 1);
	r->how = ' ';
	if (r->name[strlen(r->name) - 1] == '/') {
		r->name[strlen(r->name) - 1] = '\0';
		r->how = '/';
	}
	if (colon) {
		*colon = '\0';
		snprintf(r->recording, NAME, "%.63s", what);
		what = colon + 1;
	}
	snprintf(r->caller, NAME, "%.63s", what);
}

static void read_table(const char *path, void (*one)(char *what))
{
	FILE *f = must_open(path);
	char line[512], what[3 * NAME];
	int used;

	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '#' || sscanf(line, "%190s %n", what, &used) != 1)
			continue;
		if (!line[used])
			die(what, "without a reason");
		one(what);
	}
	fclose(f);
}

static struct rule *rule_for(struct rule *rules, int count, const char *name)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcmp(rules[i].name, name))
			return &rules[i];
	return NULL;
}

/* ---------------------------------------------------------------- the recording */

/* What is open in one context of a recording. */
struct context {
	char who[NAME];
	int open[MAX_DEPTH]; /* nodes */
	int column[MAX_DEPTH];
	int depth;
};

static struct context *context_of(struct context *all, const char *who)
{
	int i;

	for (i = 0; i < MAX_CONTEXTS && all[i].who[0]; i++)
		if (!strcmp(all[i].who, who))
			return &all[i];
	if (i == MAX_CONTEXTS)
		die(recording, "too many contexts");
	snprintf(all[i].who, NAME, "%s", who);
	return &all[i];
}

/* What begins a unit of its own below @parent. */
static int is_cut(const char *parent, const char *name)
{
	return !strcmp(parent, "__do_softirq") || !strcmp(parent, "handle_softirqs") ||
	       !strcmp(name, "net_rx_action") || !strcmp(name, "__netif_receive_skb");
}

static void node_add(struct context *c, const char *name, int column, int line)
{
	struct rule *rename = rule_for(renames, nrenames, name);
	struct node *n;

	if (nnodes == MAX_NODES || c->depth == MAX_DEPTH)
		die(recording, "too long");
	while (c->depth && c->column[c->depth - 1] >= column)
		c->depth--;
	n = &nodes[nnodes];
	memset(n, 0, sizeof(*n));
	snprintf(n->name, NAME, "%s", rename ? rename->caller : name);
	if (rename)
		rename->used = rename->needed = 1;
	n->line = line;
	n->placed = n->parent = n->resumes = n->within = -1;
	if (c->depth && !is_cut(nodes[c->open[c->depth - 1]].name, name))
		n->parent = c->open[c->depth - 1];
	else if (c->depth)
		n->within = c->open[c->depth - 1];
	c->column[c->depth] = column;
	c->open[c->depth++] = nnodes++;
}

/* The context @c goes on at @column: not where it began, so a call is still open. */
static void resume(struct context *c, int column, int line)
{
	int whole = c->open[0];

	if (!c->depth || column <= c->column[0])
		return;
	node_add(c, RESUMED, c->column[0], line);
	nodes[nnodes - 1].resumes = nodes[whole].resumes >= 0 ? nodes[whole].resumes : whole;
}

/*
 * Lines are "time  function [xN]", "== context", or a mark in C's comment signs; '#' begins a
 * remark. The time may be missing, and "file:line" may follow.
 */
static void parse_recording(const char *path)
{
	struct context *all = zeroed(MAX_CONTEXTS, sizeof(*all)), *now = context_of(all, "first");
	FILE *f = must_open(path);
	char line[512], name[NAME];
	int number = 0, switched = 0;

	for (nnodes = 0; fgets(line, sizeof(line), f);) {
		int column = (int)strspn(line, " "), times = 1, used = 0;

		number++;
		if (sscanf(line, "== %63s", name) == 1) {
			now = context_of(all, name);
			switched = 1;
		}
		if (strchr("#=\n", line[column]))
			continue;
		if (isdigit((unsigned char)line[column]) || line[column] == '-') {
			column += (int)strspn(line + column, "-.0123456789");
			column += (int)strspn(line + column, " ");
		}
		if (sscanf(line + column, "%63[A-Za-z0-9_]%n", name, &used) != 1)
			continue;
		if (sscanf(line + column + used, " x%d", &times) != 1)
			times = 1;
		if (switched)
			resume(now, column, number);
		switched = 0;
		while (times--)
			node_add(now, name, column, number);
	}
	fclose(f);
	free(all);
}

/* Brings what was recorded in turns into preorder, unit by unit. */
static void sort_recording(void)
{
	struct node *old = zeroed((size_t)nnodes, sizeof(*old));
	int *new_index = zeroed((size_t)nnodes, sizeof(int));
	int *unit = zeroed((size_t)nnodes, sizeof(int));
	int i, u, count = 0;

	/* A unit comes before what resumes it: it was recorded first. */
	memcpy(old, nodes, (size_t)nnodes * sizeof(*old));
	for (i = 0; i < nnodes; i++)
		unit[i] = old[i].parent < 0 ? i : unit[old[i].parent];
	for (u = 0; u < nnodes; u++) {
		if (unit[u] != u)
			continue;
		for (i = u; i < nnodes; i++) {
			if (unit[i] != u)
				continue;
			nodes[count] = old[i];
			if (old[i].parent >= 0)
				nodes[count].parent = new_index[old[i].parent];
			if (old[i].resumes >= 0)
				nodes[count].resumes = new_index[old[i].resumes];
			if (old[i].within >= 0)
				nodes[count].within = old[i].within; /* mended below */
			new_index[i] = count++;
		}
	}
	for (i = 0; i < nnodes; i++)
		if (nodes[i].within >= 0)
			nodes[i].within = new_index[nodes[i].within];
	for (i = nnodes - 1; i >= 0; i--) {
		if (nodes[i].end < i)
			nodes[i].end = i;
		u = nodes[i].parent;
		if (u >= 0 && nodes[u].end < nodes[i].end)
			nodes[u].end = nodes[i].end;
	}
	free(old);
	free(new_index);
	free(unit);
}

/* Tells each call out of which a unit was cut that is ours: a frame, or a handler with one in it. */
static void note_cut(void)
{
	int i, n;

	for (i = 0; i < nnodes; i++) {
		if (nodes[i].within < 0 || nodes[i].skipped ||
		    !strcmp(nodes[i].name, "net_rx_action"))
			continue;
		for (n = i; n >= 0; n = nodes[n].parent >= 0 ? nodes[n].parent : nodes[n].within)
			nodes[n].cut = 1;
	}
}

/*
 * A softirq of which nothing was recorded, or nothing of ours: a tick of the clock, or a frame for
 * another host of that machine. It came by chance.
 */
static int is_idle_softirq(int n)
{
	if (!strcmp(nodes[n].name, "do_softirq"))
		return nodes[n].end == n || is_idle_softirq(n + 1);
	return !strcmp(nodes[n].name, "__do_softirq") && !nodes[n].cut;
}

/* Skips calls; @r is the rule that says so, if one does. */
static void leave_out(int from, int to, struct rule *r)
{
	int i;

	if (r)
		r->used = 1;
	for (i = from; i <= to; i++)
		nodes[i].skipped = 1;
}

/*
 * How many frames a softirq finds, and in how many rounds, is a matter of speed: one round of
 * process_backlog() is held, the last ones count as done.
 */
static void leave_out_rounds(int n)
{
	int rounds = 0, i;

	for (i = n + 1; i <= nodes[n].end; i = nodes[i].end + 1) {
		rounds += !strcmp(nodes[i].name, "skb_queue_splice_tail_init");
		rounds += rounds && !strcmp(nodes[i].name, "__skb_dequeue");
		if (rounds > 2)
			leave_out(i, nodes[i].end, NULL);
	}
}

static void apply_left_out(void)
{
	int i, unit = 0;

	for (i = 0; i < nnodes; i++) {
		struct rule *r = rule_for(left_out, nleft_out, nodes[i].name);

		if (nodes[i].parent < 0)
			unit = i;
		if (!strcmp(nodes[i].name, "process_backlog"))
			leave_out_rounds(i);
		if (!r)
			continue;
		leave_out(r->how == '@' ? unit : i,
			  r->how == ' ' ? i :
			  r->how == '/' ? nodes[i].end :
					  nodes[unit].end,
			  r);
	}
	note_cut();
	for (i = 0; i < nnodes; i++)
		if (is_idle_softirq(i))
			leave_out(i, i, NULL);
}

static int fits(const struct rule *r, int n)
{
	const char *caller = nodes[n].parent < 0 ? "" : nodes[nodes[n].parent].name;

	return !strcmp(r->name, nodes[n].name) &&
	       (!r->recording[0] || !strcmp(r->recording, recording)) &&
	       (!strcmp(r->caller, "*") || !strcmp(r->caller, caller));
}

static void apply_differences(void)
{
	int i, k, n;

	for (i = 0; i < nnodes; i++) {
		for (k = 0; k < ndifferences && !nodes[i].skipped && !nodes[i].rule; k++) {
			if (!fits(&differences[k], i))
				continue;
			differences[k].used = 1;
			for (n = i; n <= (differences[k].how == '/' ? nodes[i].end : i); n++)
				if (!nodes[n].skipped)
					nodes[n].rule = k + 1;
		}
	}
}

#endif
