/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who receives which IP protocol.  ip_local_deliver_finish() indexes inet_protos[] with the
 * header's protocol byte.
 *
 * Origin: net/ipv4/protocol.c.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <net/protocol.h>

const struct net_protocol *inet_protos[MAX_INET_PROTOS];

/* 0; -EINVAL for a handler that knows no namespaces; -EEXIST if the number is taken. */
int inet_add_protocol(const struct net_protocol *prot, unsigned char protocol)
{
	if (!prot->netns_ok)
		return -EINVAL;
	if (inet_protos[protocol])
		return -EEXIST;
	inet_protos[protocol] = prot;
	return 0;
}

/* 0; -ENOENT if it was not @prot that stood there. */
int inet_del_protocol(const struct net_protocol *prot, unsigned char protocol)
{
	if (inet_protos[protocol] != prot)
		return -ENOENT;
	inet_protos[protocol] = NULL;
	return 0;
}
