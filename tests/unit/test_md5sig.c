/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * RFC 2385: keys of a socket, what TCP_MD5SIG accepts, and that a segment without the signature it
 * should have (or with one it should not have) is dropped (tcp_ipv4_md5.c).
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
#include <net/tcp.h>

static int setup(void **state)
{
	talk_boot();
	return 0;
}

static long set_key(long fd, uint32_t peer, int family, uint16_t len)
{
	struct tcp_md5sig *md5 = core_user_alloc(sizeof(*md5));
	struct sockaddr_in *sin = (struct sockaddr_in *)&md5->tcpm_addr;

	sin->sin_family = (uint16_t)family;
	sin->sin_addr.s_addr = peer;
	md5->tcpm_keylen = len;
	return sys_setsockopt((int)fd, SOL_TCP, TCP_MD5SIG, (char *)md5, sizeof(*md5));
}

static void keys(void *arg)
{
	long fd = talk_socket();
	int *v = core_user_alloc(sizeof(*v));

	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_MD5SIG, (char *)v, 4), -EINVAL);
	assert_int_equal(set_key(fd, SEG_FAR, 10, 3), -EINVAL);
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 81), -EINVAL);
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 0), -ENOENT); /* nothing to delete */
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 3), 0);
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 80), 0); /* a new one for the same peer */
	assert_int_equal(set_key(fd, SEG_NEAR, AF_INET, 3), 0);
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 0), 0);
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 0), -ENOENT);
}

static void test_keys(void **state)
{
	talk_run(keys);
}

static void unsigned_answer(void *arg)
{
	long fd = talk_socket();

	user_set(fd, SOL_TCP, TCP_SYNCNT, 1);
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 3), 0);
	/* The SYN-ACK is not signed: as if it had never come. */
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -ETIMEDOUT);
	counts("TcpExtTCPMD5NotFound", 1);
}

static void test_unsigned_answer(void **state)
{
	talk_run(unsigned_answer);
}

static void unexpected(void *arg)
{
	static const uint8_t option[18] = { 19, 18, 1, 2, 3 };
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	struct segment s = talk_segment(SEG_ACK);

	segment_option(&s, option, sizeof(option));
	segments_send_data(s, "signed");
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	counts("TcpExtTCPMD5Unexpected", 1);
	/* With a key, a wrong signature is as good as none. */
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 3), 0);
	segments_send_data(s, "signed");
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	counts("TcpExtTCPMD5NotFound", 0);
	/* Taken away in the middle of it: the connection goes on unsigned. */
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 0), 0);
	talk_says(SEG_ACK, "plain");
	talk_pass(3);
	assert_int_equal(tp->rcv_nxt, far.seq);
	assert_int_equal(user_read(fd, 9), 5);
	far.acks = 2;
}

static void test_unexpected(void **state)
{
	talk_run(unexpected);
}

/* Signs @s with the key that set_key() sets: zeros. */
static void sign(struct segment *s, const struct sock *sk)
{
	static const uint8_t option[20] = { 1, 1, 19, 18 };
	struct tcp_md5sig_key key = { .keylen = 3 };
	struct tcphdr th = { 0 };

	segment_option(s, option, sizeof(option));
	th.source = htons(SEG_PORT);
	th.dest = inet_sk(sk)->inet_sport;
	th.seq = htonl(s->seq);
	th.ack_seq = htonl(s->ack);
	th.doff = (20 + s->noptions) / 4;
	((uint8_t *)&th)[13] = s->flags;
	th.window = htons(s->window);
	tcp_v4_md5_hash_hdr((char *)s->options + s->noptions - 16, &key, SEG_NEAR, SEG_FAR, &th);
}

static void remnant_signs(int options)
{
	struct segment s, again;
	long fd;
	size_t n;

	far.options = options;
	talk_forget();
	fd = talk_connect();
	assert_int_equal(set_key(fd, SEG_FAR, AF_INET, 3), 0);
	far.acks = 0;
	s = talk_segment(SEG_FIN | SEG_ACK);
	s.ack++;
	again = s;
	sign(&s, talk_sk(fd));
	sign(&again, talk_sk(fd));
	again.options[again.noptions - 1] ^= 1;
	sys_close((unsigned int)fd);
	talk_pass(3);
	n = talk_nseen();
	segments_send(again); /* somebody who does not know the key */
	talk_pass(3);
	assert_int_equal(talk_nseen(), n);
	segments_send(s);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 1); /* the last ACK; what remains is a remnant */
	talk_pass(600);
	segments_send(s);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 2);
	assert_int_equal(talk_last()->flags, SEG_ACK);
	assert_int_equal(talk_last()->noptions, options & TALK_STAMPS ? 32 : 20);
	assert_int_equal(talk_last()->options[options & TALK_STAMPS ? 14 : 2], 19);
	talk_pass(61000);
}

static void remnants(void *arg)
{
	(void)arg;
	remnant_signs(0);
	remnant_signs(TALK_ALL);
}

/* The key outlives the socket: the last ACK, too, is only believed if it is signed. */
static void test_remnant_signs(void **state)
{
	(void)state;
	talk_run(remnants);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_remnant_signs, setup),
		cmocka_unit_test_setup(test_keys, setup),
		cmocka_unit_test_setup(test_unsigned_answer, setup),
		cmocka_unit_test_setup(test_unexpected, setup),
	};

	return cmocka_run_group_tests_name("md5sig", tests, NULL, NULL);
}
