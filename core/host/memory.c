/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/*
 * The machine's memory: pages from the operating system, stacks with a guard
 * page, and what sanitizers and valgrind must be told so that they see our
 * objects and our stacks as they see malloc's and the threads'.
 */
#include "../include/host/host.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#include <valgrind/valgrind.h>
#define HAVE_VALGRIND 1
#endif
#endif
#ifndef HAVE_VALGRIND
#define HAVE_VALGRIND 0
#endif

#if HAVE_VALGRIND && !defined(__SANITIZE_ADDRESS__)
/* Asked once: a request to valgrind costs some instructions even when nobody listens. */
static int on_valgrind;

__attribute__((constructor)) static void look_for_valgrind(void)
{
	on_valgrind = RUNNING_ON_VALGRIND > 0;
}
#endif

static size_t page_round(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) & ~(page - 1);
}

/*
 * Where the next pages are asked for; NULL: wherever the host likes. Where everything is told, it is told
 * whether bytes hold an address; those of a packet may be like one by chance. So that this chance is the same
 * in every run, all lies one behind the other, at a place where a process has nothing else; when it has, the
 * host chooses.
 */
#ifdef HOST_CLEAN_MEMORY
static char *place = (char *)0x6bc000000000;
#else
static char *place;
#endif

static void place_taken(char *p, size_t size)
{
	if (p == place)
		place += size;
}

/* What was mapped last may be mapped again. */
static void place_left(char *p, size_t size)
{
	if (p + size == place)
		place = p;
}

/*
 * Pages, and one without rights above them. Where the host puts two mappings is
 * chance; with a gap between them the end of one is never the start of another,
 * and a pointer to an end (skb->end, a new task's stack) means the same in every
 * run.
 */
