/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4, sending: from a transport's segment to a packet handed to the next hop.
 *
 * Theory of operation
 *
 *   ip_queue_xmit      give the packet its route (nearly always the socket's) and its header
 *   ip_local_out       total length and checksum; netfilter LOCAL_OUT may drop or change it
 *   ip_output          the route's ->output; netfilter POST_ROUTING
 *   ip_finish_output   too big for the path? cut it, or refuse
 *   ip_finish_output2  find the neighbour that is the next hop and let it send
 *
 * Every step returns 0 or a negative errno, or a positive NET_XMIT_* from the queue, and has
 * consumed the packet in either case. "0" says only that nothing has gone wrong yet: the packet
 * may be waiting for ARP.
 *
 * The whole of ip_finish_output2() runs with softirqs held off: the neighbour it works with is
 * only looked up, not held. Letting them go at its end runs what became pending meanwhile. If
 * the other end of the wire is in the same machine, that is the moment when the answer to a SYN
 * comes in, while its sender is still inside connect(2).
 *
 * Origin: net/ipv4/ip_output.c, v4.9, without corking (ip_append_data), multicast loopback and
 * tunnels.
 */
#include <linux/bottom_half.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/sock.h>
#include "ip_output_local.h"

static int ip_finish_output2(struct net *net, struct sock *sk, struct sk_buff *skb);

/* Compute the header checksum, RFC 1071. The field counts as 0 while it is computed. */
void ip_send_check(struct iphdr *iph)
{
	iph->check = 0;
	iph->check = ip_fast_csum((unsigned char *)iph, iph->ihl);
}

/* Finish the header and ask netfilter. 1: go on; else the packet is gone, 0 or -errno. */
int __ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->tot_len = htons(skb->len);
	ip_send_check(iph);

	skb->protocol = htons(ETH_P_IP);

	return nf_hook(NFPROTO_IPV4, NF_INET_LOCAL_OUT, net, sk, skb, NULL, skb_dst(skb)->dev,
		       dst_output);
}

/* Send a packet made here, its header complete but for length and checksum. */
int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	int err;

	err = __ip_local_out(net, sk, skb);
	if (likely(err == 1))
		err = dst_output(net, sk, skb);

	return err;
}

/* A link header longer than the room left for it: copy the packet to where there is more. */
static __always_inline struct sk_buff *ip_make_headroom(struct sk_buff *skb, struct net_device *dev)
{
	struct sk_buff *skb2 = skb_realloc_headroom(skb, LL_RESERVED_SPACE(dev));

	if (!skb2) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	if (skb->sk)
		skb_set_owner_w(skb2, skb->sk);
	consume_skb(skb);
	return skb2;
}

/* Find the neighbour that is the next hop, and let it send. */
static int ip_finish_output2(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	struct rtable *rt = (struct rtable *)dst;
	struct net_device *dev = dst->dev;
	unsigned int hh_len = LL_RESERVED_SPACE(dev);
	struct neighbour *neigh;
	u32 nexthop;

	(void)sk;
	if (rt->rt_type == RTN_MULTICAST)
		IP_UPD_PO_STATS(net, IPSTATS_MIB_OUTMCAST, skb->len);
	else if (rt->rt_type == RTN_BROADCAST)
		IP_UPD_PO_STATS(net, IPSTATS_MIB_OUTBCAST, skb->len);

	if (unlikely(skb_headroom(skb) < hh_len && dev->header_ops)) {
		skb = ip_make_headroom(skb, dev);
		if (!skb)
			return -ENOMEM;
	}

	local_bh_disable();
	nexthop = (__force u32)rt_nexthop(rt, ip_hdr(skb)->daddr);
	neigh = __ipv4_neigh_lookup_noref(dev, nexthop);
	if (unlikely(!neigh))
		neigh = __neigh_create(&arp_tbl, &nexthop, dev, false);
	if (!IS_ERR(neigh)) {
		int res = dst_neigh_output(dst, neigh, skb);

		local_bh_enable();
		return res;
	}
	local_bh_enable();

	net_dbg_ratelimited("%s: No header cache and no neighbour!\n", __func__);
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_CREATEFAIL);
	return -EINVAL;
}

/* What a fragment inherits from the whole. */
static void ip_copy_metadata(struct sk_buff *to, struct sk_buff *from)
{
	to->pkt_type = from->pkt_type;
	to->priority = from->priority;
	to->protocol = from->protocol;
	skb_dst_drop(to);
	skb_dst_copy(to, from);
	to->dev = from->dev;
	to->mark = from->mark;
	memcpy(IPCB(to), IPCB(from), sizeof(struct inet_skb_parm));
}

