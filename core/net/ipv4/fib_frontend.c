/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The routing tables' front: which tables exist, questions about addresses, and the routes that
 * come with an address.
 *
 * Theory of operation
 *
 * `ip address add 10.0.0.2/24 dev tap0` makes four routes (fib_add_ifaddr):
 *      local     10.0.0.2    table local, so that packets to it are ours
 *      unicast   10.0.0.0/24 table main, the neighbours on this link, source 10.0.0.2
 *      broadcast 10.0.0.0    table local
 *      broadcast 10.0.0.255  table local
 * Whoever wants to know what an address is (ours? broadcast?) asks table local.
 *
 * The other task here is the source check of received packets, fib_validate_source(): a packet
 * whose answer would be sent out elsewhere may be forged (RFC 3704).
 *
 * Origin: net/ipv4/fib_frontend.c, v4.9, without policy rules, realms and netlink.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/if.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/arp.h>
#include <net/icmp.h>
#include <net/ip_fib.h>
#include <net/route.h>

#define FIB_TABLE_HASHSZ 256

/* Table @id, made if it does not exist; NULL when memory is out. */
struct fib_table *fib_new_table(struct net *net, u32 id)
{
	struct fib_table *tb, *alias = NULL;

	if (id == 0)
		id = RT_TABLE_MAIN;
	tb = fib_get_table(net, id);
	if (tb)
		return tb;

	/* One walk shall find local and main routes, as long as no rule comes between them. */
	if (id == RT_TABLE_LOCAL && !net->ipv4.fib_has_custom_rules)
		alias = fib_new_table(net, RT_TABLE_MAIN);

	tb = fib_trie_table(id, alias);
	if (!tb)
		return NULL;

	switch (id) {
	case RT_TABLE_LOCAL:
		net->ipv4.fib_local = tb;
		break;
	case RT_TABLE_MAIN:
		net->ipv4.fib_main = tb;
		break;
	case RT_TABLE_DEFAULT:
		net->ipv4.fib_default = tb;
		break;
	default:
		break;
	}

	hlist_add_head(&tb->tb_hlist, &net->ipv4.fib_table_hash[id & (FIB_TABLE_HASHSZ - 1)]);
	return tb;
}

/* Table @id, or NULL. */
struct fib_table *fib_get_table(struct net *net, u32 id)
{
	struct hlist_head *head;
	struct fib_table *tb;

	if (id == 0)
		id = RT_TABLE_MAIN;
	head = &net->ipv4.fib_table_hash[id & (FIB_TABLE_HASHSZ - 1)];
	hlist_for_each_entry(tb, head, tb_hlist) {
		if (tb->tb_id == id)
			return tb;
	}
	return NULL;
}

/* Remove all routes whose next hop is dead. */
void fib_flush(struct net *net)
{
	struct fib_table *tb;
	int flushed = 0, h;

	for (h = 0; h < FIB_TABLE_HASHSZ; h++) {
		hlist_for_each_entry(tb, &net->ipv4.fib_table_hash[h], tb_hlist)
			flushed += fib_table_flush(tb);
	}

	if (flushed)
		rt_cache_flush(net);
}

/*
 * What is @addr (network order)? RTN_*; RTN_UNICAST for one that is nothing special. With @dev, a
 * local address only counts if it is that device's.
 */
static inline unsigned int __inet_dev_addr_type(struct net *net, const struct net_device *dev,
						__be32 addr, u32 tb_id)
{
	struct flowi4 fl4 = { .daddr = addr };
	struct fib_result res;
	unsigned int ret = RTN_BROADCAST;
	struct fib_table *table;

	if (ipv4_is_zeronet(addr) || ipv4_is_lbcast(addr))
		return RTN_BROADCAST;
	if (ipv4_is_multicast(addr))
		return RTN_MULTICAST;

	table = fib_get_table(net, tb_id);
	if (table) {
		ret = RTN_UNICAST;
		if (!fib_table_lookup(table, &fl4, &res, FIB_LOOKUP_NOREF)) {
			if (!dev || dev == res.fi->fib_dev)
				ret = res.type;
		}
	}
	return ret;
}

unsigned int inet_addr_type_table(struct net *net, __be32 addr, u32 tb_id)
{
	return __inet_dev_addr_type(net, NULL, addr, tb_id);
}

