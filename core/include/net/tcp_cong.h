/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: include/net/tcp.h */
/*
 * Congestion control: the interface of its modules (Reno, CUBIC, DCTCP), and what the rest calls.
 *
 * Part of include/net/tcp.h in the kernel; include that.
 */
#ifndef _TCP_CONG_H
#define _TCP_CONG_H

/* ---- congestion control modules ---- */

enum tcp_ca_event {
	CA_EVENT_TX_START,     /* first transmit when nothing is in flight */
	CA_EVENT_CWND_RESTART, /* congestion window restart after idle */
	CA_EVENT_COMPLETE_CWR,
	CA_EVENT_LOSS,
	CA_EVENT_ECN_NO_CE,
	CA_EVENT_ECN_IS_CE,
	CA_EVENT_DELAYED_ACK,
	CA_EVENT_NON_DELAYED_ACK
};

enum tcp_ca_ack_event_flags {
	CA_ACK_SLOWPATH = (1 << 0),
	CA_ACK_WIN_UPDATE = (1 << 1),
	CA_ACK_ECE = (1 << 2)
};

#define TCP_CA_NAME_MAX         16
#define TCP_CA_MAX              128
#define TCP_CONG_NON_RESTRICTED 0x1
#define TCP_CONG_NEEDS_ECN      0x2
#define TCP_CA_UNSPEC           0

struct ack_sample {
	u32 pkts_acked;
	s32 rtt_us; /* -1: no sample */
	u32 in_flight;
};

/* Delivery rate over the interval an ACK covers; what BBR-like modules read. */
struct rate_sample {
	struct skb_mstamp prior_mstamp;
	u32 prior_delivered;
	s32 delivered;
	long interval_us;
	long rtt_us;
	int losses;
	u32 acked_sacked;
	u32 prior_in_flight;
	bool is_app_limited;
	bool is_retrans;
};

struct tcp_congestion_ops {
	struct list_head list;
	u32 key;
	u32 flags;
	void (*init)(struct sock *sk);
	void (*release)(struct sock *sk);
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	void (*set_state)(struct sock *sk, u8 new_state);
	void (*cwnd_event)(struct sock *sk, enum tcp_ca_event ev);
	void (*in_ack_event)(struct sock *sk, u32 flags);
	u32 (*undo_cwnd)(struct sock *sk);
	void (*pkts_acked)(struct sock *sk, const struct ack_sample *sample);
	u32 (*tso_segs_goal)(struct sock *sk);
	u32 (*sndbuf_expand)(struct sock *sk);
	void (*cong_control)(struct sock *sk, const struct rate_sample *rs);
	char name[TCP_CA_NAME_MAX];
};

extern struct tcp_congestion_ops tcp_reno;
extern struct tcp_congestion_ops cubictcp;
extern struct tcp_congestion_ops dctcp;

int tcp_register_congestion_control(struct tcp_congestion_ops *type);
void tcp_unregister_congestion_control(struct tcp_congestion_ops *type);
void tcp_cong_init(void);
void cubictcp_register(void);
void dctcp_register(void);
void tcp_assign_congestion_control(struct sock *sk);
void tcp_init_congestion_control(struct sock *sk);
void tcp_cleanup_congestion_control(struct sock *sk);
int tcp_set_default_congestion_control(const char *name);
void tcp_get_default_congestion_control(char *name);
int tcp_set_congestion_control(struct sock *sk, const char *name);
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked);
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked);
u32 tcp_reno_ssthresh(struct sock *sk);
void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked);
struct tcp_congestion_ops *tcp_ca_find(const char *name);
struct tcp_congestion_ops *tcp_ca_find_key(u32 key);

static inline bool tcp_ca_needs_ecn(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return icsk->icsk_ca_ops->flags & TCP_CONG_NEEDS_ECN;
}

static inline void tcp_set_ca_state(struct sock *sk, const u8 ca_state)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->set_state)
		icsk->icsk_ca_ops->set_state(sk, ca_state);
	icsk->icsk_ca_state = ca_state;
}

static inline void tcp_ca_event(struct sock *sk, const enum tcp_ca_event event)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->cwnd_event)
		icsk->icsk_ca_ops->cwnd_event(sk, event);
}

#endif
