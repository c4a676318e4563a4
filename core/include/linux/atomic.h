/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

/*
 * Counters shared between contexts. One CPU and no preemption: every statement
 * is already indivisible against softirq and other tasks, so these are plain
 * arithmetic under the kernel's names. What matters for the story is where they
 * stand: reference counts and memory accounts.
 */
#include <linux/types.h>

#define ATOMIC_INIT(i) \
	{              \
		(i)    \
	}

static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

static inline void atomic_set(atomic_t *v, int i)
{
	v->counter = i;
}

static inline void atomic_add(int i, atomic_t *v)
{
	v->counter += i;
}

static inline void atomic_sub(int i, atomic_t *v)
{
	v->counter -= i;
}

static inline void atomic_inc(atomic_t *v)
{
	v->counter++;
}

static inline void atomic_dec(atomic_t *v)
{
	v->counter--;
}

static inline int atomic_add_return(int i, atomic_t *v)
{
	v->counter += i;
	return v->counter;
}

static inline int atomic_sub_return(int i, atomic_t *v)
{
	v->counter -= i;
	return v->counter;
}

static inline int atomic_inc_return(atomic_t *v)
{
	return ++v->counter;
}

static inline int atomic_dec_return(atomic_t *v)
{
	return --v->counter;
}

static inline bool atomic_dec_and_test(atomic_t *v)
{
	return --v->counter == 0;
}

static inline bool atomic_inc_and_test(atomic_t *v)
{
	return ++v->counter == 0;
}

static inline bool atomic_sub_and_test(int i, atomic_t *v)
{
	v->counter -= i;
	return v->counter == 0;
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	int was = v->counter;

	if (was == old)
		v->counter = new;
	return was;
}

static inline int atomic_xchg(atomic_t *v, int new)
{
	int was = v->counter;

	v->counter = new;
	return was;
}

/* Adds unless the value is @u; true when it added. */
static inline int atomic_add_unless(atomic_t *v, int a, int u)
{
	if (v->counter == u)
		return 0;
	v->counter += a;
	return 1;
}

/* Takes a reference unless the count is 0 already, when the object is on its way out. */
static inline int atomic_inc_not_zero(atomic_t *v)
{
	return atomic_add_unless(v, 1, 0);
}

static inline long atomic_long_read(const atomic_long_t *v)
{
	return v->counter;
}

static inline void atomic_long_set(atomic_long_t *v, long i)
{
	v->counter = i;
}

static inline void atomic_long_inc(atomic_long_t *v)
{
	v->counter++;
}

static inline void atomic_long_add(long i, atomic_long_t *v)
{
	v->counter += i;
}

static inline void atomic_long_sub(long i, atomic_long_t *v)
{
	v->counter -= i;
}

static inline long atomic_long_add_return(long i, atomic_long_t *v)
{
	v->counter += i;
	return v->counter;
}

#define cmpxchg(ptr, o, n)                         \
	__extension__({                            \
		__typeof__(*(ptr)) __was = *(ptr); \
		if (__was == (o))                  \
			*(ptr) = (n);              \
		__was;                             \
	})
#define xchg(ptr, n)                               \
	__extension__({                            \
		__typeof__(*(ptr)) __was = *(ptr); \
		*(ptr) = (n);                      \
		__was;                             \
	})

#endif
