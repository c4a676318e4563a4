/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * After a loss: how far the congestion window falls, and how it gets up again.
 *
 * Theory of operation
 * -------------------
 * The connection is in one of these congestion states (icsk_ca_state):
 *
 *	Open		all is well
 *	Disorder	something is out of order or was retransmitted; nothing proved lost
 *	CWR		the window is being reduced: an ECN mark, or our own queue overflowed
 *	Loss		the retransmit timer expired; all that was in flight counts as lost
 *
 * A state other than Open lasts until high_seq, which is what had been sent when it began, has
 * been acknowledged. A reduction that turns out to be unfounded is undone: undo_marker remembers
 * where it began, prior_ssthresh what was before; and if the echoed time stamp is older than the
 * first retransmission, it was the original that arrived (Eifel detection, RFC 3522).
 *
 * A connect meets this when its first SYN is lost: the timer puts it into Loss with cwnd 1; the
 * SYN-ACK then leads it back to Open through tcp_fastretrans_alert() and tcp_process_loss().
 *
 * The kernel has a fifth state, Recovery: fast retransmit, driven by duplicate ACKs and SACK. It
 * is left out with the SACK scoreboard, since no handshake can reach it; see docs/differences.md.
 *
 * Origin: net/ipv4/tcp_input.c, v4.9; RFC 5681, 5682, 6937, 3168.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <net/snmp.h>

#include "tcp_input.h"

/* ------------------------------------------------------------------ undo */

/* Was the echoed stamp taken before @when? Origin: net/ipv4/tcp_input.c:2313. */
static bool tcp_tsopt_ecr_before(const struct tcp_sock *tp, u32 when)
{
	return tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr && before(tp->rx_opt.rcv_tsecr, when);
}

/**
 * tcp_skb_spurious_retrans() - was this packet, retransmitted, acknowledged for its first sending?
 * @tp: the connection
 * @skb: the packet
 *
 * Origin: net/ipv4/tcp_input.c:2322; RFC 3522.
 */
bool tcp_skb_spurious_retrans(const struct tcp_sock *tp, const struct sk_buff *skb)
{
	return (TCP_SKB_CB(skb)->sacked & TCPCB_RETRANS) &&
	       tcp_tsopt_ecr_before(tp, tcp_skb_timestamp(skb));
}

/* No retransmission was sent, or the ACK answers the original. Origin: 2332. */
static inline bool tcp_packet_delayed(const struct tcp_sock *tp)
{
	return !tp->retrans_stamp || tcp_tsopt_ecr_before(tp, tp->retrans_stamp);
}

static inline bool tcp_may_undo(const struct tcp_sock *tp)
{
	return tp->undo_marker && (!tp->undo_retrans || tcp_packet_delayed(tp));
}

/* Does the head of the queue still wait for a retransmission's ACK? Origin: 2354. */
static bool tcp_any_retrans_done(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (tp->retrans_out)
		return true;

	skb = tcp_write_queue_head(sk);
	return skb && (TCP_SKB_CB(skb)->sacked & TCPCB_EVER_RETRANS);
}

/**
 * tcp_undo_cwnd_reduction() - the reduction was unfounded: restore cwnd and ssthresh
 * @sk: the socket
 * @unmark_loss: also take back that everything in flight is lost
 *
 * Origin: net/ipv4/tcp_input.c:2398.
 */
static void tcp_undo_cwnd_reduction(struct sock *sk, bool unmark_loss)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (unmark_loss) {
		struct sk_buff *skb;

		tcp_for_write_queue(skb, sk) {
			if (skb == tcp_send_head(sk))
				break;
			TCP_SKB_CB(skb)->sacked &= ~TCPCB_LOST;
		}
		tp->lost_out = 0;
		tcp_clear_all_retrans_hints(tp);
	}

	if (tp->prior_ssthresh) {
		const struct inet_connection_sock *icsk = inet_csk(sk);

		if (icsk->icsk_ca_ops->undo_cwnd)
			tp->snd_cwnd = icsk->icsk_ca_ops->undo_cwnd(sk);
		else
			tp->snd_cwnd = max(tp->snd_cwnd, tp->snd_ssthresh << 1);

		if (tp->prior_ssthresh > tp->snd_ssthresh) {
			tp->snd_ssthresh = tp->prior_ssthresh;
			tcp_ecn_withdraw_cwr(tp);
		}
	}
	tp->snd_cwnd_stamp = tcp_time_stamp;
	tp->undo_marker = 0;
}

