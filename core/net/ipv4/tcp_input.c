/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TCP state machine on the way in: one segment, the state it meets, the state after.
 *
 * Theory of operation
 * -------------------
 * tcp_v4_do_rcv() hands over a segment whose IP header and TCP checksum are already verified.
 * An ESTABLISHED socket goes to tcp_rcv_established() (tcp_input_established.c). Every other state
 * goes to tcp_rcv_state_process(), which follows the numbered steps of RFC 793 pages 65-75 with
 * the corrections of RFC 5961 and RFC 7323.
 *
 * SYN-SENT is special, because nothing about the peer is known yet: no receive window exists
 * against which a sequence number could be judged. tcp_rcv_synsent_state_process() therefore
 * judges by the ACK alone: only somebody who saw our SYN can acknowledge it. When the answer is
 * good it does, in this order and for these reasons:
 *
 *	tcp_parse_options()	the peer's MSS, window scale, SACK and time-stamp offers
 *	tcp_ack()		our SYN leaves the retransmit queue, its timer stops, RTT is known
 *	tcp_sync_mss() ...	segment sizes follow from the peer's MSS and our path MTU
 *	tcp_finish_connect()	ESTABLISHED; metrics, congestion control, buffers; wakes connect()
 *	tcp_send_ack()		the third packet, so that the peer is established too
 *
 * The sleeper is woken before the ACK is sent. It cannot run yet: we are in softirq context, or
 * we run on the sleeper's own back in release_sock(). By the time it looks, the ACK is out.
 *
 * The contract on the buffer: whoever returns 0 from here has consumed skb. A return of 1 means
 * "answer with a RST and free it", which is tcp_v4_do_rcv()'s work. -1 from the SYN-SENT part
 * means "ESTABLISHED now, and there may be payload: go on with it".
 *
 * What a client never meets is left out: LISTEN and the child sockets of passive fast open.
 *
 * Origin: net/ipv4/tcp_input.c, v4.9; split by concept, see tcp_input.h.
 */
#include <linux/kernel.h>
#include <linux/security.h>
#include <linux/net.h>
#include <net/dst.h>
#include <net/inet_common.h>
#include <net/snmp.h>

#include "tcp_input.h"

/* Knobs of the receive side; the names under net.ipv4. are the same without "sysctl_". */
int sysctl_tcp_timestamps = 1;     /* offer and accept time stamps (RFC 7323) */
int sysctl_tcp_window_scaling = 1; /* offer and accept window scaling (RFC 7323) */
int sysctl_tcp_sack = 1;           /* offer and accept SACK (RFC 2018) */
int sysctl_tcp_fack = 1;           /* with SACK: all below the highest SACKed byte has left */
int sysctl_tcp_dsack = 1;          /* report duplicates (RFC 2883) */
int sysctl_tcp_app_win = 31;       /* 1/2^n of the window reserved for the application */
int sysctl_tcp_adv_win_scale = 1;  /* 1/2^n of the receive buffer is overhead, not window */
int sysctl_tcp_challenge_ack_limit = 1000; /* challenge ACKs a second, all sockets together */
int sysctl_tcp_stdurg;                     /* urgent pointer as in RFC 793 instead of BSD's */
int sysctl_tcp_rfc1337;                    /* 1: a RST does not end TIME-WAIT (RFC 1337) */
int sysctl_tcp_frto = 2;                   /* F-RTO: was the time-out spurious? (RFC 5682) */
int sysctl_tcp_min_rtt_wlen = 300;         /* seconds the minimum RTT is remembered */
int sysctl_tcp_moderate_rcvbuf = 1;        /* receive buffers may grow by themselves */
int sysctl_tcp_early_retrans = 3;          /* early retransmit and tail loss probe (RFC 5827) */
int sysctl_tcp_invalid_ratelimit = HZ / 2; /* jiffies between answers to bad segments */
int sysctl_tcp_thin_dupack;                /* thin streams: retransmit on the first duplicate ACK */
int sysctl_tcp_max_reordering = 300;       /* packets; more is taken for loss */
int sysctl_tcp_max_orphans;           /* sockets without an owner; tcp_init_sysctls() sets it */
int sysctl_tcp_pacing_ss_ratio = 200; /* percent of the needed rate, in slow start */
int sysctl_tcp_pacing_ca_ratio = 120; /* ... and in congestion avoidance */

