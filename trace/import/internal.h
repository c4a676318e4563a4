/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of trace/import share. */
#ifndef TRACE_IMPORT_INTERNAL_H
#define TRACE_IMPORT_INTERNAL_H

#include "ctf/ctf.h"
#include "import.h"
#include "trace/record/lttng/passed.h"
#include "trace/record/sink.h"

/* No table has more columns. */
#define COLUMNS_MAX 16

/* Pieces of a text, put together. */
struct pieces {
	char *bytes;
	size_t size, room;
};

/**
 * struct telling - a recording on its way into the sink
 * @seen: the recordings that came up so far, and @wanted: which of them is told, by its number
 * @sink: NULL until the tables that it begins with are there
 * @reading: where its events come from
 * @pieces: of what the next event has; @packet: room for the bytes of one
 * @tables_size: how many bytes its tables shall have; 0: they come as rows;
 *               @tables_sum: passed_sum() of them
 * @spoiled: events that could not be understood, and were left out
 * @steps: the last step, and @step_seq: the number of its event; @status: how it ended, "" while it has not
 */
struct telling {
	struct import_list seen;
	int wanted;
	const char *path;
	struct sink *sink;
	const struct ctf_reading *reading;
	struct pieces pieces[PIECES], packet;
	uint64_t tables_size, tables_sum;
	uint64_t spoiled, step_seq;
	int64_t steps;
	char status[16];
	char *err;
	size_t errlen;
};

/* look.c: the recording that an event is of; a new one where it begins. NULL when out of memory. */
struct import_run *list_run(struct import_list *list, const char *name,
			    const struct ctf_fields *fields, const struct ctf_event *event);
/* Reads all of a folder; what @event returns, 0, or -errno with a message. */
int read_folder(const char *folder, struct ctf_reading *reading, char *err, size_t errlen);

/* row.c: the columns of a row; their number, or -1.  They point into @row, which is changed. */
int row_parse(char *row, size_t size, struct value *columns, int room);
/* Hexadecimal to bytes, in place; how many, or -1. */
int64_t hex_parse(char *text, size_t digits);

/* tell.c */
int import_tell(void *telling, const char *name, const struct ctf_fields *fields,
		const struct ctf_event *event);

#endif
