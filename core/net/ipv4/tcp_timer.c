/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP's timers: what happens when the peer stays silent.
 *
 * Theory of operation
 * -------------------
 * A connection has three timers (RFC 793, RFC 1122):
 *
 *	retransmit	icsk_retransmit_timer; icsk_pending says what it is armed for: a time-out
 *			(ICSK_TIME_RETRANS), a tail loss probe, a probe of a closed window
 *	delayed ACK	icsk_delack_timer
 *	keepalive	sk_timer; also bounds FIN-WAIT-2 of a socket nobody holds any more
 *
 * A timer fires in softirq context and may find the socket locked by a task in a system call. It
 * must not wait. It then leaves a note (tsq_flags, or for keepalive a short re-arm), and
 * release_sock() -> tcp_release_cb() does the work on the task's back.
 *
 * Stopping a timer is cheap on purpose: icsk_pending becomes 0 and the timer is left to fire into
 * nothing. An active timer holds a reference on the socket, which its handler drops at the end.
 *
 * The retransmission of a SYN: the time-out starts at one second and doubles, so SYNs go out at 0,
 * 1, 3, 7, 15, 31 and 63 seconds, and connect() fails with ETIMEDOUT at 127 (tcp_syn_retries = 6).
 *
 * Origin: net/ipv4/tcp_timer.c, v4.9; RFC 6298, RFC 1122 4.2.3.5.
 */
#include <linux/kernel.h>
#include <linux/log2.h>
#include <net/dst.h>
#include <net/snmp.h>
#include <net/tcp.h>

/* Back-off may stay linear this often for a thin stream, which has little to overload with. */
#define TCP_THIN_LINEAR_RETRIES 6

int sysctl_tcp_thin_linear_timeouts; /* thin streams: do not back off exponentially at once */

/**
 * tcp_write_err() - the peer does not answer: give up
 * @sk: the socket
 *
 * If ICMP had given a reason (sk_err_soft: no route to host, say), the user gets that, otherwise
 * ETIMEDOUT.
 *
 * Origin: net/ipv4/tcp_timer.c:34.
 */
static void tcp_write_err(struct sock *sk)
{
	sk->sk_err = sk->sk_err_soft ? sk->sk_err_soft : ETIMEDOUT;
	sk->sk_error_report(sk);

	tcp_done(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONTIMEOUT);
}

/**
 * tcp_out_of_resources() - may an orphaned socket go on retransmitting?
 * @sk: the socket; nobody holds it
 * @do_reset: tell the peer with a RST if not
 *
 * Orphans cost memory and serve nobody. One that never made progress, or retransmits for long,
 * counts double when there are too many.
 *
 * Return: 1 if it was killed.
 *
 * Origin: net/ipv4/tcp_timer.c:59.
 */
static int tcp_out_of_resources(struct sock *sk, bool do_reset)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int shift = 0;

	if ((s32)(tcp_time_stamp - tp->lsndtime) > (s32)(2 * TCP_RTO_MAX) || !do_reset)
		shift++;
	if (sk->sk_err_soft)
		shift++;

	if (!tcp_check_oom(sk, shift))
		return 0;

	/* Sent data recently: the peer is probably there and wants to know. */
	if ((s32)(tcp_time_stamp - tp->lsndtime) <= TCP_TIMEWAIT_LEN ||
	    (!tp->snd_wnd && !tp->packets_out))
		do_reset = true;
	if (do_reset)
		tcp_send_active_reset(sk, GFP_ATOMIC);
	tcp_done(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONMEMORY);
	return 1;
}

/**
 * tcp_orphan_retries() - how often does an orphan retransmit?
 * @sk: the socket
 * @alive: the time-out has not yet reached its maximum, so the peer may still be there
 *
 * Origin: net/ipv4/tcp_timer.c:94.
 */
static int tcp_orphan_retries(struct sock *sk, bool alive)
{
	int retries = sock_net(sk)->ipv4.sysctl_tcp_orphan_retries;

	/* An ICMP error says: gone. */
	if (sk->sk_err_soft && !alive)
		retries = 0;

	/* Eight attempts, about 100 seconds with the smallest time-out: RFC 1122's minimum. */
	if (retries == 0 && alive)
		retries = 8;
	return retries;
}

/**
 * tcp_mtu_probing() - the path may swallow large packets silently: try smaller ones
 * @icsk: the connection
 * @sk: the same as a socket
 *
 * Origin: net/ipv4/tcp_timer.c:110; RFC 4821 section 7.7.
 */
