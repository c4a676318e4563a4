/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What routes lead to: fib_info, shared by all routes with equal next hop and attributes.
 *
 * Theory of operation
 *
 * fib_create_info() checks a request for sense (does the device exist, is the gateway reachable
 * on link?), then looks whether an equal fib_info is there already. A hundred routes via one
 * router share one fib_info, and with it the cached rtables in its next hop.
 *
 * Two counts: fib_treeref, how many routes use it; when it reaches 0, the fib_info is dead and no
 * lookup returns it any more. fib_clntref, references of any kind; when it reaches 0, the memory
 * goes, and with it the rtables cached in the next hop.
 *
 * Origin: net/ipv4/fib_semantics.c, v4.9, without IP_ROUTE_MULTIPATH, realms and netlink.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/if.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/dst.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "route_local.h"

#define DEVINDEX_HASHBITS 8
#define DEVINDEX_HASHSIZE (1U << DEVINDEX_HASHBITS)
#define FIB_INFO_HASHSIZE 64U

static struct hlist_head fib_info_hash[FIB_INFO_HASHSIZE];
static struct hlist_head fib_info_laddrhash[FIB_INFO_HASHSIZE];
static struct hlist_head fib_info_devhash[DEVINDEX_HASHSIZE];
static unsigned int fib_info_cnt;

const struct fib_prop fib_props[RTN_MAX + 1] = {
	[RTN_UNSPEC] = { .error = 0, .scope = RT_SCOPE_NOWHERE },
	[RTN_UNICAST] = { .error = 0, .scope = RT_SCOPE_UNIVERSE },
	[RTN_LOCAL] = { .error = 0, .scope = RT_SCOPE_HOST },
	[RTN_BROADCAST] = { .error = 0, .scope = RT_SCOPE_LINK },
	[RTN_ANYCAST] = { .error = 0, .scope = RT_SCOPE_LINK },
	[RTN_MULTICAST] = { .error = 0, .scope = RT_SCOPE_UNIVERSE },
	[RTN_BLACKHOLE] = { .error = -EINVAL, .scope = RT_SCOPE_UNIVERSE },
	[RTN_UNREACHABLE] = { .error = -EHOSTUNREACH, .scope = RT_SCOPE_UNIVERSE },
	[RTN_PROHIBIT] = { .error = -EACCES, .scope = RT_SCOPE_UNIVERSE },
	[RTN_THROW] = { .error = -EAGAIN, .scope = RT_SCOPE_UNIVERSE },
	[RTN_NAT] = { .error = -EINVAL, .scope = RT_SCOPE_NOWHERE },
	[RTN_XRESOLVE] = { .error = -EINVAL, .scope = RT_SCOPE_NOWHERE },
};

/* The next hop goes, and with it a route it had cached. */
static void rt_fibinfo_free(struct rtable **rtp)
{
	struct rtable *rt = *rtp;

	if (!rt)
		return;
	*rtp = NULL;
	rt_free(rt);
}

static void free_nh_exceptions(struct fib_nh *nh)
{
	struct fnhe_hash_bucket *hash = nh->nh_exceptions;
	int i;

	if (!hash)
		return;
	for (i = 0; i < FNHE_HASH_SIZE; i++) {
		struct fib_nh_exception *fnhe = hash[i].chain, *next;

		for (; fnhe; fnhe = next) {
			next = fnhe->fnhe_next;
			rt_fibinfo_free(&fnhe->fnhe_rth_input);
			rt_fibinfo_free(&fnhe->fnhe_rth_output);
			kfree(fnhe);
		}
	}
	kfree(hash);
}

/* The last reference is gone. Only a dead one may get here: a live one is still in the trie. */
void free_fib_info(struct fib_info *fi)
{
	struct fib_nh *nh = &fi->fib_nh[0];

	if (WARN_ON(fi->fib_dead == 0))
		return;
	fib_info_cnt--;

	if (nh->nh_dev)
		dev_put(nh->nh_dev);
	free_nh_exceptions(nh);
	rt_fibinfo_free(&nh->nh_pcpu_rth_output);
	rt_fibinfo_free(&nh->nh_rth_input);
	if (fi->fib_metrics != (u32 *)dst_default_metrics)
		kfree(fi->fib_metrics);
	kfree(fi);
}

