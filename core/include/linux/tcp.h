/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TCP header as it lies on the wire (RFC 793 section 3.1), and struct tcp_sock, everything the
 * kernel knows about one connection.
 *
 * Sequence numbers are 32 bits, host order, compared modulo 2^32 with before()/after().  Times are
 * jiffies (TCP's timestamp clock) unless the name ends in _us.
 *
 * Origin: include/linux/tcp.h, include/uapi/linux/tcp.h.
 */
#ifndef _LINUX_TCP_H
#define _LINUX_TCP_H

#include <linux/byteorder.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/win_minmax.h>
#include <net/inet_connection_sock.h>
#include <net/inet_timewait_sock.h>
#include <net/sock.h>

struct msghdr;
struct tcp_fastopen_context;

/* All in network order; doff counts 32-bit words, header options included. */
struct tcphdr {
	__be16 source;
	__be16 dest;
	__be32 seq;
	__be32 ack_seq;
	__u16 res1 : 4, doff : 4, fin : 1, syn : 1, rst : 1, psh : 1, ack : 1, urg : 1, ece : 1,
		cwr : 1;
	__be16 window;
	__sum16 check;
	__be16 urg_ptr;
};

/* The header's fourth word as one number: offset, flags and window at one stroke. */
union tcp_word_hdr {
	struct tcphdr hdr;
	__be32 words[5];
};

#define tcp_flag_word(tp) (((union tcp_word_hdr *)(tp))->words[3])

/* Flags within that word, in network order like the word itself. */
#define TCP_FLAG_CWR      htonl(0x00800000)
#define TCP_FLAG_ECE      htonl(0x00400000)
#define TCP_FLAG_URG      htonl(0x00200000)
#define TCP_FLAG_ACK      htonl(0x00100000)
#define TCP_FLAG_PSH      htonl(0x00080000)
#define TCP_FLAG_RST      htonl(0x00040000)
#define TCP_FLAG_SYN      htonl(0x00020000)
#define TCP_FLAG_FIN      htonl(0x00010000)
#define TCP_RESERVED_BITS htonl(0x0F000000)
#define TCP_DATA_OFFSET   htonl(0xF0000000)

#define TCP_MSS_DEFAULT 536U  /* RFC 1122: what a host must assume without an MSS option */
#define TCP_MSS_DESIRED 1220U /* fits every path with a tunnel or two (RFC 4987's advice) */

/* setsockopt(2) at level SOL_TCP */
#define TCP_NODELAY              1
#define TCP_MAXSEG               2
#define TCP_CORK                 3
#define TCP_KEEPIDLE             4
#define TCP_KEEPINTVL            5
#define TCP_KEEPCNT              6
#define TCP_SYNCNT               7
#define TCP_LINGER2              8
#define TCP_DEFER_ACCEPT         9
#define TCP_WINDOW_CLAMP         10
#define TCP_INFO                 11
#define TCP_QUICKACK             12
#define TCP_CONGESTION           13
#define TCP_MD5SIG               14
#define TCP_THIN_LINEAR_TIMEOUTS 16
#define TCP_THIN_DUPACK          17
#define TCP_USER_TIMEOUT         18
#define TCP_REPAIR               19
#define TCP_REPAIR_QUEUE         20
#define TCP_QUEUE_SEQ            21
#define TCP_REPAIR_OPTIONS       22
#define TCP_FASTOPEN             23
#define TCP_TIMESTAMP            24
#define TCP_NOTSENT_LOWAT        25
#define TCP_CC_INFO              26
#define TCP_SAVE_SYN             27
#define TCP_SAVED_SYN            28

/* TCP_REPAIR_QUEUE */
enum {
	TCP_NO_QUEUE,
	TCP_RECV_QUEUE,
	TCP_SEND_QUEUE,
	TCP_QUEUES_NR,
};

/* One element of TCP_REPAIR_OPTIONS: a TCP option's kind and its value. */
struct tcp_repair_opt {
	__u32 opt_code;
	__u32 opt_val;
};

enum tcp_ca_state {
	TCP_CA_Open = 0,
	TCP_CA_Disorder = 1,
	TCP_CA_CWR = 2,
	TCP_CA_Recovery = 3,
	TCP_CA_Loss = 4
};
#define TCPF_CA_Open     (1 << TCP_CA_Open)
#define TCPF_CA_Disorder (1 << TCP_CA_Disorder)
#define TCPF_CA_CWR      (1 << TCP_CA_CWR)
#define TCPF_CA_Recovery (1 << TCP_CA_Recovery)
#define TCPF_CA_Loss     (1 << TCP_CA_Loss)

/* TCP_MD5SIG's argument (RFC 2385) */
#define TCP_MD5SIG_MAXKEYLEN 80
struct tcp_md5sig {
	struct sockaddr_storage tcpm_addr;
	__u16 __tcpm_pad1;
	__u16 tcpm_keylen;
	__u32 __tcpm_pad2;
	__u8 tcpm_key[TCP_MD5SIG_MAXKEYLEN];
};

static inline struct tcphdr *tcp_hdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)skb_transport_header(skb);
}

