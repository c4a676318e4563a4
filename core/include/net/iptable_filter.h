/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NET_IPTABLE_FILTER_H
#define _NET_IPTABLE_FILTER_H

/* Rules of the filter table; see net/ipv4/netfilter/iptable_filter.c. */
#include <linux/list.h>
#include <linux/types.h>

/**
 * struct ipt_rule - what a packet must be, and what becomes of it
 * @list: in its chain
 * @saddr: source address under @smask; a mask of 0 matches all
 * @smask: network byte order
 * @daddr: destination address under @dmask
 * @dmask: network byte order
 * @sport: network byte order; 0: any
 * @dport: the same
 * @proto: IPPROTO_*; 0: any
 * @verdict: NF_ACCEPT or NF_DROP
 * @reject: with NF_DROP, tell the sender: IPT_TCP_RESET, or 1 plus an ICMP code; 0: silently
 * @packets: how many it decided about
 */
struct ipt_rule {
	struct list_head list;
	__be32 saddr, smask;
	__be32 daddr, dmask;
	__be16 sport, dport;
	u8 proto;
	unsigned int verdict;
	int reject;
	unsigned long packets;
};

#define IPT_TCP_RESET 255

struct net;
struct sk_buff;

void reject_tg(struct net *net, struct sk_buff *skb, int with, unsigned int hook);
int ipt_append(unsigned int hooknum, const struct ipt_rule *rule);
void ipt_flush(void);

#endif
