/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

/* Small arithmetic that every file uses (include/linux/kernel.h). */
#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/errno.h>
#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/byteorder.h>
#include <linux/log2.h>

#define ARRAY_SIZE(arr)    (sizeof(arr) / sizeof((arr)[0]))
#define ALIGN(x, a)        (((x) + ((__typeof__(x))(a)-1)) & ~((__typeof__(x))(a)-1))
#define IS_ALIGNED(x, a)   (((x) & ((__typeof__(x))(a)-1)) == 0)
#define DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))
#define round_down(x, y)   ((x) & ~((__typeof__(x))((y)-1)))
#define round_up(x, y)     ((((x)-1) | ((__typeof__(x))((y)-1))) + 1)

#define U8_MAX    ((u8)~0U)
#define U16_MAX   ((u16)~0U)
#define U32_MAX   ((u32)~0U)
#define S32_MAX   ((s32)(U32_MAX >> 1))
#define U64_MAX   ((u64)~0ULL)
#define INT_MAX   ((int)(~0U >> 1))
#define INT_MIN   (-INT_MAX - 1)
#define UINT_MAX  (~0U)
#define LONG_MAX  ((long)(~0UL >> 1))
#define ULONG_MAX (~0UL)

/* The structure that holds @ptr as its @member. */
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/*
 * min/max evaluate each side once and refuse sides of two types, where a
 * hidden conversion would turn -1 into the largest value; min_t names the type.
 */
#define __cmp_op(t1, t2, a, b, x, y, op)  \
	__extension__({                   \
		t1 a = (x);               \
		t2 b = (y);               \
		(void)(&a == (void *)&b); \
		a op b ? a : b;           \
	})
#define __cmp_checked(x, y, a, b, op)  \
	__extension__({                \
		__typeof__(x) a = (x); \
		__typeof__(y) b = (y); \
		(void)(&a == &b);      \
		a op b ? a : b;        \
	})
#define min(x, y)                  __cmp_checked(x, y, __UNIQUE_ID(a), __UNIQUE_ID(b), <)
#define max(x, y)                  __cmp_checked(x, y, __UNIQUE_ID(a), __UNIQUE_ID(b), >)
#define min_t(type, x, y)          __cmp_op(type, type, __UNIQUE_ID(a), __UNIQUE_ID(b), x, y, <)
#define max_t(type, x, y)          __cmp_op(type, type, __UNIQUE_ID(a), __UNIQUE_ID(b), x, y, >)
#define min3(x, y, z)              min((__typeof__(x))min(x, y), z)
#define max3(x, y, z)              max((__typeof__(x))max(x, y), z)
#define clamp(val, lo, hi)         min((__typeof__(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define swap(a, b)                         \
	do {                               \
		__typeof__(a) __tmp = (a); \
		(a) = (b);                 \
		(b) = __tmp;               \
	} while (0)
#define abs(x)                           \
	__extension__({                  \
		__typeof__(x) __x = (x); \
		__x < 0 ? -__x : __x;    \
	})

/* Maps a 32-bit random value onto [0, ep_ro) without a division's bias to the low end. */
static inline u32 reciprocal_scale(u32 val, u32 ep_ro)
{
	return (u32)(((u64)val * ep_ro) >> 32);
}

/* A place where a long loop lets others run: sched.h; here only a mark. */
#define might_sleep() might_sleep_check(__FILE__, __LINE__)
void might_sleep_check(const char *file, int line);

/* Parses an integer in @base (0: guess by prefix); 0, -EINVAL or -ERANGE (lib/kstrtox.c). */
int kstrtol(const char *s, unsigned int base, long *res);
int kstrtoint(const char *s, unsigned int base, int *res);

#endif
