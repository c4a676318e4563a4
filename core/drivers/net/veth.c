/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * veth (drivers/net/veth.c): two devices back to back, as containers have them. What one half is
 * told to send, the other half has received before the call returns: there is no wire between
 * them, only a queue of the same CPU, served as soon as the sender lets softirqs run again.
 *
 * That is how a SYN-ACK can arrive while tcp_connect() still runs. Its socket is owned then, so it
 * goes to the backlog, and release_sock() finds it there.
 *
 * Of the pair this world has one half. The other stands in another namespace; whoever lives there
 * is the @far_end of core_add_veth(), and what it sends comes in through veth_inject(). It has as
 * much time as it likes: nothing else moves meanwhile.
 */
#include <linux/clockchips.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tapdev.h>
#include <linux/timekeeping.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

/* What the other half can do for a sender: all that it has not to do, because nothing is sent. */
#define VETH_FEATURES                                                                          \
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | NETIF_F_RXCSUM | NETIF_F_SCTP_CRC | \
	 NETIF_F_HIGHDMA | NETIF_F_GSO_SOFTWARE | NETIF_F_GSO_ENCAP_ALL |                      \
	 NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_HW_VLAN_STAG_TX |         \
	 NETIF_F_HW_VLAN_STAG_RX)

/**
 * struct veth_priv - one half
 * @dev: the device
 * @far_end: who lives behind the other half
 * @ctx: the far end's own
 */
struct veth_priv {
	struct net_device *dev;
	void (*far_end)(void *ctx, const void *frame, size_t len);
	void *ctx;
};

/* A frame of the far end that is not there yet. */
struct veth_frame {
	struct clock_event event;
	struct net_device *dev;
	size_t len;
	u8 data[];
};

static bool is_veth(const struct net_device *dev);

/* ---- what is sent ---- */

/* Would a cable take it? Segments of a large packet are as long as they will be when cut. */
static bool is_skb_forwardable(const struct net_device *dev, const struct sk_buff *skb)
{
	return (dev->flags & IFF_UP) &&
	       (skb->len <= dev->mtu + dev->hard_header_len || skb_is_gso(skb));
}

/* Nothing that was known of the packet on this side may be known on the other. */
static void skb_scrub_packet(struct sk_buff *skb, bool xnet)
{
	skb->pkt_type = PACKET_HOST;
	skb->skb_iif = 0;
	skb_dst_drop(skb);
	secpath_reset(skb);
	nf_reset(skb);
	nf_reset_trace(skb);
	if (!xnet)
		return;
	/* To the sender it is sent: the other namespace may keep it for long. */
	skb_orphan(skb);
	skb->mark = 0;
}

/* One frame, its checksum as it would be on a cable. NET_RX_*; @skb is gone. */
static int veth_deliver(struct veth_priv *priv, struct sk_buff *skb)
{
	if ((skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb)) || skb_linearize(skb)) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	priv->far_end(priv->ctx, skb->data, skb->len);
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

/* A packet larger than the MTU: the far end sees the segments that it stands for. */
static int veth_deliver_segments(struct veth_priv *priv, struct sk_buff *skb)
{
	struct sk_buff *segs = skb_gso_segment(skb, 0), *next;
	int ret = NET_RX_SUCCESS;

	if (IS_ERR_OR_NULL(segs)) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	consume_skb(skb);
	for (; segs; segs = next) {
		next = segs->next;
		segs->next = NULL;
		if (veth_deliver(priv, segs) != NET_RX_SUCCESS)
			ret = NET_RX_DROP;
	}
	return ret;
}

/* Makes a packet that was sent one that is received. NET_RX_DROP: @skb is gone. */
static int __dev_forward_skb(struct net_device *dev, struct sk_buff *skb)
{
	if (!is_skb_forwardable(dev, skb)) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	skb_scrub_packet(skb, true);
	skb->priority = 0;
	skb->protocol = eth_type_trans(skb, dev);
	skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
	return NET_RX_SUCCESS;
}

/* Hands a frame over. NET_RX_SUCCESS, or NET_RX_DROP; @skb is gone either way. */
static int dev_forward_skb(struct veth_priv *priv, struct sk_buff *skb)
{
	if (__dev_forward_skb(priv->dev, skb) != NET_RX_SUCCESS)
		return NET_RX_DROP;
	/* What follows is the far end's, which gets the whole frame. */
	skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	return skb_is_gso(skb) ? veth_deliver_segments(priv, skb) : veth_deliver(priv, skb);
}

