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
 *	Recovery	fast retransmit: enough has arrived behind a hole to call it a loss
 *	Loss		the retransmit timer expired; all that was in flight counts as lost
 *
 * A state other than Open lasts until high_seq, which is what had been sent when it began, has
 * been acknowledged. A reduction that turns out to be unfounded is undone: undo_marker remembers
 * where it began, prior_ssthresh what was before. Three things prove it: the echoed time stamp is
 * older than the first retransmission, so it was the original that arrived (Eifel detection, RFC
 * 3522); the peer reports each retransmission as a duplicate (D-SACK); data that was never sent
 * again is acknowledged after a time-out (F-RTO).
 *
 * A connect meets this when its first SYN is lost: the timer puts it into Loss with cwnd 1; the
 * SYN-ACK then leads it back to Open through tcp_fastretrans_alert() and tcp_process_loss().
 *
 * Data after the handshake meets Recovery: three duplicate ACKs, or SACK blocks that say as much
 * (tcp_time_to_recover()). What is lost is decided in tcp_input_mark.c, when to send it again in
 * tcp_output_retrans.c, and how much of it by tcp_cwnd_reduction().
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
 * tcp_try_undo_dsack() - has the peer reported every retransmission as a duplicate?
 * @sk: the socket
 *
 * Then none was needed, and the reduction neither.
 *
 * Origin: net/ipv4/tcp_input.c:2468; RFC 3708.
 */
static bool tcp_try_undo_dsack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->undo_marker || tp->undo_retrans)
		return false;

	tcp_undo_cwnd_reduction(sk, false);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKUNDO);
	return true;
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

/* The large probe packet was lost, and nothing else: the path is too narrow for it. Origin: 2614. */
static void tcp_mtup_probe_failed(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_mtup.search_high = icsk->icsk_mtup.probe_size - 1;
	icsk->icsk_mtup.probe_size = 0;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMTUPFAIL);
}

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

/* ------------------------------------------------------------------ entering Recovery */

/* How many segments have left the network behind the hole, the hole included. Origin: 2101. */
static inline int tcp_dupack_heuristics(const struct tcp_sock *tp)
{
	return tcp_is_fack(tp) ? (int)tp->fackets_out : (int)tp->sacked_out + 1;
}

/**
 * tcp_pause_early_retransmit() - wait a little: it may be reordering after all
 * @sk: the socket
 * @flag: FLAG_* of the ACK
 *
 * A quarter of a round trip, unless the retransmit timer is earlier. Three duplicates are proof
 * enough; the one or two of early retransmit are not.
 *
 * Return: true if the timer was armed, false if Recovery is to begin at once.
 *
 * Origin: net/ipv4/tcp_input.c:2106; RFC 5827 appendix A.3.
 */
static bool tcp_pause_early_retransmit(struct sock *sk, int flag)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned long delay;

	if (sysctl_tcp_early_retrans < 2 || sysctl_tcp_early_retrans > 3 || (flag & FLAG_ECE) ||
	    !tp->srtt_us)
		return false;

	delay = max(usecs_to_jiffies(tp->srtt_us >> 5), msecs_to_jiffies(2));
	if (!time_after(inet_csk(sk)->icsk_timeout, jiffies + delay))
		return false;

	inet_csk_reset_xmit_timer(sk, ICSK_TIME_EARLY_RETRANS, delay, TCP_RTO_MAX);
	return true;
}

/**
 * tcp_time_to_recover() - is the hole a loss?
 * @sk: the socket
 * @flag: FLAG_* of the ACK
 *
 * Yes, if a loss is proven already; if more than "reordering" segments (three) have left the
 * network behind it; if so little is in flight that three can never come and nothing new may be
 * sent that would bring more: then half of it, or one on a thin stream that asked for that, or
 * (early retransmit, after a pause) one less than is in flight.
 *
 * Origin: net/ipv4/tcp_input.c:2227; RFC 5681 section 3.2, RFC 5827.
 */
static bool tcp_time_to_recover(struct sock *sk, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 packets_out = tp->packets_out;

	if (tp->lost_out)
		return true;

	if (tcp_dupack_heuristics(tp) > (int)tp->reordering)
		return true;

	if (packets_out <= tp->reordering &&
	    tp->sacked_out >=
		    max_t(u32, packets_out / 2, (u32)sock_net(sk)->ipv4.sysctl_tcp_reordering) &&
	    !tcp_may_send_now(sk))
		return true;

	if ((tp->thin_dupack || sysctl_tcp_thin_dupack) && tcp_stream_is_thin(tp) &&
	    tcp_dupack_heuristics(tp) > 1 && tcp_is_sack(tp) && !tcp_send_head(sk))
		return true;

	if (tp->do_early_retrans && !tp->retrans_out && tp->sacked_out &&
	    packets_out >= tp->sacked_out + 1 && packets_out < 4 && !tcp_may_send_now(sk))
		return !tcp_pause_early_retransmit(sk, flag);

	return false;
}

