/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/*
 * The explicit tracepoints. Their bodies are empty on purpose: whoever watches
 * sees the call, and the arguments in the callee's frame. noinline keeps them
 * calls in the optimised build as well, where nobody watches and an empty call
 * costs a nanosecond. weak, so that a test may listen by a function of the same name.
 */
#include <trace/events.h>

#define DEFINE_TRACEPOINT(name, ...)                                  \
	noinline __attribute__((weak)) void trace_##name(__VA_ARGS__) \
	{                                                             \
		barrier();                                            \
	}

DEFINE_TRACEPOINT(kmem_alloc, const void *ptr, size_t size, const char *type)
DEFINE_TRACEPOINT(kmem_free, const void *ptr)
DEFINE_TRACEPOINT(sched_switch, const struct task_struct *prev, const struct task_struct *next)
DEFINE_TRACEPOINT(sched_sleep, const struct task_struct *task, long timeout)
DEFINE_TRACEPOINT(sched_wakeup, const struct task_struct *task)
DEFINE_TRACEPOINT(timer_start, const struct timer_list *timer, u64 expires_ns)
DEFINE_TRACEPOINT(timer_cancel, const struct timer_list *timer)
DEFINE_TRACEPOINT(timer_expire_entry, const struct timer_list *timer)
DEFINE_TRACEPOINT(timer_expire_exit, const struct timer_list *timer)
DEFINE_TRACEPOINT(softirq_entry, unsigned int nr)
DEFINE_TRACEPOINT(softirq_exit, unsigned int nr)
DEFINE_TRACEPOINT(net_dev_xmit, const struct sk_buff *skb, const char *dev, const void *data,
		  unsigned int len)
DEFINE_TRACEPOINT(netif_receive_skb, const struct sk_buff *skb, const char *dev, const void *data,
		  unsigned int len)
DEFINE_TRACEPOINT(kfree_skb, const struct sk_buff *skb, const char *reason)
DEFINE_TRACEPOINT(inet_sock_set_state, const struct sock *sk, int oldstate, int newstate)
