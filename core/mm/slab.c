/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for kernel objects (mm/slab.c).
 *
 * A cache keeps objects of one size and knows their type's name. Objects are
 * cut one by one from chunks of the host's memory, and freed ones wait in a
 * first-in first-out list of their cache: the object freed longest ago is used
 * next, which makes a use after free likely to be noticed. The order of
 * addresses depends on the order of calls only, never on the host's malloc.
 *
 * In front of each object stands a struct slab_object. It knows the cache (so
 * kfree() needs only the pointer), the type (for the report of leaks) and
 * whether the object is in use (a second kfree() is a panic).
 *
 * kmalloc() has a cache for each of the kernel's sizes, and hands out the whole
 * room: a request of 448 bytes gets 512, ksize() says so, and skb's truesize
 * depends on it. Requests beyond 8192 bytes are mapped from the host one by one.
 */
#include <linux/bootmem.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <host/host.h>
#include <trace/events.h>

#define CHUNK_SIZE        (1UL << 20) /* bytes asked of the host at a time */
#define SLAB_ALIGN        16UL
#define KMALLOC_MAX_CACHE 8192UL

#define SLAB_IN_USE 0x1e55eeU
#define SLAB_FREE   0xf4eef4eeU

/**
 * struct slab_object - what stands in front of an object
 * @cache: where it belongs, NULL: mapped on its own
 * @next: the next free one, while it is free
 * @type: name of its type while it is in use
 * @size: usable bytes
 * @state: SLAB_IN_USE or SLAB_FREE, anything else is memory written over
 */
struct slab_object {
	struct kmem_cache *cache;
	struct slab_object *next;
	const char *type;
	u32 size;
	u32 state;
};

/**
 * struct kmem_cache - objects of one size
 * @name: type of the objects, "" for bytes
 * @size: bytes of an object, a multiple of SLAB_ALIGN
 * @object_size: bytes asked for
 * @free_first: the one freed longest ago
 * @free_last: the one freed last
 * @in_use: objects handed out
 * @list: place among all caches
 */
struct kmem_cache {
	const char *name;
	size_t size;
	size_t object_size;
	struct slab_object *free_first;
	struct slab_object *free_last;
	unsigned int in_use;
	struct list_head list;
};

/* Leads each piece of memory taken from the host. */
struct slab_chunk {
	struct list_head list;
	size_t size;
	size_t pad;
};

BUILD_BUG_ON(sizeof(struct slab_object) % SLAB_ALIGN);
BUILD_BUG_ON(sizeof(struct slab_chunk) % SLAB_ALIGN);

#define NR_KMALLOC_CACHES 12
static const u16 kmalloc_sizes[NR_KMALLOC_CACHES] = { 16,  32,  64,   96,   128,  192,
						      256, 512, 1024, 2048, 4096, 8192 };
static struct kmem_cache kmalloc_caches[NR_KMALLOC_CACHES];
static struct kmem_cache kmem_cache_boot; /* the cache of caches */
static LIST_HEAD(slab_caches);
static LIST_HEAD(slab_chunks);
static char *chunk_at; /* next free byte of the chunk being cut */
static char *chunk_end;
static size_t bytes_in_use;
static unsigned int large_in_use;

/* Memory from the host behind a slab_chunk; NULL when there is none. */
static void *chunk_alloc(size_t size)
{
	struct slab_chunk *chunk = host_map(sizeof(*chunk) + size);

	if (!chunk)
		return NULL;
	trace_kmem_alloc(chunk, sizeof(*chunk), "slab_chunk");
	chunk->size = sizeof(*chunk) + size;
	list_add_tail(&chunk->list, &slab_chunks);
	return chunk + 1;
}

static void chunk_free(struct slab_chunk *chunk)
{
	size_t size = chunk->size;

	list_del(&chunk->list);
	trace_kmem_free(chunk);
	host_mem_allow(chunk, size);
	host_unmap(chunk, size);
}

static void cache_setup(struct kmem_cache *c, const char *name, size_t size)
{
	*c = (struct kmem_cache){
		.name = name,
		.object_size = size,
		.size = ALIGN(max_t(size_t, size, SLAB_ALIGN), SLAB_ALIGN),
	};
	list_add_tail(&c->list, &slab_caches);
}

/* Cuts a new object from the current chunk, or from a new one. */
static struct slab_object *cache_grow(struct kmem_cache *c)
{
	size_t need = sizeof(struct slab_object) + c->size;
	struct slab_object *obj;

