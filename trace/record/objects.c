/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of objects: what lies where, and what it is called.
 *
 * Heap objects are named by type and ordinal (tcp_sock#1) in order of birth, so that two runs
 * give equal names; globals by their own names.  Lookup is by page: each page of memory has a
 * short list of the objects that touch it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

#define PAGE 4096ULL

/* So far around the objects that are known the allocator may have had others. */
#define HEAP_AROUND (16ULL << 20)

/* From so many elements on, what an array of numbers began with is one value. */
#define MANY_NUMBERS 64

struct page_list {
	struct object **list;
	int count, room;
};

static void page_add(struct objects *objects, uint64_t page, struct object *object)
{
	struct page_list *list = map_get(&objects->pages, page);
	struct object **slot;

	if (!list) {
		list = calloc(1, sizeof(*list));
		if (!list)
			abort();
		map_set(&objects->pages, page, list);
	}
	slot = grow(list->list, list->count, list->room);
	*slot = object;
}

static void page_remove(struct objects *objects, uint64_t page, const struct object *object)
{
	struct page_list *list = map_get(&objects->pages, page);

	for (int i = 0; list && i < list->count; i++) {
		if (list->list[i] != object)
			continue;
		list->list[i] = list->list[--list->count];
		return;
	}
}

/* The heap object or global that holds @addr, or NULL. */
struct object *object_find(const struct writer *writer, uint64_t addr)
{
	const struct page_list *list = map_get(&writer->objects.pages, addr / PAGE);

	for (int i = 0; list && i < list->count; i++)
		if (addr - list->list[i]->addr < list->list[i]->size)
			return list->list[i];
	return NULL;
}

/* Does @addr lie where the watched allocator has its memory, as far as its objects tell? */
bool object_heap_around(const struct writer *writer, uint64_t addr)
{
	return writer->objects.heap_high && addr + HEAP_AROUND >= writer->objects.heap_low &&
	       addr < writer->objects.heap_high + HEAP_AROUND;
}

static const char *const kinds[] = { "heap", "global", "stack", "heap" };

/* Makes an object known; stack objects are found through their frames, not by page. */
struct object *object_add(struct writer *writer, enum object_kind kind, const char *name,
			  struct dtype *type, uint64_t addr, uint64_t size)
{
	struct object *object = pool_alloc(&writer->pool, sizeof(*object));

	object->id = ++writer->objects.last_id;
	object->name = name;
	object->type = type;
	object->kind = kind;
	object->addr = addr;
	object->size = size;
	object->born = writer->step;
	if (type)
		define_type(writer, type);
	define(writer, "object",
	       (struct value[]){ value_integer(object->id), value_text(name),
				 type ? value_integer(type->id) : value_none(),
				 value_text(kinds[kind]), value_integer((int64_t)size),
				 value_integer(writer->step), value_none() },
	       7);
	if (kind == OBJECT_STACK || kind == OBJECT_FOUND)
		return object;
	if (kind == OBJECT_HEAP && (!writer->objects.heap_low || addr < writer->objects.heap_low))
		writer->objects.heap_low = addr;
	if (kind == OBJECT_HEAP && addr + size > writer->objects.heap_high)
		writer->objects.heap_high = addr + size;
	for (uint64_t page = addr / PAGE; page <= (addr + size - 1) / PAGE; page++)
		page_add(&writer->objects, page, object);
	return object;
}

/* An array type for memory that holds several of @type; one type per length, so ids repeat. */
static struct dtype *array_of(struct writer *writer, struct dtype *type, uint64_t count)
{
	char *name = pool_printf(&writer->scratch, "%s[%lu]", type->name, count);
	struct dtype *array = names_get(&writer->arrays, name);

	if (array)
		return array;
	array = pool_alloc(&writer->image->pool, sizeof(*array));
	array->kind = TYPE_ARRAY;
	array->spelled = pool_strdup(&writer->image->pool, name);
	array->target = type;
	array->count = count;
	array->size = count * type->size;
	array->complete = true;
	names_set(&writer->arrays, array->spelled, array);
	return array;
}

/* Counts the objects that go by @name, from 1. */
static uint64_t next_ordinal(struct writer *writer, const char *name)
{
	struct names *counts = &writer->objects.counts;
	uint64_t ordinal = (uint64_t)(uintptr_t)names_get(counts, name) + 1;

	names_set(counts, ordinal > 1 ? name : pool_strdup(&writer->pool, name),
		  (void *)(uintptr_t)ordinal);
	return ordinal;
}

/* A heap object is born; @type_name is what the allocator says it will be. */
struct object *object_birth(struct writer *writer, uint64_t addr, uint64_t size,
			    const char *type_name)
{
	struct dtype *type = *type_name ? type_named(writer->image, type_name) : NULL;
	const char *base = type ? type->name : *type_name ? type_name : "bytes";
	struct object *object;
	uint64_t ordinal;

	object = map_get(&writer->objects.at, addr);
	if (object && object->size)
		object_death(writer, object);
	ordinal = next_ordinal(writer, base);
	if (type && type->size && size >= 2 * type->size)
		type = array_of(writer, type, size / type->size);
	object =
		object_add(writer, OBJECT_HEAP, pool_printf(&writer->pool, "%s#%lu", base, ordinal),
			   type, addr, size ? size : 1);
	map_set(&writer->objects.at, addr, object);
	return object;
}

/*
 * Memory found to be a @type though no allocation told of it.  It lies where anything may come
 * later (frames on a stack), so it is asked for only when nobody else claims an address.
 */
struct object *object_find_out(struct writer *writer, uint64_t addr, struct dtype *type)
{
	struct objects *objects = &writer->objects;
	uint64_t ordinal = next_ordinal(writer, type->name);
	struct object *object;

	object = object_add(writer, OBJECT_FOUND,
			    pool_printf(&writer->pool, "%s#%lu", type->name, ordinal), type, addr,
			    type->size);
	objects->found[objects->found_next++ % FOUND_OBJECTS] = object;
	return object;
}

/* The found object that holds @addr, or NULL. */
struct object *object_found(const struct writer *writer, uint64_t addr)
{
	for (int i = 0; i < FOUND_OBJECTS; i++) {
		struct object *object = writer->objects.found[i];

		if (object && addr - object->addr < object->size)
			return object;
	}
	return NULL;
}

void object_death(struct writer *writer, struct object *object)
{
	for (struct sink *sink = writer->sinks; sink; sink = sink->next)
		if (sink->died && !writer->error)
			writer->error = sink->died(sink, object->id, writer->step);
	if (object->kind == OBJECT_STACK)
		return;
	for (uint64_t page = object->addr / PAGE; page <= (object->addr + object->size - 1) / PAGE;
	     page++)
		page_remove(&writer->objects, page, object);
	object->size = 0;
}

static void put_initial(struct writer *writer, const struct object *object, const struct leaf *leaf,
			uint64_t offset, struct value value)
{
	define(writer, "initial",
	       (struct value[]){ value_integer(object->id), value_integer(leaf ? leaf->field : 0),
				 value_integer((int64_t)offset), value },
	       4);
}

/*
 * Bytes without a type: eight at a time, because a pointer among them must be told by name;
 * other words go out as bytes, whole runs of them.
 */
static void initial_bytes(struct writer *writer, const struct object *object, uint64_t from,
			  uint64_t to, const uint8_t *bytes)
{
	uint64_t start = from, at = from;

	while (at < to) {
		uint64_t word = 0, step = to - at < 8 ? to - at : 8;

		memcpy(&word, bytes + at, step);
		if (word && !(step == 8 && looks_like_pointer(writer, word))) {
			at += step;
			continue;
		}
		if (at > start)
			put_initial(writer, object, NULL, start,
				    value_bytes(bytes + start, at - start));
		if (word)
			put_initial(writer, object, NULL, at,
				    value_text(pointer_name(writer, word, NULL)));
		at += step;
		start = at;
	}
	if (at > start)
		put_initial(writer, object, NULL, start, value_bytes(bytes + start, at - start));
}

/* Is it made of numbers too small for a pointer, and of nothing else? */
static bool is_numbers(struct writer *writer, struct dtype *type)
{
	struct dtype *bare = type_strip(type);

	if (bare->kind != TYPE_STRUCT)
		return bare->kind == TYPE_INTEGER && bare->size < 8;
	type_flatten(writer->image, bare);
	for (int i = 0; i < bare->leaves_count; i++) {
		const struct dtype *leaf = type_strip(bare->leaves[i].type);

		if (leaf->kind != TYPE_INTEGER || leaf->size == 8)
			return false;
	}
	return true;
}

/* So many numbers in a row that they go out as the bytes they are. */
static bool is_table_of_numbers(struct writer *writer, const struct dtype *array)
{
	return array->kind == TYPE_ARRAY && array->count >= MANY_NUMBERS &&
	       is_numbers(writer, array->target);
}

static void initial_value(struct writer *writer, const struct object *object,
			  const struct leaf *leaf, struct dtype *type, uint64_t at,
			  const uint8_t *bytes)
{
	struct dtype *bare = type_strip(type);

	if (is_table_of_numbers(writer, bare)) {
		put_initial(writer, object, leaf, at, value_bytes(bytes + at, bare->size));
	} else if (bare->kind == TYPE_ARRAY && !(type_strip(bare->target)->kind == TYPE_INTEGER &&
						 type_strip(bare->target)->size == 1)) {
		uint64_t size = type_strip(bare->target)->size;

		for (uint64_t i = 0; i < bare->count; i++)
			if (!all_bytes(bytes + at + i * size, size, 0))
				initial_value(writer, object, leaf, bare->target, at + i * size,
					      bytes);
	} else if (bare->kind == TYPE_STRUCT || bare->kind == TYPE_UNION) {
		type_flatten(writer->image, bare);
		for (int i = 0; i < bare->leaves_count; i++) {
			const struct leaf *inner = &bare->leaves[i];

			if (!all_bytes(bytes + at + inner->at, inner->size, 0))
				put_initial(writer, object, leaf, at + inner->at,
					    value_of(writer, inner->type, bytes + at + inner->at,
						     inner->size, inner->bit_at, inner->bit_size));
		}
	} else {
		put_initial(writer, object, leaf, at,
			    value_of(writer, type, bytes + at, bare->size, -1, 0));
	}
}

/* Tells what an object holds at its birth; zeros are left out. */
void object_initial(struct writer *writer, const struct object *object, const uint8_t *bytes)
{
	struct dtype *type = object->type;

	if (!type) {
		if (!all_bytes(bytes, object->size, 0))
			initial_bytes(writer, object, 0, object->size, bytes);
		return;
	}
	for (int i = 0; i < type->leaves_count; i++) {
		const struct leaf *leaf = &type->leaves[i];

		if (leaf->at + leaf->size > object->size ||
		    all_bytes(bytes + leaf->at, leaf->size, 0))
			continue;
		if (leaf->bit_at >= 0) {
			struct value value = value_of(writer, leaf->type, bytes + leaf->at,
						      leaf->size, leaf->bit_at, leaf->bit_size);

			if (value.kind != VALUE_INTEGER || value.integer)
				put_initial(writer, object, leaf, leaf->at, value);
		} else {
			initial_value(writer, object, leaf, leaf->type, leaf->at, bytes);
		}
	}
	if (type->size < object->size)
		initial_bytes(writer, object, type->size, object->size, bytes);
}

/* All globals and function statics of the watched code, by name so that runs agree. */
void objects_globals(struct writer *writer)
{
	struct image *image = writer->image;
	struct object **list = calloc((size_t)image->globals_count + 1, sizeof(*list));

	if (!list)
		abort();
	for (int i = 0; i < image->globals_count; i++) {
		const struct global *global = &image->globals[i];
		uint64_t addr = global->addr + image->bias;

		if (!object_find(writer, addr))
			list[i] = object_add(writer, OBJECT_GLOBAL, global->name, global->type,
					     addr, global->size);
	}
	/* their contents name each other, so that comes second */
	for (int i = 0; i < image->globals_count; i++)
		if (list[i])
			object_initial(writer, list[i], (const uint8_t *)(uintptr_t)list[i]->addr);
	free(list);
}

void objects_free(struct writer *writer)
{
	struct objects *objects = &writer->objects;

	for (uint64_t i = 0; i < objects->pages.room; i++) {
		struct page_list *list = objects->pages.slots[i].value;

		if (list)
			free(list->list);
		free(list);
	}
	map_free(&objects->pages);
	map_free(&objects->at);
	names_free(&objects->counts);
}
