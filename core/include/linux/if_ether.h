/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_IF_ETHER_H
#define _LINUX_IF_ETHER_H

/* Ethernet (IEEE 802.3, DIX framing) and the EtherTypes that the core meets. */
#include <linux/types.h>
#include <linux/byteorder.h>

#define ETH_ALEN      6    /* bytes in an address */
#define ETH_HLEN      14   /* bytes in the header */
#define ETH_ZLEN      60   /* smallest frame without its check sequence */
#define ETH_DATA_LEN  1500 /* largest payload */
#define ETH_FRAME_LEN 1514 /* largest frame */

#define ETH_P_802_3_MIN 0x0600 /* below it the field is a length */
#define ETH_P_IP        0x0800
#define ETH_P_ARP       0x0806
#define ETH_P_8021Q     0x8100
#define ETH_P_8021AD    0x88A8
#define ETH_P_IPV6      0x86DD
#define ETH_P_ALL       0x0003
#define ETH_P_802_2     0x0004
#define ETH_P_802_3     0x0001

struct ethhdr {
	unsigned char h_dest[ETH_ALEN];   /* to */
	unsigned char h_source[ETH_ALEN]; /* from */
	__be16 h_proto;                   /* EtherType, network order */
} __packed;

#endif
