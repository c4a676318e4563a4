/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in cells: looks, glyphs, and cutting UTF-8 at the right cell. */
#include <curses.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "viewer/text.h"
#include "viewer/tui.h"

static bool utf8;
static enum colours mode;

/*
 * The colour of each look on 16 and on 256 colours, -1 none, and its attributes.
 *
 * The 256 are of the set that Okabe and Ito chose so that people who see two colours only tell them
 * apart: sky blue, orange, bluish green, vermilion.  Where there are 16 the terminal's own are taken,
 * no red beside a green.  Nothing is told by colour alone: a sign, a word or a bracket says the same.
 */
static const struct {
	short colour16, colour256;
	attr_t attr;
} looks[LOOKS] = {
	[LOOK_PLAIN] = { -1, -1, A_NORMAL },
	[LOOK_BAR] = { -1, -1, A_REVERSE },
	[LOOK_HEADING] = { -1, 245, A_NORMAL },
	[LOOK_FOCUS] = { COLOR_CYAN, 74, A_BOLD },
	[LOOK_CURRENT] = { -1, -1, A_REVERSE },
	[LOOK_SELECTED] = { -1, -1, A_UNDERLINE },
	[LOOK_CHANGED] = { COLOR_YELLOW, 214, A_BOLD },
	[LOOK_DIM] = { -1, -1, A_DIM },
	[LOOK_NAME] = { COLOR_CYAN, 74, A_NORMAL },
	[LOOK_PACKET] = { COLOR_MAGENTA, 36, A_NORMAL },
	[LOOK_BAD] = { COLOR_RED, 202, A_BOLD },
};

/* As asked for, as far as the terminal can, unless the environment forbids it. */
static enum colours best_colours(enum colours wanted)
{
	const char *no_color = getenv("NO_COLOR");

	if (wanted == COLOURS_NONE || !has_colors() ||
	    (wanted == COLOURS_AUTO && no_color && *no_color))
		return COLOURS_NONE;
	start_color();
	use_default_colors();
	return wanted != COLOURS_16 && COLORS >= 256 ? COLOURS_256 : COLOURS_16;
}

void draw_start(bool ascii, enum colours wanted)
{
	utf8 = !ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
	mode = best_colours(wanted);
	for (short i = 0; mode != COLOURS_NONE && i < LOOKS; i++)
		init_pair((short)(i + 1),
			  mode == COLOURS_256 ? looks[i].colour256 : looks[i].colour16, -1);
}

const char *glyph(enum glyph g)
{
	static const char *const signs[GLYPHS][2] = {
		[GLYPH_HERE] = { ">", "▶" },       [GLYPH_FOLDED] = { "+", "▸" },
		[GLYPH_OPEN] = { "-", "▾" },       [GLYPH_LINE] = { "-", "─" },
		[GLYPH_BAR] = { "|", "│" },        [GLYPH_TEE] = { "+", "┬" },
		[GLYPH_CROSS] = { "+", "┼" },      [GLYPH_MORE] = { ">", "…" },
		[GLYPH_FOOT] = { "+", "┴" },       [GLYPH_FROM_LEFT] = { "+", "┤" },
		[GLYPH_FROM_RIGHT] = { "+", "├" }, [GLYPH_TO_RIGHT] = { ">", "▶" },
		[GLYPH_TO_LEFT] = { "<", "◀" },    [GLYPH_TO_UP] = { "^", "▲" },
		[GLYPH_TO_DOWN] = { "v", "▼" },    [GLYPH_FULL] = { "#", "█" },
		[GLYPH_PART] = { "=", "▄" },       [GLYPH_SLEEP] = { ".", "·" },
		[GLYPH_READY] = { ":", "░" },
	};

	return signs[g][utf8];
}

const char *line_piece(int sides, bool heavy)
{
	static const char *const light[16] = {
		" ", "│", "─", "└", "│", "│", "┌", "├", "─", "┘", "─", "┴", "┐", "┤", "┬", "┼",
	};
	static const char *const thick[16] = {
		" ", "┃", "━", "┗", "┃", "┃", "┏", "┣", "━", "┛", "━", "┻", "┓", "┫", "┳", "╋",
	};
	bool across = sides & (TO_LEFT | TO_RIGHT), along = sides & (TO_UP | TO_DOWN);

	if (utf8)
		return heavy ? thick[sides & 15] : light[sides & 15];
	return across && along ? "+" :
	       across          ? (heavy ? "=" : "-") :
	       along           ? (heavy ? "#" : "|") :
				 " ";
}

int draw_look(enum look look)
{
	short colour = mode == COLOURS_256 ? looks[look].colour256 : looks[look].colour16;
	attr_t attr = looks[look].attr;

	if (mode == COLOURS_NONE || colour < 0)
		return (int)attr;
	return (int)(attr | COLOR_PAIR((int)look + 1));
}

/*
 * The next character of a text and its width in cells.  Bytes that are no UTF-8, control
 * characters, and what this locale cannot show become '?'.  Returns bytes taken.
 */
static size_t next_cell(const char *p, size_t len, wchar_t *c, int *width)
{
	size_t n = text_next(p, len, c, width);

	if (*width < 0 || (!utf8 && *c > 126)) {
		*c = L'?';
		*width = 1;
	}
	return n;
}

const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
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

void expand_tabs(char *out, size_t room, const char *line, size_t len, size_t tab)
{
	size_t at = 0;

	for (size_t i = 0; i < len && at + 1 < room; i++) {
		if (line[i] != '\t') {
			out[at++] = line[i];
			continue;
		}
		do
			out[at++] = ' ';
		while (at % tab && at + 1 < room);
	}
	out[at] = '\0';
}

char *padded(char *buf, size_t len, const char *text, int cells)
{
	int spaces = cells - text_width(text);

	snprintf(buf, len, "%s%*s", text, spaces > 0 ? spaces : 0, "");
	return buf;
}

int draw_text(int y, int x, int width, int side, enum look look, const char *text, size_t len)
{
	int used = 0, skipped = 0, w, last = 1;
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
		last = w ? w : last;
	}
	w = used;
	while (w < width)
		mvaddch(y, x + w++, ' ');
	/* the sign may not take half of a wide character: curses would write both, a cell too many */
	if (more && used == width && last == 2)
		mvaddstr(y, x + width - 2, "  ");
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
