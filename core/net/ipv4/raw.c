/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Raw sockets' part in local delivery: the question whether one of them wants a copy.
 *
 * A raw socket sees a packet before its protocol does, and has it besides: that is how ping and
 * traceroute hear of ICMP. There are no raw sockets in this world, so every chain of the table is
 * empty; the question stands where it stands in the kernel. Origin: net/ipv4/raw.c, v4.9.
 */
#include <linux/in.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <net/raw.h>
#include <net/sock.h>

#define RAW_HTABLE_SIZE 256

/* Raw sockets by protocol number. */
static struct hlist_head raw_v4_htable[RAW_HTABLE_SIZE];

/**
 * raw_local_deliver() - offer a packet to raw sockets
 * @skb: the packet, not consumed
 * @protocol: its protocol number
 *
 * Return: 1 if a socket took a copy, else 0.
 */
int raw_local_deliver(struct sk_buff *skb, int protocol)
{
	struct sock *raw_sk = sk_head(&raw_v4_htable[protocol & (RAW_HTABLE_SIZE - 1)]);

	(void)skb;
	return raw_sk != NULL;
}