static void tcp_mtu_probing(struct inet_connection_sock *icsk, struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (!net->ipv4.sysctl_tcp_mtu_probing)
		return;

	if (!icsk->icsk_mtup.enabled) {
		icsk->icsk_mtup.enabled = 1;
		icsk->icsk_mtup.probe_timestamp = tcp_time_stamp;
		tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	} else {
		struct tcp_sock *tp = tcp_sk(sk);
		int mss = tcp_mtu_to_mss(sk, icsk->icsk_mtup.search_low) >> 1;

		mss = min(net->ipv4.sysctl_tcp_base_mss, mss);
		mss = max(mss, 68 - (int)tp->tcp_header_len);
		icsk->icsk_mtup.search_low = tcp_mss_to_mtu(sk, mss);
		tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	}
}

/**
 * retransmits_timed_out() - have we tried long enough?
 * @sk: the socket
 * @boundary: number of retransmissions that is enough
 * @timeout: jiffies that are enough (TCP_USER_TIMEOUT); 0: derive them from @boundary
 * @syn_set: it is a SYN, whose time-out starts at 1 s instead of 200 ms
 *
 * The measure is time, not attempts: the count is converted into the time that so many attempts
 * with doubling intervals would take. A connection whose RTO is large for other reasons thus has
 * no longer life than one with a small RTO.
 *
 * Origin: net/ipv4/tcp_timer.c:151; RFC 1122 4.2.3.5.
 */
static bool retransmits_timed_out(struct sock *sk, unsigned int boundary, unsigned int timeout,
				  bool syn_set)
{
	unsigned int linear_backoff_thresh, start_ts;
	unsigned int rto_base = syn_set ? TCP_TIMEOUT_INIT : TCP_RTO_MIN;

	if (!inet_csk(sk)->icsk_retransmits)
		return false;

	start_ts = tcp_sk(sk)->retrans_stamp;
	if (unlikely(!start_ts))
		start_ts = tcp_skb_timestamp(tcp_write_queue_head(sk));

	if (likely(timeout == 0)) {
		/* Doubling stops at TCP_RTO_MAX; from there on the intervals are equal. */
		linear_backoff_thresh = (unsigned int)ilog2(TCP_RTO_MAX / rto_base);

		if (boundary <= linear_backoff_thresh)
			timeout = ((2U << boundary) - 1) * rto_base;
		else
			timeout = ((2U << linear_backoff_thresh) - 1) * rto_base +
				  (boundary - linear_backoff_thresh) * TCP_RTO_MAX;
	}
	return (tcp_time_stamp - start_ts) >= timeout;
}

/**
 * tcp_write_timeout() - before a retransmission: give up, or look for a better way?
 * @sk: the socket
 *
 * On the way to giving up the route is doubted (dst_negative_advice), another hash is tried, which
 * may lead over another link (sk_rethink_txhash), and fast open is no longer used with this peer,
 * since a middlebox may dislike data in a SYN.
 *
 * Return: 1 if the connection was ended.
 *
 * Origin: net/ipv4/tcp_timer.c:179.
 */
static int tcp_write_timeout(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	bool do_reset, syn_set = false;
	int retry_until;

	if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
		if (icsk->icsk_retransmits) {
			dst_negative_advice(sk);
			if (tp->syn_fastopen || tp->syn_data)
				tcp_fastopen_cache_set(sk, 0, NULL, true, 0);
			if (tp->syn_data && icsk->icsk_retransmits == 1)
				NET_INC_STATS(net, LINUX_MIB_TCPFASTOPENACTIVEFAIL);
		} else if (!tp->syn_data && !tp->syn_fastopen) {
			sk_rethink_txhash(sk);
		}
		retry_until = icsk->icsk_syn_retries ? icsk->icsk_syn_retries :
						       net->ipv4.sysctl_tcp_syn_retries;
		syn_set = true;
	} else {
		if (retransmits_timed_out(sk, (unsigned int)net->ipv4.sysctl_tcp_retries1, 0,
					  false)) {
			if (tp->syn_data_acked && tp->bytes_acked <= tp->rx_opt.mss_clamp) {
				tcp_fastopen_cache_set(sk, 0, NULL, true, 0);
				if (icsk->icsk_retransmits == net->ipv4.sysctl_tcp_retries1)
					NET_INC_STATS(net, LINUX_MIB_TCPFASTOPENACTIVEFAIL);
			}
			tcp_mtu_probing(icsk, sk);
			dst_negative_advice(sk);
		} else {
			sk_rethink_txhash(sk);
		}

		retry_until = net->ipv4.sysctl_tcp_retries2;
		if (sock_flag(sk, SOCK_DEAD)) {
			const bool alive = icsk->icsk_rto < TCP_RTO_MAX;

			retry_until = tcp_orphan_retries(sk, alive);
			do_reset = alive ||
				   !retransmits_timed_out(sk, (unsigned int)retry_until, 0, false);

			if (tcp_out_of_resources(sk, do_reset))
				return 1;
		}
	}

	if (retransmits_timed_out(sk, (unsigned int)retry_until,
				  syn_set ? 0 : icsk->icsk_user_timeout, syn_set)) {
		tcp_write_err(sk);
		return 1;
	}
	return 0;
}

