/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_output.c */
/*
 * Sending again: retransmission, the tail loss probe, window probes.
 *
 * Part of net/ipv4/tcp_output.c in the kernel.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/tcp.h>

#include "tcp_output.h"

/* ---- loss probe: the last segment of a burst has nobody behind it to show its loss ---- */

/**
 * tcp_schedule_loss_probe - turn the retransmission timer into a tail loss probe
 * @sk: the socket
 *
 * After two round trips instead of a whole timeout; never later than the timeout itself.
 *
 * Return: was it armed?
 */
bool tcp_schedule_loss_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 timeout, tlp_time_stamp, rto_time_stamp;
	u32 rtt = usecs_to_jiffies(tp->srtt_us >> 3);

	if (icsk->icsk_pending != ICSK_TIME_RETRANS)
		return false;
	if (sysctl_tcp_early_retrans < 3 || !tp->packets_out || !tcp_is_sack(tp) ||
	    icsk->icsk_ca_state != TCP_CA_Open)
		return false;
	/* more is about to be sent: that will do */
	if (tp->snd_cwnd > tcp_packets_in_flight(tp) && tcp_send_head(sk))
		return false;

	timeout = rtt << 1 ?: TCP_TIMEOUT_INIT;
	/* a single segment may be met by a delayed ACK */
	if (tp->packets_out == 1)
		timeout = max_t(u32, timeout, (rtt + (rtt >> 1) + TCP_DELACK_MAX));
	timeout = max_t(u32, timeout, msecs_to_jiffies(10));

	tlp_time_stamp = tcp_time_stamp + timeout;
	rto_time_stamp = (u32)icsk->icsk_timeout;
	if ((s32)(tlp_time_stamp - rto_time_stamp) > 0) {
		s32 delta = rto_time_stamp - tcp_time_stamp;

		if (delta > 0)
			timeout = delta;
	}

	inet_csk_reset_xmit_timer(sk, ICSK_TIME_LOSS_PROBE, timeout, TCP_RTO_MAX);
	return true;
}

/* Is the clone sent before still below, not even sent?  Sending again would be senseless. */
static bool skb_fclone_busy(const struct sock *sk, const struct sk_buff *skb)
{
	const struct sk_buff_fclones *fclones = container_of(skb, struct sk_buff_fclones, skb1);

	return skb->fclone == SKB_FCLONE_ORIG && atomic_read(&fclones->fclone_ref) > 1 &&
	       fclones->skb2.sk == sk;
}

static bool skb_still_in_host_queue(const struct sock *sk, const struct sk_buff *skb)
{
	if (unlikely(skb_fclone_busy(sk, skb))) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSPURIOUS_RTX_HOSTQUEUES);
		return true;
	}
	return false;
}

/* The probe is due: new data if there is any and it may go, else the last segment again. */
void tcp_send_loss_probe(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int mss = tcp_current_mss(sk);
	struct sk_buff *skb = tcp_send_head(sk);
	unsigned int pcount;

	if (skb && tcp_snd_wnd_test(tp, skb, mss)) {
		pcount = tp->packets_out;
		tcp_write_xmit(sk, mss, TCP_NAGLE_OFF, 2, GFP_ATOMIC);
		if (tp->packets_out > pcount)
			goto probe_sent;
		goto rearm_timer;
	}
	skb = skb ? tcp_write_queue_prev(sk, skb) : tcp_write_queue_tail(sk);

	/* one at a time */
	if (tp->tlp_high_seq)
		goto rearm_timer;
	if (WARN_ON(!skb))
		goto rearm_timer;
	if (skb_still_in_host_queue(sk, skb))
		goto rearm_timer;
	if (WARN_ON(!tcp_skb_pcount(skb)))
		goto rearm_timer;
	if (__tcp_retransmit_skb(sk, skb, 1))
		goto rearm_timer;

	tp->tlp_high_seq = tp->snd_nxt;

probe_sent:
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSPROBES);
	/* so that tcp_rearm_rto() counts from now */
	inet_csk(sk)->icsk_pending = 0;
rearm_timer:
	tcp_rearm_rto(sk);
}

/* ---- retransmission ---- */

/*
 * RFC 3168 6.1.1.1: a SYN that asked for ECN and got no answer may have been dropped for asking.
 * The second one does not ask.
 */
static void tcp_ecn_clear_syn(struct sock *sk, struct sk_buff *skb)
{
	if (sock_net(sk)->ipv4.sysctl_tcp_ecn_fallback)
		/* tp->ecn_flags are cleared when the answer comes without ECE */
		TCP_SKB_CB(skb)->tcp_flags &= ~(TCPHDR_ECE | TCPHDR_CWR);
}

