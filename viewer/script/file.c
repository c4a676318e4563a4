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

char *script_file(const char *path, size_t *length)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	char *text = f ? malloc(MAX_SCRIPT + 1) : NULL;

	if (!f) {
		trouble(path, NULL, "%s", strerror(errno));
		return NULL;
	}
	if (text) {
		*length = fread(text, 1, MAX_SCRIPT, f);
		text[*length] = 0;
	}
	if (!text || ferror(f) || *length == MAX_SCRIPT) {
		trouble(path, NULL, "%s", ferror(f) ? strerror(errno) : "too long for a script");
		free(text);
		text = NULL;
	}
	if (f != stdin)
		fclose(f);
	return text;
}
