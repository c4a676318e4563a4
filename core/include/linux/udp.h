/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UDP: the header on the wire (RFC 768), and what a UDP socket adds to an IPv4 one.
 *
 * Origin: include/linux/udp.h, include/uapi/linux/udp.h.
 */
#ifndef _LINUX_UDP_H
#define _LINUX_UDP_H

#include <linux/skbuff.h>
#include <linux/types.h>
#include <net/inet_sock.h>
#include <net/netns/hash.h>

/* All in network order; @len counts header and data, bytes; @check 0: not computed. */
struct udphdr {
	__be16 source;
	__be16 dest;
	__be16 len;
	__sum16 check;
};

static inline struct udphdr *udp_hdr(const struct sk_buff *skb)
{
	return (struct udphdr *)skb_transport_header(skb);
}

/**
 * struct udp_sock - a UDP socket
 * @inet: the IPv4 socket; first
 * @udp_port_hash: hash of the local port, which is the port itself: its chain in the first table
 * @udp_portaddr_hash: hash of local address and port: its chain in the second table
 *
 * The kernel keeps the two hashes where a TCP socket has the hash of its four-tuple.
 */
struct udp_sock {
	struct inet_sock inet;
	__u16 udp_port_hash;
	__u16 udp_portaddr_hash;
#define udp_portaddr_node inet.sk.__sk_common.skc_bind_node
};

static inline struct udp_sock *udp_sk(const struct sock *sk)
{
	return (struct udp_sock *)sk;
}

/* Smallest table; ports that lie this far apart share a chain. */
#define UDP_HTABLE_SIZE_MIN 256

static inline u32 udp_hashfn(const struct net *net, u32 num, u32 mask)
{
	return (num + net_hash_mix(net)) & mask;
}

#define udp_portaddr_for_each_entry(__sk, list) \
	hlist_for_each_entry(__sk, list, __sk_common.skc_bind_node)

/* Options at level SOL_UDP. */
#define UDP_CORK  1
#define UDP_ENCAP 100

#endif
