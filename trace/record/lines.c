/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Line tables, and where basic blocks begin.
 *
 * A basic block runs from its first instruction to its last without a way out, so once it has
 * announced itself (the compiler put a call to __sanitizer_cov_trace_pc at its start) all lines
 * in it are known to run.  Where blocks start is found in the code itself: every call to that
 * hook is five bytes, E8 and the distance.  A chance match of those four bytes elsewhere is so
 * improbable that nothing guards against it.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

void __sanitizer_cov_trace_pc(void);

static void find_blocks(struct image *image, struct function *function)
{
	const uint64_t hook = (uint64_t)(uintptr_t)__sanitizer_cov_trace_pc;
	const uint64_t low = function->low + image->bias, high = function->high + image->bias;
	int room = 0;

	for (int pass = 0; pass < 2; pass++) {
		int count = 0;

		for (uint64_t pc = low; pc + 5 <= high; pc++) {
			const uint8_t *code = (const uint8_t *)(uintptr_t)pc;
			int32_t distance;

			if (code[0] != 0xe8)
				continue;
			memcpy(&distance, code + 1, 4);
			if (pc + 5 + (uint64_t)(int64_t)distance != hook)
				continue;
			if (pass)
				function->blocks[count].at = (uint32_t)(pc + 5 - low);
			count++;
		}
		if (!pass)
			function->blocks =
				pool_alloc(&image->pool, (size_t)count * sizeof(*function->blocks));
		room = count;
	}
	function->blocks_count = room;
}

/* Which lines each block has; a block ends where the next one's call to the hook begins. */
static void block_lines(struct function *function)
{
	for (int b = 0; b < function->blocks_count; b++) {
		struct block *block = &function->blocks[b];
		uint64_t end = b + 1 < function->blocks_count ? function->blocks[b + 1].at - 5 :
								function->high - function->low;
		int i = 0;

		while (i < function->lines_count && function->lines[i].at < block->at)
			i++;
		block->next = i ? i - 1 : 0;
		while (i < function->lines_count && function->lines[i].at < end)
			i++;
		block->end = i;
	}
}

/* A row of a unit's table; @order keeps those of one address as they came. */
struct row {
	uint64_t addr;
	const char *path;
	int line, order;
};

struct rows {
	struct row *list;
	int count, room;
};

static int by_line_address(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	return a->order - b->order;
}

/* Inlined code may come from another file, whose lines this function does not have. */
static bool is_own_row(const struct function *function, const struct row *row)
{
	return !function->decl_file || row->path == function->decl_file ||
	       (row->path && !strcmp(row->path, function->decl_file));
}

/* Cuts the rows of one function out of the unit's, which are sorted. */
static void function_lines(struct image *image, struct function *function, const struct rows *rows)
{
	int low = 0, high = rows->count, count = 0;

	while (low < high) {
		int middle = (low + high) / 2;

		if (rows->list[middle].addr < function->low)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + count < rows->count && rows->list[low + count].addr < function->high)
		count++;
	function->lines = pool_alloc(&image->pool, (size_t)count * sizeof(*function->lines));
	for (int i = 0; i < count; i++) {
		const struct row *row = &rows->list[low + i];

		if (!is_own_row(function, row))
			continue;
		/* a later row for the same address replaces the earlier */
		if (function->lines_count &&
		    function->lines[function->lines_count - 1].at == row->addr - function->low)
			function->lines_count--;
		function->lines[function->lines_count++] =
			(struct line_entry){ (uint32_t)(row->addr - function->low), row->line };
		/* the last code of a function is its closing brace's */
		if (row->line >= function->line)
			function->end_line = row->line;
	}
}

/* Reads the line table of @unit into its functions: those from index @first on. */
void lines_read(struct image *image, Dwarf_Die *unit, int first)
{
	struct rows rows = { 0 };
	Dwarf_Lines *lines;
	size_t count;

	if (dwarf_getsrclines(unit, &lines, &count))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		Dwarf_Line *row = dwarf_onesrcline(lines, i);
		struct row *entry;
		Dwarf_Addr addr;
		bool end = false;
		int line;

		if (dwarf_lineendsequence(row, &end) || end || dwarf_lineno(row, &line) || !line ||
		    dwarf_lineaddr(row, &addr))
			continue;
		entry = grow(rows.list, rows.count, rows.room);
		entry->addr = addr;
		entry->line = line;
		entry->order = rows.count;
		entry->path = dwarf_linesrc(row, NULL, NULL);
	}
	if (rows.count)
		qsort(rows.list, (size_t)rows.count, sizeof(*rows.list), by_line_address);
	for (int i = first; i < image->functions_count; i++) {
		function_lines(image, &image->functions[i], &rows);
		find_blocks(image, &image->functions[i]);
		block_lines(&image->functions[i]);
	}
	free(rows.list);
}

/* The line of the instruction @at so many bytes behind the function's start. */
int line_at(const struct function *function, uint64_t at)
{
	int low = 0, high = function->lines_count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (function->lines[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? function->lines[low - 1].line : function->line;
}
