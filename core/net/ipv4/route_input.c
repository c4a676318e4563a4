/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/route.c */
/*
 * Routes for received packets: is it for us, and may it come from there?
 *
 * A host (forwarding is left out) has three answers: deliver it (ip_local_deliver), refuse it
 * (ip_error, which counts and frees), or call it a martian, a packet that cannot exist: from a
 * multicast address, to 127.0.0.1 from a wire, from our own address. Martians get no answer,
 * since an answer to a forged packet hits the wrong host.
 *
 * Part of net/ipv4/route.c in v4.9; see its namesake here for how routes are cached.
 */
#include <linux/errno.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "route_local.h"

/* The input of a route that leads nowhere: count why, and drop. */
int ip_error(struct sk_buff *skb)
{
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);
	struct rtable *rt = skb_rtable(skb);
	struct net *net = dev_net(rt->dst.dev);
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;

	/* IPv4 was switched off on the device while the packet was on its way. */
	if (!in_dev)
		goto out;

	switch (rt->dst.error) {
	case EHOSTUNREACH:
		__IP_INC_STATS(net, IPSTATS_MIB_INADDRERRORS);
		reason = SKB_DROP_REASON_IP_INNOROUTES;
		break;
	case ENETUNREACH:
		__IP_INC_STATS(net, IPSTATS_MIB_INNOROUTES);
		reason = SKB_DROP_REASON_IP_INNOROUTES;
		break;
	}
out:
	kfree_skb_reason(skb, reason);
	return 0;
}

/* The output of an input route. Nobody may send by it. */
static int ip_rt_bug(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	(void)net;
	(void)sk;
	pr_debug("%s: sent by an input route\n", __func__);
	kfree_skb(skb);
	WARN_ON(1);
	return 0;
}

static void ip_handle_martian_source(struct net_device *dev, struct in_device *in_dev, __be32 daddr,
				     __be32 saddr)
{
	if (IN_DEV_LOG_MARTIANS(in_dev))
		pr_warn("martian source %08x from %08x, on dev %s\n", ntohl(daddr), ntohl(saddr),
			dev->name);
}

/*
 * No source check is made for what these say: -EINVAL "martian destination", 1 "martian source",
 * 2 "a broadcast, no lookup needed", 0 "look it up".
 */
static __always_inline int weird_addresses(const struct in_device *in_dev, struct net *net,
					   __be32 daddr, __be32 saddr)
{
	bool localnet =
		IPV4_DEVCONF(in_dev->cnf, ROUTE_LOCALNET) || IPV4_DEVCONF_ALL(net, ROUTE_LOCALNET);

	if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr))
		return 1;
	if (ipv4_is_lbcast(daddr) || (saddr == 0 && daddr == 0))
		return 2;
	if (ipv4_is_zeronet(saddr))
		return 1;
	if (ipv4_is_zeronet(daddr))
		return -EINVAL;
	if (ipv4_is_loopback(daddr) && !localnet)
		return -EINVAL;
	if (ipv4_is_loopback(saddr) && !localnet)
		return 1;
	return 0;
}

/*
 * The lookup proper. 0: the packet has a route, which may be one that refuses it; -EINVAL: a
 * martian; -EXDEV: the reverse-path filter; -ENOBUFS.
 */
