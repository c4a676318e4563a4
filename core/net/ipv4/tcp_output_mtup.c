/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_output.c */
/*
 * Probing for the path's MTU with real data (packetization layer path MTU discovery, RFC 4821).
 *
 * Theory of operation
 *
 * RFC 1191 learns the MTU from routers that refuse a packet and say so.  Where they are silent, or
 * a firewall swallows their ICMP, large packets vanish in a black hole.  So TCP may search by
 * itself, between a size that certainly passes and the largest one that could:
 *
 *	search_low     passes; what mss_cache is made of while the search goes on
 *	search_high    the device's and the peer's limit
 *	probe_size     half-way between: the packet under way; 0: none
 *
 * A probe is an ordinary segment, but larger.  Its data stands in the queue anyway, so nothing is
 * wasted if it arrives: search_low rises to its size (tcp_mtup_probe_success()).  If it vanishes,
 * the segments sent behind it come back as duplicate ACKs, and search_high falls below its size
 * (tcp_mtup_probe_failed()); the data goes again in small segments, and the congestion window does
 * not suffer, for it was no congestion.  Therefore a probe needs company: it is only sent with
 * enough data behind it.
 *
 * net.ipv4.tcp_mtu_probing: 0 never; 1 after repeated time-outs (tcp_mtu_probing() in tcp_timer.c);
 * 2 from the first segment on.
 *
 * Part of net/ipv4/tcp_output.c in the kernel.
 */
#include <linux/kernel.h>
#include <linux/jiffies.h>
#include <linux/string.h>
#include <net/tcp.h>

#include "tcp_output.h"

/* Long without a probe: widen the search again, the path may have become better. */
static void tcp_mtu_check_reprobe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct net *net = sock_net(sk);
	u32 interval = net->ipv4.sysctl_tcp_probe_interval;
	s32 delta = tcp_time_stamp - icsk->icsk_mtup.probe_timestamp;

	if (unlikely(delta >= (s32)(interval * HZ))) {
		int mss = tcp_current_mss(sk);

		icsk->icsk_mtup.probe_size = 0;
		icsk->icsk_mtup.search_high = tcp_sk(sk)->rx_opt.mss_clamp + sizeof(struct tcphdr) +
					      icsk->icsk_af_ops->net_header_len;
		icsk->icsk_mtup.search_low = tcp_mss_to_mtu(sk, mss);
		icsk->icsk_mtup.probe_timestamp = tcp_time_stamp;
	}
}

/*
 * Is it the time for a probe?  One at a time, not while something is being repaired, with a window
 * that can spare two packets, and without SACK blocks of ours, whose length varies.
 */
static bool tcp_mtu_probe_allowed(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	return icsk->icsk_mtup.enabled && !icsk->icsk_mtup.probe_size &&
	       icsk->icsk_ca_state == TCP_CA_Open && tp->snd_cwnd >= 11 && !tp->rx_opt.num_sacks &&
	       !tp->rx_opt.dsack;
}

/* Move @probe_size bytes from the unsent part of the queue into @nskb, which stands before them. */
static void tcp_mtu_probe_fill(struct sock *sk, struct sk_buff *nskb, int probe_size,
			       unsigned int mss_now)
{
	struct sk_buff *skb = tcp_write_queue_next(sk, nskb), *next;
	int len = 0;

	tcp_for_write_queue_from_safe(skb, next, sk) {
		int copy = min_t(int, skb->len, probe_size - len);

		memcpy(skb_put(nskb, copy), skb->data, copy);
		if ((int)skb->len <= copy) {
			TCP_SKB_CB(nskb)->tcp_flags |= TCP_SKB_CB(skb)->tcp_flags;
			tcp_unlink_write_queue(skb, sk);
			sk_wmem_free_skb(sk, skb);
		} else {
			/* FIN and PSH stay with the last byte */
			TCP_SKB_CB(nskb)->tcp_flags |=
				TCP_SKB_CB(skb)->tcp_flags & ~(TCPHDR_FIN | TCPHDR_PSH);
			__skb_pull(skb, copy);
			TCP_SKB_CB(skb)->seq += copy;
			tcp_set_skb_tso_segs(skb, mss_now);
		}
		len += copy;
		if (len >= probe_size)
			break;
	}
}

