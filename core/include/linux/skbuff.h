/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SKBUFF_H
#define _LINUX_SKBUFF_H

/*
 * The socket buffer: one packet on its way up or down (include/linux/skbuff.h
 * of v4.9).
 *
 * A packet is two pieces of memory: struct sk_buff, the description, and a
 * data buffer of one block:
 *
 *	head          data              tail            end
 *	 |  headroom   |  the packet     |  tailroom     |  skb_shared_info |
 *
 * Going down, each layer pushes its header in front of data; going up, each
 * pulls its header off. Descriptions may be cloned: two sk_buffs, one data
 * buffer, counted in skb_shared_info.dataref. TCP keeps the original in its
 * write queue for retransmission and sends a clone; that pair comes from one
 * allocation (fclone). Offsets of headers are relative to head, so that a
 * reallocated buffer needs no fixing of them.
 *
 * Packets here are linear: no page fragments, no frag_list is ever made, but
 * the fields stand where the kernel has them and are asked.
 */
#include <linux/kernel.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/ktime.h>
#include <linux/jiffies.h>
#include <linux/if_packet.h>
#include <net/checksum.h>
#include <net/dropreason.h>

struct net_device;
struct sock;
struct dst_entry;
struct rtable;
struct sec_path;
struct nf_conntrack;
struct nf_bridge_info;
struct iov_iter;

/* skb->ip_summed. On the way in: who checked; on the way out: who is to compute. */
#define CHECKSUM_NONE        0 /* in: nobody checked; out: done already */
#define CHECKSUM_UNNECESSARY 1 /* in: the device checked and it is right */
#define CHECKSUM_COMPLETE    2 /* in: skb->csum is the sum of the whole packet */
#define CHECKSUM_PARTIAL     3 /* out: only the pseudo header's part is there */
#define SKB_MAX_CSUM_LEVEL   3

/* Sizes: rounded to cache lines, because the allocator gives whole lines. */
#define SKB_DATA_ALIGN(X)       ALIGN(X, SMP_CACHE_BYTES)
#define SKB_WITH_OVERHEAD(X)    ((X)-SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
#define SKB_MAX_ORDER(X, ORDER) SKB_WITH_OVERHEAD((PAGE_SIZE << (ORDER)) - (X))
#define SKB_MAX_HEAD(X)         (SKB_MAX_ORDER((X), 0))
/* What a packet with @X bytes of buffer costs its socket: description and trailer included. */
#define SKB_TRUESIZE(X)                                                \
	((unsigned int)((X) + SKB_DATA_ALIGN(sizeof(struct sk_buff)) + \
			SKB_DATA_ALIGN(sizeof(struct skb_shared_info))))

#define MAX_SKB_FRAGS 17
#define NET_SKB_PAD   64 /* headroom that drivers leave on received packets */
#define NET_IP_ALIGN  2  /* behind Ethernet's 14 bytes, the IP header is at a multiple of 4 */

typedef unsigned int sk_buff_data_t; /* an offset from head */

/**
 * struct skb_mstamp - a point in time, microseconds and jiffies in one word
 * @v64: both, to compare and copy at once
 * @stamp_us: low 32 bits of local_clock() / 1000
 * @stamp_jiffies: low 32 bits of jiffies
 */
struct skb_mstamp {
	union {
		u64 v64;
		struct {
			u32 stamp_us;
			u32 stamp_jiffies;
		};
	};
};

static inline void skb_mstamp_get(struct skb_mstamp *cl)
{
	u64 val = local_clock();

	cl->stamp_us = (u32)(val / NSEC_PER_USEC);
	cl->stamp_jiffies = (u32)jiffies;
}