/*
 * One fragment: @len bytes of payload from @ptr on in @skb, whose header has @hlen bytes. NULL
 * when memory is out.
 */
static struct sk_buff *ip_frag_one(struct sk_buff *skb, unsigned int hlen, unsigned int ptr,
				   unsigned int len, unsigned int ll_rs)
{
	struct sk_buff *skb2 = alloc_skb(len + hlen + ll_rs, GFP_ATOMIC);

	if (!skb2)
		return NULL;
	ip_copy_metadata(skb2, skb);
	skb_reserve(skb2, ll_rs);
	skb_put(skb2, len + hlen);
	skb_reset_network_header(skb2);
	skb2->transport_header = skb2->network_header + hlen;

	/* A fragment costs the sender's socket what it takes. */
	if (skb->sk)
		skb_set_owner_w(skb2, skb->sk);

	skb_copy_from_linear_data(skb, skb_network_header(skb2), hlen);
	if (skb_copy_bits(skb, ptr, skb_transport_header(skb2), len))
		BUG();
	return skb2;
}

/**
 * ip_do_fragment() - cut a packet into pieces and send each
 * @net: namespace
 * @sk: its socket, or NULL
 * @skb: the packet, header complete; consumed
 * @output: where the pieces go
 *
 * Every piece but the last carries a multiple of 8 bytes: frag_off counts in units of 8. Options
 * that need not be in each piece become no-operations after the first (RFC 791, 3.1).
 *
 * Return: 0; the errno of the first piece that failed; -ENOMEM.
 */
int ip_do_fragment(struct net *net, struct sock *sk, struct sk_buff *skb,
		   int (*output)(struct net *, struct sock *, struct sk_buff *))
{
	struct iphdr *iph = ip_hdr(skb);
	unsigned int mtu, hlen, left, len, ptr, ll_rs;
	struct sk_buff *skb2;
	int offset, err = 0;

	/* A checksum over the whole cannot be left to a device that sees pieces. */
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		err = skb_checksum_help(skb);
		if (err)
			goto fail;
	}

	hlen = iph->ihl * 4;
	mtu = ip_skb_dst_mtu(sk, skb) - hlen;
	IPCB(skb)->flags |= IPSKB_FRAG_COMPLETE;

	left = skb->len - hlen;
	ptr = hlen;
	ll_rs = LL_RESERVED_SPACE(skb_dst(skb)->dev);

	/* The kernel may cut a fragment again; here nobody sends one that was not cut here. */
	offset = 0;

	while (left > 0) {
		len = left > mtu ? mtu : left;
		if (len < left)
			len &= ~7U;

		skb2 = ip_frag_one(skb, hlen, ptr, len, ll_rs);
		if (!skb2) {
			err = -ENOMEM;
			goto fail;
		}
		left -= len;

		iph = ip_hdr(skb2);
		iph->frag_off = htons((offset >> 3));
		if (offset == 0)
			ip_options_fragment(skb);
		if (left > 0)
			iph->frag_off |= htons(IP_MF);
		ptr += len;
		offset += len;

		iph->tot_len = htons(len + hlen);
		ip_send_check(iph);

		err = output(net, sk, skb2);
		if (err)
			goto fail;
		IP_INC_STATS(net, IPSTATS_MIB_FRAGCREATES);
	}
	consume_skb(skb);
	IP_INC_STATS(net, IPSTATS_MIB_FRAGOKS);
	return err;

fail:
	kfree_skb(skb);
	IP_INC_STATS(net, IPSTATS_MIB_FRAGFAILS);
	return err;
}

/* The packet is larger than @mtu bytes: cut it, unless its sender forbade it. -EMSGSIZE. */
static int ip_fragment(struct net *net, struct sock *sk, struct sk_buff *skb, unsigned int mtu,
		       int (*output)(struct net *, struct sock *, struct sk_buff *))
{
	struct iphdr *iph = ip_hdr(skb);

	if ((iph->frag_off & htons(IP_DF)) == 0)
		return ip_do_fragment(net, sk, skb, output);

	if (unlikely(!skb->ignore_df)) {
		IP_INC_STATS(net, IPSTATS_MIB_FRAGFAILS);
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
		kfree_skb(skb);
		return -EMSGSIZE;
	}

	return ip_do_fragment(net, sk, skb, output);
}

