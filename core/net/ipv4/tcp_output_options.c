/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_output.c */
/*
 * The options of a segment: which ones (tcp_syn_options(), tcp_established_options()), then their
 * bytes (tcp_options_write()).  Two passes, because the header's length must be known before there
 * is room to write into.
 *
 * There are 40 bytes.  A SYN of the defaults uses 20:
 *
 *   02 04 05b4        MSS 1460                      RFC 793
 *   04 02             SACK permitted                RFC 2018   fills the word before ...
 *   08 0a val ecr     time stamps                   RFC 7323   ... the time stamp's
 *   01 03 03 07       NOP, window scale 7           RFC 7323
 *
 * An option can only be used if both SYNs had it, so what is offered here bounds the connection.
 *
 * Part of net/ipv4/tcp_output.c in the kernel.
 */
#include <linux/byteorder.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/tcp.h>

#include "tcp_output.h"

/* One 32-bit word of four bytes, first byte first on the wire. */
static inline __be32 tcp_option_word(u32 b0, u32 b1, u32 b2, u32 b3)
{
	return htonl((b0 << 24) | (b1 << 16) | (b2 << 8) | b3);
}

/* Blocks of data we hold beyond a gap; the first may report a duplicate (RFC 2883). */
static __be32 *tcp_options_write_sack(__be32 *ptr, struct tcp_sock *tp,
				      const struct tcp_out_options *opts)
{
	const struct tcp_sack_block *sp =
		tp->rx_opt.dsack ? tp->duplicate_sack : tp->selective_acks;
	int this_sack;

	*ptr++ = tcp_option_word(TCPOPT_NOP, TCPOPT_NOP, TCPOPT_SACK,
				 TCPOLEN_SACK_BASE + opts->num_sack_blocks * TCPOLEN_SACK_PERBLOCK);

	for (this_sack = 0; this_sack < opts->num_sack_blocks; ++this_sack) {
		*ptr++ = htonl(sp[this_sack].start_seq);
		*ptr++ = htonl(sp[this_sack].end_seq);
	}
	tp->rx_opt.dsack = 0; /* a duplicate is reported once */
	return ptr;
}

/* A fast-open cookie, or (length 0) the request for one; padded with NOPs to a word. */
static void tcp_options_write_cookie(__be32 *ptr, const struct tcp_fastopen_cookie *foc)
{
	u8 *p = (u8 *)ptr;
	u32 len;

	if (foc->exp) {
		len = TCPOLEN_EXP_FASTOPEN_BASE + foc->len;
		*ptr = tcp_option_word(TCPOPT_EXP, len, TCPOPT_FASTOPEN_MAGIC >> 8,
				       TCPOPT_FASTOPEN_MAGIC & 0xff);
		p += TCPOLEN_EXP_FASTOPEN_BASE;
	} else {
		len = TCPOLEN_FASTOPEN_BASE + foc->len;
		*p++ = TCPOPT_FASTOPEN;
		*p++ = len;
	}

	memcpy(p, foc->val, foc->len);
	if ((len & 3) == 2) {
		p[foc->len] = TCPOPT_NOP;
		p[foc->len + 1] = TCPOPT_NOP;
	}
}

/**
 * tcp_options_write - write the options behind the header
 * @ptr: first word after the 20 bytes of header
 * @tp: for the SACK blocks; NULL where there are none
 * @opts: what was decided
 *
 * The order is not free: middleboxes and other stacks have come to know it, and some have tables of
 * the exact layouts they let pass.  The MD5 option comes first, its 16 bytes filled in later.
 */
void tcp_options_write(__be32 *ptr, struct tcp_sock *tp, struct tcp_out_options *opts)
{
	u16 options = opts->options; /* consumed bit by bit */

	if (unlikely(OPTION_MD5 & options)) {
		*ptr++ = tcp_option_word(TCPOPT_NOP, TCPOPT_NOP, TCPOPT_MD5SIG, TCPOLEN_MD5SIG);
		opts->hash_location = (__u8 *)ptr;
		ptr += 4;
	}

	if (unlikely(opts->mss))
		*ptr++ = htonl((TCPOPT_MSS << 24) | (TCPOLEN_MSS << 16) | opts->mss);

	if (likely(OPTION_TS & options)) {
		if (unlikely(OPTION_SACK_ADVERTISE & options)) {
			/* SACK-permitted takes the place of the two padding NOPs: 4 bytes saved */
			*ptr++ = tcp_option_word(TCPOPT_SACK_PERM, TCPOLEN_SACK_PERM,
						 TCPOPT_TIMESTAMP, TCPOLEN_TIMESTAMP);
			options &= ~OPTION_SACK_ADVERTISE;
		} else {
			*ptr++ = tcp_option_word(TCPOPT_NOP, TCPOPT_NOP, TCPOPT_TIMESTAMP,
						 TCPOLEN_TIMESTAMP);
		}
		*ptr++ = htonl(opts->tsval);
		*ptr++ = htonl(opts->tsecr);
	}

	if (unlikely(OPTION_SACK_ADVERTISE & options))
		*ptr++ = tcp_option_word(TCPOPT_NOP, TCPOPT_NOP, TCPOPT_SACK_PERM,
					 TCPOLEN_SACK_PERM);

	if (unlikely(OPTION_WSCALE & options))
		*ptr++ = tcp_option_word(TCPOPT_NOP, TCPOPT_WINDOW, TCPOLEN_WINDOW, opts->ws);

	if (unlikely(opts->num_sack_blocks))
		ptr = tcp_options_write_sack(ptr, tp, opts);

	if (unlikely(OPTION_FAST_OPEN_COOKIE & options))
		tcp_options_write_cookie(ptr, opts->fastopen_cookie);
}

