/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/route.c */
/*
 * Next hop exceptions: what was learned about single destinations behind a next hop.
 *
 * A router far away says "fragmentation needed, 1280 bytes fit" (RFC 1191). That holds for one
 * destination, while the cached route serves all behind the next hop. So the destination gets an
 * exception with the smaller MTU and cached routes of its own; the lookup asks for one first
 * (find_exception). An exception expires after ten minutes, in case the path got wider.
 *
 * The table of a next hop is made when the first exception is; a chain that grows over
 * FNHE_RECLAIM_DEPTH gives its oldest entry away, so that a stream of forged ICMP messages costs
 * a bounded amount of memory.
 *
 * Part of net/ipv4/route.c in v4.9. Redirects are left out: they would be exceptions with another
 * gateway.
 */
#include <linux/gfp.h>
#include <linux/hash.h>
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
#include <net/dst.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "route_local.h"

int ip_rt_min_pmtu;
int ip_rt_mtu_expires;

static DEFINE_SPINLOCK(fnhe_lock);
static u32 fnhe_hashrnd;

static inline u32 fnhe_hashfun(__be32 daddr)
{
	return hash_32(jhash_1word((__force u32)daddr, fnhe_hashrnd), FNHE_HASH_SHIFT);
}

/* The routes made with an exception are void. */
static void fnhe_flush_routes(struct fib_nh_exception *fnhe)
{
	struct rtable *rt = fnhe->fnhe_rth_input;

	if (rt) {
		fnhe->fnhe_rth_input = NULL;
		rt_free(rt);
	}
	rt = fnhe->fnhe_rth_output;
	if (rt) {
		fnhe->fnhe_rth_output = NULL;
		rt_free(rt);
	}
}

/* The entry of a bucket that was not used for the longest time, emptied for a new user. */
static struct fib_nh_exception *fnhe_oldest(struct fnhe_hash_bucket *hash)
{
	struct fib_nh_exception *fnhe, *oldest = hash->chain;

	for (fnhe = oldest->fnhe_next; fnhe; fnhe = fnhe->fnhe_next) {
		if (time_before(fnhe->fnhe_stamp, oldest->fnhe_stamp))
			oldest = fnhe;
	}
	fnhe_flush_routes(oldest);
	return oldest;
}

static void fill_route_from_fnhe(struct rtable *rt, struct fib_nh_exception *fnhe)
{
	rt->rt_pmtu = fnhe->fnhe_pmtu;
	rt->dst.expires = fnhe->fnhe_expires;

	if (fnhe->fnhe_gw) {
		rt->rt_flags |= RTCF_REDIRECTED;
		rt->rt_gateway = fnhe->fnhe_gw;
		rt->rt_uses_gateway = 1;
	}
}

/* A new exception in its bucket, or the bucket's oldest made new; NULL when memory is out. */
static struct fib_nh_exception *fnhe_new(struct fnhe_hash_bucket *hash, int depth)
{
	struct fib_nh_exception *fnhe;

	if (depth > FNHE_RECLAIM_DEPTH)
		return fnhe_oldest(hash);

	fnhe = kzalloc_type(struct fib_nh_exception, GFP_ATOMIC);
	if (!fnhe)
		return NULL;
	fnhe->fnhe_next = hash->chain;
	hash->chain = fnhe;
	return fnhe;
}

/*
 * Remember what was learned about @daddr: a gateway (0 = nothing new), a path MTU in bytes (0 =
 * nothing new) that holds until @expires (jiffies).
 */
