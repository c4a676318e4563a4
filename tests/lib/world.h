/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_WORLD_H
#define SYNWALK_TESTS_WORLD_H

/*
 * A small world for tests of the core: one wire with the scripted far end, virtual clock.
 *
 * The core is 10.9.0.1 on wire0, the far end 10.9.0.2, listening on port 80, one millisecond away.
 * Every frame on the wire is kept. Failures end the test (cmocka).
 */

#include <stddef.h>
#include <stdint.h>

#include "core/include/synwalk/core.h"
#include "viewer/farend.h"

/* Network byte order. */
#define WORLD_NEAR     0x0100090au
#define WORLD_FAR      0x0200090au
#define WORLD_PORT     80
#define WORLD_DELAY_NS 1000000ull

/* sockaddr_in as user programs lay it out; tests that see the core's headers cannot have libc's. */
struct world_addr {
	uint16_t family;
	uint16_t port; /* network byte order */
	uint32_t addr; /* network byte order */
	uint8_t zero[8];
};

struct world_frame {
	int out; /* 1: the core sent it */
	size_t len;
	uint8_t bytes[256];
};

struct world {
	struct farend far;
	int deaf; /* 1: the far end hears nothing */
	struct world_frame frames[4096];
	size_t nframes;
};

/* Boots a world; @seed as in struct core_config. There is one world at a time. */
struct world *world_boot(uint64_t seed);
/* Runs @fn(@arg) as a user task until everything is done. Return: that of core_run(). */
int world_run(void (*fn)(void *arg), void *arg);
/* Shuts down; the core must have warned of nothing and given every object back. */
void world_end(void);

/* An address in user memory; @addr network, @port host byte order. */
struct world_addr *world_user_addr(uint32_t addr, uint16_t port);

#endif
