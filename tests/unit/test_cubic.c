/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * CUBIC and Reno at work: slow start, HyStart's two ways out of it, the cubic after a loss with its
 * plateau, and that a window nobody fills does not grow (tcp_cubic.c, tcp_cong.c).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/errno.h>
#include <linux/net.h>
#include <net/tcp.h>

static int setup(void **state)
{
	talk_boot();
	return 0;
}

/*
 * The congestion control alone: a round trip of @rtt_us in which @acked segments are acknowledged
 * and the window was full. The clock moves by @ms.
 */
static void round_trip(struct sock *sk, long rtt_us, u32 acked, unsigned int ms)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	struct ack_sample sample = { .pkts_acked = acked, .rtt_us = (s32)rtt_us };
	struct tcp_sock *tp = tcp_sk(sk);

	tp->is_cwnd_limited = 1;
	tp->max_packets_out = tp->snd_cwnd;
	if (ca->pkts_acked)
		ca->pkts_acked(sk, &sample);
	ca->cong_avoid(sk, tp->snd_nxt + 1, acked);
	if (ms)
		talk_pass(ms);
}

static void loses(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->snd_ssthresh = inet_csk(sk)->icsk_ca_ops->ssthresh(sk);
	tp->snd_cwnd = tp->snd_ssthresh;
}

static void slow_start(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);

	round_trip(sk, 10000, 4, 1);
	assert_int_equal(tp->snd_cwnd, 14);
	tp->is_cwnd_limited = 0; /* the application has not filled it */
	tp->max_packets_out = 1;
	inet_csk(sk)->icsk_ca_ops->cong_avoid(sk, tp->snd_una, 4);
	assert_int_equal(tp->snd_cwnd, 14);
	tp->snd_cwnd_clamp = 15;
	round_trip(sk, -1, 4, 1); /* without a sample as well; never above the clamp */
	assert_int_equal(tp->snd_cwnd, 15);
	far.acks = 2;
}

static void test_slow_start(void **state)
{
	talk_run(slow_start);
}

static void hystart_delay(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	struct ack_sample sample = { .pkts_acked = 1, .rtt_us = 40000 };
	int i;

	tp->snd_cwnd = 20; /* below 16 HyStart does not look */
	for (i = 0; i < 10; i++)
		ca->pkts_acked(sk, &sample);
	assert_int_equal(tp->snd_ssthresh, TCP_INFINITE_SSTHRESH);
	/* A new round, in which every round trip is a quarter longer: a queue is filling. */
	round_trip(sk, 40000, 1, 10);
	sample.rtt_us = 55000;
	for (i = 0; i < 10; i++)
		ca->pkts_acked(sk, &sample);
	assert_int_equal(tp->snd_ssthresh, tp->snd_cwnd);
	counts("TcpExtTCPHystartDelayDetect", 1);
	counts("TcpExtTCPHystartDelayCwnd", tp->snd_cwnd);
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	ca->pkts_acked(sk, &sample); /* found once is found */
	assert_int_equal(tp->snd_ssthresh, TCP_INFINITE_SSTHRESH);
	far.acks = 2;
}

static void test_hystart_delay(void **state)
{
	talk_run(hystart_delay);
}

static void hystart_train(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	int i;

	tp->snd_cwnd = 20;
	/* ACKs 2 ms apart go on for longer than half the smallest delay. */
	for (i = 0; i < 12; i++) {
		const struct ack_sample sample = { .pkts_acked = 1, .rtt_us = 30000 };

		inet_csk(sk)->icsk_ca_ops->pkts_acked(sk, &sample);
		talk_pass(2);
	}
	counts("TcpExtTCPHystartTrainDetect", 1);
	assert_int_equal(tp->snd_ssthresh, 20);
	far.acks = 2;
}

static void test_hystart_train(void **state)
{
	talk_run(hystart_train);
}

