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
#define CHECKSUM_NONE		0	/* in: nobody checked; out: done already */
#define CHECKSUM_UNNECESSARY	1	/* in: the device checked and it is right */
#define CHECKSUM_COMPLETE	2	/* in: skb->csum is the sum of the whole packet */
#define CHECKSUM_PARTIAL	3	/* out: only the pseudo header's part is there */
#define SKB_MAX_CSUM_LEVEL	3

/* Sizes: rounded to cache lines, because the allocator gives whole lines. */
#define SKB_DATA_ALIGN(X)	ALIGN(X, SMP_CACHE_BYTES)
#define SKB_WITH_OVERHEAD(X)	((X) - SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
#define SKB_MAX_ORDER(X, ORDER)	SKB_WITH_OVERHEAD((PAGE_SIZE << (ORDER)) - (X))
#define SKB_MAX_HEAD(X)		(SKB_MAX_ORDER((X), 0))
/* What a packet with @X bytes of buffer costs its socket: description and trailer included. */
#define SKB_TRUESIZE(X)                                                             \
	((unsigned int)((X) + SKB_DATA_ALIGN(sizeof(struct sk_buff)) +              \
			SKB_DATA_ALIGN(sizeof(struct skb_shared_info))))

#define MAX_SKB_FRAGS	17
#define NET_SKB_PAD	64	/* headroom that drivers leave on received packets */
#define NET_IP_ALIGN	0	/* x86 reads unaligned headers without a cost */

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
#define SKBTX_ANY_SW_TSTAMP	(SKBTX_SW_TSTAMP | SKBTX_SCHED_TSTAMP)
#define SKBTX_ANY_TSTAMP	(SKBTX_HW_TSTAMP | SKBTX_ANY_SW_TSTAMP)

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

#define SKB_DATAREF_SHIFT	16
#define SKB_DATAREF_MASK	((1 << SKB_DATAREF_SHIFT) - 1)

/* skb->fclone */
enum {
	SKB_FCLONE_UNAVAILABLE, /* an sk_buff of its own */
	SKB_FCLONE_ORIG, /* the first of a pair */
	SKB_FCLONE_CLONE, /* the second of a pair, in use or free */
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
	__u8 ndisc_nodetype : 2, ipvs_property : 1, inner_protocol_type : 1,
		remcsum_offload : 1, offload_fwd_mark : 1;
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

#define SKB_DST_NOREF	1UL
#define SKB_DST_PTRMASK	~(SKB_DST_NOREF)

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

#define SKB_ALLOC_FCLONE	0x01
#define SKB_ALLOC_RX		0x02

struct sk_buff *__alloc_skb(unsigned int size, gfp_t priority, int flags, int node);
void __kfree_skb(struct sk_buff *skb);
/* Drops a packet: the reference is given back and the loss is told. */
void kfree_skb(struct sk_buff *skb);
void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason);
void kfree_skb_list(struct sk_buff *segs);
/* The packet was used as meant: freed without the tracepoint of a drop. */
void consume_skb(struct sk_buff *skb);
void kfree_skb_partial(struct sk_buff *skb, bool head_stolen);
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

/* ---- the buffer ---- */

static inline unsigned char *skb_end_pointer(const struct sk_buff *skb)
{
	return skb->head + skb->end;
}

static inline unsigned int skb_end_offset(const struct sk_buff *skb)
{
	return skb->end;
}

#define skb_shinfo(SKB) ((struct skb_shared_info *)(skb_end_pointer(SKB)))

static inline struct skb_shared_hwtstamps *skb_hwtstamps(struct sk_buff *skb)
{
	return &skb_shinfo(skb)->hwtstamps;
}

static inline unsigned char *skb_tail_pointer(const struct sk_buff *skb)
{
	return skb->head + skb->tail;
}

static inline void skb_reset_tail_pointer(struct sk_buff *skb)
{
	skb->tail = (sk_buff_data_t)(skb->data - skb->head);
}

static inline void skb_set_tail_pointer(struct sk_buff *skb, const int offset)
{
	skb_reset_tail_pointer(skb);
	skb->tail += (sk_buff_data_t)offset;
}

