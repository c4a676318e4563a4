/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the running program's debug information.
 *
 * Theory of operation.  image_open() walks once over the compilation units whose name starts
 * with the prefix.  A first pass notes every named type, so that a unit that knows only "struct
 * sock;" is served by one that knows it in full.  A second pass collects functions with their
 * parameters and locals, globals and function statics, line tables and macros.  At -O0 a
 * variable lives in one place for the whole life of its frame, "so many bytes from the canonical
 * frame address", and that is all the location this reader understands: what is elsewhere (in a
 * register, optimised away) has no business in a watched build and is left out.
 *
 * Addresses in the file plus the bias the loader chose are addresses in memory; the structures
 * hold the former, so that they are the same in every run.
 */
#include <dwarf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baked.h"
#include "image.h"
#include "points.h"

/* A variable bigger than this is not part of snapshots: its stores are told one by one. */
#define SNAP_VARIABLE 64

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static bool is_watched_unit(const struct image *image, Dwarf_Die *unit)
{
	const char *name = dwarf_diename(unit);

	return name && starts_with(name, image->prefix) &&
	       !(*image->exclude && starts_with(name, image->exclude));
}

/* Reads a location of one operation: fbreg (offset in *@value) or addr (address in *@value). */
static int location_of(Dwarf_Die *die, Dwarf_Sword *value)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;

	if (!dwarf_attr_integrate(die, DW_AT_location, &attr) ||
	    dwarf_getlocation(&attr, &ops, &count) || count != 1)
		return 0;
	*value = (Dwarf_Sword)ops[0].number;
	return ops[0].atom;
}

static struct dtype *type_attr(struct image *image, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die target;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attr) || !dwarf_formref_die(&attr, &target))
		return type_of(image, NULL);
	return type_of(image, &target);
}

/* DWARF names sources as the compiler saw them; the trace wants them relative to the root. */
static struct source *source_of(struct image *image, Dwarf_Die *unit, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	const char *root = NULL, *path = dwarf_decl_file(die);

	if (!path)
		path = dwarf_diename(unit);
	if (dwarf_attr(unit, DW_AT_comp_dir, &attr))
		root = dwarf_formstring(&attr);
	if (root && starts_with(path, root) && path[strlen(root)] == '/')
		path += strlen(root) + 1;
	return source_get(image, path);
}

static void global_add(struct image *image, Dwarf_Die *die, uint64_t addr, const char *owner)
{
	struct dtype *type = type_attr(image, die);
	const char *name = dwarf_diename(die);
	struct global *global;

	if (!name || !type_strip(type)->size)
		return;
	global = grow(image->globals, image->globals_count, image->globals_room);
	global->name = owner ? pool_printf(&image->pool, "%s.%s", owner, name) : name;
	global->type = type;
	global->addr = addr;
	global->size = type_strip(type)->size;
}

struct gather {
	struct variable *list;
	int count, room;
};

/* Collects the variables of a function, or of a block inside it. */
static void gather_variables(struct image *image, Dwarf_Die *scope, const char *owner,
			     struct gather *gather)
{
	Dwarf_Die die;

