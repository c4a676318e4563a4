/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 4, another way to write it: one loop over both halves, and a function for what is to be said of one
 * port.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/tcp.h>

extern u32 hint;

typedef int check_fn(struct inet_timewait_death_row *, struct sock *, __u16,
		     struct inet_timewait_sock **);

struct hunt {
	struct inet_timewait_death_row *death_row;
	struct sock *sk;
	check_fn *check;
	struct inet_bind_hashbucket *head; /* locked, when a port is found */
	struct inet_bind_bucket *tb;
	struct inet_timewait_sock *tw;
};

static struct inet_bind_hashbucket *list_of(const struct hunt *h, int port)
{
	struct inet_hashinfo *hinfo = h->death_row->hashinfo;

	return &hinfo->bhash[inet_bhashfn(sock_net(h->sk), port, hinfo->bhash_size)];
}

static struct inet_bind_bucket *bucket_of(const struct hunt *h, int port)
{
	struct inet_bind_bucket *tb, *found = NULL;

	inet_bind_bucket_for_each(tb, &h->head->chain) {
		if (tb->port == port && net_eq(ib_net(tb), sock_net(h->sk)))
			found = tb;
	}
	return found;
}

/* 1: the port is good, its list locked; 0: it is not; -ENOMEM. */
static int try_port(struct hunt *h, int port)
{
	bool good;

	if (inet_is_local_reserved_port(sock_net(h->sk), port))
		return 0;
	h->head = list_of(h, port);
	spin_lock_bh(&h->head->lock);
	h->tb = bucket_of(h, port);
	if (h->tb) {
		good = h->tb->fastreuse < 0 && h->tb->fastreuseport < 0 &&
		       h->check(h->death_row, h->sk, port, &h->tw) == 0;
		if (!good)
			spin_unlock_bh(&h->head->lock);
		return good;
	}
	h->tb = inet_bind_bucket_create(h->death_row->hashinfo->bind_bucket_cachep, sock_net(h->sk),
					h->head, port);
	if (!h->tb) {
		spin_unlock_bh(&h->head->lock);
		return -ENOMEM;
	}
	h->tb->fastreuse = h->tb->fastreuseport = -1;
	return 1;
}

static void settle(struct hunt *h, int port)
{
	struct sock *sk = h->sk;

	inet_bind_hash(sk, h->tb, port);
	if (sk_unhashed(sk)) {
		inet_sk(sk)->inet_sport = htons(port);
		inet_ehash_nolisten(sk, (struct sock *)h->tw);
	}
	if (h->tw)
		inet_twsk_bind_unhash(h->tw, h->death_row->hashinfo);
	spin_unlock(&h->head->lock);
	if (h->tw)
		inet_twsk_deschedule_put(h->tw);
	local_bh_enable();
}

static int bound_already(struct hunt *h, int port)
{
	int ret;

	h->head = list_of(h, port);
	h->tb = inet_csk(h->sk)->icsk_bind_hash;
	spin_lock_bh(&h->head->lock);
	if (sk_head(&h->tb->owners) == h->sk && !h->sk->sk_bind_node.next) {
		inet_ehash_nolisten(h->sk, NULL);
		spin_unlock_bh(&h->head->lock);
		return 0;
	}
	spin_unlock(&h->head->lock);
	ret = h->check(h->death_row, h->sk, port, NULL);
	local_bh_enable();
	return ret;
}

int __inet_hash_connect(struct inet_timewait_death_row *death_row, struct sock *sk, u32 port_offset,
			int (*check_established)(struct inet_timewait_death_row *, struct sock *,
						 __u16, struct inet_timewait_sock **))
{
	struct hunt h = { .death_row = death_row, .sk = sk, .check = check_established };
	u32 begin, count, looked = 0, half = 0;
	int low, high;

	if (inet_sk(sk)->inet_num)
		return bound_already(&h, inet_sk(sk)->inet_num);
	inet_get_local_port_range(sock_net(sk), &low, &high);
	count = high - low + 1;
	count -= count > 1 ? count % 2 : 0;
	begin = (hint + port_offset) % count / 2 * 2;
	while (half < 2 && half < count) {
		int port = low + (begin + half + looked) % count;
		int found = try_port(&h, port);

		if (found < 0)
			return found;
		if (found) {
			hint += looked + 2;
			settle(&h, port);
			return 0;
		}
		looked += 2;
		if (looked >= count) {
			looked = 0;
			half++;
		}
	}
	return -EADDRNOTAVAIL;
}