/**
 * tcp_reset() - the peer said RST, and it was believed
 * @sk: the socket, locked
 *
 * Which error the application reads depends on what it was promised so far: nothing yet in
 * SYN-SENT (ECONNREFUSED: nobody listens there), everything already received in CLOSE-WAIT
 * (EPIPE: only its writing is in vain), otherwise ECONNRESET.
 *
 * Origin: net/ipv4/tcp_input.c:4039; RFC 793 page 70.
 */
void tcp_reset(struct sock *sk)
{
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
		sk->sk_err = ECONNREFUSED;
		break;
	case TCP_CLOSE_WAIT:
		sk->sk_err = EPIPE;
		break;
	case TCP_CLOSE:
		return;
	default:
		sk->sk_err = ECONNRESET;
		break;
	}
	/* The error must be in place before a sleeper wakes and looks for it. */
	smp_wmb();

	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_error_report(sk);

	tcp_done(sk);
}

/**
 * tcp_finish_connect() - everything that becomes possible once the handshake is complete
 * @sk: the socket, in SYN-SENT until the first line
 * @skb: the SYN-ACK, or NULL when a user repairs a connection into being
 *
 * The state changes first: what follows (metrics, buffers, wake-up) reads it. The wake-up comes
 * last, so that the woken connect() finds a socket that is ready in every respect.
 *
 * Origin: net/ipv4/tcp_input.c:5568.
 */
void tcp_finish_connect(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_set_state(sk, TCP_ESTABLISHED);

	if (skb) {
		/* The route the SYN-ACK came in by saves the next segment its lookup. */
		icsk->icsk_af_ops->sk_rx_dst_set(sk, skb);
		security_inet_conn_established(sk, skb);
	}

	/* The cached route must be valid: the metrics below are read from it. */
	icsk->icsk_af_ops->rebuild_header(sk);

	tcp_init_metrics(sk);
	tcp_init_congestion_control(sk);

	/* The handshake counts as a sending: no "idle restart" for the first data (RFC 2861). */
	tp->lsndtime = tcp_time_stamp;

	tcp_init_buffer_space(sk);

	if (sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk, keepalive_time_when(tp));

	/*
	 * Header prediction compares the window field as it stands on the wire. With scaling the
	 * SYN-ACK's unscaled window says nothing about the next one, so prediction starts later.
	 */
	if (!tp->rx_opt.snd_wscale)
		__tcp_fast_path_on(tp, tp->snd_wnd);
	else
		tp->pred_flags = 0;

	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);
	}
}

/**
 * tcp_rcv_fastopen_synack() - the answer to a SYN that asked for a cookie or carried data
 * @sk: the socket, ESTABLISHED a moment ago
 * @synack: the SYN-ACK
 * @cookie: what its fast-open option said; len < 0: there was none
 *
 * The cookie is remembered for the next connect to this peer, and the peer's MSS with it: a SYN
 * with data is cut to size before any SYN-ACK could tell. Data the SYN carried and the peer did
 * not acknowledge is sent again at once.
 *
 * Return: true if data was queued for retransmission, which carries the handshake's ACK too.
 *
 * Origin: net/ipv4/tcp_input.c:5608; RFC 7413 section 4.1.3.
 */
static bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack,
				    struct tcp_fastopen_cookie *cookie)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *data = tp->syn_data ? tcp_write_queue_head(sk) : NULL;
	u16 mss = tp->rx_opt.mss_clamp, try_exp = 0;
	bool syn_drop = false;

	if (mss == tp->rx_opt.user_mss) {
		struct tcp_options_received opt;

		/* Our user's limit hides the peer's value: parse once more without it. */
		tcp_clear_options(&opt);
		opt.user_mss = 0;
		opt.mss_clamp = 0;
		tcp_parse_options(synack, &opt, 0, NULL);
		mss = opt.mss_clamp;
	}

	if (!tp->syn_fastopen) {
		/* An unasked-for cookie is not kept: somebody may be injecting it. */
		cookie->len = -1;
	} else if (tp->total_retrans) {
		/* A time-out before the answer: the SYN with data may be what was dropped. */
		syn_drop = (cookie->len < 0 && data);
	} else if (cookie->len < 0 && !tp->syn_data) {
		/* Not understood in one form of the option; try the other one next time. */
		try_exp = tp->syn_fastopen_exp ? 2 : 1;
	}

	tcp_fastopen_cache_set(sk, mss, cookie, syn_drop, try_exp);

	if (data) {
		/* The peer took only our SYN: everything queued was lost and goes out again. */
		tcp_for_write_queue_from(data, sk) {
			if (data == tcp_send_head(sk) || __tcp_retransmit_skb(sk, data, 1))
				break;
		}
		tcp_rearm_rto(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVEFAIL);
		return true;
	}

	tp->syn_data_acked = tp->syn_data;
	if (tp->syn_data_acked)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVE);

	tcp_fastopen_add_skb(sk, synack);
	return false;
}

/*
 * Is the ACK of this segment one that answers our SYN? Only somebody who saw the SYN can know
 * ISN + 1, and (with time stamps) only an answer to one of our SYNs echoes a stamp from the span
 * in which we sent them. RFC 793 page 66; RFC 7323 section 5.
 */
static __always_inline bool tcp_synsent_ack_ok(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!after(TCP_SKB_CB(skb)->ack_seq, tp->snd_una) ||
	    after(TCP_SKB_CB(skb)->ack_seq, tp->snd_nxt))
		return false;

	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr &&
	    !between(tp->rx_opt.rcv_tsecr, tp->retrans_stamp, tcp_time_stamp)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSACTIVEREJECTED);
		return false;
	}
	return true;
}

/*
 * The SYN-ACK is good: take over what it says. Ends with the connection ESTABLISHED and its
 * sleeper woken; the ACK is still to be sent.
 */
static __always_inline void tcp_synsent_accept(struct sock *sk, struct sk_buff *skb,
					       const struct tcphdr *th)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_ecn_rcv_synack(tp, th);

	tcp_init_wl(tp, TCP_SKB_CB(skb)->seq);
	/* Our SYN is acknowledged: off the queue, timer off, first RTT sample. */
	tcp_ack(sk, skb, FLAG_SLOWPATH);

	/* The peer's SYN occupies one sequence number; what we expect next follows it. */
	WRITE_ONCE(tp->rcv_nxt, TCP_SKB_CB(skb)->seq + 1);
	tp->rcv_wup = TCP_SKB_CB(skb)->seq + 1;

	/* RFC 7323 2.2: the window in a segment with SYN is never scaled. */
	tp->snd_wnd = ntohs(th->window);

	if (!tp->rx_opt.wscale_ok) {
		/* One side does not scale, so neither does: our offer is void. */
		tp->rx_opt.snd_wscale = tp->rx_opt.rcv_wscale = 0;
		tp->window_clamp = min(tp->window_clamp, 65535U);
	}

	/* Both sides stamp: twelve bytes more in every header, so twelve less of payload. */
	if (tp->rx_opt.saw_tstamp) {
		tp->rx_opt.tstamp_ok = 1;
		tp->tcp_header_len = sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED;
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
		tcp_store_ts_recent(tp);
	} else {
		tp->tcp_header_len = sizeof(struct tcphdr);
	}

	if (tcp_is_sack(tp) && sysctl_tcp_fack)
		tcp_enable_fack(tp);

	/* The peer's MSS and the final header length are known: sizes can be settled. */
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);

	/* Reading starts behind the SYN. Must be set before anyone can be woken to read. */
	tp->copied_seq = tp->rcv_nxt;
	smp_mb();

	tcp_finish_connect(sk, skb);
}

