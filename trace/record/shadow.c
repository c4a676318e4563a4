/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow stacks: what is open in each task of the watched program.
 *
 * A task is known by the address of the struct that describes it (0 stands for whatever ran
 * before the first switch).  Frames are found by the slot their return address lay in, which
 * belongs to one stack only; so a function that never returns (a longjmp, a task that ended)
 * confuses nobody: the frames above the one that does return are dropped.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "hooks.h"

/*
 * Address space for the frames of a task, at first: more than fit on a task's stack.  It is mapped,
 * not allocated: where a recursion runs out of its stack it must not be malloc() that it finds.
 */
#define FRAMES (1 << 15)

static struct shadow *shadows;

/* The shadow stack of @task, an empty new one when it has none yet. */
struct shadow *shadow_of(uint64_t task)
{
	struct shadow *shadow;

	for (shadow = shadows; shadow; shadow = shadow->next)
		if (shadow->task == task)
			return shadow;
	shadow = calloc(1, sizeof(*shadow));
	if (!shadow)
		abort();
	shadow->room = FRAMES;
	shadow->frames = mmap(NULL, FRAMES * sizeof(*shadow->frames), PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (shadow->frames == MAP_FAILED)
		abort();
	shadow->task = task;
	shadow->next = shadows;
	shadows = shadow;
	return shadow;
}

/* The task is gone, or its memory is about to become another task: nothing of it will return. */
void shadow_forget(uint64_t task)
{
	for (struct shadow **link = &shadows; *link; link = &(*link)->next) {
		struct shadow *shadow = *link;

		if (shadow->task != task || shadow == hooks.current)
			continue;
		*link = shadow->next;
		munmap(shadow->frames, (size_t)shadow->room * sizeof(*shadow->frames));
		free(shadow);
		return;
	}
}

/* Before the image is given back: open frames keep only where they return to. */
void shadow_forget_functions(void)
{
	for (struct shadow *shadow = shadows; shadow; shadow = shadow->next)
		for (int i = 0; i < shadow->depth; i++)
			shadow->frames[i].function = NULL;
}

/*
 * A function begins whose return address lies in @slot.  Stacks grow down: whatever is noted at
 * or below that place has gone without a return, be it that a new task took over the stack.
 */
struct shadow_frame *shadow_push(struct shadow *shadow, const uint64_t *slot)
{
	while (shadow->depth && shadow->frames[shadow->depth - 1].slot <= slot)
		shadow->depth--;
	if (shadow->depth == shadow->room) {
		size_t size = (size_t)shadow->room * sizeof(*shadow->frames);

		shadow->frames = mremap(shadow->frames, size, 2 * size, MREMAP_MAYMOVE);
		if (shadow->frames == MAP_FAILED)
			abort();
		shadow->room *= 2;
	}
	return &shadow->frames[shadow->depth++];
}

/*
 * The frame whose return address lay in @slot, which becomes the top of its stack; *@current
 * becomes that stack.  NULL if no watched function was entered there.
 */
struct shadow_frame *shadow_find(struct shadow **current, const uint64_t *slot)
{
	struct shadow *shadow = *current;

	for (int round = 0; shadow; round++) {
		for (int i = shadow->depth - 1; i >= 0; i--) {
			if (shadow->frames[i].slot != slot)
				continue;
			shadow->depth = i + 1;
			*current = shadow;
			return &shadow->frames[i];
		}
		shadow = round ? shadow->next : shadows;
	}
	return NULL;
}