/* A route that used @fi is gone. */
void fib_release_info(struct fib_info *fi)
{
	if (!fi || --fi->fib_treeref)
		return;

	hlist_del(&fi->fib_hash);
	if (fi->fib_prefsrc)
		hlist_del(&fi->fib_lhash);
	if (fi->fib_dev)
		hlist_del(&fi->fib_nh[0].nh_hash);
	fi->fib_dead = 1;
	fib_info_put(fi);
}

static inline bool nh_same(const struct fib_info *fi, const struct fib_info *ofi)
{
	const struct fib_nh *nh = &fi->fib_nh[0], *onh = &ofi->fib_nh[0];

	return nh->nh_oif == onh->nh_oif && nh->nh_gw == onh->nh_gw &&
	       nh->nh_scope == onh->nh_scope && !((nh->nh_flags ^ onh->nh_flags) & ~RTNH_F_DEAD);
}

static inline unsigned int fib_devindex_hashfn(unsigned int val)
{
	unsigned int mask = DEVINDEX_HASHSIZE - 1;

	return (val ^ (val >> DEVINDEX_HASHBITS) ^ (val >> (DEVINDEX_HASHBITS * 2))) & mask;
}

static inline unsigned int fib_info_hashfn(const struct fib_info *fi)
{
	unsigned int val = fi->fib_nhs ^ (fi->fib_protocol << 8 | fi->fib_scope);

	val ^= (__force u32)fi->fib_prefsrc;
	val ^= fi->fib_priority;
	val ^= fib_devindex_hashfn(fi->fib_nh[0].nh_oif);
	return (val ^ (val >> 7) ^ (val >> 12)) & (FIB_INFO_HASHSIZE - 1);
}

static inline unsigned int fib_laddr_hashfn(__be32 val)
{
	u32 v = (__force u32)val;

	return (v ^ (v >> 7) ^ (v >> 14)) & (FIB_INFO_HASHSIZE - 1);
}

/* One that is there already and equals @nfi in every respect a packet could notice. */
static struct fib_info *fib_find_info(const struct fib_info *nfi)
{
	struct fib_info *fi;

	hlist_for_each_entry(fi, &fib_info_hash[fib_info_hashfn(nfi)], fib_hash) {
		if (fi->fib_net == nfi->fib_net && fi->fib_protocol == nfi->fib_protocol &&
		    fi->fib_scope == nfi->fib_scope && fi->fib_prefsrc == nfi->fib_prefsrc &&
		    fi->fib_priority == nfi->fib_priority && fi->fib_type == nfi->fib_type &&
		    fi->fib_tb_id == nfi->fib_tb_id &&
		    memcmp(fi->fib_metrics, nfi->fib_metrics, sizeof(u32) * RTAX_MAX) == 0 &&
		    !((nfi->fib_flags ^ fi->fib_flags) & ~RTNH_F_DEAD) && nh_same(nfi, fi))
			return fi;
	}
	return NULL;
}

/* Is @gw (network order) a gateway in use on @dev? 0 = yes, -1 = no. */
int ip_fib_check_default(__be32 gw, struct net_device *dev)
{
	struct fib_nh *nh;

	hlist_for_each_entry(nh, &fib_info_devhash[fib_devindex_hashfn(dev->ifindex)], nh_hash) {
		if (nh->nh_dev == dev && nh->nh_gw == gw && !(nh->nh_flags & RTNH_F_DEAD))
			return 0;
	}
	return -1;
}

/* Does @fi lead where @cfg says? 0 = yes. What @cfg leaves 0 matches anything. */
int fib_nh_match(struct fib_config *cfg, struct fib_info *fi)
{
	if (cfg->fc_priority && cfg->fc_priority != fi->fib_priority)
		return 1;
	if ((!cfg->fc_oif || cfg->fc_oif == fi->fib_nh->nh_oif) &&
	    (!cfg->fc_gw || cfg->fc_gw == fi->fib_nh->nh_gw))
		return 0;
	return 1;
}

/*
 * The next hop is a router. Its own route must lead over a link, not over another router: a frame
 * carries no IP address but source and destination, so a router is only reachable by its hardware
 * address. That is why the scope asked for is one step nearer than that of the route itself.
 */
