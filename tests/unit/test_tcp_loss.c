/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * What a sender makes of silence and of the ACKs that follow it: loss, needless time-outs and their
 * undoing, tail loss probes, and congestion told by marks instead of loss (tcp_input_loss.c).
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

static uint32_t isn;

static int setup(void **state)
{
	talk_boot();
	return 0;
}

static int all_lost(const struct segment *s)
{
	return s->ndata > 0;
}

/* A connection with @n segments of 1000 bytes in flight that the far end has not acknowledged. */
static long in_flight(int n)
{
	long fd = talk_connect();

	isn = far.heard;
	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	core_sysctl("net.ipv4.tcp_early_retrans", "0");
	while (n--)
		user_write(fd, 1000);
	talk_pass(5);
	return fd;
}

/* An ACK of the first @n segments, echoing the stamp @tsecr unless it is 0. */
static void ack_of(int n, uint32_t tsecr)
{
	uint32_t seen = far.stamp_seen;

	far.heard = isn + 1000u * (uint32_t)n;
	if (tsecr)
		far.stamp_seen = tsecr;
	talk_says(SEG_ACK, "");
	far.stamp_seen = seen;
	talk_pass(5);
}

static void finish(long fd)
{
	far.loses = NULL;
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(2000);
	sys_close((unsigned int)fd);
	talk_pass(2000);
}

static void real_loss(void *arg)
{
	long fd = in_flight(5);
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	size_t n;

	far.heard = isn; /* all of it was lost on the way */
	far.loses = all_lost;
	talk_pass(250);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ca_state, TCP_CA_Loss);
	assert_int_equal(tp->snd_cwnd, 1);
	assert_int_equal(tp->lost_out, 5);
	assert_int_equal(tp->snd_ssthresh, 7); /* CUBIC: 0.7 of ten */
	assert_int_equal(tp->frto, 1);
	n = talk_nseen();
	ack_of(1, talk_last()->tsval);         /* the repeat arrived, nothing else */
	assert_int_equal(tp->frto, 0);         /* no new data to test with: it is a loss */
	assert_int_equal(talk_nseen() - n, 2); /* slow start: one acknowledged, two go */
	assert_int_equal(talk_last()->seq, isn + 2000);
	counts("TcpExtTCPSlowStartRetrans", 2);
	ack_of(3, talk_last()->tsval);
	ack_of(5, talk_last()->tsval);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ca_state, TCP_CA_Open);
	counts("TcpExtTCPLossUndo", 0);
	finish(fd);
}

static void test_real_loss(void **state)
{
	talk_run(real_loss);
}

static void eifel(void *arg)
{
	long fd = in_flight(5);
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	uint32_t first = talk_last()->tsval;

	talk_pass(250);
	assert_int_equal(tp->snd_cwnd, 1);
	ack_of(2, first); /* the ACK of the first sending was only late */
	counts("TcpExtTCPLossUndo", 1);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ca_state, TCP_CA_Open);
	assert_true(tp->snd_cwnd >= 10);
	assert_int_equal(tp->lost_out, 0);
	assert_int_equal(tp->snd_ssthresh, TCP_INFINITE_SSTHRESH);
	ack_of(5, first);
	finish(fd);
}

/* RFC 3522: the stamp echoed is older than the repeat, so the time-out was needless. */
static void test_eifel(void **state)
{
	talk_run(eifel);
}

static void frto(void *arg)
{
	long fd = in_flight(5);
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	size_t n;

	far.loses = all_lost;
	tp->snd_cwnd = 5;
	user_write(fd, 1000); /* waits for room in the window */
	talk_pass(250);
	assert_int_equal(tp->snd_cwnd, 1);
	n = talk_nseen();
	ack_of(1, 0);
	/* RFC 5682 step 2.b: new data instead of repeats. */
	assert_true(talk_nseen() > n);
	assert_int_equal(talk_last()->seq, isn + 5000);
	assert_int_equal(tp->frto, 1);
	ack_of(2, 0); /* acknowledges what was sent only once: the originals are arriving */
	counts("TcpExtTCPSpuriousRTOs", 1);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ca_state, TCP_CA_Open);
	finish(fd);
}

/* Without stamps F-RTO finds it out with new data. */
static void test_frto(void **state)
{
	far.options = TALK_SACK | TALK_SCALE;
	talk_run(frto);
}

static void frto_loss(void *arg)
{
	long fd = in_flight(5);
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	int i;

	far.loses = all_lost;
	tp->snd_cwnd = 5;
	user_write(fd, 1000);
	user_write(fd, 1000);
	talk_pass(250);
	ack_of(1, 0);
	assert_int_equal(tp->frto, 1);
	for (i = 0; i < 3; i++) /* duplicates: the hole is real */
		ack_of(1, 0);
	assert_int_equal(tp->frto, 0);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ca_state, TCP_CA_Loss);
	finish(fd);
}

static void test_frto_loss(void **state)
{
	far.options = TALK_SCALE; /* the peer does not SACK: duplicates are counted */
	talk_run(frto_loss);
}