/* Append the next segment to this one and free it. */
static void tcp_collapse_retrans(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *next_skb = tcp_write_queue_next(sk, skb);

	BUG_ON(tcp_skb_pcount(skb) != 1 || tcp_skb_pcount(next_skb) != 1);

	tcp_highest_sack_combine(sk, next_skb, skb);
	tcp_unlink_write_queue(next_skb, sk);

	memcpy(skb_put(skb, next_skb->len), next_skb->data, next_skb->len);
	skb->ip_summed = CHECKSUM_PARTIAL;

	TCP_SKB_CB(skb)->end_seq = TCP_SKB_CB(next_skb)->end_seq;
	TCP_SKB_CB(skb)->tcp_flags |= TCP_SKB_CB(next_skb)->tcp_flags;
	TCP_SKB_CB(skb)->sacked |= TCP_SKB_CB(next_skb)->sacked & TCPCB_EVER_RETRANS;
	TCP_SKB_CB(skb)->eor = TCP_SKB_CB(next_skb)->eor;

	tcp_clear_retrans_hints_partial(tp);
	if (next_skb == tp->retransmit_skb_hint)
		tp->retransmit_skb_hint = skb;

	tcp_adjust_pcount(sk, next_skb, tcp_skb_pcount(next_skb));
	sk_wmem_free_skb(sk, next_skb);
}

static bool tcp_can_collapse(const struct sock *sk, const struct sk_buff *skb)
{
	if (tcp_skb_pcount(skb) > 1)
		return false;
	if (skb_cloned(skb))
		return false;
	if (skb == tcp_send_head(sk))
		return false;
	/* some heuristics for collapsing over SACKed segments would be possible; it is not worth it */
	return !(TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED);
}

/* A small segment goes again anyway: take its successors along, up to @space bytes in all. */
static void tcp_retrans_try_collapse(struct sock *sk, struct sk_buff *to, int space)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = to, *tmp;
	bool first = true;

	if (!sysctl_tcp_retrans_collapse)
		return;
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN)
		return;

	skb_queue_walk_from_safe(&sk->sk_write_queue, skb, tmp)
	{
		if (!tcp_can_collapse(sk, skb))
			break;
		if (!tcp_skb_can_collapse_to(to))
			break;

		space -= skb->len;
		if (first) {
			first = false;
			continue;
		}
		if (space < 0)
			break;
		if ((int)skb->len > skb_availroom(to))
			break;
		if (after(TCP_SKB_CB(skb)->end_seq, tcp_wnd_end(tp)))
			break;
		tcp_collapse_retrans(sk, to);
	}
}

/* Fit @skb to the MSS of today: cut what is too long, join what is short.  0, or -ENOMEM. */
static int tcp_retrans_resize(struct sock *sk, struct sk_buff *skb, unsigned int len,
			      unsigned int cur_mss)
{
	int diff;

	if (skb->len > len)
		return tcp_fragment(sk, skb, len, cur_mss, GFP_ATOMIC) ? -ENOMEM : 0;

	if (skb_unclone(skb, GFP_ATOMIC))
		return -ENOMEM;

	diff = tcp_skb_pcount(skb);
	tcp_set_skb_tso_segs(skb, cur_mss);
	diff -= tcp_skb_pcount(skb);
	if (diff)
		tcp_adjust_pcount(sk, skb, diff);
	if (skb->len < cur_mss)
		tcp_retrans_try_collapse(sk, skb, cur_mss);
	return 0;
}

