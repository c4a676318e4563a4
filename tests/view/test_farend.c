/* SPDX-License-Identifier: GPL-2.0-only */

/* The scripted far end of the wire, frame by frame. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "viewer/farend.h"

static uint8_t last[256];
static size_t last_len;
static int sent;

static int inject(const char *ifname, const void *frame, size_t len, uint64_t delay_ns)
{
	assert_string_equal(ifname, "wire0");
	assert_int_equal(delay_ns, 5);
	assert_true(len <= sizeof(last));
	memcpy(last, frame, len);
	last_len = len;
	sent++;
	return 0;
}

static uint64_t clock_ns(void)
{
	/* 4294675741 ms, the far kernel's clock when it answered the SYN of the recording. */
	return 4294675741ull * 1000000;
}

static struct farend far;

static int set_up(void **state)
{
	const struct farend_config config = {
		.mac = { 2, 0, 0, 0, 0, 2 },
		.addr = inet_addr("10.9.0.2"),
		.gateway = inet_addr("10.9.0.2"),
		.port = 5000,
		.seed = 1,
		.delay_ns = 5,
		.now_ns = clock_ns,
		.inject = inject,
		.ifname = "wire0",
	};

	(void)state;
	farend_init(&far, &config);
	sent = 0;
	last_len = 0;
	return 0;
}

static size_t from_hex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2, i;

	for (i = 0; i < n; i++) {
		unsigned int byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		out[i] = (uint8_t)byte;
	}
	return n;
}

/* An IPv4 packet in hexadecimal digits, behind an Ethernet header from us to the far end. */
static void receive(const char *hex)
{
	uint8_t frame[256] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0 };

	farend_frame(&far, frame, 14 + from_hex(hex, frame + 14));
}

/* The Internet checksum over a whole header or segment is 0 when it is right. */
static uint16_t checksum(uint32_t sum, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += (uint32_t)p[i] << (i & 1 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* SYN, SYN-ACK and ACK as a v4.9 kernel sent them (tests/data/oracle/syn.jsonl). */
static const char syn[] = "4500003c6f0540004006b7a20a0900010a090002b40c13883fb9e21700000000a002721"
			  "04b660000020405b40402080afffb8d130000000001030307";
static const char synack[] = "4500003c00004000400626a80a0900020a0900011388b40ca5627d193fb9e218a0127"
			     "1209caf0000020405b40402080afffb8d1dfffb8d1301030307";
static const char ack[] = "450000346f0640004006b7a90a0900010a090002b40c13883fb9e218a5627d1a801000e5"
			  "3ba700000101080afffb8d23fffb8d1d";

static void test_arp(void **state)
{
	static const char ask[] = "00010800060400010200000000010a0900010000000000000a090002";
	static const char answer[] = "00010800060400020200000000020a0900020200000000010a090001";
	uint8_t frame[64] = { 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 6 };
	uint8_t expected[64] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6 };
	size_t len = 14 + from_hex(ask, frame + 14);

	(void)state;
	from_hex(answer, expected + 14);
	farend_frame(&far, frame, len);
	assert_int_equal(last_len, 42);
	assert_memory_equal(last, expected, 42);

	/* For another address it stays silent. */
	frame[41] = 9;
	farend_frame(&far, frame, len);
	assert_int_equal(sent, 1);
}

static void test_synack_is_the_kernels(void **state)
{
	uint8_t expected[64];
	size_t len = from_hex(synack, expected);
	uint8_t *ip = last + 14, *tcp = last + 34;

	(void)state;
	receive(syn);
	assert_int_equal(last_len, 14 + len);
	assert_int_equal(checksum(0, ip, 20), 0);
	assert_int_equal(checksum(6 + 40, ip + 12, len - 12), 0);
	/* Its own sequence number, and so its checksum, may differ. */
	memcpy(tcp + 4, expected + 24, 4);
	memcpy(tcp + 16, expected + 36, 2);
	assert_memory_equal(ip, expected, len);
	assert_int_equal(far.accepted, 0);
}

static void test_open_and_close(void **state)
{
	char fin[sizeof(ack)];
	uint32_t next;

	(void)state;
	receive(syn);
	next = far.snd_nxt;
	receive(ack);
	assert_int_equal(far.accepted, 1);
	assert_int_equal(far.state, FAREND_ESTABLISHED);
	assert_int_equal(far.peer_port, 46092);
	assert_int_equal(sent, 1);

	/* Flags ACK become FIN, ACK. */
	memcpy(fin, ack, sizeof(fin));
	fin[67] = '1';
	receive(fin);
	assert_int_equal(sent, 2);
	assert_int_equal(last[34 + 13], 0x11);
	assert_int_equal(far.state, FAREND_LAST_ACK);
	assert_int_equal(far.snd_nxt, next + 1);
}

static void test_refuses_other_ports(void **state)
{
	char other[sizeof(syn)];

	(void)state;
	memcpy(other, syn, sizeof(other));
	/* Destination port 5000 becomes 5001. */
	other[47] = '9';
	receive(other);
	assert_int_equal(last_len, 14 + 40);
	assert_int_equal(last[34 + 13], 0x14);
	assert_int_equal(checksum(6 + 20, last + 14 + 12, 28), 0);
	/* It acknowledges the SYN: 0x3fb9e217 + 1. */
	assert_int_equal(last[34 + 11], 0x18);
	assert_int_equal(far.state, FAREND_LISTEN);
}

static void test_survives_nonsense(void **state)
{
	uint8_t frame[128] = { 0 };
	size_t len, at;

	(void)state;
	for (len = 0; len <= 14; len++)
		farend_frame(&far, frame, len);
	/* A SYN cut short anywhere, and with every byte changed in turn. */
	memcpy(frame + 12, "\x08\x00", 2);
	len = 14 + from_hex(syn, frame + 14);
	for (at = 14; at < len; at++)
		farend_frame(&far, frame, at);
	assert_int_equal(sent, 0);
	for (at = 0; at < len; at++) {
		frame[at] ^= 0xff;
		farend_frame(&far, frame, len);
		frame[at] ^= 0xff;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_arp, set_up),
		cmocka_unit_test_setup(test_synack_is_the_kernels, set_up),
		cmocka_unit_test_setup(test_open_and_close, set_up),
		cmocka_unit_test_setup(test_refuses_other_ports, set_up),
		cmocka_unit_test_setup(test_survives_nonsense, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
