/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP sends: a SYN to begin, segments, ACKs, a FIN or a RST to end.
 *
 * Theory of operation
 *
 * Everything TCP sends goes through tcp_transmit_skb().  What must be sent again if it is lost (SYN,
 * data, FIN) is queued in sk_write_queue first, as a struct sk_buff without headers; transmit sends
 * a clone and the original stays until it is acknowledged.  What is never repeated (ACK, RST) is
 * sent itself and forgotten.
 *
 *   sk_write_queue:   [SYN]                              after tcp_connect()
 *                       |  original: no header, waits for the ACK
 *                       +--clone--> options, header, checksum --> ip_queue_xmit()
 *
 * The clone carries tcp_wfree() as destructor: when the device has sent it and frees it, TCP learns
 * that there is room below (TCP small queues).  Until then its truesize counts in sk_wmem_alloc.
 *
 * tcp_connect() in order: the connection's variables (tcp_connect_init), a SYN into the queue, the
 * transmit, and last the timer: a SYN that was not sent at all, for want of memory say, is then
 * repeated like one that was lost.
 *
 * Split by concept; tcp_output.h says what is where.
 *
 * Origin: net/ipv4/tcp_output.c.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <net/dst.h>
#include <net/tcp.h>

#include "tcp_output.h"

int sysctl_tcp_retrans_collapse = 1;
int sysctl_tcp_workaround_signed_windows;
int sysctl_tcp_limit_output_bytes = 262144; /* what may wait below TCP per socket */
int sysctl_tcp_tso_win_divisor = 3;
int sysctl_tcp_slow_start_after_idle = 1;

/* ---- bookkeeping around a transmit ---- */

/* New data left: it is in flight now, and the timer must run. */
void tcp_event_new_data_sent(struct sock *sk, const struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int prior_packets = tp->packets_out;

	tcp_advance_send_head(sk, skb);
	tp->snd_nxt = TCP_SKB_CB(skb)->end_seq;

	tp->packets_out += tcp_skb_pcount(skb);
	if (!prior_packets || icsk->icsk_pending == ICSK_TIME_EARLY_RETRANS ||
	    icsk->icsk_pending == ICSK_TIME_LOSS_PROBE)
		tcp_rearm_rto(sk);

	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPORIGDATASENT, tcp_skb_pcount(skb));
}

/*
 * RFC 5681 section 4.1: after an idle time the congestion window decays by half for every timeout
 * that has gone by, down to the initial window.  @delta jiffies of silence.
 */
void tcp_cwnd_restart(struct sock *sk, s32 delta)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 restart_cwnd = tcp_init_cwnd(tp, __sk_dst_get(sk));
	u32 cwnd = tp->snd_cwnd;

	tcp_ca_event(sk, CA_EVENT_CWND_RESTART);

	tp->snd_ssthresh = tcp_current_ssthresh(sk);
	restart_cwnd = min(restart_cwnd, cwnd);

	while ((delta -= inet_csk(sk)->icsk_rto) > 0 && cwnd > restart_cwnd)
		cwnd >>= 1;
	tp->snd_cwnd = max(cwnd, restart_cwnd);
	tp->snd_cwnd_stamp = tcp_time_stamp;
	tp->snd_cwnd_used = 0;
}

/* Data leaves.  If it answers data just received, the session is interactive: delay ACKs. */
static void tcp_event_data_sent(struct tcp_sock *tp, struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const u32 now = tcp_time_stamp;

	if (tcp_packets_in_flight(tp) == 0)
		tcp_ca_event(sk, CA_EVENT_TX_START);

	tp->lsndtime = now;

	if ((u32)(now - icsk->icsk_ack.lrcvtime) < icsk->icsk_ack.ato)
		icsk->icsk_ack.pingpong = 1;
}

/* An ACK leaves, alone or with data: none is owed any more. */
static inline void tcp_event_ack_sent(struct sock *sk, unsigned int pkts)
{
	tcp_dec_quickack_mode(sk, pkts);
	inet_csk_clear_xmit_timer(sk, ICSK_TIME_DACK);
}

/* ---- ECN, RFC 3168 section 6.1 ---- */

