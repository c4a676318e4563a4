/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of synwalk diff share. */
#ifndef SYNWALK_VIEWER_DIFF_H
#define SYNWALK_VIEWER_DIFF_H

#include "trace/diff/diff.h"
#include "viewer/decode.h"

struct report {
	struct trace *t[2]; /* the two traces */
	struct decode_flows flows[2];
	struct diff *d;
	int context; /* steps shown around the first divergence */
	bool all;    /* every difference, not the first few of each cause */
	bool colour;
	bool explain;
	bool translated; /* differences are told in the reader's language: on the screen */
};

/* The difference for people: the first divergence, then the causes. */
void diff_print(struct report *r);
/* Only how much there is of everything. */
void diff_print_stat(struct report *r);
/* Which rules let what pass. */
void diff_print_uses(struct report *r);
/* The table of steps side by side. */
void diff_print_alignment(struct report *r);
/* All of it for programs. 0 or -1. */
int diff_print_json(struct report *r);

/*
 * Compares and prints calls alone (diff_calls.c); @text is a table's, NULL: the default one, and @name
 * its file's. Return: an exit status.
 */
struct diff_calls_request {
	bool stat, json, strict;
	const char *name, *text;
};
int diff_calls(struct report *r, const struct diff_calls_request *q);

/*
 * What differs in words: "tcp_connect_init() stores 2 to tcp_sock#1.snd_una, not 1". BUF is cut to
 * LEN.
 */
char *diff_words(char *buf, size_t len, struct report *r, const struct diff_entry *e);
/* A step of one of the traces (0 or 1) in words; "" if it cannot be read. */
char *diff_step_words(char *buf, size_t len, struct report *r, int side, int64_t step);
/* "core/net/ipv4/tcp_output.c:407" for a step. */
char *diff_where(char *buf, size_t len, struct report *r, int side, int64_t step);

#endif
