/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * connect(2) of sockets that send datagrams, UDP and raw: nothing is sent.
 *
 * What is done is what tcp_v4_connect() does before its SYN: find the route, and with it the
 * source address.  The peer is then part of the socket's identity: what others send is not
 * received, and an ICMP error about a datagram can be told to the one who sent it.  That is why a
 * connected UDP socket hears ECONNREFUSED and an unconnected one does not.
 *
 * The socket's state becomes TCP_ESTABLISHED, for want of a word of its own.
 *
 * Origin: net/ipv4/datagram.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/jiffies.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <net/udp.h>

/**
 * __ip4_datagram_connect - associate a socket with a peer; the socket is owned
 * @sk: the socket; it has a port, if its protocol knows ports
 * @uaddr: the peer, kernel memory
 * @addr_len: bytes
 *
 * A failure leaves the old peer in place, but not the old route.
 *
 * Return: 0; -EINVAL for a short address, -EAFNOSUPPORT; -EACCES for a broadcast without
 * SO_BROADCAST; what the route lookup says: -ENETUNREACH, -EHOSTUNREACH ...
 */
int __ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in *usin = (struct sockaddr_in *)uaddr;
	struct flowi4 *fl4;
	struct rtable *rt;
	__be32 saddr;
	int oif, err;

	if (addr_len < (int)sizeof(*usin))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;

	sk_dst_reset(sk);

	oif = sk->sk_bound_dev_if;
	saddr = inet->inet_saddr;
	if (ipv4_is_multicast(usin->sin_addr.s_addr)) {
		/* IP_MULTICAST_IF says where multicast goes out, and from which address */
		if (!oif)
			oif = inet->mc_index;
		if (!saddr)
			saddr = inet->mc_addr;
	}
	fl4 = &inet->cork.fl.u.ip4;
	rt = ip_route_connect(fl4, usin->sin_addr.s_addr, saddr, RT_CONN_FLAGS(sk), oif,
			      sk->sk_protocol, inet->inet_sport, usin->sin_port, sk);
	if (IS_ERR(rt)) {
		err = PTR_ERR(rt);
		if (err == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return err;
	}

	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return -EACCES;
	}
	if (!inet->inet_saddr)
		inet->inet_saddr = fl4->saddr;
	if (!inet->inet_rcv_saddr) {
		/* The address is half of the key it is found by: move it to its new chain. */
		inet->inet_rcv_saddr = fl4->saddr;
		if (sk->sk_prot->rehash)
			sk->sk_prot->rehash(sk);
	}
	inet->inet_daddr = fl4->daddr;
	inet->inet_dport = usin->sin_port;
	sk_state_store(sk, TCP_ESTABLISHED);
	sk_set_txhash(sk);
	inet->inet_id = (__u16)jiffies;

	sk_dst_set(sk, &rt->dst);
	return 0;
}

/* struct proto.connect of UDP and raw sockets: see __ip4_datagram_connect(). */
int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	int res;

	lock_sock(sk);
	res = __ip4_datagram_connect(sk, uaddr, addr_len);
	release_sock(sk);
	return res;
}

/*
 * struct proto.release_cb: the user's call is over.  While it lasted, an ICMP may have made the
 * cached route a bad one; nobody but the owner may replace it, so it is done now.
 */
void ip4_datagram_release_cb(struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct ip_options_rcu *inet_opt;
	__be32 daddr = inet->inet_daddr;
	struct dst_entry *dst;
	struct flowi4 fl4;
	struct rtable *rt;

	dst = __sk_dst_get(sk);
	if (!dst || !dst->obsolete || dst->ops->check(dst, 0))
		return;

	inet_opt = inet->inet_opt;
	if (inet_opt && inet_opt->opt.srr)
		daddr = inet_opt->opt.faddr;
	rt = ip_route_output_ports(sock_net(sk), &fl4, sk, daddr, inet->inet_saddr,
				   inet->inet_dport, inet->inet_sport, sk->sk_protocol,
				   RT_CONN_FLAGS(sk), sk->sk_bound_dev_if);
	sk_dst_set(sk, IS_ERR(rt) ? NULL : &rt->dst);
}
