/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ethernet's header, written and read (net/ethernet/eth.c): destination,
 * source, EtherType; 14 bytes.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <net/neighbour.h>

/*
 * eth_header - puts the header in front of data
 * @type: EtherType, host order; below ETH_P_802_3_MIN @len is written instead
 * @saddr: NULL: the device's own
 * Returns ETH_HLEN, or -ETH_HLEN when @daddr is NULL and the destination is
 * still to be filled in.
 */
int eth_header(struct sk_buff *skb, struct net_device *dev, unsigned short type, const void *daddr,
	       const void *saddr, unsigned int len)
{
	struct ethhdr *eth = (struct ethhdr *)skb_push(skb, ETH_HLEN);

	if (type != ETH_P_802_3 && type != ETH_P_802_2)
		eth->h_proto = htons(type);
	else
		eth->h_proto = htons(len);
	if (!saddr)
		saddr = dev->dev_addr;
	memcpy(eth->h_source, saddr, ETH_ALEN);
	if (daddr) {
		memcpy(eth->h_dest, daddr, ETH_ALEN);
		return ETH_HLEN;
	}
	/* Without ARP nobody will look at the address: zeroes will do. */
	if (dev->flags & (IFF_LOOPBACK | IFF_NOARP)) {
		eth_zero_addr(eth->h_dest);
		return ETH_HLEN;
	}
	return -ETH_HLEN;
}

/* The frame came with a group address: of all, or of some. */
static void eth_group_type(struct sk_buff *skb, const struct net_device *dev,
			   const struct ethhdr *eth)
{
	if (ether_addr_equal_64bits(eth->h_dest, dev->broadcast))
		skb->pkt_type = PACKET_BROADCAST;
	else
		skb->pkt_type = PACKET_MULTICAST;
}

static inline bool netdev_uses_dsa(struct net_device *dev)
{
	(void)dev;
	return false;
}

/*
 * eth_type_trans - reads the header of a received frame and pulls it off
 * Sets pkt_type (for us, for all, for somebody else). Returns what the payload
 * is: the EtherType, network order, or ETH_P_802_3/_802_2 for a length field.
 */
__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev)
{
	const struct ethhdr *eth;
	const unsigned short *sap;
	unsigned short _service_access_point;

	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb_pull_inline(skb, ETH_HLEN);
	eth = eth_hdr(skb);
	if (unlikely(is_multicast_ether_addr_64bits(eth->h_dest)))
		eth_group_type(skb, dev, eth);
	else if (unlikely(!ether_addr_equal_64bits(eth->h_dest, dev->dev_addr)))
		skb->pkt_type = PACKET_OTHERHOST;

	if (unlikely(netdev_uses_dsa(dev)))
		return 0;
	if (likely(eth_proto_is_802_3(eth->h_proto)))
		return eth->h_proto;
	/* Novell's raw 802.3 has its checksum field, all ones, where 802.2 has its SAPs. */
	sap = skb_header_pointer(skb, 0, sizeof(*sap), &_service_access_point);
	if (sap && *sap == 0xffff)
		return htons(ETH_P_802_3);
	return htons(ETH_P_802_2);
}

/* Copies the sender's address out of a received frame; its length. */
int eth_header_parse(const struct sk_buff *skb, unsigned char *haddr)
{
	memcpy(haddr, eth_hdr(skb)->h_source, ETH_ALEN);
	return ETH_ALEN;
}

/*
 * Builds a neighbour's header once, so that sending to it again is a copy. It
 * ends at a multiple of 16 bytes, the copy is then one of whole words. 0, or -1
 * for a type that cannot be cached.
 */
int eth_header_cache(const struct neighbour *neigh, struct hh_cache *hh, __be16 type)
{
	const struct net_device *dev = neigh->dev;
	struct ethhdr *eth;

	if (type == htons(ETH_P_802_3))
		return -1;
	eth = (struct ethhdr *)((u8 *)hh->hh_data + HH_DATA_OFF(sizeof(*eth)));
	eth->h_proto = type;
	memcpy(eth->h_source, dev->dev_addr, ETH_ALEN);
	memcpy(eth->h_dest, neigh->ha, ETH_ALEN);
	hh->hh_len = ETH_HLEN;
	return 0;
}

void eth_header_cache_update(struct hh_cache *hh, const struct net_device *dev,
			     const unsigned char *haddr)
{
	(void)dev;
	memcpy((u8 *)hh->hh_data + HH_DATA_OFF(sizeof(struct ethhdr)), haddr, ETH_ALEN);
}

static const struct header_ops eth_header_ops = {
	.create = eth_header,
	.parse = eth_header_parse,
	.cache = eth_header_cache,
	.cache_update = eth_header_cache_update,
};

/* What every Ethernet device has in common. */
void ether_setup(struct net_device *dev)
{
	dev->header_ops = &eth_header_ops;
	dev->type = ARPHRD_ETHER;
	dev->hard_header_len = ETH_HLEN;
	dev->mtu = ETH_DATA_LEN;
	dev->addr_len = ETH_ALEN;
	dev->tx_queue_len = 1000;
	dev->flags = IFF_BROADCAST | IFF_MULTICAST;
	dev->priv_flags |= IFF_TX_SKB_SHARING;
	eth_broadcast_addr(dev->broadcast);
}
