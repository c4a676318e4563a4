/* SPDX-License-Identifier: GPL-2.0-only */

/* Frames that a fuzzer asks for; see frames.h. */

#include <string.h>

#include "tests/lib/bytes.h"
#include "tests/fuzz/frames.h"

const uint8_t fuzz_near_mac[6] = { 2, 0, 0, 0, 0, 1 };
const uint8_t fuzz_far_mac[6] = { 2, 0, 0, 0, 0, 2 };

void near_end_hears(struct near_end *near, const uint8_t *f, size_t len)
{
	const uint8_t *tcp = f + 14 + (f[14] & 15) * 4;
	size_t hdr, i;

	if (len < 54 || f[12] != 8 || f[13] != 0 || f[23] != 6 || tcp + 20 > f + len)
		return;
	hdr = (size_t)(tcp[12] >> 4) * 4;
	if (tcp + hdr > f + len)
		return;
	if (tcp[13] & 2) {
		near->port = (uint16_t)(tcp[0] << 8 | tcp[1]);
		near->isn = get32(tcp + 4);
		near->una = near->isn;
	}
	near->nxt = get32(tcp + 4) + (uint32_t)(f + len - tcp - hdr) + !!(tcp[13] & 3);
	if (tcp[13] & 16)
		near->rcv = get32(tcp + 8);
	for (i = 20; i + 10 <= hdr && tcp[i];) {
		if (tcp[i] == 8)
			near->tsval = get32(tcp + i + 2);
		if (tcp[i] != 1 && tcp[i + 1] < 2)
			break;
		i += tcp[i] == 1 ? 1 : tcp[i + 1];
	}
}

static size_t put_option(uint8_t *o, size_t n, const void *bytes, size_t len)
{
	if (n + len > 40)
		return n;
	memcpy(o + n, bytes, len);
	return n + len;
}

static size_t put_sack(uint8_t *o, size_t n, const struct record *r, const struct near_end *near)
{
	int blocks = 1 + (r->optarg >> 6), b;
	uint8_t sack[2 + 32] = { 5, (uint8_t)(2 + 8 * blocks) };
	uint32_t at = near->una + (uint32_t)(r->optarg & 15) * 64;

	for (b = 0; b < blocks; b++, at += 1448) {
		put32(sack + 2 + 8 * b, at);
		put32(sack + 6 + 8 * b, at + 1 + (uint32_t)(r->optarg & 48) * 32);
	}
	return put_option(o, n, sack, (size_t)sack[1]);
}

/* The options of a segment, padded to a multiple of 4; how many bytes. */
static size_t make_options(uint8_t *o, const struct record *r, const struct near_end *near,
			   const uint8_t *tail, size_t ntail)
{
	uint8_t cookie[12] = { 34, (uint8_t)(r->optarg & 1 ? 10 : 2 + (r->optarg & 14)) };
	uint8_t stamps[12] = { 1, 1, 8, 10 };
	uint8_t mss[4] = { 2, 4, r->optarg, (uint8_t)(r->optarg ^ 0xb4) };
	uint8_t scale[4] = { 1, 3, 3, (uint8_t)(r->optarg & 31) };
	uint8_t *last;
	size_t n = 0;

	if (r->opt & OPT_MSS)
		n = put_option(o, n, mss, sizeof(mss));
	if (r->opt & OPT_WSCALE)
		n = put_option(o, n, scale, sizeof(scale));
	if (r->opt & OPT_STAMPS) {
		put32(stamps + 4, near->ms + (r->misc & 0x40 ? (uint32_t)(int8_t)r->optarg : 0));
		put32(stamps + 8, near->tsval + (r->misc & 0x80 ? (uint32_t)(int8_t)r->optarg : 0));
		n = put_option(o, n, stamps, sizeof(stamps));
	}
	if (r->opt & OPT_SACK_OK)
		n = put_option(o, n, (const uint8_t[]){ 4, 2, 1, 1 }, 4);
	if (r->opt & OPT_SACK)
		n = put_sack(o, n, r, near);
	if (r->opt & OPT_FASTOPEN)
		n = put_option(o, n, cookie, cookie[1] > 12 ? 12 : cookie[1]);
	if (r->opt & OPT_RAW)
		n = put_option(o, n, tail, ntail < REC_SIZE ? ntail : REC_SIZE);
	if (r->opt & OPT_BROKEN && n >= 2) {
		last = o + (r->optarg % (n - 1));
		last[1] = (uint8_t)(r->optarg >> 3);
	}
	while (n % 4)
		o[n++] = r->optarg & 1;
	return n;
}

