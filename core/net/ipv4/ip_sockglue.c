/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Socket options at level SOL_IP: those that change what a connection's packets look like (TTL, TOS,
 * options, DF) or which address and route they may use.
 *
 * Origin: net/ipv4/ip_sockglue.c.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
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

/*
 * IP_MULTICAST_IF: the device that multicasts leave by, and perhaps the source address they have.
 * connect(2) of a datagram socket to a group goes by it.  0; -EINVAL, -EFAULT, -EADDRNOTAVAIL.
 */
static int ip_set_multicast_if(struct sock *sk, char __user *optval, unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net_device *dev = NULL;
	struct ip_mreqn mreq;
	void *to = &mreq;
	size_t size = sizeof(mreq);

	if (sk->sk_type == SOCK_STREAM || optlen < sizeof(struct in_addr))
		return -EINVAL;
	memset(&mreq, 0, sizeof(mreq));
	if (optlen < sizeof(struct ip_mreq)) {
		to = &mreq.imr_address;
		size = sizeof(struct in_addr);
	} else if (optlen < sizeof(mreq)) {
		size = sizeof(struct ip_mreq);
	}
	if (copy_from_user(to, optval, size))
		return -EFAULT;

	if (mreq.imr_ifindex) {
		dev = dev_get_by_index(sock_net(sk), mreq.imr_ifindex);
	} else if (mreq.imr_address.s_addr != htonl(INADDR_ANY)) {
		dev = ip_dev_find(sock_net(sk), mreq.imr_address.s_addr);
		if (dev)
			mreq.imr_ifindex = dev->ifindex;
	} else {
		inet->mc_index = 0;
		inet->mc_addr = 0;
		return 0;
	}
	if (!dev)
		return -EADDRNOTAVAIL;
	dev_put(dev);
	if (sk->sk_bound_dev_if && mreq.imr_ifindex != sk->sk_bound_dev_if)
		return -EINVAL;
	inet->mc_index = mreq.imr_ifindex;
	inet->mc_addr = mreq.imr_address.s_addr;
	return 0;
}

/* IP_UNICAST_IF: the same for all else that a datagram socket sends; in network byte order. */
static int ip_set_unicast_if(struct sock *sk, int val, unsigned int optlen)
{
	int ifindex = (int)ntohl((__force __be32)val);

	if (optlen != sizeof(int))
		return -EINVAL;
	if (ifindex) {
		if (!dev_get_by_index_rcu(sock_net(sk), ifindex))
			return -EADDRNOTAVAIL;
		if (sk->sk_bound_dev_if)
			return -EINVAL;
	}
	inet_sk(sk)->uc_index = ifindex;
	return 0;
}

/* How multicasts travel.  0; -EINVAL. */
static int ip_set_multicast(struct sock *sk, int optname, int val, unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);

	if (optlen < 1)
		return -EINVAL;
	switch (optname) {
	case IP_MULTICAST_TTL:
		if (val == -1)
			val = 1;
		if (sk->sk_type == SOCK_STREAM || val < 0 || val > 255)
			return -EINVAL;
		inet->mc_ttl = val;
		return 0;
	case IP_MULTICAST_ALL:
		if (val != 0 && val != 1)
			return -EINVAL;
		inet->mc_all = val;
		return 0;
	default:
		inet->mc_loop = !!val;
		return 0;
	}
}

/* What is to come with received data (no control message brings it here): its bit; 0: another option. */
static __u16 ip_cmsg_flag(int optname)
{
	switch (optname) {
	case IP_PKTINFO:
		return IP_CMSG_PKTINFO;
	case IP_RECVTTL:
		return IP_CMSG_TTL;
	case IP_RECVTOS:
		return IP_CMSG_TOS;
	case IP_RECVOPTS:
		return IP_CMSG_RECVOPTS;
	case IP_RETOPTS:
		return IP_CMSG_RETOPTS;
	case IP_PASSSEC:
		return IP_CMSG_PASSSEC;
	case IP_RECVORIGDSTADDR:
		return IP_CMSG_ORIGDSTADDR;
	case IP_CHECKSUM:
		return IP_CMSG_CHECKSUM;
	default:
		return 0;
	}
}