/* Ask for ECN in the SYN if the namespace, the congestion control or the route wants it. */
static void tcp_ecn_send_syn(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool use_ecn = sock_net(sk)->ipv4.sysctl_tcp_ecn == 1 || tcp_ca_needs_ecn(sk);

	if (!use_ecn) {
		const struct dst_entry *dst = __sk_dst_get(sk);

		if (dst && dst_feature(dst, RTAX_FEATURE_ECN))
			use_ecn = true;
	}

	tp->ecn_flags = 0;

	if (use_ecn) {
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ECE | TCPHDR_CWR;
		tp->ecn_flags = TCP_ECN_OK;
		if (tcp_ca_needs_ecn(sk))
			INET_ECN_xmit(sk);
	}
}

/*
 * Mark a segment of an ECN connection: data sent for the first time is ECN-capable, says CWR once
 * after we reduced, and ECE for as long as the peer has not answered our echo.
 */
static void tcp_ecn_send(struct sock *sk, struct sk_buff *skb, struct tcphdr *th,
			 int tcp_header_len)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->ecn_flags & TCP_ECN_OK) {
		if ((int)skb->len != tcp_header_len && !before(TCP_SKB_CB(skb)->seq, tp->snd_nxt)) {
			INET_ECN_xmit(sk);
			if (tp->ecn_flags & TCP_ECN_QUEUE_CWR) {
				tp->ecn_flags &= ~TCP_ECN_QUEUE_CWR;
				th->cwr = 1;
				skb_shinfo(skb)->gso_type |= SKB_GSO_TCP_ECN;
			}
		} else if (!tcp_ca_needs_ecn(sk)) {
			/* ACKs and retransmissions are not */
			INET_ECN_dontxmit(sk);
		}
		if (tp->ecn_flags & TCP_ECN_DEMAND_CWR)
			th->ece = 1;
	}
}

/* ---- making segments ---- */

/* A segment without data: @flags, at @seq.  SYN and FIN take one sequence number each. */
void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum = 0;

	TCP_SKB_CB(skb)->tcp_flags = flags;
	TCP_SKB_CB(skb)->sacked = 0;

	tcp_skb_pcount_set(skb, 1);

	TCP_SKB_CB(skb)->seq = seq;
	if (flags & (TCPHDR_SYN | TCPHDR_FIN))
		seq++;
	TCP_SKB_CB(skb)->end_seq = seq;
}

/* ---- one segment out ---- */

/* Point the urgent pointer at snd_up if this segment reaches near it (RFC 6093). */
static void tcp_header_urgent(const struct tcp_sock *tp, const struct tcp_skb_cb *tcb,
			      struct tcphdr *th)
{
	if (before(tp->snd_up, tcb->seq + 0x10000)) {
		th->urg_ptr = htons(tp->snd_up - tcb->seq);
		th->urg = 1;
	} else if (after(tcb->seq + 0xFFFF, tp->snd_nxt)) {
		th->urg_ptr = htons(0xFFFF);
		th->urg = 1;
	}
}

/* Header length, flags: the word at offset 12, of which the bit-fields are a view. */
static inline void tcp_header_flags(struct tcphdr *th, unsigned int tcp_header_size, u8 tcp_flags)
{
	*(((__be16 *)th) + 6) = htons(((tcp_header_size >> 2) << 12) | tcp_flags);
}

/**
 * tcp_transmit_skb - send one segment: options, header, checksum, down to IP
 * @sk: the socket
 * @skb: the segment, without header
 * @clone_it: send a clone and keep @skb, because it may have to be sent again
 * @gfp_mask: for the clone
 *
 * The send time is stamped on the original before cloning: the time stamp option and later the
 * round trip are taken from it.  IP gets the control block cleared, because it keeps its own notes
 * there.  Congestion reported by the queue below (NET_XMIT_CN) is congestion like any other.
 *
 * Return: 0; -ENOBUFS without memory for the clone; an errno from below.  A local error is not the
 * end of anything: the retransmission timer will try again.
 */
