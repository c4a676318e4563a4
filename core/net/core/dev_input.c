/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/core/dev.c */
/*
 * The device layer (net/core/dev.c), the way up.
 *
 * A driver gives a frame to netif_rx(), which puts it into the CPU's backlog and
 * raises NET_RX_SOFTIRQ: receiving must not take place wherever the interrupt
 * happened to strike. In the softirq net_rx_action() polls the backlog, and each
 * frame goes to the handlers of its EtherType.
 */
#include <linux/if_ether.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <net/sock.h>
#include <trace/events.h>

#define PTYPE_HASH_SIZE 16
#define PTYPE_HASH_MASK (PTYPE_HASH_SIZE - 1)

int netdev_max_backlog = 1000; /* frames that the backlog holds */
int netdev_budget = 300;       /* frames that one NET_RX softirq delivers */
int weight_p = 64;             /* frames that one source delivers at a time */
int netdev_tstamp_prequeue = 1;

struct list_head ptype_all;                          /* handlers that want all frames */
static struct list_head ptype_base[PTYPE_HASH_SIZE]; /* and those by EtherType */

static inline struct list_head *ptype_head(const struct packet_type *pt)
{
	if (pt->type == htons(ETH_P_ALL))
		return pt->dev ? &pt->dev->ptype_all : &ptype_all;
	return pt->dev ? &pt->dev->ptype_specific : &ptype_base[ntohs(pt->type) & PTYPE_HASH_MASK];
}

/* @pt belongs to the layer until dev_remove_pack(). */
void dev_add_pack(struct packet_type *pt)
{
	list_add_rcu(&pt->list, ptype_head(pt));
}

void dev_remove_pack(struct packet_type *pt)
{
	list_del_rcu(&pt->list);
}

/* A handler gets a reference of its own; the last one gets the packet. */
static inline int deliver_skb(struct sk_buff *skb, struct packet_type *pt_prev,
			      struct net_device *orig_dev)
{
	atomic_inc(&skb->users);
	return pt_prev->func(skb, skb->dev, pt_prev, orig_dev);
}

/* Nobody stamps received frames unless a socket asked; none can here. */
#define net_timestamp_check(COND, SKB) ((void)(COND), (void)(SKB))

static inline void ____napi_schedule(struct softnet_data *sd, struct napi_struct *napi)
{
	list_add_tail(&napi->poll_list, &sd->poll_list);
	__raise_softirq_irqoff(NET_RX_SOFTIRQ);
}

void __napi_schedule(struct napi_struct *n)
{
	unsigned long flags;

	local_irq_save(flags);
	____napi_schedule(&softnet_data, n);
	local_irq_restore(flags);
}

void napi_complete(struct napi_struct *n)
{
	list_del_init(&n->poll_list);
	clear_bit(NAPI_STATE_SCHED, &n->state);
}

/* With one CPU no other waits to be told of packets (receive packet steering). */
static int rps_ipi_queued(struct softnet_data *sd)
{
	(void)sd;
	return 0;
}

static bool sd_has_rps_ipi_waiting(struct softnet_data *sd)
{
	(void)sd;
	return false;
}

static void net_rps_action_and_irq_enable(struct softnet_data *sd)
{
	(void)sd;
	local_irq_enable();
}

/* A flow that fills the backlog would be cut here first; the limit is off by default. */
static bool skb_flow_limit(struct sk_buff *skb, unsigned int qlen)
{
	(void)skb;
	(void)qlen;
	return false;
}

