/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 6, another way to write it: options are written byte by byte, the shift is counted by shifting the
 * limit up, and the pseudo header is added up word by word.
 */

#include <linux/byteorder.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/tcp.h>
#include <net/ipv4/tcp_output.h>

__u16 tcp_advertise_mss(struct sock *sk);
unsigned int tcp_syn_options_cookie(struct tcp_sock *tp, struct tcp_out_options *opts,
				    unsigned int remaining);
__be32 *tcp_options_write_sack(__be32 *ptr, struct tcp_sock *tp,
			       const struct tcp_out_options *opts);
void tcp_options_write_cookie(__be32 *ptr, const struct tcp_fastopen_cookie *foc);

/* How often 65535 must double to reach @largest. */
static __u8 shift_for(u64 largest)
{
	__u8 shift = 0;

	while (shift < TCP_MAX_WSCALE && largest >> shift > 65535)
		shift++;
	return shift;
}

void tcp_select_initial_window(int __space, __u32 mss, __u32 *rcv_wnd, __u32 *window_clamp,
			       int wscale_ok, __u8 *rcv_wscale, __u32 init_rcv_wnd)
{
	u32 space = __space > 0 ? (u32)__space : 0, largest;

	if (!*window_clamp)
		*window_clamp = 65535U << TCP_MAX_WSCALE;
	if (space > *window_clamp)
		space = *window_clamp;
	if (space > mss)
		space -= space % mss;
	*rcv_wnd = space;
	if (sysctl_tcp_workaround_signed_windows && space > MAX_TCP_WINDOW)
		*rcv_wnd = MAX_TCP_WINDOW;

	largest = max_t(u32, space, max_t(u32, sysctl_tcp_rmem[2], sysctl_rmem_max));
	*rcv_wscale = wscale_ok ? shift_for(min(largest, *window_clamp)) : 0;

	if (mss > 1U << *rcv_wscale) {
		u32 most = init_rcv_wnd ? init_rcv_wnd : tcp_default_init_rwnd(mss);

		if (*rcv_wnd > most * mss)
			*rcv_wnd = most * mss;
	}
	if (*window_clamp > 65535U << *rcv_wscale)
		*window_clamp = 65535U << *rcv_wscale;
}

unsigned int tcp_syn_options(struct sock *sk, struct sk_buff *skb, struct tcp_out_options *opts,
			     struct tcp_md5sig_key **md5)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int used = TCPOLEN_MSS_ALIGNED, left;
	bool stamps;

	*md5 = tp->af_specific->md5_lookup(sk, sk);
	stamps = sysctl_tcp_timestamps && !*md5;
	opts->mss = tcp_advertise_mss(sk);
	if (*md5) {
		used += TCPOLEN_MD5SIG_ALIGNED;
		opts->options |= OPTION_MD5;
	}
	if (sysctl_tcp_sack) {
		used += stamps ? 0 : TCPOLEN_SACKPERM_ALIGNED;
		opts->options |= OPTION_SACK_ADVERTISE;
	}
	if (stamps) {
		used += TCPOLEN_TSTAMP_ALIGNED;
		opts->options |= OPTION_TS;
		opts->tsecr = tp->rx_opt.ts_recent;
		opts->tsval = tcp_skb_timestamp(skb) + tp->tsoffset;
	}
	if (sysctl_tcp_window_scaling) {
		used += TCPOLEN_WSCALE_ALIGNED;
		opts->options |= OPTION_WSCALE;
		opts->ws = tp->rx_opt.rcv_wscale;
	}
	left = tcp_syn_options_cookie(tp, opts, MAX_TCP_OPTION_SPACE - used);
	return MAX_TCP_OPTION_SPACE - left;
}

static u8 *put16(u8 *at, u32 value)
{
	*at++ = (u8)(value >> 8);
	*at++ = (u8)value;
	return at;
}

static u8 *put32(u8 *at, u32 value)
{
	return put16(put16(at, value >> 16), value);
}

static u8 *put_head(u8 *at, u8 kind, u8 length)
{
	*at++ = kind;
	*at++ = length;
	return at;
}

void tcp_options_write(__be32 *ptr, struct tcp_sock *tp, struct tcp_out_options *opts)
{
	bool sack = opts->options & OPTION_SACK_ADVERTISE, stamps = opts->options & OPTION_TS;
	u8 *at = (u8 *)ptr;

	if (opts->options & OPTION_MD5) {
		at = put_head(at, TCPOPT_NOP, TCPOPT_NOP);
		at = put_head(at, TCPOPT_MD5SIG, TCPOLEN_MD5SIG);
		opts->hash_location = at;
		at += 16;
	}
	if (opts->mss) {
		at = put_head(at, TCPOPT_MSS, TCPOLEN_MSS);
		at = put16(at, opts->mss);
	}
	/* SACK permitted pads the time stamps, or is padded itself. */
	if (sack && !stamps)
		at = put_head(at, TCPOPT_NOP, TCPOPT_NOP);
	if (sack)
		at = put_head(at, TCPOPT_SACK_PERM, TCPOLEN_SACK_PERM);
	if (stamps) {
		if (!sack)
			at = put_head(at, TCPOPT_NOP, TCPOPT_NOP);
		at = put_head(at, TCPOPT_TIMESTAMP, TCPOLEN_TIMESTAMP);
		at = put32(at, opts->tsval);
		at = put32(at, opts->tsecr);
	}
	if (opts->options & OPTION_WSCALE) {
		at = put_head(at, TCPOPT_NOP, TCPOPT_WINDOW);
		at = put_head(at, TCPOLEN_WINDOW, opts->ws);
	}
	ptr = (__be32 *)at;
	if (opts->num_sack_blocks)
		ptr = tcp_options_write_sack(ptr, tp, opts);
	if (opts->options & OPTION_FAST_OPEN_COOKIE)
		tcp_options_write_cookie(ptr, opts->fastopen_cookie);
}

/* The words of the pseudo header, folded. */
static __sum16 pseudo(__be32 saddr, __be32 daddr, u32 length)
{
	u32 sum = htons(IPPROTO_TCP) + htons((u16)length);

	sum += (saddr & 0xffff) + (saddr >> 16) + (daddr & 0xffff) + (daddr >> 16);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (__sum16)sum;
}

void __tcp_v4_send_check(struct sk_buff *skb, __be32 saddr, __be32 daddr)
{
	struct tcphdr *th = tcp_hdr(skb);
	__sum16 sum = pseudo(saddr, daddr, skb->len);

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		skb->csum_offset = offsetof(struct tcphdr, check);
		skb->csum_start = (u16)((u8 *)th - skb->head);
		th->check = sum;
		return;
	}
	th->check = csum_fold(csum_add(csum_partial(th, th->doff << 2, skb->csum), sum));
}
