/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NET_PKT_SCHED_H
#define _NET_PKT_SCHED_H

#include <net/sch_generic.h>

#endif
