/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * What TCP remembers of its peers: what a connection's end writes, what the next one's beginning reads,
 * what a route has locked, five peers on one chain and the sixth, time stamps, memory that fails.
 *
 * The functions are called as the states call them, on a connected socket whose fields a test sets.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/hash.h>
#include <linux/net.h>
#include <linux/rtnetlink.h>
#include <linux/timekeeping.h>
#include <net/route.h>
#include <net/tcp.h>

static int setup(void **state)
{
	(void)state;
	talk_boot();
	return 0;
}

/* The next connection's beginning: clean fields, then what is known of the peer. */
static struct tcp_sock *begins(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->snd_cwnd_clamp = ~0U;
	tp->reordering = 3;
	tp->total_retrans = 0;
	tcp_init_metrics(sk);
	return tp;
}

/* A connection's end, with these fields; times are in microseconds. */
static void ends(struct sock *sk, u32 rtt, u32 cwnd, u32 ssthresh, u32 reordering, int ca_state)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->srtt_us = rtt * 8;
	tp->mdev_us = 1;
	tp->snd_cwnd = cwnd;
	tp->snd_ssthresh = ssthresh;
	tp->reordering = reordering;
	inet_csk(sk)->icsk_ca_state = (u8)ca_state;
	tcp_update_metrics(sk);
	inet_csk(sk)->icsk_ca_state = TCP_CA_Open;
}

/* The peer's RTT as it is remembered, milliseconds: read off the timeout of a fresh connection. */
static u32 remembered_rtt(struct sock *sk)
{
	tcp_sk(sk)->srtt_us = 1;
	inet_csk(sk)->icsk_rto = 0;
	begins(sk);
	if (!inet_csk(sk)->icsk_rto)
		return 0; /* nothing longer than what was measured */
	/* the RTT, plus twice as much or the least */
	return inet_csk(sk)->icsk_rto > 600 ? inet_csk(sk)->icsk_rto / 3 :
					      inet_csk(sk)->icsk_rto - 200;
}

/* ---- what an end writes ---- */

static void learns(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);

	tcp_metrics_flush_all();
	/* longer is believed at once, shorter by an eighth */
	ends(sk, 400000, 10, TCP_INFINITE_SSTHRESH, 3, TCP_CA_Open);
	assert_int_equal(remembered_rtt(sk), 400);
	ends(sk, 800000, 10, TCP_INFINITE_SSTHRESH, 3, TCP_CA_Open);
	assert_int_equal(remembered_rtt(sk), 800);
	ends(sk, 400000, 10, TCP_INFINITE_SSTHRESH, 3, TCP_CA_Open);
	assert_int_equal(remembered_rtt(sk), 750);

	/* slow start never left: half the window, if a smaller threshold is remembered */
	assert_int_equal(begins(sk)->snd_ssthresh, TCP_INFINITE_SSTHRESH);
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "ssthresh", 20);
	ends(sk, 400000, 30, TCP_INFINITE_SSTHRESH, 3, TCP_CA_Open);
	assert_int_equal(begins(sk)->snd_ssthresh, 20);
	ends(sk, 400000, 60, TCP_INFINITE_SSTHRESH, 3, TCP_CA_Open);
	assert_int_equal(begins(sk)->snd_ssthresh, 30);

	/* in balance: the threshold, or half of the window if that is more */
	ends(sk, 400000, 60, 12, 3, TCP_CA_Open);
	assert_int_equal(begins(sk)->snd_ssthresh, 30);
	ends(sk, 400000, 20, 12, 3, TCP_CA_Open);
	assert_int_equal(begins(sk)->snd_ssthresh, 12);

	/* in the middle of something: the threshold only grows, reordering too */
	ends(sk, 400000, 20, 11, 9, TCP_CA_Loss);
	assert_int_equal(begins(sk)->snd_ssthresh, 12);
	assert_int_equal(begins(sk)->reordering, 9);
	ends(sk, 400000, 5, 14, 7, TCP_CA_Open);
	assert_int_equal(begins(sk)->snd_ssthresh, 14);
	assert_int_equal(begins(sk)->reordering, 9);
	/* what every connection begins with is nothing to remember */
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "reordering", 1);
	ends(sk, 400000, 5, 14, 3, TCP_CA_Open);
	assert_int_equal(begins(sk)->reordering, 1);
	/* the same as the socket's: FACK stays */
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "reordering", 3);
	tcp_enable_fack(tcp_sk(sk));
	assert_true(tcp_is_fack(begins(sk)));
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "reordering", 4);
	assert_false(tcp_is_fack(begins(sk)));

	/* no clean round trip: the one remembered is void; with nothing remembered nothing is made */
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "rtt", 300000);
	ends(sk, 0, 10, 10, 3, TCP_CA_Open);
	assert_int_equal(remembered_rtt(sk), 0);
	tcp_metrics_flush_all();
	ends(sk, 0, 10, 10, 3, TCP_CA_Open);
	assert_int_equal(tcp_metrics_set(SEG_NEAR, SEG_FAR, "nonsense", 1), -EINVAL);

	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
}