/* Into the backlog, and the softirq is raised with the first; NET_RX_*. */
static int enqueue_to_backlog(struct sk_buff *skb, int cpu, unsigned int *qtail)
{
	struct softnet_data *sd = &softnet_data;
	enum skb_drop_reason reason = SKB_DROP_REASON_DEV_READY;
	unsigned long flags;
	unsigned int qlen;

	(void)cpu;
	local_irq_save(flags);
	if (!netif_running(skb->dev))
		goto drop;
	reason = SKB_DROP_REASON_CPU_BACKLOG;
	qlen = skb_queue_len(&sd->input_pkt_queue);
	if (qlen <= (unsigned int)netdev_max_backlog && !skb_flow_limit(skb, qlen)) {
		if (!qlen && !__test_and_set_bit(NAPI_STATE_SCHED, &sd->backlog.state)) {
			if (!rps_ipi_queued(sd))
				____napi_schedule(sd, &sd->backlog);
		}
		__skb_queue_tail(&sd->input_pkt_queue, skb);
		*qtail = ++sd->input_queue_tail;
		local_irq_restore(flags);
		return NET_RX_SUCCESS;
	}
drop:
	sd->dropped++;
	local_irq_restore(flags);
	skb->dev->stats.rx_dropped++;
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}

static int netif_rx_internal(struct sk_buff *skb)
{
	unsigned int qtail;

	net_timestamp_check(netdev_tstamp_prequeue, skb);
	return enqueue_to_backlog(skb, 0, &qtail);
}

/* From an interrupt or softirq, whose end will serve the softirq raised here. */
int netif_rx(struct sk_buff *skb)
{
	return netif_rx_internal(skb);
}

int netif_rx_ni(struct sk_buff *skb)
{
	int err;

	preempt_disable();
	err = netif_rx_internal(skb);
	if (local_softirq_pending())
		do_softirq();
	preempt_enable();
	return err;
}

/* Each handler found delivers its predecessor, so that the last can have the packet itself. */
static inline void deliver_ptype_list_skb(struct sk_buff *skb, struct packet_type **pt,
					  struct net_device *orig_dev, __be16 type,
					  struct list_head *ptype_list)
{
	struct packet_type *ptype, *pt_prev = *pt;

	list_for_each_entry_rcu(ptype, ptype_list, list)
	{
		if (ptype->type != type)
			continue;
		if (pt_prev)
			deliver_skb(skb, pt_prev, orig_dev);
		pt_prev = ptype;
	}
	*pt = pt_prev;
}

/* All taps on all frames; the last one found is returned through @pt. */
static void deliver_ptype_all(struct sk_buff *skb, struct packet_type **pt,
			      struct net_device *orig_dev, struct list_head *ptype_list)
{
	struct packet_type *ptype;

	list_for_each_entry_rcu(ptype, ptype_list, list)
	{
		if (*pt)
			deliver_skb(skb, *pt, orig_dev);
		*pt = ptype;
	}
}

/*
 * __netif_receive_skb_core - gives a frame to all who want it
 * On entry data stands behind the link header, which eth_type_trans() has read.
 * NET_RX_*; the frame is gone in any case.
 */
static int __netif_receive_skb_core(struct sk_buff *skb, bool pfmemalloc)
{
	struct packet_type *pt_prev = NULL;
	struct net_device *orig_dev = skb->dev;
	int ret = NET_RX_DROP;
	__be16 type;

	(void)pfmemalloc;
	net_timestamp_check(!netdev_tstamp_prequeue, skb);
	trace_netif_receive_skb(skb, skb->dev->name, skb_mac_header(skb),
				skb->len + (unsigned int)(skb->data - skb_mac_header(skb)));
	skb_reset_network_header(skb);
	if (!skb_transport_header_was_set(skb))
		skb_reset_transport_header(skb);
	skb_reset_mac_len(skb);
	skb->skb_iif = skb->dev->ifindex;
	softnet_data.processed++;

	deliver_ptype_all(skb, &pt_prev, orig_dev, &ptype_all);
	deliver_ptype_all(skb, &pt_prev, orig_dev, &skb->dev->ptype_all);
	type = skb->protocol;
	deliver_ptype_list_skb(skb, &pt_prev, orig_dev, type,
			       &ptype_base[ntohs(type) & PTYPE_HASH_MASK]);
	deliver_ptype_list_skb(skb, &pt_prev, orig_dev, type, &orig_dev->ptype_specific);
	if (pt_prev) {
		ret = pt_prev->func(skb, skb->dev, pt_prev, orig_dev);
	} else {
		skb->dev->stats.rx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
	}
	return ret;
}

