/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vocabulary of routing: kinds of routes, scopes, tables, metrics.
 *
 * These numbers are an ABI: ip(8) and every routing daemon speak them over netlink. There is no
 * netlink in this world, but the numbers are the same, so that a trace reads like `ip route`.
 *
 * Origin: include/uapi/linux/rtnetlink.h, v4.9.
 */
#ifndef _LINUX_RTNETLINK_H
#define _LINUX_RTNETLINK_H

/* What a route does with a packet. */
enum {
	RTN_UNSPEC,
	RTN_UNICAST,	 /* to a gateway or a directly connected host */
	RTN_LOCAL,	 /* to ourselves */
	RTN_BROADCAST,	 /* in as broadcast, out as broadcast */
	RTN_ANYCAST,
	RTN_MULTICAST,
	RTN_BLACKHOLE,	 /* silently: -EINVAL to the sender */
	RTN_UNREACHABLE, /* -EHOSTUNREACH, ICMP host unreachable */
	RTN_PROHIBIT,	 /* -EACCES, ICMP administratively prohibited */
	RTN_THROW,	 /* not in this table, ask the next: -EAGAIN */
	RTN_NAT,
	RTN_XRESOLVE,
	__RTN_MAX
};
#define RTN_MAX (__RTN_MAX - 1)

/* Who made the route. */
#define RTPROT_UNSPEC	0
#define RTPROT_REDIRECT 1
#define RTPROT_KERNEL	2 /* by adding an address */
#define RTPROT_BOOT	3
#define RTPROT_STATIC	4 /* by the administrator */

/* Distance to the target: the larger the number, the nearer. */
enum rt_scope_t {
	RT_SCOPE_UNIVERSE = 0,
	RT_SCOPE_SITE = 200,
	RT_SCOPE_LINK = 253,
	RT_SCOPE_HOST = 254,
	RT_SCOPE_NOWHERE = 255
};

enum rt_class_t {
	RT_TABLE_UNSPEC = 0,
	RT_TABLE_DEFAULT = 253,
	RT_TABLE_MAIN = 254,
	RT_TABLE_LOCAL = 255,
};

/* Flags of a next hop. */
#define RTNH_F_DEAD	1
#define RTNH_F_ONLINK	4
#define RTNH_F_LINKDOWN 16

/* Metrics of a route: index into its array is RTAX_xxx - 1. */
enum {
	RTAX_UNSPEC,
	RTAX_LOCK, /* bit mask: metrics that must not be learned over */
	RTAX_MTU,
	RTAX_WINDOW,
	RTAX_RTT,
	RTAX_RTTVAR,
	RTAX_SSTHRESH,
	RTAX_CWND,
	RTAX_ADVMSS,
	RTAX_REORDERING,
	RTAX_HOPLIMIT,
	RTAX_INITCWND,
	RTAX_FEATURES,
	RTAX_RTO_MIN,
	RTAX_INITRWND,
	RTAX_QUICKACK,
	RTAX_CC_ALGO,
	__RTAX_MAX
};
#define RTAX_MAX (__RTAX_MAX - 1)

#define RTAX_FEATURE_ECN       (1 << 0)
#define RTAX_FEATURE_SACK      (1 << 1)
#define RTAX_FEATURE_TIMESTAMP (1 << 2)
#define RTAX_FEATURE_ALLFRAG   (1 << 3)
/* Not an ABI bit: the congestion control named by the route wants ECN. */
#define DST_FEATURE_ECN_CA   (1U << 31)
#define DST_FEATURE_MASK     (DST_FEATURE_ECN_CA)
#define DST_FEATURE_ECN_MASK (DST_FEATURE_ECN_CA | RTAX_FEATURE_ECN)

#endif /* _LINUX_RTNETLINK_H */
