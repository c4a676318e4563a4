/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4 routes: making, caching and checking them, and the lookup for sending.
 *
 * Theory of operation
 *
 * The tables (fib_*.c) answer "which next hop?". A packet needs more: a function to send with,
 * the path's MTU, the next hop's address. All this is an rtable, and making one for each packet
 * would be a waste, since nearly all packets by one next hop can share one. So each next hop
 * (struct fib_nh) caches two: one for sending (nh_pcpu_rth_output), one for receiving
 * (nh_rth_input). The second and third lookup of a connect(2) find what the first has cached.
 *
 * Not cached is what belongs to one destination or one question: broadcast, multicast, and
 * routes to ourselves by a device the caller insists on. Those are on a list (rt_uncached), so
 * that they can be found when their device goes away.
 *
 * What is learned about single destinations, such as a smaller path MTU, hangs on the next hop
 * as an exception; see route_exceptions.c.
 *
 * Invalidation is by generation: each rtable carries the generation of the tables it was made
 * from, rt_cache_flush() counts it up, and every route made before is expired at once. Sockets
 * notice, because a route's ->obsolete makes them call ipv4_dst_check() before each packet.
 *
 * Origin: net/ipv4/route.c, v4.9, without VRFs, tunnels, multicast routing and forwarding.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/if.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "route_local.h"

int ip_rt_min_advmss;

/*
 * RFC 1349's four wishes as classes of our queue: best effort 0, bulk 2 ("throughput"), interactive 6
 * ("delay"), both 4. The lowest bit, "cost", became half of ECN and says nothing.
 */
const __u8 ip_tos2prio[16] = { 0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4 };

/* The TOS of a key as routing sees it: the classic bits, and RTO_ONLINK. */
#define RT_FL_TOS(oldflp4) ((oldflp4)->flowi4_tos & (IPTOS_RT_MASK | RTO_ONLINK))

struct uncached_list {
	spinlock_t lock;
	struct list_head head;
};

static struct uncached_list rt_uncached_list;

/* Expire every cached route: the tables or our addresses changed. */
void rt_cache_flush(struct net *net)
{
	rt_genid_bump_ipv4(net);
}

/* The neighbour a packet by route @dst goes to: the router, else its destination. Or ERR_PTR. */
static struct neighbour *ipv4_neigh_lookup(const struct dst_entry *dst, struct sk_buff *skb,
					   const void *daddr)
{
	struct net_device *dev = dst->dev;
	const __be32 *pkey = daddr;
	const struct rtable *rt = (const struct rtable *)dst;
	struct neighbour *n;

	if (rt->rt_gateway)
		pkey = &rt->rt_gateway;
	else if (skb)
		pkey = &ip_hdr(skb)->daddr;

	n = __ipv4_neigh_lookup(dev, *pkey);
	if (n)
		return n;
	return neigh_create(&arp_tbl, pkey, dev);
}

#define IP_IDENTS_SZ 2048u

/* Identifications for packets that may be fragmented: a counter for each hash of addresses. */
static struct {
	u32 id;
	u32 stamp32; /* jiffies of its last use */
} ip_idents[IP_IDENTS_SZ];
static u32 ip_idents_hashrnd;

/**
 * ip_idents_reserve() - take @segs consecutive identifications
 * @hash: of the addresses
 * @segs: how many
 *
 * The counter jumps ahead by a random step no greater than the time since its last use: an
 * observer cannot count what we send to others.
 *
 * Return: the first of them.
 */
u32 ip_idents_reserve(u32 hash, int segs)
{
	u32 *p_tstamp = &ip_idents[hash % IP_IDENTS_SZ].stamp32;
	u32 *p_id = &ip_idents[hash % IP_IDENTS_SZ].id;
	u32 old = *p_tstamp;
	u32 now = (u32)jiffies;
	u32 delta = 0;

	if (old != now) {
		*p_tstamp = now;
		delta = prandom_u32_max(now - old);
	}

	*p_id += segs + delta;
	return *p_id - segs;
}

