/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP's constants, its control block in every packet (TCP_SKB_CB), the arithmetic of sequence
 * numbers and windows, the write queue, and what the TCP files call of one another.
 *
 * Units: sequence numbers in host order, windows in bytes, times in jiffies (HZ=1000, so
 * milliseconds) unless _us.
 *
 * Origin: include/net/tcp.h.
 */
#ifndef _TCP_H
#define _TCP_H

#include <linux/byteorder.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/dst.h>
#include <net/inet_connection_sock.h>
#include <net/inet_ecn.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/ip.h>
#include <net/request_sock.h>
#include <net/snmp.h>
#include <net/sock.h>
#include <net/tcp_states.h>

extern struct inet_hashinfo tcp_hashinfo;
extern struct inet_timewait_death_row tcp_death_row;
extern long tcp_orphan_count;

/* Room for every header below TCP's data: 40 of TCP, 60 of IP, the link layer. */
#define MAX_TCP_HEADER       (128 + MAX_HEADER)
#define MAX_TCP_OPTION_SPACE 40

#define MAX_TCP_WINDOW              32767U /* what a sender must survive, RFC 1323 appendix */
#define TCP_MIN_SND_MSS             48
#define TCP_MIN_GSO_SIZE            (TCP_MIN_SND_MSS - MAX_TCP_OPTION_SPACE)
#define TCP_MIN_MSS                 88U  /* 40 bytes of options leave 48 of data */
#define TCP_BASE_MSS                1024 /* RFC 4821: where probing of the path MTU begins */
#define TCP_PROBE_INTERVAL          600  /* seconds between probes */
#define TCP_PROBE_THRESHOLD         8    /* stop when the search interval is this small, bytes */
#define TCP_FASTRETRANS_THRESH      3
#define TCP_MAX_REORDERING          300 /* sysctl_tcp_max_reordering */
#define TCP_MAX_QUICKACKS           16U /* segments ACKed at once at the start of a connection */
#define TCP_MAX_WSCALE              14U
#define TCP_URG_VALID               0x0100
#define TCP_URG_NOTYET              0x0200
#define TCP_URG_READ                0x0400
#define TCP_RETR1                   3
#define TCP_RETR2                   15
#define TCP_SYN_RETRIES             6 /* 1+2+4+8+16+32+64 s: gives up after 127 s */
#define TCP_SYNACK_RETRIES          5
#define TCP_TIMEWAIT_LEN            (60 * HZ)
#define TCP_FIN_TIMEOUT             TCP_TIMEWAIT_LEN
#define TCP_DELACK_MAX              ((unsigned int)(HZ / 5))
#define TCP_DELACK_MIN              ((unsigned int)(HZ / 25))
#define TCP_ATO_MIN                 ((unsigned int)(HZ / 25))
#define TCP_RTO_MAX                 ((unsigned int)(120 * HZ))
#define TCP_RTO_MIN                 ((unsigned int)(HZ / 5))
#define TCP_TIMEOUT_INIT            ((unsigned int)(1 * HZ)) /* RFC 6298 2.1: one second before any sample */
#define TCP_TIMEOUT_FALLBACK        ((unsigned int)(3 * HZ)) /* RFC 6298 5.7: after a SYN was repeated */
#define TCP_RESOURCE_PROBE_INTERVAL ((unsigned int)(HZ / 2U))
#define TCP_KEEPALIVE_TIME          (120 * 60 * HZ)
#define TCP_KEEPALIVE_PROBES        9
#define TCP_KEEPALIVE_INTVL         (75 * HZ)
#define MAX_TCP_KEEPIDLE            32767
#define MAX_TCP_KEEPINTVL           32767
#define MAX_TCP_KEEPCNT             127
#define MAX_TCP_SYNCNT              127
#define TCP_PAWS_24DAYS             (60 * 60 * 24 * 24)
#define TCP_PAWS_MSL                60 /* seconds a timestamp of an old connection stays meaningful */
#define TCP_PAWS_WINDOW             1

/* option kinds, IANA */
#define TCPOPT_NOP            1
#define TCPOPT_EOL            0
#define TCPOPT_MSS            2   /* RFC 793 */
#define TCPOPT_WINDOW         3   /* RFC 7323 */
#define TCPOPT_SACK_PERM      4   /* RFC 2018 */
#define TCPOPT_SACK           5   /* RFC 2018 */
#define TCPOPT_TIMESTAMP      8   /* RFC 7323 */
#define TCPOPT_MD5SIG         19  /* RFC 2385 */
#define TCPOPT_FASTOPEN       34  /* RFC 7413 */
#define TCPOPT_EXP            254 /* RFC 6994 */
#define TCPOPT_FASTOPEN_MAGIC 0xF989

