/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4, receiving: from a frame's payload to the transport it is for.
 *
 * Theory of operation
 *
 *   ip_rcv                   is this an IPv4 packet at all? Every field the rest relies on is
 *                            checked here; netfilter PRE_ROUTING
 *   ip_rcv_finish            a socket may know its route already (early demux); else look one
 *                            up: for us, or not?
 *   ip_local_deliver         netfilter LOCAL_IN
 *   ip_local_deliver_finish  raw sockets, then the protocol's handler (tcp_v4_rcv)
 *
 * A packet that fails a check is dropped without an answer (RFC 1122, 3.2.1). Each drop counts,
 * and names its reason: a connection that hangs can be told from these two.
 *
 *   check                                   counter                        reason
 *   sent to another station's address       -                              OTHERHOST
 *   no memory for a copy of a shared packet IpInDiscards                   -
 *   shorter than its header, ihl < 5,
 *   version not 4, tot_len < header         IpInHdrErrors                  IP_INHDR
 *   header checksum                         IpInCsumErrors, IpInHdrErrors  IP_CSUM
 *   shorter than tot_len                    IpInTruncatedPkts              PKT_TOO_SMALL
 *   options malformed                       IpInHdrErrors                  IP_INHDR
 *   martian address                         -                              IP_INVALID_SOURCE
 *   reverse-path filter                     TcpExtIPReversePathFilter      IP_RPFILTER
 *   not for us                              IpInAddrErrors                 IP_INNOROUTES
 *   nobody speaks the protocol              IpInUnknownProtos              IP_NOPROTO
 *
 * Origin: net/ipv4/ip_input.c, v4.9. Left out: router alert chains, and the reassembly of
 * fragments, which TCP over a path with working MTU discovery never needs: a fragment counts as
 * one that could not be reassembled.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/checksum.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/raw.h>
#include <net/route.h>
#include <net/xfrm.h>

/* Hand the packet to the protocol above. Consumes @skb; always 0. */
static int ip_local_deliver_finish(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	const struct net_protocol *ipprot;
	int protocol = ip_hdr(skb)->protocol;
	int raw, ret;

	(void)sk;
	/* The transport finds its own header at skb->data. */
	__skb_pull(skb, skb_network_header_len(skb));

resubmit:
	raw = raw_local_deliver(skb, protocol);

	ipprot = inet_protos[protocol];
	if (ipprot) {
		if (!ipprot->no_policy) {
			if (!xfrm4_policy_check(NULL, XFRM_POLICY_IN, skb)) {
				kfree_skb_reason(skb, SKB_DROP_REASON_XFRM_POLICY);
				return 0;
			}
			nf_reset(skb);
		}
		ret = ipprot->handler(skb);
		/* What was inside is another protocol's: a tunnel unpacked it. */
		if (ret < 0) {
			protocol = -ret;
			goto resubmit;
		}
		__IP_INC_STATS(net, IPSTATS_MIB_INDELIVERS);
		return 0;
	}

	if (!raw) {
		if (xfrm4_policy_check(NULL, XFRM_POLICY_IN, skb)) {
			__IP_INC_STATS(net, IPSTATS_MIB_INUNKNOWNPROTOS);
			icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
		}
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_NOPROTO);
	} else {
		__IP_INC_STATS(net, IPSTATS_MIB_INDELIVERS);
		consume_skb(skb);
	}
	return 0;
}

/* The input of routes to ourselves. */
int ip_local_deliver(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	if (ip_is_fragment(ip_hdr(skb))) {
		__IP_INC_STATS(net, IPSTATS_MIB_REASMREQDS);
		__IP_INC_STATS(net, IPSTATS_MIB_REASMFAILS);
		kfree_skb(skb);
		return 0;
	}

	return NF_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN, net, NULL, skb, skb->dev, NULL,
		       ip_local_deliver_finish);
}

/* The packet has options: parse them, obey a source route if that is allowed. true: drop it. */
static inline bool ip_rcv_options(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct ip_options *opt;
	const struct iphdr *iph;

	/* Options are changed in place (timestamps, record route), so others must not share them. */
	if (skb_cow(skb, skb_headroom(skb))) {
		__IP_INC_STATS(dev_net(dev), IPSTATS_MIB_INDISCARDS);
		return true;
	}

	iph = ip_hdr(skb);
	opt = &(IPCB(skb)->opt);
	opt->optlen = iph->ihl * 4 - sizeof(struct iphdr);

	if (ip_options_compile(dev_net(dev), opt, skb)) {
		__IP_INC_STATS(dev_net(dev), IPSTATS_MIB_INHDRERRORS);
		return true;
	}

	if (unlikely(opt->srr)) {
		struct in_device *in_dev = __in_dev_get_rcu(dev);

		if (in_dev && !IN_DEV_SOURCE_ROUTE(in_dev))
			return true;
		if (ip_options_rcv_srr(skb))
			return true;
	}
	return false;
}

/*
 * Find out whom the packet is for, and give it there. Consumes @skb. NET_RX_DROP or what the
 * receiver says.
 */
