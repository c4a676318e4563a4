/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Steps and values in words: shared by the listing and the screen, so that both tell the same.
 * Every function writes into a buffer, cuts what does not fit and returns the buffer.
 */
#ifndef SYNWALK_VIEWER_MODEL_WORDS_H
#define SYNWALK_VIEWER_MODEL_WORDS_H

#include "trace/read/read.h"
#include "viewer/decode.h"

/**
 * words_value() - a value as a person writes it
 * @name: of the field or variable, NULL if it has none: tells addresses and flags from numbers
 * @ctype: its type in C, NULL if not known: tells the byte order
 * @enumeration: for symbols; 0 for none
 *
 * An address in network order becomes 10.9.0.1, a port in network order 7, a known number its
 * symbol, an errno its name beside the number.
 */
char *words_value(char *buf, size_t len, const struct trace *t, const struct trace_value *v,
		  const char *name, const char *ctype, int enumeration);

/* What a function of this return type gave back: "0", "-111 ECONNREFUSED", "tcp_sock#1". */
char *words_return(char *buf, size_t len, const struct trace *t, const struct trace_value *v,
		   const char *type);

/* The arguments of a call from its JSON: "sk=tcp_sock#1, addr_len=16". */
char *words_args(char *buf, size_t len, const struct trace *t, const struct trace_step *call);

/* What a step did, on one line.  FLOWS (may be NULL) makes sequence numbers relative. */
char *words_step(char *buf, size_t len, struct trace *t, const struct trace_step *s,
		 const struct decode_flows *flows);

/* A time: "20.000123 ms". */
char *words_time(char *buf, size_t len, int64_t ns);

/* "ECONNREFUSED" for 111; NULL if there is no such error. The kernel's own 512.. included. */
const char *words_errno(int64_t number);

/* Learns the initial sequence numbers of a whole trace. */
void words_learn_flows(struct trace *t, struct decode_flows *flows, int64_t behind);

#endif