/* An identification for a packet without a connection, or one that may be fragmented. */
void __ip_select_ident(struct net *net, struct iphdr *iph, int segs)
{
	u32 hash, id;

	(void)net;
	hash = jhash_3words((__force u32)iph->daddr, (__force u32)iph->saddr, iph->protocol,
			    ip_idents_hashrnd);
	id = ip_idents_reserve(hash, segs);
	iph->id = htons((u16)id);
}

/* A socket's route may have gone bad (its segments are not answered). NULL: look up again. */
static struct dst_entry *ipv4_negative_advice(struct dst_entry *dst)
{
	struct rtable *rt = (struct rtable *)dst;
	struct dst_entry *ret = dst;

	if (dst->obsolete > 0) {
		ip_rt_put(rt);
		ret = NULL;
	} else if ((rt->rt_flags & RTCF_REDIRECTED) || rt->dst.expires) {
		ip_rt_put(rt);
		ret = NULL;
	}
	return ret;
}

/* Is the route a socket keeps still good? NULL: no. */
static struct dst_entry *ipv4_dst_check(struct dst_entry *dst, u32 cookie)
{
	struct rtable *rt = (struct rtable *)dst;

	(void)cookie;
	if (dst->obsolete != DST_OBSOLETE_FORCE_CHK || rt_is_expired(rt))
		return NULL;
	return dst;
}

/* The next hop did not answer ARP: tell whoever sent @skb, and do not trust the route. */
static void ipv4_link_failure(struct sk_buff *skb)
{
	struct rtable *rt;

	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);

	rt = skb_rtable(skb);
	if (rt)
		dst_set_expires(&rt->dst, 0);
}

/*
 * The source address an IP option has to record for a packet by this route, written to @addr
 * (4 bytes, network order).
 */
void ip_rt_get_source(u8 *addr, struct sk_buff *skb, struct rtable *rt)
{
	__be32 src;

	if (rt_is_output_route(rt)) {
		src = ip_hdr(skb)->saddr;
	} else {
		struct fib_result res;
		struct iphdr *iph = ip_hdr(skb);
		struct flowi4 fl4;

		memset(&fl4, 0, sizeof(fl4));
		fl4.daddr = iph->daddr;
		fl4.saddr = iph->saddr;
		fl4.flowi4_tos = RT_TOS(iph->tos);
		fl4.flowi4_oif = rt->dst.dev->ifindex;
		fl4.flowi4_iif = skb->dev->ifindex;
		fl4.flowi4_mark = skb->mark;

		if (fib_lookup(dev_net(rt->dst.dev), &fl4, &res, 0) == 0)
			src = FIB_RES_PREFSRC(dev_net(rt->dst.dev), res);
		else
			src = inet_select_addr(rt->dst.dev, rt_nexthop(rt, iph->daddr),
					       RT_SCOPE_UNIVERSE);
	}
	memcpy(addr, &src, 4);
}

/* The MSS to offer when the route names none: what the device's MTU leaves for TCP's data. */
static unsigned int ipv4_default_advmss(const struct dst_entry *dst)
{
	unsigned int advmss = dst_metric_raw(dst, RTAX_ADVMSS);

	if (advmss == 0) {
		advmss = max_t(unsigned int, dst->dev->mtu - 40, ip_rt_min_advmss);
		if (advmss > 65535 - 40)
			advmss = 65535 - 40;
	}
	return advmss;
}

/* Path MTU, bytes: learned and not expired, else the route's metric, else the device's. */
unsigned int ipv4_mtu(const struct dst_entry *dst)
{
	const struct rtable *rt = (const struct rtable *)dst;
	unsigned int mtu = rt->rt_pmtu;

	if (!mtu || time_after_eq(jiffies, rt->dst.expires))
		mtu = dst_metric_raw(dst, RTAX_MTU);

	if (mtu)
		return mtu;

	mtu = dst->dev->mtu;

	if (unlikely(dst_metric_locked(dst, RTAX_MTU))) {
		if (rt->rt_uses_gateway && mtu > 576)
			mtu = 576;
	}

	return min_t(unsigned int, mtu, IP_MAX_MTU);
}

/*
 * Put @rt into the cache of its next hop. The route there before was expired, else it would have
 * been used.
 */