/* Microseconds from @t0 to @t1; by jiffies when the span is too long for the us part. */
static inline u32 skb_mstamp_us_delta(const struct skb_mstamp *t1, const struct skb_mstamp *t0)
{
	s32 delta_us = (s32)(t1->stamp_us - t0->stamp_us);
	u32 delta_jiffies = t1->stamp_jiffies - t0->stamp_jiffies;

	if (delta_us <= 0 || delta_jiffies >= (INT_MAX / (USEC_PER_SEC / HZ)))
		delta_us = (s32)jiffies_to_usecs(delta_jiffies);
	return (u32)delta_us;
}

static inline bool skb_mstamp_after(const struct skb_mstamp *t1, const struct skb_mstamp *t0)
{
	s32 diff = (s32)(t1->stamp_jiffies - t0->stamp_jiffies);

	if (!diff)
		diff = (s32)(t1->stamp_us - t0->stamp_us);
	return diff > 0;
}

typedef struct skb_frag_struct {
	struct {
		struct page *p;
	} page;
	__u32 page_offset;
	__u32 size;
} skb_frag_t;

struct skb_shared_hwtstamps {
	ktime_t hwtstamp;
};

/* skb_shared_info.tx_flags */
enum {
	SKBTX_HW_TSTAMP = 1 << 0,
	SKBTX_SW_TSTAMP = 1 << 1,
	SKBTX_IN_PROGRESS = 1 << 2,
	SKBTX_DEV_ZEROCOPY = 1 << 3,
	SKBTX_SHARED_FRAG = 1 << 5,
	SKBTX_SCHED_TSTAMP = 1 << 6,
};
#define SKBTX_ANY_SW_TSTAMP (SKBTX_SW_TSTAMP | SKBTX_SCHED_TSTAMP)
#define SKBTX_ANY_TSTAMP    (SKBTX_HW_TSTAMP | SKBTX_ANY_SW_TSTAMP)

/* skb_shared_info.gso_type and sk->sk_gso_type */
enum {
	SKB_GSO_TCPV4 = 1 << 0,
	SKB_GSO_UDP = 1 << 1,
	SKB_GSO_DODGY = 1 << 2,
	SKB_GSO_TCP_ECN = 1 << 3,
	SKB_GSO_TCP_FIXEDID = 1 << 4,
	SKB_GSO_TCPV6 = 1 << 5,
	SKB_GSO_FCOE = 1 << 6,
	SKB_GSO_GRE = 1 << 7,
	SKB_GSO_PARTIAL = 1 << 13,
};

/**
 * struct skb_shared_info - trailer of the data buffer, shared by all clones
 * @nr_frags: page fragments, 0 here
 * @tx_flags: SKBTX_*
 * @gso_size: payload bytes of each segment to be cut, 0: no cutting
 * @gso_segs: how many segments that makes
 * @gso_type: SKB_GSO_*
 * @frag_list: further sk_buffs of this packet, NULL here
 * @hwtstamps: time stamp of the hardware
 * @tskey: key of a requested time stamp
 * @ip6_frag_id: unused with IPv4
 * @dataref: sk_buffs on this buffer; the upper 16 bits count those that need the payload only
 * @destructor_arg: for zero-copy, NULL here
 * @frags: the fragments
 */
struct skb_shared_info {
	unsigned char nr_frags;
	__u8 tx_flags;
	unsigned short gso_size;
	unsigned short gso_segs;
	unsigned short gso_type;
	struct sk_buff *frag_list;
	struct skb_shared_hwtstamps hwtstamps;
	u32 tskey;
	__be32 ip6_frag_id;
	atomic_t dataref;
	void *destructor_arg;
	skb_frag_t frags[MAX_SKB_FRAGS];
};

#define SKB_DATAREF_SHIFT 16
#define SKB_DATAREF_MASK  ((1 << SKB_DATAREF_SHIFT) - 1)

/* skb->fclone */
enum {
	SKB_FCLONE_UNAVAILABLE, /* an sk_buff of its own */
	SKB_FCLONE_ORIG,        /* the first of a pair */
	SKB_FCLONE_CLONE,       /* the second of a pair, in use or free */
};

