/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The neighbour table: next hops, their hardware addresses, and the packets that wait for them.
 *
 * Theory of operation
 *
 * An entry is created the first time a packet is sent to a next hop (ip_finish_output2), in state
 * NONE. What happens then, with the defaults of ARP:
 *
 *   NONE --send--> INCOMPLETE --answer--> REACHABLE --30 s, unused--> STALE
 *                      |  ^ request           ^  |                      |
 *                      |  | each second       |  | recently used        | send
 *                      |  | (3 in all)        |  v                      v
 *                      +--+              answer  DELAY <----------------+
 *                      | 3 s, no answer       |    | 5 s, not confirmed from above
 *                      v                      |    v
 *                    FAILED <--no answer--- PROBE (unicast requests)
 *
 * INCOMPLETE is the state that matters to connect(2): the SYN that found no address is put on
 * arp_queue, and neigh_resolve_output() returns success. To TCP the SYN is sent. When the answer
 * comes, neigh_update() sends the queue on in order; when none comes, neigh_invalidate() hands
 * each packet to error_report(), which makes the sender's socket hear EHOSTUNREACH. A second SYN
 * (retransmitted while still INCOMPLETE) just joins the queue.
 *
 * Who changes the state: the sender (__neigh_event_send), the receiver of an answer
 * (neigh_update), and the timer (neigh_timer_handler). All three do it under neigh->lock. The
 * lock is dropped around every call that sends a packet, because sending may come back here.
 *
 * References: the hash table, the running timer, and each user hold one.
 *
 * Helpers marked __always_inline are ours: they cut the kernel's longest functions to a size one
 * can read, and make no call of their own, so that a trace shows the kernel's nesting.
 *
 * Origin: net/core/neighbour.c, v4.9; its frame is neighbour_table.c, sending is in neighbour_output.c. Left out: proxy entries, /proc, netlink, sysctl, the garbage
 * collectors (a world is too short-lived to collect garbage in; NUD_FAILED entries are reused).
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/neighbour.h>

static void neigh_timer_handler(unsigned long arg);

/* The output of an entry between allocation and constructor. */
static int neigh_blackhole(struct neighbour *neigh, struct sk_buff *skb)
{
	(void)neigh;
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_DEAD);
	return -ENETDOWN;
}

/* The running timer owns a reference; arming one that runs already would lose count. */
static void neigh_add_timer(struct neighbour *n, unsigned long when)
{
	neigh_hold(n);
	if (unlikely(mod_timer(&n->timer, when)))
		pr_err("NEIGH: BUG, double timer add, state is %x\n", n->nud_state);
}

/* Stop the timer and drop its reference. 1 if it ran. */
static int neigh_del_timer(struct neighbour *n)
{
	if ((n->nud_state & NUD_IN_TIMER) && del_timer(&n->timer)) {
		neigh_release(n);
		return 1;
	}
	return 0;
}

/* A blank entry with one reference, "dead" until it is in the table. NULL: table full, no memory. */
static struct neighbour *neigh_alloc(struct neigh_table *tbl)
{
	struct neighbour *n;
	unsigned long now = jiffies;
	int entries;

	entries = atomic_inc_return(&tbl->entries) - 1;
	if (entries >= tbl->gc_thresh3) {
		net_info_ratelimited("%s: neighbor table overflow!\n", tbl->id);
		goto out_entries;
	}

	n = kzalloc_type(struct neighbour, GFP_ATOMIC);
	if (!n)
		goto out_entries;

	__skb_queue_head_init(&n->arp_queue);
	spin_lock_init(&n->lock);
	n->updated = n->used = now;
	n->nud_state = NUD_NONE;
	n->output = neigh_blackhole;
	n->parms = neigh_parms_clone(&tbl->parms);
	setup_timer(&n->timer, neigh_timer_handler, (unsigned long)n);
	n->tbl = tbl;
	atomic_set(&n->refcnt, 1);
	n->dead = 1;
	return n;

out_entries:
	atomic_dec(&tbl->entries);
	return NULL;
}

