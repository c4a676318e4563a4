/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers a stranger must not guess: initial sequence numbers (RFC 6528) and ephemeral ports (RFC
 * 6056).
 *
 * Origin: include/net/secure_seq.h.
 */
#ifndef _NET_SECURE_SEQ
#define _NET_SECURE_SEQ

#include <linux/types.h>

void net_secret_reset(void);
u32 secure_ipv4_port_ephemeral(__be32 saddr, __be32 daddr, __be16 dport);
__u32 secure_tcp_sequence_number(__be32 saddr, __be32 daddr, __be16 sport, __be16 dport);

#endif