/*
 * A SYN without ACK: the peer connects to us while we connect to it (RFC 793 figure 8). Both
 * sides go through SYN-RECEIVED; our SYN is sent again with an ACK added, and the retransmit
 * timer that is already running keeps doing so.
 */
static __always_inline void tcp_synsent_simultaneous_open(struct sock *sk, struct sk_buff *skb,
							  const struct tcphdr *th)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_SYN_RECV);

	if (tp->rx_opt.saw_tstamp) {
		tp->rx_opt.tstamp_ok = 1;
		tcp_store_ts_recent(tp);
		tp->tcp_header_len = sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED;
	} else {
		tp->tcp_header_len = sizeof(struct tcphdr);
	}

	WRITE_ONCE(tp->rcv_nxt, TCP_SKB_CB(skb)->seq + 1);
	tp->copied_seq = tp->rcv_nxt;
	tp->rcv_wup = TCP_SKB_CB(skb)->seq + 1;

	/* Unscaled, as in every segment with SYN. */
	tp->snd_wnd = ntohs(th->window);
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tp->max_window = tp->snd_wnd;

	tcp_ecn_rcv_syn(tp, th);

	tcp_mtup_init(sk);
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);

	tcp_send_synack(sk);
}

/**
 * tcp_rcv_synsent_state_process() - a segment for a socket that waits for its SYN-ACK
 * @sk: the socket, locked, in SYN-SENT
 * @skb: the segment
 * @th: its TCP header
 *
 * Whatever is refused must leave no trace: tcp_parse_options() has already written into rx_opt,
 * so the two _undo exits take the peer's offers back before the segment is thrown away.
 *
 * Return: -1 connected, go on with the payload; 0 consumed; 1 answer with RST.
 *
 * Origin: net/ipv4/tcp_input.c:5667; RFC 793 pages 66-68.
 */
static int tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb,
					 const struct tcphdr *th)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_cookie foc = { .len = -1 };
	int saved_clamp = tp->rx_opt.mss_clamp;

	tcp_parse_options(skb, &tp->rx_opt, 0, &foc);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;

	if (th->ack) {
		/* First the ACK: a wrong one is an old connection's, which a RST will end. */
		if (!tcp_synsent_ack_ok(sk, skb))
			goto reset_and_undo;

		/* Only behind a good ACK is a RST believed: a blind attacker cannot send one. */
		if (th->rst) {
			tcp_reset(sk);
			goto discard;
		}

		if (!th->syn)
			goto discard_and_undo;

		tcp_synsent_accept(sk, skb, th);

		if ((tp->syn_fastopen || tp->syn_data) && tcp_rcv_fastopen_synack(sk, skb, &foc))
			return -1;

		if (sk->sk_write_pending || icsk->icsk_accept_queue.rskq_defer_accept ||
		    icsk->icsk_ack.pingpong) {
			/*
			 * Somebody waits to write: their data can carry the ACK. It is only
			 * scheduled, with the delayed-ACK timer in case no data comes.
			 */
			inet_csk_schedule_ack(sk);
			icsk->icsk_ack.lrcvtime = tcp_time_stamp;
			tcp_enter_quickack_mode(sk);
			inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, TCP_DELACK_MAX, TCP_RTO_MAX);
			goto discard;
		}
		tcp_send_ack(sk);
		return -1;
	}

	/* No ACK: a RST cannot be verified, and is dropped (RFC 793 page 67). */
	if (th->rst)
		goto discard_and_undo;

	/* A stamp older than what we know of this peer: a SYN of the past (PAWS). */
	if (tp->rx_opt.ts_recent_stamp && tp->rx_opt.saw_tstamp && tcp_paws_reject(&tp->rx_opt, 0))
		goto discard_and_undo;

	if (th->syn) {
		tcp_synsent_simultaneous_open(sk, skb, th);
		goto discard;
	}