/**
 * __tcp_retransmit_skb - send a queued segment again
 * @sk: the socket
 * @skb: the segment; SYN, data or FIN
 * @segs: at most so many segments of it
 *
 * The route is checked first, and looked up anew if it went: that is where a retransmitted SYN
 * learns that the destination has become unreachable.
 *
 * Return: 0; -EBUSY if the last copy has not left this host; -EAGAIN if too much is below or the
 * peer's window closed; -EHOSTUNREACH without a route; -ENOMEM; or what the transmit says.
 */
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int cur_mss;
	int err;

	if (icsk->icsk_mtup.probe_size)
		icsk->icsk_mtup.probe_size = 0;

	/* a quarter more than queued is for headers and copies */
	if (atomic_read(&sk->sk_wmem_alloc) >
	    min_t(int, sk->sk_wmem_queued + (sk->sk_wmem_queued >> 2), sk->sk_sndbuf))
		return -EAGAIN;

	if (skb_still_in_host_queue(sk, skb))
		return -EBUSY;

	if (before(TCP_SKB_CB(skb)->seq, tp->snd_una)) {
		if (before(TCP_SKB_CB(skb)->end_seq, tp->snd_una))
			BUG();
		if (tcp_trim_head(sk, skb, tp->snd_una - TCP_SKB_CB(skb)->seq))
			return -ENOMEM;
	}

	if (icsk->icsk_af_ops->rebuild_header(sk))
		return -EHOSTUNREACH;

	cur_mss = tcp_current_mss(sk);

	/* The peer shrank its window: only the first segment may be tried, as a probe. */
	if (!before(TCP_SKB_CB(skb)->seq, tcp_wnd_end(tp)) && TCP_SKB_CB(skb)->seq != tp->snd_una)
		return -EAGAIN;

	err = tcp_retrans_resize(sk, skb, cur_mss * segs, cur_mss);
	if (err)
		return err;

	if ((TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN_ECN) == TCPHDR_SYN_ECN)
		tcp_ecn_clear_syn(sk, skb);

	err = tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
	if (likely(!err)) {
		segs = tcp_skb_pcount(skb);

		TCP_SKB_CB(skb)->sacked |= TCPCB_EVER_RETRANS;
		TCP_ADD_STATS(sock_net(sk), TCP_MIB_RETRANSSEGS, segs);
		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN)
			__NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSYNRETRANS);
		tp->total_retrans += segs;
	}
	return err;
}

/* The same, with the counts of loss recovery. */
int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int err = __tcp_retransmit_skb(sk, skb, segs);

	if (err == 0) {
		TCP_SKB_CB(skb)->sacked |= TCPCB_RETRANS;
		tp->retrans_out += tcp_skb_pcount(skb);

		/* the first one's time: an ACK echoing an older stamp proves it was not needed */
		if (!tp->retrans_stamp)
			tp->retrans_stamp = tcp_skb_timestamp(skb);
	} else if (err != -EBUSY) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPRETRANSFAIL);
	}

	if (tp->undo_retrans < 0)
		tp->undo_retrans = 0;
	tp->undo_retrans += tcp_skb_pcount(skb);
	return err;
}

/*
 * May a hole that is not marked lost be tried?  Only in Recovery, only with SACK, and only if there
 * is nothing new to send: new data brings news as well.  RFC 6675, rule 3 of NextSeg().
 */
static bool tcp_can_forward_retransmit(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	if (icsk->icsk_ca_state != TCP_CA_Recovery)
		return false;
	if (tcp_is_reno(tp))
		return false;
	return !tcp_may_send_now(sk);
}

/* Send one again and count it as @mib_idx; false if it did not leave. */
static __always_inline bool tcp_xmit_retransmit_one(struct sock *sk, struct sk_buff *skb, int segs,
						    int mib_idx)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_small_queue_check(sk, skb, 1) || tcp_retransmit_skb(sk, skb, segs))
		return false;

	NET_ADD_STATS(sock_net(sk), mib_idx, tcp_skb_pcount(skb));
	if (tcp_in_cwnd_reduction(sk))
		tp->prr_out += tcp_skb_pcount(skb);
	if (skb == tcp_write_queue_head(sk))
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto,
					  TCP_RTO_MAX);
	return true;
}

/**
 * tcp_xmit_retransmit_queue - loss recovery: send again what is marked lost
 * @sk: the socket
 *
 * From the first one up to retransmit_high, as far as the congestion window goes.  If there is room
 * left, holes below the highest SACKed byte are tried that are not marked yet.  They all lie above
 * retransmit_high: what is marked lost is always the oldest that the peer does not have.
 */
void tcp_xmit_retransmit_queue(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tp->retransmit_skb_hint;
	u32 max_segs, last_lost = tp->snd_una;
	bool fwd_rexmitting = false;

	if (!tp->packets_out)
		return;
	if (!tp->lost_out)
		tp->retransmit_high = tp->snd_una;

	if (skb) {
		last_lost = TCP_SKB_CB(skb)->end_seq;
		if (after(last_lost, tp->retransmit_high))
			last_lost = tp->retransmit_high;
	} else {
		skb = tcp_write_queue_head(sk);
	}

	max_segs = tcp_tso_segs(sk, tcp_current_mss(sk));
	tcp_for_write_queue_from(skb, sk) {
		__u8 sacked;
		int segs, mib_idx;

		if (skb == tcp_send_head(sk))
			break;
		tp->retransmit_skb_hint = skb;

		segs = tp->snd_cwnd - tcp_packets_in_flight(tp);
		if (segs <= 0)
			return;
		segs = min_t(int, segs, max_segs);

		if (!fwd_rexmitting && !before(TCP_SKB_CB(skb)->seq, tp->retransmit_high)) {
			tp->retransmit_high = last_lost;
			if (!tcp_can_forward_retransmit(sk))
				break;
			fwd_rexmitting = true;
		}

		sacked = TCP_SKB_CB(skb)->sacked;
		if (fwd_rexmitting) {
			if (!before(TCP_SKB_CB(skb)->seq, tcp_highest_sack_seq(tp)))
				break;
			mib_idx = LINUX_MIB_TCPFORWARDRETRANS;
		} else if (!(sacked & TCPCB_LOST)) {
			continue;
		} else {
			last_lost = TCP_SKB_CB(skb)->end_seq;
			mib_idx = icsk->icsk_ca_state != TCP_CA_Loss ?
					  LINUX_MIB_TCPFASTRETRANS :
					  LINUX_MIB_TCPSLOWSTARTRETRANS;
		}

		if (sacked & (TCPCB_SACKED_ACKED | TCPCB_SACKED_RETRANS))
			continue;
		if (!tcp_xmit_retransmit_one(sk, skb, segs, mib_idx))
			return;
	}
}

