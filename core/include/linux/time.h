/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TIME_H
#define _LINUX_TIME_H

#include <linux/types.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>

struct timeval {
	long tv_sec;  /* seconds */
	long tv_usec; /* microseconds, 0..999999 */
};

struct timespec {
	long tv_sec;
	long tv_nsec;
};

#endif
