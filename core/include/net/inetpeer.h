/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is remembered about a single peer address.
 *
 * v4.9 keeps a tree of peers for two uses on this path: learned metrics (moved to tcp_metrics.c
 * and to FIB next hop exceptions since 3.6) and the rate limit of ICMP errors to one host. Only
 * the second is left, and only its token bucket is mirrored; see net/ipv4/icmp.c.
 *
 * Origin: include/net/inetpeer.h, v4.9.
 */
#ifndef _NET_INETPEER_H
#define _NET_INETPEER_H

#include <linux/socket.h>
#include <linux/types.h>

/**
 * struct inet_peer - rate limit of ICMP errors to one host
 * @daddr:       the host, network order
 * @rate_tokens: jiffies of credit
 * @rate_last:   jiffies of the last question
 */
struct inet_peer {
	__be32 daddr;
	u32 rate_tokens;
	unsigned long rate_last;
};

/**
 * struct inetpeer_addr - the address of a peer, of whichever family
 * @a4: IPv4's, network order
 * @family: AF_INET
 */
struct inetpeer_addr {
	__be32 a4;
	u16 family;
};

static inline void inetpeer_set_addr_v4(struct inetpeer_addr *iaddr, __be32 ip)
{
	iaddr->a4 = ip;
	iaddr->family = AF_INET;
}

/* As memcmp() does: 0 if @a and @b are equal, else -1 or 1. */
static inline int inetpeer_addr_cmp(const struct inetpeer_addr *a, const struct inetpeer_addr *b)
{
	if (a->a4 == b->a4)
		return 0;
	return a->a4 < b->a4 ? -1 : 1;
}

bool inet_peer_xrlim_allow(struct inet_peer *peer, int timeout);

#endif /* _NET_INETPEER_H */
