/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * What an ACK means for what we sent.
 *
 * Theory of operation
 * -------------------
 * tcp_ack() takes the acknowledgment part of one segment through fixed stages; each adds bits to
 * a flag word (FLAG_*, tcp_input.h) from which the next ones decide:
 *
 *	is it plausible?	old ACKs tell nothing, ACKs for data never sent are refused
 *	the window		how much may be in flight from now on
 *	SACK, ECN		what else the peer reports
 *	the retransmit queue	what is acknowledged leaves it and gives its memory back
 *	the round trip		how long the answer took (tcp_input_rtt.c)
 *	the timer		restarted for what is left, stopped when nothing is
 *	congestion control	how fast to send from now on
 *	retransmissions		if the loss logic found something to send again
 *
 * The SYN is handled like any data: it occupies one sequence number, sits in the write queue, and
 * the SYN-ACK's acknowledgment takes it off. That gives the connection's first RTT sample.
 *
 * Origin: net/ipv4/tcp_input.c, v4.9; split by concept, see tcp_input.h.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <net/dst.h>
#include <net/snmp.h>

#include "tcp_input.h"

/* ------------------------------------------------------------------ the retransmit queue */

/**
 * tcp_ack_tstamp() - tell a user who asked (SO_TIMESTAMPING) that his bytes arrived
 * @sk: the socket
 * @skb: a packet that may have been acknowledged
 * @prior_snd_una: snd_una before this ACK
 *
 * Nobody can ask here: the error queue that would carry the answer is left out. The step stays,
 * because it says what the first thing is that the kernel looks at in an acknowledged packet.
 *
 * Origin: net/ipv4/tcp_input.c:3085.
 */
static void tcp_ack_tstamp(struct sock *sk, struct sk_buff *skb, u32 prior_snd_una)
{
}

/**
 * tcp_tso_acked() - part of a packet of several segments was acknowledged: shorten it
 * @sk: the socket
 * @skb: it
 *
 * Return: how many segments went away; 0 if none could be taken off.
 *
 * Origin: net/ipv4/tcp_input.c:3065.
 */
static u32 tcp_tso_acked(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 packets_acked = (u32)tcp_skb_pcount(skb);

	if (tcp_trim_head(sk, skb, tp->snd_una - TCP_SKB_CB(skb)->seq))
		return 0;
	return packets_acked - (u32)tcp_skb_pcount(skb);
}

/**
 * struct rtx_acked - what tcp_clean_rtx_queue() collects on its way through the queue
 * @first_ackt: send time of the first packet acknowledged that was sent only once
 * @last_ackt: of the last one
 * @last_in_flight: bytes in flight when that one was sent
 * @pkts_acked: segments acknowledged
 * @reord: lowest index of a segment that was sent once and acknowledged now
 * @flag: FLAG_* found
 */
struct rtx_acked {
	struct skb_mstamp first_ackt;
	struct skb_mstamp last_ackt;
	u32 last_in_flight;
	u32 pkts_acked;
	u32 reord;
	int flag;
};

/* Books one acknowledged packet: which counters it leaves, what its send time teaches. */
static __always_inline void tcp_rtx_packet_acked(struct sock *sk, struct sk_buff *skb,
						 u32 acked_pcount, struct rtx_acked *acc,
						 struct tcp_sacktag_state *sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
	u8 sacked = scb->sacked;

	if (unlikely(sacked & TCPCB_RETRANS)) {
		if (sacked & TCPCB_SACKED_RETRANS)
			tp->retrans_out -= acked_pcount;
		acc->flag |= FLAG_RETRANS_DATA_ACKED;
	} else if (!(sacked & TCPCB_SACKED_ACKED)) {
		acc->last_ackt = skb->skb_mstamp;
		WARN_ON_ONCE(acc->last_ackt.v64 == 0);
		if (!acc->first_ackt.v64)
			acc->first_ackt = acc->last_ackt;
		acc->last_in_flight = scb->tx.in_flight;
		acc->reord = min(acc->pkts_acked, acc->reord);
		if (!after(scb->end_seq, tp->high_seq))
			acc->flag |= FLAG_ORIG_SACK_ACKED;
	}

	if (sacked & TCPCB_SACKED_ACKED) {
		tp->sacked_out -= acked_pcount;
	} else if (tcp_is_sack(tp)) {
		tp->delivered += acked_pcount;
		if (!tcp_skb_spurious_retrans(tp, skb))
			tcp_rack_advance(tp, &skb->skb_mstamp, sacked);
	}
	if (sacked & TCPCB_LOST)
		tp->lost_out -= acked_pcount;

	tp->packets_out -= acked_pcount;
	acc->pkts_acked += acked_pcount;
	tcp_rate_skb_delivered(sk, skb, sack->rate);

	/*
	 * The SYN is not data: no congestion window grows by it, and the time of its first
	 * sending, which limited the connect, has served its purpose.
	 */
	if (likely(!(scb->tcp_flags & TCPHDR_SYN))) {
		acc->flag |= FLAG_DATA_ACKED;
	} else {
		acc->flag |= FLAG_SYN_ACKED;
		tp->retrans_stamp = 0;
	}
}

