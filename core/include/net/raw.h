/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Raw sockets: IP packets of one protocol, with nothing between them and the user.
 *
 * Origin: include/net/raw.h, include/linux/icmp.h.
 */
#ifndef _NET_RAW_H
#define _NET_RAW_H

#include <linux/icmp.h>
#include <linux/list.h>
#include <net/inet_sock.h>

struct sk_buff;

#define RAW_HTABLE_SIZE 256 /* one chain for each protocol number */

/* The sockets, by protocol. */
struct raw_hashinfo {
	rwlock_t lock;
	struct hlist_head ht[RAW_HTABLE_SIZE];
};

/* A raw socket; its "port" (inet_num) is its protocol. */
struct raw_sock {
	struct inet_sock inet;
	struct icmp_filter filter;
};

static inline struct raw_sock *raw_sk(const struct sock *sk)
{
	return (struct raw_sock *)sk;
}

extern struct proto raw_prot;

int raw_local_deliver(struct sk_buff *skb, int protocol);
void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info);
void raw_init_table(void);

#endif /* _NET_RAW_H */
