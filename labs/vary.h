/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_VARY_H
#define SYNWALK_LABS_VARY_H

/*
 * A run of one's own: a student's seed chooses addresses, ports and all randomness of a scenario.
 *
 * A lab's scripts have @local@, @gateway@, @remote@, @other@ (another host on the link) and @port@ where
 * a number of the kind stands. Each student sees his own; the same scripts run once more with numbers that
 * nobody has seen, so that a solution which knows the answer instead of working it out does not pass.
 */

#include <stdint.h>

struct variation {
	uint64_t seed; /* of the run's randomness */
	char local[16], gateway[16], remote[16], other[16];
	unsigned int port;
};

enum { RUN_SEEN, RUN_HIDDEN, RUN_KINDS };

/*
 * Runs that students see come in so many kinds, for a package holds the answers to questions about each of
 * them, hashed.
 */
enum { VARIATIONS = 16 };

/* The next number of a sequence that begins at *@state: the labs' one source of chance. */
uint64_t variation_draw(uint64_t *state);

struct variation variation_of(uint64_t student, int run);
/* The script with its numbers; to be freed. */
char *variation_apply(const struct variation *v, const char *script);

#endif
