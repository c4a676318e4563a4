/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * How long is the way there and back, and how long may an answer take?
 *
 * Every ACK that can be tied to one sending of one packet gives a sample of the round-trip time.
 * The smoothed RTT and its mean deviation give the retransmission time-out (RFC 6298, after
 * Jacobson 1988): srtt_us is the smoothed RTT times 8, mdev_us the mean deviation times 4, both in
 * microseconds; so the factors 1/8 and 1/4 become shifts that lose no fraction.
 *
 * For connect(2) the first sample is the handshake itself: SYN out, SYN-ACK in.
 *
 * Origin: net/ipv4/tcp_input.c, v4.9; split by concept, see tcp_input.h.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/win_minmax.h>

#include "tcp_input.h"

/**
 * tcp_update_rtt_min() - the smallest RTT of the last five minutes
 * @sk: the socket
 * @rtt_us: the new sample, microseconds; 0 counts as one jiffy
 *
 * Origin: net/ipv4/tcp_input.c:2937.
 */
static void tcp_update_rtt_min(struct sock *sk, u32 rtt_us)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 wlen = (u32)sysctl_tcp_min_rtt_wlen * HZ;

	minmax_running_min(&tp->rtt_min, wlen, tcp_time_stamp,
			   rtt_us ? rtt_us : jiffies_to_usecs(1));
}

/**
 * tcp_rtt_estimator() - smooth one round-trip sample
 * @sk: the socket
 * @mrtt_us: the sample, microseconds
 *
 *	err  = sample - srtt
 *	srtt = 7/8 srtt + 1/8 sample
 *	mdev = 3/4 mdev + 1/4 |err|
 *
 * rttvar follows mdev's maximum at once when it rises, but falls only once a round trip, by a
 * quarter of the difference: a time-out that is too short costs more than one too long. When the
 * sample lies below srtt, the deviation counts only 1/8: a path that got faster must not make the
 * time-out longer (the Eifel correction).
 *
 * Origin: net/ipv4/tcp_input.c:711; RFC 6298 section 2.
 */
static void tcp_rtt_estimator(struct sock *sk, long mrtt_us)
{
	struct tcp_sock *tp = tcp_sk(sk);
	long m = mrtt_us;
	u32 srtt = tp->srtt_us;

	if (srtt != 0) {
		m -= (long)(srtt >> 3); /* m is the error now */
		srtt += (u32)m;
		if (m < 0) {
			m = -m;
			m -= (long)(tp->mdev_us >> 2);
			if (m > 0)
				m >>= 3;
		} else {
			m -= (long)(tp->mdev_us >> 2);
		}
		tp->mdev_us += (u32)m;
		if (tp->mdev_us > tp->mdev_max_us) {
			tp->mdev_max_us = tp->mdev_us;
			if (tp->mdev_max_us > tp->rttvar_us)
				tp->rttvar_us = tp->mdev_max_us;
		}
		/* A round trip is over when what was sent at its start is acknowledged. */
		if (after(tp->snd_una, tp->rtt_seq)) {
			if (tp->mdev_max_us < tp->rttvar_us)
				tp->rttvar_us -= (tp->rttvar_us - tp->mdev_max_us) >> 2;
			tp->rtt_seq = tp->snd_nxt;
			tp->mdev_max_us = tcp_rto_min_us(sk);
		}
	} else {
		/* The first sample: RFC 6298 (2.2), with a deviation of half the RTT. */
		srtt = (u32)m << 3;
		tp->mdev_us = (u32)m << 1;
		tp->rttvar_us = max(tp->mdev_us, tcp_rto_min_us(sk));
		tp->mdev_max_us = tp->rttvar_us;
		tp->rtt_seq = tp->snd_nxt;
	}
	/* 0 would mean "no sample yet". */
	tp->srtt_us = max(1U, srtt);
}

/**
 * tcp_set_rto() - the retransmission time-out from the smoothed round trip
 * @sk: the socket
 *
 * srtt + rttvar, where rttvar's floor of 200 ms stands in for RFC 6298's minimum RTO of one
 * second; at most 120 s.
 *
 * Origin: net/ipv4/tcp_input.c:821; RFC 6298 (2.3).
 */
void tcp_set_rto(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	inet_csk(sk)->icsk_rto = __tcp_set_rto(tp);
	tcp_bound_rto(sk);
}

/**
 * tcp_ack_update_rtt() - choose the best of up to three RTT samples, and use it
 * @sk: the socket
 * @flag: FLAG_* of this ACK
 * @seq_rtt_us: from the send time of what was acknowledged in order; -1: none
 * @sack_rtt_us: from the send time of what was SACKed; -1: none
 * @ca_rtt_us: sample of the most recently sent packet, for the minimum; -1: none
 *
 * Karn's algorithm: no sample from data that was sent twice, since it is not known which sending
 * the ACK answers. A time-stamp echo says which, so it is the last resort, in jiffies' precision.
 * A good sample also ends exponential back-off (RFC 6298 5.7).
 *
 * Return: true if a sample was found.
 *
 * Origin: net/ipv4/tcp_input.c:2946; RFC 7323 section 4.1.
 */
bool tcp_ack_update_rtt(struct sock *sk, const int flag, long seq_rtt_us, long sack_rtt_us,
			long ca_rtt_us)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (seq_rtt_us < 0)
		seq_rtt_us = sack_rtt_us;

	if (seq_rtt_us < 0 && tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr && (flag & FLAG_ACKED))
		seq_rtt_us = ca_rtt_us =
			(long)jiffies_to_usecs(tcp_time_stamp - tp->rx_opt.rcv_tsecr);

	if (seq_rtt_us < 0)
		return false;

	tcp_update_rtt_min(sk, (u32)ca_rtt_us);
	tcp_rtt_estimator(sk, seq_rtt_us);
	tcp_set_rto(sk);

	inet_csk(sk)->icsk_backoff = 0;
	return true;
}

/**
 * tcp_synack_rtt_meas() - RTT of a handshake in which we sent the SYN-ACK
 * @sk: the socket
 * @req: the connection request that remembers when; NULL, as there is none on the side that
 *	connects: in a simultaneous open only the time-stamp echo tells
 *
 * Origin: net/ipv4/tcp_input.c:2987.
 */
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req)
{
	tcp_ack_update_rtt(sk, FLAG_SYN_ACKED, -1L, -1L, -1L);
}

/**
 * tcp_rearm_rto() - restart the retransmit timer, or stop it when nothing is in flight
 * @sk: the socket
 *
 * When the timer was running for an early retransmit or a loss probe, the time already waited is
 * taken off: the time-out counts from the oldest packet's sending.
 *
 * Origin: net/ipv4/tcp_input.c:3013; RFC 6298 (5.2), (5.3).
 */
void tcp_rearm_rto(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 rto;

	if (!tp->packets_out) {
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_RETRANS);
		return;
	}

	rto = icsk->icsk_rto;
	if (icsk->icsk_pending == ICSK_TIME_EARLY_RETRANS ||
	    icsk->icsk_pending == ICSK_TIME_LOSS_PROBE) {
		struct sk_buff *skb = tcp_write_queue_head(sk);
		const u32 rto_time_stamp = tcp_skb_timestamp(skb) + rto;
		s32 delta = (s32)(rto_time_stamp - tcp_time_stamp);

		if (delta > 0)
			rto = (u32)delta;
	}
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, rto, TCP_RTO_MAX);
}