bool rt_cache_route(struct fib_nh *nh, struct rtable *rt)
{
	struct rtable *orig, **p;

	if (rt_is_input_route(rt))
		p = &nh->nh_rth_input;
	else
		p = &nh->nh_pcpu_rth_output;

	orig = *p;
	*p = rt;
	if (orig)
		rt_free(orig);
	return true;
}

/* Remember a route no cache knows, for the day its device goes. */
void rt_add_uncached_list(struct rtable *rt)
{
	struct uncached_list *ul = &rt_uncached_list;

	rt->rt_uncached_list = ul;

	spin_lock_bh(&ul->lock);
	list_add_tail(&rt->rt_uncached, &ul->head);
	spin_unlock_bh(&ul->lock);
}

/* Last rites of a route. */
static void ipv4_dst_destroy(struct dst_entry *dst)
{
	struct rtable *rt = (struct rtable *)dst;

	dst_destroy_metrics_generic(dst);
	if (!list_empty(&rt->rt_uncached)) {
		struct uncached_list *ul = rt->rt_uncached_list;

		spin_lock_bh(&ul->lock);
		list_del(&rt->rt_uncached);
		spin_unlock_bh(&ul->lock);
	}
}

/* @dev goes for good: routes still held by sockets must not. They point to loopback then. */
void rt_flush_dev(struct net_device *dev)
{
	struct uncached_list *ul = &rt_uncached_list;
	struct net_device *lo = dev_net(dev)->loopback_dev;
	struct rtable *rt;

	if (dev == lo)
		return;
	spin_lock_bh(&ul->lock);
	list_for_each_entry(rt, &ul->head, rt_uncached) {
		if (rt->dst.dev != dev)
			continue;
		rt->dst.dev = lo;
		dev_hold(lo);
		dev_put(dev);
	}
	spin_unlock_bh(&ul->lock);
}

/* May this cached route be used for another packet? */
bool rt_cache_valid(const struct rtable *rt)
{
	return rt && rt->dst.obsolete == DST_OBSOLETE_FORCE_CHK && !rt_is_expired(rt);
}

/*
 * Fill a new route from the next hop it leads to, and cache it there. Without a fib_info (@fi)
 * it is a broadcast or the like, and not cached. @fnhe: what was learned about @daddr, or NULL.
 */
static void rt_set_nexthop(struct rtable *rt, __be32 daddr, const struct fib_result *res,
			   struct fib_nh_exception *fnhe, struct fib_info *fi, u16 type, u32 itag)
{
	bool cached = false;

	(void)type;
	(void)itag;
	if (fi) {
		struct fib_nh *nh = &FIB_RES_NH(*res);

		if (nh->nh_gw && nh->nh_scope == RT_SCOPE_LINK) {
			rt->rt_gateway = nh->nh_gw;
			rt->rt_uses_gateway = 1;
		}
		dst_init_metrics(&rt->dst, fi->fib_metrics, true);
		/* A copy, since a socket may keep the route when its fib_info is long gone. */
		if (fi->fib_metrics != (u32 *)dst_default_metrics &&
		    !dst_cow_metrics_generic(&rt->dst, rt->dst._metrics))
			dst_init_metrics(&rt->dst, dst_default_metrics, true);
		if (unlikely(fnhe))
			cached = rt_bind_exception(rt, fnhe, daddr);
		else if (!(rt->dst.flags & DST_NOCACHE))
			cached = rt_cache_route(nh, rt);
		if (unlikely(!cached)) {
			/* Nobody else will free it, so its last user must. */
			rt->dst.flags |= DST_NOCACHE;
			if (!rt->rt_gateway)
				rt->rt_gateway = daddr;
			rt_add_uncached_list(rt);
		}
	} else {
		rt_add_uncached_list(rt);
	}
}

/**
 * rt_dst_alloc() - a new route with one reference
 * @dev: output device
 * @flags: RTCF_*; RTCF_LOCAL makes it deliver to us
 * @type: RTN_*
 * @nopolicy: @noxfrm: the device is exempt from IPsec
 * @will_cache: a next hop will cache it
 *
 * Return: the route, NULL when memory is out.
 */