/**
 * struct sk_buff_head - a queue of packets; a circular list whose head this is
 * @next: first
 * @prev: last
 * @qlen: how many
 * @lock: taken by the functions without leading underscores
 */
struct sk_buff_head {
	struct sk_buff *next;
	struct sk_buff *prev;
	__u32 qlen;
	spinlock_t lock;
};

/* What the head and every member of a queue begin with, so that code need not know which it holds. */
struct sk_buff_list {
	struct sk_buff *next;
	struct sk_buff *prev;
};

#define skb_links(skb) ((struct sk_buff_list *)(skb))

/**
 * struct sk_buff - a packet
 * @next: in a queue
 * @prev: in a queue
 * @tstamp: when it arrived or left, ns
 * @skb_mstamp: the same place, when TCP sent it, for round trip times
 * @rbnode: place in TCP's out-of-order tree instead of a queue
 * @sk: socket that owns it and pays for it
 * @dev: device it came in by or goes out by
 * @cb: scratch of the layer that holds it now (TCP_SKB_CB, IPCB, ...)
 * @_skb_refdst: its route, struct dst_entry *; bit 0: borrowed, holds no reference
 * @destructor: called when it is freed or orphaned; gives memory back to @sk
 * @sp: IPsec path, NULL here
 * @nfct: connection tracking, NULL here
 * @nf_bridge: bridge netfilter, NULL here
 * @len: bytes of packet from data on
 * @data_len: those not in the linear part, 0 here
 * @mac_len: bytes of the link header
 * @hdr_len: writable header bytes of a clone
 * @queue_mapping: transmit queue of the device
 * @cloned: its data buffer may be shared
 * @nohdr: only the payload is referenced; headers must not be changed
 * @fclone: SKB_FCLONE_*
 * @peeked: looked at by MSG_PEEK
 * @head_frag: head is a page fragment, 0 here
 * @xmit_more: more packets follow at once, the driver may wait with its doorbell
 * @__unused: fills the byte
 * @headers_start: from here on a clone copies everything in one go
 * @pkt_type: PACKET_*
 * @pfmemalloc: from the emergency reserve
 * @ignore_df: may be fragmented although it says DF
 * @nfctinfo: connection tracking
 * @nf_trace: netfilter tracing
 * @ip_summed: CHECKSUM_*
 * @ooo_okay: may change its transmit queue without reordering the flow
 * @l4_hash: @hash covers the ports
 * @sw_hash: @hash was made in software
 * @wifi_acked_valid: wireless only
 * @wifi_acked: wireless only
 * @no_fcs: no check sequence wanted
 * @encapsulation: inner headers are valid
 * @encap_hdr_csum: the outer header wants a checksum
 * @csum_valid: checksum was found right
 * @csum_complete_sw: CHECKSUM_COMPLETE made in software
 * @csum_level: checksums beyond the first that the device checked
 * @csum_bad: the device found a wrong checksum
 * @ndisc_nodetype: IPv6 only
 * @ipvs_property: IPVS only
 * @inner_protocol_type: which member of the union below is meant
 * @remcsum_offload: remote checksum offload
 * @offload_fwd_mark: forwarded by a switch in hardware
 * @tc_index: traffic control
 * @tc_verd: traffic control
 * @csum: sum so far, with CHECKSUM_COMPLETE or while receiving
 * @csum_start: CHECKSUM_PARTIAL: offset from head where summing starts
 * @csum_offset: CHECKSUM_PARTIAL: where in that the result goes
 * @priority: for queueing disciplines, 0..15 with pfifo_fast
 * @skb_iif: ifindex of the first device it came in by
 * @hash: hash of the flow, 0: none
 * @vlan_proto: tag's protocol, network order
 * @vlan_tci: tag
 * @napi_id: for busy polling
 * @secmark: security mark
 * @mark: packet mark for routing and filters
 * @inner_protocol: of the encapsulated packet
 * @inner_ipproto: the same
 * @inner_transport_header: offsets of the encapsulated packet's headers
 * @inner_network_header: the same
 * @inner_mac_header: the same
 * @protocol: EtherType, network order
 * @transport_header: offset from head; 65535: not set
 * @network_header: offset from head
 * @mac_header: offset from head; 65535: not set
 * @headers_end: end of what a clone copies in one go
 * @tail: offset of the first byte behind the packet
 * @end: offset of the first byte behind the room
 * @head: first byte of the buffer
 * @data: first byte of the packet as this layer sees it
 * @truesize: bytes it costs, see SKB_TRUESIZE
 * @users: references to this description
 */
