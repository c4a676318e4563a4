/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TIMEKEEPING_H
#define _LINUX_TIMEKEEPING_H

/*
 * The one clock of the core (core/kernel/time/timekeeping.c). In virtual mode it
 * stands still while anything runs and jumps when the machine idles; in wall
 * mode it follows the host's monotonic clock. Everything else asks here.
 */
#include <linux/ktime.h>

/* Time since boot. In wall mode this also brings jiffies up to date. */
ktime_t ktime_get(void);
ktime_t ktime_get_real(void);
/* The same in nanoseconds, as the scheduler's clock. */
u64 local_clock(void);
/* Seconds of the calendar (CLOCK_REALTIME); in virtual mode a fixed date plus the time since boot. */
unsigned long get_seconds(void);

/* Nanoseconds since boot as last read; the runner sees it through core_clock(). */
extern volatile uint64_t clock_ns;

void timekeeping_init(int wall, u32 ticks, u64 real_ns);
bool timekeeping_is_wall(void);
/* Virtual mode only: moves the clock forward to @ns since boot. */
void timekeeping_jump(u64 ns);
/* Brings clock and jiffies up to date with the clock source. */
void tick_do_update_jiffies64(void);

#endif
