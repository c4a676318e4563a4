/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * An established connection receives: in order and out of order, twice and in pieces, beyond its
 * window, with stamps from the past, with RST and SYN bits, urgent, and with too little memory
 * (tcp_input_established.c, _validate.c, _data.c, _ofo.c, _buf.c).
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

static void end(long fd)
{
	far.acks = 2;
	sys_close((unsigned int)fd);
	talk_pass(100);
}

/* ---- out of order ---- */

static void holes(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	/* Blocks 2, 4, 6, 8, 10 arrive of ten with 100 bytes each. */
	talk_odd(SEG_ACK, 100, 0, 100);
	talk_pass(3);
	assert_int_equal(talk_last()->nsack, 1);
	assert_int_equal(talk_last()->sack[0][0], far.seq + 100);
	talk_odd(SEG_ACK, 300, 0, 100);
	talk_pass(3);
	assert_int_equal(talk_last()->nsack, 2);
	assert_int_equal(talk_last()->sack[0][0], far.seq + 300); /* the newest first */
	talk_odd(SEG_ACK, 500, 0, 100);
	talk_odd(SEG_ACK, 700, 0, 100);
	talk_odd(SEG_ACK, 900, 0, 100);
	talk_pass(3);
	assert_int_equal(talk_last()->nsack, 3); /* more do not fit beside the stamps */
	assert_int_equal(tp->rx_opt.num_sacks, 4);
	assert_int_equal(tp->selective_acks[0].start_seq, far.seq + 900);
	/* One more piece of an old block brings it to the front, grown. */
	talk_odd(SEG_ACK, 600, 0, 50);
	talk_pass(3);
	assert_int_equal(talk_last()->sack[0][0], far.seq + 500);
	assert_int_equal(talk_last()->sack[0][1], far.seq + 650);
	talk_odd(SEG_ACK, 650, 0, 50); /* 500 to 800: two blocks become one */
	talk_pass(3);
	assert_int_equal(talk_last()->sack[0][0], far.seq + 500);
	assert_int_equal(talk_last()->sack[0][1], far.seq + 800);
	/* The first hole is filled: 0 to 200 are in order. */
	talk_sends(SEG_ACK, 100);
	far.seq += 100;
	talk_pass(3);
	assert_int_equal(talk_last()->ack, far.seq);
	assert_int_equal(user_read(fd, 2000), 200);
	talk_sends(SEG_ACK, 300); /* more than the hole: 200 to 500, 300 to 400 twice */
	far.seq += 300;
	talk_pass(50);
	assert_int_equal(talk_last()->ack, far.seq);
	talk_sends(SEG_ACK, 100);
	far.seq += 100;
	talk_pass(50);
	assert_int_equal(talk_last()->nsack, 0);
	assert_int_equal(tp->rx_opt.num_sacks, 0);
	assert_int_equal(user_read(fd, 2000), 800);
	counts("TcpExtTCPOFOQueue", 7);
	end(fd);
}

static void test_holes(void **state)
{
	talk_run(holes);
}

static void overlaps(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	talk_odd(SEG_ACK, 100, 0, 100); /* 100 - 200 */
	talk_odd(SEG_ACK, 100, 0, 100); /* the same again */
	talk_pass(3);
	counts("TcpExtTCPOFOMerge", 1);
	counts("TcpExtTCPDSACKOfoSent", 1);
	assert_int_equal(talk_last()->sack[0][1], far.seq + 200); /* D-SACK stands first */
	assert_int_equal(skb_queue_len(&tp->out_of_order_queue), 1);
	talk_odd(SEG_ACK, 150, 0, 100); /* 150 - 250: its tail is new */
	talk_odd(SEG_ACK, 400, 0, 100); /* 400 - 500 */
	talk_odd(SEG_ACK, 300, 0, 150); /* 300 - 450: its head is new */
	talk_pass(3);
	talk_odd(SEG_ACK, 400, 0, 300); /* 400 - 700 covers one */
	talk_odd(SEG_ACK, 90, 0, 900);  /* covers all of them */
	talk_pass(3);
	assert_int_equal(skb_queue_len(&tp->out_of_order_queue), 1);
	talk_odd(SEG_ACK, 95, 0, 20); /* inside of what is there */
	talk_pass(3);
	talk_odd(SEG_ACK, 95, 0, 20);
	talk_odd(SEG_ACK, 99, 0, 40);
	talk_pass(3);
	assert_int_equal(skb_queue_len(&tp->out_of_order_queue), 1);
	talk_sends(SEG_ACK, 90);
	far.seq += 900;
	talk_pass(50);
	assert_int_equal(talk_last()->ack, far.seq);
	assert_int_equal(user_read(fd, 2000), 990);

	/* Old data, wholly and in part. */
	talk_odd(SEG_ACK, -50, 0, 50);
	talk_pass(3);
	assert_int_equal(talk_last()->nsack, 1);
	assert_int_equal(talk_last()->sack[0][0], far.seq - 50);
	counts("TcpExtTCPDSACKOldSent", 1);
	talk_odd(SEG_ACK, -50, 0, 80);
	far.seq += 30;
	talk_pass(3);
	assert_int_equal(user_read(fd, 2000), 30);
	end(fd);
}