/* After the queue: counters of the SACK scoreboard that refer to what has left. */
static __always_inline void tcp_rtx_fix_scoreboard(struct sock *sk, const struct rtx_acked *acc,
						   u32 prior_fackets, u32 prior_sacked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_is_reno(tp)) {
		tcp_remove_reno_sacks(sk, (int)acc->pkts_acked);
	} else {
		int delta;

		/* A hole that was never retransmitted has been filled: it was only late. */
		if (acc->reord < prior_fackets)
			tcp_update_reordering(sk, (int)(tp->fackets_out - acc->reord), 0);

		delta = tcp_is_fack(tp) ? (int)acc->pkts_acked :
					  (int)(prior_sacked - tp->sacked_out);

		tp->lost_cnt_hint -= min(tp->lost_cnt_hint, delta);
	}
	tp->fackets_out -= min(acc->pkts_acked, tp->fackets_out);
}

/*
 * The round trips that this ACK tells: of what was acknowledged in order, and of what was SACKed.
 * Return: whether one was good enough to be used.
 */
static __always_inline bool tcp_rtx_sample_rtt(struct sock *sk, const struct rtx_acked *acc,
					       struct tcp_sacktag_state *sack,
					       const struct skb_mstamp *now, long *sack_rtt_us,
					       long *ca_rtt_us)
{
	long seq_rtt_us = -1L;

	if (likely(acc->first_ackt.v64) && !(acc->flag & FLAG_RETRANS_DATA_ACKED)) {
		seq_rtt_us = skb_mstamp_us_delta(now, &acc->first_ackt);
		*ca_rtt_us = skb_mstamp_us_delta(now, &acc->last_ackt);
	}
	if (sack->first_sackt.v64) {
		*sack_rtt_us = skb_mstamp_us_delta(now, &sack->first_sackt);
		*ca_rtt_us = skb_mstamp_us_delta(now, &sack->last_sackt);
	}
	sack->rate->rtt_us = *ca_rtt_us;
	return tcp_ack_update_rtt(sk, acc->flag, seq_rtt_us, *sack_rtt_us, *ca_rtt_us);
}

/**
 * tcp_clean_rtx_queue() - take off the queue what snd_una has passed
 * @sk: the socket
 * @prior_fackets: fackets_out before this ACK
 * @prior_snd_una: snd_una before it
 * @acked: how many segments were acknowledged
 * @sack: what its SACK blocks said
 * @now: time of arrival
 *
 * Return: FLAG_* bits found.
 *
 * Origin: net/ipv4/tcp_input.c:3104.
 */
