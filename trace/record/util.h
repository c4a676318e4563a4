/* SPDX-License-Identifier: GPL-2.0-only */
/* Two small tools: memory that is given back all at once, and hash tables. */
#ifndef TRACE_RECORD_UTIL_H
#define TRACE_RECORD_UTIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* A pool hands out zeroed memory; pool_free() gives all of it back. */
struct pool_chunk;
struct pool {
	struct pool_chunk *chunks;
	size_t left;
	unsigned char *next;
};

void *pool_alloc(struct pool *pool, size_t size);
char *pool_strdup(struct pool *pool, const char *text);
char *pool_printf(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Some texts behind each other: names are made by the thousand, and a format takes a thousand instructions. */
#define pool_join(pool, ...) pool_join_texts(pool, (const char *const[]){ __VA_ARGS__, NULL })
char *pool_join_texts(struct pool *pool, const char *const *texts);
void pool_free(struct pool *pool);
/* Empties a pool but keeps some of its memory for what comes next. */
void pool_reset(struct pool *pool);

/* A growing array: grow() returns the place of a new last element, all zero. */
void *array_grow(void **array, int *count, int *room, size_t element);
#define grow(array, count, room) array_grow((void **)&(array), &(count), &(room), sizeof(*(array)))

/* A hash table from numbers to pointers.  A value of NULL is as good as no entry. */
struct map_slot {
	uint64_t key;
	void *value;
	int used;
};
struct map {
	struct map_slot *slots;
	uint64_t room, count;
};

static inline uint64_t map_mix(uint64_t key)
{
	key ^= key >> 32;
	key *= 0x9e3779b97f4a7c15ULL;
	return key ^ key >> 29;
}

static inline void *map_get(const struct map *map, uint64_t key)
{
	if (!map->room)
		return NULL;
	for (uint64_t i = map_mix(key);; i++) {
		const struct map_slot *slot = &map->slots[i & (map->room - 1)];

		if (!slot->used)
			return NULL;
		if (slot->key == key)
			return slot->value;
	}
}

void map_set(struct map *map, uint64_t key, void *value);
void map_free(struct map *map);

/* The same for strings; the key of a first names_set() is kept and must outlive the table. */
struct names {
	struct name_slot {
		const char *key;
		void *value;
	} * slots;
	uint64_t room, count;
};

void *names_get(const struct names *names, const char *key);
void names_set(struct names *names, const char *key, void *value);
void names_free(struct names *names);

uint64_t hash_bytes(const void *data, size_t size);

#endif
