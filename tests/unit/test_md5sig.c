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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_keys, setup),
		cmocka_unit_test_setup(test_unsigned_answer, setup),
		cmocka_unit_test_setup(test_unexpected, setup),
	};

	return cmocka_run_group_tests_name("md5sig", tests, NULL, NULL);
}