static int tcp_clean_rtx_queue(struct sock *sk, int prior_fackets, u32 prior_snd_una, int *acked,
			       struct tcp_sacktag_state *sack, struct skb_mstamp *now)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct rtx_acked acc = { .reord = tp->packets_out };
	u32 prior_sacked = tp->sacked_out;
	long sack_rtt_us = -1L, ca_rtt_us = -1L;
	bool fully_acked = true, rtt_update;
	struct sk_buff *skb;

	while ((skb = tcp_write_queue_head(sk)) && skb != tcp_send_head(sk)) {
		struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
		u32 acked_pcount;

		tcp_ack_tstamp(sk, skb, prior_snd_una);

		if (after(scb->end_seq, tp->snd_una)) {
			if (tcp_skb_pcount(skb) == 1 || !after(tp->snd_una, scb->seq))
				break;
			acked_pcount = tcp_tso_acked(sk, skb);
			if (!acked_pcount)
				break;
			fully_acked = false;
		} else {
			acked_pcount = (u32)tcp_skb_pcount(skb);
		}

		tcp_rtx_packet_acked(sk, skb, acked_pcount, &acc, sack);

		if (!fully_acked)
			break;

		tcp_unlink_write_queue(skb, sk);
		sk_wmem_free_skb(sk, skb);
		if (unlikely(skb == tp->retransmit_skb_hint))
			tp->retransmit_skb_hint = NULL;
		if (unlikely(skb == tp->lost_skb_hint))
			tp->lost_skb_hint = NULL;
	}

	/* The urgent pointer must never be left behind snd_una. */
	if (likely(between(tp->snd_up, prior_snd_una, tp->snd_una)))
		tp->snd_up = tp->snd_una;

	/* The head was SACKed and yet not acknowledged: the peer took it back. */
	if (skb && (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED))
		acc.flag |= FLAG_SACK_RENEGING;

	rtt_update = tcp_rtx_sample_rtt(sk, &acc, sack, now, &sack_rtt_us, &ca_rtt_us);

	if (acc.flag & FLAG_ACKED) {
		tcp_rearm_rto(sk);
		if (unlikely(icsk->icsk_mtup.probe_size &&
			     !after(tp->mtu_probe.probe_seq_end, tp->snd_una)))
			tcp_mtup_probe_success(sk);
		tcp_rtx_fix_scoreboard(sk, &acc, (u32)prior_fackets, prior_sacked);
	} else if (skb && rtt_update && sack_rtt_us >= 0 &&
		   sack_rtt_us > skb_mstamp_us_delta(now, &skb->skb_mstamp)) {
		/* The SACK taught a longer RTT than the head has waited: give it its time. */
		tcp_rearm_rto(sk);
	}

	if (icsk->icsk_ca_ops->pkts_acked) {
		struct ack_sample sample = { .pkts_acked = acc.pkts_acked,
					     .rtt_us = (s32)ca_rtt_us,
					     .in_flight = acc.last_in_flight };

		icsk->icsk_ca_ops->pkts_acked(sk, &sample);
	}

	/* With nothing under way, nothing of it can be lost, SACKed or sent again. */
	if (!tp->packets_out && tcp_is_sack(tp))
		WARN_ON(tp->lost_out || tp->sacked_out || tp->retrans_out);

	*acked = (int)acc.pkts_acked;
	return acc.flag;
}

/* ------------------------------------------------------------------ the window */

/**
 * tcp_may_update_window() - is this segment's window newer than the one we know?
 * @tp: the connection
 * @ack: its ACK
 * @ack_seq: its own first sequence number
 * @nwin: its window, bytes
 *
 * Newer is: it acknowledges more, or it was sent later, or it was sent at the same point and
 * offers more. Otherwise a reordered segment could shrink the window.
 *
 * Origin: net/ipv4/tcp_input.c:3359; RFC 793 page 72, with the third case added.
 */
static inline bool tcp_may_update_window(const struct tcp_sock *tp, const u32 ack,
					 const u32 ack_seq, const u32 nwin)
{
	return after(ack, tp->snd_una) || after(ack_seq, tp->snd_wl1) ||
	       (ack_seq == tp->snd_wl1 && nwin > tp->snd_wnd);
}

/**
 * tcp_snd_una_update() - the oldest unacknowledged byte moves
 * @tp: the connection
 * @ack: its new place
 *
 * Origin: net/ipv4/tcp_input.c:3369; RFC 4898 tcpEStatsAppHCThruOctetsAcked.
 */
static void tcp_snd_una_update(struct tcp_sock *tp, u32 ack)
{
	u32 delta = ack - tp->snd_una;

	tp->bytes_acked += delta;
	tp->snd_una = ack;
}

/**
 * tcp_rcv_nxt_update() - the next byte we expect moves
 * @tp: the connection
 * @seq: its new place
 *
 * Origin: net/ipv4/tcp_input.c:3381; RFC 4898 tcpEStatsAppHCThruOctetsReceived.
 */
void tcp_rcv_nxt_update(struct tcp_sock *tp, u32 seq)
{
	u32 delta = seq - tp->rcv_nxt;

	tp->bytes_received += delta;
	WRITE_ONCE(tp->rcv_nxt, seq);
}

/**
 * tcp_ack_update_window() - take the peer's window from this segment, and move snd_una
 * @sk: the socket
 * @skb: the segment
 * @ack: its ACK
 * @ack_seq: its first sequence number
 *
 * The MSS may depend on the largest window ever offered (a segment never fills more than half of
 * a tiny window), so a new maximum has the MSS computed again.
 *
 * Return: FLAG_WIN_UPDATE or 0.
 *
 * Origin: net/ipv4/tcp_input.c:3397; RFC 793 page 72.
 */
