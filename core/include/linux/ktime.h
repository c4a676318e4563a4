/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

/* Time in nanoseconds since boot, wrapped as v4.9 has it: a union with one member. */
#include <linux/types.h>

union ktime {
	s64 tv64; /* nanoseconds */
};
typedef union ktime ktime_t;

#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_SEC  1000000000L
#define USEC_PER_MSEC 1000L
#define USEC_PER_SEC  1000000L
#define MSEC_PER_SEC  1000L

static inline s64 ktime_to_ns(const ktime_t kt)
{
	return kt.tv64;
}

static inline s64 ktime_to_us(const ktime_t kt)
{
	return kt.tv64 / NSEC_PER_USEC;
}

static inline s64 ktime_to_ms(const ktime_t kt)
{
	return kt.tv64 / NSEC_PER_MSEC;
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return (ktime_t){ .tv64 = (s64)ns };
}

static inline ktime_t ktime_sub(ktime_t lhs, ktime_t rhs)
{
	return (ktime_t){ .tv64 = lhs.tv64 - rhs.tv64 };
}

static inline ktime_t ktime_add_ns(ktime_t kt, u64 ns)
{
	return (ktime_t){ .tv64 = kt.tv64 + (s64)ns };
}

#include <linux/timekeeping.h>

#endif
