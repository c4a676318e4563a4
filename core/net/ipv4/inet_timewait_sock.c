/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TIME_WAIT remnants: making one from a socket, finding its end.
 *
 * A remnant that is in place has three references: one for the established table, one for the bind
 * bucket, one for its timer.  tcp_time_wait() puts it into the tables with the socket going out in
 * the same step (__inet_twsk_hashdance()), so at no moment is the four-tuple unknown.
 *
 * Origin: net/ipv4/inet_timewait_sock.c.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/ip.h>
#include <net/tcp.h>

/* Leave the bind bucket; the port may become free.  References to drop: 0 or 1.  Lock held. */
int inet_twsk_bind_unhash(struct inet_timewait_sock *tw, struct inet_hashinfo *hashinfo)
{
	struct inet_bind_bucket *tb = tw->tw_tb;

	if (!tb)
		return 0;

	__hlist_del(&tw->tw_bind_node);
	tw->tw_tb = NULL;
	inet_bind_bucket_destroy(hashinfo->bind_bucket_cachep, tb);
	__sock_put((struct sock *)tw);
	return 1;
}

void inet_twsk_free(struct inet_timewait_sock *tw)
{
	twsk_destructor((struct sock *)tw);
	kmem_cache_free(tw->tw_prot->twsk_prot->twsk_slab, tw);
}

void inet_twsk_put(struct inet_timewait_sock *tw)
{
	if (atomic_dec_and_test(&tw->tw_refcnt))
		inet_twsk_free(tw);
}

/* Out of both tables; the caller owned the timer's reference, which goes here too. */
static void inet_twsk_kill(struct inet_timewait_sock *tw)
{
	struct inet_hashinfo *hashinfo = tw->tw_dr->hashinfo;
	spinlock_t *lock = inet_ehash_lockp(hashinfo, tw->tw_hash);
	struct inet_bind_hashbucket *bhead;

	spin_lock(lock);
	sk_nulls_del_node_init_rcu((struct sock *)tw);
	spin_unlock(lock);

	bhead = &hashinfo->bhash[inet_bhashfn(twsk_net(tw), tw->tw_num, hashinfo->bhash_size)];
	spin_lock(&bhead->lock);
	inet_twsk_bind_unhash(tw, hashinfo);
	spin_unlock(&bhead->lock);

	atomic_dec(&tw->tw_dr->tw_count);
	inet_twsk_put(tw);
}

static void inet_twsk_add_node_rcu(struct inet_timewait_sock *tw, struct hlist_head *list)
{
	hlist_add_head(&tw->tw_node, list);
}

static void inet_twsk_add_bind_node(struct inet_timewait_sock *tw, struct hlist_head *list)
{
	hlist_add_head(&tw->tw_bind_node, list);
}

/**
 * __inet_twsk_hashdance - the remnant takes the socket's place
 * @tw: the remnant
 * @sk: the connection it stands for
 * @hashinfo: the tables
 *
 * Step 1: into the bind bucket, so that the port stays taken when the socket leaves it.  Step 2:
 * into the established table.  Step 3: the socket out of it.  All under the locks: a segment
 * arriving between would find nobody and be answered with a RST.
 */
void __inet_twsk_hashdance(struct inet_timewait_sock *tw, struct sock *sk,
			   struct inet_hashinfo *hashinfo)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct inet_ehash_bucket *ehead = inet_ehash_bucket(hashinfo, sk->sk_hash);
	spinlock_t *lock = inet_ehash_lockp(hashinfo, sk->sk_hash);
	struct inet_bind_hashbucket *bhead;

	bhead = &hashinfo->bhash[inet_bhashfn(twsk_net(tw), inet->inet_num, hashinfo->bhash_size)];
	spin_lock_bh(&bhead->lock);
	tw->tw_tb = icsk->icsk_bind_hash;
	WARN_ON(!icsk->icsk_bind_hash);
	inet_twsk_add_bind_node(tw, &tw->tw_tb->owners);
	spin_unlock(&bhead->lock);

	spin_lock(lock);
	/* established table, bind bucket, timer, and the caller's until it is done */
	atomic_set(&tw->tw_refcnt, 4);
	inet_twsk_add_node_rcu(tw, &ehead->chain);

	if (__sk_nulls_del_node_init_rcu(sk))
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
	spin_unlock_bh(lock);
}