static inline bool skb_is_nonlinear(const struct sk_buff *skb)
{
	return skb->data_len != 0;
}

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->len - skb->data_len;
}

static inline unsigned int skb_headroom(const struct sk_buff *skb)
{
	return (unsigned int)(skb->data - skb->head);
}

static inline int skb_tailroom(const struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? 0 : (int)(skb->end - skb->tail);
}

static inline int skb_availroom(const struct sk_buff *skb)
{
	if (skb_is_nonlinear(skb))
		return 0;
	return (int)(skb->end - skb->tail);
}

/* Leaves @len bytes in front; only while the buffer is empty. */
static inline void skb_reserve(struct sk_buff *skb, int len)
{
	skb->data += len;
	skb->tail += (sk_buff_data_t)len;
}

/* Room behind the packet: the new bytes' address. Past the end is a panic. */
unsigned char *skb_put(struct sk_buff *skb, unsigned int len);
/* Room in front of it: the new data pointer. */
unsigned char *skb_push(struct sk_buff *skb, unsigned int len);
/* Takes @len bytes off the front; the new data pointer, NULL when there are fewer. */
unsigned char *skb_pull(struct sk_buff *skb, unsigned int len);
/* Cuts it down to @len bytes. */
void skb_trim(struct sk_buff *skb, unsigned int len);
int ___pskb_trim(struct sk_buff *skb, unsigned int len);
unsigned char *__pskb_pull_tail(struct sk_buff *skb, int delta);

static inline unsigned char *__skb_put(struct sk_buff *skb, unsigned int len)
{
	unsigned char *tmp = skb_tail_pointer(skb);

	skb->tail += len;
	skb->len += len;
	return tmp;
}

static inline unsigned char *__skb_push(struct sk_buff *skb, unsigned int len)
{
	skb->data -= len;
	skb->len += len;
	return skb->data;
}

static inline unsigned char *__skb_pull(struct sk_buff *skb, unsigned int len)
{
	skb->len -= len;
	BUG_ON(skb->len < skb->data_len);
	return skb->data += len;
}

static inline unsigned char *skb_pull_inline(struct sk_buff *skb, unsigned int len)
{
	return unlikely(len > skb->len) ? NULL : __skb_pull(skb, len);
}

static inline void __skb_trim(struct sk_buff *skb, unsigned int len)
{
	if (unlikely(skb_is_nonlinear(skb))) {
		WARN_ON(1);
		return;
	}
	skb->len = len;
	skb_set_tail_pointer(skb, (int)len);
}

static inline int __pskb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->data_len)
		return ___pskb_trim(skb, len);
	__skb_trim(skb, len);
	return 0;
}

static inline int pskb_trim(struct sk_buff *skb, unsigned int len)
{
	return (len < skb->len) ? __pskb_trim(skb, len) : 0;
}

/* Trims padding of the link layer; a checksum over the whole frame is then worthless. */
static inline int pskb_trim_rcsum(struct sk_buff *skb, unsigned int len)
{
	if (likely(len >= skb->len))
		return 0;
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return __pskb_trim(skb, len);
}

/* Whether @len bytes of the packet can be read at data. */
static inline int pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	if (likely(len <= skb_headlen(skb)))
		return 1;
	if (unlikely(len > skb->len))
		return 0;
	return __pskb_pull_tail(skb, (int)(len - skb_headlen(skb))) != NULL;
}

static inline int skb_linearize(struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? -ENOMEM : 0;
}

int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len);
int skb_store_bits(struct sk_buff *skb, int offset, const void *from, int len);

static inline void *skb_header_pointer(const struct sk_buff *skb, int offset, int len,
				       void *buffer)
{
	if ((int)skb_headlen(skb) - offset >= len)
		return skb->data + offset;
	if (skb_copy_bits(skb, offset, buffer, len) < 0)
		return NULL;
	return buffer;
}

static inline void skb_copy_from_linear_data(const struct sk_buff *skb, void *to,
					     const unsigned int len)
{
	memcpy(to, skb->data, len);
}

