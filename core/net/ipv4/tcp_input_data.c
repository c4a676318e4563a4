/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * The payload of a segment: where does it go, and when is it acknowledged?
 *
 * Theory of operation
 * -------------------
 * tcp_data_queue() sorts payload into one of five cases by its place relative to rcv_nxt: next in
 * order (queue it, move rcv_nxt, handle FIN), wholly old (acknowledge again), beyond the window
 * (acknowledge, drop), half old (trim when read), or early (tcp_input_ofo.c).
 *
 * ACKs: two segments make one, or 40-200 ms make one, whichever is first (RFC 1122 4.2.3.2). In
 * "quick ACK mode" each segment is acknowledged at once; that is what a sender in slow start needs
 * to get going. tcp_ack_snd_check() decides, after all else about a segment is done.
 *
 * Data waits in sk_receive_queue for tcp_recvmsg(). Where the kernel merges adjacent buffers
 * (tcp_try_coalesce) nothing is merged here: one buffer a segment keeps each visible.
 *
 * Origin: net/ipv4/tcp_input.c, v4.9; RFC 793 pages 73-75, RFC 1122, RFC 5681.
 */
#include <linux/kernel.h>
#include <linux/net.h>
#include <net/dst.h>
#include <net/snmp.h>

#include "tcp_input.h"

/**
 * tcp_drop() - a segment ends here, unread
 * @sk: the socket; its drop counter is what ss(8) shows
 * @skb: the segment
 *
 * Origin: net/ipv4/tcp_input.c:4352.
 */
void tcp_drop(struct sock *sk, struct sk_buff *skb)
{
	sk_drops_add(sk, skb);
	__kfree_skb(skb);
}

/* ------------------------------------------------------------------ when to acknowledge */

/* Enough quick ACKs for half of our window. Origin: net/ipv4/tcp_input.c:200. */
static void tcp_incr_quickack(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	unsigned int quickacks = tcp_sk(sk)->rcv_wnd / (2U * icsk->icsk_ack.rcv_mss);

	if (quickacks == 0)
		quickacks = 2;
	if (quickacks > icsk->icsk_ack.quick)
		icsk->icsk_ack.quick = (u8)min(quickacks, TCP_MAX_QUICKACKS);
}

/**
 * tcp_enter_quickack_mode() - acknowledge each segment at once for a while
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_input.c:211.
 */
void tcp_enter_quickack_mode(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_incr_quickack(sk);
	icsk->icsk_ack.pingpong = 0;
	icsk->icsk_ack.ato = TCP_ATO_MIN;
}

/* The route may ask for it, or quick ACKs are left and no dialogue is going on. Origin: 223. */
static bool tcp_in_quickack_mode(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);

	return (dst && dst_metric(dst, RTAX_QUICKACK)) ||
	       (icsk->icsk_ack.quick && !icsk->icsk_ack.pingpong);
}

/**
 * __tcp_ack_snd_check() - an ACK is due: now or later?
 * @sk: the socket
 * @ofo_possible: data may be waiting out of order, which is always worth an ACK at once
 *
 * Now, if more than one full segment is unacknowledged and the window we would announce has not
 * shrunk, or in quick ACK mode.
 *
 * Origin: net/ipv4/tcp_input.c:5100; RFC 5681 section 4.2.
 */
void __tcp_ack_snd_check(struct sock *sk, int ofo_possible)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (((tp->rcv_nxt - tp->rcv_wup) > inet_csk(sk)->icsk_ack.rcv_mss &&
	     __tcp_select_window(sk) >= tp->rcv_wnd) ||
	    tcp_in_quickack_mode(sk) || (ofo_possible && !skb_queue_empty(&tp->out_of_order_queue)))
		tcp_send_ack(sk);
	else
		tcp_send_delayed_ack(sk);
}

/**
 * tcp_ack_snd_check() - acknowledge what this segment brought, if anything asked for it
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_input.c:5122.
 */
void tcp_ack_snd_check(struct sock *sk)
{
	if (!inet_csk_ack_scheduled(sk)) {
		/* Sent along with data, or nothing to acknowledge. */
		return;
	}
	__tcp_ack_snd_check(sk, 1);
}

