/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UDP sockets: their ports, their tables, connect and disconnect.
 *
 * Theory of operation
 *
 * A UDP socket that connects without having been bound gets its port first, by inet_autobind();
 * TCP does it the other way round and chooses the port when the peer is known.  For UDP the port
 * alone must be free, since an unconnected socket receives from everybody.
 *
 * The search does not try port after port.  Ports that are 256 apart share a chain, so one walk
 * along a chain marks in a bitmap all of its ports that are taken, and a random one of the others
 * is picked.  Only when a whole chain is full the next one is looked at.
 *
 * Sending and receiving are in udp_data.c.
 *
 * Left out: corking, UDP-Lite, encapsulation, multicast and broadcast delivery, groups of sockets
 * on one port (SO_REUSEPORT spreads no load here), memory accounting.
 *
 * Origin: net/ipv4/udp.c.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/inet_common.h>
#include <net/ip.h>
#include <net/ip_sockglue.h>
#include <net/tcp_states.h>
#include <net/udp.h>

/* Ports of one chain: as many bits has the bitmap that marks those in use. */
#define MAX_UDP_PORTS   65536
#define PORTS_PER_CHAIN (MAX_UDP_PORTS / UDP_HTABLE_SIZE_MIN)

struct udp_table udp_table;

/* ---- is the port free? ---- */

/*
 * Would @sk get into @sk2's way if both had one port?  Not on different devices or addresses, nor
 * if both allow it (SO_REUSEADDR; SO_REUSEPORT, of the same user).
 */
static __always_inline bool
udp_lport_conflict(struct net *net, struct sock *sk, struct sock *sk2, unsigned int uid,
		   int (*saddr_comp)(const struct sock *, const struct sock *, bool))
{
	return net_eq(sock_net(sk2), net) && sk2 != sk && (!sk2->sk_reuse || !sk->sk_reuse) &&
	       (!sk2->sk_bound_dev_if || !sk->sk_bound_dev_if ||
		sk2->sk_bound_dev_if == sk->sk_bound_dev_if) &&
	       (!sk2->sk_reuseport || !sk->sk_reuseport || uid != sock_i_uid(sk2)) &&
	       saddr_comp(sk, sk2, true);
}

/*
 * Without @bitmap: is port @num (host order) taken, by the sockets of chain @hslot?  With it: set
 * the bit of each port that is; 0.
 */
static int udp_lib_lport_inuse(struct net *net, __u16 num, const struct udp_hslot *hslot,
			       unsigned long *bitmap, struct sock *sk,
			       int (*saddr_comp)(const struct sock *, const struct sock *, bool),
			       unsigned int log)
{
	unsigned int uid = sock_i_uid(sk);
	struct sock *sk2;

	sk_for_each(sk2, &hslot->head) {
		if ((bitmap || udp_sk(sk2)->udp_port_hash == num) &&
		    udp_lport_conflict(net, sk, sk2, uid, saddr_comp)) {
			if (!bitmap)
				return 1;
			__set_bit(udp_sk(sk2)->udp_port_hash >> log, bitmap);
		}
	}
	return 0;
}

/* The same for one port, along a chain of the second table. */
static int udp_lib_lport_inuse2(struct net *net, __u16 num, struct udp_hslot *hslot2,
				struct sock *sk,
				int (*saddr_comp)(const struct sock *, const struct sock *, bool))
{
	unsigned int uid = sock_i_uid(sk);
	struct sock *sk2;
	int res = 0;

	spin_lock(&hslot2->lock);
	udp_portaddr_for_each_entry(sk2, &hslot2->head)
	{
		if (udp_sk(sk2)->udp_port_hash == num &&
		    udp_lport_conflict(net, sk, sk2, uid, saddr_comp)) {
			res = 1;
			break;
		}
	}
	spin_unlock(&hslot2->lock);
	return res;
}

/*
 * A free port of the local range, picked at random; its chain in *@hslotp, locked.  0: none.
 *
 * The step from port to port is an odd multiple of the number of chains: it stays in the chain,
 * and meets each of its ports once.
 */
