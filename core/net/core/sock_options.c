/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/core/sock.c */
/*
 * setsockopt(2) and getsockopt(2) at level SOL_SOCKET: the options every socket has.  In the kernel
 * this is part of net/core/sock.c.
 *
 * The kernel doubles what SO_SNDBUF and SO_RCVBUF are given, because its accounting includes
 * the struct sk_buff and unused room, which users do not think of; getsockopt(2) shows the double.
 *
 * Left out: time stamping, filters, peer credentials, busy polling, offsets for peeking.
 *
 * Origin: net/core/sock.c.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/uaccess.h>
#include <net/sock.h>
#include <net/tcp.h>

/*
 * SO_RCVTIMEO, SO_SNDTIMEO: a struct timeval to jiffies, rounded up.  Zero means "no limit"; a
 * negative time "no waiting at all".  0; -EINVAL, -EFAULT, -EDOM for microseconds out of range.
 */
static int sock_set_timeout(long *timeo_p, char __user *optval, int optlen)
{
	struct timeval tv;

	if (optlen < (int)sizeof(tv))
		return -EINVAL;
	if (copy_from_user(&tv, optval, sizeof(tv)))
		return -EFAULT;
	if (tv.tv_usec < 0 || tv.tv_usec >= USEC_PER_SEC)
		return -EDOM;

	if (tv.tv_sec < 0) {
		*timeo_p = 0;
		return 0;
	}
	*timeo_p = MAX_SCHEDULE_TIMEOUT;
	if (tv.tv_sec == 0 && tv.tv_usec == 0)
		return 0;
	if (tv.tv_sec < (MAX_SCHEDULE_TIMEOUT / HZ - 1))
		*timeo_p = tv.tv_sec * HZ + (tv.tv_usec + (1000000 / HZ - 1)) / (1000000 / HZ);
	return 0;
}

static void sock_get_timeout(long timeo, struct timeval *tv)
{
	if (timeo == MAX_SCHEDULE_TIMEOUT) {
		tv->tv_sec = 0;
		tv->tv_usec = 0;
	} else {
		tv->tv_sec = timeo / HZ;
		tv->tv_usec = ((timeo % HZ) * 1000000) / HZ;
	}
}

/* SO_BINDTODEVICE: an empty name unbinds.  0; -EPERM, -EINVAL, -EFAULT, -ENODEV. */
static int sock_setbindtodevice(struct sock *sk, char __user *optval, int optlen)
{
	char devname[IFNAMSIZ] = "";
	struct net_device *dev;
	int index = 0;

	if (!capable(CAP_NET_RAW))
		return -EPERM;
	if (optlen < 0)
		return -EINVAL;
	if (optlen > IFNAMSIZ - 1)
		optlen = IFNAMSIZ - 1;
	if (copy_from_user(devname, optval, optlen))
		return -EFAULT;

	if (devname[0] != '\0') {
		dev = __dev_get_by_name(sock_net(sk), devname);
		if (!dev)
			return -ENODEV;
		index = dev->ifindex;
	}

	lock_sock(sk);
	sk->sk_bound_dev_if = index;
	sk_dst_reset(sk); /* the old route may lead through another device */
	release_sock(sk);
	return 0;
}

static void sock_set_sndbuf(struct sock *sk, u32 val)
{
	sk->sk_userlocks |= SOCK_SNDBUF_LOCK;
	sk->sk_sndbuf = max_t(u32, val * 2, SOCK_MIN_SNDBUF);
	sk->sk_write_space(sk); /* whoever waits for room may have it now */
}

static void sock_set_rcvbuf(struct sock *sk, u32 val)
{
	sk->sk_userlocks |= SOCK_RCVBUF_LOCK;
	sk->sk_rcvbuf = max_t(u32, val * 2, SOCK_MIN_RCVBUF);
}