/* ------------------------------------------------------------------ delayed ACK */

/**
 * tcp_delack_timer_handler() - no data came that could carry the ACK: send it alone
 * @sk: the socket, locked
 *
 * That it came to this also says that the dialogue is less lively than thought: the next ACK may
 * wait longer, or, if we were too optimistic, less.
 *
 * Origin: net/ipv4/tcp_timer.c:245.
 */
void tcp_delack_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	sk_mem_reclaim_partial(sk);

	if (((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)) ||
	    !(icsk->icsk_ack.pending & ICSK_ACK_TIMER))
		goto out;

	if (time_after(icsk->icsk_ack.timeout, jiffies)) {
		/* The deadline was moved; the timer itself was not. */
		sk_reset_timer(sk, &icsk->icsk_delack_timer, icsk->icsk_ack.timeout);
		goto out;
	}
	icsk->icsk_ack.pending &= (__u8)~ICSK_ACK_TIMER;

	if (inet_csk_ack_scheduled(sk)) {
		if (!icsk->icsk_ack.pingpong) {
			/* The ACK was missed by the peer: wait longer before the next. */
			icsk->icsk_ack.ato = min(icsk->icsk_ack.ato << 1, icsk->icsk_rto);
		} else {
			/* The dialogue has stopped: back to one-way traffic. */
			icsk->icsk_ack.pingpong = 0;
			icsk->icsk_ack.ato = TCP_ATO_MIN;
		}
		tcp_send_ack(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKS);
	}

out:
	if (tcp_under_memory_pressure(sk))
		sk_mem_reclaim(sk);
}

/* The timer itself: do it, or leave it to the task that holds the lock. Origin: 302. */
static void tcp_delack_timer(unsigned long data)
{
	struct sock *sk = (struct sock *)data;

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		tcp_delack_timer_handler(sk);
	} else {
		inet_csk(sk)->icsk_ack.blocked = 1;
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOCKED);
		/* tcp_release_cb() drops this reference when it has done the work. */
		if (!test_and_set_bit(TCP_DELACK_TIMER_DEFERRED, &tcp_sk(sk)->tsq_flags))
			sock_hold(sk);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}

/* ------------------------------------------------------------------ closed window */

/**
 * tcp_probe_timer() - the peer's window is closed: is it still?
 * @sk: the socket, locked
 *
 * Only the peer can open it, and the segment in which he does may have been lost.
 *
 * Origin: net/ipv4/tcp_timer.c:320; RFC 1122 4.2.2.17.
 */
static void tcp_probe_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int max_probes;
	u32 start_ts;

	if (tp->packets_out || !tcp_send_head(sk)) {
		icsk->icsk_probes_out = 0;
		return;
	}

	start_ts = tcp_skb_timestamp(tcp_send_head(sk));
	if (!start_ts)
		skb_mstamp_get(&tcp_send_head(sk)->skb_mstamp);
	else if (icsk->icsk_user_timeout &&
		 (s32)(tcp_time_stamp - start_ts) > (s32)icsk->icsk_user_timeout)
		goto abort;

	max_probes = sock_net(sk)->ipv4.sysctl_tcp_retries2;
	if (sock_flag(sk, SOCK_DEAD)) {
		const bool alive = inet_csk_rto_backoff(icsk, TCP_RTO_MAX) < TCP_RTO_MAX;

		max_probes = tcp_orphan_retries(sk, alive);
		if (!alive && icsk->icsk_backoff >= max_probes)
			goto abort;
		if (tcp_out_of_resources(sk, true))
			return;
	}

	if (icsk->icsk_probes_out > max_probes) {
abort:
		tcp_write_err(sk);
	} else {
		tcp_send_probe0(sk);
	}
}

