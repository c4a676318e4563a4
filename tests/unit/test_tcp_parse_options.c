/* SPDX-License-Identifier: GPL-2.0-only */

/* Options of a segment: what is understood, what is ignored, and that no peer can lead astray. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/net/ipv4/tcp_input.h"

/* A segment with up to 40 bytes of options, followed by bytes that no parser may read. */
struct segment {
	struct sk_buff skb;
	union {
		struct tcphdr th;
		uint8_t bytes[20 + 40 + 8];
	};
};

static struct segment seg;
static struct tcp_options_received opt;
static struct tcp_fastopen_cookie foc;

/*
 * Lays @len bytes of options, padded with ends to whole words, behind a header, and parses them as
 * part of a SYN or of later data.
 */
static void parse(const uint8_t *options, size_t len, int syn, int estab)
{
	size_t i, padded = (len + 3) / 4 * 4;

	assert_true(padded <= 40);
	__builtin_memset(&seg, 0, sizeof(seg));
	for (i = 0; i < sizeof(seg.bytes) - 20; i++)
		seg.bytes[20 + i] = i < len ? options[i] : i < padded ? 0 : 0xee;
	seg.th.doff = (5 + padded / 4) & 0xf;
	seg.th.syn = syn & 1;
	seg.skb.head = seg.bytes;
	seg.skb.transport_header = 0;
	foc.len = -1;
	tcp_parse_options(&seg.skb, &opt, estab, &foc);
}

#define PARSE(syn, estab, ...)                               \
	do {                                                 \
		static const uint8_t _o[] = { __VA_ARGS__ }; \
		parse(_o, sizeof(_o), syn, estab);           \
	} while (0)

static int setup(void **state)
{
	(void)state;
	__builtin_memset(&opt, 0, sizeof(opt));
	opt.mss_clamp = 536;
	return 0;
}

/* What a v4.9 kernel answers by default. */
static void test_synack_of_linux(void **state)
{
	(void)state;
	PARSE(1, 0, 2, 4, 0x05, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7);
	assert_int_equal(opt.mss_clamp, 1460);
	assert_int_equal(opt.sack_ok, TCP_SACK_SEEN);
	assert_int_equal(opt.saw_tstamp, 1);
	assert_int_equal(opt.rcv_tsval, 0x01020304);
	assert_int_equal(opt.rcv_tsecr, 0x05060708);
	assert_int_equal(opt.wscale_ok, 1);
	assert_int_equal(opt.snd_wscale, 7);
	assert_int_equal(foc.len, -1);
}

static void test_none(void **state)
{
	(void)state;
	opt.saw_tstamp = 1;
	parse(NULL, 0, 1, 0);
	assert_int_equal(opt.saw_tstamp, 0);
	assert_int_equal(opt.mss_clamp, 536);
	assert_int_equal(opt.wscale_ok, 0);
}

static void test_mss_is_bounded_by_the_user(void **state)
{
	(void)state;
	opt.user_mss = 1000;
	PARSE(1, 0, 2, 4, 0x05, 0xb4);
	assert_int_equal(opt.mss_clamp, 1000);
	opt.user_mss = 2000;
	PARSE(1, 0, 2, 4, 0x05, 0xb4);
	assert_int_equal(opt.mss_clamp, 1460);
}

static void test_mss_of_zero_is_ignored(void **state)
{
	(void)state;
	PARSE(1, 0, 2, 4, 0, 0);
	assert_int_equal(opt.mss_clamp, 536);
}

static void test_scale_is_at_most_14(void **state)
{
	(void)state;
	PARSE(1, 0, 3, 3, 15, 0);
	assert_int_equal(opt.wscale_ok, 1);
	assert_int_equal(opt.snd_wscale, 14);
}

/* Offers count in a SYN only; afterwards they are settled. */
static void test_offers_only_in_a_syn(void **state)
{
	(void)state;
	PARSE(0, 1, 2, 4, 0x05, 0xb4, 3, 3, 7, 4, 2, 0, 0, 0);
	assert_int_equal(opt.mss_clamp, 536);
	assert_int_equal(opt.wscale_ok, 0);
	assert_int_equal(opt.sack_ok, 0);
}

static void test_stamps_later_only_if_agreed(void **state)
{
	(void)state;
	PARSE(0, 1, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2);
	assert_int_equal(opt.saw_tstamp, 0);
	opt.tstamp_ok = 1;
	PARSE(0, 1, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2);
	assert_int_equal(opt.saw_tstamp, 1);
	assert_int_equal(opt.rcv_tsval, 1);
	assert_int_equal(opt.rcv_tsecr, 2);
}

static void test_switches(void **state)
{
	(void)state;
	sysctl_tcp_timestamps = sysctl_tcp_sack = sysctl_tcp_window_scaling = 0;
	PARSE(1, 0, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7);
	sysctl_tcp_timestamps = sysctl_tcp_sack = sysctl_tcp_window_scaling = 1;
	assert_int_equal(opt.sack_ok, 0);
	assert_int_equal(opt.saw_tstamp, 0);
	assert_int_equal(opt.wscale_ok, 0);
}

static void test_sack_blocks_are_found(void **state)
{
	(void)state;
	opt.sack_ok = TCP_SACK_SEEN;
	PARSE(0, 1, 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9);
	/* The kind byte stands 22 bytes into the header. */
	assert_int_equal(TCP_SKB_CB(&seg.skb)->sacked, 22);

	/* Not a whole number of blocks. */
	PARSE(0, 1, 1, 1, 5, 9, 0, 0, 0, 1, 0, 0, 0, 9);
	assert_int_equal(TCP_SKB_CB(&seg.skb)->sacked, 0);

	opt.sack_ok = 0;
	PARSE(0, 1, 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9);
	assert_int_equal(TCP_SKB_CB(&seg.skb)->sacked, 0);
}

