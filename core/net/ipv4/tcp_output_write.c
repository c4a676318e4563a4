/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_output.c */
/*
 * The write queue: what of it may be sent now.
 *
 * A segment leaves when four rules agree: the congestion window has room, the peer's window has
 * room, Nagle does not want to wait for more data, and not too much of ours waits below already.
 * tcp_write_xmit() asks them in this order for one segment after the other.
 *
 * A packet may hold many segments of data; it is cut when it leaves (net/core/gso.c).  How many,
 * tcp_tso_segs() says: as much as the connection's rate sends in a millisecond.
 *
 * Part of net/ipv4/tcp_output.c in the kernel.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/tcp.h>

#include "tcp_output.h"

/* ---- queueing and counting segments ---- */

/* Append new data; the queue owns it, and nobody below may change its headers. */
void tcp_queue_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->write_seq = TCP_SKB_CB(skb)->end_seq;
	__skb_header_release(skb);
	tcp_add_write_queue_tail(sk, skb);
	sk->sk_wmem_queued += skb->truesize;
	sk_mem_charge(sk, skb->truesize);
}

/* How many segments of @mss_now bytes are in @skb? */
void tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now)
{
	if (skb->len <= mss_now || skb->ip_summed == CHECKSUM_NONE) {
		tcp_skb_pcount_set(skb, 1);
		TCP_SKB_CB(skb)->tcp_gso_size = 0;
	} else {
		tcp_skb_pcount_set(skb, DIV_ROUND_UP(skb->len, mss_now));
		TCP_SKB_CB(skb)->tcp_gso_size = mss_now;
	}
}

int tcp_init_tso_segs(struct sk_buff *skb, unsigned int mss_now)
{
	int tso_segs = tcp_skb_pcount(skb);

	if (!tso_segs || (tso_segs > 1 && tcp_skb_mss(skb) != (int)mss_now)) {
		tcp_set_skb_tso_segs(skb, mss_now);
		tso_segs = tcp_skb_pcount(skb);
	}
	return tso_segs;
}

/* fackets_out counts up to the most forward SACK: a segment below it changed its count. */
static void tcp_adjust_fackets_out(struct sock *sk, const struct sk_buff *skb, int decr)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->sacked_out || tcp_is_reno(tp))
		return;
	if (after(tcp_highest_sack_seq(tp), TCP_SKB_CB(skb)->seq))
		tp->fackets_out -= decr;
}

/* A packet in flight now counts @decr segments less (or more, if negative): fix every count. */
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->packets_out -= decr;

	if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)
		tp->sacked_out -= decr;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_RETRANS)
		tp->retrans_out -= decr;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_LOST)
		tp->lost_out -= decr;
	if (tcp_is_reno(tp) && decr > 0)
		tp->sacked_out -= min_t(u32, tp->sacked_out, decr);

	tcp_adjust_fackets_out(sk, skb, decr);

	if (tp->lost_skb_hint && before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(tp->lost_skb_hint)->seq) &&
	    (tcp_is_fack(tp) || (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)))
		tp->lost_cnt_hint -= decr;
}

/* ---- cutting ---- */

/* The second half of a cut segment: where it begins, and which flags go with it. */
static void tcp_fragment_cb(struct sk_buff *skb, struct sk_buff *buff, u32 len)
{
	u8 flags = TCP_SKB_CB(skb)->tcp_flags;

	TCP_SKB_CB(buff)->seq = TCP_SKB_CB(skb)->seq + len;
	TCP_SKB_CB(buff)->end_seq = TCP_SKB_CB(skb)->end_seq;
	TCP_SKB_CB(skb)->end_seq = TCP_SKB_CB(buff)->seq;

	/* FIN and PSH belong to the end; SYN, if any, to the start */
	TCP_SKB_CB(skb)->tcp_flags = flags & ~(TCPHDR_FIN | TCPHDR_PSH);
	TCP_SKB_CB(buff)->tcp_flags = flags;
	TCP_SKB_CB(buff)->sacked = TCP_SKB_CB(skb)->sacked;
	TCP_SKB_CB(buff)->eor = TCP_SKB_CB(skb)->eor;
	TCP_SKB_CB(skb)->eor = 0;
	TCP_SKB_CB(buff)->tx = TCP_SKB_CB(skb)->tx;
}

