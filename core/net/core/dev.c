/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device layer (net/core/dev.c), the way down.
 *
 * dev_queue_xmit() hands a packet to the queueing discipline of its device. If
 * the discipline is idle the packet goes straight on: it is made fit for the
 * device (validate_xmit_skb: checksum, features) and given to the driver.
 * Otherwise it is queued, and whoever is sending sends it too.
 *
 * The way up is in dev_input.c, devices themselves (registering, up, down) are
 * in dev_register.c; in the kernel all three are this file.
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <net/dst.h>
#include <net/flow_dissector.h>
#include <net/sch_generic.h>
#include <trace/events.h>

#define XMIT_RECURSION_LIMIT 10

struct softnet_data softnet_data;

static inline void net_timestamp_set(struct sk_buff *skb)
{
	skb->tstamp.tv64 = 0;
	__net_timestamp(skb);
}

/* Taps (ETH_P_ALL) see what is sent as well, each on a clone that looks as if received. */
static void dev_queue_xmit_nit(struct sk_buff *skb, struct net_device *dev)
{
	struct packet_type *ptype;

	list_for_each_entry_rcu(ptype, &ptype_all, list)
	{
		struct sk_buff *skb2;

		if (ptype->dev && ptype->dev != dev)
			continue;
		skb2 = skb_clone(skb, GFP_ATOMIC);
		if (!skb2)
			return;
		net_timestamp_set(skb2);
		skb_reset_mac_header(skb2);
		skb2->transport_header = skb2->network_header;
		skb2->pkt_type = PACKET_OUTGOING;
		ptype->func(skb2, skb->dev, ptype, skb->dev);
	}
}

/* The EtherType under any VLAN tags, network order; @depth: bytes of link header. */
static __be16 __vlan_get_protocol(struct sk_buff *skb, __be16 type, int *depth)
{
	*depth = skb->mac_len;
	return type;
}

static __be16 skb_network_protocol(struct sk_buff *skb, int *depth)
{
	return __vlan_get_protocol(skb, skb->protocol, depth);
}

static inline bool can_checksum_protocol(netdev_features_t features, __be16 protocol)
{
	if (features & NETIF_F_HW_CSUM)
		return true;
	switch (protocol) {
	case htons(ETH_P_IP):
		return !!(features & NETIF_F_IP_CSUM);
	case htons(ETH_P_IPV6):
		return !!(features & NETIF_F_IPV6_CSUM);
	default:
		return false;
	}
}

/* No device here can do anything for MPLS; the question stands where the kernel asks it. */
static netdev_features_t net_mpls_features(struct sk_buff *skb, netdev_features_t features,
					   __be16 type)
{
	(void)skb;
	(void)type;
	return features;
}

/* Takes away what the device cannot do for this protocol. */
/* Does the packet lie where the device's DMA cannot reach? On a 64 bit machine all is within reach. */
static int illegal_highdma(struct net_device *dev, struct sk_buff *skb)
{
	(void)dev;
	(void)skb;
	return 0;
}

static netdev_features_t harmonize_features(struct sk_buff *skb, netdev_features_t features)
{
	int depth;
	__be16 type = skb_network_protocol(skb, &depth);

	features = net_mpls_features(skb, features, type);
	if (skb->ip_summed != CHECKSUM_NONE && !can_checksum_protocol(features, type))
		features &= ~(NETIF_F_CSUM_MASK | NETIF_F_GSO_MASK);
	else if (illegal_highdma(skb->dev, skb))
		features &= ~NETIF_F_SG;
	return features;
}

/* For a device whose features hold for every packet. */
netdev_features_t passthru_features_check(struct sk_buff *skb, struct net_device *dev,
					  netdev_features_t features)
{
	(void)skb;
	(void)dev;
	return features;
}

/* For a device that says nothing of its own. Packets with several VLAN tags would lose some here. */
static netdev_features_t dflt_features_check(const struct sk_buff *skb, struct net_device *dev,
					     netdev_features_t features)
{
	(void)skb;
	(void)dev;
	return features;
}