static int tcp_ack_update_window(struct sock *sk, const struct sk_buff *skb, u32 ack, u32 ack_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int flag = 0;
	u32 nwin = ntohs(tcp_hdr(skb)->window);

	if (likely(!tcp_hdr(skb)->syn))
		nwin <<= tp->rx_opt.snd_wscale;

	if (tcp_may_update_window(tp, ack, ack_seq, nwin)) {
		flag |= FLAG_WIN_UPDATE;
		tcp_update_wl(tp, ack_seq);

		if (tp->snd_wnd != nwin) {
			tp->snd_wnd = nwin;

			/* The predicted header contained the old window. */
			tp->pred_flags = 0;
			tcp_fast_path_check(sk);

			if (tcp_send_head(sk))
				tcp_slow_start_after_idle_check(sk);

			if (nwin > tp->max_window) {
				tp->max_window = nwin;
				tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
			}
		}
	}

	tcp_snd_una_update(tp, ack);
	return flag;
}

/**
 * tcp_ack_probe() - an ACK arrived while the peer's window was closed
 * @sk: the socket, with data to send and nothing in flight
 *
 * Open again: the probe timer is not needed. Still closed: ask again later, with back-off.
 *
 * Origin: net/ipv4/tcp_input.c:3289; RFC 1122 4.2.2.17.
 */
static void tcp_ack_probe(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (!after(TCP_SKB_CB(tcp_send_head(sk))->end_seq, tcp_wnd_end(tp))) {
		icsk->icsk_backoff = 0;
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_PROBE0);
	} else {
		unsigned long when = tcp_probe0_when(sk, TCP_RTO_MAX);

		inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, when, TCP_RTO_MAX);
	}
}

/* ------------------------------------------------------------------ congestion */

/**
 * tcp_ack_is_dubious() - does this ACK hint at trouble?
 * @sk: the socket
 * @flag: FLAG_* of the ACK
 *
 * A pure duplicate, a SACK or ECN report, or a connection that is recovering anyway.
 *
 * Origin: net/ipv4/tcp_input.c:3310.
 */
static inline bool tcp_ack_is_dubious(const struct sock *sk, const int flag)
{
	return !(flag & FLAG_NOT_DUP) || (flag & FLAG_CA_ALERT) ||
	       inet_csk(sk)->icsk_ca_state != TCP_CA_Open;
}

/**
 * tcp_may_raise_cwnd() - may the congestion window grow by this ACK?
 * @sk: the socket
 * @flag: FLAG_* of the ACK
 *
 * On a path that reorders much, SACKed data counts too, since cumulative ACKs come in jumps
 * there. An acknowledged SYN never counts (RFC 5681 3.1).
 *
 * Origin: net/ipv4/tcp_input.c:3317.
 */
static inline bool tcp_may_raise_cwnd(const struct sock *sk, const int flag)
{
	if (tcp_sk(sk)->reordering > (u32)sock_net(sk)->ipv4.sysctl_tcp_reordering)
		return flag & FLAG_FORWARD_PROGRESS;

	return flag & FLAG_DATA_ACKED;
}

/**
 * tcp_cong_avoid() - let the congestion control grow the window
 * @sk: the socket
 * @ack: the ACK
 * @acked: segments it delivered
 *
 * Origin: net/ipv4/tcp_input.c:3002.
 */
static void tcp_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_ca_ops->cong_avoid(sk, ack, acked);
	tcp_sk(sk)->snd_cwnd_stamp = tcp_time_stamp;
}

/**
 * tcp_update_pacing_rate() - bytes a second at which the socket would send evenly
 * @sk: the socket
 *
 * cwnd * mss / srtt, times 2 in slow start (so that cwnd can still double each round trip) and 1.2
 * later. srtt_us is the RTT times 8, hence the shift by 3 on the other side; the ratio is in
 * percent, hence the division by 100.
 *
 * Origin: net/ipv4/tcp_input.c:784.
 */
void tcp_update_pacing_rate(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 rate = (u64)tp->mss_cache * ((USEC_PER_SEC / 100) << 3);

	if (tp->snd_cwnd < tp->snd_ssthresh / 2)
		rate *= (u32)sysctl_tcp_pacing_ss_ratio;
	else
		rate *= (u32)sysctl_tcp_pacing_ca_ratio;

	rate *= max(tp->snd_cwnd, tp->packets_out);

	if (likely(tp->srtt_us))
		do_div(rate, tp->srtt_us);

	WRITE_ONCE(sk->sk_pacing_rate, (u32)min_t(u64, rate, sk->sk_max_pacing_rate));
}

