/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Life and death of a destination (struct dst_entry).
 *
 * Theory of operation
 *
 * dst_alloc() makes an entry whose input and output discard: whoever allocates it (routing) must
 * say what it is for. Two kinds of entries differ in how they end:
 *
 *   cached       A next hop points to it. dst_release() of the last user leaves it in place, with
 *                a count of 0, for the next user. When the cache drops it, dst_free() destroys it
 *                if nobody uses it; else it is marked dead and its last user destroys it.
 *   DST_NOCACHE  Nobody but its users knows it. The last dst_release() destroys it.
 *
 * The kernel waits for an RCU grace period before it frees, and keeps dead but used entries on a
 * list that a worker visits. Here nothing runs beside us, so a dead entry simply turns into a
 * DST_NOCACHE one.
 *
 * Origin: net/core/dst.c, v4.9.
 */
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/if.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/net_namespace.h>

/*
 * One array of zeros for all routes without metrics. dst_init_metrics() marks it read-only, and
 * the first write makes a private copy (dst_cow_metrics_generic).
 * The two lowest bits of its address must be free for flags, as for every metrics array.
 */
const u32 dst_default_metrics[RTAX_MAX] __attribute__((aligned(8))) = { 0 };

/* The output of an entry that was not told what it is for. */
int dst_discard_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	(void)net;
	(void)sk;
	kfree_skb(skb);
	return 0;
}

/* The same for input: an output route has this as its ->input. */
int dst_discard(struct sk_buff *skb)
{
	return dst_discard_out(&init_net, skb->sk, skb);
}

/**
 * dst_init() - set every field of a new entry
 * @dst: the entry
 * @ops: its address family
 * @dev: its device; a reference is taken
 * @initial_ref: references it starts with
 * @initial_obsolete: DST_OBSOLETE_*
 * @flags: DST_*
 */
void dst_init(struct dst_entry *dst, struct dst_ops *ops, struct net_device *dev, int initial_ref,
	      int initial_obsolete, unsigned short flags)
{
	dst->child = NULL;
	dst->dev = dev;
	if (dev)
		dev_hold(dev);
	dst->ops = ops;
	dst_init_metrics(dst, dst_default_metrics, true);
	dst->expires = 0UL;
	dst->path = dst;
	dst->from = NULL;
	dst->xfrm = NULL;
	dst->input = dst_discard;
	dst->output = dst_discard_out;
	dst->error = 0;
	dst->obsolete = initial_obsolete;
	dst->header_len = 0;
	dst->trailer_len = 0;
	atomic_set(&dst->__refcnt, initial_ref);
	dst->__use = 0;
	dst->lastuse = jiffies;
	dst->flags = flags;
	dst->pending_confirm = 0;
	dst->next = NULL;
	dst_entries_add(ops, 1);
}

/* Allocate and initialise; NULL when memory is out. Parameters as dst_init(). */
void *dst_alloc(struct dst_ops *ops, struct net_device *dev, int initial_ref, int initial_obsolete,
		unsigned short flags)
{
	struct dst_entry *dst;

	dst = kmem_cache_alloc(ops->kmem_cachep, GFP_ATOMIC);
	if (!dst)
		return NULL;

	dst_init(dst, ops, dev, initial_ref, initial_obsolete, flags);

	return dst;
}

/**
 * dst_destroy() - give the entry's memory back
 * @dst: an entry nobody refers to
 *
 * Return: NULL; in the kernel the rest of a stack of transforms that must go, too.
 */
struct dst_entry *dst_destroy(struct dst_entry *dst)
{
	dst_entries_add(dst->ops, -1);

	if (dst->ops->destroy)
		dst->ops->destroy(dst);
	if (dst->dev)
		dev_put(dst->dev);

	kmem_cache_free(dst->ops->kmem_cachep, dst);
	return NULL;
}

/**
 * __dst_free() - the cache dropped an entry that is still used
 * @dst: the entry
 *
 * From here on every check of it fails, so its users will look for another route, and the last
 * one to let go destroys it. If its device is down, it must not touch the device any more.
 */
void __dst_free(struct dst_entry *dst)
{
	if (dst->dev == NULL || !(dst->dev->flags & IFF_UP)) {
		dst->input = dst_discard;
		dst->output = dst_discard_out;
	}
	dst->obsolete = DST_OBSOLETE_DEAD;
	dst->flags |= DST_NOCACHE;
}

/**
 * dst_release() - drop a reference
 * @dst: the entry, or NULL
 *
 * A cached entry stays when its count reaches 0; see the head of this file.
 */
void dst_release(struct dst_entry *dst)
{
	unsigned short nocache;
	int newrefcnt;

	if (!dst)
		return;

	nocache = dst->flags & DST_NOCACHE;
	newrefcnt = atomic_dec_return(&dst->__refcnt);
	WARN_ON(newrefcnt < 0);
	if (!newrefcnt && unlikely(nocache))
		dst_destroy(dst);
}

/**
 * dst_cow_metrics_generic() - metrics of its own for an entry that shares them
 * @dst: the entry
 * @old: its _metrics word
 *
 * Return: the writable copy, NULL if there is no memory.
 */
u32 *dst_cow_metrics_generic(struct dst_entry *dst, unsigned long old)
{
	u32 *p = kmalloc(sizeof(u32) * RTAX_MAX, GFP_ATOMIC);

	if (p) {
		memcpy(p, __DST_METRICS_PTR(old), sizeof(u32) * RTAX_MAX);
		dst->_metrics = (unsigned long)p;
	}
	return p;
}

/* Free the copy made above, and let the entry fall back to the array of zeros. */
void __dst_destroy_metrics_generic(struct dst_entry *dst, unsigned long old)
{
	dst->_metrics = (unsigned long)dst_default_metrics | DST_METRICS_READ_ONLY;
	kfree(__DST_METRICS_PTR(old));
}
