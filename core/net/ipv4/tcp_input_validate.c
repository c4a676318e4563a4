/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * May this segment be processed at all?
 *
 * tcp_validate_incoming() is RFC 793's steps 1 to 4: nothing of a segment is believed before its
 * time stamp (PAWS) and its sequence number have been found good. RFC 5961 made it stricter: a RST
 * must hit rcv_nxt exactly and a SYN is never obeyed; where the older rule would have acted, a
 * "challenge ACK" is sent, which the true peer answers and a blind attacker cannot.
 *
 * Every answer to a bad segment is limited in rate: two peers who each find the other's segments
 * bad would otherwise keep each other busy for ever.
 *
 * Origin: net/ipv4/tcp_input.c:3435-3500, 4019-4036, 4189-4208, 5255-5347, v4.9.
 */
#include <linux/kernel.h>
#include <linux/random.h>
#include <net/snmp.h>

#include "tcp_input.h"

/* Origin: net/ipv4/tcp_input.c:3435. */
static bool __tcp_oow_rate_limited(struct net *net, int mib_idx, u32 *last_oow_ack_time)
{
	if (*last_oow_ack_time) {
		s32 elapsed = (s32)(tcp_time_stamp - *last_oow_ack_time);

		if (elapsed >= 0 && elapsed < sysctl_tcp_invalid_ratelimit) {
			NET_INC_STATS(net, mib_idx);
			return true;
		}
	}
	*last_oow_ack_time = tcp_time_stamp;
	return false;
}

/**
 * tcp_oow_rate_limited() - may this out-of-window segment have an answer?
 * @net: for the counters
 * @skb: the segment
 * @mib_idx: the counter of answers not given
 * @last_oow_ack_time: when this connection last gave one
 *
 * Two confused peers would otherwise answer each other's answers for ever. Data segments are not
 * limited: their sender needs to know where he stands.
 *
 * Origin: net/ipv4/tcp_input.c:3459.
 */
bool tcp_oow_rate_limited(struct net *net, const struct sk_buff *skb, int mib_idx,
			  u32 *last_oow_ack_time)
{
	if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq && !tcp_hdr(skb)->syn)
		return false;

	return __tcp_oow_rate_limited(net, mib_idx, last_oow_ack_time);
}

/* Of all sockets together: the second that is counted, and how many are left in it. */
static u32 challenge_timestamp;
static unsigned int challenge_count;

/* At boot: nothing of a former world may show. The kernel boots once and needs no such step. */
void tcp_input_init(void)
{
	challenge_timestamp = 0;
	challenge_count = 0;
}

/**
 * tcp_send_challenge_ack() - "if you are who you seem to be, you know what to do"
 * @sk: the socket
 * @skb: the suspicious segment
 *
 * Limited for each socket, and for all together, where the limit is chosen anew each second with
 * some randomness: a fixed one could be used to find out other people's connections
 * (CVE-2016-5696).
 *
 * Origin: net/ipv4/tcp_input.c:3471; RFC 5961 section 7.
 */
void tcp_send_challenge_ack(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 count, now;

	if (__tcp_oow_rate_limited(sock_net(sk), LINUX_MIB_TCPACKSKIPPEDCHALLENGE,
				   &tp->last_oow_ack_time))
		return;

	now = (u32)(jiffies / HZ);
	if (now != challenge_timestamp) {
		u32 half = ((u32)sysctl_tcp_challenge_ack_limit + 1) >> 1;

		challenge_timestamp = now;
		WRITE_ONCE(challenge_count,
			   half + prandom_u32_max((u32)sysctl_tcp_challenge_ack_limit));
	}
	count = READ_ONCE(challenge_count);
	if (count > 0) {
		WRITE_ONCE(challenge_count, count - 1);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPCHALLENGEACK);
		tcp_send_ack(sk);
	}
}

