/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Source texts: embedded into the program at build time (see embed-sources), so that an
 * installed program has them; else read from the tree it was built in.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"

/* Without an embedded file the two ends are NULL. */
extern const struct embedded_source __start_record_sources[] __attribute__((weak));
extern const struct embedded_source __stop_record_sources[] __attribute__((weak));

/*
 * The kernel file a core file stands for: the same path without "core/", unless the file says
 * "Kernel file: PATH" itself, or "Kernel file: none", in its first lines.
 */
static const char *kernel_path(struct pool *pool, const struct source *source)
{
	static const char tag[] = "\n/* Kernel file: ";
	const char *path = source->path, *end = source->text + source->size;
	const char *second = memchr(source->text, '\n', source->size);
	size_t length = 0;
	char *said;

	if (!second || (size_t)(end - second) < sizeof(tag) || memcmp(second, tag, sizeof(tag) - 1))
		return strncmp(path, "core/", 5) ? NULL : path + 5;
	second += sizeof(tag) - 1;
	while (second + length < end && second[length] != ' ' && second[length] != '\n')
		length++;
	said = pool_alloc(pool, length + 1);
	memcpy(said, second, length);
	said[length] = '\0';
	return strcmp(said, "none") ? said : NULL;
}

/* Takes "./" and "x/.." out of a path, as include paths leave them there. */
static char *normalise(struct pool *pool, const char *path)
{
	char *clean = pool_alloc(pool, strlen(path) + 2), *end = clean;

	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && !strncmp(path, "..", 2) && end > clean && end[-1] == '/' &&
		    !(end - clean >= 3 && !strncmp(end - 3, "../", 3))) {
			do {
				end--;
			} while (end > clean && end[-1] != '/');
		} else if (!(length == 1 && *path == '.')) {
			memcpy(end, path, length);
			end += length;
			if (path[length] == '/')
				*end++ = '/';
		}
		path += length + (path[length] == '/');
	}
	*end = 0;
	return clean;
}

/* From the part that was joined: its texts have no number, for nobody bakes it. */
static bool from_part(const struct image *image, struct source *source)
{
	for (int i = 0; i < image->part_sources_count; i++) {
		const struct embedded_source *e = &image->part_sources[i];

		if (strcmp(e->path, source->path))
			continue;
		source->text = e->text;
		source->size = (size_t)(e->end - e->text);
		return true;
	}
	return false;
}

static bool from_program(struct source *source)
{
	/* cppcheck-suppress comparePointers */
	for (const struct embedded_source *e = __start_record_sources; e < __stop_record_sources;
	     e++) {
		if (strcmp(e->path, source->path))
			continue;
		source->text = e->text;
		source->size = (size_t)(e->end - e->text);
		source->embedded = (int)(e - __start_record_sources) + 1;
		return true;
	}
	return false;
}

static void from_tree(struct image *image, struct source *source, const char *path)
{
	FILE *file = fopen(path, "r");
	long size;
	char *text;

	if (!file)
		return;
	if (!fseek(file, 0, SEEK_END) && (size = ftell(file)) >= 0 && !fseek(file, 0, SEEK_SET)) {
		text = pool_alloc(&image->pool, (size_t)size + 1);
		source->size = fread(text, 1, (size_t)size, file);
		source->text = text;
	}
	fclose(file);
}

/* The source called @path, read when it is asked for the first time. */
struct source *source_get(struct image *image, const char *path)
{
	struct source *source = names_get(&image->source_names, path), **place;
	char *clean;

	if (source)
		return source;
	clean = normalise(&image->pool, path);
	source = names_get(&image->source_names, clean);
	if (!source) {
		source = pool_alloc(&image->pool, sizeof(*source));
		source->path = clean;
		source->text = "";
		if (!from_part(image, source) && !from_program(source))
			from_tree(image, source, path);
		source->kernel_path = kernel_path(&image->pool, source);
		place = grow(image->sources, image->sources_count, image->sources_room);
		*place = source;
		source->id = image->sources_count;
		names_set(&image->source_names, clean, source);
	}
	if (strcmp(path, clean))
		names_set(&image->source_names, pool_strdup(&image->pool, path), source);
	return source;
}

/* After a start without DWARF: ties the sources to the texts that the program carries. */
void sources_attach(struct image *image)
{
	for (int i = 0; i < image->sources_count; i++)
		if (image->sources[i]->embedded)
			image->sources[i]->text =
				__start_record_sources[image->sources[i]->embedded - 1].text;
}

/* Finds the lines of a source; the text behind the last end of a line is one, too, if there is none. */
void source_mark(struct image *image, struct source *source)
{
	const char *end = source->text + source->size;
	int count = 1, line = 0;

	if (source->marks)
		return;
	for (const char *p = source->text; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		count++;
	source->marks =
		pool_alloc(&image->pool, ((size_t)count / MARK_LINES + 1) * sizeof(*source->marks));
	for (const char *p = source->text; p; line++) {
		if (!(line % MARK_LINES))
			source->marks[line / MARK_LINES] = (uint32_t)(p - source->text);
		p = memchr(p, '\n', (size_t)(end - p));
		p += p != NULL;
	}
	source->lines_count = count;
}

/* Line @line (from 1) of a source, not ended by a zero: *@size says how long it is. */
const char *source_line(struct image *image, struct source *source, int line, size_t *size)
{
	const char *end = source->text + source->size, *at, *next;

	*size = 0;
	source_mark(image, source);
	if (line < 1 || line > source->lines_count)
		return "";
	at = source->text + source->marks[(line - 1) / MARK_LINES];
	for (int left = (line - 1) % MARK_LINES; left > 0; left--)
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
	next = memchr(at, '\n', (size_t)(end - at));
	*size = (size_t)((next ? next : end) - at);
	return at;
}
