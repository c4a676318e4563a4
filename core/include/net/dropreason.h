/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: include/net/dropreason-core.h */
#ifndef _NET_DROPREASON_H
#define _NET_DROPREASON_H

/*
 * Why a packet was thrown away: one table. The names are those that Linux gave
 * to the same places from 5.17 on (include/net/dropreason-core.h); v4.9 counts
 * a drop at best. kfree_skb_reason() tells the tracepoint the name.
 */
/* clang-format off */
#define SKB_DROP_REASONS(x)						\
	x(NOT_SPECIFIED)	/* the place has no reason of its own */	\
	x(NO_SOCKET)		/* nobody listens or is connected there */	\
	x(PKT_TOO_SMALL)	/* shorter than its headers say */		\
	x(TCP_CSUM)		/* TCP checksum is wrong */			\
	x(SOCKET_FILTER)	/* a filter of the socket said no */		\
	x(UDP_CSUM)							\
	x(NETFILTER_DROP)	/* a netfilter hook said DROP */		\
	x(OTHERHOST)		/* not for our MAC address */			\
	x(IP_CSUM)		/* IP header checksum is wrong */		\
	x(IP_INHDR)		/* IP header is malformed */			\
	x(IP_RPFILTER)		/* would come in elsewhere by our routes */	\
	x(UNICAST_IN_L2_MULTICAST)					\
	x(XFRM_POLICY)							\
	x(IP_NOPROTO)		/* no handler for the protocol */		\
	x(SOCKET_RCVBUFF)	/* receive buffer is full */			\
	x(PROTO_MEM)		/* the protocol's memory limit */		\
	x(TCP_MD5NOTFOUND)						\
	x(TCP_MD5UNEXPECTED)						\
	x(TCP_MD5FAILURE)						\
	x(SOCKET_BACKLOG)	/* owned socket, and its backlog is full */	\
	x(TCP_FLAGS)		/* flags make no sense in this state */		\
	x(TCP_ZEROWINDOW)						\
	x(TCP_OLD_DATA)		/* all of it was received before */		\
	x(TCP_OVERWINDOW)	/* beyond the window we offered */		\
	x(TCP_OFOMERGE)							\
	x(TCP_RFC7323_PAWS)	/* timestamp went backwards */			\
	x(TCP_OLD_SEQUENCE)						\
	x(TCP_INVALID_SEQUENCE)						\
	x(TCP_INVALID_ACK_SEQUENCE)					\
	x(TCP_RESET)		/* a RST, done with */				\
	x(TCP_INVALID_SYN)						\
	x(TCP_CLOSE)		/* the socket is closed */			\
	x(TCP_FASTOPEN)							\
	x(TCP_OLD_ACK)							\
	x(TCP_TOO_OLD_ACK)						\
	x(TCP_ACK_UNSENT_DATA)	/* acknowledges what we never sent */		\
	x(TCP_OFO_QUEUE_PRUNE)						\
	x(TCP_OFO_DROP)							\
	x(IP_OUTNOROUTES)	/* no route for an outgoing packet */		\
	x(IP_INNOROUTES)	/* no route for an incoming one */		\
	x(NEIGH_CREATEFAIL)						\
	x(NEIGH_FAILED)		/* the neighbour did not answer */		\
	x(NEIGH_QUEUEFULL)	/* too many packets wait for its address */	\
	x(NEIGH_DEAD)							\
	x(QDISC_DROP)		/* the queueing discipline is full */		\
	x(CPU_BACKLOG)		/* input queue of the CPU is full */		\
	x(UNHANDLED_PROTO)	/* no handler for the EtherType */		\
	x(SKB_CSUM)							\
	x(FULL_RING)		/* the device's queue is full */		\
	x(NOMEM)							\
	x(HDR_TRUNC)		/* headers are not all there */			\
	x(DEV_READY)		/* the device is down */			\
	x(DEV_HDR)							\
	x(QUEUE_PURGE)		/* its queue was emptied */			\
	x(IP_INVALID_SOURCE)						\
	x(IP_LOCALNET)							\
	x(IP_TTL_EXPIRED)						\
	x(ICMP_CSUM)							\
	x(INVALID_PROTO)
/* clang-format on */

enum skb_drop_reason {
#define SKB_DROP_ENUM(name) SKB_DROP_REASON_##name,
	SKB_DROP_REASONS(SKB_DROP_ENUM)
#undef SKB_DROP_ENUM
		SKB_DROP_REASON_MAX
};

/* The reason's name ("NO_SOCKET"), never NULL (core/net/core/skbuff.c). */
const char *skb_drop_reason_name(enum skb_drop_reason reason);

#endif
