/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connection requests: the small stand-in for a socket between a SYN that came in and the ACK that
 * completes it.  The mirror's connections start here, so it only walks the passive side as far as
 * the shared structures and the fast-open client need it.
 *
 * Origin: include/net/request_sock.h.
 */
#ifndef _REQUEST_SOCK_H
#define _REQUEST_SOCK_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <net/sock.h>

struct request_sock;
struct sk_buff;

struct request_sock_ops {
	int family;
	unsigned int obj_size;
	char *slab_name;
	int (*rtx_syn_ack)(const struct sock *sk, struct request_sock *req);
	void (*send_ack)(const struct sock *sk, struct sk_buff *skb, struct request_sock *req);
	void (*send_reset)(const struct sock *sk, struct sk_buff *skb);
	void (*destructor)(struct request_sock *req);
};

/* A SYN answered and not yet confirmed.  It sits in the established hash like a socket. */
struct request_sock {
	struct sock_common __req_common;
	struct request_sock *dl_next;
	struct sock *rsk_listener; /* the listening socket it belongs to */
	u16 mss;                   /* the peer's MSS option */
	u8 num_retrans;            /* SYN-ACK retransmissions */
	u8 cookie_ts : 1;
	u8 num_timeout : 7;
	u32 ts_recent;
	u32 rsk_rcv_wnd;
	u32 rsk_window_clamp;
	struct timer_list rsk_timer;
	const struct request_sock_ops *rsk_ops;
	struct sock *sk; /* the child, once made */
	u32 *saved_syn;
	u32 secid;
	u32 peer_secid;
};

static inline struct request_sock *inet_reqsk(struct sock *sk)
{
	return (struct request_sock *)sk;
}

static inline struct sock *req_to_sk(struct request_sock *req)
{
	return (struct sock *)req;
}

/* A listener's fast-open bookkeeping, RFC 7413. */
struct fastopen_queue {
	struct request_sock *rskq_rst_head;
	struct request_sock *rskq_rst_tail;
	spinlock_t lock;
	int qlen;
	int max_qlen;
};

/* Finished connections waiting for accept(2). */
struct request_sock_queue {
	spinlock_t rskq_lock;
	u8 rskq_defer_accept;
	u32 synflood_warned;
	atomic_t qlen;
	atomic_t young;
	struct request_sock *rskq_accept_head;
	struct request_sock *rskq_accept_tail;
	struct fastopen_queue fastopenq;
};

static inline bool reqsk_queue_empty(const struct request_sock_queue *queue)
{
	return queue->rskq_accept_head == NULL;
}

#endif
