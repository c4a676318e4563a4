/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The neighbour table: from a next hop's protocol address to its hardware address.
 *
 * A route says which host is next ("10.0.0.1 on eth0"); a frame needs a MAC address. The table
 * is generic, ARP (net/ipv4/arp.c) fills it for IPv4. The rule that matters to connect(2): a
 * packet for an unresolved neighbour is not dropped, it waits in arp_queue until the answer comes
 * (neigh_update sends it on) or until nobody answered (neigh_invalidate reports the error).
 *
 * How an entry sends is told by ->output, which follows the state:
 *   NUD_CONNECTED   ops->connected_output   header is known good, just prepend it
 *   otherwise       ops->output             neigh_resolve_output: check, resolve, queue
 *   NUD_NOARP dev   neigh_direct_output     nothing to resolve
 *
 * Origin: include/net/neighbour.h, v4.9. Left out: proxy entries, statistics, /proc, the periodic
 * garbage collection (the table of this world is small and lives as long as the world).
 */
#ifndef _NET_NEIGHBOUR_H
#define _NET_NEIGHBOUR_H

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/neighbour.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

/* States in which a timer runs and will change the state by itself. */
#define NUD_IN_TIMER (NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | NUD_PROBE)
/* States in which the hardware address may be used, if only on probation. */
#define NUD_VALID (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)
/* States in which the hardware address may be used without a second thought. */
#define NUD_CONNECTED (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE)

struct neighbour;
struct neigh_table;

/* Tunables of a table, and of a device for this table. */
enum {
	NEIGH_VAR_MCAST_PROBES,        /* broadcast requests before giving up */
	NEIGH_VAR_UCAST_PROBES,        /* unicast requests before that */
	NEIGH_VAR_APP_PROBES,          /* questions to a user space daemon; none here */
	NEIGH_VAR_MCAST_REPROBES,      /* broadcasts after unicast probes failed */
	NEIGH_VAR_RETRANS_TIME,        /* jiffies between requests */
	NEIGH_VAR_BASE_REACHABLE_TIME, /* jiffies, mean of the random reachable_time */
	NEIGH_VAR_DELAY_PROBE_TIME,    /* jiffies in NUD_DELAY */
	NEIGH_VAR_GC_STALETIME,        /* jiffies */
	NEIGH_VAR_QUEUE_LEN_BYTES,     /* bytes of truesize that may wait in arp_queue */
	NEIGH_VAR_PROXY_QLEN,
	NEIGH_VAR_ANYCAST_DELAY, /* jiffies */
	NEIGH_VAR_PROXY_DELAY,   /* jiffies */
	NEIGH_VAR_LOCKTIME,      /* jiffies in which a second, different answer is ignored */
#define NEIGH_VAR_DATA_MAX (NEIGH_VAR_LOCKTIME + 1)
};

/**
 * struct neigh_parms - tunables of one table on one device
 * @dev:            the device, NULL in the table's own default set
 * @list:           in the table's parms_list
 * @neigh_setup:    driver's wish to choose its own ops; NULL
 * @tbl:            the table
 * @refcnt:         users: the device and every neighbour on it
 * @dead:           the device is gone
 * @reachable_time: jiffies an entry stays REACHABLE: random in [0.5, 1.5) of the base, so that a
 *                  room full of hosts does not send its ARP requests in step
 * @data:           the NEIGH_VAR_* values
 */
struct neigh_parms {
	struct net_device *dev;
	struct list_head list;
	int (*neigh_setup)(struct neighbour *);
	struct neigh_table *tbl;
	atomic_t refcnt;
	int dead;
	int reachable_time;
	int data[NEIGH_VAR_DATA_MAX];
};

#define NEIGH_VAR(p, attr)          ((p)->data[NEIGH_VAR_##attr])
#define NEIGH_VAR_SET(p, attr, val) ((p)->data[NEIGH_VAR_##attr] = (val))

/**
 * struct neigh_ops - how entries of one kind behave
 * @family:           AF_INET
 * @solicit:          ask for the hardware address (arp_solicit)
 * @error_report:     a queued packet cannot be sent (arp_error_report); consumes it
 * @output:           send while the state is not NUD_CONNECTED
 * @connected_output: send while it is
 */
struct neigh_ops {
	int family;
	void (*solicit)(struct neighbour *, struct sk_buff *);
	void (*error_report)(struct neighbour *, struct sk_buff *);
	int (*output)(struct neighbour *, struct sk_buff *);
	int (*connected_output)(struct neighbour *, struct sk_buff *);
};

