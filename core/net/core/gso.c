/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/core/skbuff.c */
/*
 * Segmentation in software: one large packet becomes packets that fit.
 *
 * Theory of operation
 *
 * A sender that has much to say builds packets of many segments (skb_shinfo(skb)->gso_size says how
 * long each is to be) and sends each through TCP, IP and the queue as one: the way costs a packet,
 * not a byte.  At the last moment, before the driver, it is cut, if the device cannot do that
 * itself.  Every layer knows only its own header, so cutting goes down the layers again: IP's
 * callback, and inside it TCP's, which has skb_segment() do the copying; then TCP corrects the
 * headers of all pieces, and on the way back up IP does.
 *
 * ip_finish_output_gso() does it earlier, if even the pieces would not fit the path.
 *
 * A packet here lies in one buffer, so cutting is copying; the kernel shares pages instead.
 *
 * Origin: __skb_gso_segment() and skb_mac_gso_segment() of net/core/dev.c, skb_segment() and
 * skb_gso_network_seglen() of net/core/skbuff.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <net/ip.h>

/* Who cuts which link payload, by EtherType. */
static struct list_head offload_base;

/* Registers a protocol's callbacks; @po lives until dev_remove_offload(). */
void dev_add_offload(struct packet_offload *po)
{
	list_add_tail(&po->list, &offload_base);
}

void dev_remove_offload(struct packet_offload *po)
{
	list_del(&po->list);
}

void dev_offload_init(void)
{
	INIT_LIST_HEAD(&offload_base);
}

/*
 * Let the protocol above the link header cut @skb; data is at the link header and is there again
 * afterwards.  The pieces, or ERR_PTR(-EPROTONOSUPPORT).
 */
struct sk_buff *skb_mac_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	struct sk_buff *segs = ERR_PTR(-EPROTONOSUPPORT);
	struct packet_offload *ptype;

	__skb_pull(skb, skb->mac_len);
	list_for_each_entry(ptype, &offload_base, list) {
		if (ptype->type == skb->protocol) {
			segs = ptype->gso_segment(skb, features);
			break;
		}
	}
	__skb_push(skb, (unsigned int)(skb->data - skb_mac_header(skb)));
	return segs;
}

/**
 * __skb_gso_segment - cut a packet
 * @skb: the packet, data at its link or network header; stays the caller's
 * @features: what the device can do
 * @tx_path: it is being sent
 *
 * Return: the pieces, linked by ->next, the last in the first one's ->prev; ERR_PTR: -ENOMEM,
 * -EINVAL for one that needs no cutting, -EPROTONOSUPPORT.
 */
struct sk_buff *__skb_gso_segment(struct sk_buff *skb, netdev_features_t features, bool tx_path)
{
	int err;

	(void)tx_path;
	/* A clone's header is somebody else's too. */
	err = skb_cow_head(skb, 0);
	if (err < 0)
		return ERR_PTR(err);

	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	return skb_mac_gso_segment(skb, features);
}

/* One piece: @hlen bytes of headers, then @len of the payload from @offset on.  NULL: no memory. */
static struct sk_buff *skb_segment_one(struct sk_buff *head_skb, unsigned int hlen,
				       unsigned int offset, unsigned int len)
{
	unsigned int headroom =
		skb_headroom(head_skb) - (unsigned int)(head_skb->data - skb_mac_header(head_skb));
	const unsigned char *from = skb_mac_header(head_skb);
	struct sk_buff *nskb = alloc_skb(headroom + hlen + len, GFP_ATOMIC);

	if (!nskb)
		return NULL;
	__copy_skb_header(nskb, head_skb);
	skb_reserve(nskb, (int)headroom);
	memcpy(skb_put(nskb, hlen), from, hlen);
	memcpy(skb_put(nskb, len), from + hlen + offset, len);

	/* The headers lie at the same offsets from the start of the link header. */
	nskb->mac_header = (sk_buff_data_t)(nskb->data - nskb->head);
	nskb->mac_len = head_skb->mac_len;
	nskb->network_header = nskb->mac_header + (head_skb->network_header - head_skb->mac_header);
	nskb->transport_header =
		nskb->mac_header + (head_skb->transport_header - head_skb->mac_header);
	return nskb;
}

/**
 * skb_segment - copy a packet into pieces of gso_size bytes
 * @head_skb: the packet, data at its payload; stays the caller's
 * @features: what the device can do: without checksums for this protocol, the pieces get theirs
 *
 * Return: the pieces, as __skb_gso_segment(); all headers are those of the whole.  ERR_PTR(-ENOMEM).
 */
struct sk_buff *skb_segment(struct sk_buff *head_skb, netdev_features_t features)
{
	unsigned int mss = skb_shinfo(head_skb)->gso_size;
	unsigned int hlen = (unsigned int)(head_skb->data - skb_mac_header(head_skb));
	unsigned int offset = 0, total = head_skb->len;
	struct sk_buff *segs = NULL, *tail = NULL;

	do {
		unsigned int len = min(total - offset, mss);
		struct sk_buff *nskb = skb_segment_one(head_skb, hlen, offset, len);

		if (!nskb) {
			kfree_skb_list(segs);
			return ERR_PTR(-ENOMEM);
		}
		if (segs)
			tail->next = nskb;
		else
			segs = nskb;
		tail = nskb;
		if (features & NETIF_F_CSUM_MASK) {
			nskb->ip_summed = CHECKSUM_PARTIAL;
			nskb->csum_start = nskb->transport_header;
			nskb->csum_offset = head_skb->csum_offset;
		} else {
			nskb->ip_summed = CHECKSUM_NONE;
		}
		offset += len;
	} while (offset < total);
	segs->prev = tail;
	return segs;
}

/* Bytes of the transport header and one piece's payload. */
unsigned int skb_gso_transport_seglen(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	unsigned int thlen = 0;

	if (shinfo->gso_type & SKB_GSO_TCPV4)
		thlen = tcp_hdrlen(skb);
	return thlen + shinfo->gso_size;
}

/* And with the network header: what has to fit an MTU. */
static unsigned int skb_gso_network_seglen(const struct sk_buff *skb)
{
	unsigned int hdr_len = (unsigned int)(skb_transport_header(skb) - skb_network_header(skb));

	return hdr_len + skb_gso_transport_seglen(skb);
}

/* Will every piece fit @mtu bytes? */
bool skb_gso_validate_mtu(const struct sk_buff *skb, unsigned int mtu)
{
	return skb_gso_network_seglen(skb) <= mtu;
}