/* Bytes of header, options included. */
static inline unsigned int __tcp_hdrlen(const struct tcphdr *th)
{
	return th->doff * 4;
}

static inline unsigned int tcp_hdrlen(const struct sk_buff *skb)
{
	return __tcp_hdrlen(tcp_hdr(skb));
}

static inline struct tcphdr *inner_tcp_hdr(const struct sk_buff *skb)
{
	return tcp_hdr(skb);
}

/* A fast-open cookie (RFC 7413): 4 to 16 bytes; len -1 means "none known". */
#define TCP_FASTOPEN_COOKIE_MIN  4
#define TCP_FASTOPEN_COOKIE_MAX  16
#define TCP_FASTOPEN_COOKIE_SIZE 8

struct tcp_fastopen_cookie {
	s8 len;
	u8 val[TCP_FASTOPEN_COOKIE_MAX];
	bool exp; /* in the experimental option (kind 254, magic 0xF989) */
};

/* A range of data the peer holds: [start_seq, end_seq).  Network order on the wire. */
struct tcp_sack_block_wire {
	__be32 start_seq;
	__be32 end_seq;
};

struct tcp_sack_block {
	u32 start_seq;
	u32 end_seq;
};

#define TCP_SACK_SEEN    (1 << 0) /* the peer can SACK */
#define TCP_FACK_ENABLED (1 << 1) /* we use FACK on top */
#define TCP_DSACK_SEEN   (1 << 2)

/**
 * struct tcp_options_received - the options of the connection
 * @ts_recent_stamp: when ts_recent was stored, seconds of wall time; 0: no timestamp seen
 * @ts_recent: timestamp to echo (RFC 7323 TS.Recent)
 * @rcv_tsval: TSval of the segment just parsed
 * @rcv_tsecr: TSecr of it
 * @snd_wscale: shift for windows the peer tells us
 * @rcv_wscale: shift for windows we tell, chosen by tcp_select_initial_window()
 * @num_sacks: SACK blocks we have to report
 * @user_mss: TCP_MAXSEG; 0: not set
 * @mss_clamp: upper bound of our segments: 536 before, the peer's MSS option after the handshake
 */
struct tcp_options_received {
	long ts_recent_stamp;
	u32 ts_recent;
	u32 rcv_tsval;
	u32 rcv_tsecr;
	u16 saw_tstamp : 1, tstamp_ok : 1, dsack : 1, wscale_ok : 1, sack_ok : 4, snd_wscale : 4,
		rcv_wscale : 4;
	u8 num_sacks;
	u16 user_mss;
	u16 mss_clamp;
};

static inline void tcp_clear_options(struct tcp_options_received *rx_opt)
{
	rx_opt->tstamp_ok = rx_opt->sack_ok = 0;
	rx_opt->wscale_ok = rx_opt->snd_wscale = 0;
}

/* Four blocks is what fits into 40 bytes of options without timestamps, three with. */
#define TCP_NUM_SACKS 4

struct tcp_request_sock_ops;

struct tcp_request_sock {
	struct inet_request_sock req;
	const struct tcp_request_sock_ops *af_specific;
	struct skb_mstamp snt_synack; /* first SYN-ACK sent */
	bool tfo_listener;
	u32 txhash;
	u32 rcv_isn;
	u32 snt_isn;
	u32 last_oow_ack_time;
	u32 rcv_nxt;
};

static inline struct tcp_request_sock *tcp_rsk(const struct request_sock *req)
{
	return (struct tcp_request_sock *)req;
}

struct tcp_md5sig_info;

