/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decoder against 243 packets that a v4.9 kernel sent, against frames of other protocols, and
 * against rubbish and every possible cut (run under ASan, where a byte too far is an error).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "viewer/decode.h"

#define RECORDED "tests/data/oracle/syn.jsonl"

/* Bytes from hex, after HEAD bytes of an Ethernet header for IPv4.  In memory of exactly its size,
 * so that the sanitizers see a step beyond. */
static uint8_t *frame_of_hex(const char *hex, size_t *len)
{
	size_t n = strlen(hex) / 2;
	uint8_t *p = malloc(n + 14);

	assert_non_null(p);
	memset(p, 2, 12);
	p[12] = 8;
	p[13] = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned int byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		p[14 + i] = (uint8_t)byte;
	}
	*len = n + 14;
	return p;
}

/* The recorded words for options ("MSS=1460", "TS val=1 ecr=2") in tcpdump's words. */
static void recorded_options(const json_t *list, char *out, size_t len)
{
	size_t i, at = 0;
	json_t *o;

	out[0] = '\0';
	json_array_foreach(list, i, o) {
		const char *s = json_string_value(o), *v = strpbrk(s, "= ");
		unsigned int a, b;
		char one[80];

		if (!strcmp(s, "NOP"))
			strcpy(one, "nop");
		else if (!strcmp(s, "SACK_PERM"))
			strcpy(one, "sackOK");
		else if (!strcmp(s, "TFO cookie-request"))
			strcpy(one, "tfo cookiereq");
		else if (sscanf(s, "TS val=%u ecr=%u", &a, &b) == 2)
			snprintf(one, sizeof(one), "TS val %u ecr %u", a, b);
		else if (!strncmp(s, "MSS=", 4))
			snprintf(one, sizeof(one), "mss %s", v + 1);
		else if (!strncmp(s, "WS=", 3))
			snprintf(one, sizeof(one), "wscale %s", v + 1);
		else if (!strncmp(s, "TFO cookie=", 11))
			snprintf(one, sizeof(one), "tfo cookie %s", v + 8);
		else if (!strncmp(s, "MD5 ", 4))
			snprintf(one, sizeof(one), "md5 %s", v + 1);
		else
			fail_msg("recorded option %s has no words here", s);
		at += (size_t)snprintf(out + at, len - at, "%s%s", at ? "," : "", one);
	}
}

static void recorded_flags(const char *letters, char *out)
{
	static const char order[] = "FSRPAUEC", shown[] = "FSRP.UEW";

	for (size_t i = 0; i < 8; i++)
		if (strchr(letters, order[i]))
			*out++ = shown[i];
	*out = '\0';
}

static int64_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static void check_recorded(const json_t *segment)
{
	const json_t *ip = json_object_get(segment, "ip"), *tcp = json_object_get(segment, "tcp");
	char want[400], got[400], address[16];
	struct decoded d;
	size_t len;
	uint8_t *frame = frame_of_hex(json_string_value(json_object_get(segment, "hex")), &len);

	decode_frame(&d, frame, len);
	assert_int_equal(d.layer, DECODE_TCP);
	assert_null(d.cut);
	assert_string_equal(decode_address(address, d.saddr),
			    json_string_value(json_object_get(ip, "saddr")));
	assert_string_equal(decode_address(address, d.daddr),
			    json_string_value(json_object_get(ip, "daddr")));
	assert_int_equal(d.ip_sum_bad, !json_is_true(json_object_get(ip, "csum_ok")));
	assert_int_equal(d.sport, number(tcp, "sport"));
	assert_int_equal(d.dport, number(tcp, "dport"));
	assert_int_equal(d.seq, number(tcp, "seq"));
	assert_int_equal(d.ack, number(tcp, "ack"));
	assert_int_equal(d.window, number(tcp, "window"));
	assert_int_equal(d.payload_len, number(tcp, "payload_len"));
	assert_int_equal(d.sum_bad, !json_is_true(json_object_get(tcp, "csum_ok")));
	recorded_flags(json_string_value(json_object_get(tcp, "flags")), want);
	assert_string_equal(decode_flags(got, d.flags), want);
	recorded_options(json_object_get(tcp, "options"), want, sizeof(want));
	assert_string_equal(decode_tcp_options(got, sizeof(got), &d), want);
	free(frame);
}

