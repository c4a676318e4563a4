/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

/* Pages exist only as a unit: TCP's memory limits and sk_forward_alloc count in them. */
#include <linux/types.h>
#include <linux/slab.h>

#define PAGE_SHIFT    12
#define PAGE_SIZE     (1UL << PAGE_SHIFT)
#define PAGE_ALIGN(x) (((x) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))

struct page;

/*
 * Free memory of the machine in pages, from which tcp_mem and the hash tables
 * are sized. A fixed number, so that every run sees the same machine: that of
 * the recorded v4.9 kernel (see core/mm/slab.c).
 */
unsigned long nr_free_buffer_pages(void);

#endif
