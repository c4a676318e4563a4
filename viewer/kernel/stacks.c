/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Theory of operation
 *
 * An event's line is kept until its stack, the lines " => function+offset/size" below it, is complete.
 * For each process the calls that are open are kept, outermost first, each with the offset to which
 * the call in it returns. The new stack is laid beside them: as long as the names are the same, and the
 * callers would return to the same places, it is the same call. What is left of the open calls has
 * returned, what is left of the new stack has been entered since.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/kernel/stacks.h"

enum { DEEPEST = 128, PROCESSES = 8 };

struct frame {
	char name[64];
	unsigned long offset; /* to which the call in it returns */
};

struct process {
	char task[40]; /* "connect-1234", as the kernel writes it */
	struct frame open[DEEPEST];
	int depth;
};

/* An event's line, taken apart. */
struct event {
	char task[40], time[32], what[256];
	int cpu;
	struct frame stack[DEEPEST]; /* innermost first */
	int depth;
	int traced; /* a stack follows */
};

struct work {
	FILE *graph;
	const char *const *roots;
	struct stacks_counts *counts;
	struct process processes[PROCESSES];
	int nprocesses;
};

/* ---------------------------------------------------------------- what is written */

static void put(struct work *w, const struct event *e, const char *task, int depth)
{
	fprintf(w->graph, " %s |  %3d)  %-16s |               |  %*s", e->time, e->cpu, task,
		depth * 2, "");
}

static void leave(struct work *w, const struct event *e, struct process *p, int depth)
{
	while (p->depth > depth) {
		p->depth--;
		put(w, e, p->task, p->depth);
		fprintf(w->graph, "} /* %s */\n", p->open[p->depth].name);
	}
}

static void enter(struct work *w, const struct event *e, struct process *p,
		  const struct frame *frame)
{
	put(w, e, p->task, p->depth);
	fprintf(w->graph, "%s() {\n", frame->name);
	p->open[p->depth++] = *frame;
	w->counts->calls++;
}

/* ---------------------------------------------------------------- one event */

static struct process *process_of(struct work *w, const char *task)
{
	for (int i = 0; i < w->nprocesses; i++)
		if (!strcmp(w->processes[i].task, task))
			return &w->processes[i];
	if (w->nprocesses == PROCESSES)
		return NULL;
	strcpy(w->processes[w->nprocesses].task, task);
	return &w->processes[w->nprocesses++];
}

static int begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* The tracer's own functions, on top of every stack. */
static int of_tracer(const char *name)
{
	return begins(name, "trace_event_") || begins(name, "__traceiter_") ||
	       begins(name, "perf_trace_") || begins(name, "__bpf_trace_") ||
	       begins(name, "ftrace_");
}

/* Where the tree begins in the stack; -1: nowhere, or an interrupt came in between. */
static int find_root(const struct work *w, const struct event *e)
{
	for (const char *const *root = w->roots; *root; root++)
		for (int i = e->depth - 1; i >= 0; i--) {
			if (strcmp(e->stack[i].name, *root))
				continue;
			for (int k = i; k >= 0; k--)
				if (begins(e->stack[k].name, "asm_"))
					return -1;
			return i;
		}
	return -1;
}

static void take(struct work *w, struct event *e)
{
	struct process *p = process_of(w, e->task);
	int root = find_root(w, e), top = 0, same = 0;

	if (!p)
		return;
	if (!e->traced || root < 0) {
		w->counts->others++;
		/* The next system call begins a new tree. */
		if (begins(e->what, "sys_exit"))
			leave(w, e, p, 0);
		return;
	}
	w->counts->events++;
	while (top < root && of_tracer(e->stack[top].name))
		top++;
	while (same < p->depth && root - same >= top &&
	       !strcmp(p->open[same].name, e->stack[root - same].name) &&
	       (!same || p->open[same - 1].offset == e->stack[root - same + 1].offset))
		same++;
	leave(w, e, p, same);
	if (same)
		p->open[same - 1].offset = e->stack[root - same + 1].offset;
	for (int i = root - same; i >= top; i--)
		enter(w, e, p, &e->stack[i]);
	put(w, e, p->task, p->depth);
	fprintf(w->graph, "/* %s */\n", e->what);
}

/* ---------------------------------------------------------------- the lines */

/* "  connect-1234   [000] ..... 11978.282569: sys_enter: NR 42 (...)". Return: whether it is one. */
static int parse_event(const char *line, struct event *e)
{
	const char *cpu = strstr(line, " ["), *dots, *colon;
	char flags[16];
	int used = 0;

	if (*line == '#' || !cpu || sscanf(line, " %39[^ \n]", e->task) != 1 ||
	    sscanf(cpu, " [%d] %15s %n", &e->cpu, flags, &used) != 2 || !used)
		return 0;
	dots = cpu + used;
	colon = strstr(dots, ": ");
	if (!colon || colon - dots >= (long)sizeof(e->time))
		return 0;
	snprintf(e->time, sizeof(e->time), "%.*s", (int)(colon - dots), dots);
	if (begins(colon + 2, "<stack trace>")) {
		e->traced = 1;
		return 1;
	}
	snprintf(e->what, sizeof(e->what), "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
	return 1;
}

/* " => tcp_v4_connect+0x44a/0x540". Return: whether it is one. */
static int parse_frame(const char *line, struct event *e)
{
	struct frame *frame = &e->stack[e->depth];

	if (!begins(line, " => ") || e->depth == DEEPEST ||
	    sscanf(line + 4, "%63[^+ \n]+%lx", frame->name, &frame->offset) < 1)
		return 0;
	e->depth++;
	return 1;
}

int stacks_to_graph(FILE *events, FILE *graph, const char *const *roots,
		    struct stacks_counts *counts)
{
	struct work *w = calloc(1, sizeof(*w));
	struct event *e = calloc(1, sizeof(*e));
	char *line = NULL;
	size_t room = 0;
	int held = 0, in_buffer, written;

	if (!w || !e) {
		free(w);
		free(e);
		return -ENOMEM;
	}
	*counts = (struct stacks_counts){ 0 };
	*w = (struct work){ .graph = graph, .roots = roots, .counts = counts };
	fputs("# tracer: function_graph\n#\n"
	      "#     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS\n"
	      "#      |          |     |    |           |   |                     |   |   |   |\n",
	      graph);
	while (getline(&line, &room, events) >= 0) {
		if (parse_frame(line, e))
			continue;
		if (sscanf(line, "# entries-in-buffer/entries-written: %d/%d", &in_buffer,
			   &written) == 2)
			counts->lost = written - in_buffer;
		/* The stack's own headline belongs to the event that is held. */
		if (held && !e->traced && strstr(line, ": <stack trace>")) {
			parse_event(line, e);
			continue;
		}
		if (held)
			take(w, e);
		e->depth = e->traced = 0;
		held = parse_event(line, e);
	}
	if (held)
		take(w, e);
	for (int i = 0; i < w->nprocesses; i++)
		leave(w, e, &w->processes[i], 0);
	free(line);
	free(w);
	free(e);
	return ferror(events) ? -EIO : 0;
}
