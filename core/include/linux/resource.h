/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_RESOURCE_H
#define _LINUX_RESOURCE_H

/*
 * Limits of a task (include/uapi/linux/resource.h, include/linux/sched.h): here one, the number of
 * descriptors. A child has its parent's.
 */
#include <linux/sched.h>

#define RLIMIT_NOFILE 7

struct rlimit {
	unsigned long rlim_cur;
	unsigned long rlim_max;
};

/* The limit in force for the running task. */
static inline unsigned long rlimit(unsigned int limit)
{
	return limit == RLIMIT_NOFILE ? current->rlim_nofile : ~0UL;
}

#endif
