/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracepoints of the watched program: empty, known to the recorder by name. */
#include "watched.h"

void trace_kmem_alloc(const void *ptr, size_t size, const char *type)
{
}

void trace_kmem_free(const void *ptr)
{
}

void trace_sched_switch(const struct task_struct *prev, const struct task_struct *next)
{
}

void trace_sched_sleep(const struct task_struct *task, long timeout)
{
}

void trace_sched_wakeup(const struct task_struct *task)
{
}

void trace_timer_start(const struct timer_list *timer, uint64_t expires_ns)
{
}

void trace_timer_cancel(const struct timer_list *timer)
{
}

void trace_timer_expire_entry(const struct timer_list *timer)
{
}

void trace_timer_expire_exit(const struct timer_list *timer)
{
}

void trace_softirq_entry(unsigned int nr)
{
}

void trace_softirq_exit(unsigned int nr)
{
}

void trace_net_dev_xmit(const struct sk_buff *skb, const char *dev, const void *data,
			unsigned int len)
{
}

void trace_netif_receive_skb(const struct sk_buff *skb, const char *dev, const void *data,
			     unsigned int len)
{
}

void trace_kfree_skb(const struct sk_buff *skb, const char *reason)
{
}

void trace_inet_sock_set_state(const struct sock *sk, int oldstate, int newstate)
{
}
