/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * After a connection: the remnant in TIME-WAIT and what it answers, its port reused by the next
 * connect, and what the next connection to the same peer inherits (tcp_minisocks.c, tcp_metrics.c,
 * __inet_check_established()).
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
#include <net/inet_hashtables.h>
#include <net/tcp.h>

static int setup(void **state)
{
	talk_boot();
	return 0;
}

static long bound(uint16_t port)
{
	struct sockaddr_in *in = core_user_alloc(sizeof(*in));
	long fd = talk_socket();

	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	in->sin_addr.s_addr = SEG_NEAR;
	user_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	assert_int_equal(sys_bind((int)fd, (struct sockaddr *)in, 16), 0);
	return fd;
}

/* Connects from port 2000 and closes first: a remnant is left. */
static void leave_remnant(void)
{
	long fd = bound(2000);

	far.seq = TALK_IRS;
	far.acks = 2;
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0);
	talk_pass(2);
	sys_close((unsigned int)fd);
	talk_pass(10);
	far.acks = 0;
}

static void answers(void *arg)
{
	size_t n;

	leave_remnant();
	n = talk_nseen();
	talk_odd(SEG_ACK, 0, 0, 0); /* nothing to say to a pure ACK in place */
	talk_pass(3);
	assert_int_equal(talk_nseen(), n);
	talk_odd(SEG_FIN | SEG_ACK, -1, 0, 0); /* the FIN again: our ACK was lost */
	talk_pass(3);
	assert_int_equal(talk_nseen(), ++n);
	assert_int_equal(talk_last()->ack, far.seq);
	talk_odd(SEG_ACK, 0, 0, 10); /* data: out of place; answered once in half a second */
	talk_pass(600);
	talk_odd(SEG_ACK, 0, 0, 0);
	far.stamp -= 3000; /* of a former time */
	talk_odd(SEG_ACK, 0, 0, 10);
	talk_pass(3);
	counts("TcpExtPAWSEstab", 1);
	far.stamp += 3000;
	talk_odd(SEG_RST, 100, 0, 0); /* a RST not quite in place */
	talk_pass(3);
	core_sysctl("net.ipv4.tcp_rfc1337", "1");
	talk_odd(SEG_RST, 0, 0, 0); /* assassination forbidden */
	talk_pass(3);
	talk_pass(600);
	n = talk_nseen();
	talk_odd(SEG_FIN | SEG_ACK, -1, 0, 0);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 1);
	core_sysctl("net.ipv4.tcp_rfc1337", "0");
	talk_odd(SEG_RST, 0, 0, 0); /* allowed: the remnant dies */
	talk_pass(600);
	talk_odd(SEG_FIN | SEG_ACK, -1, 0, 0);
	talk_pass(3);
	assert_true(talk_last()->flags & SEG_RST);
}

static void test_answers(void **state)
{
	talk_run(answers);
}

static void syn(void *arg)
{
	struct segment s;

	leave_remnant();
	s = talk_segment(SEG_SYN);
	s.seq += 100000; /* beyond all the old connection can have sent: a new one may begin */
	segments_send(s);
	talk_pass(3);
	assert_int_equal(talk_last()->flags, SEG_ACK); /* but nobody listens here */

	talk_pass(70000);
	leave_remnant();
	s = talk_segment(SEG_SYN);
	s.seq -= 100000;
	s.noptions = 0;
	segments_send(s);
	talk_pass(3);
	assert_int_equal(talk_last()->flags, SEG_ACK);
	s.spoilt = 1;
	segments_send(s);
	talk_pass(3);
	counts("TcpInCsumErrors", 1);
}

static void test_syn(void **state)
{
	talk_run(syn);
}

static void half_closed(uint8_t flags, int32_t dseq, size_t n)
{
	long fd;

	far.acks = 1; /* their FIN does not come */
	fd = talk_again();
	sys_close((unsigned int)fd);
	talk_pass(10);
	far.acks = 0;
	talk_odd(flags, dseq, 0, n);
	talk_pass(3);
}

