/* SPDX-License-Identifier: GPL-2.0-only */
/* The IPv4 header (RFC 791). Origin: include/linux/ip.h and its uapi part, v4.9. */
#ifndef _LINUX_IP_H
#define _LINUX_IP_H

#include <linux/skbuff.h>
#include <linux/types.h>

#define IPTOS_TOS_MASK             0x1E
#define IPTOS_TOS(tos)             ((tos)&IPTOS_TOS_MASK)
#define IPTOS_LOWDELAY             0x10
#define IPTOS_THROUGHPUT           0x08
#define IPTOS_RELIABILITY          0x04
#define IPTOS_MINCOST              0x02
#define IPTOS_PREC_MASK            0xE0
#define IPTOS_PREC_INTERNETCONTROL 0xc0

/* Option types: copy bit, class, number. */
#define IPOPT_COPY         0x80
#define IPOPT_COPIED(o)    ((o)&IPOPT_COPY)
#define IPOPT_END          0
#define IPOPT_NOOP         1
#define IPOPT_NOP          IPOPT_NOOP
#define IPOPT_RR           7
#define IPOPT_TIMESTAMP    68
#define IPOPT_SEC          130
#define IPOPT_LSRR         131
#define IPOPT_CIPSO        134
#define IPOPT_SID          136
#define IPOPT_SSRR         137
#define IPOPT_RA           148
#define IPOPT_OPTVAL       0
#define IPOPT_OLEN         1
#define IPOPT_OFFSET       2
#define IPOPT_MINOFF       4
#define MAX_IPOPTLEN       40
#define IPOPT_TS_TSONLY    0
#define IPOPT_TS_TSANDADDR 1
#define IPOPT_TS_PRESPEC   3

#define IPVERSION 4
#define MAXTTL    255
#define IPDEFTTL  64

/**
 * struct iphdr - the IPv4 header; every field of more than a byte in network order
 * @ihl:      header length in 32-bit words, 5 without options
 * @version:  4
 * @tos:      type of service; the two lowest bits are ECN (RFC 3168)
 * @tot_len:  header and payload, bytes
 * @id:       groups the fragments of one datagram
 * @frag_off: flags (IP_DF, IP_MF) and offset in units of 8 bytes
 * @ttl:      hops left
 * @protocol: IPPROTO_*
 * @check:    one's complement sum over the header only
 * @saddr:    source
 * @daddr:    destination
 */
struct iphdr {
	__u8 ihl : 4, version : 4; /* little-endian bit order: x86-64 */
	__u8 tos;
	__be16 tot_len;
	__be16 id;
	__be16 frag_off;
	__u8 ttl;
	__u8 protocol;
	__sum16 check;
	__be32 saddr;
	__be32 daddr;
};

static inline struct iphdr *ip_hdr(const struct sk_buff *skb)
{
	return (struct iphdr *)skb_network_header(skb);
}

#endif /* _LINUX_IP_H */