/**
 * tcp_cong_control() - adjust cwnd and pacing to what this ACK delivered
 * @sk: the socket
 * @ack: the ACK
 * @acked_sacked: segments it delivered
 * @flag: FLAG_* of it
 * @rs: its delivery-rate sample
 *
 * Origin: net/ipv4/tcp_input.c:3336.
 */
static void tcp_cong_control(struct sock *sk, u32 ack, u32 acked_sacked, int flag,
			     const struct rate_sample *rs)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->cong_control) {
		icsk->icsk_ca_ops->cong_control(sk, rs);
		return;
	}

	if (tcp_in_cwnd_reduction(sk))
		tcp_cwnd_reduction(sk, (int)acked_sacked, flag);
	else if (tcp_may_raise_cwnd(sk, flag))
		tcp_cong_avoid(sk, ack, acked_sacked);
	tcp_update_pacing_rate(sk);
}

/**
 * tcp_in_ack_event() - tell a congestion control that listens to every ACK
 * @sk: the socket
 * @flags: CA_ACK_*
 *
 * Origin: net/ipv4/tcp_input.c:3555.
 */
static inline void tcp_in_ack_event(struct sock *sk, u32 flags)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->in_ack_event)
		icsk->icsk_ca_ops->in_ack_event(sk, flags);
}

/**
 * tcp_xmit_recovery() - send what the loss logic decided on
 * @sk: the socket
 * @rexmit: REXMIT_*
 *
 * New data first is F-RTO's test: if the ACK of it shows that nothing was lost, the
 * retransmissions were never needed.
 *
 * Origin: net/ipv4/tcp_input.c:3567.
 */
static void tcp_xmit_recovery(struct sock *sk, int rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (rexmit == REXMIT_NONE)
		return;

	if (unlikely(rexmit == REXMIT_NEW)) {
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
		if (after(tp->snd_nxt, tp->high_seq))
			return;
		tp->frto = 0;
	}
	tcp_xmit_retransmit_queue(sk);
}

/* ------------------------------------------------------------------ the ACK itself */

/*
 * The slow half of the window stage: everything header prediction would have spared us.
 * Return: FLAG_* bits found.
 */
static __always_inline int tcp_ack_slowpath(struct sock *sk, const struct sk_buff *skb, u32 ack,
					    u32 ack_seq, u32 prior_snd_una,
					    struct tcp_sacktag_state *sack_state)
{
	u32 ack_ev_flags = CA_ACK_SLOWPATH;
	int flag = 0;

	if (ack_seq != TCP_SKB_CB(skb)->end_seq)
		flag |= FLAG_DATA;
	else
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPPUREACKS);

	flag |= tcp_ack_update_window(sk, skb, ack, ack_seq);

	if (TCP_SKB_CB(skb)->sacked)
		flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una, sack_state);

	if (tcp_ecn_rcv_ecn_echo(tcp_sk(sk), tcp_hdr(skb))) {
		flag |= FLAG_ECE;
		ack_ev_flags |= CA_ACK_ECE;
	}
	if (flag & FLAG_WIN_UPDATE)
		ack_ev_flags |= CA_ACK_WIN_UPDATE;

	tcp_in_ack_event(sk, ack_ev_flags);
	return flag;
}

/* The window stage: what header prediction knows already, or all of it. */
static __always_inline int tcp_ack_window_stage(struct sock *sk, const struct sk_buff *skb,
						int flag, u32 prior_snd_una,
						struct tcp_sacktag_state *sack_state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ack_seq = TCP_SKB_CB(skb)->seq;
	u32 ack = TCP_SKB_CB(skb)->ack_seq;

	if ((flag & FLAG_SLOWPATH) || !after(ack, tp->snd_una))
		return tcp_ack_slowpath(sk, skb, ack, ack_seq, prior_snd_una, sack_state);

	/* Predicted: the window is the same, and there is nothing else. */
	tcp_update_wl(tp, ack_seq);
	tcp_snd_una_update(tp, ack);
	tcp_in_ack_event(sk, CA_ACK_WIN_UPDATE);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPHPACKS);
	return FLAG_WIN_UPDATE;
}

