/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Every answer a SYN can get (RFC 793 pages 66-68): which one connects, which one refuses, which
 * one is somebody else's and must change nothing.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/segments.h"

#include <linux/file.h>
#include <linux/in.h>
#include <linux/net.h>
#include <net/tcp.h>

#define IRS    0x70000000u /* the far end's ISN */
#define SECOND 1000000000ull

/* What connect(2) said, and the connection as it stood then. */
static struct {
	long ret;
	uint64_t at_ns;
	struct tcp_sock tp;
	int sk_err;
} got;

static struct segments *w;

/* The user: socket, connect, look, close. */
static void connect_and_look(void *arg)
{
	struct sockaddr_in *to = core_user_alloc(sizeof(*to));
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	struct socket *sock;
	int err;

	to->sin_family = AF_INET;
	to->sin_port = htons(SEG_PORT);
	to->sin_addr.s_addr = SEG_FAR;
	got.ret = sys_connect((int)fd, (struct sockaddr *)to, sizeof(*to));
	got.at_ns = *core_clock();
	sock = sockfd_lookup((int)fd, &err);
	got.tp = *tcp_sk(sock->sk);
	got.sk_err = sock->sk->sk_err;
	fput(sock->file);
	sys_close((unsigned int)fd);
}

/* The rest of a connection that came about: their FIN is answered with ours, then silence. */
static void take_leave(const struct segment *s)
{
	if (s->flags & SEG_FIN)
		segments_send((struct segment){ .flags = SEG_FIN | SEG_ACK,
						.seq = IRS + 1,
						.ack = s->seq + 1,
						.window = 1000 });
}

static struct segment synack(const struct segment *s)
{
	return (struct segment){
		.flags = SEG_SYN | SEG_ACK, .seq = IRS, .ack = s->seq + 1, .window = 28960
	};
}

static void run(void (*hears)(const struct segment *))
{
	w = segments_boot(11, hears);
	segments_run(connect_and_look, NULL);
}

static int teardown(void **state)
{
	segments_end();
	return 0;
}

#define SOCK_OF(tp) ((const struct sock *)&(tp))

/* ---- what connects ---- */

static void hears_linux(const struct segment *s)
{
	struct segment a = synack(s);

	if (s->flags == SEG_SYN) {
		segment_linux_options(&a, 5000, s->tsval);
		segments_send(a);
	}
	take_leave(s);
}

