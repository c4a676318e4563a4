/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_WIRE_H
#define SYNWALK_VIEWER_SCRIPT_WIRE_H

/* Numbers as they lie in frames, and the Internet checksum (RFC 1071). */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bits of TCP's flags. */
enum { TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };

static inline uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

/* Over @n bytes and what was summed before; 0 for bytes that hold their own checksum. */
static inline uint16_t wire_sum(const uint8_t *p, size_t n, uint32_t sum)
{
	for (; n > 1; p += 2, n -= 2)
		sum += get16(p);
	if (n)
		sum += (uint32_t)p[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* TCP's and UDP's, with the pseudo header. Addresses in network byte order. */
static inline uint16_t wire_transport_sum(uint32_t source, uint32_t destination, uint8_t protocol,
					  const uint8_t *p, size_t n)
{
	uint8_t addresses[8];
	uint32_t sum = protocol + (uint32_t)n;

	memcpy(addresses, &source, 4);
	memcpy(addresses + 4, &destination, 4);
	for (size_t i = 0; i < sizeof(addresses); i += 2)
		sum += get16(addresses + i);
	return wire_sum(p, n, sum);
}

#endif
