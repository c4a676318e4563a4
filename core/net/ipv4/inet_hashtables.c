/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables in which TCP finds its sockets, and the choice of a local port for connect(2).
 *
 * Theory of operation
 *
 * What connect(2) needs is not a free port but a free four-tuple: port 40000 may be in use towards
 * one server and still be good for another.  So the search goes through the ports of the local
 * range, and for each asks in this order:
 *
 *   - Does anybody use the port at all (bhash)?  If not, it is ours.
 *   - Did somebody get it by bind(2) (fastreuse >= 0)?  Then it is out of bounds.
 *   - Otherwise only connections use it: is our exact four-tuple among them (ehash)?  A live
 *     connection says no; a TIME_WAIT remnant may give way (tcp_twsk_unique()).
 *
 * Where the search starts is a keyed hash of the destination (RFC 6056) plus a counter that moves
 * on with every port found, so neither an observer can predict the next port nor two connects in a
 * row walk over the same used ones.  The scan takes ports of one parity first and leaves the
 * other half to bind(2), which does the reverse: so the two do not tread on each other's heels.
 *
 * Locks: the bind bucket's lock is taken with softirqs off, and the established bucket's inside it.
 *
 * Origin: net/ipv4/inet_hashtables.c.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/secure_seq.h>
#include <net/tcp.h>

/* Drawn at the first hash of a boot; without it a stranger could aim at one chain. */
static u32 inet_ehash_secret;

/* ---- hash functions ---- */

static u32 inet_ehashfn(const struct net *net, const __be32 laddr, const __u16 lport,
			const __be32 faddr, const __be16 fport)
{
	get_random_once(&inet_ehash_secret, sizeof(inet_ehash_secret));

	return __inet_ehashfn(laddr, lport, faddr, fport, inet_ehash_secret + net_hash_mix(net));
}

/* The hash of a socket's own four-tuple; works for requests and remnants too. */
u32 sk_ehashfn(const struct sock *sk)
{
	return inet_ehashfn(sock_net(sk), sk->sk_rcv_saddr, sk->sk_num, sk->sk_daddr, sk->sk_dport);
}

/* ---- bind buckets ---- */

/* A bucket for a port nobody used; the caller holds @head's lock.  NULL without memory. */
struct inet_bind_bucket *inet_bind_bucket_create(struct kmem_cache *cachep, struct net *net,
						 struct inet_bind_hashbucket *head,
						 const unsigned short snum)
{
	struct inet_bind_bucket *tb = kmem_cache_alloc(cachep, GFP_ATOMIC);

	if (tb != NULL) {
		write_pnet(&tb->ib_net, net);
		tb->port = snum;
		tb->fastreuse = 0;
		tb->fastreuseport = 0;
		tb->num_owners = 0;
		INIT_HLIST_HEAD(&tb->owners);
		hlist_add_head(&tb->node, &head->chain);
	}
	return tb;
}

/* Drop the bucket if nobody owns the port any more. */
void inet_bind_bucket_destroy(struct kmem_cache *cachep, struct inet_bind_bucket *tb)
{
	if (hlist_empty(&tb->owners)) {
		__hlist_del(&tb->node);
		kmem_cache_free(cachep, tb);
	}
}

/* Make @sk an owner of the port; @snum in host order.  The bucket's lock is held. */
void inet_bind_hash(struct sock *sk, struct inet_bind_bucket *tb, const unsigned short snum)
{
	inet_sk(sk)->inet_num = snum;
	sk_add_bind_node(sk, &tb->owners);
	tb->num_owners++;
	inet_csk(sk)->icsk_bind_hash = tb;
}

