/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The timers of an established connection: retransmission and its back-off, delayed ACKs, window
 * probes, keepalive, and how long an orphan lives (net/ipv4/tcp_timer.c).
 *
 * The round trip takes 2 ms here, so the retransmission time-out is its minimum of 200 ms and a
 * little.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/net.h>
#include <net/tcp.h>

static int setup(void **state)
{
	talk_boot();
	return 0;
}

static uint64_t now_ms(void)
{
	return *core_clock() / 1000000;
}

static int in(uint64_t ms, uint64_t from, uint64_t to)
{
	return ms >= from && ms <= to;
}

/* ---- retransmission ---- */

static void data_times_out(void *arg)
{
	long fd = talk_connect();
	uint64_t first;
	size_t n = talk_nseen();

	core_sysctl("net.ipv4.tcp_early_retrans", "0"); /* no loss probe before it */
	core_sysctl("net.ipv4.tcp_retries2", "4");
	assert_int_equal(user_write(fd, 100), 100);
	first = now_ms();
	/*
	 * Repeats after 0.2, 0.6, 1.4, 3 and 6.2 s. The limit, (2^(4+1) - 1) * 0.2 s after the
	 * first of them, is found to have passed when the next would be due.
	 */
	assert_int_equal(user_read(fd, 10), -ETIMEDOUT);
	assert_true(in(now_ms() - first, 12600, 12900));
	assert_int_equal(talk_nseen() - n, 6); /* five are repeats */
	assert_int_equal(talk_last()->ndata, 100);
	counts("TcpExtTCPTimeouts", 1);
	counts("TcpExtTCPAbortOnTimeout", 1);
	assert_int_equal(user_read(fd, 10), 0); /* the error is told once */
	assert_int_equal(user_write(fd, 10), -EPIPE);
}

static void test_data_times_out(void **state)
{
	talk_run(data_times_out);
}

static void user_timeout(void *arg)
{
	long fd = talk_connect();
	uint64_t first;

	user_set(fd, SOL_TCP, TCP_USER_TIMEOUT, 1000);
	user_write(fd, 100);
	first = now_ms();
	assert_int_equal(user_read(fd, 10), -ETIMEDOUT);
	assert_true(in(now_ms() - first, 1000, 2000));
}

/* TCP_USER_TIMEOUT takes the place of tcp_retries2. */
static void test_user_timeout(void **state)
{
	talk_run(user_timeout);
}

static void soft_error(void *arg)
{
	long fd = talk_connect();

	core_sysctl("net.ipv4.tcp_retries2", "3");
	user_write(fd, 100);
	talk_pass(3);
	talk_icmp(3, 1, 0, far.heard - 100);
	assert_int_equal(user_read(fd, 10), -EHOSTUNREACH);
}

/* A host unreachable does not end a connection, but names the reason when it ends. */
static void test_soft_error(void **state)
{
	talk_run(soft_error);
}

static void icmp_undoes_backoff(void *arg)
{
	long fd = talk_connect();
	struct inet_connection_sock *icsk = inet_csk(talk_sk(fd));

	core_sysctl("net.ipv4.tcp_early_retrans", "0");
	user_write(fd, 100);
	talk_pass(1500);
	assert_int_equal(icsk->icsk_backoff, 3);
	talk_icmp(3, 0, 0, far.heard - 100);
	talk_pass(2);
	assert_int_equal(icsk->icsk_backoff, 2);
	far.acks = 2; /* all is well after all */
	talk_says(SEG_ACK, "");
	talk_pass(3);
	assert_int_equal(icsk->icsk_backoff, 0);
}

/* RFC 6069: a router that answers proves that the path loses nothing to congestion. */
static void test_icmp_undoes_backoff(void **state)
{
	talk_run(icmp_undoes_backoff);
}

static void thin(void *arg)
{
	long fd = talk_connect();
	size_t n = talk_nseen();

	core_sysctl("net.ipv4.tcp_early_retrans", "0");
	tcp_sk(talk_sk(fd))->thin_lto = 1;
	user_write(fd, 100);
	talk_pass(1300); /* six time-outs of a little more than 200 ms, unlike 200, 600, 1400 */
	assert_int_equal(talk_nseen() - n, 7);
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(3);
}