static void test_overlaps(void **state)
{
	talk_run(overlaps);
}

static void fin_out_of_order(void *arg)
{
	long fd = talk_connect();

	talk_odd(SEG_ACK | SEG_FIN, 100, 0, 100); /* the end comes first */
	talk_pass(3);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_ESTABLISHED);
	talk_sends(SEG_ACK, 100);
	far.seq += 101;
	talk_pass(3);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_CLOSE_WAIT);
	assert_int_equal(user_read(fd, 1000), 200);
	assert_int_equal(user_read(fd, 1000), 0);
	end(fd);
}

static void test_fin_out_of_order(void **state)
{
	talk_run(fin_out_of_order);
}

static void without_sack(void *arg)
{
	long fd = talk_connect();

	talk_odd(SEG_ACK, 100, 0, 100);
	talk_pass(3);
	assert_int_equal(talk_last()->nsack, 0);
	talk_odd(SEG_ACK, 100, 0, 100);
	talk_odd(SEG_ACK, -10, 0, 10);
	talk_sends(SEG_ACK, 100);
	far.seq += 100;
	talk_pass(3);
	assert_int_equal(talk_last()->ack, far.seq);
	counts("TcpExtTCPDSACKOldSent", 0);
	assert_int_equal(user_read(fd, 1000), 200);
	end(fd);
}

static void test_without_sack(void **state)
{
	far.options = 0;
	talk_run(without_sack);
}

/* ---- what is refused ---- */

static void window(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	size_t n = talk_nseen();

	core_sysctl("net.ipv4.tcp_invalid_ratelimit", "500");
	talk_odd(SEG_ACK, 1 << 20, 0, 10); /* far beyond */
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 1);
	assert_int_equal(talk_last()->ack, far.seq);
	talk_odd(SEG_ACK, -(1 << 20), 0, 0); /* pure ACKs of old: one answer in half a second */
	talk_odd(SEG_ACK, -(1 << 20), 0, 0);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 2);
	counts("TcpExtTCPACKSkippedSeq", 1);
	talk_pass(600);
	talk_odd(SEG_ACK, -(1 << 20), 0, 0);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 3);
	/* It begins inside, but we never sent what it acknowledges. */
	talk_odd(SEG_ACK, 0, 5000, 10);
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	talk_pass(600);
	/* It acknowledges less than was ever plausible (RFC 5961 section 5). */
	talk_odd(SEG_ACK, 0, -(1 << 22), 10);
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	counts("TcpExtTCPChallengeACK", 1);
	talk_odd(SEG_ACK, 0, -1, 0); /* merely old: nothing to say */
	talk_odd(0, 0, 0, 10);       /* no ACK bit at all */
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	end(fd);
}

static void test_window(void **state)
{
	talk_run(window);
}

static void paws(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	far.stamp -= 3000; /* a stamp from the past: the segment is a ghost */
	talk_odd(SEG_ACK, 0, 0, 10);
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	counts("TcpExtPAWSEstab", 1);
	talk_odd(SEG_ACK, 0, 0, 0); /* an ACK from the past, out of order by one: tolerated */
	talk_pass(3);
	far.stamp += 3000;
	talk_sends(SEG_ACK, 10);
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	/* No stamps although they were agreed: taken nevertheless. */
	far.stamps_on = 0;
	talk_sends(SEG_ACK, 10);
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	far.stamps_on = 1;
	/* After 24 days a stamp says nothing any more. */
	tp->rx_opt.ts_recent_stamp -= 25 * 24 * 3600;
	far.stamp -= 3000;
	talk_sends(SEG_ACK, 10);
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	assert_int_equal(user_read(fd, 100), 30);
	end(fd);
}

