/* SPDX-License-Identifier: GPL-2.0-only */

/* Round trips: RFC 6298's arithmetic in the kernel's fixed point, and Karn's choice of samples. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/net/ipv4/tcp_input.h"

static struct tcp_sock ts;
static struct sock *sk = (struct sock *)&ts;

static int setup(void **state)
{
	(void)state;
	__builtin_memset(&ts, 0, sizeof(ts));
	minmax_reset(&ts.rtt_min, tcp_time_stamp, ~0U);
	inet_csk(sk)->icsk_rto = TCP_TIMEOUT_INIT;
	ts.snd_nxt = 1000;
	ts.snd_una = 1000;
	return 0;
}

static bool sample(long us)
{
	return tcp_ack_update_rtt(sk, FLAG_DATA_ACKED, us, -1L, us);
}

/* The recorded v4.9 handshake: one sample of 29,001 us. */
static void test_first_sample_as_recorded(void **state)
{
	(void)state;
	assert_true(tcp_ack_update_rtt(sk, FLAG_SYN_ACKED, 29001, -1L, 29001));
	assert_int_equal(ts.srtt_us, 232008);
	assert_int_equal(ts.mdev_us, 58002);
	assert_int_equal(ts.mdev_max_us, 200000);
	assert_int_equal(ts.rttvar_us, 200000);
	assert_int_equal(ts.rtt_seq, 1000);
	assert_int_equal(minmax_get(&ts.rtt_min), 29001);
	/* 29 ms + 200 ms, rounded up to the next jiffy. */
	assert_int_equal(inet_csk(sk)->icsk_rto, 230);
}

static void test_second_sample(void **state)
{
	(void)state;
	sample(100000);
	sample(180000);
	/* 7/8 * 100 + 1/8 * 180 = 110 ms; mdev 3/4 * 50 + 1/4 * 80 = 57.5 ms, kept times 4. */
	assert_int_equal(ts.srtt_us >> 3, 110000);
	assert_int_equal(ts.mdev_us, 230000);
}

/*
 * A path that got faster must hardly make the time-out longer (Eifel): of the 190 ms by which the
 * error exceeds the deviation only an eighth counts, where a slower path would count all.
 */
static void test_faster_counts_little(void **state)
{
	(void)state;
	sample(400000);
	assert_int_equal(ts.mdev_us, 800000);
	sample(10000);
	assert_int_equal(ts.srtt_us >> 3, 351250);
	assert_int_equal(ts.mdev_us, 800000 + 190000 / 8);
}

static void test_variance_falls_once_a_round_trip(void **state)
{
	u32 var;

	(void)state;
	sample(1000000);
	var = ts.rttvar_us;
	assert_int_equal(var, 2000000);

	/* Within the round trip that began at snd_nxt it stays where it is. */
	ts.snd_una = 1000;
	sample(1000000);
	assert_int_equal(ts.rttvar_us, var);

	/* The first round trip still had the large deviation; the one after it falls. */
	ts.snd_una = 1001;
	ts.snd_nxt = 2000;
	sample(1000000);
	assert_int_equal(ts.rtt_seq, 2000);
	assert_int_equal(ts.mdev_max_us, 200000);
	ts.snd_una = 2001;
	ts.snd_nxt = 3000;
	sample(1000000);
	assert_true(ts.rttvar_us < var);
}

/* Steady samples: the time-out settles at RTT + 200 ms, the floor. */
static void test_settles(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 200; i++) {
		ts.snd_una = ts.snd_nxt;
		ts.snd_nxt += 10;
		sample(50000);
	}
	assert_in_range(ts.srtt_us >> 3, 49900, 50100);
	assert_in_range(inet_csk(sk)->icsk_rto, 249, 251);
}

static void test_never_beyond_two_minutes(void **state)
{
	(void)state;
	sample(100L * 1000 * 1000);
	assert_int_equal(inet_csk(sk)->icsk_rto, TCP_RTO_MAX);
}

static void test_zero_is_a_sample(void **state)
{
	(void)state;
	assert_true(sample(0));
	/* 0 would read as "none yet"; the minimum counts it as one jiffy. */
	assert_int_equal(ts.srtt_us, 1);
	assert_int_equal(minmax_get(&ts.rtt_min), 1000);
}

/* Karn: what was sent twice gives no sample, unless a time stamp tells which sending it was. */
static void test_no_sample_without_evidence(void **state)
{
	(void)state;
	inet_csk(sk)->icsk_backoff = 3;
	assert_false(tcp_ack_update_rtt(sk, FLAG_DATA_ACKED, -1L, -1L, -1L));
	assert_int_equal(ts.srtt_us, 0);
	assert_int_equal(inet_csk(sk)->icsk_backoff, 3);
	assert_int_equal(inet_csk(sk)->icsk_rto, TCP_TIMEOUT_INIT);

	ts.rx_opt.saw_tstamp = 1;
	ts.rx_opt.rcv_tsecr = tcp_time_stamp - 70;
	assert_false(tcp_ack_update_rtt(sk, 0, -1L, -1L, -1L));
	assert_true(tcp_ack_update_rtt(sk, FLAG_DATA_ACKED, -1L, -1L, -1L));
	assert_int_equal(ts.srtt_us >> 3, 70000);
	assert_int_equal(inet_csk(sk)->icsk_backoff, 0);
}

static void test_sack_is_second_choice(void **state)
{
	(void)state;
	assert_true(tcp_ack_update_rtt(sk, FLAG_DATA_SACKED, -1L, 30000, 20000));
	assert_int_equal(ts.srtt_us >> 3, 30000);
	assert_int_equal(minmax_get(&ts.rtt_min), 20000);
	assert_true(tcp_ack_update_rtt(sk, FLAG_DATA_ACKED, 38000, 90000, 38000));
	assert_int_equal(ts.srtt_us >> 3, 31000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_first_sample_as_recorded, setup),
		cmocka_unit_test_setup(test_second_sample, setup),
		cmocka_unit_test_setup(test_faster_counts_little, setup),
		cmocka_unit_test_setup(test_variance_falls_once_a_round_trip, setup),
		cmocka_unit_test_setup(test_settles, setup),
		cmocka_unit_test_setup(test_never_beyond_two_minutes, setup),
		cmocka_unit_test_setup(test_zero_is_a_sample, setup),
		cmocka_unit_test_setup(test_no_sample_without_evidence, setup),
		cmocka_unit_test_setup(test_sack_is_second_choice, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