/*
 * A packet of several segments. Nearly always each of them fits, and the whole goes on as one, to
 * be cut when it leaves. If the path has become too narrow since TCP chose the segments' size, it is
 * cut here, and each segment is fragmented, or refused, like any packet. 0 or the first errno.
 */
static int ip_finish_output_gso(struct net *net, struct sock *sk, struct sk_buff *skb,
				unsigned int mtu)
{
	netdev_features_t features;
	struct sk_buff *segs;
	int ret = 0;

	if (skb_gso_validate_mtu(skb, mtu))
		return ip_finish_output2(net, sk, skb);

	features = netif_skb_features(skb);
	segs = skb_gso_segment(skb, features & ~NETIF_F_GSO_MASK);
	if (IS_ERR_OR_NULL(segs)) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	consume_skb(skb);

	do {
		struct sk_buff *nskb = segs->next;
		int err;

		segs->next = NULL;
		segs->prev = NULL;
		err = ip_fragment(net, sk, segs, mtu, ip_finish_output2);
		if (err && ret == 0)
			ret = err;
		segs = nskb;
	} while (segs);

	return ret;
}

static int ip_finish_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	unsigned int mtu;

	mtu = ip_skb_dst_mtu(sk, skb);
	if (skb_is_gso(skb))
		return ip_finish_output_gso(net, sk, skb, mtu);
	if (skb->len > mtu)
		return ip_fragment(net, sk, skb, mtu, ip_finish_output2);

	return ip_finish_output2(net, sk, skb);
}

/*
 * The output of broadcast routes, and of multicasts to a group that this host has joined; it joins
 * none. The kernel also gives a copy to local listeners (dev_loopback_xmit()), and keeps a multicast
 * with TTL 0 to them.
 */
int ip_mc_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	struct net_device *dev = rt->dst.dev;

	IP_UPD_PO_STATS(net, IPSTATS_MIB_OUT, skb->len);

	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);

	return NF_HOOK_COND(NFPROTO_IPV4, NF_INET_POST_ROUTING, net, sk, skb, NULL, skb->dev,
			    ip_finish_output, !(IPCB(skb)->flags & IPSKB_REROUTED));
}

/* The output of a unicast route. */
int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct net_device *dev = skb_dst(skb)->dev;

	IP_UPD_PO_STATS(net, IPSTATS_MIB_OUT, skb->len);

	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);

	/* A packet routed a second time has been through POST_ROUTING. */
	return NF_HOOK_COND(NFPROTO_IPV4, NF_INET_POST_ROUTING, net, sk, skb, NULL, dev,
			    ip_finish_output, !(IPCB(skb)->flags & IPSKB_REROUTED));
}

/**
 * ip_queue_xmit() - send a transport's segment
 * @sk: its socket, owned by the caller or by the softirq
 * @skb: the segment, transport header set; consumed
 * @fl: the socket's flow key (inet->cork.fl); a new lookup updates it
 *
 * Return: 0 or a positive NET_XMIT_*: sent as far as anybody knows; -EHOSTUNREACH: no route;
 * otherwise the errno of the step that failed. TCP hardly looks at it: a segment that was not
 * sent is one that was lost.
 */
int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct ip_options_rcu *inet_opt = inet->inet_opt;
	struct flowi4 *fl4 = &fl->u.ip4;
	struct rtable *rt = skb_rtable(skb);
	struct iphdr *iph;

	if (rt)
		goto packet_routed;

	/* Make sure the socket's route is still good. */
	rt = (struct rtable *)__sk_dst_check(sk, 0);
	if (!rt) {
		__be32 daddr = inet->inet_daddr;

		/* With a source route the first hop is where the packet goes now. */
		if (inet_opt && inet_opt->opt.srr)
			daddr = inet_opt->opt.faddr;

		/*
		 * A failure here is not an error of the connection: routes come back. The
		 * segment counts as lost and is sent again later.
		 */
		rt = ip_route_output_ports(net, fl4, sk, daddr, inet->inet_saddr, inet->inet_dport,
					   inet->inet_sport, sk->sk_protocol, RT_CONN_FLAGS(sk),
					   sk->sk_bound_dev_if);
		if (IS_ERR(rt))
			goto no_route;
		sk_setup_caps(sk, &rt->dst);
	}
	/* Lent: the socket holds the route longer than this packet is on its way. */
	skb_dst_set_noref(skb, &rt->dst);

