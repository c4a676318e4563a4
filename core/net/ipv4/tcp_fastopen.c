/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP fast open: data in the SYN (RFC 7413), the part both ends share.
 *
 * A client that has a cookie of the peer sends data with its SYN (tcp_send_syn_data() in
 * tcp_output.c, the cookie in tcp_metrics.c) and learns from the SYN-ACK what became of it
 * (tcp_rcv_fastopen_synack() in tcp_input.c). The server's part, which makes and checks cookies,
 * is left out with all that listens.
 *
 * Origin: net/ipv4/tcp_fastopen.c, v4.9.
 */
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <net/tcp.h>

int sysctl_tcp_fastopen = TFO_CLIENT_ENABLE;

/**
 * tcp_fastopen_add_skb() - take the data that came with a SYN or SYN-ACK
 * @sk: the socket
 * @skb: the segment; rcv_nxt counts its SYN already, but not its data
 *
 * The segment itself is still looked at by the caller, so a clone goes into the receive queue.
 * Without memory for one the data counts as lost: the peer sends it again.
 *
 * Origin: net/ipv4/tcp_fastopen.c:132.
 */
void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (TCP_SKB_CB(skb)->end_seq == tp->rcv_nxt)
		return;

	skb = skb_clone(skb, GFP_ATOMIC);
	if (!skb)
		return;

	skb_dst_drop(skb);
	/* The segment was counted when it arrived; counted here with its data, it is counted once. */
	tp->segs_in = 0;
	tcp_segs_in(tp, skb);
	__skb_pull(skb, tcp_hdrlen(skb));
	sk_forced_mem_schedule(sk, (int)skb->truesize);
	skb_set_owner_r(skb, sk);

	TCP_SKB_CB(skb)->seq++;
	TCP_SKB_CB(skb)->tcp_flags &= ~TCPHDR_SYN;

	tp->rcv_nxt = TCP_SKB_CB(skb)->end_seq;
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	tp->syn_data_acked = 1;

	tp->bytes_received = skb->len;

	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		tcp_fin(sk);
}
