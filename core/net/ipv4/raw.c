/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Raw sockets.
 *
 * Theory of operation
 *
 * A raw socket belongs to a protocol number where others belong to a port: socket(2) names it, and
 * the socket is in its table from then on.  It sees every packet of that protocol before the
 * protocol itself does, and has a copy of its own: that is how ping and traceroute hear of ICMP.
 * connect(2) and bind(2) limit whom it hears, as with UDP, and with the same function,
 * ip4_datagram_connect(); no port has to be found for it.
 *
 * Left out: sending with IP_HDRINCL (the user's own IP header), joining groups.
 *
 * Origin: net/ipv4/raw.c, v4.9.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip_sockglue.h>
#include <net/raw.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/udp.h>
#include <net/xfrm.h>

static struct raw_hashinfo raw_v4_hashinfo;

/* ---- the table ---- */

/* struct proto.hash: enter the socket under its protocol.  0. */
static int raw_hash_sk(struct sock *sk)
{
	struct raw_hashinfo *h = sk->sk_prot->h.raw_hash;
	struct hlist_head *head = &h->ht[inet_sk(sk)->inet_num & (RAW_HTABLE_SIZE - 1)];

	write_lock_bh(&h->lock);
	sk_add_node_rcu(sk, head);
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
	write_unlock_bh(&h->lock);
	return 0;
}

static void raw_unhash_sk(struct sock *sk)
{
	struct raw_hashinfo *h = sk->sk_prot->h.raw_hash;

	write_lock_bh(&h->lock);
	if (sk_del_node_init(sk))
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
	write_unlock_bh(&h->lock);
}

/* The first socket from @sk on that wants protocol @num from @raddr to @laddr by device @dif. */
static struct sock *__raw_v4_lookup(struct net *net, struct sock *sk, unsigned short num,
				    __be32 raddr, __be32 laddr, int dif)
{
	for (; sk; sk = sk_next(sk)) {
		struct inet_sock *inet = inet_sk(sk);

		if (net_eq(sock_net(sk), net) && inet->inet_num == num &&
		    !(inet->inet_daddr && inet->inet_daddr != raddr) &&
		    !(inet->inet_rcv_saddr && inet->inet_rcv_saddr != laddr) &&
		    !(sk->sk_bound_dev_if && sk->sk_bound_dev_if != dif))
			break;
	}
	return sk;
}

/* ---- in ---- */

/* Queue a packet, header and all; consumed.  NET_RX_SUCCESS or NET_RX_DROP. */
static int raw_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	if (sock_queue_rcv_skb(sk, skb) < 0) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
		return NET_RX_DROP;
	}
	return NET_RX_SUCCESS;
}

static int raw_rcv(struct sock *sk, struct sk_buff *skb)
{
	if (!xfrm4_policy_check(sk, XFRM_POLICY_IN, skb)) {
		atomic_inc(&sk->sk_drops);
		kfree_skb_reason(skb, SKB_DROP_REASON_XFRM_POLICY);
		return NET_RX_DROP;
	}
	nf_reset(skb);

	/* The user gets the IP header, too. */
	skb_push(skb, (unsigned int)(skb->data - skb_network_header(skb)));
	return raw_rcv_skb(sk, skb);
}

/*
 * Does the socket not want to hear of this ICMP message (ICMP_FILTER: a bit a type)?  1: no, it does
 * not.  Types that a bit cannot name are always heard.
 */
static int icmp_filter(const struct sock *sk, const struct sk_buff *skb)
{
	const struct icmphdr *hdr;

	if (skb->len < sizeof(*hdr))
		return 1;
	hdr = (const struct icmphdr *)skb->data;
	return hdr->type < 32 && (raw_sk(sk)->filter.data >> hdr->type & 1);
}

/* A copy for each socket that wants one.  1 if there was any. */
static int raw_v4_input(struct sk_buff *skb, const struct iphdr *iph, int hash)
{
	struct hlist_head *head = &raw_v4_hashinfo.ht[hash];
	struct net *net = dev_net(skb->dev);
	struct sock *sk;
	int delivered = 0;

	read_lock(&raw_v4_hashinfo.lock);
	sk = hlist_empty(head) ? NULL : __sk_head(head);
	sk = __raw_v4_lookup(net, sk, iph->protocol, iph->saddr, iph->daddr, skb->dev->ifindex);
	while (sk) {
		delivered = 1;
		if (iph->protocol != IPPROTO_ICMP || !icmp_filter(sk, skb)) {
			struct sk_buff *clone = skb_clone(skb, GFP_ATOMIC);

			if (clone)
				raw_rcv(sk, clone);
		}
		sk = __raw_v4_lookup(net, sk_next(sk), iph->protocol, iph->saddr, iph->daddr,
				     skb->dev->ifindex);
	}
	read_unlock(&raw_v4_hashinfo.lock);
	return delivered;
}

/**
 * raw_local_deliver() - offer a packet to raw sockets
 * @skb: the packet, not consumed
 * @protocol: its protocol number
 *
 * Return: 1 if a socket took a copy, else 0.
 */
