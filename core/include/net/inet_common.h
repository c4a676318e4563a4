/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The AF_INET socket layer, between struct socket and the protocols.
 *
 * Origin: include/net/inet_common.h.
 */
#ifndef _INET_COMMON_H
#define _INET_COMMON_H

#include <linux/net.h>

struct net;
struct sk_buff;
struct sock;

extern const struct proto_ops inet_stream_ops;
extern const struct proto_ops inet_dgram_ops;

int inet_release(struct socket *sock);
int inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags);
int __inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags);
int inet_dgram_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags);
int inet_listen(struct socket *sock, int backlog);
int inet_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len);
int inet_getname(struct socket *sock, struct sockaddr *uaddr, int *uaddr_len, int peer);
int inet_shutdown(struct socket *sock, int how);
int inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
int inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
void inet_sock_destruct(struct sock *sk);
int inet_ctl_sock_create(struct sock **sk, unsigned short family, unsigned short type,
			 unsigned char protocol, struct net *net);
void inet_ctl_sock_destroy(struct sock *sk);
struct sk_buff *inet_gso_segment(struct sk_buff *skb, netdev_features_t features);
void ipv4_offload_init(void);
int inet_init(void);
void inet_exit(void);

#endif
