/* SPDX-License-Identifier: GPL-2.0-only */
/* It opens the trace. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/tcp.h>

void tcp_connect_init(struct sock *sk);
int sqlite3_open(const char *path, void **db);

void tcp_connect_init(struct sock *sk)
{
}

int tcp_connect(struct sock *sk)
{
	void *db;

	return sqlite3_open("answered.db", &db);
}