int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp_mask)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_sock *inet;
	struct tcp_skb_cb *tcb;
	struct tcp_out_options opts;
	unsigned int tcp_options_size, tcp_header_size;
	struct tcp_md5sig_key *md5;
	struct tcphdr *th;
	int err;

	BUG_ON(!skb || !tcp_skb_pcount(skb));

	if (clone_it) {
		skb_mstamp_get(&skb->skb_mstamp);
		TCP_SKB_CB(skb)->tx.in_flight = TCP_SKB_CB(skb)->end_seq - tp->snd_una;
		tcp_rate_skb_sent(sk, skb);

		/* An earlier clone is still below: its headers are being used, so copy them too. */
		if (unlikely(skb_cloned(skb)))
			skb = pskb_copy(skb, gfp_mask);
		else
			skb = skb_clone(skb, gfp_mask);
		if (unlikely(!skb))
			return -ENOBUFS;
	}

	inet = inet_sk(sk);
	tcb = TCP_SKB_CB(skb);
	memset(&opts, 0, sizeof(opts));

	if (unlikely(tcb->tcp_flags & TCPHDR_SYN))
		tcp_options_size = tcp_syn_options(sk, skb, &opts, &md5);
	else
		tcp_options_size = tcp_established_options(sk, skb, &opts, &md5);
	tcp_header_size = tcp_options_size + sizeof(struct tcphdr);

	/* Nothing of ours waits below: another transmit queue cannot reorder us. */
	skb->ooo_okay = sk_wmem_alloc_get(sk) < (int)SKB_TRUESIZE(1);

	skb_push(skb, tcp_header_size);
	skb_reset_transport_header(skb);

	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = skb_is_tcp_pure_ack(skb) ? __sock_wfree : tcp_wfree;
	skb_set_hash_from_sk(skb, sk);
	atomic_add(skb->truesize, &sk->sk_wmem_alloc);

	th = (struct tcphdr *)skb->data;
	th->source = inet->inet_sport;
	th->dest = inet->inet_dport;
	th->seq = htonl(tcb->seq);
	th->ack_seq = htonl(tp->rcv_nxt);
	tcp_header_flags(th, tcp_header_size, tcb->tcp_flags);
	th->check = 0;
	th->urg_ptr = 0;

	if (unlikely(tcp_urg_mode(tp) && before(tcb->seq, tp->snd_up)))
		tcp_header_urgent(tp, tcb, th);

	tcp_options_write((__be32 *)(th + 1), tp, &opts);
	skb_shinfo(skb)->gso_type = sk->sk_gso_type;
	if (likely(!(tcb->tcp_flags & TCPHDR_SYN))) {
		th->window = htons(tcp_select_window(sk));
		tcp_ecn_send(sk, skb, th, tcp_header_size);
	} else {
		/* RFC 7323 2.2: the window of a SYN is never scaled */
		th->window = htons(min(tp->rcv_wnd, 65535U));
	}
	if (md5) {
		sk_nocaps_add(sk, NETIF_F_GSO_MASK);
		tp->af_specific->calc_md5_hash((char *)opts.hash_location, md5, sk, skb);
	}

	icsk->icsk_af_ops->send_check(sk, skb);

	if (likely(tcb->tcp_flags & TCPHDR_ACK))
		tcp_event_ack_sent(sk, tcp_skb_pcount(skb));

	if (skb->len != tcp_header_size) {
		tcp_event_data_sent(tp, sk);
		tp->data_segs_out += tcp_skb_pcount(skb);
	}

	if (after(tcb->end_seq, tp->snd_nxt) || tcb->seq == tcb->end_seq)
		TCP_ADD_STATS(sock_net(sk), TCP_MIB_OUTSEGS, tcp_skb_pcount(skb));

	tp->segs_out += tcp_skb_pcount(skb);
	skb_shinfo(skb)->gso_segs = tcp_skb_pcount(skb);
	skb_shinfo(skb)->gso_size = tcp_skb_mss(skb);

	/* TCP's time is not the receive time that others would read here. */
	skb->tstamp.tv64 = 0;

	memset(skb->cb, 0, sizeof(struct inet_skb_parm));

	err = icsk->icsk_af_ops->queue_xmit(sk, skb, &inet->cork.fl);
	if (likely(err <= 0))
		return err;

	tcp_enter_cwr(sk);
	return net_xmit_eval(err);
}

/* ---- connecting ---- */

/*
 * Charge memory without asking: a SYN or FIN must not fail because others use too much.  @size
 * bytes; what is reserved already is used first.
 */
void sk_forced_mem_schedule(struct sock *sk, int size)
{
	int amt;

	if (size <= sk->sk_forward_alloc)
		return;
	amt = sk_mem_pages(size);
	sk->sk_forward_alloc += amt * SK_MEM_QUANTUM;
	sk_memory_allocated_add(sk, amt);
}

/* A route may name its congestion control (`ip route ... congctl`); it replaces the default. */
static void tcp_ca_dst_init(struct sock *sk, const struct dst_entry *dst)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_congestion_ops *ca;
	u32 ca_key = dst_metric(dst, RTAX_CC_ALGO);

	if (ca_key == TCP_CA_UNSPEC)
		return;

	ca = tcp_ca_find_key(ca_key);
	if (likely(ca)) {
		icsk->icsk_ca_dst_locked = tcp_ca_dst_locked(dst);
		icsk->icsk_ca_ops = ca;
	}
}

