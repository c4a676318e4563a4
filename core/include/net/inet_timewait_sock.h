/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TIME_WAIT: after an active close the four-tuple must stay known for 60 seconds, so that late
 * segments of the old connection cannot be taken for those of a new one (RFC 793 section 3.5, RFC
 * 1337).  A whole socket would be a waste; this remnant has just the addresses and a timer.
 *
 * Origin: include/net/inet_timewait_sock.h, include/net/timewait_sock.h.
 */
#ifndef _INET_TIMEWAIT_SOCK_
#define _INET_TIMEWAIT_SOCK_

#include <linux/timer.h>
#include <linux/types.h>
#include <net/inet_sock.h>
#include <net/sock.h>

struct inet_bind_bucket;
struct inet_hashinfo;

/* Budget of remnants, and the tables they live in.  One for TCP: tcp_death_row. */
struct inet_timewait_death_row {
	atomic_t tw_count;
	struct inet_hashinfo *hashinfo;
	int sysctl_tw_recycle;
	int sysctl_max_tw_buckets;
};

/* What the protocol adds. */
struct timewait_sock_ops {
	struct kmem_cache *twsk_slab;
	char *twsk_slab_name;
	unsigned int twsk_obj_size;
	int (*twsk_unique)(struct sock *sk, struct sock *sktw, void *twp);
	void (*twsk_destructor)(struct sock *sk);
};

/**
 * struct inet_timewait_sock - what is left of a connection
 * @__tw_common: shared with struct sock, so lookups find it like a socket
 * @tw_timeout: how long it stays, jiffies
 * @tw_substate: TCP_FIN_WAIT2 or TCP_TIME_WAIT: a socket may spend FIN_WAIT2 as a remnant too
 * @tw_rcv_wscale: the connection's window shift
 * @tw_sport: our port, network order
 * @tw_kill: nothing but the lookups holds it
 * @tw_timer: ends it
 * @tw_tb: the port's bind bucket
 * @tw_dr: the death row it is counted in
 */
struct inet_timewait_sock {
	struct sock_common __tw_common;
#define tw_family       __tw_common.skc_family
#define tw_state        __tw_common.skc_state
#define tw_reuse        __tw_common.skc_reuse
#define tw_ipv6only     __tw_common.skc_ipv6only
#define tw_bound_dev_if __tw_common.skc_bound_dev_if
#define tw_node         __tw_common.skc_node
#define tw_bind_node    __tw_common.skc_bind_node
#define tw_refcnt       __tw_common.skc_refcnt
#define tw_hash         __tw_common.skc_hash
#define tw_prot         __tw_common.skc_prot
#define tw_net          __tw_common.skc_net
#define tw_daddr        __tw_common.skc_daddr
#define tw_rcv_saddr    __tw_common.skc_rcv_saddr
#define tw_dport        __tw_common.skc_dport
#define tw_num          __tw_common.skc_num
	int tw_timeout;
	volatile unsigned char tw_substate;
	unsigned char tw_rcv_wscale;
	__be16 tw_sport;
	unsigned int tw_kill : 1, tw_transparent : 1, tw_flowlabel : 20, tw_pad : 2, tw_tos : 8;
	struct timer_list tw_timer;
	struct inet_bind_bucket *tw_tb;
	struct inet_timewait_death_row *tw_dr;
};

static inline struct inet_timewait_sock *inet_twsk(const struct sock *sk)
{
	return (struct inet_timewait_sock *)sk;
}

void inet_twsk_free(struct inet_timewait_sock *tw);
void inet_twsk_put(struct inet_timewait_sock *tw);
int inet_twsk_bind_unhash(struct inet_timewait_sock *tw, struct inet_hashinfo *hashinfo);
struct inet_timewait_sock *inet_twsk_alloc(const struct sock *sk,
					   struct inet_timewait_death_row *dr, const int state);
void __inet_twsk_hashdance(struct inet_timewait_sock *tw, struct sock *sk,
			   struct inet_hashinfo *hashinfo);
void __inet_twsk_schedule(struct inet_timewait_sock *tw, int timeo, bool rearm);
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw);
void inet_twsk_purge(struct inet_hashinfo *hashinfo);

/* Start its clock, @timeo jiffies. */
static inline void inet_twsk_schedule(struct inet_timewait_sock *tw, int timeo)
{
	__inet_twsk_schedule(tw, timeo, false);
}

/* Start the clock anew. */
static inline void inet_twsk_reschedule(struct inet_timewait_sock *tw, int timeo)
{
	__inet_twsk_schedule(tw, timeo, true);
}

static inline struct net *twsk_net(const struct inet_timewait_sock *twsk)
{
	return read_pnet(&twsk->tw_net);
}

static inline void twsk_net_set(struct inet_timewait_sock *twsk, struct net *net)
{
	write_pnet(&twsk->tw_net, net);
}

/* May a new connection take the four-tuple of this remnant? */
static inline int twsk_unique(struct sock *sk, struct sock *sktw, void *twp)
{
	if (sk->sk_prot->twsk_prot->twsk_unique != NULL)
		return sk->sk_prot->twsk_prot->twsk_unique(sk, sktw, twp);
	return 0;
}

static inline void twsk_destructor(struct sock *sk)
{
	if (sk->sk_prot->twsk_prot->twsk_destructor != NULL)
		sk->sk_prot->twsk_prot->twsk_destructor(sk);
}

#endif
