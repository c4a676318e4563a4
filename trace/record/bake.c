/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing what the debug information says, for baked.c to take up.
 *
 * Theory of operation.  The image is a graph of structs.  Each is copied into one piece of memory,
 * once, and every pointer in the copies becomes the address that its target will have when the
 * piece lies at BAKED_BASE; where the pointers are is noted, should it have to lie elsewhere.
 * Types refer to types in circles, so they are given a place first and filled in later.  Behind
 * the image comes a trace database with everything that every trace of this program begins with.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baked.h"
#include "record.h"
#include "writer.h"

struct bake {
	struct image *image;
	uint8_t *bytes;
	uint64_t size, room;
	uint32_t *moves;
	int moves_count, moves_room;
	struct names texts; /* offsets of strings */
	struct map places;  /* offsets of types, sources and functions, by where they are now */
	struct dtype **types;
	int types_count, types_room;
};

static uint64_t reserve(struct bake *b, size_t size)
{
	uint64_t at = (b->size + 15) & ~15ULL;

	if (at + size > b->room) {
		b->room = (at + size) * 2;
		b->bytes = realloc(b->bytes, b->room);
		if (!b->bytes)
			abort();
	}
	memset(b->bytes + b->size, 0, at + size - b->size);
	b->size = at + size;
	return at;
}

static uint64_t copy(struct bake *b, const void *from, size_t size)
{
	uint64_t at = reserve(b, size);

	if (size)
		memcpy(b->bytes + at, from, size);
	return at;
}

/* The pointer at @at shall point at what lies at @to; 0 is NULL. */
static void point(struct bake *b, uint64_t at, uint64_t to)
{
	uint64_t pointer = to ? BAKED_BASE + to : 0;

	memcpy(b->bytes + at, &pointer, sizeof(pointer));
	if (to)
		*(uint32_t *)grow(b->moves, b->moves_count, b->moves_room) = (uint32_t)at;
}

#define POINT(b, at, type, member, to) point(b, (at) + offsetof(type, member), to)

static uint64_t text(struct bake *b, const char *string)
{
	uint64_t at;

	if (!string)
		return 0;
	at = (uint64_t)(uintptr_t)names_get(&b->texts, string);
	if (!at) {
		at = b->size;
		if (at + strlen(string) + 1 > b->room)
			at = reserve(b, strlen(string) + 1);
		else
			b->size += strlen(string) + 1;
		strcpy((char *)b->bytes + at, string);
		names_set(&b->texts, string, (void *)(uintptr_t)at);
	}
	return at;
}

static uint64_t place_of(struct bake *b, const void *what)
{
	return (uint64_t)(uintptr_t)map_get(&b->places, (uint64_t)(uintptr_t)what);
}

static void set_place(struct bake *b, const void *what, uint64_t at)
{
	map_set(&b->places, (uint64_t)(uintptr_t)what, (void *)(uintptr_t)at);
}

/* ------------------------------------------------------------------ types */

static uint64_t type(struct bake *b, struct dtype *t)
{
	uint64_t at = t ? place_of(b, t) : 0;

	if (!t || at)
		return at;
	if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION || t->kind == TYPE_ENUM)
		type_parse(b->image, t);
	at = copy(b, t, sizeof(*t));
	set_place(b, t, at);
	*(struct dtype **)grow(b->types, b->types_count, b->types_room) = t;
	return at;
}

static void fill_members(struct bake *b, const struct dtype *t, uint64_t at)
{
	uint64_t list = copy(b, t->members, (size_t)t->members_count * sizeof(*t->members));

	POINT(b, at, struct dtype, members, t->members_count ? list : 0);
	for (int i = 0; i < t->members_count; i++) {
		uint64_t member = list + (uint64_t)i * sizeof(*t->members);

		POINT(b, member, struct member, name, text(b, t->members[i].name));
		POINT(b, member, struct member, type, type(b, t->members[i].type));
	}
}

