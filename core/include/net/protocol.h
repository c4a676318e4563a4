/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands above IP: receivers by protocol number (inet_protos[]), and the table that
 * socket(2) searches (inetsw[]).
 *
 * Origin: include/net/protocol.h.
 */
#ifndef _PROTOCOL_H
#define _PROTOCOL_H

#include <linux/in.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct proto;
struct proto_ops;

#define MAX_INET_PROTOS 256

/* A transport protocol as ip_local_deliver_finish() and icmp see it. */
struct net_protocol {
	void (*early_demux)(struct sk_buff *skb);           /* find the socket before the route */
	int (*handler)(struct sk_buff *skb);                /* < 0: resubmit as protocol -ret */
	void (*err_handler)(struct sk_buff *skb, u32 info); /* an ICMP error about one of ours */
	unsigned int no_policy : 1, netns_ok : 1, icmp_strict_tag_validation : 1;
};

extern const struct net_protocol *inet_protos[MAX_INET_PROTOS];

/* One row of what socket(AF_INET, type, protocol) offers. */
struct inet_protosw {
	struct list_head list;
	unsigned short type;     /* SOCK_STREAM ... */
	unsigned short protocol; /* IPPROTO_TCP ... */
	struct proto *prot;
	const struct proto_ops *ops;
	unsigned char flags; /* INET_PROTOSW_* */
};

#define INET_PROTOSW_REUSE     0x01 /* ports may be reused at once */
#define INET_PROTOSW_PERMANENT 0x02 /* cannot be unregistered */
#define INET_PROTOSW_ICSK      0x04 /* is an inet_connection_sock */

/* How a transport cuts its large packets; see net/core/gso.c. */
struct net_offload {
	struct sk_buff *(*gso_segment)(struct sk_buff *skb, netdev_features_t features);
};

extern const struct net_offload *inet_offloads[MAX_INET_PROTOS];

int inet_add_protocol(const struct net_protocol *prot, unsigned char num);
int inet_del_protocol(const struct net_protocol *prot, unsigned char num);
void inet_register_protosw(struct inet_protosw *p);

#endif
