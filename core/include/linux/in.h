/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4 addresses, protocol numbers and IP-level socket options.
 *
 * Origin: include/uapi/linux/in.h, include/linux/in.h.
 */
#ifndef _LINUX_IN_H
#define _LINUX_IN_H

#include <linux/socket.h>
#include <linux/types.h>
#include <linux/byteorder.h>

enum {
	IPPROTO_IP = 0,
	IPPROTO_ICMP = 1,
	IPPROTO_IGMP = 2,
	IPPROTO_IPIP = 4,
	IPPROTO_TCP = 6,
	IPPROTO_UDP = 17,
	IPPROTO_ESP = 50,
	IPPROTO_AH = 51,
	IPPROTO_RAW = 255,
	IPPROTO_MAX
};

struct in_addr {
	__be32 s_addr;
};

/* An IPv4 end point.  Port and address travel in network byte order, as on the wire. */
struct sockaddr_in {
	__kernel_sa_family_t sin_family; /* AF_INET, host order */
	__be16 sin_port;
	struct in_addr sin_addr;
	unsigned char __pad[8];
};

/* IP_MULTICAST_IF: where multicasts go out, by a device's number or by an address of its. */
struct ip_mreqn {
	struct in_addr imr_multiaddr;
	struct in_addr imr_address;
	int imr_ifindex;
};

/* The older form of it, without a number. */
struct ip_mreq {
	struct in_addr imr_multiaddr;
	struct in_addr imr_interface;
};

#define INADDR_ANY       ((__u32)0x00000000)
#define INADDR_BROADCAST ((__u32)0xffffffff)
#define INADDR_NONE      ((__u32)0xffffffff)
#define INADDR_LOOPBACK  ((__u32)0x7f000001)

/* setsockopt(2) at level SOL_IP */
#define IP_TOS                  1
#define IP_TTL                  2
#define IP_HDRINCL              3
#define IP_OPTIONS              4
#define IP_ROUTER_ALERT         5
#define IP_RECVOPTS             6
#define IP_RETOPTS              7
#define IP_PKTINFO              8
#define IP_MTU_DISCOVER         10
#define IP_RECVERR              11
#define IP_RECVTTL              12
#define IP_RECVTOS              13
#define IP_MTU                  14
#define IP_FREEBIND             15
#define IP_PASSSEC              18
#define IP_TRANSPARENT          19
#define IP_RECVORIGDSTADDR      20
#define IP_MINTTL               21
#define IP_NODEFRAG             22
#define IP_CHECKSUM             23
#define IP_BIND_ADDRESS_NO_PORT 24
#define IP_MULTICAST_IF         32
#define IP_MULTICAST_TTL        33
#define IP_MULTICAST_LOOP       34
#define IP_MULTICAST_ALL        49
#define IP_UNICAST_IF           50

/* inet_sock.pmtudisc: what to do about packets larger than the path carries */
#define IP_PMTUDISC_DONT      0 /* fragment, never set DF */
#define IP_PMTUDISC_WANT      1 /* per-route hint; TCP sets DF */
#define IP_PMTUDISC_DO        2 /* always DF */
#define IP_PMTUDISC_PROBE     3 /* DF, but ignore the path MTU */
#define IP_PMTUDISC_INTERFACE 4 /* never DF, never accept path MTU news */
#define IP_PMTUDISC_OMIT      5 /* as INTERFACE, but fragment locally */

/* 127.0.0.0/8 */
static inline bool ipv4_is_loopback(__be32 addr)
{
	return (addr & htonl(0xff000000)) == htonl(0x7f000000);
}

/* 224.0.0.0/4, RFC 1112: no TCP connection can end there */
static inline bool ipv4_is_multicast(__be32 addr)
{
	return (addr & htonl(0xf0000000)) == htonl(0xe0000000);
}

static inline bool ipv4_is_local_multicast(__be32 addr)
{
	return (addr & htonl(0xffffff00)) == htonl(0xe0000000);
}

/* 255.255.255.255, RFC 919 */
static inline bool ipv4_is_lbcast(__be32 addr)
{
	return addr == htonl(INADDR_BROADCAST);
}

/* 0.0.0.0/8, "this network", RFC 1122 3.2.1.3 */
static inline bool ipv4_is_zeronet(__be32 addr)
{
	return (addr & htonl(0xff000000)) == htonl(0x00000000);
}

#endif
