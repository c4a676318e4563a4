/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ARP, as the IPv4 output path and the device set-up see it.
 *
 * Origin: include/net/arp.h, v4.9; the protocol is RFC 826.
 */
#ifndef _NET_ARP_H
#define _NET_ARP_H

#include <linux/if_arp.h>
#include <net/neighbour.h>

extern struct neigh_table arp_tbl;

/*
 * Bucket hash of an IPv4 address on a device. The kernel mixes in the device's address in memory;
 * here it is the device's index, because a trace must not depend on where an object happens to
 * lie.
 */
static inline u32 arp_hashfn(const void *pkey, const struct net_device *dev, u32 *hash_rnd)
{
	u32 key = *(const u32 *)pkey;
	u32 val = key ^ (u32)dev->ifindex;

	return val * hash_rnd[0];
}

static inline bool neigh_key_eq32(const struct neighbour *n, const void *pkey)
{
	return *(const u32 *)n->primary_key == *(const u32 *)pkey;
}

/* The neighbour with address @key (network order) on @dev, or NULL. No reference is taken. */
static inline struct neighbour *__ipv4_neigh_lookup_noref(struct net_device *dev, u32 key)
{
	return ___neigh_lookup_noref(&arp_tbl, neigh_key_eq32, arp_hashfn, &key, dev);
}

/* The same with a reference; an entry whose count already fell to 0 is as good as none. */
static inline struct neighbour *__ipv4_neigh_lookup(struct net_device *dev, u32 key)
{
	struct neighbour *n = __ipv4_neigh_lookup_noref(dev, key);

	if (n && !atomic_inc_not_zero(&n->refcnt))
		n = NULL;

	return n;
}

void arp_init(void);
void arp_exit(void);
void arp_send(int type, int ptype, __be32 dest_ip, struct net_device *dev, __be32 src_ip,
	      const unsigned char *dest_hw, const unsigned char *src_hw,
	      const unsigned char *target_hw);
struct sk_buff *arp_create(int type, int ptype, __be32 dest_ip, struct net_device *dev,
			   __be32 src_ip, const unsigned char *dest_hw, const unsigned char *src_hw,
			   const unsigned char *target_hw);
void arp_xmit(struct sk_buff *skb);
int arp_mc_map(__be32 addr, u8 *haddr, struct net_device *dev, int dir);
void arp_ifdown(struct net_device *dev);

#endif /* _NET_ARP_H */