unsigned int inet_addr_type(struct net *net, __be32 addr)
{
	return __inet_dev_addr_type(net, NULL, addr, RT_TABLE_LOCAL);
}

unsigned int inet_dev_addr_type(struct net *net, const struct net_device *dev, __be32 addr)
{
	return __inet_dev_addr_type(net, dev, addr, RT_TABLE_LOCAL);
}

/* The table to ask depends on the device where there are VRFs; there are none. */
unsigned int inet_addr_type_dev_table(struct net *net, const struct net_device *dev, __be32 addr)
{
	(void)dev;
	return __inet_dev_addr_type(net, NULL, addr, RT_TABLE_LOCAL);
}

/*
 * The address to answer from to a received packet: the one it was sent to, or for a broadcast
 * one of the device's. Network order, 0 = none.
 */
__be32 fib_compute_spec_dst(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct in_device *in_dev;
	struct fib_result res;
	struct rtable *rt = skb_rtable(skb);
	struct net *net = dev_net(dev);
	int scope = RT_SCOPE_UNIVERSE;

	if ((rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST | RTCF_LOCAL)) == RTCF_LOCAL)
		return ip_hdr(skb)->daddr;

	in_dev = __in_dev_get_rcu(dev);
	if (!ipv4_is_zeronet(ip_hdr(skb)->saddr)) {
		struct flowi4 fl4 = {
			.flowi4_iif = LOOPBACK_IFINDEX,
			.daddr = ip_hdr(skb)->saddr,
			.flowi4_tos = RT_TOS(ip_hdr(skb)->tos),
			.flowi4_scope = scope,
			.flowi4_mark = in_dev && IN_DEV_SRC_VMARK(in_dev) ? skb->mark : 0,
		};

		if (!fib_lookup(net, &fl4, &res, 0))
			return FIB_RES_PREFSRC(net, res);
	} else {
		scope = RT_SCOPE_LINK;
	}
	return inet_select_addr(dev, ip_hdr(skb)->saddr, scope);
}

/*
 * The reverse-path check proper: where would an answer go? @rpf: 0 off, 1 strict (out of the same
 * device), 2 loose (anywhere). 1: the sender is on our link, so that a redirect may be sent;
 * 0: fine; -EINVAL: one of our own addresses; -EXDEV: would go out elsewhere.
 */
static int __fib_validate_source(struct sk_buff *skb, __be32 src, __be32 dst, u8 tos, int oif,
				 struct net_device *dev, int rpf, struct in_device *idev, u32 *itag)
{
	struct net *net = dev_net(dev);
	struct fib_result res;
	struct flowi4 fl4;
	int ret, no_addr;

	fl4.flowi4_oif = 0;
	fl4.flowi4_iif = oif ? oif : LOOPBACK_IFINDEX;
	fl4.daddr = src;
	fl4.saddr = dst;
	fl4.flowi4_tos = tos;
	fl4.flowi4_scope = RT_SCOPE_UNIVERSE;
	fl4.flowi4_proto = 0;
	fl4.flowi4_flags = 0;
	fl4.flowi4_secid = 0;
	fl4.uli.ports.sport = 0;
	fl4.uli.ports.dport = 0;
	no_addr = idev->ifa_list == NULL;
	fl4.flowi4_mark = IN_DEV_SRC_VMARK(idev) ? skb->mark : 0;

	if (fib_lookup(net, &fl4, &res, 0))
		goto last_resort;
	if (res.type != RTN_UNICAST && (res.type != RTN_LOCAL || !IN_DEV_ACCEPT_LOCAL(idev)))
		return -EINVAL;
	/* Nobody wants to know whether the way back is the same. */
	if (!rpf && !fib_num_tclassid_users(net) &&
	    (dev->ifindex != oif || !IN_DEV_TX_REDIRECTS(idev)))
		goto last_resort;

	*itag = 0;
	if (FIB_RES_DEV(res) == dev)
		return FIB_RES_NH(res).nh_scope >= RT_SCOPE_HOST;
	if (no_addr)
		goto last_resort;
	if (rpf == 1)
		return -EXDEV;

