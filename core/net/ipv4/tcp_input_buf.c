/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * How big buffers and windows are, at the start and later.
 *
 * Theory of operation
 * -------------------
 * Memory is accounted by what a buffer really costs (truesize), a window promises payload; the two
 * are related by tcp_adv_win_scale (half of the receive buffer counts as overhead). Before the
 * handshake nothing is known of the peer, so the buffers are small: 87380 bytes to receive, 16384
 * to send. tcp_init_buffer_space() runs when the connection is established and makes them fit for
 * ten segments of the size now known:
 *
 *	receive:  2 * truesize(advmss) * 20 segments, times 4 if auto-tuning is on
 *	send:     2 * truesize(mss) * 10 segments
 *
 * A buffer the user has set (SO_RCVBUF, SO_SNDBUF) is left alone. Afterwards two movements go on:
 * rcv_ssthresh, what we dare to announce, grows with the data that arrives well filled
 * (tcp_grow_window); and the send buffer grows with cwnd (tcp_new_space).
 *
 * Origin: net/ipv4/tcp_input.c:304-574, 848-855, 5036-5077, v4.9.
 */
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/net.h>
#include <net/dst.h>

#include "tcp_input.h"

/**
 * tcp_init_cwnd() - how many segments may go out before the first ACK
 * @tp: the connection
 * @dst: its route, which may carry a value of its own (ip route ... initcwnd); may be NULL
 *
 * Return: segments; ten by default.
 *
 * Origin: net/ipv4/tcp_input.c:848; RFC 6928.
 */
__u32 tcp_init_cwnd(const struct tcp_sock *tp, const struct dst_entry *dst)
{
	__u32 cwnd = (dst ? dst_metric(dst, RTAX_INITCWND) : 0);

	if (!cwnd)
		cwnd = TCP_INIT_CWND;
	return min_t(__u32, cwnd, tp->snd_cwnd_clamp);
}

/**
 * tcp_initialize_rcv_mss() - a first guess of the peer's segment size
 * @sk: the socket
 *
 * Low on purpose, at most 536: too low only costs some early ACKs, too high would delay the ACKs
 * a peer with small segments waits for. Real data corrects it (tcp_measure_rcv_mss()).
 *
 * Origin: net/ipv4/tcp_input.c:493.
 */
void tcp_initialize_rcv_mss(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned int hint = min_t(unsigned int, tp->advmss, tp->mss_cache);

	hint = min(hint, tp->rcv_wnd / 2);
	hint = min(hint, TCP_MSS_DEFAULT);
	hint = max(hint, TCP_MIN_MSS);

	inet_csk(sk)->icsk_ack.rcv_mss = (u16)hint;
}

/**
 * tcp_sndbuf_expand() - room for two windows of what we may send now
 * @sk: the socket
 *
 * Two, because while one window is in flight the user writes the next one.
 *
 * Origin: net/ipv4/tcp_input.c:309.
 */
static void tcp_sndbuf_expand(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_congestion_ops *ca_ops = inet_csk(sk)->icsk_ca_ops;
	int sndmem, per_mss;
	u32 nr_segs;

	/* What one segment costs at worst: header room, alignment, the sk_buff itself. */
	per_mss = (int)(max_t(u32, tp->rx_opt.mss_clamp, tp->mss_cache) + MAX_TCP_HEADER +
			SKB_DATA_ALIGN(sizeof(struct skb_shared_info)));
	per_mss = (int)(roundup_pow_of_two((unsigned long)per_mss) +
			SKB_DATA_ALIGN(sizeof(struct sk_buff)));

	nr_segs = max_t(u32, TCP_INIT_CWND, tp->snd_cwnd);
	nr_segs = max_t(u32, nr_segs, tp->reordering + 1);

	sndmem = ca_ops->sndbuf_expand ? (int)ca_ops->sndbuf_expand(sk) : 2;
	sndmem *= (int)nr_segs * per_mss;

	if (sk->sk_sndbuf < sndmem)
		sk->sk_sndbuf = min(sndmem, sysctl_tcp_wmem[2]);
}

/**
 * tcp_fixup_rcvbuf() - room for the first window and what may come while it is read
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_input.c:411.
 */