/* The values a v4.9 kernel had after the same handshake (oracle: fields.jsonl, "wire"). */
static void test_linux_synack(void **state)
{
	const struct inet_connection_sock *icsk = &got.tp.inet_conn;

	run(hears_linux);
	assert_int_equal(got.ret, 0);
	assert_int_equal(SOCK_OF(got.tp)->sk_state, TCP_ESTABLISHED);
	assert_int_equal(got.tp.snd_una, w->near_isn + 1);
	assert_int_equal(got.tp.snd_nxt, w->near_isn + 1);
	assert_int_equal(got.tp.snd_sml, w->near_isn);
	assert_int_equal(got.tp.snd_up, w->near_isn + 1);
	assert_int_equal(got.tp.rcv_nxt, IRS + 1);
	assert_int_equal(got.tp.rcv_wup, IRS + 1);
	assert_int_equal(got.tp.copied_seq, IRS + 1);
	assert_int_equal(got.tp.snd_wl1, IRS);
	assert_int_equal(got.tp.snd_wnd, 28960);
	assert_int_equal(got.tp.max_window, 28960);
	assert_int_equal(got.tp.window_clamp, 173272);
	assert_int_equal(got.tp.advmss, 1448);
	assert_int_equal(got.tp.mss_cache, 1448);
	assert_int_equal(got.tp.tcp_header_len, 32);
	assert_int_equal(got.tp.packets_out, 0);
	assert_int_equal(got.tp.snd_cwnd, 10);
	assert_int_equal(got.tp.retrans_stamp, 0);
	assert_int_equal(got.tp.bytes_acked, 1);
	assert_int_equal(got.tp.delivered, 1);
	assert_int_equal(got.tp.app_limited, 0);
	assert_int_equal(got.tp.pred_flags, 0);
	assert_int_equal(got.tp.undo_retrans, -1);
	assert_int_equal(got.tp.rx_opt.sack_ok, 3);
	assert_int_equal(got.tp.rx_opt.tstamp_ok, 1);
	assert_int_equal(got.tp.rx_opt.ts_recent, 5000);
	assert_int_equal(got.tp.rx_opt.snd_wscale, 7);
	assert_int_equal(got.tp.rx_opt.rcv_wscale, 7);
	assert_int_equal(got.tp.rx_opt.mss_clamp, 1460);
	assert_int_equal(icsk->icsk_ack.rcv_mss, 536);
	assert_int_equal(icsk->icsk_mtup.search_high, 1500);
	assert_int_equal(icsk->icsk_mtup.search_low, 1076);
	assert_int_equal(icsk->icsk_pending, 0);
	assert_int_equal(SOCK_OF(got.tp)->sk_rcvbuf, 349440);
	assert_int_equal(SOCK_OF(got.tp)->sk_sndbuf, 46080);
	/* One millisecond each way, on a clock that nothing else moves; and the SYN waited for ARP. */
	assert_int_equal(got.tp.srtt_us, 4000 * 8);
	assert_int_equal(got.tp.mdev_us, 4000 * 2);
	assert_int_equal(icsk->icsk_rto, 204);
	assert_int_equal(got.tp.rack.advanced, 1);

	/* SYN, ACK, FIN, ACK of their FIN. */
	assert_int_equal(w->nseen, 4);
	assert_int_equal(w->seen[1].flags, SEG_ACK);
	assert_int_equal(w->seen[1].ack, IRS + 1);
	assert_int_equal(w->seen[1].tsecr, 5000);
	assert_int_equal(w->seen[1].window, 29312 >> 7);
}

static void hears_plain(const struct segment *s)
{
	if (s->flags == SEG_SYN)
		segments_send(synack(s));
	take_leave(s);
}

/* A peer without any options: RFC 793's 536 bytes, no scaling on either side. */
static void test_synack_without_options(void **state)
{
	run(hears_plain);
	assert_int_equal(got.ret, 0);
	assert_int_equal(got.tp.mss_cache, 536);
	assert_int_equal(got.tp.tcp_header_len, 20);
	assert_int_equal(got.tp.advmss, 1460);
	assert_int_equal(got.tp.rx_opt.sack_ok, 0);
	assert_int_equal(got.tp.rx_opt.snd_wscale, 0);
	assert_int_equal(got.tp.rx_opt.rcv_wscale, 0);
	assert_true(got.tp.window_clamp <= 65535);
	/* Without scaling the SYN-ACK's window is the next segment's: prediction starts at once. */
	assert_int_equal(got.tp.pred_flags, htonl(5u << 28 | 0x00100000 | 28960));
	assert_int_equal(segments_last(SEG_ACK)->noptions, 0);
}

static void hears_second_syn(const struct segment *s)
{
	if (s->flags == SEG_SYN && segments_count(SEG_SYN) == 2)
		hears_linux(s);
	else if (s->flags != SEG_SYN)
		take_leave(s);
}

/* The first SYN is lost. Its time-out set cwnd to 1; time stamps tell, the reduction is undone. */
static void test_second_syn_is_answered(void **state)
{
	run(hears_second_syn);
	assert_int_equal(got.ret, 0);
	assert_true(got.at_ns >= SECOND && got.at_ns < SECOND + SECOND / 10);
	/* The first had waited two milliseconds for ARP. */
	assert_int_equal(w->seen[1].at_ns - w->seen[0].at_ns, SECOND - 2 * SEG_DELAY_NS);
	assert_int_equal(w->seen[1].seq, w->seen[0].seq);
	assert_int_equal(got.tp.inet_conn.icsk_ca_state, TCP_CA_Open);
	assert_int_equal(got.tp.inet_conn.icsk_retransmits, 0);
	assert_int_equal(got.tp.total_retrans, 1);
	assert_int_equal(got.tp.lost_out, 0);
	assert_int_equal(got.tp.retrans_out, 0);
	assert_int_equal(core_counter("TcpExtTCPTimeouts"), 1);
}