static void fin_wait2(void *arg)
{
	half_closed(SEG_ACK, 0, 0); /* nothing new */
	assert_false(talk_last()->flags & SEG_RST);
	half_closed(SEG_ACK, 0, 100); /* data nobody will read */
	assert_true(talk_last()->flags & SEG_RST);
	half_closed(SEG_RST, 0, 0);
	half_closed(SEG_SYN, 0, 0);
	assert_true(talk_last()->flags & SEG_RST);
	half_closed(SEG_ACK, 1 << 20, 10); /* outside */
	assert_int_equal(talk_last()->flags, SEG_ACK);
	half_closed(SEG_ACK, -10, 10);        /* old */
	half_closed(SEG_FIN | SEG_ACK, 0, 5); /* data and FIN */
	assert_true(talk_last()->flags & SEG_RST);
	half_closed(SEG_FIN | SEG_ACK, 0, 0);
	assert_int_equal(talk_last()->ack, far.seq + 1);
	core_sysctl("net.ipv4.tcp_tw_recycle", "1");
	half_closed(SEG_FIN | SEG_ACK, 0, 0);
	assert_int_equal(talk_last()->ack, far.seq + 1);
}

/* The socket is gone, the remnant waits for their FIN. */
static void test_fin_wait2(void **state)
{
	talk_run(fin_wait2);
}

static void remnant_of_fin_wait2(void *arg)
{
	struct segment s;
	size_t n;

	/* What reaches into the window from below is new; what only touches its end is not. */
	half_closed(SEG_ACK, -5, 10);
	assert_true(talk_last()->flags & SEG_RST);
	half_closed(SEG_SYN | SEG_ACK, -1, 2); /* a SYN of before, with something new behind it */
	assert_true(talk_last()->flags & SEG_RST);
	half_closed(0, 0, 10); /* without an ACK it says nothing */
	n = talk_nseen();
	s = talk_segment(SEG_ACK);
	s.seq += 29200 + 100000; /* far outside, and no data: answered, but not too often */
	segments_send(s);
	segments_send(s);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 1);

	/* Stamps of before: refused, and a FIN without any is taken. */
	far.acks = 1;
	sys_close((unsigned int)talk_again());
	talk_pass(10);
	far.acks = 0;
	s = talk_segment(SEG_FIN | SEG_ACK);
	s.noptions = 0;
	segment_stamps(&s, far.stamp - 5000, 0);
	segments_send(s);
	talk_pass(3);
	assert_int_equal(talk_last()->ack, s.seq);
	s.noptions = 0;
	segments_send(s);
	talk_pass(3);
	assert_int_equal(talk_last()->ack, s.seq + 1);
}

static void test_remnant_of_fin_wait2(void **state)
{
	talk_run(remnant_of_fin_wait2);
}

static void next_syn(void *arg)
{
	struct segment s;
	long fd;
	size_t n;

	leave_remnant();
	n = talk_nseen();
	s = talk_segment(SEG_SYN);
	s.seq -= 1000; /* behind the old connection, but with a newer stamp */
	s.noptions = 0;
	segment_stamps(&s, far.stamp + 5000, 0);
	segments_send(s);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 1);
	assert_int_equal(talk_last()->flags, SEG_ACK);
	s.noptions = 0;
	segment_stamps(&s, far.stamp - 5000, 0); /* both of before */
	segments_send(s);
	talk_pass(600);

	/* Somebody listens on the port: the SYN is for him, and the remnant goes. */
	fd = bound(2000);
	assert_int_equal(sys_listen((int)fd, 5), 0);
	s = talk_segment(SEG_SYN);
	s.seq += 100000;
	s.noptions = 0;
	segment_stamps(&s, far.stamp + 9000, 0);
	segments_send(s);
	talk_pass(3);
	n = talk_nseen();
	talk_odd(SEG_FIN | SEG_ACK, -1, 0, 0);
	talk_pass(3);
	assert_true(talk_last()->flags & SEG_RST); /* no remnant answers any more */
	assert_int_equal(talk_nseen(), n + 1);
}

static void test_next_syn(void **state)
{
	talk_run(next_syn);
}