	if (dwarf_child(scope, &die))
		return;
	do {
		int tag = dwarf_tag(&die);
		struct variable *variable;
		Dwarf_Sword where = 0;
		int line = 0;

		/* what an always_inline function brings along lives in this frame as well */
		if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine)
			gather_variables(image, &die, owner, gather);
		if (tag != DW_TAG_variable && tag != DW_TAG_formal_parameter)
			continue;
		switch (location_of(&die, &where)) {
		case DW_OP_addr:
			global_add(image, &die, (uint64_t)where, owner);
			break;
		case DW_OP_fbreg:
			if (!dwarf_diename(&die))
				break;
			variable = grow(gather->list, gather->count, gather->room);
			variable->name = dwarf_diename(&die);
			variable->type = type_attr(image, &die);
			variable->at = where;
			variable->size = type_strip(variable->type)->size;
			variable->parameter =
				tag == DW_TAG_formal_parameter &&
						dwarf_tag(scope) == DW_TAG_subprogram ?
					0 :
					-1;
			dwarf_decl_line(&die, &line);
			variable->line = line;
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

static int by_place(const void *left, const void *right)
{
	const struct segment *a = left, *b = right;

	return a->at < b->at ? -1 : a->at > b->at;
}

/* Sorts segments and joins those that touch.  Returns how many are left. */
static int segments_join(struct segment *segments, int count)
{
	int last = 0;

	if (!count)
		return 0;
	qsort(segments, (size_t)count, sizeof(*segments), by_place);
	for (int i = 1; i < count; i++) {
		int32_t end = segments[last].at + (int32_t)segments[last].size;

		if (segments[i].at <= end) {
			int32_t other = segments[i].at + (int32_t)segments[i].size;

			if (other > end)
				segments[last].size = (uint32_t)(other - segments[last].at);
		} else {
			segments[++last] = segments[i];
		}
	}
	return last + 1;
}

/* Decides what a snapshot of this function's frame holds, and what is unassigned at its start. */
static void layout_frame(struct image *image, struct function *function)
{
	size_t room = (size_t)function->variables_count * sizeof(struct segment);

	function->snaps = pool_alloc(&image->pool, room);
	function->fresh = pool_alloc(&image->pool, room);
	for (int i = 0; i < function->variables_count; i++) {
		struct variable *variable = &function->variables[i];
		struct segment segment = { (int32_t)variable->at, (uint32_t)variable->size };

		if (variable->size && variable->size <= SNAP_VARIABLE)
			function->snaps[function->snaps_count++] = segment;
		if (variable->size && variable->parameter < 0)
			function->fresh[function->fresh_count++] = segment;
	}
	function->snaps_count = segments_join(function->snaps, function->snaps_count);
	function->fresh_count = segments_join(function->fresh, function->fresh_count);
	for (int s = 0; s < function->snaps_count; s++) {
		struct segment *segment = &function->snaps[s];

		for (int i = 0; i < function->variables_count; i++) {
			struct variable *variable = &function->variables[i];

			if (variable->size && variable->size <= SNAP_VARIABLE &&
			    variable->at >= segment->at &&
			    variable->at < segment->at + (int64_t)segment->size)
				variable->snap = (int)(function->snap_size +
						       (uint32_t)(variable->at - segment->at));
		}
		function->snap_size += segment->size;
	}
}

static void function_add(struct image *image, Dwarf_Die *unit, Dwarf_Die *die)
{
	struct gather gather = { 0 };
	struct function *function;
	Dwarf_Addr low, high;
	const char *name = dwarf_diename(die);
	int line = 0;

	if (!name || dwarf_lowpc(die, &low) || dwarf_highpc(die, &high))
		return;
	function = grow(image->functions, image->functions_count, image->functions_room);
	function->name = name;
	function->type = type_attr(image, die);
	function->file = source_of(image, unit, die);
	function->decl_file = dwarf_decl_file(die);
	dwarf_decl_line(die, &line);
	function->line = function->end_line = line;
	function->low = low;
	function->high = high;
	function->point = point_named(name);
	gather_variables(image, die, name, &gather);
	for (int i = 0; i < gather.count; i++) {
		gather.list[i].snap = -1;
		if (gather.list[i].parameter >= 0)
			gather.list[i].parameter = function->parameters_count++;
	}
	function->variables_count = gather.count;
	function->variables = pool_alloc(&image->pool, (size_t)gather.count * sizeof(*gather.list));
	if (gather.count)
		memcpy(function->variables, gather.list,
		       (size_t)gather.count * sizeof(*gather.list));
	free(gather.list);
	function->range =
		function->parameters_count == 3 &&
		(!strcmp(name, "memset") || !strcmp(name, "memcpy") || !strcmp(name, "memmove"));
	layout_frame(image, function);
	function->key = hash_bytes(name, strlen(name)) ^ ((uint64_t)line << 40) ^
			(uint64_t)function->file->id << 20;
}

static void unit_read(struct image *image, Dwarf_Die *unit)
{
	int first = image->functions_count;
	Dwarf_Die die;

	if (dwarf_child(unit, &die))
		return;
	do {
		Dwarf_Sword where;

		if (dwarf_tag(&die) == DW_TAG_subprogram)
			function_add(image, unit, &die);
		else if (dwarf_tag(&die) == DW_TAG_variable &&
			 location_of(&die, &where) == DW_OP_addr)
			global_add(image, &die, (uint64_t)where, NULL);
	} while (!dwarf_siblingof(&die, &die));
	lines_read(image, unit, first);
	macros_read(image, unit);
}

static void each_unit(struct image *image, void (*visit)(struct image *, Dwarf_Die *))
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;

	while (!dwarf_get_units(image->dwarf, cu, &cu, NULL, NULL, &unit, NULL))
		if (is_watched_unit(image, &unit))
			visit(image, &unit);
}

/* dl_iterate_phdr() reports the program itself first: where its segments lie. */
static int find_segments(struct dl_phdr_info *info, size_t size, void *data)
{
	struct image *image = data;

	(void)size;
	image->bias = info->dlpi_addr;
	image->load_low = UINT64_MAX; /* a baked image has those of the run that it was baked in */
	image->load_high = 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *phdr = &info->dlpi_phdr[i];
		uint64_t start = phdr->p_vaddr + info->dlpi_addr, end = start + phdr->p_memsz;

		if (phdr->p_type != PT_LOAD)
			continue;
		if (start < image->load_low)
			image->load_low = start;
		if (end > image->load_high)
			image->load_high = end;
		/* string literals live in the last segment that is neither writable nor code */
		if (!(phdr->p_flags & (PF_W | PF_X))) {
			image->rodata_low = start;
			image->rodata_high = end;
		}
	}
	return 1;
}

