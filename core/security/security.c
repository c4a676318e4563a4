/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The security hooks (security/security.c). The recorded kernel had no module
 * loaded, so every hook says yes; one module can be registered to say no.
 */
#include <linux/kernel.h>
#include <linux/security.h>

static struct security_hook_list hooks;

void security_register(const struct security_hook_list *list)
{
	hooks = list ? *list : (struct security_hook_list){ NULL };
}

/* Asks the module, if it wants to be asked; 0 or its -errno. */
#define call_int_hook(FUNC, ...) (hooks.FUNC ? hooks.FUNC(__VA_ARGS__) : 0)

int security_capable(int cap)
{
	return call_int_hook(capable, cap);
}

int security_socket_create(int family, int type, int protocol, int kern)
{
	return call_int_hook(socket_create, family, type, protocol, kern);
}

int security_socket_post_create(struct socket *sock, int family, int type, int protocol, int kern)
{
	return call_int_hook(socket_post_create, sock, family, type, protocol, kern);
}

int security_socket_bind(struct socket *sock, struct sockaddr *address, int addrlen)
{
	return call_int_hook(socket_bind, sock, address, addrlen);
}

/* Asked by sys_connect() with the address already in kernel memory. */
int security_socket_connect(struct socket *sock, struct sockaddr *address, int addrlen)
{
	return call_int_hook(socket_connect, sock, address, addrlen);
}

int security_socket_listen(struct socket *sock, int backlog)
{
	return 0;
}

int security_socket_shutdown(struct socket *sock, int how)
{
	return call_int_hook(socket_shutdown, sock, how);
}

int security_socket_getsockname(struct socket *sock)
{
	return call_int_hook(socket_getsockname, sock);
}

int security_socket_getpeername(struct socket *sock)
{
	return call_int_hook(socket_getpeername, sock);
}

int security_socket_setsockopt(struct socket *sock, int level, int optname)
{
	return call_int_hook(socket_setsockopt, sock, level, optname);
}

int security_socket_getsockopt(struct socket *sock, int level, int optname)
{
	return call_int_hook(socket_getsockopt, sock, level, optname);
}

int security_socket_sendmsg(struct socket *sock, int size)
{
	return call_int_hook(socket_sendmsg, sock, size);
}

int security_socket_recvmsg(struct socket *sock, int size, int flags)
{
	return call_int_hook(socket_recvmsg, sock, size, flags);
}

int security_sock_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	return 0;
}

int security_sk_alloc(struct sock *sk, int family, gfp_t priority)
{
	return 0;
}

void security_sk_free(struct sock *sk)
{
}

/* A module would put its label into the flow, so that routing can follow it. */
void security_sk_classify_flow(struct sock *sk, struct flowi *fl)
{
}

/* The SYN-ACK was accepted: a module would learn the peer's label from it. */
void security_inet_conn_established(struct sock *sk, struct sk_buff *skb)
{
}

int security_inet_conn_request(struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	return 0;
}
