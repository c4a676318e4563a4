/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * Data that came too early, and how the peer is told.
 *
 * A segment beyond rcv_nxt waits in out_of_order_queue, sorted by sequence number, until the hole
 * before it is filled; then tcp_ofo_queue() moves it to the receive queue. Meanwhile every ACK
 * carries up to four SACK blocks (RFC 2018), the most recent first, in tp->selective_acks. A
 * segment that arrived twice is reported as well, by one block before the others (D-SACK, RFC
 * 2883), in tp->duplicate_sack.
 *
 * A connect meets this when the peer's first data overtakes its own retransmission, or when a FIN
 * overtakes the data before it.
 *
 * v4.9 keeps the queue in a red-black tree and merges neighbours; here it is the sorted list of
 * the kernels before it, which is easier to look at.
 *
 * Origin: net/ipv4/tcp_input.c:4146-4565, v4.9.
 */
#include <linux/kernel.h>
#include <net/snmp.h>

#include "tcp_input.h"

/**
 * tcp_ofo_purge() - throw away all that waits out of order
 * @tp: the connection
 *
 * Origin: skb_rbtree_purge(&tp->out_of_order_queue) in the kernel.
 */
void tcp_ofo_purge(struct tcp_sock *tp)
{
	__skb_queue_purge(&tp->out_of_order_queue);
}

/* ------------------------------------------------------------------ SACK blocks */

/* Grow a block by a range that touches it; false if it does not. Origin: 4146. */
static inline bool tcp_sack_extend(struct tcp_sack_block *sp, u32 seq, u32 end_seq)
{
	if (!after(seq, sp->end_seq) && !after(sp->start_seq, end_seq)) {
		if (before(seq, sp->start_seq))
			sp->start_seq = seq;
		if (after(end_seq, sp->end_seq))
			sp->end_seq = end_seq;
		return true;
	}
	return false;
}

/**
 * tcp_dsack_set() - report in the next ACK that this range arrived twice
 * @sk: the socket
 * @seq: first byte
 * @end_seq: the one after the last
 *
 * Origin: net/ipv4/tcp_input.c:4159; RFC 2883.
 */
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_is_sack(tp) && sysctl_tcp_dsack) {
		int mib_idx;

		if (before(seq, tp->rcv_nxt))
			mib_idx = LINUX_MIB_TCPDSACKOLDSENT;
		else
			mib_idx = LINUX_MIB_TCPDSACKOFOSENT;
		NET_INC_STATS(sock_net(sk), mib_idx);

		tp->rx_opt.dsack = 1;
		tp->duplicate_sack[0].start_seq = seq;
		tp->duplicate_sack[0].end_seq = end_seq;
	}
}

/* A second duplicate before the ACK went out: widen the report. Origin: 4179. */
static void tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->rx_opt.dsack)
		tcp_dsack_set(sk, seq, end_seq);
	else
		tcp_sack_extend(tp->duplicate_sack, seq, end_seq);
}

/* The first block has grown: it may have reached others, which then go. Origin: 4213. */
static void tcp_sack_maybe_coalesce(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = &tp->selective_acks[0];
	int this_sack = 1;

	while (this_sack < tp->rx_opt.num_sacks) {
		int i;

		if (!tcp_sack_extend(sp, tp->selective_acks[this_sack].start_seq,
				     tp->selective_acks[this_sack].end_seq)) {
			this_sack++;
			continue;
		}
		tp->rx_opt.num_sacks--;
		for (i = this_sack; i < tp->rx_opt.num_sacks; i++)
			tp->selective_acks[i] = tp->selective_acks[i + 1];
	}
}

/**
 * tcp_sack_new_ofo_skb() - a range has been queued out of order: report it first
 * @sk: the socket
 * @seq: first byte
 * @end_seq: the one after the last
 *
 * The block that contains the newest segment stands first (RFC 2018 section 4), so that each
 * block is repeated in several ACKs and survives the loss of some of them.
 *
 * Origin: net/ipv4/tcp_input.c:4238.
 */
static void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sack_block *sp = &tp->selective_acks[0];
	int cur_sacks = tp->rx_opt.num_sacks;
	int this_sack;

	for (this_sack = 0; this_sack < cur_sacks; this_sack++, sp++) {
		if (!tcp_sack_extend(sp, seq, end_seq))
			continue;
		/* To the front, one place at a time; those in between keep their order. */
		for (; this_sack > 0; this_sack--, sp--)
			swap(*sp, *(sp - 1));
		if (cur_sacks > 1)
			tcp_sack_maybe_coalesce(tp);
		return;
	}

	/* A new block. The oldest one falls off when there is no room. */
	if (cur_sacks >= TCP_NUM_SACKS) {
		this_sack--;
		tp->rx_opt.num_sacks--;
		sp--;
	}
	for (; this_sack > 0; this_sack--, sp--)
		*sp = *(sp - 1);

	sp->start_seq = seq;
	sp->end_seq = end_seq;
	tp->rx_opt.num_sacks++;
}

/**
 * tcp_sack_remove() - rcv_nxt has moved: blocks it passed need no report any more
 * @tp: the connection
 *
 * Origin: net/ipv4/tcp_input.c:4282.
 */
