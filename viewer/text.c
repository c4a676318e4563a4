/* SPDX-License-Identifier: GPL-2.0-only */
/* Characters and the cells they take; paragraphs broken into lines by them. */
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include "viewer/text.h"

size_t text_next(const char *p, size_t len, wchar_t *c, int *cells)
{
	mbstate_t state;
	size_t n;

	memset(&state, 0, sizeof(state));
	n = mbrtowc(c, p, len, &state);
	if (n == 0 || n == (size_t)-1 || n == (size_t)-2) {
		n = 1;
		*c = L'?';
	}
	*cells = wcwidth(*c);
	return n;
}

/* A line may not begin with what closes: not even in scripts that break anywhere. */
static bool closes(wchar_t c)
{
	return c &&
	       wcschr(L"\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\uff09\u300d\u300f\u201d\u2019\u300b)",
		      c);
}

int text_wrap(const char *text, int width, void (*fn)(void *ctx, const char *line, size_t len),
	      void *ctx)
{
	size_t len = strlen(text), start = 0, at = 0, fit = 0;
	int used = 0, cells, lines = 0;
	wchar_t c, before = 0;

	if (width < 1)
		width = 1;
	while (at < len) {
		size_t n = text_next(text + at, len - at, &c, &cells);

		if (cells < 0)
			cells = 1;
		/* Here a line may end: before a space, and before or behind a wide character. */
		if (c == L' ' || ((cells == 2 || (before && wcwidth(before) == 2)) && !closes(c)))
			fit = at;
		before = c;
		if (used + cells > width && at > start && c != L' ') {
			size_t end = fit > start ? fit : at;

			fn(ctx, text + start, end - start);
			lines++;
			for (start = end; start < len && text[start] == ' ';)
				start++;
			at = fit = start;
			used = 0;
			before = 0;
			continue;
		}
		used += cells;
		at += n;
	}
	if (start < len) {
		while (len > start + 1 && text[len - 1] == ' ')
			len--;
		fn(ctx, text + start, len - start);
		lines++;
	}
	return lines;
}
