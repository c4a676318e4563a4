/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NET_SCH_GENERIC_H
#define _NET_SCH_GENERIC_H

/*
 * Queueing disciplines: between dev_queue_xmit() and the driver stands a queue
 * that decides which packet goes next (include/net/sch_generic.h). The default,
 * and the only one here, is pfifo_fast: three bands, the lower number first.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>

struct Qdisc;

struct Qdisc_ops {
	const char *id;
	int (*enqueue)(struct sk_buff *skb, struct Qdisc *sch, struct sk_buff **to_free);
	struct sk_buff *(*dequeue)(struct Qdisc *sch);
	struct sk_buff *(*peek)(struct Qdisc *sch);
	int (*init)(struct Qdisc *sch);
	void (*reset)(struct Qdisc *sch);
};

enum qdisc_state_t {
	__QDISC_STATE_SCHED, /* waits for NET_TX softirq */
	__QDISC_STATE_DEACTIVATED,
};

enum qdisc___state_t {
	__QDISC___STATE_RUNNING = 1, /* somebody is sending from it */
	__QDISC___STATE_THROTTLED = 2,
};

#define TCQ_F_CAN_BYPASS 4
#define TCQ_F_ONETXQUEUE 0x10

#define PFIFO_FAST_BANDS 3

struct qdisc_skb_head {
	struct sk_buff *head;
	struct sk_buff *tail;
	__u32 qlen;
	spinlock_t lock;
};

/* pfifo_fast's own part: the bands and which of them hold something. */
struct pfifo_fast_priv {
	u32 bitmap; /* bit i: band i is not empty */
	struct sk_buff_head q[PFIFO_FAST_BANDS];
};

struct gnet_stats_basic {
	u64 bytes;
	u32 packets;
};

struct gnet_stats_queue {
	u32 qlen;
	u32 backlog; /* bytes queued */
	u32 drops;
	u32 requeues;
	u32 overlimits;
};

/**
 * struct Qdisc - one discipline on one transmit queue
 * @enqueue: takes a packet; NET_XMIT_*
 * @dequeue: gives the next, NULL: none
 * @flags: TCQ_F_*
 * @limit: packets it holds at most
 * @ops: its kind
 * @handle: 0
 * @dev_queue: the transmit queue below
 * @gso_skb: a packet that the driver would not take, to be tried first
 * @q: packets queued, as a whole
 * @bstats: bytes and packets sent
 * @__state: __QDISC___STATE_* bits
 * @qstats: counters
 * @next_sched: place in softnet_data.output_queue
 * @state: __QDISC_STATE_* bits
 * @busylock: first lock of contending senders
 * @privdata: pfifo_fast's bands
 */
struct Qdisc {
	int (*enqueue)(struct sk_buff *skb, struct Qdisc *sch, struct sk_buff **to_free);
	struct sk_buff *(*dequeue)(struct Qdisc *sch);
	unsigned int flags;
	u32 limit;
	const struct Qdisc_ops *ops;
	u32 handle;
	struct netdev_queue *dev_queue;
	struct sk_buff *gso_skb;
	struct qdisc_skb_head q;
	struct gnet_stats_basic bstats;
	unsigned int __state;
	struct gnet_stats_queue qstats;
	struct Qdisc *next_sched;
	unsigned long state;
	spinlock_t busylock;
	struct pfifo_fast_priv privdata;
};

struct qdisc_skb_cb {
	unsigned int pkt_len; /* bytes on the wire, for accounting */
	u16 slave_dev_queue_mapping;
	u16 _pad;
	unsigned char data[20];
};

static inline struct qdisc_skb_cb *qdisc_skb_cb(const struct sk_buff *skb)
{
	return (struct qdisc_skb_cb *)skb->cb;
}

static inline spinlock_t *qdisc_lock(struct Qdisc *qdisc)
{
	return &qdisc->q.lock;
}

static inline int qdisc_qlen(const struct Qdisc *q)
{
	return (int)q->q.qlen;
}

static inline bool qdisc_is_running(const struct Qdisc *qdisc)
{
	return (qdisc->__state & __QDISC___STATE_RUNNING) != 0;
}

/* Becomes the one who sends from @qdisc; false when somebody is at it already. */
static inline bool qdisc_run_begin(struct Qdisc *qdisc)
{
	if (qdisc_is_running(qdisc))
		return false;
	qdisc->__state |= __QDISC___STATE_RUNNING;
	return true;
}

static inline void qdisc_run_end(struct Qdisc *qdisc)
{
	qdisc->__state &= ~(unsigned int)__QDISC___STATE_RUNNING;
}

static inline unsigned int qdisc_pkt_len(const struct sk_buff *skb)
{
	return qdisc_skb_cb(skb)->pkt_len;
}

static inline void qdisc_calculate_pkt_len(struct sk_buff *skb, const struct Qdisc *sch)
{
	(void)skb;
	(void)sch;
}

static inline void qdisc_bstats_update(struct Qdisc *sch, const struct sk_buff *skb)
{
	sch->bstats.bytes += qdisc_pkt_len(skb);
	sch->bstats.packets += skb_is_gso(skb) ? skb_shinfo(skb)->gso_segs : 1;
}

extern const struct Qdisc_ops pfifo_fast_ops;
extern const struct Qdisc_ops noop_qdisc_ops;
extern const struct Qdisc_ops noqueue_qdisc_ops;

/* Sends one packet; nonzero when more may be sent from the queue. */
int sch_direct_xmit(struct sk_buff *skb, struct Qdisc *q, struct net_device *dev,
		    struct netdev_queue *txq, spinlock_t *root_lock, bool validate);
void __qdisc_run(struct Qdisc *q);

static inline void qdisc_run(struct Qdisc *q)
{
	if (qdisc_run_begin(q))
		__qdisc_run(q);
}

/* When a device goes up and down. */
int dev_activate(struct net_device *dev);
void dev_deactivate(struct net_device *dev);
void dev_init_scheduler(struct net_device *dev);
void dev_shutdown(struct net_device *dev);

#endif
