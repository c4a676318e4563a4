/* SPDX-License-Identifier: GPL-2.0-only */
/* It opens the report. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/tcp.h>

void tcp_connect_init(struct sock *sk);
void *fopen(const char *path, const char *mode);

void tcp_connect_init(struct sock *sk)
{
}

int tcp_connect(struct sock *sk)
{
	return fopen("answered.json", "w") ? 0 : -EACCES;
}
