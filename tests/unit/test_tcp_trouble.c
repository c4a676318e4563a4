/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Trouble in our own machine, which is not the network's: the device's queue is full, memory is out
 * or scarce, or a user owns the socket when a softirq comes for it (tcp_timer.c, tcp_output*.c,
 * tcp_ipv4.c).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <net/tcp.h>

static int setup(void **state)
{
	talk_boot();
	return 0;
}

/* The loss probe would come before the time-out. */
static long connected(void)
{
	long fd = talk_connect();

	core_sysctl("net.ipv4.tcp_early_retrans", "0");
	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	return fd;
}

static void acknowledge(void)
{
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(1000);
}

/* ---- the device's queue ---- */

static struct net_device *wire0(void)
{
	return __dev_get_by_name(&init_net, "wire0");
}

/* The device takes nothing, and its queue is full: of a RST to somebody else. */
static void jam(void)
{
	struct segment s = talk_segment(SEG_ACK);

	netif_stop_queue(wire0());
	wire0()->tx_queue_len = 1;
	s.dest = 9;
	segments_send(s);
	talk_pass(3);
}

static void unjam(void)
{
	wire0()->tx_queue_len = 1000;
	netif_wake_queue(wire0());
	talk_pass(5);
}

static void queue_full(void *arg)
{
	long fd = connected();
	struct inet_connection_sock *icsk = inet_csk(talk_sk(fd));
	size_t n = talk_nseen();

	jam();
	assert_int_equal(icsk->icsk_ca_state, TCP_CA_Open);
	user_write(fd, 10); /* dropped: congestion like any other */
	assert_int_equal(icsk->icsk_ca_state, TCP_CA_CWR);
	unjam();
	assert_int_equal(talk_nseen(), n + 1);
	assert_true(talk_last()->flags & SEG_RST);
	acknowledge();
	assert_int_equal(tcp_sk(talk_sk(fd))->packets_out, 0);
	assert_int_equal(tcp_sk(talk_sk(fd))->snd_una, tcp_sk(talk_sk(fd))->write_seq);
}

/* A packet that our own queue drops makes the window smaller, and is sent again like one lost. */
static void test_queue_full(void **state)
{
	talk_run(queue_full);
}

static void repeat_not_sent(void *arg)
{
	long fd = connected();
	struct inet_connection_sock *icsk = inet_csk(talk_sk(fd));

	user_write(fd, 10);
	talk_pass(5);
	jam();
	talk_pass(250); /* the time-out: its repeat does not get past the queue */
	assert_int_equal(icsk->icsk_retransmits, 1);
	assert_int_equal(icsk->icsk_backoff, 0); /* not the network's fault */
	talk_pass(600);                          /* again after 200 ms each, and again in vain */
	assert_int_equal(icsk->icsk_retransmits, 1);
	assert_int_equal(icsk->icsk_backoff, 0);
	counts("TcpExtTCPRetransFail", 4);
	unjam();
	acknowledge();
	assert_int_equal(tcp_sk(talk_sk(fd))->packets_out, 0);
}

/* A repeat that does not leave our own machine backs nothing off. */
static void test_repeat_not_sent(void **state)
{
	talk_run(repeat_not_sent);
}

static void probes_not_sent(void *arg)
{
	long fd = connected();
	struct inet_connection_sock *icsk = inet_csk(talk_sk(fd));

	user_set(fd, SOL_TCP, TCP_KEEPIDLE, 1);
	user_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	talk_pass(500);
	jam();
	talk_pass(2500); /* keepalive is due at 1 s, and tries again each half second */
	assert_int_equal(icsk->icsk_probes_out, 0);
	unjam();
	talk_pass(600);
	assert_int_equal(icsk->icsk_probes_out, 1);
	user_set(fd, SOL_SOCKET, SO_KEEPALIVE, 0);

	far.window = 0;
	talk_says(SEG_ACK, "");
	talk_pass(5);
	user_write(fd, 100);
	jam();
	talk_pass(1500);
	assert_int_equal(icsk->icsk_probes_out, 1); /* it must be answered some day */
	assert_int_equal(icsk->icsk_backoff, 0);
	unjam();
	far.window = 10000;
	talk_pass(600);
	acknowledge();
	assert_null(tcp_send_head(talk_sk(fd)));
	jam();
	talk_says(SEG_ACK, "unread");
	talk_pass(5);
	sys_close((unsigned int)fd);
	counts("TcpExtTCPAbortFailed", 1); /* nor does the RST leave */
	unjam();
}