static void cubic(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 plateau, before, early, late;
	int i;

	tp->snd_cwnd = 200;
	tp->snd_ssthresh = 100;
	loses(sk);
	assert_int_equal(tp->snd_cwnd, 140); /* 717/1024 */
	plateau = 200;

	/* Steep at first, flat at the plateau, and steep again: the shape of a cubic. */
	before = tp->snd_cwnd;
	for (i = 0; i < 10; i++)
		round_trip(sk, 100000, tp->snd_cwnd, 100);
	early = tp->snd_cwnd - before;
	while (tp->snd_cwnd < plateau - 2 && i++ < 200)
		round_trip(sk, 100000, tp->snd_cwnd, 100);
	before = tp->snd_cwnd;
	for (i = 0; i < 10; i++)
		round_trip(sk, 100000, tp->snd_cwnd, 100);
	late = tp->snd_cwnd - before;
	assert_true(late < early);
	for (i = 0; i < 60; i++)
		round_trip(sk, 100000, tp->snd_cwnd, 100);
	assert_true(tp->snd_cwnd > plateau + 20);

	/* Twice at the same instant with the same window: the second changes nothing. */
	round_trip(sk, 100000, 1, 0);
	before = tp->snd_cwnd;
	round_trip(sk, 100000, 1, 0);
	assert_true(tp->snd_cwnd - before <= 1);

	/* A loss below the old maximum: somebody else wants room, the plateau sinks. */
	loses(sk);
	before = tp->snd_cwnd;
	loses(sk);
	assert_int_equal(tp->snd_cwnd, before * 717 / 1024);
	assert_int_equal(inet_csk(sk)->icsk_ca_ops->undo_cwnd(sk), before);

	/* Far above the old plateau: the search begins at once. */
	tp->snd_cwnd = 400;
	tp->snd_ssthresh = 300;
	for (i = 0; i < 30; i++)
		round_trip(sk, 50000, tp->snd_cwnd, 50);
	assert_true(tp->snd_cwnd > 400);
	far.acks = 2;
}

static void test_cubic(void **state)
{
	talk_run(cubic);
}

static void friendly(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 before;
	int i;

	/* On a short path a cubic of the clock would be slower than Reno. */
	tp->snd_cwnd = 20;
	tp->snd_ssthresh = 10;
	loses(sk);
	before = tp->snd_cwnd;
	for (i = 0; i < 200; i++)
		round_trip(sk, 1000, tp->snd_cwnd, 1);
	assert_true(tp->snd_cwnd >= before + 50);

	/* Idle for a while: the epoch moves along, the window does not jump. */
	before = tp->snd_cwnd;
	talk_pass(5000);
	inet_csk(sk)->icsk_ca_ops->cwnd_event(sk, CA_EVENT_TX_START);
	inet_csk(sk)->icsk_ca_ops->cwnd_event(sk, CA_EVENT_LOSS); /* nothing to it */
	round_trip(sk, 1000, 1, 1);
	assert_true(tp->snd_cwnd <= before + 2);
	tp->lsndtime = tcp_time_stamp + 1000; /* a clock that ran back */
	inet_csk(sk)->icsk_ca_ops->cwnd_event(sk, CA_EVENT_TX_START);
	far.acks = 2;
}

static void test_friendly(void **state)
{
	talk_run(friendly);
}

static void unknown_path(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	int i;

	/* Out of slow start without a loss: five percent a round trip at least. */
	tp->snd_cwnd = 100;
	tp->snd_ssthresh = 100;
	for (i = 0; i < 4; i++)
		round_trip(sk, 300, 100, 1);
	assert_true(tp->snd_cwnd >= 115);
	/* Crossing ssthresh in one step: the rest counts for avoidance. */
	tp->snd_cwnd = 50;
	tp->snd_ssthresh = 52;
	round_trip(sk, 1000, 60, 1);
	assert_true(tp->snd_cwnd >= 52);
	far.acks = 2;
}

static void test_unknown_path(void **state)
{
	talk_run(unknown_path);
}

static void reno(void *arg)
{
	char *name = core_user_alloc(8);
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);

	__builtin_memcpy(name, "reno", 5);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, 5), 0);
	round_trip(sk, 1000, 5, 0);
	assert_int_equal(tp->snd_cwnd, 15); /* slow start */
	tp->snd_ssthresh = 10;
	round_trip(sk, 1000, 15, 0); /* one window acknowledged: one more */
	assert_int_equal(tp->snd_cwnd, 16);
	round_trip(sk, 1000, 8, 0);
	assert_int_equal(tp->snd_cwnd, 16);
	tp->snd_cwnd = 6; /* what was counted for a larger window is enough for a small one */
	round_trip(sk, 1000, 1, 0);
	assert_int_equal(tp->snd_cwnd, 7);
	loses(sk);
	assert_int_equal(tp->snd_cwnd, 3);
	tp->snd_cwnd = 2;
	loses(sk);
	assert_int_equal(tp->snd_cwnd, 2);
	tp->snd_ssthresh = 20; /* slow start up to it with nothing left over */
	round_trip(sk, 1000, 3, 0);
	assert_int_equal(tp->snd_cwnd, 5);
	tp->is_cwnd_limited = 0;
	tp->max_packets_out = 0;
	inet_csk(sk)->icsk_ca_ops->cong_avoid(sk, tp->snd_una, 4);
	assert_int_equal(tp->snd_cwnd, 5);
	tp->snd_ssthresh = 7;
	round_trip(sk, 1000, 6, 0); /* through ssthresh */
	assert_true(tp->snd_cwnd >= 7);
	far.acks = 2;
}

static void test_reno(void **state)
{
	talk_run(reno);
}

static u32 asked_acks;