/* ------------------------------------------------------------------ retransmission */

/* Counts why the first time-out of a series happened. */
static __always_inline void tcp_count_timeout(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	int mib_idx = LINUX_MIB_TCPTIMEOUTS;

	if (icsk->icsk_ca_state == TCP_CA_Recovery) {
		mib_idx = tcp_is_sack(tp) ? LINUX_MIB_TCPSACKRECOVERYFAIL :
					    LINUX_MIB_TCPRENORECOVERYFAIL;
	} else if (icsk->icsk_ca_state == TCP_CA_Loss) {
		mib_idx = LINUX_MIB_TCPLOSSFAILURES;
	} else if (icsk->icsk_ca_state == TCP_CA_Disorder || tp->sacked_out) {
		mib_idx = tcp_is_sack(tp) ? LINUX_MIB_TCPSACKFAILURES : LINUX_MIB_TCPRENOFAILURES;
	}
	NET_INC_STATS(sock_net(sk), mib_idx);
}

/**
 * tcp_retransmit_timer() - nothing was acknowledged in time: send the oldest packet again
 * @sk: the socket, locked
 *
 * Origin: net/ipv4/tcp_timer.c:408; RFC 6298 (5.4) to (5.6).
 */
void tcp_retransmit_timer(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (!tp->packets_out)
		return;

	WARN_ON(tcp_write_queue_empty(sk));

	tp->tlp_high_seq = 0;

	if (!tp->snd_wnd && !sock_flag(sk, SOCK_DEAD) &&
	    !((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))) {
		/*
		 * The peer took his window back while data was in flight. Retransmit as a
		 * probe, and have patience as long as he answers at all.
		 */
		if (tcp_time_stamp - tp->rcv_tstamp > TCP_RTO_MAX) {
			tcp_write_err(sk);
			return;
		}
		tcp_enter_loss(sk);
		tcp_retransmit_skb(sk, tcp_write_queue_head(sk), 1);
		__sk_dst_reset(sk);
		goto out_reset_timer;
	}

	if (tcp_write_timeout(sk))
		return;

	if (icsk->icsk_retransmits == 0)
		tcp_count_timeout(sk);

	tcp_enter_loss(sk);

	if (tcp_retransmit_skb(sk, tcp_write_queue_head(sk), 1) > 0) {
		/* It did not leave our own machine: not the network's fault, no back-off. */
		if (!icsk->icsk_retransmits)
			icsk->icsk_retransmits = 1;
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS,
					  min(icsk->icsk_rto, TCP_RESOURCE_PROBE_INTERVAL),
					  TCP_RTO_MAX);
		return;
	}

	icsk->icsk_backoff++;
	icsk->icsk_retransmits++;

out_reset_timer:
	if (sk->sk_state == TCP_ESTABLISHED && (tp->thin_lto || sysctl_tcp_thin_linear_timeouts) &&
	    tcp_stream_is_thin(tp) && icsk->icsk_retransmits <= TCP_THIN_LINEAR_RETRIES) {
		icsk->icsk_backoff = 0;
		icsk->icsk_rto = min(__tcp_set_rto(tp), TCP_RTO_MAX);
	} else {
		icsk->icsk_rto = min(icsk->icsk_rto << 1, TCP_RTO_MAX);
	}
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, icsk->icsk_rto, TCP_RTO_MAX);
	if (retransmits_timed_out(sk, (unsigned int)net->ipv4.sysctl_tcp_retries1 + 1, 0, false))
		__sk_dst_reset(sk);
}

/**
 * tcp_write_timer_handler() - the retransmit timer: find out what it was armed for
 * @sk: the socket, locked
 *
 * Also called by tcp_release_cb() when the timer had found the socket locked.
 *
 * Origin: net/ipv4/tcp_timer.c:550.
 */
void tcp_write_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	int event;

	if (((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)) || !icsk->icsk_pending)
		goto out;

	if (time_after(icsk->icsk_timeout, jiffies)) {
		sk_reset_timer(sk, &icsk->icsk_retransmit_timer, icsk->icsk_timeout);
		goto out;
	}

	event = icsk->icsk_pending;

	switch (event) {
	case ICSK_TIME_EARLY_RETRANS:
		tcp_resume_early_retransmit(sk);
		break;
	case ICSK_TIME_LOSS_PROBE:
		tcp_send_loss_probe(sk);
		break;
	case ICSK_TIME_RETRANS:
		icsk->icsk_pending = 0;
		tcp_retransmit_timer(sk);
		break;
	case ICSK_TIME_PROBE0:
		icsk->icsk_pending = 0;
		tcp_probe_timer(sk);
		break;
	}