static __always_inline unsigned short
udp_pick_port(struct sock *sk, struct udp_table *udptable, struct udp_hslot **hslotp,
	      int (*saddr_comp)(const struct sock *, const struct sock *, bool))
{
	unsigned long bitmap[PORTS_PER_CHAIN / BITS_PER_LONG];
	struct net *net = sock_net(sk);
	unsigned short first, last, snum;
	int low, high, remaining;
	unsigned int rand;

	inet_get_local_port_range(net, &low, &high);
	remaining = (high - low) + 1;

	rand = prandom_u32();
	first = reciprocal_scale(rand, remaining) + low;
	rand = (rand | 1) * (udptable->mask + 1);
	last = first + udptable->mask + 1;
	do {
		struct udp_hslot *hslot = udp_hashslot(udptable, net, first);

		memset(bitmap, 0, sizeof(bitmap));
		spin_lock_bh(&hslot->lock);
		udp_lib_lport_inuse(net, 0, hslot, bitmap, sk, saddr_comp, udptable->log);

		snum = first;
		do {
			if (low <= snum && snum <= high &&
			    !test_bit(snum >> udptable->log, bitmap) &&
			    !inet_is_local_reserved_port(net, snum)) {
				*hslotp = hslot;
				return snum;
			}
			snum += rand;
		} while (snum != first);
		spin_unlock_bh(&hslot->lock);
	} while (++first != last);
	return 0;
}

/*
 * Is port @snum taken?  Its chain @hslot is locked.  If the chain is long, the two chains of the
 * second table in which a rival could be may be shorter: that of our address, and that of sockets
 * bound to none.
 */
static __always_inline int udp_port_taken(struct sock *sk, unsigned short snum,
					  struct udp_table *udptable, struct udp_hslot *hslot,
					  int (*saddr_comp)(const struct sock *,
							    const struct sock *, bool),
					  unsigned int hash2_nulladdr)
{
	struct net *net = sock_net(sk);

	if (hslot->count > 10) {
		unsigned int slot2 = (udp_sk(sk)->udp_portaddr_hash ^ snum) & udptable->mask;
		struct udp_hslot *hslot2 = udp_hashslot2(udptable, slot2);
		int exist;

		hash2_nulladdr &= udptable->mask;
		if (hslot->count >= hslot2->count) {
			exist = udp_lib_lport_inuse2(net, snum, hslot2, sk, saddr_comp);
			if (!exist && hash2_nulladdr != slot2) {
				hslot2 = udp_hashslot2(udptable, hash2_nulladdr);
				exist = udp_lib_lport_inuse2(net, snum, hslot2, sk, saddr_comp);
			}
			return exist;
		}
	}
	return udp_lib_lport_inuse(net, snum, hslot, NULL, sk, saddr_comp, 0);
}

/**
 * udp_lib_get_port - give a socket its port, and enter it into both tables
 * @sk: the socket, owned; its udp_portaddr_hash is that of its address and port 0
 * @snum: the port, host order; 0: any of the local range
 * @saddr_comp: do two sockets' addresses overlap?
 * @hash2_nulladdr: hash of no address and @snum
 *
 * Return: 0; 1: the port is taken, or all are.
 */
int udp_lib_get_port(struct sock *sk, unsigned short snum,
		     int (*saddr_comp)(const struct sock *sk1, const struct sock *sk2,
				       bool match_wildcard),
		     unsigned int hash2_nulladdr)
{
	struct udp_table *udptable = sk->sk_prot->h.udp_table;
	struct udp_hslot *hslot, *hslot2;
	struct net *net = sock_net(sk);
	int error = 1;

	if (!snum) {
		snum = udp_pick_port(sk, udptable, &hslot, saddr_comp);
		if (!snum)
			return 1;
	} else {
		hslot = udp_hashslot(udptable, net, snum);
		spin_lock_bh(&hslot->lock);
		if (udp_port_taken(sk, snum, udptable, hslot, saddr_comp, hash2_nulladdr))
			goto fail_unlock;
	}

	inet_sk(sk)->inet_num = snum;
	udp_sk(sk)->udp_port_hash = snum;
	udp_sk(sk)->udp_portaddr_hash ^= snum;
	if (sk_unhashed(sk)) {
		sk_add_node_rcu(sk, &hslot->head);
		hslot->count++;
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);

		hslot2 = udp_hashslot2(udptable, udp_sk(sk)->udp_portaddr_hash);
		spin_lock(&hslot2->lock);
		hlist_add_head(&udp_sk(sk)->udp_portaddr_node, &hslot2->head);
		hslot2->count++;
		spin_unlock(&hslot2->lock);
	}
	sock_set_flag(sk, SOCK_RCU_FREE);
	error = 0;
