/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_JHASH_H
#define _LINUX_JHASH_H

/*
 * Bob Jenkins' lookup3 hash (http://burtleburtle.net/bob/hash/, public domain),
 * in the variant of include/linux/jhash.h: a few words, and a secret start value.
 */
#include <linux/bitops.h>

#define JHASH_INITVAL 0xdeadbeef

static inline void __jhash_final(u32 *a, u32 *b, u32 *c)
{
	*c ^= *b;
	*c -= rol32(*b, 14);
	*a ^= *c;
	*a -= rol32(*c, 11);
	*b ^= *a;
	*b -= rol32(*a, 25);
	*c ^= *b;
	*c -= rol32(*b, 16);
	*a ^= *c;
	*a -= rol32(*c, 4);
	*b ^= *a;
	*b -= rol32(*a, 14);
	*c ^= *b;
	*c -= rol32(*b, 24);
}

static inline u32 __jhash_nwords(u32 a, u32 b, u32 c, u32 initval)
{
	a += initval;
	b += initval;
	c += initval;
	__jhash_final(&a, &b, &c);
	return c;
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	return __jhash_nwords(a, b, c, initval + JHASH_INITVAL + (3 << 2));
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return __jhash_nwords(a, b, 0, initval + JHASH_INITVAL + (2 << 2));
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	return __jhash_nwords(a, 0, 0, initval + JHASH_INITVAL + (1 << 2));
}

/* Hashes an array of @length 32-bit words. */
u32 jhash2(const u32 *k, u32 length, u32 initval);

#endif