	/* Is there a route to the sender through this very device? Then a redirect makes sense. */
	fl4.flowi4_oif = dev->ifindex;
	ret = 0;
	if (fib_lookup(net, &fl4, &res, FIB_LOOKUP_IGNORE_LINKSTATE) == 0) {
		if (res.type == RTN_UNICAST)
			ret = FIB_RES_NH(res).nh_scope >= RT_SCOPE_HOST;
	}
	return ret;

last_resort:
	if (rpf)
		return -EXDEV;
	*itag = 0;
	return 0;
}

/**
 * fib_validate_source() - may a packet from @src come in on @dev?
 * @skb: the packet
 * @src: its source, network order
 * @dst: its destination, network order
 * @tos: its type of service
 * @oif: index of the device it would leave by, 0 = it is for us
 * @dev: device it came in on
 * @idev: that device's IPv4 side
 * @itag: out: realm, 0
 *
 * Return: >= 0 yes (1: the sender is on this link); -EINVAL the source is ours or no host's;
 * -EXDEV the reverse-path filter says no.
 */
int fib_validate_source(struct sk_buff *skb, __be32 src, __be32 dst, u8 tos, int oif,
			struct net_device *dev, struct in_device *idev, u32 *itag)
{
	/* What came through IPsec is believed. */
	int r = secpath_exists(skb) ? 0 : IN_DEV_RPFILTER(idev);

	/* With no filter and packets of our own allowed in, there is nothing to look up. */
	if (!r && !fib_num_tclassid_users(dev_net(dev)) && IN_DEV_ACCEPT_LOCAL(idev) &&
	    (dev->ifindex != oif || !IN_DEV_TX_REDIRECTS(idev))) {
		*itag = 0;
		return 0;
	}
	return __fib_validate_source(skb, src, dst, tos, oif, dev, r, idev, itag);
}

enum { FIB_MAGIC_DEL, FIB_MAGIC_ADD };

/* Add or remove one of the routes that come with an address. @dst in network order. */
static void fib_magic(int cmd, int type, __be32 dst, int dst_len, struct in_ifaddr *ifa)
{
	struct net *net = dev_net(ifa->ifa_dev->dev);
	u32 tb_id = type == RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL;
	struct fib_table *tb;
	struct fib_config cfg = {
		.fc_protocol = RTPROT_KERNEL,
		.fc_type = type,
		.fc_dst = dst,
		.fc_dst_len = dst_len,
		.fc_prefsrc = ifa->ifa_local,
		.fc_oif = ifa->ifa_dev->dev->ifindex,
		.fc_nlflags = NLM_F_CREATE | NLM_F_APPEND,
	};

	tb = fib_new_table(net, tb_id);
	if (!tb)
		return;

	cfg.fc_table = tb->tb_id;
	cfg.fc_scope = type != RTN_LOCAL ? RT_SCOPE_LINK : RT_SCOPE_HOST;

	if (cmd == FIB_MAGIC_ADD)
		fib_table_insert(tb, &cfg);
	else
		fib_table_delete(tb, &cfg);
}

/* The primary address of a subnet: what its connected route prefers as source. */
static struct in_ifaddr *inet_ifa_byprefix(struct in_device *in_dev, __be32 prefix, __be32 mask)
{
	struct in_ifaddr *ifa;

	in_dev_for_each_primary_ifa(ifa, in_dev) {
		if (ifa->ifa_mask == mask && inet_ifa_match(prefix, ifa))
			return ifa;
	}
	return NULL;
}

