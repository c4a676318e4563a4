/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * The options of a received segment, and what time stamps are good for.
 *
 * An option is one byte of kind, one byte of length (both of them counted in it), then its value;
 * kinds 0 (end) and 1 (no operation) are single bytes. All values are in network byte order and
 * stand wherever they happen to stand, so they are read byte by byte.
 *
 * A peer's options are not to be trusted: a length of 0 would loop for ever, one longer than the
 * header would read the payload. At the first such length the parser stops and keeps what it had.
 *
 * Time stamps do two things (RFC 7323). Each side echoes the other's last stamp, so that a round
 * trip can be measured even for retransmitted data. And a stamp that is older than the last one
 * accepted marks a segment of a former time whose sequence number has wrapped around to look
 * valid: PAWS, Protection Against Wrapped Sequences.
 *
 * Origin: net/ipv4/tcp_input.c, v4.9; RFC 793, 2018, 7323, 7413, 2385.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/unaligned.h>
#include <net/snmp.h>

#include "tcp_input.h"

/* The highest shift RFC 7323 allows: a window of 1 GiB. */
#define TCP_MAX_WSCALE_RFC 14

/**
 * tcp_parse_fastopen_option() - the cookie in a fast-open option
 * @len: bytes of cookie
 * @cookie: they
 * @syn: the segment is a SYN
 * @foc: where to put it; NULL: the caller does not care
 * @exp_opt: it stood in the experimental option 254 instead of 34
 *
 * Only an even length of 4 to 16 is a cookie; length 0 in a SYN is the request for one.
 *
 * Origin: net/ipv4/tcp_input.c:3753; RFC 7413 section 4.1.1.
 */
static void tcp_parse_fastopen_option(int len, const unsigned char *cookie, bool syn,
				      struct tcp_fastopen_cookie *foc, bool exp_opt)
{
	if (!foc || !syn || len < 0 || (len & 1))
		return;

	if (len >= TCP_FASTOPEN_COOKIE_MIN && len <= TCP_FASTOPEN_COOKIE_MAX)
		memcpy(foc->val, cookie, (size_t)len);
	else if (len != 0)
		len = -1;

	foc->len = (s8)len;
	foc->exp = exp_opt;
}

/* The options that only a SYN may carry, or that are understood only when both sides offered. */
static __always_inline void tcp_parse_one_option(const struct sk_buff *skb, const struct tcphdr *th,
						 struct tcp_options_received *opt_rx, int estab,
						 struct tcp_fastopen_cookie *foc, int opcode,
						 int opsize, const unsigned char *ptr)
{
	u16 in_mss;
	u8 snd_wscale;

	switch (opcode) {
	case TCPOPT_MSS:
		if (opsize != TCPOLEN_MSS || !th->syn || estab)
			break;
		in_mss = get_unaligned_be16(ptr);
		if (!in_mss)
			break;
		/* TCP_MAXSEG of our user is an upper bound for what the peer asks. */
		if (opt_rx->user_mss && opt_rx->user_mss < in_mss)
			in_mss = opt_rx->user_mss;
		opt_rx->mss_clamp = in_mss;
		break;
	case TCPOPT_WINDOW:
		if (opsize != TCPOLEN_WINDOW || !th->syn || estab || !sysctl_tcp_window_scaling)
			break;
		snd_wscale = *ptr;
		opt_rx->wscale_ok = 1;
		if (snd_wscale > TCP_MAX_WSCALE_RFC)
			snd_wscale = TCP_MAX_WSCALE_RFC;
		opt_rx->snd_wscale = snd_wscale & 0xf;
		break;
	case TCPOPT_TIMESTAMP:
		if (opsize == TCPOLEN_TIMESTAMP &&
		    ((estab && opt_rx->tstamp_ok) || (!estab && sysctl_tcp_timestamps))) {
			opt_rx->saw_tstamp = 1;
			opt_rx->rcv_tsval = get_unaligned_be32(ptr);
			opt_rx->rcv_tsecr = get_unaligned_be32(ptr + 4);
		}
		break;
	case TCPOPT_SACK_PERM:
		if (opsize == TCPOLEN_SACK_PERM && th->syn && !estab && sysctl_tcp_sack) {
			opt_rx->sack_ok = TCP_SACK_SEEN;
			tcp_sack_reset(opt_rx);
		}
		break;
	case TCPOPT_SACK:
		/* Only where the blocks stand is noted; the ACK's processing reads them. */
		if (opsize >= TCPOLEN_SACK_BASE + TCPOLEN_SACK_PERBLOCK &&
		    !((opsize - TCPOLEN_SACK_BASE) % TCPOLEN_SACK_PERBLOCK) && opt_rx->sack_ok)
			TCP_SKB_CB(skb)->sacked = (u8)((ptr - 2) - (const unsigned char *)th);
		break;
	case TCPOPT_FASTOPEN:
		tcp_parse_fastopen_option(opsize - TCPOLEN_FASTOPEN_BASE, ptr, th->syn, foc, false);
		break;
	case TCPOPT_EXP:
		/* Option 254 is shared; the first two bytes say whose experiment it is. */
		if (opsize >= TCPOLEN_EXP_FASTOPEN_BASE &&
		    get_unaligned_be16(ptr) == TCPOPT_FASTOPEN_MAGIC)
			tcp_parse_fastopen_option(opsize - TCPOLEN_EXP_FASTOPEN_BASE, ptr + 2,
						  th->syn, foc, true);
		break;
	}
}

