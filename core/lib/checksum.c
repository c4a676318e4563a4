/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Internet checksum (lib/checksum.c, RFC 1071). Words are added as they lie
 * in memory: ones' complement addition commutes with swapping the bytes of all
 * words, so a little-endian machine gets the little-endian form of the right
 * answer, and stores it unswapped.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <net/checksum.h>

/* Adds the carries of 64-bit sums back in until 32 bits are left. */
static inline u32 from64to32(u64 x)
{
	x = (x & 0xffffffff) + (x >> 32);
	x = (x & 0xffffffff) + (x >> 32);
	return (u32)x;
}

__wsum csum_partial(const void *buff, int len, __wsum sum)
{
	const u8 *p = buff;
	u64 acc = sum;

	for (; len >= 8; len -= 8, p += 8)
		acc += (u64)((const struct __una_u32 *)p)[0].x + ((const struct __una_u32 *)p)[1].x;
	if (len >= 4) {
		acc += ((const struct __una_u32 *)p)->x;
		p += 4;
		len -= 4;
	}
	if (len >= 2) {
		acc += ((const struct __una_u16 *)p)->x;
		p += 2;
		len -= 2;
	}
	/* An odd last byte is the first of a word whose second is 0. */
	if (len)
		acc += *p;
	return from64to32(acc);
}

__wsum csum_partial_copy_nocheck(const void *src, void *dst, int len, __wsum sum)
{
	memcpy(dst, src, (size_t)len);
	return csum_partial(dst, len, sum);
}

__sum16 ip_fast_csum(const void *iph, unsigned int ihl)
{
	return csum_fold(csum_partial(iph, (int)(ihl * 4), 0));
}

__sum16 ip_compute_csum(const void *buff, int len)
{
	return csum_fold(csum_partial(buff, len, 0));
}

__wsum csum_tcpudp_nofold(__be32 saddr, __be32 daddr, __u32 len, __u8 proto, __wsum sum)
{
	u64 s = sum;

	s += saddr;
	s += daddr;
	s += htonl(proto + len);
	return from64to32(s);
}
