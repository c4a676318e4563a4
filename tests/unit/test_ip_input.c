/* SPDX-License-Identifier: GPL-2.0-only */

/* IPv4, receiving: every check of ip_rcv(), with the counter it adds to and the reason it names. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/icmp.h>
#include <net/net_namespace.h>
#include <net/protocol.h>

#include "tests/lib/link.h"

#define PROTO 253 /* for experiments, RFC 3692 */

static uint8_t frame[1600];
static size_t nframe;
static unsigned int got;
static unsigned int got_len;
static uint8_t got_first;

/* The protocol above; also sees where skb->data points. */
static int receive(struct sk_buff *skb)
{
	got++;
	got_len = skb->len;
	got_first = skb->data[0];
	consume_skb(skb);
	return 0;
}

static const struct net_protocol protocol = { .handler = receive, .no_policy = 1, .netns_ok = 1 };

static struct net_device *wire0(void)
{
	return __dev_get_by_name(&init_net, "wire0");
}

static int setup(void **state)
{
	static const char payload[] = "payload";

	(void)state;
	link_boot(1);
	got = 0;
	assert_int_equal(inet_add_protocol(&protocol, PROTO), 0);
	nframe = link_ip(frame, LINK_FAR, LINK_NEAR, PROTO, payload, sizeof(payload));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	inet_del_protocol(&protocol, PROTO);
	link_end();
	return 0;
}

/* Sends the frame: it must be dropped for @reason, and @counter go up by one. */
static void dropped(const char *reason, const char *counter)
{
	long before = counter ? core_counter(counter) : 0;

	assert_true(before >= 0);
	link_ndrops = 0;
	got = 0;
	link_inject(frame, nframe);
	assert_int_equal(got, 0);
	assert_int_equal(link_ndrops, 1);
	assert_string_equal(link_drops[0], reason);
	if (counter)
		assert_int_equal(core_counter(counter), before + 1);
}

static void test_good(void **state)
{
	(void)state;
	link_inject(frame, nframe);
	assert_int_equal(got, 1);
	assert_int_equal(got_len, 8);
	assert_int_equal(got_first, 'p');
	assert_int_equal(link_ndrops, 0);
	assert_int_equal(core_counter("IpInReceives"), 1);
	assert_int_equal(core_counter("IpInDelivers"), 1);
	assert_int_equal(core_counter("IpExtInNoECTPkts"), 1);
	assert_int_equal(core_counter("IpExtInOctets"), 28);
	assert_int_equal(core_counter("IpNoSuchThing"), -ENOENT);
}

/* Ethernet pads short frames; the padding is not part of the packet. */
static void test_padding_is_cut_off(void **state)
{
	(void)state;
	memset(frame + nframe, 0xaa, 60 - nframe);
	link_inject(frame, 60);
	assert_int_equal(got, 1);
	assert_int_equal(got_len, 8);
}

static void test_version_and_header_length(void **state)
{
	(void)state;
	frame[14] = 0x65;
	link_ip_check(frame);
	dropped("IP_INHDR", "IpInHdrErrors");
	frame[14] = 0x44;
	link_ip_check(frame);
	dropped("IP_INHDR", "IpInHdrErrors");
	/* a header longer than the packet */
	frame[14] = 0x4f;
	dropped("IP_INHDR", "IpInHdrErrors");
}

static void test_shorter_than_a_header(void **state)
{
	size_t n;

	(void)state;
	for (n = 14; n < 34; n += 5) {
		nframe = n;
		dropped("IP_INHDR", "IpInHdrErrors");
	}
}

static void test_checksum(void **state)
{
	long before;
	int bit;

	(void)state;
	for (bit = 8; bit < 20 * 8; bit++) {
		/* version and header length have checks of their own */
		frame[14 + bit / 8] ^= 1 << bit % 8;
		before = core_counter("IpInHdrErrors");
		dropped("IP_CSUM", "IpExtInCsumErrors");
		assert_int_equal(core_counter("IpInHdrErrors"), before + 1);
		frame[14 + bit / 8] ^= 1 << bit % 8;
	}
}

static void test_total_length(void **state)
{
	(void)state;
	frame[17] = 29; /* more than there is */
	link_ip_check(frame);
	dropped("PKT_TOO_SMALL", "IpExtInTruncatedPkts");
	frame[17] = 19; /* less than the header */
	link_ip_check(frame);
	dropped("IP_INHDR", "IpInHdrErrors");
	frame[17] = 20; /* nothing but the header */
	link_ip_check(frame);
	link_ndrops = 0;
	link_inject(frame, 34);
	assert_int_equal(link_ndrops, 0);
}

