/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A step explained: what it is, what its function is for, what the field means, what the value says.
 *
 * The sentences come from the catalogue (viewer/catalog.h) and from the trace itself: who called,
 * who woke whom and when, which bits of a flag changed, how far a sequence number is from its first.
 */
#ifndef SYNWALK_VIEWER_EXPLAIN_H
#define SYNWALK_VIEWER_EXPLAIN_H

#include <stdio.h>

#include "viewer/model.h"

/* A heading and a paragraph that belongs to it; the paragraph may be empty. */
struct explain_item {
	char *head, *text;
};
struct explanation {
	struct explain_item *items; /* the step first */
	int count;
};

/* Explains the position.  0, or -1 if there is no step or it cannot be read; then out is empty. */
int model_explain(struct model *m, struct explanation *out);
void model_explain_free(struct explanation *e);

/* Prints it to a width: headings at the margin, paragraphs below them, set in. */
void explain_print(FILE *to, const struct explanation *e, int width);
void explain_print_item(FILE *to, const char *head, const char *text, int width);

/* ---- values (explain_values.c) ----------------------------------------------------------------- */

/*
 * The bits of a field that holds flags, by name: "TCPHDR_SYN|TCPHDR_ACK", "none".  NULL if the field is
 * not known to hold flags.  NAME as a trace has it: "sk_flags", "tcp_skb_cb.tcp_flags".
 */
char *explain_flags(char *buf, size_t len, const char *type, const char *name, uint64_t value);

/* A field whose number is a name, and no enumeration says so: icsk_pending ...  NULL if not known. */
const char *explain_name(const char *type, const char *name, int64_t value);

/*
 * Tells a sequence number by its distance from the first one of a connection in FLOWS: "the first of
 * 10.9.0.1 + 1".  NULL if the field holds none, or it belongs to no known connection.
 */
char *explain_sequence(char *buf, size_t len, const char *name, const char *ctype, uint32_t value,
		       const struct decode_flows *flows);

/* Does a field of this name hold an errno, or one with the sign turned? */
bool explain_is_errno(const char *name);

/* ---- packets (explain_packet.c) ---------------------------------------------------------------- */

/* Tells in sentences what a frame is for. */
void explain_packet(FILE *to, const struct decoded *d, bool out);

#endif
