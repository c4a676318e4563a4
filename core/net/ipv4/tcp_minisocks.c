/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TIME-WAIT: what remains of a connection that we closed first.
 *
 * Theory of operation
 * -------------------
 * Whoever sends the first FIN must wait a minute after the last ACK (RFC 793 page 73). That ACK
 * may be lost, and then the peer repeats his FIN and needs it again; and segments of the old
 * connection may still wander about that a new one with the same four numbers would take for its
 * own. A full socket for that would be a waste (about 2 KB): an inet_timewait_sock of some 200
 * bytes takes its place in the hash table and in the port's bind bucket, with a timer of its own.
 *
 * A socket that nobody holds any more may spend its FIN-WAIT-2 in this form too: tw_substate tells
 * the two apart. Segments for it arrive through tcp_v4_rcv(), which asks
 * tcp_timewait_state_process() what to do.
 *
 * The child sockets of a listener, which the kernel keeps in this file as well, are left out.
 *
 * Origin: net/ipv4/tcp_minisocks.c, v4.9; RFC 793, 1337, 7323 section 5.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/snmp.h>
#include <net/tcp.h>

/* All remnants in TIME-WAIT, and the hash tables they live in; tcp_init() fills it. */
struct inet_timewait_death_row tcp_death_row;
int sysctl_tcp_abort_on_overflow; /* RST when a listener's queue is full */

/* Does [seq, end_seq) touch [s_win, e_win)? Origin: net/ipv4/tcp_minisocks.c:38. */
static bool tcp_in_window(u32 seq, u32 end_seq, u32 s_win, u32 e_win)
{
	if (seq == s_win)
		return true;
	if (after(end_seq, s_win) && before(seq, e_win))
		return true;
	return seq == e_win && seq == end_seq;
}

/* An answer, unless one was given a moment ago. Origin: net/ipv4/tcp_minisocks.c:48. */
static enum tcp_tw_status tcp_timewait_check_oow_rate_limit(struct inet_timewait_sock *tw,
							    const struct sk_buff *skb, int mib_idx)
{
	struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);

	if (!tcp_oow_rate_limited(twsk_net(tw), skb, mib_idx, &tcptw->tw_last_oow_ack_time))
		return TCP_TW_ACK; /* the caller drops the reference after sending it */

	inet_twsk_put(tw);
	return TCP_TW_SUCCESS;
}

/* The stub goes away now, not when its timer fires; nobody is told. */
static __always_inline enum tcp_tw_status tcp_tw_kill(struct inet_timewait_sock *tw)
{
	inet_twsk_deschedule_put(tw);
	return TCP_TW_SUCCESS;
}

/* A segment for FIN-WAIT-2 in TIME-WAIT's clothes: here the peer's FIN is awaited. */
static __always_inline enum tcp_tw_status
tcp_tw_fin_wait2(struct inet_timewait_sock *tw, struct sk_buff *skb, const struct tcphdr *th,
		 const struct tcp_options_received *tmp_opt, bool paws_reject)
{
	struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);

	if (paws_reject || !tcp_in_window(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq,
					  tcptw->tw_rcv_nxt, tcptw->tw_rcv_nxt + tcptw->tw_rcv_wnd))
		return tcp_timewait_check_oow_rate_limit(tw, skb, LINUX_MIB_TCPACKSKIPPEDFINWAIT2);

	if (th->rst)
		return tcp_tw_kill(tw);

	if (th->syn && !before(TCP_SKB_CB(skb)->seq, tcptw->tw_rcv_nxt))
		return TCP_TW_RST;

	/* Nothing new: a pure ACK, or a repetition. */
	if (!th->ack || !after(TCP_SKB_CB(skb)->end_seq, tcptw->tw_rcv_nxt) ||
	    TCP_SKB_CB(skb)->end_seq == TCP_SKB_CB(skb)->seq) {
		inet_twsk_put(tw);
		return TCP_TW_SUCCESS;
	}

	/* Data that nobody will read: the peer must learn it. */
	if (!th->fin || TCP_SKB_CB(skb)->end_seq != tcptw->tw_rcv_nxt + 1)
		return TCP_TW_RST;

	/* The FIN: now it is TIME-WAIT in truth. */
	tw->tw_substate = TCP_TIME_WAIT;
	tcptw->tw_rcv_nxt = TCP_SKB_CB(skb)->end_seq;
	if (tmp_opt->saw_tstamp) {
		tcptw->tw_ts_recent_stamp = (long)get_seconds();
		tcptw->tw_ts_recent = tmp_opt->rcv_tsval;
	}

	if (tcp_death_row.sysctl_tw_recycle && tcptw->tw_ts_recent_stamp &&
	    tcp_tw_remember_stamp(tw))
		inet_twsk_reschedule(tw, tw->tw_timeout);
	else
		inet_twsk_reschedule(tw, TCP_TIMEWAIT_LEN);
	return TCP_TW_ACK;
}