/**
 * struct neighbour - one next hop
 * @next:      in its hash bucket
 * @tbl:       the table
 * @parms:     tunables
 * @confirmed: jiffies of the last proof that it is reachable
 * @updated:   jiffies of the last change of state
 * @lock:      guards everything below
 * @refcnt:    holders: the table, the timer, whoever is using it
 * @arp_queue: packets waiting for the address
 * @arp_queue_len_bytes: sum of their truesize
 * @timer:     drives INCOMPLETE, REACHABLE, DELAY, PROBE
 * @used:      jiffies of the last attempt to send
 * @probes:    requests sent since the last answer
 * @flags:     NTF_*
 * @nud_state: NUD_*
 * @type:      RTN_* of the address: RTN_UNICAST, RTN_BROADCAST, RTN_LOCAL
 * @dead:      unlinked from the table
 * @ha:        hardware address, dev->addr_len bytes are used
 * @hh:        ready-made hardware header; hh_len 0 = not built yet
 * @output:    how to send now
 * @ops:       the kind of entry
 * @dev:       on which link
 * @primary_key: the protocol address, tbl->key_len bytes, network order
 */
struct neighbour {
	struct neighbour *next;
	struct neigh_table *tbl;
	struct neigh_parms *parms;
	unsigned long confirmed;
	unsigned long updated;
	spinlock_t lock;
	atomic_t refcnt;
	struct sk_buff_head arp_queue;
	unsigned int arp_queue_len_bytes;
	struct timer_list timer;
	unsigned long used;
	atomic_t probes;
	__u8 flags;
	__u8 nud_state;
	__u8 type;
	__u8 dead;
	unsigned char ha[(MAX_ADDR_LEN + sizeof(long) - 1) & ~(sizeof(long) - 1)];
	struct hh_cache hh;
	int (*output)(struct neighbour *, struct sk_buff *);
	const struct neigh_ops *ops;
	struct net_device *dev;
	u8 primary_key[4];
};

/* Buckets of a table: the kernel starts with 8 and grows when entries outnumber buckets. */
struct neigh_hash_table {
	struct neighbour **hash_buckets;
	unsigned int hash_shift;
	__u32 hash_rnd[1];
};

/**
 * struct neigh_table - all neighbours of one protocol
 * @family:      AF_INET
 * @key_len:     bytes of a protocol address
 * @protocol:    ETH_P_IP, network order
 * @hash:        bucket hash of (key, device)
 * @key_eq:      does the entry have this key?
 * @constructor: protocol part of creating an entry
 * @id:          name for messages
 * @parms:       default tunables
 * @parms_list:  all tunables sets
 * @gc_thresh3:  entries at which creation fails with -ENOBUFS
 * @entries:     how many exist
 * @lock:        guards the buckets
 * @nht:         the buckets
 */
struct neigh_table {
	int family;
	unsigned int key_len;
	__be16 protocol;
	__u32 (*hash)(const void *pkey, const struct net_device *dev, __u32 *hash_rnd);
	bool (*key_eq)(const struct neighbour *, const void *pkey);
	int (*constructor)(struct neighbour *);
	const char *id;
	struct neigh_parms parms;
	struct list_head parms_list;
	int gc_thresh3;
	atomic_t entries;
	spinlock_t lock;
	struct neigh_hash_table *nht;
};

enum { NEIGH_ARP_TABLE = 0, NEIGH_NR_TABLES = 3 };

/* Flags of neigh_update(). */
#define NEIGH_UPDATE_F_OVERRIDE          0x00000001 /* a new hardware address replaces the old */
#define NEIGH_UPDATE_F_WEAK_OVERRIDE     0x00000002
#define NEIGH_UPDATE_F_OVERRIDE_ISROUTER 0x00000004
#define NEIGH_UPDATE_F_ISROUTER          0x40000000
#define NEIGH_UPDATE_F_ADMIN             0x80000000 /* by hand: may touch NOARP and PERMANENT */

void neigh_table_init(int index, struct neigh_table *tbl);
int neigh_table_clear(int index, struct neigh_table *tbl);
struct neighbour *neigh_lookup(struct neigh_table *tbl, const void *pkey, struct net_device *dev);
struct neighbour *__neigh_create(struct neigh_table *tbl, const void *pkey, struct net_device *dev,
				 bool want_ref);
void neigh_destroy(struct neighbour *neigh);
int __neigh_event_send(struct neighbour *neigh, struct sk_buff *skb);
int neigh_update(struct neighbour *neigh, const u8 *lladdr, u8 new, u32 flags);
void neigh_changeaddr(struct neigh_table *tbl, struct net_device *dev);
int neigh_ifdown(struct neigh_table *tbl, struct net_device *dev);
int neigh_resolve_output(struct neighbour *neigh, struct sk_buff *skb);
int neigh_connected_output(struct neighbour *neigh, struct sk_buff *skb);
int neigh_direct_output(struct neighbour *neigh, struct sk_buff *skb);
struct neighbour *neigh_event_ns(struct neigh_table *tbl, u8 *lladdr, void *saddr,
				 struct net_device *dev);
