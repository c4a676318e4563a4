/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/core/neighbour.c */
/*
 * Sending to a neighbour: the functions that neigh->output points to.
 *
 * Which of them it is follows from the kind of link and the state of the entry; neighbour.c tells
 * when it changes. Part of net/core/neighbour.c in v4.9.
 */
#include <linux/errno.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <net/dropreason.h>
#include <net/neighbour.h>

/* Build the ready-made hardware header, once. */
static void neigh_hh_init(struct neighbour *n)
{
	struct net_device *dev = n->dev;
	struct hh_cache *hh = &n->hh;

	write_lock_bh(&n->lock);
	if (!hh->hh_len)
		dev->header_ops->cache(n, hh, n->tbl->protocol);
	write_unlock_bh(&n->lock);
}

/**
 * neigh_resolve_output() - send, resolving the address first if need be
 * @neigh: the next hop
 * @skb: the packet, its network header set; consumed
 *
 * Return: 0 queued for the address, or dev_queue_xmit()'s answer; -EINVAL no header could be made.
 */
int neigh_resolve_output(struct neighbour *neigh, struct sk_buff *skb)
{
	struct net_device *dev = neigh->dev;
	int err;

	if (neigh_event_send(neigh, skb))
		return 0;

	if (dev->header_ops->cache && !neigh->hh.hh_len)
		neigh_hh_init(neigh);

	/* A packet from arp_queue may carry a header of an earlier attempt: start over. */
	__skb_pull(skb, skb_network_offset(skb));
	err = dev_hard_header(skb, dev, ntohs(skb->protocol), neigh->ha, NULL, skb->len);
	if (err >= 0)
		return dev_queue_xmit(skb);

	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
	return -EINVAL;
}

/* Send to a proven address whose link keeps no ready-made header. */
int neigh_connected_output(struct neighbour *neigh, struct sk_buff *skb)
{
	struct net_device *dev = neigh->dev;
	int err;

	__skb_pull(skb, skb_network_offset(skb));
	err = dev_hard_header(skb, dev, ntohs(skb->protocol), neigh->ha, NULL, skb->len);
	if (err >= 0)
		return dev_queue_xmit(skb);

	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
	return -EINVAL;
}

/* Send on a link without hardware addresses. */
int neigh_direct_output(struct neighbour *neigh, struct sk_buff *skb)
{
	(void)neigh;
	return dev_queue_xmit(skb);
}
