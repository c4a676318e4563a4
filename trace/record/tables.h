/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trace begins with, where it has been made before. */
#ifndef TRACE_RECORD_TABLES_H
#define TRACE_RECORD_TABLES_H

#include <stddef.h>
#include <sys/types.h>

/**
 * struct tables - the database that a trace begins with
 * @bytes, @size: it is in memory; NULL: there is none
 * @fd, @at: the same lies there in a file, to be copied without a look at it; -1: in none
 */
struct tables {
	const void *bytes;
	size_t size;
	int fd;
	off_t at;
};

#endif
