/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dst_entry: the result of a route lookup, as the rest of the stack sees it.
 *
 * A dst answers three questions once and for all packets that use it: which device, which
 * function sends (->output) or receives (->input), and what is known of the path (metrics). A
 * connected socket keeps its dst, so that a segment costs no lookup; ->obsolete and ops->check()
 * say when the cached answer has gone stale.
 *
 * Reference counting. __refcnt counts the sockets, packets and keys that hold the entry. The
 * cache in the FIB (nh_rth_input, nh_pcpu_rth_output) holds the entry without a count: an entry
 * with count 0 may live on as cached. DST_NOCACHE marks entries nobody caches; those die with
 * their last reference. A packet may also borrow a reference ("noref", lowest bit of
 * skb->_skb_refdst set) as long as someone else, such as its socket, holds a real one.
 *
 * Origin: include/net/dst.h, v4.9.
 */
#ifndef _NET_DST_H
#define _NET_DST_H

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/dst_ops.h>
#include <net/neighbour.h>

struct xfrm_state;
struct flowi;
struct sock;

/**
 * struct dst_entry - one destination
 * @child:           next transform; always NULL, there is no IPsec here
 * @dev:             output device (for input routes: where the packet is delivered)
 * @ops:             the address family's operations
 * @_metrics:        pointer to u32[RTAX_MAX] with flags in its two lowest bits
 * @expires:         jiffies at which the entry stops being valid, 0 = never
 * @path:            the innermost dst; points to itself
 * @from:            the entry this one was cloned from, or NULL
 * @xfrm:            IPsec state; always NULL here
 * @input:           what to do with a received packet: ip_local_deliver, ip_error ...
 * @output:          what to do with a packet to send: ip_output ...
 * @flags:           DST_*
 * @pending_confirm: somebody above had proof that the next hop is alive (dst_confirm); the
 *                   next transmit passes this on to the neighbour
 * @error:           negative errno a user of this entry gets, 0 = none
 * @obsolete:        DST_OBSOLETE_*
 * @header_len:      extra bytes in front of the payload, for transforms
 * @trailer_len:     extra bytes behind it
 * @__refcnt:        references, see above
 * @__use:           how often a lookup returned this entry
 * @lastuse:         jiffies of the last one
 * @next:            used by lists of dead entries
 */
struct dst_entry {
	struct dst_entry *child;
	struct net_device *dev;
	struct dst_ops *ops;
	unsigned long _metrics;
	unsigned long expires;
	struct dst_entry *path;
	struct dst_entry *from;
	struct xfrm_state *xfrm;
	int (*input)(struct sk_buff *);
	int (*output)(struct net *net, struct sock *sk, struct sk_buff *skb);

	unsigned short flags;
#define DST_HOST     0x0001
#define DST_NOXFRM   0x0002
#define DST_NOPOLICY 0x0004
#define DST_NOHASH   0x0008
#define DST_NOCACHE  0x0010

	unsigned short pending_confirm;
	short error;

	/*
	 * A dst that is not obsolete is used without asking. FORCE_CHK (every IPv4 route) says
	 * "ask ops->check() each time": that is how a change of the routing table reaches sockets
	 * that never look routes up again.
	 */
	short obsolete;
#define DST_OBSOLETE_NONE      0
#define DST_OBSOLETE_DEAD      2
#define DST_OBSOLETE_FORCE_CHK -1
#define DST_OBSOLETE_KILL      -2

	unsigned short header_len;
	unsigned short trailer_len;

	atomic_t __refcnt;
	int __use;
	unsigned long lastuse;
	struct dst_entry *next;
};

/* Metrics shared by all routes that have none of their own; every entry 0. */
extern const u32 dst_default_metrics[RTAX_MAX];

#define DST_METRICS_READ_ONLY 0x1UL
#define DST_METRICS_FLAGS     0x3UL
#define __DST_METRICS_PTR(Y)  ((u32 *)((Y) & ~DST_METRICS_FLAGS))
#define DST_METRICS_PTR(X)    __DST_METRICS_PTR((X)->_metrics)

u32 *dst_cow_metrics_generic(struct dst_entry *dst, unsigned long old);
void __dst_destroy_metrics_generic(struct dst_entry *dst, unsigned long old);

static inline bool dst_metrics_read_only(const struct dst_entry *dst)
{
	return dst->_metrics & DST_METRICS_READ_ONLY;
}

static inline void dst_destroy_metrics_generic(struct dst_entry *dst)
{
	unsigned long val = dst->_metrics;

	if (!(val & DST_METRICS_READ_ONLY))
		__dst_destroy_metrics_generic(dst, val);
}

