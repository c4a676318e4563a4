/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queueing disciplines (net/sched/sch_generic.c): pfifo_fast, and the two that
 * are none (noqueue for lo, noop for a device that is down).
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/sch_generic.h>

/* skb->priority (from the TOS byte) to band; the lowest band is sent first. */
static const u8 prio2band[16] = { 1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1 };
/* Of the bands in a bitmap, the first to be sent; -1: none. */
static const int bitmap2band[8] = { -1, 0, 1, 0, 2, 0, 1, 0 };

/* HARD_TX_LOCK: most drivers are not reentrant; those with NETIF_F_LLTX take care themselves. */
static void hard_tx_lock(struct net_device *dev, struct netdev_queue *txq)
{
	if (!(dev->features & NETIF_F_LLTX))
		__netif_tx_lock(txq, 0);
}

static void hard_tx_unlock(struct net_device *dev, struct netdev_queue *txq)
{
	if (!(dev->features & NETIF_F_LLTX))
		__netif_tx_unlock(txq);
}

/* The driver would not take it: first in line for the next time. */
static int dev_requeue_skb(struct sk_buff *skb, struct Qdisc *q)
{
	q->gso_skb = skb;
	q->qstats.requeues++;
	q->q.qlen++;
	__netif_schedule(q);
	return 0;
}

/*
 * sch_direct_xmit - one packet (or a list) to the driver
 * @root_lock: the discipline's, held; given away while the driver works
 * @validate: the packet has not been made fit for the device yet
 * Returns nonzero when the discipline has more and the driver can take it.
 */
int sch_direct_xmit(struct sk_buff *skb, struct Qdisc *q, struct net_device *dev,
		    struct netdev_queue *txq, spinlock_t *root_lock, bool validate)
{
	int ret = NETDEV_TX_BUSY;

	spin_unlock(root_lock);
	if (validate)
		skb = validate_xmit_skb_list(skb, dev);
	if (unlikely(!skb)) {
		spin_lock(root_lock);
		return qdisc_qlen(q);
	}
	hard_tx_lock(dev, txq);
	if (!netif_xmit_frozen_or_stopped(txq))
		skb = dev_hard_start_xmit(skb, dev, txq, &ret);
	hard_tx_unlock(dev, txq);
	spin_lock(root_lock);

	if (dev_xmit_complete(ret))
		ret = qdisc_qlen(q);
	else
		ret = dev_requeue_skb(skb, q);
	if (ret && netif_xmit_frozen_or_stopped(txq))
		ret = 0;
	return ret;
}

/* The next packet: one that was refused before, if the driver has room again, or from the bands. */
static struct sk_buff *dequeue_skb(struct Qdisc *q, bool *validate)
{
	struct sk_buff *skb = q->gso_skb;

	*validate = true;
	if (!skb)
		return q->dequeue(q);
	*validate = false;
	if (netif_xmit_frozen_or_stopped(q->dev_queue))
		return NULL;
	q->gso_skb = NULL;
	q->q.qlen--;
	return skb;
}

static int qdisc_restart(struct Qdisc *q)
{
	struct netdev_queue *txq = q->dev_queue;
	bool validate;
	struct sk_buff *skb = dequeue_skb(q, &validate);

	if (unlikely(!skb))
		return 0;
	return sch_direct_xmit(skb, q, txq->dev, txq, qdisc_lock(q), validate);
}

/* Sends until the queue is empty, or its share is used up: then NET_TX softirq goes on. */
void __qdisc_run(struct Qdisc *q)
{
	int quota = weight_p;

	while (qdisc_restart(q)) {
		if (--quota <= 0) {
			__netif_schedule(q);
			break;
		}
	}
	qdisc_run_end(q);
}

static int pfifo_fast_enqueue(struct sk_buff *skb, struct Qdisc *qdisc, struct sk_buff **to_free)
{
	struct pfifo_fast_priv *priv = &qdisc->privdata;
	int band = prio2band[skb->priority & 15];

	if (qdisc->q.qlen >= qdisc->dev_queue->dev->tx_queue_len) {
		qdisc->qstats.drops++;
		skb->next = *to_free;
		*to_free = skb;
		return NET_XMIT_DROP;
	}
	priv->bitmap |= 1U << band;
	qdisc->q.qlen++;
	qdisc->qstats.backlog += qdisc_pkt_len(skb);
	__skb_queue_tail(&priv->q[band], skb);
	return NET_XMIT_SUCCESS;
}

static struct sk_buff *pfifo_fast_dequeue(struct Qdisc *qdisc)
{
	struct pfifo_fast_priv *priv = &qdisc->privdata;
	int band = bitmap2band[priv->bitmap];
	struct sk_buff *skb;

