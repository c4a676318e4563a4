/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_ipv4.c */
/*
 * Between tcp_ipv4.c, tcp_ipv4_reply.c and tcp_ipv4_md5.c, which are one file in the kernel.
 */
#ifndef _TCP_IPV4_H
#define _TCP_IPV4_H

#include <net/ip.h>
#include <net/tcp.h>

extern const struct tcp_sock_af_ops tcp_sock_ipv4_specific;

void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb);
void tcp_v4_timewait_ack(struct sock *sk, struct sk_buff *skb);
void tcp_clear_md5_list(struct sock *sk);
bool tcp_v4_inbound_md5_hash(const struct sock *sk, const struct sk_buff *skb);
int tcp_v4_md5_sign_reset(const struct sock *sk, struct sk_buff *skb, struct tcphdr *th,
			  __be32 *opt, struct ip_reply_arg *arg);

#endif
