/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * Which of the packets in flight are lost?
 *
 * The sender keeps a book on what is in flight: packets_out were sent and not acknowledged;
 * sacked_out of them have left the network according to the peer (or, without SACK, according to
 * the number of duplicate ACKs); lost_out are believed lost; retrans_out have been sent again. In
 * flight is packets_out - (sacked_out + lost_out) + retrans_out, and every change here must keep
 * that sum right, or the connection sends too much or stalls.
 *
 * Origin: net/ipv4/tcp_input.c:861-960, 1850-2007, 2648-2692, v4.9; RFC 5681, 5682.
 */
#include <linux/kernel.h>
#include <net/snmp.h>

#include "tcp_input.h"

/* ------------------------------------------------------------------ counting without SACK */

/**
 * tcp_disable_fack() - forward acknowledgment does not suit a path that reorders
 * @tp: the connection
 *
 * Origin: net/ipv4/tcp_input.c:861.
 */
void tcp_disable_fack(struct tcp_sock *tp)
{
	if (tcp_is_fack(tp))
		tp->lost_skb_hint = NULL;
	tp->rx_opt.sack_ok &= ~TCP_FACK_ENABLED & 0xf;
}

/**
 * tcp_update_reordering() - the path was seen to reorder by more than we thought
 * @sk: the socket
 * @metric: by how many packets
 * @ts: whether time stamps showed it
 *
 * Origin: net/ipv4/tcp_input.c:875.
 */
void tcp_update_reordering(struct sock *sk, const int metric, const int ts)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (metric > (int)tp->reordering) {
		int mib_idx;

		tp->reordering = (u32)min(sysctl_tcp_max_reordering, metric);

		if (ts)
			mib_idx = LINUX_MIB_TCPTSREORDER;
		else if (tcp_is_reno(tp))
			mib_idx = LINUX_MIB_TCPRENOREORDER;
		else if (tcp_is_fack(tp))
			mib_idx = LINUX_MIB_TCPFACKREORDER;
		else
			mib_idx = LINUX_MIB_TCPSACKREORDER;
		NET_INC_STATS(sock_net(sk), mib_idx);
		tcp_disable_fack(tp);
	}
	if (metric > 0)
		tcp_disable_early_retrans(tp);
	tp->rack.reord = 1;
}

/* More duplicates than packets in flight means reordering, not loss. Origin: 1850. */
static int tcp_limit_reno_sacked(struct tcp_sock *tp)
{
	u32 holes = max(tp->lost_out, 1U);

	holes = min(holes, tp->packets_out);
	if (tp->sacked_out + holes > tp->packets_out) {
		tp->sacked_out = tp->packets_out - holes;
		return 1;
	}
	return 0;
}

/* Origin: net/ipv4/tcp_input.c:1868. */
static void tcp_check_reno_reordering(struct sock *sk, const int addend)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_limit_reno_sacked(tp))
		tcp_update_reordering(sk, (int)tp->packets_out + addend, 0);
}

/* A duplicate ACK means that one more packet has left the network. Origin: 1877. */
void tcp_add_reno_sack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior_sacked = tp->sacked_out;

	tp->sacked_out++;
	tcp_check_reno_reordering(sk, 0);
	if (tp->sacked_out > prior_sacked)
		tp->delivered++;
}

/**
 * tcp_remove_reno_sacks() - a cumulative ACK accounts for duplicates counted before
 * @sk: the socket; its peer does not SACK
 * @acked: segments acknowledged; at least one, or there would be nothing to account for
 *
 * One of them is the hole itself; the rest are those whose duplicate ACKs were counted.
 *
 * Origin: net/ipv4/tcp_input.c:1891.
 */
void tcp_remove_reno_sacks(struct sock *sk, int acked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->delivered += (u32)max_t(int, acked - (int)tp->sacked_out, 1);
	if (acked - 1 >= (int)tp->sacked_out)
		tp->sacked_out = 0;
	else
		tp->sacked_out -= (u32)(acked - 1);
	tcp_check_reno_reordering(sk, acked);
	tcp_verify_left_out(tp);
}