/* What the device can do for this very packet: NETIF_F_* bits. */
netdev_features_t netif_skb_features(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	netdev_features_t features = dev->features;

	if (skb_is_gso(skb) && skb_shinfo(skb)->gso_segs > dev->gso_max_segs)
		features &= ~NETIF_F_GSO_MASK;
	if (skb->encapsulation)
		features &= dev->hw_enc_features;
	if (dev->netdev_ops->ndo_features_check)
		features &= dev->netdev_ops->ndo_features_check(skb, dev, features);
	else
		features &= dflt_features_check(skb, dev, features);
	return harmonize_features(skb, features);
}

/*
 * skb_checksum_help - does in software what CHECKSUM_PARTIAL left to the device
 * The place of the result holds the pseudo header's sum already; from csum_start
 * on everything is added to it. 0, or -ENOMEM when the header could not be made
 * writable.
 */
int skb_checksum_help(struct sk_buff *skb)
{
	__wsum csum;
	int ret = 0, offset;

	if (skb->ip_summed == CHECKSUM_COMPLETE)
		goto out_set_summed;
	if (WARN_ON(skb_has_shared_frag(skb)))
		return -EINVAL;
	offset = skb_checksum_start_offset(skb);
	BUG_ON(offset >= (int)skb_headlen(skb));
	csum = skb_checksum(skb, offset, (int)skb->len - offset, 0);

	offset += skb->csum_offset;
	BUG_ON(offset + (int)sizeof(__sum16) > (int)skb_headlen(skb));
	/* TCP gave up the header part of its original, so that this clone may write. */
	if (skb_cloned(skb) && !skb_clone_writable(skb, (unsigned int)offset + sizeof(__sum16))) {
		ret = pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
		if (ret)
			goto out;
	}
	*(__sum16 *)(skb->data + offset) = csum_fold(csum);
out_set_summed:
	skb->ip_summed = CHECKSUM_NONE;
out:
	return ret;
}

/* One frame into the driver; NETDEV_TX_* or an errno. */
static int xmit_one(struct sk_buff *skb, struct net_device *dev, struct netdev_queue *txq,
		    bool more)
{
	if (!list_empty(&ptype_all) || !list_empty(&dev->ptype_all))
		dev_queue_xmit_nit(skb, dev);
	/* Told before: the driver may free the packet. */
	trace_net_dev_xmit(skb, dev->name, skb->data, skb->len);
	return netdev_start_xmit(skb, dev, txq, more);
}

/* A list of packets into the driver. Returns those that it did not take; *@ret says why. */
struct sk_buff *dev_hard_start_xmit(struct sk_buff *first, struct net_device *dev,
				    struct netdev_queue *txq, int *ret)
{
	struct sk_buff *skb = first;
	int rc = NETDEV_TX_OK;

	while (skb) {
		struct sk_buff *next = skb->next;

		skb->next = NULL;
		rc = xmit_one(skb, dev, txq, next != NULL);
		if (unlikely(!dev_xmit_complete(rc))) {
			skb->next = next;
			goto out;
		}
		skb = next;
		if (skb && netif_xmit_stopped(txq)) {
			rc = NETDEV_TX_BUSY;
			break;
		}
	}
out:
	*ret = rc;
	return skb;
}

/* VLAN tags are never pending here. */
static struct sk_buff *validate_xmit_vlan(struct sk_buff *skb, netdev_features_t features)
{
	(void)features;
	return skb;
}

static inline bool skb_needs_linearize(struct sk_buff *skb, netdev_features_t features)
{
	return skb_is_nonlinear(skb) && !(features & NETIF_F_SG);
}

/*
 * Makes one packet fit for its device: cuts it, or sums it up, if the device cannot. The packet, or
 * the pieces (the last is the first one's ->prev); NULL when that cannot be done and it was dropped.
 */
static struct sk_buff *validate_xmit_skb(struct sk_buff *skb, struct net_device *dev)
{
	netdev_features_t features = netif_skb_features(skb);

	skb = validate_xmit_vlan(skb, features);
	if (netif_needs_gso(skb, features)) {
		struct sk_buff *segs = skb_gso_segment(skb, features);

		if (IS_ERR(segs))
			goto out_kfree_skb;
		if (segs) {
			consume_skb(skb);
			skb = segs;
		}
		return skb;
	}
	if (skb_needs_linearize(skb, features) && skb_linearize(skb))
		goto out_kfree_skb;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		skb_set_transport_header(skb, skb_checksum_start_offset(skb));
		if (!(features & NETIF_F_CSUM_MASK) && skb_checksum_help(skb))
			goto out_kfree_skb;
	}
	return skb;
