/* SPDX-License-Identifier: GPL-2.0-only */
/* It calls the function whose place it takes, by names that it might have. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/tcp.h>

void tcp_connect_init(struct sock *sk);
int __real_tcp_connect(struct sock *sk);

void tcp_connect_init(struct sock *sk)
{
}

int tcp_connect(struct sock *sk)
{
	return __real_tcp_connect(sk);
}