	if ((size_t)(chunk_end - chunk_at) < need) {
		chunk_at = chunk_alloc(CHUNK_SIZE);
		chunk_end = chunk_at ? chunk_at + CHUNK_SIZE : NULL;
		if (!chunk_at)
			return NULL;
	}
	obj = (struct slab_object *)chunk_at;
	chunk_at += need;
	trace_kmem_alloc(obj, sizeof(*obj), "slab_object");
	obj->cache = c;
	obj->size = (u32)c->size;
	obj->state = SLAB_FREE;
	return obj;
}

static struct slab_object *cache_take(struct kmem_cache *c)
{
	struct slab_object *obj = c->free_first;

	if (!obj)
		return cache_grow(c);
	c->free_first = obj->next;
	if (!c->free_first)
		c->free_last = NULL;
	return obj;
}

/* Marks an object as handed out: @size bytes that the caller asked for, of type @type. */
static void *object_begin(struct slab_object *obj, size_t size, gfp_t flags, const char *type)
{
	void *objp = obj + 1;

	BUG_ON(obj->state != SLAB_FREE);
	obj->state = SLAB_IN_USE;
	obj->type = type;
	obj->next = NULL;
	bytes_in_use += obj->size;
	if (!obj->cache && (flags & __GFP_ZERO)) {
		host_mem_allow(objp, size); /* new from the host: zero already */
	} else {
		host_mem_fresh(objp, size);
		if (flags & __GFP_ZERO)
			host_zero(objp, size);
	}
	trace_kmem_alloc(objp, size, type);
	return objp;
}

static struct slab_object *object_end(const void *objp)
{
	struct slab_object *obj = (struct slab_object *)objp - 1;

	if (unlikely(obj->state != SLAB_IN_USE))
		panic("kfree(%p): %s", objp,
		      obj->state == SLAB_FREE ? "already free" : "not an object");
	trace_kmem_free(objp);
	obj->state = SLAB_FREE;
	bytes_in_use -= obj->size;
	host_mem_forbid(objp, obj->size);
	return obj;
}

static void *__cache_alloc(struct kmem_cache *c, size_t size, gfp_t flags, const char *type)
{
	struct slab_object *obj = should_failslab() ? NULL : cache_take(c);

	if (unlikely(!obj))
		return NULL;
	c->in_use++;
	return object_begin(obj, size, flags, type);
}

static void __cache_free(struct kmem_cache *c, struct slab_object *obj)
{
	obj->next = NULL;
	if (c->free_last)
		c->free_last->next = obj;
	else
		c->free_first = obj;
	c->free_last = obj;
	c->in_use--;
}

void *kmem_cache_alloc(struct kmem_cache *cachep, gfp_t flags)
{
	return __cache_alloc(cachep, cachep->object_size, flags, cachep->name);
}

void kmem_cache_free(struct kmem_cache *cachep, void *objp)
{
	struct slab_object *obj = object_end(objp);

	BUG_ON(obj->cache != cachep);
	__cache_free(cachep, obj);
}

unsigned int kmem_cache_size(const struct kmem_cache *cachep)
{
	return (unsigned int)cachep->object_size;
}

/* For sizes to 192, by eights: which cache. Beyond, the caches are the powers of two. */
static const u8 size_index[24] = { 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
				   4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5 };

/* The smallest kmalloc cache that holds @size bytes. */
static struct kmem_cache *kmalloc_slab(size_t size)
{
	if (size <= 192)
		return &kmalloc_caches[size ? size_index[(size - 1) / 8] : 0];
	return &kmalloc_caches[ilog2(size - 1) - 1];
}

/* A piece of its own, for tables larger than any cache's objects. */
static void *kmalloc_large(size_t size, gfp_t flags, const char *type)
{
	struct slab_object *obj;

	if (size > KMALLOC_MAX_SIZE || should_failslab())
		return NULL;
	obj = chunk_alloc(sizeof(*obj) + size);
	if (!obj)
		return NULL;
	trace_kmem_alloc(obj, sizeof(*obj), "slab_object");
	obj->size = (u32)size;
	obj->state = SLAB_FREE;
	large_in_use++;
	return object_begin(obj, size, flags, type);
}

static void *__do_kmalloc(size_t size, gfp_t flags, const char *type)
{
	if (size > KMALLOC_MAX_CACHE)
		return kmalloc_large(size, flags, type);
	return __cache_alloc(kmalloc_slab(size), size, flags, type);
}

void *kmalloc(size_t size, gfp_t flags)
{
	return __do_kmalloc(size, flags, "");
}

/* "struct x" as the macro has it; DWARF's name is without the first word. */
void *__kmalloc_type(size_t size, gfp_t flags, const char *type)
{
	return __do_kmalloc(size, flags, strncmp(type, "struct ", 7) ? type : type + 7);
}