/**
 * tcp_try_undo_recovery() - all that was in flight at the loss is acknowledged
 * @sk: the socket
 *
 * Return: true if the state must be kept until something beyond high_seq is acknowledged: without
 * SACK, duplicate ACKs of the old window could otherwise start a false recovery.
 *
 * Origin: net/ipv4/tcp_input.c:2437.
 */
static bool tcp_try_undo_recovery(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_may_undo(tp)) {
		int mib_idx;

		tcp_undo_cwnd_reduction(sk, false);
		if (inet_csk(sk)->icsk_ca_state == TCP_CA_Loss)
			mib_idx = LINUX_MIB_TCPLOSSUNDO;
		else
			mib_idx = LINUX_MIB_TCPFULLUNDO;
		NET_INC_STATS(sock_net(sk), mib_idx);
	}
	if (tp->snd_una == tp->high_seq && tcp_is_reno(tp)) {
		if (!tcp_any_retrans_done(sk))
			tp->retrans_stamp = 0;
		return true;
	}
	tcp_set_ca_state(sk, TCP_CA_Open);
	return false;
}

/**
 * tcp_try_undo_loss() - was the time-out needless?
 * @sk: the socket
 * @frto_undo: F-RTO has proved it
 *
 * Origin: net/ipv4/tcp_input.c:2483.
 */
static bool tcp_try_undo_loss(struct sock *sk, bool frto_undo)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!frto_undo && !tcp_may_undo(tp))
		return false;

	tcp_undo_cwnd_reduction(sk, true);

	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSUNDO);
	if (frto_undo)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSPURIOUSRTOS);
	inet_csk(sk)->icsk_retransmits = 0;
	if (frto_undo || tcp_is_sack(tp))
		tcp_set_ca_state(sk, TCP_CA_Open);
	return true;
}

/* ------------------------------------------------------------------ reducing gently: CWR */

/* Origin: net/ipv4/tcp_input.c:2512. */
static void tcp_init_cwnd_reduction(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->high_seq = tp->snd_nxt;
	tp->tlp_high_seq = 0;
	tp->snd_cwnd_cnt = 0;
	tp->prior_cwnd = tp->snd_cwnd;
	tp->prr_delivered = 0;
	tp->prr_out = 0;
	tp->snd_ssthresh = inet_csk(sk)->icsk_ca_ops->ssthresh(sk);
	tcp_ecn_queue_cwr(tp);
}

/**
 * tcp_cwnd_reduction() - come down to ssthresh evenly over one round trip
 * @sk: the socket
 * @newly_acked_sacked: segments this ACK delivered
 * @flag: FLAG_* of it
 *
 * Proportional rate reduction: for each segment delivered, ssthresh/prior_cwnd segments may be
 * sent, so that the ACK clock keeps ticking on the way down.
 *
 * Origin: net/ipv4/tcp_input.c:2526; RFC 6937.
 */
void tcp_cwnd_reduction(struct sock *sk, int newly_acked_sacked, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int sndcnt = 0;
	int delta = (int)tp->snd_ssthresh - (int)tcp_packets_in_flight(tp);

	if (newly_acked_sacked <= 0 || WARN_ON_ONCE(!tp->prior_cwnd))
		return;

	tp->prr_delivered += (u32)newly_acked_sacked;
	if (delta < 0) {
		u64 dividend = (u64)tp->snd_ssthresh * tp->prr_delivered + tp->prior_cwnd - 1;

		sndcnt = (int)div_u64(dividend, tp->prior_cwnd) - (int)tp->prr_out;
	} else if ((flag & FLAG_RETRANS_DATA_ACKED) && !(flag & FLAG_LOST_RETRANS)) {
		sndcnt = min_t(
			int, delta,
			max_t(int, (int)(tp->prr_delivered - tp->prr_out), newly_acked_sacked) + 1);
	} else {
		sndcnt = min(delta, newly_acked_sacked);
	}
	/* The first ACK of a reduction must let at least one segment out. */
	sndcnt = max(sndcnt, tp->prr_out ? 0 : 1);
	tp->snd_cwnd = tcp_packets_in_flight(tp) + (u32)sndcnt;
}