/**
 * neigh_lookup() - find an entry
 * @tbl: table
 * @pkey: protocol address, network order
 * @dev: link
 *
 * Return: the entry with a reference, or NULL.
 */
struct neighbour *neigh_lookup(struct neigh_table *tbl, const void *pkey, struct net_device *dev)
{
	struct neighbour *n = __neigh_lookup_noref(tbl, pkey, dev);

	if (n && !atomic_inc_not_zero(&n->refcnt))
		n = NULL;

	return n;
}

/**
 * __neigh_create() - make an entry, unless somebody did meanwhile
 * @tbl: table
 * @pkey: protocol address, network order
 * @dev: link
 * @want_ref: caller wants a reference
 *
 * Return: the entry; ERR_PTR(-ENOBUFS) table full or no memory; ERR_PTR(-EINVAL) the device has
 * no IPv4 side, or is going away.
 */
struct neighbour *__neigh_create(struct neigh_table *tbl, const void *pkey, struct net_device *dev,
				 bool want_ref)
{
	struct neigh_hash_table *nht;
	struct neighbour *n1, *rc, *n = neigh_alloc(tbl);
	u32 hash_val;
	int error;

	if (!n)
		return ERR_PTR(-ENOBUFS);

	memcpy(n->primary_key, pkey, tbl->key_len);
	n->dev = dev;
	dev_hold(dev);

	if (tbl->constructor && (error = tbl->constructor(n)) < 0) {
		rc = ERR_PTR(error);
		goto out_neigh_release;
	}
	if (n->parms->neigh_setup && (error = n->parms->neigh_setup(n)) < 0) {
		rc = ERR_PTR(error);
		goto out_neigh_release;
	}

	/* Confirmed "long ago": nobody may take a new entry for a proven one. */
	n->confirmed = jiffies - (NEIGH_VAR(n->parms, BASE_REACHABLE_TIME) << 1);

	write_lock_bh(&tbl->lock);
	nht = tbl->nht;
	if (atomic_read(&tbl->entries) > (1 << nht->hash_shift))
		nht = neigh_hash_grow(tbl, nht->hash_shift + 1);

	hash_val = tbl->hash(n->primary_key, dev, nht->hash_rnd) >> (32 - nht->hash_shift);

	if (n->parms->dead) {
		rc = ERR_PTR(-EINVAL);
		goto out_tbl_unlock;
	}

	for (n1 = nht->hash_buckets[hash_val]; n1 != NULL; n1 = n1->next) {
		if (dev == n1->dev && !memcmp(n1->primary_key, n->primary_key, tbl->key_len)) {
			if (want_ref)
				neigh_hold(n1);
			rc = n1;
			goto out_tbl_unlock;
		}
	}

	n->dead = 0;
	if (want_ref)
		neigh_hold(n);
	n->next = nht->hash_buckets[hash_val];
	nht->hash_buckets[hash_val] = n;
	write_unlock_bh(&tbl->lock);
	return n;

out_tbl_unlock:
	write_unlock_bh(&tbl->lock);
out_neigh_release:
	neigh_release(n);
	return rc;
}

/* The last reference is gone; only an entry that left the table may get here. */
void neigh_destroy(struct neighbour *neigh)
{
	struct net_device *dev = neigh->dev;

	if (WARN_ON(!neigh->dead))
		return;
	WARN_ON(neigh_del_timer(neigh));

	write_lock_bh(&neigh->lock);
	__skb_queue_purge(&neigh->arp_queue);
	write_unlock_bh(&neigh->lock);
	neigh->arp_queue_len_bytes = 0;

	if (dev)
		dev_put(dev);
	neigh_parms_put(neigh->parms);

	atomic_dec(&neigh->tbl->entries);
	kfree(neigh);
}

/* The address is no longer beyond doubt: send by the careful way. */
static void neigh_suspect(struct neighbour *neigh)
{
	neigh->output = neigh->ops->output;
}