static void test_paws(void **state)
{
	talk_run(paws);
}

static void resets(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);

	talk_odd(SEG_RST, 1 << 20, 0, 0); /* outside: nothing */
	talk_pass(3);
	talk_odd(SEG_RST, 100, 0, 0); /* inside, but a guess: RFC 5961 section 3 */
	talk_pass(3);
	counts("TcpExtTCPChallengeACK", 1);
	assert_int_equal(sk->sk_state, TCP_ESTABLISHED);
	talk_odd(SEG_SYN, 0, 0, 0); /* so is a SYN */
	talk_odd(SEG_SYN, 1 << 20, 0, 0);
	talk_pass(600);
	counts("TcpExtTCPSYNChallenge", 2);
	/* The peer may count from the end of what we have reported. */
	talk_odd(SEG_ACK, 100, 0, 100);
	talk_odd(SEG_ACK, 300, 0, 100);
	talk_pass(3);
	talk_odd(SEG_RST, 400, 0, 0);
	talk_pass(3);
	assert_int_equal(sk->sk_state, TCP_CLOSE);
	assert_int_equal(user_read(fd, 10), -ECONNRESET);
	assert_int_equal(user_read(fd, 10), 0);

	fd = talk_again();
	talk_odd(SEG_RST, 0, 0, 0);
	talk_pass(3);
	assert_int_equal(user_write(fd, 10), -ECONNRESET);

	fd = talk_again();
	talk_says(SEG_ACK | SEG_FIN, "");
	talk_pass(3);
	talk_odd(SEG_RST, 0, 0, 0); /* they had closed: a broken pipe, not a reset */
	talk_pass(3);
	assert_int_equal(user_write(fd, 10), -EPIPE);
	end(fd);
}

static void test_resets(void **state)
{
	talk_run(resets);
}

static void malformed(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	struct segment s;

	s = talk_segment(SEG_ACK);
	s.spoilt = 1;
	segments_send_data(s, "spoilt");
	s = talk_segment(SEG_ACK);
	s.doff = 4;
	segments_send_data(s, "short");
	s = talk_segment(SEG_ACK);
	s.doff = 15;
	segments_send_data(s, "long");
	user_set(fd, SOL_IP, IP_TOS, 0);
	talk_pass(3);
	counts("TcpInCsumErrors", 1);
	counts("TcpInErrs", 2); /* what ends before its header does is dropped without a count */
	inet_sk(talk_sk(fd))->min_ttl = 64; /* IP_MINTTL, RFC 5082 */
	s = talk_segment(SEG_ACK);
	s.ttl = 63;
	segments_send_data(s, "far");
	talk_pass(3);
	counts("TcpExtTCPMinTTLDrop", 1);
	assert_int_equal(tp->rcv_nxt, far.seq);
	s = talk_segment(SEG_ACK); /* for nobody */
	s.dest = 4;
	s.spoilt = 1;
	segments_send_data(s, "x");
	talk_pass(3);
	counts("TcpInCsumErrors", 2);
	end(fd);
}

static void test_malformed(void **state)
{
	talk_run(malformed);
}

/* ---- urgent data ---- */