static int __netif_receive_skb(struct sk_buff *skb)
{
	/* Frames from the emergency reserve would serve only sockets that free memory. */
	if (sk_memalloc_socks() && skb_pfmemalloc(skb))
		return __netif_receive_skb_core(skb, true);
	return __netif_receive_skb_core(skb, false);
}

/* Straight up, for drivers that poll in softirq themselves. */
int netif_receive_skb(struct sk_buff *skb)
{
	return __netif_receive_skb(skb);
}

/* Delivers up to @quota frames of the backlog; how many it did. */
static int process_backlog(struct napi_struct *napi, int quota)
{
	struct softnet_data *sd = container_of(napi, struct softnet_data, backlog);
	bool again = true;
	int work = 0;

	if (sd_has_rps_ipi_waiting(sd)) {
		local_irq_disable();
		net_rps_action_and_irq_enable(sd);
	}
	napi->weight = weight_p;
	while (again) {
		struct sk_buff *skb;

		while ((skb = __skb_dequeue(&sd->process_queue)) != NULL) {
			__netif_receive_skb(skb);
			sd->input_queue_head++;
			if (++work >= quota)
				return work;
		}
		/* Take over what has arrived since; if nothing, leave the poll list. */
		local_irq_disable();
		if (skb_queue_empty(&sd->input_pkt_queue)) {
			napi->state = 0;
			again = false;
		} else {
			skb_queue_splice_tail_init(&sd->input_pkt_queue, &sd->process_queue);
		}
		local_irq_enable();
	}
	return work;
}

/* Polls one source; if it used up its weight it has more, and goes onto @repoll. */
static int napi_poll(struct napi_struct *n, struct list_head *repoll)
{
	int weight = n->weight;
	int work = 0;

	list_del_init(&n->poll_list);
	if (test_bit(NAPI_STATE_SCHED, &n->state))
		work = n->poll(n, weight);
	WARN_ON_ONCE(work > weight);
	if (likely(work < weight))
		return work;
	list_add_tail(&n->poll_list, repoll);
	return work;
}

/* NET_RX_SOFTIRQ: polls all sources, within a budget of frames and two ticks of time. */
static void net_rx_action(struct softirq_action *h)
{
	struct softnet_data *sd = &softnet_data;
	unsigned long time_limit = jiffies + 2;
	int budget = netdev_budget;
	LIST_HEAD(list);
	LIST_HEAD(repoll);

	(void)h;
	local_irq_disable();
	list_splice_init(&sd->poll_list, &list);
	local_irq_enable();
	for (;;) {
		struct napi_struct *n;

		if (list_empty(&list)) {
			/* All is done, and nobody is to be told. */
			if (!sd_has_rps_ipi_waiting(sd) && list_empty(&repoll))
				return;
			break;
		}
		n = list_first_entry(&list, struct napi_struct, poll_list);
		budget -= napi_poll(n, &repoll);
		if (unlikely(budget <= 0 || time_after_eq(jiffies, time_limit))) {
			sd->time_squeeze++;
			break;
		}
	}
	__kfree_skb_flush();
	/* What is left is polled first the next time, before what came meanwhile. */
	local_irq_disable();
	list_splice_init(&repoll, &sd->poll_list);
	list_splice_init(&list, &sd->poll_list);
	if (!list_empty(&sd->poll_list))
		__raise_softirq_irqoff(NET_RX_SOFTIRQ);
	net_rps_action_and_irq_enable(sd);
}

void net_rx_init(void)
{
	struct softnet_data *sd = &softnet_data;
	unsigned int i;

	INIT_LIST_HEAD(&sd->poll_list);
	skb_queue_head_init(&sd->input_pkt_queue);
	skb_queue_head_init(&sd->process_queue);
	INIT_LIST_HEAD(&sd->backlog.poll_list);
	sd->backlog.poll = process_backlog;
	sd->backlog.weight = weight_p;
	for (i = 0; i < PTYPE_HASH_SIZE; i++)
		INIT_LIST_HEAD(&ptype_base[i]);
	INIT_LIST_HEAD(&ptype_all);
	dev_offload_init();
	open_softirq(NET_RX_SOFTIRQ, net_rx_action);
}
