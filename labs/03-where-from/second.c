/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 3, another way to write it: the longest prefix is found by trying the lengths one after the other, from
 * 32 bits down to none, each by a walk of its own; and what makes a route fit is one function.
 */

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <net/ip_fib.h>
#include <net/ipv4/fib_trie_local.h>
#include <net/route.h>

struct rtable *__mkroute_output(const struct fib_result *res, const struct flowi4 *fl4,
				int orig_oif, struct net_device *dev_out, unsigned int flags);

/* The leaf with exactly this key; NULL. */
static struct key_vector *leaf_of(struct trie *t, t_key key)
{
	struct key_vector *n = t->kv[0].tnode[0];

	while (n && IS_TNODE(n))
		n = n->tnode[key >> n->pos & 1];
	return n && n->key == key ? n : NULL;
}

static bool hop_serves(const struct fib_nh *nh, const struct flowi4 *flp, int flags)
{
	struct in_device *in_dev = __in_dev_get_rcu(nh->nh_dev);
	bool minds = in_dev && IN_DEV_IGNORE_ROUTES_WITH_LINKDOWN(in_dev) &&
		     !(flags & FIB_LOOKUP_IGNORE_LINKSTATE);

	if (nh->nh_flags & RTNH_F_DEAD || (minds && nh->nh_flags & RTNH_F_LINKDOWN))
		return false;
	return flp->flowi4_oif == 0 || nh->nh_oif == flp->flowi4_oif;
}

static bool fits(const struct fib_alias *fa, const struct flowi4 *flp)
{
	const struct fib_info *fi = fa->fa_info;

	return (!fa->fa_tos || fa->fa_tos == flp->flowi4_tos) && !fi->fib_dead &&
	       fi->fib_scope >= flp->flowi4_scope;
}

/* 1: nothing of this length at this leaf; else the look-up's answer. */
static int try_length(struct fib_table *tb, struct key_vector *leaf, int slen,
		      const struct flowi4 *flp, struct fib_result *res, int flags)
{
	struct fib_alias *fa;

	hlist_for_each_entry(fa, &leaf->leaf, fa_list) {
		struct fib_info *fi = fa->fa_info;
		int err = fib_props[fa->fa_type].error;

		if (fa->fa_slen != slen || !fits(fa, flp))
			continue;
		fa->fa_state |= FA_S_ACCESSED;
		if (err < 0)
			return err;
		if (fi->fib_flags & RTNH_F_DEAD || !hop_serves(&fi->fib_nh[0], flp, flags))
			continue;
		if (!(flags & FIB_LOOKUP_NOREF))
			atomic_inc(&fi->fib_clntref);
		res->fi = fi;
		res->table = tb;
		res->type = fa->fa_type;
		res->scope = fi->fib_scope;
		res->nh_sel = 0;
		res->fa_head = &leaf->leaf;
		res->prefixlen = 32 - slen;
		return err;
	}
	return 1;
}

int fib_table_lookup(struct fib_table *tb, const struct flowi4 *flp, struct fib_result *res,
		     int fib_flags)
{
	t_key address = ntohl(flp->daddr);

	for (int slen = 0; slen <= 32; slen++) {
		t_key key = slen < 32 ? address >> slen << slen : 0;
		struct key_vector *leaf = leaf_of(tb->tb_data, key);
		int answer = leaf ? try_length(tb, leaf, slen, flp, res, fib_flags) : 1;

		if (answer <= 0)
			return answer;
	}
	return -EAGAIN;
}

void fib_select_path(struct net *net, struct fib_result *res, struct flowi4 *fl4, int mp_hash)
{
	bool several = res->table->tb_num_default > 1;

	if (several && !res->prefixlen && res->type == RTN_UNICAST && !fl4->flowi4_oif)
		fib_select_default(fl4, res);
	if (fl4->saddr)
		return;
	fl4->saddr = res->fi->fib_prefsrc ? res->fi->fib_prefsrc : FIB_RES_PREFSRC(net, *res);
}

/* ---- the route of a flow ---- */

static bool for_many(__be32 addr)
{
	return ipv4_is_multicast(addr) || ipv4_is_lbcast(addr);
}

