/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Softirqs (kernel/softirq.c): work that must not be done in a hard interrupt,
 * but soon after. An interrupt raises a bit; the bits are served when the
 * interrupt ends, or at the last local_bh_enable() of whoever held them off.
 *
 * That second place is where a surprising depth of call comes from: a task in
 * connect() sends its SYN, drops the last bh-disable in ip_finish_output2(), and
 * there, still inside tcp_transmit_skb(), may receive the answer.
 */
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/bitops.h>
#include <trace/events.h>

/* A round may raise softirqs again; so many rounds are served at once, then others go first. */
#define MAX_SOFTIRQ_RESTART 10

unsigned int __softirq_pending;
static struct softirq_action softirq_vec[NR_SOFTIRQS];

void __local_bh_disable_ip(unsigned long ip, unsigned int cnt)
{
	(void)ip;
	__preempt_count_add(cnt);
}

void local_bh_disable(void)
{
	__local_bh_disable_ip(0, SOFTIRQ_DISABLE_OFFSET);
}

void _local_bh_enable(void)
{
	__preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
}

/*
 * __local_bh_enable_ip - the counterpart; the outermost one serves what waits
 * All but one of the count is dropped first: preemption stays off while the
 * softirqs run, and "in a softirq" is false, so that they may.
 */
void __local_bh_enable_ip(unsigned long ip, unsigned int cnt)
{
	(void)ip;
	WARN_ON_ONCE(in_irq() || irqs_disabled());
	__preempt_count_sub(cnt - 1);
	if (unlikely(!in_interrupt() && local_softirq_pending()))
		do_softirq();
	__preempt_count_sub(1);
}

void local_bh_enable(void)
{
	__local_bh_enable_ip(0, SOFTIRQ_DISABLE_OFFSET);
}

/* Serves pending softirqs, unless this is inside of one, or of an interrupt, already. */
void do_softirq(void)
{
	if (in_interrupt())
		return;
	if (local_softirq_pending())
		__do_softirq();
}

static void handle_softirqs(unsigned int pending)
{
	unsigned int nr;

	while (pending) {
		nr = (unsigned int)__ffs(pending);
		pending &= pending - 1;
		trace_softirq_entry(nr);
		softirq_vec[nr].action(&softirq_vec[nr]);
		trace_softirq_exit(nr);
	}
}

/*
 * Serves in order of number, lowest first. What is raised meanwhile is served
 * in another round; after MAX_SOFTIRQ_RESTART rounds the rest waits for the next
 * opportunity (the kernel wakes ksoftirqd; here the idle task looks after it).
 */
void __do_softirq(void)
{
	int max_restart = MAX_SOFTIRQ_RESTART;
	unsigned int pending = local_softirq_pending();

	__local_bh_disable_ip(0, SOFTIRQ_OFFSET);
	do {
		set_softirq_pending(0);
		handle_softirqs(pending);
		pending = local_softirq_pending();
	} while (pending && --max_restart);
	__preempt_count_sub(SOFTIRQ_OFFSET);
}

void irq_enter(void)
{
	__preempt_count_add(HARDIRQ_OFFSET);
}

/* The interrupt is over: if it broke into nothing that holds softirqs off, they run now. */
void irq_exit(void)
{
	__preempt_count_sub(HARDIRQ_OFFSET);
	if (!in_interrupt() && local_softirq_pending())
		__do_softirq();
}

void __raise_softirq_irqoff(unsigned int nr)
{
	or_softirq_pending(1U << nr);
}

/*
 * Outside of an interrupt nobody is about to serve the softirq; the kernel wakes
 * ksoftirqd, here the idle task looks after it before it sleeps.
 */
void raise_softirq_irqoff(unsigned int nr)
{
	__raise_softirq_irqoff(nr);
}

void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}

void open_softirq(int nr, void (*action)(struct softirq_action *))
{
	softirq_vec[nr].action = action;
}

void softirq_init(void)
{
	__softirq_pending = 0;
}
