/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_output.c */
/*
 * How much: the window we offer the peer, and the size of what we send.
 *
 * Three sizes are easily confused:
 *
 *   MTU   bytes of IP packet the path carries            1500
 *   MSS   bytes of data in a segment without options     1460 = MTU - 20 (IP) - 20 (TCP)
 *   mss_cache                                            1448 = MSS - 12 (time stamps)
 *
 * tcp_mtu_to_mss() and tcp_mss_to_mtu() go between them.  Before the handshake the peer's MSS is
 * not known and 536 must be assumed (RFC 1122 4.2.2.6), hence mss_cache 524 after tcp_connect().
 *
 * Part of net/ipv4/tcp_output.c in the kernel.
 */
#include <linux/kernel.h>
#include <linux/jiffies.h>
#include <net/tcp.h>

#include "tcp_output.h"

/* ---- the first window ---- */

/*
 * Segments the first window should hold: twice the initial congestion window, so a sender in slow
 * start is not stopped by us; fewer if segments are large.
 */
u32 tcp_default_init_rwnd(u32 mss)
{
	u32 init_rwnd = TCP_INIT_CWND * 2;

	if (mss > 1460)
		init_rwnd = max((1460 * init_rwnd) / mss, 2U);
	return init_rwnd;
}

/**
 * tcp_select_initial_window - the window and the scale a SYN announces
 * @__space: bytes of window the receive buffer is good for
 * @mss: size of the segments we expect
 * @rcv_wnd: result: window, bytes
 * @window_clamp: largest window ever; 0: as large as can be expressed.  Lowered if need be
 * @wscale_ok: may windows be scaled
 * @rcv_wscale: result: shift, 0 to 14
 * @init_rcv_wnd: the route's wish, segments; 0: none
 *
 * The shift must be chosen now and for the whole connection (RFC 7323 2.2), so it is made large
 * enough for the largest buffer that auto-tuning may give later, not for the present one.  The
 * window itself starts small: it is unscaled in the SYN, and the sender starts small as well.
 */
void tcp_select_initial_window(int __space, __u32 mss, __u32 *rcv_wnd, __u32 *window_clamp,
			       int wscale_ok, __u8 *rcv_wscale, __u32 init_rcv_wnd)
{
	unsigned int space = (__space < 0 ? 0 : __space);

	if (*window_clamp == 0)
		*window_clamp = 65535U << TCP_MAX_WSCALE;
	space = min(*window_clamp, space);

	/* whole segments, if it holds one at all */
	if (space > mss)
		space = (space / mss) * mss;

	/* Some stacks took the field for a signed number. */
	if (sysctl_tcp_workaround_signed_windows)
		*rcv_wnd = min(space, MAX_TCP_WINDOW);
	else
		*rcv_wnd = space;

	*rcv_wscale = 0;
	if (wscale_ok) {
		space = max_t(u32, space, sysctl_tcp_rmem[2]);
		space = max_t(u32, space, sysctl_rmem_max);
		space = min_t(u32, space, *window_clamp);
		while (space > 65535 && *rcv_wscale < TCP_MAX_WSCALE) {
			space >>= 1;
			(*rcv_wscale)++;
		}
	}

	if (mss > (1U << *rcv_wscale)) {
		if (!init_rcv_wnd)
			init_rcv_wnd = tcp_default_init_rwnd(mss);
		*rcv_wnd = min(*rcv_wnd, init_rcv_wnd * mss);
	}

	*window_clamp = min(65535U << *rcv_wscale, *window_clamp);
}

/* ---- the window from then on ---- */

/**
 * __tcp_select_window - how much more may the peer send?
 * @sk: the socket
 *
 * RFC 1122 4.2.3.3: do not offer less than a segment (silly windows).  Without scaling the
 * window is a multiple of the peer's MSS and stays where it is if it can; with scaling it is
 * rounded up to the next value that survives the shift.
 *
 * Return: bytes.
 */
u32 __tcp_select_window(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int mss = icsk->icsk_ack.rcv_mss; /* estimate, may be larger than the buffer */
	int free_space = tcp_space(sk);
	int allowed_space = tcp_full_space(sk);
	int full_space = min_t(int, tp->window_clamp, allowed_space);
	int window;

	if (unlikely(mss > full_space)) {
		mss = full_space;
		if (mss <= 0)
			return 0;
	}
	if (free_space < (full_space >> 1)) {
		icsk->icsk_ack.quick = 0;

		if (tcp_under_memory_pressure(sk))
			tp->rcv_ssthresh = min(tp->rcv_ssthresh, 4U * tp->advmss);

		/* rounding up below must not offer what is not there */
		free_space = round_down(free_space, 1 << tp->rx_opt.rcv_wscale);

		/* Almost nothing: offer none, so that the window opens in one useful step. */
		if (free_space < (allowed_space >> 4) || free_space < mss)
			return 0;
	}

	if (free_space > (int)tp->rcv_ssthresh)
		free_space = tp->rcv_ssthresh;

	if (tp->rx_opt.rcv_wscale) {
		window = ALIGN(free_space, 1 << tp->rx_opt.rcv_wscale);
	} else {
		window = tp->rcv_wnd;
		if (window <= free_space - mss || window > free_space)
			window = (free_space / mss) * mss;
		else if (mss == full_space && free_space > window + (full_space >> 1))
			window = free_space;
	}
	return window;
}

