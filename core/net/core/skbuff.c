/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making, sharing and freeing packets (net/core/skbuff.c). What a packet is
 * stands at the head of linux/skbuff.h; changing its bytes is in skbuff_data.c.
 *
 * A packet is freed in three steps, and their order matters: first what the
 * description refers to (route, owner: skb_release_head_state), then the data
 * buffer if no clone uses it any more (skb_release_data), then the description
 * itself (kfree_skbmem). The owner's destructor runs in the first, so that a
 * socket gets its memory back although a clone still holds the buffer.
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/sock.h>
#include <trace/events.h>

static struct kmem_cache *skbuff_head_cache;
static struct kmem_cache *skbuff_fclone_cache;

#define NAPI_SKB_CACHE_SIZE 64

/* Descriptions whose contents are released already, to be freed in one go at the end of softirq. */
struct napi_alloc_cache {
	unsigned int skb_count;
	struct sk_buff *skb_cache[NAPI_SKB_CACHE_SIZE];
};

static struct napi_alloc_cache napi_alloc_cache;

static const char *const drop_reasons[] = {
#define SKB_DROP_NAME(name) [SKB_DROP_REASON_##name] = #name,
	SKB_DROP_REASONS(SKB_DROP_NAME)
#undef SKB_DROP_NAME
};

const char *skb_drop_reason_name(enum skb_drop_reason reason)
{
	if ((unsigned int)reason >= SKB_DROP_REASON_MAX)
		reason = SKB_DROP_REASON_NOT_SPECIFIED;
	return drop_reasons[reason];
}

/* Buffer memory; the emergency reserve that @pfmemalloc would tell of does not exist here. */
static void *__kmalloc_reserve(size_t size, gfp_t flags, int node, unsigned long ip,
			       bool *pfmemalloc)
{
	(void)node;
	(void)ip;
	*pfmemalloc = false;
	return kmalloc(size, flags | __GFP_NOMEMALLOC | __GFP_NOWARN);
}

#define kmalloc_reserve(size, gfp, node, pfmemalloc) \
	__kmalloc_reserve(size, gfp, node, 0, pfmemalloc)

/*
 * __alloc_skb - a packet with an empty buffer of at least @size bytes
 * @flags: SKB_ALLOC_FCLONE: with room for a clone beside it
 * The buffer gets all that the allocator rounds up to: a request for 160 bytes
 * makes a block of 512, of which 320 are the trailer and 192 are room. truesize
 * counts it all. NULL when memory is out.
 */
struct sk_buff *__alloc_skb(unsigned int size, gfp_t gfp_mask, int flags, int node)
{
	struct kmem_cache *cache;
	struct skb_shared_info *shinfo;
	struct sk_buff *skb;
	u8 *data;
	bool pfmemalloc;

	cache = (flags & SKB_ALLOC_FCLONE) ? skbuff_fclone_cache : skbuff_head_cache;
	if (sk_memalloc_socks() && (flags & SKB_ALLOC_RX))
		gfp_mask |= __GFP_MEMALLOC;

	skb = kmem_cache_alloc(cache, gfp_mask);
	if (!skb)
		return NULL;
	size = (unsigned int)SKB_DATA_ALIGN(size);
	size += (unsigned int)SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	data = kmalloc_reserve(size, gfp_mask, node, &pfmemalloc);
	if (!data) {
		kmem_cache_free(cache, skb);
		return NULL;
	}
	size = (unsigned int)SKB_WITH_OVERHEAD(ksize(data));

	/* What stands behind tail is set one by one. */
	memset(skb, 0, offsetof(struct sk_buff, tail));
	skb->truesize = SKB_TRUESIZE(size);
	skb->pfmemalloc = pfmemalloc;
	atomic_set(&skb->users, 1);
	skb->head = data;
	skb->data = data;
	skb_reset_tail_pointer(skb);
	skb->end = skb->tail + size;
	skb->mac_header = (__u16)~0U;
	skb->transport_header = (__u16)~0U;

	shinfo = skb_shinfo(skb);
	memset(shinfo, 0, offsetof(struct skb_shared_info, dataref));
	atomic_set(&shinfo->dataref, 1);
	shinfo->destructor_arg = NULL;