/* The address is proven: send by the fast way. */
static void neigh_connect(struct neighbour *neigh)
{
	neigh->output = neigh->ops->connected_output;
}

/* Requests to send before giving up; by unicast first if an address was known. */
static inline int neigh_max_probes(struct neighbour *n)
{
	struct neigh_parms *p = n->parms;

	return NEIGH_VAR(p, UCAST_PROBES) + NEIGH_VAR(p, APP_PROBES) +
	       (n->nud_state & NUD_PROBE ? NEIGH_VAR(p, MCAST_REPROBES) :
					   NEIGH_VAR(p, MCAST_PROBES));
}

/*
 * Nobody answered: tell the senders of all waiting packets. Called and left with neigh->lock
 * held; it is dropped around error_report(), which may send an ICMP message and so come back
 * here. The state is looked at again each time, since an answer may arrive in between.
 */
static void neigh_invalidate(struct neighbour *neigh)
{
	struct sk_buff *skb;

	neigh->updated = jiffies;

	while (neigh->nud_state == NUD_FAILED && (skb = __skb_dequeue(&neigh->arp_queue)) != NULL) {
		write_unlock(&neigh->lock);
		neigh->ops->error_report(neigh, skb);
		write_lock(&neigh->lock);
	}
	__skb_queue_purge(&neigh->arp_queue);
	neigh->arp_queue_len_bytes = 0;
}

/*
 * Ask for the address. Called with neigh->lock held, returns with it dropped. The protocol gets a
 * clone of the youngest waiting packet: ARP takes its source address as a hint which of ours to
 * ask from, and the original may leave the queue meanwhile.
 */
static void neigh_probe(struct neighbour *neigh)
{
	struct sk_buff *skb = skb_peek_tail(&neigh->arp_queue);

	if (skb)
		skb = skb_clone(skb, GFP_ATOMIC);
	write_unlock(&neigh->lock);
	neigh->ops->solicit(neigh, skb);
	atomic_inc(&neigh->probes);
	/* v4.9 says kfree_skb() here, which counts as a drop; nothing is dropped. */
	consume_skb(skb);
}

/*
 * Time is up in REACHABLE or DELAY: decide where to go. Returns the jiffies at which to look
 * again, used only if the new state has a timer.
 */
static __always_inline unsigned long neigh_timer_advance(struct neighbour *neigh, unsigned long now)
{
	struct neigh_parms *p = neigh->parms;

	if (neigh->nud_state & NUD_REACHABLE) {
		if (time_before_eq(now, neigh->confirmed + p->reachable_time))
			return neigh->confirmed + p->reachable_time;

		neigh->updated = jiffies;
		if (time_before_eq(now, neigh->used + NEIGH_VAR(p, DELAY_PROBE_TIME))) {
			neigh->nud_state = NUD_DELAY;
			neigh_suspect(neigh);
			return now + NEIGH_VAR(p, DELAY_PROBE_TIME);
		}
		neigh->nud_state = NUD_STALE;
		neigh_suspect(neigh);
	} else if (neigh->nud_state & NUD_DELAY) {
		neigh->updated = jiffies;
		if (time_before_eq(now, neigh->confirmed + NEIGH_VAR(p, DELAY_PROBE_TIME))) {
			neigh->nud_state = NUD_REACHABLE;
			neigh_connect(neigh);
			return neigh->confirmed + p->reachable_time;
		}
		neigh->nud_state = NUD_PROBE;
		atomic_set(&neigh->probes, 0);
		return now + NEIGH_VAR(p, RETRANS_TIME);
	} else { /* NUD_PROBE or NUD_INCOMPLETE: ask again */
		return now + NEIGH_VAR(p, RETRANS_TIME);
	}
	return now + HZ;
}