static void fill_leaves(struct bake *b, const struct dtype *t, uint64_t at)
{
	uint64_t list = copy(b, t->leaves, (size_t)t->leaves_count * sizeof(*t->leaves));

	POINT(b, at, struct dtype, leaves, t->leaves_count ? list : 0);
	for (int i = 0; i < t->leaves_count; i++) {
		uint64_t leaf = list + (uint64_t)i * sizeof(*t->leaves);

		POINT(b, leaf, struct leaf, name, text(b, t->leaves[i].name));
		POINT(b, leaf, struct leaf, path, text(b, t->leaves[i].path));
		POINT(b, leaf, struct leaf, type, type(b, t->leaves[i].type));
	}
}

static void fill_type(struct bake *b, const struct dtype *t)
{
	uint64_t at = place_of(b, t), list;

	POINT(b, at, struct dtype, name, text(b, t->name));
	POINT(b, at, struct dtype, spelled, text(b, t->spelled));
	POINT(b, at, struct dtype, target, type(b, t->target));
	fill_members(b, t, at);
	fill_leaves(b, t, at);
	list = copy(b, t->enumerators, (size_t)t->enumerators_count * sizeof(*t->enumerators));
	POINT(b, at, struct dtype, enumerators, t->enumerators_count ? list : 0);
	for (int i = 0; i < t->enumerators_count; i++)
		POINT(b, list + (uint64_t)i * sizeof(*t->enumerators), struct enumerator, name,
		      text(b, t->enumerators[i].name));
}

/* ------------------------------------------------------------------ functions and the rest */

static void fill_variables(struct bake *b, const struct function *f, uint64_t at)
{
	uint64_t list = copy(b, f->variables, (size_t)f->variables_count * sizeof(*f->variables));

	POINT(b, at, struct function, variables, f->variables_count ? list : 0);
	for (int i = 0; i < f->variables_count; i++) {
		uint64_t variable = list + (uint64_t)i * sizeof(*f->variables);

		POINT(b, variable, struct variable, name, text(b, f->variables[i].name));
		POINT(b, variable, struct variable, type, type(b, f->variables[i].type));
	}
}

static void fill_function(struct bake *b, const struct function *f)
{
	uint64_t at = place_of(b, f);

	POINT(b, at, struct function, name, text(b, f->name));
	POINT(b, at, struct function, type, type(b, f->type));
	POINT(b, at, struct function, file, place_of(b, f->file));
	POINT(b, at, struct function, decl_file, 0);
	POINT(b, at, struct function, canon, place_of(b, f->canon));
	fill_variables(b, f, at);
	POINT(b, at, struct function, snaps,
	      copy(b, f->snaps, (size_t)f->snaps_count * sizeof(*f->snaps)));
	POINT(b, at, struct function, fresh,
	      copy(b, f->fresh, (size_t)f->fresh_count * sizeof(*f->fresh)));
	POINT(b, at, struct function, lines,
	      copy(b, f->lines, (size_t)f->lines_count * sizeof(*f->lines)));
	POINT(b, at, struct function, blocks,
	      copy(b, f->blocks, (size_t)f->blocks_count * sizeof(*f->blocks)));
}

static void put_functions(struct bake *b, uint64_t image)
{
	const struct image *from = b->image;
	uint64_t list =
		copy(b, from->functions, (size_t)from->functions_count * sizeof(*from->functions));

	POINT(b, image, struct image, functions, list);
	for (int i = 0; i < from->functions_count; i++)
		set_place(b, &from->functions[i], list + (uint64_t)i * sizeof(*from->functions));
	for (int i = 0; i < from->functions_count; i++)
		fill_function(b, &from->functions[i]);
}