static void test_probes_not_sent(void **state)
{
	talk_run(probes_not_sent);
}

/* ---- no memory ---- */

static void fin_without_memory(void *arg)
{
	long fd = connected();
	size_t n;

	user_write(fd, 10);
	talk_pass(5);
	n = talk_nseen();
	core_fail_alloc(1);
	sys_shutdown((int)fd, 1); /* the FIN goes on the segment in flight, and with its repeat */
	assert_int_equal(core_fail_alloc_left(), 0);
	assert_int_equal(talk_nseen(), n);
	assert_int_equal(tcp_sk(talk_sk(fd))->snd_nxt, tcp_sk(talk_sk(fd))->write_seq);
	talk_pass(300);
	assert_true(talk_last()->flags & SEG_FIN);
	assert_int_equal(talk_last()->ndata, 10);
	acknowledge();

	fd = talk_again();
	far.acks = 0;
	core_fail_alloc(1);
	sys_shutdown((int)fd, 1); /* nothing in flight to put it on: it is not sent at all */
	assert_int_equal(core_fail_alloc_left(), 0);
	talk_pass(300);
	assert_false(talk_last()->flags & SEG_FIN);

	fd = talk_again();
	user_write(fd, 10);
	tcp_memory_pressure = 1;
	sys_shutdown((int)fd, 1); /* while memory is scarce, the same is done to save some */
	tcp_memory_pressure = 0;
	talk_pass(300);
	assert_true(talk_last()->flags & SEG_FIN);
	assert_int_equal(talk_last()->ndata, 10);
	acknowledge();
}

static void test_fin_without_memory(void **state)
{
	talk_run(fin_without_memory);
}

static void probe_without_memory(void *arg)
{
	long fd = connected();
	size_t n;

	far.window = 0;
	talk_says(SEG_ACK, "");
	talk_pass(5);
	user_write(fd, 3000);
	n = talk_nseen();
	core_fail_alloc(1);
	talk_pass(250);
	assert_int_equal(core_fail_alloc_left(), 0);
	assert_int_equal(talk_nseen(), n);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_probes_out, 1); /* counts as asked */
	far.window = 4;
	talk_says(SEG_ACK, "");
	core_fail_alloc(1);
	talk_pass(800); /* the slit is to be used, but the segment cannot be cut */
	assert_int_equal(core_fail_alloc_left(), 0);
	far.window = 10000;
	acknowledge();
	assert_null(tcp_send_head(talk_sk(fd)));
}

static void test_probe_without_memory(void **state)
{
	talk_run(probe_without_memory);
}

/* A router makes the segments in flight smaller: they are copied, cut and repeated. */
static void shrink(const struct sock *sk, unsigned long nth, uint16_t mtu, unsigned int ms)
{
	talk_icmp(3, 4, mtu, tcp_sk(sk)->snd_una);
	core_fail_alloc(nth);
	talk_pass(ms);
	core_fail_alloc(0);
}

static void each_alloc(void *arg)
{
	long fd = connected();
	struct sock *sk = talk_sk(fd);
	uint16_t mtu = 1480;
	unsigned long nth;

	for (nth = 1; nth < 10; nth++) {
		far.acks = 0;
		user_write(fd, 4000);
		talk_pass(3);
		netif_stop_queue(wire0()); /* the repeats' clones stay below */
		shrink(sk, 0, mtu -= 20, 5);
		shrink(sk, nth, mtu -= 20, 300);
		netif_wake_queue(wire0());
		talk_pass(3);
		shrink(sk, nth, mtu -= 20, 300);
		acknowledge();
		talk_pass(3000);
		assert_int_equal(tcp_sk(sk)->snd_una, tcp_sk(sk)->write_seq);
	}
}

