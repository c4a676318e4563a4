/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The script's user tasks. Each lives in the core and sleeps there until a line gives it a job;
 * all of them share their descriptors, as the threads of one program do.
 */

#include <stdio.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/play.h"

static void task_main(void *arg)
{
	struct task *t = arg;

	for (;;) {
		while (!t->job)
			core_park();
		t->job(t);
		t->job = NULL;
	}
}

struct task *task_named(struct play *p, const char *name, struct at at)
{
	struct task *t;

	if (!name)
		name = "main";
	for (int i = 0; i < p->ntasks; i++) {
		if (!strcmp(p->tasks[i].name, name))
			return &p->tasks[i];
	}
	if (p->ntasks == PLAY_TASKS) {
		play_fail(p, PLAY_TROUBLE, at, "task %s: expected %d tasks at most", name,
			  PLAY_TASKS);
		return NULL;
	}
	t = &p->tasks[p->ntasks];
	t->play = p;
	t->name = name;
	if (p->ntasks == 0)
		t->pid = core_task(name, task_main, t);
	else
		t->pid = core_thread(name, task_main, t, p->tasks[0].pid);
	if (t->pid < 0) {
		play_fail(p, PLAY_TROUBLE, at, "task %s: the core is out of memory", name);
		return NULL;
	}
	p->ntasks++;
	core_run_until(*core_clock());
	return t;
}

static int task_busy(void *ctx)
{
	const struct task *t = ctx;

	return t->job != NULL;
}

void task_start(struct task *t, void (*job)(struct task *t))
{
	t->job = job;
	core_unpark(t->pid);
	task_finish(t, *core_clock());
}

void task_finish(struct task *t, uint64_t until_ns)
{
	if (t->job)
		core_run_while(task_busy, t, until_ns);
}
