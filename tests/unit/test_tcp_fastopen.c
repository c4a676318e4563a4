/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Fast open as a client (RFC 7413): ask for a cookie, send data in the SYN with it, and every way
 * in which that can fail: data not taken, cookie refused, the SYN lost, the option not understood.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/net.h>
#include <net/tcp.h>

static int setup(void **state)
{
	talk_boot();
	return 0;
}

static void give_cookie(void)
{
	static const uint8_t cookie[] = { 34, 10, 'c', 'o', 'o', 'k', 'i', 'e', '0', '1', 1, 1 };

	__builtin_memcpy(far.extra, cookie, sizeof(cookie));
	far.nextra = sizeof(cookie);
}

static long send_fast(long fd, size_t n)
{
	return sys_sendto((int)fd, core_user_alloc(n + 1), n, MSG_FASTOPEN, talk_addr(), 16);
}

/* The first connection asks and gets a cookie; the far end forgets it afterwards. */
static void learn(void)
{
	long fd = talk_socket();

	give_cookie();
	assert_int_equal(send_fast(fd, 10), 10);
	talk_pass(3);
	assert_int_equal(segments_last(SEG_SYN)->ndata, 0);
	assert_int_equal(talk_last()->ndata, 10); /* after the handshake */
	far.acks = 2;
	talk_says(SEG_ACK, "");
	sys_close((unsigned int)fd);
	talk_pass(100);
	far.acks = 0;
	far.nextra = 0;
}

static long again(void)
{
	long fd = talk_socket();

	far.seq = TALK_IRS;
	far.heard = 0;
	core_user_alloc(1);
	return fd;
}

static int syn_bytes(const struct segment *s)
{
	return s->flags == SEG_SYN ? (int)s->ndata : -1;
}

static uint32_t takes; /* bytes of the SYN's data that the far end acknowledges */
static int lost_syns;

/* Answers a SYN with data by itself. */
static int fast_server(const struct segment *s)
{
	struct segment a = { .flags = SEG_SYN | SEG_ACK, .seq = TALK_IRS, .window = 10000 };

	if (s->flags != SEG_SYN)
		return 0;
	if (lost_syns) {
		lost_syns--;
		return 1;
	}
	if (far.deaf)
		return 1;
	a.ack = s->seq + 1 + takes;
	a.dest = s->source;
	far.heard = a.ack;
	far.seq = TALK_IRS + 1;
	segment_option(&a, (const uint8_t[]){ 2, 4, 5, 0xb4, 4, 2, 1, 1 }, 8);
	far.stamps_on = 0;
	segments_send(a);
	return 1;
}

static void taken(void *arg)
{
	struct segments *w = arg;
	long fd;

	learn();
	(void)w;
	takes = 10;
	far.loses = fast_server;
	fd = again();
	assert_int_equal(send_fast(fd, 10), 10);
	talk_pass(3);
	assert_int_equal(syn_bytes(segments_last(SEG_SYN)), 10);
	counts("TcpExtTCPFastOpenActive", 1);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ERROR), 0);
	talk_says(SEG_RST, "");
	talk_pass(3);

	/* Only the SYN is acknowledged: the data goes again, at once. */
	takes = 0;
	fd = again();
	assert_int_equal(send_fast(fd, 10), 10);
	talk_pass(3);
	assert_int_equal(talk_last()->ndata, 10);
	counts("TcpExtTCPFastOpenActiveFail", 1);
	assert_int_equal(tcp_sk(talk_sk(fd))->syn_data_acked, 0);
	talk_says(SEG_RST, "");
	talk_pass(3);

	/* The SYN is lost: its repeat is plain, and the data follows. */
	lost_syns = 1;
	fd = again();
	assert_int_equal(send_fast(fd, 10), 10);
	talk_pass(5);
	assert_int_equal(syn_bytes(segments_last(SEG_SYN)), 0);
	assert_int_equal(talk_last()->ndata, 10);
	talk_says(SEG_RST, "");
	talk_pass(3);
	lost_syns = 3;
	fd = again();
	assert_int_equal(send_fast(fd, 10), 10);
	talk_says(SEG_RST, "");
	talk_pass(3);

	/* Lost twice in a row: for a while without. */
	fd = again();
	assert_int_equal(send_fast(fd, 10), 10);
	talk_pass(3);
	assert_int_equal(syn_bytes(segments_last(SEG_SYN)), 0);
	talk_says(SEG_RST, "");
	talk_pass(3);
}

static void test_data_in_the_syn(void **state)
{
	takes = 0;
	lost_syns = 0;
	talk_run(taken);
}

static void nonblocking(void *arg)
{
	long fd;

	learn();
	takes = 10;
	far.loses = fast_server;
	fd = again();
	sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK);
	/* The bytes are under way although the connection is not there yet. */
	assert_int_equal(sys_sendto((int)fd, core_user_alloc(10), 10, MSG_FASTOPEN | MSG_DONTWAIT,
				    talk_addr(), 16),
			 10);
	assert_int_equal(sys_sendto((int)fd, core_user_alloc(10), 10, MSG_FASTOPEN | MSG_DONTWAIT,
				    talk_addr(), 16),
			 -EALREADY);
	talk_pass(3);
	talk_says(SEG_RST, "");
	talk_pass(3);
}

