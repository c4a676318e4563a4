/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BOOTMEM_H
#define _LINUX_BOOTMEM_H

#include <linux/mm.h>

/*
 * A hash table at boot: 1 << @_hash_shift buckets of @bucketsize bytes, zeroed
 * (mm/page_alloc.c). @numentries 0 asks for a size by memory, here @high_limit.
 */
void *alloc_large_system_hash(const char *tablename, unsigned long bucketsize,
			      unsigned long numentries, int scale, int flags,
			      unsigned int *_hash_shift, unsigned int *_hash_mask,
			      unsigned long low_limit, unsigned long high_limit);

#endif