/* Tell the peer where we stand; with a D-SACK if what he sent was old. Origin: 4189. */
static void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq &&
	    before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOST);
		tcp_enter_quickack_mode(sk);

		if (tcp_is_sack(tp) && sysctl_tcp_dsack) {
			u32 end_seq = TCP_SKB_CB(skb)->end_seq;

			if (after(TCP_SKB_CB(skb)->end_seq, tp->rcv_nxt))
				end_seq = tp->rcv_nxt;
			tcp_dsack_set(sk, TCP_SKB_CB(skb)->seq, end_seq);
		}
	}
	tcp_send_ack(sk);
}

/**
 * tcp_sequence() - does the segment touch our receive window?
 * @tp: the connection
 * @seq: its first sequence number
 * @end_seq: the one after its last
 *
 * Wider than RFC 793's four cases: the window is counted from rcv_wup, so that a segment sent
 * against an ACK of ours that is still under way is not refused.
 *
 * Origin: net/ipv4/tcp_input.c:4032.
 */
static inline bool tcp_sequence(const struct tcp_sock *tp, u32 seq, u32 end_seq)
{
	return !before(end_seq, tp->rcv_wup) && !after(seq, tp->rcv_nxt + tcp_receive_window(tp));
}

/*
 * A RST is believed if it is exactly the next expected number, or, when we have reported data
 * beyond a hole, the end of the last reported block: the peer may have counted further than we.
 */
static __always_inline bool tcp_rst_seq_match(const struct tcp_sock *tp, const struct sk_buff *skb)
{
	const struct tcp_sack_block *sp = &tp->selective_acks[0];
	u32 max_sack;
	int this_sack;

	if (TCP_SKB_CB(skb)->seq == tp->rcv_nxt)
		return true;
	if (!tcp_is_sack(tp) || tp->rx_opt.num_sacks == 0)
		return false;

	max_sack = sp[0].end_seq;
	for (this_sack = 1; this_sack < tp->rx_opt.num_sacks; ++this_sack)
		max_sack =
			after(sp[this_sack].end_seq, max_sack) ? sp[this_sack].end_seq : max_sack;
	return TCP_SKB_CB(skb)->seq == max_sack;
}

/**
 * tcp_validate_incoming() - steps 1 to 4 of RFC 793: may this segment be processed at all?
 * @sk: the socket
 * @skb: the segment, consumed if the answer is no
 * @th: its header
 * @syn_inerr: count an unexpected SYN as an error (in ESTABLISHED it is one)
 *
 * Return: true to go on with the ACK.
 *
 * Origin: net/ipv4/tcp_input.c:5255; RFC 793 page 69, RFC 7323 section 5.3, RFC 5961 3 and 4.
 */
bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th,
			   int syn_inerr)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* PAWS first. A RST passes: it may come from a peer that forgot its stamps. */
	if (tcp_fast_parse_options(skb, th, tp) && tp->rx_opt.saw_tstamp &&
	    tcp_paws_discard(sk, skb) && !th->rst) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSESTABREJECTED);
		if (!tcp_oow_rate_limited(sock_net(sk), skb, LINUX_MIB_TCPACKSKIPPEDPAWS,
					  &tp->last_oow_ack_time))
			tcp_send_dupack(sk, skb);
		goto discard;
	}

	/* Step 1: the sequence number. */
	if (!tcp_sequence(tp, TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq)) {
		if (th->rst)
			goto discard;
		if (th->syn)
			goto syn_challenge;
		if (!tcp_oow_rate_limited(sock_net(sk), skb, LINUX_MIB_TCPACKSKIPPEDSEQ,
					  &tp->last_oow_ack_time))
			tcp_send_dupack(sk, skb);
		goto discard;
	}

	/* Step 2: RST. */
	if (th->rst) {
		if (tcp_rst_seq_match(tp, skb))
			tcp_reset(sk);
		else
			tcp_send_challenge_ack(sk, skb);
		goto discard;
	}

	/* Step 3, security and precedence, is of another time. Step 4: SYN. */
	if (th->syn) {
syn_challenge:
		if (syn_inerr)
			TCP_INC_STATS(sock_net(sk), TCP_MIB_INERRS);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSYNCHALLENGE);
		tcp_send_challenge_ack(sk, skb);
		goto discard;
	}
	return true;

discard:
	tcp_drop(sk, skb);
	return false;
}