static char *map_apart(size_t size, int flags)
{
	size_t page = page_round(1);
	char *p = mmap(place, size + page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if (mprotect(p + size, page, PROT_NONE)) {
		munmap(p, size + page);
		return NULL;
	}
	place_taken(p, size + page);
	return p;
}

#ifdef HOST_CLEAN_MEMORY
/*
 * Where everything is told, all memory that is asked for will be written to, and to get its pages one at
 * a time costs twenty times as much.  So the first requests, which are all that a connect needs, share
 * one large page, with a small one between each two; what comes later comes with its pages.  The plain
 * build would rather not wait for them in the middle of a connect.
 */
#define LARGE (2UL << 20)

static struct {
	char *start;
	size_t used;
	unsigned int pieces;
} large;

static char *large_round(char *p)
{
	return (char *)(((unsigned long)p + LARGE - 1) & ~(LARGE - 1));
}

static char *large_start(void)
{
	char *room, *start;

	place = large_round(place);
	room = mmap(place, 2 * LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	start = large_round(room);
	if (room == MAP_FAILED)
		return NULL;
	if (start > room)
		munmap(room, (size_t)(start - room));
	munmap(start + LARGE, (size_t)(room + LARGE - start));
	place_taken(start, LARGE);
	(void)madvise(start, LARGE, MADV_HUGEPAGE);
	return start;
}

static char *large_piece(size_t size)
{
	size_t page = page_round(1);
	char *p;

	if (size + page > LARGE - large.used)
		return NULL;
	if (!large.start)
		large.start = large_start();
	if (!large.start)
		return NULL;
	p = large.start + large.used;
	large.used += size + page;
	large.pieces++;
	return p;
}

/* When the last piece is given back, all of it goes: who maps next finds zeros. */
static int large_unmap(const char *p)
{
	if (!large.start || p < large.start || p >= large.start + LARGE)
		return 0;
	if (!--large.pieces) {
		munmap(large.start, LARGE);
		place_left(large.start, LARGE);
		large.start = NULL;
		large.used = 0;
	}
	return 1;
}

void *host_map(size_t size)
{
	char *p = large_piece(page_round(size));

	if (!p)
		p = map_apart(page_round(size), 0);
	if (p && size <= LARGE)
		(void)madvise(p, page_round(size), MADV_POPULATE_WRITE);
	return p;
}
#else
static int large_unmap(const char *p)
{
	(void)p;
	return 0;
}

void *host_map(size_t size)
{
	return map_apart(page_round(size), 0);
}
#endif

void host_unmap(void *addr, size_t size)
{
	host_mem_allow(addr, page_round(size));
	if (large_unmap(addr))
		return;
	munmap(addr, page_round(size) + page_round(1));
	place_left(addr, page_round(size) + page_round(1));
}

void host_mem_forbid(const void *addr, size_t size)
{
#if defined(__SANITIZE_ADDRESS__)
	__asan_poison_memory_region(addr, size);
#elif HAVE_VALGRIND
	if (on_valgrind)
		VALGRIND_MAKE_MEM_NOACCESS(addr, size);
#else
	(void)addr;
	(void)size;
#endif
}

void host_mem_allow(const void *addr, size_t size)
{
#if defined(__SANITIZE_ADDRESS__)
	__asan_unpoison_memory_region(addr, size);
#elif HAVE_VALGRIND
	if (on_valgrind)
		VALGRIND_MAKE_MEM_DEFINED(addr, size);
#else
	(void)addr;
	(void)size;
#endif
}

/*
 * Where everything is told (HOST_CLEAN_MEMORY: the watched build), so is what was here before, as a
 * store's old value; the addresses in it would make equal runs differ. Zeros are equal in all.
 */
void host_mem_fresh(void *addr, size_t size)
{
#ifdef HOST_CLEAN_MEMORY
	memset(addr, 0, size);
#endif
#if defined(__SANITIZE_ADDRESS__)
	__asan_unpoison_memory_region(addr, size);
#elif HAVE_VALGRIND
	if (on_valgrind)
		VALGRIND_MAKE_MEM_UNDEFINED(addr, size);
#else
	(void)addr;
	(void)size;
#endif
}

void host_zero(void *addr, size_t size)
{
	memset(addr, 0, size);
}

/* One page below the stack stays without rights: who runs over the end faults there. */
void *host_stack_alloc(size_t size)
{
	size_t page = page_round(1);
	char *p = map_apart(page + size, MAP_NORESERVE | MAP_STACK);

	if (!p)
		return NULL;
	if (mprotect(p, page, PROT_NONE)) {
		munmap(p, page + size + page);
		return NULL;
	}
#if HAVE_VALGRIND
	/* The id goes into the guard's neighbour, the lowest word, which no stack reaches alive. */
	*(unsigned int *)(p + page) = VALGRIND_STACK_REGISTER(p + page, p + page + size);
#endif
	return p + page;
}

void host_stack_free(void *stack, size_t size)
{
	size_t page = page_round(1);

	host_mem_allow(stack, size);
#if HAVE_VALGRIND
	VALGRIND_STACK_DEREGISTER(*(unsigned int *)stack);
#endif
	munmap((char *)stack - page, page + size + page);
}

void host_fiber_switch_begin(void **save, const void *bottom, size_t size)
{
#if defined(__SANITIZE_ADDRESS__)
	__sanitizer_start_switch_fiber(save, bottom, size);
#else
	(void)save;
	(void)bottom;
	(void)size;
#endif
}

void host_fiber_switch_end(void *save)
{
#if defined(__SANITIZE_ADDRESS__)
	__sanitizer_finish_switch_fiber(save, NULL, NULL);
#else
	(void)save;
#endif
}

/*
 * Its lowest pages are not told: the C library's idea of a main thread's size moves by some pages
 * with where the kernel put it, and a trace shows the size. A power of two below it stays.
 */
#define STACK_SLACK (256 << 10)

void host_stack_bounds(void **stack, size_t *size)
{
	size_t whole = 0, kept = 4096;
	pthread_attr_t attr;
	void *bottom;

	*stack = NULL;
	*size = 0;
	if (pthread_getattr_np(pthread_self(), &attr))
		return;
	pthread_attr_getstack(&attr, &bottom, &whole);
	pthread_attr_destroy(&attr);
	while (whole > STACK_SLACK && kept <= (whole - STACK_SLACK) / 2)
		kept *= 2;
	*size = kept < whole ? kept : whole;
	*stack = (char *)bottom + whole - *size;
}