/**
 * struct tcp_sock - one TCP connection
 *
 * Fields stand in the kernel's order and groups.
 *
 * @tcp_header_len: header of the next segment, options included; 20 + 12 with timestamps
 * @gso_segs: most segments one packet may carry to the device
 * @pred_flags: header prediction: the fourth header word an expected segment would have; 0: slow
 * @bytes_received: RFC 4898 tcpEStatsAppHCThruOctetsReceived
 * @segs_in: segments received
 * @rcv_nxt: next sequence number we expect
 * @copied_seq: next one the user has not read
 * @rcv_wup: rcv_nxt when the last window was sent
 * @snd_nxt: next sequence number to be sent
 * @segs_out: segments sent
 * @data_segs_out: of them with data
 * @bytes_acked: RFC 4898 tcpEStatsAppHCThruOctetsAcked
 * @dsack_dups: duplicates the peer reported by D-SACK
 * @snd_una: first byte not acknowledged
 * @snd_sml: last byte of the most recent small packet (Nagle, Minshall)
 * @rcv_tstamp: when the last ACK arrived
 * @lsndtime: when data was last sent
 * @last_oow_ack_time: last answer to an out-of-window segment, for its rate limit
 * @tsoffset: added to timestamps we send
 * @tsq_node: place in the list of sockets that wait for transmit completion
 * @tsq_flags: TSQ_*, what release_sock() has to catch up on
 * @ucopy: the reader that could take data directly (prequeue)
 * @snd_wl1: sequence number of the segment that last updated the window
 * @snd_wnd: the peer's window, bytes
 * @max_window: largest window the peer ever offered
 * @mss_cache: MSS in use, SACK blocks not included
 * @window_clamp: largest window we will ever offer
 * @rcv_ssthresh: current window clamp, grows with the data that arrive
 * @rack: what RACK knows about the latest delivered segment
 * @advmss: MSS we tell the peer
 * @nonagle: Nagle and cork, TCP_NAGLE_*
 * @srtt_us: smoothed round trip, microseconds << 3
 * @mdev_us: its mean deviation
 * @mdev_max_us: largest deviation in this round trip
 * @rttvar_us: smoothed mdev_max
 * @rtt_seq: end of the round trip that is measured
 * @rtt_min: smallest round trip in a sliding window
 * @packets_out: segments in flight, before retransmissions
 * @retrans_out: retransmitted ones in flight
 * @max_packets_out: most in flight in the last window
 * @ecn_flags: TCP_ECN_*
 * @keepalive_probes: TCP_KEEPCNT
 * @reordering: how far the path reorders, segments
 * @snd_up: urgent pointer of what we send
 * @rx_opt: options of the connection
 * @snd_ssthresh: where slow start ends
 * @snd_cwnd: congestion window, segments
 * @snd_cwnd_cnt: acknowledged segments since the last increase
 * @prior_cwnd: cwnd when recovery began
 * @delivered: segments delivered, retransmissions included
 * @app_limited: limited by the application until delivered reaches this
 * @rcv_wnd: window we have offered, bytes
 * @write_seq: end of the data queued, plus one
 * @pushed_seq: last one that carried PSH
 * @lost_out: segments judged lost
 * @sacked_out: segments SACKed
 * @fackets_out: segments up to the most forward SACK
 * @undo_marker: snd_una when the undoable reduction began; 0: none
 * @undo_retrans: retransmissions that may be undone; -1: none
 * @total_retrans: retransmissions of the connection's life
 * @retrans_stamp: when the SYN, or the last retransmission, went out first
 * @rcvq_space: receive buffer auto-tuning
 * @af_specific: MD5 signatures (RFC 2385)
 * @fastopen_req: fast open in progress, from sendmsg(2) to the SYN
 */
struct tcp_sock {
	struct inet_connection_sock inet_conn; /* first: a tcp_sock is one */
	u16 tcp_header_len;
	u16 gso_segs;
	__be32 pred_flags;

	u64 bytes_received;
	u32 segs_in;
	u32 data_segs_in;
	u32 rcv_nxt;
	u32 copied_seq;
	u32 rcv_wup;
	u32 snd_nxt;
	u32 segs_out;
	u32 data_segs_out;
	u64 bytes_acked;

	u32 snd_una;
	u32 snd_sml;
	u32 rcv_tstamp;
	u32 lsndtime;
	u32 last_oow_ack_time;
	u32 tsoffset;

	struct list_head tsq_node;
	unsigned long tsq_flags;

	struct {
		struct sk_buff_head prequeue;
		struct task_struct *task;
		struct msghdr *msg;
		int memory;
		int len;
	} ucopy;

	u32 snd_wl1;
	u32 snd_wnd;
	u32 max_window;
	u32 mss_cache;

	u32 window_clamp;
	u32 rcv_ssthresh;

