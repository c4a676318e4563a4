/* SPDX-License-Identifier: GPL-2.0-only */

/* A far end that a test plays by hand; see segments.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/bytes.h"
#include "tests/lib/segments.h"

static const uint8_t near_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t far_mac[6] = { 2, 0, 0, 0, 0, 2 };
static struct segments world;

static void inject(const uint8_t *frame, size_t len)
{
	int err = core_wire_inject("wire0", frame, len, SEG_DELAY_NS);

	if (!world.memory_fails)
		assert_int_equal(err, 0);
}

static void answer_arp(const uint8_t *request)
{
	uint8_t f[42];

	memcpy(f, request, sizeof(f));
	memcpy(f, near_mac, 6);
	memcpy(f + 6, far_mac, 6);
	put16(f + 20, 2); /* reply */
	memcpy(f + 22, far_mac, 6);
	memcpy(f + 28, request + 38, 4);
	memcpy(f + 32, request + 22, 10);
	inject(f, sizeof(f));
}

static void decode_options(struct segment *s)
{
	size_t i = 0;

	while (i < s->noptions && s->options[i]) {
		const uint8_t *o = s->options + i;
		size_t len = o[0] == 1 ? 1 : o[1];

		assert_true(len > 0 && i + len <= s->noptions);
		if (o[0] == 2) {
			s->mss = get16(o + 2);
		} else if (o[0] == 3) {
			s->has_scale = 1;
		} else if (o[0] == 8) {
			s->has_stamps = 1;
			s->tsval = get32(o + 2);
			s->tsecr = get32(o + 6);
		} else if (o[0] == 5) {
			for (s->nsack = 0; (size_t)s->nsack < (len - 2) / 8; s->nsack++) {
				s->sack[s->nsack][0] = get32(o + 2 + 8 * s->nsack);
				s->sack[s->nsack][1] = get32(o + 6 + 8 * s->nsack);
			}
		}
		i += len;
	}
}

/* A frame of the core: ARP is answered, TCP is decoded, its checksum verified, and kept. */
static void far_receives(void *ctx, const void *frame, size_t len)
{
	const uint8_t *f = frame, *tcp = f + 14 + (f[14] & 15) * 4;
	struct segment *s;
	size_t tcplen, hdr;

	(void)ctx;
	assert_true(len >= 42);
	if (get16(f + 12) == 0x0806) {
		if (get16(f + 20) == 1)
			answer_arp(f);
		return;
	}
	assert_int_equal(get16(f + 12), 0x0800);
	assert_int_equal(f[14] >> 4, 4);
	assert_int_equal(f[23], 6);
	tcplen = (size_t)get16(f + 16) - (size_t)(tcp - f - 14);
	assert_int_equal(fold(sum(f + 14, (size_t)(tcp - f - 14), 0)), 0);
	assert_int_equal(fold(sum(tcp, tcplen, sum(f + 26, 8, 6 + (uint32_t)tcplen))), 0);

	assert_true(world.nseen < sizeof(world.seen) / sizeof(world.seen[0]));
	s = &world.seen[world.nseen++];
	hdr = (size_t)(tcp[12] >> 4) * 4;
	s->source = get16(tcp);
	s->dest = get16(tcp + 2);
	s->seq = get32(tcp + 4);
	s->ack = get32(tcp + 8);
	s->flags = tcp[13];
	s->window = get16(tcp + 14);
	s->urgent = get16(tcp + 18);
	s->tos = f[15];
	s->ttl = f[22];
	s->fragment = get16(f + 20);
	s->noptions = hdr - 20;
	memcpy(s->options, tcp + 20, s->noptions);
	s->ndata = tcplen - hdr;
	memcpy(s->data, tcp + hdr, s->ndata);
	s->at_ns = *core_clock();
	decode_options(s);
	if (!world.near_port) {
		world.near_port = s->source;
		world.near_isn = s->seq;
	}
	if (world.hears)
		world.hears(s);
}

struct segments *segments_boot(uint64_t seed, void (*hears)(const struct segment *s))
{
	const struct core_config config = { .seed = seed, .console_level = 4 };

