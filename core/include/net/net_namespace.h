/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The network namespace: everything that in an earlier kernel was global.
 *
 * This world has one, init_net. The parameter is passed through all functions as in the kernel,
 * because it is how IP and TCP reach their settings and counters.
 *
 * Origin: include/net/net_namespace.h, v4.9.
 */
#ifndef _NET_NET_NAMESPACE_H
#define _NET_NET_NAMESPACE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>
#include <net/netns/ipv4.h>
#include <net/netns/mib.h>

struct net_device;

#define NETDEV_HASHBITS    8
#define NETDEV_HASHENTRIES (1 << NETDEV_HASHBITS)

/* Settings under net.core that a namespace has its own of. */
struct netns_core {
	int sysctl_somaxconn;
	int prot_inuse; /* sockets of all protocols */
};

/**
 * struct net - a network namespace
 * @count:          users
 * @fnhe_genid:     generation of next hop exceptions (learned path MTUs, redirects)
 * @dev_base_head:  all devices in the order of registration
 * @dev_name_head:  devices by name
 * @dev_index_head: devices by ifindex
 * @dev_base_seq:   counts changes of the lists
 * @ifindex:        last index given to a device
 * @loopback_dev:   lo; also the device of routes that lead to ourselves
 * @core: @mib: @ipv4: the subsystems' parts
 */
struct net {
	atomic_t count;
	atomic_t fnhe_genid;
	struct list_head dev_base_head;
	struct hlist_head dev_name_head[NETDEV_HASHENTRIES];
	struct hlist_head dev_index_head[NETDEV_HASHENTRIES];
	unsigned int dev_base_seq;
	int ifindex;
	struct net_device *loopback_dev;
	struct netns_core core;
	struct netns_mib mib;
	struct netns_ipv4 ipv4;
};

extern struct net init_net;

/* How an object keeps its namespace; a struct so that nobody assigns it by accident. */
typedef struct {
	struct net *net;
} possible_net_t;

static inline void write_pnet(possible_net_t *pnet, struct net *net)
{
	pnet->net = net;
}

static inline struct net *read_pnet(const possible_net_t *pnet)
{
	return pnet->net;
}

static inline struct net *get_net(struct net *net)
{
	atomic_inc(&net->count);
	return net;
}

static inline void put_net(struct net *net)
{
	atomic_dec(&net->count);
}

/* There is one namespace, and any two are the same, as in a v4.9 without CONFIG_NET_NS. */
#define net_eq(net1, net2) ((void)(net1), (void)(net2), 1)

static inline int rt_genid_ipv4(struct net *net)
{
	return atomic_read(&net->ipv4.rt_genid);
}

static inline void rt_genid_bump_ipv4(struct net *net)
{
	atomic_inc(&net->ipv4.rt_genid);
}

static inline int fnhe_genid(struct net *net)
{
	return atomic_read(&net->fnhe_genid);
}

static inline void fnhe_genid_bump(struct net *net)
{
	atomic_inc(&net->fnhe_genid);
}

/* core/net/core/net_namespace.c: init_net as a new world finds it, before any device exists. */
void net_ns_init(void);

#endif /* _NET_NET_NAMESPACE_H */
