/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/udp.c */
/*
 * UDP datagrams: out, in, and the errors that come back.
 *
 * Sending routes by the socket's cached route if it is connected, otherwise anew for each datagram.
 * Receiving looks the socket up by addresses and ports; if there is none the sender is told by an
 * ICMP, and that ICMP, coming back to a connected socket, is its ECONNREFUSED.
 *
 * Part of net/ipv4/udp.c in the kernel.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/icmp.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/string.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp_states.h>
#include <net/udp.h>
#include <net/xfrm.h>

/* ---- out ---- */

/* Fill in header and checksum, and send; data is at the IP header.  0 or a negative errno. */
static int udp_send_skb(struct sk_buff *skb, struct flowi4 *fl4)
{
	struct sock *sk = skb->sk;
	struct net *net = sock_net(sk);
	int offset = skb_transport_offset(skb);
	int len = (int)skb->len - offset;
	struct udphdr *uh = udp_hdr(skb);
	int err;

	uh->source = inet_sk(sk)->inet_sport;
	uh->dest = fl4->fl4_dport;
	uh->len = htons(len);
	uh->check = 0;
	if (sk->sk_no_check_tx) {
		skb->ip_summed = CHECKSUM_NONE;
	} else {
		uh->check = csum_tcpudp_magic(fl4->saddr, fl4->daddr, (u32)len, sk->sk_protocol,
					      skb_checksum(skb, offset, len, 0));
		if (uh->check == 0)
			uh->check = CSUM_MANGLED_0;
	}

	err = ip_send_skb(net, skb);
	if (err) {
		if (err == -ENOBUFS && !inet_sk(sk)->recverr) {
			UDP_INC_STATS(net, UDP_MIB_SNDBUFERRORS);
			err = 0;
		}
	} else {
		UDP_INC_STATS(net, UDP_MIB_OUTDATAGRAMS);
	}
	return err;
}

/*
 * Whom to send to: the address of the call, or the connected peer (1 in *@connected).  0;
 * -EINVAL, -EAFNOSUPPORT; -EDESTADDRREQ if there is neither.
 */
static int udp_send_dest(struct sock *sk, struct msghdr *msg, __be32 *daddr, __be16 *dport,
			 int *connected)
{
	struct sockaddr_in *usin = msg->msg_name;

	if (usin) {
		if (msg->msg_namelen < (int)sizeof(*usin))
			return -EINVAL;
		if (usin->sin_family != AF_INET && usin->sin_family != AF_UNSPEC)
			return -EAFNOSUPPORT;
		*daddr = usin->sin_addr.s_addr;
		*dport = usin->sin_port;
		return *dport ? 0 : -EINVAL;
	}
	if (sk->sk_state != TCP_ESTABLISHED)
		return -EDESTADDRREQ;
	*daddr = inet_sk(sk)->inet_daddr;
	*dport = inet_sk(sk)->inet_dport;
	*connected = 1;
	return 0;
}

/**
 * udp_sendmsg - struct proto.sendmsg
 * @sk: the socket; it has a port (inet_sendmsg() saw to it)
 * @msg: data, and perhaps an address
 * @len: bytes of data
 *
 * Return: @len; -EMSGSIZE, -EOPNOTSUPP, -EINVAL, -EDESTADDRREQ, -EACCES for a broadcast without
 * SO_BROADCAST; the route's errno; the socket's pending error.
 */
int udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *opt = inet->inet_opt;
	struct net *net = sock_net(sk);
	struct rtable *rt = NULL;
	struct flowi4 fl4_stack, *fl4 = &fl4_stack;
	struct ipcm_cookie ipc;
	struct sk_buff *skb;
	__be32 daddr, faddr, saddr = inet->inet_saddr;
	__be16 dport;
	u8 tos = RT_CONN_FLAGS(sk);
	int oif = sk->sk_bound_dev_if;
	int connected = 0, err;

	if (len > 0xFFFF)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;

	err = udp_send_dest(sk, msg, &daddr, &dport, &connected);
	if (err)
		return err;

	faddr = daddr;
	if (opt && opt->opt.srr) {
		if (!daddr)
			return -EINVAL;
		faddr = opt->opt.faddr;
		connected = 0;
	}
	if (sock_flag(sk, SOCK_LOCALROUTE) || (msg->msg_flags & MSG_DONTROUTE) ||
	    (opt && opt->opt.is_strictroute)) {
		tos |= RTO_ONLINK;
		connected = 0;
	}

	if (ipv4_is_multicast(daddr)) {
		/* its own device and source (IP_MULTICAST_IF): the socket's route is another */
		if (!oif)
			oif = inet->mc_index;
		if (!saddr)
			saddr = inet->mc_addr;
		connected = 0;
	} else if (!oif) {
		oif = inet->uc_index;
	}

	if (connected)
		rt = (struct rtable *)sk_dst_check(sk, 0);
	flowi4_init_output(fl4, oif, sk->sk_mark, tos, RT_SCOPE_UNIVERSE, sk->sk_protocol,
			   inet_sk_flowi_flags(sk), faddr, saddr, dport, inet->inet_sport);
	if (!rt) {
		rt = ip_route_output_flow(net, fl4, sk);
		if (IS_ERR(rt)) {
			if (PTR_ERR(rt) == -ENETUNREACH)
				IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
			return PTR_ERR(rt);
		}
		err = -EACCES;
		if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST))
			goto out;
		if (connected)
			sk_dst_set(sk, dst_clone(&rt->dst));
	}
	if (!(opt && opt->opt.srr))
		daddr = fl4->daddr;
	fl4->daddr = daddr;

	ipc = (struct ipcm_cookie){ .addr = daddr, .opt = opt, .tos = -1 };
	skb = ip_make_skb(sk, fl4, ip_generic_getfrag, msg, (int)(len + sizeof(struct udphdr)),
			  sizeof(struct udphdr), &ipc, &rt, msg->msg_flags);
	err = IS_ERR(skb) ? (int)PTR_ERR(skb) : udp_send_skb(skb, fl4);
out:
	ip_rt_put(rt);
	return err ?: (int)len;
}

/* ---- in ---- */

/* Queue a datagram for the reader, or drop it for want of room.  0 or -1. */
int __udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	struct net *net = sock_net(sk);
	int rc;

	if (inet_sk(sk)->inet_daddr) {
		sock_rps_save_rxhash(sk, skb);
		sk_mark_napi_id(sk, skb);
		sk_incoming_cpu_update(sk);
	}

	rc = sock_queue_rcv_skb(sk, skb);
	if (rc < 0) {
		if (rc == -ENOMEM)
			__UDP_INC_STATS(net, UDP_MIB_RCVBUFERRORS);
		__UDP_INC_STATS(net, UDP_MIB_INERRORS);
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
		return -1;
	}
	__UDP_INC_STATS(net, UDP_MIB_INDATAGRAMS);
	return 0;
}

/* Give a datagram to its socket; consumed.  If a user's call owns the socket, it has to wait. */
int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	int rc = 0;

	if (!xfrm4_policy_check(sk, XFRM_POLICY_IN, skb)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_XFRM_POLICY);
		return -1;
	}
	nf_reset(skb);

	__skb_pull(skb, sizeof(struct udphdr));
	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		rc = __udp_queue_rcv_skb(sk, skb);
	} else if (sk_add_backlog(sk, skb, (unsigned int)sk->sk_rcvbuf)) {
		__UDP_INC_STATS(sock_net(sk), UDP_MIB_RCVBUFERRORS);
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_BACKLOG);
		rc = -1;
	}
	bh_unlock_sock(sk);
	return rc;
}

/* Is the datagram whole and unspoilt?  A checksum of 0 says that none was computed (RFC 768). */
static bool udp_rcv_ok(struct net *net, struct sk_buff *skb, enum skb_drop_reason *reason)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct udphdr *uh;
	unsigned int ulen;

	*reason = SKB_DROP_REASON_PKT_TOO_SMALL;
	if (!pskb_may_pull(skb, sizeof(struct udphdr)))
		return false;
	uh = udp_hdr(skb);
	ulen = ntohs(uh->len);
	if (ulen > skb->len || ulen < sizeof(*uh) || pskb_trim_rcsum(skb, ulen))
		return false;

	if (uh->check && skb->ip_summed != CHECKSUM_UNNECESSARY &&
	    skb->ip_summed != CHECKSUM_PARTIAL &&
	    csum_tcpudp_magic(iph->saddr, iph->daddr, ulen, IPPROTO_UDP,
			      skb_checksum(skb, 0, (int)ulen, 0))) {
		*reason = SKB_DROP_REASON_UDP_CSUM;
		__UDP_INC_STATS(net, UDP_MIB_CSUMERRORS);
		return false;
	}
	return true;
}

