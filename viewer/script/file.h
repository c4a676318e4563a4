/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_FILE_H
#define SYNWALK_VIEWER_SCRIPT_FILE_H

#include <stddef.h>

/*
 * The whole script in @path ("-": standard input) with a NUL behind its *@length bytes; to be
 * given to free(). NULL after telling why not.
 */
char *script_file(const char *path, size_t *length);

#endif
