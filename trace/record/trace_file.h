/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that a trace is written to. */
#ifndef TRACE_RECORD_TRACE_FILE_H
#define TRACE_RECORD_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>

int trace_file_clear(const char *path, char *err, size_t errlen);
int trace_file_create(const char *path, bool *named);
int trace_file_fill(int fd, bool named, const char *path, const void *bytes, size_t size);

#endif
