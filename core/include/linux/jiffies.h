/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

/*
 * The tick counter, HZ a second. It starts five minutes before its 32-bit
 * wrap, as in the kernel, so that code which compares it carelessly fails
 * early: always compare with time_after() and friends.
 */
#include <linux/types.h>
#include <linux/ktime.h>

#define HZ               1000
#define USER_HZ          100
#define INITIAL_JIFFIES  ((unsigned long)(unsigned int)(-300 * HZ))
#define MAX_JIFFY_OFFSET ((LONG_MAX >> 1) - 1)
#define TICK_NSEC        (NSEC_PER_SEC / HZ)

extern unsigned long volatile jiffies;
extern unsigned long jiffies_at_boot;

#define time_after(a, b)       ((long)((b) - (a)) < 0)
#define time_before(a, b)      time_after(b, a)
#define time_after_eq(a, b)    ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b)   time_after_eq(b, a)
#define time_in_range(a, b, c) (time_after_eq(a, b) && time_before_eq(a, c))

static inline unsigned int jiffies_to_msecs(const unsigned long j)
{
	return (unsigned int)(j * (MSEC_PER_SEC / HZ));
}

static inline unsigned int jiffies_to_usecs(const unsigned long j)
{
	return (unsigned int)(j * (USEC_PER_SEC / HZ));
}

static inline unsigned long msecs_to_jiffies(const unsigned int m)
{
	return (unsigned long)m * (HZ / MSEC_PER_SEC);
}

/* Rounds up: a wait is never shorter than asked for. */
static inline unsigned long usecs_to_jiffies(const unsigned int u)
{
	return ((unsigned long)u + (USEC_PER_SEC / HZ) - 1) / (USEC_PER_SEC / HZ);
}

static inline unsigned long nsecs_to_jiffies(u64 n)
{
	return (unsigned long)(n / TICK_NSEC);
}

static inline unsigned long jiffies_to_clock_t(unsigned long x)
{
	return x / (HZ / USER_HZ);
}

/* Nanoseconds since boot at which the tick @j happens. */
static inline u64 jiffies_to_boot_ns(unsigned long j)
{
	return (u64)(j - jiffies_at_boot) * TICK_NSEC;
}

#include <linux/kernel.h>

#endif