/* Texts that the program carries anyway are only pointed at, when they are taken up. */
static void put_sources(struct bake *b, uint64_t image)
{
	const struct image *from = b->image;
	uint64_t list = reserve(b, (size_t)from->sources_count * sizeof(*from->sources));

	POINT(b, image, struct image, sources, list);
	for (int i = 0; i < from->sources_count; i++) {
		struct source *source = from->sources[i];
		uint64_t at;

		source_mark(b->image, source);
		at = copy(b, source, sizeof(*source));
		set_place(b, source, at);
		point(b, list + (uint64_t)i * sizeof(source), at);
		POINT(b, at, struct source, path, text(b, source->path));
		POINT(b, at, struct source, kernel_path, text(b, source->kernel_path));
		POINT(b, at, struct source, text,
		      source->embedded ? 0 : copy(b, source->text, source->size + 1));
		POINT(b, at, struct source, marks,
		      copy(b, source->marks,
			   ((size_t)source->lines_count / MARK_LINES + 1) *
				   sizeof(*source->marks)));
	}
}

static void put_globals(struct bake *b, uint64_t image)
{
	const struct image *from = b->image;
	uint64_t list =
		copy(b, from->globals, (size_t)from->globals_count * sizeof(*from->globals));

	POINT(b, image, struct image, globals, list);
	for (int i = 0; i < from->globals_count; i++) {
		uint64_t at = list + (uint64_t)i * sizeof(*from->globals);

		POINT(b, at, struct global, name, text(b, from->globals[i].name));
		POINT(b, at, struct global, type, type(b, from->globals[i].type));
	}
}

static void put_symbols(struct bake *b, uint64_t image)
{
	const struct image *from = b->image;
	uint64_t list = copy(b, from->symbols_list,
			     (size_t)from->symbols_count * sizeof(*from->symbols_list));

	POINT(b, image, struct image, symbols_list, list);
	for (int i = 0; i < from->symbols_count; i++)
		POINT(b, list + (uint64_t)i * sizeof(*from->symbols_list), struct symbol, name,
		      text(b, from->symbols_list[i].name));
}

static void put_aliases(struct bake *b, uint64_t image)
{
	const struct image *from = b->image;
	uint64_t list =
		copy(b, from->aliases, (size_t)from->aliases_count * sizeof(*from->aliases));

	POINT(b, image, struct image, aliases, list);
	for (int i = 0; i < from->aliases_count; i++) {
		uint64_t at = list + (uint64_t)i * sizeof(*from->aliases);

		POINT(b, at, struct alias, name, text(b, from->aliases[i].name));
		POINT(b, at, struct alias, body, text(b, from->aliases[i].body));
	}
}

/* A hash table of names as it lies; its values are types, or else strings. */
static void put_names(struct bake *b, uint64_t at, const struct names *names, bool types)
{
	uint64_t list = copy(b, names->slots, names->room * sizeof(*names->slots));

	POINT(b, at, struct names, slots, names->room ? list : 0);
	for (uint64_t i = 0; i < names->room; i++) {
		const struct name_slot *slot = &names->slots[i];
		uint64_t place = list + i * sizeof(*slot);

		POINT(b, place, struct name_slot, key, text(b, slot->key));
		POINT(b, place, struct name_slot, value,
		      !slot->key ? 0 :
		      types      ? type(b, slot->value) :
				   text(b, slot->value));
	}
}

/* The image as it shall be taken up; what only its reading from DWARF needs is left out. */
static void put_image(struct bake *b, const char *prefix, const char *exclude)
{
	uint64_t at = offsetof(struct baked, image);
	struct image image = *b->image;

	memset(&image.pool, 0, sizeof(image.pool));
	memset(&image.types_by_die, 0, sizeof(image.types_by_die));
	memset(&image.source_names, 0, sizeof(image.source_names));
	memset(&image.macro_imports, 0, sizeof(image.macro_imports));
	image.dwarf = NULL;
	image.structs_list = NULL;
	image.structs_count = image.structs_room = 0;
	memcpy(b->bytes + at, &image, sizeof(image));
	POINT(b, at, struct image, prefix, text(b, prefix));
	POINT(b, at, struct image, exclude, text(b, exclude));
	put_sources(b, at);
	put_functions(b, at);
	put_globals(b, at);
	put_symbols(b, at);
	put_aliases(b, at);
	put_names(b, at + offsetof(struct image, structs), &b->image->structs, true);
	put_names(b, at + offsetof(struct image, symbols), &b->image->symbols, true);
	put_names(b, at + offsetof(struct image, macros), &b->image->macros, false);
	for (int i = 0; i < b->types_count; i++)
		fill_type(b, b->types[i]);
}

