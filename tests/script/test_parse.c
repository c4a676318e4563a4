/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The scenario language's parser: what a line becomes, and what is said about a bad one, to the
 * letter. Built with ASan and UBSan.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "viewer/script/play.h"
#include "viewer/script/script.h"

static struct script script;

static void parse(const char *text)
{
	if (script_parse(&script, "x.pkt", text, strlen(text)))
		fail_msg("%s\nin: %s", script.error, text);
	assert_non_null(script.events);
}

/* ---------------------------------------------------------------- good lines */

static void test_times(void **state)
{
	static const struct {
		const char *text;
		enum time_kind kind;
		int64_t begin, end;
		bool blocking, range;
	} times[] = {
		{ "0", TIME_ABSOLUTE, 0, 0, false, false },
		{ "1.25", TIME_ABSOLUTE, 1250000000, 1250000000, false, false },
		{ ".5", TIME_ABSOLUTE, 500000000, 500000000, false, false },
		{ "+0", TIME_RELATIVE, 0, 0, false, false },
		{ "+.000001", TIME_RELATIVE, 1000, 1000, false, false },
		{ "0~.1", TIME_ABSOLUTE, 0, 100000000, false, true },
		{ "+0~+.1", TIME_RELATIVE, 0, 100000000, false, true },
		{ "*", TIME_ANY, 0, 0, false, false },
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		char text[64];

		snprintf(text, sizeof(text), "%s > . 1:1(0) ack 1", times[i].text);
		parse(text);
		assert_int_equal(script.events->time, times[i].kind);
		assert_int_equal(script.events->begin_ns, times[i].begin);
		assert_int_equal(script.events->end_ns, times[i].end);
		assert_int_equal(script.events->blocking, times[i].blocking);
		assert_int_equal(script.events->range, times[i].range);
		script_free(&script);
	}
}

static void test_blocking_range(void **state)
{
	parse("0.2...0.3 close(3) = 0");
	assert_true(script.events->blocking);
	assert_int_equal(script.events->begin_ns, 200000000);
	assert_int_equal(script.events->end_ns, 300000000);
	script_free(&script);
}

static void test_comments(void **state)
{
	parse("# one\n// two\n/* three\n * lines **/ 0 /* in */ close(3) = 0 // end");
	assert_int_equal(script.events->at.line, 4);
	assert_int_equal(script.events->at.column, 14);
	assert_null(script.events->next);
	script_free(&script);
}

static void test_call_parts(void **state)
{
	const struct call *c;
	const struct value *v;

	parse("0 B: f(\"a\\x00\\\"b\", -5, A|B|C, ..., [1, 2], {n=h(1)}) = -1 EINTR (It was)");
	c = script.events->call;
	assert_string_equal(c->task, "B");
	assert_string_equal(c->name, "f");
	assert_string_equal(c->error, "EINTR");
	assert_int_equal(c->narguments, 6);
	assert_int_equal(c->result->number, -1);
	v = c->arguments;
	assert_int_equal(v->kind, VALUE_STRING);
	assert_int_equal(v->length, 4);
	assert_memory_equal(v->text, "a\0\"b", 5);
	v = v->next;
	assert_int_equal(v->number, -5);
	v = v->next;
	assert_int_equal(v->kind, VALUE_OPERATION);
	assert_string_equal(v->child->next->text, "C");
	v = v->next;
	assert_int_equal(v->kind, VALUE_ANY);
	v = v->next;
	assert_int_equal(v->child->next->number, 2);
	v = v->next;
	assert_string_equal(v->child->text, "n");
	assert_string_equal(v->child->child->text, "h");
	script_free(&script);
}

static void test_tcp(void **state)
{
	const struct packet *p;
	const struct tcp_option *o;

	parse("0 < ipv4 1.2.3.4 > 5.6.7.8: (ttl 5, id 7) [ect0] 80>1000 SPEW. 1:11(10) ack 20 win 30 "
	      "urg 4 <mss 1460,nop,sackOK,wscale 7,sack 1:2 3:4>");
	p = script.events->packet;
	assert_int_equal(p->kind, PACKET_TCP);
	assert_false(p->out);
	assert_true(p->has_addresses);
	assert_int_equal(p->ttl, 5);
	assert_int_equal(p->id, 7);
	assert_int_equal(p->ecn, 2);
	assert_int_equal(p->sport, 80);
	assert_int_equal(p->dport, 1000);
	assert_int_equal(p->flags, 0xda);
	assert_int_equal(p->seq, 1);
	assert_int_equal(p->length, 10);
	assert_int_equal(p->ack, 20);
	assert_int_equal(p->window, 30);
	assert_int_equal(p->urgent, 4);
	o = p->options;
	assert_int_equal(o->kind, OPTION_MSS);
	assert_int_equal(o->number, 1460);
	o = o->next->next->next;
	assert_int_equal(o->kind, OPTION_WSCALE);
	o = o->next;
	assert_int_equal(o->nblocks, 2);
	assert_int_equal(o->block[1][1], 4);
	script_free(&script);
}