/* Copies payload between a packet and user memory; 0 or -EFAULT (net/core/datagram.c). */
int skb_copy_datagram_iter(const struct sk_buff *from, int offset, struct iov_iter *to, int size);
int skb_copy_datagram_from_iter(struct sk_buff *skb, int offset, struct iov_iter *from, int len);

/* ---- sharing ---- */

static inline int skb_cloned(const struct sk_buff *skb)
{
	return skb->cloned &&
	       (atomic_read(&skb_shinfo(skb)->dataref) & SKB_DATAREF_MASK) != 1;
}

static inline int skb_header_cloned(const struct sk_buff *skb)
{
	int dataref;

	if (!skb->cloned)
		return 0;
	dataref = atomic_read(&skb_shinfo(skb)->dataref);
	dataref = (dataref & SKB_DATAREF_MASK) - (dataref >> SKB_DATAREF_SHIFT);
	return dataref != 1;
}

/* TCP: "I hold only the payload", so that the clone below may write the headers. */
static inline void __skb_header_release(struct sk_buff *skb)
{
	skb->nohdr = 1;
	atomic_set(&skb_shinfo(skb)->dataref, 1 + (1 << SKB_DATAREF_SHIFT));
}

static inline int skb_shared(const struct sk_buff *skb)
{
	return atomic_read(&skb->users) != 1;
}

/* A handler that changes the packet needs its own: clones when others hold it too. */
static inline struct sk_buff *skb_share_check(struct sk_buff *skb, gfp_t pri)
{
	if (skb_shared(skb)) {
		struct sk_buff *nskb = skb_clone(skb, pri);

		if (likely(nskb))
			consume_skb(skb);
		else
			kfree_skb(skb);
		skb = nskb;
	}
	return skb;
}

static inline struct sk_buff *skb_unshare(struct sk_buff *skb, gfp_t pri)
{
	if (skb_cloned(skb)) {
		struct sk_buff *nskb = skb_copy(skb, pri);

		if (likely(nskb))
			consume_skb(skb);
		else
			kfree_skb(skb);
		skb = nskb;
	}
	return skb;
}

static inline int skb_unclone(struct sk_buff *skb, gfp_t pri)
{
	return skb_cloned(skb) ? pskb_expand_head(skb, 0, 0, pri) : 0;
}

static inline int skb_clone_writable(const struct sk_buff *skb, unsigned int len)
{
	return !skb_header_cloned(skb) && skb_headroom(skb) + len <= skb->hdr_len;
}

/* Makes sure of @headroom free bytes in front, and of sole ownership when @cloned; 0 or -ENOMEM. */
static inline int __skb_cow(struct sk_buff *skb, unsigned int headroom, int cloned)
{
	int delta = 0;

	if (headroom > skb_headroom(skb))
		delta = (int)(headroom - skb_headroom(skb));
	if (delta || cloned)
		return pskb_expand_head(skb, ALIGN(delta, NET_SKB_PAD), 0, GFP_ATOMIC);
	return 0;
}

static inline int skb_cow(struct sk_buff *skb, unsigned int headroom)
{
	return __skb_cow(skb, headroom, skb_cloned(skb));
}

static inline int skb_cow_head(struct sk_buff *skb, unsigned int headroom)
{
	return __skb_cow(skb, headroom, skb_header_cloned(skb));
}

/* ---- headers ---- */

static inline bool skb_transport_header_was_set(const struct sk_buff *skb)
{
	return skb->transport_header != (__u16)~0U;
}

static inline unsigned char *skb_transport_header(const struct sk_buff *skb)
{
	return skb->head + skb->transport_header;
}

static inline void skb_reset_transport_header(struct sk_buff *skb)
{
	skb->transport_header = (__u16)(skb->data - skb->head);
}

static inline void skb_set_transport_header(struct sk_buff *skb, const int offset)
{
	skb_reset_transport_header(skb);
	skb->transport_header = (__u16)(skb->transport_header + offset);
}

static inline unsigned char *skb_network_header(const struct sk_buff *skb)
{
	return skb->head + skb->network_header;
}

static inline void skb_reset_network_header(struct sk_buff *skb)
{
	skb->network_header = (__u16)(skb->data - skb->head);
}