/**
 * tcp_timewait_state_process() - a segment for a connection in TIME-WAIT
 * @tw: the stub; the caller's reference is dropped unless the answer needs it
 * @skb: the segment
 * @th: its header
 *
 * Return: TCP_TW_SUCCESS nothing to do; TCP_TW_ACK repeat the ACK; TCP_TW_RST answer with a RST and
 * end the stub, in this order, for the RST is made with its help; TCP_TW_SYN a new connection may
 * take the place (its ISN is left in tcp_tw_isn).
 *
 * Origin: net/ipv4/tcp_minisocks.c:97; RFC 793 pages 69-76, RFC 1122 4.2.2.13, RFC 1337.
 */
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw, struct sk_buff *skb,
					      const struct tcphdr *th)
{
	struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);
	struct tcp_options_received tmp_opt;
	bool paws_reject = false;

	tmp_opt.saw_tstamp = 0;
	if (th->doff > (sizeof(*th) >> 2) && tcptw->tw_ts_recent_stamp) {
		tcp_parse_options(skb, &tmp_opt, 0, NULL);

		if (tmp_opt.saw_tstamp) {
			if (tmp_opt.rcv_tsecr)
				tmp_opt.rcv_tsecr -= tcptw->tw_ts_offset;
			tmp_opt.ts_recent = tcptw->tw_ts_recent;
			tmp_opt.ts_recent_stamp = tcptw->tw_ts_recent_stamp;
			paws_reject = tcp_paws_reject(&tmp_opt, th->rst);
		}
	}

	if (tw->tw_substate == TCP_FIN_WAIT2)
		return tcp_tw_fin_wait2(tw, skb, th, &tmp_opt, paws_reject);

	if (!paws_reject && TCP_SKB_CB(skb)->seq == tcptw->tw_rcv_nxt &&
	    (TCP_SKB_CB(skb)->seq == TCP_SKB_CB(skb)->end_seq || th->rst)) {
		/* In window, without data: the last ACK of a simultaneous close, or a RST. */
		if (th->rst) {
			/* "TIME-WAIT assassination" (RFC 1337) unless the admin forbids it. */
			if (sysctl_tcp_rfc1337 == 0)
				return tcp_tw_kill(tw);
		}
		inet_twsk_reschedule(tw, TCP_TIMEWAIT_LEN);

		if (tmp_opt.saw_tstamp) {
			tcptw->tw_ts_recent = tmp_opt.rcv_tsval;
			tcptw->tw_ts_recent_stamp = (long)get_seconds();
		}
		inet_twsk_put(tw);
		return TCP_TW_SUCCESS;
	}

	/* A SYN beyond everything the old connection can have sent may begin a new one. */
	if (th->syn && !th->rst && !th->ack && !paws_reject &&
	    (after(TCP_SKB_CB(skb)->seq, tcptw->tw_rcv_nxt) ||
	     (tmp_opt.saw_tstamp && (s32)(tcptw->tw_ts_recent - tmp_opt.rcv_tsval) < 0))) {
		u32 isn = tcptw->tw_snd_nxt + 65535 + 2;

		if (isn == 0)
			isn++;
		TCP_SKB_CB(skb)->tcp_tw_isn = isn;
		return TCP_TW_SYN;
	}

	if (paws_reject)
		NET_INC_STATS(twsk_net(tw), LINUX_MIB_PAWSESTABREJECTED);

	if (!th->rst) {
		/* A repeated FIN, or anything else out of place: once more the last ACK. */
		if (paws_reject || th->ack)
			inet_twsk_reschedule(tw, TCP_TIMEWAIT_LEN);
		return tcp_timewait_check_oow_rate_limit(tw, skb, LINUX_MIB_TCPACKSKIPPEDTIMEWAIT);
	}
	inet_twsk_put(tw);
	return TCP_TW_SUCCESS;
}