/* A stream with few packets in flight cannot learn of a loss but by time-out. */
static void test_thin_stream(void **state)
{
	talk_run(thin);
}

static void window_taken_back(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	uint64_t first;

	user_write(fd, 100);
	talk_pass(3);
	far.window = 0;
	far.heard -= 100; /* nothing of it is acknowledged */
	talk_says(SEG_ACK, "");
	talk_pass(3);
	first = now_ms();
	talk_pass(2000);
	assert_int_equal(sk->sk_state, TCP_ESTABLISHED);
	assert_int_equal(inet_csk(sk)->icsk_ca_state, TCP_CA_Loss);
	/* Silence for longer than the longest time-out: gone. */
	assert_int_equal(user_read(fd, 10), -ETIMEDOUT);
	assert_true(now_ms() - first > 120000);
}

/* The peer shrinks its window to nothing under data in flight: patience while it answers. */
static void test_window_taken_back(void **state)
{
	talk_run(window_taken_back);
}

static void black_hole(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct inet_connection_sock *icsk = inet_csk(sk);

	core_sysctl("net.ipv4.tcp_early_retrans", "0");
	core_sysctl("net.ipv4.tcp_retries1", "1");
	assert_int_equal(icsk->icsk_mtup.enabled, 0);
	core_sysctl("net.ipv4.tcp_mtu_probing", "1");
	user_write(fd, 1448);
	talk_pass(1600);
	assert_int_equal(icsk->icsk_mtup.enabled, 1);
	/* Then it begins with tcp_base_mss, and halves. */
	talk_pass(2000);
	assert_true(tcp_sk(sk)->mss_cache < 1024);
	assert_true(talk_last()->ndata < 1024);
	far.acks = 2;
	talk_pass(20000);
	assert_int_equal(tcp_sk(sk)->packets_out, 0);
}

/* RFC 4821: repeated loss may mean that large packets vanish. */
static void test_black_hole(void **state)
{
	talk_run(black_hole);
}

/* ---- delayed ACKs ---- */

static void delayed_ack(void *arg)
{
	long fd = talk_connect();
	struct inet_connection_sock *icsk = inet_csk(talk_sk(fd));
	size_t n;
	uint64_t t;

	talk_pass(10);
	icsk->icsk_ack.quick = 0;
	icsk->icsk_ack.pingpong = 1;
	n = talk_nseen();
	t = now_ms();
	talk_says(SEG_ACK, "a request");
	talk_pass(30);
	assert_int_equal(talk_nseen(), n); /* it waits for our answer */
	talk_pass(250);
	assert_int_equal(talk_nseen(), n + 1);
	assert_true(in(talk_last()->at_ns / 1000000 - t, 38, 210));
	assert_int_equal(icsk->icsk_ack.pingpong, 0); /* none came: no dialogue */
	counts("TcpExtDelayedACKs", 1);

	/* In one-way traffic the time doubles whenever the timer has to fire. */
	talk_says(SEG_ACK, "aga");
	talk_pass(5);
	icsk->icsk_ack.quick = 0;
	talk_says(SEG_ACK, "in");
	talk_pass(300);
	assert_true(icsk->icsk_ack.ato > TCP_ATO_MIN);
	assert_int_equal(user_read(fd, 100), 14);
	far.acks = 2;
}

static void test_delayed_ack(void **state)
{
	talk_run(delayed_ack);
}

static void ack_rides_along(void *arg)
{
	long fd = talk_connect();
	struct inet_connection_sock *icsk = inet_csk(talk_sk(fd));
	size_t n;

	far.acks = 2;
	talk_pass(10);
	icsk->icsk_ack.quick = 0;
	icsk->icsk_ack.pingpong = 1;
	n = talk_nseen();
	talk_says(SEG_ACK, "question");
	talk_pass(5);
	user_write(fd, 6);
	talk_pass(300);
	assert_int_equal(talk_nseen(), n + 1);
	assert_int_equal(talk_last()->ack, far.seq);
	counts("TcpExtDelayedACKs", 0);
	user_read(fd, 100);
}

static void test_ack_rides_along(void **state)
{
	talk_run(ack_rides_along);
}

/* ---- the timers meet a socket in use ---- */