static inline void skb_set_network_header(struct sk_buff *skb, const int offset)
{
	skb_reset_network_header(skb);
	skb->network_header = (__u16)(skb->network_header + offset);
}

static inline unsigned char *skb_mac_header(const struct sk_buff *skb)
{
	return skb->head + skb->mac_header;
}

static inline int skb_mac_header_was_set(const struct sk_buff *skb)
{
	return skb->mac_header != (__u16)~0U;
}

static inline void skb_reset_mac_header(struct sk_buff *skb)
{
	skb->mac_header = (__u16)(skb->data - skb->head);
}

static inline void skb_reset_mac_len(struct sk_buff *skb)
{
	skb->mac_len = (__u16)(skb->network_header - skb->mac_header);
}

static inline int skb_transport_offset(const struct sk_buff *skb)
{
	return (int)(skb_transport_header(skb) - skb->data);
}

static inline u32 skb_network_header_len(const struct sk_buff *skb)
{
	return skb->transport_header - skb->network_header;
}

static inline int skb_network_offset(const struct sk_buff *skb)
{
	return (int)(skb_network_header(skb) - skb->data);
}

static inline int skb_checksum_start_offset(const struct sk_buff *skb)
{
	return (int)(skb->csum_start - skb_headroom(skb));
}

static inline void skb_copy_queue_mapping(struct sk_buff *to, const struct sk_buff *from)
{
	to->queue_mapping = from->queue_mapping;
}

static inline void skb_set_queue_mapping(struct sk_buff *skb, u16 queue_mapping)
{
	skb->queue_mapping = queue_mapping;
}

static inline u16 skb_get_queue_mapping(const struct sk_buff *skb)
{
	return skb->queue_mapping;
}

/* ---- queues ---- */

static inline void __skb_queue_head_init(struct sk_buff_head *list)
{
	list->prev = list->next = (struct sk_buff *)list;
	list->qlen = 0;
}

static inline void skb_queue_head_init(struct sk_buff_head *list)
{
	spin_lock_init(&list->lock);
	__skb_queue_head_init(list);
}

static inline int skb_queue_empty(const struct sk_buff_head *list)
{
	return list->next == (const struct sk_buff *)list;
}

static inline __u32 skb_queue_len(const struct sk_buff_head *list_)
{
	return list_->qlen;
}

static inline bool skb_queue_is_last(const struct sk_buff_head *list, const struct sk_buff *skb)
{
	return skb->next == (const struct sk_buff *)list;
}

static inline bool skb_queue_is_first(const struct sk_buff_head *list, const struct sk_buff *skb)
{
	return skb->prev == (const struct sk_buff *)list;
}

static inline struct sk_buff *skb_queue_next(const struct sk_buff_head *list,
					     const struct sk_buff *skb)
{
	BUG_ON(skb_queue_is_last(list, skb));
	return skb->next;
}

static inline struct sk_buff *skb_queue_prev(const struct sk_buff_head *list,
					     const struct sk_buff *skb)
{
	BUG_ON(skb_queue_is_first(list, skb));
	return skb->prev;
}

static inline struct sk_buff *skb_peek(const struct sk_buff_head *list_)
{
	struct sk_buff *skb = list_->next;

	return skb == (const struct sk_buff *)list_ ? NULL : skb;
}

static inline struct sk_buff *skb_peek_tail(const struct sk_buff_head *list_)
{
	struct sk_buff *skb = list_->prev;

	return skb == (const struct sk_buff *)list_ ? NULL : skb;
}

static inline void __skb_insert(struct sk_buff *newsk, struct sk_buff *prev,
				struct sk_buff *next, struct sk_buff_head *list)
{
	newsk->next = next;
	newsk->prev = prev;
	skb_links(next)->prev = skb_links(prev)->next = newsk;
	list->qlen++;
}

static inline void __skb_queue_after(struct sk_buff_head *list, struct sk_buff *prev,
				     struct sk_buff *newsk)
{
	__skb_insert(newsk, prev, skb_links(prev)->next, list);
}

