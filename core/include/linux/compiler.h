/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

/*
 * Words to the compiler. As in the kernel's linux/compiler.h: hints and
 * annotations that change no meaning. The sparse marks (__user, __force) are
 * empty here and kept because they tell a reader which pointers are foreign.
 */
#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define __user
#define __force
#define __rcu
#define __iomem
#define __init
#define __read_mostly
#define __must_check    __attribute__((__warn_unused_result__))
#define __maybe_unused  __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __packed        __attribute__((__packed__))
#define __aligned(x)    __attribute__((__aligned__(x)))
#define __printf(a, b)  __attribute__((__format__(printf, a, b)))
#define __noreturn      __attribute__((__noreturn__))
#define noinline        __attribute__((__noinline__))
/* Unit tests see the C library's definition first. */
#undef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#define fallthrough     __attribute__((__fallthrough__))
#define __cold          __attribute__((__cold__))

/* The compiler may neither cache nor split these accesses. */
#define READ_ONCE(x)       (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val) (*(volatile __typeof__(x) *)&(x) = (val))
#define ACCESS_ONCE(x)     (*(volatile __typeof__(x) *)&(x))
#define barrier()          __asm__ __volatile__("" : : : "memory")

/* One processor: ordering against other CPUs is ordering of the compiler. */
#define smp_mb()                barrier()
#define smp_rmb()               barrier()
#define smp_wmb()               barrier()
#define smp_store_release(p, v) (*(p) = (v))
#define smp_load_acquire(p)     (*(p))
#define smp_mb__after_atomic()  barrier()

#define ___PASTE(a, b)      a##b
#define __PASTE(a, b)       ___PASTE(a, b)
#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__unique_, prefix), __COUNTER__)

#define BUILD_BUG_ON(cond) _Static_assert(!(cond), "BUILD_BUG_ON: " #cond)

#endif