	if (flags & SKB_ALLOC_FCLONE) {
		struct sk_buff_fclones *fclones;

		fclones = container_of(skb, struct sk_buff_fclones, skb1);
		skb->fclone = SKB_FCLONE_ORIG;
		atomic_set(&fclones->fclone_ref, 1);
		fclones->skb2.fclone = SKB_FCLONE_CLONE;
		fclones->skb2.pfmemalloc = pfmemalloc;
	}
	return skb;
}

/* A packet for a driver to receive into, with headroom for what may be put in front later. */
struct sk_buff *__netdev_alloc_skb(struct net_device *dev, unsigned int len, gfp_t gfp_mask)
{
	struct sk_buff *skb = __alloc_skb(len + NET_SKB_PAD, gfp_mask, SKB_ALLOC_RX, NUMA_NO_NODE);

	if (skb) {
		skb_reserve(skb, NET_SKB_PAD);
		skb->dev = dev;
	}
	return skb;
}

static void skb_free_head(struct sk_buff *skb)
{
	kfree(skb->head);
}

/*
 * Lets go of the data buffer. A TCP original counts double, once for the header
 * part that it gave up (nohdr) and once for the payload.
 */
void skb_release_data(struct sk_buff *skb)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (skb->cloned &&
	    atomic_sub_return(skb->nohdr ? (1 << SKB_DATAREF_SHIFT) + 1 : 1, &shinfo->dataref))
		return;
	if (shinfo->frag_list)
		kfree_skb_list(shinfo->frag_list);
	skb_free_head(skb);
}

/* The description goes back to its cache; one of a pair only together with the other. */
static void kfree_skbmem(struct sk_buff *skb)
{
	struct sk_buff_fclones *fclones;

	switch (skb->fclone) {
	case SKB_FCLONE_UNAVAILABLE:
		kmem_cache_free(skbuff_head_cache, skb);
		return;
	case SKB_FCLONE_ORIG:
		fclones = container_of(skb, struct sk_buff_fclones, skb1);
		/* Most often the clone was freed long ago: nobody to race with. */
		if (atomic_read(&fclones->fclone_ref) == 1)
			goto fastpath;
		break;
	default: /* SKB_FCLONE_CLONE */
		fclones = container_of(skb, struct sk_buff_fclones, skb2);
		break;
	}
	if (!atomic_dec_and_test(&fclones->fclone_ref))
		return;
fastpath:
	kmem_cache_free(skbuff_fclone_cache, fclones);
}

static void skb_release_head_state(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	secpath_put(skb->sp);
	if (skb->destructor) {
		WARN_ON(in_irq());
		skb->destructor(skb);
	}
	nf_reset(skb);
}

/* Everything but the description. */
static void skb_release_all(struct sk_buff *skb)
{
	skb_release_head_state(skb);
	if (likely(skb->head))
		skb_release_data(skb);
}

/* Frees without looking at the number of references. */
void __kfree_skb(struct sk_buff *skb)
{
	skb_release_all(skb);
	kfree_skbmem(skb);
}

/* Gives a reference back; with the last the packet is dropped, and why is told. */
void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (unlikely(!skb))
		return;
	if (likely(atomic_read(&skb->users) == 1))
		smp_rmb();
	else if (likely(!atomic_dec_and_test(&skb->users)))
		return;
	trace_kfree_skb(skb, skb_drop_reason_name(reason));
	__kfree_skb(skb);
}

void kfree_skb(struct sk_buff *skb)
{
	kfree_skb_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
}

void kfree_skb_list(struct sk_buff *segs)
{
	while (segs) {
		struct sk_buff *next = segs->next;

		kfree_skb(segs);
		segs = next;
	}
}

void consume_skb(struct sk_buff *skb)
{
	if (unlikely(!skb))
		return;
	if (likely(atomic_read(&skb->users) == 1))
		smp_rmb();
	else if (likely(!atomic_dec_and_test(&skb->users)))
		return;
	__kfree_skb(skb);
}