static void test_learns(void **state)
{
	talk_run(learns);
}

/* ---- what the route has locked ---- */

static void locked(void *arg)
{
	const struct core_route route = {
		.be_dst = SEG_FAR,
		.prefixlen = 32,
		.ifname = "wire0",
		.rtt_ms = 500,
		.rttvar_ms = 50,
		.ssthresh = 25,
		.cwnd = 40,
		.reordering = 6,
		.lock = 1u << RTAX_RTT | 1u << RTAX_RTTVAR | 1u << RTAX_SSTHRESH | 1u << RTAX_CWND |
			1u << RTAX_REORDERING,
	};
	long fd;
	struct sock *sk;

	assert_int_equal(core_route_add_full(&route), 0);
	fd = talk_connect();
	sk = talk_sk(fd);
	/* each of the three kinds of end, and one without a round trip: nothing changes */
	ends(sk, 900000, 90, TCP_INFINITE_SSTHRESH, 9, TCP_CA_Open);
	ends(sk, 900000, 90, 80, 9, TCP_CA_Open);
	ends(sk, 900000, 10, 80, 9, TCP_CA_Open);
	ends(sk, 0, 10, 80, 9, TCP_CA_Open);
	assert_int_equal(remembered_rtt(sk), 500);
	begins(sk);
	assert_int_equal(tcp_sk(sk)->snd_ssthresh, 25);
	assert_int_equal(tcp_sk(sk)->snd_cwnd_clamp, 40);
	assert_int_equal(tcp_sk(sk)->reordering, 6);
	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
}

static void test_locked(void **state)
{
	talk_run(locked);
}

/* ---- chains ---- */

/* The nth address whose block lies on the chain of the far end. */
static __be32 neighbour(int n)
{
	const unsigned int chain = hash_32((u32)SEG_FAR, 8);
	u32 a = SEG_FAR;

	while (n) {
		a += 1u << 24; /* the last byte of the dotted form */
		if (!(a >> 24))
			a += 1u << 16;
		if (hash_32(a, 8) == chain)
			n--;
	}
	return a;
}