static void test_addresses(void **state)
{
	static const struct {
		u32 src, dst;
		const char *reason, *counter;
	} bad[] = {
		{ IP4(224, 0, 0, 1), LINK_NEAR, "IP_INVALID_SOURCE", NULL },
		{ IP4(255, 255, 255, 255), LINK_NEAR, "IP_INVALID_SOURCE", NULL },
		{ IP4(127, 0, 0, 1), LINK_NEAR, "IP_INVALID_SOURCE", NULL },
		{ LINK_NEAR, LINK_NEAR, "IP_INVALID_SOURCE", NULL },
		{ LINK_FAR, IP4(127, 0, 0, 1), "IP_INVALID_SOURCE", NULL },
		{ LINK_FAR, IP4(10, 9, 0, 3), "IP_INNOROUTES", "IpInAddrErrors" },
		{ LINK_FAR, IP4(192, 0, 2, 1), "IP_INNOROUTES", "IpInAddrErrors" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		nframe = link_ip(frame, bad[i].src, bad[i].dst, PROTO, "x", 1);
		dropped(bad[i].reason, bad[i].counter);
	}
}

static void test_other_station(void **state)
{
	(void)state;
	frame[5] = 0x77;
	dropped("OTHERHOST", NULL);
	assert_int_equal(core_counter("IpInReceives"), 0);
}

static void test_reverse_path_filter(void **state)
{
	(void)state;
	nframe = link_ip(frame, IP4(192, 0, 2, 1), LINK_NEAR, PROTO, "x", 1);
	link_inject(frame, nframe);
	assert_int_equal(got, 1);
	IN_DEV_CONF_SET(__in_dev_get_rcu(wire0()), RP_FILTER, 1);
	dropped("IP_RPFILTER", "TcpExtIPReversePathFilter");
}

static void test_fragments_are_not_reassembled(void **state)
{
	(void)state;
	frame[20] = 0x20; /* more fragments */
	link_ip_check(frame);
	dropped("NOT_SPECIFIED", "IpReasmFails");
}

static void test_unknown_protocol(void **state)
{
	static const uint8_t want[] = { 3, 2 }; /* unreachable, protocol */

	(void)state;
	nframe = link_ip(frame, LINK_FAR, LINK_NEAR, 252, "x", 1);
	dropped("IP_NOPROTO", "IpInUnknownProtos");
	/* The sender is told. Its hardware address is asked for first. */
	link_pass(2);
	assert_int_equal(link_nframes, 1);
	link_inject(frame, link_arp(frame, 2, link_far_mac, LINK_FAR, link_near_mac, LINK_NEAR,
				    link_near_mac));
	link_pass(2);
	assert_int_equal(link_nframes, 2);
	assert_int_equal(link_frames[1].bytes[23], 1);
	assert_memory_equal(link_frames[1].bytes + 34, want, 2);
	/* what it was about: 20 bytes of header and what was behind it */
	assert_int_equal(link_frames[1].bytes[42 + 9], 252);
}

static void test_options(void **state)
{
	uint8_t *ip = frame + 14;

	(void)state;
	/* NOP NOP NOP END: allowed */
	nframe = link_ip(frame, LINK_FAR, LINK_NEAR, PROTO, "\1\1\1\0payload", 12);
	ip[0] = 0x46;
	link_ip_check(frame);
	link_inject(frame, nframe);
	assert_int_equal(got, 1);
	assert_int_equal(got_first, 'p');
	/* a length that does not fit, one that is too small */
	ip[20] = 7;
	ip[21] = 9;
	link_ip_check(frame);
	dropped("IP_INHDR", "IpInHdrErrors");
	ip[21] = 1;
	link_ip_check(frame);
	dropped("IP_INHDR", "IpInHdrErrors");
	/* record route whose pointer points into itself */
	ip[21] = 4;
	ip[22] = 2;
	link_ip_check(frame);
	dropped("IP_INHDR", "IpInHdrErrors");
}

/* Whatever bytes come, nothing is read that is not there (ASan), and each packet is accounted for. */
static void test_random_headers(void **state)
{
	u32 seed = 99;
	int i, k;

	(void)state;
	for (i = 0; i < 3000; i++) {
		nframe = link_ip(frame, LINK_FAR, LINK_NEAR, PROTO, "0123456789abcdefghij", 20);
		for (k = 0; k < 1 + i % 4; k++) {
			seed = seed * 1664525 + 1013904223;
			frame[14 + (seed >> 8) % 40] = seed >> 24;
		}
		if (i & 1)
			link_ip_check(frame);
		if (i % 3 == 0)
			nframe -= (seed >> 16) % 30;
		got = 0;
		link_ndrops = link_nframes = 0;
		link_inject(frame, nframe);
	}
	assert_int_equal(core_warnings(), 0);
}

static void test_ping(void **state)
{
	uint8_t echo[16] = { 8, 0, 0, 0, 0x12, 0x34, 0, 1, 'p', 'i', 'n', 'g', 1, 2, 3, 4 };
	u32 sum = 0;
	int i;

	(void)state;
	for (i = 0; i < 16; i += 2)
		sum += echo[i] << 8 | echo[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	echo[2] = (~sum >> 8) & 0xff;
	echo[3] = ~sum & 0xff;

	link_inject(frame,
		    link_arp(frame, 1, link_far_mac, LINK_FAR, NULL, LINK_NEAR, link_near_mac));
	link_pass(2);
	nframe = link_ip(frame, LINK_FAR, LINK_NEAR, 1, echo, sizeof(echo));
	link_inject(frame, nframe);
	link_pass(2);
	assert_int_equal(link_nframes, 2);
	assert_int_equal(link_frames[1].bytes[34], ICMP_ECHOREPLY);
	assert_memory_equal(link_frames[1].bytes + 38, echo + 4, 12);
	assert_int_equal(core_counter("IcmpInEchos"), 1);

	frame[34 + 2] ^= 1;
	dropped("ICMP_CSUM", "IcmpInCsumErrors");
	frame[34 + 2] ^= 1;
	assert_int_equal(core_sysctl("net.ipv4.icmp_echo_ignore_all", "1"), 0);
	link_inject(frame, nframe);
	link_pass(2);
	assert_int_equal(link_nframes, 2);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_good),
		T(test_padding_is_cut_off),
		T(test_version_and_header_length),
		T(test_shorter_than_a_header),
		T(test_checksum),
		T(test_total_length),
		T(test_addresses),
		T(test_other_station),
		T(test_reverse_path_filter),
		T(test_fragments_are_not_reassembled),
		T(test_unknown_protocol),
		T(test_options),
		T(test_random_headers),
		T(test_ping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
