/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What two traces have in common, and where they part.
 *
 * diff_traces() reads both traces once, brings their call trees in line, compares what stands side
 * by side, and groups what differs by its cause.  The result knows, for every step of one trace,
 * the step of the other that it answers to: that is what two replays are stepped through with, side
 * by side.
 *
 * Functions return -1 (or NULL) when memory ran out or a trace could not be read.
 */
#ifndef TRACE_DIFF_H
#define TRACE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "trace/read/read.h"

/* ---- rules: what counts as equal though it is not ------------------------------------------ */

struct diff_rules;

/* The rules that hold when nobody says otherwise, as text in the language of docs/diff.md. */
extern const char diff_default_rules[];

/*
 * Reads rules from TEXT.  NULL when a line cannot be understood; then err says which, and why.
 * NAME is the file's, for messages.  To be freed by diff_rules_free().
 */
struct diff_rules *diff_rules_parse(const char *name, const char *text, char *err, size_t errlen);
void diff_rules_free(struct diff_rules *r);

/* ---- the comparison ------------------------------------------------------------------------ */

/* What is wrong at a place. */
enum diff_kind {
	DIFF_VALUE,   /* the same step, another value */
	DIFF_MISSING, /* steps of the first trace that the second does not have */
	DIFF_EXTRA,   /* steps that only the second trace has */
	DIFF_MOVED,   /* steps that both have, at another place */
	DIFF_TIME,    /* the same step, at another time */

};

/*
 * One difference.  Steps A of the first trace answer to steps B of the second.  For what is missing
 * or extra one of the two is where it would have stood: the step before it.
 */
struct diff_entry {
	enum diff_kind kind;
	int64_t a, b;             /* the first step of it, in both traces */
	int64_t a_steps, b_steps; /* how many steps it has; 0 where it is not */
	const char *what;         /* of a value: "new", "args", "value", "bytes" ... */
	const char *function;     /* whose doing it is; "" when nobody's is known */
	int cause;    /* index of the difference that this one follows from; or its own */
	int follow;   /* of a cause: how many follow from it */
	bool excused; /* follows from what a rule lets pass */
};

struct diff_options {
	const struct diff_rules *rules; /* NULL: the default ones */
	const char *const *ignore;      /* patterns, ended by NULL; may be NULL */
	const char *const *only;        /* likewise */
};

/* How much there is of everything. */
struct diff_counts {
	int64_t a_steps, b_steps;       /* of the traces */
	int64_t paired;                 /* steps that answer to one another */
	int64_t missing, extra, moved;  /* steps */
	int64_t values, excused_values; /* values that differ; that a rule lets pass */
	int64_t entries, causes;        /* without the excused ones */
};

struct diff;

/*
 * Compares.  Both traces must stay open until diff_free(), and nobody else may read them meanwhile.
 * NULL on error; then err says why in one line.
 */
struct diff *diff_traces(struct trace *a, struct trace *b, const struct diff_options *o, char *err,
			 size_t errlen);
void diff_free(struct diff *d);

/* Every difference in the order of the walk; excused ones too.  They belong to the result. */
const struct diff_entry *diff_entries(const struct diff *d, size_t *count);

/* The first difference that counts; NULL when the traces are equal. */
const struct diff_entry *diff_first(const struct diff *d);

const struct diff_counts *diff_counts(const struct diff *d);

/* ---- side by side -------------------------------------------------------------------------- */

/*
 * The step of the other trace that a step answers to; 0 if there is none.  Both traces' steps that
 * have none stand between two that have: diff_next_pair() puts them there.
 */
int64_t diff_mate_of_a(const struct diff *d, int64_t a);
int64_t diff_mate_of_b(const struct diff *d, int64_t b);

/* One line of a walk through both traces; a step is 0 where a trace has nothing to show. */
struct diff_pair {
	int64_t a, b;
	bool differs; /* a difference that counts begins here */
	bool moved;   /* what stands here has its other half elsewhere: diff_mate_of_a() tells */
	int64_t next_a, next_b; /* the iterator's own */
};

/*
 * An iterator over all lines, from the first: *pair must be zero at the beginning.  False behind the
 * last line.  Every step of both traces comes once, each trace's in order.
 */
bool diff_next_pair(const struct diff *d, struct diff_pair *pair);

/* ---- why they count as equal --------------------------------------------------------------- */

/* One rule, and what it let pass. */
struct diff_use {
	const char *rule; /* as it is written */
	int64_t times;    /* so often */
	int64_t first_a;  /* the first time: a step of the first trace, and of the second */
	int64_t first_b;
};

/* Rules that were needed, in the order in which they are written. Returns how many there are. */
size_t diff_uses(const struct diff *d, const struct diff_use **uses);

#endif
