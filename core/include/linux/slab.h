/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

/*
 * Memory for kernel objects. A cache hands out objects of one size and names
 * their type, which is how a trace can call an object tcp_sock#1. Addresses
 * come in the same order in every run; see core/mm/slab.c.
 */
#include <linux/gfp.h>
#include <linux/types.h>

#define SLAB_HWCACHE_ALIGN  0x00002000UL
#define SLAB_PANIC          0x00040000UL /* failing to create the cache stops the boot */
#define SLAB_DESTROY_BY_RCU 0x00080000UL
#define SLAB_ACCOUNT        0x04000000UL

#define KMALLOC_MAX_SIZE (1UL << 30)
#define SMP_CACHE_BYTES  64
#define L1_CACHE_BYTES   64

struct kmem_cache;

/*
 * kmem_cache_create - a cache of objects of @size bytes
 * @name: name of the objects' type as DWARF has it ("tcp_sock"), or "" for bytes
 * Returns NULL when memory is out. The cache lives until the world is shut down.
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, unsigned long flags);
void kmem_cache_destroy(struct kmem_cache *cachep);
/* An object, zeroed if @flags has __GFP_ZERO; NULL when memory is out. */
void *kmem_cache_alloc(struct kmem_cache *cachep, gfp_t flags);
void kmem_cache_free(struct kmem_cache *cachep, void *objp);
unsigned int kmem_cache_size(const struct kmem_cache *cachep);

static inline void *kmem_cache_zalloc(struct kmem_cache *cachep, gfp_t flags)
{
	return kmem_cache_alloc(cachep, flags | __GFP_ZERO);
}

#define KMEM_CACHE(__struct, __flags) \
	kmem_cache_create(#__struct, sizeof(struct __struct), (__flags))

/* Bytes without a type. The room given may be larger than asked for: ksize(). */
void *kmalloc(size_t size, gfp_t flags);
void kfree(const void *objp);
/* The whole usable size of what kmalloc() gave: 512 for any request of 257..512 bytes. */
size_t ksize(const void *objp);
/* Behind kmalloc_type(): @type is "struct x" as written in the source. */
void *__kmalloc_type(size_t size, gfp_t flags, const char *type);

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	if (size != 0 && n > KMALLOC_MAX_SIZE / size)
		return NULL;
	return kmalloc(n * size, flags | __GFP_ZERO);
}

void *kmemdup(const void *src, size_t len, gfp_t gfp);
char *kstrdup(const char *s, gfp_t gfp);

/* One object of a struct type, and an array of them, by name: kzalloc_type(struct sock, GFP_KERNEL). */
#define kmalloc_type(type, gfp) ((type *)__kmalloc_type(sizeof(type), (gfp), #type))
#define kzalloc_type(type, gfp) kmalloc_type(type, (gfp) | __GFP_ZERO)
#define kcalloc_type(n, type, gfp) \
	((type *)__kmalloc_type((n) * sizeof(type), (gfp) | __GFP_ZERO, #type))

/* Bytes handed out and not given back, all types together. */
size_t slab_bytes_in_use(void);
/* Logs every object still in use, by type; returns how many there are. */
unsigned int slab_report_leaks(void);

void kmem_cache_init(void);
void kmem_cache_exit(void);

/* Counts down to the allocation that fails on purpose; 0: none does. See core/mm/failslab.c. */
extern unsigned long failslab_nth;

static inline int should_failslab(void)
{
	return failslab_nth && --failslab_nth == 0;
}

#endif