static int ip_route_input_slow(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			       struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct net *net = dev_net(dev);
	struct fib_result res;
	struct rtable *rth;
	struct flowi4 fl4;
	unsigned int flags = 0;
	bool do_cache = false;
	u32 itag = 0;
	int err = -EINVAL, weird;

	/* IPv4 is off on this device. */
	if (!in_dev)
		return -EINVAL;

	skb_dst_drop(skb);

	res.fi = NULL;
	res.table = NULL;

	weird = weird_addresses(in_dev, net, daddr, saddr);
	if (weird < 0)
		return weird;
	if (weird == 1)
		goto martian_source;
	if (weird == 2)
		goto brd_input;

	fl4.flowi4_oif = 0;
	fl4.flowi4_iif = dev->ifindex;
	fl4.flowi4_mark = skb->mark;
	fl4.flowi4_tos = tos;
	fl4.flowi4_scope = RT_SCOPE_UNIVERSE;
	fl4.flowi4_proto = 0;
	fl4.flowi4_flags = 0;
	fl4.flowi4_secid = 0;
	fl4.daddr = daddr;
	fl4.saddr = saddr;
	fl4.uli.ports.sport = 0;
	fl4.uli.ports.dport = 0;
	err = fib_lookup(net, &fl4, &res, 0);
	if (err != 0)
		goto no_route;

	if (res.type == RTN_BROADCAST)
		goto brd_input;

	if (res.type == RTN_LOCAL) {
		err = fib_validate_source(skb, saddr, daddr, tos, 0, dev, in_dev, &itag);
		if (err < 0)
			goto martian_source;
		goto local_input;
	}

	/* For somebody else; a router would forward it. */
	goto no_route;

brd_input:
	if (skb->protocol != htons(ETH_P_IP))
		return -EINVAL;

	if (!ipv4_is_zeronet(saddr)) {
		err = fib_validate_source(skb, saddr, 0, tos, 0, dev, in_dev, &itag);
		if (err < 0)
			goto martian_source;
	}
	flags |= RTCF_BROADCAST;
	res.type = RTN_BROADCAST;

local_input:
	if (res.fi && !itag) {
		rth = FIB_RES_NH(res).nh_rth_input;
		if (rt_cache_valid(rth)) {
			/* Lent: the packet is done with before anything can change the cache. */
			skb_dst_set_noref(skb, &rth->dst);
			return 0;
		}
		do_cache = true;
	}

	rth = rt_dst_alloc(net->loopback_dev, flags | RTCF_LOCAL, res.type,
			   IN_DEV_CONF_GET(in_dev, NOPOLICY), false, do_cache);
	if (!rth)
		return -ENOBUFS;

	rth->dst.output = ip_rt_bug;
	rth->rt_is_input = 1;
	if (res.table)
		rth->rt_table_id = res.table->tb_id;

	if (res.type == RTN_UNREACHABLE) {
		rth->dst.input = ip_error;
		rth->dst.error = -err;
		rth->rt_flags &= ~RTCF_LOCAL;
	}
	if (do_cache) {
		if (unlikely(!rt_cache_route(&FIB_RES_NH(res), rth))) {
			rth->dst.flags |= DST_NOCACHE;
			rt_add_uncached_list(rth);
		}
	}
	skb_dst_set(skb, &rth->dst);
	return 0;

no_route:
	err = -EHOSTUNREACH;
	res.type = RTN_UNREACHABLE;
	res.fi = NULL;
	res.table = NULL;
	goto local_input;

martian_source:
	ip_handle_martian_source(dev, in_dev, daddr, saddr);
	return err < 0 ? err : -EINVAL;
}

/**
 * ip_route_input_noref() - give a received packet a route
 * @skb: the packet; on success its dst is set, borrowed from the cache if it can be
 * @daddr: @saddr: its addresses, network order
 * @tos: its type of service
 * @dev: device it came in on
 *
 * Return: 0; -EINVAL a martian, or a multicast nobody here joined; -EXDEV reverse-path filter;
 * -ENOBUFS.
 */
int ip_route_input_noref(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			 struct net_device *dev)
{
	tos &= IPTOS_RT_MASK;

	if (ipv4_is_multicast(daddr)) {
		struct in_device *in_dev = __in_dev_get_rcu(dev);

		/* Nothing is ever joined: see route_local.h. */
		if (!in_dev || !ip_check_mc_rcu(in_dev, daddr, saddr, ip_hdr(skb)->protocol))
			return -EINVAL;
	}
	return ip_route_input_slow(skb, daddr, saddr, tos, dev);
}
