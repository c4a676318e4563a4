/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * Segments of an ESTABLISHED connection.
 *
 * Theory of operation
 * -------------------
 * Of a million segments nearly all are one of two kinds: the next piece of data, or an ACK for
 * data we sent. Van Jacobson's header prediction finds them with three comparisons: the fourth
 * word of the header (length, flags, window) is the one we expect, which tp->pred_flags holds;
 * the sequence number is rcv_nxt; the ACK is not beyond snd_nxt. Then nearly all checks of RFC 793
 * are known to succeed and are skipped. pred_flags is 0, which no header matches, whenever
 * something is unusual: data out of order, urgent data, no receive memory, a window not yet known.
 *
 * Prediction is an optimisation only; every segment may take the slow path.
 *
 * Origin: net/ipv4/tcp_input.c:5372, v4.9; split by concept, see tcp_input.h.
 */
#include <linux/kernel.h>
#include <net/snmp.h>

#include "tcp_input.h"

/*
 * Header prediction hit, and the segment has payload: in order, no surprises. The copy straight
 * into a waiting reader's buffer (the kernel's "ucopy") is left out; the data is queued.
 *
 * Return: false if receive memory must first be accounted for the slow way.
 */
static __always_inline bool tcp_rcv_predicted_data(struct sock *sk, struct sk_buff *skb,
						   int tcp_header_len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fragstolen = false;

	if ((int)skb->truesize > sk->sk_forward_alloc)
		return false;

	/* The stamp to echo is that of the last segment in order before an ACK (RFC 7323 4.3). */
	if (tcp_header_len == sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED &&
	    tp->rcv_nxt == tp->rcv_wup)
		tcp_store_ts_recent(tp);

	tcp_rcv_rtt_measure_ts(sk, skb);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPHPHITS);

	/* Nothing is ever merged into the last buffer, so there is nothing to free here. */
	tcp_queue_rcv(sk, skb, tcp_header_len, &fragstolen);
	tcp_event_data_recv(sk, skb);

	if (TCP_SKB_CB(skb)->ack_seq != tp->snd_una) {
		tcp_ack(sk, skb, FLAG_DATA);
		tcp_data_snd_check(sk);
		if (!inet_csk_ack_scheduled(sk))
			goto no_ack;
	}
	__tcp_ack_snd_check(sk, 0);
no_ack:
	sk->sk_data_ready(sk);
	return true;
}

/* Header prediction hit, no payload: a pure ACK for data we sent. */
static __always_inline void tcp_rcv_predicted_ack(struct sock *sk, struct sk_buff *skb,
						  int tcp_header_len)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_header_len == sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED &&
	    tp->rcv_nxt == tp->rcv_wup)
		tcp_store_ts_recent(tp);

	tcp_ack(sk, skb, 0);
	__kfree_skb(skb);
	tcp_data_snd_check(sk);
}

/**
 * tcp_rcv_established() - a segment for an ESTABLISHED connection
 * @sk: the socket, locked
 * @skb: the segment, always consumed
 * @th: its TCP header
 * @len: bytes from the TCP header on, payload included
 *
 * Van Jacobson's header prediction, then the slow path, which is RFC 793's steps 1, 5, 6, 7 in
 * their order. Prediction is an optimisation only: every segment may take the slow path.
 *
 * Origin: net/ipv4/tcp_input.c:5372.
 */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th,
			 unsigned int len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int tcp_header_len;

	if (unlikely(!sk->sk_rx_dst))
		inet_csk(sk)->icsk_af_ops->sk_rx_dst_set(sk, skb);

	tp->rx_opt.saw_tstamp = 0;

	if ((tcp_flag_word(th) & TCP_HP_BITS) != tp->pred_flags ||
	    TCP_SKB_CB(skb)->seq != tp->rcv_nxt || after(TCP_SKB_CB(skb)->ack_seq, tp->snd_nxt))
		goto slow_path;

	tcp_header_len = tp->tcp_header_len;
	if (tcp_header_len == sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED) {
		/* Twelve bytes of options: the stamp in its usual place, or not our case. */
		if (!tcp_parse_aligned_timestamp(tp, th))
			goto slow_path;
		/* PAWS failed: the slow path knows what to do about it. */
		if ((s32)(tp->rx_opt.rcv_tsval - tp->rx_opt.ts_recent) < 0)
			goto slow_path;
	}

	if (len < tcp_header_len) {
		TCP_INC_STATS(sock_net(sk), TCP_MIB_INERRS);
		goto discard;
	}
	if (len == tcp_header_len) {
		tcp_rcv_predicted_ack(sk, skb, (int)tcp_header_len);
		return;
	}
	if (tcp_checksum_complete(skb))
		goto csum_error;
	if (tcp_rcv_predicted_data(sk, skb, (int)tcp_header_len))
		return;
	goto step5;

slow_path:
	if (len < (unsigned int)th->doff << 2 || tcp_checksum_complete(skb))
		goto csum_error;

	if (!th->ack && !th->rst && !th->syn)
		goto discard;

	if (!tcp_validate_incoming(sk, skb, th, 1))
		return;

step5:
	if (tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT) < 0)
		goto discard;

	tcp_rcv_rtt_measure_ts(sk, skb);
	tcp_urg(sk, skb, th);
	tcp_data_queue(sk, skb);
	tcp_data_snd_check(sk);
	tcp_ack_snd_check(sk);
	return;

csum_error:
	TCP_INC_STATS(sock_net(sk), TCP_MIB_CSUMERRORS);
	TCP_INC_STATS(sock_net(sk), TCP_MIB_INERRS);
discard:
	tcp_drop(sk, skb);
}
