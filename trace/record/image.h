/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image: what the running program's own debug information says about the watched code.
 * Built at the start of a recording, read-only for the hooks afterwards.
 */
#ifndef TRACE_RECORD_IMAGE_H
#define TRACE_RECORD_IMAGE_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <elfutils/libdw.h>

#include "util.h"

enum type_kind {
	TYPE_VOID,
	TYPE_INTEGER,
	TYPE_POINTER,
	TYPE_STRUCT,
	TYPE_UNION,
	TYPE_ARRAY,
	TYPE_ENUM,
	TYPE_FUNCTION,
	TYPE_TYPEDEF,
};

/**
 * struct member - a member of a struct or union
 * @name: NULL when anonymous
 * @bit_at, @bit_size: of a bit-field, bits counted from the start of the struct; -1, 0 otherwise
 */
struct member {
	const char *name;
	struct dtype *type;
	uint64_t at;
	int64_t bit_at;
	int bit_size;
};

struct enumerator {
	const char *name;
	int64_t value;
};

/**
 * struct leaf - a member that is shown by itself, found by walking down nested structs
 * @field: its id in the trace
 * @name: as the source says it; @path: all the way down
 * @at, @size: bytes it touches; @bit_at: lowest bit at @at, -1 when it is no bit-field
 * @reach: where it or a leaf before it ends, whichever is farther
 * @enumeration: id of the names of its values, 0 for none
 */
struct leaf {
	int field;
	const char *name, *path;
	struct dtype *type;
	uint64_t at, size, reach;
	int bit_at, bit_size;
	int enumeration;
};

/**
 * struct dtype - a type
 * @name: of a struct, union or enum its tag, of a base type or typedef its name; may be NULL
 * @spelled: as C spells it: "struct sock *"
 * @target: of pointers, arrays, typedefs what they are made of; of functions what they return
 * @count: elements of an array
 * @parsed: members or enumerators have been read (that is put off until they are needed)
 * @leaves: see leaves.c; @id, @enumeration: ids in the trace, 0 until it is written there
 */
struct dtype {
	enum type_kind kind;
	const char *name, *spelled;
	uint64_t size;
	bool is_signed, is_char, is_bool, complete, parsed;
	struct dtype *target;
	uint64_t count;
	struct member *members;
	int members_count;
	struct enumerator *enumerators;
	int enumerators_count;
	Dwarf_Off die;
	struct leaf *leaves;
	int leaves_count;
	bool flattened;
	int id, enumeration;
};

#define MARK_LINES 16

/**
 * struct source - a source file
 * @path: relative to where it was compiled: core/net/ipv4/tcp.c
 * @kernel_path: the kernel's file of the same role, or NULL
 * @text: its contents, "" when they could not be had
 * @marks: where in @text each MARK_LINES-th line starts, from the first; found when first asked for
 * @embedded: its line in the table of embedded sources, from 1; 0 when it is not there
 */
struct source {
	const char *path, *kernel_path, *text;
	size_t size;
	uint32_t *marks;
	int lines_count;
	int id, embedded;
};

/* A piece of a frame, counted from its canonical frame address. */
struct segment {
	int32_t at;
	uint32_t size;
};

/**
 * struct variable - a parameter or local
 * @at: of its first byte from the canonical frame address
 * @parameter: position from 0, -1 for a local
 * @snap: offset in the function's snapshots, -1 when it is too big to be in them
 */
struct variable {
	const char *name;
	struct dtype *type;
	int64_t at;
	uint64_t size;
	int parameter, line, snap, id;
};

/* Code from @at (bytes behind the function's start) on belongs to @line. */
struct line_entry {
	uint32_t at;
	int line;
};

/**
 * struct block - a basic block of a function
 * @at: bytes behind the function's start where it has announced itself
 * @next, @end: its lines: those from the one that @at lies in, and the first behind them
 */
struct block {
	uint32_t at;
	int next, end;
};

/**
 * struct function - one compiled body; a static inline function has one in every unit using it
 * @low, @high: where its code lies in the file; the loader's bias comes on top
 * @canon: the first body of the same function, which carries the ids of the trace
 * @point: the enum point it stands for, -1 for an ordinary function
 * @range: it moves bytes as a whole (memcpy, memset): its stores are told as one
 * @snaps: what a snapshot copies; @fresh: locals to be marked as not yet assigned
 * @lines, @blocks: in order of address
 */
struct function {
	const char *name;
	struct dtype *type;
	struct source *file;
	const char *decl_file; /* the same as DWARF spells it */
	int line, end_line;
	uint64_t low, high;
	struct variable *variables;
	int variables_count, parameters_count;
	struct segment *snaps, *fresh;
	int snaps_count, fresh_count;
	uint32_t snap_size;
	struct line_entry *lines;
	int lines_count;
	struct block *blocks;
	int blocks_count;
	int point;
	bool range, variadic;
	uint64_t key; /* equal in all bodies of one function */
	struct function *canon;
	int id, index;
};