/**
 * tcp_parse_options() - read all options of a segment
 * @skb: the segment; its control block learns where SACK blocks stand
 * @opt_rx: what is known of the peer's options; only fields of options found are written
 * @estab: 0 during the handshake, when offers count; 1 after it, when they have been settled
 * @foc: receives a fast-open cookie; may be NULL
 *
 * MD5 signatures are not read here: they must be checked before anything else of the segment is
 * believed, see tcp_parse_md5sig_option().
 *
 * Origin: net/ipv4/tcp_input.c:3774; RFC 793 page 42.
 */
void tcp_parse_options(const struct sk_buff *skb, struct tcp_options_received *opt_rx, int estab,
		       struct tcp_fastopen_cookie *foc)
{
	const struct tcphdr *th = tcp_hdr(skb);
	int length = (th->doff * 4) - (int)sizeof(struct tcphdr);
	const unsigned char *ptr = (const unsigned char *)(th + 1);

	opt_rx->saw_tstamp = 0;

	while (length > 0) {
		int opcode = *ptr++;
		int opsize;

		if (opcode == TCPOPT_EOL)
			return;
		if (opcode == TCPOPT_NOP) {
			length--;
			continue;
		}
		/* The kind was the header's last byte: there is no length to read. */
		if (length < 2)
			return;
		opsize = *ptr++;
		if (opsize < 2 || opsize > length)
			return;

		tcp_parse_one_option(skb, th, opt_rx, estab, foc, opcode, opsize, ptr);

		ptr += opsize - 2;
		length -= opsize;
	}
}

/**
 * tcp_parse_aligned_timestamp() - the time stamp where everybody puts it
 * @tp: the connection; rx_opt receives the stamps
 * @th: header of a segment with exactly 12 bytes of options
 *
 * Return: true if the options are NOP NOP TIMESTAMP, which one comparison of 32 bits tells.
 *
 * Origin: net/ipv4/tcp_input.c:3885; RFC 7323 appendix A.
 */
bool tcp_parse_aligned_timestamp(struct tcp_sock *tp, const struct tcphdr *th)
{
	const __be32 *ptr = (const __be32 *)(th + 1);

	if (*ptr != htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_TIMESTAMP << 8) |
			  TCPOLEN_TIMESTAMP))
		return false;

	tp->rx_opt.saw_tstamp = 1;
	++ptr;
	tp->rx_opt.rcv_tsval = ntohl(*ptr);
	++ptr;
	/* 0 means "nothing to echo" and must stay 0. */
	if (*ptr)
		tp->rx_opt.rcv_tsecr = ntohl(*ptr) - tp->tsoffset;
	else
		tp->rx_opt.rcv_tsecr = 0;
	return true;
}

/**
 * tcp_fast_parse_options() - the options of an ordinary segment
 * @skb: the segment
 * @th: its header
 * @tp: the connection
 *
 * Return: false if there were no options at all, true otherwise.
 *
 * Origin: net/ipv4/tcp_input.c:3907.
 */
