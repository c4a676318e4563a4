/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_output.c */
/*
 * What the parts of the sending side share and nobody else needs.  The kernel has one file of 3,600
 * lines, tcp_output.c; here each part of it is one concept:
 *
 *   tcp_output.c          connect, transmit one segment
 *   tcp_output_ctl.c      ACK, FIN, RST
 *   tcp_output_tsq.c      not too much below; what release_sock() catches up on
 *   tcp_output_options.c  the options of a segment
 *   tcp_output_window.c   windows we offer, MTU and MSS
 *   tcp_output_write.c    the write queue: what may be sent now; splitting
 *   tcp_output_mtup.c     probing for a larger path MTU
 *   tcp_output_retrans.c  sending again, probing
 *
 * Origin: net/ipv4/tcp_output.c.
 */
#ifndef _TCP_OUTPUT_H
#define _TCP_OUTPUT_H

#include <net/tcp.h>

#define OPTION_SACK_ADVERTISE   (1 << 0)
#define OPTION_TS               (1 << 1)
#define OPTION_MD5              (1 << 2)
#define OPTION_WSCALE           (1 << 3)
#define OPTION_FAST_OPEN_COOKIE (1 << 8)

/**
 * struct tcp_out_options - the options of one segment, decided but not written yet
 * @options: OPTION_*
 * @mss: MSS option, bytes; 0: none
 * @ws: window scale
 * @num_sack_blocks: SACK blocks
 * @hash_size: bytes of the MD5 signature
 * @hash_location: where tcp_options_write() left room for it
 * @tsval: time stamp
 * @tsecr: time stamp echoed
 * @fastopen_cookie: cookie to show or (len 0) to ask for
 */
struct tcp_out_options {
	u16 options;
	u16 mss;
	u8 ws;
	u8 num_sack_blocks;
	u8 hash_size;
	__u8 *hash_location;
	__u32 tsval;
	__u32 tsecr;
	struct tcp_fastopen_cookie *fastopen_cookie;
};

/* tcp_output_options.c */
void tcp_options_write(__be32 *ptr, struct tcp_sock *tp, struct tcp_out_options *opts);
unsigned int tcp_syn_options(struct sock *sk, struct sk_buff *skb, struct tcp_out_options *opts,
			     struct tcp_md5sig_key **md5);
unsigned int tcp_established_options(struct sock *sk, struct sk_buff *skb,
				     struct tcp_out_options *opts, struct tcp_md5sig_key **md5);

/* tcp_output_window.c */
u16 tcp_select_window(struct sock *sk);
int __tcp_mtu_to_mss(struct sock *sk, int pmtu);

/* tcp_output.c */
void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags);
void tcp_event_new_data_sent(struct sock *sk, const struct sk_buff *skb);

/* tcp_output_mtup.c */
int tcp_mtu_probe(struct sock *sk);

/* tcp_output_tsq.c */
void tcp_tasklet_init(void);

/* tcp_output_write.c */
bool tcp_write_xmit(struct sock *sk, unsigned int mss_now, int nonagle, int push_one, gfp_t gfp);
void tcp_queue_skb(struct sock *sk, struct sk_buff *skb);
void tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now);
int tcp_init_tso_segs(struct sk_buff *skb, unsigned int mss_now);
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr);
bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb, unsigned int cur_mss);
bool tcp_small_queue_check(struct sock *sk, const struct sk_buff *skb, unsigned int factor);
u32 tcp_tso_segs(struct sock *sk, unsigned int mss_now);

/* Is there urgent data not acknowledged yet? */
static inline bool tcp_urg_mode(const struct tcp_sock *tp)
{
	return tp->snd_una != tp->snd_up;
}

#endif
