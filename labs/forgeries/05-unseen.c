/* SPDX-License-Identifier: GPL-2.0-only */
/* It wants not to be seen. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/tcp.h>

void tcp_connect_init(struct sock *sk);
static __attribute__((no_sanitize("thread"))) int unseen(struct sock *sk)
{
	return sk->sk_err;
}

void tcp_connect_init(struct sock *sk)
{
}

int tcp_connect(struct sock *sk)
{
	return unseen(sk);
}