struct rtable *rt_dst_alloc(struct net_device *dev, unsigned int flags, u16 type, bool nopolicy,
			    bool noxfrm, bool will_cache)
{
	struct rtable *rt;

	rt = dst_alloc(&ipv4_dst_ops, dev, 1, DST_OBSOLETE_FORCE_CHK,
		       (will_cache ? 0 : (DST_HOST | DST_NOCACHE)) | (nopolicy ? DST_NOPOLICY : 0) |
			       (noxfrm ? DST_NOXFRM : 0));

	if (rt) {
		rt->rt_genid = rt_genid_ipv4(dev_net(dev));
		rt->rt_flags = flags;
		rt->rt_type = type;
		rt->rt_is_input = 0;
		rt->rt_iif = 0;
		rt->rt_pmtu = 0;
		rt->rt_gateway = 0;
		rt->rt_uses_gateway = 0;
		rt->rt_table_id = 0;
		rt->rt_uncached_list = NULL;
		INIT_LIST_HEAD(&rt->rt_uncached);

		rt->dst.output = ip_output;
		if (flags & RTCF_LOCAL)
			rt->dst.input = ip_local_deliver;
	}

	return rt;
}

/*
 * The route for a lookup's answer: the cached one if there is a good one, else a new one.
 * @orig_oif: the device the caller asked for, 0 = any. Return: with a reference, or ERR_PTR:
 * -EINVAL addresses that cannot be on this device, -ENOBUFS.
 */
static struct rtable *__mkroute_output(const struct fib_result *res, const struct flowi4 *fl4,
				       int orig_oif, struct net_device *dev_out, unsigned int flags)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev_out);
	struct fib_nh_exception *fnhe = NULL;
	struct fib_info *fi = res->fi;
	u16 type = res->type;
	struct rtable *rth;
	bool do_cache = true;

	if (!in_dev)
		return ERR_PTR(-EINVAL);

	/* 127.0.0.0/8 must never be seen on a wire. */
	if (likely(!IN_DEV_ROUTE_LOCALNET(in_dev)))
		if (ipv4_is_loopback(fl4->saddr) && !(dev_out->flags & IFF_LOOPBACK))
			return ERR_PTR(-EINVAL);

	if (ipv4_is_lbcast(fl4->daddr))
		type = RTN_BROADCAST;
	else if (ipv4_is_multicast(fl4->daddr))
		type = RTN_MULTICAST;
	else if (ipv4_is_zeronet(fl4->daddr))
		return ERR_PTR(-EINVAL);

	if (dev_out->flags & IFF_LOOPBACK)
		flags |= RTCF_LOCAL;

	if (type == RTN_BROADCAST) {
		flags |= RTCF_BROADCAST | RTCF_LOCAL;
		fi = NULL;
	} else if (type == RTN_MULTICAST) {
		flags |= RTCF_MULTICAST | RTCF_LOCAL;
		if (!ip_check_mc_rcu(in_dev, fl4->daddr, fl4->saddr, fl4->flowi4_proto))
			flags &= ~RTCF_LOCAL;
		else
			do_cache = false;
		/* A default route's router is no place to send a multicast to. */
		if (fi && res->prefixlen < 4)
			fi = NULL;
	} else if (type == RTN_LOCAL && orig_oif != 0 && orig_oif != dev_out->ifindex) {
		/* To ourselves by a device the caller named: right for this caller only. */
		do_cache = false;
	}

	do_cache &= fi != NULL;
	if (do_cache) {
		struct fib_nh *nh = &FIB_RES_NH(*res);
		struct rtable **prth;

		fnhe = find_exception(nh, fl4->daddr);
		if (fnhe) {
			prth = &fnhe->fnhe_rth_output;
			rth = *prth;
			if (rth && rth->dst.expires && time_after(jiffies, rth->dst.expires)) {
				ip_del_fnhe(nh, fl4->daddr);
				fnhe = NULL;
			} else {
				goto rt_cache;
			}
		}

		if (unlikely(fl4->flowi4_flags & FLOWI_FLAG_KNOWN_NH &&
			     !(nh->nh_gw && nh->nh_scope == RT_SCOPE_LINK))) {
			do_cache = false;
			goto add;
		}
		prth = &nh->nh_pcpu_rth_output;
		rth = *prth;

rt_cache:
		if (rt_cache_valid(rth)) {
			dst_hold(&rth->dst);
			return rth;
		}
	}