static void urgent(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	struct segment s = talk_segment(SEG_ACK | SEG_URG);

	s.urgent = 8; /* announced: the byte itself comes with the next segment */
	segments_send_data(s, "abc");
	far.seq += 3;
	talk_pass(3);
	assert_int_equal(tp->urg_data, TCP_URG_NOTYET);
	assert_int_equal(tp->urg_seq, far.seq + 4);
	s = talk_segment(SEG_ACK | SEG_URG);
	s.urgent = 2; /* an older one than we know */
	segments_send_data(s, "defgh");
	far.seq += 5;
	talk_pass(3);
	assert_int_equal(tp->urg_data, TCP_URG_VALID | 'h');
	s = talk_segment(SEG_ACK | SEG_URG);
	s.urgent = 0;
	core_sysctl("net.ipv4.tcp_stdurg", "1"); /* RFC 793's reading: one further */
	segments_send_data(s, "i");
	far.seq += 1;
	talk_pass(3);
	assert_int_equal(tp->urg_data, TCP_URG_VALID | 'i');
	assert_int_equal(user_read(fd, 100), 9);
	s = talk_segment(SEG_ACK | SEG_URG);
	s.seq -= 5;
	s.urgent = 1; /* read long ago */
	segments_send_data(s, "fghi");
	talk_pass(3);
	end(fd);
}

static void test_urgent(void **state)
{
	talk_run(urgent);
}

/* ---- the fast path, windows, memory ---- */

static void stream(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	u32 first = tp->rcv_ssthresh;
	int i, got = 0, space = tp->rcvq_space.space;

	for (i = 0; i < 60; i++) {
		talk_sends(SEG_ACK, 1448);
		talk_sends(SEG_ACK, 1448);
		talk_pass(2);
		got += (int)user_read(fd, 10000);
	}
	talk_pass(50);
	while (got < 120 * 1448)
		got += (int)user_read(fd, 10000);
	assert_true(core_counter("TcpExtTCPHPHits") > 50);
	assert_true(tp->rcv_ssthresh > first);
	assert_true(tp->rcvq_space.space >= space);
	assert_true(tp->rcv_rtt_est.rtt > 0);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ack.rcv_mss, 1448);
	end(fd);
}

static void test_stream(void **state)
{
	talk_run(stream);
}

static void test_stream_without_stamps(void **state)
{
	far.options = TALK_SACK | TALK_SCALE;
	talk_run(stream);
}

/* The far end sends @n full segments in one round trip, and the user reads them at its end. */
static void burst(long fd, int n)
{
	int got = 0, i;

	for (i = 0; i < n; i++) {
		talk_sends(SEG_ACK, 1448);
		if (i % 8 == 7)
			talk_pass(1);
	}
	talk_pass(5);
	while (got < n * 1448)
		got += (int)user_read(fd, 60000);
}

static void auto_tuning(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	int size = sk->sk_rcvbuf, i;

	/* A reader who takes ever more in a round trip gets ever more room. */
	for (i = 0; i < 12; i++) {
		burst(fd, 20 + 4 * i);
		talk_pass(20);
	}
	assert_true(tp->rcvq_space.space > 29200);
	assert_true(sk->sk_rcvbuf > size);
	assert_true(tp->window_clamp > 29200);
	/* A little more than in the round trip before, a third more, two thirds more. */
	for (i = 110; i <= 170; i += 30) {
		tp->rcvq_space.space = 41 * 1448 * 100 / i;
		tp->rcvq_space.seq = tp->copied_seq;
		tp->rcvq_space.time = tcp_time_stamp;
		tp->rcv_rtt_est.rtt = 50 << 3;
		burst(fd, 40);
		talk_pass(100);
		burst(fd, 1); /* by now the round trip is over */
		assert_true(tp->rcvq_space.space >= 40 * 1448);
	}
	/* Not if he has said how much he wants, or nobody wants it. */
	size = sk->sk_rcvbuf;
	for (i = 0; i < 2; i++) {
		sk->sk_userlocks = i ? 0 : SOCK_RCVBUF_LOCK;
		core_sysctl("net.ipv4.tcp_moderate_rcvbuf", i ? "0" : "1");
		tp->rcvq_space.space = 10000;
		tp->rcvq_space.seq = tp->copied_seq;
		tp->rcvq_space.time = tcp_time_stamp;
		tp->rcv_rtt_est.rtt = 50 << 3;
		burst(fd, 40);
		talk_pass(100);
		burst(fd, 1);
		assert_true(tp->rcvq_space.space >= 40 * 1448);
		assert_int_equal(sk->sk_rcvbuf, size);
	}
	end(fd);
}

/* The receive buffer follows the reader: dynamic right-sizing. */
static void test_auto_tuning(void **state)
{
	talk_run(auto_tuning);
}