/* The timer of an entry fired, in softirq; @arg is the entry, whose timer reference is ours. */
static void neigh_timer_handler(unsigned long arg)
{
	struct neighbour *neigh = (struct neighbour *)arg;
	unsigned long next;

	write_lock(&neigh->lock);

	if (!(neigh->nud_state & NUD_IN_TIMER))
		goto out;

	next = neigh_timer_advance(neigh, jiffies);

	if ((neigh->nud_state & (NUD_INCOMPLETE | NUD_PROBE)) &&
	    atomic_read(&neigh->probes) >= neigh_max_probes(neigh)) {
		neigh->nud_state = NUD_FAILED;
		neigh_invalidate(neigh);
		goto out;
	}

	if (neigh->nud_state & NUD_IN_TIMER) {
		if (time_before(next, jiffies + HZ / 2))
			next = jiffies + HZ / 2;
		if (!mod_timer(&neigh->timer, next))
			neigh_hold(neigh);
	}
	if (neigh->nud_state & (NUD_INCOMPLETE | NUD_PROBE)) {
		neigh_probe(neigh);
	} else {
out:
		write_unlock(&neigh->lock);
	}

	neigh_release(neigh);
}

/*
 * Park @skb until the address is known. Oldest packets make room for younger ones: whoever sent
 * the old one has probably sent it again. Called with neigh->lock held.
 */
static __always_inline void neigh_queue(struct neighbour *neigh, struct sk_buff *skb)
{
	while (neigh->arp_queue_len_bytes + skb->truesize >
	       (unsigned int)NEIGH_VAR(neigh->parms, QUEUE_LEN_BYTES)) {
		struct sk_buff *buff = __skb_dequeue(&neigh->arp_queue);

		if (!buff)
			break;
		neigh->arp_queue_len_bytes -= buff->truesize;
		kfree_skb_reason(buff, SKB_DROP_REASON_NEIGH_QUEUEFULL);
	}
	/* The packet may outlive the socket that lent it its route. */
	skb_dst_force(skb);
	__skb_queue_tail(&neigh->arp_queue, skb);
	neigh->arp_queue_len_bytes += skb->truesize;
}

/**
 * __neigh_event_send() - somebody wants to send, and the address is not proven
 * @neigh: the entry
 * @skb: the packet, or NULL to only start the resolution
 *
 * A fresh or failed entry becomes INCOMPLETE and the first request goes out at once; a stale one
 * is used as it is, while DELAY gives the layers above time to prove it.
 *
 * Return: 0 go ahead and send; 1 the packet is queued (or dropped, if nothing can be asked).
 */
int __neigh_event_send(struct neighbour *neigh, struct sk_buff *skb)
{
	bool immediate_probe = false;
	int rc = 0;

	write_lock_bh(&neigh->lock);

	if (neigh->nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE))
		goto out_unlock_bh;
	if (neigh->dead)
		goto out_dead;

	if (!(neigh->nud_state & (NUD_STALE | NUD_INCOMPLETE))) {
		if (NEIGH_VAR(neigh->parms, MCAST_PROBES) + NEIGH_VAR(neigh->parms, APP_PROBES)) {
			unsigned long next, now = jiffies;

			/* No unicast requests: there is no address to send them to. */
			atomic_set(&neigh->probes, NEIGH_VAR(neigh->parms, UCAST_PROBES));
			neigh->nud_state = NUD_INCOMPLETE;
			neigh->updated = now;
			next = now + max(NEIGH_VAR(neigh->parms, RETRANS_TIME), HZ / 2);
			neigh_add_timer(neigh, next);
			immediate_probe = true;
		} else {
			neigh->nud_state = NUD_FAILED;
			neigh->updated = jiffies;
			write_unlock_bh(&neigh->lock);
			kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
			return 1;
		}
	} else if (neigh->nud_state & NUD_STALE) {
		neigh->nud_state = NUD_DELAY;
		neigh->updated = jiffies;
		neigh_add_timer(neigh, jiffies + NEIGH_VAR(neigh->parms, DELAY_PROBE_TIME));
	}

	if (neigh->nud_state == NUD_INCOMPLETE) {
		if (skb)
			neigh_queue(neigh, skb);
		rc = 1;
	}