int raw_local_deliver(struct sk_buff *skb, int protocol)
{
	int hash = protocol & (RAW_HTABLE_SIZE - 1);
	struct sock *raw_sk = sk_head(&raw_v4_hashinfo.ht[hash]);

	if (raw_sk && !raw_v4_input(skb, ip_hdr(skb), hash))
		raw_sk = NULL;
	return raw_sk != NULL;
}

/* ---- errors ---- */

/* An ICMP error about a packet of @sk's.  Soft ones are for connected sockets that asked. */
static void raw_err(struct sock *sk, struct sk_buff *skb, u32 info)
{
	struct inet_sock *inet = inet_sk(sk);
	const int type = icmp_hdr(skb)->type;
	const int code = icmp_hdr(skb)->code;
	int err = 0, harderr = 0;

	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
		ipv4_sk_update_pmtu(skb, sk, info);
	else if (type == ICMP_REDIRECT || type == ICMP_SOURCE_QUENCH)
		return;

	if (!inet->recverr && sk->sk_state != TCP_ESTABLISHED)
		return;

	switch (type) {
	default:
	case ICMP_TIME_EXCEEDED:
		err = EHOSTUNREACH;
		break;
	case ICMP_PARAMETERPROB:
		err = EPROTO;
		harderr = 1;
		break;
	case ICMP_DEST_UNREACH:
		err = EHOSTUNREACH;
		if (code > NR_ICMP_UNREACH)
			break;
		err = icmp_err_convert[code].errno;
		harderr = icmp_err_convert[code].fatal;
		if (code == ICMP_FRAG_NEEDED) {
			harderr = inet->pmtudisc != IP_PMTUDISC_DONT;
			err = EMSGSIZE;
		}
		break;
	}

	if (inet->recverr || harderr) {
		sk->sk_err = err;
		sk->sk_error_report(sk);
	}
}

/*
 * Tell raw sockets of an ICMP error.  @skb->data is at the quoted header of our packet, whose
 * protocol is @protocol.
 */
void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info)
{
	struct hlist_head *head = &raw_v4_hashinfo.ht[protocol & (RAW_HTABLE_SIZE - 1)];
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct net *net = dev_net(skb->dev);
	struct sock *raw_sk;

	read_lock(&raw_v4_hashinfo.lock);
	raw_sk = sk_head(head);
	while ((raw_sk = __raw_v4_lookup(net, raw_sk, (unsigned short)protocol, iph->daddr,
					 iph->saddr, skb->dev->ifindex)) != NULL) {
		raw_err(raw_sk, skb, info);
		raw_sk = sk_next(raw_sk);
	}
	read_unlock(&raw_v4_hashinfo.lock);
}

/* ---- out ---- */

/*
 * struct proto.sendmsg: the user's bytes behind an IP header of ours.  Bytes sent; -EMSGSIZE,
 * -EOPNOTSUPP, -EINVAL, -EDESTADDRREQ, -EACCES, the route's errno.
 */
static int raw_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct sockaddr_in *usin = msg->msg_name;
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *opt = inet->inet_opt;
	struct net *net = sock_net(sk);
	struct ipcm_cookie ipc;
	struct sk_buff *skb;
	struct flowi4 fl4;
	struct rtable *rt;
	__be32 daddr, saddr = inet->inet_saddr;
	u8 tos = RT_CONN_FLAGS(sk);
	int oif = sk->sk_bound_dev_if;
	int err;

	if (len > 0xFFFF)
		return -EMSGSIZE;
	if ((msg->msg_flags & MSG_OOB) || inet->hdrincl)
		return -EOPNOTSUPP;

	if (msg->msg_namelen) {
		if (msg->msg_namelen < (int)sizeof(*usin))
			return -EINVAL;
		if (usin->sin_family != AF_INET && usin->sin_family != AF_UNSPEC)
			return -EAFNOSUPPORT;
		daddr = usin->sin_addr.s_addr;
	} else {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		daddr = inet->inet_daddr;
	}

	if (ipv4_is_multicast(daddr)) {
		if (!oif)
			oif = inet->mc_index;
		if (!saddr)
			saddr = inet->mc_addr;
	} else if (!oif) {
		oif = inet->uc_index;
	}
	if (msg->msg_flags & MSG_DONTROUTE)
		tos |= RTO_ONLINK;
	flowi4_init_output(&fl4, oif, sk->sk_mark, tos, RT_SCOPE_UNIVERSE, sk->sk_protocol,
			   inet_sk_flowi_flags(sk), opt && opt->opt.srr ? opt->opt.faddr : daddr,
			   saddr, 0, 0);
	rt = ip_route_output_flow(net, &fl4, sk);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	err = -EACCES;
	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST))
		goto out;

	ipc = (struct ipcm_cookie){ .addr = daddr, .opt = opt, .tos = -1 };
	skb = ip_make_skb(sk, &fl4, ip_generic_getfrag, msg, (int)len, 0, &ipc, &rt,
			  msg->msg_flags);
	err = IS_ERR(skb) ? (int)PTR_ERR(skb) : ip_send_skb(net, skb);
