/* SPDX-License-Identifier: GPL-2.0-only */
/* It calls the host's connect(). */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/tcp.h>

void tcp_connect_init(struct sock *sk);
int connect(int fd, const void *address, unsigned int length);

void tcp_connect_init(struct sock *sk)
{
}

int tcp_connect(struct sock *sk)
{
	return connect(0, sk, 16);
}
