/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_NETDEVICE_H
#define _LINUX_NETDEVICE_H

/*
 * Network devices and the two ways through them (include/linux/netdevice.h of
 * v4.9). Down: dev_queue_xmit -> queueing discipline -> driver. Up: driver ->
 * per-CPU backlog -> softirq -> packet type handlers. See core/net/core/dev.c.
 */
#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/netdev_features.h>
#include <linux/notifier.h>
#include <linux/seqlock.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

struct net;
struct neighbour;
struct neigh_parms;
struct in_device;
struct Qdisc;
struct napi_struct;
struct net_device;
struct netdev_queue;

/* Longest link header that a packet's owner leaves room for. */
#define LL_MAX_HEADER 32
#define MAX_HEADER    LL_MAX_HEADER
#define MAX_ADDR_LEN  32

/* What became of a packet handed down: 0 sent, positive: a reason, negative: errno. */
#define NET_XMIT_SUCCESS 0x00
#define NET_XMIT_DROP    0x01 /* dropped */
#define NET_XMIT_CN      0x02 /* congestion notice: another was dropped */
#define NET_XMIT_MASK    0x0f
/* Congestion is not an error for the sender of this very packet. */
#define net_xmit_eval(e)  ((e) == NET_XMIT_CN ? 0 : (e))
#define net_xmit_errno(e) ((e) != NET_XMIT_CN ? -ENOBUFS : 0)

#define NETDEV_TX_MASK 0xf0
typedef int netdev_tx_t;
#define NETDEV_TX_OK   0x00 /* the driver took it */
#define NETDEV_TX_BUSY 0x10 /* it did not, try again */

/* Fate on the way up. */
#define NET_RX_SUCCESS 0
#define NET_RX_DROP    1

/* Whether the driver is done with the packet, by having sent or by having dropped it. */
static inline bool dev_xmit_complete(int rc)
{
	return likely(rc < NET_XMIT_MASK);
}

struct net_device_stats {
	unsigned long rx_packets;
	unsigned long tx_packets;
	unsigned long rx_bytes;
	unsigned long tx_bytes;
	unsigned long rx_errors;
	unsigned long tx_errors;
	unsigned long rx_dropped;
	unsigned long tx_dropped;
};

#define HH_DATA_MOD          16
#define HH_DATA_OFF(__len)   (HH_DATA_MOD - (((__len - 1) & (HH_DATA_MOD - 1)) + 1))
#define HH_DATA_ALIGN(__len) (((__len) + (HH_DATA_MOD - 1)) & ~(HH_DATA_MOD - 1))

/**
 * struct hh_cache - a link header ready to be copied in front of a packet
 * @hh_len: bytes of it, 0: none made yet
 * @hh_lock: the header changes when the neighbour's address does
 * @hh_data: the header, ending at a multiple of 16 bytes
 */
struct hh_cache {
	u16 hh_len;
	seqlock_t hh_lock;
	unsigned long hh_data[HH_DATA_ALIGN(LL_MAX_HEADER) / sizeof(long)];
};

#define LL_RESERVED_SPACE(dev) \
	((((dev)->hard_header_len + (dev)->needed_headroom) & ~(HH_DATA_MOD - 1)) + HH_DATA_MOD)

/**
 * struct header_ops - how a link layer writes its header
 * @create: writes it in front of data; its length, negative when an address is missing
 * @parse: reads the sender's address out of it; length of the address
 * @cache: fills an hh_cache
 * @cache_update: the neighbour's address changed
 */
struct header_ops {
	int (*create)(struct sk_buff *skb, struct net_device *dev, unsigned short type,
		      const void *daddr, const void *saddr, unsigned int len);
	int (*parse)(const struct sk_buff *skb, unsigned char *haddr);
	int (*cache)(const struct neighbour *neigh, struct hh_cache *hh, __be16 type);
	void (*cache_update)(struct hh_cache *hh, const struct net_device *dev,
			     const unsigned char *haddr);
};