	struct tcp_rack {
		struct skb_mstamp mstamp;
		u8 advanced;
		u8 reord;
	} rack;
	u16 advmss;
	u8 rate_app_limited : 1;
	u8 nonagle : 4, thin_lto : 1, thin_dupack : 1, repair : 1, frto : 1;
	u8 repair_queue;
	u8 do_early_retrans : 1, syn_data : 1, syn_fastopen : 1, syn_fastopen_exp : 1,
		syn_data_acked : 1, save_syn : 1, is_cwnd_limited : 1;
	u32 tlp_high_seq;

	u32 srtt_us;
	u32 mdev_us;
	u32 mdev_max_us;
	u32 rttvar_us;
	u32 rtt_seq;
	struct minmax rtt_min;

	u32 packets_out;
	u32 retrans_out;
	u32 max_packets_out;
	u32 max_packets_seq;

	u16 urg_data;
	u8 ecn_flags;
	u8 keepalive_probes;
	u32 reordering;
	u32 snd_up;

	struct tcp_options_received rx_opt;

	u32 snd_ssthresh;
	u32 snd_cwnd;
	u32 snd_cwnd_cnt;
	u32 snd_cwnd_clamp;
	u32 snd_cwnd_used;
	u32 snd_cwnd_stamp;
	u32 prior_cwnd;
	u32 prr_delivered;
	u32 prr_out;
	u32 delivered;
	u32 lost;
	u32 app_limited;
	struct skb_mstamp first_tx_mstamp;
	struct skb_mstamp delivered_mstamp;
	u32 rate_delivered;
	u32 rate_interval_us;

	u32 rcv_wnd;
	u32 write_seq;
	u32 notsent_lowat;
	u32 pushed_seq;
	u32 lost_out;
	u32 sacked_out;
	u32 fackets_out;

	struct sk_buff *lost_skb_hint;
	struct sk_buff *retransmit_skb_hint;

	/* Sorted by sequence number.  v4.9 keeps them in a red-black tree, v4.6 in a list. */
	struct sk_buff_head out_of_order_queue;

	struct tcp_sack_block duplicate_sack[1];
	struct tcp_sack_block selective_acks[4];
	struct tcp_sack_block recv_sack_cache[4];
	struct sk_buff *highest_sack;

	int lost_cnt_hint;
	u32 retransmit_high;

	u32 prior_ssthresh;
	u32 high_seq;

	u32 retrans_stamp;
	u32 undo_marker;
	int undo_retrans;
	u32 total_retrans;

	u32 urg_seq;
	unsigned int keepalive_time;
	unsigned int keepalive_intvl;
	int linger2;

	struct {
		u32 rtt;
		u32 seq;
		u32 time;
	} rcv_rtt_est;

	struct {
		int space;
		u32 seq;
		u32 time;
	} rcvq_space;

	struct {
		u32 probe_seq_start;
		u32 probe_seq_end;
	} mtu_probe;
	u32 mtu_info; /* MTU an ICMP told while the socket was in use */

	const struct tcp_sock_af_ops *af_specific;
	struct tcp_md5sig_info *md5sig_info;

	struct tcp_fastopen_request *fastopen_req;
	struct request_sock *fastopen_rsk; /* set on sockets a fast-open SYN created */
	u32 *saved_syn;
};

/* bits of tcp_sock.tsq_flags: work left for release_sock() because a user held the lock */
enum tsq_flags {
	TSQ_THROTTLED,
	TSQ_QUEUED,
	TCP_TSQ_DEFERRED,
	TCP_WRITE_TIMER_DEFERRED,
	TCP_DELACK_TIMER_DEFERRED,
	TCP_MTU_REDUCED_DEFERRED
};

static inline struct tcp_sock *tcp_sk(const struct sock *sk)
{
	return (struct tcp_sock *)sk;
}

/* What remains of a connection in TIME_WAIT: enough to answer a late segment. */
struct tcp_timewait_sock {
	struct inet_timewait_sock tw_sk;
	u32 tw_rcv_nxt;
	u32 tw_snd_nxt;
	u32 tw_rcv_wnd;
	u32 tw_ts_offset;
	u32 tw_ts_recent;
	u32 tw_last_oow_ack_time;
	long tw_ts_recent_stamp;
	struct tcp_md5sig_key *tw_md5_key;
};

static inline struct tcp_timewait_sock *tcp_twsk(const struct sock *sk)
{
	return (struct tcp_timewait_sock *)sk;
}

static inline bool tcp_passive_fastopen(const struct sock *sk)
{
	return sk->sk_state == TCP_SYN_RECV && tcp_sk(sk)->fastopen_rsk != NULL;
}

#endif
