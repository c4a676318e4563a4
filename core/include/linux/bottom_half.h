/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BOTTOM_HALF_H
#define _LINUX_BOTTOM_HALF_H

#include <linux/preempt.h>

/*
 * Holds softirqs off: between the two, no packet is received and no timer runs
 * in this context. The last enable runs what became pending meanwhile, which is
 * how a reply can be handled "inside" the function that sent the question.
 */
void local_bh_disable(void);
void local_bh_enable(void);
void __local_bh_disable_ip(unsigned long ip, unsigned int cnt);
void __local_bh_enable_ip(unsigned long ip, unsigned int cnt);
/* Lifts the hold without running anything: for those inside a softirq already. */
void _local_bh_enable(void);

#endif
