/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 11, another way to write it: the waits are added up one by one, and each question that the timer
 * asks is a function of its own.
 */

#include <linux/kernel.h>
#include <linux/log2.h>
#include <net/dst.h>
#include <net/snmp.h>
#include <net/tcp.h>

int tcp_out_of_resources(struct sock *sk, bool do_reset);
int tcp_orphan_retries(struct sock *sk, bool alive);
void tcp_mtu_probing(struct inet_connection_sock *icsk, struct sock *sk);
void tcp_write_err(struct sock *sk);
bool retransmits_timed_out(struct sock *sk, unsigned int boundary, unsigned int timeout,
			   bool syn_set);
int tcp_write_timeout(struct sock *sk);

void tcp_write_err(struct sock *sk)
{
	int why = sk->sk_err_soft;

	if (!why)
		why = ETIMEDOUT;
	sk->sk_err = why;
	sk->sk_error_report(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONTIMEOUT);
	tcp_done(sk);
}

/* The wait behind one of length @wait. */
static unsigned int next_wait(unsigned int wait)
{
	return wait >= TCP_RTO_MAX / 2 ? TCP_RTO_MAX : wait * 2;
}

/* From the first sending to the end of the wait behind repetition @count. */
static unsigned int all_waits(unsigned int first, unsigned int count)
{
	unsigned int sum = first, wait = first;

	while (count--) {
		wait = next_wait(wait);
		sum += wait;
	}
	return sum;
}

bool retransmits_timed_out(struct sock *sk, unsigned int boundary, unsigned int timeout,
			   bool syn_set)
{
	u32 began = tcp_sk(sk)->retrans_stamp;

	if (inet_csk(sk)->icsk_retransmits == 0)
		return false;
	if (!began)
		began = tcp_skb_timestamp(tcp_write_queue_head(sk));
	if (!timeout)
		timeout = all_waits(syn_set ? TCP_TIMEOUT_INIT : TCP_RTO_MIN, boundary);
	return tcp_time_stamp - began >= timeout;
}

/* Of a SYN: a doubt about the way there; then, is it over? */
static bool syn_is_over(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int most = icsk->icsk_syn_retries;

	if (!most)
		most = (unsigned int)sock_net(sk)->ipv4.sysctl_tcp_syn_retries;
	if (icsk->icsk_retransmits) {
		dst_negative_advice(sk);
		if (tp->syn_fastopen || tp->syn_data)
			tcp_fastopen_cache_set(sk, 0, NULL, true, 0);
		if (tp->syn_data && icsk->icsk_retransmits == 1)
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVEFAIL);
	} else if (!tp->syn_data && !tp->syn_fastopen) {
		sk_rethink_txhash(sk);
	}
	return retransmits_timed_out(sk, most, 0, true);
}

int tcp_write_timeout(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	unsigned int most = (unsigned int)net->ipv4.sysctl_tcp_retries2;
	bool over;

	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV) {
		over = syn_is_over(sk);
	} else {
		if (!retransmits_timed_out(sk, (unsigned int)net->ipv4.sysctl_tcp_retries1, 0,
					   false)) {
			sk_rethink_txhash(sk);
		} else {
			if (tp->syn_data_acked && tp->bytes_acked <= tp->rx_opt.mss_clamp)
				tcp_fastopen_cache_set(sk, 0, NULL, true, 0);
			tcp_mtu_probing(icsk, sk);
			dst_negative_advice(sk);
		}
		if (sock_flag(sk, SOCK_DEAD)) {
			bool alive = icsk->icsk_rto < TCP_RTO_MAX;

			most = (unsigned int)tcp_orphan_retries(sk, alive);
			if (tcp_out_of_resources(sk, alive || !retransmits_timed_out(sk, most, 0,
										     false)))
				return 1;
		}
		over = retransmits_timed_out(sk, most, icsk->icsk_user_timeout, false);
	}
	if (over)
		tcp_write_err(sk);
	return over;
}

static void arm(struct sock *sk, unsigned int ticks)
{
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, ticks, TCP_RTO_MAX);
}

/* The peer took his window back with data in flight; true: all is done. */
static bool window_is_shut(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return !tp->snd_wnd && !sock_flag(sk, SOCK_DEAD) && sk->sk_state != TCP_SYN_SENT &&
	       sk->sk_state != TCP_SYN_RECV;
}

static void back_off(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_rto = next_wait(icsk->icsk_rto);
	arm(sk, icsk->icsk_rto);
	if (retransmits_timed_out(sk, (unsigned int)sock_net(sk)->ipv4.sysctl_tcp_retries1 + 1, 0,
				  false))
		__sk_dst_reset(sk);
}

void tcp_retransmit_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *oldest;

	if (!tp->packets_out)
		return;
	tp->tlp_high_seq = 0;
	if (window_is_shut(sk)) {
		if (tcp_time_stamp - tp->rcv_tstamp > TCP_RTO_MAX) {
			tcp_write_err(sk);
			return;
		}
		tcp_enter_loss(sk);
		tcp_retransmit_skb(sk, tcp_write_queue_head(sk), 1);
		__sk_dst_reset(sk);
		back_off(sk);
		return;
	}
	if (tcp_write_timeout(sk))
		return;
	if (!icsk->icsk_retransmits)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPTIMEOUTS);
	tcp_enter_loss(sk);
	oldest = tcp_write_queue_head(sk);
	if (tcp_retransmit_skb(sk, oldest, 1) > 0) {
		if (icsk->icsk_retransmits == 0)
			icsk->icsk_retransmits = 1;
		arm(sk, min(icsk->icsk_rto, TCP_RESOURCE_PROBE_INTERVAL));
		return;
	}
	icsk->icsk_retransmits++;
	icsk->icsk_backoff++;
	back_off(sk);
}
