/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine under the watched program: memory and stacks.  Not watched, as core/host is not. */
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "watched/watched.h"

static _Alignas(4096) unsigned char memory[1 << 20];
static size_t used;

static struct {
	ucontext_t context;
	_Alignas(16) unsigned char stack[64 * 1024];
} fibers[3];

/* Zeroed memory at addresses that repeat from run to run. */
void *machine_alloc(size_t size)
{
	void *start = memory + used;

	used += (size + 15) & ~(size_t)15;
	if (used > sizeof(memory))
		abort();
	return start;
}

void machine_reset(void)
{
	memset(memory, 0, used);
	used = 0;
}

/* Fiber 0 is the caller's own stack; the others start in @run. */
void machine_fiber(int which, void (*run)(void))
{
	memset(fibers[which].stack, 0, sizeof(fibers[which].stack));
	getcontext(&fibers[which].context);
	fibers[which].context.uc_stack.ss_sp = fibers[which].stack;
	fibers[which].context.uc_stack.ss_size = sizeof(fibers[which].stack);
	makecontext(&fibers[which].context, run, 0);
}

void machine_switch(int from, int to)
{
	swapcontext(&fibers[from].context, &fibers[to].context);
}
