/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The target REJECT: a drop that its sender hears of, by an ICMP error or by a RST in the name of
 * the destination (net/ipv4/netfilter/{ipt_REJECT,nf_reject_ipv4}.c of v4.9).
 *
 * On OUTPUT the sender is ourselves. The RST's source is a foreign address, so it is routed with
 * FLOWI_FLAG_ANYSRC, goes out by the loopback device, and comes back in to the connecting socket.
 */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/icmp.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/iptable_filter.h>
#include <net/route.h>
#include <net/tcp.h>

/* The RST to answer @oth with (RFC 793, 3.4): it acknowledges what cannot be acknowledged already. */
static void nf_reject_ip_tcphdr_put(struct sk_buff *nskb, const struct sk_buff *oldskb,
				    const struct tcphdr *oth, __be32 saddr, __be32 daddr)
{
	struct tcphdr *tcph = (struct tcphdr *)skb_put(nskb, sizeof(*tcph));

	skb_reset_transport_header(nskb);
	memset(tcph, 0, sizeof(*tcph));
	tcph->source = oth->dest;
	tcph->dest = oth->source;
	tcph->doff = sizeof(*tcph) / 4;
	if (oth->ack) {
		tcph->seq = oth->ack_seq;
	} else {
		tcph->ack_seq = htonl(ntohl(oth->seq) + oth->syn + oth->fin + oldskb->len -
				      ip_hdrlen(oldskb) - (oth->doff << 2));
		tcph->ack = 1;
	}
	tcph->rst = 1;
	tcph->check = csum_tcpudp_magic(saddr, daddr, sizeof(*tcph), IPPROTO_TCP,
					csum_partial(tcph, sizeof(*tcph), 0));
}

/* A RST back to the sender of @oldskb. Best effort. */
static void nf_send_reset(struct net *net, struct sk_buff *oldskb)
{
	const struct iphdr *oiph = ip_hdr(oldskb);
	const struct tcphdr *oth = (const struct tcphdr *)((const u8 *)oiph + oiph->ihl * 4);
	struct sk_buff *nskb;
	struct iphdr *niph;
	struct flowi4 fl4;
	struct rtable *rt;

	if (skb_rtable(oldskb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
		return;
	/* Neither to a fragment, nor to another RST. */
	if (oiph->protocol != IPPROTO_TCP || (oiph->frag_off & htons(IP_OFFSET)) || oth->rst)
		return;

	memset(&fl4, 0, sizeof(fl4));
	fl4.daddr = oiph->saddr;
	fl4.saddr = oiph->daddr;
	fl4.flowi4_flags = FLOWI_FLAG_ANYSRC;
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return;

	nskb = alloc_skb(sizeof(struct iphdr) + sizeof(struct tcphdr) + MAX_HEADER, GFP_ATOMIC);
	if (!nskb) {
		ip_rt_put(rt);
		return;
	}
	skb_dst_set(nskb, &rt->dst);
	skb_reserve(nskb, MAX_HEADER);
	skb_reset_network_header(nskb);
	niph = (struct iphdr *)skb_put(nskb, sizeof(*niph));
	memset(niph, 0, sizeof(*niph));
	niph->version = 4;
	niph->ihl = sizeof(*niph) / 4;
	niph->frag_off = htons(IP_DF);
	niph->protocol = IPPROTO_TCP;
	niph->saddr = oiph->daddr;
	niph->daddr = oiph->saddr;
	niph->ttl = ip4_dst_hoplimit(&rt->dst);
	nf_reject_ip_tcphdr_put(nskb, oldskb, oth, niph->saddr, niph->daddr);
	ip_local_out(net, NULL, nskb);
}

/*
 * Tell the sender of @skb, which the caller drops. @with: IPT_TCP_RESET, or 1 plus the code of a
 * "destination unreachable". @hook: NF_INET_LOCAL_IN or NF_INET_LOCAL_OUT.
 */
void reject_tg(struct net *net, struct sk_buff *skb, int with, unsigned int hook)
{
	(void)hook;
	if (with == IPT_TCP_RESET)
		nf_send_reset(net, skb);
	else
		icmp_send(skb, ICMP_DEST_UNREACH, with - 1, 0);
}
