/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/af_inet.c */
/*
 * Between af_inet.c and af_inet_init.c, which are one file in the kernel.
 */
#ifndef _AF_INET_LOCAL_H
#define _AF_INET_LOCAL_H

#include <linux/list.h>
#include <linux/net.h>

/* What socket(2) can make: a list of rows for each type, specific ones first. */
extern struct list_head inetsw[SOCK_MAX];

int inet_create(struct net *net, struct socket *sock, int protocol, int kern);

#endif