/**
 * tcp_fragment - cut a queued packet in two
 * @sk: the socket
 * @skb: the packet; keeps the first @len bytes
 * @len: bytes
 * @mss_now: for the segment counts
 * @gfp: for the second packet
 *
 * Return: 0; -EINVAL if @len is beyond the packet; -ENOMEM.
 */
int tcp_fragment(struct sock *sk, struct sk_buff *skb, u32 len, unsigned int mss_now, gfp_t gfp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *buff;
	int nsize, old_factor;

	if (WARN_ON(len > skb->len))
		return -EINVAL;
	nsize = skb->len - len;

	/* a clone below still reads the data we are going to cut */
	if (skb_unclone(skb, gfp))
		return -ENOMEM;

	buff = sk_stream_alloc_skb(sk, nsize, gfp, true);
	if (!buff)
		return -ENOMEM;

	sk->sk_wmem_queued += buff->truesize;
	sk_mem_charge(sk, buff->truesize);

	tcp_fragment_cb(skb, buff, len);
	memcpy(skb_put(buff, nsize), skb->data + len, nsize);
	skb_trim(skb, len);
	buff->ip_summed = skb->ip_summed;
	buff->tstamp = skb->tstamp;

	old_factor = tcp_skb_pcount(skb);
	tcp_set_skb_tso_segs(skb, mss_now);
	tcp_set_skb_tso_segs(buff, mss_now);

	/* in flight already: the sum of the two may differ from what was counted */
	if (!before(tp->snd_nxt, TCP_SKB_CB(buff)->end_seq)) {
		int diff = old_factor - tcp_skb_pcount(skb) - tcp_skb_pcount(buff);

		if (diff)
			tcp_adjust_pcount(sk, skb, diff);
	}

	__skb_header_release(buff);
	tcp_insert_write_queue_after(skb, buff, sk);
	return 0;
}

/* Drop the first @len bytes: they were acknowledged.  0, or -ENOMEM. */
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len)
{
	if (skb_unclone(skb, GFP_ATOMIC))
		return -ENOMEM;

	__skb_pull(skb, len);
	TCP_SKB_CB(skb)->seq += len;
	skb->ip_summed = CHECKSUM_PARTIAL;

	sock_set_flag(sk, SOCK_QUEUE_SHRUNK);
	if (tcp_skb_pcount(skb) > 1)
		tcp_set_skb_tso_segs(skb, tcp_skb_mss(skb));
	return 0;
}

/* ---- the rules ---- */

/* Is a small segment still in flight?  Minshall: one at a time, however many large ones. */
static bool tcp_minshall_check(const struct tcp_sock *tp)
{
	return after(tp->snd_sml, tp->snd_una) && !after(tp->snd_sml, tp->snd_nxt);
}

static void tcp_minshall_update(struct tcp_sock *tp, unsigned int mss_now,
				const struct sk_buff *skb)
{
	if (skb->len < tcp_skb_pcount(skb) * mss_now)
		tp->snd_sml = TCP_SKB_CB(skb)->end_seq;
}

/* Should a @partial segment wait?  RFC 896: yes, while something small is not acknowledged. */
static bool tcp_nagle_check(bool partial, const struct tcp_sock *tp, int nonagle)
{
	return partial && ((nonagle & TCP_NAGLE_CORK) ||
			   (!nonagle && tp->packets_out && tcp_minshall_check(tp)));
}

/* May the segment go as far as Nagle is concerned?  Urgent data and the FIN always may. */
static inline bool tcp_nagle_test(const struct tcp_sock *tp, const struct sk_buff *skb,
				  unsigned int cur_mss, int nonagle)
{
	if (nonagle & TCP_NAGLE_PUSH)
		return true;
	if (tp->snd_una != tp->snd_up || (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN))
		return true;
	return !tcp_nagle_check(skb->len < cur_mss, tp, nonagle);
}