discard_and_undo:
	tcp_clear_options(&tp->rx_opt);
	tp->rx_opt.mss_clamp = saved_clamp;
discard:
	tcp_drop(sk, skb);
	return 0;

reset_and_undo:
	tcp_clear_options(&tp->rx_opt);
	tp->rx_opt.mss_clamp = saved_clamp;
	return 1;
}

/*
 * The last step of a simultaneous open: our SYN, sent in both directions, is acknowledged. Does
 * what tcp_finish_connect() does for the ordinary way, with the window of this segment, which is
 * scaled, and with the SYN's sequence number known for longer.
 */
static __always_inline void tcp_synrecv_established(struct sock *sk, struct sk_buff *skb,
						    const struct tcphdr *th)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->srtt_us)
		tcp_synack_rtt_meas(sk, NULL);

	/* The route first: buffers and congestion control read its metrics. */
	icsk->icsk_af_ops->rebuild_header(sk);
	tcp_init_congestion_control(sk);
	tcp_mtup_init(sk);
	tp->copied_seq = tp->rcv_nxt;
	tcp_init_buffer_space(sk);

	smp_mb();
	tcp_set_state(sk, TCP_ESTABLISHED);
	sk->sk_state_change(sk);
	if (sk->sk_socket)
		sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);

	tp->snd_una = TCP_SKB_CB(skb)->ack_seq;
	tp->snd_wnd = (u32)ntohs(th->window) << tp->rx_opt.snd_wscale;
	tcp_init_wl(tp, TCP_SKB_CB(skb)->seq);

	if (tp->rx_opt.tstamp_ok)
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;

	tcp_init_metrics(sk);

	if (!icsk->icsk_ca_ops->cong_control)
		tcp_update_pacing_rate(sk);

	tp->lsndtime = tcp_time_stamp;
	tcp_initialize_rcv_mss(sk);
	tcp_fast_path_on(tp);
}

/*
 * Our FIN is acknowledged: the sending half is closed, FIN-WAIT-2 begins. A socket nobody holds
 * any more does not wait for the peer's FIN in full size: it becomes a TIME-WAIT stub for a
 * limited time (tcp_fin_timeout), or, when data still arrives that nobody will ever read, is
 * aborted.
 *
 * Return: 0 go on with the segment; 1 answer with RST; -1 the segment is to be dropped.
 */
static __always_inline int tcp_finwait1_acked(struct sock *sk, struct sk_buff *skb,
					      const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct dst_entry *dst;
	int tmo;

	tcp_set_state(sk, TCP_FIN_WAIT2);
	sk->sk_shutdown |= SEND_SHUTDOWN;

	dst = __sk_dst_get(sk);
	if (dst)
		dst_confirm(dst);

	if (!sock_flag(sk, SOCK_DEAD)) {
		/* A close() with SO_LINGER may wait for exactly this. */
		sk->sk_state_change(sk);
		return 0;
	}

	if (tp->linger2 < 0 || (TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq &&
				after(TCP_SKB_CB(skb)->end_seq - th->fin, tp->rcv_nxt))) {
		tcp_done(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
		return 1;
	}

	tmo = tcp_fin_time(sk);
	if (tmo > TCP_TIMEWAIT_LEN) {
		inet_csk_reset_keepalive_timer(sk, tmo - TCP_TIMEWAIT_LEN);
	} else if (th->fin || sock_owned_by_user(sk)) {
		/*
		 * The FIN may be in this very segment, or the user still holds the lock: the
		 * full socket is needed a little longer, the keepalive timer takes over.
		 */
		inet_csk_reset_keepalive_timer(sk, tmo);
	} else {
		tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
		return -1;
	}
	return 0;
}

/*
 * RFC 793's fifth check: what the ACK does in the states around the connection's ends.
 *
 * Return: as tcp_finwait1_acked().
 */
static __always_inline int tcp_rcv_state_ack(struct sock *sk, struct sk_buff *skb,
					     const struct tcphdr *th, int acceptable)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
		if (!acceptable)
			return 1;
		tcp_synrecv_established(sk, skb, th);
		break;

	case TCP_FIN_WAIT1:
		/* write_seq counts the FIN: equal means the peer has it. */
		if (tp->snd_una == tp->write_seq)
			return tcp_finwait1_acked(sk, skb, th);
		break;

	case TCP_CLOSING:
		/* Both FINs crossed; ours is acknowledged now. */
		if (tp->snd_una == tp->write_seq) {
			tcp_time_wait(sk, TCP_TIME_WAIT, 0);
			return -1;
		}
		break;

	case TCP_LAST_ACK:
		/* The peer closed first: it will do the waiting, we are done. */
		if (tp->snd_una == tp->write_seq) {
			tcp_update_metrics(sk);
			tcp_done(sk);
			return -1;
		}
		break;
	}
	return 0;
}