/* Add the routes that come with @ifa; see the head of this file. */
void fib_add_ifaddr(struct in_ifaddr *ifa)
{
	struct in_device *in_dev = ifa->ifa_dev;
	struct net_device *dev = in_dev->dev;
	struct in_ifaddr *prim = ifa;
	__be32 mask = ifa->ifa_mask;
	__be32 addr = ifa->ifa_local;
	__be32 prefix = ifa->ifa_address & mask;

	if (ifa->ifa_flags & IFA_F_SECONDARY) {
		prim = inet_ifa_byprefix(in_dev, prefix, mask);
		if (WARN_ON(!prim))
			return;
	}

	fib_magic(FIB_MAGIC_ADD, RTN_LOCAL, addr, 32, prim);

	if (!(dev->flags & IFF_UP))
		return;

	if (ifa->ifa_broadcast && ifa->ifa_broadcast != htonl(0xFFFFFFFF))
		fib_magic(FIB_MAGIC_ADD, RTN_BROADCAST, ifa->ifa_broadcast, 32, prim);

	if (ipv4_is_zeronet(prefix) || (ifa->ifa_flags & IFA_F_SECONDARY) ||
	    (prefix == addr && ifa->ifa_prefixlen >= 32))
		return;

	if (!(ifa->ifa_flags & IFA_F_NOPREFIXROUTE))
		fib_magic(FIB_MAGIC_ADD, dev->flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST,
			  prefix, ifa->ifa_prefixlen, prim);

	/* A /31 has two hosts and no broadcast (RFC 3021). */
	if (ifa->ifa_prefixlen < 31) {
		fib_magic(FIB_MAGIC_ADD, RTN_BROADCAST, prefix, 32, prim);
		fib_magic(FIB_MAGIC_ADD, RTN_BROADCAST, prefix | ~mask, 32, prim);
	}
}

/* Does another address of the device need the broadcast route @brd (network order)? */
static bool brd_still_used(struct in_device *in_dev, struct in_ifaddr *gone, __be32 brd)
{
	struct in_ifaddr *ifa;

	in_dev_for_each_ifa(ifa, in_dev) {
		__be32 prefix = ifa->ifa_address & ifa->ifa_mask;

		if (ifa == gone)
			continue;
		if (brd == ifa->ifa_broadcast ||
		    (ifa->ifa_prefixlen < 31 &&
		     (brd == prefix || brd == (prefix | ~ifa->ifa_mask))))
			return true;
	}
	return false;
}

/**
 * fib_del_ifaddr() - remove the routes that came with an address
 * @ifa: the address, already out of its device's list
 * @iprim: the address that inherits its subnet, or NULL
 *
 * Routes another address also needs stay.
 */
void fib_del_ifaddr(struct in_ifaddr *ifa, struct in_ifaddr *iprim)
{
	struct in_device *in_dev = ifa->ifa_dev;
	struct net_device *dev = in_dev->dev;
	struct in_ifaddr *other, *prim = iprim ?: ifa;
	__be32 prefix = ifa->ifa_address & ifa->ifa_mask;
	__be32 any = prefix | ~ifa->ifa_mask;
	bool local_used = false;

	if (!(ifa->ifa_flags & IFA_F_SECONDARY) && !iprim &&
	    (prefix != ifa->ifa_local || ifa->ifa_prefixlen < 32))
		fib_magic(FIB_MAGIC_DEL, dev->flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST,
			  prefix, ifa->ifa_prefixlen, prim);

	if (ifa->ifa_broadcast && !brd_still_used(in_dev, ifa, ifa->ifa_broadcast))
		fib_magic(FIB_MAGIC_DEL, RTN_BROADCAST, ifa->ifa_broadcast, 32, prim);
	if (ifa->ifa_prefixlen < 31) {
		if (any != ifa->ifa_broadcast && !brd_still_used(in_dev, ifa, any))
			fib_magic(FIB_MAGIC_DEL, RTN_BROADCAST, any, 32, prim);
		if (!brd_still_used(in_dev, ifa, prefix))
			fib_magic(FIB_MAGIC_DEL, RTN_BROADCAST, prefix, 32, prim);
	}

	in_dev_for_each_ifa(other, in_dev) {
		if (other->ifa_local == ifa->ifa_local && other != ifa)
			local_used = true;
	}
	if (local_used)
		return;
	fib_magic(FIB_MAGIC_DEL, RTN_LOCAL, ifa->ifa_local, 32, prim);
	if (fib_sync_down_addr(dev_net(dev), ifa->ifa_local))
		fib_flush(dev_net(dev));
}

/* IPv4 stops on @dev: its routes, their caches and its neighbours go. */
static void fib_disable_ip(struct net_device *dev, unsigned long event, bool force)
{
	if (fib_sync_down_dev(dev, event, force))
		fib_flush(dev_net(dev));
	rt_cache_flush(dev_net(dev));
	arp_ifdown(dev);
}

