/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in cells: looks, glyphs, and cutting UTF-8 at the right cell. */
#include <curses.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "viewer/tui.h"

static bool colours, utf8;

/* The colour pair of a look, from 1; looks that need none have 0. */
static const struct {
	short pair, colour;
	attr_t attr, attr_plain;
} looks[LOOKS] = {
	[LOOK_PLAIN] = { 0, 0, A_NORMAL, A_NORMAL },
	[LOOK_BAR] = { 0, 0, A_REVERSE, A_REVERSE },
	[LOOK_HEADING] = { 0, 0, A_NORMAL, A_NORMAL },
	[LOOK_FOCUS] = { 1, COLOR_CYAN, A_BOLD, A_BOLD },
	[LOOK_CURRENT] = { 0, 0, A_REVERSE, A_REVERSE },
	[LOOK_SELECTED] = { 0, 0, A_UNDERLINE, A_UNDERLINE },
	[LOOK_CHANGED] = { 2, COLOR_YELLOW, A_BOLD, A_BOLD },
	[LOOK_DIM] = { 0, 0, A_DIM, A_DIM },
	[LOOK_NAME] = { 1, COLOR_CYAN, A_NORMAL, A_NORMAL },
	[LOOK_PACKET] = { 3, COLOR_GREEN, A_NORMAL, A_NORMAL },
	[LOOK_BAD] = { 4, COLOR_RED, A_BOLD, A_BOLD },
};

void draw_start(bool ascii)
{
	const char *no_color = getenv("NO_COLOR");

	utf8 = !ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
	colours = !(no_color && *no_color) && has_colors();
	if (!colours)
		return;
	start_color();
	use_default_colors();
	for (size_t i = 0; i < LOOKS; i++)
		if (looks[i].pair)
			init_pair(looks[i].pair, looks[i].colour, -1);
}

const char *glyph(enum glyph g)
{
	static const char *const signs[GLYPHS][2] = {
		[GLYPH_HERE] = { ">", "▶" },       [GLYPH_FOLDED] = { "+", "▸" },
		[GLYPH_OPEN] = { "-", "▾" },       [GLYPH_LINE] = { "-", "─" },
		[GLYPH_BAR] = { "|", "│" },        [GLYPH_TEE] = { "+", "┬" },
		[GLYPH_CROSS] = { "+", "┼" },      [GLYPH_MORE] = { ">", "…" },
		[GLYPH_FOOT] = { "+", "┴" },       [GLYPH_FROM_LEFT] = { "+", "┤" },
		[GLYPH_FROM_RIGHT] = { "+", "├" },
	};

	return signs[g][utf8];
}

int draw_look(enum look look)
{
	if (!colours)
		return (int)looks[look].attr_plain;
	return (int)(looks[look].attr | COLOR_PAIR(looks[look].pair));
}

/*
 * The next character of a text and its width in cells.  Bytes that are no UTF-8, control
 * characters, and what this locale cannot show become '?'.  Returns bytes taken.
 */
static size_t next_cell(const char *p, size_t len, wchar_t *c, int *width)
{
	mbstate_t state;
	size_t n;

	memset(&state, 0, sizeof(state));
	n = mbrtowc(c, p, len, &state);
	if (n == 0 || n == (size_t)-1 || n == (size_t)-2) {
		n = 1;
		*c = L'?';
	}
	*width = wcwidth(*c);
	if (*width < 0 || (!utf8 && *c > 126)) {
		*c = L'?';
		*width = 1;
	}
	return n;
}

int text_width(const char *text)
{
	size_t len = strlen(text);
	int cells = 0, width;
	wchar_t c;

	while (len) {
		size_t n = next_cell(text, len, &c, &width);

		cells += width;
		text += n;
		len -= n;
	}
	return cells;
}

int draw_text(int y, int x, int width, int side, enum look look, const char *text, size_t len)
{
	int used = 0, skipped = 0, w;
	bool more = false;
	wchar_t c[2] = { 0, 0 };

	if (width <= 0)
		return 0;
	attrset((attr_t)draw_look(look));
	while (len) {
		size_t n = next_cell(text, len, c, &w);

		text += n;
		len -= n;
		if (skipped + w <= side) {
			skipped += w;
			continue;
		}
		if (used + w > width) {
			more = true;
			break;
		}
		mvaddnwstr(y, x + used, c, 1);
		used += w;
	}
	w = used;
	while (w < width)
		mvaddch(y, x + w++, ' ');
	if (more && width > 1)
		mvaddstr(y, x + width - 1, glyph(GLYPH_MORE));
	attrset(A_NORMAL);
	return used;
}

void draw_line(int y, int x, int width, enum look look, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	draw_text(y, x, width, 0, look, text, strlen(text));
}
