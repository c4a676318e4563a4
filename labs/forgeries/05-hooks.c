/* SPDX-License-Identifier: GPL-2.0-only */
/* It makes up a call that never was. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/tcp.h>

void tcp_connect_init(struct sock *sk);
void __tsan_func_entry(void *pc);

void tcp_connect_init(struct sock *sk)
{
}

int tcp_connect(struct sock *sk)
{
	__tsan_func_entry((void *)tcp_transmit_skb);
	return 0;
}
