/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP's three tables.
 *
 *   ehash  established: every connection, by its four-tuple.  TIME_WAIT remnants and requests too.
 *   bhash  bind: every local port in use, as an inet_bind_bucket with the sockets that own it.
 *   listening_hash  listeners, by port.
 *
 * A connect(2) that needs a port takes the lock of a bhash bucket first and, holding it, the lock
 * of an ehash bucket; never the other way round.
 *
 * Origin: include/net/inet_hashtables.h.
 */
#ifndef _INET_HASHTABLES_H
#define _INET_HASHTABLES_H

#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <net/inet_connection_sock.h>
#include <net/inet_sock.h>
#include <net/inet_timewait_sock.h>
#include <net/net_namespace.h>
#include <net/netns/hash.h>
#include <net/sock.h>
#include <net/tcp_states.h>

/* One chain of the established table; the lock is beside it (the kernel shares a few locks). */
struct inet_ehash_bucket {
	struct hlist_head chain;
	spinlock_t lock;
};

/**
 * struct inet_bind_bucket - a local port in use
 * @ib_net: namespace
 * @port: host order
 * @fastreuse: 1: every owner has SO_REUSEADDR and none listens; 0: not so; -1: the port was taken
 *	by connect(2), so only four-tuples decide, and bind(2) has no business here
 * @fastreuseport: the same for SO_REUSEPORT
 * @num_owners: sockets in @owners
 * @node: place in the bhash chain
 * @owners: sockets bound to the port
 */
struct inet_bind_bucket {
	possible_net_t ib_net;
	unsigned short port;
	signed char fastreuse;
	signed char fastreuseport;
	int num_owners;
	struct hlist_node node;
	struct hlist_head owners;
};

static inline struct net *ib_net(struct inet_bind_bucket *ib)
{
	return read_pnet(&ib->ib_net);
}

#define inet_bind_bucket_for_each(tb, head) hlist_for_each_entry(tb, head, node)

struct inet_bind_hashbucket {
	spinlock_t lock;
	struct hlist_head chain;
};

#define INET_LHTABLE_SIZE 32 /* a power of two; few sockets listen */

struct inet_listen_hashbucket {
	spinlock_t lock;
	struct hlist_head head;
};

struct inet_hashinfo {
	struct inet_ehash_bucket *ehash;
	unsigned int ehash_mask; /* buckets - 1 */
	struct inet_bind_hashbucket *bhash;
	unsigned int bhash_size; /* buckets, a power of two */
	struct kmem_cache *bind_bucket_cachep;
	struct inet_listen_hashbucket listening_hash[INET_LHTABLE_SIZE];
};

static inline struct inet_ehash_bucket *inet_ehash_bucket(struct inet_hashinfo *hashinfo,
							  unsigned int hash)
{
	return &hashinfo->ehash[hash & hashinfo->ehash_mask];
}

static inline spinlock_t *inet_ehash_lockp(struct inet_hashinfo *hashinfo, unsigned int hash)
{
	return &hashinfo->ehash[hash & hashinfo->ehash_mask].lock;
}

static inline u32 inet_bhashfn(const struct net *net, const __u16 lport, const u32 bhash_size)
{
	return (lport + net_hash_mix(net)) & (bhash_size - 1);
}

static inline u32 inet_lhashfn(const struct net *net, const unsigned short num)
{
	return (num + net_hash_mix(net)) & (INET_LHTABLE_SIZE - 1);
}

static inline int inet_sk_listen_hashfn(const struct sock *sk)
{
	return inet_lhashfn(sock_net(sk), inet_sk(sk)->inet_num);
}

struct inet_bind_bucket *inet_bind_bucket_create(struct kmem_cache *cachep, struct net *net,
						 struct inet_bind_hashbucket *head,
						 const unsigned short snum);
void inet_bind_bucket_destroy(struct kmem_cache *cachep, struct inet_bind_bucket *tb);
void inet_bind_hash(struct sock *sk, struct inet_bind_bucket *tb, const unsigned short snum);
void inet_hashinfo_init(struct inet_hashinfo *h);
void inet_put_port(struct sock *sk);