/* ------------------------------------------------------------------ marking */

/* Count a packet as lost once. Origin: net/ipv4/tcp_input.c:931. */
static void tcp_sum_lost(struct tcp_sock *tp, struct sk_buff *skb)
{
	__u8 sacked = TCP_SKB_CB(skb)->sacked;

	if (!(sacked & TCPCB_LOST) || (sacked & TCPCB_SACKED_RETRANS))
		tp->lost += (u32)tcp_skb_pcount(skb);
}

/* Where to begin sending again, and where to end. Origin: net/ipv4/tcp_input.c:917. */
static void tcp_verify_retransmit_hint(struct tcp_sock *tp, struct sk_buff *skb)
{
	if (!tp->retransmit_skb_hint ||
	    before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(tp->retransmit_skb_hint)->seq))
		tp->retransmit_skb_hint = skb;

	if (!tp->lost_out || after(TCP_SKB_CB(skb)->end_seq, tp->retransmit_high))
		tp->retransmit_high = TCP_SKB_CB(skb)->end_seq;
}

/* This packet is lost, unless that is known or it has arrived. Origin: 941. */
static void tcp_skb_mark_lost(struct tcp_sock *tp, struct sk_buff *skb)
{
	if (!(TCP_SKB_CB(skb)->sacked & (TCPCB_LOST | TCPCB_SACKED_ACKED))) {
		tcp_verify_retransmit_hint(tp, skb);

		tp->lost_out += (u32)tcp_skb_pcount(skb);
		tcp_sum_lost(tp, skb);
		TCP_SKB_CB(skb)->sacked |= TCPCB_LOST;
	}
}

/**
 * tcp_skb_mark_lost_uncond_verify() - this packet is lost; keep the hints consistent
 * @tp: the connection
 * @skb: the packet
 *
 * Origin: net/ipv4/tcp_input.c:951.
 */
void tcp_skb_mark_lost_uncond_verify(struct tcp_sock *tp, struct sk_buff *skb)
{
	tcp_verify_retransmit_hint(tp, skb);

	tcp_sum_lost(tp, skb);
	if (!(TCP_SKB_CB(skb)->sacked & (TCPCB_LOST | TCPCB_SACKED_ACKED))) {
		tp->lost_out += (u32)tcp_skb_pcount(skb);
		TCP_SKB_CB(skb)->sacked |= TCPCB_LOST;
	}
}

/**
 * tcp_mark_head_lost() - mark the oldest packets lost, until @packets segments are counted
 * @sk: the socket
 * @packets: how many; with SACK (not FACK) only SACKed ones count
 * @mark_head: the first one only
 *
 * What counts is what the loss is judged by: with FACK everything below the most forward SACKed
 * byte has left the network, one way or the other; with plain SACK a packet is lost when that many
 * above it have arrived. Where the last walk stopped is kept in lost_skb_hint.
 *
 * Origin: net/ipv4/tcp_input.c, tcp_mark_head_lost(); RFC 6675 section 4.
 */