/**
 * struct net_device_ops - a driver
 * @ndo_init: on registration; 0 or -errno
 * @ndo_uninit: on unregistration
 * @ndo_open: the device goes up
 * @ndo_stop: it goes down
 * @ndo_start_xmit: sends a packet and owns it from then on; NETDEV_TX_*
 * @ndo_features_check: features for this packet
 * @ndo_neigh_construct: a neighbour is made on this device
 * @ndo_neigh_destroy: and destroyed
 */
struct net_device_ops {
	int (*ndo_init)(struct net_device *dev);
	void (*ndo_uninit)(struct net_device *dev);
	int (*ndo_open)(struct net_device *dev);
	int (*ndo_stop)(struct net_device *dev);
	netdev_tx_t (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *dev);
	netdev_features_t (*ndo_features_check)(struct sk_buff *skb, struct net_device *dev,
						netdev_features_t features);
	int (*ndo_neigh_construct)(struct net_device *dev, struct neighbour *n);
	void (*ndo_neigh_destroy)(struct net_device *dev, struct neighbour *n);
};

enum netdev_queue_state_t {
	__QUEUE_STATE_DRV_XOFF, /* the driver is full */
	__QUEUE_STATE_STACK_XOFF,
	__QUEUE_STATE_FROZEN,
};

#define QUEUE_STATE_DRV_XOFF           (1 << __QUEUE_STATE_DRV_XOFF)
#define QUEUE_STATE_STACK_XOFF         (1 << __QUEUE_STATE_STACK_XOFF)
#define QUEUE_STATE_FROZEN             (1 << __QUEUE_STATE_FROZEN)
#define QUEUE_STATE_ANY_XOFF           (QUEUE_STATE_DRV_XOFF | QUEUE_STATE_STACK_XOFF)
#define QUEUE_STATE_ANY_XOFF_OR_FROZEN (QUEUE_STATE_ANY_XOFF | QUEUE_STATE_FROZEN)

/**
 * struct netdev_queue - one transmit queue of a device; all have one here
 * @dev: the device
 * @qdisc: its queueing discipline
 * @_xmit_lock: held while the driver is called
 * @xmit_lock_owner: CPU that holds it, -1: none
 * @trans_start: jiffies of the last packet
 * @state: __QUEUE_STATE_* bits
 */
struct netdev_queue {
	struct net_device *dev;
	struct Qdisc *qdisc;
	spinlock_t _xmit_lock;
	int xmit_lock_owner;
	unsigned long trans_start;
	unsigned long state;
};

/* net_device.state */
enum netdev_state_t {
	__LINK_STATE_START, /* is up */
	__LINK_STATE_PRESENT,
	__LINK_STATE_NOCARRIER,
	__LINK_STATE_LINKWATCH_PENDING,
	__LINK_STATE_DORMANT,
};

enum {
	NETREG_UNINITIALIZED = 0,
	NETREG_REGISTERED,
	NETREG_UNREGISTERING,
	NETREG_UNREGISTERED,
};

/* net_device.operstate (RFC 2863) */
enum {
	IF_OPER_UNKNOWN,
	IF_OPER_NOTPRESENT,
	IF_OPER_DOWN,
	IF_OPER_LOWERLAYERDOWN,
	IF_OPER_TESTING,
	IF_OPER_DORMANT,
	IF_OPER_UP,
};

#define GSO_MAX_SIZE 65536
#define GSO_MAX_SEGS 65535

/* net_device.priv_flags */
#define IFF_TX_SKB_SHARING        (1 << 16)
#define IFF_LIVE_ADDR_CHANGE      (1 << 20)
#define IFF_XMIT_DST_RELEASE      (1 << 10) /* nobody below needs the packet's route */
#define IFF_XMIT_DST_RELEASE_PERM (1 << 17)
#define IFF_NO_QUEUE              (1 << 21)
#define IFF_TUN_TAP               (1 << 22)

