/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_ROWS_H
#define SYNWALK_TESTS_ROWS_H

/*
 * Recorded tables, one JSON object a line, for tests that see the core's headers and so cannot have
 * the JSON library's. A row is named by its number. A key may lead into a field of a field:
 * "syn.tcp.window".
 */

#include <stddef.h>

/* Reads a table; how many rows, 0 if there is none. */
size_t rows_read(const char *path);
/* Reads one object; a row for each member: "name" is its name, "is" its value. How many. */
size_t rows_read_members(const char *path);
void rows_free(void);
int row_has(size_t row, const char *key);
/* A text, "" if there is none; a list is "a,b", one of an address and a port "10.9.0.1:80". */
const char *row_text(size_t row, const char *key);
int row_is_int(size_t row, const char *key);
double row_number(size_t row, const char *key);
/* Of the list @list: how many, and @key of its element @i (NULL: the element), as above. */
size_t row_list(size_t row, const char *list);
const char *row_list_text(size_t row, const char *list, size_t i, const char *key);
double row_list_number(size_t row, const char *list, size_t i, const char *key);

#endif