static void tcp_mark_head_lost(struct sock *sk, int packets, int mark_head)
{
	struct tcp_sock *tp = tcp_sk(sk);
	/* SACK tells of losses among what was sent during the recovery, too. */
	const u32 loss_high = tcp_is_sack(tp) ? tp->snd_nxt : tp->high_seq;
	struct sk_buff *skb = tcp_write_queue_head(sk);
	int cnt = 0;

	WARN_ON(packets > (int)tp->packets_out);
	if (tp->lost_skb_hint) {
		/* The head has been dealt with. */
		if (mark_head && tp->lost_skb_hint != skb)
			return;
		skb = tp->lost_skb_hint;
		cnt = tp->lost_cnt_hint;
	}

	tcp_for_write_queue_from(skb, sk) {
		struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
		int oldcnt = cnt;

		if (skb == tcp_send_head(sk))
			break;
		tp->lost_skb_hint = skb;
		tp->lost_cnt_hint = cnt;

		if (after(scb->end_seq, loss_high))
			break;

		if (tcp_is_fack(tp) || tcp_is_reno(tp) || (scb->sacked & TCPCB_SACKED_ACKED))
			cnt += tcp_skb_pcount(skb);

		if (cnt > packets) {
			unsigned int mss = (unsigned int)tcp_skb_mss(skb), lost;

			if ((tcp_is_sack(tp) && !tcp_is_fack(tp)) ||
			    (scb->sacked & TCPCB_SACKED_ACKED) || oldcnt >= packets)
				break;

			/* Only the first segments of this packet: cut it behind them. */
			lost = (unsigned int)(packets - oldcnt) * mss;
			if (lost < skb->len && tcp_fragment(sk, skb, lost, mss, GFP_ATOMIC) < 0)
				break;
			cnt = packets;
		}

		tcp_skb_mark_lost(tp, skb);
		if (mark_head)
			break;
	}
	tcp_verify_left_out(tp);
}

/**
 * tcp_update_scoreboard() - so much has arrived behind the hole: what is lost?
 * @sk: the socket
 * @fast_rexmit: the recovery begins with this ACK, so the head is lost in any case
 *
 * Origin: net/ipv4/tcp_input.c, tcp_update_scoreboard(); RFC 6675.
 */
void tcp_update_scoreboard(struct sock *sk, int fast_rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_is_reno(tp)) {
		tcp_mark_head_lost(sk, 1, 1);
	} else if (tcp_is_fack(tp)) {
		int lost = (int)(tp->fackets_out - tp->reordering);

		tcp_mark_head_lost(sk, max(lost, 1), 0);
	} else {
		int sacked_upto = (int)(tp->sacked_out - tp->reordering);

		if (sacked_upto >= 0)
			tcp_mark_head_lost(sk, sacked_upto, 0);
		else if (fast_rexmit)
			tcp_mark_head_lost(sk, 1, 1);
	}
}

/* ------------------------------------------------------------------ entering Loss */

/**
 * tcp_clear_retrans() - a connection that has retransmitted nothing
 * @tp: the connection
 *
 * undo_retrans is -1, not 0: 0 would mean that all retransmissions proved needless.
 *
 * Origin: net/ipv4/tcp_input.c:1912.
 */
void tcp_clear_retrans(struct tcp_sock *tp)
{
	tp->retrans_out = 0;
	tp->lost_out = 0;
	tp->undo_marker = 0;
	tp->undo_retrans = -1;
	tp->fackets_out = 0;
	tp->sacked_out = 0;
}

/* Everything in flight that is not SACKed counts as lost. */
static __always_inline void tcp_mark_all_lost(struct sock *sk, bool is_reneg)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	tcp_for_write_queue(skb, sk) {
		bool mark_lost;

		if (skb == tcp_send_head(sk))
			break;

		mark_lost = !(TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED) || is_reneg;
		if (mark_lost)
			tcp_sum_lost(tp, skb);
		TCP_SKB_CB(skb)->sacked &= (~TCPCB_TAGBITS) | TCPCB_SACKED_ACKED;
		if (mark_lost) {
			TCP_SKB_CB(skb)->sacked &= ~TCPCB_SACKED_ACKED;
			TCP_SKB_CB(skb)->sacked |= TCPCB_LOST;
			tp->lost_out += (u32)tcp_skb_pcount(skb);
			tp->retransmit_high = TCP_SKB_CB(skb)->end_seq;
		}
	}
}

/**
 * tcp_enter_loss() - the retransmit timer expired: assume the worst
 * @sk: the socket
 *
 * cwnd falls to 1, so that one packet probes the path. ssthresh falls once for each window lost,
 * not for each time-out in a row.
 *
 * Origin: net/ipv4/tcp_input.c:1933; RFC 5681 section 3.1, RFC 5682 section 2.1.
 */