/* ---- what refuses ---- */

static void hears_refuse(const struct segment *s)
{
	segments_send((struct segment){ .flags = SEG_RST | SEG_ACK, .ack = s->seq + 1 });
}

static void test_refused(void **state)
{
	run(hears_refuse);
	assert_int_equal(got.ret, -ECONNREFUSED);
	assert_int_equal(SOCK_OF(got.tp)->sk_state, TCP_CLOSE);
	assert_int_equal(got.sk_err, 0); /* connect(2) has taken it */
	assert_int_equal(w->nseen, 1);
	assert_int_equal(core_counter("TcpAttemptFails"), 1);
}

/* ---- what must change nothing ---- */

/* Sends @bogus first and a good SYN-ACK to the second SYN, a second later. */
static struct segment bogus;
static uint32_t bogus_ack; /* relative to the ISN; UINT32_MAX: as it stands */

static void hears_bogus_then_good(const struct segment *s)
{
	if (s->flags == SEG_SYN && segments_count(SEG_SYN) == 1) {
		struct segment b = bogus;

		b.ack = s->seq + bogus_ack;
		segments_send(b);
	} else if (s->flags == SEG_SYN) {
		hears_linux(s);
	} else {
		take_leave(s);
	}
}

static void run_bogus(struct segment b, uint32_t ack)
{
	bogus = b;
	bogus_ack = ack;
	run(hears_bogus_then_good);
	assert_int_equal(got.ret, 0);
	assert_int_equal(segments_count(SEG_SYN), 2);
	assert_int_equal(got.tp.mss_cache, 1448);
}

/* An ACK for a SYN of the past gets a RST with just that number (RFC 793 page 66). */
static void test_ack_of_an_old_syn(void **state)
{
	run_bogus((struct segment){ .flags = SEG_SYN | SEG_ACK, .seq = IRS - 9, .window = 9 }, 0);
	assert_int_equal(segments_count(SEG_RST), 1);
	assert_int_equal(segments_last(SEG_RST)->seq, w->near_isn);
	assert_int_equal(core_counter("TcpOutRsts"), 1);
}

static void test_ack_of_what_was_not_sent(void **state)
{
	run_bogus((struct segment){ .flags = SEG_SYN | SEG_ACK, .seq = IRS - 9, .window = 9 }, 2);
	assert_int_equal(segments_last(SEG_RST)->seq, w->near_isn + 2);
}

/* The options of a refused segment must not stay behind. */
static void test_refused_options_are_forgotten(void **state)
{
	static const uint8_t mss_77[4] = { 2, 4, 0, 77 };
	struct segment b = { .flags = SEG_SYN | SEG_ACK, .seq = IRS - 9, .window = 9 };

	segment_option(&b, mss_77, sizeof(mss_77));
	run_bogus(b, 0);
	assert_int_equal(got.tp.rx_opt.mss_clamp, 1460);
}

static void test_rst_without_ack(void **state)
{
	run_bogus((struct segment){ .flags = SEG_RST, .seq = IRS }, 0);
	assert_int_equal(w->nseen, 5);
}

/* A blind attacker's RST; and no RST is ever answered with a RST. */
static void test_rst_with_a_wrong_ack(void **state)
{
	run_bogus((struct segment){ .flags = SEG_RST | SEG_ACK, .seq = IRS }, 5);
	assert_int_equal(segments_count(SEG_RST), 0);
}

static void test_ack_without_syn(void **state)
{
	run_bogus((struct segment){ .flags = SEG_ACK, .seq = IRS, .window = 9 }, 1);
	assert_int_equal(segments_count(SEG_RST), 0);
}

static void test_fin_alone(void **state)
{
	run_bogus((struct segment){ .flags = SEG_FIN, .seq = IRS }, 0);
	assert_int_equal(segments_count(SEG_RST), 0);
}

/* It echoes a stamp from before our SYN: the answer to another connection's. */
static void test_echo_of_another_time(void **state)
{
	struct segment b = { .flags = SEG_SYN | SEG_ACK, .seq = IRS - 9, .window = 9 };

	segment_stamps(&b, 1, 12345);
	run_bogus(b, 1);
	assert_int_equal(segments_count(SEG_RST), 1);
	assert_int_equal(core_counter("TcpExtPAWSActive"), 1);
}

