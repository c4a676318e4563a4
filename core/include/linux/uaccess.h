/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

/*
 * The border between a task's memory and the kernel's. User memory is one arena
 * of the current world (core/mm/usercopy.c); whatever does not lie wholly in a
 * piece handed out by core_user_alloc() is a bad address, never a crash.
 */
#include <linux/types.h>
#include <linux/errno.h>

/* Nonzero when all of [addr, addr+size) is user memory. */
int __access_ok(const void __user *addr, unsigned long size);
#define VERIFY_READ                 0
#define VERIFY_WRITE                1
#define access_ok(type, addr, size) __access_ok((const void __user *)(addr), (size))

/* Both return the number of bytes NOT copied: 0 is success, the caller says -EFAULT. */
unsigned long __must_check copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long __must_check copy_to_user(void __user *to, const void *from, unsigned long n);

/* One value in or out; 0 or -EFAULT. */
#define get_user(x, ptr) (copy_from_user(&(x), (ptr), sizeof(*(ptr))) ? -EFAULT : 0)
#define put_user(x, ptr)                                                        \
	__extension__({                                                         \
		__typeof__(*(ptr)) __pu_val = (__typeof__(*(ptr)))(x);          \
		copy_to_user((ptr), &__pu_val, sizeof(__pu_val)) ? -EFAULT : 0; \
	})

void user_memory_init(void);
void user_memory_exit(void);
void *user_memory_alloc(size_t size);

#endif
