/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/core/skbuff.c */
/*
 * The bytes of a packet: room in front and behind, copies, checksums, queues
 * (all net/core/skbuff.c in the kernel; split here by concept).
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>

/* Writing outside of the buffer would destroy somebody else's memory: stop the world. */
static void skb_panic(const struct sk_buff *skb, unsigned int sz, const char *msg)
{
	panic("%s: len %u put %u headroom %ld tail 0x%x end 0x%x dev %s", msg, skb->len, sz,
	      (long)(skb->data - skb->head), skb->tail, skb->end,
	      skb->dev ? skb->dev->name : "<NULL>");
}

unsigned char *skb_put(struct sk_buff *skb, unsigned int len)
{
	unsigned char *tmp = skb_tail_pointer(skb);

	skb->tail += len;
	skb->len += len;
	if (unlikely(skb->tail > skb->end))
		skb_panic(skb, len, "skb_over_panic");
	return tmp;
}

unsigned char *skb_push(struct sk_buff *skb, unsigned int len)
{
	skb->data -= len;
	skb->len += len;
	if (unlikely(skb->data < skb->head))
		skb_panic(skb, len, "skb_under_panic");
	return skb->data;
}

unsigned char *skb_pull(struct sk_buff *skb, unsigned int len)
{
	return skb_pull_inline(skb, len);
}

void skb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->len > len)
		__skb_trim(skb, len);
}

/* A packet with bytes outside of its linear part is never made here: there is nothing to cut or pull. */
int ___pskb_trim(struct sk_buff *skb, unsigned int len)
{
	WARN_ON(skb_is_nonlinear(skb));
	skb_trim(skb, len);
	return 0;
}

unsigned char *__pskb_pull_tail(struct sk_buff *skb, int delta)
{
	(void)skb;
	(void)delta;
	return NULL;
}

/* After @off bytes were put in front of the buffer, all offsets from head move on. */
static void skb_headers_offset_update(struct sk_buff *skb, int off)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb->csum_start = (__u16)(skb->csum_start + off);
	skb->transport_header = (__u16)(skb->transport_header + off);
	skb->network_header = (__u16)(skb->network_header + off);
	if (skb_mac_header_was_set(skb))
		skb->mac_header = (__u16)(skb->mac_header + off);
	skb->inner_transport_header = (__u16)(skb->inner_transport_header + off);
	skb->inner_network_header = (__u16)(skb->inner_network_header + off);
	skb->inner_mac_header = (__u16)(skb->inner_mac_header + off);
}

/*
 * pskb_expand_head - a new buffer with @nhead more bytes in front, @ntail behind
 * The packet then has its buffer for itself: with 0 and 0 this is how a clone is
 * made writable. Pointers into the old buffer are invalid. 0 or -ENOMEM.
 */
int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp_mask)
{
	int size = nhead + (int)skb_end_offset(skb) + ntail;
	u8 *data;

	BUG_ON(nhead < 0);
	if (skb_shared(skb))
		BUG();
	size = (int)SKB_DATA_ALIGN((unsigned int)size);
	data = kmalloc((size_t)size + SKB_DATA_ALIGN(sizeof(struct skb_shared_info)), gfp_mask);
	if (!data)
		return -ENOMEM;
	size = (int)SKB_WITH_OVERHEAD(ksize(data));

	memcpy(data + nhead, skb->head, skb->tail);
	memcpy(data + size, skb_end_pointer(skb), offsetof(struct skb_shared_info, frags));
	skb_release_data(skb);

	skb->data = data + nhead + (skb->data - skb->head);
	skb->head = data;
	skb->head_frag = 0;
	skb->end = (sk_buff_data_t)size;
	skb->tail += (sk_buff_data_t)nhead;
	skb_headers_offset_update(skb, nhead);
	skb->cloned = 0;
	skb->hdr_len = 0;
	skb->nohdr = 0;
	atomic_set(&skb_shinfo(skb)->dataref, 1);
	return 0;
}

/* A copy with @headroom bytes in front, description and linear bytes; NULL when memory is out. */
struct sk_buff *__pskb_copy_fclone(struct sk_buff *skb, int headroom, gfp_t gfp_mask, bool fclone)
{
	unsigned int size = skb_headlen(skb) + (unsigned int)headroom;
	struct sk_buff *n =
		__alloc_skb(size, gfp_mask, fclone ? SKB_ALLOC_FCLONE : 0, NUMA_NO_NODE);

	if (!n)
		return NULL;
	skb_reserve(n, headroom);
	skb_put(n, skb_headlen(skb));
	skb_copy_from_linear_data(skb, n->data, n->len);
	n->truesize += skb->data_len;
	__copy_skb_header(n, skb);
	skb_headers_offset_update(n, (int)(skb_headroom(n) - skb_headroom(skb)));
	skb_shinfo(n)->gso_size = skb_shinfo(skb)->gso_size;
	skb_shinfo(n)->gso_segs = skb_shinfo(skb)->gso_segs;
	skb_shinfo(n)->gso_type = skb_shinfo(skb)->gso_type;
	return n;
}

