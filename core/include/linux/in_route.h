/* SPDX-License-Identifier: GPL-2.0-only */
/* Flags of an IPv4 route cache entry. Origin: include/uapi/linux/in_route.h, v4.9. */
#ifndef _LINUX_IN_ROUTE_H
#define _LINUX_IN_ROUTE_H

#define RTCF_NOTIFY     0x00010000
#define RTCF_DIRECTDST  0x00020000
#define RTCF_REDIRECTED 0x00040000
#define RTCF_DOREDIRECT 0x01000000 /* tell the sender of a better gateway */
#define RTCF_DIRECTSRC  0x04000000
#define RTCF_DNAT       0x08000000
#define RTCF_BROADCAST  0x10000000
#define RTCF_MULTICAST  0x20000000
#define RTCF_REJECT     0x40000000
#define RTCF_LOCAL      0x80000000

#endif /* _LINUX_IN_ROUTE_H */
