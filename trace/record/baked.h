/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the debug information says, in the form in which a recording uses it.
 *
 * Reading DWARF takes tens of milliseconds and gives the same answer every time, so the build asks
 * once: bake.c writes the image and the trace's static tables behind each other, and objcopy makes
 * them the section SECTION of the program.  baked.c reads them when a recording starts.  DWARF
 * stays the one source of truth: a program without that section, or with one of another build,
 * reads it as ever, and a test compares the two.
 */
#ifndef TRACE_RECORD_BAKED_H
#define TRACE_RECORD_BAKED_H

#include <stdint.h>

#include "image.h"
#include "points.h"
#include "tables.h"

#define BAKED_SECTION ".synwalk.baked"
#define BAKED_MAGIC   "synwalk baked 1"
/* Where it wants to lie in memory: nothing else goes there, so its pointers need no work. */
#define BAKED_BASE   0x200000000000ULL
#define BAKED_ID_MAX 32

/**
 * struct baked - the head of what was baked; offsets count from it
 * @build_id: of the program it describes, zeros behind it
 * @size: bytes of all of it
 * @moves, @moves_count: offsets (uint32_t) of the pointers, for when it lies elsewhere
 * @tables, @tables_size: a trace database with the static tables filled; it comes last
 * @points, @image: as they were, with pointers as if this head lay at BAKED_BASE
 */
struct baked {
	char magic[16];
	uint8_t build_id[BAKED_ID_MAX];
	uint64_t size;
	uint64_t moves, moves_count;
	uint64_t tables, tables_size;
	struct points points;
	struct image image;
};

/* Tests: a file to take in place of the program's own section; NULL for that. */
extern const char *baked_file;
/* Tests: lie elsewhere than at BAKED_BASE. */
extern bool baked_elsewhere;

void baked_build_id(uint8_t *id);
int baked_open(struct image *image, const char *prefix, const char *exclude);
void baked_close(struct image *image);
int baked_points(const struct image *image, struct points *points);
struct tables baked_tables(const struct image *image);

#endif