/*
 * The window field of a segment about to be sent, scaled and ready for the header (host order).
 * What was offered once is never taken back (RFC 793 3.7 "shrinking the window").
 */
u16 tcp_select_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 old_win = tp->rcv_wnd;
	u32 cur_win = tcp_receive_window(tp);
	u32 new_win = __tcp_select_window(sk);

	if (new_win < cur_win) {
		if (new_win == 0)
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPWANTZEROWINDOWADV);
		new_win = ALIGN(cur_win, 1 << tp->rx_opt.rcv_wscale);
	}
	tp->rcv_wnd = new_win;
	tp->rcv_wup = tp->rcv_nxt;

	if (!tp->rx_opt.rcv_wscale && sysctl_tcp_workaround_signed_windows)
		new_win = min(new_win, MAX_TCP_WINDOW);
	else
		new_win = min(new_win, (65535U << tp->rx_opt.rcv_wscale));

	new_win >>= tp->rx_opt.rcv_wscale;

	/* A closed window: nothing that arrives is as predicted. */
	if (new_win == 0) {
		tp->pred_flags = 0;
		if (old_win)
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPTOZEROWINDOWADV);
	} else if (old_win == 0) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFROMZEROWINDOWADV);
	}
	return new_win;
}

/* ---- MTU and MSS ---- */

/* Data in a segment of an IP packet of @pmtu bytes, TCP options not counted; at least 48. */
int __tcp_mtu_to_mss(struct sock *sk, int pmtu)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct inet_connection_sock *icsk = inet_csk(sk);
	int mss_now;

	mss_now = pmtu - icsk->icsk_af_ops->net_header_len - (int)sizeof(struct tcphdr);

	/* no more than the peer takes */
	if (mss_now > tp->rx_opt.mss_clamp)
		mss_now = tp->rx_opt.mss_clamp;

	mss_now -= icsk->icsk_ext_hdr_len;

	/* all 40 bytes of TCP options, and 8 of data */
	if (mss_now < TCP_MIN_SND_MSS)
		mss_now = TCP_MIN_SND_MSS;
	return mss_now;
}

/* ... and with this connection's usual options taken off: what mss_cache holds. */
int tcp_mtu_to_mss(struct sock *sk, int pmtu)
{
	return __tcp_mtu_to_mss(sk, pmtu) -
	       (tcp_sk(sk)->tcp_header_len - (int)sizeof(struct tcphdr));
}

/* The reverse: the IP packet a segment of @mss bytes makes. */
int tcp_mss_to_mtu(struct sock *sk, int mss)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return mss + tp->tcp_header_len + icsk->icsk_ext_hdr_len +
	       icsk->icsk_af_ops->net_header_len;
}

/*
 * Start values of path MTU probing (RFC 4821): between a size sure to pass and the largest useful.
 * Probing itself waits for sysctl tcp_mtu_probing (or a black hole, tcp_mtu_probing 1).
 */
void tcp_mtup_init(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct net *net = sock_net(sk);

	icsk->icsk_mtup.enabled = net->ipv4.sysctl_tcp_mtu_probing > 1;
	icsk->icsk_mtup.search_high =
		tp->rx_opt.mss_clamp + sizeof(struct tcphdr) + icsk->icsk_af_ops->net_header_len;
	icsk->icsk_mtup.search_low = tcp_mss_to_mtu(sk, net->ipv4.sysctl_tcp_base_mss);
	icsk->icsk_mtup.probe_size = 0;
	if (icsk->icsk_mtup.enabled)
		icsk->icsk_mtup.probe_timestamp = tcp_time_stamp;
}

/**
 * tcp_sync_mss - compute mss_cache for a path MTU
 * @sk: the socket
 * @pmtu: bytes
 *
 * Called whenever one of its inputs changed: the route's MTU, the peer's MSS, the peer's window.
 * SACK blocks are not considered; tcp_current_mss() does that segment by segment.
 *
 * Return: the new mss_cache, bytes.
 */
unsigned int tcp_sync_mss(struct sock *sk, u32 pmtu)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	int mss_now;

	if (icsk->icsk_mtup.search_high > (int)pmtu)
		icsk->icsk_mtup.search_high = pmtu;

	mss_now = tcp_mtu_to_mss(sk, pmtu);
	mss_now = tcp_bound_to_half_wnd(tp, mss_now);

	/* remember for what this was computed */
	icsk->icsk_pmtu_cookie = pmtu;
	if (icsk->icsk_mtup.enabled)
		mss_now = min(mss_now, tcp_mtu_to_mss(sk, icsk->icsk_mtup.search_low));
	tp->mss_cache = mss_now;
	return mss_now;
}

/* Data the next segment may hold: the route's MTU looked at again, SACK blocks deducted. */
unsigned int tcp_current_mss(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_out_options opts = { 0 };
	struct tcp_md5sig_key *md5;
	unsigned int header_len;
	u32 mss_now = tp->mss_cache;

	if (dst) {
		u32 mtu = dst_mtu(dst);

		if (mtu != inet_csk(sk)->icsk_pmtu_cookie)
			mss_now = tcp_sync_mss(sk, mtu);
	}

	header_len = tcp_established_options(sk, NULL, &opts, &md5) + sizeof(struct tcphdr);
	/* mss_cache counts with tcp_header_len; correct for what this segment really has */
	if (header_len != tp->tcp_header_len) {
		int delta = (int)header_len - tp->tcp_header_len;

		mss_now -= delta;
	}
	return mss_now;
}