	memset(&world, 0, sizeof(world));
	world.hears = hears;
	assert_int_equal(core_boot(&config), 0);
	assert_int_equal(core_add_wire("wire0", near_mac, 1500, SEG_DELAY_NS, far_receives, NULL),
			 0);
	assert_int_equal(core_addr_add("wire0", SEG_NEAR, 24), 0);
	return &world;
}

void segments_run(void (*fn)(void *arg), void *arg)
{
	assert_true(core_task("test", fn, arg) > 0);
	assert_int_equal(core_run(), 0);
}

void segments_end(void)
{
	core_shutdown();
	assert_int_equal(core_warnings(), 0);
	assert_int_equal(core_leaks(), 0);
}

void segments_send(struct segment s)
{
	uint8_t f[14 + 20 + 60 + sizeof(s.data)] = { 0 };
	uint8_t *ip = f + 14, *tcp = f + 34;
	size_t hdr, tcplen;

	while (s.noptions % 4)
		s.options[s.noptions++] = 1;
	hdr = 20 + s.noptions;
	tcplen = hdr + s.ndata;

	memcpy(f, near_mac, 6);
	memcpy(f + 6, far_mac, 6);
	put16(f + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, (uint32_t)(20 + tcplen));
	ip[1] = s.tos;
	ip[6] = 0x40;
	ip[8] = s.ttl ? s.ttl : 64;
	ip[9] = 6;
	memcpy(ip + 12, &(uint32_t){ SEG_FAR }, 4);
	memcpy(ip + 16, &(uint32_t){ SEG_NEAR }, 4);
	put16(ip + 10, fold(sum(ip, 20, 0)));

	put16(tcp, s.source ? s.source : SEG_PORT);
	put16(tcp + 2, s.dest ? s.dest : world.near_port);
	put32(tcp + 4, s.seq);
	put32(tcp + 8, s.ack);
	tcp[12] = (uint8_t)((s.doff ? s.doff : hdr / 4) << 4);
	tcp[13] = s.flags;
	put16(tcp + 14, s.window);
	put16(tcp + 18, s.urgent);
	memcpy(tcp + 20, s.options, s.noptions);
	memcpy(tcp + hdr, s.data, s.ndata);
	put16(tcp + 16, fold(sum(tcp, tcplen, sum(ip + 12, 8, 6 + (uint32_t)tcplen))));
	tcp[16] ^= (uint8_t)(s.spoilt ? 1 : 0);
	inject(f, 34 + tcplen);
}

void segments_send_data(struct segment s, const char *data)
{
	s.ndata = strlen(data);
	assert_true(s.ndata <= sizeof(s.data));
	memcpy(s.data, data, s.ndata);
	segments_send(s);
}

void segment_option(struct segment *s, const uint8_t *bytes, size_t n)
{
	assert_true(s->noptions + n <= sizeof(s->options));
	memcpy(s->options + s->noptions, bytes, n);
	s->noptions += n;
}

void segment_stamps(struct segment *s, uint32_t tsval, uint32_t tsecr)
{
	uint8_t o[12] = { 1, 1, 8, 10 };

	put32(o + 4, tsval);
	put32(o + 8, tsecr);
	segment_option(s, o, sizeof(o));
}

void segment_linux_options(struct segment *s, uint32_t tsval, uint32_t tsecr)
{
	uint8_t o[20] = { 2, 4, 0x05, 0xb4, 4, 2, 8, 10, [16] = 1, 3, 3, 7 };

	put32(o + 8, tsval);
	put32(o + 12, tsecr);
	segment_option(s, o, sizeof(o));
}

int segments_count(uint8_t flags)
{
	int n = 0;
	size_t i;

	for (i = 0; i < world.nseen; i++)
		n += world.seen[i].flags == flags;
	return n;
}

const struct segment *segments_last(uint8_t flags)
{
	size_t i;

	for (i = world.nseen; i > 0; i--)
		if (world.seen[i - 1].flags == flags)
			return &world.seen[i - 1];
	fail_msg("the core never sent a segment with flags 0x%02x", flags);
	return NULL;
}
