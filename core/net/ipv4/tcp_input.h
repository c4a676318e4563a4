/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * What the files of the receive side share with each other and with nobody else.
 *
 * The kernel keeps the whole receive side in one file, net/ipv4/tcp_input.c (6,400 lines), and
 * almost everything in it is static. Here it is split by concept, so a few functions that are
 * static there have to be visible to their neighbours; this header is their only home.
 *
 *	tcp_input.c		the state machine: one segment, the state it meets, the next state
 *	tcp_input_established.c	the hot path: header prediction, then the full checks
 *	tcp_input_options.c	the option bytes of a segment, time stamps, PAWS
 *	tcp_input_ack.c		what an ACK means: window, retransmit queue, RTT, cwnd
 *	tcp_input_rtt.c		round-trip samples and the retransmission time-out
 *	tcp_input_loss.c	what happens to cwnd after a loss, and how it is undone
 *	tcp_input_mark.c	the book on packets in flight: which are lost
 *	tcp_input_sack.c	what the peer holds beyond a hole: SACK blocks and duplicates
 *	tcp_input_ecn.c		congestion marks and their echo
 *	tcp_input_validate.c	time stamp, sequence number, RST, SYN: is it acceptable?
 *	tcp_input_data.c	payload, FIN, when to answer with an ACK
 *	tcp_input_ofo.c		data that came too early, and the SACK blocks that tell of it
 *	tcp_input_buf.c		how big buffers and windows are, and how they grow
 */
#ifndef _NET_IPV4_TCP_INPUT_H
#define _NET_IPV4_TCP_INPUT_H

#include <linux/types.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/tcp.h>

/*
 * What tcp_ack() learns about one ACK, one bit a fact. The bits travel through all the steps of
 * the ACK's processing, each step adding what it found out. Values are the kernel's.
 */
#define FLAG_DATA               0x01  /* the segment carries payload (or SYN/FIN) of the peer */
#define FLAG_WIN_UPDATE         0x02  /* it changed our idea of the peer's window */
#define FLAG_DATA_ACKED         0x04  /* it acknowledged data we had sent */
#define FLAG_RETRANS_DATA_ACKED 0x08  /* ... some of which had been sent more than once */
#define FLAG_SYN_ACKED          0x10  /* it acknowledged our SYN */
#define FLAG_DATA_SACKED        0x20  /* it selectively acknowledged something new */
#define FLAG_ECE                0x40  /* the peer echoes a congestion mark (RFC 3168) */
#define FLAG_LOST_RETRANS       0x80  /* a retransmission is known to be lost as well */
#define FLAG_SLOWPATH           0x100 /* the header was not the predicted one: check everything */
#define FLAG_ORIG_SACK_ACKED    0x200 /* data never retransmitted was acknowledged: loss was no loss */
#define FLAG_SND_UNA_ADVANCED   0x400  /* snd_una moved */
#define FLAG_DSACKING_ACK       0x800  /* the peer reports a duplicate arrival (RFC 2883) */
#define FLAG_SACK_RENEGING      0x2000 /* the peer forgot data it had SACKed */
#define FLAG_UPDATE_TS_RECENT   0x4000 /* tcp_replace_ts_recent() may take this time stamp */

#define FLAG_ACKED            (FLAG_DATA_ACKED | FLAG_SYN_ACKED)
#define FLAG_NOT_DUP          (FLAG_DATA | FLAG_WIN_UPDATE | FLAG_ACKED)
#define FLAG_CA_ALERT         (FLAG_DATA_SACKED | FLAG_ECE)
#define FLAG_FORWARD_PROGRESS (FLAG_ACKED | FLAG_DATA_SACKED)

/* What the loss logic asks tcp_xmit_recovery() to send once the ACK has been digested. */
#define REXMIT_NONE 0 /* nothing */
#define REXMIT_LOST 1 /* what is marked lost */
#define REXMIT_NEW  2 /* new data first: F-RTO's question "was it really lost?" (RFC 5682) */

/* The header bits header prediction looks at: everything but PSH and the reserved bits. */
#define TCP_HP_BITS (~(TCP_RESERVED_BITS | TCP_FLAG_PSH))

/**
 * struct tcp_sacktag_state - what the SACK blocks of one ACK said
 * @reord: lowest packet index that was acknowledged out of order
 * @fack_count: how many packets lie below the highest SACKed byte
 * @first_sackt: send time of the first packet newly SACKed; v64 == 0: none was
 * @last_sackt: send time of the last one
 * @rate: the delivery-rate sample this ACK feeds (tcp_rate.c)
 * @flag: FLAG_* bits found on the way
 */
