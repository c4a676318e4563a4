/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_NEIGHBOUR_H
#define _LINUX_NEIGHBOUR_H

/* States and flags of a neighbour entry (uapi linux/neighbour.h); the life of an entry is RFC 4861 section 7.3.2. */
#define NUD_NONE       0x00
#define NUD_INCOMPLETE 0x01 /* asked, no answer yet: packets wait */
#define NUD_REACHABLE  0x02 /* confirmed not long ago */
#define NUD_STALE      0x04 /* usable, confirmation is old */
#define NUD_DELAY      0x08 /* in use again, waiting for a confirmation from above */
#define NUD_PROBE      0x10 /* asking again */
#define NUD_FAILED     0x20 /* nobody answered */
#define NUD_NOARP      0x40 /* needs no resolution */
#define NUD_PERMANENT  0x80 /* set by hand */

#define NTF_USE    0x01
#define NTF_PROXY  0x08
#define NTF_ROUTER 0x80

#endif
