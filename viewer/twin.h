/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two replays side by side: the model of what the screen of `synwalk view A.db B.db` shows.
 *
 * Theory of operation
 *
 * trace/diff brings the two traces in line: a walk through both is a list of pairs, a step of each, or
 * of one where the other has none.  There is one position, a pair.  As in the walk of one trace a call is
 * one line while one is outside; but a call in which something differs is open, so that what differs is
 * never out of sight, and what is equal takes one line.
 *
 * The list is not kept: the iterator of trace/diff gives it from any of the marks that are noted while
 * it is counted, and only a block of pairs around the position is in memory.
 */
#ifndef SYNWALK_VIEWER_TWIN_H
#define SYNWALK_VIEWER_TWIN_H

#include "viewer/diff.h"
#include "viewer/model.h"

#define TWIN_BLOCK 1024

struct twin_block {
	int64_t number; /* which; -1: none yet */
	int count;
	struct diff_pair pairs[TWIN_BLOCK];
};

/**
 * struct twin - a walk through two traces
 * @report: the traces, and what diff says; owned
 * @model: of each trace by itself, what explains its steps; they own the traces
 * @marks: where the iterator stands before each block; @nmarks: how many
 * @count: pairs; @at: the position, from 0
 * @differs: the pairs in which something differs, in order; @ndiffers: how many
 * @blocks: those asked for last, the latest first
 * @detail: how much is walked through
 * @message: what to tell about the last move
 */
struct twin {
	struct report report;
	struct model *model[2];
	struct diff_pair *marks;
	int64_t nmarks, count, at;
	int64_t *differs;
	int64_t ndiffers;
	struct twin_block blocks[2];
	enum model_detail detail;
	char message[200];
};

/* One line: both sides in words, "" where there is nothing. */
struct twin_row {
	int64_t pair, a, b;
	char sign; /* '=' equal, '!' differs, '<' only in A, '>' only in B, '~' moved */
	int indent;
	bool folded, current;
	char *text[2];
};
struct twin_rows {
	struct twin_row *rows;
	int count, current;
};

/* Takes over both traces.  NULL with a message when they cannot be compared; they are closed then. */
struct twin *twin_new(struct trace *a, struct trace *b, char *err, size_t errlen);
void twin_free(struct twin *t);

/* The pair at the position; false in two empty traces. */
bool twin_here(struct twin *t, struct diff_pair *out);
/* The lines around the position, at most so many before and behind.  0 or -1. */
int twin_walk(struct twin *t, int above, int below, struct twin_rows *out);
void twin_rows_free(struct twin_rows *rows);

/* All return whether the position changed; if not, message says why. */
bool twin_step(struct twin *t, bool forward);       /* the next pair at this detail, into calls */
bool twin_over(struct twin *t, bool forward);       /* the next line */
bool twin_difference(struct twin *t, bool forward); /* the next pair that differs */
bool twin_cause(struct twin *t);            /* of the difference here, what it follows from */
bool twin_go(struct twin *t, int64_t pair); /* the nearest there is */
bool twin_go_step(struct twin *t, int side, int64_t step);
void twin_set_detail(struct twin *t, int detail);
/* The difference at the position in words; "" if nothing differs here. */
char *twin_words(struct twin *t, char *buf, size_t len);

/* The trace of one side at the position, to be explained; NULL if that side has nothing there. */
struct model *twin_side(struct twin *t, int side);

/* The screen, until the person quits.  An exit status; -1 if the terminal cannot do it. */
int twin_run(struct twin *t, bool ascii, int colours);

#endif