/* Origin: net/ipv4/tcp_input.c:2554. */
static inline void tcp_end_cwnd_reduction(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_ops->cong_control)
		return;

	if (inet_csk(sk)->icsk_ca_state == TCP_CA_CWR ||
	    (tp->undo_marker && tp->snd_ssthresh < TCP_INFINITE_SSTHRESH)) {
		tp->snd_cwnd = tp->snd_ssthresh;
		tp->snd_cwnd_stamp = tcp_time_stamp;
	}
	tcp_ca_event(sk, CA_EVENT_COMPLETE_CWR);
}

/**
 * tcp_enter_cwr() - begin a reduction that no loss caused
 * @sk: the socket
 *
 * Called for an ECN echo, and by tcp_transmit_skb() when our own device queue dropped the packet.
 *
 * Origin: net/ipv4/tcp_input.c:2571.
 */
void tcp_enter_cwr(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->prior_ssthresh = 0;
	if (inet_csk(sk)->icsk_ca_state < TCP_CA_CWR) {
		tp->undo_marker = 0;
		tcp_init_cwnd_reduction(sk);
		tcp_set_ca_state(sk, TCP_CA_CWR);
	}
}

/* Origin: net/ipv4/tcp_input.c:2584. */
static void tcp_try_keep_open(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 state = TCP_CA_Open;

	if (tcp_left_out(tp) || tcp_any_retrans_done(sk))
		state = TCP_CA_Disorder;

	if (inet_csk(sk)->icsk_ca_state != state) {
		tcp_set_ca_state(sk, state);
		tp->high_seq = tp->snd_nxt;
	}
}

/* Origin: net/ipv4/tcp_input.c:2598. */
static void tcp_try_to_open(struct sock *sk, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_verify_left_out(tp);

	if (!tcp_any_retrans_done(sk))
		tp->retrans_stamp = 0;

	if (flag & FLAG_ECE)
		tcp_enter_cwr(sk);

	if (inet_csk(sk)->icsk_ca_state != TCP_CA_CWR)
		tcp_try_keep_open(sk);
}

/**
 * tcp_process_tlp_ack() - what became of the tail loss probe?
 * @sk: the socket, with a probe in flight (tlp_high_seq)
 * @ack: the ACK
 * @flag: FLAG_* of it
 *
 * The probe repeats the last segment. If the ACK moves beyond it, the probe repaired a loss that
 * nothing else would have shown, and the window must come down for it. A duplicate instead means
 * that both copies arrived, so nothing was lost.
 *
 * Origin: net/ipv4/tcp_input.c:3528; draft-dukkipati-tcpm-tcp-loss-probe.
 */
void tcp_process_tlp_ack(struct sock *sk, u32 ack, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (before(ack, tp->tlp_high_seq))
		return;

	if (flag & FLAG_DSACKING_ACK) {
		tp->tlp_high_seq = 0;
	} else if (after(ack, tp->tlp_high_seq)) {
		/* Clears tlp_high_seq, too. */
		tcp_init_cwnd_reduction(sk);
		tcp_set_ca_state(sk, TCP_CA_CWR);
		tcp_end_cwnd_reduction(sk);
		tcp_try_keep_open(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSPROBERECOVERY);
	} else if (!(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DATA_SACKED))) {
		tp->tlp_high_seq = 0;
	}
}

/* ------------------------------------------------------------------ path MTU probes */

/**
 * tcp_mtup_probe_success() - the large probe packet arrived: the path takes that size
 * @sk: the socket
 *
 * cwnd counts packets, so it shrinks as they grow.
 *
 * Origin: net/ipv4/tcp_input.c:2624; RFC 4821.
 */
void tcp_mtup_probe_success(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 val;

	tp->prior_ssthresh = tcp_current_ssthresh(sk);
	val = tp->snd_cwnd * (u32)tcp_mss_to_mtu(sk, (int)tp->mss_cache) /
	      (u32)icsk->icsk_mtup.probe_size;
	tp->snd_cwnd = val;
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = tcp_time_stamp;
	tp->snd_ssthresh = tcp_current_ssthresh(sk);

	icsk->icsk_mtup.search_low = icsk->icsk_mtup.probe_size;
	icsk->icsk_mtup.probe_size = 0;
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMTUPSUCCESS);
}

/* ------------------------------------------------------------------ the decision */

