/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: include/net/sock.h */
/*
 * A socket's memory: what it may hold, what it has reserved, and which packet is charged to it.
 *
 * Part of include/net/sock.h in the kernel; include that.
 */
#ifndef _SOCK_MEM_H
#define _SOCK_MEM_H

/* ---- memory ---- */

#define SK_MEM_QUANTUM       ((int)PAGE_SIZE)
#define SK_MEM_QUANTUM_SHIFT ilog2(SK_MEM_QUANTUM)
#define SK_MEM_SEND          0
#define SK_MEM_RECV          1

/* 2048 bytes of data and the struct sk_buff that leads to them (256 bytes in the kernel) */
#define TCP_SKB_MIN_TRUESIZE (2048 + 256)
#define SOCK_MIN_SNDBUF      (TCP_SKB_MIN_TRUESIZE * 2)
#define SOCK_MIN_RCVBUF      TCP_SKB_MIN_TRUESIZE

extern __u32 sysctl_wmem_max;
extern __u32 sysctl_rmem_max;
extern __u32 sysctl_wmem_default;
extern __u32 sysctl_rmem_default;

int __sk_mem_schedule(struct sock *sk, int size, int kind);
void __sk_mem_reclaim(struct sock *sk, int amount);
void sk_forced_mem_schedule(struct sock *sk, int size);

/* Pages needed for @amt bytes, rounded up. */
static inline int sk_mem_pages(int amt)
{
	return (amt + SK_MEM_QUANTUM - 1) >> SK_MEM_QUANTUM_SHIFT;
}

static inline bool sk_has_account(struct sock *sk)
{
	return !!sk->sk_prot->memory_allocated;
}

static inline bool sk_has_memory_pressure(const struct sock *sk)
{
	return sk->sk_prot->memory_pressure != NULL;
}

static inline bool sk_under_memory_pressure(const struct sock *sk)
{
	if (!sk->sk_prot->memory_pressure)
		return false;
	return !!*sk->sk_prot->memory_pressure;
}

static inline void sk_leave_memory_pressure(struct sock *sk)
{
	int *memory_pressure = sk->sk_prot->memory_pressure;

	if (memory_pressure && *memory_pressure)
		*memory_pressure = 0;
}

static inline void sk_enter_memory_pressure(struct sock *sk)
{
	if (sk->sk_prot->enter_memory_pressure)
		sk->sk_prot->enter_memory_pressure(sk);
}

/* Limit @index (0 low, 1 pressure, 2 hard) of the protocol's memory, pages. */
static inline long sk_prot_mem_limits(const struct sock *sk, int index)
{
	return sk->sk_prot->sysctl_mem[index];
}

static inline long sk_memory_allocated(const struct sock *sk)
{
	return *sk->sk_prot->memory_allocated;
}

/* @amt in pages; returns the new total. */
static inline long sk_memory_allocated_add(struct sock *sk, int amt)
{
	*sk->sk_prot->memory_allocated += amt;
	return *sk->sk_prot->memory_allocated;
}

static inline void sk_memory_allocated_sub(struct sock *sk, int amt)
{
	*sk->sk_prot->memory_allocated -= amt;
}

static inline void sk_sockets_allocated_dec(struct sock *sk)
{
	(*sk->sk_prot->sockets_allocated)--;
}

static inline void sk_sockets_allocated_inc(struct sock *sk)
{
	(*sk->sk_prot->sockets_allocated)++;
}

static inline long sk_sockets_allocated_read_positive(struct sock *sk)
{
	return *sk->sk_prot->sockets_allocated > 0 ? *sk->sk_prot->sockets_allocated : 0;
}

/* May @size more bytes be queued for sending?  Reserves pages if the socket has none left. */
static inline bool sk_wmem_schedule(struct sock *sk, int size)
{
	if (!sk_has_account(sk))
		return true;
	return size <= sk->sk_forward_alloc || __sk_mem_schedule(sk, size, SK_MEM_SEND);
}

static inline bool sk_rmem_schedule(struct sock *sk, struct sk_buff *skb, int size)
{
	(void)skb;
	if (!sk_has_account(sk))
		return true;
	return size <= sk->sk_forward_alloc || __sk_mem_schedule(sk, size, SK_MEM_RECV);
}

/* Give whole pages that are not used back to the protocol. */
static inline void sk_mem_reclaim(struct sock *sk)
{
	if (!sk_has_account(sk))
		return;
	if (sk->sk_forward_alloc >= SK_MEM_QUANTUM)
		__sk_mem_reclaim(sk, sk->sk_forward_alloc);
}