static void tcp_fixup_rcvbuf(struct sock *sk)
{
	u32 mss = tcp_sk(sk)->advmss;
	int rcvmem;

	rcvmem = (int)(2 * SKB_TRUESIZE(mss + MAX_TCP_HEADER) * tcp_default_init_rwnd(mss));

	/* Auto-tuning needs two or three round trips before it reacts. */
	if (sysctl_tcp_moderate_rcvbuf)
		rcvmem <<= 2;

	if (sk->sk_rcvbuf < rcvmem)
		sk->sk_rcvbuf = min(rcvmem, sysctl_tcp_rmem[2]);
}

/**
 * tcp_init_buffer_space() - the sizes a new connection starts with
 * @sk: the socket, just established
 *
 * Origin: net/ipv4/tcp_input.c:432.
 */
void tcp_init_buffer_space(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int maxwin;

	if (!(sk->sk_userlocks & SOCK_RCVBUF_LOCK))
		tcp_fixup_rcvbuf(sk);
	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK))
		tcp_sndbuf_expand(sk);

	tp->rcvq_space.space = (int)tp->rcv_wnd;
	tp->rcvq_space.time = tcp_time_stamp;
	tp->rcvq_space.seq = tp->copied_seq;

	maxwin = tcp_full_space(sk);

	if (tp->window_clamp >= (u32)maxwin) {
		tp->window_clamp = (u32)maxwin;

		/* A part may be kept for the application's own slowness. */
		if (sysctl_tcp_app_win && maxwin > 4 * tp->advmss)
			tp->window_clamp =
				(u32)max(maxwin - (maxwin >> sysctl_tcp_app_win), 4 * tp->advmss);
	}

	/* One segment stays in reserve. */
	if (sysctl_tcp_app_win && tp->window_clamp > 2U * tp->advmss &&
	    tp->window_clamp + tp->advmss > (u32)maxwin)
		tp->window_clamp = (u32)max(2 * tp->advmss, maxwin - tp->advmss);

	tp->rcv_ssthresh = min(tp->rcv_ssthresh, tp->window_clamp);
	tp->snd_cwnd_stamp = tcp_time_stamp;
}

/* ------------------------------------------------------------------ growing */

/*
 * Data arrives in buffers that waste much room. If the waste were spread over the whole window,
 * would it still fit? Return: how far rcv_ssthresh may grow. Origin: net/ipv4/tcp_input.c:366.
 */
static int __tcp_grow_window(const struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int truesize = tcp_win_from_space((int)skb->truesize) >> 1;
	int window = tcp_win_from_space(sysctl_tcp_rmem[2]) >> 1;

	while (tp->rcv_ssthresh <= (u32)window) {
		if (truesize <= (int)skb->len)
			return 2 * inet_csk(sk)->icsk_ack.rcv_mss;
		truesize >>= 1;
		window >>= 1;
	}
	return 0;
}

/**
 * tcp_grow_window() - data came in: dare to announce more
 * @sk: the socket
 * @skb: the data
 *
 * Origin: net/ipv4/tcp_input.c:383.
 */
void tcp_grow_window(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int incr;

	if (tp->rcv_ssthresh >= tp->window_clamp || (int)tp->rcv_ssthresh >= tcp_space(sk) ||
	    tcp_under_memory_pressure(sk))
		return;

	/* Well-filled buffers: two segments more. Others: it depends. */
	if (tcp_win_from_space((int)skb->truesize) <= (int)skb->len)
		incr = 2 * tp->advmss;
	else
		incr = __tcp_grow_window(sk, skb);

	if (incr) {
		incr = max_t(int, incr, (int)(2 * skb->len));
		tp->rcv_ssthresh = min(tp->rcv_ssthresh + (u32)incr, tp->window_clamp);
		inet_csk(sk)->icsk_ack.quick |= 1;
	}
}

/*
 * One sample for the receiver's own RTT, in jiffies << 3. A sample from a whole window of data
 * (win_dep) is an upper bound only: the smaller one wins. Origin: net/ipv4/tcp_input.c:517.
 */
static void tcp_rcv_rtt_update(struct tcp_sock *tp, u32 sample, int win_dep)
{
	u32 new_sample = tp->rcv_rtt_est.rtt;
	long m = sample;

	if (m == 0)
		m = 1;

	if (new_sample != 0) {
		if (!win_dep) {
			m -= (long)(new_sample >> 3);
			new_sample += (u32)m;
		} else {
			m <<= 3;
			if (m < (long)new_sample)
				new_sample = (u32)m;
		}
	} else {
		new_sample = (u32)m << 3;
	}

	if (tp->rcv_rtt_est.rtt != new_sample)
		tp->rcv_rtt_est.rtt = new_sample;
}

