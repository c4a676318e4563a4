/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The options of segments, byte for byte where no recording has them: SACK blocks, cookies. The
 * SYN's, under every recorded setting, are in tests/oracle/test_syn.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/string.h>
#include <net/tcp.h>

#include "core/net/ipv4/tcp_output.h"

/* Two SACK blocks behind the time stamps; a duplicate is reported in the first. */
static void test_sack_blocks(void **state)
{
	static const uint8_t expected[] = {
		1, 1, 8,  10, 0, 0, 0,  7, 0, 0, 0, 9, /* NOP NOP TS 7 9 */
		1, 1, 5,  18,                          /* NOP NOP SACK, 18 bytes */
		0, 0, 16, 0,  0, 0, 32, 0,             /* 0x1000-0x2000 */
		0, 0, 48, 0,  0, 0, 64, 0,             /* 0x3000-0x4000 */
	};
	struct tcp_out_options opts = {
		.options = OPTION_TS, .tsval = 7, .tsecr = 9, .num_sack_blocks = 2
	};
	struct tcp_sock tp;
	uint8_t out[40] = { 0 };

	(void)state;
	memset(&tp, 0, sizeof(tp));
	tp.selective_acks[0] = (struct tcp_sack_block){ 0x1000, 0x2000 };
	tp.selective_acks[1] = (struct tcp_sack_block){ 0x3000, 0x4000 };
	tcp_options_write((__be32 *)out, &tp, &opts);
	assert_memory_equal(out, expected, sizeof(expected));

	tp.rx_opt.dsack = 1;
	tp.duplicate_sack[0] = (struct tcp_sack_block){ 1, 2 };
	opts.num_sack_blocks = 1;
	tcp_options_write((__be32 *)out, &tp, &opts);
	assert_int_equal(out[19], 1);
	assert_int_equal(out[23], 2);
	assert_int_equal(tp.rx_opt.dsack, 0);
}

static struct tcp_md5sig_key *no_key(const struct sock *sk, const struct sock *addr_sk)
{
	(void)sk, (void)addr_sk;
	return NULL;
}

/* Four blocks fit without time stamps, three with. */
static void test_established_size(void **state)
{
	static const struct tcp_sock_af_ops ops = { .md5_lookup = no_key };
	static const struct {
		int tstamp_ok, num_sacks, dsack;
		unsigned int size;
	} cases[] = {
		{ 0, 0, 0, 0 },  { 1, 0, 0, 12 }, { 0, 1, 0, 12 }, { 1, 1, 0, 24 }, { 1, 3, 0, 40 },
		{ 1, 4, 0, 40 }, { 0, 4, 0, 36 }, { 1, 0, 1, 24 }, { 1, 2, 1, 40 },
	};
	struct tcp_out_options opts;
	struct tcp_md5sig_key *md5;
	struct tcp_sock tp;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&tp, 0, sizeof(tp));
		memset(&opts, 0, sizeof(opts));
		tp.af_specific = &ops;
		tp.rx_opt.tstamp_ok = cases[i].tstamp_ok;
		tp.rx_opt.num_sacks = cases[i].num_sacks;
		tp.rx_opt.dsack = cases[i].dsack;
		assert_int_equal(tcp_established_options((struct sock *)&tp, NULL, &opts, &md5),
				 cases[i].size);
	}
}

/* A cookie of eight bytes is padded to a word; a request for one is empty. */
static void test_fastopen_cookie(void **state)
{
	static const uint8_t with[] = { 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
	static const uint8_t request[] = { 34, 2, 1, 1 };
	static const uint8_t experimental[] = { 254, 12, 0xf9, 0x89, 1, 2, 3, 4, 5, 6, 7, 8 };
	struct tcp_fastopen_cookie cookie = { .len = 8, .val = { 1, 2, 3, 4, 5, 6, 7, 8 } };
	struct tcp_out_options opts = { .options = OPTION_FAST_OPEN_COOKIE,
					.fastopen_cookie = &cookie };
	uint8_t out[40];

	(void)state;
	tcp_options_write((__be32 *)out, NULL, &opts);
	assert_memory_equal(out, with, sizeof(with));

	cookie.exp = true;
	tcp_options_write((__be32 *)out, NULL, &opts);
	assert_memory_equal(out, experimental, sizeof(experimental));

	cookie.exp = false;
	cookie.len = 0;
	tcp_options_write((__be32 *)out, NULL, &opts);
	assert_memory_equal(out, request, sizeof(request));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sack_blocks),
		cmocka_unit_test(test_established_size),
		cmocka_unit_test(test_fastopen_cookie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
