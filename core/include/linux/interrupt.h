/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_INTERRUPT_H
#define _LINUX_INTERRUPT_H

/* Softirqs: work that an interrupt put off, in the kernel's order of numbers (include/linux/interrupt.h). */
#include <linux/types.h>
#include <linux/preempt.h>
#include <linux/irqflags.h>
#include <linux/bottom_half.h>

enum {
	HI_SOFTIRQ = 0,
	TIMER_SOFTIRQ,
	NET_TX_SOFTIRQ,
	NET_RX_SOFTIRQ,
	BLOCK_SOFTIRQ,
	IRQ_POLL_SOFTIRQ,
	TASKLET_SOFTIRQ,
	SCHED_SOFTIRQ,
	HRTIMER_SOFTIRQ,
	RCU_SOFTIRQ,
	NR_SOFTIRQS
};

struct softirq_action {
	void (*action)(struct softirq_action *);
};

extern unsigned int __softirq_pending;

#define local_softirq_pending() (__softirq_pending)
#define set_softirq_pending(x)  (__softirq_pending = (x))
#define or_softirq_pending(x)   (__softirq_pending |= (x))

void open_softirq(int nr, void (*action)(struct softirq_action *));
void raise_softirq(unsigned int nr);
void raise_softirq_irqoff(unsigned int nr);
void __raise_softirq_irqoff(unsigned int nr);
void do_softirq(void);
void __do_softirq(void);
/* The frame of a hard interrupt; leaving the last one runs the pending softirqs. */
void irq_enter(void);
void irq_exit(void);
void softirq_init(void);

#endif