/**
 * tcp_process_loss() - an ACK in state Loss
 * @sk: the socket
 * @flag: FLAG_* of it
 * @is_dupack: it is a duplicate
 * @rexmit: what to send next, REXMIT_*
 *
 * Either it shows that the time-out was needless (undo), or that all is repaired (Open), or the
 * next lost packet is sent. In between stands F-RTO: before retransmitting more, send new data
 * and see whether the answer acknowledges what was never retransmitted.
 *
 * Origin: net/ipv4/tcp_input.c:2721; RFC 5682 section 3.1.
 */
static void tcp_process_loss(struct sock *sk, int flag, bool is_dupack, int *rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool recovered = !before(tp->snd_una, tp->high_seq);

	if ((flag & FLAG_SND_UNA_ADVANCED) && tcp_try_undo_loss(sk, false))
		return;

	if (tp->frto) {
		/* Data never retransmitted was acknowledged: the original window arrived. */
		if ((flag & FLAG_ORIG_SACK_ACKED) && tcp_try_undo_loss(sk, true))
			return;

		if (after(tp->snd_nxt, tp->high_seq)) {
			if ((flag & FLAG_DATA_SACKED) || is_dupack)
				tp->frto = 0; /* step 3.a: a real loss */
		} else if ((flag & FLAG_SND_UNA_ADVANCED) && !recovered) {
			tp->high_seq = tp->snd_nxt;
			/* Step 2.b: new data, if there is any and the window takes it. */
			if (tcp_send_head(sk) && after(tcp_wnd_end(tp), tp->snd_nxt)) {
				*rexmit = REXMIT_NEW;
				return;
			}
			tp->frto = 0;
		}
	}

	if (recovered) {
		tcp_try_undo_recovery(sk);
		return;
	}
	if (tcp_is_reno(tp)) {
		if (after(tp->snd_nxt, tp->high_seq) && is_dupack)
			tcp_add_reno_sack(sk);
		else if (flag & FLAG_SND_UNA_ADVANCED)
			tcp_reset_reno_sack(tp);
	}
	*rexmit = REXMIT_LOST;
}

/**
 * tcp_fastretrans_alert() - a dubious ACK: walk the congestion state machine
 * @sk: the socket
 * @acked: segments it acknowledged
 * @is_dupack: it is a duplicate
 * @ack_flag: FLAG_* of it; FLAG_LOST_RETRANS may be added
 * @rexmit: what to send next, REXMIT_*
 *
 * Origin: net/ipv4/tcp_input.c:2817, without the state Recovery.
 */
void tcp_fastretrans_alert(struct sock *sk, const int acked, bool is_dupack, int *ack_flag,
			   int *rexmit)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int flag = *ack_flag;

	if (WARN_ON(!tp->packets_out && tp->sacked_out))
		tp->sacked_out = 0;
	if (WARN_ON(!tp->sacked_out && tp->fackets_out))
		tp->fackets_out = 0;

	/* A mark confirms the congestion: what it caused may not be undone. */
	if (flag & FLAG_ECE)
		tp->prior_ssthresh = 0;

	tcp_verify_left_out(tp);

	/* Has the state served its time? */
	if (icsk->icsk_ca_state == TCP_CA_Open) {
		WARN_ON(tp->retrans_out != 0);
		tp->retrans_stamp = 0;
	} else if (!before(tp->snd_una, tp->high_seq) && icsk->icsk_ca_state == TCP_CA_CWR) {
		/* Something beyond high_seq is acknowledged: the reduced window is in force. */
		if (tp->snd_una != tp->high_seq) {
			tcp_end_cwnd_reduction(sk);
			tcp_set_ca_state(sk, TCP_CA_Open);
		}
	}

	/* Time tells too: what was sent before something already delivered is lost. */
	if ((sysctl_tcp_recovery & TCP_RACK_LOST_RETRANS) && tcp_rack_mark_lost(sk)) {
		flag |= FLAG_LOST_RETRANS;
		*ack_flag |= FLAG_LOST_RETRANS;
	}

	if (icsk->icsk_ca_state == TCP_CA_Loss) {
		tcp_process_loss(sk, flag, is_dupack, rexmit);
		if (icsk->icsk_ca_state != TCP_CA_Open) {
			if (flag & FLAG_LOST_RETRANS)
				*rexmit = REXMIT_LOST;
			return;
		}
	}

	if (tcp_is_reno(tp)) {
		if (flag & FLAG_SND_UNA_ADVANCED)
			tcp_reset_reno_sack(tp);
		if (is_dupack)
			tcp_add_reno_sack(sk);
	}
	tcp_try_to_open(sk, flag);
}