/* A chain holds few; for one more, the least recently used is taken. */
static void chain(void *arg)
{
	const struct core_route any = { .be_gateway = SEG_FAR, .ifname = "wire0" };
	struct inet_timewait_sock *tw;
	struct sock *sk;
	long fd;
	int i;

	assert_int_equal(core_route_add_full(&any), 0);
	fd = talk_connect();
	sk = talk_sk(fd);
	tcp_metrics_flush_all();
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "ssthresh", 77);
	talk_pass(10);
	/* the same peer as seen from another address of ours is another one */
	assert_int_equal(core_addr_add("wire0", SEG_NEAR + (8u << 24), 24), 0);
	assert_int_equal(tcp_metrics_set(SEG_NEAR + (8u << 24), SEG_FAR, "ssthresh", 66), 0);
	for (i = 1; i <= 4; i++)
		assert_int_equal(tcp_metrics_set(SEG_NEAR, neighbour(i), "ssthresh", 10 + i), 0);
	assert_int_equal(begins(sk)->snd_ssthresh, 77);

	/* full: the oldest goes */
	assert_int_equal(tcp_metrics_set(SEG_NEAR, neighbour(5), "ssthresh", 15), 0);
	assert_int_equal(tcp_metrics_set(SEG_NEAR, neighbour(4), "ssthresh", 14), 0);
	/* what came for it stands, and the far end is a stranger, who takes the next place */
	assert_int_equal(begins(sk)->snd_ssthresh, TCP_INFINITE_SSTHRESH);

	/* a remnant whose peer is not remembered on a full chain makes no place for it */
	for (i = 1; i <= 6; i++)
		assert_int_equal(tcp_metrics_set(SEG_NEAR, neighbour(i), "ssthresh", 10), 0);
	tw = inet_twsk_alloc(sk, &tcp_death_row, TCP_TIME_WAIT);
	assert_non_null(tw);
	assert_false(tcp_tw_remember_stamp(tw));
	atomic_set(&tw->tw_refcnt, 1);
	inet_twsk_put(tw);

	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
}

static void test_chain(void **state)
{
	talk_run(chain);
}

/* ---- time stamps ---- */

static void keeps(struct sock *sk, u32 ts, long stamp)
{
	tcp_sk(sk)->rx_opt.ts_recent = ts;
	tcp_sk(sk)->rx_opt.ts_recent_stamp = stamp;
	assert_true(tcp_remember_stamp(sk));
	tcp_sk(sk)->rx_opt.ts_recent = 0;
	tcp_sk(sk)->rx_opt.ts_recent_stamp = 0;
	tcp_fetch_timewait_stamp(sk, __sk_dst_get(sk));
}

static void stamps(void *arg)
{
	long fd = talk_connect(), now = (long)get_seconds();
	struct sock *sk = talk_sk(fd);
	struct tcp_options_received *rx = &tcp_sk(sk)->rx_opt;
	struct inet_timewait_sock *tw;

	tcp_metrics_flush_all();
	keeps(sk, 5000, now);
	assert_int_equal(rx->ts_recent, 5000);
	/* an older one only when the one we have is older than a minute, and not than it */
	keeps(sk, 4000, now);
	assert_int_equal(rx->ts_recent, 5000);
	keeps(sk, 6000, now);
	assert_int_equal(rx->ts_recent, 6000);
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "ts_age", TCP_PAWS_MSL + 1);
	keeps(sk, 4000, now - TCP_PAWS_MSL - 2);
	assert_int_equal(rx->ts_recent, 0); /* too old to be used */
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "ts_age", 0);
	tcp_fetch_timewait_stamp(sk, __sk_dst_get(sk));
	assert_int_equal(rx->ts_recent, 6000);
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "ts_age", TCP_PAWS_MSL + 1);
	keeps(sk, 4000, now);
	assert_int_equal(rx->ts_recent, 4000);

	/* the same rules for a remnant */
	tw = inet_twsk_alloc(sk, &tcp_death_row, TCP_TIME_WAIT);
	assert_non_null(tw);
	atomic_set(&tw->tw_refcnt, 1);
	tcp_twsk((struct sock *)tw)->tw_ts_recent = 3000;
	tcp_twsk((struct sock *)tw)->tw_ts_recent_stamp = now;
	assert_true(tcp_tw_remember_stamp(tw));
	tcp_fetch_timewait_stamp(sk, __sk_dst_get(sk));
	assert_int_equal(rx->ts_recent, 4000);
	tcp_metrics_set(SEG_NEAR, SEG_FAR, "ts_age", TCP_PAWS_MSL + 1);
	tcp_twsk((struct sock *)tw)->tw_ts_recent_stamp = now - TCP_PAWS_MSL - 2;
	assert_true(tcp_tw_remember_stamp(tw));
	tcp_twsk((struct sock *)tw)->tw_ts_recent_stamp = now;
	assert_true(tcp_tw_remember_stamp(tw));
	tcp_fetch_timewait_stamp(sk, __sk_dst_get(sk));
	assert_int_equal(rx->ts_recent, 3000);
	tcp_metrics_flush_all();
	assert_false(tcp_tw_remember_stamp(tw));
	inet_twsk_put(tw);

	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
}

