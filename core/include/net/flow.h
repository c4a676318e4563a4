/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow key: what a route lookup is asked with.
 *
 * Before a packet exists there is already a question, "how would a packet from A to B get
 * there?". A flow key holds that question: addresses, ports, mark, type of service, and the
 * device if the caller insists on one. The answer is written back into the same key: the lookup
 * fills in the source address and the output device the caller left open, which is how an
 * unbound connect(2) learns its own address.
 *
 * Origin: include/net/flow.h, v4.9.
 */
#ifndef _NET_FLOW_H
#define _NET_FLOW_H

#include <linux/types.h>

/**
 * struct flowi_common - the part of a flow key every address family shares
 * @flowic_oif:    index of the output device, 0 = any (in), chosen device (out)
 * @flowic_iif:    index of the input device; LOOPBACK_IFINDEX for what we send ourselves
 * @flowic_mark:   fwmark of the socket or packet; policy routing may look at it
 * @flowic_tos:    type of service, RTO_ONLINK in bit 0 asks for a directly connected target
 * @flowic_scope:  how far away a route may lead at least (RT_SCOPE_*)
 * @flowic_proto:  IPPROTO_*
 * @flowic_flags:  FLOWI_FLAG_*
 * @flowic_secid:  label of a security module; this world has none, always 0
 */
struct flowi_common {
	int flowic_oif;
	int flowic_iif;
	__u32 flowic_mark;
	__u8 flowic_tos;
	__u8 flowic_scope;
	__u8 flowic_proto;
	__u8 flowic_flags;
#define FLOWI_FLAG_ANYSRC   0x01 /* the source may be an address that is not ours */
#define FLOWI_FLAG_KNOWN_NH 0x02 /* the caller insists on his next hop */
	__u32 flowic_secid;
};

/* The transport part: ports for TCP and UDP, type and code for ICMP. */
union flowi_uli {
	struct {
		__be16 dport;
		__be16 sport;
	} ports;
	struct {
		__u8 type;
		__u8 code;
	} icmpt;
	__be32 spi;
};

/**
 * struct flowi4 - an IPv4 flow key
 * @__fl_common: the shared part, reached through the flowi4_* names below
 * @saddr: source address, network order; 0 = not chosen yet
 * @daddr: destination address, network order
 * @uli:   ports or ICMP type, network order
 */
struct flowi4 {
	struct flowi_common __fl_common;
#define flowi4_oif   __fl_common.flowic_oif
#define flowi4_iif   __fl_common.flowic_iif
#define flowi4_mark  __fl_common.flowic_mark
#define flowi4_tos   __fl_common.flowic_tos
#define flowi4_scope __fl_common.flowic_scope
#define flowi4_proto __fl_common.flowic_proto
#define flowi4_flags __fl_common.flowic_flags
#define flowi4_secid __fl_common.flowic_secid
	__be32 saddr;
	__be32 daddr;
	union flowi_uli uli;
#define fl4_sport     uli.ports.sport
#define fl4_dport     uli.ports.dport
#define fl4_icmp_type uli.icmpt.type
#define fl4_icmp_code uli.icmpt.code
};

/**
 * struct flowi - a flow key of any family
 * @u: the key itself; a socket keeps one in inet->cork.fl for its whole connection
 */
struct flowi {
	union {
		struct flowi_common __fl_common;
		struct flowi4 ip4;
	} u;
#define flowi_oif   u.__fl_common.flowic_oif
#define flowi_iif   u.__fl_common.flowic_iif
#define flowi_mark  u.__fl_common.flowic_mark
#define flowi_tos   u.__fl_common.flowic_tos
#define flowi_proto u.__fl_common.flowic_proto
#define flowi_flags u.__fl_common.flowic_flags
#define flowi_secid u.__fl_common.flowic_secid
};

/* ifindex of the loopback device; also stands for "this host" as the input device of a key. */
#define LOOPBACK_IFINDEX 1

/**
 * flowi4_init_output() - fill a key for a packet we are going to send
 * @fl4:   the key
 * @oif:   output device index, 0 = let routing choose
 * @mark:  fwmark
 * @tos:   type of service, possibly with RTO_ONLINK
 * @scope: RT_SCOPE_UNIVERSE unless the target must be on link
 * @proto: IPPROTO_*
 * @flags: FLOWI_FLAG_*
 * @daddr: destination, network order
 * @saddr: source, network order, 0 = let routing choose
 * @dport: destination port, network order
 * @sport: source port, network order, 0 = not bound yet
 *
 * Every field is set one by one, so a key on the stack needs no memset.
 */
static inline void flowi4_init_output(struct flowi4 *fl4, int oif, __u32 mark, __u8 tos, __u8 scope,
				      __u8 proto, __u8 flags, __be32 daddr, __be32 saddr,
				      __be16 dport, __be16 sport)
{
	fl4->flowi4_oif = oif;
	fl4->flowi4_iif = LOOPBACK_IFINDEX;
	fl4->flowi4_mark = mark;
	fl4->flowi4_tos = tos;
	fl4->flowi4_scope = scope;
	fl4->flowi4_proto = proto;
	fl4->flowi4_flags = flags;
	fl4->flowi4_secid = 0;
	fl4->daddr = daddr;
	fl4->saddr = saddr;
	fl4->fl4_dport = dport;
	fl4->fl4_sport = sport;
}

/**
 * flowi4_update_output() - bring a used key back to what may be asked again
 * @fl4:   the key, as the previous lookup left it
 * @oif:   the device the caller wants, not the one the lookup chose
 * @tos:   type of service as the caller wants it
 * @daddr: destination, network order
 * @saddr: source, network order: the one the previous lookup found
 *
 * The lookup changes oif, tos, scope and the addresses of a key. A second lookup must not
 * inherit the device the first one happened to choose.
 */
static inline void flowi4_update_output(struct flowi4 *fl4, int oif, __u8 tos, __be32 daddr,
					__be32 saddr)
{
	fl4->flowi4_oif = oif;
	fl4->flowi4_tos = tos;
	fl4->daddr = daddr;
	fl4->saddr = saddr;
}

/* The family-free view of an IPv4 key. flowi4 sits at the start of flowi's union. */
static inline struct flowi *flowi4_to_flowi(struct flowi4 *fl4)
{
	return (struct flowi *)((char *)fl4 - offsetof(struct flowi, u.ip4));
}

#endif /* _NET_FLOW_H */
