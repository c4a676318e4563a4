/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/core/sock.c */
/*
 * A socket's memory: packets that are charged to it, and the protocol's common budget.
 *
 * Two books are kept.  One is the socket's own: sk_wmem_alloc and sk_rmem_alloc count bytes of
 * packets, against the limits sk_sndbuf and sk_rcvbuf.  The other is the protocol's: whole pages,
 * reserved by __sk_mem_schedule() and spent in bytes from sk_forward_alloc.
 *
 * Part of net/core/sock.c in the kernel.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <net/sock.h>

/* Bytes: 256 small packets, counted as the kernel does (sk_buff, shared info and data). */
#define SK_MEM_MAX 212992

__u32 sysctl_wmem_max = SK_MEM_MAX;
__u32 sysctl_rmem_max = SK_MEM_MAX;
__u32 sysctl_wmem_default = SK_MEM_MAX;
__u32 sysctl_rmem_default = SK_MEM_MAX;

/* ---- packets and the memory they stand for ---- */

/* From now on @skb counts as send memory of @sk, until it is freed. */
void skb_set_owner_w(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	if (unlikely(!sk_fullsock(sk))) {
		/* a request or TIME_WAIT remnant has no account, only a reference */
		skb->destructor = sock_edemux;
		sock_hold(sk);
		return;
	}
	skb->destructor = sock_wfree;
	skb_set_hash_from_sk(skb, sk);
	atomic_add(skb->truesize, &sk->sk_wmem_alloc);
}

/* A received packet was consumed. */
void sock_rfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	unsigned int len = skb->truesize;

	atomic_sub(len, &sk->sk_rmem_alloc);
	sk_mem_uncharge(sk, len);
}

/* Destructor of packets that only hold a reference. */
void sock_efree(struct sk_buff *skb)
{
	sock_put(skb->sk);
}

/* A packet of at most the send buffer's limit (@force: in any case); NULL if it is used up. */
struct sk_buff *sock_wmalloc(struct sock *sk, unsigned long size, int force, gfp_t priority)
{
	if (force || atomic_read(&sk->sk_wmem_alloc) < sk->sk_sndbuf) {
		struct sk_buff *skb = alloc_skb(size, priority);

		if (skb) {
			skb_set_owner_w(skb, sk);
			return skb;
		}
	}
	return NULL;
}

/* Option memory, limited by what a send buffer could hold; NULL beyond. */
void *sock_kmalloc(struct sock *sk, int size, gfp_t priority)
{
	if ((unsigned int)size <= sysctl_wmem_max &&
	    atomic_read(&sk->sk_omem_alloc) + size < (int)sysctl_wmem_max) {
		void *mem = kmalloc(size, priority);

		if (mem) {
			atomic_add(size, &sk->sk_omem_alloc);
			return mem;
		}
	}
	return NULL;
}

void sock_kfree_s(struct sock *sk, void *mem, int size)
{
	if (WARN_ON(!mem))
		return;
	kfree(mem);
	atomic_sub(size, &sk->sk_omem_alloc);
}

/* Sleep until the socket's packets have left room, jiffies; what is left of @timeo. */
static long sock_wait_for_wmem(struct sock *sk, long timeo)
{
	DEFINE_WAIT(wait);

	for (;;) {
		if (!timeo || signal_pending(current))
			break;
		sk_set_bit(SOCK_NOSPACE, sk);
		prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		if (atomic_read(&sk->sk_wmem_alloc) < sk->sk_sndbuf)
			break;
		if (sk->sk_shutdown & SEND_SHUTDOWN)
			break;
		if (sk->sk_err)
			break;
		timeo = schedule_timeout(timeo);
	}
	finish_wait(sk_sleep(sk), &wait);
	return timeo;
}

/**
 * sock_alloc_send_pskb - a packet to send, waiting for room if need be
 * @sk: the socket that pays
 * @header_len: bytes in the linear part
 * @data_len: bytes beyond; added to the linear part, as there are no page fragments here
 * @noblock: do not wait
 * @errcode: why there is none: -EAGAIN, -EPIPE, -ENOBUFS, -EINTR, -ERESTARTSYS, the socket's error
 * @max_page_order: of the fragments; has no effect
 */
struct sk_buff *sock_alloc_send_pskb(struct sock *sk, unsigned long header_len,
				     unsigned long data_len, int noblock, int *errcode,
				     int max_page_order)
{
	long timeo = sock_sndtimeo(sk, noblock);
	struct sk_buff *skb;
	int err;

	(void)max_page_order;
	for (;;) {
		err = sock_error(sk);
		if (err != 0)
			goto failure;

		err = -EPIPE;
		if (sk->sk_shutdown & SEND_SHUTDOWN)
			goto failure;

		if (sk_wmem_alloc_get(sk) < sk->sk_sndbuf)
			break;

		sk_set_bit(SOCK_NOSPACE, sk);
		err = -EAGAIN;
		if (!timeo)
			goto failure;
		if (signal_pending(current))
			goto interrupted;
		timeo = sock_wait_for_wmem(sk, timeo);
	}
	skb = alloc_skb(header_len + data_len, sk->sk_allocation);
	if (skb) {
		skb_set_owner_w(skb, sk);
		return skb;
	}
	err = -ENOBUFS;
	goto failure;

interrupted:
	err = sock_intr_errno(timeo);
failure:
	*errcode = err;
	return NULL;
}

