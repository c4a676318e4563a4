/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct inet_connection_sock: what connection-oriented protocols add to inet_sock: the bind
 * bucket, the retransmission and delayed-ACK timers, congestion control, MTU probing.
 *
 * One timer, icsk_retransmit_timer, serves five purposes, of which only one can be wanted at a
 * time; icsk_pending says which.
 *
 * Origin: include/net/inet_connection_sock.h.
 */
#ifndef _INET_CONNECTION_SOCK_H
#define _INET_CONNECTION_SOCK_H

#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <net/inet_sock.h>
#include <net/request_sock.h>

struct inet_bind_bucket;
struct tcp_congestion_ops;

/**
 * struct inet_connection_sock_af_ops - what TCP needs of the network layer beneath
 *
 * ipv4_specific is the only one here; the point where TCP hands a segment to IP is @queue_xmit.
 */
struct inet_connection_sock_af_ops {
	int (*queue_xmit)(struct sock *sk, struct sk_buff *skb, struct flowi *fl);
	void (*send_check)(struct sock *sk, struct sk_buff *skb);
	int (*rebuild_header)(struct sock *sk);
	void (*sk_rx_dst_set)(struct sock *sk, const struct sk_buff *skb);
	int (*conn_request)(struct sock *sk, struct sk_buff *skb);
	u16 net_header_len;
	u16 net_frag_header_len;
	u16 sockaddr_len;
	int (*setsockopt)(struct sock *sk, int level, int optname, char *optval,
			  unsigned int optlen);
	int (*getsockopt)(struct sock *sk, int level, int optname, char *optval, int *optlen);
	void (*addr2sockaddr)(struct sock *sk, struct sockaddr *);
	int (*bind_conflict)(const struct sock *sk, const struct inet_bind_bucket *tb, bool relax);
	void (*mtu_reduced)(struct sock *sk);
};

/**
 * struct inet_connection_sock - a connection's machinery
 * @icsk_accept_queue: listeners: finished connections
 * @icsk_bind_hash: bind bucket of our port
 * @icsk_timeout: when icsk_retransmit_timer is due, jiffies
 * @icsk_retransmit_timer: retransmission, probe and loss-probe timer
 * @icsk_delack_timer: delayed-ACK timer
 * @icsk_rto: retransmission timeout, jiffies
 * @icsk_pmtu_cookie: path MTU the MSS was computed for
 * @icsk_ca_ops: congestion control
 * @icsk_af_ops: ipv4_specific
 * @icsk_sync_mss: tcp_sync_mss
 * @icsk_ca_state: TCP_CA_*
 * @icsk_ca_setsockopt: congestion control was the user's choice
 * @icsk_ca_dst_locked: ... or the route's
 * @icsk_retransmits: timeouts in a row
 * @icsk_pending: what the retransmit timer is for: ICSK_TIME_*
 * @icsk_backoff: doublings of the timeout
 * @icsk_syn_retries: TCP_SYNCNT; 0: the namespace's value
 * @icsk_probes_out: unanswered window probes
 * @icsk_ext_hdr_len: bytes of IP options in every packet
 * @icsk_ack: receiver side: when to ACK, and estimates about the sender
 * @icsk_mtup: path MTU discovery by probing (RFC 4821)
 * @icsk_user_timeout: TCP_USER_TIMEOUT, jiffies
 * @icsk_ca_priv: congestion control's own data
 */
struct inet_connection_sock {
	struct inet_sock icsk_inet;
	struct request_sock_queue icsk_accept_queue;
	struct inet_bind_bucket *icsk_bind_hash;
	unsigned long icsk_timeout;
	struct timer_list icsk_retransmit_timer;
	struct timer_list icsk_delack_timer;
	__u32 icsk_rto;
	__u32 icsk_pmtu_cookie;
	const struct tcp_congestion_ops *icsk_ca_ops;
	const struct inet_connection_sock_af_ops *icsk_af_ops;
	unsigned int (*icsk_sync_mss)(struct sock *sk, u32 pmtu);
	__u8 icsk_ca_state : 6, icsk_ca_setsockopt : 1, icsk_ca_dst_locked : 1;
	__u8 icsk_retransmits;
	__u8 icsk_pending;
	__u8 icsk_backoff;
	__u8 icsk_syn_retries;
	__u8 icsk_probes_out;
	__u16 icsk_ext_hdr_len;
	struct {
		__u8 pending;  /* ACK is pending: ICSK_ACK_* */
		__u8 quick;    /* ACKs still to be sent at once */
		__u8 pingpong; /* the session is interactive: delay ACKs */
		__u8 blocked;  /* delayed ACK was blocked by the owner */
		__u32 ato;     /* delayed-ACK timeout, jiffies */
		unsigned long timeout;
		__u32 lrcvtime; /* when data last arrived */
		__u16 last_seg_size;
		__u16 rcv_mss; /* estimate of the peer's MSS */
	} icsk_ack;
	struct {
		int enabled;
		int search_high; /* MTU known too big, or the start value */
		int search_low;  /* MTU known to pass */
		int probe_size;  /* of the probe in flight; 0: none */
		u32 probe_timestamp;
	} icsk_mtup;
	u32 icsk_user_timeout;
	u64 icsk_ca_priv[64 / sizeof(u64)];
#define ICSK_CA_PRIV_SIZE (8 * sizeof(u64))
};