/**
 * struct net_device - a network device
 * @name: "tap0"
 * @state: __LINK_STATE_* bits
 * @dev_list: place in the namespace's list
 * @ptype_all: taps on every packet of this device
 * @ptype_specific: handlers for this device only
 * @features: NETIF_F_* in force
 * @hw_features: those that can be switched
 * @wanted_features: those that are wished for
 * @vlan_features: those that hold for VLANs on it
 * @hw_enc_features: those that hold for tunnels over it
 * @gso_partial_features: 0
 * @ifindex: its number, from 1
 * @group: 0
 * @stats: counters
 * @netdev_ops: the driver
 * @header_ops: the link layer; NULL: none (a tunnel)
 * @flags: IFF_*
 * @priv_flags: IFF_* of the second kind
 * @operstate: IF_OPER_*
 * @mtu: largest IP packet, bytes
 * @type: ARPHRD_*
 * @hard_header_len: bytes of link header
 * @needed_headroom: more that the driver wants in front
 * @needed_tailroom: and behind
 * @perm_addr: its first address
 * @addr_len: bytes of an address
 * @ip_ptr: IPv4's part of it
 * @last_rx: jiffies of the last packet received
 * @dev_addr: its address; 8 bytes, so that comparisons may read 64 bits
 * @broadcast: the address of all
 * @_tx: transmit queues
 * @num_tx_queues: how many were allocated
 * @real_num_tx_queues: how many are in use
 * @qdisc: the discipline above the queues
 * @tx_queue_len: packets that a discipline may hold, by default
 * @tx_global_lock: for stopping all queues
 * @watchdog_timeo: jiffies until a silent queue counts as stuck
 * @refcnt: references
 * @reg_state: NETREG_*
 * @nd_net: its namespace
 * @gso_max_size: largest packet for segmentation, bytes
 * @gso_max_segs: and its segments
 * @priv: the driver's own structure
 */
struct net_device {
	char name[IFNAMSIZ];
	unsigned long state;
	struct list_head dev_list;
	struct list_head ptype_all;
	struct list_head ptype_specific;
	netdev_features_t features;
	netdev_features_t hw_features;
	netdev_features_t wanted_features;
	netdev_features_t vlan_features;
	netdev_features_t hw_enc_features;
	netdev_features_t gso_partial_features;
	int ifindex;
	int group;
	struct net_device_stats stats;
	const struct net_device_ops *netdev_ops;
	const struct header_ops *header_ops;
	unsigned int flags;
	unsigned int priv_flags;
	unsigned char operstate;
	unsigned int mtu;
	unsigned short type;
	unsigned short hard_header_len;
	unsigned short needed_headroom;
	unsigned short needed_tailroom;
	unsigned char perm_addr[MAX_ADDR_LEN];
	unsigned char addr_len;
	struct in_device *ip_ptr;
	unsigned long last_rx;
	unsigned char dev_addr[MAX_ADDR_LEN];
	unsigned char broadcast[MAX_ADDR_LEN];
	struct netdev_queue *_tx;
	unsigned int num_tx_queues;
	unsigned int real_num_tx_queues;
	struct Qdisc *qdisc;
	unsigned long tx_queue_len;
	spinlock_t tx_global_lock;
	int watchdog_timeo;
	int refcnt;
	unsigned char reg_state;
	struct net *nd_net;
	unsigned int gso_max_size;
	u16 gso_max_segs;
	void *priv;
};

static inline void *netdev_priv(const struct net_device *dev)
{
	return dev->priv;
}

static inline struct net *dev_net(const struct net_device *dev)
{
	return dev->nd_net;
}

static inline void dev_net_set(struct net_device *dev, struct net *net)
{
	dev->nd_net = net;
}

static inline void dev_hold(struct net_device *dev)
{
	dev->refcnt++;
}