out:
	ip_rt_put(rt);
	return err ?: (int)len;
}

/* ---- the rest of a socket's life ---- */

static void raw_close(struct sock *sk, long timeout)
{
	(void)timeout;
	sk_common_release(sk);
}

/* struct proto.bind: only the address counts.  0; -EINVAL, -EADDRNOTAVAIL. */
static int raw_bind(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in *addr = (struct sockaddr_in *)uaddr;
	int chk_addr_ret;

	if (sk->sk_state != TCP_CLOSE || addr_len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;

	chk_addr_ret = inet_addr_type(sock_net(sk), addr->sin_addr.s_addr);
	if (addr->sin_addr.s_addr && chk_addr_ret != RTN_LOCAL && chk_addr_ret != RTN_MULTICAST &&
	    chk_addr_ret != RTN_BROADCAST)
		return -EADDRNOTAVAIL;
	inet->inet_rcv_saddr = inet->inet_saddr = addr->sin_addr.s_addr;
	if (chk_addr_ret == RTN_MULTICAST || chk_addr_ret == RTN_BROADCAST)
		inet->inet_saddr = 0;
	sk_dst_reset(sk);
	return 0;
}

/* struct proto.recvmsg: one packet with its IP header; see udp_recvmsg(). */
static int raw_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int noblock, int flags,
		       int *addr_len)
{
	struct sockaddr_in *sin = msg->msg_name;
	struct sk_buff *skb;
	int copied, err;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
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
			sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
			sin->sin_port = 0;
			memset(sin->__pad, 0, sizeof(sin->__pad));
			*addr_len = sizeof(*sin);
		}
		err = flags & MSG_TRUNC ? (int)skb->len : copied;
	}
	skb_free_datagram(sk, skb);
	return err;
}

/* ICMP_FILTER.  0, -EFAULT. */
static int raw_seticmpfilter(struct sock *sk, char __user *optval, unsigned int optlen)
{
	struct icmp_filter *filter = &raw_sk(sk)->filter;

	return copy_from_user(filter, optval, min_t(unsigned int, optlen, sizeof(*filter))) ?
		       -EFAULT :
		       0;
}

/* The same read.  0, -EINVAL, -EFAULT. */
static int raw_geticmpfilter(struct sock *sk, char __user *optval, int __user *optlen)
{
	int len;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min_t(int, len, sizeof(struct icmp_filter));
	if (put_user(len, optlen) || copy_to_user(optval, &raw_sk(sk)->filter, (unsigned long)len))
		return -EFAULT;
	return 0;
}

/* Whether a socket has an option of SOL_RAW, which only ICMP's do.  0; -ENOPROTOOPT, -EOPNOTSUPP. */
static int raw_has_option(const struct sock *sk, int optname)
{
	if (optname != ICMP_FILTER)
		return -ENOPROTOOPT;
	return inet_sk(sk)->inet_num == IPPROTO_ICMP ? 0 : -EOPNOTSUPP;
}

/* struct proto.setsockopt.  0; -EOPNOTSUPP, -ENOPROTOOPT, -EFAULT, as ip_setsockopt(). */
static int raw_setsockopt(struct sock *sk, int level, int optname, char __user *optval,
			  unsigned int optlen)
{
	if (level != SOL_RAW)
		return ip_setsockopt(sk, level, optname, optval, optlen);
	return raw_has_option(sk, optname) ?: raw_seticmpfilter(sk, optval, optlen);
}

/* struct proto.getsockopt.  0; -EOPNOTSUPP, -ENOPROTOOPT, -EINVAL, -EFAULT, as ip_getsockopt(). */
static int raw_getsockopt(struct sock *sk, int level, int optname, char __user *optval,
			  int __user *optlen)
{
	if (level != SOL_RAW)
		return ip_getsockopt(sk, level, optname, optval, optlen);
	return raw_has_option(sk, optname) ?: raw_geticmpfilter(sk, optval, optlen);
}

struct proto raw_prot = {
	.name = "RAW",
	.close = raw_close,
	.connect = ip4_datagram_connect,
	.disconnect = __udp_disconnect,
	.setsockopt = raw_setsockopt,
	.getsockopt = raw_getsockopt,
	.sendmsg = raw_sendmsg,
	.recvmsg = raw_recvmsg,
	.bind = raw_bind,
	.backlog_rcv = raw_rcv_skb,
	.release_cb = ip4_datagram_release_cb,
	.hash = raw_hash_sk,
	.unhash = raw_unhash_sk,
	.obj_size = sizeof(struct raw_sock),
	.obj_name = "raw_sock",
	.h.raw_hash = &raw_v4_hashinfo,
};

/* At boot: no sockets. */
void raw_init_table(void)
{
	memset(&raw_v4_hashinfo, 0, sizeof(raw_v4_hashinfo));
	rwlock_init(&raw_v4_hashinfo.lock);
}
