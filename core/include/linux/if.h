/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_IF_H
#define _LINUX_IF_H

#define IFNAMSIZ 16 /* a device name with its final 0 */

/* net_device.flags */
#define IFF_UP          0x1
#define IFF_BROADCAST   0x2
#define IFF_LOOPBACK    0x8
#define IFF_POINTOPOINT 0x10
#define IFF_RUNNING     0x40
#define IFF_NOARP       0x80
#define IFF_PROMISC     0x100
#define IFF_MULTICAST   0x1000

#endif
