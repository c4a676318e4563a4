/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4's state and settings of one network namespace.
 *
 * Settings are set to their defaults by the table in net/ipv4/sysctl_net_ipv4.c, so that the
 * default, the limits and the name of each stand in one place.
 *
 * Origin: include/net/netns/ipv4.h, v4.9.
 */
#ifndef _NETNS_IPV4_H
#define _NETNS_IPV4_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>

struct fib_table;
struct ipv4_devconf;
struct sock;

/**
 * struct local_ports - the range connect(2) picks its own port from
 * @range:  lowest and highest port, host order, both included
 * @warned: somebody was told that both have the same parity
 */
struct local_ports {
	int range[2];
	bool warned;
};

/**
 * struct netns_ipv4 - IPv4 in one namespace
 * @devconf_all:   settings that apply to every device
 * @devconf_dflt:  what a new device starts with
 * @fib_local:     routes to our own addresses; shares the trie of @fib_main until policy rules
 *                 separate them, so that one walk finds either
 * @fib_main:      the routing table
 * @fib_default:   the last resort; NULL unless somebody adds a route to it
 * @fib_table_hash: all tables by number
 * @fib_has_custom_rules: policy routing is in use; never here
 * @fib_num_tclassid_users: next hops with a realm; counted to skip work when 0
 * @icmp_sk:       the kernel's own socket for ICMP messages
 * @tcp_sk:        the kernel's own socket for RSTs and ACKs without a socket
 * @rt_genid:      generation of the routing tables: a cached route with another is expired
 * @dev_addr_genid: generation of our addresses
 */
struct netns_ipv4 {
	struct ipv4_devconf *devconf_all;
	struct ipv4_devconf *devconf_dflt;
	struct fib_table *fib_local;
	struct fib_table *fib_main;
	struct fib_table *fib_default;
	struct hlist_head *fib_table_hash;
	bool fib_has_custom_rules;
	int fib_num_tclassid_users;

	struct sock *icmp_sk;
	struct sock *tcp_sk;

	/* ICMP */
	int sysctl_icmp_echo_ignore_all;
	int sysctl_icmp_echo_ignore_broadcasts;
	int sysctl_icmp_ignore_bogus_error_responses;
	int sysctl_icmp_ratelimit; /* milliseconds between errors to one host */
	int sysctl_icmp_ratemask;  /* bit per ICMP type that is limited */
	int sysctl_icmp_errors_use_inbound_ifaddr;

	struct local_ports ip_local_ports;

	/* IP */
	int sysctl_ip_default_ttl;
	int sysctl_ip_no_pmtu_disc;
	int sysctl_ip_fwd_use_pmtu;
	int sysctl_ip_nonlocal_bind;
	int sysctl_ip_dynaddr;
	int sysctl_ip_early_demux;
	int sysctl_fwmark_reflect;
	int sysctl_tcp_fwmark_accept;

	/* TCP */
	int sysctl_tcp_ecn;
	int sysctl_tcp_ecn_fallback;
	int sysctl_tcp_mtu_probing;
	int sysctl_tcp_base_mss;        /* bytes */
	int sysctl_tcp_probe_threshold; /* bytes */
	u32 sysctl_tcp_probe_interval;  /* seconds */
	int sysctl_tcp_keepalive_time;  /* jiffies */
	int sysctl_tcp_keepalive_probes;
	int sysctl_tcp_keepalive_intvl; /* jiffies */
	int sysctl_tcp_syn_retries;
	int sysctl_tcp_synack_retries;
	int sysctl_tcp_syncookies;
	int sysctl_tcp_reordering;
	int sysctl_tcp_retries1;
	int sysctl_tcp_retries2;
	int sysctl_tcp_orphan_retries;
	int sysctl_tcp_fin_timeout;            /* jiffies */
	unsigned int sysctl_tcp_notsent_lowat; /* bytes */

	/* One bit a port that connect(2) must not pick by itself. */
	unsigned long *sysctl_local_reserved_ports;

	atomic_t dev_addr_genid;
	atomic_t rt_genid;
};

#endif /* _NETNS_IPV4_H */