add:
	rth = rt_dst_alloc(dev_out, flags, type, IN_DEV_CONF_GET(in_dev, NOPOLICY),
			   IN_DEV_CONF_GET(in_dev, NOXFRM), do_cache);
	if (!rth)
		return ERR_PTR(-ENOBUFS);

	rth->rt_iif = orig_oif;
	if (res->table)
		rth->rt_table_id = res->table->tb_id;

	/* Others on the link get it, and so do we. */
	if (flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		if (flags & RTCF_LOCAL && !(dev_out->flags & IFF_LOOPBACK))
			rth->dst.output = ip_mc_output;
	}

	rt_set_nexthop(rth, fl4->daddr, res, fnhe, fi, type, 0);

	return rth;
}

/**
 * __ip_route_output_key_hash() - a route for sending
 * @net: namespace
 * @fl4: the question; the answer is written into it, too: source, destination, device
 * @mp_hash: would choose among several next hops
 *
 * Return: a route with a reference, or ERR_PTR:
 *   -EINVAL      the source is not ours, or no address a host can have; destination 0.0.0.0/8
 *   -ENODEV      no device with that index
 *   -ENETUNREACH no route, or the device is down
 *   -EHOSTUNREACH, -EACCES, -EINVAL  from unreachable, prohibit, blackhole routes
 *   -ENOBUFS     no memory
 */
struct rtable *__ip_route_output_key_hash(struct net *net, struct flowi4 *fl4, int mp_hash)
{
	struct net_device *dev_out = NULL;
	__u8 tos = RT_FL_TOS(fl4);
	unsigned int flags = 0;
	struct fib_result res;
	int orig_oif = fl4->flowi4_oif;
	int err;

	res.prefixlen = 0;
	res.type = RTN_UNSPEC;
	res.tclassid = 0;
	res.fi = NULL;
	res.table = NULL;

	fl4->flowi4_iif = LOOPBACK_IFINDEX;
	fl4->flowi4_tos = tos & IPTOS_RT_MASK;
	fl4->flowi4_scope = (tos & RTO_ONLINK) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;

	if (fl4->saddr) {
		if (ipv4_is_multicast(fl4->saddr) || ipv4_is_lbcast(fl4->saddr) ||
		    ipv4_is_zeronet(fl4->saddr))
			return ERR_PTR(-EINVAL);

		/* Multicasts and broadcasts without a device go out where the source lives. */
		if (fl4->flowi4_oif == 0 &&
		    (ipv4_is_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr))) {
			dev_out = __ip_dev_find(net, fl4->saddr, false);
			if (!dev_out)
				return ERR_PTR(-EINVAL);
			fl4->flowi4_oif = dev_out->ifindex;
			goto make_route;
		}