static void __inet_put_port(struct sock *sk)
{
	struct inet_hashinfo *hashinfo = sk->sk_prot->h.hashinfo;
	const int bhash = inet_bhashfn(sock_net(sk), inet_sk(sk)->inet_num, hashinfo->bhash_size);
	struct inet_bind_hashbucket *head = &hashinfo->bhash[bhash];
	struct inet_bind_bucket *tb;

	spin_lock(&head->lock);
	tb = inet_csk(sk)->icsk_bind_hash;
	__sk_del_bind_node(sk);
	tb->num_owners--;
	inet_csk(sk)->icsk_bind_hash = NULL;
	inet_sk(sk)->inet_num = 0;
	inet_bind_bucket_destroy(hashinfo->bind_bucket_cachep, tb);
	spin_unlock(&head->lock);
}

/* The socket gives its port up. */
void inet_put_port(struct sock *sk)
{
	local_bh_disable();
	__inet_put_port(sk);
	local_bh_enable();
}

/* ---- lookup ---- */

/* How well a listener fits: -1 not at all; an address or a device of its own is a better match. */
static inline int compute_score(struct sock *sk, struct net *net, const unsigned short hnum,
				const __be32 daddr, const int dif)
{
	struct inet_sock *inet = inet_sk(sk);
	int score = -1;

	if (net_eq(sock_net(sk), net) && inet->inet_num == hnum && !sk->sk_ipv6only) {
		__be32 rcv_saddr = inet->inet_rcv_saddr;

		score = sk->sk_family == PF_INET ? 2 : 1;
		if (rcv_saddr) {
			if (rcv_saddr != daddr)
				return -1;
			score += 4;
		}
		if (sk->sk_bound_dev_if) {
			if (sk->sk_bound_dev_if != dif)
				return -1;
			score += 4;
		}
	}
	return score;
}

/* The best listener for a segment to @daddr:@hnum, without a reference; NULL if none. */
struct sock *__inet_lookup_listener(struct net *net, struct inet_hashinfo *hashinfo,
				    struct sk_buff *skb, int doff, const __be32 saddr,
				    const __be16 sport, const __be32 daddr,
				    const unsigned short hnum, const int dif)
{
	unsigned int hash = inet_lhashfn(net, hnum);
	struct inet_listen_hashbucket *ilb = &hashinfo->listening_hash[hash];
	struct sock *sk, *result = NULL;
	int score, hiscore = 0;

	(void)skb, (void)doff, (void)saddr, (void)sport;
	sk_for_each(sk, &ilb->head) {
		score = compute_score(sk, net, hnum, daddr, dif);
		if (score > hiscore) {
			result = sk;
			hiscore = score;
		}
	}
	return result;
}

/* Drop a reference to whatever a lookup returned: socket, request or remnant. */
void sock_gen_put(struct sock *sk)
{
	if (!atomic_dec_and_test(&sk->sk_refcnt))
		return;

	if (sk->sk_state == TCP_TIME_WAIT)
		inet_twsk_free(inet_twsk(sk));
	else
		sk_free(sk);
}

/* Destructor of packets that early demux gave a socket. */
void sock_edemux(struct sk_buff *skb)
{
	sock_gen_put(skb->sk);
}

/**
 * __inet_lookup_established - the connection a segment belongs to
 * @net: namespace
 * @hashinfo: tables
 * @saddr: the sender's address, network order
 * @sport: its port, network order
 * @daddr: our address, network order
 * @hnum: our port, host order
 * @dif: interface the segment came by
 *
 * A reference is taken unless the socket is dying already.
 *
 * Return: a socket, request or TIME_WAIT remnant with a reference, or NULL.
 */
struct sock *__inet_lookup_established(struct net *net, struct inet_hashinfo *hashinfo,
				       const __be32 saddr, const __be16 sport, const __be32 daddr,
				       const u16 hnum, const int dif)
{
	unsigned int hash = inet_ehashfn(net, daddr, hnum, saddr, sport);
	unsigned int slot = hash & hashinfo->ehash_mask;
	struct inet_ehash_bucket *head = &hashinfo->ehash[slot];
	struct sock *sk;

	sk_for_each(sk, &head->chain) {
		if (sk->sk_hash != hash)
			continue;
		if (likely(INET_MATCH(sk, net, saddr, sport, daddr, hnum, dif))) {
			if (unlikely(!atomic_inc_not_zero(&sk->sk_refcnt)))
				return NULL;
			return sk;
		}
	}
	return NULL;
}