/*
 * Segments the congestion window lets go; never more than half of it at once.  A lone FIN is let go
 * always: it carries no data and ends the connection.
 */
static inline unsigned int tcp_cwnd_test(const struct tcp_sock *tp, const struct sk_buff *skb)
{
	u32 in_flight, cwnd, halfcwnd;

	if ((TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) && tcp_skb_pcount(skb) == 1)
		return 1;

	in_flight = tcp_packets_in_flight(tp);
	cwnd = tp->snd_cwnd;
	if (in_flight >= cwnd)
		return 0;

	halfcwnd = max(cwnd >> 1, 1U);
	return min(halfcwnd, cwnd - in_flight);
}

/* Does the (first) segment fit into the peer's window? */
bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb, unsigned int cur_mss)
{
	u32 end_seq = TCP_SKB_CB(skb)->end_seq;

	if (skb->len > cur_mss)
		end_seq = TCP_SKB_CB(skb)->seq + cur_mss;
	return !after(end_seq, tcp_wnd_end(tp));
}

static unsigned int tcp_snd_test(const struct sock *sk, struct sk_buff *skb, unsigned int cur_mss,
				 int nonagle)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned int cwnd_quota;

	tcp_init_tso_segs(skb, cur_mss);
	if (!tcp_nagle_test(tp, skb, cur_mss, nonagle))
		return 0;

	cwnd_quota = tcp_cwnd_test(tp, skb);
	if (cwnd_quota && !tcp_snd_wnd_test(tp, skb, cur_mss))
		cwnd_quota = 0;
	return cwnd_quota;
}

/* Could the next new segment go right now? */
bool tcp_may_send_now(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_send_head(sk);

	return skb && tcp_snd_test(sk, skb, tcp_current_mss(sk),
				   tcp_skb_is_last(sk, skb) ? tp->nonagle : TCP_NAGLE_PUSH);
}

/*
 * Does too much of ours wait in queues below?  About a millisecond's worth, at the pacing rate, may;
 * @factor 1 doubles it for retransmissions.  True: wait for tcp_wfree().
 */
bool tcp_small_queue_check(struct sock *sk, const struct sk_buff *skb, unsigned int factor)
{
	unsigned int limit = max(2 * skb->truesize, sk->sk_pacing_rate >> 10);

	limit = min_t(u32, limit, sysctl_tcp_limit_output_bytes);
	limit <<= factor;

	if (atomic_read(&sk->sk_wmem_alloc) > (int)limit) {
		/* the first two packets of the queue always may, or no completion would wake us */
		if (skb == sk->sk_write_queue.next || skb->prev == sk->sk_write_queue.next)
			return false;

		tcp_sk(sk)->tsq_flags |= 1UL << TSQ_THROTTLED;
		return true;
	}
	return false;
}

/* ---- using the congestion window ---- */

/* The application does not fill the window: what was not used says nothing about the path. */
static void tcp_cwnd_application_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_state == TCP_CA_Open && sk->sk_socket &&
	    !(sk->sk_socket->flags & (1UL << SOCK_NOSPACE))) {
		u32 init_win = tcp_init_cwnd(tp, __sk_dst_get(sk));
		u32 win_used = max(tp->snd_cwnd_used, init_win);

		if (win_used < tp->snd_cwnd) {
			tp->snd_ssthresh = tcp_current_ssthresh(sk);
			tp->snd_cwnd = (tp->snd_cwnd + win_used) >> 1;
		}
		tp->snd_cwnd_used = 0;
	}
	tp->snd_cwnd_stamp = tcp_time_stamp;
}