/**
 * tcp_connect_init - the variables of a connection that is about to begin
 * @sk: the socket; addresses, ports, route and ISN (write_seq) are set
 *
 * Much of it is a first guess, corrected by the SYN-ACK in tcp_rcv_synsent_state_process(): header
 * length (time stamps may be refused), MSS (536 until the peer says), window scaling.
 */
static void tcp_connect_init(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	__u8 rcv_wscale;

	tp->tcp_header_len =
		sizeof(struct tcphdr) + (sysctl_tcp_timestamps ? TCPOLEN_TSTAMP_ALIGNED : 0);

	if (tp->af_specific->md5_lookup(sk, sk))
		tp->tcp_header_len += TCPOLEN_MD5SIG_ALIGNED;

	/* TCP_MAXSEG bounds what we send as well as what we announce. */
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

	/* A user who chose a small receive buffer gets no larger window than it can hold. */
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK &&
	    (tp->window_clamp > (u32)tcp_full_space(sk) || tp->window_clamp == 0))
		tp->window_clamp = tcp_full_space(sk);

	tcp_select_initial_window(tcp_full_space(sk),
				  tp->advmss - (tp->rx_opt.ts_recent_stamp ?
							tp->tcp_header_len - sizeof(struct tcphdr) :
							0),
				  &tp->rcv_wnd, &tp->window_clamp, sysctl_tcp_window_scaling,
				  &rcv_wscale, dst_metric(dst, RTAX_INITRWND));

	tp->rx_opt.rcv_wscale = rcv_wscale;
	tp->rcv_ssthresh = tp->rcv_wnd;

	sk->sk_err = 0;
	sock_reset_flag(sk, SOCK_DONE);
	tp->snd_wnd = 0;
	tcp_init_wl(tp, 0);
	tp->snd_una = tp->write_seq;
	tp->snd_sml = tp->write_seq;
	tp->snd_up = tp->write_seq;
	tp->snd_nxt = tp->write_seq;

	if (likely(!tp->repair))
		tp->rcv_nxt = 0;
	else
		tp->rcv_tstamp = tcp_time_stamp;
	tp->rcv_wup = tp->rcv_nxt;
	tp->copied_seq = tp->rcv_nxt;

	inet_csk(sk)->icsk_rto = TCP_TIMEOUT_INIT;
	inet_csk(sk)->icsk_retransmits = 0;
	tcp_clear_retrans(tp);
}

/*
 * Queue a SYN (and the data of a fast open) as in flight at once: it is transmitted next, and the
 * ordinary "not sent yet" part of the queue is for an established connection.
 */
static void tcp_connect_queue_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);

	tcb->end_seq += skb->len;
	__skb_header_release(skb);
	__tcp_add_write_queue_tail(sk, skb);
	sk->sk_wmem_queued += skb->truesize;
	sk_mem_charge(sk, skb->truesize);
	tp->write_seq = tcb->end_seq;
	tp->packets_out += tcp_skb_pcount(skb);
}

/*
 * Data for the SYN of a fast open: as much as the cached MSS of the peer lets us hope will fit.
 * NULL: send a plain SYN.
 */
static struct sk_buff *tcp_syn_data_skb(struct sock *sk, struct sk_buff *syn)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_request *fo = tp->fastopen_req;
	struct sk_buff *syn_data;
	int space;

	if (tp->rx_opt.user_mss && tp->rx_opt.user_mss < tp->rx_opt.mss_clamp)
		tp->rx_opt.mss_clamp = tp->rx_opt.user_mss;
	space = __tcp_mtu_to_mss(sk, inet_csk(sk)->icsk_pmtu_cookie) - MAX_TCP_OPTION_SPACE;
	space = min_t(size_t, space, fo->size);
	space = min_t(size_t, space, SKB_MAX_HEAD(MAX_TCP_HEADER));

	syn_data = sk_stream_alloc_skb(sk, space, sk->sk_allocation, false);
	if (!syn_data)
		return NULL;
	syn_data->ip_summed = CHECKSUM_PARTIAL;
	memcpy(syn_data->cb, syn->cb, sizeof(syn->cb));
	if (space) {
		int copied = copy_from_iter(skb_put(syn_data, space), space, &fo->data->msg_iter);

		if (unlikely(!copied)) {
			kfree_skb(syn_data);
			return NULL;
		}
		if (copied != space) {
			skb_trim(syn_data, copied);
			space = copied;
		}
	}
	/* all of it went: inet_wait_for_connect() has no writer to count */
	if (space == (int)fo->size)
		fo->data = NULL;
	fo->copied = space;
	return syn_data;
}

