/* SPDX-License-Identifier: GPL-2.0-only */
/* ICMP, as its users see it. Origin: include/net/icmp.h, v4.9. */
#ifndef _NET_ICMP_H
#define _NET_ICMP_H

#include <linux/icmp.h>
#include <net/net_namespace.h>
#include <net/snmp.h>

/**
 * struct icmp_err - what an ICMP destination unreachable means to a socket
 * @errno: positive errno
 * @fatal: ends the connection; otherwise only remembered as a soft error
 */
struct icmp_err {
	int errno;
	unsigned int fatal : 1;
};

/* Indexed by the code of ICMP_DEST_UNREACH, 0..NR_ICMP_UNREACH. */
extern const struct icmp_err icmp_err_convert[];

#define ICMP_INC_STATS(net, field)      SNMP_INC_STATS((net)->mib.icmp_statistics, field)
#define __ICMP_INC_STATS(net, field)    SNMP_INC_STATS((net)->mib.icmp_statistics, field)
#define ICMPMSGOUT_INC_STATS(net, type) ((net)->mib.icmpmsg_statistics.mibs[(type) + 256]++)
#define ICMPMSGIN_INC_STATS(net, type)  ((net)->mib.icmpmsg_statistics.mibs[(type)]++)

void icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info);
int icmp_rcv(struct sk_buff *skb);
void icmp_err(struct sk_buff *skb, u32 info);
int icmp_init(void);
void icmp_exit(void);
void icmp_out_count(struct net *net, unsigned char type);

#endif /* _NET_ICMP_H */