/* Its time has come. */
static void tw_timer_handler(unsigned long data)
{
	struct inet_timewait_sock *tw = (struct inet_timewait_sock *)data;

	if (tw->tw_kill)
		__NET_INC_STATS(twsk_net(tw), LINUX_MIB_TIMEWAITKILLED);
	else
		__NET_INC_STATS(twsk_net(tw), LINUX_MIB_TIMEWAITED);
	inet_twsk_kill(tw);
}

/**
 * inet_twsk_alloc - a remnant of @sk, in no table yet
 * @sk: the connection
 * @dr: the death row it will be counted in
 * @state: what it stands for: TCP_TIME_WAIT or TCP_FIN_WAIT2
 *
 * Return: the remnant; NULL if there are too many, or no memory.
 */
struct inet_timewait_sock *inet_twsk_alloc(const struct sock *sk,
					   struct inet_timewait_death_row *dr, const int state)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct inet_timewait_sock *tw;

	if (atomic_read(&dr->tw_count) >= dr->sysctl_max_tw_buckets)
		return NULL;

	tw = kmem_cache_alloc(sk->sk_prot_creator->twsk_prot->twsk_slab, GFP_ATOMIC | __GFP_ZERO);
	if (!tw)
		return NULL;

	tw->tw_dr = dr;
	tw->tw_daddr = inet->inet_daddr;
	tw->tw_rcv_saddr = inet->inet_rcv_saddr;
	tw->tw_bound_dev_if = sk->sk_bound_dev_if;
	tw->tw_tos = inet->tos;
	tw->tw_num = inet->inet_num;
	tw->tw_state = TCP_TIME_WAIT;
	tw->tw_substate = state;
	tw->tw_sport = inet->inet_sport;
	tw->tw_dport = inet->inet_dport;
	tw->tw_family = sk->sk_family;
	tw->tw_reuse = sk->sk_reuse;
	tw->tw_hash = sk->sk_hash;
	tw->tw_ipv6only = 0;
	tw->tw_transparent = inet->transparent;
	tw->tw_prot = sk->sk_prot_creator;
	twsk_net_set(tw, sock_net(sk));
	setup_pinned_timer(&tw->tw_timer, tw_timer_handler, (unsigned long)tw);
	/* Invisible to lookups until the dance is over. */
	atomic_set(&tw->tw_refcnt, 0);
	return tw;
}

/* End it before its time: a new connection takes its four-tuple.  Drops the caller's reference. */
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw)
{
	if (del_timer_sync(&tw->tw_timer))
		inet_twsk_kill(tw);
	inet_twsk_put(tw);
}

/*
 * Start the clock, @timeo jiffies; with @rearm set it anew.  A remnant that stays no longer than a
 * few timeouts is marked: its end is a matter of recycling, not of the 2 MSL.
 */
void __inet_twsk_schedule(struct inet_timewait_sock *tw, int timeo, bool rearm)
{
	tw->tw_kill = timeo <= 4 * HZ;
	if (!rearm) {
		BUG_ON(mod_timer(&tw->tw_timer, jiffies + timeo));
		atomic_inc(&tw->tw_dr->tw_count);
	} else if (timer_pending(&tw->tw_timer)) {
		mod_timer(&tw->tw_timer, jiffies + timeo);
	}
}

/* The world ends: no remnant may outlive it. */
void inet_twsk_purge(struct inet_hashinfo *hashinfo)
{
	struct inet_timewait_sock *tw;
	struct hlist_node *n;
	struct sock *sk;
	unsigned int slot;

	for (slot = 0; slot <= hashinfo->ehash_mask; slot++) {
		struct hlist_head *chain = &hashinfo->ehash[slot].chain;

		hlist_for_each_entry_safe(sk, n, chain, sk_node) {
			if (sk->sk_state != TCP_TIME_WAIT)
				continue;
			tw = inet_twsk(sk);
			atomic_inc(&tw->tw_refcnt);
			local_bh_disable();
			inet_twsk_deschedule_put(tw);
			local_bh_enable();
		}
	}
}