/*
 * The MSS to tell the peer.  The route may have become narrower since tcp_connect_init(); wider it
 * is never taken, or a retransmitted SYN would promise more than the first.
 */
static __u16 tcp_advertise_mss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);
	int mss = tp->advmss;

	if (dst) {
		unsigned int metric = dst_metric_advmss(dst);

		if (metric < (unsigned int)mss) {
			mss = metric;
			tp->advmss = mss;
		}
	}
	return (__u16)mss;
}

/* A fast open wants its cookie in the SYN, if it fits into what is left. */
static unsigned int tcp_syn_options_cookie(struct tcp_sock *tp, struct tcp_out_options *opts,
					   unsigned int remaining)
{
	struct tcp_fastopen_request *fastopen = tp->fastopen_req;
	u32 need;

	if (!fastopen || fastopen->cookie.len < 0)
		return remaining;

	need = fastopen->cookie.len;
	need += fastopen->cookie.exp ? TCPOLEN_EXP_FASTOPEN_BASE : TCPOLEN_FASTOPEN_BASE;
	need = (need + 3) & ~3U;
	if (remaining >= need) {
		opts->options |= OPTION_FAST_OPEN_COOKIE;
		opts->fastopen_cookie = &fastopen->cookie;
		remaining -= need;
		tp->syn_fastopen = 1;
		tp->syn_fastopen_exp = fastopen->cookie.exp ? 1 : 0;
	}
	return remaining;
}

/**
 * tcp_syn_options - choose the options of a SYN
 * @sk: the socket
 * @skb: the SYN, for its send time
 * @opts: result
 * @md5: the signature key of the peer, NULL if none
 *
 * Signature and time stamps together with the rest would not fit into 40 bytes, so a signed SYN has
 * no time stamps.
 *
 * Return: bytes of options, a multiple of 4.
 */
unsigned int tcp_syn_options(struct sock *sk, struct sk_buff *skb, struct tcp_out_options *opts,
			     struct tcp_md5sig_key **md5)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int remaining = MAX_TCP_OPTION_SPACE;

	*md5 = tp->af_specific->md5_lookup(sk, sk);
	if (*md5) {
		opts->options |= OPTION_MD5;
		remaining -= TCPOLEN_MD5SIG_ALIGNED;
	}

	opts->mss = tcp_advertise_mss(sk);
	remaining -= TCPOLEN_MSS_ALIGNED;

	if (likely(sysctl_tcp_timestamps && *md5 == NULL)) {
		opts->options |= OPTION_TS;
		opts->tsval = tcp_skb_timestamp(skb) + tp->tsoffset;
		opts->tsecr = tp->rx_opt.ts_recent;
		remaining -= TCPOLEN_TSTAMP_ALIGNED;
	}
	if (likely(sysctl_tcp_window_scaling)) {
		opts->ws = tp->rx_opt.rcv_wscale;
		opts->options |= OPTION_WSCALE;
		remaining -= TCPOLEN_WSCALE_ALIGNED;
	}
	if (likely(sysctl_tcp_sack)) {
		opts->options |= OPTION_SACK_ADVERTISE;
		if (unlikely(!(OPTION_TS & opts->options)))
			remaining -= TCPOLEN_SACKPERM_ALIGNED;
	}

	remaining = tcp_syn_options_cookie(tp, opts, remaining);
	return MAX_TCP_OPTION_SPACE - remaining;
}

/**
 * tcp_established_options - choose the options of any other segment
 * @sk: the socket
 * @skb: the segment; NULL if only the size is asked for
 * @opts: result
 * @md5: the signature key of the peer, NULL if none
 *
 * SACK blocks get what room is left: three with time stamps, four without.
 *
 * Return: bytes of options, a multiple of 4.
 */
unsigned int tcp_established_options(struct sock *sk, struct sk_buff *skb,
				     struct tcp_out_options *opts, struct tcp_md5sig_key **md5)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int size = 0;
	unsigned int eff_sacks;

	opts->options = 0;

	*md5 = tp->af_specific->md5_lookup(sk, sk);
	if (unlikely(*md5)) {
		opts->options |= OPTION_MD5;
		size += TCPOLEN_MD5SIG_ALIGNED;
	}

	if (likely(tp->rx_opt.tstamp_ok)) {
		opts->options |= OPTION_TS;
		opts->tsval = skb ? tcp_skb_timestamp(skb) + tp->tsoffset : 0;
		opts->tsecr = tp->rx_opt.ts_recent;
		size += TCPOLEN_TSTAMP_ALIGNED;
	}

	eff_sacks = tp->rx_opt.num_sacks + tp->rx_opt.dsack;
	if (unlikely(eff_sacks)) {
		const unsigned int remaining = MAX_TCP_OPTION_SPACE - size;

		opts->num_sack_blocks =
			min_t(unsigned int, eff_sacks,
			      (remaining - TCPOLEN_SACK_BASE_ALIGNED) / TCPOLEN_SACK_PERBLOCK);
		size += TCPOLEN_SACK_BASE_ALIGNED + opts->num_sack_blocks * TCPOLEN_SACK_PERBLOCK;
	}
	return size;
}
