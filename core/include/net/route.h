/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4 routes as sockets and packets use them, and the lookups connect(2) makes.
 *
 * An unbound TCP connect looks the route up three times:
 *   1. ip_route_connect(), source unknown: the FIB's answer brings the source address;
 *   2. ip_route_connect() again, with that source: policy and IPsec may depend on it;
 *   3. ip_route_newports(), once the source port is known: they may depend on that, too.
 * Each lookup gets its rtable from the next hop's cache, so two and three cost no allocation.
 *
 * Origin: include/net/route.h, v4.9.
 */
#ifndef _NET_ROUTE_H
#define _NET_ROUTE_H

#include <linux/err.h>
#include <linux/in_route.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>
#include <net/arp.h>
#include <net/dst.h>
#include <net/flow.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>

/* IPv4 headers all have a TOS, but routing only uses the classic three bits of it. */
#define IPTOS_RT_MASK (IPTOS_TOS_MASK & ~3)
#define RTO_ONLINK    0x01 /* in flowi4_tos: the target must be directly connected */

#define RT_TOS(tos)                ((tos)&IPTOS_TOS_MASK)
#define RT_CONN_FLAGS(sk)          (RT_TOS(inet_sk(sk)->tos) | sock_flag(sk, SOCK_LOCALROUTE))
#define RT_CONN_FLAGS_TOS(sk, tos) (RT_TOS(tos) | sock_flag(sk, SOCK_LOCALROUTE))

extern const __u8 ip_tos2prio[16];

/* Where in our own queue a packet of this TOS belongs (net/sched): TC_PRIO_*. */
static inline char rt_tos2priority(u8 tos)
{
	return (char)ip_tos2prio[IPTOS_TOS(tos) >> 1];
}

struct uncached_list;

/**
 * struct rtable - an IPv4 route in use
 * @dst:             the protocol-free part; first, so that either pointer is the other
 * @rt_genid:        generation of the tables it was made from; another one means: look up again
 * @rt_flags:        RTCF_*
 * @rt_type:         RTN_*
 * @rt_is_input:     made for a received packet
 * @rt_uses_gateway: @rt_gateway is a router, not the destination itself
 * @rt_iif:          input device index of an input route, 0 for output
 * @rt_gateway:      next hop if it is known to be other than the destination, network order
 * @rt_pmtu:         learned path MTU, bytes, 0 = the device's
 * @rt_table_id:     table it came from
 * @rt_uncached:     in the list of routes no next hop caches, so that they can be found when
 *                   their device goes away
 * @rt_uncached_list: that list
 */
struct rtable {
	struct dst_entry dst;
	int rt_genid;
	unsigned int rt_flags;
	__u16 rt_type;
	__u8 rt_is_input;
	__u8 rt_uses_gateway;
	int rt_iif;
	__be32 rt_gateway;
	u32 rt_pmtu;
	u32 rt_table_id;
	struct list_head rt_uncached;
	struct uncached_list *rt_uncached_list;
};

static inline bool rt_is_input_route(const struct rtable *rt)
{
	return rt->rt_is_input != 0;
}

static inline bool rt_is_output_route(const struct rtable *rt)
{
	return rt->rt_is_input == 0;
}

/* Whom to ask ARP for: the router, or @daddr itself when it is on link (network order). */
static inline __be32 rt_nexthop(const struct rtable *rt, __be32 daddr)
{
	if (rt->rt_gateway)
		return rt->rt_gateway;
	return daddr;
}

extern struct dst_ops ipv4_dst_ops;

int ip_rt_init(void);
void ip_rt_exit(void);
void rt_cache_flush(struct net *net);
void rt_flush_dev(struct net_device *dev);
struct rtable *__ip_route_output_key_hash(struct net *net, struct flowi4 *flp, int mp_hash);
struct rtable *ip_route_output_flow(struct net *net, struct flowi4 *flp, const struct sock *sk);
struct rtable *rt_dst_alloc(struct net_device *dev, unsigned int flags, u16 type, bool nopolicy,
			    bool noxfrm, bool will_cache);
int ip_route_input_noref(struct sk_buff *skb, __be32 dst, __be32 src, u8 tos,
			 struct net_device *devin);
void ipv4_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, u32 mtu);
void ip_rt_get_source(u8 *src, struct sk_buff *skb, struct rtable *rt);

/* route_exceptions.c: settings of net.ipv4.route */
extern int ip_rt_min_advmss;  /* bytes, smallest MSS derived from a device's MTU */
extern int ip_rt_min_pmtu;    /* bytes, no ICMP makes a path MTU smaller */
extern int ip_rt_mtu_expires; /* jiffies, how long a learned path MTU is believed */

static inline struct rtable *__ip_route_output_key(struct net *net, struct flowi4 *flp)
{
	return __ip_route_output_key_hash(net, flp, -1);
}

static inline struct rtable *ip_route_output_key(struct net *net, struct flowi4 *flp)
{
	return ip_route_output_flow(net, flp, NULL);
}