/* The options of few sockets.  0; -ENOPROTOOPT, -EINVAL. */
static int ip_set_rare(struct sock *sk, int optname, int val, unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	__u16 flag = ip_cmsg_flag(optname);

	if (flag) {
		inet->cmsg_flags = val ? inet->cmsg_flags | flag : inet->cmsg_flags & ~flag;
		return 0;
	}
	switch (optname) {
	case IP_MULTICAST_TTL:
	case IP_MULTICAST_LOOP:
	case IP_MULTICAST_ALL:
		return ip_set_multicast(sk, optname, val, optlen);
	case IP_UNICAST_IF:
		return ip_set_unicast_if(sk, val, optlen);
	case IP_NODEFRAG:
		if (sk->sk_type != SOCK_RAW)
			return -ENOPROTOOPT;
		inet->nodefrag = val ? 1 : 0;
		return 0;
	case IP_ROUTER_ALERT:
		return sk->sk_type != SOCK_RAW || inet->inet_num == IPPROTO_RAW ? -EINVAL :
										  -ENOPROTOOPT;
	default:
		return -ENOPROTOOPT;
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
		return ip_set_rare(sk, optname, val, optlen);
	}
}

/* 0; -EINVAL, -EFAULT, -ENOPROTOOPT.  An integer may be given as one byte. */
int ip_setsockopt(struct sock *sk, int level, int optname, char __user *optval, unsigned int optlen)
{
	unsigned char byte;
	int val = 0, err;

	if (level != SOL_IP)
		return -ENOPROTOOPT;

	if (optname != IP_OPTIONS && optname != IP_MULTICAST_IF) {
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
	else if (optname == IP_MULTICAST_IF)
		err = ip_set_multicast_if(sk, optval, optlen);
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
	case IP_HDRINCL:
		*val = inet->hdrincl;
		return 0;
	case IP_NODEFRAG:
		*val = inet->nodefrag;
		return 0;
	case IP_MULTICAST_TTL:
		*val = inet->mc_ttl;
		return 0;
	case IP_MULTICAST_LOOP:
		*val = inet->mc_loop;
		return 0;
	case IP_MULTICAST_ALL:
		*val = inet->mc_all;
		return 0;
	case IP_UNICAST_IF:
		*val = (__force int)htonl((__u32)inet->uc_index);
		return 0;
	default:
		*val = !!(inet->cmsg_flags & ip_cmsg_flag(optname));
		return ip_cmsg_flag(optname) ? 0 : -ENOPROTOOPT;
	}
}

/* Bytes out: @size of them, or as many as there is room for in @len.  0, -EFAULT. */
static int ip_put(char __user *optval, int __user *optlen, int len, const void *from, int size)
{
	len = min(len, size);
	if (put_user(len, optlen))
		return -EFAULT;
	return copy_to_user(optval, from, (unsigned long)len) ? -EFAULT : 0;
}

/* IP_OPTIONS: as they were set.  0, -EFAULT. */
static int ip_get_options(struct sock *sk, char __user *optval, int __user *optlen, int len)
{
	struct ip_options_rcu *inet_opt;
	unsigned char copy[sizeof(struct ip_options) + 40] __aligned(8);
	struct ip_options *opt = (struct ip_options *)copy;

	lock_sock(sk);
	inet_opt = inet_sk(sk)->inet_opt;
	opt->optlen = 0;
	if (inet_opt)
		memcpy(copy, &inet_opt->opt, sizeof(*opt) + inet_opt->opt.optlen);
	release_sock(sk);

	if (!opt->optlen)
		return put_user(0, optlen);
	ip_options_undo(opt);
	return ip_put(optval, optlen, len, opt->__data, opt->optlen);
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

	if (optname == IP_OPTIONS)
		return ip_get_options(sk, optval, optlen, len);
	if (optname == IP_MULTICAST_IF)
		return ip_put(optval, optlen, len, &inet_sk(sk)->mc_addr, sizeof(struct in_addr));

	lock_sock(sk);
	err = ip_get_int(sk, optname, &val);
	release_sock(sk);
	if (err)
		return err;

	/* who has no room for an int asks for a byte, if the value is one */
	if (len < (int)sizeof(int) && len > 0 && val >= 0 && val <= 255)
		len = 1;
	return ip_put(optval, optlen, len, &val, sizeof(val));
}