static void reno_counts(void *arg)
{
	long fd = in_flight(5);
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	int i;

	far.loses = all_lost;
	far.heard = isn;
	ack_of(0, 0); /* tells the scaled window, so it is no duplicate */
	for (i = 1; i <= 3; i++) {
		assert_int_equal(inet_csk(sk)->icsk_ca_state,
				 i == 1 ? TCP_CA_Open : TCP_CA_Disorder);
		ack_of(0, 0);
		assert_int_equal(tp->sacked_out, i);
	}
	assert_int_equal(inet_csk(sk)->icsk_ca_state, TCP_CA_Recovery);
	assert_int_equal(talk_last()->seq, isn); /* the head once more */
	counts("TcpExtTCPRenoRecovery", 1);
	for (i = 0; i < 3; i++)
		ack_of(0, 0); /* more duplicates than packets: that is reordering */
	assert_int_equal(tp->sacked_out, 4);
	assert_true(tp->reordering > 3);
	counts("TcpExtTCPRenoReorder", 1);
	ack_of(2, 0);
	ack_of(3, 0);
	core_sysctl("net.ipv4.tcp_frto", "0");
	talk_pass(300); /* the rest was lost */
	assert_int_equal(inet_csk(sk)->icsk_ca_state, TCP_CA_Loss);
	assert_int_equal(tp->sacked_out, 0);
	ack_of(5, 0);
	/* Without SACK the state lasts until something new is acknowledged. */
	assert_int_equal(inet_csk(sk)->icsk_ca_state, TCP_CA_Loss);
	far.loses = NULL;
	for (i = 0; i < 2; i++) {
		user_write(fd, 500);
		talk_pass(3);
		talk_says(SEG_ACK, "");
		talk_pass(3);
	}
	assert_int_equal(inet_csk(sk)->icsk_ca_state, TCP_CA_Open);
	finish(fd);
}

static void test_reno_counts(void **state)
{
	far.options = TALK_SCALE;
	talk_run(reno_counts);
}

static void partly_acked(void *arg)
{
	long fd = in_flight(3);
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	far.loses = all_lost;
	far.heard = isn + 1500; /* half of the second one */
	talk_says(SEG_ACK, "");
	talk_pass(3);
	assert_int_equal(tp->packets_out, 2);
	talk_pass(300);
	assert_int_equal(talk_last()->seq, isn + 1500); /* the repeat leaves it out */
	assert_int_equal(talk_last()->ndata, 500);
	far.heard = isn + 1500;
	finish(fd);
}

/* A receiver may acknowledge in the middle of a segment. */
static void test_partly_acked(void **state)
{
	talk_run(partly_acked);
}

static void collapse(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	core_sysctl("net.ipv4.tcp_early_retrans", "0");
	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	far.loses = all_lost;
	user_write(fd, 100);
	user_write(fd, 100);
	user_write(fd, 100);
	assert_int_equal(tp->packets_out, 3);
	talk_pass(250);
	assert_int_equal(talk_last()->ndata, 300); /* three small ones become one */
	assert_int_equal(tp->packets_out, 1);
	finish(fd);

	fd = talk_again();
	core_sysctl("net.ipv4.tcp_retrans_collapse", "0");
	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	far.acks = 0;
	far.loses = all_lost;
	user_write(fd, 100);
	user_write(fd, 100);
	talk_pass(250);
	assert_int_equal(talk_last()->ndata, 100);
	finish(fd);
}

static void test_collapse(void **state)
{
	talk_run(collapse);
}

/* ---- the tail loss probe ---- */

static void probe(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	size_t n = talk_nseen();

	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	user_write(fd, 500);
	user_write(fd, 500);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_pending, ICSK_TIME_LOSS_PROBE);
	far.loses = all_lost;
	talk_pass(50); /* long before the time-out: the last one once more */
	assert_int_equal(talk_nseen() - n, 3);
	assert_int_equal(talk_last()->seq, far.heard + 500);
	counts("TcpExtTCPLossProbes", 1);
	assert_true(tp->tlp_high_seq != 0);
	far.loses = NULL;
	far.heard += 1000;
	/* It says: I have got both of the last one, nothing was lost. */
	talk_says(SEG_ACK, "");
	talk_pass(3);
	talk_says(SEG_ACK, "");
	talk_pass(3);
	assert_int_equal(tp->packets_out, 0);
	/* New data beyond it, acknowledged without such a duplicate: the probe repaired a loss. */
	tp->tlp_high_seq = tp->snd_nxt;
	user_write(fd, 500);
	talk_pass(3);
	talk_says(SEG_ACK, "");
	talk_pass(3);
	counts("TcpExtTCPLossProbeRecovery", 1);
	assert_int_equal(tp->tlp_high_seq, 0);
	assert_int_equal(tp->snd_cwnd, tp->snd_ssthresh);
	finish(fd);
}

static void test_probe(void **state)
{
	talk_run(probe);
}

