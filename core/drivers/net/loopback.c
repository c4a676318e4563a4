/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lo (drivers/net/loopback.c): what is sent to ourselves comes back as received.
 * The checksum is declared right, as the bytes never leave this memory.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <net/dst.h>
#include <net/net_namespace.h>

static netdev_tx_t loopback_xmit(struct sk_buff *skb, struct net_device *dev)
{
	skb_orphan(skb);
	/* A borrowed route would be gone when the softirq looks at it. */
	skb_dst_force(skb);
	skb->protocol = eth_type_trans(skb, dev);
	dev->stats.rx_packets++;
	dev->stats.rx_bytes += skb->len;
	netif_rx(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops loopback_ops = {
	.ndo_start_xmit = loopback_xmit,
};

static void loopback_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &loopback_ops;
	dev->mtu = 64 * 1024;
	dev->type = ARPHRD_LOOPBACK;
	dev->flags = IFF_LOOPBACK;
	dev->tx_queue_len = 0;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_NO_QUEUE;
	dev->priv_flags &= ~(unsigned int)(IFF_XMIT_DST_RELEASE | IFF_XMIT_DST_RELEASE_PERM);
	dev->features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_LLTX | NETIF_F_LOOPBACK |
			NETIF_F_VLAN_CHALLENGED | NETIF_F_NETNS_LOCAL;
	memset(dev->broadcast, 0, sizeof(dev->broadcast));
}

/* Always ifindex 1, and up; 0 or -errno. */
int loopback_init(void)
{
	struct net_device *dev = alloc_netdev(0, "lo", "", loopback_setup);
	int err;

	if (!dev)
		return -ENOMEM;
	init_net.loopback_dev = dev;
	err = register_netdevice(dev);
	if (err) {
		init_net.loopback_dev = NULL;
		free_netdev(dev);
		return err;
	}
	return dev_open(dev);
}

/* The last device to go, when nothing is left that could hold a route. */
void loopback_exit(void)
{
	struct net_device *dev = init_net.loopback_dev;

	if (!dev)
		return;
	init_net.loopback_dev = NULL;
	unregister_netdevice(dev);
	free_netdev(dev);
}
