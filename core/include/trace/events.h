/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
#ifndef _TRACE_EVENTS_H
#define _TRACE_EVENTS_H

/*
 * The explicit tracepoints: what a compiler cannot know. Each is an empty
 * function in core/kernel/tracepoint.c; a watcher recognises the call by the
 * function's name and reads the arguments by the parameters' names. Everything
 * else (calls, stores, comparisons) is seen without a word in the core.
 */
#include <linux/types.h>

struct task_struct;
struct timer_list;
struct sk_buff;
struct sock;

/* @type: DWARF name of the struct ("tcp_sock"), "" for bytes. mm/slab.c only. */
void trace_kmem_alloc(const void *ptr, size_t size, const char *type);
void trace_kmem_free(const void *ptr);
/* The last thing before the stacks change. */
void trace_sched_switch(const struct task_struct *prev, const struct task_struct *next);
/* @task goes to sleep; @timeout in jiffies, MAX_SCHEDULE_TIMEOUT for ever. */
void trace_sched_sleep(const struct task_struct *task, long timeout);
void trace_sched_wakeup(const struct task_struct *task);
/* @expires_ns: nanoseconds since boot. */
void trace_timer_start(const struct timer_list *timer, u64 expires_ns);
void trace_timer_cancel(const struct timer_list *timer);
void trace_timer_expire_entry(const struct timer_list *timer);
void trace_timer_expire_exit(const struct timer_list *timer);
void trace_softirq_entry(unsigned int nr);
void trace_softirq_exit(unsigned int nr);
/* A frame leaves towards the driver: @data and @len are the whole of it, Ethernet header first. */
void trace_net_dev_xmit(const struct sk_buff *skb, const char *dev, const void *data,
			unsigned int len);
/* A frame came in, Ethernet header first. */
void trace_netif_receive_skb(const struct sk_buff *skb, const char *dev, const void *data,
			     unsigned int len);
/* A packet is dropped; @reason from net/dropreason.h. */
void trace_kfree_skb(const struct sk_buff *skb, const char *reason);
void trace_inet_sock_set_state(const struct sock *sk, int oldstate, int newstate);

#endif