fail_unlock:
	spin_unlock_bh(&hslot->lock);
	return error;
}

/* Could both receive a packet to one address?  A socket bound to none takes all of them. */
static int ipv4_rcv_saddr_equal(const struct sock *sk1, const struct sock *sk2, bool match_wildcard)
{
	const struct inet_sock *inet1 = inet_sk(sk1), *inet2 = inet_sk(sk2);

	if (inet1->inet_rcv_saddr == inet2->inet_rcv_saddr)
		return 1;
	if (!inet1->inet_rcv_saddr || !inet2->inet_rcv_saddr)
		return match_wildcard;
	return 0;
}

/* The port is added behind the hash, so that it can be put in or changed without hashing anew. */
static u32 udp4_portaddr_hash(const struct net *net, __be32 saddr, unsigned int port)
{
	return jhash_1word((__force u32)saddr, net_hash_mix(net)) ^ port;
}

/* struct proto.get_port: see udp_lib_get_port(). */
int udp_v4_get_port(struct sock *sk, unsigned short snum)
{
	unsigned int hash2_nulladdr = udp4_portaddr_hash(sock_net(sk), htonl(INADDR_ANY), snum);
	unsigned int hash2_partial =
		udp4_portaddr_hash(sock_net(sk), inet_sk(sk)->inet_rcv_saddr, 0);

	udp_sk(sk)->udp_portaddr_hash = (__u16)hash2_partial;
	return udp_lib_get_port(sk, snum, ipv4_rcv_saddr_equal, hash2_nulladdr);
}

/* ---- moving in the tables, and leaving them ---- */

/* The address changed: to the chain of the second table where it will be looked for. */
void udp_lib_rehash(struct sock *sk, u16 newhash)
{
	struct udp_table *udptable = sk->sk_prot->h.udp_table;
	struct udp_hslot *hslot, *hslot2, *nhslot2;

	if (!sk_hashed(sk))
		return;

	hslot2 = udp_hashslot2(udptable, udp_sk(sk)->udp_portaddr_hash);
	nhslot2 = udp_hashslot2(udptable, newhash);
	udp_sk(sk)->udp_portaddr_hash = newhash;
	if (hslot2 == nhslot2)
		return;

	/* The first table's lock as well: who holds it may rely on the second table. */
	hslot = udp_hashslot(udptable, sock_net(sk), udp_sk(sk)->udp_port_hash);
	spin_lock_bh(&hslot->lock);

	spin_lock(&hslot2->lock);
	hlist_del_init(&udp_sk(sk)->udp_portaddr_node);
	hslot2->count--;
	spin_unlock(&hslot2->lock);

	spin_lock(&nhslot2->lock);
	hlist_add_head(&udp_sk(sk)->udp_portaddr_node, &nhslot2->head);
	nhslot2->count++;
	spin_unlock(&nhslot2->lock);

	spin_unlock_bh(&hslot->lock);
}

/* struct proto.rehash: connect(2) has given the socket its address. */
void udp_v4_rehash(struct sock *sk)
{
	u16 new_hash = (u16)udp4_portaddr_hash(sock_net(sk), inet_sk(sk)->inet_rcv_saddr,
					       inet_sk(sk)->inet_num);

	udp_lib_rehash(sk, new_hash);
}