out:
	sk_mem_reclaim(sk);
}

/* The timer itself: do it, or leave it to the task that holds the lock. Origin: 586. */
static void tcp_write_timer(unsigned long data)
{
	struct sock *sk = (struct sock *)data;

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		tcp_write_timer_handler(sk);
	} else {
		if (!test_and_set_bit(TCP_WRITE_TIMER_DEFERRED, &tcp_sk(sk)->tsq_flags))
			sock_hold(sk);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}

/* ------------------------------------------------------------------ keepalive */

/**
 * tcp_set_keepalive() - SO_KEEPALIVE was switched
 * @sk: the socket, locked
 * @val: on or off
 *
 * Origin: net/ipv4/tcp_timer.c:610.
 */
void tcp_set_keepalive(struct sock *sk, int val)
{
	if ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return;

	if (val && !sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk, (unsigned long)keepalive_time_when(tcp_sk(sk)));
	else if (!val)
		inet_csk_delete_keepalive_timer(sk);
}

/* An orphan in FIN-WAIT-2 has waited long enough: the rest in TIME-WAIT, or a RST. */
static __always_inline void tcp_fin_wait2_expired(struct sock *sk)
{
	if (tcp_sk(sk)->linger2 >= 0) {
		const int tmo = tcp_fin_time(sk) - TCP_TIMEWAIT_LEN;

		if (tmo > 0) {
			tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
			return;
		}
	}
	tcp_send_active_reset(sk, GFP_ATOMIC);
	tcp_done(sk);
}

/**
 * tcp_keepalive_timer() - the connection has been idle for long, or FIN-WAIT-2 has
 * @data: the socket
 *
 * Origin: net/ipv4/tcp_timer.c:622; RFC 1122 4.2.3.6.
 */
static void tcp_keepalive_timer(unsigned long data)
{
	struct sock *sk = (struct sock *)data;
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 elapsed;

	bh_lock_sock(sk);
	if (sock_owned_by_user(sk)) {
		/* Nobody is in a hurry: try again in 50 ms. */
		inet_csk_reset_keepalive_timer(sk, HZ / 20);
		goto out;
	}

	if (sk->sk_state == TCP_FIN_WAIT2 && sock_flag(sk, SOCK_DEAD)) {
		tcp_fin_wait2_expired(sk);
		goto out;
	}

	if (!sock_flag(sk, SOCK_KEEPOPEN) || ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_SYN_SENT)))
		goto out;

	elapsed = (u32)keepalive_time_when(tp);

	/* Something is in flight or about to be: the retransmit timer watches already. */
	if (tp->packets_out || tcp_send_head(sk))
		goto resched;

	elapsed = keepalive_time_elapsed(tp);
	if (elapsed >= (u32)keepalive_time_when(tp)) {
		/* TCP_USER_TIMEOUT overrules the number of probes. */
		if ((icsk->icsk_user_timeout != 0 && elapsed >= icsk->icsk_user_timeout &&
		     icsk->icsk_probes_out > 0) ||
		    (icsk->icsk_user_timeout == 0 &&
		     icsk->icsk_probes_out >= keepalive_probes(tp))) {
			tcp_send_active_reset(sk, GFP_ATOMIC);
			tcp_write_err(sk);
			goto out;
		}
		if (tcp_write_wakeup(sk, LINUX_MIB_TCPKEEPALIVE) <= 0) {
			icsk->icsk_probes_out++;
			elapsed = (u32)keepalive_intvl_when(tp);
		} else {
			/* Not even out of our machine: again soon. */
			elapsed = TCP_RESOURCE_PROBE_INTERVAL;
		}
	} else {
		elapsed = (u32)keepalive_time_when(tp) - elapsed;
	}

	sk_mem_reclaim(sk);

resched:
	inet_csk_reset_keepalive_timer(sk, elapsed);
out:
	bh_unlock_sock(sk);
	sock_put(sk);
}

/**
 * tcp_init_xmit_timers() - give a new socket its three timers, none of them armed
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_timer.c:707.
 */
void tcp_init_xmit_timers(struct sock *sk)
{
	inet_csk_init_xmit_timers(sk, &tcp_write_timer, &tcp_delack_timer, &tcp_keepalive_timer);
}
