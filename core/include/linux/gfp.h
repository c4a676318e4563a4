/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

/*
 * How an allocation may behave. Nothing sleeps for memory here; the flags are
 * carried for their meaning (who may wait, who must not) and for zeroing.
 */
#include <linux/types.h>

#define __GFP_HIGH           0x20u /* may use the reserve */
#define __GFP_IO             0x40u
#define __GFP_FS             0x80u
#define __GFP_NOWARN         0x200u /* a failure is expected, do not log it */
#define __GFP_MEMALLOC       0x2000u
#define __GFP_COMP           0x4000u
#define __GFP_ZERO           0x8000u /* hand out zeroed memory */
#define __GFP_NOMEMALLOC     0x10000u
#define __GFP_ATOMIC         0x80000u  /* the caller cannot sleep */
#define __GFP_DIRECT_RECLAIM 0x400000u /* the caller may sleep for memory */
#define __GFP_KSWAPD_RECLAIM 0x2000000u
#define __GFP_RECLAIM        (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)

#define GFP_ATOMIC (__GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM)
#define GFP_USER   GFP_KERNEL

static inline bool gfpflags_allow_blocking(const gfp_t gfp_flags)
{
	return !!(gfp_flags & __GFP_DIRECT_RECLAIM);
}

#endif
