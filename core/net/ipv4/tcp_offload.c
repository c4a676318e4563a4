/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cutting large packets, the parts of IPv4 and TCP; see net/core/gso.c.
 *
 * IPv4 gives each piece its length and its own identification; TCP the sequence number, the flags
 * that belong to the first or the last, and the checksum.
 *
 * Origin: net/ipv4/tcp_offload.c, inet_gso_segment() of net/ipv4/af_inet.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/inet_common.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/tcp.h>

const struct net_offload *inet_offloads[MAX_INET_PROTOS];

/*
 * Bring the pieces' checksum to an end: the device does the rest, or it is summed up here.  The
 * field holds the pseudo header's sum.
 */
static void tcp_gso_checksum(struct sk_buff *skb, struct tcphdr *th)
{
	int offset = skb_transport_offset(skb);

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return;
	th->check = csum_fold(skb_checksum(skb, offset, (int)skb->len - offset, 0));
}

/*
 * Every piece must be charged to the socket, or small queues (TSQ) would count one packet where
 * many are under way.  The pieces get the socket, the whole is released from it; what the pieces
 * weigh more is added.
 */
static void tcp_gso_charge(struct sk_buff *gso_skb, struct sk_buff *segs)
{
	unsigned int sum_truesize = 0;
	struct sk_buff *skb;

	for (skb = segs; skb; skb = skb->next) {
		skb->destructor = gso_skb->destructor;
		skb->sk = gso_skb->sk;
		sum_truesize += skb->truesize;
	}
	atomic_add((int)(sum_truesize - gso_skb->truesize), &gso_skb->sk->sk_wmem_alloc);
	gso_skb->destructor = NULL;
	gso_skb->sk = NULL;
}

/**
 * tcp_gso_segment - cut a TCP packet
 * @skb: data at the TCP header; stays the caller's
 * @features: what the device can do
 *
 * A piece's pseudo header differs from the whole's in the length alone, so its sum is the whole's
 * plus the difference (RFC 1624): one addition serves all pieces but the last.
 *
 * Return: the pieces; NULL if the device can cut it by itself; ERR_PTR: -EINVAL, -ENOMEM.
 */
struct sk_buff *tcp_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	struct sk_buff *gso_skb = skb, *segs;
	unsigned int mss = skb_shinfo(skb)->gso_size, thlen;
	bool ooo_okay = skb->ooo_okay;
	struct tcphdr *th = tcp_hdr(skb);
	__sum16 newcheck;
	u32 seq, oldlen;
	__be32 delta;

	thlen = th->doff * 4u;
	if (thlen < sizeof(*th) || !pskb_may_pull(skb, thlen))
		return ERR_PTR(-EINVAL);

	oldlen = (u16)~skb->len;
	__skb_pull(skb, thlen);
	if (skb->len <= mss)
		return ERR_PTR(-EINVAL);
	if (skb_gso_ok(skb, features | NETIF_F_GSO_ROBUST)) {
		/* Only counted wrongly: the number of pieces came from somebody else. */
		skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(skb->len, mss);
		return NULL;
	}

	segs = skb_segment(skb, features);
	if (IS_ERR(segs))
		return segs;
	segs->ooo_okay = ooo_okay;

	delta = htonl(oldlen + (thlen + mss));
	skb = segs;
	th = tcp_hdr(skb);
	seq = ntohl(th->seq);
	newcheck = (__sum16)~csum_fold(csum_add(csum_unfold(th->check), delta));

	while (skb->next) {
		/* FIN and PSH are for the last byte, CWR for the first. */
		th->fin = th->psh = 0;
		th->check = newcheck;
		tcp_gso_checksum(skb, th);

		seq += mss;
		skb = skb->next;
		skb->ooo_okay = 0;
		th = tcp_hdr(skb);
		th->seq = htonl(seq);
		th->cwr = 0;
	}

	delta = htonl(oldlen + (u32)(skb_tail_pointer(skb) - skb_transport_header(skb)));
	th->check = (__sum16)~csum_fold(csum_add(csum_unfold(th->check), delta));
	tcp_gso_checksum(skb, th);

	if (gso_skb->destructor == tcp_wfree)
		tcp_gso_charge(gso_skb, segs);
	return segs;
}

/* struct net_offload.gso_segment: make sure that the pseudo header's sum stands in its place. */
static struct sk_buff *tcp4_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	if (!pskb_may_pull(skb, sizeof(struct tcphdr)))
		return ERR_PTR(-EINVAL);

	if (unlikely(skb->ip_summed != CHECKSUM_PARTIAL)) {
		const struct iphdr *iph = ip_hdr(skb);

		skb->ip_summed = CHECKSUM_PARTIAL;
		__tcp_v4_send_check(skb, iph->saddr, iph->daddr);
	}
	return tcp_gso_segment(skb, features);
}

/**
 * inet_gso_segment - cut an IPv4 packet
 * @skb: data at the IP header; stays the caller's
 * @features: what the device can do
 *
 * ip_select_ident_segs() has set aside as many identifications as there are pieces.
 *
 * Return: as tcp_gso_segment(); ERR_PTR(-EPROTONOSUPPORT) if the transport cannot be cut.
 */
struct sk_buff *inet_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	struct sk_buff *segs = ERR_PTR(-EPROTONOSUPPORT);
	const struct net_offload *ops;
	struct iphdr *iph;
	int nhoff, ihl;
	u16 id;

	skb_reset_network_header(skb);
	nhoff = (int)(skb_network_header(skb) - skb_mac_header(skb));
	if (!pskb_may_pull(skb, sizeof(*iph)))
		return ERR_PTR(-EINVAL);

	iph = ip_hdr(skb);
	ihl = iph->ihl * 4;
	if (ihl < (int)sizeof(*iph) || !pskb_may_pull(skb, (unsigned int)ihl))
		return ERR_PTR(-EINVAL);
	id = ntohs(iph->id);
	__skb_pull(skb, (unsigned int)ihl);
	skb_reset_transport_header(skb);

	ops = inet_offloads[iph->protocol];
	if (ops && ops->gso_segment)
		segs = ops->gso_segment(skb, features);
	if (IS_ERR_OR_NULL(segs))
		return segs;

	for (skb = segs; skb; skb = skb->next) {
		iph = ip_hdr(skb);
		iph->id = htons(id++);
		iph->tot_len = htons(skb->len - (unsigned int)nhoff);
		ip_send_check(iph);
	}
	return segs;
}

static const struct net_offload tcpv4_offload = { .gso_segment = tcp4_gso_segment };

static struct packet_offload ip_packet_offload = { .gso_segment = inet_gso_segment };

/* At boot, after the device layer. */
void ipv4_offload_init(void)
{
	memset(inet_offloads, 0, sizeof(inet_offloads));
	inet_offloads[IPPROTO_TCP] = &tcpv4_offload;
	ip_packet_offload.type = htons(ETH_P_IP);
	dev_add_offload(&ip_packet_offload);
}
