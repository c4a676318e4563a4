/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_RUN_H
#define SYNWALK_LABS_RUN_H

/* One run of a script in a world that may do anything, and what came of it. */

#include <stdbool.h>
#include <stdint.h>

#include "labs/ask.h"
#include "labs/build.h"
#include "labs/lab.h"
#include "labs/vary.h"

/**
 * struct lab_run - a run
 * @verdict: RIGHT: all was as the script says, WRONG: it was not; or how it ended otherwise
 * @message: then, what happened, in lines
 * @step: where in the trace; 0: not known
 * @leaks, @warnings: as the core counts them at its end
 * @trace: its file; NULL if nothing could be recorded
 * @asked: the trace, open for questions, or NULL
 */
struct lab_run {
	const char *script;
	int kind; /* RUN_SEEN, RUN_HIDDEN */
	int64_t isn;
	struct variation variation;
	enum verdict verdict;
	char *message;
	int64_t step;
	long leaks, warnings;
	char *trace;
	struct asked *asked;
};

/*
 * Runs the lab's @script with the student's seed in @folder, which gets the script and the trace.
 * @isn: the first sequence number that it shall have; -1: as it comes.
 */
void lab_run(struct lab_run *r, const struct build *b, const struct lab *lab, const char *script,
	     uint64_t student, int kind, int64_t isn, const char *folder);
/*
 * What was seen before, with the address sanitizer, not recorded: MEMORY and a message, or RIGHT if it found
 * nothing in any of the @count scripts that lie in @folder.
 */
enum verdict lab_run_asan(const struct build *b, const char *const *scripts, int count,
			  uint64_t student, const char *folder, char **message);
void lab_run_free(struct lab_run *r);

#endif