/* Behind the IP header at @p; @avail bytes of room. Its length. */
static size_t make_tcp(uint8_t *p, const struct record *r, const struct near_end *near,
		       const uint8_t *tail, size_t ntail)
{
	static const uint32_t absolute = 0x10000;
	uint32_t seq_base[4] = { near->rcv, near->irs, near->rcv, near->rcv };
	uint32_t ack_base[4] = { near->nxt, near->isn, near->nxt, near->una };
	uint32_t seq = (uint32_t)r->seq, ack = (uint32_t)r->ack;
	size_t hdr = 20 + make_options(p + 20, r, near, tail, ntail);
	size_t n = r->len % 1461, i;

	if ((r->misc & 3) == 2)
		seq *= absolute;
	if ((r->misc >> 2 & 3) == 2)
		ack *= absolute;
	put16(p, FAR_PORT + (r->misc >> 4 & 1));
	put16(p + 2, near->port + (uint32_t)(r->misc >> 5 & 1));
	put32(p + 4, seq_base[r->misc & 3] + seq);
	put32(p + 8, ack_base[r->misc >> 2 & 3] + ack);
	p[12] = (uint8_t)(hdr / 4 << 4);
	p[13] = r->flags;
	put16(p + 14, r->window);
	put16(p + 16, 0);
	put16(p + 18, r->flags & 0x20 ? r->corrupt : 0);
	for (i = 0; i < n; i++)
		p[hdr + i] = (uint8_t)(i + r->corrupt);
	return hdr + n;
}

/* An ICMP message; errors quote a segment of the core as it may have been sent. */
static size_t make_icmp(uint8_t *p, const struct record *r, const struct near_end *near)
{
	uint8_t *q = p + 8;
	size_t quoted = r->len % 129;

	memset(p, 0, 8 + 128);
	p[0] = r->opt;
	p[1] = r->optarg;
	put16(p + 6, r->window);
	if (r->misc & 1)
		put32(p + 4, (uint32_t)r->ack << 8);
	q[0] = r->misc & 2 ? 0x46 : 0x45;
	put16(q + 2, 60);
	q[6] = 0x40;
	q[8] = 63;
	q[9] = r->misc & 4 ? r->flags : 6;
	memcpy(q + 12, r->misc & 8 ? &(uint32_t){ NET_OTHER } : &(uint32_t){ NET_NEAR }, 4);
	memcpy(q + 16, &(uint32_t){ NET_FAR }, 4);
	put16(q + 10, fold(sum(q, 20, 0)));
	q += (q[0] & 15) * 4;
	put16(q, near->port + (uint32_t)(r->misc >> 5 & 1));
	put16(q + 2, FAR_PORT + (r->misc >> 4 & 1));
	put32(q + 4, near->una + (uint32_t)r->seq);
	put32(q + 8, near->rcv);
	q[12] = 0x50;
	q[13] = 0x10;
	return 8 + quoted;
}

static size_t make_arp(uint8_t *f, const struct record *r)
{
	static const uint32_t who[4] = { NET_FAR, NET_NEAR, NET_OTHER, 0xffffffff };
	uint8_t *a = f + 14;

	memset(a, 0, 46);
	put16(f + 12, 0x0806);
	put16(a, r->bad & BAD_LENGTH ? r->opt : 1);
	put16(a + 2, r->bad & BAD_FRAGMENT ? r->window : 0x0800);
	a[4] = r->bad & BAD_OPTIONS ? r->optarg : 6;
	a[5] = 4;
	put16(a + 6, r->flags);
	memcpy(a + 8, r->misc & 0x10 ? fuzz_near_mac : fuzz_far_mac, 6);
	memcpy(a + 14, &who[r->misc & 3], 4);
	memcpy(a + 18, fuzz_near_mac, 6);
	memcpy(a + 24, r->misc & 0x0c ? &who[r->misc >> 2 & 3] : &(uint32_t){ NET_NEAR }, 4);
	if (r->bad & BAD_BYTE)
		a[r->corrupt % 28] ^= 0xff;
	return r->bad & BAD_ADDRESS ? 14 + r->len % 47 : 60;
}

