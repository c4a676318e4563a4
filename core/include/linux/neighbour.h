/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * States of a neighbour, as `ip neigh` prints them. Origin: include/uapi/linux/neighbour.h, v4.9.
 */
#ifndef _LINUX_NEIGHBOUR_UAPI_H
#define _LINUX_NEIGHBOUR_UAPI_H

#define NTF_USE	   0x01
#define NTF_ROUTER 0x80

#define NUD_INCOMPLETE 0x01 /* asked, no answer yet; packets wait in arp_queue */
#define NUD_REACHABLE  0x02 /* confirmed a moment ago */
#define NUD_STALE      0x04 /* address known, not confirmed lately; used as it is */
#define NUD_DELAY      0x08 /* used while stale: gives TCP some seconds to confirm it */
#define NUD_PROBE      0x10 /* not confirmed: asking by unicast */
#define NUD_FAILED     0x20 /* nobody answered */
#define NUD_NOARP      0x40 /* needs no resolution: loopback, point to point */
#define NUD_PERMANENT  0x80 /* set by hand */
#define NUD_NONE       0x00 /* just created */

#endif /* _LINUX_NEIGHBOUR_UAPI_H */