/* option lengths on the wire, bytes */
#define TCPOLEN_MSS               4
#define TCPOLEN_WINDOW            3
#define TCPOLEN_SACK_PERM         2
#define TCPOLEN_TIMESTAMP         10
#define TCPOLEN_MD5SIG            18
#define TCPOLEN_FASTOPEN_BASE     2
#define TCPOLEN_EXP_FASTOPEN_BASE 4

/* and as they are laid out, padded to words */
#define TCPOLEN_TSTAMP_ALIGNED    12
#define TCPOLEN_WSCALE_ALIGNED    4
#define TCPOLEN_SACKPERM_ALIGNED  4
#define TCPOLEN_SACK_BASE         2
#define TCPOLEN_SACK_BASE_ALIGNED 4
#define TCPOLEN_SACK_PERBLOCK     8
#define TCPOLEN_MD5SIG_ALIGNED    20
#define TCPOLEN_MSS_ALIGNED       4

/* tcp_sock.nonagle */
#define TCP_NAGLE_OFF  1
#define TCP_NAGLE_CORK 2
#define TCP_NAGLE_PUSH 4

#define TCP_INIT_CWND 10 /* RFC 6928 */

/* sysctl_tcp_fastopen */
#define TFO_CLIENT_ENABLE          1
#define TFO_SERVER_ENABLE          2
#define TFO_CLIENT_NO_COOKIE       4
#define TFO_SERVER_COOKIE_NOT_REQD 0x200
#define TFO_SERVER_WO_SOCKOPT1     0x400

/* tcp_sock.ecn_flags */
#define TCP_ECN_OK         1 /* both ends agreed */
#define TCP_ECN_QUEUE_CWR  2 /* say CWR with the next data */
#define TCP_ECN_DEMAND_CWR 4 /* say ECE until the peer's CWR */
#define TCP_ECN_SEEN       8

#define TCP_INFINITE_SSTHRESH 0x7fffffff

/* limits and switches, net.ipv4.tcp_* */
extern int sysctl_tcp_timestamps;
extern int sysctl_tcp_window_scaling;
extern int sysctl_tcp_sack;
extern int sysctl_tcp_fastopen;
extern int sysctl_tcp_retrans_collapse;
extern int sysctl_tcp_stdurg;
extern int sysctl_tcp_rfc1337;
extern int sysctl_tcp_abort_on_overflow;
extern int sysctl_tcp_max_orphans;
extern int sysctl_tcp_fack;
extern int sysctl_tcp_max_reordering;
extern int sysctl_tcp_dsack;
extern long sysctl_tcp_mem[3];
extern int sysctl_tcp_wmem[3];
extern int sysctl_tcp_rmem[3];
extern int sysctl_tcp_app_win;
extern int sysctl_tcp_adv_win_scale;
extern int sysctl_tcp_tw_reuse;
extern int sysctl_tcp_frto;
extern int sysctl_tcp_low_latency;
extern int sysctl_tcp_nometrics_save;
extern int sysctl_tcp_moderate_rcvbuf;
extern int sysctl_tcp_tso_win_divisor;
extern int sysctl_tcp_workaround_signed_windows;
extern int sysctl_tcp_slow_start_after_idle;
extern int sysctl_tcp_thin_linear_timeouts;
extern int sysctl_tcp_thin_dupack;
extern int sysctl_tcp_early_retrans;
extern int sysctl_tcp_recovery;
#define TCP_RACK_LOST_RETRANS 0x1
extern int sysctl_tcp_limit_output_bytes;
extern int sysctl_tcp_challenge_ack_limit;
extern int sysctl_tcp_min_tso_segs;
extern int sysctl_tcp_min_rtt_wlen;
extern int sysctl_tcp_autocorking;
extern int sysctl_tcp_invalid_ratelimit;
extern int sysctl_tcp_pacing_ss_ratio;
extern int sysctl_tcp_pacing_ca_ratio;

extern long tcp_memory_allocated;
extern long tcp_sockets_allocated;
extern int tcp_memory_pressure;