/* Whatever allocation fails on the way to a smaller segment, the data arrives in the end. */
static void test_cutting_without_memory(void **state)
{
	struct segments *w = talk_boot();

	(void)state;
	w->memory_fails = 1;
	talk_run(each_alloc);
}

static void probe_for_mtu(void *arg)
{
	long fd;
	struct tcp_sock *tp;
	struct inet_connection_sock *icsk;

	far.window = 60000;
	core_sysctl("net.ipv4.tcp_mtu_probing", "2");
	core_sysctl("net.ipv4.tcp_slow_start_after_idle", "0");
	fd = connected();
	tp = tcp_sk(talk_sk(fd));
	icsk = inet_csk(talk_sk(fd));
	far.acks = 1;
	user_write(fd, 20000);
	talk_pass(500);
	assert_true(tp->snd_cwnd >= 11);
	icsk->icsk_mtup.search_high = 1500; /* the search begins anew */
	icsk->icsk_mtup.search_low = 1064;
	icsk->icsk_mtup.probe_size = 0;
	far.acks = 0;
	user_write(fd, 100);
	user_write(fd, 100);
	talk_pass(3);
	core_fail_alloc(3); /* those before are for what is written, this one is the probe's */
	assert_int_equal(user_write(fd, 9000), 9000);
	assert_int_equal(core_fail_alloc_left(), 0);
	assert_int_equal(icsk->icsk_mtup.probe_size, 0);
	acknowledge();

	icsk->icsk_mtup.search_high = 1500;
	icsk->icsk_mtup.search_low = 1064;
	icsk->icsk_mtup.probe_size = 0;
	jam();
	/* The probe does not leave: its data goes in segments of the usual size. */
	user_write(fd, 9000);
	assert_int_equal(icsk->icsk_mtup.probe_size, 0);
	unjam();
	acknowledge();
	talk_pass(5000);
	assert_int_equal(tp->snd_una, tp->write_seq);
}

/* A search for the path's MTU that fails in our own machine. */
static void test_probe_for_mtu(void **state)
{
	struct segments *w = talk_boot();

	(void)state;
	w->memory_fails = 1;
	talk_run(probe_for_mtu);
}

static int one_bit(const struct segment *s)
{
	return s->flags & SEG_SYN;
}

static void crossing(void *arg)
{
	struct inet_connection_sock *icsk;
	long fd = sys_socket(2, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct segment s;

	far.loses = one_bit;
	netif_stop_queue(wire0()); /* the SYN's clone stays below, so the SYN must be copied */
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -EINPROGRESS);
	icsk = inet_csk(talk_sk(fd));
	s = talk_segment(SEG_SYN);
	s.ack = 0;
	s.dest = ntohs(inet_sk(talk_sk(fd))->inet_sport);
	segments_send(s);
	core_fail_alloc(
		4); /* three are for the packet that comes, the next is the copy of the SYN */
	talk_pass(5);
	assert_int_equal(core_fail_alloc_left(), 0);
	core_fail_alloc(0);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_SYN_RECV);
	netif_wake_queue(wire0());
	talk_pass(1500);
	assert_true(icsk->icsk_retransmits > 0);
	sys_close((unsigned int)fd);
}

/* Two SYNs cross, and there is no memory for the SYN-ACK: the time-out sends the SYN again. */
static void test_crossing_without_memory(void **state)
{
	talk_run(crossing);
}

/* ---- scarce memory ---- */

