/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The variables of a connection right after tcp_connect(), under several settings, against those a
 * debugger read in a v4.9 kernel. A non-blocking connect(2) is looked at while its SYN is out.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/world.h"

#include <linux/err.h>
#include <linux/file.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/string.h>
#include <net/tcp.h>

/* What the settings below change; one row of the recording each. */
struct recorded {
	int tcp_header_len, mss_cache, advmss, window_clamp, rcv_wnd, rcv_wscale, user_mss,
		search_low, ecn_flags, sk_rcvbuf, sk_userlocks;
};

static const struct setting {
	const char *name;
	const char *sysctl, *value;
	int level, option, val;
	uint16_t bind_port;
	int md5;
	struct recorded recorded;
} settings[] = {
	{ .name = "defaults",
	  .recorded = { 32, 524, 1460, 8388480, 29200, 7, 0, 1076, 0, 87380, 0 } },
	{ .name = "SO_RCVBUF 4096",
	  .level = SOL_SOCKET,
	  .option = SO_RCVBUF,
	  .val = 4096,
	  .recorded = { 32, 524, 1460, 4096, 2920, 0, 0, 1076, 0, 8192, 2 } },
	{ .name = "TCP_MAXSEG 536",
	  .level = SOL_TCP,
	  .option = TCP_MAXSEG,
	  .val = 536,
	  .recorded = { 32, 524, 536, 8388480, 10720, 7, 536, 1076, 0, 87380, 0 } },
	{ .name = "timestamps off",
	  .sysctl = "net.ipv4.tcp_timestamps",
	  .value = "0",
	  .recorded = { 20, 536, 1460, 8388480, 29200, 7, 0, 1064, 0, 87380, 0 } },
	{ .name = "window scaling off",
	  .sysctl = "net.ipv4.tcp_window_scaling",
	  .value = "0",
	  .recorded = { 32, 524, 1460, 65535, 29200, 0, 0, 1076, 0, 87380, 0 } },
	{ .name = "SACK off",
	  .sysctl = "net.ipv4.tcp_sack",
	  .value = "0",
	  .recorded = { 32, 524, 1460, 8388480, 29200, 7, 0, 1076, 0, 87380, 0 } },
	{ .name = "TCP_WINDOW_CLAMP 4096",
	  .level = SOL_TCP,
	  .option = TCP_WINDOW_CLAMP,
	  .val = 4096,
	  .recorded = { 32, 524, 1460, 4096, 2920, 0, 0, 1076, 0, 87380, 0 } },
	{ .name = "ECN asked for",
	  .sysctl = "net.ipv4.tcp_ecn",
	  .value = "1",
	  .recorded = { 32, 524, 1460, 8388480, 29200, 7, 0, 1076, 1, 87380, 0 } },
	{ .name = "bound to 10.9.0.1:45678",
	  .bind_port = 45678,
	  .recorded = { 32, 524, 1460, 8388480, 29200, 7, 0, 1076, 0, 87380, 12 } },
	{ .name = "MD5 key",
	  .md5 = 1,
	  .recorded = { 52, 504, 1460, 8388480, 29200, 7, 0, 1096, 0, 87380, 0 } },
};

/* The socket as it stood when connect(2) came back. */
static struct {
	long ret;
	struct tcp_sock tp;
	uint32_t isn; /* of the SYN in its write queue */
	struct sk_buff syn;
	struct dst_entry *dst;
} got;

static void prepare(const struct setting *s, int fd)
{
	struct world_addr *near = world_user_addr(WORLD_NEAR, s->bind_port);
	struct tcp_md5sig *key = core_user_alloc(sizeof(*key));
	int *val = core_user_alloc(sizeof(*val));

	*val = s->val;
	if (s->option)
		assert_int_equal(sys_setsockopt(fd, s->level, s->option, (char *)val, sizeof(*val)),
				 0);
	if (s->bind_port)
		assert_int_equal(sys_bind(fd, (struct sockaddr *)near, sizeof(*near)), 0);
	if (s->md5) {
		memcpy(&key->tcpm_addr, world_user_addr(WORLD_FAR, 0), sizeof(*near));
		key->tcpm_keylen = 6;
		memcpy(key->tcpm_key, "secret", 6);
		assert_int_equal(sys_setsockopt(fd, SOL_TCP, TCP_MD5SIG, (char *)key, sizeof(*key)),
				 0);
	}
}

