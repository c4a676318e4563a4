/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Socket options at level SOL_IP.
 *
 * Origin: include/net/ip.h (declarations of net/ipv4/ip_sockglue.c).
 */
#ifndef _NET_IP_SOCKGLUE_H
#define _NET_IP_SOCKGLUE_H

#include <net/sock.h>

int ip_setsockopt(struct sock *sk, int level, int optname, char *optval, unsigned int optlen);
int ip_getsockopt(struct sock *sk, int level, int optname, char *optval, int *optlen);

#endif
