/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: include/net/sock.h */
/*
 * A socket's lock and backlog, its timers, and how its users sleep, wake and learn of errors.
 *
 * Part of include/net/sock.h in the kernel; include that.
 */
#ifndef _SOCK_WAIT_H
#define _SOCK_WAIT_H

/* ---- the lock and the backlog ---- */

void lock_sock_nested(struct sock *sk, int subclass);
void release_sock(struct sock *sk);
void __release_sock(struct sock *sk);
void __lock_sock(struct sock *sk);

/*
 * Take the socket for a user's call.  May sleep if another call owns it.  Softirqs are not kept
 * out: they see "owned" and use the backlog.
 */
static inline void lock_sock(struct sock *sk)
{
	lock_sock_nested(sk, 0);
}

#define bh_lock_sock(__sk)        spin_lock(&((__sk)->sk_lock.slock))
#define bh_lock_sock_nested(__sk) spin_lock(&((__sk)->sk_lock.slock))
#define bh_unlock_sock(__sk)      spin_unlock(&((__sk)->sk_lock.slock))

static inline bool sock_owned_by_user(const struct sock *sk)
{
	return sk->sk_lock.owned;
}

static inline void sock_release_ownership(struct sock *sk)
{
	sk->sk_lock.owned = 0;
}

/* Append without asking whether there is room; the caller holds slock. */
static inline void __sk_add_backlog(struct sock *sk, struct sk_buff *skb)
{
	/* the packet outlives this softirq: it must own its route */
	skb_dst_force_safe(skb);

	if (!sk->sk_backlog.tail)
		sk->sk_backlog.head = skb;
	else
		sk->sk_backlog.tail->next = skb;

	sk->sk_backlog.tail = skb;
	skb->next = NULL;
}

/*
 * Backlog and receive queue together may hold @limit bytes.  Measured in truesize, so a peer that
 * sends many tiny segments to a busy socket cannot eat the machine.
 */
static inline bool sk_rcvqueues_full(const struct sock *sk, unsigned int limit)
{
	unsigned int qsize = sk->sk_backlog.len + atomic_read(&sk->sk_rmem_alloc);

	return qsize > limit;
}

/* 0, or -ENOBUFS: the caller drops the packet. */
static inline int sk_add_backlog(struct sock *sk, struct sk_buff *skb, unsigned int limit)
{
	if (sk_rcvqueues_full(sk, limit))
		return -ENOBUFS;

	/* The last reserves are for the sockets that help to free memory. */
	if (skb_pfmemalloc(skb) && !sock_flag(sk, SOCK_MEMALLOC))
		return -ENOMEM;

	__sk_add_backlog(sk, skb);
	sk->sk_backlog.len += skb->truesize;
	return 0;
}

/*
 * poll_wait() for a socket.  The barrier belongs to skwq_has_sleeper(): either the sleeper sees what
 * has happened, or who made it happen sees the sleeper.
 */
static inline void sock_poll_wait(struct file *filp, wait_queue_head_t *wait_address, poll_table *p)
{
	if (!poll_does_not_wait(p) && wait_address) {
		poll_wait(filp, wait_address, p);
		smp_mb();
	}
}

static inline int sk_backlog_rcv(struct sock *sk, struct sk_buff *skb)
{
	/* A packet from the last reserves would have to be handled with access to them. */
	WARN_ON_ONCE(sk_memalloc_socks() && skb_pfmemalloc(skb));
	return sk->sk_backlog_rcv(sk, skb);
}

/* Remember which cpu handles this socket: always the one. */
static inline void sk_incoming_cpu_update(struct sock *sk)
{
	sk->sk_incoming_cpu = 0;
}

static inline void sock_rps_record_flow(const struct sock *sk)
{
	(void)sk;
}

static inline void sock_rps_save_rxhash(struct sock *sk, const struct sk_buff *skb)
{
	if (unlikely(sk->sk_rxhash != skb->hash))
		sk->sk_rxhash = skb->hash;
}

static inline void sock_rps_reset_rxhash(struct sock *sk)
{
	sk->sk_rxhash = 0;
}

static inline void sk_mark_napi_id(struct sock *sk, struct sk_buff *skb)
{
	(void)sk;
	(void)skb;
}

/* ---- timers; an armed timer holds a reference ---- */

void sk_reset_timer(struct sock *sk, struct timer_list *timer, unsigned long expires);
void sk_stop_timer(struct sock *sk, struct timer_list *timer);

/* ---- errors, timeouts, waking ---- */

/* The pending error as a negative errno, and forget it; 0 if there was none. */
static inline int sock_error(struct sock *sk)
{
	int err;

	if (likely(!sk->sk_err))
		return 0;
	err = sk->sk_err;
	sk->sk_err = 0;
	return -err;
}

/* How long to wait, jiffies: not at all if non-blocking. */
static inline long sock_rcvtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_rcvtimeo;
}

static inline long sock_sndtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_sndtimeo;
}

static inline int sock_rcvlowat(const struct sock *sk, int waitall, int len)
{
	return (waitall ? len : min_t(int, sk->sk_rcvlowat, len)) ?: 1;
}

/*
 * A wait was cut short by a signal.  Without a time limit the call can simply be started again
 * (-ERESTARTSYS, which user space never sees if SA_RESTART is set); with one it cannot, because
 * the time already spent would be forgotten: -EINTR.
 */
static inline int sock_intr_errno(long timeo)
{
	return timeo == MAX_SCHEDULE_TIMEOUT ? -ERESTARTSYS : -EINTR;
}

/* Does anybody sleep on the socket? */
static inline bool skwq_has_sleeper(struct socket_wq *wq)
{
	return wq && waitqueue_active(&wq->wait);
}

/* Segments thrown away; ss(8) shows the sum as "d". */
static inline void sk_drops_add(struct sock *sk, const struct sk_buff *skb)
{
	int segs = max_t(u16, 1, skb_shinfo(skb)->gso_segs);

	atomic_add(segs, &sk->sk_drops);
}

/* Signal-driven input and output (FASYNC): nobody asks for it here. */
static inline void sk_wake_async(const struct sock *sk, int how, int band)
{
	(void)sk;
	(void)how;
	(void)band;
}

static inline void sk_set_bit(int nr, struct sock *sk)
{
	if (sk->sk_wq)
		sk->sk_wq->flags |= 1UL << nr;
}

static inline void sk_clear_bit(int nr, struct sock *sk)
{
	if (sk->sk_wq)
		sk->sk_wq->flags &= ~(1UL << nr);
}

static inline gfp_t gfp_any(void)
{
	return in_softirq() ? GFP_ATOMIC : GFP_KERNEL;
}

int sk_stream_wait_connect(struct sock *sk, long *timeo_p);
int sk_stream_wait_memory(struct sock *sk, long *timeo_p);
void sk_stream_wait_close(struct sock *sk, long timeo_p);
int sk_stream_error(struct sock *sk, int flags, int err);
void sk_stream_kill_queues(struct sock *sk);
void sk_stream_write_space(struct sock *sk);

int sk_wait_data(struct sock *sk, long *timeo, const struct sk_buff *skb);

#endif
