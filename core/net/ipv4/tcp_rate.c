/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How fast is data being delivered?
 *
 * The idea: when a packet is sent, write down how much had been delivered by then and when the
 * last delivery was. When its ACK comes, the difference is what the network delivered in between.
 * Divided by the longer of the sending interval and the acknowledging interval it is a delivery
 * rate that neither a burst of sending nor a burst of ACKs can inflate. Congestion controls that
 * measure bandwidth use it; cubic does not, and the sample is taken anyway.
 *
 * A sample is marked app-limited when the sender had nothing more to send: then it says how fast
 * the application is, not the network.
 *
 * The SYN gives no sample: packets_out already counts it when it is sent, so its notes stay 0.
 *
 * Origin: net/ipv4/tcp_rate.c, v4.9; draft-cheng-iccrg-delivery-rate-estimation.
 */
#include <linux/kernel.h>

#include <net/tcp.h>

/**
 * tcp_rate_skb_sent() - note the state of delivery in a packet that is being sent
 * @sk: the socket
 * @skb: the packet
 *
 * With nothing in flight a new round begins: idle time must not count as slow delivery.
 *
 * Origin: net/ipv4/tcp_rate.c:39.
 */
void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->packets_out) {
		tp->first_tx_mstamp = skb->skb_mstamp;
		tp->delivered_mstamp = skb->skb_mstamp;
	}

	TCP_SKB_CB(skb)->tx.first_tx_mstamp = tp->first_tx_mstamp;
	TCP_SKB_CB(skb)->tx.delivered_mstamp = tp->delivered_mstamp;
	TCP_SKB_CB(skb)->tx.delivered = tp->delivered;
	TCP_SKB_CB(skb)->tx.is_app_limited = tp->app_limited ? 1 : 0;
}

/**
 * tcp_rate_skb_delivered() - a packet was acknowledged: use its notes
 * @sk: the socket
 * @skb: the packet
 * @rs: the sample of this ACK; of several packets the one sent last counts
 *
 * Origin: net/ipv4/tcp_rate.c:75.
 */
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);

	if (!scb->tx.delivered_mstamp.v64)
		return;

	if (!rs->prior_delivered || after(scb->tx.delivered, rs->prior_delivered)) {
		rs->prior_delivered = scb->tx.delivered;
		rs->prior_mstamp = scb->tx.delivered_mstamp;
		rs->is_app_limited = scb->tx.is_app_limited;
		rs->is_retrans = scb->sacked & TCPCB_RETRANS;

		rs->interval_us = skb_mstamp_us_delta(&skb->skb_mstamp, &scb->tx.first_tx_mstamp);
		tp->first_tx_mstamp = skb->skb_mstamp;
	}
	/* SACKed data is acknowledged a second time later; it must not count twice. */
	if (scb->sacked & TCPCB_SACKED_ACKED)
		scb->tx.delivered_mstamp.v64 = 0;
}

/**
 * tcp_rate_gen() - finish the sample of one ACK
 * @sk: the socket
 * @delivered: segments this ACK delivered
 * @lost: segments it showed to be lost
 * @now: its arrival
 * @rs: the sample; delivered and interval_us become -1 if there is none
 *
 * Origin: net/ipv4/tcp_rate.c:108.
 */
void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, struct skb_mstamp *now,
		  struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 snd_us, ack_us;

	/* What was sent while the application was the limit has been delivered. */
	if (tp->app_limited && after(tp->delivered, tp->app_limited))
		tp->app_limited = 0;

	if (delivered)
		tp->delivered_mstamp = *now;

	rs->acked_sacked = delivered;
	rs->losses = (int)lost;
	if (!rs->prior_mstamp.v64) {
		rs->delivered = -1;
		rs->interval_us = -1;
		return;
	}
	rs->delivered = (s32)(tp->delivered - rs->prior_delivered);

	/* The longer of the two phases: ACKs may be compressed on the way, sending too. */
	snd_us = (u32)rs->interval_us;
	ack_us = skb_mstamp_us_delta(now, &rs->prior_mstamp);
	rs->interval_us = max(snd_us, ack_us);

	/* Nothing is delivered faster than the path is long: such a sample is an error. */
	if (unlikely(rs->interval_us < (long)tcp_min_rtt(tp))) {
		rs->interval_us = -1;
		return;
	}

	/* Keep it for tcp_info, unless the application was slow and we have seen better. */
	if (!rs->is_app_limited || ((u64)rs->delivered * tp->rate_interval_us >=
				    (u64)tp->rate_delivered * (u64)rs->interval_us)) {
		tp->rate_delivered = (u32)rs->delivered;
		tp->rate_interval_us = (u32)rs->interval_us;
		tp->rate_app_limited = rs->is_app_limited;
	}
}

/**
 * tcp_rate_check_app_limited() - is the application what keeps us from sending?
 * @sk: the socket
 *
 * Yes, if there is less than a segment to send, nothing waits in the device queue, the congestion
 * window is not full, and all lost packets have been sent again.
 *
 * Origin: net/ipv4/tcp_rate.c:172.
 */
void tcp_rate_check_app_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->write_seq - tp->snd_nxt < tp->mss_cache &&
	    sk_wmem_alloc_get(sk) < (int)SKB_TRUESIZE(1) &&
	    tcp_packets_in_flight(tp) < tp->snd_cwnd && tp->lost_out <= tp->retrans_out) {
		u32 limited = tp->delivered + tcp_packets_in_flight(tp);

		tp->app_limited = limited ? limited : 1;
	}
}
