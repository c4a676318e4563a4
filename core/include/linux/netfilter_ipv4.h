/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_NETFILTER_IPV4_H
#define _LINUX_NETFILTER_IPV4_H

#include <linux/netfilter.h>

#define NF_IP_PRI_FILTER 0

#endif