bool tcp_fast_parse_options(const struct sk_buff *skb, const struct tcphdr *th, struct tcp_sock *tp)
{
	if (th->doff == (sizeof(*th) / 4)) {
		tp->rx_opt.saw_tstamp = 0;
		return false;
	}
	if (tp->rx_opt.tstamp_ok && th->doff == ((sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) / 4)) {
		if (tcp_parse_aligned_timestamp(tp, th))
			return true;
	}

	tcp_parse_options(skb, &tp->rx_opt, 1, NULL);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	return true;
}

/**
 * tcp_parse_md5sig_option() - find the RFC 2385 signature
 * @th: the header
 *
 * Return: the 16 bytes of digest, or NULL if the segment is not signed.
 *
 * Origin: net/ipv4/tcp_input.c:3933.
 */
const u8 *tcp_parse_md5sig_option(const struct tcphdr *th)
{
	int length = (th->doff << 2) - (int)sizeof(*th);
	const u8 *ptr = (const u8 *)(th + 1);

	/* Too short to hold one: most segments end here. */
	if (length < TCPOLEN_MD5SIG)
		return NULL;

	while (length > 0) {
		int opcode = *ptr++;
		int opsize;

		if (opcode == TCPOPT_EOL)
			return NULL;
		if (opcode == TCPOPT_NOP) {
			length--;
			continue;
		}
		if (length < 2)
			return NULL;
		opsize = *ptr++;
		if (opsize < 2 || opsize > length)
			return NULL;
		if (opcode == TCPOPT_MD5SIG)
			return opsize == TCPOLEN_MD5SIG ? ptr : NULL;

		ptr += opsize - 2;
		length -= opsize;
	}
	return NULL;
}

/**
 * tcp_store_ts_recent() - this stamp is the one to echo from now on
 * @tp: the connection
 *
 * The second of its arrival is kept too: after 24 days a stamp says nothing any more, since the
 * peer's clock may have wrapped.
 *
 * Origin: net/ipv4/tcp_input.c:3502; RFC 7323 section 4.3.
 */
void tcp_store_ts_recent(struct tcp_sock *tp)
{
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = get_seconds();
}

/**
 * tcp_replace_ts_recent() - take the stamp if this segment is the one an ACK will answer
 * @tp: the connection
 * @seq: the segment's first sequence number
 *
 * Only a segment that begins at or before the last ACK we sent may update the stamp: with delayed
 * ACKs the echo must be that of the oldest segment the ACK covers, otherwise the peer would
 * measure a round trip that is too short. A pure ACK that is out of order passes that test, so
 * PAWS looks at it once more.
 *
 * Origin: net/ipv4/tcp_input.c:3508; RFC 7323 section 4.3.
 */
void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq)
{
	if (tp->rx_opt.saw_tstamp && !after(seq, tp->rcv_wup)) {
		if (tcp_paws_check(&tp->rx_opt, 0))
			tcp_store_ts_recent(tp);
	}
}

/**
 * tcp_disordered_ack() - a pure ACK that was merely overtaken
 * @sk: the socket
 * @skb: a segment whose stamp is older than ts_recent
 *
 * Networks that reorder make duplicate ACKs look like PAWS failures. Such an ACK carries no data,
 * is no news, does not change the window, and its stamp is not older than a replay could explain.
 *
 * Origin: net/ipv4/tcp_input.c:3990.
 */
static bool tcp_disordered_ack(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcphdr *th = tcp_hdr(skb);
	u32 seq = TCP_SKB_CB(skb)->seq;
	u32 ack = TCP_SKB_CB(skb)->ack_seq;

	return th->ack && seq == TCP_SKB_CB(skb)->end_seq && seq == tp->rcv_nxt &&
	       ack == tp->snd_una &&
	       (u32)ntohs(th->window) << tp->rx_opt.snd_wscale == tp->snd_wnd &&
	       (s32)(tp->rx_opt.ts_recent - tp->rx_opt.rcv_tsval) <=
		       (s32)(inet_csk(sk)->icsk_rto * 1024 / HZ);
}

/**
 * tcp_paws_discard() - is this segment one of a former time?
 * @sk: the socket
 * @skb: the segment, options parsed
 *
 * Origin: net/ipv4/tcp_input.c:4010; RFC 7323 section 5.
 */
bool tcp_paws_discard(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return !tcp_paws_check(&tp->rx_opt, TCP_PAWS_WINDOW) && !tcp_disordered_ack(sk, skb);
}