	if (band < 0)
		return NULL;
	skb = __skb_dequeue(&priv->q[band]);
	qdisc->q.qlen--;
	qdisc->qstats.backlog -= qdisc_pkt_len(skb);
	qdisc_bstats_update(qdisc, skb);
	if (skb_queue_empty(&priv->q[band]))
		priv->bitmap &= ~(1U << band);
	return skb;
}

static struct sk_buff *pfifo_fast_peek(struct Qdisc *qdisc)
{
	int band = bitmap2band[qdisc->privdata.bitmap];

	return band < 0 ? NULL : skb_peek(&qdisc->privdata.q[band]);
}

static void pfifo_fast_reset(struct Qdisc *qdisc)
{
	int band;

	for (band = 0; band < PFIFO_FAST_BANDS; band++)
		__skb_queue_purge(&qdisc->privdata.q[band]);
	qdisc->privdata.bitmap = 0;
	qdisc->q.qlen = 0;
	qdisc->qstats.backlog = 0;
}

static int pfifo_fast_init(struct Qdisc *qdisc)
{
	int band;

	for (band = 0; band < PFIFO_FAST_BANDS; band++)
		skb_queue_head_init(&qdisc->privdata.q[band]);
	/* An empty queue may be passed by: there is nothing that it could delay. */
	qdisc->flags |= TCQ_F_CAN_BYPASS;
	return 0;
}

const struct Qdisc_ops pfifo_fast_ops = {
	.id = "pfifo_fast",
	.enqueue = pfifo_fast_enqueue,
	.dequeue = pfifo_fast_dequeue,
	.peek = pfifo_fast_peek,
	.init = pfifo_fast_init,
	.reset = pfifo_fast_reset,
};

/* Takes everything and drops it: stands in while a device is down. */
static int noop_enqueue(struct sk_buff *skb, struct Qdisc *qdisc, struct sk_buff **to_free)
{
	(void)qdisc;
	skb->next = *to_free;
	*to_free = skb;
	return NET_XMIT_CN;
}

static struct sk_buff *noop_dequeue(struct Qdisc *qdisc)
{
	(void)qdisc;
	return NULL;
}

const struct Qdisc_ops noop_qdisc_ops = {
	.id = "noop",
	.enqueue = noop_enqueue,
	.dequeue = noop_dequeue,
	.peek = noop_dequeue,
};

/* No enqueue at all: __dev_queue_xmit() then calls the driver directly. */
const struct Qdisc_ops noqueue_qdisc_ops = {
	.id = "noqueue",
	.dequeue = noop_dequeue,
	.peek = noop_dequeue,
};

static struct Qdisc *qdisc_create(struct netdev_queue *txq, const struct Qdisc_ops *ops)
{
	struct Qdisc *sch = kzalloc_type(struct Qdisc, GFP_KERNEL);

	if (!sch)
		return NULL;
	sch->ops = ops;
	sch->enqueue = ops->enqueue;
	sch->dequeue = ops->dequeue;
	sch->dev_queue = txq;
	if (ops->init)
		ops->init(sch);
	return sch;
}

static void qdisc_destroy(struct Qdisc *qdisc)
{
	if (!qdisc)
		return;
	if (qdisc->ops->reset)
		qdisc->ops->reset(qdisc);
	kfree_skb_list(qdisc->gso_skb);
	kfree(qdisc);
}

/* The device has no discipline while it is down but one that drops. 0 or -ENOMEM. */
static int dev_set_qdisc(struct net_device *dev, const struct Qdisc_ops *ops)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);
	struct Qdisc *new = qdisc_create(txq, ops);

	if (!new)
		return -ENOMEM;
	qdisc_destroy(txq->qdisc);
	txq->qdisc = new;
	dev->qdisc = new;
	return 0;
}

int dev_activate(struct net_device *dev)
{
	bool noqueue = !dev->tx_queue_len || (dev->priv_flags & IFF_NO_QUEUE);

	return dev_set_qdisc(dev, noqueue ? &noqueue_qdisc_ops : &pfifo_fast_ops);
}

void dev_deactivate(struct net_device *dev)
{
	dev_set_qdisc(dev, &noop_qdisc_ops);
}

void dev_init_scheduler(struct net_device *dev)
{
	dev_set_qdisc(dev, &noop_qdisc_ops);
}

void dev_shutdown(struct net_device *dev)
{
	qdisc_destroy(dev->qdisc);
	dev->qdisc = NULL;
	netdev_get_tx_queue(dev, 0)->qdisc = NULL;
}