out_unlock_bh:
	if (immediate_probe)
		neigh_probe(neigh);
	else
		write_unlock(&neigh->lock);
	local_bh_enable();
	return rc;

out_dead:
	if (neigh->nud_state & NUD_STALE)
		goto out_unlock_bh;
	write_unlock_bh(&neigh->lock);
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_DEAD);
	return 1;
}

/* The address changed: the ready-made header must change with it. */
static void neigh_update_hhs(struct neighbour *neigh)
{
	struct hh_cache *hh;
	void (*update)(struct hh_cache *, const struct net_device *, const unsigned char *) = NULL;

	if (neigh->dev->header_ops)
		update = neigh->dev->header_ops->cache_update;

	if (update) {
		hh = &neigh->hh;
		if (hh->hh_len)
			update(hh, neigh->dev, neigh->ha);
	}
}

/*
 * The address is known at last: send what waited, oldest first. Called and left with neigh->lock
 * held, which is dropped around each packet. The packet's route may lead to another entry by now
 * (a redirect came in), so the entry is looked up once more.
 */
static __always_inline void neigh_flush_queue(struct neighbour *neigh)
{
	struct sk_buff *skb;

	while (neigh->nud_state & NUD_VALID && (skb = __skb_dequeue(&neigh->arp_queue)) != NULL) {
		struct dst_entry *dst = skb_dst(skb);
		struct neighbour *n2 = NULL, *n1 = neigh;

		write_unlock_bh(&neigh->lock);

		if (dst) {
			n2 = dst_neigh_lookup_skb(dst, skb);
			if (n2)
				n1 = n2;
		}
		n1->output(n1, skb);
		if (n2)
			neigh_release(n2);

		write_lock_bh(&neigh->lock);
	}
	__skb_queue_purge(&neigh->arp_queue);
	neigh->arp_queue_len_bytes = 0;
}

/* neigh_update() to a state without an address: NUD_FAILED, or NUD_NONE. */
static __always_inline void neigh_update_invalid(struct neighbour *neigh, u8 old, u8 new)
{
	neigh_del_timer(neigh);
	if (old & NUD_CONNECTED)
		neigh_suspect(neigh);
	neigh->nud_state = new;
	if ((old & (NUD_INCOMPLETE | NUD_PROBE)) && (new &NUD_FAILED))
		neigh_invalidate(neigh);
}

/* neigh_update(): set the state, and the timer that goes with it. */
static __always_inline void neigh_update_state(struct neighbour *neigh, u8 new)
{
	neigh_del_timer(neigh);
	if (new &NUD_PROBE)
		atomic_set(&neigh->probes, 0);
	if (new &NUD_IN_TIMER)
		neigh_add_timer(
			neigh, jiffies + ((new &NUD_REACHABLE) ? neigh->parms->reachable_time : 0));
	neigh->nud_state = new;
}

/**
 * neigh_update() - something was learned about a neighbour
 * @neigh: the entry
 * @lladdr: hardware address, or NULL: the one we have
 * @new: state to go to
 * @flags: NEIGH_UPDATE_F_*
 *
 * A different address for a valid entry is only believed with F_OVERRIDE: otherwise the first
 * answer of several would not win (see the locktime in arp_process()).
 *
 * Return: 0; -EPERM the entry was set by hand or is dead; -EINVAL no address is known.
 */