/* A global; @addr as in the file, the loader's bias comes on top. */
struct global {
	const char *name;
	struct dtype *type;
	uint64_t addr, size;
};

#define MACRO_VALUES 32

/* A macro that stands for a member: sk_state, body __sk_common.skc_state. */
struct alias {
	const char *name, *body;
};

/* A function of the program, watched or not, by its address in the file. */
struct symbol {
	uint64_t addr;
	const char *name;
};

/*
 * One embedded file. The entries lie in a section of their own, which the linker puts together: each
 * object that trace/record/embed-sources has made adds its files.
 */
struct embedded_source {
	const char *path, *text, *end;
};

/* How many of these the trace's tables had before a part was joined (part.c). */
struct told {
	int sources, functions, last_function, globals;
};

/* The last id given out in each of the trace's dictionaries. */
struct last_ids {
	int variable, type, field, enumeration;
};

/**
 * struct image - all of it
 * @baked: it was read when the program was built (baked.c); then there is no @dwarf
 * @fd: the file that it comes from
 * @tables, @tables_at: what a trace begins with, as it is mapped, and where in the file it lies
 * @bias: what the loader added to the addresses in the file
 * @load_low, @load_high: where the program's own segments lie in memory
 * @structs_list: what @structs holds, in the order of DWARF
 * @told, @part: of a part that was joined, see part.c: what was there before it, and its file
 * @part_low, @part_high: where its string literals lie
 * @part_sources: the texts that it carries
 * @macro_values: enumerations made of macros, by their line in the table of hints.c
 */
struct image {
	struct pool pool;
	void *baked;
	size_t baked_size;
	void *tables;
	uint64_t tables_at;
	Dwarf *dwarf;
	int fd;
	uint64_t bias, load_low, load_high, rodata_low, rodata_high;
	const char *prefix, *exclude;
	struct function *functions;
	int functions_count, functions_room;
	struct global *globals;
	int globals_count, globals_room;
	struct source **sources;
	int sources_count, sources_room;
	struct alias *aliases;
	int aliases_count, aliases_room;
	struct map types_by_die;
	struct dtype **structs_list;
	int structs_count, structs_room;
	struct symbol *symbols_list;
	int symbols_count, symbols_room;
	struct last_ids last;
	int macro_values[MACRO_VALUES];
	struct told told;
	int part;
	uint64_t part_low, part_high;
	const struct embedded_source *part_sources;
	int part_sources_count;
	struct names structs, source_names, macros, symbols;
	struct map macro_imports;
};

int image_open(struct image *image, const char *prefix, const char *exclude, char *err,
	       size_t errlen);
int image_open_dwarf(struct image *image, const char *prefix, const char *exclude, char *err,
		     size_t errlen);
void image_find_segments(struct image *image);
void image_read(struct image *image);
int image_open_points(struct image *image, uint64_t addr);
void image_find_struct(struct image *image, const char *name);
void image_close(struct image *image);
struct function *image_function(const struct image *image, uint64_t pc);
const char *image_symbol(const struct image *image, uint64_t addr);

/* part.c */
int part_join(struct image *image, const char *path, char *err, size_t errlen);
void part_close(struct image *image);

/* dwarf_types.c */
struct dtype *type_of(struct image *image, Dwarf_Die *die);
void type_parse(struct image *image, struct dtype *type);
struct dtype *type_named(struct image *image, const char *name);
void types_index(struct image *image, Dwarf_Die *unit);
struct dtype *type_with_enumerator(struct image *image, const char *symbol);

/* macros.c */
void macros_read(struct image *image, Dwarf_Die *unit);
const char *macro_body(const struct image *image, const char *name);

/* lines.c */
void lines_read(struct image *image, Dwarf_Die *unit, int first);
int line_at(const struct function *function, uint64_t at);

/* source.c */
struct source *source_get(struct image *image, const char *path);
void sources_attach(struct image *image);
void source_mark(struct image *image, struct source *source);
const char *source_line(struct image *image, struct source *source, int line, size_t *size);

/* The type behind typedefs and qualifiers. */
static inline struct dtype *type_strip(struct dtype *type)
{
	while (type->kind == TYPE_TYPEDEF)
		type = type->target;
	return type;
}

/* Is this character part of a C word? */
static inline bool is_word(int c)
{
	return isalnum(c) || c == '_';
}

/* leaves.c */
bool member_is_base(const struct image *image, const struct member *member);
void type_flatten(struct image *image, struct dtype *type);

#endif