/* Metrics for writing; NULL if memory for a private copy could not be had. */
static inline u32 *dst_metrics_write_ptr(struct dst_entry *dst)
{
	unsigned long p = dst->_metrics;

	if (p & DST_METRICS_READ_ONLY)
		return dst->ops->cow_metrics(dst, p);
	return __DST_METRICS_PTR(p);
}

/* Let @dst use the array @src_metrics; read-only ones are copied before the first write. */
static inline void dst_init_metrics(struct dst_entry *dst, const u32 *src_metrics, bool read_only)
{
	dst->_metrics = (unsigned long)src_metrics | (read_only ? DST_METRICS_READ_ONLY : 0);
}

/* One metric as it is stored; 0 = not set. Use this where 0 means "ask elsewhere". */
static inline u32 dst_metric_raw(const struct dst_entry *dst, const int metric)
{
	u32 *p = DST_METRICS_PTR(dst);

	return p[metric - 1];
}

/*
 * One metric of the route. HOPLIMIT, ADVMSS and MTU have defaults that are computed, so they have
 * readers of their own and must not be asked for here.
 */
static inline u32 dst_metric(const struct dst_entry *dst, const int metric)
{
	return dst_metric_raw(dst, metric);
}

/* The MSS to offer to the peer, bytes: the route's own, or what its MTU allows. */
static inline u32 dst_metric_advmss(const struct dst_entry *dst)
{
	u32 advmss = dst_metric_raw(dst, RTAX_ADVMSS);

	if (!advmss)
		advmss = dst->ops->default_advmss(dst);

	return advmss;
}

static inline void dst_metric_set(struct dst_entry *dst, int metric, u32 val)
{
	u32 *p = dst_metrics_write_ptr(dst);

	if (p)
		p[metric - 1] = val;
}

/* RTAX_FEATURE_* bits of the route that are in the mask @feature. */
static inline u32 dst_feature(const struct dst_entry *dst, u32 feature)
{
	return dst_metric(dst, RTAX_FEATURES) & feature;
}

/* Path MTU, bytes, IP header included. */
static inline u32 dst_mtu(const struct dst_entry *dst)
{
	return dst->ops->mtu(dst);
}

/* Metrics of time are kept in milliseconds; this gives jiffies. */
static inline unsigned long dst_metric_rtt(const struct dst_entry *dst, int metric)
{
	return msecs_to_jiffies(dst_metric(dst, metric));
}

static inline u32 dst_allfrag(const struct dst_entry *dst)
{
	return dst_feature(dst, RTAX_FEATURE_ALLFRAG);
}

/* Has the administrator nailed this metric down (`ip route ... mtu lock 1400`)? */
static inline int dst_metric_locked(const struct dst_entry *dst, int metric)
{
	return dst_metric(dst, RTAX_LOCK) & (1 << metric);
}

static inline void dst_hold(struct dst_entry *dst)
{
	atomic_inc(&dst->__refcnt);
}

/* A use without a reference: only the statistics of the entry. */
static inline void dst_use_noref(struct dst_entry *dst, unsigned long time)
{
	dst->__use++;
	dst->lastuse = time;
}

static inline void dst_use(struct dst_entry *dst, unsigned long time)
{
	dst_hold(dst);
	dst_use_noref(dst, time);
}

static inline struct dst_entry *dst_clone(struct dst_entry *dst)
{
	if (dst)
		atomic_inc(&dst->__refcnt);
	return dst;
}

void dst_release(struct dst_entry *dst);

/* Drop what skb->_skb_refdst held; a borrowed reference needs no release. */
static inline void refdst_drop(unsigned long refdst)
{
	if (!(refdst & SKB_DST_NOREF))
		dst_release((struct dst_entry *)(refdst & SKB_DST_PTRMASK));
}

static inline void skb_dst_drop(struct sk_buff *skb)
{
	if (skb->_skb_refdst) {
		refdst_drop(skb->_skb_refdst);
		skb->_skb_refdst = 0UL;
	}
}

/* @refdst is the other packet's word; a borrowed reference stays borrowed by this packet too. */
static inline void __skb_dst_copy(struct sk_buff *nskb, unsigned long refdst)
{
	nskb->_skb_refdst = refdst;
	if (!(nskb->_skb_refdst & SKB_DST_NOREF))
		dst_clone(skb_dst(nskb));
}

static inline void skb_dst_copy(struct sk_buff *nskb, const struct sk_buff *oskb)
{
	__skb_dst_copy(nskb, oskb->_skb_refdst);
}

/*
 * Make a borrowed reference a real one. Needed before a packet is parked in a queue: the lender
 * may be gone when it comes out again.
 */
static inline void skb_dst_force(struct sk_buff *skb)
{
	if (skb_dst_is_noref(skb)) {
		skb->_skb_refdst &= ~SKB_DST_NOREF;
		dst_clone(skb_dst(skb));
	}
}