bool inet_ehash_insert(struct sock *sk, struct sock *osk);
bool inet_ehash_nolisten(struct sock *sk, struct sock *osk);
int inet_hash(struct sock *sk);
void inet_unhash(struct sock *sk);
u32 sk_ehashfn(const struct sock *sk);

struct sock *__inet_lookup_listener(struct net *net, struct inet_hashinfo *hashinfo,
				    struct sk_buff *skb, int doff, const __be32 saddr,
				    const __be16 sport, const __be32 daddr,
				    const unsigned short hnum, const int dif);
struct sock *__inet_lookup_established(struct net *net, struct inet_hashinfo *hashinfo,
				       const __be32 saddr, const __be16 sport, const __be32 daddr,
				       const u16 hnum, const int dif);

int __inet_hash_connect(struct inet_timewait_death_row *death_row, struct sock *sk, u32 port_offset,
			int (*check_established)(struct inet_timewait_death_row *, struct sock *,
						 __u16, struct inet_timewait_sock **));
int inet_hash_connect(struct inet_timewait_death_row *death_row, struct sock *sk);

/*
 * Is @__sk the end of this connection?  s is the sender (the peer), d is us; hnum our port in host
 * order.  A macro, because request and TIME_WAIT sockets have only the common part.
 */
#define INET_MATCH(__sk, __net, __saddr, __sport, __daddr, __hnum, __dif)      \
	((__sk)->sk_daddr == (__saddr) && (__sk)->sk_rcv_saddr == (__daddr) && \
	 (__sk)->sk_dport == (__sport) && (__sk)->sk_num == (__hnum) &&        \
	 (!(__sk)->sk_bound_dev_if || (__sk)->sk_bound_dev_if == (__dif)) &&   \
	 net_eq(sock_net(__sk), (__net)))

static inline struct sock *inet_lookup_listener(struct net *net, struct inet_hashinfo *hashinfo,
						struct sk_buff *skb, int doff, __be32 saddr,
						__be16 sport, __be32 daddr, __be16 dport, int dif)
{
	return __inet_lookup_listener(net, hashinfo, skb, doff, saddr, sport, daddr, ntohs(dport),
				      dif);
}

/*
 * The socket a segment belongs to: a connection, else a listener.  *@refcounted: the caller got a
 * reference and must drop it (listeners are looked up without one).
 */
static inline struct sock *__inet_lookup(struct net *net, struct inet_hashinfo *hashinfo,
					 struct sk_buff *skb, int doff, const __be32 saddr,
					 const __be16 sport, const __be32 daddr, const __be16 dport,
					 const int dif, bool *refcounted)
{
	u16 hnum = ntohs(dport);
	struct sock *sk;

	sk = __inet_lookup_established(net, hashinfo, saddr, sport, daddr, hnum, dif);
	*refcounted = true;
	if (sk)
		return sk;
	*refcounted = false;
	return __inet_lookup_listener(net, hashinfo, skb, doff, saddr, sport, daddr, hnum, dif);
}

/* For packets that do not come from the wire (ICMP errors, tests): always with a reference. */
static inline struct sock *inet_lookup(struct net *net, struct inet_hashinfo *hashinfo,
				       struct sk_buff *skb, int doff, const __be32 saddr,
				       const __be16 sport, const __be32 daddr, const __be16 dport,
				       const int dif)
{
	struct sock *sk;
	bool refcounted;

	sk = __inet_lookup(net, hashinfo, skb, doff, saddr, sport, daddr, dport, dif, &refcounted);
	if (sk && !refcounted)
		sock_hold(sk);
	return sk;
}

struct sock *__inet_lookup_skb(struct inet_hashinfo *hashinfo, struct sk_buff *skb, int doff,
			       const __be16 sport, const __be16 dport, bool *refcounted);

/* The two addresses that are part of a socket's identity have setters: one place to look. */
static inline void sk_daddr_set(struct sock *sk, __be32 addr)
{
	sk->sk_daddr = addr;
}

static inline void sk_rcv_saddr_set(struct sock *sk, __be32 addr)
{
	sk->sk_rcv_saddr = addr;
}

#endif
