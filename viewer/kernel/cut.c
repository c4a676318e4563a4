/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/kernel/cut.h"

enum { PROCESSES = 8 };

/* A process, and who called the root that it is in; "" outside of one. */
struct inside {
	char task[40], caller[64];
};

/* "  connect-78  [000] ..... 16.602761: __x64_sys_connect <-do_syscall_64" */
struct line {
	char task[40], flags[16], function[64], caller[64];
};

static int parse(const char *text, struct line *line)
{
	const char *cpu = strstr(text, " [");

	return *text != '#' && cpu && sscanf(text, " %39[^ \n]", line->task) == 1 &&
	       sscanf(cpu, " [%*d] %15s %*s %63s <-%63s", line->flags, line->function,
		      line->caller) == 3;
}

static struct inside *find(struct inside *all, const char *task)
{
	for (int i = 0; i < PROCESSES; i++) {
		if (!all[i].task[0])
			strcpy(all[i].task, task);
		if (!strcmp(all[i].task, task))
			return &all[i];
	}
	return NULL;
}

/* Whether the caller is of those that stand above a root: the way into and out of a system call. */
static int above(const char *caller)
{
	static const char *const names[] = { "do_syscall_64", "x64_sys_call", "vfs_write",
					     "new_sync_write", "ksys_write" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(caller, names[i]))
			return 1;
	return !strncmp(caller, "syscall_exit", 12) || !strncmp(caller, "exit_to_user", 12);
}

static int is_root(const char *const *roots, const char *function)
{
	while (*roots && strcmp(*roots, function))
		roots++;
	return *roots != NULL;
}

int cut_functions(FILE *whole, FILE *calls, const char *const *roots)
{
	struct inside all[PROCESSES] = { 0 }, *in;
	struct line line;
	char *text = NULL;
	size_t room = 0;

	while (getline(&text, &room, whole) >= 0) {
		if (*text == '#')
			fputs(text, calls);
		if (!parse(text, &line) || !(in = find(all, line.task)))
			continue;
		/* The third flag: h or H in an interrupt. */
		if (strlen(line.flags) > 2 && strchr("hHzZ", line.flags[2]))
			continue;
		if (in->caller[0] && (!strcmp(line.caller, in->caller) || above(line.caller)))
			in->caller[0] = '\0';
		if (!in->caller[0] && is_root(roots, line.function))
			strcpy(in->caller, line.caller);
		if (in->caller[0])
			fputs(text, calls);
	}
	free(text);
	return ferror(whole) ? -EIO : 0;
}