static void connect_and_look(void *arg)
{
	struct world_addr *to = world_user_addr(WORLD_FAR, WORLD_PORT);
	long fd = sys_socket(PF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct socket *sock;
	int err;

	prepare(arg, (int)fd);
	got.ret = sys_connect((int)fd, (struct sockaddr *)to, sizeof(*to));
	sock = sockfd_lookup((int)fd, &err);
	got.tp = *tcp_sk(sock->sk);
	got.syn = *tcp_write_queue_head(sock->sk);
	got.isn = TCP_SKB_CB(&got.syn)->seq;
	fput(sock->file);
	sys_close((unsigned int)fd);
}

static void run(const struct setting *s)
{
	world_boot(5);
	if (s->sysctl)
		assert_int_equal(core_sysctl(s->sysctl, s->value), 0);
	world_run(connect_and_look, (void *)s);
	assert_int_equal(got.ret, -EINPROGRESS);
}

static void test_settings(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		const struct recorded *r = &settings[i].recorded;
		const struct tcp_sock *tp = &got.tp;
		struct inet_connection_sock *icsk = &got.tp.inet_conn;
		struct sock *sk = (struct sock *)&got.tp;

		run(&settings[i]);
		const struct {
			const char *what;
			long ours, recorded;
		} field[] = {
			{ "tcp_header_len", tp->tcp_header_len, r->tcp_header_len },
			{ "mss_cache", tp->mss_cache, r->mss_cache },
			{ "advmss", tp->advmss, r->advmss },
			{ "window_clamp", tp->window_clamp, r->window_clamp },
			{ "rcv_wnd", tp->rcv_wnd, r->rcv_wnd },
			{ "rcv_ssthresh", tp->rcv_ssthresh, r->rcv_wnd },
			{ "rx_opt.rcv_wscale", tp->rx_opt.rcv_wscale, r->rcv_wscale },
			{ "rx_opt.user_mss", tp->rx_opt.user_mss, r->user_mss },
			{ "icsk_mtup.search_low", icsk->icsk_mtup.search_low, r->search_low },
			{ "ecn_flags", tp->ecn_flags, r->ecn_flags },
			{ "sk_rcvbuf", sk->sk_rcvbuf, r->sk_rcvbuf },
			{ "sk_userlocks", sk->sk_userlocks, r->sk_userlocks },
		};
		for (k = 0; k < sizeof(field) / sizeof(field[0]); k++)
			if (field[k].ours != field[k].recorded)
				fail_msg("%s: %s is %ld, recorded %ld", settings[i].name,
					 field[k].what, field[k].ours, field[k].recorded);
		world_end();
	}
}

/* What no setting changes: equal in all recorded scenarios. */
static void test_constants(void **state)
{
	const struct tcp_sock *tp = &got.tp;
	struct inet_connection_sock *icsk = &got.tp.inet_conn;
	struct sock *sk = (struct sock *)&got.tp;

	(void)state;
	run(&settings[0]);
	assert_int_equal(sk->sk_state, TCP_SYN_SENT);
	assert_int_equal(tp->max_window, 0);
	assert_int_equal(tp->snd_wnd, 0);
	assert_int_equal(tp->snd_wl1, 0);
	assert_int_equal(tp->rcv_nxt, 0);
	assert_int_equal(tp->rcv_wup, 0);
	assert_int_equal(tp->copied_seq, 0);
	assert_int_equal(tp->packets_out, 1);
	assert_int_equal(tp->snd_cwnd, 10);
	assert_int_equal(tp->snd_ssthresh, 0x7fffffff);
	assert_int_equal(tp->undo_retrans, -1);
	assert_int_equal(tp->app_limited, ~0U);
	assert_int_equal(tp->reordering, 3);
	assert_int_equal(tp->segs_out, 1);
	assert_int_equal(tp->mdev_us, 1000000);
	assert_int_equal(tp->rx_opt.mss_clamp, 536);
	assert_int_equal(icsk->icsk_ack.rcv_mss, 88);
	assert_int_equal(icsk->icsk_mtup.search_high, 576);
	assert_int_equal(icsk->icsk_pmtu_cookie, 1500);
	assert_int_equal(icsk->icsk_rto, 1000);
	assert_int_equal(icsk->icsk_pending, ICSK_TIME_RETRANS);
	assert_int_equal(sk->sk_wmem_queued, 768);
	assert_int_equal(sk->sk_forward_alloc, 3328);
	/* the clone waits for ARP: its truesize, and one for the socket */
	assert_int_equal(sk->sk_wmem_alloc.counter, 769);
	assert_int_equal(sk->sk_refcnt.counter, 2); /* the user's, the retransmission timer's */
	world_end();
}

/* The numbers relative to the ISN, and the SYN in the queue. */
static void test_sequence(void **state)
{
	const struct tcp_sock *tp = &got.tp;
	const struct tcp_skb_cb *tcb = TCP_SKB_CB(&got.syn);

	(void)state;
	run(&settings[0]);
	assert_int_equal(tp->snd_una, got.isn);
	assert_int_equal(tp->snd_sml, got.isn);
	assert_int_equal(tp->snd_up, got.isn);
	assert_int_equal(tp->snd_nxt, got.isn + 1);
	assert_int_equal(tp->write_seq, got.isn + 1);
	assert_int_equal(tp->pushed_seq, got.isn + 1);

	assert_int_equal(tcb->end_seq, got.isn + 1);
	assert_int_equal(tcb->tcp_flags, TCPHDR_SYN);
	assert_int_equal(tcb->tcp_gso_segs, 1);
	assert_int_equal(got.syn.len, 0);
	assert_int_equal(got.syn.truesize, 768);
	assert_int_equal(got.syn.tail, 160);
	assert_int_equal(got.syn.end, 192);
	assert_int_equal(got.syn.ip_summed, CHECKSUM_PARTIAL);
	assert_int_equal(got.syn.fclone, SKB_FCLONE_ORIG);
	assert_int_equal(got.syn.cloned, 1);
	assert_int_equal(got.syn.nohdr, 1);
	world_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