#define TCP_INC_STATS(net, field)      SNMP_INC_STATS((net)->mib.tcp_statistics, field)
#define __TCP_INC_STATS(net, field)    SNMP_INC_STATS((net)->mib.tcp_statistics, field)
#define TCP_DEC_STATS(net, field)      SNMP_DEC_STATS((net)->mib.tcp_statistics, field)
#define TCP_ADD_STATS(net, field, val) SNMP_ADD_STATS((net)->mib.tcp_statistics, field, val)

static inline bool tcp_under_memory_pressure(const struct sock *sk)
{
	(void)sk;
	return tcp_memory_pressure;
}

/* Is @seq1 before @seq2?  The difference, read as signed, decides: right for distances < 2^31. */
static inline bool before(__u32 seq1, __u32 seq2)
{
	return (__s32)(seq1 - seq2) < 0;
}
#define after(seq2, seq1) before(seq1, seq2)

/* seq2 <= seq1 <= seq3, modulo 2^32 */
static inline bool between(__u32 seq1, __u32 seq2, __u32 seq3)
{
	return seq3 - seq2 >= seq1 - seq2;
}

static inline bool tcp_out_of_memory(struct sock *sk)
{
	return sk->sk_wmem_queued > SOCK_MIN_SNDBUF &&
	       sk_memory_allocated(sk) > sk_prot_mem_limits(sk, 2);
}

static inline bool tcp_too_many_orphans(struct sock *sk, int shift)
{
	return (*sk->sk_prot->orphan_count << shift) > sysctl_tcp_max_orphans;
}

bool tcp_check_oom(struct sock *sk, int shift);

/* ---- the packet's control block ---- */

#define TCPHDR_FIN     0x01
#define TCPHDR_SYN     0x02
#define TCPHDR_RST     0x04
#define TCPHDR_PSH     0x08
#define TCPHDR_ACK     0x10
#define TCPHDR_URG     0x20
#define TCPHDR_ECE     0x40
#define TCPHDR_CWR     0x80
#define TCPHDR_SYN_ECN (TCPHDR_SYN | TCPHDR_ECE | TCPHDR_CWR)

#define TCPCB_SACKED_ACKED   0x01 /* SACKed */
#define TCPCB_SACKED_RETRANS 0x02 /* retransmitted */
#define TCPCB_LOST           0x04
#define TCPCB_TAGBITS        0x07
#define TCPCB_REPAIRED       0x10
#define TCPCB_EVER_RETRANS   0x80
#define TCPCB_RETRANS        (TCPCB_SACKED_RETRANS | TCPCB_EVER_RETRANS | TCPCB_REPAIRED)

/**
 * struct tcp_skb_cb - TCP's notes on a packet, in skb->cb
 * @seq: first sequence number
 * @end_seq: the one after the last; SYN and FIN count one each
 * @tcp_tw_isn: in: ISN proposed by the TIME_WAIT remnant the SYN hit
 * @tcp_gso_segs: out: segments in this packet
 * @tcp_gso_size: out: payload of each, bytes
 * @tcp_flags: TCPHDR_*
 * @sacked: TCPCB_*
 * @ip_dsfield: in: TOS byte, for ECN
 * @txstamp_ack: a time stamp was asked for when this is acknowledged
 * @eor: the user's record ends here; nothing may be merged behind
 * @ack_seq: in: the segment's acknowledgment number
 * @tx: out: what the rate sampler needs when the ACK comes
 * @header: in: what IP found (options, interface); moved to the end so TCP's fields are together
 */
struct tcp_skb_cb {
	__u32 seq;
	__u32 end_seq;
	union {
		__u32 tcp_tw_isn;
		struct {
			u16 tcp_gso_segs;
			u16 tcp_gso_size;
		};
	};
	__u8 tcp_flags;
	__u8 sacked;
	__u8 ip_dsfield;
	__u8 txstamp_ack : 1, eor : 1, unused : 6;
	__u32 ack_seq;
	union {
		struct {
			__u32 in_flight : 30, is_app_limited : 1, unused : 1;
			__u32 delivered;
			struct skb_mstamp first_tx_mstamp;
			struct skb_mstamp delivered_mstamp;
		} tx;
		struct {
			struct inet_skb_parm h4;
		} header;
	};
};

#define TCP_SKB_CB(__skb) ((struct tcp_skb_cb *)&((__skb)->cb[0]))

static inline int tcp_skb_pcount(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_segs;
}

static inline void tcp_skb_pcount_set(struct sk_buff *skb, int segs)
{
	TCP_SKB_CB(skb)->tcp_gso_segs = segs;
}