/* ---- both at once ---- */

static void hears_simultaneous(const struct segment *s)
{
	struct segment a = { .seq = IRS, .window = 28960 };

	if (s->flags == SEG_SYN) {
		/* Their SYN crosses ours. */
		a.flags = SEG_SYN;
		segment_linux_options(&a, 5000, 0);
		segments_send(a);
	} else if (s->flags == (SEG_SYN | SEG_ACK)) {
		/* Our SYN has arrived there, too: their SYN again, now with an ACK. */
		assert_int_equal(s->seq, w->near_isn);
		assert_int_equal(s->ack, IRS + 1);
		a.flags = SEG_ACK;
		a.seq = IRS + 1;
		a.ack = s->seq + 1;
		a.window = 226;
		segment_stamps(&a, 5003, s->tsval);
		segments_send(a);
	}
	take_leave(s);
}

static void test_simultaneous_open(void **state)
{
	run(hears_simultaneous);
	assert_int_equal(got.ret, 0);
	assert_int_equal(SOCK_OF(got.tp)->sk_state, TCP_ESTABLISHED);
	assert_int_equal(got.tp.snd_una, w->near_isn + 1);
	assert_int_equal(got.tp.rcv_nxt, IRS + 1);
	assert_int_equal(got.tp.snd_wnd, 226 << 7);
	assert_int_equal(got.tp.advmss, 1448);
	assert_int_equal(got.tp.mss_cache, 1448);
	assert_int_equal(got.tp.copied_seq, IRS + 1);
	assert_int_equal(segments_count(SEG_SYN | SEG_ACK), 1);
	assert_int_equal(segments_count(SEG_RST), 0);
}

/* ---- ECN ---- */

static uint8_t ecn_answer;

static void hears_ecn(const struct segment *s)
{
	if (s->flags == (SEG_SYN | SEG_ECE | SEG_CWR)) {
		struct segment a = synack(s);

		a.flags |= ecn_answer;
		segments_send(a);
	}
	take_leave(s);
}

static int ecn_after(uint8_t answer)
{
	ecn_answer = answer;
	w = segments_boot(11, hears_ecn);
	assert_int_equal(core_sysctl("net.ipv4.tcp_ecn", "1"), 0);
	segments_run(connect_and_look, NULL);
	assert_int_equal(got.ret, 0);
	return got.tp.ecn_flags & TCP_ECN_OK;
}

static void test_ecn_accepted(void **state)
{
	assert_true(ecn_after(SEG_ECE));
}

/* Some boxes mirror the reserved bits: both set is no acceptance (RFC 3168 6.1.1.1). */
static void test_ecn_mirrored(void **state)
{
	assert_false(ecn_after(SEG_ECE | SEG_CWR));
}

static void test_ecn_declined(void **state)
{
	assert_false(ecn_after(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_linux_synack, teardown),
		cmocka_unit_test_teardown(test_synack_without_options, teardown),
		cmocka_unit_test_teardown(test_second_syn_is_answered, teardown),
		cmocka_unit_test_teardown(test_refused, teardown),
		cmocka_unit_test_teardown(test_ack_of_an_old_syn, teardown),
		cmocka_unit_test_teardown(test_ack_of_what_was_not_sent, teardown),
		cmocka_unit_test_teardown(test_refused_options_are_forgotten, teardown),
		cmocka_unit_test_teardown(test_rst_without_ack, teardown),
		cmocka_unit_test_teardown(test_rst_with_a_wrong_ack, teardown),
		cmocka_unit_test_teardown(test_ack_without_syn, teardown),
		cmocka_unit_test_teardown(test_fin_alone, teardown),
		cmocka_unit_test_teardown(test_echo_of_another_time, teardown),
		cmocka_unit_test_teardown(test_simultaneous_open, teardown),
		cmocka_unit_test_teardown(test_ecn_accepted, teardown),
		cmocka_unit_test_teardown(test_ecn_mirrored, teardown),
		cmocka_unit_test_teardown(test_ecn_declined, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