/* ------------------------------------------------------------------ all of it */

/* Reads the file at @path to the end of what is baked, which the database begins at a page of. */
static int put_tables(struct bake *b, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	struct baked *head;
	uint64_t at;
	int err = 0;

	if (size < 0) {
		err = -errno;
		goto out;
	}
	at = reserve(b, (size_t)size + 4096);
	at = (at + 4095) & ~4095ULL;
	if (pread(fd, b->bytes + at, (size_t)size, 0) != size)
		err = -EIO;
	b->size = at + (uint64_t)size;
	head = (struct baked *)b->bytes;
	head->tables = at;
	head->tables_size = (uint64_t)size;
out:
	if (fd >= 0)
		close(fd);
	return err;
}

static int write_file(const struct bake *b, const char *path)
{
	FILE *file = fopen(path, "wb");

	if (!file)
		return -errno;
	if (fwrite(b->bytes, 1, b->size, file) != b->size) {
		fclose(file);
		return -EIO;
	}
	return fclose(file) ? -errno : 0;
}

static int bake(struct image *image, const struct points *points, const char *tables,
		const char *path)
{
	struct bake b = { .image = image };
	struct baked *head;
	uint64_t at;
	int err;

	reserve(&b, sizeof(*head));
	put_image(&b, image->prefix, image->exclude);
	at = copy(&b, b.moves, (size_t)b.moves_count * sizeof(*b.moves));
	err = put_tables(&b, tables);
	head = (struct baked *)b.bytes;
	memcpy(head->magic, BAKED_MAGIC, sizeof(head->magic));
	baked_build_id(head->build_id);
	head->moves = at;
	head->moves_count = (uint64_t)b.moves_count;
	head->points = *points;
	head->size = b.size;
	if (!err)
		err = write_file(&b, path);
	names_free(&b.texts);
	map_free(&b.places);
	free(b.types);
	free(b.moves);
	free(b.bytes);
	return err;
}

/* Makes a trace database with the static tables in it and nothing else. */
static int make_tables(struct image *image, const char *path, char *err, size_t errlen)
{
	struct writer *writer = calloc(1, sizeof(*writer));
	int code;

	if (!writer)
		return -ENOMEM;
	writer->image = image;
	code = sink_sqlite_open(&writer->sinks, path, NULL, err, errlen);
	if (!code) {
		/* a recorder that dies before its first commit leaves this */
		define_meta(writer, "schema_version", value_integer(2));
		define_meta(writer, "status", value_text("recording"));
		define_image(writer);
		code = writer->error ? writer->error : writer->sinks->close(writer->sinks, NULL);
	}
	pool_free(&writer->scratch);
	pool_free(&writer->pool);
	free(writer);
	return code;
}

int record_bake(const char *path, const char *prefix, const char *exclude, char *err, size_t errlen)
{
	struct points points;
	struct image image;
	char tables[4096];
	int code;

	code = image_open_dwarf(&image, prefix ? prefix : "core/", exclude ? exclude : "core/host/",
				err, errlen);
	if (code)
		return code;
	points_learn(&points, &image);
	snprintf(tables, sizeof(tables), "%s.db", path);
	code = make_tables(&image, tables, err, errlen);
	if (!code) {
		code = bake(&image, &points, tables, path);
		if (code)
			snprintf(err, errlen, "%s: %s", path, strerror(-code));
	}
	unlink(tables);
	image_close(&image);
	return code;
}
