/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NET_CHECKSUM_H
#define _NET_CHECKSUM_H

/*
 * The Internet checksum (RFC 1071): the ones' complement of the ones'
 * complement sum of all 16-bit words. A __wsum collects, csum_fold() brings it
 * to the 16 bits that stand in a header. The sum is the same in either byte
 * order, so nothing is swapped on the way.
 */
#include <linux/types.h>
#include <linux/byteorder.h>

/* Adds @len bytes at @buff to @sum. */
__wsum csum_partial(const void *buff, int len, __wsum sum);
__wsum csum_partial_copy_nocheck(const void *src, void *dst, int len, __wsum sum);
/* Checksum of an IPv4 header of @ihl 32-bit words; 0 when a received one is right. */
__sum16 ip_fast_csum(const void *iph, unsigned int ihl);
__sum16 ip_compute_csum(const void *buff, int len);

/* Folds carries into 16 bits and complements. */
static inline __sum16 csum_fold(__wsum csum)
{
	u32 sum = csum;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (__sum16)~sum;
}

static inline __wsum csum_add(__wsum csum, __wsum addend)
{
	u32 res = csum + addend;

	return res + (res < addend);
}

static inline __wsum csum_sub(__wsum csum, __wsum addend)
{
	return csum_add(csum, ~addend);
}

/* A block that starts at an odd offset contributes with its bytes swapped. */
static inline __wsum csum_block_add(__wsum csum, __wsum csum2, int offset)
{
	u32 sum = csum2;

	if (offset & 1)
		sum = ((sum & 0x00ff00ff) << 8) | ((sum >> 8) & 0x00ff00ff);
	return csum_add(csum, sum);
}

static inline __wsum csum_unfold(__sum16 n)
{
	return n;
}

/*
 * Adds the pseudo header of TCP and UDP (RFC 793 section 3.1): addresses in
 * network order, protocol, length of the segment in bytes.
 */
__wsum csum_tcpudp_nofold(__be32 saddr, __be32 daddr, __u32 len, __u8 proto, __wsum sum);

static inline __sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, __u32 len, __u8 proto,
					__wsum sum)
{
	return csum_fold(csum_tcpudp_nofold(saddr, daddr, len, proto, sum));
}

/* 0 means "no checksum" in UDP: a sum that comes out as 0 is sent as its other form. */
#define CSUM_MANGLED_0 ((__sum16)0xffff)

#endif
