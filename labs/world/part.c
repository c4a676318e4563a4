/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * A student's functions.
 *
 * Theory of operation
 *
 * Linking a world for each student anew, and reading all of its debug information at each start, is most
 * of what grading would cost. So there is one world, linked for a fixed place and baked, and a student's
 * file is linked alone, for the place beside it, against the addresses of the world's symbols (the kit's
 * file `places`). Here it is put there. Each function that it defines and the core has, too, takes the
 * core's place as a live patch of Linux does: the core's begins with a jump to it.
 */

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "labs/world/world.h"
#include "viewer/command.h"

enum { MOST_FUNCTIONS = 256, JUMP = 5 };

#define PAGE 4096ull

/** struct named - a function of the part: where it is, and the core's of that name */
struct named {
	const char *name;
	uint64_t mine, core;
};

static struct named functions[MOST_FUNCTIONS];
static int count;

static int bad(const char *path, const char *why)
{
	return trouble(path, "grade it again", "%s", why);
}

/* ---------------------------------------------------------------- symbols */

static void note(const char *name, uint64_t value, int in_core)
{
	for (int i = 0; in_core && i < count; i++) {
		if (!strcmp(functions[i].name, name))
			functions[i].core = value;
	}
	if (!in_core && count++ < MOST_FUNCTIONS)
		functions[count - 1] = (struct named){ name, value, 0 };
}

/* The global functions that a file defines, which stays open: their names lie in it. */
static void read_symbols(Elf *elf, int in_core)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(section, NULL);
		for (size_t i = header.sh_info; data && i < header.sh_size / header.sh_entsize;
		     i++) {
			GElf_Sym s;

			if (gelf_getsym(data, (int)i, &s) && s.st_shndx != SHN_UNDEF &&
			    s.st_shndx != SHN_ABS && GELF_ST_TYPE(s.st_info) == STT_FUNC)
				note(elf_strptr(elf, header.sh_link, s.st_name), s.st_value,
				     in_core);
		}
	}
}

/* ---------------------------------------------------------------- into memory */

static int map_segment(int fd, const GElf_Phdr *p)
{
	uint64_t low = p->p_vaddr & ~(PAGE - 1), skew = p->p_vaddr - low;
	uint64_t in_file = p->p_filesz ? (p->p_filesz + skew + PAGE - 1) & ~(PAGE - 1) : 0;
	uint64_t whole = (p->p_memsz + skew + PAGE - 1) & ~(PAGE - 1);
	int protection = (p->p_flags & PF_R ? PROT_READ : 0) |
			 (p->p_flags & PF_W ? PROT_WRITE : 0) | (p->p_flags & PF_X ? PROT_EXEC : 0);
	char *at = (char *)(uintptr_t)low;

	if (in_file && mmap(at, in_file, protection, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd,
			    (off_t)(p->p_offset - skew)) != at)
		return -1;
	if (whole > in_file &&
	    mmap(at + in_file, whole - in_file, protection,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != at + in_file)
		return -1;
	/* What follows in the file is not its. */
	if (p->p_flags & PF_W)
		memset(at + skew + p->p_filesz, 0,
		       (in_file > skew + p->p_filesz ? in_file - skew - p->p_filesz : 0));
	return 0;
}

static int map_all(int fd, Elf *elf)
{
	size_t n = 0;

	if (elf_getphdrnum(elf, &n) || !n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (!gelf_getphdr(elf, (int)i, &p) || (p.p_type == PT_LOAD && map_segment(fd, &p)))
			return -1;
	}
	return 0;
}

/* The compiler's own constructors, of which the hooks are told. */
static void construct(Elf *elf)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		void (**list)(void);

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_INIT_ARRAY)
			continue;
		list = (void (**)(void))(uintptr_t)header.sh_addr;
		for (size_t i = 0; i < header.sh_size / sizeof(*list); i++)
			list[i]();
	}
}

/* ---------------------------------------------------------------- into the core */

static int jump(uint64_t from, uint64_t to)
{
	int64_t distance = (int64_t)(to - from - JUMP);
	int32_t near = (int32_t)distance;
	uint64_t low = from & ~(PAGE - 1), size = (from + JUMP - low + PAGE - 1) & ~(PAGE - 1);
	unsigned char *at = (unsigned char *)(uintptr_t)from;

	if (near != distance ||
	    mprotect((void *)(uintptr_t)low, size, PROT_READ | PROT_WRITE | PROT_EXEC))
		return -1;
	at[0] = 0xe9;
	memcpy(at + 1, &near, sizeof(near));
	return mprotect((void *)(uintptr_t)low, size, PROT_READ | PROT_EXEC);
}

static Elf *open_elf(const char *path, int *fd)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? NULL : elf_begin(*fd, ELF_C_READ_MMAP, NULL);
}

int part_load(const char *path)
{
	int fd, core_fd;
	Elf *elf, *core;

	elf_version(EV_CURRENT);
	elf = open_elf(path, &fd);
	core = open_elf("/proc/self/exe", &core_fd);
	if (!elf || !core)
		return bad(path, elf ? "the world cannot read itself" : strerror(errno));
	read_symbols(elf, 0);
	if (count > MOST_FUNCTIONS)
		return trouble(path, "make some of them static",
			       "it has %d functions, %d are the most", count, MOST_FUNCTIONS);
	read_symbols(core, 1);
	if (map_all(fd, elf))
		return bad(path, "it does not fit beside the world");
	for (int i = 0; i < count; i++) {
		if (functions[i].core && jump(functions[i].core, functions[i].mine))
			return bad(path, "its functions cannot take the core's place");
	}
	construct(elf);
	elf_end(core);
	elf_end(elf);
	close(core_fd);
	close(fd);
	return 0;
}