struct sk_buff {
	union {
		struct {
			struct sk_buff *next;
			struct sk_buff *prev;
			union {
				ktime_t tstamp;
				struct skb_mstamp skb_mstamp;
			};
		};
		struct rb_node rbnode;
	};
	struct sock *sk;
	struct net_device *dev;
	char cb[48] __aligned(8);
	unsigned long _skb_refdst;
	void (*destructor)(struct sk_buff *skb);
	struct sec_path *sp;
	struct nf_conntrack *nfct;
	struct nf_bridge_info *nf_bridge;
	unsigned int len, data_len;
	__u16 mac_len, hdr_len;
	__u16 queue_mapping;
	__u8 cloned : 1, nohdr : 1, fclone : 2, peeked : 1, head_frag : 1, xmit_more : 1,
		__unused : 1;

	__u32 headers_start[0];
	__u8 pkt_type : 3, pfmemalloc : 1, ignore_df : 1, nfctinfo : 3;
	__u8 nf_trace : 1, ip_summed : 2, ooo_okay : 1, l4_hash : 1, sw_hash : 1,
		wifi_acked_valid : 1, wifi_acked : 1;
	__u8 no_fcs : 1, encapsulation : 1, encap_hdr_csum : 1, csum_valid : 1,
		csum_complete_sw : 1, csum_level : 2, csum_bad : 1;
	__u8 ndisc_nodetype : 2, ipvs_property : 1, inner_protocol_type : 1, remcsum_offload : 1,
		offload_fwd_mark : 1;
	__u16 tc_index;
	__u16 tc_verd;
	union {
		__wsum csum;
		struct {
			__u16 csum_start;
			__u16 csum_offset;
		};
	};
	__u32 priority;
	int skb_iif;
	__u32 hash;
	__be16 vlan_proto;
	__u16 vlan_tci;
	unsigned int napi_id;
	__u32 secmark;
	__u32 mark;
	union {
		__be16 inner_protocol;
		__u8 inner_ipproto;
	};
	__u16 inner_transport_header;
	__u16 inner_network_header;
	__u16 inner_mac_header;
	__be16 protocol;
	__u16 transport_header;
	__u16 network_header;
	__u16 mac_header;
	__u32 headers_end[0];

	sk_buff_data_t tail;
	sk_buff_data_t end;
	unsigned char *head, *data;
	unsigned int truesize;
	atomic_t users;
};

/**
 * struct sk_buff_fclones - an sk_buff with room for its clone beside it
 * @skb1: the original
 * @skb2: the clone
 * @fclone_ref: how many of the two are in use
 */
struct sk_buff_fclones {
	struct sk_buff skb1;
	struct sk_buff skb2;
	atomic_t fclone_ref;
};

BUILD_BUG_ON(SKB_DATA_ALIGN(sizeof(struct sk_buff)) != 256);
BUILD_BUG_ON(SKB_DATA_ALIGN(sizeof(struct skb_shared_info)) != 320);

/* ---- the route of a packet ---- */

#define SKB_DST_NOREF   1UL
#define SKB_DST_PTRMASK ~(SKB_DST_NOREF)

static inline struct dst_entry *skb_dst(const struct sk_buff *skb)
{
	return (struct dst_entry *)(skb->_skb_refdst & SKB_DST_PTRMASK);
}