static void locked(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct inet_connection_sock *icsk = inet_csk(sk);
	size_t n;

	core_sysctl("net.ipv4.tcp_early_retrans", "0");
	user_set(fd, SOL_TCP, TCP_KEEPIDLE, 1);
	user_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	icsk->icsk_ack.quick = 0;
	talk_says(SEG_ACK, "data");
	talk_pass(3);
	user_write(fd, 100);
	icsk->icsk_ack.quick = 0;
	talk_says(SEG_ACK, "data");
	talk_pass(3);
	n = talk_nseen();
	lock_sock(sk); /* as a system call that takes its time */
	talk_pass(1200);
	talk_icmp(3, 1, 0, far.heard - 100); /* may not touch it either */
	talk_says(SEG_ACK, "this waits in the backlog");
	talk_pass(3);
	assert_int_equal(talk_nseen(), n);
	assert_int_equal(icsk->icsk_ack.blocked, 1);
	release_sock(sk); /* all that was put off happens now */
	talk_pass(3);
	assert_true(talk_nseen() > n);
	counts("TcpExtDelayedACKLocked", 1);
	counts("TcpExtLockDroppedIcmps", 1);
	assert_int_equal(user_read(fd, 100), 33);
	far.acks = 2;
	talk_pass(1000);
}

static void test_locked(void **state)
{
	talk_run(locked);
}

/* ---- zero window ---- */

static void zero_window(void *arg)
{
	long fd = talk_connect();
	struct inet_connection_sock *icsk = inet_csk(talk_sk(fd));
	size_t n;

	far.window = 0;
	talk_says(SEG_ACK, "");
	talk_pass(3);
	n = talk_nseen();
	user_write(fd, 3000);
	talk_pass(1600); /* probes after 200, 400, 800 ms */
	assert_int_equal(talk_nseen() - n, 3);
	assert_int_equal(talk_last()->ndata, 0);
	assert_int_equal(talk_last()->seq, far.heard - 1); /* old: it must be answered */
	assert_int_equal(icsk->icsk_probes_out, 3);
	talk_says(SEG_ACK, ""); /* still closed */
	talk_pass(3);
	assert_int_equal(icsk->icsk_probes_out, 0);
	assert_int_equal(icsk->icsk_pending, ICSK_TIME_PROBE0);
	far.window = 4; /* open by a slit: 4 << 7 bytes */
	talk_says(SEG_ACK, "");
	talk_pass(3000);
	assert_int_equal(talk_last()->ndata, 512);
	far.window = 10000;
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(10);
	assert_int_equal(tcp_sk(talk_sk(fd))->packets_out, 0);
	assert_null(tcp_send_head(talk_sk(fd)));
}

static void test_zero_window(void **state)
{
	talk_run(zero_window);
}

static void zero_window_for_ever(void *arg)
{
	long fd = talk_connect();

	core_sysctl("net.ipv4.tcp_retries2", "3");
	far.window = 0;
	talk_says(SEG_ACK, "");
	talk_pass(3);
	user_write(fd, 3000);
	assert_int_equal(user_read(fd, 10), -ETIMEDOUT);
}

/* Probes that nobody answers: tcp_retries2 counts them. */
static void test_zero_window_for_ever(void **state)
{
	talk_run(zero_window_for_ever);
}

static void zero_window_user_timeout(void *arg)
{
	long fd = talk_connect();
	uint64_t first;

	far.window = 0;
	talk_says(SEG_ACK, "");
	talk_pass(3);
	user_set(fd, SOL_TCP, TCP_USER_TIMEOUT, 2000);
	user_write(fd, 3000);
	first = now_ms();
	assert_int_equal(user_read(fd, 10), -ETIMEDOUT);
	assert_true(in(now_ms() - first, 2000, 7000));
}

static void test_zero_window_user_timeout(void **state)
{
	talk_run(zero_window_user_timeout);
}

static void zero_window_orphan(void *arg)
{
	long fd = talk_connect();

	far.window = 0;
	talk_says(SEG_ACK, "");
	talk_pass(3);
	user_write(fd, 3000);
	sys_close((unsigned int)fd);
	talk_pass(600000);
	counts("TcpExtTCPAbortOnTimeout", 1);
}

/* Nobody holds the socket and the window stays shut: eight probes more, not fifteen. */
static void test_zero_window_orphan(void **state)
{
	talk_run(zero_window_orphan);
}