static void both_ways(void *arg)
{
	long fd = talk_connect();
	int i;

	far.acks = 1;
	for (i = 0; i < 20; i++) {
		user_write(fd, 400);
		talk_pass(3);
		talk_sends(SEG_ACK, 400);
		talk_pass(3);
		assert_int_equal(user_read(fd, 1000), 400);
	}
	/* Data that also acknowledges, on the fast path. */
	far.acks = 0;
	user_write(fd, 100);
	talk_pass(3);
	talk_sends(SEG_ACK | SEG_PSH, 500);
	talk_pass(3);
	assert_int_equal(tcp_sk(talk_sk(fd))->packets_out, 0);
	assert_true(core_counter("TcpExtTCPHPAcks") > 0);
	/* A segment that says it is longer than it is acknowledged to be: 0 bytes after all. */
	assert_int_equal(user_read(fd, 1000), 500);
	end(fd);
}

static void test_both_ways(void **state)
{
	talk_run(both_ways);
}

static void full(void *arg)
{
	long fd = talk_socket();
	struct tcp_sock *tp;
	int i;

	user_set(fd, SOL_SOCKET, SO_RCVBUF, 2000);
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0);
	tp = tcp_sk(talk_sk(fd));
	for (i = 0; i < 8; i++) { /* nobody reads, the far end does not look at the window */
		talk_sends(SEG_ACK, 500);
		talk_pass(60);
	}
	assert_true(core_counter("TcpExtTCPRcvQDrop") > 0 ||
		    core_counter("TcpExtTCPZeroWindowDrop") > 0 || tp->rcv_nxt != far.seq);
	talk_odd(SEG_ACK, 900, 0, 10); /* out of order, and no room either */
	talk_pass(60);
	assert_true(talk_last()->window < 20);
	while (tp->rcv_nxt != tp->copied_seq)
		user_read(fd, 5000);
	talk_pass(5);
	assert_true(talk_last()->window > 0); /* room again: the peer is told */
	far.seq = tp->rcv_nxt;
	end(fd);
}

static void test_full(void **state)
{
	far.options = TALK_STAMPS | TALK_SACK;
	talk_run(full);
}

static void pressure(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	int i;

	user_write(fd, 100);
	talk_pass(3);
	talk_says(SEG_ACK, "");
	core_sysctl("net.ipv4.tcp_mem", "0 0 1");
	for (i = 0; i < 10; i++) {
		talk_odd(SEG_ACK, 1448 * (i + 1), 0, 1448); /* no memory for those ahead */
		talk_pass(1);
	}
	talk_pass(10);
	assert_true(core_counter("TcpExtTCPOFODrop") > 0);
	assert_true(tcp_memory_pressure);
	talk_sends(SEG_ACK, 100); /* but for the next one: progress must be possible */
	talk_pass(50);
	assert_int_equal(tp->rcv_nxt, far.seq);
	user_write(fd, 100);
	talk_pass(10);
	core_sysctl("net.ipv4.tcp_mem", "23763 31687 47526");
	user_read(fd, 1000);
	talk_says(SEG_ACK, "");
	talk_pass(50);
	far.seq = tp->rcv_nxt;
	end(fd);
}

/* tcp_mem is used up: what is not needed now is dropped, and comes again. */
static void test_pressure(void **state)
{
	talk_run(pressure);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_holes, setup),
		cmocka_unit_test_setup(test_overlaps, setup),
		cmocka_unit_test_setup(test_fin_out_of_order, setup),
		cmocka_unit_test_setup(test_without_sack, setup),
		cmocka_unit_test_setup(test_window, setup),
		cmocka_unit_test_setup(test_paws, setup),
		cmocka_unit_test_setup(test_resets, setup),
		cmocka_unit_test_setup(test_malformed, setup),
		cmocka_unit_test_setup(test_urgent, setup),
		cmocka_unit_test_setup(test_stream, setup),
		cmocka_unit_test_setup(test_stream_without_stamps, setup),
		cmocka_unit_test_setup(test_auto_tuning, setup),
		cmocka_unit_test_setup(test_both_ways, setup),
		cmocka_unit_test_setup(test_full, setup),
		cmocka_unit_test_setup(test_pressure, setup),
	};

	return cmocka_run_group_tests_name("tcp_receive", tests, NULL, NULL);
}