static int by_address(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	return a->low < b->low ? -1 : a->low > b->low;
}

/* Orders the functions by address and ties every body to the first of its kind. */
static void functions_sort(struct image *image)
{
	struct map first = { 0 };
	int ids = 0;

	if (image->functions_count)
		qsort(image->functions, (size_t)image->functions_count, sizeof(*image->functions),
		      by_address);
	for (int i = 0; i < image->functions_count; i++) {
		struct function *function = &image->functions[i];

		if (!map_get(&first, function->key))
			map_set(&first, function->key, function);
		function->canon = map_get(&first, function->key);
		function->index = i;
	}
	for (int i = 0; i < image->functions_count; i++) {
		struct function *function = &image->functions[i];

		function->id = function->canon == function ? ++ids : function->canon->id;
	}
	map_free(&first);
}

static int by_symbol_address(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Notes all functions of the symbol table, one name for each address. */
static void symbols_read(struct image *image)
{
	Elf *elf = dwarf_getelf(image->dwarf);
	Elf_Scn *section = NULL;
	int kept = 0;

	while (elf && (section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(section, NULL);
		for (size_t i = 0; data && i < header.sh_size / header.sh_entsize; i++) {
			struct symbol *entry;
			GElf_Sym symbol;

			if (!gelf_getsym(data, (int)i, &symbol) || !symbol.st_value ||
			    GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
				continue;
			entry = grow(image->symbols_list, image->symbols_count,
				     image->symbols_room);
			entry->addr = symbol.st_value;
			entry->name = elf_strptr(elf, header.sh_link, symbol.st_name);
		}
	}
	if (!image->symbols_count)
		return;
	qsort(image->symbols_list, (size_t)image->symbols_count, sizeof(*image->symbols_list),
	      by_symbol_address);
	for (int i = 0; i < image->symbols_count; i++)
		if (!kept || image->symbols_list[i].addr != image->symbols_list[kept - 1].addr)
			image->symbols_list[kept++] = image->symbols_list[i];
	image->symbols_count = kept;
}

/* Where the program's segments lie. */
void image_find_segments(struct image *image)
{
	dl_iterate_phdr(find_segments, image);
}

/* Reads all watched units of @image->dwarf into the lists. */
void image_read(struct image *image)
{
	each_unit(image, types_index);
	each_unit(image, unit_read);
}

/* image_open() from the debug information itself. */
int image_open_dwarf(struct image *image, const char *prefix, const char *exclude, char *err,
		     size_t errlen)
{
	memset(image, 0, sizeof(*image));
	image->prefix = prefix;
	image->exclude = exclude;
	image_find_segments(image);
	image->fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (image->fd >= 0)
		image->dwarf = dwarf_begin(image->fd, DWARF_C_READ);
	if (image->dwarf)
		image_read(image);
	if (image->functions_count) {
		functions_sort(image);
		symbols_read(image);
		return 0;
	}
	snprintf(err, errlen,
		 "this program carries no debug information for '%s*'; "
		 "use a build with -g3 that was not stripped",
		 prefix);
	image_close(image);
	return -ENOEXEC;
}

/**
 * image_open - learn what the program's debug information says of the watched code
 * @image: takes it
 * @prefix: compilation units whose name starts with it are watched
 * @exclude: but not those
 * @err: takes a message when it fails
 * @errlen: room in @err
 *
 * A program that was baked when it was built brings the answer along; else DWARF is read.
 *
 * Return: 0, or -ENOEXEC when there is nothing to be learned.
 */
int image_open(struct image *image, const char *prefix, const char *exclude, char *err,
	       size_t errlen)
{
	if (!baked_open(image, prefix, exclude))
		return 0;
	return image_open_dwarf(image, prefix, exclude, err, errlen);
}

/* Indexes the types of units, one after the other, until struct @name is known in full. */
void image_find_struct(struct image *image, const char *name)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;

	while (image->dwarf && !type_named(image, name) &&
	       !dwarf_get_units(image->dwarf, cu, &cu, NULL, NULL, &unit, NULL))
		if (is_watched_unit(image, &unit))
			types_index(image, &unit);
}

/*
 * The small version, for early.c: only the unit that holds the code at @addr, without lines and
 * macros.
 */
int image_open_points(struct image *image, uint64_t addr)
{
	Dwarf_Die unit, die;

	memset(image, 0, sizeof(*image));
	image->exclude = "";
	dl_iterate_phdr(find_segments, image);
	image->fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (image->fd >= 0)
		image->dwarf = dwarf_begin(image->fd, DWARF_C_READ);
	if (!image->dwarf || !dwarf_addrdie(image->dwarf, addr - image->bias, &unit) ||
	    !dwarf_diename(&unit)) {
		image_close(image);
		return -ENOEXEC;
	}
	image->prefix = pool_printf(&image->pool, "%.*s", (int)strcspn(dwarf_diename(&unit), "/"),
				    dwarf_diename(&unit));
	types_index(image, &unit);
	if (!dwarf_child(&unit, &die)) {
		do {
			if (dwarf_tag(&die) == DW_TAG_subprogram)
				function_add(image, &unit, &die);
		} while (!dwarf_siblingof(&die, &die));
	}
	return 0;
}

void image_close(struct image *image)
{
	if (image->baked) {
		baked_close(image);
		return;
	}
	if (image->dwarf)
		dwarf_end(image->dwarf);
	if (image->fd >= 0)
		close(image->fd);
	free(image->functions);
	free(image->globals);
	free(image->sources);
	free(image->aliases);
	free(image->structs_list);
	free(image->symbols_list);
	map_free(&image->types_by_die);
	map_free(&image->macro_imports);
	names_free(&image->structs);
	names_free(&image->source_names);
	names_free(&image->macros);
	names_free(&image->symbols);
	pool_free(&image->pool);
	memset(image, 0, sizeof(*image));
	image->fd = -1;
}

/* The function whose code holds @pc, or NULL. */
struct function *image_function(const struct image *image, uint64_t pc)
{
	int low = 0, high = image->functions_count;

	pc -= image->bias;
	while (low < high) {
		int middle = (low + high) / 2;

		if (image->functions[middle].high <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == image->functions_count || pc < image->functions[low].low)
		return NULL;
	return &image->functions[low];
}

/*
 * The name of a function of the program that is not watched (a task's main function, a device's
 * far end), from the symbol table; "stray" if there is none.
 */
const char *image_symbol(const struct image *image, uint64_t addr)
{
	int low = 0, high = image->symbols_count;

	addr -= image->bias;
	while (low < high) {
		int middle = (low + high) / 2;

		if (image->symbols_list[middle].addr < addr)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < image->symbols_count && image->symbols_list[low].addr == addr)
		return image->symbols_list[low].name;
	return "stray";
}
