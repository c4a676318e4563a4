/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory pools, growing arrays and hash tables for the recorder.
 *
 * Everything learned from DWARF lives as long as one recording and is freed together, hence the
 * pool.  Running out of host memory ends the program: a recorder cannot go on without, and the
 * trace written so far stays readable.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define CHUNK (256 * 1024)

struct pool_chunk {
	struct pool_chunk *next;
	size_t room;
	_Alignas(16) unsigned char bytes[];
};

static void *must(void *memory)
{
	if (!memory) {
		fputs("synwalk: recorder: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *pool_alloc(struct pool *pool, size_t size)
{
	void *memory;

	size = (size + 15) & ~(size_t)15;
	if (size > pool->left) {
		size_t room = size > CHUNK ? size : CHUNK;
		struct pool_chunk *chunk = must(calloc(1, sizeof(*chunk) + room));

		chunk->next = pool->chunks;
		chunk->room = room;
		pool->chunks = chunk;
		pool->next = chunk->bytes;
		pool->left = room;
	}
	memory = pool->next;
	pool->next += size;
	pool->left -= size;
	return memory;
}

char *pool_strdup(struct pool *pool, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(pool_alloc(pool, size), text, size);
}

char *pool_printf(struct pool *pool, const char *format, ...)
{
	char small[512];
	va_list args;
	char *text;
	int size;

	va_start(args, format);
	size = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	text = pool_alloc(pool, (size_t)size + 1);
	if ((size_t)size < sizeof(small))
		return memcpy(text, small, (size_t)size + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)size + 1, format, args);
	va_end(args);
	return text;
}

char *pool_join_texts(struct pool *pool, const char *const *texts)
{
	size_t size = 1;
	char *joined, *end;

	for (int i = 0; texts[i]; i++)
		size += strlen(texts[i]);
	joined = end = pool_alloc(pool, size);
	for (int i = 0; texts[i]; i++)
		end = stpcpy(end, texts[i]);
	*end = 0;
	return joined;
}

void pool_free(struct pool *pool)
{
	while (pool->chunks) {
		struct pool_chunk *chunk = pool->chunks;

		pool->chunks = chunk->next;
		free(chunk);
	}
	memset(pool, 0, sizeof(*pool));
}

void pool_reset(struct pool *pool)
{
	struct pool_chunk *keep = pool->chunks;

	if (!keep)
		return;
	while (keep->next) {
		struct pool_chunk *chunk = keep->next;

		keep->next = chunk->next;
		free(chunk);
	}
	/* what was handed out must be zero when it is handed out again */
	memset(keep->bytes, 0, keep->room - pool->left);
	pool->next = keep->bytes;
	pool->left = keep->room;
}

void *array_grow(void **array, int *count, int *room, size_t element)
{
	unsigned char *last;

	if (*count == *room) {
		*room = *room ? *room * 2 : 16;
		*array = must(realloc(*array, (size_t)*room * element));
	}
	last = (unsigned char *)*array + (size_t)(*count)++ * element;
	return memset(last, 0, element);
}

uint64_t hash_bytes(const void *data, size_t size)
{
	const unsigned char *bytes = data;
	uint64_t hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
	return hash;
}

static void map_insert(struct map *map, uint64_t key, void *value)
{
	for (uint64_t i = map_mix(key);; i++) {
		struct map_slot *slot = &map->slots[i & (map->room - 1)];

		if (slot->used && slot->key != key)
			continue;
		map->count += !slot->used;
		*slot = (struct map_slot){ .key = key, .value = value, .used = 1 };
		return;
	}
}

void map_set(struct map *map, uint64_t key, void *value)
{
	if (map->count * 2 >= map->room) {
		struct map old = *map;

		map->room = old.room ? old.room * 2 : 64;
		map->count = 0;
		map->slots = must(calloc(map->room, sizeof(*map->slots)));
		for (uint64_t i = 0; i < old.room; i++)
			if (old.slots[i].value)
				map_insert(map, old.slots[i].key, old.slots[i].value);
		free(old.slots);
	}
	map_insert(map, key, value);
}

void map_free(struct map *map)
{
	free(map->slots);
	memset(map, 0, sizeof(*map));
}

void *names_get(const struct names *names, const char *key)
{
	if (!names->room)
		return NULL;
	for (uint64_t i = hash_bytes(key, strlen(key));; i++) {
		const struct name_slot *slot = &names->slots[i & (names->room - 1)];

		if (!slot->key)
			return NULL;
		if (!strcmp(slot->key, key))
			return slot->value;
	}
}

void names_set(struct names *names, const char *key, void *value)
{
	uint64_t i;

	if (names->count * 2 >= names->room) {
		struct names old = *names;

		names->room = old.room ? old.room * 2 : 64;
		names->count = 0;
		names->slots = must(calloc(names->room, sizeof(*names->slots)));
		for (i = 0; i < old.room; i++)
			if (old.slots[i].key)
				names_set(names, old.slots[i].key, old.slots[i].value);
		free(old.slots);
	}
	for (i = hash_bytes(key, strlen(key));; i++) {
		struct name_slot *slot = &names->slots[i & (names->room - 1)];

		if (slot->key && strcmp(slot->key, key))
			continue;
		if (!slot->key) {
			names->count++;
			slot->key = key;
		}
		slot->value = value;
		return;
	}
}

void names_free(struct names *names)
{
	free(names->slots);
	memset(names, 0, sizeof(*names));
}