/* Progress proves the next hop alive: ARP need not ask. */
static __always_inline void tcp_ack_confirm_neighbour(struct sock *sk, int flag)
{
	if ((flag & FLAG_FORWARD_PROGRESS) || !(flag & FLAG_NOT_DUP)) {
		struct dst_entry *dst = __sk_dst_get(sk);

		if (dst)
			dst_confirm(dst);
	}
}

/**
 * tcp_ack() - process the acknowledgment part of a segment
 * @sk: the socket, locked
 * @skb: the segment
 * @flag: FLAG_SLOWPATH, FLAG_UPDATE_TS_RECENT, FLAG_DATA as the caller knows
 *
 * Return: 1 good; 0 old, nothing new; -1 unacceptable, the segment is to be dropped.
 *
 * Origin: net/ipv4/tcp_input.c:3585; RFC 793 page 72, RFC 5961 section 5.
 */
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sacktag_state sack_state;
	struct rate_sample rs = { .prior_delivered = 0 };
	u32 prior_snd_una = tp->snd_una;
	u32 ack = TCP_SKB_CB(skb)->ack_seq;
	u32 delivered = tp->delivered, lost = tp->lost;
	int prior_packets = (int)tp->packets_out;
	int acked = 0, rexmit = REXMIT_NONE;
	bool is_dupack = false;
	u32 prior_fackets;
	struct skb_mstamp now;

	sack_state.first_sackt.v64 = 0;
	sack_state.rate = &rs;

	if (before(ack, prior_snd_una)) {
		/* Older than anything in flight can explain: a guess. RFC 5961 section 5.2. */
		if (before(ack, prior_snd_una - tp->max_window)) {
			tcp_send_challenge_ack(sk, skb);
			return -1;
		}
		/* It was overtaken; its SACK blocks may be news all the same. */
		if (TCP_SKB_CB(skb)->sacked) {
			flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una, &sack_state);
			tcp_fastretrans_alert(sk, acked, is_dupack, &flag, &rexmit);
			tcp_xmit_recovery(sk, rexmit);
		}
		return 0;
	}
	/* It acknowledges what we never sent. */
	if (after(ack, tp->snd_nxt))
		return -1;

	skb_mstamp_get(&now);

	if (icsk->icsk_pending == ICSK_TIME_EARLY_RETRANS ||
	    icsk->icsk_pending == ICSK_TIME_LOSS_PROBE)
		tcp_rearm_rto(sk);

	if (after(ack, prior_snd_una)) {
		flag |= FLAG_SND_UNA_ADVANCED;
		icsk->icsk_retransmits = 0;
	}

	prior_fackets = tp->fackets_out;
	rs.prior_in_flight = tcp_packets_in_flight(tp);

	/* The stamp may be taken only now that the ACK has proved plausible. */
	if (flag & FLAG_UPDATE_TS_RECENT)
		tcp_replace_ts_recent(tp, TCP_SKB_CB(skb)->seq);

	flag |= tcp_ack_window_stage(sk, skb, flag, prior_snd_una, &sack_state);

	/* The peer is alive: errors the path reported are history, probes succeeded. */
	sk->sk_err_soft = 0;
	icsk->icsk_probes_out = 0;
	tp->rcv_tstamp = tcp_time_stamp;

	if (!prior_packets) {
		/*
		 * Nothing was in flight: news about a closed window, or that what was sent again
		 * had arrived before.
		 */
		if (flag & FLAG_DSACKING_ACK)
			tcp_fastretrans_alert(sk, acked, is_dupack, &flag, &rexmit);
		if (tcp_send_head(sk))
			tcp_ack_probe(sk);
		if (tp->tlp_high_seq)
			tcp_process_tlp_ack(sk, ack, flag);
		return 1;
	}

	flag |= tcp_clean_rtx_queue(sk, (int)prior_fackets, prior_snd_una, &acked, &sack_state,
				    &now);

	if (tcp_ack_is_dubious(sk, flag)) {
		is_dupack = !(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP));
		tcp_fastretrans_alert(sk, acked, is_dupack, &flag, &rexmit);
	}

	if (tp->tlp_high_seq)
		tcp_process_tlp_ack(sk, ack, flag);

	tcp_ack_confirm_neighbour(sk, flag);

	if (icsk->icsk_pending == ICSK_TIME_RETRANS)
		tcp_schedule_loss_probe(sk);
	delivered = tp->delivered - delivered;
	lost = tp->lost - lost;
	tcp_rate_gen(sk, delivered, lost, &now, &rs);
	tcp_cong_control(sk, ack, delivered, flag, &rs);
	tcp_xmit_recovery(sk, rexmit);
	return 1;
}