/* An address came (NETDEV_UP) or went (NETDEV_DOWN). Called by devinet.c; a chain in the kernel. */
int fib_inetaddr_event(unsigned long event, struct in_ifaddr *ifa)
{
	struct net_device *dev = ifa->ifa_dev->dev;
	struct net *net = dev_net(dev);

	switch (event) {
	case NETDEV_UP:
		fib_add_ifaddr(ifa);
		atomic_inc(&net->ipv4.dev_addr_genid);
		rt_cache_flush(net);
		break;
	case NETDEV_DOWN:
		fib_del_ifaddr(ifa, NULL);
		atomic_inc(&net->ipv4.dev_addr_genid);
		if (!ifa->ifa_dev->ifa_list)
			fib_disable_ip(dev, event, true);
		else
			rt_cache_flush(net);
		break;
	}
	return NOTIFY_DONE;
}

/* A device came up, went down, or goes for good. */
static int fib_netdev_event(struct notifier_block *this, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct in_device *in_dev;
	struct net *net = dev_net(dev);
	struct in_ifaddr *ifa;

	(void)this;
	if (event == NETDEV_UNREGISTER) {
		fib_disable_ip(dev, event, true);
		rt_flush_dev(dev);
		return NOTIFY_DONE;
	}

	in_dev = __in_dev_get_rtnl(dev);
	if (!in_dev)
		return NOTIFY_DONE;

	switch (event) {
	case NETDEV_UP:
		in_dev_for_each_ifa(ifa, in_dev)
			fib_add_ifaddr(ifa);
		atomic_inc(&net->ipv4.dev_addr_genid);
		rt_cache_flush(net);
		break;
	case NETDEV_DOWN:
		fib_disable_ip(dev, event, false);
		break;
	case NETDEV_CHANGEMTU:
		rt_cache_flush(net);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block fib_netdev_notifier;

/* `ip route add`; see net/ip_fib.h. */
int inet_route_add(struct net *net, __be32 dst, int prefixlen, __be32 gw, struct net_device *dev)
{
	struct fib_table *tb;
	struct fib_config cfg = {
		.fc_protocol = RTPROT_BOOT,
		.fc_type = RTN_UNICAST,
		.fc_scope = gw ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
		.fc_table = RT_TABLE_MAIN,
		.fc_dst = dst,
		.fc_gw = gw,
		.fc_oif = dev ? dev->ifindex : 0,
		.fc_nlflags = NLM_F_CREATE | NLM_F_EXCL,
	};

	if (prefixlen < 0 || prefixlen > 32)
		return -EINVAL;
	cfg.fc_dst_len = prefixlen;
	if (!gw && !dev)
		return -EINVAL;

	tb = fib_new_table(net, cfg.fc_table);
	if (!tb)
		return -ENOBUFS;
	return fib_table_insert(tb, &cfg);
}

/* Tables main and local, and an ear for what happens to devices. */
void ip_fib_init(void)
{
	struct net *net = &init_net;

	fib_semantics_init();
	net->ipv4.fib_table_hash = kcalloc_type(FIB_TABLE_HASHSZ, struct hlist_head, GFP_KERNEL);
	if (!net->ipv4.fib_table_hash || !fib_new_table(net, RT_TABLE_LOCAL))
		panic("cannot allocate the routing tables");

	fib_netdev_notifier = (struct notifier_block){ .notifier_call = fib_netdev_event };
	register_netdevice_notifier(&fib_netdev_notifier);
}

/* The end of the world: all routes and tables go, with the rtables their next hops cache. */
void ip_fib_net_exit(struct net *net)
{
	int h;

	/* Aliases of a trie must go before its owner; local was made after main. */
	if (net->ipv4.fib_local) {
		hlist_del(&net->ipv4.fib_local->tb_hlist);
		fib_free_table(net->ipv4.fib_local);
		net->ipv4.fib_local = NULL;
	}
	for (h = 0; h < FIB_TABLE_HASHSZ; h++) {
		struct hlist_node *tmp;
		struct fib_table *tb;

		hlist_for_each_entry_safe(tb, tmp, &net->ipv4.fib_table_hash[h], tb_hlist) {
			hlist_del(&tb->tb_hlist);
			fib_free_table(tb);
		}
	}
	net->ipv4.fib_main = NULL;
	net->ipv4.fib_default = NULL;
	kfree(net->ipv4.fib_table_hash);
	net->ipv4.fib_table_hash = NULL;
	unregister_netdevice_notifier(&fib_netdev_notifier);
}