static void test_recorded(void **state)
{
	static const char *const segments[] = { "syn", "synack", "ack" };
	char line[32768];
	FILE *f = fopen(RECORDED, "r");
	int n = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		json_t *o = json_loads(line, 0, NULL);

		assert_non_null(o);
		for (size_t i = 0; i < 3; i++) {
			const json_t *segment = json_object_get(o, segments[i]);

			if (!json_is_object(segment))
				continue;
			check_recorded(segment);
			n++;
		}
		json_decref(o);
	}
	fclose(f);
	assert_int_equal(n, 243);
}

#define SYN                                                                                \
	"4500003c6f0540004006b7a20a0900010a090002b40c13883fb9e21700000000a00272104b660000" \
	"020405b40402080afffb8d130000000001030307"
#define SYNACK                                                                             \
	"4500003c00004000400626a80a0900020a0900011388b40ca5627d193fb9e218a01271209caf0000" \
	"020405b40402080afffb8d1dfffb8d1301030307"
#define ACK                                                                                \
	"450000346f0640004006b7a90a0900010a090002b40c13883fb9e218a5627d1a801000e53ba70000" \
	"0101080afffb8d23fffb8d1d"

/* Decodes hex behind an Ethernet header into its line; learns from it at the step. */
static const char *line_of(const char *hex, struct decode_flows *flows, int64_t step)
{
	static char line[512];
	struct decoded d;
	size_t len;
	uint8_t *frame = frame_of_hex(hex, &len);

	decode_frame(&d, frame, len);
	if (flows)
		decode_learn(flows, &d, step);
	decode_line(line, sizeof(line), &d, flows, step);
	free(frame);
	return line;
}

/* Word for word what tcpdump 4.99 -n prints for these three. */
static void test_lines(void **state)
{
	struct decode_flows flows = { 0 };

	assert_string_equal(
		line_of(SYN, &flows, 10),
		"IP 10.9.0.1.46092 > 10.9.0.2.5000: Flags [S], seq 1069146647, win "
		"29200, options [mss 1460,sackOK,TS val 4294675731 ecr 0,nop,wscale 7], "
		"length 0");
	assert_string_equal(line_of(SYNACK, &flows, 20),
			    "IP 10.9.0.2.5000 > 10.9.0.1.46092: Flags [S.], seq 2774695193, ack "
			    "1069146648, win 28960, options [mss 1460,sackOK,TS val 4294675741 ecr "
			    "4294675731,nop,wscale 7], length 0");
	assert_string_equal(line_of(ACK, &flows, 30),
			    "IP 10.9.0.1.46092 > 10.9.0.2.5000: Flags [.], ack 1, win 229, options "
			    "[nop,nop,TS val 4294675747 ecr 4294675741], length 0");
	/* Without memory, or before the SYN-ACK was seen, numbers stay absolute. */
	assert_non_null(strstr(line_of(ACK, NULL, 30), "ack 2774695194,"));
	assert_non_null(strstr(line_of(ACK, &flows, 15), "ack 2774695194,"));
	decode_flows_free(&flows);
}

static void test_bad_sums(void **state)
{
	char hex[] = SYN;

	hex[strlen(hex) - 1] ^= 1; /* window scale 6 */
	assert_non_null(strstr(line_of(hex, NULL, 0), "bad cksum"));
	hex[17] ^= 1; /* ttl */
	assert_non_null(strstr(line_of(hex, NULL, 0), "bad IP cksum"));
}

static const uint8_t arp_request[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0,  0, 0, 0, 1, 8, 6, 0, 1, 8, 0,  6, 4, 0,
	1,    2,    0,    0,    0,    0,    1, 10, 9, 0, 1, 0, 0, 0, 0, 0, 0, 10, 9, 0, 2,
};

static const char *line_of_bytes(const uint8_t *bytes, size_t len)
{
	static char line[512];
	struct decoded d;

	decode_frame(&d, bytes, len);
	return decode_line(line, sizeof(line), &d, NULL, 0);
}

static void test_arp(void **state)
{
	uint8_t reply[sizeof(arp_request)];

	assert_string_equal(line_of_bytes(arp_request, sizeof(arp_request)),
			    "ARP, Request who-has 10.9.0.2 tell 10.9.0.1, length 28");
	memcpy(reply, arp_request, sizeof(reply));
	reply[21] = 2;
	assert_string_equal(line_of_bytes(reply, sizeof(reply)),
			    "ARP, Reply 10.9.0.1 is-at 02:00:00:00:00:01, length 28");
	assert_non_null(strstr(line_of_bytes(arp_request, 30), "[|arp]"));
}