#define ICSK_TIME_RETRANS       1 /* retransmission */
#define ICSK_TIME_DACK          2 /* delayed ACK */
#define ICSK_TIME_PROBE0        3 /* zero window probe */
#define ICSK_TIME_EARLY_RETRANS 4 /* early retransmit (RFC 5827) */
#define ICSK_TIME_LOSS_PROBE    5 /* tail loss probe */

enum inet_csk_ack_state_t {
	ICSK_ACK_SCHED = 1,
	ICSK_ACK_TIMER = 2,
	ICSK_ACK_PUSHED = 4,
	ICSK_ACK_PUSHED2 = 8
};

static inline struct inet_connection_sock *inet_csk(const struct sock *sk)
{
	return (struct inet_connection_sock *)sk;
}

static inline void *inet_csk_ca(const struct sock *sk)
{
	return (void *)inet_csk(sk)->icsk_ca_priv;
}

void inet_csk_init_xmit_timers(struct sock *sk, void (*retransmit_handler)(unsigned long),
			       void (*delack_handler)(unsigned long),
			       void (*keepalive_handler)(unsigned long));
void inet_csk_clear_xmit_timers(struct sock *sk);
void inet_csk_delete_keepalive_timer(struct sock *sk);
void inet_csk_reset_keepalive_timer(struct sock *sk, unsigned long timeout);

static inline void inet_csk_schedule_ack(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_SCHED;
}

static inline int inet_csk_ack_scheduled(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ack.pending & ICSK_ACK_SCHED;
}

static inline void inet_csk_delack_init(struct sock *sk)
{
	memset(&inet_csk(sk)->icsk_ack, 0, sizeof(inet_csk(sk)->icsk_ack));
}

/*
 * The purpose @what is served.  The timer itself keeps running: stopping it costs more than letting
 * it fire once for nothing; its handler looks at icsk_pending first.
 */
static inline void inet_csk_clear_xmit_timer(struct sock *sk, const int what)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (what == ICSK_TIME_RETRANS || what == ICSK_TIME_PROBE0) {
		icsk->icsk_pending = 0;
	} else if (what == ICSK_TIME_DACK) {
		icsk->icsk_ack.blocked = icsk->icsk_ack.pending = 0;
	} else {
		WARN_ON(1);
	}
}

/* Arm the timer for @what, @when jiffies from now but at most @max_when. */
static inline void inet_csk_reset_xmit_timer(struct sock *sk, const int what, unsigned long when,
					     const unsigned long max_when)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (when > max_when)
		when = max_when;

	if (what == ICSK_TIME_RETRANS || what == ICSK_TIME_PROBE0 ||
	    what == ICSK_TIME_EARLY_RETRANS || what == ICSK_TIME_LOSS_PROBE) {
		icsk->icsk_pending = what;
		icsk->icsk_timeout = jiffies + when;
		sk_reset_timer(sk, &icsk->icsk_retransmit_timer, icsk->icsk_timeout);
	} else if (what == ICSK_TIME_DACK) {
		icsk->icsk_ack.pending |= ICSK_ACK_TIMER;
		icsk->icsk_ack.timeout = jiffies + when;
		sk_reset_timer(sk, &icsk->icsk_delack_timer, icsk->icsk_ack.timeout);
	} else {
		WARN_ON(1);
	}
}

/*
 * A time after so many doublings.  Nothing bounds their number: with a time-out of 0 hundreds fit into
 * the life of a connection.  C says nothing of a shift by 64 and more; the kernel's is x86's, which
 * looks at the lowest six bits.
 */
static inline u64 inet_csk_doubled(u64 base, u8 doublings)
{
	return base << (doublings & 63);
}

/* The timeout after its doublings, jiffies. */
static inline unsigned long inet_csk_rto_backoff(const struct inet_connection_sock *icsk,
						 unsigned long max_when)
{
	u64 when = inet_csk_doubled(icsk->icsk_rto, icsk->icsk_backoff);

	return (unsigned long)min_t(u64, when, max_when);
}

int inet_csk_bind_conflict(const struct sock *sk, const struct inet_bind_bucket *tb, bool relax);
int inet_csk_get_port(struct sock *sk, unsigned short snum);
void inet_get_local_port_range(struct net *net, int *low, int *high);
int inet_csk_listen_start(struct sock *sk, int backlog);
void inet_csk_listen_stop(struct sock *sk);
void inet_csk_destroy_sock(struct sock *sk);
void inet_csk_prepare_forced_close(struct sock *sk);
struct dst_entry *inet_csk_update_pmtu(struct sock *sk, u32 mtu);
void inet_csk_addr2sockaddr(struct sock *sk, struct sockaddr *uaddr);

#endif
