/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct inet_sock: what every IPv4 socket adds to struct sock, whatever its protocol.
 *
 * Origin: include/net/inet_sock.h.
 */
#ifndef _INET_SOCK_H
#define _INET_SOCK_H

#include <linux/jhash.h>
#include <linux/string.h>
#include <linux/types.h>
#include <net/flow.h>
#include <net/request_sock.h>
#include <net/sock.h>

/**
 * struct ip_options - IP options, parsed: where each one lies in __data
 * @faddr: first hop of a source route, network order
 * @nexthop: next hop of a received source route
 * @optlen: bytes of options, a multiple of 4, at most 40
 * @srr: offset of the source route from the start of the IP header; 0 if none
 * @rr: offset of record route
 * @ts: offset of timestamp
 * @router_alert: offset of router alert (RFC 2113)
 * @__data: the options as they go into the header
 */
struct ip_options {
	__be32 faddr;
	__be32 nexthop;
	unsigned char optlen;
	unsigned char srr;
	unsigned char rr;
	unsigned char ts;
	unsigned char is_strictroute : 1, srr_is_hit : 1, is_changed : 1, rr_needaddr : 1,
		ts_needtime : 1, ts_needaddr : 1;
	unsigned char router_alert;
	unsigned char cipso;
	unsigned char __pad2;
	unsigned char __data[];
};

/* Options hung on a socket.  The kernel adds an rcu_head for the readers; here nobody races. */
struct ip_options_rcu {
	struct ip_options opt;
};

struct ip_options_data {
	struct ip_options_rcu opt;
	char data[40];
};

/**
 * struct inet_request_sock - the IPv4 part of a connection request
 *
 * Addresses and ports live in the common part under names of their own, because a request is
 * written from the listener's point of view: "loc" is us, "rmt" the peer.
 */
struct inet_request_sock {
	struct request_sock req;
#define ir_loc_addr req.__req_common.skc_rcv_saddr
#define ir_rmt_addr req.__req_common.skc_daddr
#define ir_num      req.__req_common.skc_num
#define ir_rmt_port req.__req_common.skc_dport
#define ir_iif      req.__req_common.skc_bound_dev_if
	u16 snd_wscale : 4, rcv_wscale : 4, tstamp_ok : 1, sack_ok : 1, wscale_ok : 1, ecn_ok : 1,
		acked : 1, no_srccheck : 1;
	u32 ir_mark;
	struct ip_options_rcu *opt;
};

static inline struct inet_request_sock *inet_rsk(const struct request_sock *sk)
{
	return (struct inet_request_sock *)sk;
}

/* State kept between the pieces of one datagram (corking), and the socket's flow key. */
struct inet_cork {
	unsigned int flags;
	__be32 addr;
	struct ip_options *opt;
	unsigned int fragsize;
	int length;
	struct dst_entry *dst;
	u8 tx_flags;
	__u8 ttl;
	__s16 tos;
	char priority;
};

struct inet_cork_full {
	struct inet_cork base;
	struct flowi fl; /* tcp_v4_connect() fills it; ip_queue_xmit() routes by it */
};

/**
 * struct inet_sock - an IPv4 socket
 * @sk: the protocol-independent socket; first, so a pointer to one is a pointer to the other
 * @inet_saddr: source address of what is sent, network order; 0 until connect(2) routes
 * @uc_ttl: unicast TTL; -1: the route's or the namespace's default
 * @cmsg_flags: which control messages recvmsg(2) is asked for
 * @inet_sport: source port, network order (inet_num is the same in host order)
 * @inet_id: IP identification of the next packet; starts at ISN xor jiffies
 * @inet_opt: options to put into every header, or NULL
 * @rx_dst_ifindex: device for which sk_rx_dst holds
 * @tos: TOS byte of what is sent, ECN bits included
 * @pmtudisc: IP_PMTUDISC_*
 * @recverr: user wants errors through the error queue
 * @nodefrag: leave fragments as they are
 * @bind_address_no_port: bind(2) to an address leaves the port to connect(2)
 * @rcv_tos: TOS byte of the last packet
 * @cork: the flow this socket's packets follow
 */
struct inet_sock {
	struct sock sk;
#define inet_daddr     sk.__sk_common.skc_daddr
#define inet_rcv_saddr sk.__sk_common.skc_rcv_saddr
#define inet_dport     sk.__sk_common.skc_dport
#define inet_num       sk.__sk_common.skc_num
	__be32 inet_saddr;
	__s16 uc_ttl;
	__u16 cmsg_flags;
	__be16 inet_sport;
	__u16 inet_id;

	struct ip_options_rcu *inet_opt;
	int rx_dst_ifindex;
	__u8 tos;
	__u8 min_ttl;
	__u8 mc_ttl;
	__u8 pmtudisc;
	__u8 recverr : 1, is_icsk : 1, freebind : 1, hdrincl : 1, mc_loop : 1, transparent : 1,
		mc_all : 1, nodefrag : 1;
	__u8 bind_address_no_port : 1;
	__u8 rcv_tos;
	__u8 convert_csum;
	int uc_index;
	int mc_index;
	__be32 mc_addr;
	struct inet_cork_full cork;
};

/* cmsg_flags: IP_PKTINFO and its kin, one bit each. */
#define IP_CMSG_PKTINFO     (1u << 0)
#define IP_CMSG_TTL         (1u << 1)
#define IP_CMSG_TOS         (1u << 2)
#define IP_CMSG_RECVOPTS    (1u << 3)
#define IP_CMSG_RETOPTS     (1u << 4)
#define IP_CMSG_PASSSEC     (1u << 5)
#define IP_CMSG_ORIGDSTADDR (1u << 6)
#define IP_CMSG_CHECKSUM    (1u << 7)

#define IPCORK_OPT     1
#define IPCORK_ALLFRAG 2

static inline struct inet_sock *inet_sk(const struct sock *sk)
{
	return (struct inet_sock *)sk;
}

/* The full socket behind a request: its listener.  A full socket is itself. */
static inline struct sock *sk_to_full_sk(struct sock *sk)
{
	if (sk && sk->sk_state == TCP_NEW_SYN_RECV)
		sk = inet_reqsk(sk)->rsk_listener;
	return sk;
}

/*
 * Mixes a connection's four-tuple into the hash of the established table.  The initial value is a
 * boot-time secret: without it, a stranger could pick ports that all land in one chain.
 */
static inline unsigned int __inet_ehashfn(const __be32 laddr, const __u16 lport, const __be32 faddr,
					  const __be16 fport, u32 initval)
{
	return jhash_3words((__force __u32)laddr, (__force __u32)faddr,
			    ((__u32)lport) << 16 | (__force __u32)fport, initval);
}

/* What this socket asks of the route lookup (FLOWI_FLAG_*). */
static inline __u8 inet_sk_flowi_flags(const struct sock *sk)
{
	__u8 flags = 0;

	if (inet_sk(sk)->transparent || inet_sk(sk)->hdrincl)
		flags |= FLOWI_FLAG_ANYSRC;
	return flags;
}

/* What ip_select_ident_segs() and friends call "am I allowed to use addresses that are not mine". */
static inline bool inet_sk_transparent(const struct sock *sk)
{
	return inet_sk(sk)->transparent;
}

int inet_sk_rebuild_header(struct sock *sk);

#endif
