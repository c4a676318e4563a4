/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SNMP counters. Every packet that dies on its way, and every turn the protocol takes, counts
 * one of these: they are the first place to look when a connection does not come up.
 *
 * The kernel keeps a copy per CPU, and distinguishes increments that are safe against softirqs
 * (IP_INC_STATS) from those already inside one (__IP_INC_STATS). With one CPU both are plain
 * additions; the two names stay, because they tell the context.
 *
 * Origin: include/net/snmp.h, v4.9.
 */
#ifndef _NET_SNMP_H
#define _NET_SNMP_H

#include <linux/snmp.h>
#include <linux/types.h>

struct ipstats_mib {
	u64 mibs[__IPSTATS_MIB_MAX];
};

struct icmp_mib {
	unsigned long mibs[__ICMP_MIB_MAX];
};

struct icmpmsg_mib {
	unsigned long mibs[__ICMPMSG_MIB_MAX];
};

struct tcp_mib {
	unsigned long mibs[__TCP_MIB_MAX];
};

struct udp_mib {
	unsigned long mibs[__UDP_MIB_MAX];
};

struct linux_mib {
	unsigned long mibs[__LINUX_MIB_MAX];
};

#define SNMP_INC_STATS(mib, field)         ((mib).mibs[field]++)
#define SNMP_DEC_STATS(mib, field)         ((mib).mibs[field]--)
#define SNMP_ADD_STATS(mib, field, addend) ((mib).mibs[field] += (addend))
/* Packets and bytes together: field names IPSTATS_MIB_xxxPKTS and IPSTATS_MIB_xxxOCTETS. */
#define SNMP_UPD_PO_STATS(mib, basefield, addend)          \
	do {                                               \
		(mib).mibs[basefield##PKTS]++;             \
		(mib).mibs[basefield##OCTETS] += (addend); \
	} while (0)

struct net;

/* net/ipv4/proc.c: a counter by the name /proc shows ("TcpActiveOpens", "TcpExtTCPTimeouts"). */
long snmp_get_by_name(const struct net *net, const char *name);

#endif /* _NET_SNMP_H */
