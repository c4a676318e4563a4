/* SPDX-License-Identifier: GPL-2.0-only */

/* One Ethernet link whose far end is the test itself; see link.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link.h"

const uint8_t link_near_mac[6] = { 2, 0, 0, 0, 0, 1 };
const uint8_t link_far_mac[6] = { 2, 0, 0, 0, 0, 2 };

struct link_frame link_frames[64];
size_t link_nframes;
const char *link_drops[64];
size_t link_ndrops;

struct sk_buff;

/* Takes the place of the core's empty tracepoint. */
void trace_kfree_skb(const struct sk_buff *skb, const char *reason);
void trace_kfree_skb(const struct sk_buff *skb, const char *reason)
{
	(void)skb;
	if (link_ndrops < sizeof(link_drops) / sizeof(link_drops[0]))
		link_drops[link_ndrops++] = reason;
}

static void far_end(void *ctx, const void *frame, size_t len)
{
	struct link_frame *f = &link_frames[link_nframes];

	(void)ctx;
	assert_true(link_nframes < sizeof(link_frames) / sizeof(link_frames[0]));
	assert_true(len <= sizeof(f->bytes));
	f->at_ns = *core_clock();
	f->len = len;
	memcpy(f->bytes, frame, len);
	link_nframes++;
}

void link_boot(int with_address)
{
	static const struct core_config config = { .seed = 7, .console_level = 4 };

	link_nframes = 0;
	link_ndrops = 0;
	assert_int_equal(core_boot(&config), 0);
	assert_int_equal(core_add_wire("wire0", link_near_mac, 1500, LINK_DELAY_NS, far_end, NULL),
			 0);
	if (with_address)
		assert_int_equal(core_addr_add("wire0", LINK_NEAR, 24), 0);
}

void link_end(void)
{
	core_shutdown();
	assert_int_equal(core_warnings(), 0);
	assert_int_equal(core_leaks(), 0);
}

void link_pass(unsigned int ms)
{
	core_run_until(*core_clock() + ms * LINK_MS);
}

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v & 0xff;
}

size_t link_arp(uint8_t *buf, int op, const uint8_t *sha, uint32_t sip, const uint8_t *tha,
		uint32_t tip, const uint8_t *eth_dst)
{
	memset(buf, 0, 60);
	memcpy(buf, eth_dst, 6);
	memcpy(buf + 6, sha, 6);
	put16(buf + 12, 0x0806);
	put16(buf + 14, 1); /* Ethernet */
	put16(buf + 16, 0x0800);
	buf[18] = 6;
	buf[19] = 4;
	put16(buf + 20, op);
	memcpy(buf + 22, sha, 6);
	memcpy(buf + 28, &sip, 4);
	if (tha)
		memcpy(buf + 32, tha, 6);
	memcpy(buf + 38, &tip, 4);
	return 60;
}

void link_ip_check(uint8_t *frame)
{
	uint8_t *ip = frame + 14;
	uint32_t sum = 0;
	int i;

	put16(ip + 10, 0);
	for (i = 0; i < (ip[0] & 15) * 4; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~sum & 0xffff);
}

size_t link_ip(uint8_t *buf, uint32_t src, uint32_t dst, int proto, const void *payload, size_t n)
{
	uint8_t *ip = buf + 14;

	memcpy(buf, link_near_mac, 6);
	memcpy(buf + 6, link_far_mac, 6);
	put16(buf + 12, 0x0800);
	memset(ip, 0, 20);
	ip[0] = 0x45;
	put16(ip + 2, 20 + n);
	put16(ip + 4, 0x1234);
	ip[8] = 64;
	ip[9] = proto;
	memcpy(ip + 12, &src, 4);
	memcpy(ip + 16, &dst, 4);
	memcpy(ip + 20, payload, n);
	link_ip_check(buf);
	return 34 + n;
}

void link_inject(const uint8_t *frame, size_t len)
{
	assert_int_equal(core_wire_inject("wire0", frame, len, 0), 0);
	link_pass(1);
}