static int fib_check_gw(struct fib_config *cfg, struct fib_info *fi, struct fib_nh *nh)
{
	struct fib_result res;
	struct net_device *dev;
	struct flowi4 fl4 = {
		.daddr = nh->nh_gw,
		.flowi4_scope = cfg->fc_scope + 1,
		.flowi4_oif = nh->nh_oif,
		.flowi4_iif = LOOPBACK_IFINDEX,
	};
	int err;

	if (fl4.flowi4_scope < RT_SCOPE_LINK)
		fl4.flowi4_scope = RT_SCOPE_LINK;

	err = fib_lookup(fi->fib_net, &fl4, &res, FIB_LOOKUP_IGNORE_LINKSTATE);
	if (err)
		return err;
	if (res.type != RTN_UNICAST && res.type != RTN_LOCAL)
		return -EINVAL;

	nh->nh_scope = res.scope;
	nh->nh_oif = FIB_RES_OIF(res);
	nh->nh_dev = dev = FIB_RES_DEV(res);
	if (!dev)
		return -EINVAL;
	dev_hold(dev);
	if (!netif_carrier_ok(dev))
		nh->nh_flags |= RTNH_F_LINKDOWN;
	return (dev->flags & IFF_UP) ? 0 : -ENETDOWN;
}

/*
 * Check a next hop and fill in what follows from it. 0; -ENETUNREACH gateway not reachable;
 * -EINVAL it is not a host on a link; -ENODEV no such device, or one without an IPv4 side;
 * -ENETDOWN.
 */
static int fib_check_nh(struct fib_config *cfg, struct fib_info *fi, struct fib_nh *nh)
{
	struct in_device *in_dev;

	if (nh->nh_gw)
		return fib_check_gw(cfg, fi, nh);

	in_dev = inetdev_by_index(fi->fib_net, nh->nh_oif);
	if (!in_dev)
		return -ENODEV;
	if (!(in_dev->dev->flags & IFF_UP)) {
		in_dev_put(in_dev);
		return -ENETDOWN;
	}
	nh->nh_dev = in_dev->dev;
	dev_hold(nh->nh_dev);
	nh->nh_scope = RT_SCOPE_HOST;
	if (!netif_carrier_ok(nh->nh_dev))
		nh->nh_flags |= RTNH_F_LINKDOWN;
	in_dev_put(in_dev);
	return 0;
}

/*
 * The source address for packets by this next hop: one of its device's, wide enough in scope to
 * be seen there. Computed when asked for first after our addresses changed. Network order.
 */
__be32 fib_info_update_nh_saddr(struct net *net, struct fib_nh *nh)
{
	nh->nh_saddr = inet_select_addr(nh->nh_dev, nh->nh_gw, nh->nh_parent->fib_scope);
	nh->nh_saddr_genid = atomic_read(&net->ipv4.dev_addr_genid);

	return nh->nh_saddr;
}

/*
 * May a route prefer @fib_prefsrc as source? It must be ours. A local route for the very address
 * is the exception: it is what makes the address ours.
 */
static bool fib_valid_prefsrc(struct fib_config *cfg, struct net *net, __be32 fib_prefsrc)
{
	if (cfg->fc_type != RTN_LOCAL || !cfg->fc_dst || fib_prefsrc != cfg->fc_dst)
		return inet_addr_type(net, fib_prefsrc) == RTN_LOCAL;
	return true;
}

/* A fib_info filled from the request, not checked and not in any hash. ERR_PTR(-ENOBUFS). */
static struct fib_info *fib_info_alloc(struct fib_config *cfg, struct net *net)
{
	struct fib_info *fi = kzalloc_type(struct fib_info, GFP_KERNEL);

	if (!fi)
		return ERR_PTR(-ENOBUFS);
	fi->fib_metrics = (u32 *)dst_default_metrics;
	if (cfg->fc_mx) {
		fi->fib_metrics = kmemdup(cfg->fc_mx, sizeof(u32) * RTAX_MAX, GFP_KERNEL);
		if (!fi->fib_metrics) {
			kfree(fi);
			return ERR_PTR(-ENOBUFS);
		}
	}
	fib_info_cnt++;

	fi->fib_net = net;
	fi->fib_protocol = cfg->fc_protocol;
	fi->fib_scope = cfg->fc_scope;
	fi->fib_flags = cfg->fc_flags;
	fi->fib_priority = cfg->fc_priority;
	fi->fib_prefsrc = cfg->fc_prefsrc;
	fi->fib_type = cfg->fc_type;
	fi->fib_tb_id = cfg->fc_table;
	fi->fib_nhs = 1;
	fi->fib_nh[0].nh_parent = fi;
	fi->fib_nh[0].nh_oif = cfg->fc_oif;
	fi->fib_nh[0].nh_gw = cfg->fc_gw;
	fi->fib_nh[0].nh_flags = cfg->fc_flags;
	return fi;
}

