/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_RTNETLINK_H
#define _LINUX_RTNETLINK_H

/* Words of routing (uapi linux/rtnetlink.h): types, scopes, tables and metrics of a route. */
#include <linux/types.h>

/* Type: what to do with a packet that matches. */
enum {
	RTN_UNSPEC,
	RTN_UNICAST,   /* send it on */
	RTN_LOCAL,     /* it is for us */
	RTN_BROADCAST, /* for us and all on the link */
	RTN_ANYCAST,
	RTN_MULTICAST,
	RTN_BLACKHOLE,   /* drop in silence: -EINVAL */
	RTN_UNREACHABLE, /* -EHOSTUNREACH */
	RTN_PROHIBIT,    /* -EACCES */
	RTN_THROW,       /* go on in the next table: -EAGAIN */
	RTN_NAT,
	RTN_XRESOLVE,
	__RTN_MAX
};
#define RTN_MAX (__RTN_MAX - 1)

/* Who made the route. */
#define RTPROT_UNSPEC 0
#define RTPROT_KERNEL 2
#define RTPROT_BOOT   3
#define RTPROT_STATIC 4

/* How far the destination is; the higher the nearer. */
enum rt_scope_t {
	RT_SCOPE_UNIVERSE = 0, /* anywhere */
	RT_SCOPE_SITE = 200,
	RT_SCOPE_LINK = 253, /* on the attached link */
	RT_SCOPE_HOST = 254, /* this host */
	RT_SCOPE_NOWHERE = 255
};

enum rt_class_t {
	RT_TABLE_UNSPEC = 0,
	RT_TABLE_COMPAT = 252,
	RT_TABLE_DEFAULT = 253,
	RT_TABLE_MAIN = 254,
	RT_TABLE_LOCAL = 255
};

#define RTM_F_NOTIFY 0x100
#define RTM_F_CLONED 0x200

#define RTNH_F_DEAD      1
#define RTNH_F_PERVASIVE 2
#define RTNH_F_ONLINK    4
#define RTNH_F_OFFLOAD   8
#define RTNH_F_LINKDOWN  16

/* Metrics: what a route knows of the way. */
enum {
	RTAX_UNSPEC,
	RTAX_LOCK, /* bit n: metric n may not be changed by what TCP learns */
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
#define RTAX_FEATURE_MASK      0xf

#endif
