/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be known before a recording begins: which objects exist, and which task runs.
 *
 * A program that allocates its tables, boots and only then is recorded would otherwise store to
 * objects without a name.  So the tracepoints for allocations and task switches are followed
 * even while nothing is recorded.  They lie next to each other in the program, and one range
 * check in the entry hook finds them; DWARF is asked about them once, at the first of them.
 */
#include <dwarf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baked.h"
#include "hooks.h"
#include "pages.h"

/* The watched program's tracepoints, if it has them. */
void trace_kmem_alloc(const void *, size_t, const char *) __attribute__((weak));
void trace_kmem_free(const void *) __attribute__((weak));
void trace_sched_switch(const void *, const void *) __attribute__((weak));

/* No prologue is longer than this. */
#define ENTRY_REACH 64

uint64_t early_low, early_span;
uint64_t early_task, early_task_pid;
char early_task_name[16];

static struct map objects;
static uint64_t births;
static struct points points;

__attribute__((constructor)) static void early_range(void)
{
	const uint64_t places[] = {
		(uint64_t)(uintptr_t)trace_kmem_alloc,
		(uint64_t)(uintptr_t)trace_kmem_free,
		(uint64_t)(uintptr_t)trace_sched_switch,
	};
	uint64_t low = UINT64_MAX, high = 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (!places[i])
			continue;
		if (places[i] < low)
			low = places[i];
		if (places[i] + ENTRY_REACH > high)
			high = places[i] + ENTRY_REACH;
	}
	if (high) {
		early_low = low;
		early_span = high - low;
	}
}

void early_alloc(uint64_t addr, uint64_t size, const char *type)
{
	struct early_object *object = map_get(&objects, addr);

	if (!object) {
		object = calloc(1, sizeof(*object));
		if (!object)
			abort();
		map_set(&objects, addr, object);
	}
	object->addr = addr;
	object->size = size;
	object->birth = ++births;
	memset(object->type, 0, sizeof(object->type));
	strncpy(object->type, type, sizeof(object->type) - 1);
	shadow_forget(addr);
}

/* The entry stays, with size 0: the address is bound to come again. */
void early_free(uint64_t addr)
{
	struct early_object *object = map_get(&objects, addr);

	if (object)
		object->size = 0;
	shadow_forget(addr);
}

static int by_birth(const void *left, const void *right)
{
	const struct early_object *a = left, *b = right;

	return a->birth < b->birth ? -1 : a->birth > b->birth;
}

/* The living objects, oldest first, in an array that the caller frees. */
struct early_object *early_objects(int *count)
{
	struct early_object *list = calloc(objects.count + 1, sizeof(*list));

	if (!list)
		abort();
	*count = 0;
	for (uint64_t i = 0; i < objects.room; i++) {
		const struct early_object *object = objects.slots[i].value;

		if (object && object->size)
			list[(*count)++] = *object;
	}
	qsort(list, (size_t)*count, sizeof(*list), by_birth);
	return list;
}

/* Learns where the tracepoints' arguments lie; of DWARF no other function is looked at. */
static void learn(void)
{
	static struct image image;

	if (!baked_points(NULL, &points) || image_open_points(&image, early_low))
		return;
	for (int i = 0; i < image.functions_count; i++) {
		const struct function *function = &image.functions[i];

		if (function->point < 0)
			continue;
		point_layout(&points, function->point, function);
		if (function->point == POINT_SWITCH)
			point_task_layout(&points, &image, function);
	}
	image_close(&image);
}

static uint64_t argument(enum point id, int i, uint64_t frame)
{
	uint64_t value = 0;

	if (points.layouts[id].roles[i])
		memcpy(&value,
		       (const void *)(uintptr_t)(frame + 16 + (uint64_t)points.layouts[id].at[i]),
		       points.layouts[id].size[i]);
	return value;
}

static void note_switch(uint64_t next)
{
	const char *from = (const char *)(uintptr_t)next;
	int32_t pid = 0;

	early_task = next;
	if (points.task.pid >= 0)
		memcpy(&pid, from + points.task.pid, sizeof(pid));
	early_task_pid = (uint64_t)(int64_t)pid;
	memset(early_task_name, 0, sizeof(early_task_name));
	if (points.task.name >= 0)
		memcpy(early_task_name, from + points.task.name,
		       points.task.name_size < 16 ? points.task.name_size : 15);
}

/* A tracepoint may have been entered while nothing is recorded; @pc says which. */
void early_point(uint64_t pc, uint64_t frame)
{
	static bool learned;
	uint64_t type;

	if (!learned) {
		learned = true;
		pages_heap();
		learn();
	}
	if (pc - (uint64_t)(uintptr_t)trace_kmem_alloc < ENTRY_REACH) {
		type = argument(POINT_ALLOC, 2, frame);
		early_alloc(argument(POINT_ALLOC, 0, frame), argument(POINT_ALLOC, 1, frame),
			    type ? (const char *)(uintptr_t)type : "");
	} else if (pc - (uint64_t)(uintptr_t)trace_kmem_free < ENTRY_REACH) {
		early_free(argument(POINT_FREE, 0, frame));
	} else if (pc - (uint64_t)(uintptr_t)trace_sched_switch < ENTRY_REACH) {
		note_switch(argument(POINT_SWITCH, 1, frame));
	}
}
