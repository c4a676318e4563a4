/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A part of the program in a file of its own.
 *
 * Theory of operation.  What was baked describes the program as it was linked.  Who recorded it may since
 * have put a part more into memory: an ELF file, linked for a fixed place against the program's symbols.
 * Its debug information is read here and joined to what was baked, as if the part had been linked in:
 * its sources, functions, types and globals get the numbers behind those that the tables have already.
 * What lies in the baked pages is not to grow there, so the lists are copied first.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"

/* @count elements of @size bytes, in memory that may grow. */
static void *thaw(const void *list, size_t count, size_t size)
{
	void *copy = calloc(count + 1, size);

	if (!copy)
		abort();
	return list ? memcpy(copy, list, count * size) : copy;
}

#define THAW(image, list, count, room)                                                       \
	do {                                                                                 \
		(image)->list =                                                              \
			thaw((image)->list, (size_t)(image)->count, sizeof(*(image)->list)); \
		(image)->room = (image)->count;                                              \
	} while (0)

static void thaw_names(struct names *names)
{
	names->slots = thaw(names->slots, names->room, sizeof(*names->slots));
}

static void thaw_image(struct image *image)
{
	THAW(image, functions, functions_count, functions_room);
	THAW(image, globals, globals_count, globals_room);
	THAW(image, sources, sources_count, sources_room);
	THAW(image, aliases, aliases_count, aliases_room);
	thaw_names(&image->structs);
	thaw_names(&image->macros);
	thaw_names(&image->symbols);
	for (int i = 0; i < image->sources_count; i++)
		names_set(&image->source_names, image->sources[i]->path, image->sources[i]);
}

/* Where the part lies, and its string literals with it. */
static int find_segments(struct image *image, Elf *elf)
{
	size_t count = 0;

	if (elf_getphdrnum(elf, &count))
		return -ENOEXEC;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr phdr;

		if (!gelf_getphdr(elf, (int)i, &phdr) || phdr.p_type != PT_LOAD)
			continue;
		if (phdr.p_vaddr < image->load_low)
			image->load_low = phdr.p_vaddr;
		if (phdr.p_vaddr + phdr.p_memsz > image->load_high)
			image->load_high = phdr.p_vaddr + phdr.p_memsz;
		if (!(phdr.p_flags & (PF_W | PF_X))) {
			image->part_low = phdr.p_vaddr;
			image->part_high = phdr.p_vaddr + phdr.p_memsz;
		}
	}
	return 0;
}

/* The texts that it carries: its section of struct embedded_source. */
static void find_sources(struct image *image, Elf *elf)
{
	Elf_Scn *section = NULL;
	size_t names = 0;

	elf_getshdrstrndx(elf, &names);
	while ((section = elf_nextscn(elf, section))) {
		const char *name;
		GElf_Shdr header;

		if (!gelf_getshdr(section, &header))
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		if (!name || strcmp(name, "record_sources"))
			continue;
		image->part_sources = (const struct embedded_source *)(uintptr_t)header.sh_addr;
		image->part_sources_count = (int)(header.sh_size / sizeof(struct embedded_source));
	}
}

static int by_address(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	return a->low < b->low ? -1 : a->low > b->low;
}

/*
 * Puts the functions from @known on among the others.  Those before have their numbers; a body of one of
 * them (a header's inline function) is tied to it, and the rest gets numbers behind theirs.
 */
static void join_functions(struct image *image, const struct function *baked, int known)
{
	int count = image->functions_count, last = 0;
	int *canon = thaw(NULL, (size_t)count, sizeof(*canon));
	int *place = thaw(NULL, (size_t)count, sizeof(*place));
	struct map first = { 0 };

	for (int i = 0; i < count; i++) {
		struct function *f = &image->functions[i];
		uintptr_t there = (uintptr_t)map_get(&first, f->key);

		if (!there)
			map_set(&first, f->key, (void *)(uintptr_t)(i + 1));
		canon[i] = i < known ? (int)(f->canon - baked) : there ? canon[there - 1] : i;
		f->index = i;
		if (i < known && f->id > last)
			last = f->id;
	}
	image->told.last_function = last;
	for (int i = known; i < count; i++)
		image->functions[i].id = canon[i] == i ? ++last : image->functions[canon[i]].id;
	qsort(image->functions, (size_t)count, sizeof(*image->functions), by_address);
	for (int i = 0; i < count; i++)
		place[image->functions[i].index] = i;
	for (int i = 0; i < count; i++) {
		struct function *f = &image->functions[i];

		f->canon = &image->functions[place[canon[f->index]]];
		f->index = i;
	}
	map_free(&first);
	free(canon);
	free(place);
}

/**
 * part_join - add what the debug information of a part says to a baked image
 * @image: of the program, as baked_open() gave it
 * @path: the part's file; it lies in memory where it was linked for
 * @err: takes a message when it fails
 * @errlen: room in @err
 *
 * Return: 0, or -ENOEXEC.
 */
int part_join(struct image *image, const char *path, char *err, size_t errlen)
{
	const struct function *baked = image->functions;

	if (!image->baked || image->bias) {
		snprintf(err, errlen, "%s: this program cannot take a part: %s", path,
			 image->bias ? "it is not linked for a fixed place" : "it was not baked");
		return -ENOEXEC;
	}
	image->told = (struct told){ .sources = image->sources_count,
				     .functions = image->functions_count,
				     .globals = image->globals_count };
	image->part = open(path, O_RDONLY | O_CLOEXEC);
	if (image->part >= 0)
		image->dwarf = dwarf_begin(image->part, DWARF_C_READ);
	if (!image->dwarf || find_segments(image, dwarf_getelf(image->dwarf))) {
		snprintf(err, errlen, "%s: it carries no debug information", path);
		return -ENOEXEC;
	}
	find_sources(image, dwarf_getelf(image->dwarf));
	thaw_image(image);
	image_read(image);
	join_functions(image, baked, image->told.functions);
	return 0;
}

void part_close(struct image *image)
{
	if (!image->told.functions)
		return;
	if (image->dwarf)
		dwarf_end(image->dwarf);
	if (image->part >= 0)
		close(image->part);
	if (image->source_names.room) {
		free(image->functions);
		free(image->globals);
		free(image->sources);
		free(image->aliases);
		free(image->structs_list);
		names_free(&image->structs);
		names_free(&image->macros);
		names_free(&image->symbols);
		names_free(&image->source_names);
		map_free(&image->types_by_die);
		map_free(&image->macro_imports);
	}
}