/* An empty packet for @probe_size bytes at the head of what is to be sent.  NULL: no memory. */
static struct sk_buff *tcp_mtu_probe_alloc(struct sock *sk, int probe_size)
{
	struct sk_buff *nskb = sk_stream_alloc_skb(sk, probe_size, GFP_ATOMIC, false);
	struct sk_buff *skb = tcp_send_head(sk);

	if (!nskb)
		return NULL;
	sk->sk_wmem_queued += nskb->truesize;
	sk_mem_charge(sk, nskb->truesize);

	TCP_SKB_CB(nskb)->seq = TCP_SKB_CB(skb)->seq;
	TCP_SKB_CB(nskb)->end_seq = TCP_SKB_CB(skb)->seq + probe_size;
	TCP_SKB_CB(nskb)->tcp_flags = TCPHDR_ACK;
	TCP_SKB_CB(nskb)->sacked = 0;
	nskb->csum = 0;
	nskb->ip_summed = skb->ip_summed;
	__skb_header_release(nskb);

	tcp_insert_write_queue_before(nskb, skb, sk);
	tcp_highest_sack_replace(sk, skb, nskb);
	return nskb;
}

/**
 * tcp_mtu_probe - send a larger packet than usual, if the search is on and the moment is right
 * @sk: the socket
 *
 * Return: 1 a probe was sent; 0 wait and send nothing, for soon there will be room for one; -1 no
 * probe, go on as usual.
 *
 * Origin: net/ipv4/tcp_output.c:1959; RFC 4821 section 7.
 */
int tcp_mtu_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	int probe_size, size_needed, interval;
	struct sk_buff *nskb;
	unsigned int mss_now;

	if (likely(!tcp_mtu_probe_allowed(sk)))
		return -1;

	mss_now = tcp_current_mss(sk);
	probe_size =
		tcp_mtu_to_mss(sk, (icsk->icsk_mtup.search_high + icsk->icsk_mtup.search_low) >> 1);
	/* so many behind it that their ACKs show the loss of the probe */
	size_needed = probe_size + (int)(tp->reordering + 1) * (int)tp->mss_cache;
	interval = icsk->icsk_mtup.search_high - icsk->icsk_mtup.search_low;

	/* found out closely enough; the path may change, so look again some day */
	if (probe_size > tcp_mtu_to_mss(sk, icsk->icsk_mtup.search_high) ||
	    interval < net->ipv4.sysctl_tcp_probe_threshold) {
		tcp_mtu_check_reprobe(sk);
		return -1;
	}

	if ((int)(tp->write_seq - tp->snd_nxt) < size_needed)
		return -1;
	if (tp->snd_wnd < (u32)size_needed)
		return -1;
	if (after(tp->snd_nxt + size_needed, tcp_wnd_end(tp)))
		return 0;

	/* the congestion window must let the probe and one more go; with nothing in flight it may */
	if (tcp_packets_in_flight(tp) + 2 > tp->snd_cwnd)
		return tcp_packets_in_flight(tp) ? 0 : -1;

	nskb = tcp_mtu_probe_alloc(sk, probe_size);
	if (!nskb)
		return -1;
	tcp_mtu_probe_fill(sk, nskb, probe_size, mss_now);
	tcp_init_tso_segs(nskb, nskb->len);

	/* If it does not leave, tcp_write_xmit() will cut it into segments of the usual size. */
	if (tcp_transmit_skb(sk, nskb, 1, GFP_ATOMIC))
		return -1;

	/* It is worth nearly two packets. */
	tp->snd_cwnd--;
	tcp_event_new_data_sent(sk, nskb);

	icsk->icsk_mtup.probe_size = tcp_mss_to_mtu(sk, (int)nskb->len);
	tp->mtu_probe.probe_seq_start = TCP_SKB_CB(nskb)->seq;
	tp->mtu_probe.probe_seq_end = TCP_SKB_CB(nskb)->end_seq;
	return 1;
}