/* struct proto.unhash: give up the port. */
void udp_lib_unhash(struct sock *sk)
{
	struct udp_table *udptable = sk->sk_prot->h.udp_table;
	struct udp_hslot *hslot, *hslot2;

	if (!sk_hashed(sk))
		return;

	hslot = udp_hashslot(udptable, sock_net(sk), udp_sk(sk)->udp_port_hash);
	hslot2 = udp_hashslot2(udptable, udp_sk(sk)->udp_portaddr_hash);

	spin_lock_bh(&hslot->lock);
	if (sk_del_node_init(sk)) {
		hslot->count--;
		inet_sk(sk)->inet_num = 0;
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);

		spin_lock(&hslot2->lock);
		hlist_del_init(&udp_sk(sk)->udp_portaddr_node);
		hslot2->count--;
		spin_unlock(&hslot2->lock);
	}
	spin_unlock_bh(&hslot->lock);
}

/* struct proto.hash: never called, because a port is what makes a socket hashed. */
static int udp_lib_hash(struct sock *sk)
{
	(void)sk;
	BUG();
	return 0;
}

/* ---- the end of an association, and of a socket ---- */

/*
 * Forget the peer.  What bind(2) fixed stays: the address, the port.  The device does not, though
 * it was SO_BINDTODEVICE that fixed it.  The socket is owned.  0.
 */
int __udp_disconnect(struct sock *sk, int flags)
{
	struct inet_sock *inet = inet_sk(sk);

	(void)flags;
	sk_state_store(sk, TCP_CLOSE);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	sock_rps_reset_rxhash(sk);
	sk->sk_bound_dev_if = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet->inet_rcv_saddr = inet->inet_saddr = 0;

	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		sk->sk_prot->unhash(sk);
		inet->inet_sport = 0;
	}
	sk_dst_reset(sk);
	return 0;
}

/* struct proto.disconnect: connect(2) to AF_UNSPEC.  0. */
int udp_disconnect(struct sock *sk, int flags)
{
	lock_sock(sk);
	__udp_disconnect(sk, flags);
	release_sock(sk);
	return 0;
}

void udp_lib_close(struct sock *sk, long timeout)
{
	(void)timeout;
	sk_common_release(sk);
}

/* ---- who receives a datagram? ---- */

/* How exactly does @sk match?  -1: not at all.  Each thing the user fixed counts. */
static int compute_score(struct sock *sk, struct net *net, __be32 saddr, __be16 sport, __be32 daddr,
			 unsigned short hnum, int dif)
{
	struct inet_sock *inet = inet_sk(sk);
	int score = 2; /* an IPv4 socket */

	if (!net_eq(sock_net(sk), net) || udp_sk(sk)->udp_port_hash != hnum)
		return -1;
	if (inet->inet_rcv_saddr) {
		if (inet->inet_rcv_saddr != daddr)
			return -1;
		score += 4;
	}
	if (inet->inet_daddr) {
		if (inet->inet_daddr != saddr)
			return -1;
		score += 4;
	}
	if (inet->inet_dport) {
		if (inet->inet_dport != sport)
			return -1;
		score += 4;
	}
	if (sk->sk_bound_dev_if) {
		if (sk->sk_bound_dev_if != dif)
			return -1;
		score += 4;
	}
	return score;
}

/* The best of a chain of the second table, or NULL. */
static struct sock *udp4_lib_lookup2(struct net *net, __be32 saddr, __be16 sport, __be32 daddr,
				     unsigned int hnum, int dif, struct udp_hslot *hslot2)
{
	struct sock *sk, *result = NULL;
	int score, badness = 0;

	udp_portaddr_for_each_entry(sk, &hslot2->head)
	{
		score = compute_score(sk, net, saddr, sport, daddr, hnum, dif);
		if (score > badness) {
			result = sk;
			badness = score;
		}
	}
	return result;
}

/**
 * __udp4_lib_lookup - the socket a datagram is for
 * @net: namespace
 * @saddr: @sport: its sender, network order
 * @daddr: @dport: whom it is for, network order
 * @dif: index of the device it came in by
 * @udptable: UDP's tables
 *
 * Return: the one that matches most exactly, without a reference: it cannot go away while a
 * softirq runs.  NULL.
 */
