/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/ip_output.c */
#ifndef _IP_OUTPUT_LOCAL_H
#define _IP_OUTPUT_LOCAL_H

/* What the two parts of net/ipv4/ip_output.c share. */
#include <linux/ip.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>

/* TTL: the socket's (IP_TTL), else the route's. */
static inline int ip_select_ttl(struct inet_sock *inet, struct dst_entry *dst)
{
	int ttl = inet->uc_ttl;

	if (ttl < 0)
		ttl = ip4_dst_hoplimit(dst);
	return ttl;
}

/* The addresses as routing settled them. */
static inline void ip_copy_addrs(struct iphdr *iph, const struct flowi4 *fl4)
{
	iph->saddr = fl4->saddr;
	iph->daddr = fl4->daddr;
}

#endif /* _IP_OUTPUT_LOCAL_H */