/* The socket of a received segment: the one early demux found, or a lookup.  See __inet_lookup(). */
struct sock *__inet_lookup_skb(struct inet_hashinfo *hashinfo, struct sk_buff *skb, int doff,
			       const __be16 sport, const __be16 dport, bool *refcounted)
{
	struct sock *sk = skb_steal_sock(skb);
	const struct iphdr *iph = ip_hdr(skb);

	*refcounted = true;
	if (sk)
		return sk;

	return __inet_lookup(dev_net(skb_dst(skb)->dev), hashinfo, skb, doff, iph->saddr, sport,
			     iph->daddr, dport, inet_iif(skb), refcounted);
}

/* ---- entering and leaving the established table ---- */

/*
 * Is the four-tuple of @sk with local port @lport free?  If it is, @sk enters the table at once,
 * under the same lock, so that nobody can come between.  A TIME_WAIT remnant that gives way is
 * handed to the caller in *@twp, or released here if @twp is NULL.
 *
 * Return: 0, or -EADDRNOTAVAIL.
 */
static int __inet_check_established(struct inet_timewait_death_row *death_row, struct sock *sk,
				    __u16 lport, struct inet_timewait_sock **twp)
{
	struct inet_hashinfo *hinfo = death_row->hashinfo;
	struct inet_sock *inet = inet_sk(sk);
	__be32 daddr = inet->inet_rcv_saddr;
	__be32 saddr = inet->inet_daddr;
	int dif = sk->sk_bound_dev_if;
	struct net *net = sock_net(sk);
	unsigned int hash = inet_ehashfn(net, daddr, lport, saddr, inet->inet_dport);
	struct inet_ehash_bucket *head = inet_ehash_bucket(hinfo, hash);
	spinlock_t *lock = inet_ehash_lockp(hinfo, hash);
	struct inet_timewait_sock *tw = NULL;
	struct sock *sk2;

	spin_lock(lock);

	sk_for_each(sk2, &head->chain) {
		if (sk2->sk_hash != hash)
			continue;
		if (likely(INET_MATCH(sk2, net, saddr, inet->inet_dport, daddr, lport, dif))) {
			if (sk2->sk_state == TCP_TIME_WAIT) {
				tw = inet_twsk(sk2);
				if (twsk_unique(sk, sk2, twp))
					break;
			}
			goto not_unique;
		}
	}

	/* Port and hash must be right before the socket can be found. */
	inet->inet_num = lport;
	inet->inet_sport = htons(lport);
	sk->sk_hash = hash;
	WARN_ON(!sk_unhashed(sk));
	__sk_nulls_add_node_rcu(sk, &head->chain);
	if (tw) {
		sk_nulls_del_node_init_rcu((struct sock *)tw);
		__NET_INC_STATS(net, LINUX_MIB_TIMEWAITRECYCLED);
	}
	spin_unlock(lock);
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);

	if (twp)
		*twp = tw;
	else if (tw)
		inet_twsk_deschedule_put(tw);
	return 0;

not_unique:
	spin_unlock(lock);
	return -EADDRNOTAVAIL;
}

/* Where the port search for this destination begins. */
static u32 inet_sk_port_offset(const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	return secure_ipv4_port_ephemeral(inet->inet_rcv_saddr, inet->inet_daddr, inet->inet_dport);
}

/*
 * Put @sk into the established table; @osk, if given, leaves it in the same moment (a remnant whose
 * four-tuple @sk inherits).  False if @osk was gone already.  Softirqs are off.
 */
