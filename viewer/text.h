/* SPDX-License-Identifier: GPL-2.0-only */
/* Characters of the locale and the cells of a terminal that they take. */
#ifndef SYNWALK_VIEWER_TEXT_H
#define SYNWALK_VIEWER_TEXT_H

#include <stddef.h>
#include <wchar.h>

/*
 * The next character of LEN bytes (more than none), and its cells: -1 for one that has no place on a
 * screen.  Bytes that are no character come one by one, as '?'.  Returns the bytes it takes.
 */
size_t text_next(const char *p, size_t len, wchar_t *c, int *cells);

/*
 * Writes a paragraph in lines of at most WIDTH cells: calls FN for each, without a newline.  Breaks at
 * spaces, and between the characters of scripts that have none.  Returns the number of lines.
 */
int text_wrap(const char *text, int width, void (*fn)(void *ctx, const char *line, size_t len),
	      void *ctx);

#endif