void tcp_sack_remove(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = &tp->selective_acks[0];
	int num_sacks = tp->rx_opt.num_sacks;
	int this_sack;

	if (skb_queue_empty(&tp->out_of_order_queue)) {
		tp->rx_opt.num_sacks = 0;
		return;
	}

	for (this_sack = 0; this_sack < num_sacks;) {
		if (!before(tp->rcv_nxt, sp->start_seq)) {
			int i;

			/* A block can be passed only as a whole. */
			WARN_ON(before(tp->rcv_nxt, sp->end_seq));
			for (i = this_sack + 1; i < num_sacks; i++)
				tp->selective_acks[i - 1] = tp->selective_acks[i];
			num_sacks--;
			continue;
		}
		this_sack++;
		sp++;
	}
	tp->rx_opt.num_sacks = (u8)num_sacks;
}

/* ------------------------------------------------------------------ the queue */

/**
 * tcp_ofo_queue() - a hole was filled: move on what follows it without another
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_input.c:4361.
 */
void tcp_ofo_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 dsack_high = tp->rcv_nxt;
	struct sk_buff *skb;

	while ((skb = skb_peek(&tp->out_of_order_queue)) != NULL) {
		bool fin;

		if (after(TCP_SKB_CB(skb)->seq, tp->rcv_nxt))
			break;

		if (before(TCP_SKB_CB(skb)->seq, dsack_high)) {
			u32 dsack = dsack_high;

			if (before(TCP_SKB_CB(skb)->end_seq, dsack_high))
				dsack_high = TCP_SKB_CB(skb)->end_seq;
			tcp_dsack_extend(sk, TCP_SKB_CB(skb)->seq, dsack);
		}
		__skb_unlink(skb, &tp->out_of_order_queue);

		if (unlikely(!after(TCP_SKB_CB(skb)->end_seq, tp->rcv_nxt))) {
			/* All of it has come some other way meanwhile. */
			tcp_drop(sk, skb);
			continue;
		}

		tcp_rcv_nxt_update(tp, TCP_SKB_CB(skb)->end_seq);
		fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN;
		__skb_queue_tail(&sk->sk_receive_queue, skb);

		if (unlikely(fin)) {
			/* tcp_fin() empties the queue: nothing more to look at. */
			tcp_fin(sk);
			break;
		}
	}
}

/*
 * Put skb where its sequence number belongs. Ranges may overlap in any way a confused or hostile
 * peer can think of; what is wholly contained in something queued is refused, and what skb wholly
 * contains is thrown out.
 *
 * Return: false if skb is redundant and was dropped.
 */
static __always_inline bool tcp_ofo_insert(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff_head *queue = &tp->out_of_order_queue;
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct sk_buff *prev = skb_peek_tail(queue), *next;

	/* From the back: early data mostly comes in order among itself. */
	while (prev && after(TCP_SKB_CB(prev)->seq, seq))
		prev = skb_queue_is_first(queue, prev) ? NULL : skb_queue_prev(queue, prev);

	if (prev && before(seq, TCP_SKB_CB(prev)->end_seq)) {
		if (!after(end_seq, TCP_SKB_CB(prev)->end_seq)) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
			__kfree_skb(skb);
			tcp_dsack_set(sk, seq, end_seq);
			return false;
		}
		if (seq == TCP_SKB_CB(prev)->seq) {
			/* Same start, and more of it: the old one goes. */
			struct sk_buff *gone = prev;

			tcp_dsack_extend(sk, seq, TCP_SKB_CB(prev)->end_seq);
			prev = skb_queue_is_first(queue, prev) ? NULL : skb_queue_prev(queue, prev);
			__skb_unlink(gone, queue);
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
			tcp_drop(sk, gone);
		} else {
			tcp_dsack_set(sk, seq, TCP_SKB_CB(prev)->end_seq);
		}
	}

	if (prev)
		__skb_queue_after(queue, prev, skb);
	else
		__skb_queue_head(queue, skb);

	while (!skb_queue_is_last(queue, skb)) {
		next = skb_queue_next(queue, skb);
		if (!after(end_seq, TCP_SKB_CB(next)->seq))
			break;
		if (before(end_seq, TCP_SKB_CB(next)->end_seq)) {
			tcp_dsack_extend(sk, TCP_SKB_CB(next)->seq, end_seq);
			break;
		}
		__skb_unlink(next, queue);
		tcp_dsack_extend(sk, TCP_SKB_CB(next)->seq, TCP_SKB_CB(next)->end_seq);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
		tcp_drop(sk, next);
	}
	return true;
}

/**
 * tcp_data_queue_ofo() - keep a segment that came before its turn
 * @sk: the socket
 * @skb: the segment, consumed
 *
 * Origin: net/ipv4/tcp_input.c:4432.
 */
void tcp_data_queue_ofo(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;

	tcp_ecn_check_ce(tp, skb);

	if (unlikely(tcp_try_rmem_schedule(sk, skb, skb->truesize))) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFODROP);
		tcp_drop(sk, skb);
		return;
	}

	/* Prediction off until the hole is filled; the ACK goes out at once, as a duplicate. */
	tp->pred_flags = 0;
	inet_csk_schedule_ack(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOQUEUE);

	if (skb_queue_empty(&tp->out_of_order_queue)) {
		if (tcp_is_sack(tp)) {
			tp->rx_opt.num_sacks = 1;
			tp->selective_acks[0].start_seq = seq;
			tp->selective_acks[0].end_seq = end_seq;
		}
		__skb_queue_tail(&tp->out_of_order_queue, skb);
	} else {
		if (!tcp_ofo_insert(sk, skb))
			return;
		if (tcp_is_sack(tp))
			tcp_sack_new_ofo_skb(sk, seq, end_seq);
	}
	tcp_grow_window(sk, skb);
	skb_set_owner_r(skb, sk);
}