/**
 * tcp_enter_recovery() - a loss without a time-out: fast retransmit and fast recovery begin
 * @sk: the socket
 * @ece_ack: the ACK carried an ECN echo as well, so the reduction may not be undone
 *
 * A reduction under way (CWR) goes on: one for each round trip is enough.
 *
 * Origin: net/ipv4/tcp_input.c:2695; RFC 5681 section 3.2, RFC 6675 section 5.
 */
static void tcp_enter_recovery(struct sock *sk, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);

	NET_INC_STATS(sock_net(sk),
		      tcp_is_reno(tp) ? LINUX_MIB_TCPRENORECOVERY : LINUX_MIB_TCPSACKRECOVERY);

	tp->prior_ssthresh = 0;
	tcp_init_undo(tp);

	if (!tcp_in_cwnd_reduction(sk)) {
		if (!ece_ack)
			tp->prior_ssthresh = tcp_current_ssthresh(sk);
		tcp_init_cwnd_reduction(sk);
	}
	tcp_set_ca_state(sk, TCP_CA_Recovery);
}

/**
 * tcp_resume_early_retransmit() - the pause is over and the hole is still there
 * @sk: the socket, locked
 *
 * Origin: net/ipv4/tcp_input.c:3043; RFC 5827.
 */
void tcp_resume_early_retransmit(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_rearm_rto(sk);

	/* Meanwhile the path was seen to reorder. */
	if (!tp->do_early_retrans)
		return;

	tcp_enter_recovery(sk, false);
	tcp_update_scoreboard(sk, 1);
	tcp_xmit_retransmit_queue(sk);
}

/* ------------------------------------------------------------------ the decision */

/**
 * tcp_check_sack_reneging() - the peer had SACKed the head, and now it acknowledges less
 * @sk: the socket
 * @flag: FLAG_* of the ACK
 *
 * It may: SACK is advice (RFC 2018 section 8). Either this ACK is followed by a better one at
 * once, or nothing that was SACKed can be relied upon; the retransmit timer, set to half a round
 * trip, then marks all of it lost.
 *
 * Origin: net/ipv4/tcp_input.c:2072.
 */
static bool tcp_check_sack_reneging(struct sock *sk, int flag)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned long delay;

	if (!(flag & FLAG_SACK_RENEGING))
		return false;

	delay = max(usecs_to_jiffies(tp->srtt_us >> 4), msecs_to_jiffies(10));
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, delay, TCP_RTO_MAX);
	return true;
}

/**
 * tcp_try_undo_partial() - part of the hole was acknowledged: by the original?
 * @sk: the socket
 * @acked: segments acknowledged
 *
 * Then the packet was late and not lost, and the path reorders more than we thought. With
 * retransmissions still in flight nothing is undone yet, but nothing more is marked either.
 *
 * Return: true if nothing is to be sent again on account of this ACK.
 *
 * Origin: net/ipv4/tcp_input.c:2787.
 */
static bool tcp_try_undo_partial(struct sock *sk, const int acked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->undo_marker || !tcp_packet_delayed(tp))
		return false;

	tcp_update_reordering(sk, tcp_fackets_out(tp) + acked, 1);

	if (tp->retrans_out)
		return true;

	if (!tcp_any_retrans_done(sk))
		tp->retrans_stamp = 0;

	tcp_undo_cwnd_reduction(sk, true);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPPARTIALUNDO);
	tcp_try_keep_open(sk);
	return true;
}

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

/*
 * High_seq is acknowledged: has the state served its time? Return: true if it must be kept until
 * more is acknowledged, and there is nothing else to do.
 */
static __always_inline bool tcp_end_of_state(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (icsk->icsk_ca_state == TCP_CA_CWR) {
		/* Something beyond high_seq: the peer has seen the CWR flag that goes with it. */
		if (tp->snd_una != tp->high_seq) {
			tcp_end_cwnd_reduction(sk);
			tcp_set_ca_state(sk, TCP_CA_Open);
		}
	} else if (icsk->icsk_ca_state == TCP_CA_Recovery) {
		if (tcp_is_reno(tp))
			tcp_reset_reno_sack(tp);
		if (tcp_try_undo_recovery(sk))
			return true;
		tcp_end_cwnd_reduction(sk);
	}
	return false;
}

/*
 * An ACK in Recovery. Return: true if it ended the recovery, or nothing is to be sent again;
 * @do_lost becomes whether more is to be marked lost.
 */