/* Acknowledged packets gave memory back; a writer may be waiting for it. Origin: 5079. */
static void tcp_check_space(struct sock *sk)
{
	if (sock_flag(sk, SOCK_QUEUE_SHRUNK)) {
		sock_reset_flag(sk, SOCK_QUEUE_SHRUNK);
		/* Pairs with the writer, who sets SOCK_NOSPACE and then looks once more. */
		smp_mb();
		if (sk->sk_socket && test_bit(SOCK_NOSPACE, &sk->sk_socket->flags))
			tcp_new_space(sk);
	}
}

/**
 * tcp_data_snd_check() - the ACK may have opened the window: send, and wake writers
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_input.c:5091.
 */
void tcp_data_snd_check(struct sock *sk)
{
	tcp_push_pending_frames(sk);
	tcp_check_space(sk);
}

/* ------------------------------------------------------------------ urgent data */

/**
 * tcp_check_urg() - the urgent pointer moved
 * @sk: the socket
 * @th: the header
 *
 * It points behind the urgent byte; RFC 793 and BSD disagree by one, and BSD won.
 *
 * Origin: net/ipv4/tcp_input.c:5141; RFC 793 page 56, RFC 6093.
 */
static void tcp_check_urg(struct sock *sk, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ptr = ntohs(th->urg_ptr);

	if (ptr && !sysctl_tcp_stdurg)
		ptr--;
	ptr += ntohl(th->seq);

	/* Already read, or already known. */
	if (after(tp->copied_seq, ptr) || before(ptr, tp->rcv_nxt))
		return;
	if (tp->urg_data && !after(ptr, tp->urg_seq))
		return;

	/* SIGURG to whoever asked for it (F_SETOWN). */
	sk_wake_async(sk, SOCK_WAKE_URG, POLL_PRI);

	tp->urg_data = TCP_URG_NOTYET;
	tp->urg_seq = ptr;
	/* Header prediction must not skip the segment that brings the byte. */
	tp->pred_flags = 0;
}

/**
 * tcp_urg() - step 6: does the segment announce or bring the urgent byte?
 * @sk: the socket
 * @skb: the segment
 * @th: its header
 *
 * Origin: net/ipv4/tcp_input.c:5207.
 */
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (th->urg)
		tcp_check_urg(sk, th);

	if (tp->urg_data == TCP_URG_NOTYET) {
		u32 ptr = tp->urg_seq - ntohl(th->seq) + (th->doff * 4U) - th->syn;

		/* ptr is an offset into the segment now. */
		if (ptr < skb->len) {
			u8 tmp;

			BUG_ON(skb_copy_bits(skb, (int)ptr, &tmp, 1));
			tp->urg_data = TCP_URG_VALID | tmp;
			if (!sock_flag(sk, SOCK_DEAD))
				sk->sk_data_ready(sk);
		}
	}
}

/* ------------------------------------------------------------------ payload */

/**
 * tcp_measure_rcv_mss() - guess the peer's segment size from what it sends
 * @sk: the socket
 * @skb: a segment with data
 *
 * Delayed ACKs need to know what "a full segment" is. Large segments are believed at once; small
 * ones only when they repeat, since the last piece of any transfer is small.
 *
 * Origin: net/ipv4/tcp_input.c:151.
 */
static void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const unsigned int lss = icsk->icsk_ack.last_seg_size;
	/* In the kernel a buffer may hold several segments (GRO); here it is always one. */
	unsigned int len = skb->len;

	icsk->icsk_ack.last_seg_size = 0;

	if (len >= icsk->icsk_ack.rcv_mss) {
		icsk->icsk_ack.rcv_mss = (u16)min_t(unsigned int, len, tcp_sk(sk)->advmss);
		return;
	}

	/* Count the header too: with varying options the sum is what stays the same. */
	len += (unsigned int)(skb->data - skb_transport_header(skb));
	if (len >= TCP_MSS_DEFAULT + sizeof(struct tcphdr) ||
	    (len >= TCP_MIN_MSS + sizeof(struct tcphdr) &&
	     !(tcp_flag_word(tcp_hdr(skb)) & (TCP_FLAG_URG | TCP_FLAG_FIN | TCP_FLAG_PSH)))) {
		/* Twice the same small size in a row: then that is the peer's segment. */
		len -= tcp_sk(sk)->tcp_header_len;
		icsk->icsk_ack.last_seg_size = (u16)len;
		if (len == lss) {
			icsk->icsk_ack.rcv_mss = (u16)len;
			return;
		}
	}
	if (icsk->icsk_ack.pending & ICSK_ACK_PUSHED)
		icsk->icsk_ack.pending |= ICSK_ACK_PUSHED2;
	icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
}