static inline void dev_put(struct net_device *dev)
{
	dev->refcnt--;
}

static inline bool netif_running(const struct net_device *dev)
{
	return test_bit(__LINK_STATE_START, &dev->state);
}

static inline bool netif_carrier_ok(const struct net_device *dev)
{
	return !test_bit(__LINK_STATE_NOCARRIER, &dev->state);
}

static inline bool netif_oper_up(const struct net_device *dev)
{
	return dev->operstate == IF_OPER_UP || dev->operstate == IF_OPER_UNKNOWN;
}

static inline struct netdev_queue *netdev_get_tx_queue(const struct net_device *dev,
						       unsigned int index)
{
	return &dev->_tx[index];
}

static inline bool netif_xmit_stopped(const struct netdev_queue *dev_queue)
{
	return dev_queue->state & QUEUE_STATE_ANY_XOFF;
}

static inline bool netif_xmit_frozen_or_stopped(const struct netdev_queue *dev_queue)
{
	return dev_queue->state & QUEUE_STATE_ANY_XOFF_OR_FROZEN;
}

static inline void txq_trans_update(struct netdev_queue *txq)
{
	if (txq->xmit_lock_owner != -1)
		txq->trans_start = jiffies;
}

static inline netdev_features_t netdev_intersect_features(netdev_features_t f1,
							  netdev_features_t f2)
{
	return f1 & f2;
}

static inline bool net_gso_ok(netdev_features_t features, int gso_type)
{
	netdev_features_t feature = (netdev_features_t)gso_type << NETIF_F_GSO_SHIFT;

	return (features & feature) == feature;
}

/* Whether the stack must cut the packet before the device can send it. */
static inline bool skb_gso_ok(struct sk_buff *skb, netdev_features_t features)
{
	return net_gso_ok(features, skb_shinfo(skb)->gso_type) &&
	       (!skb_has_frag_list(skb) || (features & NETIF_F_FRAGLIST));
}

static inline bool netif_needs_gso(struct sk_buff *skb, netdev_features_t features)
{
	return skb_is_gso(skb) &&
	       (!skb_gso_ok(skb, features) || unlikely(skb->ip_summed != CHECKSUM_PARTIAL &&
						       skb->ip_summed != CHECKSUM_UNNECESSARY));
}

/* Writes the link header of @skb; its length, or negative when @daddr is needed and missing. */
static inline int dev_hard_header(struct sk_buff *skb, struct net_device *dev, unsigned short type,
				  const void *daddr, const void *saddr, unsigned int len)
{
	if (!dev->header_ops || !dev->header_ops->create)
		return 0;
	return dev->header_ops->create(skb, dev, type, daddr, saddr, len);
}

static inline int dev_parse_header(const struct sk_buff *skb, unsigned char *haddr)
{
	const struct net_device *dev = skb->dev;

	if (!dev->header_ops || !dev->header_ops->parse)
		return 0;
	return dev->header_ops->parse(skb, haddr);
}

/**
 * struct napi_struct - a source of received packets that softirq polls
 * @poll_list: place among those waiting to be polled
 * @state: NAPI_STATE_* bits
 * @weight: packets it may deliver at once
 * @poll: delivers up to a budget; how many it did
 * @dev: its device, NULL for the CPU's backlog
 */
struct napi_struct {
	struct list_head poll_list;
	unsigned long state;
	int weight;
	int (*poll)(struct napi_struct *n, int budget);
	struct net_device *dev;
};

enum {
	NAPI_STATE_SCHED, /* queued for polling */
	NAPI_STATE_DISABLE,
};

