/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_output.c */
/*
 * TCP small queues, and what else a socket catches up on when its owner lets it go.
 *
 * A sender must not fill the device queue with its own packets: they would only wait there, and
 * what it learns meanwhile (loss, a new window) comes too late for them.  So a socket that has
 * enough below waits (TSQ_THROTTLED); the completion of a packet then sends on, in a softirq.
 *
 * Part of net/ipv4/tcp_output.c in the kernel.
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <net/tcp.h>

#include "tcp_output.h"

/* Sockets whose packets have left, and who wait for the softirq. */
static struct list_head tsq_head;

#define TCP_DEFERRED_ALL                                                 \
	((1UL << TCP_TSQ_DEFERRED) | (1UL << TCP_WRITE_TIMER_DEFERRED) | \
	 (1UL << TCP_DELACK_TIMER_DEFERRED) | (1UL << TCP_MTU_REDUCED_DEFERRED))

static void tcp_tsq_handler(struct sock *sk)
{
	if ((1 << sk->sk_state) &
	    (TCPF_ESTABLISHED | TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_CLOSE_WAIT | TCPF_LAST_ACK)) {
		struct tcp_sock *tp = tcp_sk(sk);

		if (tp->lost_out > tp->retrans_out && tp->snd_cwnd > tcp_packets_in_flight(tp))
			tcp_xmit_retransmit_queue(sk);

		tcp_write_xmit(sk, tcp_current_mss(sk), tp->nonagle, 0, GFP_ATOMIC);
	}
}

/* Softirq: sockets whose packets have left.  An owned one catches up in tcp_release_cb(). */
static void tcp_tasklet_func(struct softirq_action *h)
{
	struct tcp_sock *tp;
	struct sock *sk;

	(void)h;
	while (!list_empty(&tsq_head)) {
		tp = list_first_entry(&tsq_head, struct tcp_sock, tsq_node);
		list_del(&tp->tsq_node);
		sk = (struct sock *)tp;

		bh_lock_sock(sk);
		if (!sock_owned_by_user(sk))
			tcp_tsq_handler(sk);
		else
			tp->tsq_flags |= 1UL << TCP_TSQ_DEFERRED;
		bh_unlock_sock(sk);

		tp->tsq_flags &= ~(1UL << TSQ_QUEUED);
		sk_free(sk); /* the reference tcp_wfree() kept */
	}
}

void tcp_tasklet_init(void)
{
	INIT_LIST_HEAD(&tsq_head);
	open_softirq(TASKLET_SOFTIRQ, tcp_tasklet_func);
}

/**
 * tcp_release_cb - what softirqs left to do while a user call owned the socket
 * @sk: the socket, owned, slock held, softirqs off
 *
 * A timer that fires on an owned socket only sets a bit; here its work is done.  The handlers are
 * written for softirq context, where nobody owns the socket, hence the early release.
 */
void tcp_release_cb(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned long flags = tp->tsq_flags;

	if (!(flags & TCP_DEFERRED_ALL))
		return;
	tp->tsq_flags = flags & ~TCP_DEFERRED_ALL;

	if (flags & (1UL << TCP_TSQ_DEFERRED))
		tcp_tsq_handler(sk);

	sock_release_ownership(sk);

	if (flags & (1UL << TCP_WRITE_TIMER_DEFERRED)) {
		tcp_write_timer_handler(sk);
		__sock_put(sk);
	}
	if (flags & (1UL << TCP_DELACK_TIMER_DEFERRED)) {
		tcp_delack_timer_handler(sk);
		__sock_put(sk);
	}
	if (flags & (1UL << TCP_MTU_REDUCED_DEFERRED)) {
		inet_csk(sk)->icsk_af_ops->mtu_reduced(sk);
		__sock_put(sk);
	}
}

/*
 * A clone was freed: the device is done with it.  One byte of its truesize is kept as a reference,
 * given back by sk_free() here or, if the socket waited for this, by the softirq.
 */
void tcp_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	struct tcp_sock *tp = tcp_sk(sk);

	atomic_sub(skb->truesize - 1, &sk->sk_wmem_alloc);

	if ((tp->tsq_flags & (1UL << TSQ_THROTTLED)) && !(tp->tsq_flags & (1UL << TSQ_QUEUED))) {
		tp->tsq_flags &= ~(1UL << TSQ_THROTTLED);
		tp->tsq_flags |= 1UL << TSQ_QUEUED;
		list_add(&tp->tsq_node, &tsq_head);
		raise_softirq_irqoff(TASKLET_SOFTIRQ);
		return;
	}
	sk_free(sk);
}