static inline void sk_mem_reclaim_partial(struct sock *sk)
{
	if (!sk_has_account(sk))
		return;
	if (sk->sk_forward_alloc > SK_MEM_QUANTUM)
		__sk_mem_reclaim(sk, sk->sk_forward_alloc - 1);
}

static inline void sk_mem_charge(struct sock *sk, int size)
{
	if (!sk_has_account(sk))
		return;
	sk->sk_forward_alloc -= size;
}

static inline void sk_mem_uncharge(struct sock *sk, int size)
{
	if (!sk_has_account(sk))
		return;
	sk->sk_forward_alloc += size;

	/* An idle socket must not sit on a fortune: beyond 2 MB give 1 MB back. */
	if (unlikely(sk->sk_forward_alloc >= 1 << 21))
		__sk_mem_reclaim(sk, 1 << 20);
}

/* A buffer leaves the write queue for good. */
static inline void sk_wmem_free_skb(struct sock *sk, struct sk_buff *skb)
{
	sock_set_flag(sk, SOCK_QUEUE_SHRUNK);
	sk->sk_wmem_queued -= skb->truesize;
	sk_mem_uncharge(sk, skb->truesize);
	__kfree_skb(skb);
}

/* Bytes below us in queues and devices, without the socket's own one. */
static inline int sk_wmem_alloc_get(const struct sock *sk)
{
	return atomic_read(&sk->sk_wmem_alloc) - 1;
}

static inline int sk_rmem_alloc_get(const struct sock *sk)
{
	return atomic_read(&sk->sk_rmem_alloc);
}

static inline bool sk_has_allocations(const struct sock *sk)
{
	return sk_wmem_alloc_get(sk) || sk_rmem_alloc_get(sk);
}

static inline int sk_stream_min_wspace(const struct sock *sk)
{
	return sk->sk_wmem_queued >> 1;
}

static inline int sk_stream_wspace(const struct sock *sk)
{
	return sk->sk_sndbuf - sk->sk_wmem_queued;
}

static inline bool sk_stream_memory_free(const struct sock *sk)
{
	if (sk->sk_wmem_queued >= sk->sk_sndbuf)
		return false;
	return sk->sk_prot->stream_memory_free ? sk->sk_prot->stream_memory_free(sk) : true;
}

static inline bool sk_stream_is_writeable(const struct sock *sk)
{
	return sk_stream_wspace(sk) >= sk_stream_min_wspace(sk) && sk_stream_memory_free(sk);
}

static inline bool sock_writeable(const struct sock *sk)
{
	return atomic_read(&sk->sk_wmem_alloc) < (sk->sk_sndbuf >> 1);
}

static inline void sk_stream_moderate_sndbuf(struct sock *sk)
{
	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK)) {
		sk->sk_sndbuf = min_t(int, sk->sk_sndbuf, sk->sk_wmem_queued >> 1);
		sk->sk_sndbuf = max_t(int, sk->sk_sndbuf, SOCK_MIN_SNDBUF);
	}
}

struct sk_buff *sk_stream_alloc_skb(struct sock *sk, int size, gfp_t gfp, bool force_schedule);
struct sk_buff *sock_wmalloc(struct sock *sk, unsigned long size, int force, gfp_t priority);
struct sk_buff *sock_alloc_send_pskb(struct sock *sk, unsigned long header_len,
				     unsigned long data_len, int noblock, int *errcode,
				     int max_page_order);
struct sk_buff *sock_alloc_send_skb(struct sock *sk, unsigned long size, int noblock, int *errcode);
void *sock_kmalloc(struct sock *sk, int size, gfp_t priority);
void sock_kfree_s(struct sock *sk, void *mem, int size);

void skb_set_owner_w(struct sk_buff *skb, struct sock *sk);
void sock_wfree(struct sk_buff *skb);
void __sock_wfree(struct sk_buff *skb);
void sock_rfree(struct sk_buff *skb);

/* The socket's hash goes with every packet it sends. */
static inline void skb_set_hash_from_sk(struct sk_buff *skb, struct sock *sk)
{
	if (sk->sk_txhash) {
		skb->l4_hash = 1;
		skb->hash = sk->sk_txhash;
	}
}

/* The packet now occupies receive memory of @sk; sock_rfree() gives it back. */
static inline void skb_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rfree;
	atomic_add(skb->truesize, &sk->sk_rmem_alloc);
	sk_mem_charge(sk, skb->truesize);
}

int sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);

#endif
