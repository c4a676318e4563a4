/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MD5's compression function (lib/md5.c, RFC 1321 section 3.4): mixes a block of
 * 16 words into a state of 4. As a keyed mixer of addresses and ports, which is
 * all that it does here, it is what v4.9 uses; a hash for signatures it is not.
 *
 * The steps are macros, not functions: 64 steps a hash, and none worth a look.
 */
#include <linux/cryptohash.h>

#define F1(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define F2(x, y, z) F1(z, x, y)
#define F3(x, y, z) ((x) ^ (y) ^ (z))
#define F4(x, y, z) ((y) ^ ((x) | ~(z)))

/* Round r uses word (a[r] + b[r] * i) mod 16 in step i, rotated by shift[r][i mod 4]. */
static const u8 word_start[4] = { 0, 1, 5, 0 };
static const u8 word_step[4] = { 1, 5, 3, 7 };
static const u8 shift[4][4] = {
	{ 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 }
};

/* floor(2^32 * abs(sin(i + 1))) */
static const u32 sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
	0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
	0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
	0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
	0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
	0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
	0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391
};

#define ROL(x, n) (((x) << (n)) | ((x) >> (32 - (n))))

/* Step @i of round @r with its function @F: @w gets a new value, rotated and added to @x. */
#define STEP(F, r, i, w, x, y, z)                                                 \
	do {                                                                      \
		w += F(x, y, z) + in[(word_start[r] + word_step[r] * (i)) % 16] + \
		     sines[16 * (r) + (i)];                                       \
		w = ROL(w, shift[r][(i) % 4]) + x;                                \
	} while (0)

/* Four steps: a, b, c, d change places after each, and are back at their own after the last. */
#define FOUR_STEPS(F, r, i)              \
	STEP(F, r, (i), a, b, c, d);     \
	STEP(F, r, (i) + 1, d, a, b, c); \
	STEP(F, r, (i) + 2, c, d, a, b); \
	STEP(F, r, (i) + 3, b, c, d, a)

/* A round. Written out, so that the compiler knows every index and the tables cost nothing. */
#define MD5_ROUND(F, r)      \
	FOUR_STEPS(F, r, 0); \
	FOUR_STEPS(F, r, 4); \
	FOUR_STEPS(F, r, 8); \
	FOUR_STEPS(F, r, 12)

void md5_transform(u32 *hash, const u32 *in)
{
	u32 a = hash[0], b = hash[1], c = hash[2], d = hash[3];

	MD5_ROUND(F1, 0);
	MD5_ROUND(F2, 1);
	MD5_ROUND(F3, 2);
	MD5_ROUND(F4, 3);
	hash[0] += a;
	hash[1] += b;
	hash[2] += c;
	hash[3] += d;
}
