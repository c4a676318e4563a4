/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 9, another way to write it: each segment is first given a name, then that is acted upon.
 */

#include <linux/kernel.h>
#include <linux/net.h>
#include <net/dst.h>
#include <net/snmp.h>
#include <net/ipv4/tcp_input.h>

bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack,
			     struct tcp_fastopen_cookie *cookie);
int tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th);

/* What a segment is to a socket in SYN-SENT. */
enum segment {
	NOTHING, /* passed over */
	STRAY,   /* answered with a RST */
	REFUSAL,
	ANSWER,
	SYN_CROSSED
};

static bool acknowledges_us(struct sock *sk, u32 number)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 open = tp->snd_nxt - tp->snd_una, n = number - tp->snd_una;

	if (n == 0 || n > open)
		return false;
	if (!tp->rx_opt.saw_tstamp || tp->rx_opt.rcv_tsecr == 0)
		return true;
	if (tp->rx_opt.rcv_tsecr - tp->retrans_stamp <= tcp_time_stamp - tp->retrans_stamp)
		return true;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSACTIVEREJECTED);
	return false;
}

static enum segment name_of(struct sock *sk, const struct sk_buff *skb, const struct tcphdr *th)
{
	const struct tcp_options_received *opt = &tcp_sk(sk)->rx_opt;

	if (th->ack && !acknowledges_us(sk, TCP_SKB_CB(skb)->ack_seq))
		return STRAY;
	if (th->rst)
		return th->ack ? REFUSAL : NOTHING;
	if (!th->syn)
		return NOTHING;
	if (th->ack)
		return ANSWER;
	if (opt->ts_recent_stamp && opt->saw_tstamp && tcp_paws_reject(opt, 0))
		return NOTHING;
	return SYN_CROSSED;
}

/* What both kinds of a peer's SYN say. */
static void take_syn(struct sock *sk, const struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 next = TCP_SKB_CB(skb)->seq + 1;

	tp->snd_wnd = ntohs(th->window);
	WRITE_ONCE(tp->rcv_nxt, next);
	tp->rcv_wup = next;
	tp->copied_seq = next;
	tp->tcp_header_len = sizeof(struct tcphdr);
	if (tp->rx_opt.saw_tstamp) {
		tp->rx_opt.tstamp_ok = 1;
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	}
}

static void sizes(struct sock *sk)
{
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
}

static void accept_answer(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_ecn_rcv_synack(tp, th);
	tcp_init_wl(tp, TCP_SKB_CB(skb)->seq);
	tcp_ack(sk, skb, FLAG_SLOWPATH);
	take_syn(sk, skb, th);
	if (tp->rx_opt.tstamp_ok) {
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
		tcp_store_ts_recent(tp);
	}
	if (!tp->rx_opt.wscale_ok) {
		tp->rx_opt.rcv_wscale = 0;
		tp->rx_opt.snd_wscale = 0;
		if (tp->window_clamp > 65535)
			tp->window_clamp = 65535;
	}
	if (tcp_is_sack(tp) && sysctl_tcp_fack)
		tcp_enable_fack(tp);
	sizes(sk);
	smp_mb();
	tcp_finish_connect(sk, skb);
}

static void accept_crossed(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_SYN_RECV);
	take_syn(sk, skb, th);
	if (tp->rx_opt.tstamp_ok)
		tcp_store_ts_recent(tp);
	tp->max_window = tp->snd_wnd;
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tcp_ecn_rcv_syn(tp, th);
	sizes(sk);
	tcp_send_synack(sk);
}

/* Whether data that waits to be written will carry the ACK. */
static bool ack_can_wait(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return sk->sk_write_pending || icsk->icsk_accept_queue.rskq_defer_accept ||
	       icsk->icsk_ack.pingpong;
}

int tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_fastopen_cookie foc = { .len = -1 };
	struct tcp_sock *tp = tcp_sk(sk);
	int clamp = tp->rx_opt.mss_clamp;
	enum segment what;

	tcp_parse_options(skb, &tp->rx_opt, 0, &foc);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;

	what = name_of(sk, skb, th);
	if (what == NOTHING || what == STRAY) {
		tp->rx_opt.mss_clamp = clamp;
		tcp_clear_options(&tp->rx_opt);
	}
	if (what == STRAY)
		return 1;
	if (what == REFUSAL)
		tcp_reset(sk);
	if (what == SYN_CROSSED)
		accept_crossed(sk, skb, th);
	if (what == ANSWER) {
		accept_answer(sk, skb, th);
		if ((tp->syn_fastopen || tp->syn_data) && tcp_rcv_fastopen_synack(sk, skb, &foc))
			return -1;
		if (!ack_can_wait(sk)) {
			tcp_send_ack(sk);
			return -1;
		}
		inet_csk_schedule_ack(sk);
		inet_csk(sk)->icsk_ack.lrcvtime = tcp_time_stamp;
		tcp_enter_quickack_mode(sk);
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, TCP_DELACK_MAX, TCP_RTO_MAX);
	}
	tcp_drop(sk, skb);
	return 0;
}