bool inet_ehash_insert(struct sock *sk, struct sock *osk)
{
	struct inet_hashinfo *hashinfo = sk->sk_prot->h.hashinfo;
	struct inet_ehash_bucket *head;
	struct hlist_head *list;
	spinlock_t *lock;
	bool ret = true;

	WARN_ON_ONCE(!sk_unhashed(sk));

	sk->sk_hash = sk_ehashfn(sk);
	head = inet_ehash_bucket(hashinfo, sk->sk_hash);
	list = &head->chain;
	lock = inet_ehash_lockp(hashinfo, sk->sk_hash);

	spin_lock(lock);
	if (osk) {
		WARN_ON_ONCE(sk->sk_hash != osk->sk_hash);
		ret = sk_nulls_del_node_init_rcu(osk);
	}
	if (ret)
		__sk_nulls_add_node_rcu(sk, list);
	spin_unlock(lock);
	return ret;
}

/* inet_ehash_insert() with the count; a socket that lost the race is declared dead. */
bool inet_ehash_nolisten(struct sock *sk, struct sock *osk)
{
	bool ok = inet_ehash_insert(sk, osk);

	if (ok) {
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
	} else {
		(*sk->sk_prot->orphan_count)++;
		sk->sk_state = TCP_CLOSE;
		sock_set_flag(sk, SOCK_DEAD);
		inet_csk_destroy_sock(sk);
	}
	return ok;
}

/* struct proto.hash: into the table its state calls for.  0. */
int inet_hash(struct sock *sk)
{
	struct inet_hashinfo *hashinfo = sk->sk_prot->h.hashinfo;
	struct inet_listen_hashbucket *ilb;

	if (sk->sk_state == TCP_CLOSE)
		return 0;

	local_bh_disable();
	if (sk->sk_state != TCP_LISTEN) {
		inet_ehash_nolisten(sk, NULL);
	} else {
		WARN_ON(!sk_unhashed(sk));
		ilb = &hashinfo->listening_hash[inet_sk_listen_hashfn(sk)];
		spin_lock(&ilb->lock);
		hlist_add_head(&sk->sk_node, &ilb->head);
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
		spin_unlock(&ilb->lock);
	}
	local_bh_enable();
	return 0;
}

/* struct proto.unhash: out of the table, so that no new segment finds the socket. */
void inet_unhash(struct sock *sk)
{
	struct inet_hashinfo *hashinfo = sk->sk_prot->h.hashinfo;
	spinlock_t *lock;
	bool done;

	if (sk_unhashed(sk))
		return;

	if (sk->sk_state == TCP_LISTEN)
		lock = &hashinfo->listening_hash[inet_sk_listen_hashfn(sk)].lock;
	else
		lock = inet_ehash_lockp(hashinfo, sk->sk_hash);

	spin_lock_bh(lock);
	done = __sk_nulls_del_node_init_rcu(sk);
	if (done)
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
	spin_unlock_bh(lock);
}

/* ---- a port for connect(2) ---- */

/* Moves on by two with every port found, whatever the destination.  Reset with the tables. */
static u32 hint;

/**
 * __inet_hash_connect - bind @sk to a port that makes its four-tuple unique, and hash it
 * @death_row: TIME_WAIT remnants, and the tables
 * @sk: the socket; addresses and destination port are set
 * @port_offset: where the search begins
 * @check_established: asks the established table, and enters @sk if it is free
 *
 * A socket bound before (bind(2)) keeps its port; if it is the only owner, nobody else can have the
 * four-tuple and the established table need not be asked.  That is the idea.  But sk_head() takes
 * the list for one of sk_node, and a bucket's owners hang on it by sk_bind_node: the address it
 * computes is never @sk.  So v4.9 always asks the table, as recorded runs show, and so do we.
 *
 * Return: 0; -EADDRNOTAVAIL if no port is left; -ENOMEM.
 */
