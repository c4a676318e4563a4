/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 2, another way to write it: begin, wait and end are functions of their own, and the two states are
 * looked at by if instead of switch.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <net/inet_common.h>
#include <net/sock.h>
#include <net/tcp.h>

long inet_wait_for_connect(struct sock *sk, long timeo, int writebias);

static bool under_way(const struct sock *sk)
{
	return sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV;
}

static int disconnect(struct socket *sock, int flags)
{
	int err = sock->sk->sk_prot->disconnect(sock->sk, flags);

	sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
	return err;
}

/* What to say if it still lasts when this call returns; anything else is the end of the call. */
static int begin(struct socket *sock, struct sockaddr *to, int length)
{
	struct sock *sk = sock->sk;
	int err;

	if (sock->state == SS_CONNECTING)
		return -EALREADY;
	if (sock->state == SS_CONNECTED)
		return -EISCONN;
	if (sock->state != SS_UNCONNECTED)
		return -EINVAL;
	if (sk->sk_state != TCP_CLOSE)
		return -EISCONN;
	err = sk->sk_prot->connect(sk, to, length);
	if (err < 0)
		return err;
	sock->state = SS_CONNECTING;
	return -EINPROGRESS;
}

static int failed(struct socket *sock, int flags)
{
	int why = sock_error(sock->sk);

	disconnect(sock, flags);
	return why ? why : -ECONNABORTED;
}

int __inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	struct sock *sk = sock->sk;
	bool has_data;
	long left;
	int err;

	if (addr_len < (int)sizeof(uaddr->sa_family))
		return -EINVAL;
	if (uaddr->sa_family == AF_UNSPEC)
		return disconnect(sock, flags);

	err = begin(sock, uaddr, addr_len);
	if (sock->state != SS_CONNECTING || (err != -EALREADY && err != -EINPROGRESS))
		return err;

	if (under_way(sk)) {
		left = sock_sndtimeo(sk, flags & O_NONBLOCK);
		has_data = sk->sk_protocol == IPPROTO_TCP && tcp_sk(sk)->fastopen_req &&
			   tcp_sk(sk)->fastopen_req->data;
		if (left)
			left = inet_wait_for_connect(sk, left, has_data);
		if (!left)
			return err;
		if (signal_pending(current))
			return sock_intr_errno(left);
	}
	if (sk->sk_state == TCP_CLOSE)
		return failed(sock, flags);
	sock->state = SS_CONNECTED;
	return 0;
}
