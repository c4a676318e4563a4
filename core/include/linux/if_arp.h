/* SPDX-License-Identifier: GPL-2.0-only */
/* The ARP header (RFC 826). Origin: include/linux/if_arp.h and its uapi part, v4.9. */
#ifndef _LINUX_IF_ARP_H
#define _LINUX_IF_ARP_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>

/* Hardware types: dev->type, and ar_hrd on the wire. */
#define ARPHRD_ETHER    1
#define ARPHRD_IEEE802  6
#define ARPHRD_TUNNEL   768
#define ARPHRD_LOOPBACK 772
#define ARPHRD_NONE     0xFFFE
#define ARPHRD_VOID     0xFFFF

#define ARPOP_REQUEST 1
#define ARPOP_REPLY   2

/*
 * The fixed part, all fields in network order. Behind it stand, with the lengths given here:
 * sender hardware address, sender protocol address, target hardware address, target protocol
 * address. For Ethernet and IPv4 that makes 8 + 6 + 4 + 6 + 4 = 28 bytes.
 */
struct arphdr {
	__be16 ar_hrd;
	__be16 ar_pro;
	unsigned char ar_hln;
	unsigned char ar_pln;
	__be16 ar_op;
};

static inline struct arphdr *arp_hdr(const struct sk_buff *skb)
{
	return (struct arphdr *)skb_network_header(skb);
}

/* Bytes of an ARP packet for IPv4 on @dev. */
static inline int arp_hdr_len(struct net_device *dev)
{
	return sizeof(struct arphdr) + (dev->addr_len + sizeof(u32)) * 2;
}

#endif /* _LINUX_IF_ARP_H */
