/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

/*
 * preempt_count() says in which context the CPU is, in the kernel's layout:
 * bits 0-7 spinlocks held, 8-15 softirq (512 for "disabled", 256 for "serving"),
 * 16-19 hard interrupt. A task may sleep only when it is 0.
 */
#include <linux/types.h>

#define PREEMPT_OFFSET         (1UL << 0)
#define SOFTIRQ_OFFSET         (1UL << 8)
#define HARDIRQ_OFFSET         (1UL << 16)
#define SOFTIRQ_DISABLE_OFFSET (2 * SOFTIRQ_OFFSET)
#define PREEMPT_MASK           0x000000ffUL
#define SOFTIRQ_MASK           0x0000ff00UL
#define HARDIRQ_MASK           0x000f0000UL

extern unsigned long __preempt_count;

static inline unsigned long preempt_count(void)
{
	return __preempt_count;
}

static inline void __preempt_count_add(unsigned long val)
{
	__preempt_count += val;
}

static inline void __preempt_count_sub(unsigned long val)
{
	__preempt_count -= val;
}

#define preempt_disable() __preempt_count_add(PREEMPT_OFFSET)
#define preempt_enable()  __preempt_count_sub(PREEMPT_OFFSET)
#define preempt_check_resched() \
	do {                    \
	} while (0)

#define hardirq_count() (preempt_count() & HARDIRQ_MASK)
#define softirq_count() (preempt_count() & SOFTIRQ_MASK)
#define in_irq()        (hardirq_count())
#define in_softirq()    (softirq_count())
/* Serving a softirq, as opposed to merely holding them off. */
#define in_serving_softirq() (softirq_count() & SOFTIRQ_OFFSET)
#define in_interrupt()       (preempt_count() & (HARDIRQ_MASK | SOFTIRQ_MASK))
#define in_atomic()          (preempt_count() != 0)

#endif
