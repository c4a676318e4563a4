/* SPDX-License-Identifier: GPL-2.0-only */

/* Windows and sizes: what the SYN offers, what later segments offer, and how data is sized. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/include/synwalk/core.h"

#include <linux/string.h>
#include <net/tcp.h>

#include "core/net/ipv4/tcp_output.h"

static struct tcp_sock tp;
static struct sock *const sk = (struct sock *)&tp;

/* A world only for its settings; the socket stands alone. */
static int begin(void **state)
{
	const struct core_config config = { .seed = 1 };

	(void)state;
	memset(&tp, 0, sizeof(tp));
	return core_boot(&config);
}

static int end(void **state)
{
	(void)state;
	core_shutdown();
	return 0;
}

/* Windows and scales as v4.9 announced them under these settings. */
static void test_initial_window(void **state)
{
	static const struct {
		const char *rmem;
		int space;
		u32 mss, clamp, initrwnd;
		int scaling;
		u32 window, clamp_after;
		u8 scale;
	} cases[] = {
		/* defaults; TCP_MAXSEG; the route's MSS of 100 and of 65000 */
		{ "4096 87380 6291456", 43690, 1460, 0, 0, 1, 29200, 8388480, 7 },
		{ "4096 87380 6291456", 43690, 536, 0, 0, 1, 10720, 8388480, 7 },
		{ "4096 87380 6291456", 43690, 100, 0, 0, 1, 43600, 8388480, 7 },
		{ "4096 87380 6291456", 43690, 65000, 0, 0, 1, 43690, 8388480, 7 },
		{ "4096 87380 6291456", 43690, 8960, 0, 0, 1, 26880, 8388480, 7 },
		/* no scaling; a clamp; the route's initrwnd */
		{ "4096 87380 6291456", 43690, 1460, 0, 0, 0, 29200, 65535, 0 },
		{ "4096 87380 6291456", 43690, 1460, 4096, 0, 1, 2920, 4096, 0 },
		{ "4096 87380 6291456", 43690, 1460, 1000000, 0, 1, 29200, 1000000, 4 },
		{ "4096 87380 6291456", 43690, 1460, 0, 2, 1, 2920, 8388480, 7 },
		/* what the receive buffer may grow to decides the scale */
		{ "4096 16384 1000000", 8192, 1460, 0, 0, 1, 7300, 1048560, 4 },
		{ "4096 87380 16777216", 43690, 1460, 0, 0, 1, 29200, 33553920, 9 },
		{ "4096 87380 65535", 43690, 1460, 0, 0, 1, 29200, 262140, 2 },
		/* less than a segment; nothing at all */
		{ "4096 87380 6291456", 1000, 1460, 1152, 0, 1, 1000, 1152, 0 },
		{ "4096 87380 6291456", -5, 1460, 0, 0, 1, 0, 8388480, 7 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		u32 window = 1, clamp = cases[i].clamp;
		u8 scale = 99;

		assert_int_equal(core_sysctl("net.ipv4.tcp_rmem", cases[i].rmem), 0);
		tcp_select_initial_window(cases[i].space, cases[i].mss, &window, &clamp,
					  cases[i].scaling, &scale, cases[i].initrwnd);
		if (window != cases[i].window || clamp != cases[i].clamp_after ||
		    scale != cases[i].scale)
			fail_msg("case %zu: window %u, clamp %u, scale %u", i, window, clamp,
				 scale);
	}
}

static void established(int rcvbuf, int used, u32 ssthresh, int scale)
{
	static const struct inet_connection_sock_af_ops ops = { .net_header_len = 20 };

	memset(&tp, 0, sizeof(tp));
	write_pnet(&sk->sk_net, &init_net);
	inet_csk(sk)->icsk_af_ops = &ops;
	inet_csk(sk)->icsk_ack.rcv_mss = 1448;
	tp.window_clamp = 1 << 20;
	tp.rcv_ssthresh = ssthresh;
	tp.rx_opt.rcv_wscale = scale;
	sk->sk_rcvbuf = rcvbuf;
	atomic_set(&sk->sk_rmem_alloc, used);
}

/* Rounded up to what the scale can say; closed rather than silly. */
static void test_select(void **state)
{
	(void)state;
	established(87380, 0, 29200, 7);
	assert_int_equal(__tcp_select_window(sk), 29312);
	/* nearly half used, and then nearly all */
	established(87380, 40000, 29200, 7);
	assert_int_equal(__tcp_select_window(sk), 23808);
	established(87380, 85000, 29200, 7);
	assert_int_equal(__tcp_select_window(sk), 0);
	/* without a scale: whole segments */
	established(87380, 0, 29200, 0);
	assert_int_equal(__tcp_select_window(sk), 29200 / 1448 * 1448);
	/* a buffer smaller than a segment */
	established(1000, 0, 29200, 0);
	assert_int_equal(__tcp_select_window(sk), 500);
}

/* What was offered is not taken back, and the field is scaled. */
static void test_never_shrinks(void **state)
{
	(void)state;
	established(87380, 0, 29200, 7);
	tp.rcv_wnd = 29200;
	assert_int_equal(tcp_select_window(sk), 229);
	assert_int_equal(tp.rcv_wnd, 29312);

	atomic_set(&sk->sk_rmem_alloc, 85000);
	tp.rcv_nxt += 10000;
	assert_int_equal(tcp_select_window(sk), 151); /* 19312 are left, rounded up */
	assert_int_equal(tp.rcv_wup, 10000);
	assert_int_equal(core_counter("TcpExtTCPWantZeroWindowAdv"), 1);

	tp.pred_flags = 1;
	tp.rcv_nxt += tp.rcv_wnd;
	assert_int_equal(tcp_select_window(sk), 0);
	assert_int_equal(tp.pred_flags, 0);
	assert_int_equal(core_counter("TcpExtTCPToZeroWindowAdv"), 1);

	atomic_set(&sk->sk_rmem_alloc, 0);
	assert_int_equal(tcp_select_window(sk), 229);
	assert_int_equal(core_counter("TcpExtTCPFromZeroWindowAdv"), 1);
}

static void test_mtu_and_mss(void **state)
{
	(void)state;
	established(87380, 0, 29200, 7);
	tp.tcp_header_len = 32;
	tp.rx_opt.mss_clamp = 536;
	assert_int_equal(tcp_mtu_to_mss(sk, 1500), 524);
	tp.rx_opt.mss_clamp = 1460;
	assert_int_equal(tcp_mtu_to_mss(sk, 1500), 1448);
	assert_int_equal(tcp_mss_to_mtu(sk, 1448), 1500);
	assert_int_equal(tcp_mtu_to_mss(sk, 576), 524);
	/* never less than 48 of options and data */
	assert_int_equal(__tcp_mtu_to_mss(sk, 68), 48);

	inet_csk(sk)->icsk_ext_hdr_len = 8;
	assert_int_equal(tcp_mtu_to_mss(sk, 1500), 1452 - 12 + 8 - 8);
	assert_int_equal(tcp_mss_to_mtu(sk, 1440), 1500);
}

/* Two segments must fit into the peer's window. */
static void test_half_window(void **state)
{
	static const struct {
		u32 max_window;
		int mss, bounded;
	} cases[] = {
		{ 0, 1448, 1448 },     { 29200, 1448, 1448 }, { 2000, 1448, 1000 },
		{ 536, 1448, 536 },    { 600, 1448, 300 },    { 40, 1448, 40 },
		{ 10, 1448, 68 - 32 },
	};
	size_t i;

	(void)state;
	established(87380, 0, 29200, 7);
	tp.tcp_header_len = 32;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tp.max_window = cases[i].max_window;
		assert_int_equal(tcp_bound_to_half_wnd(&tp, cases[i].mss), cases[i].bounded);
	}
}

static void test_sequence_arithmetic(void **state)
{
	(void)state;
	assert_true(before(1, 2));
	assert_false(before(2, 2));
	assert_true(before(0xffffffff, 0));
	assert_true(after(0x10, 0xfffffff0));
	assert_true(between(0, 0xffffffff, 1));
	assert_true(between(5, 5, 5));
	assert_false(between(4, 5, 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_initial_window, begin, end),
		cmocka_unit_test_setup_teardown(test_select, begin, end),
		cmocka_unit_test_setup_teardown(test_never_shrinks, begin, end),
		cmocka_unit_test_setup_teardown(test_mtu_and_mss, begin, end),
		cmocka_unit_test_setup_teardown(test_half_window, begin, end),
		cmocka_unit_test_setup_teardown(test_sequence_arithmetic, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