out_kfree_skb:
	dev->stats.tx_dropped++;
	kfree_skb_reason(skb, SKB_DROP_REASON_SKB_CSUM);
	return NULL;
}

struct sk_buff *validate_xmit_skb_list(struct sk_buff *skb, struct net_device *dev)
{
	struct sk_buff *next, *head = NULL, *tail = NULL;

	for (; skb; skb = next) {
		next = skb->next;
		skb->next = NULL;
		/* A packet cut into several would come back as a list whose last is ->prev. */
		skb->prev = skb;
		skb = validate_xmit_skb(skb, dev);
		if (!skb)
			continue;
		if (!head)
			head = skb;
		else
			tail->next = skb;
		tail = skb->prev;
	}
	return head;
}

/* Bytes on the wire, for the discipline's accounts; each segment of a large packet has headers. */
static void qdisc_pkt_len_init(struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	qdisc_skb_cb(skb)->pkt_len = skb->len;
	if (shinfo->gso_size) {
		unsigned int hdr_len = (unsigned int)(skb_transport_header(skb) - skb->data);

		if (shinfo->gso_type & SKB_GSO_TCPV4)
			hdr_len += tcp_hdrlen(skb);
		qdisc_skb_cb(skb)->pkt_len += (shinfo->gso_segs - 1) * hdr_len;
	}
}

/*
 * Into the discipline. If it is empty and nobody is sending from it, the packet
 * need not be queued at all.
 */
static inline int __dev_xmit_skb(struct sk_buff *skb, struct Qdisc *q, struct net_device *dev,
				 struct netdev_queue *txq)
{
	spinlock_t *root_lock = qdisc_lock(q);
	struct sk_buff *to_free = NULL;
	bool contended;
	int rc;

	qdisc_calculate_pkt_len(skb, q);
	/* Senders that would only wait for the one at work wait for each other first. */
	contended = qdisc_is_running(q);
	if (unlikely(contended))
		spin_lock(&q->busylock);

	spin_lock(root_lock);
	if (unlikely(test_bit(__QDISC_STATE_DEACTIVATED, &q->state))) {
		skb->next = to_free;
		to_free = skb;
		rc = NET_XMIT_DROP;
	} else if ((q->flags & TCQ_F_CAN_BYPASS) && !qdisc_qlen(q) && qdisc_run_begin(q)) {
		qdisc_bstats_update(q, skb);
		if (sch_direct_xmit(skb, q, dev, txq, root_lock, true)) {
			if (unlikely(contended)) {
				spin_unlock(&q->busylock);
				contended = false;
			}
			__qdisc_run(q);
		} else {
			qdisc_run_end(q);
		}
		rc = NET_XMIT_SUCCESS;
	} else {
		rc = q->enqueue(skb, q, &to_free) & NET_XMIT_MASK;
		if (qdisc_run_begin(q)) {
			if (unlikely(contended)) {
				spin_unlock(&q->busylock);
				contended = false;
			}
			__qdisc_run(q);
		}
	}
	spin_unlock(root_lock);
	if (unlikely(to_free))
		kfree_skb_list(to_free);
	if (unlikely(contended))
		spin_unlock(&q->busylock);
	return rc;
}

/* Devices have one queue. The socket's idea of a queue is not needed, but kept as it is. */
struct netdev_queue *netdev_pick_tx(struct net_device *dev, struct sk_buff *skb, void *accel_priv)
{
	(void)accel_priv;
	skb_set_queue_mapping(skb, 0);
	return netdev_get_tx_queue(dev, 0);
}