static inline struct rtable *ip_route_output(struct net *net, __be32 daddr, __be32 saddr, u8 tos,
					     int oif)
{
	struct flowi4 fl4;

	flowi4_init_output(&fl4, oif, 0, tos, RT_SCOPE_UNIVERSE, 0, 0, daddr, saddr, 0, 0);
	return ip_route_output_key(net, &fl4);
}

/* A route for a transport that knows its ports; @fl4 keeps the key for later lookups. */
static inline struct rtable *ip_route_output_ports(struct net *net, struct flowi4 *fl4,
						   struct sock *sk, __be32 daddr, __be32 saddr,
						   __be16 dport, __be16 sport, __u8 proto, __u8 tos,
						   int oif)
{
	flowi4_init_output(fl4, oif, sk ? sk->sk_mark : 0, tos, RT_SCOPE_UNIVERSE, proto,
			   sk ? inet_sk_flowi_flags(sk) : 0, daddr, saddr, dport, sport);
	return ip_route_output_flow(net, fl4, sk);
}

/* Input route with a reference of the packet's own. */
static inline int ip_route_input(struct sk_buff *skb, __be32 dst, __be32 src, u8 tos,
				 struct net_device *devin)
{
	int err = ip_route_input_noref(skb, dst, src, tos, devin);

	if (!err)
		skb_dst_force(skb);
	return err;
}

/* dst is the first member of rtable, so this works for a NULL route as well. */
static inline void ip_rt_put(struct rtable *rt)
{
	dst_release((struct dst_entry *)rt);
}

/* What the two lookups of ip_route_connect() have in common. */
static inline void ip_route_connect_init(struct flowi4 *fl4, __be32 dst, __be32 src, u32 tos,
					 int oif, u8 protocol, __be16 sport, __be16 dport,
					 struct sock *sk)
{
	__u8 flow_flags = 0;

	/* IP_TRANSPARENT: the socket may use an address that is not ours. */
	if (inet_sk(sk)->transparent)
		flow_flags |= FLOWI_FLAG_ANYSRC;

	flowi4_init_output(fl4, oif, sk->sk_mark, tos, RT_SCOPE_UNIVERSE, protocol, flow_flags, dst,
			   src, dport, sport);
}

/**
 * ip_route_connect() - the route of a socket that connects
 * @fl4: key, filled here; on return fl4->saddr is the source address to use
 * @dst: destination (or first hop of a source route), network order
 * @src: address the socket is bound to, network order, 0 = not bound
 * @tos: RT_CONN_FLAGS() of the socket
 * @oif: SO_BINDTODEVICE, 0 = any
 * @protocol: IPPROTO_TCP
 * @sport: source port, network order, 0 = not chosen yet
 * @dport: destination port, network order
 * @sk: the socket
 *
 * A first lookup only finds the addresses the caller left open; its route is put back at once.
 * The second has the whole key, and so its answer is the one that holds.
 *
 * Return: a route with a reference, or ERR_PTR: -ENETUNREACH, -EHOSTUNREACH, -EACCES, -EINVAL ...
 */
static inline struct rtable *ip_route_connect(struct flowi4 *fl4, __be32 dst, __be32 src, u32 tos,
					      int oif, u8 protocol, __be16 sport, __be16 dport,
					      struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct rtable *rt;

	ip_route_connect_init(fl4, dst, src, tos, oif, protocol, sport, dport, sk);

	if (!dst || !src) {
		rt = __ip_route_output_key(net, fl4);
		if (IS_ERR(rt))
			return rt;
		ip_rt_put(rt);
		flowi4_update_output(fl4, oif, tos, fl4->daddr, fl4->saddr);
	}
	return ip_route_output_flow(net, fl4, sk);
}

/**
 * ip_route_newports() - look up again now that the ports are known
 * @fl4: key of ip_route_connect()
 * @rt: its route; consumed if a new lookup is made
 * @orig_sport: @orig_dport: ports the route was looked up with, network order
 * @sport: @dport: ports the connection has, network order
 * @sk: the socket
 *
 * Return: @rt if the ports did not change, else a new route or ERR_PTR.
 */
static inline struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt,
					       __be16 orig_sport, __be16 orig_dport, __be16 sport,
					       __be16 dport, struct sock *sk)
{
	if (sport != orig_sport || dport != orig_dport) {
		fl4->fl4_dport = dport;
		fl4->fl4_sport = sport;
		ip_rt_put(rt);
		flowi4_update_output(fl4, sk->sk_bound_dev_if, RT_CONN_FLAGS(sk), fl4->daddr,
				     fl4->saddr);
		return ip_route_output_flow(sock_net(sk), fl4, sk);
	}
	return rt;
}

/* On which device did @skb come in, as its route says? */
static inline int inet_iif(const struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);

	if (rt && rt->rt_iif)
		return rt->rt_iif;

	return skb->skb_iif;
}

/* TTL for packets of this route: its own metric, or the namespace's default. */
static inline int ip4_dst_hoplimit(const struct dst_entry *dst)
{
	int hoplimit = dst_metric_raw(dst, RTAX_HOPLIMIT);
	struct net *net = dev_net(dst->dev);

	if (hoplimit == 0)
		hoplimit = net->ipv4.sysctl_ip_default_ttl;
	return hoplimit;
}

#endif /* _NET_ROUTE_H */
