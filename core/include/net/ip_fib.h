/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forwarding information base: the routing tables themselves.
 *
 * Four objects, from the outside in:
 *   fib_table   a table (main, local ...), a trie of prefixes (net/ipv4/fib_trie.c)
 *   fib_alias   one route: prefix length, TOS, type; several may share a prefix
 *   fib_info    what a route leads to: preferred source, metrics, next hops; shared by all
 *               routes with the same ones (net/ipv4/fib_semantics.c)
 *   fib_nh      one next hop: device and gateway, with the rtables made for it cached in place
 *
 * Origin: include/net/ip_fib.h, v4.9, as configured without IP_ROUTE_MULTIPATH: a fib_info has
 * one next hop.
 */
#ifndef _NET_IP_FIB_H
#define _NET_IP_FIB_H

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>
#include <net/flow.h>
#include <net/net_namespace.h>

struct fib_info;
struct in_device;
struct in_ifaddr;
struct rtable;
struct sk_buff;
struct trie;

/**
 * struct fib_config - a request to add or delete a route; addresses in network order
 * @fc_dst_len: prefix length, bits
 * @fc_tos:     only for packets with this TOS, 0 = any
 * @fc_protocol: RTPROT_*
 * @fc_scope:   RT_SCOPE_*
 * @fc_type:    RTN_*
 * @fc_table:   RT_TABLE_*
 * @fc_dst:     the prefix
 * @fc_gw:      gateway, 0 = directly connected
 * @fc_oif:     device index, 0 = find out from the gateway
 * @fc_flags:   RTNH_F_*
 * @fc_priority: lower wins among equal prefixes
 * @fc_prefsrc: source address to prefer, 0 = choose
 * @fc_mx:      u32[RTAX_MAX] with the route's metrics, or NULL
 * @fc_nlflags: NLM_F_* as in netlink: create, replace, exclusive, append
 */
struct fib_config {
	u8 fc_dst_len;
	u8 fc_tos;
	u8 fc_protocol;
	u8 fc_scope;
	u8 fc_type;
	u32 fc_table;
	__be32 fc_dst;
	__be32 fc_gw;
	int fc_oif;
	u32 fc_flags;
	u32 fc_priority;
	__be32 fc_prefsrc;
	const u32 *fc_mx;
	u32 fc_nlflags;
};

#define NLM_F_REPLACE 0x100
#define NLM_F_EXCL    0x200
#define NLM_F_CREATE  0x400
#define NLM_F_APPEND  0x800

/**
 * struct fib_nh_exception - what was learned about one destination behind a next hop
 * @fnhe_next:    in its bucket
 * @fnhe_genid:   generation it was learned in
 * @fnhe_daddr:   the destination, network order
 * @fnhe_pmtu:    path MTU from ICMP fragmentation needed, 0 = none
 * @fnhe_gw:      gateway from an ICMP redirect, 0 = none
 * @fnhe_expires: jiffies at which it is forgotten, 0 = never
 * @fnhe_rth_input: @fnhe_rth_output: routes made with it
 * @fnhe_stamp:   jiffies of the last use; the oldest of a full bucket makes room
 */
struct fib_nh_exception {
	struct fib_nh_exception *fnhe_next;
	int fnhe_genid;
	__be32 fnhe_daddr;
	u32 fnhe_pmtu;
	__be32 fnhe_gw;
	unsigned long fnhe_expires;
	struct rtable *fnhe_rth_input;
	struct rtable *fnhe_rth_output;
	unsigned long fnhe_stamp;
};

struct fnhe_hash_bucket {
	struct fib_nh_exception *chain;
};

#define FNHE_HASH_SHIFT    11
#define FNHE_HASH_SIZE     (1 << FNHE_HASH_SHIFT)
#define FNHE_RECLAIM_DEPTH 5

/**
 * struct fib_nh - one next hop
 * @nh_dev:    device
 * @nh_hash:   in the table of next hops by device, to find all that die with one
 * @nh_parent: the route information it belongs to
 * @nh_flags:  RTNH_F_*
 * @nh_scope:  distance to the gateway: RT_SCOPE_LINK if it is on link, RT_SCOPE_HOST for local
 * @nh_oif:    device index
 * @nh_gw:     gateway, network order, 0 = none
 * @nh_saddr:  source address for this next hop, computed once ...
 * @nh_saddr_genid: ... per generation of our addresses
 * @nh_pcpu_rth_output: cached route for sending (one CPU, one pointer)
 * @nh_rth_input: cached route for receiving
 * @nh_exceptions: what was learned about single destinations, or NULL
 */
struct fib_nh {
	struct net_device *nh_dev;
	struct hlist_node nh_hash;
	struct fib_info *nh_parent;
	unsigned int nh_flags;
	unsigned char nh_scope;
	int nh_oif;
	__be32 nh_gw;
	__be32 nh_saddr;
	int nh_saddr_genid;
	struct rtable *nh_pcpu_rth_output;
	struct rtable *nh_rth_input;
	struct fnhe_hash_bucket *nh_exceptions;
};