static void update_or_create_fnhe(struct fib_nh *nh, __be32 daddr, __be32 gw, u32 pmtu,
				  unsigned long expires)
{
	u32 genid = fnhe_genid(dev_net(nh->nh_dev));
	struct fib_nh_exception *fnhe;
	struct fnhe_hash_bucket *hash;
	int depth = 0;

	spin_lock_bh(&fnhe_lock);

	if (!nh->nh_exceptions)
		nh->nh_exceptions =
			kcalloc_type(FNHE_HASH_SIZE, struct fnhe_hash_bucket, GFP_ATOMIC);
	if (!nh->nh_exceptions)
		goto out_unlock;
	hash = &nh->nh_exceptions[fnhe_hashfun(daddr)];

	for (fnhe = hash->chain; fnhe; fnhe = fnhe->fnhe_next) {
		if (fnhe->fnhe_daddr == daddr)
			break;
		depth++;
	}

	if (fnhe) {
		if (fnhe->fnhe_genid != (int)genid)
			fnhe->fnhe_genid = genid;
		if (gw)
			fnhe->fnhe_gw = gw;
		if (pmtu) {
			fnhe->fnhe_pmtu = pmtu;
			fnhe->fnhe_expires = max(1UL, expires);
		}
		/* Routes made from it learn it at once. */
		if (fnhe->fnhe_rth_input)
			fill_route_from_fnhe(fnhe->fnhe_rth_input, fnhe);
		if (fnhe->fnhe_rth_output)
			fill_route_from_fnhe(fnhe->fnhe_rth_output, fnhe);
	} else {
		fnhe = fnhe_new(hash, depth);
		if (!fnhe)
			goto out_unlock;
		fnhe->fnhe_genid = genid;
		fnhe->fnhe_daddr = daddr;
		fnhe->fnhe_gw = gw;
		fnhe->fnhe_pmtu = pmtu;
		fnhe->fnhe_expires = expires;

		/* The shared route is wrong for @daddr now, and sockets may be holding it. */
		if (nh->nh_rth_input)
			nh->nh_rth_input->dst.obsolete = DST_OBSOLETE_KILL;
		if (nh->nh_pcpu_rth_output)
			nh->nh_pcpu_rth_output->dst.obsolete = DST_OBSOLETE_KILL;
	}
	fnhe->fnhe_stamp = jiffies;

out_unlock:
	spin_unlock_bh(&fnhe_lock);
}

/* What is known about @daddr behind @nh, or NULL: the case of nearly every lookup. */
struct fib_nh_exception *find_exception(struct fib_nh *nh, __be32 daddr)
{
	struct fnhe_hash_bucket *hash = nh->nh_exceptions;
	struct fib_nh_exception *fnhe;

	if (!hash)
		return NULL;

	for (fnhe = hash[fnhe_hashfun(daddr)].chain; fnhe; fnhe = fnhe->fnhe_next) {
		if (fnhe->fnhe_daddr == daddr)
			return fnhe;
	}
	return NULL;
}

/* Give a new route what the exception knows, and cache it there. False: it is not cached. */
bool rt_bind_exception(struct rtable *rt, struct fib_nh_exception *fnhe, __be32 daddr)
{
	struct rtable *orig, **porig;
	int genid = fnhe_genid(dev_net(rt->dst.dev));
	bool ret = false;

	spin_lock_bh(&fnhe_lock);

	if (daddr == fnhe->fnhe_daddr) {
		porig = rt_is_input_route(rt) ? &fnhe->fnhe_rth_input : &fnhe->fnhe_rth_output;
		orig = *porig;

		if (fnhe->fnhe_genid != genid) {
			fnhe->fnhe_genid = genid;
			fnhe->fnhe_gw = 0;
			fnhe->fnhe_pmtu = 0;
			fnhe->fnhe_expires = 0;
			fnhe_flush_routes(fnhe);
			orig = NULL;
		}
		fill_route_from_fnhe(rt, fnhe);
		if (!rt->rt_gateway)
			rt->rt_gateway = daddr;

		if (!(rt->dst.flags & DST_NOCACHE)) {
			*porig = rt;
			if (orig)
				rt_free(orig);
			ret = true;
		}

		fnhe->fnhe_stamp = jiffies;
	}
	spin_unlock_bh(&fnhe_lock);

	return ret;
}

/* Forget what is known about @daddr: it expired. */
void ip_del_fnhe(struct fib_nh *nh, __be32 daddr)
{
	struct fib_nh_exception *fnhe, **fnhe_p;

	spin_lock_bh(&fnhe_lock);
	fnhe_p = &nh->nh_exceptions[fnhe_hashfun(daddr)].chain;
	for (; (fnhe = *fnhe_p) != NULL; fnhe_p = &fnhe->fnhe_next) {
		if (fnhe->fnhe_daddr == daddr) {
			*fnhe_p = fnhe->fnhe_next;
			fnhe_flush_routes(fnhe);
			kfree(fnhe);
			break;
		}
	}
	spin_unlock_bh(&fnhe_lock);
}