static inline void tcp_skb_pcount_add(struct sk_buff *skb, int segs)
{
	TCP_SKB_CB(skb)->tcp_gso_segs += segs;
}

/* Meaningful only if the packet holds more than one segment. */
static inline int tcp_skb_mss(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_size;
}

static inline bool tcp_skb_can_collapse_to(const struct sk_buff *skb)
{
	return likely(!TCP_SKB_CB(skb)->eor);
}

/* TCP's clock for timestamps and retransmission times. */
#define tcp_time_stamp ((__u32)(jiffies))

/* When the packet was sent, on that clock. */
static inline u32 tcp_skb_timestamp(const struct sk_buff *skb)
{
	return skb->skb_mstamp.stamp_jiffies;
}

/* A pure ACK is marked by truesize 2, so the queueing disciplines and sock_wfree() know it. */
static inline bool skb_is_tcp_pure_ack(const struct sk_buff *skb)
{
	return skb->truesize == 2;
}

static inline void skb_set_tcp_pure_ack(struct sk_buff *skb)
{
	skb->truesize = 2;
}

static inline int tcp_iif(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->header.h4.iif;
}

#include <net/tcp_cong.h>
#include <net/tcp_arith.h>
#include <net/tcp_queue.h>

/* ---- receiver bits shared by files ---- */

/* Quick ACKs are counted down with every ACK sent. */
static inline void tcp_dec_quickack_mode(struct sock *sk, const unsigned int pkts)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ack.quick) {
		if (pkts >= icsk->icsk_ack.quick) {
			icsk->icsk_ack.quick = 0;
			/* leaving quick-ACK mode: delayed ACKs start with the shortest delay */
			icsk->icsk_ack.ato = TCP_ATO_MIN;
		} else {
			icsk->icsk_ack.quick -= pkts;
		}
	}
}

static inline void tcp_prequeue_init(struct tcp_sock *tp)
{
	tp->ucopy.task = NULL;
	tp->ucopy.len = 0;
	tp->ucopy.memory = 0;
	skb_queue_head_init(&tp->ucopy.prequeue);
}

static inline void tcp_sack_reset(struct tcp_options_received *rx_opt)
{
	rx_opt->dsack = 0;
	rx_opt->num_sacks = 0;
}

/* Count segments received: RFC 4898 tcpEStatsPerfSegsIn. */
static inline void tcp_segs_in(struct tcp_sock *tp, const struct sk_buff *skb)
{
	u16 segs_in = max_t(u16, 1, skb_shinfo(skb)->gso_segs);

	tp->segs_in += segs_in;
	if (skb->len > tcp_hdrlen(skb))
		tp->data_segs_in += segs_in;
}

u32 tcp_default_init_rwnd(u32 mss);
void tcp_cwnd_restart(struct sock *sk, s32 delta);

/* After a pause longer than a timeout the window is no longer what the path knows. */
static inline void tcp_slow_start_after_idle_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	s32 delta;

	if (!sysctl_tcp_slow_start_after_idle || tp->packets_out)
		return;
	delta = tcp_time_stamp - tp->lsndtime;
	if (delta > (s32)inet_csk(sk)->icsk_rto)
		tcp_cwnd_restart(sk, delta);
}

/* ---- MD5 signatures, RFC 2385 ---- */

union tcp_md5_addr {
	struct in_addr a4;
};

struct tcp_md5sig_key {
	struct hlist_node node;
	u8 keylen;
	u8 family;
	union tcp_md5_addr addr;
	u8 key[TCP_MD5SIG_MAXKEYLEN];
};

struct tcp_md5sig_info {
	struct hlist_head head;
};

/* What the signature covers before the segment itself: RFC 2385 section 2.0, item 1. */
struct tcp4_pseudohdr {
	__be32 saddr;
	__be32 daddr;
	__u8 pad;
	__u8 protocol;
	__be16 len;
};

struct tcp_sock_af_ops {
	struct tcp_md5sig_key *(*md5_lookup)(const struct sock *sk, const struct sock *addr_sk);
	int (*calc_md5_hash)(char *location, const struct tcp_md5sig_key *md5,
			     const struct sock *sk, const struct sk_buff *skb);
	int (*md5_parse)(struct sock *sk, char *optval, int optlen);
};

struct tcp_md5sig_key *tcp_v4_md5_lookup(const struct sock *sk, const struct sock *addr_sk);
struct tcp_md5sig_key *tcp_md5_do_lookup(const struct sock *sk, const union tcp_md5_addr *addr,
					 int family);