int __inet_hash_connect(struct inet_timewait_death_row *death_row, struct sock *sk, u32 port_offset,
			int (*check_established)(struct inet_timewait_death_row *, struct sock *,
						 __u16, struct inet_timewait_sock **))
{
	struct inet_hashinfo *hinfo = death_row->hashinfo;
	struct inet_timewait_sock *tw = NULL;
	struct inet_bind_hashbucket *head;
	int port = inet_sk(sk)->inet_num;
	struct net *net = sock_net(sk);
	struct inet_bind_bucket *tb;
	u32 remaining, offset;
	int ret, i, low, high;

	if (port) {
		head = &hinfo->bhash[inet_bhashfn(net, port, hinfo->bhash_size)];
		tb = inet_csk(sk)->icsk_bind_hash;
		spin_lock_bh(&head->lock);
		if (sk_head(&tb->owners) == sk && !sk->sk_bind_node.next) {
			inet_ehash_nolisten(sk, NULL);
			spin_unlock_bh(&head->lock);
			return 0;
		}
		spin_unlock(&head->lock);
		/* Others own the port too: only the established table can tell. */
		ret = check_established(death_row, sk, port, NULL);
		local_bh_enable();
		return ret;
	}

	inet_get_local_port_range(net, &low, &high);
	high++; /* the range becomes half open: [low, high) */
	remaining = high - low;
	if (likely(remaining > 1))
		remaining &= ~1U;

	offset = (hint + port_offset) % remaining;
	/* First the ports of low's parity; bind(2) prefers the others. */
	offset &= ~1U;
other_parity_scan:
	port = low + offset;
	for (i = 0; i < (int)remaining; i += 2, port += 2) {
		if (unlikely(port >= high))
			port -= remaining;
		if (inet_is_local_reserved_port(net, port))
			continue;
		head = &hinfo->bhash[inet_bhashfn(net, port, hinfo->bhash_size)];
		spin_lock_bh(&head->lock);

		/* The local address does not matter: four-tuples are compared in full. */
		inet_bind_bucket_for_each(tb, &head->chain) {
			if (net_eq(ib_net(tb), net) && tb->port == port) {
				if (tb->fastreuse >= 0 || tb->fastreuseport >= 0)
					goto next_port;
				WARN_ON(hlist_empty(&tb->owners));
				if (!check_established(death_row, sk, port, &tw))
					goto ok;
				goto next_port;
			}
		}

		tb = inet_bind_bucket_create(hinfo->bind_bucket_cachep, net, head, port);
		if (!tb) {
			spin_unlock_bh(&head->lock);
			return -ENOMEM;
		}
		tb->fastreuse = -1;
		tb->fastreuseport = -1;
		goto ok;
next_port:
		spin_unlock_bh(&head->lock);
		cond_resched();
	}

	offset++;
	if ((offset & 1) && remaining > 1)
		goto other_parity_scan;

	return -EADDRNOTAVAIL;

ok:
	hint += i + 2;

	/* The bucket's lock is still held and softirqs are off: nobody sees the steps between. */
	inet_bind_hash(sk, tb, port);
	if (sk_unhashed(sk)) {
		inet_sk(sk)->inet_sport = htons(port);
		inet_ehash_nolisten(sk, (struct sock *)tw);
	}
	if (tw)
		inet_twsk_bind_unhash(tw, hinfo);
	spin_unlock(&head->lock);
	if (tw)
		inet_twsk_deschedule_put(tw);
	local_bh_enable();
	return 0;
}

/* Bind a port for a connect operation and hash the socket; see __inet_hash_connect(). */
int inet_hash_connect(struct inet_timewait_death_row *death_row, struct sock *sk)
{
	u32 port_offset = 0;

	if (!inet_sk(sk)->inet_num)
		port_offset = inet_sk_port_offset(sk);
	return __inet_hash_connect(death_row, sk, port_offset, __inet_check_established);
}

/* Empty listening table, and the search's memory as new. */
void inet_hashinfo_init(struct inet_hashinfo *h)
{
	int i;

	hint = 0;
	for (i = 0; i < INET_LHTABLE_SIZE; i++) {
		spin_lock_init(&h->listening_hash[i].lock);
		INIT_HLIST_HEAD(&h->listening_hash[i].head);
	}
}
