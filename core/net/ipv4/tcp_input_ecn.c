/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * Explicit congestion notification (RFC 3168), the receiving side.
 *
 * A router that is about to overflow marks packets instead of dropping them (CE, two bits of the
 * IP header). The receiver echoes the mark in every ACK (the TCP flag ECE) until the sender says
 * that it has slowed down (the flag CWR). Both ends must want it: the SYN carries ECE and CWR as
 * an offer, the SYN-ACK carries ECE alone as the acceptance.
 *
 * tp->ecn_flags holds what was agreed (TCP_ECN_OK) and what is owed (TCP_ECN_DEMAND_CWR: we echo;
 * TCP_ECN_QUEUE_CWR: we announce).
 *
 * Origin: net/ipv4/tcp_input.c:232-302, v4.9; split by concept, see tcp_input.h.
 */
#include <linux/kernel.h>
#include <net/inet_ecn.h>

#include "tcp_input.h"

/**
 * tcp_ecn_queue_cwr() - tell the peer, with the next new data, that we slowed down
 * @tp: the connection
 *
 * Origin: net/ipv4/tcp_input.c:232.
 */
void tcp_ecn_queue_cwr(struct tcp_sock *tp)
{
	if (tp->ecn_flags & TCP_ECN_OK)
		tp->ecn_flags |= TCP_ECN_QUEUE_CWR;
}

/**
 * tcp_ecn_accept_cwr() - the peer says it slowed down: stop echoing the mark
 * @tp: the connection
 * @skb: its segment
 *
 * Origin: net/ipv4/tcp_input.c:238.
 */
void tcp_ecn_accept_cwr(struct tcp_sock *tp, const struct sk_buff *skb)
{
	if (tcp_hdr(skb)->cwr)
		tp->ecn_flags &= ~TCP_ECN_DEMAND_CWR;
}

/* The reduction was undone, so it need not be announced. Origin: tcp_input.c:244. */
void tcp_ecn_withdraw_cwr(struct tcp_sock *tp)
{
	tp->ecn_flags &= ~TCP_ECN_DEMAND_CWR;
}

/* What the IP header's two ECN bits of a data segment ask of us. Origin: tcp_input.c:249. */
static void __tcp_ecn_check_ce(struct tcp_sock *tp, const struct sk_buff *skb)
{
	struct sock *sk = (struct sock *)tp;

	switch (TCP_SKB_CB(skb)->ip_dsfield & INET_ECN_MASK) {
	case INET_ECN_NOT_ECT:
		/*
		 * Only retransmissions may be unmarked. One that follows a marked segment is
		 * the answer to a loss: acknowledge at once, the sender waits for it.
		 */
		if (tp->ecn_flags & TCP_ECN_SEEN)
			tcp_enter_quickack_mode(sk);
		break;
	case INET_ECN_CE:
		if (tcp_ca_needs_ecn(sk))
			tcp_ca_event(sk, CA_EVENT_ECN_IS_CE);
		if (!(tp->ecn_flags & TCP_ECN_DEMAND_CWR)) {
			/* The first mark is echoed without delay. */
			tcp_enter_quickack_mode(sk);
			tp->ecn_flags |= TCP_ECN_DEMAND_CWR;
		}
		tp->ecn_flags |= TCP_ECN_SEEN;
		break;
	default:
		if (tcp_ca_needs_ecn(sk))
			tcp_ca_event(sk, CA_EVENT_ECN_NO_CE);
		tp->ecn_flags |= TCP_ECN_SEEN;
		break;
	}
}

/**
 * tcp_ecn_check_ce() - look for congestion marks in a segment with data
 * @tp: the connection
 * @skb: the segment
 *
 * Origin: net/ipv4/tcp_input.c:279.
 */
void tcp_ecn_check_ce(struct tcp_sock *tp, const struct sk_buff *skb)
{
	if (tp->ecn_flags & TCP_ECN_OK)
		__tcp_ecn_check_ce(tp, skb);
}

/**
 * tcp_ecn_rcv_synack() - did the peer accept our offer of ECN?
 * @tp: the connection
 * @th: the SYN-ACK; ECE without CWR means yes
 *
 * Origin: net/ipv4/tcp_input.c:285; RFC 3168 section 6.1.1.
 */
void tcp_ecn_rcv_synack(struct tcp_sock *tp, const struct tcphdr *th)
{
	if ((tp->ecn_flags & TCP_ECN_OK) && (!th->ece || th->cwr))
		tp->ecn_flags &= ~TCP_ECN_OK;
}

/**
 * tcp_ecn_rcv_syn() - in a simultaneous open: does the peer's SYN offer ECN?
 * @tp: the connection
 * @th: the SYN; ECE and CWR together mean yes
 *
 * Origin: net/ipv4/tcp_input.c:291.
 */
void tcp_ecn_rcv_syn(struct tcp_sock *tp, const struct tcphdr *th)
{
	if ((tp->ecn_flags & TCP_ECN_OK) && (!th->ece || !th->cwr))
		tp->ecn_flags &= ~TCP_ECN_OK;
}

/**
 * tcp_ecn_rcv_ecn_echo() - does the peer echo a congestion mark?
 * @tp: the connection
 * @th: its segment; in a SYN the bit is an offer, not an echo
 *
 * Origin: net/ipv4/tcp_input.c:297.
 */
bool tcp_ecn_rcv_ecn_echo(const struct tcp_sock *tp, const struct tcphdr *th)
{
	return th->ece && !th->syn && (tp->ecn_flags & TCP_ECN_OK);
}