static void scarce(void *arg)
{
	long fd = connected();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	size_t i;

	user_set(fd, SOL_SOCKET, SO_RCVBUF, 20000);
	for (i = 0; i < 12; i++) {
		talk_sends(SEG_ACK, 1400);
		talk_pass(2);
	}
	core_sysctl("net.ipv4.tcp_mem", "0 0 47526");
	talk_sends(SEG_ACK, 1400);
	talk_pass(
		300); /* a window for four segments at most, and the timers give back what they can */
	core_sysctl("net.ipv4.tcp_mem", "23763 31687 47526");
	assert_true(tp->rcv_ssthresh <= 4u * tp->advmss);
	user_read(fd, 20000);
	acknowledge();
}

static void test_scarce_memory(void **state)
{
	talk_run(scarce);
}

/* ---- a socket in use ---- */

static void owned(void *arg)
{
	long fd = connected();
	struct sock *sk = talk_sk(fd);
	struct inet_connection_sock *icsk = inet_csk(sk);

	user_write(fd, 100);
	talk_pass(5);
	lock_sock(sk);
	talk_pass(500); /* the time-out is put off */
	assert_true(tcp_sk(sk)->tsq_flags & (1UL << TCP_WRITE_TIMER_DEFERRED));
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, 10, TCP_RTO_MAX); /* as a write may */
	talk_pass(20);                                                     /* once is enough */
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, 1000, TCP_RTO_MAX);
	release_sock(sk); /* and then it is not yet due */
	assert_int_equal(icsk->icsk_retransmits, 0);
	acknowledge();
	far.acks = 0;

	icsk->icsk_ack.quick = 0;
	icsk->icsk_ack.pingpong = 1;
	talk_says(SEG_ACK, "wait");
	talk_pass(3);
	lock_sock(sk);
	talk_pass(300); /* the delayed ACK is put off */
	assert_true(tcp_sk(sk)->tsq_flags & (1UL << TCP_DELACK_TIMER_DEFERRED));
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, 10, TCP_RTO_MAX);
	talk_pass(20);
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, 100, TCP_RTO_MAX);
	counts("TcpExtDelayedACKLocked", 2);
	release_sock(sk);
	counts("TcpExtDelayedACKs", 0); /* the deadline was moved */
	talk_pass(200);
	counts("TcpExtDelayedACKs", 1);

	/* Both timers have fired, and then it turns out that the peer is gone. */
	icsk->icsk_ack.quick = 0;
	icsk->icsk_ack.pingpong = 1;
	user_write(fd, 100);
	talk_says(SEG_ACK, "more");
	talk_pass(3);
	lock_sock(sk);
	talk_pass(600);
	talk_says(SEG_RST | SEG_ACK, "");
	talk_pass(3);
	release_sock(sk);
	assert_int_equal(sk->sk_state, TCP_CLOSE);
	counts("TcpExtDelayedACKs", 1);
	assert_int_equal(icsk->icsk_retransmits, 0);
}

/* A timer that meets a socket in use leaves a note; much can have happened when it is read. */
static void test_owned(void **state)
{
	talk_run(owned);
}

static void owned_small_queue(void *arg)
{
	long fd = connected();
	struct sock *sk = talk_sk(fd);

	core_sysctl("net.ipv4.tcp_limit_output_bytes", "2000");
	netif_stop_queue(wire0());
	user_write(fd, 1448);
	user_write(fd, 1448);
	user_write(fd, 1448);
	user_write(fd, 1448);               /* the third write went with the second: autocorking */
	assert_non_null(tcp_send_head(sk)); /* two below are enough */
	assert_true(tcp_sk(sk)->tsq_flags & (1UL << TSQ_THROTTLED));
	lock_sock(sk);
	netif_wake_queue(wire0());
	talk_pass(3); /* they have left, but the socket is in use */
	assert_true(tcp_sk(sk)->tsq_flags & (1UL << TCP_TSQ_DEFERRED));
	assert_non_null(tcp_send_head(sk));
	release_sock(sk);
	assert_null(tcp_send_head(sk));
	acknowledge();
	far.acks = 0;

	/* Meanwhile the connection has ended: nothing is to be sent any more. */
	netif_stop_queue(wire0());
	user_write(fd, 1448);
	user_write(fd, 1448);
	user_write(fd, 1448);
	talk_says(SEG_RST | SEG_ACK, "");
	talk_pass(3);
	assert_int_equal(sk->sk_state, TCP_CLOSE);
	netif_wake_queue(wire0());
	talk_pass(3);
	core_sysctl("net.ipv4.tcp_limit_output_bytes", "262144");
}