/* For devices without a queue (lo): the driver is called at once. Same result as below. */
static int dev_xmit_noqueue(struct sk_buff *skb, struct net_device *dev, struct netdev_queue *txq)
{
	int rc = -ENETDOWN;

	if (!(dev->flags & IFF_UP) || txq->xmit_lock_owner == 0)
		goto drop;
	if (softnet_data.xmit.recursion > XMIT_RECURSION_LIMIT) {
		net_warn_ratelimited("Dead loop on virtual device %s, fix it urgently!\n",
				     dev->name);
		goto drop;
	}
	skb = validate_xmit_skb(skb, dev);
	if (!skb)
		return -ENOMEM;
	if (!netif_xmit_stopped(txq)) {
		softnet_data.xmit.recursion++;
		skb = dev_hard_start_xmit(skb, dev, txq, &rc);
		softnet_data.xmit.recursion--;
		if (dev_xmit_complete(rc))
			return rc;
	}
	net_warn_ratelimited("Virtual device %s asks to queue packet!\n", dev->name);
	rc = -ENETDOWN;
drop:
	dev->stats.tx_dropped++;
	kfree_skb_list(skb);
	return rc;
}

/*
 * __dev_queue_xmit - sends @skb, whose link header is written, through skb->dev
 * The packet is consumed whatever happens. 0, NET_XMIT_* or a negative errno; a
 * positive value means dropped or congested, not sent and kept.
 */
static int __dev_queue_xmit(struct sk_buff *skb, void *accel_priv)
{
	struct net_device *dev = skb->dev;
	struct netdev_queue *txq;
	struct Qdisc *q;
	int rc;

	skb_reset_mac_header(skb);
	local_bh_disable();
	qdisc_pkt_len_init(skb);
	/* Drivers that need no route let it go early: the entry may be freed while we queue. */
	if (dev->priv_flags & IFF_XMIT_DST_RELEASE)
		skb_dst_drop(skb);
	else
		skb_dst_force(skb);

	txq = netdev_pick_tx(dev, skb, accel_priv);
	q = txq->qdisc;
	if (q->enqueue)
		rc = __dev_xmit_skb(skb, q, dev, txq);
	else
		rc = dev_xmit_noqueue(skb, dev, txq);
	local_bh_enable();
	return rc;
}

int dev_queue_xmit(struct sk_buff *skb)
{
	return __dev_queue_xmit(skb, NULL);
}

/* NET_TX_SOFTIRQ: what was freed in interrupts, and disciplines that wait to be run again. */
static void net_tx_action(struct softirq_action *h)
{
	struct softnet_data *sd = &softnet_data;
	struct sk_buff *clist = sd->completion_queue;
	struct Qdisc *head = sd->output_queue;

	(void)h;
	sd->completion_queue = NULL;
	while (clist) {
		struct sk_buff *skb = clist;

		clist = clist->next;
		__kfree_skb_defer(skb);
	}
	__kfree_skb_flush();

	sd->output_queue = NULL;
	sd->output_queue_tailp = &sd->output_queue;
	while (head) {
		struct Qdisc *q = head;

		head = head->next_sched;
		spin_lock(qdisc_lock(q));
		clear_bit(__QDISC_STATE_SCHED, &q->state);
		qdisc_run(q);
		spin_unlock(qdisc_lock(q));
	}
}

/* Asks NET_TX_SOFTIRQ to run @q, once. */
void __netif_schedule(struct Qdisc *q)
{
	struct softnet_data *sd = &softnet_data;

	if (test_and_set_bit(__QDISC_STATE_SCHED, &q->state))
		return;
	q->next_sched = NULL;
	*sd->output_queue_tailp = q;
	sd->output_queue_tailp = &q->next_sched;
	raise_softirq_irqoff(NET_TX_SOFTIRQ);
}

void netif_wake_queue(struct net_device *dev)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	if (test_and_clear_bit(__QUEUE_STATE_DRV_XOFF, &txq->state))
		__netif_schedule(txq->qdisc);
}

void net_dev_init(void)
{
	struct softnet_data *sd = &softnet_data;

	*sd = (struct softnet_data){ .output_queue_tailp = &sd->output_queue };
	net_rx_init();
	netdev_register_init();
	flow_dissector_init();
	open_softirq(NET_TX_SOFTIRQ, net_tx_action);
}

/* Drops what is still on its way and unregisters all devices. */
void net_dev_exit(void)
{
	skb_queue_purge(&softnet_data.input_pkt_queue);
	skb_queue_purge(&softnet_data.process_queue);
	netdev_register_exit();
}