/* The flow a packet of socket @sk belongs to. */
static void build_sk_flow_key(struct flowi4 *fl4, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct ip_options_rcu *inet_opt = inet->inet_opt;
	__be32 daddr = inet->inet_daddr;

	if (inet_opt && inet_opt->opt.srr)
		daddr = inet_opt->opt.faddr;
	flowi4_init_output(fl4, sk->sk_bound_dev_if, sk->sk_mark, RT_CONN_FLAGS(sk),
			   RT_SCOPE_UNIVERSE, inet->hdrincl ? IPPROTO_RAW : sk->sk_protocol,
			   inet_sk_flowi_flags(sk), daddr, inet->inet_saddr, 0, 0);
}

/* The flow @skb belongs to, if it has a header but no socket. */
static void build_skb_flow_key(struct flowi4 *fl4, const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	flowi4_init_output(fl4, skb->dev->ifindex, skb->mark, RT_TOS(iph->tos), RT_SCOPE_UNIVERSE,
			   iph->protocol, 0, iph->daddr, iph->saddr, 0, 0);
}

static void ip_rt_build_flow_key(struct flowi4 *fl4, const struct sock *sk,
				 const struct sk_buff *skb)
{
	if (skb)
		build_skb_flow_key(fl4, skb);
	else
		build_sk_flow_key(fl4, sk);
}

/* Believe the news of a path MTU of @mtu bytes, if it is news and credible. */
static void __ip_rt_update_pmtu(struct rtable *rt, struct flowi4 *fl4, u32 mtu)
{
	struct dst_entry *dst = &rt->dst;
	struct fib_result res;

	if (dst_metric_locked(dst, RTAX_MTU))
		return;
	if (ipv4_mtu(dst) < mtu)
		return;
	if (mtu < (u32)ip_rt_min_pmtu)
		mtu = ip_rt_min_pmtu;
	if (rt->rt_pmtu == mtu && time_before(jiffies, dst->expires - ip_rt_mtu_expires / 2))
		return;

	if (fib_lookup(dev_net(dst->dev), fl4, &res, 0) == 0)
		update_or_create_fnhe(&FIB_RES_NH(res), fl4->daddr, 0, mtu,
				      jiffies + ip_rt_mtu_expires);
}

/**
 * ip_rt_update_pmtu() - ICMP said what fits through the path
 * @dst: route of the packet that did not fit
 * @sk: its socket
 * @skb: the packet, or NULL
 * @mtu: bytes
 */
void ip_rt_update_pmtu(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu)
{
	struct rtable *rt = (struct rtable *)dst;
	struct flowi4 fl4;

	ip_rt_build_flow_key(&fl4, sk, skb);
	__ip_rt_update_pmtu(rt, &fl4, mtu);
}

/**
 * ipv4_sk_update_pmtu() - the same for a socket that sends datagrams
 * @skb: the ICMP message; data points at the header of our packet that it quotes
 * @sk: the socket
 * @mtu: bytes
 *
 * If nobody owns the socket, its cached route is looked up anew: the old one still has the old MTU.
 */
void ipv4_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, u32 mtu)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct dst_entry *odst = NULL;
	struct flowi4 fl4;
	struct rtable *rt;

	bh_lock_sock(sk);
	if (!ip_sk_accept_pmtu(sk))
		goto out;

	flowi4_init_output(&fl4, sk->sk_bound_dev_if, sk->sk_mark, RT_CONN_FLAGS(sk),
			   RT_SCOPE_UNIVERSE, iph->protocol, inet_sk_flowi_flags(sk), iph->daddr,
			   iph->saddr, 0, 0);
	rt = ip_route_output_flow(sock_net(sk), &fl4, sk);
	if (IS_ERR(rt))
		goto out;
	__ip_rt_update_pmtu(rt, &fl4, mtu);
	ip_rt_put(rt);

	odst = sk_dst_get(sk);
	if (!odst || sock_owned_by_user(sk))
		goto out;
	rt = ip_route_output_flow(sock_net(sk), &fl4, sk);
	if (!IS_ERR(rt))
		sk_dst_set(sk, &rt->dst);
out:
	bh_unlock_sock(sk);
	dst_release(odst);
}

void route_exceptions_init(void)
{
	spin_lock_init(&fnhe_lock);
	fnhe_hashrnd = get_random_int();
}
