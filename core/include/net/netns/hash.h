/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A namespace's contribution to hashes, so that equal addresses in two namespaces spread. There
 * is one namespace here, and an object's address must not influence a run: it is 0, as in a
 * kernel without CONFIG_NET_NS. Origin: include/net/netns/hash.h, v4.9.
 */
#ifndef _NETNS_HASH_H
#define _NETNS_HASH_H

#include <linux/types.h>

struct net;

static inline u32 net_hash_mix(const struct net *net)
{
	(void)net;
	return 0;
}

#endif /* _NETNS_HASH_H */