struct sock *__udp4_lib_lookup(struct net *net, __be32 saddr, __be16 sport, __be32 daddr,
			       __be16 dport, int dif, struct udp_table *udptable)
{
	unsigned short hnum = ntohs(dport);
	struct udp_hslot *hslot = udp_hashslot(udptable, net, hnum);
	struct sock *sk, *result = NULL;
	struct udp_hslot *hslot2;
	int score, badness = 0;

	if (hslot->count > 10) {
		hslot2 = udp_hashslot2(udptable, udp4_portaddr_hash(net, daddr, hnum));
		if (hslot->count >= hslot2->count) {
			result = udp4_lib_lookup2(net, saddr, sport, daddr, hnum, dif, hslot2);
			if (result)
				return result;
			hslot2 = udp_hashslot2(udptable,
					       udp4_portaddr_hash(net, htonl(INADDR_ANY), hnum));
			return udp4_lib_lookup2(net, saddr, sport, daddr, hnum, dif, hslot2);
		}
	}
	sk_for_each(sk, &hslot->head) {
		score = compute_score(sk, net, saddr, sport, daddr, hnum, dif);
		if (score > badness) {
			result = sk;
			badness = score;
		}
	}
	return result;
}

/* ---- the protocol ---- */

/* ---- options ---- */

/*
 * struct proto.setsockopt.  At level SOL_UDP a socket can be corked, or unwrap another protocol's
 * packets, and does neither here: only 0 is taken.  0; -EINVAL, -EFAULT, -ENOPROTOOPT.
 */
static int udp_setsockopt(struct sock *sk, int level, int optname, char __user *optval,
			  unsigned int optlen)
{
	int val;

	if (level != SOL_UDP)
		return ip_setsockopt(sk, level, optname, optval, optlen);
	if (optlen < sizeof(int))
		return -EINVAL;
	if (get_user(val, (int __user *)optval))
		return -EFAULT;
	return (optname == UDP_CORK || optname == UDP_ENCAP) && !val ? 0 : -ENOPROTOOPT;
}

/* struct proto.getsockopt.  0; -EINVAL, -EFAULT, -ENOPROTOOPT. */
static int udp_getsockopt(struct sock *sk, int level, int optname, char __user *optval,
			  int __user *optlen)
{
	int val = 0, len;

	if (level != SOL_UDP)
		return ip_getsockopt(sk, level, optname, optval, optlen);
	if (get_user(len, optlen))
		return -EFAULT;
	len = min_t(unsigned int, len, sizeof(int));
	if (len < 0)
		return -EINVAL;
	if (optname != UDP_CORK && optname != UDP_ENCAP)
		return -ENOPROTOOPT;
	if (put_user(len, optlen) || copy_to_user(optval, &val, (unsigned long)len))
		return -EFAULT;
	return 0;
}

struct proto udp_prot = {
	.name = "UDP",
	.close = udp_lib_close,
	.connect = ip4_datagram_connect,
	.disconnect = udp_disconnect,
	.setsockopt = udp_setsockopt,
	.getsockopt = udp_getsockopt,
	.sendmsg = udp_sendmsg,
	.recvmsg = udp_recvmsg,
	.backlog_rcv = __udp_queue_rcv_skb,
	.release_cb = ip4_datagram_release_cb,
	.hash = udp_lib_hash,
	.unhash = udp_lib_unhash,
	.rehash = udp_v4_rehash,
	.get_port = udp_v4_get_port,
	.obj_size = sizeof(struct udp_sock),
	.obj_name = "udp_sock",
	.h.udp_table = &udp_table,
};

/* The chains of both tables.  The kernel allocates them at boot, in number by the memory it has. */
static struct udp_hslot udp_hash_chains[2][UDP_HTABLE_SIZE_MIN];

/* At boot: empty tables. */
void udp_init(void)
{
	unsigned int i;

	memset(udp_hash_chains, 0, sizeof(udp_hash_chains));
	for (i = 0; i < UDP_HTABLE_SIZE_MIN; i++) {
		spin_lock_init(&udp_hash_chains[0][i].lock);
		spin_lock_init(&udp_hash_chains[1][i].lock);
	}
	udp_table.hash = udp_hash_chains[0];
	udp_table.hash2 = udp_hash_chains[1];
	udp_table.log = ilog2(UDP_HTABLE_SIZE_MIN);
	udp_table.mask = UDP_HTABLE_SIZE_MIN - 1;
}
