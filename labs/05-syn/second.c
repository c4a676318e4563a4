/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 5, another way to write it: the number is kept in a variable, and the two halves of tcp_connect()
 * are functions of their own.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/tcp.h>
#include <net/ipv4/tcp_output.h>

void tcp_ecn_send_syn(struct sock *sk, struct sk_buff *skb);
void tcp_ca_dst_init(struct sock *sk, const struct dst_entry *dst);
void tcp_connect_queue_skb(struct sock *sk, struct sk_buff *skb);
int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn);
void tcp_connect_init(struct sock *sk);

static void window_of(struct sock *sk, const struct dst_entry *dst)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tp->advmss;
	__u8 scale;

	if (tp->rx_opt.ts_recent_stamp)
		mss -= tp->tcp_header_len - sizeof(struct tcphdr);
	tcp_select_initial_window(tcp_full_space(sk), mss, &tp->rcv_wnd, &tp->window_clamp,
				  sysctl_tcp_window_scaling, &scale,
				  dst_metric(dst, RTAX_INITRWND));
	tp->rx_opt.rcv_wscale = scale;
	tp->rcv_ssthresh = tp->rcv_wnd;
}

/* All that says where we are in the row of numbers. */
static void numbers_of(struct tcp_sock *tp)
{
	u32 begin = tp->write_seq;

	tp->snd_nxt = begin;
	tp->snd_una = begin;
	tp->snd_up = begin;
	tp->snd_sml = begin;
	tcp_init_wl(tp, 0);
	tp->snd_wnd = 0;

	if (tp->repair)
		tp->rcv_tstamp = tcp_time_stamp;
	else
		tp->rcv_nxt = 0;
	tp->copied_seq = tp->rcv_nxt;
	tp->rcv_wup = tp->rcv_nxt;
}

void tcp_connect_init(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	tp->tcp_header_len = sizeof(struct tcphdr);
	if (sysctl_tcp_timestamps)
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	if (tp->af_specific->md5_lookup(sk, sk))
		tp->tcp_header_len += TCPOLEN_MD5SIG_ALIGNED;
	if (tp->rx_opt.user_mss)
		tp->rx_opt.mss_clamp = tp->rx_opt.user_mss;
	tp->max_window = 0;
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, dst_mtu(dst));
	tcp_ca_dst_init(sk, dst);
	if (!tp->window_clamp)
		tp->window_clamp = dst_metric(dst, RTAX_WINDOW);
	tp->advmss = dst_metric_advmss(dst);
	if (tp->rx_opt.user_mss && tp->rx_opt.user_mss < tp->advmss)
		tp->advmss = tp->rx_opt.user_mss;
	tcp_initialize_rcv_mss(sk);
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK &&
	    ((int)tp->window_clamp > tcp_full_space(sk) || !tp->window_clamp))
		tp->window_clamp = tcp_full_space(sk);
	window_of(sk, dst);
	sk->sk_err = 0;
	sock_reset_flag(sk, SOCK_DONE);
	numbers_of(tp);
	inet_csk(sk)->icsk_rto = TCP_TIMEOUT_INIT;
	inet_csk(sk)->icsk_retransmits = 0;
	tcp_clear_retrans(tp);
}

static struct sk_buff *make_syn(struct sock *sk)
{
	struct sk_buff *syn = sk_stream_alloc_skb(sk, 0, sk->sk_allocation, true);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!syn)
		return NULL;
	tp->retrans_stamp = tcp_time_stamp;
	tcp_init_nondata_skb(syn, tp->write_seq, TCPHDR_SYN);
	tcp_connect_queue_skb(sk, syn);
	tcp_ecn_send_syn(sk, syn);
	return syn;
}

int tcp_connect(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *syn;
	int err;

	tcp_connect_init(sk);
	if (tp->repair) {
		tcp_finish_connect(sk, NULL);
		return 0;
	}
	syn = make_syn(sk);
	if (!syn)
		return -ENOBUFS;
	if (tp->fastopen_req)
		err = tcp_send_syn_data(sk, syn);
	else
		err = tcp_transmit_skb(sk, syn, 1, sk->sk_allocation);
	if (err == -ECONNREFUSED)
		return err;
	tp->pushed_seq = tp->write_seq;
	tp->snd_nxt = tp->write_seq;
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto, TCP_RTO_MAX);
	TCP_INC_STATS(sock_net(sk), TCP_MIB_ACTIVEOPENS);
	return 0;
}