static void test_nonblocking(void **state)
{
	talk_run(nonblocking);
}

static void no_cookie(void *arg)
{
	long fd = talk_socket();

	/* Bit 2 of tcp_fastopen: data without a cookie. */
	core_sysctl("net.ipv4.tcp_fastopen", "5");
	takes = 10;
	far.loses = fast_server;
	user_set(fd, SOL_TCP, TCP_MAXSEG, 1000);
	assert_int_equal(send_fast(fd, 10), 10);
	assert_int_equal(syn_bytes(segments_last(SEG_SYN)), 10);
	talk_says(SEG_RST, "");
	talk_pass(3);
	fd = again();
	takes = 0;
	assert_int_equal(send_fast(fd, 0), 0); /* a SYN of no data at all */
	talk_says(SEG_RST, "");
	talk_pass(3);
	/* More than fits: the rest follows on the connection. */
	fd = again();
	takes = 100;
	assert_int_equal(send_fast(fd, 3000), 3000);
	assert_true(syn_bytes(segments_last(SEG_SYN)) > 1300);
	talk_says(SEG_RST, "");
	talk_pass(3);
	/* Bad memory: a plain SYN, and the write fails. */
	fd = again();
	takes = 0;
	assert_int_equal(sys_sendto((int)fd, (void *)4096, 10, MSG_FASTOPEN, talk_addr(), 16),
			 -EFAULT);
	talk_says(SEG_RST, "");
	talk_pass(3);

	core_sysctl("net.ipv4.tcp_fastopen", "0");
	fd = again();
	assert_int_equal(send_fast(fd, 10), -EOPNOTSUPP);
}

static void test_without_cookie(void **state)
{
	talk_run(no_cookie);
}

static void data_in_the_answer(void *arg)
{
	struct segment a = { .flags = SEG_SYN | SEG_ACK, .seq = TALK_IRS, .window = 10000 };
	long fd = talk_socket();

	core_sysctl("net.ipv4.tcp_fastopen", "5");
	far.deaf = 1;
	sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(sys_sendto((int)fd, core_user_alloc(10), 10, MSG_FASTOPEN | MSG_DONTWAIT,
				    talk_addr(), 16),
			 10);
	talk_pass(3);
	/* A server may put its answer into the SYN-ACK (and even its FIN). */
	a.ack = segments_last(SEG_SYN)->seq + 11;
	a.flags |= SEG_FIN;
	segment_option(&a, (const uint8_t[]){ 2, 4, 5, 0xb4 }, 4);
	segments_send_data(a, "answer");
	talk_pass(3);
	sys_fcntl((unsigned int)fd, F_SETFL, 0);
	assert_int_equal(user_read(fd, 100), 6);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_CLOSE_WAIT);
	talk_pass(3);
	a.flags = SEG_RST;
	a.seq += 8;
	a.ndata = 0;
	a.noptions = 0;
	segments_send(a);
	talk_pass(3);
}

static void test_data_in_the_answer(void **state)
{
	talk_run(data_in_the_answer);
}

static unsigned long fails; /* which allocation after the SYN-ACK was sent */
static int connected, answered;

/* Without memory the answer counts as lost, and the connection stands all the same. */
static void no_memory_for_the_answer(void *arg)
{
	struct segment a = { .flags = SEG_SYN | SEG_ACK, .seq = TALK_IRS, .window = 10000 };
	long fd = talk_socket();

	core_sysctl("net.ipv4.tcp_fastopen", "5");
	far.deaf = 1;
	sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(sys_sendto((int)fd, core_user_alloc(10), 10, MSG_FASTOPEN | MSG_DONTWAIT,
				    talk_addr(), 16),
			 10);
	talk_pass(3);
	a.ack = segments_last(SEG_SYN)->seq + 11;
	segment_option(&a, (const uint8_t[]){ 2, 4, 5, 0xb4 }, 4);
	segments_send_data(a, "answer");
	core_fail_alloc(fails);
	talk_pass(3);
	core_fail_alloc(0);
	if (talk_sk(fd)->sk_state == TCP_ESTABLISHED) {
		long n = user_read(fd, 100);

		assert_true(n == 6 || n == -EAGAIN);
		assert_int_equal(tcp_sk(talk_sk(fd))->rcv_nxt, TALK_IRS + (n == 6 ? 7 : 1));
		connected++;
		answered += n == 6;
	}
	user_set(fd, SOL_TCP, TCP_LINGER2, -1);
	tcp_disconnect(talk_sk(fd), 0);
	sys_close((unsigned int)fd);
}

static void test_no_memory_for_the_answer(void **state)
{
	connected = answered = 0;
	for (fails = 1; fails <= 8; fails++) {
		talk_boot()->memory_fails = 1;
		talk_run(no_memory_for_the_answer);
	}
	assert_true(answered > 0);
	assert_true(connected > answered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_data_in_the_syn, setup),
		cmocka_unit_test_setup(test_nonblocking, setup),
		cmocka_unit_test_setup(test_without_cookie, setup),
		cmocka_unit_test_setup(test_data_in_the_answer, setup),
		cmocka_unit_test(test_no_memory_for_the_answer),
	};

	return cmocka_run_group_tests_name("tcp_fastopen", tests, NULL, NULL);
}
