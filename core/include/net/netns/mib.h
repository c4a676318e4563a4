/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters of one network namespace. Origin: include/net/netns/mib.h, v4.9. */
#ifndef _NETNS_MIB_H
#define _NETNS_MIB_H

#include <net/snmp.h>

struct netns_mib {
	struct tcp_mib tcp_statistics;
	struct ipstats_mib ip_statistics;
	struct linux_mib net_statistics;
	struct udp_mib udp_statistics;
	struct icmp_mib icmp_statistics;
	struct icmpmsg_mib icmpmsg_statistics;
};

#endif /* _NETNS_MIB_H */