static int sock_set_linger(struct sock *sk, char __user *optval, int optlen)
{
	struct linger ling;

	if (optlen < (int)sizeof(ling))
		return -EINVAL;
	if (copy_from_user(&ling, optval, sizeof(ling)))
		return -EFAULT;

	if (!ling.l_onoff) {
		sock_reset_flag(sk, SOCK_LINGER);
	} else {
		sk->sk_lingertime = (unsigned int)ling.l_linger * HZ;
		sock_set_flag(sk, SOCK_LINGER);
	}
	return 0;
}

/* A flag of the socket before the protocol, struct socket.flags. */
static void sock_set_file_flag(struct sock *sk, int bit, int valbool)
{
	if (valbool)
		set_bit(bit, &sk->sk_socket->flags);
	else
		clear_bit(bit, &sk->sk_socket->flags);
}

/* Those that change nothing of what connect(2) does.  0, -ENOPROTOOPT, -EACCES. */
static int sock_set_rare(struct sock *sk, int optname, int val, int valbool)
{
	switch (optname) {
	case SO_DEBUG:
		if (val && !capable(CAP_NET_ADMIN))
			return -EACCES;
		sock_valbool_flag(sk, SOCK_DBG, valbool);
		return 0;
	case SO_NO_CHECK:
		sk->sk_no_check_tx = valbool;
		return 0;
	case SO_BSDCOMPAT:
		return 0; /* it once told UDP to keep errors to itself */
	case SO_PASSCRED:
		sock_set_file_flag(sk, SOCK_PASSCRED, valbool);
		return 0;
	case SO_PASSSEC:
		sock_set_file_flag(sk, SOCK_PASSSEC, valbool);
		return 0;
	case SO_RXQ_OVFL:
		sock_valbool_flag(sk, SOCK_RXQ_OVFL, valbool);
		return 0;
	case SO_INCOMING_CPU:
		sk->sk_incoming_cpu = val;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* The options that are one integer.  0, -ENOPROTOOPT, -EINVAL, -EPERM.  The socket is owned. */
static int sock_set_int(struct sock *sk, int optname, int val, int valbool)
{
	switch (optname) {
	case SO_REUSEADDR:
		sk->sk_reuse = valbool ? SK_CAN_REUSE : SK_NO_REUSE;
		break;
	case SO_REUSEPORT:
		sk->sk_reuseport = valbool;
		break;
	case SO_DONTROUTE:
		sock_valbool_flag(sk, SOCK_LOCALROUTE, valbool);
		break;
	case SO_BROADCAST:
		sock_valbool_flag(sk, SOCK_BROADCAST, valbool);
		break;
	case SO_SNDBUF:
		sock_set_sndbuf(sk, min_t(u32, val, sysctl_wmem_max));
		break;
	case SO_SNDBUFFORCE:
		if (!capable(CAP_NET_ADMIN))
			return -EPERM;
		sock_set_sndbuf(sk, val);
		break;
	case SO_RCVBUF:
		sock_set_rcvbuf(sk, min_t(u32, val, sysctl_rmem_max));
		break;
	case SO_RCVBUFFORCE:
		if (!capable(CAP_NET_ADMIN))
			return -EPERM;
		sock_set_rcvbuf(sk, val);
		break;
	case SO_KEEPALIVE:
		/* before the flag changes: switching on starts the timer only if it was off */
		if (sk->sk_protocol == IPPROTO_TCP && sk->sk_type == SOCK_STREAM)
			tcp_set_keepalive(sk, valbool);
		sock_valbool_flag(sk, SOCK_KEEPOPEN, valbool);
		break;
	case SO_OOBINLINE:
		sock_valbool_flag(sk, SOCK_URGINLINE, valbool);
		break;
	case SO_PRIORITY:
		if ((val < 0 || val > 6) && !capable(CAP_NET_ADMIN))
			return -EPERM;
		sk->sk_priority = val;
		break;
	case SO_RCVLOWAT:
		if (val < 0)
			val = INT_MAX;
		sk->sk_rcvlowat = val ?: 1;
		break;
	case SO_MARK:
		if (!capable(CAP_NET_ADMIN))
			return -EPERM;
		sk->sk_mark = val;
		break;
	case SO_MAX_PACING_RATE:
		sk->sk_max_pacing_rate = val;
		sk->sk_pacing_rate = min(sk->sk_pacing_rate, sk->sk_max_pacing_rate);
		break;
	default:
		return sock_set_rare(sk, optname, val, valbool);
	}
	return 0;
}

/* 0, or a negative errno; see sys_setsockopt(). */
int sock_setsockopt(struct socket *sock, int level, int optname, char __user *optval,
		    unsigned int optlen)
{
	struct sock *sk = sock->sk;
	int val, ret;

	(void)level;
	if (optname == SO_BINDTODEVICE)
		return sock_setbindtodevice(sk, optval, optlen);
	if (optlen < sizeof(int))
		return -EINVAL;
	if (get_user(val, (int __user *)optval))
		return -EFAULT;

	lock_sock(sk);
	switch (optname) {
	case SO_LINGER:
		ret = sock_set_linger(sk, optval, optlen);
		break;
	case SO_RCVTIMEO:
		ret = sock_set_timeout(&sk->sk_rcvtimeo, optval, optlen);
		break;
	case SO_SNDTIMEO:
		ret = sock_set_timeout(&sk->sk_sndtimeo, optval, optlen);
		break;
	default:
		ret = sock_set_int(sk, optname, val, val ? 1 : 0);
		break;
	}
	release_sock(sk);
	return ret;
}

/* One integer out.  0 and *@val, or -ENOPROTOOPT. */
static int sock_get_int(struct sock *sk, int optname, int *val)
{
	switch (optname) {
	case SO_BROADCAST:
		*val = sock_flag(sk, SOCK_BROADCAST);
		break;
	case SO_DONTROUTE:
		*val = sock_flag(sk, SOCK_LOCALROUTE);
		break;
	case SO_SNDBUF:
		*val = sk->sk_sndbuf;
		break;
	case SO_RCVBUF:
		*val = sk->sk_rcvbuf;
		break;
	case SO_REUSEADDR:
		*val = sk->sk_reuse;
		break;
	case SO_REUSEPORT:
		*val = sk->sk_reuseport;
		break;
	case SO_KEEPALIVE:
		*val = sock_flag(sk, SOCK_KEEPOPEN);
		break;
	case SO_TYPE:
		*val = sk->sk_type;
		break;
	case SO_PROTOCOL:
		*val = sk->sk_protocol;
		break;
	case SO_DOMAIN:
		*val = sk->sk_family;
		break;
	case SO_ERROR:
		/* Reading clears it; a soft error is told if there is no hard one. */
		*val = -sock_error(sk);
		if (*val == 0) {
			*val = sk->sk_err_soft;
			sk->sk_err_soft = 0;
		}
		break;
	case SO_OOBINLINE:
		*val = sock_flag(sk, SOCK_URGINLINE);
		break;
	case SO_PRIORITY:
		*val = sk->sk_priority;
		break;
	case SO_RCVLOWAT:
		*val = sk->sk_rcvlowat;
		break;
	case SO_SNDLOWAT:
		*val = 1;
		break;
	case SO_ACCEPTCONN:
		*val = sk->sk_state == TCP_LISTEN;
		break;
	case SO_MARK:
		*val = sk->sk_mark;
		break;
	case SO_MAX_PACING_RATE:
		*val = sk->sk_max_pacing_rate;
		break;
	case SO_DEBUG:
		*val = sock_flag(sk, SOCK_DBG);
		break;
	case SO_NO_CHECK:
		*val = sk->sk_no_check_tx;
		break;
	case SO_BSDCOMPAT:
		break;
	case SO_PASSCRED:
		*val = !!test_bit(SOCK_PASSCRED, &sk->sk_socket->flags);
		break;
	case SO_PASSSEC:
		*val = !!test_bit(SOCK_PASSSEC, &sk->sk_socket->flags);
		break;
	case SO_RXQ_OVFL:
		*val = sock_flag(sk, SOCK_RXQ_OVFL);
		break;
	case SO_INCOMING_CPU:
		*val = sk->sk_incoming_cpu;
		break;
	default:
		return -ENOPROTOOPT;
	}
	return 0;
}

/* SO_BINDTODEVICE: the device's name with its 0, length 0 if there is none.  0; -EINVAL, -EFAULT. */
static int sock_getbindtodevice(struct sock *sk, char __user *optval, int __user *optlen, int len)
{
	struct net_device *dev = NULL;
	int size = 0;

	if (sk->sk_bound_dev_if) {
		if (len < IFNAMSIZ)
			return -EINVAL;
		dev = dev_get_by_index_rcu(sock_net(sk), sk->sk_bound_dev_if);
		if (!dev)
			return -ENODEV;
		size = (int)strlen(dev->name) + 1;
		if (copy_to_user(optval, dev->name, (unsigned long)size))
			return -EFAULT;
	}
	return put_user(size, optlen);
}

/*
 * SO_PEERNAME: the peer's address, unlike getpeername(2) even before the connection stands.  0;
 * -ENOTCONN, -EINVAL for more room than the address has, -EFAULT.
 */
static int sock_getpeername(struct socket *sock, char __user *optval, int __user *optlen, int len)
{
	struct sockaddr_storage address;
	int lv;

	if (sock->ops->getname(sock, (struct sockaddr *)&address, &lv, 2))
		return -ENOTCONN;
	if (lv < len)
		return -EINVAL;
	if (copy_to_user(optval, &address, (unsigned long)len))
		return -EFAULT;
	return put_user(len, optlen);
}

/* 0, or a negative errno; see sys_getsockopt().  A short buffer gets the value cut. */
int sock_getsockopt(struct socket *sock, int level, int optname, char __user *optval,
		    int __user *optlen)
{
	struct sock *sk = sock->sk;
	union {
		int val;
		struct linger ling;
		struct timeval tm;
	} v;
	int lv = sizeof(int);
	int len, err;

	(void)level;
	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;

	memset(&v, 0, sizeof(v));
	switch (optname) {
	case SO_BINDTODEVICE:
		return sock_getbindtodevice(sk, optval, optlen, len);
	case SO_PEERNAME:
		return sock_getpeername(sock, optval, optlen, len);
	case SO_LINGER:
		lv = sizeof(v.ling);
		v.ling.l_onoff = sock_flag(sk, SOCK_LINGER);
		v.ling.l_linger = sk->sk_lingertime / HZ;
		break;
	case SO_RCVTIMEO:
		lv = sizeof(v.tm);
		sock_get_timeout(sk->sk_rcvtimeo, &v.tm);
		break;
	case SO_SNDTIMEO:
		lv = sizeof(v.tm);
		sock_get_timeout(sk->sk_sndtimeo, &v.tm);
		break;
	default:
		err = sock_get_int(sk, optname, &v.val);
		if (err)
			return err;
	}

	if (len > lv)
		len = lv;
	if (copy_to_user(optval, &v, len))
		return -EFAULT;
	return put_user(len, optlen);
}

/* Options below SOL_SOCKET go to the protocol. */
int sock_common_setsockopt(struct socket *sock, int level, int optname, char __user *optval,
			   unsigned int optlen)
{
	struct sock *sk = sock->sk;

	return sk->sk_prot->setsockopt(sk, level, optname, optval, optlen);
}

int sock_common_getsockopt(struct socket *sock, int level, int optname, char __user *optval,
			   int __user *optlen)
{
	struct sock *sk = sock->sk;

	return sk->sk_prot->getsockopt(sk, level, optname, optval, optlen);
}

/* Operations a socket type does not have. */
int sock_no_connect(struct socket *sock, struct sockaddr *saddr, int len, int flags)
{
	(void)sock, (void)saddr, (void)len, (void)flags;
	return -EOPNOTSUPP;
}

int sock_no_listen(struct socket *sock, int backlog)
{
	(void)sock, (void)backlog;
	return -EOPNOTSUPP;
}

int sock_no_getname(struct socket *sock, struct sockaddr *saddr, int *len, int peer)
{
	(void)sock, (void)saddr, (void)len, (void)peer;
	return -EOPNOTSUPP;
}
