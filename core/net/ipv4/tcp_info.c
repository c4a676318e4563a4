/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp.c */
/*
 * getsockopt(TCP_INFO): a connection told to its program (tcp_get_info() of
 * net/ipv4/tcp.c, v4.9). What stays 0 the connection does not know yet.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/win_minmax.h>
#include <net/inet_connection_sock.h>
#include <net/tcp.h>
#include <net/tcp_info.h>

/* What both sides agreed on in their SYNs. */
static void tcp_info_options(const struct tcp_sock *tp, struct tcp_info *info)
{
	if (tp->rx_opt.tstamp_ok)
		info->tcpi_options |= TCPI_OPT_TIMESTAMPS;
	if (tcp_is_sack(tp))
		info->tcpi_options |= TCPI_OPT_SACK;
	if (tp->rx_opt.wscale_ok) {
		info->tcpi_options |= TCPI_OPT_WSCALE;
		info->tcpi_snd_wscale = tp->rx_opt.snd_wscale;
		info->tcpi_rcv_wscale = tp->rx_opt.rcv_wscale;
	}
	if (tp->ecn_flags & TCP_ECN_OK)
		info->tcpi_options |= TCPI_OPT_ECN;
	if (tp->ecn_flags & TCP_ECN_SEEN)
		info->tcpi_options |= TCPI_OPT_ECN_SEEN;
	if (tp->syn_data_acked)
		info->tcpi_options |= TCPI_OPT_SYN_DATA;
}

/* The retransmission queue, the congestion window and the round trip. */
static void tcp_info_sending(const struct sock *sk, const struct tcp_sock *tp,
			     struct tcp_info *info)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	info->tcpi_rto = jiffies_to_usecs(icsk->icsk_rto);
	info->tcpi_ato = jiffies_to_usecs(icsk->icsk_ack.ato);
	info->tcpi_snd_mss = tp->mss_cache;
	info->tcpi_rcv_mss = icsk->icsk_ack.rcv_mss;
	if (sk->sk_state == TCP_LISTEN) { /* a listener's queue, under borrowed names */
		info->tcpi_unacked = sk->sk_ack_backlog;
		info->tcpi_sacked = sk->sk_max_ack_backlog;
	} else {
		info->tcpi_unacked = tp->packets_out;
		info->tcpi_sacked = tp->sacked_out;
	}
	info->tcpi_lost = tp->lost_out;
	info->tcpi_retrans = tp->retrans_out;
	info->tcpi_fackets = tp->fackets_out;

	info->tcpi_pmtu = icsk->icsk_pmtu_cookie;
	info->tcpi_rcv_ssthresh = tp->rcv_ssthresh;
	info->tcpi_rtt = tp->srtt_us >> 3;
	info->tcpi_rttvar = tp->mdev_us >> 2;
	info->tcpi_snd_ssthresh = tp->snd_ssthresh;
	info->tcpi_snd_cwnd = tp->snd_cwnd;
	info->tcpi_advmss = tp->advmss;
	info->tcpi_reordering = tp->reordering;
	info->tcpi_total_retrans = tp->total_retrans;
}

/* Times since something happened, milliseconds. */
static void tcp_info_ages(const struct sock *sk, const struct tcp_sock *tp, struct tcp_info *info)
{
	u32 now = tcp_time_stamp;

	info->tcpi_last_data_sent = jiffies_to_msecs(now - tp->lsndtime);
	info->tcpi_last_data_recv = jiffies_to_msecs(now - inet_csk(sk)->icsk_ack.lrcvtime);
	info->tcpi_last_ack_recv = jiffies_to_msecs(now - tp->rcv_tstamp);
}

static void tcp_info_totals(const struct sock *sk, const struct tcp_sock *tp, struct tcp_info *info)
{
	info->tcpi_rcv_rtt = jiffies_to_usecs(tp->rcv_rtt_est.rtt) >> 3;
	info->tcpi_rcv_space = tp->rcvq_space.space;

	/* ~0 means not paced; the wide type says so with all its bits. */
	info->tcpi_pacing_rate = sk->sk_pacing_rate != ~0U ? sk->sk_pacing_rate : ~0ULL;
	info->tcpi_max_pacing_rate = sk->sk_max_pacing_rate != ~0U ? sk->sk_max_pacing_rate : ~0ULL;
	info->tcpi_bytes_acked = tp->bytes_acked;
	info->tcpi_bytes_received = tp->bytes_received;
	info->tcpi_notsent_bytes = (u32)max(0, (int)(tp->write_seq - tp->snd_nxt));
	info->tcpi_segs_out = tp->segs_out;
	info->tcpi_segs_in = tp->segs_in;
	info->tcpi_min_rtt = tcp_min_rtt(tp);
	info->tcpi_data_segs_in = tp->data_segs_in;
	info->tcpi_data_segs_out = tp->data_segs_out;
	info->tcpi_delivery_rate_app_limited = tp->rate_app_limited ? 1 : 0;
	if (tp->rate_delivered && tp->rate_interval_us)
		info->tcpi_delivery_rate = (u64)tp->rate_delivered * tp->mss_cache * USEC_PER_SEC /
					   tp->rate_interval_us;
}

/* Fills @info whole; the socket need not be owned, each value is one load. */
void tcp_get_info(struct sock *sk, struct tcp_info *info)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	memset(info, 0, sizeof(*info));
	if (sk->sk_type != SOCK_STREAM)
		return;
	info->tcpi_state = sk->sk_state;
	info->tcpi_ca_state = inet_csk(sk)->icsk_ca_state;
	info->tcpi_retransmits = inet_csk(sk)->icsk_retransmits;
	info->tcpi_probes = inet_csk(sk)->icsk_probes_out;
	info->tcpi_backoff = inet_csk(sk)->icsk_backoff;
	tcp_info_options(tp, info);
	tcp_info_sending(sk, tp, info);
	tcp_info_ages(sk, tp, info);
	tcp_info_totals(sk, tp, info);
}
