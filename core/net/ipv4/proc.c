/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counters by name, as /proc/net/snmp and /proc/net/netstat show them.
 *
 * A name is its group's and its own put together: "Tcp" + "ActiveOpens". The names stand beside
 * the counters' indices in include/linux/snmp.h. Origin: net/ipv4/proc.c, v4.9.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/snmp.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/snmp.h>

/* A counter's place in its group. */
struct snmp_mib {
	const char *name;
	int entry;
};

#define SNMP_ITEM_IPSTATS(n, s) { s, IPSTATS_MIB_##n },
#define SNMP_ITEM_ICMP(n, s)    { s, ICMP_MIB_##n },
#define SNMP_ITEM_TCP(n, s)     { s, TCP_MIB_##n },
#define SNMP_ITEM_UDP(n, s)     { s, UDP_MIB_##n },
#define SNMP_ITEM_LINUX(n, s)   { s, LINUX_MIB_##n },

static const struct snmp_mib snmp4_ipstats_list[] = { IPSTATS_MIB_LIST(SNMP_ITEM_IPSTATS) };
static const struct snmp_mib snmp4_icmp_list[] = { ICMP_MIB_LIST(SNMP_ITEM_ICMP) };
static const struct snmp_mib snmp4_tcp_list[] = { TCP_MIB_LIST(SNMP_ITEM_TCP) };
static const struct snmp_mib snmp4_udp_list[] = { UDP_MIB_LIST(SNMP_ITEM_UDP) };
static const struct snmp_mib snmp4_net_list[] = { LINUX_MIB_LIST(SNMP_ITEM_LINUX) };

/*
 * The groups; a longer prefix stands before one it begins with. All counters are 8 bytes wide, so
 * that a group is an array at an offset in struct netns_mib.
 */
static const struct snmp_group {
	const char *prefix;
	const struct snmp_mib *list;
	size_t len;
	size_t offset;
} snmp_groups[] = {
	{ "TcpExt", snmp4_net_list, ARRAY_SIZE(snmp4_net_list),
	  offsetof(struct netns_mib, net_statistics) },
	{ "Tcp", snmp4_tcp_list, ARRAY_SIZE(snmp4_tcp_list),
	  offsetof(struct netns_mib, tcp_statistics) },
	{ "Udp", snmp4_udp_list, ARRAY_SIZE(snmp4_udp_list),
	  offsetof(struct netns_mib, udp_statistics) },
	{ "Icmp", snmp4_icmp_list, ARRAY_SIZE(snmp4_icmp_list),
	  offsetof(struct netns_mib, icmp_statistics) },
	{ "IpExt", snmp4_ipstats_list, ARRAY_SIZE(snmp4_ipstats_list),
	  offsetof(struct netns_mib, ip_statistics) },
	{ "Ip", snmp4_ipstats_list, ARRAY_SIZE(snmp4_ipstats_list),
	  offsetof(struct netns_mib, ip_statistics) },
};

/* The counter @name ("ActiveOpens") of a group, or -1. */
static long snmp_group_get(const struct net *net, const struct snmp_group *g, const char *name)
{
	const unsigned long *mibs = (const unsigned long *)((const char *)&net->mib + g->offset);
	size_t i;

	for (i = 0; i < g->len; i++) {
		if (strcmp(g->list[i].name, name) == 0)
			return (long)mibs[g->list[i].entry];
	}
	return -1;
}

/**
 * snmp_get_by_name() - a counter by the name the outside knows
 * @net: namespace
 * @name: "TcpActiveOpens", "IpInHdrErrors", "TcpExtTCPTimeouts" ...
 *
 * Return: its value; -ENOENT if there is none of that name.
 */
long snmp_get_by_name(const struct net *net, const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(snmp_groups); i++) {
		size_t n = strlen(snmp_groups[i].prefix);
		long val;

		if (strncmp(name, snmp_groups[i].prefix, n) != 0)
			continue;
		val = snmp_group_get(net, &snmp_groups[i], name + n);
		if (val >= 0)
			return val;
	}
	return -ENOENT;
}
