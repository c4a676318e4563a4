/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The catalogue: what functions, fields, errnos ... mean, in sentences of our own.
 *
 * The texts are written in viewer/catalog/ (docs/contributing.md tells how) and compiled in, so
 * English is always there; every answer is in the reader's language as far as po/ has it.
 */
#ifndef SYNWALK_VIEWER_CATALOG_H
#define SYNWALK_VIEWER_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

/* What an entry explains.  "value" is a constant that fields hold: CHECKSUM_PARTIAL. */
enum catalog_kind {
	CATALOG_FUNCTION,
	CATALOG_FIELD,
	CATALOG_OBJECT,
	CATALOG_ERRNO,
	CATALOG_STATE,
	CATALOG_DROP,
	CATALOG_VALUE,
	CATALOG_KINDS
};

/* The kind's word: "function". */
const char *catalog_kind_name(enum catalog_kind kind);

/* The text of an entry; NULL if there is none. */
const char *catalog_text(enum catalog_kind kind, const char *name);

/*
 * The text of a field as a trace names it: type "tcp_sock", name "icsk_ack.pending".  The type may be
 * NULL.  A field of a structure inside another (icsk_retransmit_timer.expires) that has no text of its
 * own gets that of the outer field and that of the member.  NULL if nothing is known, else buf.
 */
const char *catalog_field(char *buf, size_t len, const char *type, const char *name);

/* Calls FN for each entry in order of kind and name, until it returns non-zero (which is returned). */
int catalog_each(int (*fn)(void *ctx, enum catalog_kind kind, const char *name, const char *text),
		 void *ctx);

#endif