int tcp_md5_do_add(struct sock *sk, const union tcp_md5_addr *addr, int family, const u8 *newkey,
		   u8 newkeylen, gfp_t gfp);
int tcp_md5_do_del(struct sock *sk, const union tcp_md5_addr *addr, int family);
int tcp_v4_md5_hash_skb(char *md5_hash, const struct tcp_md5sig_key *key, const struct sock *sk,
			const struct sk_buff *skb);
int tcp_v4_md5_hash_hdr(char *md5_hash, const struct tcp_md5sig_key *key, __be32 daddr,
			__be32 saddr, const struct tcphdr *th);

static inline struct tcp_md5sig_key *tcp_twsk_md5_key(const struct tcp_timewait_sock *twsk)
{
	return twsk->tw_md5_key;
}

/* ---- fast open, RFC 7413 ---- */

struct tcp_fastopen_request {
	struct tcp_fastopen_cookie cookie;
	struct msghdr *data;
	size_t size;
	int copied; /* bytes that went with the SYN */
};

void tcp_free_fastopen_req(struct tcp_sock *tp);
void tcp_fastopen_cache_get(struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie,
			    int *syn_loss, unsigned long *last_syn_loss);
void tcp_fastopen_cache_set(struct sock *sk, u16 mss, struct tcp_fastopen_cookie *cookie,
			    bool syn_lost, u16 try_exp);
void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb);

/* ---- tcp.c ---- */

extern struct proto tcp_prot;

void tcp_init(void);
void tcp_exit(void);
int tcp_init_sock(struct sock *sk);
void tcp_set_state(struct sock *sk, int state);
void tcp_done(struct sock *sk);
void tcp_close(struct sock *sk, long timeout);
int tcp_disconnect(struct sock *sk, int flags);
void tcp_shutdown(struct sock *sk, int how);
void tcp_enter_memory_pressure(struct sock *sk);
unsigned int tcp_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait);
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size);
int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int nonblock, int flags,
		int *addr_len);
int tcp_getsockopt(struct sock *sk, int level, int optname, char *optval, int *optlen);
int tcp_setsockopt(struct sock *sk, int level, int optname, char *optval, unsigned int optlen);
void tcp_cleanup_rbuf(struct sock *sk, int copied);

/* ---- tcp_ipv4.c ---- */

extern const struct inet_connection_sock_af_ops ipv4_specific;

int tcp_sk_init(struct net *net);
void tcp_sk_exit(struct net *net);
int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);
int tcp_v4_rcv(struct sk_buff *skb);
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb);
void tcp_v4_early_demux(struct sk_buff *skb);
void tcp_v4_err(struct sk_buff *icmp_skb, u32 info);
int tcp_metrics_set(__be32 saddr, __be32 daddr, const char *name, u32 value);
void tcp_metrics_flush_all(void);
void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb);
void __tcp_v4_send_check(struct sk_buff *skb, __be32 saddr, __be32 daddr);
struct sk_buff *tcp_gso_segment(struct sk_buff *skb, netdev_features_t features);
void tcp_v4_mtu_reduced(struct sock *sk);
bool tcp_prequeue(struct sock *sk, struct sk_buff *skb);
bool tcp_add_backlog(struct sock *sk, struct sk_buff *skb);
int tcp_filter(struct sock *sk, struct sk_buff *skb);
void inet_sk_rx_dst_set(struct sock *sk, const struct sk_buff *skb);
int tcp_twsk_unique(struct sock *sk, struct sock *sktw, void *twp);
void tcp_v4_destroy_sock(struct sock *sk);

/* ---- tcp_output.c ---- */

int tcp_connect(struct sock *sk);
int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp_mask);
void tcp_select_initial_window(int __space, __u32 mss, __u32 *rcv_wnd, __u32 *window_clamp,
			       int wscale_ok, __u8 *rcv_wscale, __u32 init_rcv_wnd);