static void elsewhere(void *arg)
{
	struct sockaddr_in *other = core_user_alloc(sizeof(*other));
	unsigned long nth;
	long fd, err = 0;

	/* The connect inherits the remnant's numbers and stamp, and then finds no memory for its SYN. */
	leave_remnant();
	fd = bound(2000);
	far.deaf = 1;
	for (nth = 1; nth < 10 && err != -ENOBUFS; nth++) {
		core_fail_alloc(nth);
		err = sys_connect((int)fd, talk_addr(), 16);
	}
	core_fail_alloc(0);
	assert_int_equal(err, -ENOBUFS);
	assert_true(tcp_sk(talk_sk(fd))->rx_opt.ts_recent_stamp != 0);
	/* For another peer they mean nothing. */
	user_set(fd, SOL_TCP, TCP_SYNCNT, 1);
	other->sin_family = AF_INET;
	other->sin_port = htons(80);
	other->sin_addr.s_addr = 0x0900090a;
	sys_connect((int)fd, (struct sockaddr *)other, 16);
	assert_int_equal(tcp_sk(talk_sk(fd))->rx_opt.ts_recent, 0);
}

static void test_elsewhere(void **state)
{
	struct segments *w = talk_boot();

	(void)state;
	w->memory_fails = 1;
	talk_run(elsewhere);
}

static void reuse(void *arg)
{
	uint32_t old;
	long fd;

	core_sysctl("net.ipv4.ip_local_port_range", "2000 2000");
	fd = talk_connect(); /* not bound: ports that somebody bound to are not searched */
	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
	far.acks = 0;
	old = far.heard;
	fd = talk_socket();
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -EADDRNOTAVAIL);
	core_sysctl("net.ipv4.tcp_tw_reuse", "1");
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -EADDRNOTAVAIL); /* too soon */
	talk_pass(2500);
	far.seq = TALK_IRS;
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0);
	/* Its numbers begin where no segment of the old connection can be. */
	assert_true(segments_last(SEG_SYN)->seq - old >= 65535);
	assert_true(segments_last(SEG_SYN)->seq - old <= 65537);
	talk_pass(3);
	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
}

/* net.ipv4.tcp_tw_reuse: a second later time stamps make the old tuple safe. */
static void test_reuse(void **state)
{
	talk_run(reuse);
}

static void bound_reuse(void *arg)
{
	long fd;

	leave_remnant();
	fd = bound(2000);
	far.seq = TALK_IRS;
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0);
	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
}

/* Who binds to the port has asked for it: at once, and without the setting. */
static void test_bound_reuse(void **state)
{
	talk_run(bound_reuse);
}

static void recycle(void *arg)
{
	long fd;

	core_sysctl("net.ipv4.tcp_tw_recycle", "1");
	leave_remnant();
	talk_pass(2000); /* gone after 3.5 time-outs instead of a minute */
	fd = bound(2000);
	far.seq = TALK_IRS;
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0);
	assert_true(tcp_sk(talk_sk(fd))->rx_opt.ts_recent != 0);
	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(5000);

	/*
	 * The peer's last stamp outlives the remnant. A new socket does not find it, one that connects
	 * again does: see docs/differences.md.
	 */
	far.deaf = 1;
	far.acks = 0;
	fd = talk_socket();
	user_set(fd, SOL_TCP, TCP_SYNCNT, 1);
	talk_forget();
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -ETIMEDOUT);
	assert_int_equal(talk_last()->tsecr, 0);
	talk_forget();
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -ETIMEDOUT);
	assert_true(talk_last()->tsecr != 0);
	far.deaf = 0;
}

static void test_recycle(void **state)
{
	talk_run(recycle);
}

/* Sets what the last connection leaves behind, and closes it. */
static void closes_with(long fd, u32 cwnd, u32 ssthresh, u32 reordering)
{
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	tp->snd_cwnd = cwnd;
	tp->snd_ssthresh = ssthresh;
	tp->reordering = reordering;
	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(10);
	far.acks = 0;
}