/* Does the request make sense, and where is its next hop? 0 or a negative errno. */
static int fib_info_check(struct fib_config *cfg, struct net *net, struct fib_info *fi)
{
	struct fib_nh *nh = &fi->fib_nh[0];
	int err;

	/* A route that only gives an error leads nowhere. */
	if (fib_props[cfg->fc_type].error)
		return (cfg->fc_gw || cfg->fc_oif) ? -EINVAL : 0;
	if (cfg->fc_type < RTN_UNICAST || cfg->fc_type > RTN_MULTICAST ||
	    cfg->fc_scope > RT_SCOPE_HOST)
		return -EINVAL;

	if (cfg->fc_scope == RT_SCOPE_HOST) {
		if (nh->nh_gw)
			return -EINVAL;
		nh->nh_scope = RT_SCOPE_NOWHERE;
		nh->nh_dev = dev_get_by_index(net, nh->nh_oif);
		if (!nh->nh_dev)
			return -ENODEV;
	} else {
		err = fib_check_nh(cfg, fi, nh);
		if (err)
			return err;
	}

	if (fi->fib_prefsrc && !fib_valid_prefsrc(cfg, net, fi->fib_prefsrc))
		return -EINVAL;

	fib_info_update_nh_saddr(net, nh);
	return 0;
}

/**
 * fib_create_info() - the fib_info for a route
 * @cfg: the route
 *
 * Return: a new one, or the equal one that exists, with fib_treeref counted up; ERR_PTR:
 * -EINVAL, -ENETUNREACH, -ENODEV, -ENETDOWN, -ENOBUFS.
 */
struct fib_info *fib_create_info(struct fib_config *cfg)
{
	struct net *net = &init_net;
	struct fib_info *fi, *ofi;
	int err;

	if (cfg->fc_type > RTN_MAX)
		return ERR_PTR(-EINVAL);
	/* A route to ourselves cannot have the scope of the universe. */
	if (fib_props[cfg->fc_type].scope > cfg->fc_scope)
		return ERR_PTR(-EINVAL);

	fi = fib_info_alloc(cfg, net);
	if (IS_ERR(fi))
		return fi;

	err = fib_info_check(cfg, net, fi);
	if (err) {
		fi->fib_dead = 1;
		free_fib_info(fi);
		return ERR_PTR(err);
	}

	ofi = fib_find_info(fi);
	if (ofi) {
		fi->fib_dead = 1;
		free_fib_info(fi);
		ofi->fib_treeref++;
		return ofi;
	}

	fi->fib_treeref++;
	atomic_inc(&fi->fib_clntref);
	hlist_add_head(&fi->fib_hash, &fib_info_hash[fib_info_hashfn(fi)]);
	if (fi->fib_prefsrc)
		hlist_add_head(&fi->fib_lhash,
			       &fib_info_laddrhash[fib_laddr_hashfn(fi->fib_prefsrc)]);
	if (fi->fib_dev)
		hlist_add_head(&fi->fib_nh[0].nh_hash,
			       &fib_info_devhash[fib_devindex_hashfn(fi->fib_dev->ifindex)]);
	return fi;
}

/* An address of ours is gone: so are routes that prefer it. Returns how many fib_infos died. */
int fib_sync_down_addr(struct net *net, __be32 local)
{
	struct fib_info *fi;
	int ret = 0;

	if (!local)
		return 0;
	hlist_for_each_entry(fi, &fib_info_laddrhash[fib_laddr_hashfn(local)], fib_lhash) {
		if (fi->fib_net == net && fi->fib_prefsrc == local) {
			fi->fib_flags |= RTNH_F_DEAD;
			ret++;
		}
	}
	return ret;
}

/*
 * A device goes down: so do next hops on it. A local address outlives its device being down,
 * unless @force says the device itself goes. Returns how many fib_infos died.
 */
int fib_sync_down_dev(struct net_device *dev, unsigned long event, bool force)
{
	struct fib_nh *nh;
	int ret = 0;

	(void)event;
	hlist_for_each_entry(nh, &fib_info_devhash[fib_devindex_hashfn(dev->ifindex)], nh_hash) {
		struct fib_info *fi = nh->nh_parent;

		if (nh->nh_dev != dev || (fi->fib_scope == RT_SCOPE_HOST && !force))
			continue;
		nh->nh_flags |= RTNH_F_DEAD;
		fi->fib_flags |= RTNH_F_DEAD;
		ret++;
	}
	return ret;
}