/* RFC 2861: was the congestion window really used? */
static void tcp_cwnd_validate(struct sock *sk, bool is_cwnd_limited)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* the most in flight in this window, and whether cwnd was the limit then */
	if (!before(tp->snd_una, tp->max_packets_seq) || tp->packets_out > tp->max_packets_out) {
		tp->max_packets_out = tp->packets_out;
		tp->max_packets_seq = tp->snd_nxt;
		tp->is_cwnd_limited = is_cwnd_limited;
	}

	if (tcp_is_cwnd_limited(sk)) {
		tp->snd_cwnd_used = 0;
		tp->snd_cwnd_stamp = tcp_time_stamp;
	} else {
		if (tp->packets_out > tp->snd_cwnd_used)
			tp->snd_cwnd_used = tp->packets_out;

		if (sysctl_tcp_slow_start_after_idle &&
		    (s32)(tcp_time_stamp - tp->snd_cwnd_stamp) >= (s32)inet_csk(sk)->icsk_rto)
			tcp_cwnd_application_limited(sk);
	}
}

/* ---- packets of several segments ---- */

/* As many segments as the pacing rate sends in about a millisecond, at least tcp_min_tso_segs. */
static u32 tcp_tso_autosize(const struct sock *sk, unsigned int mss_now)
{
	u32 bytes, segs;

	bytes = min(sk->sk_pacing_rate >> 10, sk->sk_gso_max_size - 1 - MAX_TCP_HEADER);
	segs = max_t(u32, bytes / mss_now, sysctl_tcp_min_tso_segs);
	return min_t(u32, segs, sk->sk_gso_max_segs);
}

/* At most so many segments in one packet. */
u32 tcp_tso_segs(struct sock *sk, unsigned int mss_now)
{
	return tcp_tso_autosize(sk, mss_now);
}

/*
 * How many bytes of @skb may go as one packet of at most @max_segs segments: what the window lets
 * go, in whole segments if Nagle wants the rest to wait.
 */
static unsigned int tcp_mss_split_point(const struct sock *sk, const struct sk_buff *skb,
					unsigned int mss_now, unsigned int max_segs, int nonagle)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 partial, needed, window, max_len;

	window = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	max_len = mss_now * max_segs;

	if (likely(max_len <= window && skb != tcp_write_queue_tail(sk)))
		return max_len;

	needed = min(skb->len, window);
	if (max_len <= needed)
		return max_len;

	partial = needed % mss_now;
	/* the rest would be a small segment: let it wait, as Nagle would alone */
	if (tcp_nagle_check(partial != 0, tp, nonagle))
		return needed - partial;
	return needed;
}

/* Segments that are worth waiting for when the share of the window does not decide. */
static inline u32 tcp_max_tso_deferred_mss(const struct tcp_sock *tp)
{
	(void)tp;
	return 3;
}

/*
 * Is it better to wait, since an ACK on its way will let a larger packet go?  Not if the windows
 * are wide already, or the oldest data in flight was sent so lately that the ACK is far.
 */
static bool tcp_tso_should_defer(struct sock *sk, struct sk_buff *skb, bool *is_cwnd_limited,
				 u32 max_segs)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 age, send_win, cong_win, limit, in_flight;
	u32 chunk, win_divisor = sysctl_tcp_tso_win_divisor;
	struct skb_mstamp now;

	if ((TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) || icsk->icsk_ca_state >= TCP_CA_Recovery)
		return false;
	/* only for who has just written: nothing comes later that would push the rest out */
	if ((s32)(tcp_time_stamp - tp->lsndtime) > 0)
		return false;

	in_flight = tcp_packets_in_flight(tp);
	send_win = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	cong_win = (tp->snd_cwnd - in_flight) * tp->mss_cache;
	limit = min(send_win, cong_win);

	if (limit >= max_segs * tp->mss_cache)
		return false;
	if (skb != tcp_write_queue_tail(sk) && limit >= skb->len)
		return false;

	/* a share of the window is worth a packet of its own (0: the largest burst is) */
	chunk = win_divisor ? min(tp->snd_wnd, tp->snd_cwnd * tp->mss_cache) / win_divisor :
			      tcp_max_tso_deferred_mss(tp) * tp->mss_cache + 1;
	if (limit >= chunk)
		return false;

	skb_mstamp_get(&now);
	age = skb_mstamp_us_delta(&now, &tcp_write_queue_head(sk)->skb_mstamp);
	if (age < (tp->srtt_us >> 4))
		return false;

	if (cong_win < send_win && cong_win < skb->len)
		*is_cwnd_limited = true;
	return true;
}

