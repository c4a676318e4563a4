/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the protocol-free part of the stack may ask of a route.
 *
 * A dst_entry is known to TCP, to the socket layer and to the neighbour table, none of which
 * knows IPv4 routing. Whatever they need of it goes through this table; IPv4's is
 * ipv4_dst_ops in net/ipv4/route.c.
 *
 * Origin: include/net/dst_ops.h, v4.9.
 */
#ifndef _NET_DST_OPS_H
#define _NET_DST_OPS_H

#include <linux/types.h>

struct dst_entry;
struct kmem_cache;
struct net;
struct neighbour;
struct net_device;
struct sk_buff;
struct sock;

/**
 * struct dst_ops - the operations of one address family's routes
 * @family:          AF_INET
 * @gc_thresh:       how many entries the cache may hold before it is swept
 * @check:           is this entry still good? NULL says look the route up anew
 * @default_advmss:  the MSS to advertise when no metric says so, bytes
 * @mtu:             path MTU, bytes
 * @cow_metrics:     give the entry metrics of its own before writing to them
 * @destroy:         last rites; frees what hangs on the entry
 * @negative_advice: TCP suspects this route; may return NULL to make the socket drop it
 * @link_failure:    the next hop does not answer; tells the owner of @skb
 * @update_pmtu:     ICMP said the path takes @mtu bytes at most
 * @local_out:       send a packet made here
 * @neigh_lookup:    the neighbour that is the next hop of @dst
 * @kmem_cachep:     where entries come from
 * @pcpuc_entries:   how many entries live (one counter: one CPU)
 */
struct dst_ops {
	unsigned short family;
	unsigned int gc_thresh;

	struct dst_entry *(*check)(struct dst_entry *dst, __u32 cookie);
	unsigned int (*default_advmss)(const struct dst_entry *dst);
	unsigned int (*mtu)(const struct dst_entry *dst);
	u32 *(*cow_metrics)(struct dst_entry *dst, unsigned long old);
	void (*destroy)(struct dst_entry *dst);
	struct dst_entry *(*negative_advice)(struct dst_entry *dst);
	void (*link_failure)(struct sk_buff *skb);
	void (*update_pmtu)(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu);
	int (*local_out)(struct net *net, struct sock *sk, struct sk_buff *skb);
	struct neighbour *(*neigh_lookup)(const struct dst_entry *dst, struct sk_buff *skb,
					  const void *daddr);
	struct kmem_cache *kmem_cachep;
	long pcpuc_entries;
};

static inline void dst_entries_add(struct dst_ops *dst, int val)
{
	dst->pcpuc_entries += val;
}

#endif /* _NET_DST_OPS_H */
