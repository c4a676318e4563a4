/* SPDX-License-Identifier: GPL-2.0-only */

/* Reading a script's text. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/command.h"
#include "viewer/script/file.h"

/* More than any scenario needs, and little enough to read at once. */
#define MAX_SCRIPT (16u << 20)

/* All of it; NULL with errno. */
static char *read_all(FILE *f, size_t *length)
{
	size_t room = 4096, got;
	char *text = malloc(room + 1), *more;

	*length = 0;
	while (text && (got = fread(text + *length, 1, room - *length, f)) > 0) {
		*length += got;
		if (*length < room)
			continue;
		if (room == MAX_SCRIPT) {
			errno = EFBIG;
			break;
		}
		room *= 2;
		more = realloc(text, room + 1);
		if (!more)
			break;
		text = more;
	}
	if (text && *length < room && !ferror(f)) {
		text[*length] = 0;
		return text;
	}
	free(text);
	return NULL;
}

char *script_file(const char *path, size_t *length)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	char *text = f ? read_all(f, length) : NULL;

	if (!text)
		trouble(path, NULL, "%s",
			f && errno == EFBIG ? "too long for a script" : strerror(errno));
	if (f && f != stdin)
		fclose(f);
	return text;
}
