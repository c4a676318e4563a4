/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/printk.h>

/*
 * A broken assumption: BUG stops the world (through panic), WARN is counted
 * and logged and goes on. A test reads warn_count and wants it to be 0.
 */
extern unsigned int warn_count;

void __cold warn_slowpath(const char *file, int line, const char *what);

#define BUG() panic("BUG at %s:%d", __FILE__, __LINE__)
#define BUG_ON(cond)                                                             \
	do {                                                                     \
		if (unlikely(cond))                                              \
			panic("BUG_ON(" #cond ") at %s:%d", __FILE__, __LINE__); \
	} while (0)

#define WARN_ON(cond)                                             \
	__extension__({                                           \
		bool __warned = !!(cond);                         \
		if (unlikely(__warned))                           \
			warn_slowpath(__FILE__, __LINE__, #cond); \
		unlikely(__warned);                               \
	})
#define WARN_ON_ONCE(cond)   WARN_ON(cond)
#define WARN(cond, ...)      WARN_ON(cond)
#define WARN_ONCE(cond, ...) WARN_ON(cond)

#endif
