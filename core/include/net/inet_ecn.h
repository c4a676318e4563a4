/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Explicit congestion notification in the IP header: the two low bits of the TOS byte, RFC 3168
 * section 5.  A SYN never carries an ECN-capable codepoint (section 6.1.1).
 *
 * Origin: include/net/inet_ecn.h.
 */
#ifndef _INET_ECN_H_
#define _INET_ECN_H_

#include <linux/types.h>
#include <net/inet_sock.h>

enum {
	INET_ECN_NOT_ECT = 0,
	INET_ECN_ECT_1 = 1,
	INET_ECN_ECT_0 = 2,
	INET_ECN_CE = 3,
	INET_ECN_MASK = 3,
};

static inline int INET_ECN_is_ce(__u8 dsfield)
{
	return (dsfield & INET_ECN_MASK) == INET_ECN_CE;
}

static inline int INET_ECN_is_not_ect(__u8 dsfield)
{
	return (dsfield & INET_ECN_MASK) == INET_ECN_NOT_ECT;
}

static inline int INET_ECN_is_capable(__u8 dsfield)
{
	return dsfield & INET_ECN_ECT_0;
}

/* From now on this socket's packets say "routers may mark me instead of dropping me". */
static inline void INET_ECN_xmit(struct sock *sk)
{
	inet_sk(sk)->tos |= INET_ECN_ECT_0;
}

/* ... and from now on they do not: SYNs, retransmissions and pure ACKs are not ECN-capable. */
static inline void INET_ECN_dontxmit(struct sock *sk)
{
	inet_sk(sk)->tos &= ~INET_ECN_MASK;
}

#endif