int neigh_update(struct neighbour *neigh, const u8 *lladdr, u8 new, u32 flags)
{
	struct net_device *dev = neigh->dev;
	int err = -EPERM;
	u8 old;

	write_lock_bh(&neigh->lock);
	old = neigh->nud_state;

	if (!(flags & NEIGH_UPDATE_F_ADMIN) && (old & (NUD_NOARP | NUD_PERMANENT)))
		goto out;
	if (neigh->dead)
		goto out;

	if (!(new &NUD_VALID)) {
		neigh_update_invalid(neigh, old, new);
		err = 0;
		goto out;
	}

	/* From here on: lladdr == neigh->ha says "the address stays as it is". */
	if (!dev->addr_len) {
		lladdr = neigh->ha;
	} else if (lladdr) {
		if ((old & NUD_VALID) && !memcmp(lladdr, neigh->ha, dev->addr_len))
			lladdr = neigh->ha;
	} else {
		err = -EINVAL;
		if (!(old & NUD_VALID))
			goto out;
		lladdr = neigh->ha;
	}

	if (new &NUD_CONNECTED)
		neigh->confirmed = jiffies;
	neigh->updated = jiffies;

	err = 0;
	if (old & NUD_VALID) {
		if (lladdr != neigh->ha && !(flags & NEIGH_UPDATE_F_OVERRIDE)) {
			if (!(flags & NEIGH_UPDATE_F_WEAK_OVERRIDE) || !(old & NUD_CONNECTED))
				goto out;
			lladdr = neigh->ha;
			new = NUD_STALE;
		} else if (lladdr == neigh->ha && new == NUD_STALE &&
			   !(flags & NEIGH_UPDATE_F_ADMIN)) {
			/* Seeing the same address again is no reason to trust it less. */
			new = old;
		}
	}

	if (new != old)
		neigh_update_state(neigh, new);

	if (lladdr != neigh->ha) {
		memcpy(&neigh->ha, lladdr, dev->addr_len);
		neigh_update_hhs(neigh);
		if (!(new &NUD_CONNECTED))
			neigh->confirmed =
				jiffies - (NEIGH_VAR(neigh->parms, BASE_REACHABLE_TIME) << 1);
	}
	if (new == old)
		goto out;
	if (new &NUD_CONNECTED)
		neigh_connect(neigh);
	else
		neigh_suspect(neigh);
	if (!(old & NUD_VALID))
		neigh_flush_queue(neigh);
out:
	write_unlock_bh(&neigh->lock);
	return err;
}

/**
 * neigh_event_ns() - a neighbour asked us, and thereby told its own address
 * @tbl: table
 * @lladdr: its hardware address
 * @saddr: its protocol address, network order
 * @dev: link
 *
 * That is worth remembering, but it proves only one direction: the entry becomes STALE.
 *
 * Return: the entry with a reference, or NULL.
 */
struct neighbour *neigh_event_ns(struct neigh_table *tbl, u8 *lladdr, void *saddr,
				 struct net_device *dev)
{
	struct neighbour *neigh = __neigh_lookup(tbl, saddr, dev, lladdr || !dev->addr_len);

	if (neigh)
		neigh_update(neigh, lladdr, NUD_STALE, NEIGH_UPDATE_F_OVERRIDE);
	return neigh;
}

/* Take all entries of @dev (NULL: of every device) out of the table. */
static void neigh_flush_dev(struct neigh_table *tbl, struct net_device *dev)
{
	struct neigh_hash_table *nht = tbl->nht;
	unsigned int i;

	for (i = 0; i < (1U << nht->hash_shift); i++) {
		struct neighbour *n, **np = &nht->hash_buckets[i];

		while ((n = *np) != NULL) {
			if (dev && n->dev != dev) {
				np = &n->next;
				continue;
			}
			*np = n->next;
			write_lock(&n->lock);
			neigh_del_timer(n);
			n->dead = 1;
			__skb_queue_purge(&n->arp_queue);
			n->arp_queue_len_bytes = 0;
			n->output = neigh_blackhole;
			n->nud_state = n->nud_state & NUD_VALID ? NUD_NOARP : NUD_NONE;
			write_unlock(&n->lock);
			neigh_release(n);
		}
	}
}

/* The device has another hardware address: what was built with the old one is void. */
void neigh_changeaddr(struct neigh_table *tbl, struct net_device *dev)
{
	write_lock_bh(&tbl->lock);
	neigh_flush_dev(tbl, dev);
	write_unlock_bh(&tbl->lock);
}

/* The device went down. */
int neigh_ifdown(struct neigh_table *tbl, struct net_device *dev)
{
	neigh_changeaddr(tbl, dev);
	return 0;
}
