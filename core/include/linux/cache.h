/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_CACHE_H
#define _LINUX_CACHE_H

#include <linux/slab.h>

#define ____cacheline_aligned_in_smp
#define ____cacheline_aligned

#endif