struct tcp_sacktag_state {
	int reord;
	int fack_count;
	struct skb_mstamp first_sackt;
	struct skb_mstamp last_sackt;
	struct rate_sample *rate;
	int flag;
};

/* tcp_input_options.c */
bool tcp_fast_parse_options(const struct sk_buff *skb, const struct tcphdr *th,
			    struct tcp_sock *tp);
bool tcp_parse_aligned_timestamp(struct tcp_sock *tp, const struct tcphdr *th);
void tcp_store_ts_recent(struct tcp_sock *tp);
void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq);
bool tcp_paws_discard(const struct sock *sk, const struct sk_buff *skb);

/* tcp_input_ack.c */
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag);
void tcp_rcv_nxt_update(struct tcp_sock *tp, u32 seq);

/* tcp_input_rtt.c */
bool tcp_ack_update_rtt(struct sock *sk, const int flag, long seq_rtt_us, long sack_rtt_us,
			long ca_rtt_us);

/* tcp_input_loss.c */
void tcp_fastretrans_alert(struct sock *sk, const int acked, bool is_dupack, int *ack_flag,
			   int *rexmit);
void tcp_process_tlp_ack(struct sock *sk, u32 ack, int flag);
void tcp_mtup_probe_success(struct sock *sk);
bool tcp_skb_spurious_retrans(const struct tcp_sock *tp, const struct sk_buff *skb);
void tcp_cwnd_reduction(struct sock *sk, int newly_acked_sacked, int flag);

/* tcp_input_mark.c */
void tcp_update_reordering(struct sock *sk, const int metric, const int ts);
void tcp_add_reno_sack(struct sock *sk);
void tcp_remove_reno_sacks(struct sock *sk, int acked);
void tcp_update_scoreboard(struct sock *sk, int fast_rexmit);

/* tcp_input_sack.c */
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb, u32 prior_snd_una,
			    struct tcp_sacktag_state *state);

/* Forget the duplicate ACKs counted; what they stood for is acknowledged. Origin: 1907. */
static inline void tcp_reset_reno_sack(struct tcp_sock *tp)
{
	tp->sacked_out = 0;
}

/* Remember where the reduction begins, and what would have to be undone. Origin: 1922. */
static inline void tcp_init_undo(struct tcp_sock *tp)
{
	tp->undo_marker = tp->snd_una;
	/* Retransmissions in flight already count as possibly needless; 0 becomes "none". */
	tp->undo_retrans = tp->retrans_out ? (int)tp->retrans_out : -1;
}

/* Segments up to the most forward one known to have arrived; Reno counts the hole as one. */
static inline int tcp_fackets_out(const struct tcp_sock *tp)
{
	return tcp_is_reno(tp) ? (int)tp->sacked_out + 1 : (int)tp->fackets_out;
}

/* tcp_input_ecn.c */
void tcp_ecn_queue_cwr(struct tcp_sock *tp);
void tcp_ecn_withdraw_cwr(struct tcp_sock *tp);
void tcp_ecn_accept_cwr(struct tcp_sock *tp, const struct sk_buff *skb);
void tcp_ecn_rcv_synack(struct tcp_sock *tp, const struct tcphdr *th);
void tcp_ecn_rcv_syn(struct tcp_sock *tp, const struct tcphdr *th);
bool tcp_ecn_rcv_ecn_echo(const struct tcp_sock *tp, const struct tcphdr *th);
void tcp_ecn_check_ce(struct tcp_sock *tp, const struct sk_buff *skb);

/* tcp_input_validate.c */
bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th,
			   int syn_inerr);
void tcp_send_challenge_ack(struct sock *sk, const struct sk_buff *skb);

/* tcp_input_data.c */
void tcp_drop(struct sock *sk, struct sk_buff *skb);
void tcp_enter_quickack_mode(struct sock *sk);
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, int hdrlen, bool *fragstolen);
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb);
void tcp_data_queue(struct sock *sk, struct sk_buff *skb);
int tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb, unsigned int size);
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th);
void tcp_data_snd_check(struct sock *sk);
void __tcp_ack_snd_check(struct sock *sk, int ofo_possible);
void tcp_ack_snd_check(struct sock *sk);

/* tcp_input_ofo.c */
void tcp_data_queue_ofo(struct sock *sk, struct sk_buff *skb);
void tcp_ofo_queue(struct sock *sk);
void tcp_ofo_purge(struct tcp_sock *tp);
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq);
void tcp_sack_remove(struct tcp_sock *tp);

/* tcp_input_buf.c */
void tcp_grow_window(struct sock *sk, const struct sk_buff *skb);
void tcp_rcv_rtt_measure(struct tcp_sock *tp);
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb);
void tcp_new_space(struct sock *sk);

#endif /* _NET_IPV4_TCP_INPUT_H */
