/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine under the watched program: memory and stacks.  Not watched, as core/host is not. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "watched/watched.h"

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND                 0
#define VALGRIND_STACK_REGISTER(start, end) 0
#define VALGRIND_STACK_DEREGISTER(id)       ((void)(id))
#endif

static _Alignas(4096) unsigned char memory[1 << 20];
static size_t used;

#define STACK_SIZE (64 * 1024)
#define PAGE       4096 /* without rights, below each stack */

static struct {
	ucontext_t context;
	void *stack;
	unsigned int valgrind_id;
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

/* Fiber 0 is the caller's own stack; the others start in @run, on a stack that holds zeros. */
void machine_fiber(int which, void (*run)(void))
{
	if (fibers[which].stack) {
		VALGRIND_STACK_DEREGISTER(fibers[which].valgrind_id);
		munmap((char *)fibers[which].stack - PAGE, PAGE + STACK_SIZE);
	}
	fibers[which].stack = mmap(NULL, PAGE + STACK_SIZE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fibers[which].stack == MAP_FAILED || mprotect(fibers[which].stack, PAGE, PROT_NONE))
		abort();
	fibers[which].stack = (char *)fibers[which].stack + PAGE;
	fibers[which].valgrind_id = VALGRIND_STACK_REGISTER(
		fibers[which].stack, (char *)fibers[which].stack + STACK_SIZE);
	getcontext(&fibers[which].context);
	fibers[which].context.uc_stack.ss_sp = fibers[which].stack;
	fibers[which].context.uc_stack.ss_size = STACK_SIZE;
	makecontext(&fibers[which].context, run, 0);
}

/* Whether valgrind watches as well. */
int machine_valgrind(void)
{
	return RUNNING_ON_VALGRIND;
}

void machine_switch(int from, int to)
{
	swapcontext(&fibers[from].context, &fibers[to].context);
}