int tcp_mtu_to_mss(struct sock *sk, int pmtu);
int tcp_mss_to_mtu(struct sock *sk, int mss);
void tcp_mtup_init(struct sock *sk);
unsigned int tcp_sync_mss(struct sock *sk, u32 pmtu);
void tcp_send_fin(struct sock *sk);
void tcp_send_active_reset(struct sock *sk, gfp_t priority);
void tcp_send_ack(struct sock *sk);
int tcp_send_synack(struct sock *sk);
void tcp_send_delayed_ack(struct sock *sk);
int tcp_fragment(struct sock *sk, struct sk_buff *skb, u32 len, unsigned int mss_now, gfp_t gfp);
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len);
void tcp_release_cb(struct sock *sk);
void tcp_wfree(struct sk_buff *skb);
void tcp_push_one(struct sock *sk, unsigned int mss_now);
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs);
int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs);
void tcp_xmit_retransmit_queue(struct sock *sk);
bool tcp_may_send_now(struct sock *sk);
bool tcp_schedule_loss_probe(struct sock *sk);
void tcp_send_loss_probe(struct sock *sk);
void tcp_send_probe0(struct sock *sk);
void tcp_send_window_probe(struct sock *sk);
int tcp_write_wakeup(struct sock *sk, int mib);

/* ---- tcp_input.c ---- */

void tcp_input_init(void);
void tcp_initialize_rcv_mss(struct sock *sk);
void tcp_clear_retrans(struct tcp_sock *tp);
void tcp_finish_connect(struct sock *sk, struct sk_buff *skb);
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb);
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th,
			 unsigned int len);
void tcp_parse_options(const struct sk_buff *skb, struct tcp_options_received *opt_rx, int estab,
		       struct tcp_fastopen_cookie *foc);
const u8 *tcp_parse_md5sig_option(const struct tcphdr *th);
void tcp_init_buffer_space(struct sock *sk);
void tcp_rearm_rto(struct sock *sk);
void tcp_resume_early_retransmit(struct sock *sk);
void tcp_enter_loss(struct sock *sk);
void tcp_enter_cwr(struct sock *sk);
void tcp_simple_retransmit(struct sock *sk);
void tcp_disable_fack(struct tcp_sock *tp);
void tcp_update_metrics(struct sock *sk);
void tcp_init_metrics(struct sock *sk);
__u32 tcp_init_cwnd(const struct tcp_sock *tp, const struct dst_entry *dst);
void tcp_enter_quickack_mode(struct sock *sk);
void tcp_fin(struct sock *sk);
void tcp_reset(struct sock *sk);
void tcp_data_queue(struct sock *sk, struct sk_buff *skb);
void tcp_rcv_space_adjust(struct sock *sk);
void tcp_set_rto(struct sock *sk);
void tcp_skb_mark_lost_uncond_verify(struct tcp_sock *tp, struct sk_buff *skb);
void tcp_update_pacing_rate(struct sock *sk);
bool tcp_oow_rate_limited(struct net *net, const struct sk_buff *skb, int mib_idx,
			  u32 *last_oow_ack_time);
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req);

/* ---- tcp_timer.c ---- */

void tcp_init_xmit_timers(struct sock *sk);
void tcp_write_timer_handler(struct sock *sk);
void tcp_delack_timer_handler(struct sock *sk);
void tcp_retransmit_timer(struct sock *sk);
void tcp_set_keepalive(struct sock *sk, int val);

static inline void tcp_clear_xmit_timers(struct sock *sk)
{
	inet_csk_clear_xmit_timers(sk);
}

/* ---- tcp_minisocks.c ---- */

enum tcp_tw_status { TCP_TW_SUCCESS = 0, TCP_TW_RST = 1, TCP_TW_ACK = 2, TCP_TW_SYN = 3 };

enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw, struct sk_buff *skb,
					      const struct tcphdr *th);
void tcp_time_wait(struct sock *sk, int state, int timeo);
void tcp_twsk_destructor(struct sock *sk);

/* ---- tcp_metrics.c ---- */

void tcp_metrics_init(void);
void tcp_metrics_exit(void);
void tcp_fetch_timewait_stamp(struct sock *sk, struct dst_entry *dst);
bool tcp_remember_stamp(struct sock *sk);
bool tcp_tw_remember_stamp(struct inet_timewait_sock *tw);

/* ---- tcp_rate.c, tcp_recovery.c ---- */

void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb);
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb, struct rate_sample *rs);
void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, struct skb_mstamp *now,
		  struct rate_sample *rs);
void tcp_rate_check_app_limited(struct sock *sk);
int tcp_rack_mark_lost(struct sock *sk);
void tcp_rack_advance(struct tcp_sock *tp, const struct skb_mstamp *xmit_time, u8 sacked);

/* A listener could not take a SYN, or the ACK that would have completed a connection. */
static inline void tcp_listendrop(const struct sock *sk)
{
	atomic_inc(&((struct sock *)sk)->sk_drops);
	__NET_INC_STATS(sock_net(sk), LINUX_MIB_LISTENDROPS);
}

#endif
