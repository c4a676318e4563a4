/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * ICMP messages about a connection: which end a connect, which are only remembered, and what a
 * narrower path does to the segments in flight (tcp_ipv4_err.c). The errno values are those
 * recorded from a v4.9 kernel.
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

static struct {
	int type, code;
	long result;
} kase;

static void sends_icmp(void *arg)
{
	talk_icmp(kase.type, kase.code, 0, segments_last(SEG_SYN)->seq);
}

static void connecting(void *arg)
{
	long fd = talk_socket();

	far.deaf = 1;
	user_set(fd, SOL_TCP, TCP_SYNCNT, 1);
	core_at(*core_clock() + 20000000, sends_icmp, NULL);
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), kase.result);
	/* A soft error that was only remembered stays to be asked for. */
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ERROR),
			 kase.result == -EMSGSIZE ? EMSGSIZE : 0);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_CLOSE);
}

/*
 * Every type and code, 20 ms after the SYN. (3/4 with an MTU of 0, smaller than any route believes:
 * that is remembered, and told when the SYNs have been in vain.)
 */
static void test_connecting(void **state)
{
	static const struct {
		int type, code;
		long result;
	} table[] = {
		{ 3, 0, -ENETUNREACH },   { 3, 1, -EHOSTUNREACH },  { 3, 2, -ENOPROTOOPT },
		{ 3, 3, -ECONNREFUSED },  { 3, 4, -EMSGSIZE },      { 3, 5, -EOPNOTSUPP },
		{ 3, 6, -ENETUNREACH },   { 3, 7, -EHOSTDOWN },     { 3, 8, -ENONET },
		{ 3, 9, -ENETUNREACH },   { 3, 10, -EHOSTUNREACH }, { 3, 11, -ENETUNREACH },
		{ 3, 12, -EHOSTUNREACH }, { 3, 13, -EHOSTUNREACH }, { 3, 14, -EHOSTUNREACH },
		{ 3, 15, -EHOSTUNREACH }, { 3, 16, -ETIMEDOUT },    { 4, 0, -ETIMEDOUT },
		{ 5, 0, -ETIMEDOUT },     { 11, 0, -EHOSTUNREACH }, { 12, 0, -EPROTO },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		kase.type = table[i].type;
		kase.code = table[i].code;
		kase.result = table[i].result;
		talk_run(connecting);
		talk_boot();
	}
	core_shutdown();
}

static void wrong_quote(void *arg)
{
	long fd = talk_socket();

	far.deaf = 1;
	user_set(fd, SOL_TCP, TCP_SYNCNT, 1);
	kase.result = sys_connect((int)fd, talk_addr(), 16);
}

static void sends_wrong(void *arg)
{
	talk_icmp(3, 3, 0, segments_last(SEG_SYN)->seq + 5);
}

/* A quoted number that is not in flight: somebody is guessing. */
static void test_wrong_quote(void **state)
{
	core_at(20000000, sends_wrong, NULL);
	talk_run(wrong_quote);
	assert_int_equal(kase.result, -ETIMEDOUT);
}

static void established(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);

	user_write(fd, 100);
	talk_pass(3);
	talk_icmp(3, 3, 0, far.heard - 100);
	talk_pass(3);
	assert_int_equal(sk->sk_state, TCP_ESTABLISHED);
	assert_int_equal(sk->sk_err_soft, ECONNREFUSED); /* remembered, no more */
	/* IP_RECVERR: tell me at once. */
	user_set(fd, SOL_IP, IP_RECVERR, 1);
	talk_icmp(3, 1, 0, far.heard - 100);
	talk_pass(3);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ERROR), EHOSTUNREACH);
	assert_int_equal(sk->sk_state, TCP_ESTABLISHED);
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(5);
	sys_close((unsigned int)fd);
	talk_pass(5);
	talk_icmp(3, 1, 0, far.heard); /* the remnant does not care */
	talk_pass(5);
}

static void test_established(void **state)
{
	talk_run(established);
}

static int drops_large(const struct segment *s)
{
	return s->ndata > 968;
}

static void narrow_path(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	uint32_t first = far.heard;
	long small;

	far.loses = drops_large;
	user_set(fd, SOL_TCP, TCP_NODELAY, 1);
	user_write(fd, 1448);
	user_write(fd, 1448);
	talk_pass(3);
	far.acks = 1;
	talk_icmp(3, 4, 1020, first);
	talk_pass(10);
	assert_int_equal(tp->mss_cache, 968);      /* 1020 - 40 - 12 */
	assert_int_equal(far.heard, first + 2896); /* sent again, smaller, without waiting */
	assert_true(tp->snd_cwnd >= 10);           /* nobody was congested */
	assert_int_equal(user_get(fd, SOL_IP, IP_MTU), 1020);

	/* While a system call holds the socket it is put off. */
	user_write(fd, 900);
	talk_pass(0);
	first = far.heard;
	lock_sock(talk_sk(fd));
	talk_icmp(3, 4, 800, first);
	talk_icmp(3, 4, 800, first);
	talk_pass(3);
	assert_int_equal(tp->mss_cache, 968);
	release_sock(talk_sk(fd));
	small = tp->mss_cache;
	talk_pass(5);
	assert_true(small == 748 || small == 968);

	/* Not if the user has forbidden it. */
	far.acks = 0;
	user_set(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_INTERFACE);
	first = far.heard;
	small = tp->mss_cache;
	user_write(fd, 100);
	talk_pass(3);
	talk_icmp(3, 4, 600, first);
	talk_pass(3);
	assert_int_equal(tp->mss_cache, small);
	far.loses = NULL;
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(3);
}

/* "Fragmentation needed": the route learns the MTU, and what was too large goes again. */
static void test_narrow_path(void **state)
{
	talk_run(narrow_path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_connecting, setup),
		cmocka_unit_test_setup(test_wrong_quote, setup),
		cmocka_unit_test_setup(test_established, setup),
		cmocka_unit_test_setup(test_narrow_path, setup),
	};

	return cmocka_run_group_tests_name("icmp_errors", tests, NULL, NULL);
}