/* A signed connection signs its last ACKs too: the stub gets a copy of the key. */
static __always_inline void tcp_time_wait_copy_md5(struct sock *sk, struct tcp_timewait_sock *tcptw)
{
	struct tcp_md5sig_key *key;

	tcptw->tw_md5_key = NULL;
	if (!tcp_sk(sk)->af_specific)
		return;
	key = tcp_sk(sk)->af_specific->md5_lookup(sk, sk);
	if (key)
		tcptw->tw_md5_key = kmemdup(key, sizeof(*key), GFP_ATOMIC);
}

/**
 * tcp_time_wait() - replace a socket by its stub
 * @sk: the socket, locked; dead after this call
 * @state: TCP_TIME_WAIT, or TCP_FIN_WAIT2 for a socket nobody holds
 * @timeo: how long, jiffies; at least 3.5 RTO, a minute for TIME-WAIT proper
 *
 * The stub is hashed before the socket is unhashed (__inet_twsk_hashdance), so that at no moment a
 * segment finds neither. If there is no memory for it, the connection ends without: better that
 * than a socket for ever.
 *
 * Origin: net/ipv4/tcp_minisocks.c:261.
 */
void tcp_time_wait(struct sock *sk, int state, int timeo)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	struct inet_timewait_sock *tw;
	bool recycle_ok = false;

	if (tcp_death_row.sysctl_tw_recycle && tp->rx_opt.ts_recent_stamp)
		recycle_ok = tcp_remember_stamp(sk);

	tw = inet_twsk_alloc(sk, &tcp_death_row, state);

	if (tw) {
		struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);
		const int rto = (int)((icsk->icsk_rto << 2) - (icsk->icsk_rto >> 1));

		tw->tw_rcv_wscale = tp->rx_opt.rcv_wscale;
		tcptw->tw_rcv_nxt = tp->rcv_nxt;
		tcptw->tw_snd_nxt = tp->snd_nxt;
		tcptw->tw_rcv_wnd = tcp_receive_window(tp);
		tcptw->tw_ts_recent = tp->rx_opt.ts_recent;
		tcptw->tw_ts_recent_stamp = tp->rx_opt.ts_recent_stamp;
		tcptw->tw_ts_offset = tp->tsoffset;
		tcptw->tw_last_oow_ack_time = 0;
		tcp_time_wait_copy_md5(sk, tcptw);

		/* The peer must have the time to repeat his FIN a few times. */
		if (timeo < rto)
			timeo = rto;

		if (recycle_ok) {
			tw->tw_timeout = rto;
		} else {
			tw->tw_timeout = TCP_TIMEWAIT_LEN;
			if (state == TCP_TIME_WAIT)
				timeo = TCP_TIMEWAIT_LEN;
		}

		inet_twsk_schedule(tw, timeo);
		__inet_twsk_hashdance(tw, sk, &tcp_hashinfo);
		inet_twsk_put(tw);
	} else {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPTIMEWAITOVERFLOW);
	}

	tcp_update_metrics(sk);
	tcp_done(sk);
}

/**
 * tcp_twsk_destructor() - the stub goes: free what it owned
 * @sk: the stub
 *
 * Origin: net/ipv4/tcp_minisocks.c:347.
 */
void tcp_twsk_destructor(struct sock *sk)
{
	kfree(tcp_twsk(sk)->tw_md5_key);
}