/* ---- keepalive ---- */

static void keepalive_dies(void *arg)
{
	long fd = talk_connect();
	uint64_t first;

	user_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	user_set(fd, SOL_TCP, TCP_KEEPIDLE, 10);
	user_set(fd, SOL_TCP, TCP_KEEPINTVL, 2);
	user_set(fd, SOL_TCP, TCP_KEEPCNT, 3);
	first = now_ms();
	assert_int_equal(user_read(fd, 10), -ETIMEDOUT);
	assert_true(in(now_ms() - first, 15900, 16100)); /* 10 + 3 * 2 s */
	talk_pass(2);
	counts("TcpExtTCPKeepAlive", 3);
	assert_int_equal(talk_last()->flags, SEG_RST | SEG_ACK);
}

static void test_keepalive_dies(void **state)
{
	talk_run(keepalive_dies);
}

static void keepalive_lives(void *arg)
{
	long fd = talk_connect();

	user_set(fd, SOL_TCP, TCP_KEEPIDLE, 10);
	user_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	talk_pass(6000);
	talk_says(SEG_ACK, "i am here"); /* the ten seconds begin anew */
	talk_pass(6000);
	counts("TcpExtTCPKeepAlive", 0);
	talk_pass(5000);
	counts("TcpExtTCPKeepAlive", 1);
	talk_says(SEG_ACK, "");
	talk_pass(2);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_probes_out, 0);
	user_read(fd, 100);
	/* With data in flight the retransmit timer is enough. */
	user_write(fd, 10);
	talk_pass(11000);
	counts("TcpExtTCPKeepAlive", 1);
	user_set(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
	far.acks = 2;
	talk_pass(20000);
	counts("TcpExtTCPKeepAlive", 1);
}

static void test_keepalive_lives(void **state)
{
	talk_run(keepalive_lives);
}

static void keepalive_user_timeout(void *arg)
{
	long fd = talk_connect();
	uint64_t first;

	user_set(fd, SOL_TCP, TCP_USER_TIMEOUT, 12500);
	user_set(fd, SOL_TCP, TCP_KEEPIDLE, 10);
	user_set(fd, SOL_TCP, TCP_KEEPINTVL, 1);
	user_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	first = now_ms();
	assert_int_equal(user_read(fd, 10), -ETIMEDOUT);
	assert_true(in(now_ms() - first, 12900, 13100));
}

/* TCP_USER_TIMEOUT overrules the count of probes. */
static void test_keepalive_user_timeout(void **state)
{
	talk_run(keepalive_user_timeout);
}

/* ---- orphans ---- */

static void orphan(void *arg)
{
	long fd = talk_connect();

	user_write(fd, 10);
	sys_close((unsigned int)fd);
	talk_pass(300000);
	counts("TcpExtTCPAbortOnTimeout", 1);
	assert_true(talk_nseen() > 9);

	/* The error of a router makes the end come sooner once nothing answers. */
	core_sysctl("net.ipv4.tcp_orphan_retries", "2");
	fd = talk_again();
	user_write(fd, 10);
	sys_close((unsigned int)fd);
	talk_pass(30000);
	counts("TcpExtTCPAbortOnTimeout", 2);
}

/* A closed socket with data nobody acknowledges: about 100 s, or tcp_orphan_retries. */
static void test_orphan(void **state)
{
	talk_run(orphan);
}

static void too_many_orphans(void *arg)
{
	long fd = talk_connect();
	int limit = sysctl_tcp_max_orphans;

	user_write(fd, 10);
	sys_close((unsigned int)fd);
	talk_pass(50);
	sysctl_tcp_max_orphans = 0;
	talk_pass(1000);
	sysctl_tcp_max_orphans = limit;
	counts("TcpExtTCPAbortOnMemory", 1);
	assert_int_equal(talk_last()->flags, SEG_RST | SEG_ACK);

	/* Already at close(). */
	fd = talk_again();
	sysctl_tcp_max_orphans = 0;
	sys_close((unsigned int)fd);
	sysctl_tcp_max_orphans = limit;
	talk_pass(5);
	counts("TcpExtTCPAbortOnMemory", 2);
	assert_true(talk_last()->flags & SEG_RST);
}

static void test_too_many_orphans(void **state)
{
	talk_run(too_many_orphans);
}