static inline void __skb_queue_before(struct sk_buff_head *list, struct sk_buff *next,
				      struct sk_buff *newsk)
{
	__skb_insert(newsk, skb_links(next)->prev, next, list);
}

static inline void __skb_queue_head(struct sk_buff_head *list, struct sk_buff *newsk)
{
	__skb_queue_after(list, (struct sk_buff *)list, newsk);
}

static inline void __skb_queue_tail(struct sk_buff_head *list, struct sk_buff *newsk)
{
	__skb_queue_before(list, (struct sk_buff *)list, newsk);
}

static inline void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	struct sk_buff *next, *prev;

	list->qlen--;
	next = skb->next;
	prev = skb->prev;
	skb->next = skb->prev = NULL;
	skb_links(next)->prev = prev;
	skb_links(prev)->next = next;
}

static inline struct sk_buff *__skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_peek(list);

	if (skb)
		__skb_unlink(skb, list);
	return skb;
}

static inline struct sk_buff *__skb_dequeue_tail(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_peek_tail(list);

	if (skb)
		__skb_unlink(skb, list);
	return skb;
}

static inline void __skb_queue_splice(const struct sk_buff_head *list, struct sk_buff *prev,
				      struct sk_buff *next)
{
	struct sk_buff *first = list->next;
	struct sk_buff *last = list->prev;

	first->prev = prev;
	skb_links(prev)->next = first;
	last->next = next;
	skb_links(next)->prev = last;
}

/* Moves all of @list behind @head's last packet. */
static inline void skb_queue_splice_tail_init(struct sk_buff_head *list, struct sk_buff_head *head)
{
	if (!skb_queue_empty(list)) {
		__skb_queue_splice(list, head->prev, (struct sk_buff *)head);
		head->qlen += list->qlen;
		__skb_queue_head_init(list);
	}
}

static inline void __skb_queue_purge(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)) != NULL)
		kfree_skb_reason(skb, SKB_DROP_REASON_QUEUE_PURGE);
}

/* With the queue's lock. */
void skb_queue_purge(struct sk_buff_head *list);
void skb_queue_tail(struct sk_buff_head *list, struct sk_buff *newsk);
void skb_queue_head(struct sk_buff_head *list, struct sk_buff *newsk);
struct sk_buff *skb_dequeue(struct sk_buff_head *list);
void skb_unlink(struct sk_buff *skb, struct sk_buff_head *list);

#define skb_queue_walk(queue, skb) \
	for (skb = (queue)->next; skb != (struct sk_buff *)(queue); skb = skb->next)
#define skb_queue_walk_safe(queue, skb, tmp)					\
	for (skb = (queue)->next, tmp = skb->next;				\
	     skb != (struct sk_buff *)(queue); skb = tmp, tmp = skb->next)
#define skb_queue_walk_from(queue, skb) \
	for (; skb != (struct sk_buff *)(queue); skb = skb->next)
#define skb_queue_walk_from_safe(queue, skb, tmp)				\
	for (tmp = skb->next; skb != (struct sk_buff *)(queue); skb = tmp, tmp = skb->next)
#define skb_queue_reverse_walk(queue, skb) \
	for (skb = (queue)->prev; skb != (struct sk_buff *)(queue); skb = skb->prev)

/* ---- checksums ---- */

/* Sums @len bytes from @offset of the packet on. */
__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum csum);
/* Software does what CHECKSUM_PARTIAL left to the device; 0 or -errno. */
int skb_checksum_help(struct sk_buff *skb);
__sum16 __skb_checksum_complete(struct sk_buff *skb);
__sum16 __skb_checksum_complete_head(struct sk_buff *skb, int len);

static inline int skb_csum_unnecessary(const struct sk_buff *skb)
{
	return (skb->ip_summed == CHECKSUM_UNNECESSARY || skb->csum_valid ||
		(skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_start_offset(skb) >= 0));
}

static inline __sum16 skb_checksum_complete(struct sk_buff *skb)
{
	return skb_csum_unnecessary(skb) ? 0 : __skb_checksum_complete(skb);
}

static inline void __skb_decr_checksum_unnecessary(struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_UNNECESSARY) {
		if (skb->csum_level == 0)
			skb->ip_summed = CHECKSUM_NONE;
		else
			skb->csum_level--;
	}
}