/**
 * struct fib_info - where routes lead
 * @fib_hash:    all of them, to find an equal one to share
 * @fib_lhash:   those with a preferred source, to find them when the address goes
 * @fib_net:     namespace
 * @fib_treeref: routes that share it
 * @fib_clntref: references of any kind
 * @fib_flags:   RTNH_F_*
 * @fib_dead:    no route uses it any more
 * @fib_protocol: RTPROT_*
 * @fib_scope:   RT_SCOPE_*
 * @fib_type:    RTN_*
 * @fib_prefsrc: preferred source, network order, 0 = choose
 * @fib_tb_id:   table
 * @fib_priority: lower wins
 * @fib_metrics: u32[RTAX_MAX]
 * @fib_nhs:     number of next hops, 1
 * @fib_nh:      the next hop; without a device in a route that leads nowhere
 */
struct fib_info {
	struct hlist_node fib_hash;
	struct hlist_node fib_lhash;
	struct net *fib_net;
	int fib_treeref;
	atomic_t fib_clntref;
	unsigned int fib_flags;
	unsigned char fib_dead;
	unsigned char fib_protocol;
	unsigned char fib_scope;
	unsigned char fib_type;
	__be32 fib_prefsrc;
	u32 fib_tb_id;
	u32 fib_priority;
	u32 *fib_metrics;
#define fib_mtu    fib_metrics[RTAX_MTU - 1]
#define fib_window fib_metrics[RTAX_WINDOW - 1]
#define fib_rtt    fib_metrics[RTAX_RTT - 1]
#define fib_advmss fib_metrics[RTAX_ADVMSS - 1]
	int fib_nhs;
	struct fib_nh fib_nh[1];
#define fib_dev fib_nh[0].nh_dev
};

/**
 * struct fib_alias - one route of a prefix
 * @fa_list:    routes of the same key, longest prefix first, then by TOS and priority
 * @fa_info:    where it leads
 * @fa_tos:     only for this TOS, 0 = any
 * @fa_type:    RTN_*
 * @fa_state:   FA_S_ACCESSED once a lookup used it
 * @fa_slen:    host bits: 32 - prefix length
 * @tb_id:      table: main and local share one trie
 * @fa_default: which default gateway is in use, -1 = not chosen
 */
struct fib_alias {
	struct hlist_node fa_list;
	struct fib_info *fa_info;
	u8 fa_tos;
	u8 fa_type;
	u8 fa_state;
	u8 fa_slen;
	u32 tb_id;
	s16 fa_default;
};
#define FA_S_ACCESSED 0x01

/**
 * struct fib_table - a routing table
 * @tb_hlist: in the hash of tables
 * @tb_id:    RT_TABLE_*
 * @tb_num_default: how many default routes it has
 * @tb_data:  its trie; that of another table for an alias
 * @__data:   the trie of its own, NULL if it shares one
 */
struct fib_table {
	struct hlist_node tb_hlist;
	u32 tb_id;
	int tb_num_default;
	struct trie *tb_data;
	struct trie *__data;
};

/**
 * struct fib_result - the answer of a lookup
 * @prefixlen: of the matching prefix
 * @nh_sel:    index of the next hop
 * @type:      RTN_*
 * @scope:     RT_SCOPE_*
 * @tclassid:  realm, 0
 * @fi:        where it leads
 * @table:     in which table it was found
 * @fa_head:   the list the matching alias is in
 */
struct fib_result {
	unsigned char prefixlen;
	unsigned char nh_sel;
	unsigned char type;
	unsigned char scope;
	u32 tclassid;
	struct fib_info *fi;
	struct fib_table *table;
	struct hlist_head *fa_head;
};

#define FIB_RES_NH(res)  ((res).fi->fib_nh[0])
#define FIB_RES_GW(res)  (FIB_RES_NH(res).nh_gw)
#define FIB_RES_DEV(res) (FIB_RES_NH(res).nh_dev)
#define FIB_RES_OIF(res) (FIB_RES_NH(res).nh_oif)

__be32 fib_info_update_nh_saddr(struct net *net, struct fib_nh *nh);

/* The source address of a next hop; recomputed when one of our addresses came or went. */
#define FIB_RES_SADDR(net, res)                                                         \
	((FIB_RES_NH(res).nh_saddr_genid == atomic_read(&(net)->ipv4.dev_addr_genid)) ? \
		 FIB_RES_NH(res).nh_saddr :                                             \
		 fib_info_update_nh_saddr((net), &FIB_RES_NH(res)))
#define FIB_RES_PREFSRC(net, res) ((res).fi->fib_prefsrc ?: FIB_RES_SADDR(net, res))

