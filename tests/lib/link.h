/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_LINK_H
#define SYNWALK_TESTS_LINK_H

/*
 * A world with one Ethernet link, for tests of the layers below TCP: what the core sends is kept,
 * what it receives the test makes byte by byte, and every drop is kept with its reason.
 *
 * The core is 10.9.0.1/24 on wire0, the link's delay 1 ms. Failures end the test (cmocka).
 */

#include <stddef.h>
#include <stdint.h>

#include "core/include/synwalk/core.h"

/* An IPv4 address in network byte order, on a little-endian machine. */
#define IP4(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

#define LINK_NEAR     IP4(10, 9, 0, 1)
#define LINK_FAR      IP4(10, 9, 0, 2)
#define LINK_DELAY_NS 1000000ull
#define LINK_MS       1000000ull

extern const uint8_t link_near_mac[6];
extern const uint8_t link_far_mac[6];

struct link_frame {
	uint64_t at_ns; /* when it reached the far end */
	size_t len;
	uint8_t bytes[1600];
};

extern struct link_frame link_frames[64];
extern size_t link_nframes;
/* Reasons of drops, the oldest first. */
extern const char *link_drops[64];
extern size_t link_ndrops;

/* A world, with or without the address. */
void link_boot(int with_address);
/* Ends it: no warning, nothing leaked. */
void link_end(void);
/* Lets @ms milliseconds pass. */
void link_pass(unsigned int ms);

/* Makes an ARP frame in @buf (60 bytes); @op 1 request, 2 reply. Its length. */
size_t link_arp(uint8_t *buf, int op, const uint8_t *sha, uint32_t sip, const uint8_t *tha,
		uint32_t tip, const uint8_t *eth_dst);
/* Makes a frame with an IPv4 packet with @n bytes of payload; checksum right. Its length. */
size_t link_ip(uint8_t *buf, uint32_t src, uint32_t dst, int proto, const void *payload, size_t n);
/* Computes the header checksum of the IPv4 packet in the frame anew. */
void link_ip_check(uint8_t *frame);
/* Sends a frame to the core and lets it arrive. */
void link_inject(const uint8_t *frame, size_t len);

#endif