/* Must the sum be computed at all?  The device may have done it; UDP may have none. */
static inline bool __skb_checksum_validate_needed(struct sk_buff *skb, bool zero_okay,
						  __sum16 check)
{
	if (skb_csum_unnecessary(skb) || (zero_okay && !check)) {
		skb->csum_valid = 1;
		__skb_decr_checksum_unnecessary(skb);
		return false;
	}
	return true;
}

/* Up to this length a packet is summed at once; a longer one when its data is copied. */
#define CHECKSUM_BREAK 76

/* Checks with the pseudo header's sum @psum, or leaves it in skb->csum for later; 0: no fault. */
static inline __sum16 __skb_checksum_validate_complete(struct sk_buff *skb, bool complete,
						       __wsum psum)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE) {
		if (!csum_fold(csum_add(psum, skb->csum))) {
			skb->csum_valid = 1;
			return 0;
		}
	} else if (skb->csum_bad) {
		return (__sum16)1;
	}

	skb->csum = psum;

	if (complete || skb->len <= CHECKSUM_BREAK) {
		__sum16 csum = __skb_checksum_complete(skb);

		skb->csum_valid = !csum;
		return csum;
	}
	return 0;
}

/* First look at a received transport packet's checksum; @compute_pseudo(skb, proto). */
#define skb_checksum_init(skb, proto, compute_pseudo)					\
	__extension__({									\
		__sum16 __csum_ret = 0;							\
		(skb)->csum_valid = 0;							\
		if (__skb_checksum_validate_needed(skb, false, 0))			\
			__csum_ret = __skb_checksum_validate_complete(skb, false,	\
						compute_pseudo(skb, proto));		\
		__csum_ret;								\
	})

/* After pulling a header: its bytes leave a CHECKSUM_COMPLETE sum. */
static inline void skb_postpull_rcsum(struct sk_buff *skb, const void *start, unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_sub(skb->csum, csum_partial(start, (int)len, 0));
}

static inline bool skb_is_gso(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_size != 0;
}

static inline bool skb_has_shared_frag(const struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) && (skb_shinfo(skb)->tx_flags & SKBTX_SHARED_FRAG);
}

static inline bool skb_has_frag_list(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->frag_list != NULL;
}

/* ---- hash of the flow ---- */

static inline void __skb_set_hash(struct sk_buff *skb, __u32 hash, bool is_sw, bool is_l4)
{
	skb->l4_hash = is_l4;
	skb->sw_hash = is_sw;
	skb->hash = hash;
}

static inline void skb_clear_hash(struct sk_buff *skb)
{
	skb->hash = 0;
	skb->sw_hash = 0;
	skb->l4_hash = 0;
}

static inline __u32 skb_get_hash_raw(const struct sk_buff *skb)
{
	return skb->hash;
}

/* ---- leftovers of layers that are not here, at the places where they are asked ---- */

static inline void nf_reset(struct sk_buff *skb)
{
	skb->nfct = NULL;
	skb->nf_bridge = NULL;
}

static inline void nf_reset_trace(struct sk_buff *skb)
{
	skb->nf_trace = 0;
}

static inline void secpath_reset(struct sk_buff *skb)
{
	skb->sp = NULL;
}

static inline void secpath_put(struct sec_path *sp)
{
	(void)sp;
}

static inline void skb_init_secmark(struct sk_buff *skb)
{
	skb->secmark = 0;
}

static inline void __net_timestamp(struct sk_buff *skb)
{
	skb->tstamp = ktime_get_real();
}

static inline void sw_tx_timestamp(struct sk_buff *skb)
{
	if (skb_shinfo(skb)->tx_flags & SKBTX_SW_TSTAMP)
		skb_shinfo(skb)->hwtstamps.hwtstamp = ktime_get_real();
}

static inline void skb_tx_timestamp(struct sk_buff *skb)
{
	sw_tx_timestamp(skb);
}

static inline bool skb_defer_rx_timestamp(struct sk_buff *skb)
{
	(void)skb;
	return false;
}

#endif
