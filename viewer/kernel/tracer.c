/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "viewer/kernel/tracefs.h"
#include "viewer/kernel/tracer.h"
#include "viewer/problem.h"

const char *const tracer_names[TRACERS] = { "function_graph", "function", "events" };

/*
 * Where the graph begins: the system call, by its name in newer and older kernels, and a frame's way
 * up from the TAP.
 */
static const char *const calls[] = { "__x64_sys_connect", "SyS_connect", "sys_connect" };
static const char *const frames[] = { "tun_get_user", "tun_chr_write_iter" };

/*
 * Whole systems of tracepoints: the network's own, and those of what it uses, for a stack shows all
 * the functions above its tracepoint, whatever that one is about.
 */
static const char *const systems[] = {
	"raw_syscalls", "sock", "skb", "net",   "tcp",   "udp",  "icmp", "neigh", "fib",
	"qdisc",        "napi", "irq", "timer", "sched", "kmem", "task", "rcu",   "page_pool",
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* One refusal, and how far the setup came. */
struct setup {
	struct tracer *tracer;
	struct tracefs *fs;
	char *why;
	size_t room;
	int failed;
};

static void refuse(struct setup *s, const char *file, int error)
{
	if (s->failed++)
		return;
	snprintf(s->why, s->room, "%s: %s", file, strerror(-error));
}

/* Writes a setting of the tracer; after a refusal nothing more. */
static void set(struct setup *s, const char *file, const char *text)
{
	int error;

	if (s->failed)
		return;
	if (s->tracer->dir == s->fs->root)
		error = tracefs_set(s->fs, file, text);
	else
		error = tracefs_write(s->tracer->dir, file, text);
	if (error)
		refuse(s, file, error);
}

/* Options that some kernels do not have, and that can be done without. */
static void wish(struct setup *s, const char *file, const char *text)
{
	int failed = s->failed;

	set(s, file, text);
	s->failed = failed;
	if (!failed)
		s->why[0] = '\0';
}

static void set_pids(struct setup *s, const char *file, const pid_t *pids, int count)
{
	char text[16];

	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%d", (int)pids[i]);
		set(s, file, text);
	}
}

/* Adds the first of some functions that the kernel has. */
static void set_first(struct setup *s, const char *file, const char *const *names, size_t count)
{
	struct setup before = *s;

	for (size_t i = 0; i < count; i++) {
		*s = before;
		set(s, file, names[i]);
		if (!s->failed)
			return;
	}
}

static int offers(const char *dir, const char *name)
{
	char text[256], *word, *rest = text;

	if (tracefs_read(dir, "available_tracers", text, sizeof(text)))
		return 0;
	while ((word = strsep(&rest, " \n")))
		if (!strcmp(word, name))
			return 1;
	return 0;
}

/* Whether the tracing files outside of our instance are in nobody's use. */
static int idle(struct tracefs *fs)
{
	char text[64];

	return !tracefs_read(fs->root, "current_tracer", text, sizeof(text)) &&
	       !strcmp(text, "nop") && !tracefs_read(fs->root, "set_event", text, sizeof(text)) &&
	       !*text && !tracefs_read(fs->root, "set_graph_function", text, sizeof(text)) &&
	       *text == '#';
}

static void common(struct setup *s)
{
	set(s, "tracing_on", "0");
	set(s, "buffer_size_kb", "16384");
	/* The clock that the packets' times are taken from. */
	set(s, "trace_clock", "mono");
}

static void try_graph(struct setup *s, const pid_t *pids, int count)
{
	if (offers(s->fs->instance, "function_graph")) {
		s->tracer->dir = s->fs->instance;
	} else if (!offers(s->fs->root, "function_graph")) {
		snprintf(s->why, s->room, "available_tracers: not in this kernel");
		s->failed = 1;
		return;
	} else if (!idle(s->fs)) {
		snprintf(s->why, s->room, "somebody else traces; instances have no function_graph");
		s->failed = 1;
		return;
	} else {
		s->tracer->dir = s->fs->root;
	}
	common(s);
	set_pids(s, "set_ftrace_pid", pids, count);
	set_first(s, "set_graph_function", calls, LENGTH(calls));
	set_first(s, "set_graph_function", frames, LENGTH(frames));
	set(s, "current_tracer", "function_graph");
	/* Interrupts that came in between are not the connect's. */
	wish(s, "options/funcgraph-irqs", "0");
	wish(s, "set_graph_notrace", "irq_enter_rcu");
	wish(s, "set_graph_notrace", "irq_exit_rcu");
	wish(s, "set_graph_notrace", "__irq_exit_rcu");
	set(s, "options/funcgraph-abstime", "1");
	set(s, "options/funcgraph-proc", "1");
	set(s, "options/funcgraph-tail", "1");
}

static void try_function(struct setup *s, const pid_t *pids, int count)
{
	s->tracer->dir = s->fs->instance;
	if (!offers(s->tracer->dir, "function")) {
		snprintf(s->why, s->room, "available_tracers: not in this kernel");
		s->failed = 1;
		return;
	}
	common(s);
	set_pids(s, "set_ftrace_pid", pids, count);
	set(s, "current_tracer", "function");
}

static void try_events(struct setup *s, const pid_t *pids, int count)
{
	char file[64];
	int enabled = 0;

	s->tracer->dir = s->fs->instance;
	common(s);
	set_pids(s, "set_event_pid", pids, count);
	set(s, "options/stacktrace", "1");
	/* Two calls of a function from different places are told apart by where they return to. */
	set(s, "options/sym-offset", "1");
	for (size_t i = 0; !s->failed && i < LENGTH(systems); i++) {
		snprintf(file, sizeof(file), "events/%s/enable", systems[i]);
		enabled += !tracefs_write(s->tracer->dir, file, "1");
	}
	if (!s->failed && !enabled) {
		snprintf(s->why, s->room, "events: none can be enabled");
		s->failed = 1;
	}
}

/* Leaves the files as a refused tracer found them, for the next one. */
static void undo(struct setup *s)
{
	static const char *const files[] = { "set_ftrace_pid", "set_event_pid" };

	if (s->tracer->dir != s->fs->instance)
		return;
	tracefs_write(s->tracer->dir, "current_tracer", "nop");
	for (size_t i = 0; i < LENGTH(files); i++)
		tracefs_write(s->tracer->dir, files[i], "");
}

int tracer_choose(struct tracer *tracer, struct tracefs *fs, enum tracer_kind only,
		  const pid_t *pids, int count, struct peer_problem *problem)
{
	static void (*const tries[TRACERS])(struct setup *, const pid_t *,
					    int) = { try_graph, try_function, try_events };

	char why[200];

	*tracer = (struct tracer){ 0 };
	for (int kind = 0; kind < TRACERS; kind++) {
		struct setup s = { .tracer = tracer,
				   .fs = fs,
				   .why = tracer->refused[kind],
				   .room = sizeof(tracer->refused[kind]) };

		if (only != TRACERS && only != (enum tracer_kind)kind)
			continue;
		tries[kind](&s, pids, count);
		if (!s.failed) {
			tracer->kind = (enum tracer_kind)kind;
			return 0;
		}
		undo(&s);
	}
	snprintf(why, sizeof(why), "refused: %s",
		 tracer->refused[only == TRACERS ? TRACER_EVENTS : only]);
	return problem_say(problem, "tracing", why,
			   "the kernel may be locked down; synwalk kernel --guest boots one that is"
			   " not");
}

int tracer_run(const struct tracer *tracer, int on)
{
	return tracefs_write(tracer->dir, "tracing_on", on ? "1" : "0");
}
