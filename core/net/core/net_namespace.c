/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one network namespace. Origin: net/core/net_namespace.c, v4.9, of which only the initial
 * namespace is left: creating, moving into and destroying namespaces is no part of connect(2).
 */
#include <linux/list.h>
#include <linux/string.h>
#include <net/net_namespace.h>

struct net init_net;

/**
 * net_ns_init() - a namespace without devices, routes and counts
 *
 * First of all network initialisers. The subsystems fill in their parts themselves: the devices
 * in net/core/dev.c, tables and settings in net/ipv4/.
 */
void net_ns_init(void)
{
	memset(&init_net, 0, sizeof(init_net));
	atomic_set(&init_net.count, 1);
	INIT_LIST_HEAD(&init_net.dev_base_head);
}