static void fin_wait2(void *arg)
{
	long fd = talk_connect();

	far.acks = 1; /* our FIN is acknowledged, theirs never comes */
	sys_close((unsigned int)fd);
	talk_pass(10);
	counts("TcpExtTCPAbortOnLinger", 0);
	talk_pass(59000);
	talk_says(SEG_ACK | SEG_FIN, ""); /* the remnant answers */
	talk_pass(3);
	assert_int_equal(talk_last()->ack, far.seq);

	fd = talk_again();
	user_set(fd, SOL_TCP, TCP_LINGER2, -1); /* not at all */
	sys_close((unsigned int)fd);
	talk_pass(10);
	counts("TcpExtTCPAbortOnLinger", 0);

	core_sysctl("net.ipv4.tcp_fin_timeout", "90"); /* longer than a remnant may wait */
	fd = talk_again();
	sys_close((unsigned int)fd);
	talk_pass(40000);
	assert_int_equal(segments_count(SEG_RST | SEG_ACK), 0);
	talk_pass(60000);

	fd = talk_again();
	sys_shutdown((int)fd, 1);
	talk_pass(5);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_FIN_WAIT2);
	sys_close((unsigned int)fd); /* in FIN-WAIT-2 already */
	talk_pass(100000);

	fd = talk_again();
	user_set(fd, SOL_TCP, TCP_LINGER2, -1);
	sys_shutdown((int)fd, 1);
	talk_pass(5);
	sys_close((unsigned int)fd);
	talk_pass(5);
	counts("TcpExtTCPAbortOnLinger", 1);
	assert_int_equal(talk_last()->flags, SEG_RST | SEG_ACK);
}

/* FIN-WAIT-2 waits for the peer's FIN as long as tcp_fin_timeout or TCP_LINGER2 say. */
static void test_fin_wait2(void **state)
{
	talk_run(fin_wait2);
}

/* Doublings beyond what a number holds: x86's shift, and so the kernel's, begins again at 64. */
static void test_doubled_without_bounds(void **state)
{
	struct inet_connection_sock icsk = { .icsk_rto = 3 };

	icsk.icsk_backoff = 10;
	assert_int_equal(inet_csk_rto_backoff(&icsk, TCP_RTO_MAX), 3 << 10);
	icsk.icsk_backoff = 63;
	assert_int_equal(inet_csk_rto_backoff(&icsk, TCP_RTO_MAX), TCP_RTO_MAX);
	icsk.icsk_backoff = 64;
	assert_int_equal(inet_csk_rto_backoff(&icsk, TCP_RTO_MAX), 3);
	icsk.icsk_backoff = 199;
	assert_int_equal(inet_csk_rto_backoff(&icsk, TCP_RTO_MAX), 3 << 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_data_times_out, setup),
		cmocka_unit_test_setup(test_user_timeout, setup),
		cmocka_unit_test_setup(test_soft_error, setup),
		cmocka_unit_test_setup(test_icmp_undoes_backoff, setup),
		cmocka_unit_test_setup(test_thin_stream, setup),
		cmocka_unit_test_setup(test_window_taken_back, setup),
		cmocka_unit_test_setup(test_black_hole, setup),
		cmocka_unit_test_setup(test_delayed_ack, setup),
		cmocka_unit_test_setup(test_ack_rides_along, setup),
		cmocka_unit_test_setup(test_locked, setup),
		cmocka_unit_test_setup(test_zero_window, setup),
		cmocka_unit_test_setup(test_zero_window_for_ever, setup),
		cmocka_unit_test_setup(test_zero_window_user_timeout, setup),
		cmocka_unit_test_setup(test_zero_window_orphan, setup),
		cmocka_unit_test_setup(test_keepalive_dies, setup),
		cmocka_unit_test_setup(test_keepalive_lives, setup),
		cmocka_unit_test_setup(test_keepalive_user_timeout, setup),
		cmocka_unit_test_setup(test_orphan, setup),
		cmocka_unit_test_setup(test_too_many_orphans, setup),
		cmocka_unit_test_setup(test_fin_wait2, setup),
		cmocka_unit_test(test_doubled_without_bounds),
	};

	return cmocka_run_group_tests_name("tcp_timers", tests, NULL, NULL);
}
