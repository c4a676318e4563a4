/* SPDX-License-Identifier: GPL-2.0-only */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pages.h"

#define LARGE ((uintptr_t)2 << 20)

/* What the C library's heap gets at once, bytes. */
#define HEAP (16 << 20)

/* So much of it lies in small pages, bytes. */
#define BEFORE 4096U

static uintptr_t up(uintptr_t at)
{
	return (at + LARGE - 1) & ~(LARGE - 1);
}

/* The size of the large pages that hold @size bytes. */
size_t pages_whole(size_t size)
{
	return up(size);
}

/* The same as pages_map() at a place of the caller's, the beginning of a large page, if it is free. */
void *pages_map_at(uint64_t at, size_t size)
{
	void *room = mmap((void *)(uintptr_t)at, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (room == MAP_FAILED)
		return NULL;
	if ((uintptr_t)room != at) { /* a kernel that does not know the flag */
		munmap(room, size);
		return NULL;
	}
	(void)madvise(room, size, MADV_HUGEPAGE);
	return room;
}

/**
 * pages_map - zeroed memory that begins where a large page does
 * @size: bytes, a multiple of 2 MiB
 *
 * Where there are no large pages they are small ones.
 *
 * Return: the memory, NULL when there is none.
 */
void *pages_map(size_t size)
{
	uint8_t *room = mmap(NULL, size + LARGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uintptr_t begin;

	if (room == MAP_FAILED)
		return NULL;
	begin = up((uintptr_t)room);
	if (begin > (uintptr_t)room)
		munmap(room, begin - (uintptr_t)room);
	munmap((void *)(begin + size), (uintptr_t)room + LARGE - begin);
	(void)madvise((void *)begin, size, MADV_HUGEPAGE);
	return (void *)begin;
}

void pages_unmap(void *pages, size_t size)
{
	munmap(pages, size);
}

/*
 * The heap of the C library, which SQLite and the pools live in: one for all threads, instead of one a
 * thread that grows page by page, and its next megabytes in large pages.  What is freed stays with it.
 */
void pages_heap(void)
{
	static int done;
	uintptr_t first, begin, end;
	void *volatile room; /* or the compiler sees that nobody needs it */

	if (done++)
		return;
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, HEAP);
	mallopt(M_TRIM_THRESHOLD, 64 * HEAP);
	mallopt(M_TOP_PAD, HEAP / 2);
	first = (uintptr_t)sbrk(0);
	begin = up(first);
	/*
	 * Nothing lies in front of the first large page but what the allocator writes there before it
	 * becomes one: it respects what others take from the heap.
	 */
	if (begin - first > BEFORE)
		(void)sbrk((intptr_t)(begin - first - BEFORE));
	room = malloc(HEAP - 4096);
	free(room);
	end = (uintptr_t)sbrk(0) & ~(LARGE - 1);
	if (begin >= end)
		return;
	(void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
}