/* ---- window probes and keepalive ---- */

/*
 * A segment the peer must answer: its sequence number is one too old (or, @urgent, tells of urgent
 * data), so an ACK comes back with the window.
 */
static int tcp_xmit_probe_skb(struct sock *sk, int urgent, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	skb = alloc_skb(MAX_TCP_HEADER, sk_gfp_mask(sk, GFP_ATOMIC | __GFP_NOWARN));
	if (!skb)
		return -1;

	skb_reserve(skb, MAX_TCP_HEADER);
	tcp_init_nondata_skb(skb, tp->snd_una - !urgent, TCPHDR_ACK);
	skb_mstamp_get(&skb->skb_mstamp);
	NET_INC_STATS(sock_net(sk), mib);
	return tcp_transmit_skb(sk, skb, 0, (gfp_t)0);
}

void tcp_send_window_probe(struct sock *sk)
{
	if (sk->sk_state == TCP_ESTABLISHED) {
		tcp_sk(sk)->snd_wl1 = tcp_sk(sk)->rcv_nxt - 1;
		tcp_xmit_probe_skb(sk, 0, LINUX_MIB_TCPWINPROBE);
	}
}

/*
 * Make the peer say something: with data, as much as its window takes, or with a probe.  0; > 0 if
 * a queue here was full; < 0 otherwise.
 */
int tcp_write_wakeup(struct sock *sk, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	unsigned int mss, seg_size;
	int err;

	if (sk->sk_state == TCP_CLOSE)
		return -1;

	skb = tcp_send_head(sk);
	if (!skb || !before(TCP_SKB_CB(skb)->seq, tcp_wnd_end(tp))) {
		if (between(tp->snd_up, tp->snd_una + 1, tp->snd_una + 0xFFFF))
			tcp_xmit_probe_skb(sk, 1, mib);
		return tcp_xmit_probe_skb(sk, 0, mib);
	}

	mss = tcp_current_mss(sk);
	seg_size = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	if (before(tp->pushed_seq, TCP_SKB_CB(skb)->end_seq))
		tp->pushed_seq = TCP_SKB_CB(skb)->end_seq;

	/* The window is open but smaller than the segment: we held back; now we do not. */
	if (seg_size < TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq || skb->len > mss) {
		seg_size = min(seg_size, mss);
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
		if (tcp_fragment(sk, skb, seg_size, mss, GFP_ATOMIC))
			return -1;
	} else if (!tcp_skb_pcount(skb)) {
		tcp_set_skb_tso_segs(skb, mss);
	}

	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	err = tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
	if (!err)
		tcp_event_new_data_sent(sk, skb);
	return err;
}

/* Zero window: probe, and arm the timer for the next one, twice as far away. */
void tcp_send_probe0(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned long probe_max;
	int err = tcp_write_wakeup(sk, LINUX_MIB_TCPWINPROBE);

	if (tp->packets_out || !tcp_send_head(sk)) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_backoff = 0;
		return;
	}

	if (err <= 0) {
		if (icsk->icsk_backoff < sock_net(sk)->ipv4.sysctl_tcp_retries2)
			icsk->icsk_backoff++;
		icsk->icsk_probes_out++;
		probe_max = TCP_RTO_MAX;
	} else {
		/* our own queue was full: the peer did not see it, try again soon */
		if (!icsk->icsk_probes_out)
			icsk->icsk_probes_out = 1;
		probe_max = TCP_RESOURCE_PROBE_INTERVAL;
	}
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, tcp_probe0_when(sk, probe_max),
				  TCP_RTO_MAX);
}