/* A route to this machine itself. */
static struct rtable *to_ourselves(struct net *net, struct flowi4 *fl4, struct fib_result *res,
				   int orig_oif)
{
	fl4->flowi4_oif = net->loopback_dev->ifindex;
	res->type = RTN_LOCAL;
	return __mkroute_output(res, fl4, orig_oif, net->loopback_dev, RTCF_LOCAL);
}

/* The device that the caller asked for; it may choose the source. @done: no look-up is needed. */
static struct net_device *asked_for(struct net *net, struct flowi4 *fl4, bool *done)
{
	struct net_device *dev = dev_get_by_index_rcu(net, fl4->flowi4_oif);

	*done = false;
	if (!dev)
		return ERR_PTR(-ENODEV);
	if (!(dev->flags & IFF_UP) || !__in_dev_get_rcu(dev))
		return ERR_PTR(-ENETUNREACH);
	*done = ipv4_is_local_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr) ||
		fl4->flowi4_proto == IPPROTO_IGMP;
	if (fl4->saddr)
		return dev;
	if (*done)
		fl4->saddr = inet_select_addr(dev, 0, RT_SCOPE_LINK);
	else if (ipv4_is_multicast(fl4->daddr))
		fl4->saddr = inet_select_addr(dev, 0, fl4->flowi4_scope);
	else if (!fl4->daddr)
		fl4->saddr = inet_select_addr(dev, 0, RT_SCOPE_HOST);
	return dev;
}

struct rtable *__ip_route_output_key_hash(struct net *net, struct flowi4 *fl4, int mp_hash)
{
	struct fib_result res = { .type = RTN_UNSPEC };
	int asked = fl4->flowi4_oif, err;
	struct net_device *dev = NULL;
	__u8 tos = fl4->flowi4_tos;
	bool done;

	fl4->flowi4_iif = LOOPBACK_IFINDEX;
	fl4->flowi4_scope = tos & RTO_ONLINK ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	fl4->flowi4_tos = tos & IPTOS_RT_MASK;
	if (fl4->saddr) {
		bool anybodys = fl4->flowi4_flags & FLOWI_FLAG_ANYSRC;

		if (for_many(fl4->saddr) || ipv4_is_zeronet(fl4->saddr))
			return ERR_PTR(-EINVAL);
		if (!asked && for_many(fl4->daddr)) {
			dev = __ip_dev_find(net, fl4->saddr, false);
			if (!dev)
				return ERR_PTR(-EINVAL);
			fl4->flowi4_oif = dev->ifindex;
			return __mkroute_output(&res, fl4, asked, dev, 0);
		}
		if (!anybodys && !__ip_dev_find(net, fl4->saddr, false))
			return ERR_PTR(-EINVAL);
	}
	if (asked) {
		dev = asked_for(net, fl4, &done);
		if (IS_ERR(dev))
			return ERR_CAST(dev);
		if (done)
			return __mkroute_output(&res, fl4, asked, dev, 0);
	}
	if (fl4->daddr == 0) {
		if (fl4->saddr == 0)
			fl4->saddr = htonl(INADDR_LOOPBACK);
		fl4->daddr = fl4->saddr;
		return to_ourselves(net, fl4, &res, asked);
	}
	err = fib_lookup(net, fl4, &res, 0);
	if (err && !asked)
		return ERR_PTR(err);
	if (err) {
		res.fi = NULL;
		res.table = NULL;
		res.type = RTN_UNICAST;
		if (!fl4->saddr)
			fl4->saddr = inet_select_addr(dev, 0, RT_SCOPE_LINK);
		return __mkroute_output(&res, fl4, asked, dev, 0);
	}
	if (res.type == RTN_LOCAL) {
		if (!fl4->saddr)
			fl4->saddr = res.fi->fib_prefsrc ?: fl4->daddr;
		return to_ourselves(net, fl4, &res, asked);
	}
	fib_select_path(net, &res, fl4, mp_hash);
	dev = FIB_RES_DEV(res);
	fl4->flowi4_oif = dev->ifindex;
	return __mkroute_output(&res, fl4, asked, dev, 0);
}