static void test_stamps(void **state)
{
	talk_run(stamps);
}

/* ---- without memory, without a route ---- */

static void nothing(void *arg)
{
	struct tcp_fastopen_cookie cookie = { .len = 4 };
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned long last;
	int loss = 0;
	u16 mss = 0;

	/* no block can be made: as for a stranger, and nothing is kept */
	tcp_metrics_flush_all();
	core_fail_alloc(1);
	tp->srtt_us = 0;
	begins(sk);
	assert_int_equal(core_fail_alloc_left(), 0);
	assert_int_equal(inet_csk(sk)->icsk_rto, TCP_TIMEOUT_FALLBACK);
	core_fail_alloc(1);
	ends(sk, 400000, 90, 30, 3, TCP_CA_Open);
	core_fail_alloc(1);
	assert_false(tcp_remember_stamp(sk));
	core_fail_alloc(1);
	tcp_fetch_timewait_stamp(sk, __sk_dst_get(sk));
	core_fail_alloc(1);
	tcp_fastopen_cache_set(sk, 1000, &cookie, false, 0);
	core_fail_alloc(1);
	assert_int_equal(tcp_metrics_set(SEG_NEAR, SEG_FAR, "cwnd", 1), -ENOMEM);
	cookie.len = 0;
	tcp_fastopen_cache_get(sk, &mss, &cookie, &loss, &last);
	assert_int_equal(mss, 0);
	assert_int_equal(remembered_rtt(sk), 0);

	/* the form of the fast open option that was tried last goes up only without a cookie */
	cookie.len = -1;
	tcp_fastopen_cache_set(sk, 0, &cookie, false, 1);
	tcp_fastopen_cache_get(sk, &mss, &cookie, &loss, &last);
	assert_true(cookie.exp);
	tcp_fastopen_cache_set(sk, 0, NULL, false, 2);
	cookie.exp = false;
	tcp_fastopen_cache_get(sk, &mss, &cookie, &loss, &last);
	assert_false(cookie.exp);
	cookie.len = 4;
	cookie.exp = true;
	tcp_fastopen_cache_set(sk, 0, &cookie, false, 0);
	tcp_fastopen_cache_set(sk, 0, NULL, false, 3);
	tcp_fastopen_cache_get(sk, &mss, &cookie, &loss, &last);
	assert_int_equal(cookie.len, 4);
	cookie.len = 0;
	cookie.exp = true;
	tcp_metrics_flush_all();

	/* without a route there is no peer */
	dst_release(sk->sk_dst_cache);
	sk->sk_dst_cache = NULL;
	tp->snd_ssthresh = 5;
	ends(sk, 400000, 90, 30, 3, TCP_CA_Open);
	assert_false(tcp_remember_stamp(sk));
	assert_int_equal(tcp_metrics_set(SEG_NEAR, 0x0101010au, "cwnd", 1), -ENETUNREACH);

	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
}

static void test_nothing(void **state)
{
	talk_run(nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_learns, setup),
		cmocka_unit_test_setup(test_locked, setup),
		cmocka_unit_test_setup(test_chain, setup),
		cmocka_unit_test_setup(test_stamps, setup),
		cmocka_unit_test_setup(test_nothing, setup),
	};

	return cmocka_run_group_tests_name("tcp_metrics", tests, NULL, NULL);
}
