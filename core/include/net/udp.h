/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UDP's tables and operations.
 *
 * Every bound socket is in two tables: by port, and by address and port.  The first decides
 * whether a port is free; the second is for finding the receiver on a port that very many share.
 *
 * Origin: include/net/udp.h.
 */
#ifndef _UDP_H
#define _UDP_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/udp.h>
#include <net/sock.h>

/**
 * struct udp_hslot - one chain
 * @head: its sockets
 * @count: how many
 * @lock: of the chain; the first table's is taken before the second's
 */
struct udp_hslot {
	struct hlist_head head;
	int count;
	spinlock_t lock;
};

/**
 * struct udp_table - where UDP finds its sockets
 * @hash: chains by port
 * @hash2: chains by address and port
 * @mask: chains - 1
 * @log: of the number of chains, base 2
 */
struct udp_table {
	struct udp_hslot *hash;
	struct udp_hslot *hash2;
	unsigned int mask;
	unsigned int log;
};

extern struct udp_table udp_table;
extern struct proto udp_prot;

/* The chain of port @num, host order. */
static inline struct udp_hslot *udp_hashslot(struct udp_table *table, struct net *net,
					     unsigned int num)
{
	return &table->hash[udp_hashfn(net, num, table->mask)];
}

/* The chain of an address and port with this hash. */
static inline struct udp_hslot *udp_hashslot2(struct udp_table *table, unsigned int hash)
{
	return &table->hash2[hash & table->mask];
}

#define UDP_INC_STATS(net, field)   SNMP_INC_STATS((net)->mib.udp_statistics, field)
#define __UDP_INC_STATS(net, field) SNMP_INC_STATS((net)->mib.udp_statistics, field)

/* udp.c: ports and association */
int udp_lib_get_port(struct sock *sk, unsigned short snum,
		     int (*saddr_comp)(const struct sock *sk1, const struct sock *sk2,
				       bool match_wildcard),
		     unsigned int hash2_nulladdr);
int udp_v4_get_port(struct sock *sk, unsigned short snum);
void udp_v4_rehash(struct sock *sk);
void udp_lib_rehash(struct sock *sk, u16 newhash);
void udp_lib_unhash(struct sock *sk);
void udp_lib_close(struct sock *sk, long timeout);
int __udp_disconnect(struct sock *sk, int flags);
int udp_disconnect(struct sock *sk, int flags);
struct sock *__udp4_lib_lookup(struct net *net, __be32 saddr, __be16 sport, __be32 daddr,
			       __be16 dport, int dif, struct udp_table *udptable);
void udp_init(void);

/* udp_data.c: datagrams out and in */
int udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
int udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int noblock, int flags,
		int *addr_len);
int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
int __udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
int udp_rcv(struct sk_buff *skb);
void udp_err(struct sk_buff *skb, u32 info);
unsigned int udp_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait);

/* datagram.c: association of any socket that sends datagrams */
int __ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);
int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);
void ip4_datagram_release_cb(struct sock *sk);

#endif