/* End of a NET_RX softirq: the descriptions that __kfree_skb_defer() collected go in one go. */
void __kfree_skb_flush(void)
{
	struct napi_alloc_cache *nc = &napi_alloc_cache;
	unsigned int i;

	for (i = 0; i < nc->skb_count; i++)
		kmem_cache_free(skbuff_head_cache, nc->skb_cache[i]);
	nc->skb_count = 0;
}

/* In softirq: contents now, description at the next flush. */
void __kfree_skb_defer(struct sk_buff *skb)
{
	struct napi_alloc_cache *nc = &napi_alloc_cache;

	if (skb->fclone != SKB_FCLONE_UNAVAILABLE) {
		__kfree_skb(skb);
		return;
	}
	skb_release_all(skb);
	nc->skb_cache[nc->skb_count++] = skb;
	if (nc->skb_count == NAPI_SKB_CACHE_SIZE)
		__kfree_skb_flush();
}

/*
 * What a clone and a copy take over from the original: everything that
 * describes the packet, from cb and route to the header offsets, but not the
 * buffer and not the owner.
 */
void __copy_skb_header(struct sk_buff *new, const struct sk_buff *old)
{
	new->tstamp = old->tstamp;
	new->dev = old->dev;
	memcpy(new->cb, old->cb, sizeof(old->cb));
	skb_dst_copy(new, old);
	new->sp = old->sp;
	new->nfct = old->nfct;
	new->nf_bridge = old->nf_bridge;
	new->queue_mapping = old->queue_mapping;
	memcpy(&new->headers_start, &old->headers_start,
	       offsetof(struct sk_buff, headers_end) - offsetof(struct sk_buff, headers_start));
}

/* Makes @n a second description of @skb's buffer. */
static struct sk_buff *__skb_clone(struct sk_buff *n, struct sk_buff *skb)
{
	n->next = n->prev = NULL;
	n->sk = NULL;
	__copy_skb_header(n, skb);

	n->len = skb->len;
	n->data_len = skb->data_len;
	n->mac_len = skb->mac_len;
	n->hdr_len = (__u16)(skb->nohdr ? skb_headroom(skb) : skb->hdr_len);
	n->cloned = 1;
	n->nohdr = 0;
	n->peeked = 0;
	n->xmit_more = 0;
	n->destructor = NULL;
	n->tail = skb->tail;
	n->end = skb->end;
	n->head = skb->head;
	n->head_frag = skb->head_frag;
	n->data = skb->data;
	n->truesize = skb->truesize;
	atomic_set(&n->users, 1);

	atomic_inc(&skb_shinfo(skb)->dataref);
	skb->cloned = 1;
	return n;
}

/*
 * skb_clone - a second description of the same bytes
 * The clone has no owner; neither side may change the shared buffer. The place
 * beside an fclone original is used when it is free, and costs no allocation.
 * NULL when memory is out.
 */
struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t gfp_mask)
{
	struct sk_buff_fclones *fclones = container_of(skb, struct sk_buff_fclones, skb1);
	struct sk_buff *n;

	if (skb_orphan_frags(skb, gfp_mask))
		return NULL;
	if (skb->fclone == SKB_FCLONE_ORIG && atomic_read(&fclones->fclone_ref) == 1) {
		n = &fclones->skb2;
		atomic_set(&fclones->fclone_ref, 2);
	} else {
		if (skb_pfmemalloc(skb))
			gfp_mask |= __GFP_MEMALLOC;
		n = kmem_cache_alloc(skbuff_head_cache, gfp_mask);
		if (!n)
			return NULL;
		n->fclone = SKB_FCLONE_UNAVAILABLE;
	}
	return __skb_clone(n, skb);
}

void skb_init(void)
{
	skbuff_head_cache = kmem_cache_create("sk_buff", sizeof(struct sk_buff), SLAB_PANIC);
	skbuff_fclone_cache =
		kmem_cache_create("sk_buff_fclones", sizeof(struct sk_buff_fclones), SLAB_PANIC);
	napi_alloc_cache.skb_count = 0;
}

void skb_exit(void)
{
	__kfree_skb_flush();
	kmem_cache_destroy(skbuff_head_cache);
	kmem_cache_destroy(skbuff_fclone_cache);
}