/* A datagram came in; skb->data is at its header.  Consumed.  0. */
static int __udp4_lib_rcv(struct sk_buff *skb, struct udp_table *udptable, int proto)
{
	struct net *net = dev_net(skb->dev);
	const struct iphdr *iph = ip_hdr(skb);
	enum skb_drop_reason reason;
	struct udphdr *uh;
	struct sock *sk;

	(void)proto;
	if (!udp_rcv_ok(net, skb, &reason))
		goto drop;
	uh = udp_hdr(skb);

	sk = __udp4_lib_lookup(net, iph->saddr, uh->source, iph->daddr, uh->dest, inet_iif(skb),
			       udptable);
	if (sk) {
		udp_queue_rcv_skb(sk, skb);
		return 0;
	}

	__UDP_INC_STATS(net, UDP_MIB_NOPORTS);
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
	return 0;

drop:
	__UDP_INC_STATS(net, UDP_MIB_INERRORS);
	kfree_skb_reason(skb, reason);
	return 0;
}

/* struct net_protocol.handler. */
int udp_rcv(struct sk_buff *skb)
{
	return __udp4_lib_rcv(skb, &udp_table, IPPROTO_UDP);
}

/**
 * udp_recvmsg - struct proto.recvmsg: the oldest datagram
 * @sk: the socket
 * @msg: where to put the data, and the sender's address
 * @len: bytes of room; what does not fit is lost, and MSG_TRUNC says so
 * @noblock: do not wait
 * @flags: MSG_PEEK, MSG_TRUNC
 * @addr_len: bytes of address
 *
 * Return: bytes copied (MSG_TRUNC: the datagram's); -EAGAIN, -EINTR, -ERESTARTSYS, -EFAULT; the
 * socket's pending error, such as -ECONNREFUSED.
 */
int udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int noblock, int flags,
		int *addr_len)
{
	struct sockaddr_in *sin = msg->msg_name;
	struct sk_buff *skb;
	int copied, err;

	skb = __skb_recv_datagram(sk, flags | (noblock ? MSG_DONTWAIT : 0), &err);
	if (!skb)
		return err;

	copied = (int)min_t(size_t, len, skb->len);
	if ((unsigned int)copied < skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_iter(skb, 0, &msg->msg_iter, copied);
	if (!err) {
		if (sin) {
			sin->sin_family = AF_INET;
			sin->sin_port = udp_hdr(skb)->source;
			sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
			memset(sin->__pad, 0, sizeof(sin->__pad));
			*addr_len = sizeof(*sin);
		}
		err = flags & MSG_TRUNC ? (int)skb->len : copied;
	}
	skb_free_datagram(sk, skb);
	return err;
}

/* struct proto_ops.poll. */
unsigned int udp_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	return datagram_poll(file, sock, wait);
}

/* ---- errors ---- */

/*
 * Which errno an ICMP is, positive, and whether it ends an association (*@harderr).  0: it is dealt
 * with.
 */
static int udp_err_code(struct sock *sk, struct sk_buff *skb, u32 info, int *harderr)
{
	const int type = icmp_hdr(skb)->type;
	const int code = icmp_hdr(skb)->code;

	switch (type) {
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
		return 0;
	case ICMP_PARAMETERPROB:
		*harderr = 1;
		return EPROTO;
	case ICMP_DEST_UNREACH:
		if (code == ICMP_FRAG_NEEDED) {
			ipv4_sk_update_pmtu(skb, sk, info);
			*harderr = 1;
			return inet_sk(sk)->pmtudisc != IP_PMTUDISC_DONT ? EMSGSIZE : 0;
		}
		if (code > NR_ICMP_UNREACH)
			return EHOSTUNREACH;
		*harderr = icmp_err_convert[code].fatal;
		return icmp_err_convert[code].errno;
	default: /* time exceeded */
		return EHOSTUNREACH;
	}
}

/**
 * udp_err - an ICMP error about a datagram of ours
 * @skb: the ICMP message; data points at the header of our packet that it quotes
 * @info: the MTU of "fragmentation needed"
 *
 * Only a connected socket is told, and only of what will not pass by itself, unless the user wants
 * it all (IP_RECVERR).
 */
void udp_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct udphdr *uh = (struct udphdr *)(skb->data + (iph->ihl << 2));
	struct net *net = dev_net(skb->dev);
	int harderr = 0, err;
	struct sock *sk;

	sk = __udp4_lib_lookup(net, iph->daddr, uh->dest, iph->saddr, uh->source, skb->dev->ifindex,
			       &udp_table);
	if (!sk) {
		__ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
		return;
	}

	err = udp_err_code(sk, skb, info, &harderr);
	if (!err)
		return;
	if (!inet_sk(sk)->recverr && (!harderr || sk->sk_state != TCP_ESTABLISHED))
		return;

	sk->sk_err = err;
	sk->sk_error_report(sk);
}
