/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Randomness (drivers/char/random.c, lib/random32.c). A kernel gathers it from
 * the world; here it comes from the seed alone, so that one seed gives one run:
 * the same secrets, the same ports, the same sequence numbers. The generator is
 * xoshiro256** (Blackman and Vigna, public domain), its state filled from the
 * seed by splitmix64.
 */
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>

static u64 state[4];

static inline u64 rol64(u64 x, unsigned int k)
{
	return (x << k) | (x >> (64 - k));
}

static u64 next_u64(void)
{
	u64 result = rol64(state[1] * 5, 7) * 9;
	u64 t = state[1] << 17;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = rol64(state[3], 45);
	return result;
}

void get_random_bytes(void *buf, int nbytes)
{
	char *p = buf;

	while (nbytes > 0) {
		u64 word = next_u64();
		int chunk = min(nbytes, 8);

		memcpy(p, &word, (size_t)chunk);
		p += chunk;
		nbytes -= chunk;
	}
}

u32 get_random_int(void)
{
	return (u32)(next_u64() >> 32);
}

u32 prandom_u32(void)
{
	return (u32)(next_u64() >> 32);
}

void prandom_bytes(void *buf, size_t nbytes)
{
	get_random_bytes(buf, (int)nbytes);
}

void random_init(u64 seed)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(state); i++) {
		u64 z = (seed += 0x9e3779b97f4a7c15ULL);

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
		state[i] = z ^ (z >> 31);
	}
}
