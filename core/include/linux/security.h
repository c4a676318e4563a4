/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SECURITY_H
#define _LINUX_SECURITY_H

/*
 * The places where a security module is asked (include/linux/security.h). None
 * is loaded: all say yes. A test may register one that says no.
 */
#include <linux/types.h>

struct socket;
struct sock;
struct sk_buff;
struct sockaddr;
struct request_sock;
struct flowi;

/**
 * struct security_hook_list - a module; NULL members mean "yes"
 * @capable: has the calling task the capability CAP_*; 0 or -errno
 * @socket_create: may a socket be made; 0 or -errno
 * @socket_post_create: may it stay, now that one can see it
 * @socket_bind: may it take this address
 * @socket_connect: may it connect there
 * @socket_shutdown: may a half be closed
 * @socket_getsockname, @socket_getpeername: may its names be known
 * @socket_setsockopt, @socket_getsockopt: may this option be set, or read
 * @socket_sendmsg, @socket_recvmsg: may @size bytes be sent, or received
 */
struct security_hook_list {
	int (*capable)(int cap);
	int (*socket_create)(int family, int type, int protocol, int kern);
	int (*socket_post_create)(struct socket *sock, int family, int type, int protocol,
				  int kern);
	int (*socket_bind)(struct socket *sock, struct sockaddr *address, int addrlen);
	int (*socket_connect)(struct socket *sock, struct sockaddr *address, int addrlen);
	int (*socket_shutdown)(struct socket *sock, int how);
	int (*socket_getsockname)(struct socket *sock);
	int (*socket_getpeername)(struct socket *sock);
	int (*socket_setsockopt)(struct socket *sock, int level, int optname);
	int (*socket_getsockopt)(struct socket *sock, int level, int optname);
	int (*socket_sendmsg)(struct socket *sock, int size);
	int (*socket_recvmsg)(struct socket *sock, int size, int flags);
};

/* NULL takes the module out. */
void security_register(const struct security_hook_list *hooks);

int security_capable(int cap);
int security_socket_create(int family, int type, int protocol, int kern);
int security_socket_post_create(struct socket *sock, int family, int type, int protocol, int kern);
int security_socket_bind(struct socket *sock, struct sockaddr *address, int addrlen);
int security_socket_connect(struct socket *sock, struct sockaddr *address, int addrlen);
int security_socket_listen(struct socket *sock, int backlog);
int security_socket_shutdown(struct socket *sock, int how);
int security_socket_getsockname(struct socket *sock);
int security_socket_getpeername(struct socket *sock);
int security_socket_setsockopt(struct socket *sock, int level, int optname);
int security_socket_getsockopt(struct socket *sock, int level, int optname);
int security_socket_sendmsg(struct socket *sock, int size);
int security_socket_recvmsg(struct socket *sock, int size, int flags);
int security_sock_rcv_skb(struct sock *sk, struct sk_buff *skb);
int security_sk_alloc(struct sock *sk, int family, gfp_t priority);
void security_sk_free(struct sock *sk);
void security_sk_classify_flow(struct sock *sk, struct flowi *fl);
void security_inet_conn_established(struct sock *sk, struct sk_buff *skb);
int security_inet_conn_request(struct sock *sk, struct sk_buff *skb, struct request_sock *req);

#endif