/**
 * tcp_event_data_recv() - data arrived in order: schedule its ACK, adapt our pace to the peer's
 * @sk: the socket
 * @skb: the data
 *
 * ato, the delayed-ACK time, follows the interval between data: a quick peer gets his ACK soon.
 *
 * Origin: net/ipv4/tcp_input.c:656.
 */
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 now;

	inet_csk_schedule_ack(sk);
	tcp_measure_rcv_mss(sk, skb);
	tcp_rcv_rtt_measure(tp);
	now = tcp_time_stamp;

	if (!icsk->icsk_ack.ato) {
		/* The first data: the sender is in slow start and lives on our ACKs. */
		tcp_incr_quickack(sk);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	} else {
		int m = (int)(now - icsk->icsk_ack.lrcvtime);

		if (m <= (int)(TCP_ATO_MIN / 2)) {
			icsk->icsk_ack.ato = (icsk->icsk_ack.ato >> 1) + TCP_ATO_MIN / 2;
		} else if (m < (int)icsk->icsk_ack.ato) {
			icsk->icsk_ack.ato = (icsk->icsk_ack.ato >> 1) + (u32)m;
			if (icsk->icsk_ack.ato > icsk->icsk_rto)
				icsk->icsk_ack.ato = icsk->icsk_rto;
		} else if (m > (int)icsk->icsk_rto) {
			/* A long pause: the sender starts slowly again. */
			tcp_incr_quickack(sk);
			sk_mem_reclaim(sk);
		}
	}
	icsk->icsk_ack.lrcvtime = now;

	tcp_ecn_check_ce(tp, skb);

	if (skb->len >= 128)
		tcp_grow_window(sk, skb);
}

/**
 * tcp_try_rmem_schedule() - is there receive memory for this segment?
 * @sk: the socket
 * @skb: the segment
 * @size: its truesize
 *
 * Return: 0, or -1 if it must be dropped. The kernel first collapses and prunes its queues to make
 * room; here the sender's retransmission makes up for it.
 *
 * Origin: net/ipv4/tcp_input.c:4415.
 */
int tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb, unsigned int size)
{
	if (atomic_read(&sk->sk_rmem_alloc) > sk->sk_rcvbuf ||
	    !sk_rmem_schedule(sk, skb, (int)size)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_RCVPRUNED);
		tcp_sk(sk)->pred_flags = 0;
		return -1;
	}
	return 0;
}

/**
 * tcp_queue_rcv() - append to the receive queue, from where recv(2) takes it
 * @sk: the socket
 * @skb: the segment
 * @hdrlen: bytes of TCP header still in front of the data
 * @fragstolen: the kernel may merge the data and take the head; false: here nothing is merged
 *
 * Return: 1 if the data was merged into the last buffer and skb is to be freed, 0 if skb itself is
 * in the queue.
 *
 * Origin: net/ipv4/tcp_input.c:4567.
 */
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, int hdrlen, bool *fragstolen)
{
	*fragstolen = false;

	__skb_pull(skb, (unsigned int)hdrlen);
	tcp_rcv_nxt_update(tcp_sk(sk), TCP_SKB_CB(skb)->end_seq);
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	skb_set_owner_r(skb, sk);
	return 0;
}

/**
 * tcp_fin() - the peer has finished sending, and all its data is here
 * @sk: the socket
 *
 * Our own sending half is not touched: the connection is half closed until we close it too. Where
 * the state machine goes depends on whether we have done so already.
 *
 * Origin: net/ipv4/tcp_input.c:4077; RFC 793 page 75.
 */
