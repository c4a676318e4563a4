/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/ip_output.c */
/*
 * IPv4, sending datagrams: user data becomes one packet with a header.
 *
 * The kernel can collect a datagram from several calls (corking), and then builds it in pieces of
 * the path's MTU that need no cutting later.  Here a datagram is built whole, by one call, in one
 * buffer; if it is too big for the path, ip_fragment() cuts it.
 *
 * Part of net/ipv4/ip_output.c in the kernel.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/sock.h>

/* DF: the user insists on it, or the datagram fits and the path's MTU shall be learned. */
static __be16 ip_cork_df(const struct sock *sk, const struct dst_entry *dst, unsigned int len)
{
	u8 pmtudisc = inet_sk(sk)->pmtudisc;

	if (pmtudisc == IP_PMTUDISC_DO || pmtudisc == IP_PMTUDISC_PROBE ||
	    (len <= dst_mtu(dst) && ip_dont_fragment(sk, dst)))
		return htons(IP_DF);
	return 0;
}

/**
 * ip_make_skb - a datagram with its IP header, but for length and checksum
 * @sk: the socket that pays for it
 * @fl4: addresses and protocol
 * @msg: the user's data
 * @length: bytes, the transport's header included
 * @transhdrlen: bytes of that header; left for the caller to fill
 * @opt: IP options, or NULL
 * @rtp: the route; taken over on success, and *@rtp is NULL then
 * @flags: MSG_DONTWAIT
 *
 * Return: the packet, data at the IP header; ERR_PTR: -EMSGSIZE if it may not be cut and is too
 * big, or bigger than IP can say; -EFAULT; -EAGAIN, -ENOBUFS, -EPIPE ... of the send buffer.
 */
struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, struct msghdr *msg, int length,
			    int transhdrlen, const struct ip_options_rcu *opt, struct rtable **rtp,
			    unsigned int flags)
{
	struct inet_sock *inet = inet_sk(sk);
	struct rtable *rt = *rtp;
	unsigned int optlen = opt ? opt->opt.optlen : 0;
	unsigned int hlen = sizeof(struct iphdr) + optlen;
	unsigned int hh_len = LL_RESERVED_SPACE(rt->dst.dev);
	unsigned int mtu =
		inet->pmtudisc >= IP_PMTUDISC_PROBE ? rt->dst.dev->mtu : dst_mtu(&rt->dst);
	unsigned int limit = ip_sk_ignore_df(sk) ? 0xFFFF : mtu;
	size_t ndata = (size_t)(length - transhdrlen);
	struct sk_buff *skb;
	struct iphdr *iph;
	int err;

	if ((unsigned int)length > limit - hlen)
		return ERR_PTR(-EMSGSIZE);

	skb = sock_alloc_send_skb(sk, hh_len + hlen + (unsigned int)length + 15,
				  flags & MSG_DONTWAIT, &err);
	if (!skb)
		return ERR_PTR(err);
	skb_reserve(skb, hh_len + hlen);
	skb_reset_transport_header(skb);
	skb_put(skb, (unsigned int)transhdrlen);
	if (copy_from_iter(skb_put(skb, (unsigned int)ndata), ndata, &msg->msg_iter) != ndata) {
		kfree_skb(skb);
		return ERR_PTR(-EFAULT);
	}
	skb->ignore_df = ip_sk_ignore_df(sk);

	skb_push(skb, hlen);
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = inet->tos;
	iph->frag_off = ip_cork_df(sk, &rt->dst, skb->len);
	iph->ttl = inet->uc_ttl >= 0 ? (u8)inet->uc_ttl : (u8)ip4_dst_hoplimit(&rt->dst);
	if (rt->rt_type == RTN_MULTICAST)
		iph->ttl = inet->mc_ttl;
	iph->protocol = sk->sk_protocol;
	iph->saddr = fl4->saddr;
	iph->daddr = fl4->daddr;
	ip_select_ident(sock_net(sk), skb, sk);
	if (opt && optlen) {
		iph->ihl += optlen >> 2;
		ip_options_build(skb, (struct ip_options *)&opt->opt, fl4->daddr, rt, 0);
	}

	skb->priority = sk->sk_priority;
	skb->mark = sk->sk_mark;
	skb_dst_set(skb, &rt->dst);
	*rtp = NULL;
	return skb;
}

/*
 * Send what ip_make_skb() made.  0, or a negative errno; a packet that the device's queue dropped
 * counts as sent unless the user wants to know (IP_RECVERR).
 */
int ip_send_skb(struct net *net, struct sk_buff *skb)
{
	int err = ip_local_out(net, skb->sk, skb);

	if (err > 0)
		err = net_xmit_errno(err);
	if (err)
		IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
	return err;
}
