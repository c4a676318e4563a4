/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp.c */
/* Repair mode's socket options; see tcp_repair.c.  The socket is owned. */
#ifndef _TCP_REPAIR_H
#define _TCP_REPAIR_H

#include <linux/types.h>

struct sock;

int tcp_set_repair(struct sock *sk, int val);
int tcp_set_repair_queue(struct sock *sk, int val);
int tcp_set_queue_seq(struct sock *sk, int val);
int tcp_set_timestamp(struct sock *sk, int val);
int tcp_set_repair_options(struct sock *sk, const char __user *optbuf, unsigned int len);
int tcp_get_repair(struct sock *sk, int optname, int *val);

#endif
