/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_RCULIST_NULLS_H
#define _LINUX_RCULIST_NULLS_H

/* No RCU here: the _rcu names stand in linux/list_nulls.h. */
#include <linux/list_nulls.h>

#endif