static void test_option_bytes(void **state)
{
	const struct tcp_option *o;

	parse("0 > S 0:0(0) <FO 0123456789abcdef,FO 12345678,FOEXP aa,kind 77 0001,TS val 1 ecr 2>");
	o = script.events->packet->options;
	assert_int_equal(o->nbytes, 8);
	assert_memory_equal(o->bytes, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
	o = o->next;
	assert_memory_equal(o->bytes, "\x12\x34\x56\x78", 4);
	o = o->next;
	assert_int_equal(o->kind, OPTION_EXP);
	assert_memory_equal(o->bytes, "\xf9\x89\xaa", 3);
	o = o->next;
	assert_true(o->raw);
	assert_int_equal(o->kind, 77);
	o = o->next;
	assert_int_equal(o->echo, 2);
	script_free(&script);
}

/* The quoted segment may stand on either side, the type and code be numbers. */
static void test_icmp(void **state)
{
	static const char *const lines[] = {
		"0 < icmp unreachable frag_needed mtu 1200 [1:1001(1000)]",
		"0 < [1:1001(1000)] icmp unreachable frag_needed mtu 1200",
		"0 < icmp type 3 code 4 mtu 1200 [1:1001(1000)]",
	};

	for (size_t i = 0; i < 3; i++) {
		const struct packet *p;

		parse(lines[i]);
		p = script.events->packet;
		assert_int_equal(p->kind, PACKET_ICMP);
		assert_int_equal(p->icmp_type, 3);
		assert_int_equal(p->icmp_code, 4);
		assert_int_equal(p->icmp_mtu, 1200);
		assert_true(p->has_quote);
		assert_int_equal(p->seq, 1);
		assert_int_equal(p->length, 1000);
		script_free(&script);
	}
}

static void test_others(void **state)
{
	parse("--mtu=1400\nseed 9\n`true`\n0 < udp (100)\n+0 > arp request who-has 1.2.3.4 tell 5.6.7.8\n"
	      "+0 < arp reply 1.2.3.4 is-at 02:0a:0b:0c:0d:0e\n+0 < raw \"45 00\"\n+0 < frame \"ffff\"\n"
	      "+0 %{ assert a == 1 and not b, a assert c | 1 < 3; assert counter(\"X\") }%");
	assert_string_equal(script.settings->name, "mtu");
	assert_string_equal(script.settings->value, "1400");
	assert_int_equal(script.seed, 9);
	assert_true(script.has_arp);
	script_free(&script);
}

/* ---------------------------------------------------------------- bad ones */

static const struct {
	const char *text, *error;
} bad[] = {
	{ "0 close(3) = ",
	  "x.pkt:1:14: unexpected the end of the script: expected a number, '...' or '-'" },
	{ "0 close(3 = 0", "x.pkt:1:11: unexpected '=': expected ')', ',' or '|'" },
	{ "0\n\n\tclose(3) = 0\n+0 close[3] = 0",
	  "x.pkt:4:9: unexpected '[': expected ':' or '('" },
	{ "0 connect(3, ..., ...) = -1 EFOO",
	  "x.pkt:1:29: EFOO: expected the name of an errno, like ECONNREFUSED" },
	{ "0 connect(3, ..., ...) = 0 EINTR",
	  "x.pkt:1:28: EINTR: expected an errno only after '= -1'" },
	{ "close(3) = 0",
	  "x.pkt:1:1: unexpected a word: expected the next line, which begins with a "
	  "time, '+' or '*'" },
	{ "0 > S 0:0(5)", "x.pkt:1:7: sequence range 0:0(5): expected (0)" },
	{ "0 > Q 0:0(0)",
	  "x.pkt:1:5: flags 'Q': expected letters of S F R P U E W and '.' for ACK" },
	{ "0 > S 0:0(0) ack 1", "x.pkt:1:14: ack: expected only with the ACK flag '.'" },
	{ "0 > S 0:0(0) win 65536", "x.pkt:1:18: win 65536: expected a number from 0 to 65535" },
	{ "0 < S 0:0(0)", "x.pkt:1:3: inbound packet: expected a window, like 'win 1000'" },
	{ "0 < S 0:0(0) win 1 <...>",
	  "x.pkt:1:3: inbound packet: expected its options, not '<...>'" },
	{ "0 > S 0:0(0) <mss>", "x.pkt:1:18: unexpected '>': expected a number" },
	{ "0 > S 0:0(0) <mss 70000>", "x.pkt:1:19: mss 70000: expected a number from 0 to 65535" },
	{ "0 > S 0:0(0) <TS val 1>", "x.pkt:1:23: unexpected '>': expected 'ecr'" },
	{ "0 > S 0:0(0) <FO abc>", "x.pkt:1:18: 'abc': expected pairs of hex digits, 38 bytes at "
				   "most" },
	{ "0 < S 0:0(0) win 1 <md5 \"\">", "x.pkt:1:25: md5: expected a key of 1 to 80 bytes" },
	{ "0 > S 0:0(0) <sack 1:2 3:4 5:6 7:8,TS val 1 ecr 2>",
	  "x.pkt:1:15: TCP options of 44 bytes: expected 40 at most" },
	{ "0 > S 0:0(0) <sack 1:2 3:4 5:6 7:8 9:10>",
	  "x.pkt:1:36: sack: expected 4 blocks at most" },
	{ "0 > (ttl 300) S 0:0(0)", "x.pkt:1:10: ttl: expected a number from 0 to 255" },
	{ "0 > (ect9) S 0:0(0)",
	  "x.pkt:1:6: ect9: expected ttl N, tos N, id N, ect0, ect1, ect01, ce, "
	  "noecn, DF, noDF, badsum, badipsum or inside" },
	{ "0 < icmp unreachable lost",
	  "x.pkt:1:22: icmp lost: expected a code of that type, like port_unreachable" },
	{ "0 < icmp lost", "x.pkt:1:10: icmp lost: expected a type, like unreachable" },
	{ "0 > raw \"00\"", "x.pkt:1:3: outbound packet: expected none made of bytes or broken" },
	{ "0 < raw \"0\"", "x.pkt:1:9: bytes: expected pairs of hex digits, 1514 bytes at most" },
	{ "0 < arp reply who-has 1.2.3.4 tell 1.2.3.4",
	  "x.pkt:1:9: arp reply: expected 'request'" },
	{ "0 < ipv4 1.2.3.400 > 1.2.3.4: R 0:0(0)",
	  "x.pkt:1:10: 1.2.3.400: expected an IPv4 address" },
	{ "0...1 > S 0:0(0)", "x.pkt:1:1: time range A...B: expected a system call after it (a "
			      "packet's range is A~B)" },
	{ "0~1 close(3) = 0", "x.pkt:1:1: time range A~B: expected an outbound packet after it (a "
			      "call's range is A...B)" },
	{ "* close(3) = 0", "x.pkt:1:1: time '*': expected an outbound packet after it" },
	{ "1...0 close(3) = 0",
	  "x.pkt:1:1: time range: expected its end not before its beginning" },
	{ "99999999999 close(3) = 0",
	  "x.pkt:1:1: time '99999999999': expected less than 68 years" },
	{ "0 f(99999999999999999999) = 0",
	  "x.pkt:1:5: number '99999999999999999999': expected at most 64 bits" },
	{ "0 f(\"\\q\") = 0",
	  "x.pkt:1:5: string: expected one of \\n \\t \\r \\0 \\\\ \\\" \\xHH" },
	{ "0 f(\"abc", "x.pkt:1:5: string: expected '\"' before the end of the line" },
	{ "0 `true", "x.pkt:1:3: command: expected '`' before the end" },
	{ "/* no end", "x.pkt:1:1: comment: expected '*/' before the end" },
	{ "0 f(@) = 0", "x.pkt:1:5: '@': expected a word of the language" },
	{ "0 f(\x80) = 0", "x.pkt:1:5: byte 0x80: expected a word of the language" },
	{ "0 close(3) = 0\n--mtu=1400",
	  "x.pkt:2:1: option '--mtu=1400': expected before the first event" },
	{ "0 %{ a == 1 }%", "x.pkt:1:6: unexpected a word: expected '}%' or 'assert'" },
};

static void test_errors(void **state)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(script_parse(&script, "x.pkt", bad[i].text, strlen(bad[i].text)),
				 -1);
		assert_string_equal(script.error, bad[i].error);
		script_free(&script);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),    cmocka_unit_test(test_blocking_range),
		cmocka_unit_test(test_comments), cmocka_unit_test(test_call_parts),
		cmocka_unit_test(test_tcp),      cmocka_unit_test(test_option_bytes),
		cmocka_unit_test(test_icmp),     cmocka_unit_test(test_others),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