static void probe_with_new_data(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	tp->snd_cwnd = 2;
	user_write(fd, 500);
	user_write(fd, 500);
	user_write(fd, 500); /* the window is full */
	assert_non_null(tcp_send_head(talk_sk(fd)));
	talk_pass(100);
	assert_null(tcp_send_head(talk_sk(fd)));
	counts("TcpExtTCPLossProbes", 1);
	finish(fd);
}

/* If there is new data the probe is that. */
static void test_probe_with_new_data(void **state)
{
	talk_run(probe_with_new_data);
}

/* ---- marks ---- */

static void ecn_echo(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	int i;

	isn = far.heard;
	assert_true(tp->ecn_flags & TCP_ECN_OK);
	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	for (i = 0; i < 8; i++)
		user_write(fd, 1000);
	talk_pass(3);
	assert_int_equal(talk_last()->tos & 3, 2); /* ECT(0) on data */
	far.heard = isn + 1000;
	talk_says(SEG_ACK | SEG_ECE, ""); /* a router has marked it */
	talk_pass(3);
	assert_int_equal(inet_csk(sk)->icsk_ca_state, TCP_CA_CWR);
	assert_int_equal(tp->snd_ssthresh, 7);
	/* Down to ssthresh evenly, as segments are delivered. */
	for (i = 2; i <= 8; i++) {
		far.heard = isn + 1000u * (uint32_t)i;
		talk_says(SEG_ACK | SEG_ECE, "");
		talk_pass(3);
		assert_true(tp->snd_cwnd <= 10);
	}
	user_write(fd, 1000);
	talk_pass(3);
	assert_true(talk_last()->flags & SEG_CWR); /* understood */
	talk_says(SEG_ACK, "");
	talk_pass(3);
	assert_int_equal(inet_csk(sk)->icsk_ca_state, TCP_CA_Open);
	assert_int_equal(tp->snd_cwnd, tp->snd_ssthresh);
	finish(fd);
}

static void test_ecn_echo(void **state)
{
	core_sysctl("net.ipv4.tcp_ecn", "1");
	far.synack = SEG_ECE;
	talk_run(ecn_echo);
}

static void ecn_mark(void *arg)
{
	long fd = talk_connect();
	struct segment s;
	int i;

	/* A mark on data to us: every ACK says so until the sender has understood. */
	s = talk_segment(SEG_ACK);
	s.tos = 3;
	segments_send_data(s, "marked");
	far.seq += 6;
	talk_pass(50);
	assert_true(talk_last()->flags & SEG_ECE);
	for (i = 0; i < 2; i++) {
		s = talk_segment(SEG_ACK);
		s.tos = i ? 3 : 2;
		segments_send_data(s, "more");
		far.seq += 4;
		talk_pass(50);
		assert_true(talk_last()->flags & SEG_ECE);
	}
	s = talk_segment(SEG_ACK | SEG_CWR);
	s.tos = 2;
	segments_send_data(s, "calm");
	far.seq += 4;
	talk_pass(50);
	assert_false(talk_last()->flags & SEG_ECE);
	/* No ECT on a segment from a peer that sets it: an old repeat; answer at once. */
	talk_says(SEG_ACK, "plain");
	talk_pass(50);
	assert_int_equal(user_read(fd, 100), 23);
	finish(fd);
}

static void test_ecn_mark(void **state)
{
	core_sysctl("net.ipv4.tcp_ecn", "1");
	far.synack = SEG_ECE;
	talk_run(ecn_mark);
}

static void ecn_refused(void *arg)
{
	long fd = talk_connect();

	assert_false(tcp_sk(talk_sk(fd))->ecn_flags & TCP_ECN_OK);
	user_write(fd, 100);
	talk_pass(3);
	assert_int_equal(talk_last()->tos & 3, 0);
	talk_says(SEG_ACK | SEG_ECE, ""); /* means nothing */
	talk_pass(3);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ca_state, TCP_CA_Open);
	finish(fd);
}

/* ECE and CWR together in a SYN-ACK are a mirror of our own flags, not an agreement. */
static void test_ecn_refused(void **state)
{
	core_sysctl("net.ipv4.tcp_ecn", "1");
	far.synack = SEG_ECE | SEG_CWR;
	talk_run(ecn_refused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_real_loss, setup),
		cmocka_unit_test_setup(test_eifel, setup),
		cmocka_unit_test_setup(test_frto, setup),
		cmocka_unit_test_setup(test_frto_loss, setup),
		cmocka_unit_test_setup(test_reno_counts, setup),
		cmocka_unit_test_setup(test_partly_acked, setup),
		cmocka_unit_test_setup(test_collapse, setup),
		cmocka_unit_test_setup(test_probe, setup),
		cmocka_unit_test_setup(test_probe_with_new_data, setup),
		cmocka_unit_test_setup(test_ecn_echo, setup),
		cmocka_unit_test_setup(test_ecn_mark, setup),
		cmocka_unit_test_setup(test_ecn_refused, setup),
	};

	return cmocka_run_group_tests_name("tcp_loss", tests, NULL, NULL);
}