void tcp_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	inet_csk_schedule_ack(sk);

	sk->sk_shutdown |= RCV_SHUTDOWN;
	sock_set_flag(sk, SOCK_DONE);

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		tcp_set_state(sk, TCP_CLOSE_WAIT);
		/* Our FIN will probably follow soon and can carry the ACK. */
		inet_csk(sk)->icsk_ack.pingpong = 1;
		break;

	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		/* A retransmission; its ACK is scheduled, more there is not to do. */
		break;

	case TCP_FIN_WAIT1:
		/* Both closed at once: acknowledge his, wait for the ACK of ours. */
		tcp_send_ack(sk);
		tcp_set_state(sk, TCP_CLOSING);
		break;

	case TCP_FIN_WAIT2:
		/* The normal end of an active close. The ACK may be lost: TIME-WAIT. */
		tcp_send_ack(sk);
		tcp_time_wait(sk, TCP_TIME_WAIT, 0);
		break;

	default:
		/* LISTEN and CLOSE never come here. */
		pr_err("%s: impossible, sk->sk_state=%d\n", __func__, sk->sk_state);
		break;
	}

	/* Nothing follows a FIN: what is still out of order never fits in. */
	tcp_ofo_purge(tp);
	if (tcp_is_sack(tp))
		tcp_sack_reset(&tp->rx_opt);
	sk_mem_reclaim(sk);

	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);

		/* Half closed is readable (end of file); wholly closed is hung up. */
		if (sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE)
			sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_HUP);
		else
			sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_IN);
	}
}

/* In order, and there is memory: take it, and whatever waited for it. */
static __always_inline void tcp_data_in_order(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fragstolen = false;

	tcp_queue_rcv(sk, skb, 0, &fragstolen);
	tcp_rcv_nxt_update(tp, TCP_SKB_CB(skb)->end_seq);
	if (skb->len)
		tcp_event_data_recv(sk, skb);
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		tcp_fin(sk);

	if (!skb_queue_empty(&tp->out_of_order_queue)) {
		tcp_ofo_queue(sk);

		/* RFC 5681 4.2: a hole that closes is acknowledged at once. */
		if (skb_queue_empty(&tp->out_of_order_queue))
			inet_csk(sk)->icsk_ack.pingpong = 0;
	}

	if (tp->rx_opt.num_sacks)
		tcp_sack_remove(tp);

	tcp_fast_path_check(sk);

	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
}

/**
 * tcp_data_queue() - step 7: the payload, and the FIN behind it
 * @sk: the socket
 * @skb: the segment, consumed
 *
 * Origin: net/ipv4/tcp_input.c:4634; RFC 793 page 74.
 */
void tcp_data_queue(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (TCP_SKB_CB(skb)->seq == TCP_SKB_CB(skb)->end_seq) {
		__kfree_skb(skb);
		return;
	}
	/* Data may stay queued for long: it must not hold on to its route. */
	skb_dst_drop(skb);
	__skb_pull(skb, tcp_hdr(skb)->doff * 4U);

	tcp_ecn_accept_cwr(tp, skb);

	tp->rx_opt.dsack = 0;

	if (TCP_SKB_CB(skb)->seq == tp->rcv_nxt) {
		if (tcp_receive_window(tp) == 0)
			goto out_of_window;
		goto queue;
	}

	if (!after(TCP_SKB_CB(skb)->end_seq, tp->rcv_nxt)) {
		/* All of it is old: our ACK was lost. */
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOST);
		tcp_dsack_set(sk, TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq);
		goto out_of_window;
	}

	/* Beyond the window: the peer probes a closed one. */
	if (!before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt + tcp_receive_window(tp)))
		goto out_of_window;

	tcp_enter_quickack_mode(sk);

	if (!before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt)) {
		tcp_data_queue_ofo(sk, skb);
		return;
	}

	/* Half old, half new: copied_seq will skip the old part when it is read. */
	tcp_dsack_set(sk, TCP_SKB_CB(skb)->seq, tp->rcv_nxt);
	if (!tcp_receive_window(tp))
		goto out_of_window;

queue:
	/* An empty queue always takes one segment, or a reader could wait for ever. */
	if (skb_queue_len(&sk->sk_receive_queue) == 0)
		sk_forced_mem_schedule(sk, (int)skb->truesize);
	else if (tcp_try_rmem_schedule(sk, skb, skb->truesize))
		goto drop;
	tcp_data_in_order(sk, skb);
	return;

out_of_window:
	tcp_enter_quickack_mode(sk);
	inet_csk_schedule_ack(sk);
drop:
	tcp_drop(sk, skb);
}
