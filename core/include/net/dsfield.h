/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The differentiated services byte of the IP header (RFC 2474); its two low bits are ECN's.
 *
 * Origin: include/net/dsfield.h.
 */
#ifndef __NET_DSFIELD_H
#define __NET_DSFIELD_H

#include <linux/ip.h>
#include <linux/types.h>

static inline __u8 ipv4_get_dsfield(const struct iphdr *iph)
{
	return iph->tos;
}

#endif