/**
 * tcp_send_syn_data - the SYN of a fast open, RFC 7413
 * @sk: the socket
 * @syn: the SYN, queued already
 *
 * With a cookie for this server the SYN carries it and data; without, it asks for a cookie.  Two
 * losses in a row make the client try without for a while: some middleboxes drop such SYNs.
 *
 * Return: as tcp_transmit_skb().
 */
static int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_request *fo = tp->fastopen_req;
	unsigned long last_syn_loss = 0;
	struct sk_buff *syn_data;
	int syn_loss = 0, err = 0;

	tp->rx_opt.mss_clamp = tp->advmss; /* if the peer's is not remembered */
	tcp_fastopen_cache_get(sk, &tp->rx_opt.mss_clamp, &fo->cookie, &syn_loss, &last_syn_loss);
	if (syn_loss > 1 && time_before(jiffies, last_syn_loss + (60 * HZ << syn_loss))) {
		fo->cookie.len = -1;
		goto fallback;
	}
	if (sysctl_tcp_fastopen & TFO_CLIENT_NO_COOKIE)
		fo->cookie.len = -1;
	else if (fo->cookie.len <= 0)
		goto fallback;

	syn_data = tcp_syn_data_skb(sk, syn);
	if (!syn_data)
		goto fallback;

	tcp_connect_queue_skb(sk, syn_data);
	err = tcp_transmit_skb(sk, syn_data, 1, sk->sk_allocation);
	syn->skb_mstamp = syn_data->skb_mstamp;

	/*
	 * SYN and data went out as one segment, but stay queued as two: if no SYN-ACK comes the SYN
	 * is repeated alone, and the data waits for the connection.
	 */
	TCP_SKB_CB(syn_data)->seq++;
	TCP_SKB_CB(syn_data)->tcp_flags = TCPHDR_ACK | TCPHDR_PSH;
	if (!err) {
		tp->syn_data = (fo->copied > 0);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPORIGDATASENT);
		goto done;
	}

fallback:
	if (fo->cookie.len > 0)
		fo->cookie.len = 0;
	err = tcp_transmit_skb(sk, syn, 1, sk->sk_allocation);
	if (err)
		tp->syn_fastopen = 0;
done:
	fo->cookie.len = -1; /* retransmitted SYNs are plain */
	return err;
}

/**
 * tcp_connect - build a SYN and send it off
 * @sk: the socket, in SYN_SENT, with a route
 *
 * Of the errors a transmit can have only -ECONNREFUSED counts; anything else looks to the peer like
 * a lost SYN, and is treated like one: the timer repeats it.
 *
 * Return: 0; -ENOBUFS without memory for the SYN; -ECONNREFUSED.
 */
int tcp_connect(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *buff;
	int err;

	tcp_connect_init(sk);

	if (unlikely(tp->repair)) {
		tcp_finish_connect(sk, NULL);
		return 0;
	}

	buff = sk_stream_alloc_skb(sk, 0, sk->sk_allocation, true);
	if (unlikely(!buff))
		return -ENOBUFS;

	tcp_init_nondata_skb(buff, tp->write_seq++, TCPHDR_SYN);
	tp->retrans_stamp = tcp_time_stamp;
	tcp_connect_queue_skb(sk, buff);
	tcp_ecn_send_syn(sk, buff);

	err = tp->fastopen_req ? tcp_send_syn_data(sk, buff) :
				 tcp_transmit_skb(sk, buff, 1, sk->sk_allocation);
	if (err == -ECONNREFUSED)
		return err;

	/*
	 * Only now: tcp_transmit_skb() counts a segment as new (OUTSEGS) if it ends behind snd_nxt.
	 */
	tp->snd_nxt = tp->write_seq;
	tp->pushed_seq = tp->write_seq;
	TCP_INC_STATS(sock_net(sk), TCP_MIB_ACTIVEOPENS);

	/* repeat the SYN until an answer comes: after 1, 3, 7 ... seconds */
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto, TCP_RTO_MAX);
	return 0;
}