static __always_inline bool tcp_process_recovery(struct sock *sk, const int acked, bool is_dupack,
						 int flag, bool *do_lost)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(flag & FLAG_SND_UNA_ADVANCED)) {
		if (tcp_is_reno(tp) && is_dupack)
			tcp_add_reno_sack(sk);
	} else {
		if (tcp_try_undo_partial(sk, acked))
			return true;
		/* A partial ACK: there is a second hole (RFC 6582), or the head is still one. */
		*do_lost = tcp_is_reno(tp) || tcp_fackets_out(tp) > (int)tp->reordering;
	}
	if (tcp_try_undo_dsack(sk)) {
		tcp_try_keep_open(sk);
		return true;
	}
	return false;
}

/*
 * An ACK in any other state: is the hole one to recover from now? Return: false if not; then the
 * state is Open, Disorder or CWR, as the counters say.
 */
static __always_inline bool tcp_begin_recovery(struct sock *sk, bool is_dupack, int flag)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_is_reno(tp)) {
		if (flag & FLAG_SND_UNA_ADVANCED)
			tcp_reset_reno_sack(tp);
		if (is_dupack)
			tcp_add_reno_sack(sk);
	}
	if (icsk->icsk_ca_state <= TCP_CA_Disorder)
		tcp_try_undo_dsack(sk);

	if (!tcp_time_to_recover(sk, flag)) {
		tcp_try_to_open(sk, flag);
		return false;
	}

	/* The first packet missing is the path MTU probe: its size was at fault, not congestion. */
	if (icsk->icsk_ca_state < TCP_CA_CWR && icsk->icsk_mtup.probe_size &&
	    tp->snd_una == tp->mtu_probe.probe_seq_start) {
		tcp_mtup_probe_failed(sk);
		/* tcp_mtu_probe() had taken one off for it. */
		tp->snd_cwnd++;
		tcp_simple_retransmit(sk);
		return false;
	}

	tcp_enter_recovery(sk, flag & FLAG_ECE);
	return true;
}

/**
 * tcp_fastretrans_alert() - a dubious ACK: walk the congestion state machine
 * @sk: the socket
 * @acked: segments it acknowledged
 * @is_dupack: it is a duplicate
 * @ack_flag: FLAG_* of it; FLAG_LOST_RETRANS may be added
 * @rexmit: what to send next, REXMIT_*
 *
 * Origin: net/ipv4/tcp_input.c:2817; RFC 5681, RFC 6675.
 */
void tcp_fastretrans_alert(struct sock *sk, const int acked, bool is_dupack, int *ack_flag,
			   int *rexmit)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int fast_rexmit = 0, flag = *ack_flag;
	bool do_lost = is_dupack ||
		       ((flag & FLAG_DATA_SACKED) && tcp_fackets_out(tp) > (int)tp->reordering);

	if (WARN_ON(!tp->packets_out && tp->sacked_out))
		tp->sacked_out = 0;
	if (WARN_ON(!tp->sacked_out && tp->fackets_out))
		tp->fackets_out = 0;

	/* A mark confirms the congestion: what it caused may not be undone. */
	if (flag & FLAG_ECE)
		tp->prior_ssthresh = 0;

	if (tcp_check_sack_reneging(sk, flag))
		return;

	tcp_verify_left_out(tp);

	if (icsk->icsk_ca_state == TCP_CA_Open) {
		WARN_ON(tp->retrans_out != 0);
		tp->retrans_stamp = 0;
	} else if (!before(tp->snd_una, tp->high_seq)) {
		if (tcp_end_of_state(sk))
			return;
	}

	/* Time tells too: what was sent before something already delivered is lost. */
	if ((sysctl_tcp_recovery & TCP_RACK_LOST_RETRANS) && tcp_rack_mark_lost(sk)) {
		flag |= FLAG_LOST_RETRANS;
		*ack_flag |= FLAG_LOST_RETRANS;
	}

	if (icsk->icsk_ca_state == TCP_CA_Recovery) {
		if (tcp_process_recovery(sk, acked, is_dupack, flag, &do_lost))
			return;
	} else {
		if (icsk->icsk_ca_state == TCP_CA_Loss) {
			tcp_process_loss(sk, flag, is_dupack, rexmit);
			/* On to Recovery only if undone, or if repeats were lost as well. */
			if (icsk->icsk_ca_state != TCP_CA_Open && !(flag & FLAG_LOST_RETRANS))
				return;
		}
		if (!tcp_begin_recovery(sk, is_dupack, flag))
			return;
		fast_rexmit = 1;
	}

	if (do_lost)
		tcp_update_scoreboard(sk, fast_rexmit);
	*rexmit = REXMIT_LOST;
}
