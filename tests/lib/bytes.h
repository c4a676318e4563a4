/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_BYTES_H
#define SYNWALK_TESTS_BYTES_H

/*
 * Numbers in network byte order inside a frame, the Internet checksum, and a plain IP header: what every
 * far end that a test plays by hand needs. Written apart from the core's own, which they are to judge.
 */
#include <stddef.h>
#include <stdint.h>

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

/* The Internet checksum (RFC 1071) of @n bytes added to @s, not folded. */
static inline uint32_t sum(const uint8_t *p, size_t n, uint32_t s)
{
	for (; n > 1; p += 2, n -= 2)
		s += get16(p);
	return n ? s + (uint32_t)(p[0] << 8) : s;
}

static inline uint16_t fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

/* An IPv4 header without options before @payload bytes, which shall not be fragmented; addresses as they lie. */
static inline void ip_header(uint8_t *ip, uint32_t src, uint32_t dst, int protocol, size_t payload)
{
	__builtin_memset(ip, 0, 20);
	ip[0] = 0x45;
	put16(ip + 2, (uint32_t)(20 + payload));
	ip[6] = 0x40;
	ip[8] = 64;
	ip[9] = (uint8_t)protocol;
	__builtin_memcpy(ip + 12, &src, 4);
	__builtin_memcpy(ip + 16, &dst, 4);
	put16(ip + 10, fold(sum(ip, 20, 0)));
}

#endif