/* ---- sending ---- */

/**
 * tcp_write_xmit - send as much of the queue as the rules let go
 * @sk: the socket
 * @mss_now: largest segment
 * @nonagle: TCP_NAGLE_*
 * @push_one: 1: one segment only; 2: one even if the congestion window is full (loss probe)
 * @gfp: for clones
 *
 * Return: true if nothing is in flight and still nothing could be sent: then no ACK will come to
 * get things going, and the caller must arm the probe timer.
 */
bool tcp_write_xmit(struct sock *sk, unsigned int mss_now, int nonagle, int push_one, gfp_t gfp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int sent_pkts = 0;
	bool is_cwnd_limited = false;
	struct sk_buff *skb;
	u32 max_segs;

	if (!push_one) {
		int result = tcp_mtu_probe(sk);

		if (!result)
			return false;
		if (result > 0)
			sent_pkts = 1;
	}

	max_segs = tcp_tso_segs(sk, mss_now);

	while ((skb = tcp_send_head(sk))) {
		unsigned int tso_segs = tcp_init_tso_segs(skb, mss_now);
		unsigned int limit = mss_now, cwnd_quota;

		BUG_ON(!tso_segs);

		cwnd_quota = tcp_cwnd_test(tp, skb);
		if (!cwnd_quota) {
			if (push_one != 2) {
				is_cwnd_limited = true;
				break;
			}
			cwnd_quota = 1;
		}
		if (unlikely(!tcp_snd_wnd_test(tp, skb, mss_now)))
			break;
		if (tso_segs == 1) {
			if (unlikely(!tcp_nagle_test(tp, skb, mss_now,
						     tcp_skb_is_last(sk, skb) ? nonagle :
										TCP_NAGLE_PUSH)))
				break;
		} else if (!push_one && tcp_tso_should_defer(sk, skb, &is_cwnd_limited, max_segs)) {
			break;
		}
		if (tso_segs > 1 && !tcp_urg_mode(tp))
			limit = tcp_mss_split_point(sk, skb, mss_now, min(cwnd_quota, max_segs),
						    nonagle);
		if (skb->len > limit && unlikely(tcp_fragment(sk, skb, limit, mss_now, gfp)))
			break;
		tp->tsq_flags &= ~(1UL << TCP_TSQ_DEFERRED);
		if (tcp_small_queue_check(sk, skb, 0))
			break;

		if (unlikely(tcp_transmit_skb(sk, skb, 1, gfp)))
			break;

		tcp_event_new_data_sent(sk, skb);
		tcp_minshall_update(tp, mss_now, skb);
		sent_pkts += tcp_skb_pcount(skb);

		if (push_one)
			break;
	}

	if (likely(sent_pkts)) {
		if (tcp_in_cwnd_reduction(sk))
			tp->prr_out += sent_pkts;
		if (push_one != 2)
			tcp_schedule_loss_probe(sk);
		is_cwnd_limited |= (tcp_packets_in_flight(tp) >= tp->snd_cwnd);
		tcp_cwnd_validate(sk, is_cwnd_limited);
		return false;
	}
	return !tp->packets_out && tcp_send_head(sk);
}

/* Send what may be sent; if that is nothing at all, at least probe the window. */
void __tcp_push_pending_frames(struct sock *sk, unsigned int cur_mss, int nonagle)
{
	/* The last FIN may have been put on an old segment of a connection since closed. */
	if (unlikely(sk->sk_state == TCP_CLOSE))
		return;

	if (tcp_write_xmit(sk, cur_mss, nonagle, 0, sk_gfp_mask(sk, GFP_ATOMIC)))
		tcp_check_probe_timer(sk);
}

/* One segment, without waiting for more data. */
void tcp_push_one(struct sock *sk, unsigned int mss_now)
{
	struct sk_buff *skb = tcp_send_head(sk);

	BUG_ON(!skb || skb->len < mss_now);
	tcp_write_xmit(sk, mss_now, TCP_NAGLE_PUSH, 1, sk->sk_allocation);
}