packet_routed:
	if (inet_opt && inet_opt->opt.is_strictroute && rt->rt_uses_gateway)
		goto no_route;

	/* Now that it is known where to: the header. */
	skb_push(skb, sizeof(struct iphdr) + (inet_opt ? inet_opt->opt.optlen : 0));
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = inet->tos;
	if (ip_dont_fragment(sk, &rt->dst) && !skb->ignore_df)
		iph->frag_off = htons(IP_DF);
	else
		iph->frag_off = 0;
	iph->ttl = ip_select_ttl(inet, &rt->dst);
	iph->protocol = sk->sk_protocol;
	ip_copy_addrs(iph, fl4);

	if (inet_opt && inet_opt->opt.optlen) {
		iph->ihl += inet_opt->opt.optlen >> 2;
		ip_options_build(skb, &inet_opt->opt, inet->inet_daddr, rt, 0);
	}

	ip_select_ident_segs(net, skb, sk, skb_shinfo(skb)->gso_segs ?: 1);

	skb->priority = sk->sk_priority;
	skb->mark = sk->sk_mark;

	return ip_local_out(net, sk, skb);

no_route:
	IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
	return -EHOSTUNREACH;
}

/* Copies a reply's bytes, and their sum for its checksum. */
static int ip_reply_glue_bits(void *dptr, char *to, int offset, int len, int odd,
			      struct sk_buff *skb)
{
	__wsum csum = csum_partial_copy_nocheck((char *)dptr + offset, to, len, 0);

	skb->csum = csum_block_add(skb->csum, csum, odd);
	return 0;
}

/**
 * ip_send_unicast_reply() - answer a segment that belongs to no socket, or to one in TIME-WAIT
 * @sk: the kernel's own socket for such answers
 * @skb: the segment that is answered
 * @sopt: its IP options; a source route is answered by the way it came
 * @daddr: @saddr: addresses of the answer, network order
 * @arg: the answer: TCP header and what its checksum needs
 * @len: its length, bytes
 *
 * Where memory or a route is missing, there is no answer: the sender will ask again.
 */
void ip_send_unicast_reply(struct sock *sk, struct sk_buff *skb, const struct ip_options *sopt,
			   __be32 daddr, __be32 saddr, const struct ip_reply_arg *arg,
			   unsigned int len)
{
	struct ipcm_cookie ipc = { .addr = daddr, .tos = -1 };
	struct ip_options_data replyopts;
	struct net *net = sock_net(sk);
	/* What is sent begins with source port and destination port. */
	const __be16 *ports = arg->iov[0].iov_base;
	struct sk_buff *nskb;
	struct flowi4 fl4;
	struct rtable *rt;

	if (__ip_options_echo(&replyopts.opt.opt, skb, sopt))
		return;
	if (replyopts.opt.opt.optlen) {
		ipc.opt = &replyopts.opt;
		if (replyopts.opt.opt.srr)
			daddr = replyopts.opt.opt.faddr;
	}

	flowi4_init_output(&fl4, arg->bound_dev_if, skb->mark, RT_TOS(arg->tos), RT_SCOPE_UNIVERSE,
			   ip_hdr(skb)->protocol, ip_reply_arg_flowi_flags(arg), daddr, saddr,
			   ports[1], ports[0]);
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return;

	inet_sk(sk)->tos = arg->tos;
	sk->sk_priority = skb->priority;
	sk->sk_protocol = ip_hdr(skb)->protocol;
	sk->sk_bound_dev_if = arg->bound_dev_if;
	sk->sk_sndbuf = (int)sysctl_wmem_default;
	if (ip_append_data(sk, &fl4, ip_reply_glue_bits, arg->iov[0].iov_base, (int)len, 0, &ipc,
			   &rt, MSG_DONTWAIT)) {
		ip_flush_pending_frames(sk);
		goto out;
	}
	nskb = skb_peek(&sk->sk_write_queue);
	if (arg->csumoffset >= 0)
		*((__sum16 *)skb_transport_header(nskb) + arg->csumoffset) =
			csum_fold(csum_add(nskb->csum, arg->csum));
	nskb->ip_summed = CHECKSUM_NONE;
	ip_push_pending_frames(sk, &fl4);
out:
	ip_rt_put(rt);
}

/* IPv4 as a whole: settings, routes, tables, addresses. arp_init() comes before. */
void ip_init(void)
{
	if (ipv4_sysctl_init())
		panic("cannot register the settings of IPv4");
	ip_rt_init();
}

void ip_exit(void)
{
	ip_rt_exit();
}
