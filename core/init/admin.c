/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/*
 * The part of the core's door through which an administrator works: what ip(8) does to routes,
 * addresses, links, neighbours and what TCP remembers of its peers. Each function stands where
 * the kernel reads a netlink message, and calls what the kernel calls then.
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/dst.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <synwalk/core.h>

/* ---- ip route ---- */

/* The metrics as the route keeps them: u32[RTAX_MAX]. -EINVAL: no such congestion control. */
static int route_metrics(const struct core_route *r, u32 *mx)
{
	const struct {
		int id;
		u32 value;
	} rows[] = {
		/* ip(8) locks this one, or no connection would look at it */
		{ RTAX_LOCK, r->lock | (r->rto_min_ms ? 1u << RTAX_RTO_MIN : 0) },
		{ RTAX_MTU, min_t(u32, r->mtu, 65535 - 15) },
		{ RTAX_WINDOW, r->window },
		/* ip(8) stores round trips in the estimator's scale */
		{ RTAX_RTT, r->rtt_ms * 8 },
		{ RTAX_RTTVAR, r->rttvar_ms * 4 },
		{ RTAX_SSTHRESH, r->ssthresh },
		{ RTAX_CWND, r->cwnd },
		{ RTAX_ADVMSS, min_t(u32, r->advmss, 65535 - 40) },
		{ RTAX_REORDERING, r->reordering },
		{ RTAX_HOPLIMIT, min_t(u32, r->hoplimit, 255) },
		{ RTAX_INITCWND, r->initcwnd },
		{ RTAX_FEATURES, r->features_ecn ? RTAX_FEATURE_ECN : 0 },
		{ RTAX_RTO_MIN, r->rto_min_ms },
		{ RTAX_INITRWND, r->initrwnd },
		{ RTAX_QUICKACK, r->quickack },
	};
	size_t i;

	memset(mx, 0, RTAX_MAX * sizeof(*mx));
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		mx[rows[i].id - 1] = rows[i].value;
	if (r->congctl) {
		const struct tcp_congestion_ops *ca = tcp_ca_find(r->congctl);

		if (!ca)
			return -EINVAL;
		mx[RTAX_CC_ALGO - 1] = ca->key;
	}
	return 0;
}

/* What both add and delete say of the route. -EINVAL, -ENODEV. */
static int route_config(const struct core_route *r, struct fib_config *cfg)
{
	struct net_device *dev = NULL;

	if (r->prefixlen < 0 || r->prefixlen > 32)
		return -EINVAL;
	if (r->ifname) {
		dev = __dev_get_by_name(&init_net, r->ifname);
		if (!dev)
			return -ENODEV;
	}
	*cfg = (struct fib_config){
		.fc_dst_len = (u8)r->prefixlen,
		.fc_tos = r->tos,
		.fc_table = RT_TABLE_MAIN,
		.fc_dst = r->be_dst,
		.fc_gw = r->be_gateway,
		.fc_oif = dev ? dev->ifindex : 0,
		.fc_priority = r->priority,
		.fc_prefsrc = r->be_src,
	};
	return 0;
}

int core_route_add_full(const struct core_route *r)
{
	struct fib_table *tb = fib_new_table(&init_net, RT_TABLE_MAIN);
	struct fib_config cfg;
	u32 mx[RTAX_MAX];
	int err;

	if (!tb)
		return -ENOBUFS;
	err = route_config(r, &cfg);
	if (!err)
		err = route_metrics(r, mx);
	if (err)
		return err;
	cfg.fc_protocol = RTPROT_BOOT;
	cfg.fc_type = r->type ? (u8)r->type : RTN_UNICAST;
	/* the scope that ip(8) takes when none is named */
	cfg.fc_scope = r->scope > 0                                 ? (u8)r->scope :
		       cfg.fc_type == RTN_UNICAST && !r->be_gateway ? RT_SCOPE_LINK :
		       cfg.fc_type == RTN_LOCAL                     ? RT_SCOPE_HOST :
								      RT_SCOPE_UNIVERSE;
	cfg.fc_mx = mx;
	cfg.fc_nlflags = r->replace ? NLM_F_CREATE | NLM_F_REPLACE : NLM_F_CREATE | NLM_F_EXCL;
	return fib_table_insert(tb, &cfg);
}

int core_route_del(const struct core_route *r)
{
	struct fib_table *tb = fib_get_table(&init_net, RT_TABLE_MAIN);
	struct fib_config cfg;
	int err;

	if (!tb)
		return -ESRCH;
	err = route_config(r, &cfg);
	if (err)
		return err;
	cfg.fc_type = (u8)r->type;
	cfg.fc_scope = r->scope > 0 ? (u8)r->scope : RT_SCOPE_NOWHERE;
	return fib_table_delete(tb, &cfg);
}

/* ---- ip address, ip link ---- */

int core_addr_del(const char *ifname, uint32_t be_addr, int prefixlen)
{
	struct net_device *dev = __dev_get_by_name(&init_net, ifname);

	return dev ? inet_addr_del(dev, be_addr, prefixlen) : -ENODEV;
}

int core_link_mtu(const char *ifname, int mtu)
{
	struct net_device *dev = __dev_get_by_name(&init_net, ifname);

	return dev ? dev_set_mtu(dev, mtu) : -ENODEV;
}

/* ---- ip neigh ---- */

int core_neigh_set(const char *ifname, uint32_t be_addr, const uint8_t *mac, int nud)
{
	struct net_device *dev = __dev_get_by_name(&init_net, ifname);
	struct neighbour *neigh;
	int err;

	if (!dev)
		return -ENODEV;
	neigh = neigh_lookup(&arp_tbl, &be_addr, dev);
	if (!neigh && nud == NUD_FAILED)
		return -ENOENT;
	if (!neigh)
		neigh = __neigh_create(&arp_tbl, &be_addr, dev, true);
	if (IS_ERR(neigh))
		return (int)PTR_ERR(neigh);
	err = neigh_update(neigh, mac, (u8)nud, NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN);
	neigh_release(neigh);
	return err;
}

int core_neigh_del(const char *ifname, uint32_t be_addr)
{
	return core_neigh_set(ifname, be_addr, NULL, NUD_FAILED);
}

int core_neigh_flush(const char *ifname)
{
	struct net_device *dev = NULL;

	if (ifname) {
		dev = __dev_get_by_name(&init_net, ifname);
		if (!dev)
			return -ENODEV;
	}
	neigh_changeaddr(&arp_tbl, dev);
	return 0;
}

/* ---- ip tcp_metrics ---- */

int core_tcp_metrics_set(uint32_t be_saddr, uint32_t be_daddr, const char *name, uint32_t value)
{
	return tcp_metrics_set(be_saddr, be_daddr, name, value);
}

void core_tcp_metrics_flush(void)
{
	tcp_metrics_flush_all();
}