/**
 * struct softnet_data - what a CPU needs for packets; there is one CPU
 * @poll_list: sources that wait to be polled
 * @process_queue: packets being delivered now
 * @input_pkt_queue: packets that arrived, the backlog
 * @backlog: the pseudo source that moves the one to the other
 * @completion_queue: packets freed in interrupts, to be freed in softirq
 * @output_queue: disciplines to be run again
 * @output_queue_tailp: end of that list
 * @processed: packets delivered
 * @time_squeeze: rounds that ended with work left
 * @dropped: packets that found the backlog full
 * @received_rps: unused
 * @input_queue_head: packets taken from the backlog, ever
 * @input_queue_tail: packets put into it, ever
 */
struct softnet_data {
	struct list_head poll_list;
	struct sk_buff_head process_queue;
	unsigned int processed;
	unsigned int time_squeeze;
	unsigned int received_rps;
	struct Qdisc *output_queue;
	struct Qdisc **output_queue_tailp;
	struct sk_buff *completion_queue;
	unsigned int input_queue_head;
	unsigned int input_queue_tail;
	unsigned int dropped;
	struct sk_buff_head input_pkt_queue;
	struct napi_struct backlog;
	struct {
		u16 recursion;
		u8 more;
	} xmit;
};

extern struct softnet_data softnet_data;
extern int netdev_max_backlog;
extern int netdev_budget;
extern int weight_p;
extern int netdev_tstamp_prequeue;

/**
 * struct packet_type - a protocol that wants frames
 * @type: EtherType in network order, ETH_P_ALL for all
 * @dev: only from this device, NULL: from all
 * @func: takes the packet, and owns it from then on
 * @af_packet_priv: the owner's
 * @list: place in its chain
 */
struct packet_type {
	__be16 type;
	struct net_device *dev;
	int (*func)(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		    struct net_device *orig_dev);
	void *af_packet_priv;
	struct list_head list;
};

/**
 * struct packet_offload - a protocol that can cut its large packets
 * @type: EtherType, network order
 * @gso_segment: makes pieces of one whose data is at the protocol's header (net/core/gso.c)
 * @list: place in the list of all
 */
struct packet_offload {
	__be16 type;
	struct sk_buff *(*gso_segment)(struct sk_buff *skb, netdev_features_t features);
	struct list_head list;
};

void dev_add_offload(struct packet_offload *po);
void dev_remove_offload(struct packet_offload *po);
void dev_offload_init(void);
struct sk_buff *skb_mac_gso_segment(struct sk_buff *skb, netdev_features_t features);
struct sk_buff *__skb_gso_segment(struct sk_buff *skb, netdev_features_t features, bool tx_path);

static inline struct sk_buff *skb_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	return __skb_gso_segment(skb, features, true);
}

extern struct list_head ptype_all; /* those for ETH_P_ALL */

void dev_add_pack(struct packet_type *pt);
void dev_remove_pack(struct packet_type *pt);

/* Netdevice events for notifiers; the data is a struct netdev_notifier_info. */
#define NETDEV_UP         0x0001
#define NETDEV_DOWN       0x0002
#define NETDEV_CHANGE     0x0004
#define NETDEV_REGISTER   0x0005
#define NETDEV_UNREGISTER 0x0006
#define NETDEV_CHANGEMTU  0x0007
#define NETDEV_CHANGEADDR 0x0008
#define NETDEV_GOING_DOWN 0x0009

struct netdev_notifier_info {
	struct net_device *dev;
};

static inline struct net_device *
netdev_notifier_info_to_dev(const struct netdev_notifier_info *info)
{
	return info->dev;
}

/* A chain that registers late is told of the devices that are there already. */
int register_netdevice_notifier(struct notifier_block *nb);
int unregister_netdevice_notifier(struct notifier_block *nb);
int call_netdevice_notifiers(unsigned long val, struct net_device *dev);

/* ---- devices ---- */

struct net_device *alloc_netdev(int sizeof_priv, const char *name, const char *priv_type,
				void (*setup)(struct net_device *));