static void own_control(struct sock *sk, const struct rate_sample *rs)
{
	asked_acks++;
	tcp_sk(sk)->snd_cwnd = 20;
}

static u32 own_sndbuf(struct sock *sk)
{
	return 3;
}

static void in_charge(void *arg)
{
	static struct tcp_congestion_ops mine;
	struct tcp_sock *tp;
	u32 acks;
	long fd;

	__builtin_memset(&mine, 0, sizeof(mine));
	__builtin_memcpy(mine.name, "charge", 7);
	mine.ssthresh = tcp_reno_ssthresh;
	mine.cong_control = own_control;
	mine.sndbuf_expand = own_sndbuf;
	assert_int_equal(tcp_register_congestion_control(&mine), 0);
	assert_int_equal(core_sysctl("net.ipv4.tcp_congestion_control", "charge"), 0);
	core_sysctl("net.ipv4.tcp_ecn", "1");
	far.synack = SEG_ECE;
	far.acks = 0;
	asked_acks = 0;
	fd = talk_connect();
	tp = tcp_sk(talk_sk(fd));
	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	user_write(fd, 1000);
	user_write(fd, 1000);
	talk_pass(3);
	acks = asked_acks;
	far.heard -= 1000;
	talk_says(SEG_ACK | SEG_ECE, "");
	talk_pass(3);
	assert_true(asked_acks > acks);
	assert_int_equal(tp->snd_cwnd, 20); /* in a reduction, too, its word counts */
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ca_state, TCP_CA_CWR);
	far.heard += 1000;
	talk_says(SEG_ACK, "");
	talk_pass(3);
	user_write(fd, 1000);
	talk_pass(3);
	talk_says(SEG_ACK, "");
	talk_pass(3);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ca_state, TCP_CA_Open);
	assert_int_equal(tp->snd_cwnd, 20); /* not ssthresh at its end */
	far.acks = 2;
	core_sysctl("net.ipv4.tcp_congestion_control", "cubic");
	sys_close((unsigned int)fd);
	talk_pass(3000);
	tcp_unregister_congestion_control(&mine);
}

/* A congestion control may take everything into its own hands (cong_control, as BBR does). */
static void test_in_charge(void **state)
{
	core_shutdown();
	talk_boot();
	talk_run(in_charge);
}

static void registry(void *arg)
{
	static struct tcp_congestion_ops mine;
	char name[TCP_CA_NAME_MAX];

	__builtin_memset(&mine, 0, sizeof(mine));
	__builtin_memcpy(mine.name, "mine", 5);
	assert_int_equal(tcp_register_congestion_control(&mine), -EINVAL);
	mine.ssthresh = tcp_reno_ssthresh;
	assert_int_equal(tcp_register_congestion_control(&mine), -EINVAL);
	mine.cong_avoid = tcp_reno_cong_avoid;
	mine.flags = TCP_CONG_NEEDS_ECN;
	assert_int_equal(tcp_register_congestion_control(&mine), 0);
	assert_int_equal(tcp_register_congestion_control(&mine), -EEXIST);
	assert_ptr_equal(tcp_ca_find("mine"), &mine);
	assert_ptr_equal(tcp_ca_find_key(mine.key), &mine);
	assert_null(tcp_ca_find_key(mine.key + 1));
	assert_int_equal(tcp_set_default_congestion_control("none"), -ENOENT);
	assert_int_equal(core_sysctl("net.ipv4.tcp_congestion_control", "mine"), 0);
	tcp_get_default_congestion_control(name);
	assert_string_equal(name, "mine");
	sys_close((unsigned int)talk_connect()); /* it wants ECN: the SYN asks */
	assert_int_equal(segments_count(SEG_SYN | SEG_ECE | SEG_CWR), 1);
	talk_pass(5);
	assert_int_equal(core_sysctl("net.ipv4.tcp_congestion_control", "cubic"), 0);
	tcp_unregister_congestion_control(&mine);
	assert_null(tcp_ca_find("mine"));
	far.acks = 2;
}

/* A congestion control is a table under a name; what it cannot do without is asked for. */
static void test_registry(void **state)
{
	core_shutdown();
	talk_boot();
	talk_run(registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_slow_start, setup),
		cmocka_unit_test_setup(test_hystart_delay, setup),
		cmocka_unit_test_setup(test_hystart_train, setup),
		cmocka_unit_test_setup(test_cubic, setup),
		cmocka_unit_test_setup(test_friendly, setup),
		cmocka_unit_test_setup(test_unknown_path, setup),
		cmocka_unit_test_setup(test_reno, setup),
		cmocka_unit_test_setup(test_in_charge, setup),
		cmocka_unit_test_setup(test_registry, setup),
	};

	return cmocka_run_group_tests_name("cubic", tests, NULL, NULL);
}