void kfree(const void *objp)
{
	struct slab_object *obj;

	if (!objp)
		return;
	obj = object_end(objp);
	if (obj->cache) {
		__cache_free(obj->cache, obj);
		return;
	}
	large_in_use--;
	trace_kmem_free(obj);
	chunk_free((struct slab_chunk *)obj - 1);
}

/* Who asks may use all of it from then on. */
size_t ksize(const void *objp)
{
	const struct slab_object *obj = (const struct slab_object *)objp - 1;

	BUG_ON(obj->state != SLAB_IN_USE);
	host_mem_allow(objp, obj->size);
	return obj->size;
}

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = kmalloc(len, gfp);

	if (p)
		memcpy(p, src, len);
	return p;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return kmemdup(s, strlen(s) + 1, gfp);
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, unsigned long flags)
{
	struct kmem_cache *c = kmem_cache_alloc(&kmem_cache_boot, GFP_KERNEL);

	if (!c) {
		if (flags & SLAB_PANIC)
			panic("kmem_cache_create(%s): out of memory", name);
		return NULL;
	}
	cache_setup(c, name, size);
	return c;
}

/* Its free objects stay where they are until the world ends; nobody will ask for them. */
void kmem_cache_destroy(struct kmem_cache *cachep)
{
	if (!cachep)
		return;
	WARN_ON(cachep->in_use);
	list_del(&cachep->list);
	kmem_cache_free(&kmem_cache_boot, cachep);
}

size_t slab_bytes_in_use(void)
{
	return bytes_in_use;
}

/* Counts what was never freed. The caches themselves are not objects of anybody. */
unsigned int slab_report_leaks(void)
{
	unsigned int leaks = large_in_use;
	struct kmem_cache *c;

	list_for_each_entry(c, &slab_caches, list) {
		if (c == &kmem_cache_boot || !c->in_use)
			continue;
		pr_warn("slab: %u objects of %s (%u bytes each) still in use\n", c->in_use,
			c->name[0] ? c->name : "bytes", (unsigned int)c->size);
		leaks += c->in_use;
	}
	return leaks;
}

/*
 * The machine that the recorded v4.9 kernel ran on had 2 GB: its tcp_mem[1], 31687, is a sixteenth
 * of the free pages, and its tables had 16384 buckets.
 */
unsigned long nr_free_buffer_pages(void)
{
	return 16 * 31687;
}

/* How many buckets, a power of two. */
static unsigned long system_hash_entries(unsigned long bucketsize, unsigned long numentries,
					 int scale, unsigned long low_limit,
					 unsigned long high_limit)
{
	unsigned long pages = nr_free_buffer_pages();

	if (!numentries) {
		/* By whole megabytes. */
		numentries = ALIGN(pages, 1UL << (20 - PAGE_SHIFT));
		numentries = numentries << PAGE_SHIFT >> scale;
		numentries = max(numentries, PAGE_SIZE / bucketsize);
	}
	if (!high_limit)
		high_limit = (pages << PAGE_SHIFT >> 4) / bucketsize;
	numentries = max(roundup_pow_of_two(numentries), low_limit);
	return min(numentries, high_limit);
}

void *__alloc_large_system_hash(const char *tablename, const char *type, unsigned long bucketsize,
				unsigned long numentries, int scale, unsigned int *_hash_shift,
				unsigned int *_hash_mask, unsigned long low_limit,
				unsigned long high_limit)
{
	void *table;

	numentries = system_hash_entries(bucketsize, numentries, scale, low_limit, high_limit);
	table = __kmalloc_type(bucketsize * numentries, GFP_KERNEL | __GFP_ZERO, type);
	if (!table)
		panic("Failed to allocate the %s hash table", tablename);
	if (_hash_shift)
		*_hash_shift = (unsigned int)ilog2(numentries);
	if (_hash_mask)
		*_hash_mask = (unsigned int)numentries - 1;
	return table;
}

void kmem_cache_init(void)
{
	unsigned int i;

	failslab_nth = 0;
	INIT_LIST_HEAD(&slab_caches);
	INIT_LIST_HEAD(&slab_chunks);
	chunk_at = NULL;
	chunk_end = NULL;
	bytes_in_use = 0;
	large_in_use = 0;
	cache_setup(&kmem_cache_boot, "kmem_cache", sizeof(struct kmem_cache));
	for (i = 0; i < NR_KMALLOC_CACHES; i++)
		cache_setup(&kmalloc_caches[i], "", kmalloc_sizes[i]);
}

/* Gives everything back to the host, whether freed or not. */
void kmem_cache_exit(void)
{
	while (!list_empty(&slab_chunks))
		chunk_free(list_first_entry(&slab_chunks, struct slab_chunk, list));
	chunk_at = NULL;
	chunk_end = NULL;
}