void free_netdev(struct net_device *dev);
int register_netdevice(struct net_device *dev);
void unregister_netdevice(struct net_device *dev);
/* Sets or clears IFF_UP and tells the driver and the notifiers; 0 or -errno. */
int dev_open(struct net_device *dev);
int dev_set_mtu(struct net_device *dev, int new_mtu);
int dev_close(struct net_device *dev);
/* NULL when there is none; no reference is taken. */
struct net_device *__dev_get_by_name(struct net *net, const char *name);
struct net_device *__dev_get_by_index(struct net *net, int ifindex);
#define dev_get_by_index_rcu(net, ifindex) __dev_get_by_index(net, ifindex)
#define dev_get_by_name_rcu(net, name)     __dev_get_by_name(net, name)
struct net_device *dev_get_by_index(struct net *net, int ifindex);
/* The devices in order of registration; wants net/net_namespace.h. */
#define for_each_netdev(net, d)     list_for_each_entry(d, &(net)->dev_base_head, dev_list)
#define for_each_netdev_rcu(net, d) for_each_netdev(net, d)

/* ---- the way down ---- */

int dev_queue_xmit(struct sk_buff *skb);
struct netdev_queue *netdev_pick_tx(struct net_device *dev, struct sk_buff *skb, void *accel_priv);
struct sk_buff *dev_hard_start_xmit(struct sk_buff *first, struct net_device *dev,
				    struct netdev_queue *txq, int *ret);
struct sk_buff *validate_xmit_skb_list(struct sk_buff *skb, struct net_device *dev);
netdev_features_t netif_skb_features(struct sk_buff *skb);
netdev_features_t passthru_features_check(struct sk_buff *skb, struct net_device *dev,
					  netdev_features_t features);
void __netif_schedule(struct Qdisc *q);

static inline netdev_tx_t __netdev_start_xmit(const struct net_device_ops *ops, struct sk_buff *skb,
					      struct net_device *dev, bool more)
{
	skb->xmit_more = more ? 1 : 0;
	return ops->ndo_start_xmit(skb, dev);
}

static inline netdev_tx_t netdev_start_xmit(struct sk_buff *skb, struct net_device *dev,
					    struct netdev_queue *txq, bool more)
{
	const struct net_device_ops *ops = dev->netdev_ops;
	int rc;

	rc = __netdev_start_xmit(ops, skb, dev, more);
	if (rc == NETDEV_TX_OK)
		txq_trans_update(txq);
	return rc;
}

static inline void __netif_tx_lock(struct netdev_queue *txq, int cpu)
{
	spin_lock(&txq->_xmit_lock);
	txq->xmit_lock_owner = cpu;
}

static inline void __netif_tx_unlock(struct netdev_queue *txq)
{
	txq->xmit_lock_owner = -1;
	spin_unlock(&txq->_xmit_lock);
}

static inline void netif_start_queue(struct net_device *dev)
{
	clear_bit(__QUEUE_STATE_DRV_XOFF, &netdev_get_tx_queue(dev, 0)->state);
}

static inline void netif_stop_queue(struct net_device *dev)
{
	set_bit(__QUEUE_STATE_DRV_XOFF, &netdev_get_tx_queue(dev, 0)->state);
}

static inline bool netif_queue_stopped(const struct net_device *dev)
{
	return test_bit(__QUEUE_STATE_DRV_XOFF, &netdev_get_tx_queue(dev, 0)->state);
}

void netif_wake_queue(struct net_device *dev);

/* ---- the way up ---- */

int netif_rx(struct sk_buff *skb);
/* For callers outside of interrupts: runs the softirq before it returns. */
int netif_rx_ni(struct sk_buff *skb);
int netif_receive_skb(struct sk_buff *skb);
void __napi_schedule(struct napi_struct *n);
void napi_complete(struct napi_struct *n);

void net_dev_init(void);
void net_dev_exit(void);
int loopback_init(void);
void loopback_exit(void);
/* The same for dev_input.c and dev_register.c. */
void net_rx_init(void);
void netdev_register_init(void);
void netdev_register_exit(void);

#endif