static void test_owned_small_queue(void **state)
{
	talk_run(owned_small_queue);
}

static void small_queue_and_loss(void *arg)
{
	long fd = connected();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);

	far.options = TALK_ALL;
	core_sysctl("net.ipv4.tcp_limit_output_bytes", "1000");
	user_write(fd, 1448);
	user_write(fd, 1448);
	user_write(fd, 1448);
	user_write(fd, 1448);
	talk_pass(5);
	netif_stop_queue(wire0());
	talk_icmp(3, 4, 1000, tp->snd_una); /* four to be sent again, each in two */
	talk_pass(5);
	assert_true(tp->lost_out > tp->retrans_out);
	netif_wake_queue(wire0()); /* what went below has left: the rest follows by itself */
	talk_pass(5);
	assert_int_equal(tp->lost_out, tp->retrans_out);
	core_sysctl("net.ipv4.tcp_limit_output_bytes", "262144");
	acknowledge();
}

/* Repeats, too, wait for those before them to leave. */
static void test_small_queue_and_loss(void **state)
{
	talk_run(small_queue_and_loss);
}

static void owned_errors(void *arg)
{
	long fd = connected();
	struct sock *sk = talk_sk(fd);
	struct inet_connection_sock *icsk = inet_csk(sk);
	int backoff, i;

	user_write(fd, 100);
	talk_pass(700);
	backoff = icsk->icsk_backoff;
	assert_true(backoff > 0);
	lock_sock(sk);
	talk_icmp(3, 1, 0, tcp_sk(sk)->snd_una);
	talk_icmp(3, 4, 1000, tcp_sk(sk)->snd_una);
	talk_icmp(3, 4, 900, tcp_sk(sk)->snd_una);
	talk_pass(3);
	assert_int_equal(icsk->icsk_backoff, backoff); /* nobody may touch it */
	assert_int_equal(sk->sk_err_soft, EHOSTUNREACH);
	counts("TcpExtLockDroppedIcmps", 1); /* an MTU is remembered instead */
	assert_true(tcp_sk(sk)->tsq_flags & (1UL << TCP_MTU_REDUCED_DEFERRED));
	release_sock(sk);
	assert_int_equal(icsk->icsk_pmtu_cookie, 900);

	/* More than the backlog may hold. */
	lock_sock(sk);
	sk->sk_rcvbuf = sk->sk_sndbuf = 3000;
	for (i = 0; i < 60; i++)
		talk_sends(SEG_ACK, 1400);
	talk_pass(5);
	assert_true(core_counter("TcpExtTCPBacklogDrop") > 0);
	release_sock(sk);
	sk->sk_rcvbuf = sk->sk_sndbuf = 87380;
	user_read(fd, 100000);
}

static void test_owned_errors(void **state)
{
	talk_run(owned_errors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_queue_full, setup),
		cmocka_unit_test_setup(test_repeat_not_sent, setup),
		cmocka_unit_test_setup(test_probes_not_sent, setup),
		cmocka_unit_test_setup(test_fin_without_memory, setup),
		cmocka_unit_test_setup(test_probe_without_memory, setup),
		cmocka_unit_test(test_cutting_without_memory),
		cmocka_unit_test(test_probe_for_mtu),
		cmocka_unit_test_setup(test_crossing_without_memory, setup),
		cmocka_unit_test_setup(test_scarce_memory, setup),
		cmocka_unit_test_setup(test_owned, setup),
		cmocka_unit_test_setup(test_owned_small_queue, setup),
		cmocka_unit_test_setup(test_small_queue_and_loss, setup),
		cmocka_unit_test_setup(test_owned_errors, setup),
	};

	return cmocka_run_group_tests_name("tcp_trouble", tests, NULL, NULL);
}
