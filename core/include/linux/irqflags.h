/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

/*
 * Interrupts of this machine arrive only while it idles, so nothing can break
 * into a section; the state is kept because softirq and the scheduler check it.
 */
#include <linux/types.h>

extern unsigned long irq_disabled_depth;

static inline unsigned long arch_local_irq_save(void)
{
	return irq_disabled_depth++;
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	irq_disabled_depth = flags;
}

#define local_irq_save(flags)    ((flags) = arch_local_irq_save())
#define local_irq_restore(flags) arch_local_irq_restore(flags)
#define local_irq_disable()      ((void)irq_disabled_depth++)
#define local_irq_enable()       ((void)irq_disabled_depth--)
#define irqs_disabled()          (irq_disabled_depth != 0)

#endif
