/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H

/* The only source of randomness, seeded by core_config.seed: one seed, one run (core/lib/random32.c). */
#include <linux/types.h>
#include <linux/once.h>

void get_random_bytes(void *buf, int nbytes);
u32 get_random_int(void);
u32 prandom_u32(void);
void prandom_bytes(void *buf, size_t nbytes);

/* A value in [0, ep_ro). */
static inline u32 prandom_u32_max(u32 ep_ro)
{
	return (u32)(((u64)prandom_u32() * ep_ro) >> 32);
}

void random_init(u64 seed);

#endif