/* Flags of fib_table_lookup(). */
#define FIB_LOOKUP_NOREF            1 /* do not take a reference on res->fi */
#define FIB_LOOKUP_IGNORE_LINKSTATE 2

/* fib_trie.c */
struct fib_table *fib_trie_table(u32 id, struct fib_table *alias);
int fib_table_lookup(struct fib_table *tb, const struct flowi4 *flp, struct fib_result *res,
		     int fib_flags);
int fib_table_insert(struct fib_table *tb, struct fib_config *cfg);
int fib_table_delete(struct fib_table *tb, struct fib_config *cfg);
int fib_table_flush(struct fib_table *tb);
void fib_free_table(struct fib_table *tb);

/* fib_semantics.c: the error a type of route answers with, and the widest scope it may have */
extern const struct fib_prop {
	int error;
	u8 scope;
} fib_props[RTN_MAX + 1];

/* fib_frontend.c */
struct fib_table *fib_new_table(struct net *net, u32 id);
struct fib_table *fib_get_table(struct net *net, u32 id);
unsigned int inet_addr_type(struct net *net, __be32 addr);
unsigned int inet_addr_type_table(struct net *net, __be32 addr, u32 tb_id);
unsigned int inet_dev_addr_type(struct net *net, const struct net_device *dev, __be32 addr);
unsigned int inet_addr_type_dev_table(struct net *net, const struct net_device *dev, __be32 addr);
int fib_validate_source(struct sk_buff *skb, __be32 src, __be32 dst, u8 tos, int oif,
			struct net_device *dev, struct in_device *idev, u32 *itag);
__be32 fib_compute_spec_dst(struct sk_buff *skb);
void fib_add_ifaddr(struct in_ifaddr *ifa);
void fib_del_ifaddr(struct in_ifaddr *ifa, struct in_ifaddr *iprim);
int fib_inetaddr_event(unsigned long event, struct in_ifaddr *ifa);
void ip_fib_init(void);
void ip_fib_net_exit(struct net *net);
void fib_flush(struct net *net);

/*
 * `ip route add DST/LEN [via GW] dev DEV`: the part of inet_rtm_newroute() behind netlink.
 * Addresses in network order; @dev may be NULL if the gateway's device can be looked up.
 * 0, or -EINVAL, -EEXIST, -ENETUNREACH (gateway not on link), -ENODEV, -ENOBUFS.
 */
int inet_route_add(struct net *net, __be32 dst, int prefixlen, __be32 gw, struct net_device *dev);

/* fib_semantics.c */
struct fib_info *fib_create_info(struct fib_config *cfg);
void fib_release_info(struct fib_info *fi);
void free_fib_info(struct fib_info *fi);
int fib_nh_match(struct fib_config *cfg, struct fib_info *fi);
void fib_select_default(const struct flowi4 *flp, struct fib_result *res);
void fib_select_path(struct net *net, struct fib_result *res, struct flowi4 *fl4, int mp_hash);
int ip_fib_check_default(__be32 gw, struct net_device *dev);
int fib_sync_down_dev(struct net_device *dev, unsigned long event, bool force);
int fib_sync_down_addr(struct net *net, __be32 local);
void fib_semantics_init(void);
void fib_semantics_exit(void);

static inline void fib_info_hold(struct fib_info *fi)
{
	atomic_inc(&fi->fib_clntref);
}

static inline void fib_info_put(struct fib_info *fi)
{
	if (atomic_dec_and_test(&fi->fib_clntref))
		free_fib_info(fi);
}

/* How many next hops have a realm: with any, a packet's way back is always looked up. */
static inline int fib_num_tclassid_users(struct net *net)
{
	return net->ipv4.fib_num_tclassid_users;
}

/**
 * fib_lookup() - which route fits this flow?
 * @net: namespace
 * @flp: the flow key
 * @res: the answer
 * @flags: FIB_LOOKUP_*
 *
 * One walk finds local and main routes, because both tables share a trie as long as no policy
 * rule stands between them. Only then is the default table asked, if there is one.
 *
 * Return: 0; -ENETUNREACH no route; the error of an unreachable, prohibit or blackhole route:
 * -EHOSTUNREACH, -EACCES, -EINVAL.
 */
static inline int fib_lookup(struct net *net, struct flowi4 *flp, struct fib_result *res,
			     unsigned int flags)
{
	struct fib_table *tb;
	int err = -ENETUNREACH;

	flags |= FIB_LOOKUP_NOREF;
	res->tclassid = 0;

	tb = net->ipv4.fib_main;
	if (tb)
		err = fib_table_lookup(tb, flp, res, flags);
	if (!err)
		goto out;

	tb = net->ipv4.fib_default;
	if (tb)
		err = fib_table_lookup(tb, flp, res, flags);
out:
	/* -EAGAIN is the trie's word for "nothing here, ask the next table". */
	if (err == -EAGAIN)
		err = -ENETUNREACH;

	return err;
}

#endif /* _NET_IP_FIB_H */
