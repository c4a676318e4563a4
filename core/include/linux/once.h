/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_ONCE_H
#define _LINUX_ONCE_H

#include <linux/init.h>
#include <linux/random.h>

/* Fills a buffer with random bytes the first time it is reached in a boot (include/linux/once.h). */
#define get_random_once(buf, nbytes)                              \
	do {                                                      \
		static unsigned int ___generation;                \
		if (unlikely(___generation != boot_generation)) { \
			get_random_bytes((buf), (int)(nbytes));   \
			___generation = boot_generation;          \
		}                                                 \
	} while (0)

#endif
