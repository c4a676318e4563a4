/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that a trace is written to. */
#ifndef TRACE_RECORD_TRACE_FILE_H
#define TRACE_RECORD_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "tables.h"

/**
 * struct trace_file - a file on its way to becoming a trace
 * @path: the name it is to have
 * @fd: the file, locked against a second recorder until it is closed; -1: not there yet
 * @old: what lay under that name, locked as well until its name is taken over; -1: nothing
 */
struct trace_file {
	const char *path;
	int fd, old;
};

int trace_file_open(struct trace_file *file, const char *path, bool filled, char *err,
		    size_t errlen);
int trace_file_fill(struct trace_file *file, const struct tables *tables);
void trace_file_close(struct trace_file *file);

#endif