/* Take a reference unless the entry is on its way out already (count 0 and not cached). */
static inline bool dst_hold_safe(struct dst_entry *dst)
{
	if (dst->flags & DST_NOCACHE)
		return atomic_inc_not_zero(&dst->__refcnt);
	dst_hold(dst);
	return true;
}

/* skb_dst_force() for an entry that may be dying: the packet may end up without a dst. */
static inline void skb_dst_force_safe(struct sk_buff *skb)
{
	if (skb_dst_is_noref(skb)) {
		struct dst_entry *dst = skb_dst(skb);

		if (!dst_hold_safe(dst))
			dst = NULL;

		skb->_skb_refdst = (unsigned long)dst;
	}
}

/* Has the packet a route? One that only describes a tunnel would be none; there are no tunnels. */
static inline bool skb_valid_dst(const struct sk_buff *skb)
{
	return skb_dst(skb) != NULL;
}

int dst_discard_out(struct net *net, struct sock *sk, struct sk_buff *skb);
int dst_discard(struct sk_buff *skb);
void *dst_alloc(struct dst_ops *ops, struct net_device *dev, int initial_ref, int initial_obsolete,
		unsigned short flags);
void dst_init(struct dst_entry *dst, struct dst_ops *ops, struct net_device *dev, int initial_ref,
	      int initial_obsolete, unsigned short flags);
void __dst_free(struct dst_entry *dst);
struct dst_entry *dst_destroy(struct dst_entry *dst);

/* The cache lets go of @dst: gone at once if unused, else with its last user. */
static inline void dst_free(struct dst_entry *dst)
{
	if (dst->obsolete > 0)
		return;
	if (!atomic_read(&dst->__refcnt)) {
		dst = dst_destroy(dst);
		if (!dst)
			return;
	}
	__dst_free(dst);
}

/*
 * A layer above has proof that packets reach the other side (TCP: an ACK of new data came), so
 * the next hop must be alive. ARP need not probe it.
 */
static inline void dst_confirm(struct dst_entry *dst)
{
	dst->pending_confirm = 1;
}

/*
 * The last step that knows about routes: hand @skb to the neighbour @n. With a cached hardware
 * header in a connected state the header is copied in front and the packet goes to the device;
 * otherwise n->output decides, which may mean: queue it and send an ARP request.
 */
static inline int dst_neigh_output(struct dst_entry *dst, struct neighbour *n, struct sk_buff *skb)
{
	const struct hh_cache *hh;

	if (dst->pending_confirm) {
		unsigned long now = jiffies;

		dst->pending_confirm = 0;
		/* avoid dirtying the neighbour more than once a tick */
		if (n->confirmed != now)
			n->confirmed = now;
	}

	hh = &n->hh;
	if ((n->nud_state & NUD_CONNECTED) && hh->hh_len)
		return neigh_hh_output(hh, skb);

	return n->output(n, skb);
}

/* The next hop for @daddr by this route, with a reference; NULL if none could be made. */
static inline struct neighbour *dst_neigh_lookup(const struct dst_entry *dst, const void *daddr)
{
	struct neighbour *n = dst->ops->neigh_lookup(dst, NULL, daddr);

	return IS_ERR(n) ? NULL : n;
}

static inline struct neighbour *dst_neigh_lookup_skb(const struct dst_entry *dst,
						     struct sk_buff *skb)
{
	struct neighbour *n = dst->ops->neigh_lookup(dst, skb, NULL);

	return IS_ERR(n) ? NULL : n;
}

/* The next hop of this packet is dead; let the routing code tell whoever sent it. */
static inline void dst_link_failure(struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);

	if (dst && dst->ops && dst->ops->link_failure)
		dst->ops->link_failure(skb);
}

/* @timeout in jiffies from now; 0 is the mark of "never", so a real 0 becomes 1. */
static inline void dst_set_expires(struct dst_entry *dst, int timeout)
{
	unsigned long expires = jiffies + timeout;

	if (expires == 0)
		expires = 1;

	if (dst->expires == 0 || time_before(expires, dst->expires))
		dst->expires = expires;
}

/* Send @skb by way of its route. */
static inline int dst_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return skb_dst(skb)->output(net, sk, skb);
}

/* Take @skb in by way of its route. */
static inline int dst_input(struct sk_buff *skb)
{
	return skb_dst(skb)->input(skb);
}

/* @dst if it may still be used, NULL if it must be looked up again. */
static inline struct dst_entry *dst_check(struct dst_entry *dst, u32 cookie)
{
	if (dst->obsolete)
		dst = dst->ops->check(dst, cookie);
	return dst;
}

#endif /* _NET_DST_H */