static int ip_rcv_finish(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	const struct iphdr *iph = ip_hdr(skb);
	struct rtable *rt;

	(void)sk;
	/*
	 * Look for a socket first: an established one remembers the route of its last packet,
	 * which saves the lookup.
	 */
	if (net->ipv4.sysctl_ip_early_demux && !skb_dst(skb) && !skb->sk && !ip_is_fragment(iph)) {
		const struct net_protocol *ipprot = inet_protos[iph->protocol];

		if (ipprot && ipprot->early_demux) {
			ipprot->early_demux(skb);
			/* the header may have moved */
			iph = ip_hdr(skb);
		}
	}

	if (!skb_valid_dst(skb)) {
		int err = ip_route_input_noref(skb, iph->daddr, iph->saddr, iph->tos, skb->dev);

		if (unlikely(err)) {
			reason = SKB_DROP_REASON_IP_INVALID_SOURCE;
			if (err == -EXDEV) {
				reason = SKB_DROP_REASON_IP_RPFILTER;
				__NET_INC_STATS(net, LINUX_MIB_IPRPFILTER);
			}
			goto drop;
		}
	}

	if (iph->ihl > 5 && ip_rcv_options(skb)) {
		reason = SKB_DROP_REASON_IP_INHDR;
		goto drop;
	}

	rt = skb_rtable(skb);
	if (rt->rt_type == RTN_MULTICAST) {
		__IP_UPD_PO_STATS(net, IPSTATS_MIB_INMCAST, skb->len);
	} else if (rt->rt_type == RTN_BROADCAST) {
		__IP_UPD_PO_STATS(net, IPSTATS_MIB_INBCAST, skb->len);
	} else if (skb->pkt_type == PACKET_BROADCAST || skb->pkt_type == PACKET_MULTICAST) {
		/* A unicast packet in a broadcast frame: a trick against a hotspot's clients. */
		struct in_device *in_dev = __in_dev_get_rcu(skb->dev);

		if (in_dev && IN_DEV_ORCONF(in_dev, DROP_UNICAST_IN_L2_MULTICAST)) {
			reason = SKB_DROP_REASON_UNICAST_IN_L2_MULTICAST;
			goto drop;
		}
	}

	return dst_input(skb);

drop:
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}

/**
 * ip_rcv() - a frame with EtherType IPv4 came in
 * @skb: its payload, network header set; consumed
 * @dev: device it came in on
 * @pt: our entry in the table of receivers
 * @orig_dev: the device below, where one stands on another
 *
 * Return: NET_RX_DROP, or what the receiver says.
 */
int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	   struct net_device *orig_dev)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	const struct iphdr *iph;
	struct net *net;
	u32 len;

	(void)pt;
	(void)orig_dev;
	/* A listening (promiscuous) device shows us frames that are not for us. */
	if (skb->pkt_type == PACKET_OTHERHOST) {
		reason = SKB_DROP_REASON_OTHERHOST;
		goto drop;
	}

	net = dev_net(dev);
	__IP_UPD_PO_STATS(net, IPSTATS_MIB_IN, skb->len);

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		__IP_INC_STATS(net, IPSTATS_MIB_INDISCARDS);
		return NET_RX_DROP;
	}

	if (!pskb_may_pull(skb, sizeof(struct iphdr)))
		goto inhdr_error;

	iph = ip_hdr(skb);

	if (iph->ihl < 5 || iph->version != 4)
		goto inhdr_error;

	/* The four ECN counters stand in the order of the two bits. */
	__IP_ADD_STATS(net, IPSTATS_MIB_NOECTPKTS + (iph->tos & INET_ECN_MASK),
		       max_t(unsigned short, 1, skb_shinfo(skb)->gso_segs));

	if (!pskb_may_pull(skb, iph->ihl * 4))
		goto inhdr_error;

	iph = ip_hdr(skb);

	if (unlikely(ip_fast_csum((const u8 *)iph, iph->ihl)))
		goto csum_error;

	len = ntohs(iph->tot_len);
	if (skb->len < len) {
		reason = SKB_DROP_REASON_PKT_TOO_SMALL;
		__IP_INC_STATS(net, IPSTATS_MIB_INTRUNCATEDPKTS);
		goto drop;
	} else if (len < (u32)(iph->ihl * 4)) {
		goto inhdr_error;
	}

	/* Ethernet pads short frames; what is behind tot_len is not part of the packet. */
	if (pskb_trim_rcsum(skb, len)) {
		__IP_INC_STATS(net, IPSTATS_MIB_INDISCARDS);
		goto drop;
	}

	skb->transport_header = skb->network_header + iph->ihl * 4;

	/* Whoever had the packet before may have left notes of another kind. */
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	IPCB(skb)->iif = skb->skb_iif;

	/* From here on it does not count against its sender any more. */
	skb_orphan(skb);

	return NF_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING, net, NULL, skb, dev, NULL, ip_rcv_finish);

csum_error:
	reason = SKB_DROP_REASON_IP_CSUM;
	__IP_INC_STATS(net, IPSTATS_MIB_CSUMERRORS);
inhdr_error:
	if (reason == SKB_DROP_REASON_NOT_SPECIFIED)
		reason = SKB_DROP_REASON_IP_INHDR;
	__IP_INC_STATS(net, IPSTATS_MIB_INHDRERRORS);
drop:
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}