/*
 * Is the router of @fi known to be dead? 0: no, use it. 1: perhaps; then *@last_resort may become
 * it, for the case that none is better. @order: its place among the default routes, @dflt: the
 * place of the one in use.
 */
static int fib_detect_death(struct fib_info *fi, int order, struct fib_info **last_resort,
			    int *last_idx, int dflt)
{
	struct neighbour *n = neigh_lookup(&arp_tbl, &fi->fib_nh[0].nh_gw, fi->fib_dev);
	int state;

	if (!n)
		return 0;
	state = n->nud_state;
	neigh_release(n);

	if (state == NUD_REACHABLE)
		return 0;
	if ((state & NUD_VALID) && order != dflt)
		return 0;
	if ((state & NUD_VALID) || (*last_idx < 0 && order > dflt && state != NUD_INCOMPLETE)) {
		*last_resort = fi;
		*last_idx = order;
	}
	return 1;
}

/* Is @fa a default route of the kind fib_select_default() chooses among? */
static __always_inline bool fib_default_candidate(const struct fib_alias *fa,
						  const struct fib_result *res)
{
	const struct fib_info *fi = fa->fa_info;

	return fi->fib_scope == res->scope && fa->fa_type == RTN_UNICAST && fi->fib_nh[0].nh_gw &&
	       fi->fib_nh[0].nh_scope == RT_SCOPE_LINK;
}

/**
 * fib_select_default() - among several default routes take one whose router lives
 * @flp: the flow
 * @res: the lookup's answer, changed if another router is better
 *
 * The neighbour table knows which routers answer ARP. Only for routes of equal rank.
 */
void fib_select_default(const struct flowi4 *flp, struct fib_result *res)
{
	struct fib_info *fi = NULL, *last_resort = NULL;
	u8 slen = 32 - res->prefixlen;
	int order = -1, last_idx = -1;
	struct fib_alias *fa, *fa1 = NULL;
	u32 last_prio = res->fi->fib_priority;
	u8 last_tos = 0;

	hlist_for_each_entry(fa, res->fa_head, fa_list) {
		struct fib_info *next_fi = fa->fa_info;

		if (fa->fa_slen != slen || (fa->fa_tos && fa->fa_tos != flp->flowi4_tos) ||
		    fa->tb_id != res->table->tb_id)
			continue;
		if (next_fi->fib_priority > last_prio && fa->fa_tos == last_tos) {
			if (last_tos)
				continue;
			break;
		}
		if (next_fi->fib_flags & RTNH_F_DEAD)
			continue;
		last_tos = fa->fa_tos;
		last_prio = next_fi->fib_priority;

		if (!fib_default_candidate(fa, res))
			continue;
		fa->fa_state |= FA_S_ACCESSED;

		if (!fi) {
			if (next_fi != res->fi)
				break;
			fa1 = fa;
		} else if (!fib_detect_death(fi, order, &last_resort, &last_idx, fa1->fa_default)) {
			res->fi = fi;
			fa1->fa_default = order;
			return;
		}
		fi = next_fi;
		order++;
	}

	if (order <= 0 || !fi) {
		if (fa1)
			fa1->fa_default = -1;
		return;
	}
	if (!fib_detect_death(fi, order, &last_resort, &last_idx, fa1->fa_default)) {
		res->fi = fi;
		fa1->fa_default = order;
		return;
	}
	if (last_idx >= 0)
		res->fi = last_resort;
	fa1->fa_default = last_idx;
}

/**
 * fib_select_path() - settle what the lookup left open
 * @net: namespace
 * @res: the lookup's answer
 * @fl4: the flow; gets a source address if it has none
 * @mp_hash: would choose among several next hops; there is one
 *
 * Here an unbound connect(2) gets its source address: the route's preferred one, or that of the
 * device which fits the next hop.
 */
void fib_select_path(struct net *net, struct fib_result *res, struct flowi4 *fl4, int mp_hash)
{
	(void)mp_hash;
	if (!res->prefixlen && res->table->tb_num_default > 1 && res->type == RTN_UNICAST &&
	    fl4->flowi4_oif == 0)
		fib_select_default(fl4, res);

	if (!fl4->saddr)
		fl4->saddr = FIB_RES_PREFSRC(net, *res);
}

void fib_semantics_init(void)
{
	memset(fib_info_hash, 0, sizeof(fib_info_hash));
	memset(fib_info_laddrhash, 0, sizeof(fib_info_laddrhash));
	memset(fib_info_devhash, 0, sizeof(fib_info_devhash));
	fib_info_cnt = 0;
}
