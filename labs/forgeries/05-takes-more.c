/* SPDX-License-Identifier: GPL-2.0-only */
/* It takes the place of a function that nobody asked for. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/tcp.h>

void tcp_connect_init(struct sock *sk);
int tcp_v4_rcv(struct sk_buff *skb)
{
	kfree_skb(skb);
	return 0;
}

void tcp_connect_init(struct sock *sk)
{
}

int tcp_connect(struct sock *sk)
{
	return 0;
}
