/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_EXPLAIN_H
#define SYNWALK_LABS_EXPLAIN_H

#include "labs/run.h"

/*
 * Where the run first parts from the core's own, in words: "step 4802, tcp_sync_mss() stores another
 * value to tcp_sock#1.mss_cache". It only explains: another order can be as right. NULL: it does not.
 */
char *explain_divergence(const struct lab *lab, const struct lab_run *r, uint64_t student,
			 const char *folder);

#endif
