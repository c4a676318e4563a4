/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BOOTMEM_H
#define _LINUX_BOOTMEM_H

#include <linux/mm.h>

/*
 * A hash table at boot (mm/page_alloc.c): buckets of type @type, all zero; it cannot fail, but panic.
 * @tablename: for the message
 * @numentries: how many buckets; 0: one for each 2^@scale bytes of the machine's memory
 * @_hash_shift, @_hash_mask: get log2 of the number taken, and the number minus one; may be NULL
 * @low_limit, @high_limit: the least and the most; 0 for @high_limit: a sixteenth of memory
 */
#define alloc_large_system_hash(tablename, type, numentries, scale, _hash_shift, _hash_mask,  \
				low_limit, high_limit)                                        \
	((type *)__alloc_large_system_hash(tablename, #type, sizeof(type), numentries, scale, \
					   _hash_shift, _hash_mask, low_limit, high_limit))

/* Behind alloc_large_system_hash(): @type is "struct x" as written in the source. */
void *__alloc_large_system_hash(const char *tablename, const char *type, unsigned long bucketsize,
				unsigned long numentries, int scale, unsigned int *_hash_shift,
				unsigned int *_hash_mask, unsigned long low_limit,
				unsigned long high_limit);

#endif
