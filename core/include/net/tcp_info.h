/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NET_TCP_INFO_H
#define _NET_TCP_INFO_H

/* What getsockopt(TCP_INFO) tells (include/uapi/linux/tcp.h of v4.9). */
#include <linux/types.h>

struct sock;

#define TCPI_OPT_TIMESTAMPS 1
#define TCPI_OPT_SACK       2
#define TCPI_OPT_WSCALE     4
#define TCPI_OPT_ECN        8  /* ECN was negotiated at connection setup */
#define TCPI_OPT_ECN_SEEN   16 /* a packet with ECT has arrived */
#define TCPI_OPT_SYN_DATA   32 /* the SYN carried data that was acknowledged */

/*
 * struct tcp_info - user space's view of a connection
 *
 * Times are in microseconds, but those since an event, tcpi_last_*, in
 * milliseconds; sizes and rates in bytes; the rest counts segments. The order
 * is fixed: programs read it.
 */
struct tcp_info {
	u8 tcpi_state;
	u8 tcpi_ca_state;
	u8 tcpi_retransmits;
	u8 tcpi_probes;
	u8 tcpi_backoff;
	u8 tcpi_options;
	u8 tcpi_snd_wscale : 4, tcpi_rcv_wscale : 4;
	u8 tcpi_delivery_rate_app_limited : 1;

	u32 tcpi_rto;
	u32 tcpi_ato;
	u32 tcpi_snd_mss;
	u32 tcpi_rcv_mss;

	u32 tcpi_unacked;
	u32 tcpi_sacked;
	u32 tcpi_lost;
	u32 tcpi_retrans;
	u32 tcpi_fackets;

	u32 tcpi_last_data_sent;
	u32 tcpi_last_ack_sent; /* not kept, always 0 */
	u32 tcpi_last_data_recv;
	u32 tcpi_last_ack_recv;

	u32 tcpi_pmtu;
	u32 tcpi_rcv_ssthresh;
	u32 tcpi_rtt;
	u32 tcpi_rttvar;
	u32 tcpi_snd_ssthresh;
	u32 tcpi_snd_cwnd;
	u32 tcpi_advmss;
	u32 tcpi_reordering;

	u32 tcpi_rcv_rtt;
	u32 tcpi_rcv_space;

	u32 tcpi_total_retrans;

	u64 tcpi_pacing_rate;
	u64 tcpi_max_pacing_rate;
	u64 tcpi_bytes_acked;
	u64 tcpi_bytes_received;
	u32 tcpi_segs_out;
	u32 tcpi_segs_in;

	u32 tcpi_notsent_bytes;
	u32 tcpi_min_rtt;
	u32 tcpi_data_segs_in;
	u32 tcpi_data_segs_out;

	u64 tcpi_delivery_rate;
};

void tcp_get_info(struct sock *sk, struct tcp_info *info);

#endif
