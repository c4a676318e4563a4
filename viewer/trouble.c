/* SPDX-License-Identifier: GPL-2.0-only */

/* The one way in which trouble is told, so that every message has the same three parts. */

#include <stdarg.h>
#include <stdio.h>

#include "viewer/command.h"

int trouble(const char *what, const char *hint, const char *fmt, ...)
{
	va_list args;

	/* What went to standard output before must not appear after the reason. */
	fflush(stdout);
	fprintf(stderr, "synwalk: %s: ", what);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	if (hint)
		fprintf(stderr, "    %s\n", hint);
	return STATUS_TROUBLE;
}