static uint32_t address(const struct record *r, int source)
{
	static const uint32_t src[4] = { NET_OTHER, NET_NEAR, 0x0100007f, 0x010000e0 };
	static const uint32_t dst[4] = { NET_OTHER, 0xffffffff, 0xff00090a, 0x010000e0 };

	if (!(r->bad & BAD_ADDRESS))
		return source ? NET_FAR : NET_NEAR;
	if (r->misc & 0x20)
		return source ? src[r->misc >> 6] : NET_NEAR;
	return source ? NET_FAR : dst[r->misc >> 6];
}

static size_t make_l4(uint8_t *p, const struct record *r, const struct near_end *near,
		      const uint8_t *tail, size_t ntail)
{
	size_t n;

	switch (r->kind % REC_KINDS) {
	case REC_TCP:
		return make_tcp(p, r, near, tail, ntail);
	case REC_ICMP:
		return make_icmp(p, r, near);
	default:
		n = ntail < r->len % 65u ? ntail : r->len % 65u;
		memcpy(p, tail, n);
		return n;
	}
}

/* Where the checksum lies, and what it is the sum of. */
static void l4_checksum(const uint8_t *ip, uint8_t *p, size_t n, const struct record *r)
{
	uint8_t *at = NULL;
	uint32_t s = 0;

	if (ip[9] == 6 && n >= 20) {
		at = p + 16;
		s = sum(ip + 12, 8, 6 + (uint32_t)n);
	} else if (ip[9] == 1 && n >= 4) {
		at = p + 2;
	}
	if (!at)
		return;
	put16(at, 0);
	put16(at, fold(sum(p, n, s)) ^ (r->bad & BAD_L4_SUM ? 0x5555u : 0));
}

static size_t make_ip(uint8_t *f, const struct record *r, const struct near_end *near,
		      const uint8_t *tail, size_t ntail)
{
	static const uint8_t protocols[REC_KINDS] = { [REC_TCP] = 6, [REC_ICMP] = 1 };
	size_t nopt = r->bad & BAD_OPTIONS ? (ntail < 12 ? ntail : 12) & ~3u : 0;
	uint8_t *ip = f + 14, *p = ip + 20 + nopt;
	unsigned int kind = r->kind % REC_KINDS;
	uint32_t src = address(r, 1), dst = address(r, 0);
	size_t n = make_l4(p, r, near, tail, ntail), total = 20 + nopt + n;

	put16(f + 12, 0x0800);
	memset(ip, 0, 20);
	ip[0] = (uint8_t)(0x45 + nopt / 4);
	ip[1] = r->misc & 0x80 ? r->corrupt & 3 : 0;
	put16(ip + 2, (uint32_t)total);
	put16(ip + 6, r->bad & BAD_FRAGMENT ? r->window : 0x4000);
	ip[8] = r->misc & 0x40 && kind != REC_TCP ? 1 : 64;
	ip[9] = kind == REC_IP ? r->opt : protocols[kind];
	memcpy(ip + 12, &src, 4);
	memcpy(ip + 16, &dst, 4);
	memcpy(ip + 20, tail, nopt);
	if (r->bad & BAD_BYTE)
		ip[r->corrupt % total] ^= (uint8_t)(1 | r->wait);
	l4_checksum(ip, p, n, r);
	put16(ip + 10, 0);
	put16(ip + 10, fold(sum(ip, 20 + nopt, 0)) ^ (r->bad & BAD_IP_SUM ? 0x5555u : 0));
	if (!(r->bad & BAD_LENGTH))
		return 14 + total;
	return 14 + (r->window & 1 ? r->window % total : total + r->window % 64);
}

size_t frame_make(uint8_t *f, const struct record *r, const struct near_end *near,
		  const uint8_t *tail, size_t ntail)
{
	size_t n;

	memset(f, 0, FRAME_MAX);
	memcpy(f, fuzz_near_mac, 6);
	memcpy(f + 6, fuzz_far_mac, 6);
	switch (r->kind % REC_KINDS) {
	case REC_ARP:
		n = make_arp(f, r);
		break;
	case REC_RAW:
		n = ntail < r->len % 129u ? ntail : r->len % 129u;
		put16(f + 12, r->misc & 1 ? r->window : r->misc & 2 ? 0x0806 : 0x0800);
		memcpy(f + 14, tail, n);
		n += 14;
		break;
	default:
		n = make_ip(f, r, near, tail, ntail);
	}
	if (r->bad & BAD_ETHER) {
		memset(f, r->misc & 0x10 ? 0xff : 0, 6);
		f[0] ^= r->corrupt & 3;
	}
	return n < 14 ? 14 : n;
}
