/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking up what bake.c has written. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "baked.h"
#include "pages.h"

#define PAGE 4096ULL

const char *baked_file;
bool baked_elsewhere;

/* Copies the build id among the notes of the program. */
static int find_build_id(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *phdr = &info->dlpi_phdr[i];
		const uint8_t *at = (const uint8_t *)(info->dlpi_addr + phdr->p_vaddr);
		const uint8_t *end = at + phdr->p_memsz;

		while (phdr->p_type == PT_NOTE && at + sizeof(ElfW(Nhdr)) <= end) {
			const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
			const uint8_t *id = at + sizeof(*note) + ((note->n_namesz + 3) & ~3U);

			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
			    !memcmp(note + 1, "GNU", 4))
				memcpy(data, id,
				       note->n_descsz < BAKED_ID_MAX ? note->n_descsz :
								       BAKED_ID_MAX);
			at = id + ((note->n_descsz + 3) & ~3U);
		}
	}
	return 1; /* the program itself is reported first */
}

/* The build id of the running program, filled up with zeros; all zero if it has none. */
void baked_build_id(uint8_t *id)
{
	memset(id, 0, BAKED_ID_MAX);
	dl_iterate_phdr(find_build_id, id);
}

/* Finds the section in the ELF file @fd.  Returns 0 with *@offset and *@size, or -ENOENT. */
static int find_section(int fd, uint64_t *offset, uint64_t *size)
{
	Elf64_Shdr sections[128], *names;
	char name[sizeof(BAKED_SECTION)];
	Elf64_Ehdr head;
	size_t count;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) || head.e_shentsize != sizeof(*sections) ||
	    head.e_shnum > sizeof(sections) / sizeof(*sections) || head.e_shstrndx >= head.e_shnum)
		return -ENOENT;
	count = head.e_shnum;
	if (pread(fd, sections, count * sizeof(*sections), (off_t)head.e_shoff) !=
	    (ssize_t)(count * sizeof(*sections)))
		return -ENOENT;
	names = &sections[head.e_shstrndx];
	/* it was added last, so it is looked for from the end */
	for (size_t i = count; i-- > 0;) {
		if (pread(fd, name, sizeof(name),
			  (off_t)(names->sh_offset + sections[i].sh_name)) != sizeof(name) ||
		    memcmp(name, BAKED_SECTION, sizeof(name)))
			continue;
		*offset = sections[i].sh_offset;
		*size = sections[i].sh_size;
		return 0;
	}
	return -ENOENT;
}

/* Opens where it is and reads its head.  Returns a descriptor, or -ENOENT. */
static int open_head(struct baked *head, uint64_t *offset)
{
	int fd = open(baked_file ? baked_file : "/proc/self/exe", O_RDONLY | O_CLOEXEC);
	uint8_t id[BAKED_ID_MAX];
	uint64_t size = 0;

	if (fd < 0)
		return -ENOENT;
	*offset = 0;
	if (baked_file)
		size = (uint64_t)lseek(fd, 0, SEEK_END);
	baked_build_id(id);
	if ((!baked_file && find_section(fd, offset, &size)) || *offset % PAGE ||
	    pread(fd, head, sizeof(*head), (off_t)*offset) != sizeof(*head) ||
	    memcmp(head->magic, BAKED_MAGIC, sizeof(head->magic)) || head->size != size ||
	    memcmp(head->build_id, id, sizeof(id))) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

/* Makes the pointers fit a place @delta bytes behind BAKED_BASE. */
static void move(uint8_t *base, const struct baked *head, uint64_t delta)
{
	const uint32_t *moves = (const uint32_t *)(base + head->moves);

	for (uint64_t i = 0; i < head->moves_count; i++) {
		uint64_t pointer;

		memcpy(&pointer, base + moves[i], sizeof(pointer));
		pointer += delta;
		memcpy(base + moves[i], &pointer, sizeof(pointer));
	}
}

/*
 * Memory for @size bytes of it, where its pointers fit if nothing else lies there.  They are read, not
 * mapped from the file: a recording touches a good part of the pages and writes to many, and a page
 * that is copied when it is written to costs more than to read a hundred into large ones.
 */
static uint8_t *find_room(size_t size)
{
	uint8_t *base = baked_elsewhere ? NULL : pages_map_at(BAKED_BASE, size);

	return base ? base : pages_map(size);
}

/**
 * baked_open - image_open() without DWARF
 * @image: takes the image
 * @prefix, @exclude: as image_open()'s; what was baked must have been asked for with the same
 *
 * Return: 0, or -ENOENT when nothing was baked that fits.
 */
int baked_open(struct image *image, const char *prefix, const char *exclude)
{
	struct baked head, *baked;
	uint64_t offset;
	size_t size;
	uint8_t *base;
	void *tables;
	int fd = open_head(&head, &offset);

	if (fd < 0)
		return fd;
	size = pages_whole(head.tables);
	base = find_room(size);
	baked = (struct baked *)base;
	if (!base || pread(fd, base, head.tables, (off_t)offset) != (ssize_t)head.tables)
		goto failed;
	if ((uint64_t)(uintptr_t)base != BAKED_BASE)
		move(base, &head, (uint64_t)(uintptr_t)base - BAKED_BASE);
	if (strcmp(baked->image.prefix, prefix) || strcmp(baked->image.exclude, exclude))
		goto failed;
	tables = mmap(NULL, head.tables_size, PROT_READ, MAP_PRIVATE, fd,
		      (off_t)(offset + head.tables));
	if (tables == MAP_FAILED)
		goto failed;
	*image = baked->image;
	image->baked = baked;
	image->baked_size = size;
	image->tables = tables;
	image->tables_at = offset + head.tables;
	image->fd = fd;
	image_find_segments(image);
	sources_attach(image);
	return 0;
failed:
	if (base)
		pages_unmap(base, size);
	close(fd);
	return -ENOENT;
}

void baked_close(struct image *image)
{
	part_close(image);
	pool_free(&image->pool);
	munmap(image->tables, ((const struct baked *)image->baked)->tables_size);
	pages_unmap(image->baked, image->baked_size);
	close(image->fd);
	memset(image, 0, sizeof(*image));
	image->fd = -1;
}

/*
 * Where the tracepoints' arguments lie, by @image if there is one yet.  Returns 0, or -ENOENT when nothing
 * was baked.
 */
int baked_points(const struct image *image, struct points *points)
{
	struct baked head;
	uint64_t offset;
	int fd;

	if (image && image->baked) {
		*points = ((const struct baked *)image->baked)->points;
		return 0;
	}
	fd = image ? -ENOENT : open_head(&head, &offset);
	if (fd < 0)
		return fd;
	close(fd);
	*points = head.points;
	return 0;
}

/* The trace database with the static tables in it; none when the image came from DWARF. */
struct tables baked_tables(const struct image *image)
{
	const struct baked *baked = image->baked;

	if (!baked)
		return (struct tables){ .fd = -1 };
	return (struct tables){ .bytes = image->tables,
				.size = baked->tables_size,
				.fd = image->fd,
				.at = (off_t)image->tables_at };
}