/* A frame that the other half did not take is lost, and the sender is not told. */
static netdev_tx_t veth_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct veth_priv *priv = netdev_priv(dev);
	unsigned int length = skb->len;

	if (dev_forward_skb(priv, skb) == NET_RX_SUCCESS) {
		dev->stats.tx_packets++;
		dev->stats.tx_bytes += length;
	} else {
		dev->stats.tx_dropped++;
	}
	return NETDEV_TX_OK;
}

/* ---- what is received ---- */

/* As the other half's veth_xmit() does it. -ENOMEM */
static int veth_receive(struct net_device *dev, const void *frame, size_t len)
{
	struct sk_buff *skb =
		alloc_skb((unsigned int)max_t(size_t, len, MAX_TCP_HEADER), GFP_ATOMIC);

	if (!skb)
		return -ENOMEM;
	/* The room that a kernel on the other side leaves in front of a segment without data. */
	if (len < MAX_TCP_HEADER)
		skb_reserve(skb, (int)(MAX_TCP_HEADER - len));
	memcpy(skb_put(skb, (unsigned int)len), frame, len);
	skb->protocol = eth_type_trans(skb, dev);
	dev->stats.rx_packets++;
	dev->stats.rx_bytes += len;
	/* Within a call that sends, its end will serve the softirq that this raises. */
	if (in_interrupt())
		netif_rx(skb);
	else
		netif_rx_ni(skb);
	return 0;
}

static void veth_arrive(struct clock_event *evt)
{
	struct veth_frame *f = container_of(evt, struct veth_frame, event);

	veth_receive(f->dev, f->data, f->len);
	kfree(f);
}

int veth_inject(const char *ifname, const void *frame, size_t len, u64 delay_ns)
{
	struct net_device *dev = __dev_get_by_name(&init_net, ifname);
	struct veth_frame *f;

	if (!dev || !is_veth(dev))
		return -ENODEV;
	if (len < ETH_HLEN || len > dev->mtu + ETH_HLEN)
		return -EMSGSIZE;
	if (!delay_ns && in_interrupt())
		return veth_receive(dev, frame, len);
	f = kmalloc(sizeof(*f) + len, GFP_ATOMIC);
	if (!f)
		return -ENOMEM;
	f->dev = dev;
	f->len = len;
	memcpy(f->data, frame, len);
	clockevents_program_event(&f->event, clock_ns + delay_ns, veth_arrive);
	return 0;
}

/* ---- the device ---- */

static const struct net_device_ops veth_netdev_ops = {
	.ndo_start_xmit = veth_xmit,
	.ndo_features_check = passthru_features_check,
};

static bool is_veth(const struct net_device *dev)
{
	return dev->netdev_ops == &veth_netdev_ops;
}

/* No queue: there is nothing that could be busy. */
static void veth_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &veth_netdev_ops;
	dev->priv_flags &= ~(unsigned int)IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_NO_QUEUE;
	dev->features = NETIF_F_LLTX | VETH_FEATURES;
	dev->vlan_features = dev->features & ~(NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX |
					       NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_HW_VLAN_STAG_RX);
	dev->hw_features = VETH_FEATURES;
	dev->hw_enc_features = VETH_FEATURES;
}

/* Up at once. -EINVAL, -EEXIST, -ENOMEM. */
int veth_add(const char *ifname, const u8 *mac, int mtu,
	     void (*far_end)(void *ctx, const void *frame, size_t len), void *ctx)
{
	struct net_device *dev;
	struct veth_priv *priv;
	int err;

	if (!is_valid_ether_addr(mac) || mtu < 68 || mtu > 65535 ||
	    strnlen(ifname, IFNAMSIZ) == IFNAMSIZ)
		return -EINVAL;
	dev = alloc_netdev(sizeof(struct veth_priv), ifname, "veth_priv", veth_setup);
	if (!dev)
		return -ENOMEM;
	memcpy(dev->dev_addr, mac, ETH_ALEN);
	dev->mtu = (unsigned int)mtu;
	priv = netdev_priv(dev);
	priv->dev = dev;
	priv->far_end = far_end;
	priv->ctx = ctx;
	err = register_netdevice(dev);
	if (err) {
		free_netdev(dev);
		return err;
	}
	return dev_open(dev);
}