		/* Only with IP_TRANSPARENT may the source be somebody else's. */
		if (!(fl4->flowi4_flags & FLOWI_FLAG_ANYSRC)) {
			if (!__ip_dev_find(net, fl4->saddr, false))
				return ERR_PTR(-EINVAL);
		}
	}

	if (fl4->flowi4_oif) {
		dev_out = dev_get_by_index_rcu(net, fl4->flowi4_oif);
		if (!dev_out)
			return ERR_PTR(-ENODEV);
		if (!(dev_out->flags & IFF_UP) || !__in_dev_get_rcu(dev_out))
			return ERR_PTR(-ENETUNREACH);

		if (ipv4_is_local_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr) ||
		    fl4->flowi4_proto == IPPROTO_IGMP) {
			if (!fl4->saddr)
				fl4->saddr = inet_select_addr(dev_out, 0, RT_SCOPE_LINK);
			goto make_route;
		}
		if (!fl4->saddr) {
			if (ipv4_is_multicast(fl4->daddr))
				fl4->saddr = inet_select_addr(dev_out, 0, fl4->flowi4_scope);
			else if (!fl4->daddr)
				fl4->saddr = inet_select_addr(dev_out, 0, RT_SCOPE_HOST);
		}
	}

	/* connect() to 0.0.0.0 is a connect to ourselves. */
	if (!fl4->daddr) {
		fl4->daddr = fl4->saddr;
		if (!fl4->daddr)
			fl4->daddr = fl4->saddr = htonl(INADDR_LOOPBACK);
		dev_out = net->loopback_dev;
		fl4->flowi4_oif = LOOPBACK_IFINDEX;
		res.type = RTN_LOCAL;
		flags |= RTCF_LOCAL;
		goto make_route;
	}

	err = fib_lookup(net, fl4, &res, 0);
	if (err) {
		res.fi = NULL;
		res.table = NULL;
		if (!fl4->flowi4_oif)
			return ERR_PTR(err);
		/*
		 * No route, but the caller insists on a device: take it that the destination is
		 * on its link. That is how a DHCP client talks before it has an address.
		 */
		if (fl4->saddr == 0)
			fl4->saddr = inet_select_addr(dev_out, 0, RT_SCOPE_LINK);
		res.type = RTN_UNICAST;
		goto make_route;
	}

	if (res.type == RTN_LOCAL) {
		if (!fl4->saddr) {
			if (res.fi->fib_prefsrc)
				fl4->saddr = res.fi->fib_prefsrc;
			else
				fl4->saddr = fl4->daddr;
		}
		dev_out = net->loopback_dev;
		fl4->flowi4_oif = dev_out->ifindex;
		flags |= RTCF_LOCAL;
		goto make_route;
	}

	fib_select_path(net, &res, fl4, mp_hash);

	dev_out = FIB_RES_DEV(res);
	fl4->flowi4_oif = dev_out->ifindex;

make_route:
	return __mkroute_output(&res, fl4, orig_oif, dev_out, flags);
}

/**
 * ip_route_output_flow() - a route for sending, IPsec considered
 * @net: namespace
 * @flp4: the question and the answer, as above
 * @sk: the socket, or NULL
 *
 * Return: a route with a reference, or ERR_PTR.
 */
struct rtable *ip_route_output_flow(struct net *net, struct flowi4 *flp4, const struct sock *sk)
{
	struct rtable *rt = __ip_route_output_key(net, flp4);

	if (IS_ERR(rt))
		return rt;

	/* A key without protocol is a question, not a flow: no policy could match it. */
	if (flp4->flowi4_proto)
		rt = (struct rtable *)xfrm_lookup_route(net, &rt->dst, flowi4_to_flowi(flp4), sk,
							0);

	return rt;
}

struct dst_ops ipv4_dst_ops;

/* Routes' own start, the devices' and the tables' with it. */
int ip_rt_init(void)
{
	ipv4_dst_ops = (struct dst_ops){
		.family = AF_INET,
		.check = ipv4_dst_check,
		.default_advmss = ipv4_default_advmss,
		.mtu = ipv4_mtu,
		.cow_metrics = dst_cow_metrics_generic,
		.destroy = ipv4_dst_destroy,
		.negative_advice = ipv4_negative_advice,
		.link_failure = ipv4_link_failure,
		.update_pmtu = ip_rt_update_pmtu,
		.local_out = __ip_local_out,
		.neigh_lookup = ipv4_neigh_lookup,
		.gc_thresh = ~0U,
	};
	ipv4_dst_ops.kmem_cachep = KMEM_CACHE(rtable, SLAB_HWCACHE_ALIGN | SLAB_PANIC);

	spin_lock_init(&rt_uncached_list.lock);
	INIT_LIST_HEAD(&rt_uncached_list.head);
	prandom_bytes(ip_idents, sizeof(ip_idents));
	ip_idents_hashrnd = get_random_int();
	/* A generation that differs from world to world finds forgotten initialisations. */
	atomic_set(&init_net.ipv4.rt_genid, get_random_int() & 0xffff);
	route_exceptions_init();

	ip_fib_init();
	devinet_init();
	return 0;
}

/* The end of the world: no addresses, no tables, no routes. */
void ip_rt_exit(void)
{
	devinet_exit();
	ip_fib_net_exit(&init_net);
	if (ipv4_dst_ops.pcpuc_entries)
		pr_err("IP: %ld routes are still held\n", ipv4_dst_ops.pcpuc_entries);
	kmem_cache_destroy(ipv4_dst_ops.kmem_cachep);
	ipv4_dst_ops.kmem_cachep = NULL;
}
