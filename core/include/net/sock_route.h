/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: include/net/sock.h */
/*
 * The route a socket sends by: cached, checked, replaced; and what its device can do.
 *
 * Part of include/net/sock.h in the kernel; include that.
 */
#ifndef _SOCK_ROUTE_H
#define _SOCK_ROUTE_H

/* ---- the route out ---- */

struct dst_entry *__sk_dst_check(struct sock *sk, u32 cookie);
struct dst_entry *sk_dst_check(struct sock *sk, u32 cookie);
void sk_setup_caps(struct sock *sk, struct dst_entry *dst);

/* A hash for one connection's packets: random, so it tells nothing; never 0, which means none. */
static inline u32 net_tx_rndhash(void)
{
	u32 v = prandom_u32();

	return v ?: 1;
}

static inline void sk_set_txhash(struct sock *sk)
{
	sk->sk_txhash = net_tx_rndhash();
}

/* After a timeout: another hash may lead around the broken path. */
static inline void sk_rethink_txhash(struct sock *sk)
{
	if (sk->sk_txhash)
		sk_set_txhash(sk);
}

static inline struct dst_entry *__sk_dst_get(struct sock *sk)
{
	return sk->sk_dst_cache;
}

/* With a reference of the caller's own. */
static inline struct dst_entry *sk_dst_get(struct sock *sk)
{
	struct dst_entry *dst = sk->sk_dst_cache;

	if (dst && !atomic_inc_not_zero(&dst->__refcnt))
		dst = NULL;
	return dst;
}

/* Consumes the caller's reference to @dst; the socket is owned. */
static inline void __sk_dst_set(struct sock *sk, struct dst_entry *dst)
{
	struct dst_entry *old_dst;

	sk_tx_queue_clear(sk);
	old_dst = sk->sk_dst_cache;
	sk->sk_dst_cache = dst;
	dst_release(old_dst);
}

static inline void sk_dst_set(struct sock *sk, struct dst_entry *dst)
{
	struct dst_entry *old_dst;

	sk_tx_queue_clear(sk);
	old_dst = sk->sk_dst_cache;
	sk->sk_dst_cache = dst;
	dst_release(old_dst);
}

static inline void __sk_dst_reset(struct sock *sk)
{
	__sk_dst_set(sk, NULL);
}

static inline void sk_dst_reset(struct sock *sk)
{
	sk_dst_set(sk, NULL);
}

/* Repeated loss: ask the route whether it still believes in itself; it may offer another. */
static inline void dst_negative_advice(struct sock *sk)
{
	struct dst_entry *ndst, *dst = __sk_dst_get(sk);

	sk_rethink_txhash(sk);

	if (dst && dst->ops->negative_advice) {
		ndst = dst->ops->negative_advice(dst);

		if (ndst != dst) {
			sk->sk_dst_cache = ndst;
			sk_tx_queue_clear(sk);
		}
	}
}

bool sk_mc_loop(struct sock *sk);

static inline bool sk_can_gso(const struct sock *sk)
{
	return net_gso_ok(sk->sk_route_caps, sk->sk_gso_type);
}

/* Never use these device features for this socket (MD5 signatures forbid segmentation offload). */
static inline void sk_nocaps_add(struct sock *sk, netdev_features_t flags)
{
	sk->sk_route_nocaps |= flags;
	sk->sk_route_caps &= ~flags;
}

static inline bool sk_check_csum_caps(struct sock *sk)
{
	return (sk->sk_route_caps & NETIF_F_HW_CSUM) ||
	       (sk->sk_family == PF_INET && (sk->sk_route_caps & NETIF_F_IP_CSUM));
}

#endif
