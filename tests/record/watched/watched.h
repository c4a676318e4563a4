/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small program to be watched: one function for everything the recorder must see.  It stands
 * in for core/ and knows nothing of the recorder either.
 */
#ifndef TESTS_RECORD_WATCHED_H
#define TESTS_RECORD_WATCHED_H

#include <stddef.h>
#include <stdint.h>

enum colour { RED, GREEN = 5, BLUE };

enum { TCP_ESTABLISHED = 1, TCP_SYN_SENT, TCP_CLOSE = 7 };
enum { HI_SOFTIRQ, TIMER_SOFTIRQ, NET_TX_SOFTIRQ, NET_RX_SOFTIRQ };

struct list_head {
	struct list_head *next, *prev;
};

struct timer_list {
	void (*function)(unsigned long);
	unsigned long data;
	uint64_t expires;
};

struct sock_common {
	union {
		uint64_t skc_addrpair;
		struct {
			uint32_t skc_daddr;
			uint32_t skc_rcv_saddr;
		};
	};
	uint16_t skc_num;
	volatile unsigned char skc_state;
	unsigned char skc_reuse : 4, skc_reuseport : 1, skc_ipv6only : 1;
	struct list_head skc_node;
};

struct sock {
	struct sock_common __sk_common;
#define sk_daddr     __sk_common.skc_daddr
#define sk_state     __sk_common.skc_state
#define sk_reuse     __sk_common.skc_reuse
#define sk_reuseport __sk_common.skc_reuseport
	int sk_err;
	struct timer_list sk_timer;
};

struct inet_sock {
	struct sock sk;
#define inet_daddr sk.__sk_common.skc_daddr
#define inet_num   sk.__sk_common.skc_num
	uint16_t inet_id;
	char name[8];
};

struct options {
	uint16_t mss;
	uint16_t wscale : 4, sack : 1, tstamp : 1, spare : 10;
};

struct tcp_sock {
	struct inet_sock inet;
	uint32_t snd_nxt, write_seq;
	struct options rx_opt;
	enum colour colour;
	int (*connect)(struct tcp_sock *tp, int seq);
	struct options history[3];
	uint64_t priv[8];
	struct tcp_sock *peer;
};

struct bictcp {
	uint32_t cnt, last_max;
};

struct tcphdr {
	uint16_t source, dest;
	uint32_t seq;
	uint16_t doff : 4, syn : 1, ack : 1, unused : 10;
};

struct skb_cb {
	uint32_t seq, end_seq;
};

struct sk_buff {
	unsigned char *head, *data;
	unsigned int len;
	char cb[48];
	unsigned char cloned : 1, nohdr : 1, peeked : 1;
#define skb_mark_peeked(skb)   __skb_mark(skb, 0)
#define __skb_mark(skb, value) ((skb)->peeked = (value))
#define TCP_SKB_CB(skb)        ((struct skb_cb *)&((skb)->cb[0]))
};

struct bucket {
	struct list_head chain;
	int count;
};

struct task_struct {
	int pid;
	char comm[16];
};

/* What the tests drive; each function is described where it is defined. */
void scenario_stores(void);
void scenario_calls(void);
void scenario_locals(void);
void scenario_bytes(void);
void scenario_helpers(void);
void scenario_tasks(void);
void scenario_points(void);
void scenario_branches(void);
void scenario_everything(void);
void scenario_many(int rounds);
void scenario_crash(void);
struct tcp_sock *scenario_boot(void);
void mistake_write(void);
void mistake_read(void);
void mistake_wild(void);
void mistake_divide(void);
void mistake_call(void);
void mistake_recursion(void);
void watched_reset(void);
uint64_t *watched_clock(void);

extern struct bucket table[64];

/* unwatched.c: the machine under the program */
void *machine_alloc(size_t size);
void machine_reset(void);
void machine_fiber(int which, void (*run)(void));
int machine_valgrind(void);
void machine_switch(int from, int to);

/* tracepoints.c */
void trace_kmem_alloc(const void *ptr, size_t size, const char *type);
void trace_kmem_free(const void *ptr);
void trace_sched_switch(const struct task_struct *prev, const struct task_struct *next);
void trace_sched_sleep(const struct task_struct *task, long timeout);
void trace_sched_wakeup(const struct task_struct *task);
void trace_timer_start(const struct timer_list *timer, uint64_t expires_ns);
void trace_timer_cancel(const struct timer_list *timer);
void trace_timer_expire_entry(const struct timer_list *timer);
void trace_timer_expire_exit(const struct timer_list *timer);
void trace_softirq_entry(unsigned int nr);
void trace_softirq_exit(unsigned int nr);
void trace_net_dev_xmit(const struct sk_buff *skb, const char *dev, const void *data,
			unsigned int len);
void trace_netif_receive_skb(const struct sk_buff *skb, const char *dev, const void *data,
			     unsigned int len);
void trace_kfree_skb(const struct sk_buff *skb, const char *reason);
void trace_inet_sock_set_state(const struct sock *sk, int oldstate, int newstate);

#endif
