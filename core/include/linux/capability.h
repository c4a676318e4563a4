/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_CAPABILITY_H
#define _LINUX_CAPABILITY_H

#include <linux/security.h>
#include <linux/types.h>

/* Every task of the core is privileged, unless a security module denies it. */
#define CAP_NET_BIND_SERVICE 10
#define CAP_NET_ADMIN        12
#define CAP_NET_RAW          13

struct user_namespace;

static inline bool capable(int cap)
{
	return security_capable(cap) == 0;
}

static inline bool ns_capable(struct user_namespace *ns, int cap)
{
	(void)ns;
	return capable(cap);
}

#endif
