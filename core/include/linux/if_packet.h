/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_IF_PACKET_H
#define _LINUX_IF_PACKET_H

/* For whom a received frame is (skb->pkt_type), as its destination address says. */
#define PACKET_HOST      0
#define PACKET_BROADCAST 1
#define PACKET_MULTICAST 2
#define PACKET_OTHERHOST 3
#define PACKET_OUTGOING  4
#define PACKET_LOOPBACK  5

#endif