void tcp_enter_loss(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	bool new_recovery = icsk->icsk_ca_state < TCP_CA_Recovery;
	struct sk_buff *skb;
	bool is_reneg;

	if (icsk->icsk_ca_state <= TCP_CA_Disorder || !after(tp->high_seq, tp->snd_una) ||
	    (icsk->icsk_ca_state == TCP_CA_Loss && !icsk->icsk_retransmits)) {
		tp->prior_ssthresh = tcp_current_ssthresh(sk);
		tp->snd_ssthresh = icsk->icsk_ca_ops->ssthresh(sk);
		tcp_ca_event(sk, CA_EVENT_LOSS);
		tcp_init_undo(tp);
	}
	tp->snd_cwnd = 1;
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = tcp_time_stamp;

	tp->retrans_out = 0;
	tp->lost_out = 0;

	if (tcp_is_reno(tp))
		tcp_reset_reno_sack(tp);

	skb = tcp_write_queue_head(sk);
	is_reneg = skb && (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED);
	if (is_reneg) {
		NET_INC_STATS(net, LINUX_MIB_TCPSACKRENEGING);
		tp->sacked_out = 0;
		tp->fackets_out = 0;
	}
	tcp_clear_all_retrans_hints(tp);

	tcp_mark_all_lost(sk, is_reneg);
	tcp_verify_left_out(tp);

	/* Many duplicates and still a time-out: what we took for reordering was loss. */
	if (icsk->icsk_ca_state <= TCP_CA_Disorder &&
	    tp->sacked_out >= (u32)net->ipv4.sysctl_tcp_reordering)
		tp->reordering = min_t(unsigned int, tp->reordering,
				       (unsigned int)net->ipv4.sysctl_tcp_reordering);
	tcp_set_ca_state(sk, TCP_CA_Loss);
	tp->high_seq = tp->snd_nxt;
	tcp_ecn_queue_cwr(tp);

	/* F-RTO step 1: find out whether anything was lost at all, once for each loss. */
	tp->frto = sysctl_tcp_frto && (new_recovery || icsk->icsk_retransmits) &&
		   !icsk->icsk_mtup.probe_size;
}

/* The largest segment of a packet. Origin: net/ipv4/tcp_input.c:1370. */
static unsigned int tcp_skb_seglen(const struct sk_buff *skb)
{
	return tcp_skb_pcount(skb) == 1 ? skb->len : (unsigned int)tcp_skb_mss(skb);
}

/**
 * tcp_simple_retransmit() - the path turned out to be narrower: send the large packets again
 * @sk: the socket
 *
 * They were not lost by congestion but refused by a router (ICMP "fragmentation needed"), so the
 * window does not shrink.
 *
 * Origin: net/ipv4/tcp_input.c:2648; RFC 1191.
 */
void tcp_simple_retransmit(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int mss = tcp_current_mss(sk);
	u32 prior_lost = tp->lost_out;
	struct sk_buff *skb;

	tcp_for_write_queue(skb, sk) {
		if (skb == tcp_send_head(sk))
			break;
		if (tcp_skb_seglen(skb) <= mss || (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED))
			continue;
		if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_RETRANS) {
			TCP_SKB_CB(skb)->sacked &= ~TCPCB_SACKED_RETRANS;
			tp->retrans_out -= (u32)tcp_skb_pcount(skb);
		}
		tcp_skb_mark_lost_uncond_verify(tp, skb);
	}

	tcp_clear_retrans_hints_partial(tp);

	if (prior_lost == tp->lost_out)
		return;

	if (tcp_is_reno(tp))
		tcp_limit_reno_sacked(tp);
	tcp_verify_left_out(tp);

	/* Loss without a reduction: ssthresh stays, and there is nothing to undo. */
	if (icsk->icsk_ca_state != TCP_CA_Loss) {
		tp->high_seq = tp->snd_nxt;
		tp->snd_ssthresh = tcp_current_ssthresh(sk);
		tp->prior_ssthresh = 0;
		tp->undo_marker = 0;
		tcp_set_ca_state(sk, TCP_CA_Loss);
	}
	tcp_xmit_retransmit_queue(sk);
}
