/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the provider passes on beside the words for people, so that a trace can be made of it again:
 * the provider writes it, trace/import reads it.
 *
 * A recording is a row of events of one process: `begin`, the bytes of the tables that the build
 * knew already, then rows of the dictionaries (`define`), steps and ends of objects (`died`) as the
 * writer made them, `end`.  `seq` counts them from 1 without a gap: what is missing was lost.
 *
 * A text, bytes or a row that is too long for one event, or that holds a NUL, comes in pieces
 * (`more`) in front of its event; that has as much of it as there is room for, for people to read.
 */
#ifndef TRACE_RECORD_LTTNG_PASSED_H
#define TRACE_RECORD_LTTNG_PASSED_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The version of all this, in `begin`. */
#define PASSED_VERSION 1

/*
 * Events stay below 4 KiB: LTTng throws away what does not fit a sub-buffer, and those may be small.
 * The lengths of sequences have 16 bits, so a damaged one cannot have libbabeltrace2 take gigabytes.
 */
#define PASSED_TEXT   800  /* bytes of a text in an event */
#define PASSED_PACKET 2048 /* bytes of a packet in an event */
#define PASSED_PIECE  2048 /* bytes of a piece; whole words */

/* What `more` is a piece of: of the tables, or of what the next event that is no piece has. */
enum passed_piece {
	PIECE_TABLES,
	PIECE_ROW,
	PIECE_OLD,
	PIECE_NEW,
	PIECE_EXTRA,
	PIECE_PACKET,
	PIECES
};

/*
 * The field `forms` of a step: which enum value_kind the old value is (lowest two bits) and the new
 * one (the next two), and whether there is a `what`, a text and a place (0 and "" tell nothing).
 */
#define FORMS_OLD(forms) ((forms)&3)
#define FORMS_NEW(forms) ((forms) >> 2 & 3)
#define FORMS_WHAT       16
#define FORMS_EXTRA      32
#define FORMS_PLACE      64

/*
 * A checksum of the tables, in `begin`: what is not whole must not become a database.  (FNV-1a over
 * words; the tables are whole pages.)
 */
static inline uint64_t passed_sum(const void *bytes, size_t size)
{
	uint64_t sum = 0xcbf29ce484222325ULL, word;

	for (size_t i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy(&word, (const char *)bytes + i, sizeof(word));
		sum = (sum ^ word) * 0x100000001b3ULL;
	}
	return sum;
}

#endif
