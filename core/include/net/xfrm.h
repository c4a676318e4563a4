/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPsec's two questions on connect(2)'s way.
 *
 * A kernel with CONFIG_XFRM asks after every route lookup "must these packets be transformed?"
 * (xfrm_lookup_route) and before every delivery "was this packet protected as our policy wants?"
 * (xfrm4_policy_check). Without a single policy both say "no concern of mine", which is all this
 * world can say: policies, states and transforms are left out. The calls stay, because they are
 * the place where the next hop of a connection can change under it, and a student who meets them
 * in the kernel should know what they are.
 *
 * Origin: include/net/xfrm.h, net/xfrm/xfrm_policy.c, v4.9.
 */
#ifndef _NET_XFRM_H
#define _NET_XFRM_H

#include <linux/socket.h>
#include <linux/types.h>

struct dst_entry;
struct flowi;
struct net;
struct sk_buff;
struct sock;
struct xfrm_policy;

enum { XFRM_POLICY_IN = 0, XFRM_POLICY_OUT = 1, XFRM_POLICY_FWD = 2 };

/* Let a lookup return -EREMOTE style results to a caller that queues; unused without policies. */
#define XFRM_LOOKUP_ICMP         (1 << 0)
#define XFRM_LOOKUP_QUEUE        (1 << 1)
#define XFRM_LOOKUP_KEEP_DST_REF (1 << 2)

struct dst_entry *xfrm_lookup(struct net *net, struct dst_entry *dst_orig, const struct flowi *fl,
			      const struct sock *sk, int flags);
struct dst_entry *xfrm_lookup_route(struct net *net, struct dst_entry *dst_orig,
				    const struct flowi *fl, const struct sock *sk, int flags);

/* Was @skb protected as the policies of its direction want? 1 = yes. */
static inline int __xfrm_policy_check2(struct sock *sk, int dir, struct sk_buff *skb,
				       unsigned int family, int reverse)
{
	(void)sk;
	(void)dir;
	(void)skb;
	(void)family;
	(void)reverse;
	return 1; /* with no policy everything is allowed */
}

static inline int xfrm_policy_check(struct sock *sk, int dir, struct sk_buff *skb,
				    unsigned short family)
{
	return __xfrm_policy_check2(sk, dir, skb, family, 0);
}

/* Does the policy allow @skb in? 1 = yes. */
static inline int xfrm4_policy_check(struct sock *sk, int dir, struct sk_buff *skb)
{
	return xfrm_policy_check(sk, dir, skb, AF_INET);
}

/* A new socket's copy of its policies: none. */
static inline int xfrm_sk_clone_policy(struct sock *sk, const struct sock *osk)
{
	(void)sk;
	(void)osk;
	return 0;
}

static inline void xfrm_sk_free_policy(struct sock *sk)
{
	(void)sk;
}

#endif /* _NET_XFRM_H */