/**
 * tcp_rcv_rtt_measure() - the time in which a whole window of data arrived
 * @tp: the connection
 *
 * Origin: net/ipv4/tcp_input.c:553.
 */
void tcp_rcv_rtt_measure(struct tcp_sock *tp)
{
	if (tp->rcv_rtt_est.time == 0)
		goto new_measure;
	if (before(tp->rcv_nxt, tp->rcv_rtt_est.seq))
		return;
	tcp_rcv_rtt_update(tp, tcp_time_stamp - tp->rcv_rtt_est.time, 1);

new_measure:
	tp->rcv_rtt_est.seq = tp->rcv_nxt + tp->rcv_wnd;
	tp->rcv_rtt_est.time = tcp_time_stamp;
}

/**
 * tcp_rcv_rtt_measure_ts() - the same from the stamp a data segment echoes
 * @sk: the socket
 * @skb: the segment; only full ones, small ones may have waited at the sender
 *
 * Origin: net/ipv4/tcp_input.c:566.
 */
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->rx_opt.rcv_tsecr &&
	    (TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq >= inet_csk(sk)->icsk_ack.rcv_mss))
		tcp_rcv_rtt_update(tp, tcp_time_stamp - tp->rx_opt.rcv_tsecr, 0);
}

/**
 * tcp_rcv_space_adjust() - the reader took data: is the receive buffer large enough for his pace?
 * @sk: the socket
 *
 * Auto-tuning ("dynamic right sizing"): what the application read in one round trip is what the
 * peer may want to send in the next, and twice that leaves room to double. A pace that still rises
 * gets more in advance.
 *
 * Origin: net/ipv4/tcp_input.c:580.
 */
void tcp_rcv_space_adjust(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int time = (int)(tcp_time_stamp - tp->rcvq_space.time);
	int copied;

	if (time < (int)(tp->rcv_rtt_est.rtt >> 3) || tp->rcv_rtt_est.rtt == 0)
		return;

	copied = (int)(tp->copied_seq - tp->rcvq_space.seq);
	if (copied <= tp->rcvq_space.space)
		goto new_measure;

	if (sysctl_tcp_moderate_rcvbuf && !(sk->sk_userlocks & SOCK_RCVBUF_LOCK)) {
		int rcvwin, rcvmem, rcvbuf;

		rcvwin = (copied << 1) + 16 * tp->advmss;
		if (copied >= tp->rcvq_space.space + (tp->rcvq_space.space >> 2)) {
			if (copied >= tp->rcvq_space.space + (tp->rcvq_space.space >> 1))
				rcvwin <<= 1;
			else
				rcvwin += (rcvwin >> 1);
		}

		/* What a segment costs in memory, so that a window of them fits. */
		rcvmem = (int)SKB_TRUESIZE(tp->advmss + MAX_TCP_HEADER);
		while (tcp_win_from_space(rcvmem) < tp->advmss)
			rcvmem += 128;

		rcvbuf = min(rcvwin / tp->advmss * rcvmem, sysctl_tcp_rmem[2]);
		if (rcvbuf > sk->sk_rcvbuf) {
			sk->sk_rcvbuf = rcvbuf;
			/* Larger buffer, so larger windows. */
			tp->window_clamp = (u32)rcvwin;
		}
	}
	tp->rcvq_space.space = copied;

new_measure:
	tp->rcvq_space.seq = tp->copied_seq;
	tp->rcvq_space.time = tcp_time_stamp;
}

/* Is the send buffer what holds the connection back? Origin: net/ipv4/tcp_input.c:5036. */
static bool tcp_should_expand_sndbuf(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	/* The user fixed it. */
	if (sk->sk_userlocks & SOCK_SNDBUF_LOCK)
		return false;
	if (tcp_under_memory_pressure(sk))
		return false;
	if (sk_memory_allocated(sk) >= sk_prot_mem_limits(sk, 0))
		return false;
	/* cwnd is full, so the network is the limit. */
	if (tcp_packets_in_flight(tp) >= tp->snd_cwnd)
		return false;
	return true;
}

/**
 * tcp_new_space() - memory of the send buffer came back: tell a waiting writer
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_input.c:5067.
 */
void tcp_new_space(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_should_expand_sndbuf(sk)) {
		tcp_sndbuf_expand(sk);
		tp->snd_cwnd_stamp = tcp_time_stamp;
	}
	sk->sk_write_space(sk);
}
