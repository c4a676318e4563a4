/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/route.c */
/*
 * What the three parts of net/ipv4/route.c share with nobody else:
 *   route.c             routes as objects, and the lookup for sending
 *   route_input.c       the lookup for receiving
 *   route_exceptions.c  what was learned about single destinations
 */
#ifndef _IPV4_ROUTE_LOCAL_H
#define _IPV4_ROUTE_LOCAL_H

#include <net/ip_fib.h>
#include <net/route.h>

/* Have the tables or our addresses changed since this route was made? */
static inline bool rt_is_expired(const struct rtable *rth)
{
	return rth->rt_genid != rt_genid_ipv4(dev_net(rth->dst.dev));
}

void rt_add_uncached_list(struct rtable *rt);

/*
 * The cache lets go of a route. The kernel waits for its readers first; here are none. One that a
 * socket still holds is remembered, so that it can be parted from its device when that goes.
 */
static inline void rt_free(struct rtable *rt)
{
	bool held = atomic_read(&rt->dst.__refcnt) > 0;

	dst_free(&rt->dst);
	if (held && list_empty(&rt->rt_uncached))
		rt_add_uncached_list(rt);
}

/* Did we join multicast group @mc_addr on @in_dev? There is no IGMP, so no group was joined. */
static inline int ip_check_mc_rcu(struct in_device *in_dev, __be32 mc_addr, __be32 src_addr,
				  u8 proto)
{
	(void)in_dev;
	(void)mc_addr;
	(void)src_addr;
	(void)proto;
	return 0;
}

/* route.c */
bool rt_cache_route(struct fib_nh *nh, struct rtable *rt);
bool rt_cache_valid(const struct rtable *rt);
unsigned int ipv4_mtu(const struct dst_entry *dst);

/* route_input.c */
int ip_error(struct sk_buff *skb);

/* route_exceptions.c */
struct fib_nh_exception *find_exception(struct fib_nh *nh, __be32 daddr);
bool rt_bind_exception(struct rtable *rt, struct fib_nh_exception *fnhe, __be32 daddr);
void ip_del_fnhe(struct fib_nh *nh, __be32 daddr);
void ip_rt_update_pmtu(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu);
void route_exceptions_init(void);

#endif /* _IPV4_ROUTE_LOCAL_H */