static void inherits(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp;

	closes_with(fd, 40, 20, 3); /* in balance */
	fd = talk_again();
	tp = tcp_sk(talk_sk(fd));
	assert_int_equal(tp->snd_ssthresh, 20);
	assert_int_equal(tp->snd_cwnd, 10); /* the window itself always begins anew */
	closes_with(fd, 10, 30, 7);         /* in the middle of something */
	fd = talk_again();
	tp = tcp_sk(talk_sk(fd));
	assert_int_equal(tp->snd_ssthresh, 30);
	assert_int_equal(tp->reordering, 7);
	closes_with(fd, 100, TCP_INFINITE_SSTHRESH, 7); /* slow start was never left */
	fd = talk_again();
	assert_int_equal(tcp_sk(talk_sk(fd))->snd_ssthresh, 50);
	/* A longer round trip of before is believed rather than the handshake's. */
	tcp_sk(talk_sk(fd))->srtt_us = 8 * 500000;
	closes_with(fd, 10, 8, 3);
	fd = talk_again();
	assert_true(inet_csk(talk_sk(fd))->icsk_rto > 500);
	/* An hour later it is old. */
	closes_with(fd, 10, 8, 3);
	talk_pass(3700000);
	fd = talk_again();
	assert_int_equal(tcp_sk(talk_sk(fd))->snd_ssthresh, TCP_INFINITE_SSTHRESH);
	/* Without a round trip, what was known is void. */
	tcp_sk(talk_sk(fd))->srtt_us = 0;
	closes_with(fd, 10, 8, 3);
	core_sysctl("net.ipv4.tcp_no_metrics_save", "1");
	fd = talk_again();
	closes_with(fd, 90, 77, 3);
	fd = talk_again();
	assert_true(tcp_sk(talk_sk(fd))->snd_ssthresh != 77);
	closes_with(fd, 10, 8, 3);
}

/* tcp_metrics: the route to a peer is learnt once. */
static void test_inherits(void **state)
{
	talk_run(inherits);
}

/* ---- the remnant's own life ---- */

static struct inet_timewait_sock *remnant(void)
{
	struct sock *sk = __inet_lookup_established(&init_net, &tcp_hashinfo, SEG_FAR,
						    htons(SEG_PORT), SEG_NEAR, 2000, 1);

	assert_non_null(sk);
	assert_int_equal(sk->sk_state, TCP_TIME_WAIT);
	return inet_twsk(sk);
}

/* Whoever found it may still hold it when its time is over: then nothing can be done to it. */
static void outlived(void *arg)
{
	struct inet_timewait_sock *tw;

	leave_remnant();
	tw = remnant();
	talk_pass(61000);
	assert_int_equal(atomic_read(&tcp_death_row.tw_count), 0);
	assert_false(timer_pending(&tw->tw_timer));
	inet_twsk_reschedule(tw, 60 * HZ);
	assert_false(timer_pending(&tw->tw_timer));
	assert_int_equal(atomic_read(&tw->tw_refcnt), 1);
	sock_gen_put((struct sock *)tw);

	leave_remnant();
	tw = remnant();
	talk_pass(61000);
	inet_twsk_deschedule_put(tw);
	assert_int_equal(atomic_read(&tcp_death_row.tw_count), 0);
}

static void test_outlived(void **state)
{
	talk_run(outlived);
}

/* A socket that has left the table already is not taken out, and not counted, twice. */
static void unhashed(void *arg)
{
	long fd = bound(2000);
	struct sock *sk;
	int inuse;

	far.seq = TALK_IRS;
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0);
	sk = talk_sk(fd);
	inet_unhash(sk);
	inuse = sk->sk_prot->inuse;
	local_bh_disable();
	tcp_time_wait(sk, TCP_TIME_WAIT, HZ);
	local_bh_enable();
	assert_int_equal(sk->sk_prot->inuse, inuse);
	assert_int_equal(sk->sk_state, TCP_CLOSE);
	sys_close((unsigned int)fd);
	inet_twsk_put(remnant());
}

static void test_unhashed(void **state)
{
	talk_run(unhashed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_answers, setup),
		cmocka_unit_test_setup(test_syn, setup),
		cmocka_unit_test_setup(test_fin_wait2, setup),
		cmocka_unit_test_setup(test_reuse, setup),
		cmocka_unit_test_setup(test_remnant_of_fin_wait2, setup),
		cmocka_unit_test_setup(test_next_syn, setup),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test_setup(test_bound_reuse, setup),
		cmocka_unit_test_setup(test_recycle, setup),
		cmocka_unit_test_setup(test_inherits, setup),
		cmocka_unit_test_setup(test_outlived, setup),
		cmocka_unit_test_setup(test_unhashed, setup),
	};

	return cmocka_run_group_tests_name("timewait", tests, NULL, NULL);
}
