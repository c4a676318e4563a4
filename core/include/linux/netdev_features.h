/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_NETDEV_FEATURES_H
#define _LINUX_NETDEV_FEATURES_H

/* What a device can do for the stack (include/linux/netdev_features.h); bit numbers as in v4.9. */
#include <linux/types.h>

#define __NETIF_F(bit)              ((netdev_features_t)1 << (bit))
#define NETIF_F_SG                  __NETIF_F(0) /* scattered packets */
#define NETIF_F_IP_CSUM             __NETIF_F(1) /* TCP/UDP checksum over IPv4 */
#define NETIF_F_HW_CSUM             __NETIF_F(3) /* any checksum */
#define NETIF_F_IPV6_CSUM           __NETIF_F(4)
#define NETIF_F_HIGHDMA             __NETIF_F(5)
#define NETIF_F_FRAGLIST            __NETIF_F(6)
#define NETIF_F_HW_VLAN_CTAG_TX     __NETIF_F(7)
#define NETIF_F_HW_VLAN_CTAG_RX     __NETIF_F(8)
#define NETIF_F_VLAN_CHALLENGED     __NETIF_F(10)
#define NETIF_F_GSO                 __NETIF_F(11) /* software segmentation */
#define NETIF_F_LLTX                __NETIF_F(12) /* driver locks itself */
#define NETIF_F_NETNS_LOCAL         __NETIF_F(13)
#define NETIF_F_GRO                 __NETIF_F(14)
#define NETIF_F_GSO_SHIFT           16
#define NETIF_F_TSO                 __NETIF_F(16)
#define NETIF_F_UFO                 __NETIF_F(17)
#define NETIF_F_GSO_ROBUST          __NETIF_F(18)
#define NETIF_F_TSO_ECN             __NETIF_F(19)
#define NETIF_F_TSO_MANGLEID        __NETIF_F(20)
#define NETIF_F_TSO6                __NETIF_F(21)
#define NETIF_F_GSO_GRE             __NETIF_F(23) /* in tunnels, from here ... */
#define NETIF_F_GSO_GRE_CSUM        __NETIF_F(24)
#define NETIF_F_GSO_IPXIP4          __NETIF_F(25)
#define NETIF_F_GSO_IPXIP6          __NETIF_F(26)
#define NETIF_F_GSO_UDP_TUNNEL      __NETIF_F(27)
#define NETIF_F_GSO_UDP_TUNNEL_CSUM __NETIF_F(28) /* ... to here */
#define NETIF_F_GSO_SCTP            __NETIF_F(31)
#define NETIF_F_SCTP_CRC            __NETIF_F(33)
#define NETIF_F_RXCSUM              __NETIF_F(37) /* checks checksums of what it receives */
#define NETIF_F_HW_VLAN_STAG_TX     __NETIF_F(42)
#define NETIF_F_HW_VLAN_STAG_RX     __NETIF_F(43)
#define NETIF_F_LOOPBACK            __NETIF_F(45)

#define NETIF_F_CSUM_MASK (NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | NETIF_F_HW_CSUM)
#define NETIF_F_ALL_TSO   (NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_TSO_ECN | NETIF_F_TSO_MANGLEID)
/* What the stack can cut by itself when the device cannot. */
#define NETIF_F_GSO_SOFTWARE (NETIF_F_ALL_TSO | NETIF_F_UFO | NETIF_F_GSO_SCTP)
#define NETIF_F_GSO_ENCAP_ALL                                                               \
	(NETIF_F_GSO_GRE | NETIF_F_GSO_GRE_CSUM | NETIF_F_GSO_IPXIP4 | NETIF_F_GSO_IPXIP6 | \
	 NETIF_F_GSO_UDP_TUNNEL | NETIF_F_GSO_UDP_TUNNEL_CSUM)
#define NETIF_F_GSO_MASK      (((netdev_features_t)0xffff) << NETIF_F_GSO_SHIFT)
#define NETIF_F_SOFT_FEATURES (NETIF_F_GSO | NETIF_F_GRO)

#endif
