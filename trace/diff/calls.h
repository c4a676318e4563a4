/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two traces compared by their calls alone: which function calls which, in what order. That is what a
 * trace of the core and a kernel's recording have in common.
 *
 * Theory of operation
 *
 * Both traces are cut into units: a system call, a softirq's handler, a frame on its way up, a timer. A
 * unit of one trace is compared with the unit of the other that is most like it, whenever that was: how
 * many frames a softirq finds, and who runs first, is a matter of speed.
 *
 * What one of the two cannot show, or does otherwise on purpose, is in one table (calls.txt), by
 * function. It is applied before anything is compared, to both sides alike: calls are passed over (what
 * they call counts as their caller's), or left out with all that is in them. A function that only one
 * trace ever shows is passed over as well: the compiler has inlined it there, or the tracer does not see
 * it. Whatever is left must be equal.
 */
#ifndef TRACE_DIFF_CALLS_H
#define TRACE_DIFF_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/read/read.h"

/* ---- the table ----------------------------------------------------------------------------------- */

struct calls_table;

/* The one that holds when nobody names another: the text of calls.txt. */
extern const char calls_default_table[];

/*
 * Reads a table from TEXT.  NULL when a line cannot be understood; then err says which, and why.  NAME
 * is the file's, for messages.  To be freed by calls_table_free().
 */
struct calls_table *calls_table_parse(const char *name, const char *text, char *err, size_t errlen);
void calls_table_free(struct calls_table *t);

/* ---- the comparison ------------------------------------------------------------------------------ */

enum calls_kind {
	CALLS_MISSING, /* a call of the first trace that the second does not make there */
	CALLS_EXTRA,   /* a call that only the second trace makes there */
	CALLS_MOVED,   /* both make it within the unit, at other places */
};

/**
 * struct calls_entry - one difference
 * @a, @b: steps: of the call that only one makes, and in the other of the call in which it would be (0:
 *         in no unit that is like it); of a move both are the call's
 * @function, @caller: which call, and in which; @caller is "" for a unit
 * @calls: how many calls it is, those in it included
 */
struct calls_entry {
	enum calls_kind kind;
	int64_t a, b;
	const char *function, *caller;
	int64_t calls;
};

struct calls_counts {
	int64_t a_calls, b_calls; /* of the traces */
	int64_t paired;           /* calls that answer to one another */
	int64_t excused[2];       /* calls of A, of B that the table passes over or leaves out */
	int64_t unseen[2];        /* calls of A, of B of functions that the other never shows */
	int64_t outside[2];       /* calls of A, of B in units that the other has not recorded */
	int64_t entries;
	int64_t missing, extra, moved; /* calls in them */
};

struct calls_options {
	const struct calls_table *table; /* NULL: the default one */
	bool strict; /* a function that only one shows must be one that the table says is inlined */
};

/*
 * One line of the table, and what it let pass on each side: how often, and how many calls in all; first: a
 * step, 0 if it was not needed there.
 */
struct calls_use {
	const char *rule, *reason;
	int line;
	int64_t times[2], calls[2], first[2];
};

/* A function that only one side shows. */
struct calls_unseen {
	const char *function;
	int side; /* 0: A shows it */
	int64_t times;
};

struct calls_diff;

/*
 * Compares.  Both traces must stay open until calls_diff_free().  NULL on error; then err says why in
 * one line.
 */
struct calls_diff *calls_compare(struct trace *a, struct trace *b, const struct calls_options *o,
				 char *err, size_t errlen);
void calls_diff_free(struct calls_diff *d);

/* In the order of the first trace's units, and in them of the walk. */
const struct calls_entry *calls_entries(const struct calls_diff *d, size_t *count);
const struct calls_counts *calls_counts(const struct calls_diff *d);
/* Lines of the table that did something, in their order. */
const struct calls_use *calls_uses(const struct calls_diff *d, size_t *count);
const struct calls_unseen *calls_unseen(const struct calls_diff *d, size_t *count);

#endif