struct neigh_parms *neigh_parms_alloc(struct net_device *dev, struct neigh_table *tbl);
void neigh_parms_release(struct neigh_table *tbl, struct neigh_parms *parms);
unsigned long neigh_rand_reach_time(unsigned long base);
void neigh_parms_put(struct neigh_parms *parms);
struct neigh_hash_table *neigh_hash_grow(struct neigh_table *tbl, unsigned int new_shift);

/*
 * The one walk through a bucket; hash and key_eq are parameters so that IPv4's inline copies are
 * used where speed counts. The caller holds no reference on the result: it may only be used
 * before the next sleep or lock release.
 */
static inline struct neighbour *___neigh_lookup_noref(
	struct neigh_table *tbl, bool (*key_eq)(const struct neighbour *n, const void *pkey),
	__u32 (*hash)(const void *pkey, const struct net_device *dev, __u32 *hash_rnd),
	const void *pkey, struct net_device *dev)
{
	struct neigh_hash_table *nht = tbl->nht;
	struct neighbour *n;
	u32 hash_val;

	hash_val = hash(pkey, dev, nht->hash_rnd) >> (32 - nht->hash_shift);
	for (n = nht->hash_buckets[hash_val]; n != NULL; n = n->next) {
		if (n->dev == dev && key_eq(n, pkey))
			return n;
	}

	return NULL;
}

static inline struct neighbour *__neigh_lookup_noref(struct neigh_table *tbl, const void *pkey,
						     struct net_device *dev)
{
	return ___neigh_lookup_noref(tbl, tbl->key_eq, tbl->hash, pkey, dev);
}

static inline struct neighbour *neigh_create(struct neigh_table *tbl, const void *pkey,
					     struct net_device *dev)
{
	return __neigh_create(tbl, pkey, dev, true);
}

static inline void neigh_hold(struct neighbour *neigh)
{
	atomic_inc(&neigh->refcnt);
}

static inline void neigh_release(struct neighbour *neigh)
{
	if (atomic_dec_and_test(&neigh->refcnt))
		neigh_destroy(neigh);
}

static inline struct neighbour *neigh_clone(struct neighbour *neigh)
{
	if (neigh)
		atomic_inc(&neigh->refcnt);
	return neigh;
}

static inline void __neigh_parms_put(struct neigh_parms *parms)
{
	atomic_dec(&parms->refcnt);
}

static inline struct neigh_parms *neigh_parms_clone(struct neigh_parms *parms)
{
	atomic_inc(&parms->refcnt);
	return parms;
}

static inline void neigh_confirm(struct neighbour *neigh)
{
	if (neigh) {
		unsigned long now = jiffies;

		if (neigh->confirmed != now)
			neigh->confirmed = now;
	}
}

/* May @skb be sent now? 0 = yes; 1 = it was queued or dropped, the caller must forget it. */
static inline int neigh_event_send(struct neighbour *neigh, struct sk_buff *skb)
{
	unsigned long now = jiffies;

	if (neigh->used != now)
		neigh->used = now;
	if (!(neigh->nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE)))
		return __neigh_event_send(neigh, skb);
	return 0;
}

/*
 * The fast path of transmit: copy the ready-made hardware header in front and go to the device.
 * A header that fits into HH_DATA_MOD bytes is copied as a whole block, aligned, which spares a
 * length-dependent copy; the bytes before the header are headroom nobody reads.
 */
static inline int neigh_hh_output(const struct hh_cache *hh, struct sk_buff *skb)
{
	int hh_len = hh->hh_len;

	if (hh_len <= HH_DATA_MOD) {
		memcpy(skb->data - HH_DATA_MOD, hh->hh_data, HH_DATA_MOD);
	} else {
		int hh_alen = HH_DATA_ALIGN(hh_len);

		memcpy(skb->data - hh_alen, hh->hh_data, hh_alen);
	}

	skb_push(skb, hh_len);
	return dev_queue_xmit(skb);
}

/* Find, or with @creat make, the entry; the caller gets a reference. NULL: none, or no memory. */
static inline struct neighbour *__neigh_lookup(struct neigh_table *tbl, const void *pkey,
					       struct net_device *dev, int creat)
{
	struct neighbour *n = neigh_lookup(tbl, pkey, dev);

	if (n || !creat)
		return n;

	n = neigh_create(tbl, pkey, dev);
	return IS_ERR(n) ? NULL : n;
}

/* A consistent copy of the hardware address, taken before an unlocked use. */
static inline void neigh_ha_snapshot(char *dst, const struct neighbour *n,
				     const struct net_device *dev)
{
	memcpy(dst, n->ha, dev->addr_len);
}

#endif /* _NET_NEIGHBOUR_H */