/* The route of an IPv4 packet: a dst_entry is an rtable's first member. */
static inline struct rtable *skb_rtable(const struct sk_buff *skb)
{
	return (struct rtable *)skb_dst(skb);
}

/* Hands over a reference with the route. */
static inline void skb_dst_set(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->_skb_refdst = (unsigned long)dst;
}

/* Lends the route: valid only while the lender (the socket, the softirq) keeps it. */
static inline void skb_dst_set_noref(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->_skb_refdst = (unsigned long)dst | SKB_DST_NOREF;
}

static inline bool skb_dst_is_noref(const struct sk_buff *skb)
{
	return (skb->_skb_refdst & SKB_DST_NOREF) && skb_dst(skb);
}

/* ---- making and freeing ---- */

#define SKB_ALLOC_FCLONE 0x01
#define SKB_ALLOC_RX     0x02

struct sk_buff *__alloc_skb(unsigned int size, gfp_t priority, int flags, int node);
void __kfree_skb(struct sk_buff *skb);
/* Drops a packet: the reference is given back and the loss is told. */
void kfree_skb(struct sk_buff *skb);
void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason);
void kfree_skb_list(struct sk_buff *segs);
/* The packet was used as meant: freed without the tracepoint of a drop. */
void consume_skb(struct sk_buff *skb);
struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t priority);
struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t priority);
struct sk_buff *__pskb_copy_fclone(struct sk_buff *skb, int headroom, gfp_t gfp_mask, bool fclone);
int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp_mask);
struct sk_buff *skb_realloc_headroom(struct sk_buff *skb, unsigned int headroom);
struct sk_buff *__netdev_alloc_skb(struct net_device *dev, unsigned int len, gfp_t gfp_mask);
void __kfree_skb_flush(void);
void __kfree_skb_defer(struct sk_buff *skb);
void skb_release_data(struct sk_buff *skb);
void __copy_skb_header(struct sk_buff *new, const struct sk_buff *old);
void skb_init(void);
void skb_exit(void);

#define NUMA_NO_NODE (-1)

static inline struct sk_buff *alloc_skb(unsigned int size, gfp_t priority)
{
	return __alloc_skb(size, priority, 0, NUMA_NO_NODE);
}

static inline struct sk_buff *alloc_skb_fclone(unsigned int size, gfp_t priority)
{
	return __alloc_skb(size, priority, SKB_ALLOC_FCLONE, NUMA_NO_NODE);
}

static inline struct sk_buff *netdev_alloc_skb(struct net_device *dev, unsigned int length)
{
	return __netdev_alloc_skb(dev, length, GFP_ATOMIC);
}

static inline struct sk_buff *__pskb_copy(struct sk_buff *skb, int headroom, gfp_t gfp_mask)
{
	return __pskb_copy_fclone(skb, headroom, gfp_mask, false);
}

static inline struct sk_buff *pskb_copy(struct sk_buff *skb, gfp_t gfp_mask)
{
	return __pskb_copy(skb, (int)(skb->data - skb->head), gfp_mask);
}

static inline struct sk_buff *skb_get(struct sk_buff *skb)
{
	atomic_inc(&skb->users);
	return skb;
}

/* Freed once its last holder lets go; its owner stops paying at once. */
static inline void skb_orphan(struct sk_buff *skb)
{
	if (skb->destructor) {
		skb->destructor(skb);
		skb->destructor = NULL;
		skb->sk = NULL;
	} else {
		BUG_ON(skb->sk);
	}
}

static inline int skb_orphan_frags(struct sk_buff *skb, gfp_t gfp_mask)
{
	(void)skb;
	(void)gfp_mask;
	return 0; /* no zero-copy fragments, nothing to take over */
}

static inline bool skb_pfmemalloc(const struct sk_buff *skb)
{
	return unlikely(skb->pfmemalloc);
}

#include <linux/skbuff_data.h>
#include <linux/skbuff_queue.h>

#endif