/**
 * tcp_rcv_state_process() - a segment in any state but ESTABLISHED and TIME-WAIT
 * @sk: the socket, locked
 * @skb: the segment, consumed unless 1 is returned
 *
 * Return: 0 done; 1 answer with RST.
 *
 * Origin: net/ipv4/tcp_input.c:5896; RFC 793 pages 65-75.
 */
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcphdr *th = tcp_hdr(skb);
	int queued = 0, acceptable, verdict;

	switch (sk->sk_state) {
	case TCP_CLOSE:
		goto discard;

	case TCP_LISTEN:
		/* Nothing was said that could be acknowledged: a RST (RFC 793 page 65). */
		if (th->ack)
			return 1;
		if (th->rst)
			goto discard;
		if (!th->syn || th->fin)
			goto discard;
		if (icsk->icsk_af_ops->conn_request(sk, skb) < 0)
			return 1;
		consume_skb(skb);
		return 0;

	case TCP_SYN_SENT:
		tp->rx_opt.saw_tstamp = 0;
		queued = tcp_rcv_synsent_state_process(sk, skb, th);
		if (queued >= 0)
			return queued;

		/* Connected. The SYN-ACK's payload, if any, was taken by fast open. */
		tcp_urg(sk, skb, th);
		__kfree_skb(skb);
		tcp_data_snd_check(sk);
		return 0;
	}

	tp->rx_opt.saw_tstamp = 0;

	/* RFC 793: a segment with none of these bits means nothing to a connection. */
	if (!th->ack && !th->rst && !th->syn)
		goto discard;

	/* Steps 1 to 4: sequence number, RST, security, SYN. */
	if (!tcp_validate_incoming(sk, skb, th, 0))
		return 0;

	/* Step 5: the ACK. */
	acceptable = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT) > 0;
	verdict = tcp_rcv_state_ack(sk, skb, th, acceptable);
	if (verdict > 0)
		return 1;
	if (verdict < 0)
		goto discard;

	/* Step 6: urgent data. */
	tcp_urg(sk, skb, th);

	/* Step 7: payload and FIN, as far as the state still takes any. */
	switch (sk->sk_state) {
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		/* The peer's FIN was here; only a retransmission of it is of interest. */
		if (!before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt))
			break;
		fallthrough;
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
		/* Nobody will read it: say so (RFC 1122 4.2.2.13), data must not vanish. */
		if ((sk->sk_shutdown & RCV_SHUTDOWN) &&
		    TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq &&
		    after(TCP_SKB_CB(skb)->end_seq - th->fin, tp->rcv_nxt)) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
			tcp_reset(sk);
			return 1;
		}
		fallthrough;
	case TCP_ESTABLISHED:
		tcp_data_queue(sk, skb);
		queued = 1;
		break;
	}

	/* tcp_data_queue() may have gone on to TIME-WAIT: then the socket is closed already. */
	if (sk->sk_state != TCP_CLOSE) {
		tcp_data_snd_check(sk);
		tcp_ack_snd_check(sk);
	}

	if (!queued) {
discard:
		tcp_drop(sk, skb);
	}
	return 0;
}
