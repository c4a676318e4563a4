/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_PEER_H
#define SYNWALK_TESTS_PEER_H

/*
 * The network in which the oracle's kernel was recorded, as far as its connects can tell.
 *
 *   cv    10.9.0.1/24, a device whose other end answers within the sender's own call, as the other
 *         half of a veth pair does on one CPU: 10.9.0.2 listens, 10.9.0.9 swallows everything,
 *         10.9.0.77 does not answer ARP. It may also be a router.
 *   wire  10.8.0.1/24, 20 ms each way to 10.8.0.2, which listens.
 *
 * A listener accepts any number of connections on ports 5000..5999; other ports are closed.
 * Failures end the test (cmocka).
 */

#include <stddef.h>
#include <stdint.h>

#include "core/include/synwalk/core.h"

/* Network byte order, on a little-endian machine. */
#define PEER_IP(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

#define PEER_NEAR   PEER_IP(10, 9, 0, 1)
#define PEER_VETH   PEER_IP(10, 9, 0, 2)
#define PEER_SILENT PEER_IP(10, 9, 0, 9)
#define PEER_NOARP  PEER_IP(10, 9, 0, 77)
#define PEER_WIRE   PEER_IP(10, 8, 0, 2)

struct peer_syn {
	uint64_t at_ns;
	uint8_t bytes[128]; /* from the IP header on */
	size_t len;
};

struct peer {
	int closes;        /* 1: answers a FIN with its own */
	int icmp;          /* on a SYN to 10.9.0.2: ICMP of this type after 20 ms; 0: none */
	int icmp_code;     /* its code */
	uint32_t icmp_mtu; /* of "fragmentation needed" */
	int icmp_bad_seq;  /* 1: quotes another sequence number */
	int router; /* what is not for 10.9.0.2: -1 swallowed, else the code of an ICMP type 3 */
	int local_listen; /* 1: a listener on port 7002 of this host, too */
	/* Sees each IP packet that leaves, by whatever device, before it is answered. */
	void (*seen)(const uint8_t *ip, size_t len);
	/*
	 * Not NULL: the recorded SYN-ACK with which every SYN to whatever host is answered, with
	 * the SYN's ports, numbers and time stamp in place of the recorded ones.
	 */
	const uint8_t *synack;
	size_t synack_len;
	uint32_t synack_acks;      /* how much it acknowledges, the SYN included */
	void (*sign)(uint8_t *ip); /* signs the SYN-ACK, whose checksums come after */
	struct peer_syn syns[64];
	size_t nsyns;
	size_t narps; /* requests that nobody answers */
	uint64_t arp_at_ns[16];
};

/* Boots the world with this network. There is one at a time. */
struct peer *peer_boot(uint64_t seed);
/* Runs @fn(@arg) as a user task until all is done. */
void peer_run(void (*fn)(void *arg), void *arg);
/* Shuts down: no warning, nothing leaked. */
void peer_end(void);

#endif
