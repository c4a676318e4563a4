/* SPDX-License-Identifier: GPL-2.0-only */

/* Many independent jobs, each in a process of its own. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "labs/pool.h"

/* One job: its process, and the file that its words go to. */
struct slot {
	pid_t pid;
	FILE *out;
	int status;
	int ended;
	long cpu_ms;
};

static int begin(const struct pool *p, struct slot *s, int i)
{
	s->out = tmpfile();
	if (!s->out)
		return -1;
	fflush(NULL);
	s->pid = fork();
	if (s->pid)
		return s->pid < 0 ? -1 : 0;
	{
		int status = p->job(p->ctx, i, s->out);

		_exit(fflush(s->out) ? 2 : status);
	}
}

static void tell(const struct pool *p, struct slot *s, int i)
{
	char *text = NULL;
	long size;

	if (s->out && !fseek(s->out, 0, SEEK_END) && (size = ftell(s->out)) >= 0) {
		text = calloc(1, (size_t)size + 1);
		rewind(s->out);
		if (text && fread(text, 1, (size_t)size, s->out) != (size_t)size)
			*text = 0;
	}
	p->done(p->ctx, i, &(struct pool_end){ s->status, text ? text : "", s->cpu_ms });
	free(text);
	if (s->out)
		fclose(s->out);
	s->out = NULL;
}

static long milliseconds(struct timeval t)
{
	return t.tv_sec * 1000 + t.tv_usec / 1000;
}

/* Waits for one of them. */
static int reap(struct slot *slots, int begun)
{
	struct rusage used;
	int status;
	pid_t pid;

	do {
		pid = wait4(-1, &status, 0, &used);
	} while (pid < 0 && errno == EINTR);
	for (int i = 0; pid > 0 && i < begun; i++) {
		if (slots[i].pid != pid || slots[i].ended)
			continue;
		slots[i].ended = 1;
		slots[i].status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		slots[i].cpu_ms = milliseconds(used.ru_utime) + milliseconds(used.ru_stime);
		return 1;
	}
	return pid > 0 ? 0 : -1;
}

int pool_run(const struct pool *p)
{
	struct slot *slots = calloc((size_t)p->count + 1, sizeof(*slots));
	int begun = 0, running = 0, told = 0, failed = 0;
	long most = p->at_once ? (long)p->at_once : sysconf(_SC_NPROCESSORS_ONLN);

	if (!slots)
		return -1;
	for (int i = 0; i < p->count; i++)
		slots[i].status = -1;
	while (told < p->count) {
		while (!failed && begun < p->count && running < most) {
			failed = begin(p, &slots[begun], begun);
			running += !failed;
			begun += !failed;
		}
		if (running) {
			int got = reap(slots, begun);

			if (got < 0)
				break;
			running -= got;
		}
		while (told < p->count && (slots[told].ended || (failed && told >= begun))) {
			tell(p, &slots[told], told);
			told++;
		}
	}
	free(slots);
	return failed ? -1 : 0;
}
