/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Socket options at level SOL_IP: those that change what a connection's packets look like (TTL, TOS,
 * options, DF) or which address and route they may use.
 *
 * Origin: net/ipv4/ip_sockglue.c.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/inet_connection_sock.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip_sockglue.h>
#include <net/route.h>
#include <net/tcp.h>

/*
 * IP_OPTIONS: hang options on every packet of the socket.  A connection in progress has less room
 * for data from now on.  0; -EINVAL, -EFAULT, -ENOBUFS.
 */
static int ip_set_options(struct sock *sk, char __user *optval, unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *old, *opt = NULL;
	unsigned char data[40];
	int err;

	if (optlen > 40)
		return -EINVAL;
	if (copy_from_user(data, optval, optlen))
		return -EFAULT;
	err = ip_options_get(sock_net(sk), &opt, data, optlen);
	if (err)
		return err;

	old = inet->inet_opt;
	if (inet->is_icsk) {
		struct inet_connection_sock *icsk = inet_csk(sk);

		if (sk->sk_family == PF_INET ||
		    (!((1 << sk->sk_state) & (TCPF_LISTEN | TCPF_CLOSE)) && inet->inet_daddr)) {
			if (old)
				icsk->icsk_ext_hdr_len -= old->opt.optlen;
			if (opt)
				icsk->icsk_ext_hdr_len += opt->opt.optlen;
			icsk->icsk_sync_mss(sk, icsk->icsk_pmtu_cookie);
		}
	}
	inet->inet_opt = opt;
	kfree(old);
	return 0;
}

/* IP_TOS: the ECN bits of a stream belong to TCP.  Our own queue takes its order from it, too. */
static void ip_set_tos(struct sock *sk, int val)
{
	struct inet_sock *inet = inet_sk(sk);

	if (sk->sk_type == SOCK_STREAM) {
		val &= ~INET_ECN_MASK;
		val |= inet->tos & INET_ECN_MASK;
	}
	if (inet->tos != val) {
		inet->tos = val;
		sk->sk_priority = rt_tos2priority(val);
		sk_dst_reset(sk); /* routes may depend on it */
	}
}

/* The options that are one integer, @optlen bytes of it given.  The socket is owned. */
static int ip_set_int(struct sock *sk, int optname, int val, unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);

	switch (optname) {
	case IP_TOS:
		ip_set_tos(sk, val);
		return 0;
	case IP_TTL:
		if (optlen < 1 || (val != -1 && (val < 1 || val > 255)))
			return -EINVAL;
		inet->uc_ttl = val;
		return 0;
	case IP_MTU_DISCOVER:
		if (val < IP_PMTUDISC_DONT || val > IP_PMTUDISC_OMIT)
			return -EINVAL;
		inet->pmtudisc = val;
		return 0;
	case IP_RECVERR:
		inet->recverr = !!val;
		if (!val)
			skb_queue_purge(&sk->sk_error_queue);
		return 0;
	case IP_MINTTL:
		if (optlen < 1 || val < 0 || val > 255)
			return -EINVAL;
		inet->min_ttl = val;
		return 0;
	case IP_FREEBIND:
		if (optlen < 1)
			return -EINVAL;
		inet->freebind = !!val;
		return 0;
	case IP_TRANSPARENT:
		if (val && !capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
			return -EPERM;
		if (optlen < 1)
			return -EINVAL;
		inet->transparent = !!val;
		return 0;
	case IP_BIND_ADDRESS_NO_PORT:
		inet->bind_address_no_port = val ? 1 : 0;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* 0; -EINVAL, -EFAULT, -ENOPROTOOPT.  An integer may be given as one byte. */
int ip_setsockopt(struct sock *sk, int level, int optname, char __user *optval, unsigned int optlen)
{
	unsigned char byte;
	int val = 0, err;

	if (level != SOL_IP)
		return -ENOPROTOOPT;

	if (optname != IP_OPTIONS) {
		if (optlen >= sizeof(int)) {
			if (get_user(val, (int __user *)optval))
				return -EFAULT;
		} else if (optlen >= 1) {
			if (get_user(byte, (unsigned char __user *)optval))
				return -EFAULT;
			val = byte;
		}
	}

	lock_sock(sk);
	if (optname == IP_OPTIONS)
		err = ip_set_options(sk, optval, optlen);
	else
		err = ip_set_int(sk, optname, val, optlen);
	release_sock(sk);
	return err;
}

static int ip_get_int(struct sock *sk, int optname, int *val)
{
	struct inet_sock *inet = inet_sk(sk);
	struct dst_entry *dst;

	switch (optname) {
	case IP_TOS:
		*val = inet->tos;
		return 0;
	case IP_TTL:
		*val = inet->uc_ttl == -1 ? sock_net(sk)->ipv4.sysctl_ip_default_ttl : inet->uc_ttl;
		return 0;
	case IP_MTU_DISCOVER:
		*val = inet->pmtudisc;
		return 0;
	case IP_MTU:
		dst = sk_dst_get(sk);
		if (!dst)
			return -ENOTCONN;
		*val = dst_mtu(dst);
		dst_release(dst);
		return 0;
	case IP_RECVERR:
		*val = inet->recverr;
		return 0;
	case IP_MINTTL:
		*val = inet->min_ttl;
		return 0;
	case IP_FREEBIND:
		*val = inet->freebind;
		return 0;
	case IP_TRANSPARENT:
		*val = inet->transparent;
		return 0;
	case IP_BIND_ADDRESS_NO_PORT:
		*val = inet->bind_address_no_port;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* 0; -EINVAL, -EFAULT, -ENOTCONN, -ENOPROTOOPT. */
int ip_getsockopt(struct sock *sk, int level, int optname, char __user *optval, int __user *optlen)
{
	int val, len, err;

	if (level != SOL_IP)
		return -EOPNOTSUPP;
	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;

	lock_sock(sk);
	err = ip_get_int(sk, optname, &val);
	release_sock(sk);
	if (err)
		return err;

	len = min_t(int, sizeof(int), len);
	if (put_user(len, optlen))
		return -EFAULT;
	if (copy_to_user(optval, &val, len))
		return -EFAULT;
	return 0;
}
