/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: include/linux/skbuff.h */
#ifndef _LINUX_SKBUFF_DATA_H
#define _LINUX_SKBUFF_DATA_H

/*
 * A packet's bytes: room in front and behind, who may write, where the headers
 * stand, checksums, the flow's hash. Part of linux/skbuff.h, which includes it.
 */
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

/* Moves data past a header of @len bytes, which is made linear if need be. NULL: it is not there. */
static inline unsigned char *__pskb_pull(struct sk_buff *skb, unsigned int len)
{
	if (len > skb_headlen(skb) && !__pskb_pull_tail(skb, (int)(len - skb_headlen(skb))))
		return NULL;
	skb->len -= len;
	return skb->data += len;
}

static inline unsigned char *pskb_pull(struct sk_buff *skb, unsigned int len)
{
	return unlikely(len > skb->len) ? NULL : __pskb_pull(skb, len);
}

static inline int skb_linearize(struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? -ENOMEM : 0;
}

int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len);
__wsum skb_copy_and_csum_bits(const struct sk_buff *skb, int offset, u8 *to, int len, __wsum csum);
int skb_store_bits(struct sk_buff *skb, int offset, const void *from, int len);

/*
 * @len bytes at @offset of @data, of which @hlen are there; otherwise, of a packet, copied into
 * @buffer. NULL: it is shorter.
 */
static inline void *__skb_header_pointer(const struct sk_buff *skb, int offset, int len, void *data,
					 int hlen, void *buffer)
{
	if (hlen - offset >= len)
		return (char *)data + offset;
	if (!skb || skb_copy_bits(skb, offset, buffer, len) < 0)
		return NULL;
	return buffer;
}

static inline void *skb_header_pointer(const struct sk_buff *skb, int offset, int len, void *buffer)
{
	return __skb_header_pointer(skb, offset, len, skb->data, (int)skb_headlen(skb), buffer);
}

static inline void skb_copy_from_linear_data(const struct sk_buff *skb, void *to,
					     const unsigned int len)
{
	memcpy(to, skb->data, len);
}

/* Copies payload between a packet and user memory; 0 or -EFAULT (net/core/datagram.c). */
int skb_copy_datagram_iter(const struct sk_buff *from, int offset, struct iov_iter *to, int size);
struct sk_buff *skb_segment(struct sk_buff *head_skb, netdev_features_t features);
unsigned int skb_gso_transport_seglen(const struct sk_buff *skb);
bool skb_gso_validate_mtu(const struct sk_buff *skb, unsigned int mtu);
struct sk_buff *__skb_recv_datagram(struct sock *sk, unsigned int flags, int *err);
void skb_free_datagram(struct sock *sk, struct sk_buff *skb);
int skb_copy_datagram_from_iter(struct sk_buff *skb, int offset, struct iov_iter *from, int len);

/* ---- sharing ---- */

static inline int skb_cloned(const struct sk_buff *skb)
{
	return skb->cloned && (atomic_read(&skb_shinfo(skb)->dataref) & SKB_DATAREF_MASK) != 1;
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
#define skb_checksum_init(skb, proto, compute_pseudo)                                              \
	__extension__({                                                                            \
		__sum16 __csum_ret = 0;                                                            \
		(skb)->csum_valid = 0;                                                             \
		if (__skb_checksum_validate_needed(skb, false, 0))                                 \
			__csum_ret = __skb_checksum_validate_complete(skb, false,                  \
								      compute_pseudo(skb, proto)); \
		__csum_ret;                                                                        \
	})

/* For what has no pseudo header: ICMP. */
static inline __wsum null_compute_pseudo(struct sk_buff *skb, int proto)
{
	(void)skb;
	(void)proto;
	return 0;
}

/* The checksum of such a packet. */
#define skb_checksum_simple_validate(skb) skb_checksum_init(skb, 0, null_compute_pseudo)

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

/* Did the packet come through IPsec? */
static inline int secpath_exists(struct sk_buff *skb)
{
	return skb->sp != NULL;
}

static inline void secpath_put(struct sec_path *sp)
{
	(void)sp;
}

static inline void secpath_reset(struct sk_buff *skb)
{
	secpath_put(skb->sp);
	skb->sp = NULL;
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