static void test_end_of_options_ends(void **state)
{
	(void)state;
	PARSE(1, 0, 0, 2, 4, 0x05, 0xb4, 0, 0, 0);
	assert_int_equal(opt.mss_clamp, 536);
}

static void test_unknown_ones_are_skipped(void **state)
{
	(void)state;
	PARSE(1, 0, 77, 5, 1, 2, 3, 2, 4, 0x05, 0xb4, 0);
	assert_int_equal(opt.mss_clamp, 1460);
}

/* Lengths that lie: 0 and 1 would loop for ever, long ones read the payload. */
static void test_lengths_that_lie(void **state)
{
	(void)state;
	PARSE(1, 0, 77, 0, 2, 4, 0x05, 0xb4, 0, 0);
	assert_int_equal(opt.mss_clamp, 536);
	PARSE(1, 0, 77, 1, 2, 4, 0x05, 0xb4, 0, 0);
	assert_int_equal(opt.mss_clamp, 536);
	PARSE(1, 0, 77, 40, 2, 4, 0x05, 0xb4, 0, 0);
	assert_int_equal(opt.mss_clamp, 536);
	/* The kind is the last byte of the header: its length would be payload. */
	PARSE(1, 0, 1, 1, 1, 2);
	assert_int_equal(opt.mss_clamp, 536);
	/* A known kind of a wrong length. */
	PARSE(1, 0, 2, 3, 0x05, 0xb4);
	assert_int_equal(opt.mss_clamp, 536);
	/* Begins inside, ends outside. */
	PARSE(1, 0, 1, 8, 10, 0);
	assert_int_equal(opt.saw_tstamp, 0);
}

static void test_fastopen_cookie(void **state)
{
	(void)state;
	PARSE(1, 0, 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0);
	assert_int_equal(foc.len, 8);
	assert_int_equal(foc.exp, 0);
	assert_int_equal(foc.val[7], 8);

	PARSE(1, 0, 254, 12, 0xf9, 0x89, 1, 2, 3, 4, 5, 6, 7, 9, 0, 0);
	assert_int_equal(foc.len, 8);
	assert_int_equal(foc.exp, 1);
	assert_int_equal(foc.val[7], 9);

	/* Somebody else's experiment. */
	PARSE(1, 0, 254, 12, 0xf9, 0x88, 1, 2, 3, 4, 5, 6, 7, 9, 0, 0);
	assert_int_equal(foc.len, -1);
	/* A request, which is no cookie. */
	PARSE(1, 0, 34, 2, 0, 0);
	assert_int_equal(foc.len, 0);
	/* Odd, and too short. */
	PARSE(1, 0, 34, 7, 1, 2, 3, 4, 5, 0);
	assert_int_equal(foc.len, -1);
	PARSE(1, 0, 34, 4, 1, 2, 0, 0);
	assert_int_equal(foc.len, -1);
	/* Not in a SYN. */
	PARSE(0, 1, 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0);
	assert_int_equal(foc.len, -1);
}

static void test_md5_signature(void **state)
{
	static const uint8_t o[20] = { 1, 1, 19, 18, 0xa0, [19] = 0xaf };

	(void)state;
	parse(o, sizeof(o), 1, 0);
	assert_ptr_equal(tcp_parse_md5sig_option(&seg.th), seg.bytes + 24);

	PARSE(1, 0, 2, 4, 0x05, 0xb4);
	assert_null(tcp_parse_md5sig_option(&seg.th));
	/* Room enough, but it is not there; and one of a wrong length. */
	PARSE(1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
	assert_null(tcp_parse_md5sig_option(&seg.th));
	PARSE(1, 0, 19, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	assert_null(tcp_parse_md5sig_option(&seg.th));
}

/* Every string of two option headers: the parser must end, and stay inside. */
static void test_every_pair_of_lengths(void **state)
{
	uint8_t o[12] = { 0 };
	int kind, len, second;

	(void)state;
	for (kind = 0; kind < 256; kind++)
		for (len = 0; len < 256; len++)
			for (second = 0; second < 256; second += 5) {
				o[0] = (uint8_t)kind;
				o[1] = (uint8_t)len;
				o[4] = (uint8_t)second;
				o[5] = (uint8_t)(second ^ len);
				parse(o, sizeof(o), 1, 0);
				tcp_parse_md5sig_option(&seg.th);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_synack_of_linux, setup),
		cmocka_unit_test_setup(test_none, setup),
		cmocka_unit_test_setup(test_mss_is_bounded_by_the_user, setup),
		cmocka_unit_test_setup(test_mss_of_zero_is_ignored, setup),
		cmocka_unit_test_setup(test_scale_is_at_most_14, setup),
		cmocka_unit_test_setup(test_offers_only_in_a_syn, setup),
		cmocka_unit_test_setup(test_stamps_later_only_if_agreed, setup),
		cmocka_unit_test_setup(test_switches, setup),
		cmocka_unit_test_setup(test_sack_blocks_are_found, setup),
		cmocka_unit_test_setup(test_end_of_options_ends, setup),
		cmocka_unit_test_setup(test_unknown_ones_are_skipped, setup),
		cmocka_unit_test_setup(test_lengths_that_lie, setup),
		cmocka_unit_test_setup(test_fastopen_cookie, setup),
		cmocka_unit_test_setup(test_md5_signature, setup),
		cmocka_unit_test_setup(test_every_pair_of_lengths, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
