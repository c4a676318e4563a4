/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

/*
 * Spinlocks. With one CPU nobody ever spins: finding a lock taken means that
 * the holder would wait for itself, so it is a panic. The count of held locks
 * is in preempt_count(), and a task that sleeps with one held is caught there.
 */
#include <linux/types.h>
#include <linux/bug.h>
#include <linux/preempt.h>
#include <linux/irqflags.h>
#include <linux/bottom_half.h>

typedef struct spinlock {
	unsigned int locked; /* 1 between spin_lock() and spin_unlock() */
} spinlock_t;

typedef spinlock_t rwlock_t;

#define __SPIN_LOCK_UNLOCKED(name) \
	{                          \
		0                  \
	}
#define __RW_LOCK_UNLOCKED(name) \
	{                        \
		0                \
	}
#define DEFINE_SPINLOCK(x) spinlock_t x = __SPIN_LOCK_UNLOCKED(x)
#define DEFINE_RWLOCK(x)   rwlock_t x = __RW_LOCK_UNLOCKED(x)
#define spin_lock_init(l)  ((l)->locked = 0)
#define rwlock_init(l)     ((l)->locked = 0)

static inline int spin_is_locked(const spinlock_t *lock)
{
	return lock->locked != 0;
}

static inline void spin_lock(spinlock_t *lock)
{
	BUG_ON(lock->locked);
	preempt_disable();
	lock->locked = 1;
}

static inline int spin_trylock(spinlock_t *lock)
{
	if (lock->locked)
		return 0;
	preempt_disable();
	lock->locked = 1;
	return 1;
}

static inline void spin_unlock(spinlock_t *lock)
{
	BUG_ON(!lock->locked);
	lock->locked = 0;
	preempt_enable();
}

static inline void spin_lock_bh(spinlock_t *lock)
{
	local_bh_disable();
	spin_lock(lock);
}

static inline void spin_unlock_bh(spinlock_t *lock)
{
	spin_unlock(lock);
	local_bh_enable();
}

static inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	spin_lock(lock);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	spin_unlock(lock);
	local_irq_enable();
}

#define spin_lock_nested(lock, subclass) spin_lock(lock)
#define spin_lock_irqsave(lock, flags) \
	do {                           \
		local_irq_save(flags); \
		spin_lock(lock);       \
	} while (0)
#define spin_unlock_irqrestore(lock, flags) \
	do {                                \
		spin_unlock(lock);          \
		local_irq_restore(flags);   \
	} while (0)

/* Readers share nothing here that a plain lock would deny them: they never overlap. */
#define read_lock(l)       spin_lock(l)
#define read_unlock(l)     spin_unlock(l)
#define write_lock(l)      spin_lock(l)
#define write_unlock(l)    spin_unlock(l)
#define read_lock_bh(l)    spin_lock_bh(l)
#define read_unlock_bh(l)  spin_unlock_bh(l)
#define write_lock_bh(l)   spin_lock_bh(l)
#define write_unlock_bh(l) spin_unlock_bh(l)

#endif