/* A full copy with the same headroom, for who wants to change the bytes. */
struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t gfp_mask)
{
	return __pskb_copy_fclone((struct sk_buff *)skb, (int)skb_headroom(skb), gfp_mask, false);
}

/* A clone whose buffer has at least @headroom bytes in front; NULL when memory is out. */
struct sk_buff *skb_realloc_headroom(struct sk_buff *skb, unsigned int headroom)
{
	int delta = (int)headroom - (int)skb_headroom(skb);
	struct sk_buff *skb2;

	if (delta <= 0)
		return pskb_copy(skb, GFP_ATOMIC);
	skb2 = skb_clone(skb, GFP_ATOMIC);
	if (skb2 &&
	    pskb_expand_head(skb2, (int)SKB_DATA_ALIGN((unsigned int)delta), 0, GFP_ATOMIC)) {
		kfree_skb_reason(skb2, SKB_DROP_REASON_NOMEM);
		skb2 = NULL;
	}
	return skb2;
}

/* Bytes out of a packet and into it, from @offset behind data on; 0 or -EFAULT beyond its end. */
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	if (offset > (int)skb->len - len)
		return -EFAULT;
	memcpy(to, skb->data + offset, (size_t)len);
	return 0;
}

/* The same, and returns the sum of what was copied, added to @csum. It must be there. */
__wsum skb_copy_and_csum_bits(const struct sk_buff *skb, int offset, u8 *to, int len, __wsum csum)
{
	BUG_ON(offset > (int)skb->len - len);
	return csum_partial_copy_nocheck(skb->data + offset, to, len, csum);
}

int skb_store_bits(struct sk_buff *skb, int offset, const void *from, int len)
{
	if (offset > (int)skb->len - len)
		return -EFAULT;
	memcpy(skb->data + offset, from, (size_t)len);
	return 0;
}

static __wsum csum_partial_ext(const void *buff, int len, __wsum sum)
{
	return csum_partial(buff, len, sum);
}

static __wsum __skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum csum)
{
	BUG_ON(offset + len > (int)skb_headlen(skb));
	return csum_partial_ext(skb->data + offset, len, csum);
}

__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum csum)
{
	return __skb_checksum(skb, offset, len, csum);
}

/*
 * Checks a received packet's checksum over its first @len bytes; skb->csum has
 * the pseudo header's part, or with CHECKSUM_COMPLETE the whole sum. 0 is right.
 */
__sum16 __skb_checksum_complete_head(struct sk_buff *skb, int len)
{
	__sum16 sum = csum_fold(skb_checksum(skb, 0, len, skb->csum));

	if (likely(!sum) && unlikely(skb->ip_summed == CHECKSUM_COMPLETE))
		pr_debug("hw csum failure on %s\n", skb->dev ? skb->dev->name : "?");
	if (!skb_shared(skb))
		skb->csum_valid = !sum;
	return sum;
}

__sum16 __skb_checksum_complete(struct sk_buff *skb)
{
	__wsum csum = skb_checksum(skb, 0, (int)skb->len, 0);
	__sum16 sum = csum_fold(csum_add(skb->csum, csum));

	/* Whoever looks again finds the sum of the whole packet. */
	if (!skb_shared(skb)) {
		skb->csum = csum;
		skb->ip_summed = CHECKSUM_COMPLETE;
		skb->csum_complete_sw = 1;
		skb->csum_valid = !sum;
	}
	return sum;
}

/* The queues with their lock, for contexts that softirqs can break into. */
void skb_queue_tail(struct sk_buff_head *list, struct sk_buff *newsk)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_queue_tail(list, newsk);
	spin_unlock_irqrestore(&list->lock, flags);
}

void skb_queue_head(struct sk_buff_head *list, struct sk_buff *newsk)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_queue_head(list, newsk);
	spin_unlock_irqrestore(&list->lock, flags);
}

struct sk_buff *skb_dequeue(struct sk_buff_head *list)
{
	unsigned long flags;
	struct sk_buff *result;

	spin_lock_irqsave(&list->lock, flags);
	result = __skb_dequeue(list);
	spin_unlock_irqrestore(&list->lock, flags);
	return result;
}

void skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_unlink(skb, list);
	spin_unlock_irqrestore(&list->lock, flags);
}

void skb_queue_purge(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = skb_dequeue(list)) != NULL)
		kfree_skb_reason(skb, SKB_DROP_REASON_QUEUE_PURGE);
}