/* Host unreachable about the SYN, an echo request, a UDP datagram, a second fragment. */
static void test_others(void **state)
{
	const char *s = line_of("450000380000000040010000"
				"0a090002"
				"0a090001"
				"03010000"
				"00000000"
				"4500003c6f0540004006b7a20a0900010a090002b40c1388"
				"3fb9e217",
				NULL, 0);

	assert_non_null(strstr(s, "IP 10.9.0.2 > 10.9.0.1: ICMP host unreachable (about TCP "
				  "10.9.0.1.46092 > 10.9.0.2.5000), length 36"));
	s = line_of("450000380000000040010000"
		    "0a090002"
		    "0a090001"
		    "03040000"
		    "000005dc"
		    "4500003c6f0540004006b7a20a0900010a090002b40c13883fb9e217",
		    NULL, 0);
	assert_non_null(strstr(s, "fragmentation needed (mtu 1500)"));
	s = line_of("4500001c0000000040010000"
		    "0a090002"
		    "0a090001"
		    "0800000000010002",
		    NULL, 0);
	assert_non_null(strstr(s, "ICMP echo request, id 1, seq 2, length 8"));
	s = line_of("450000200000000040110000"
		    "0a090001"
		    "0a090002"
		    "003500350"
		    "00c0000"
		    "61626364",
		    NULL, 0);
	assert_non_null(strstr(s, "IP 10.9.0.1.53 > 10.9.0.2.53: UDP, length 4"));
	s = line_of("4500001c0000000240060000"
		    "0a090001"
		    "0a090002"
		    "0000000000000000",
		    NULL, 0);
	assert_non_null(strstr(s, "ip-proto-6 fragment at 16, length 8"));
	s = line_of("4700001c00000000400b0000"
		    "0a090001"
		    "0a090002"
		    "83070"
		    "40a0a0001"
		    "00",
		    NULL, 0);
	assert_non_null(strstr(s, "IP options [lsrr 10.10.0.1^,eol]"));
}

static void count_field(void *ctx, bool heading, size_t offset, size_t length, const char *name,
			const char *value)
{
	size_t *len = ctx;

	assert_non_null(name);
	assert_non_null(value);
	assert_true(offset + length <= *len);
	(void)heading;
}

/* Each length from nothing to whole, in memory of exactly that size. */
static void test_every_cut(void **state)
{
	static const char *const hexes[] = { SYN, SYNACK, ACK };
	struct decode_flows flows = { 0 };
	char line[512];

	for (size_t h = 0; h < 3; h++) {
		size_t whole;
		uint8_t *frame = frame_of_hex(hexes[h], &whole);

		for (size_t len = 0; len <= whole; len++) {
			uint8_t *cut = malloc(len ? len : 1);
			struct decoded d;

			memcpy(cut, frame, len);
			decode_frame(&d, cut, len);
			decode_learn(&flows, &d, (int64_t)len);
			decode_line(line, sizeof(line), &d, &flows, (int64_t)len);
			if (len < 54)
				assert_non_null(d.cut);
			decode_fields(&d, &flows, (int64_t)len, count_field, &len);
			free(cut);
		}
		free(frame);
	}
	decode_flows_free(&flows);
}

/* Random bytes behind believable beginnings: nothing may be read beyond the end. */
static void test_rubbish(void **state)
{
	char line[64]; /* short on purpose: words must be cut, not overrun */

	srandom(1);
	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)random() % 120;
		uint8_t *p = malloc(len ? len : 1);
		struct decoded d;

		for (size_t i = 0; i < len; i++)
			p[i] = (uint8_t)random();
		if (len > 13) {
			p[12] = 8;
			p[13] = round & 1 ? 0 : 6;
		}
		if (len > 23) {
			p[14] = (uint8_t)(0x40 | (p[14] & 15));
			p[16] = 0;
			p[23] = (uint8_t[]){ 6, 17, 1, 6 }[round >> 1 & 3];
			p[20] = p[21] = 0;
		}
		decode_frame(&d, p, len);
		decode_line(line, sizeof(line), &d, NULL, 0);
		assert_true(strlen(line) < sizeof(line));
		decode_fields(&d, NULL, 0, count_field, &len);
		free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_bad_sums), cmocka_unit_test(test_arp),
		cmocka_unit_test(test_others),   cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_rubbish),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
