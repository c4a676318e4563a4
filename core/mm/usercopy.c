/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: arch/x86/lib/usercopy_64.c */
/*
 * User memory (arch/x86/lib/usercopy_64.c, mm/): pieces that tasks got from
 * core_user_alloc(). A pointer that a task passes to a system call is good if it
 * lies, with its length, wholly in one of these pieces. The kernel finds a bad
 * one by a page fault; here a table of the pieces is asked, with the same answer
 * to the caller: so many bytes could not be copied.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <host/host.h>
#include <trace/events.h>

/* Bytes asked of the host at a time, at least: a device's buffer takes 64 of these 256 KB. */
#define USER_CHUNK_SIZE (256UL * 1024)
#define USER_ALIGN      16UL
/* Bytes at the end of an area that are never handed out: areas that happen to touch stay apart. */
#define USER_GUARD 4096UL

/**
 * struct user_area - memory of tasks
 * @list: among all areas
 * @start: first byte, from the host
 * @size: bytes
 * @used: bytes handed out: only these are good addresses
 */
struct user_area {
	struct list_head list;
	char *start;
	size_t size;
	size_t used;
};

static LIST_HEAD(user_areas);

static struct user_area *add_user_area(size_t size)
{
	struct user_area *area = kzalloc_type(struct user_area, GFP_KERNEL);

	if (!area)
		return NULL;
	area->size = max(ALIGN(size + USER_GUARD, 4096UL), USER_CHUNK_SIZE);
	area->start = host_map(area->size);
	if (!area->start) {
		kfree(area);
		return NULL;
	}
	/* The newest first: it is the one with room. */
	list_add(&area->list, &user_areas);
	return area;
}

/* Zeroed bytes of user memory, aligned to 16; NULL when memory is out. */
void *user_memory_alloc(size_t size)
{
	size_t need = ALIGN(max_t(size_t, size, 1), USER_ALIGN);
	struct user_area *area = list_first_entry_or_null(&user_areas, struct user_area, list);
	void *p;

	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	if (!area || area->size - area->used < need + USER_GUARD)
		area = add_user_area(need);
	if (!area)
		return NULL;
	p = area->start + area->used;
	area->used += need;
	trace_kmem_alloc(p, size, "");
	return p;
}

int __access_ok(const void __user *addr, unsigned long size)
{
	const char *p = addr;
	struct user_area *area;

	list_for_each_entry(area, &user_areas, list)
		if (p >= area->start && p < area->start + area->used)
			return size <= (unsigned long)(area->start + area->used - p);
	return 0;
}

unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	if (n && !__access_ok(from, n))
		return n;
	memcpy(to, from, n);
	return 0;
}

unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	if (n && !__access_ok(to, n))
		return n;
	memcpy(to, from, n);
	return 0;
}

void user_memory_init(void)
{
	INIT_LIST_HEAD(&user_areas);
}

void user_memory_exit(void)
{
	struct user_area *area, *tmp;

	list_for_each_entry_safe(area, tmp, &user_areas, list) {
		host_unmap(area->start, area->size);
		list_del(&area->list);
		kfree(area);
	}
}