struct sk_buff *sock_alloc_send_skb(struct sock *sk, unsigned long size, int noblock, int *errcode)
{
	return sock_alloc_send_pskb(sk, size, 0, noblock, errcode, 0);
}

/* Queue a packet for the reader.  0; -ENOMEM if the receive buffer is full, -ENOBUFS, filter's. */
int sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	int err = sk_filter_trim_cap(sk, skb, 1);

	if (err)
		return err;

	if (atomic_read(&sk->sk_rmem_alloc) >= sk->sk_rcvbuf) {
		atomic_inc(&sk->sk_drops);
		return -ENOMEM;
	}
	if (!sk_rmem_schedule(sk, skb, skb->truesize)) {
		atomic_inc(&sk->sk_drops);
		return -ENOBUFS;
	}

	skb->dev = NULL;
	skb_set_owner_r(skb, sk);
	skb_dst_force(skb);
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
	return 0;
}

/* Filter programs are left out; the security module is asked where the filter would run. */
int sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, unsigned int cap)
{
	(void)cap;
	/* The last reserves are for the sockets that help to free memory. */
	if (skb_pfmemalloc(skb) && !sock_flag(sk, SOCK_MEMALLOC))
		return -ENOMEM;
	return security_sock_rcv_skb(sk, skb);
}

/* ---- the protocol's budget ---- */

/* Under pressure: is this socket so small that it should have more all the same? */
static bool sk_mem_small_enough(struct sock *sk, int kind)
{
	if (kind == SK_MEM_RECV) {
		if (atomic_read(&sk->sk_rmem_alloc) < sk->sk_prot->sysctl_rmem[0])
			return true;
	} else if (sk->sk_type == SOCK_STREAM) {
		if (sk->sk_wmem_queued < sk->sk_prot->sysctl_wmem[0])
			return true;
	} else if (atomic_read(&sk->sk_wmem_alloc) < sk->sk_prot->sysctl_wmem[0]) {
		return true;
	}

	if (sk_has_memory_pressure(sk)) {
		if (!sk_under_memory_pressure(sk))
			return true;
		if (sk_prot_mem_limits(sk, 2) >
		    sk_sockets_allocated_read_positive(sk) *
			    sk_mem_pages(sk->sk_wmem_queued + atomic_read(&sk->sk_rmem_alloc) +
					 sk->sk_forward_alloc))
			return true;
	}

	return false;
}

/**
 * __sk_mem_schedule - reserve pages for @size more bytes
 * @sk: the socket
 * @size: bytes
 * @kind: SK_MEM_SEND or SK_MEM_RECV
 *
 * sysctl_mem[0]: below it nothing is asked.  [1]: above it the protocol is "under pressure" and
 * frugal.  [2]: above it only small sockets get more.
 *
 * Return: 1, or 0 if there is none; sk_forward_alloc has grown by whole pages.
 */
int __sk_mem_schedule(struct sock *sk, int size, int kind)
{
	int amt = sk_mem_pages(size);
	long allocated;

	sk->sk_forward_alloc += amt * SK_MEM_QUANTUM;
	allocated = sk_memory_allocated_add(sk, amt);

	if (allocated <= sk_prot_mem_limits(sk, 0)) {
		sk_leave_memory_pressure(sk);
		return 1;
	}
	if (allocated > sk_prot_mem_limits(sk, 1))
		sk_enter_memory_pressure(sk);
	if (allocated <= sk_prot_mem_limits(sk, 2) && sk_mem_small_enough(sk, kind))
		return 1;

	if (kind == SK_MEM_SEND && sk->sk_type == SOCK_STREAM) {
		sk_stream_moderate_sndbuf(sk);
		/*
		 * A writer whose buffer is full goes to sleep and is woken when room comes.  One
		 * below that limit would never be woken, so it gets the memory.
		 */
		if (sk->sk_wmem_queued + size >= sk->sk_sndbuf)
			return 1;
	}

	sk->sk_forward_alloc -= amt * SK_MEM_QUANTUM;
	sk_memory_allocated_sub(sk, amt);
	return 0;
}

/* Give @amount bytes back, rounded down to whole pages. */
void __sk_mem_reclaim(struct sock *sk, int amount)
{
	amount >>= SK_MEM_QUANTUM_SHIFT;
	sk_memory_allocated_sub(sk, amount);
	sk->sk_forward_alloc -= amount << SK_MEM_QUANTUM_SHIFT;

	if (sk_under_memory_pressure(sk) && sk_memory_allocated(sk) < sk_prot_mem_limits(sk, 0))
		sk_leave_memory_pressure(sk);
}
