/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * No memory, at every place where memory is asked for: the same story is told again and again, and
 * each time another allocation fails, the first, the second, until the story ends before its turn
 * comes. Whatever fails, the user is told a fitting errno or does not notice, and nothing leaks.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/in.h>
#include <linux/net.h>
#include <net/tcp.h>

static unsigned long nth;
static int told[200]; /* errno values the user got */

static long note(long result)
{
	if (result < 0 && result > -200)
		told[-result]++;
	return result;
}

static void tell_of_a_connection(long fd)
{
	int *on = core_user_alloc(sizeof(*on));
	char *ipopt = core_user_alloc(4);

	user_set(fd, SOL_TCP, TCP_SYNCNT, 1);
	user_set(fd, SOL_TCP, TCP_USER_TIMEOUT, 3000);
	ipopt[0] = ipopt[1] = ipopt[2] = ipopt[3] = 1;
	note(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, ipopt, 4));
	if (note(sys_connect((int)fd, talk_addr(), 16)))
		return;
	*on = 1;
	talk_says(SEG_ACK, "hello");
	talk_pass(5);
	note(user_write(fd, 3000));
	talk_odd(SEG_ACK, 200, 0, 100); /* out of order */
	talk_pass(300);
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(1000);
}

static void story(void *arg)
{
	long fd;

	core_fail_alloc(nth);
	fd = note(sys_socket(AF_INET, SOCK_STREAM, 0));
	if (fd >= 0) {
		tell_of_a_connection(fd);
		note(sys_close((unsigned int)fd));
		talk_pass(500);
	}
}

/* Tells it with each allocation failing in turn. Return: how many there were. */
static unsigned long in_turn(void (*fn)(void *arg), void (*prepare)(void))
{
	__builtin_memset(told, 0, sizeof(told));
	for (nth = 1; nth < 2000; nth++) {
		unsigned long left;
		struct segments *w = talk_boot();

		w->memory_fails = 1;
		if (prepare)
			prepare();
		segments_run(fn, NULL);
		left = core_fail_alloc_left();
		segments_end();
		if (left)
			return nth;
	}
	return nth;
}

static void test_connection(void **state)
{
	unsigned long n = in_turn(story, NULL);
	int i;

	assert_true(n > 20 && n < 2000);
	assert_true(told[ENFILE] > 0 || told[ENOMEM] > 0);
	assert_true(told[ENOBUFS] > 0);
	for (i = 1; i < 200; i++) {
		if (told[i] && i != ENOBUFS && i != ENOMEM && i != ENFILE && i != EMFILE &&
		    i != ETIMEDOUT && i != EHOSTUNREACH && i != ECONNREFUSED && i != EAGAIN &&
		    i != ECONNRESET && i != EPIPE)
			fail_msg("errno %d means something else", i);
	}
}

static void options_all(void)
{
	core_sysctl("net.ipv4.tcp_fastopen", "5");
	core_sysctl("net.ipv4.tcp_tw_recycle", "1");
}

static void fast(void *arg)
{
	struct tcp_md5sig *md5 = core_user_alloc(sizeof(*md5));
	char *ipopt = core_user_alloc(12);
	struct sockaddr_in *near = core_user_alloc(sizeof(*near));
	static const unsigned char lsrr[] = { 131, 7, 4, 10, 9, 0, 2, 0 };
	long fd;

	core_fail_alloc(nth);
	fd = note(sys_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
	if (fd < 0)
		return;
	user_set(fd, SOL_TCP, TCP_SYNCNT, 1);
	near->sin_family = AF_INET;
	near->sin_port = htons(2000);
	note(sys_bind((int)fd, (struct sockaddr *)near, sizeof(*near)));
	__builtin_memcpy(ipopt, lsrr, sizeof(lsrr));
	note(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, ipopt, 8));
	__builtin_memset(md5, 0, sizeof(*md5));
	((struct sockaddr_in *)&md5->tcpm_addr)->sin_family = AF_INET;
	((struct sockaddr_in *)&md5->tcpm_addr)->sin_addr.s_addr = 0x0300090a;
	md5->tcpm_keylen = 3;
	note(sys_setsockopt((int)fd, SOL_TCP, TCP_MD5SIG, (char *)md5, sizeof(*md5)));
	note(sys_sendto((int)fd, core_user_alloc(2000), 2000, MSG_FASTOPEN, talk_addr(), 16));
	far.acks = 2;
	talk_pass(100);
	note(sys_close((unsigned int)fd));
	talk_pass(1000);
}

/* With data in the SYN, options, a bound port, a key. */
static void test_everything_else(void **state)
{
	unsigned long n = in_turn(fast, options_all);

	assert_true(n > 20 && n < 2000);
	assert_true(told[ENOMEM] > 0);
}

static void resets(void *arg)
{
	long fd = talk_connect();

	core_fail_alloc(nth);
	talk_odd(SEG_ACK, 0, 0, 10);
	talk_pass(50);
	{
		struct segment s = talk_segment(SEG_ACK); /* for nobody: a RST answers */

		s.dest = 9;
		segments_send(s);
	}
	talk_pass(5);
	sys_shutdown((int)fd, 1);
	talk_pass(2000);
	note(sys_close((unsigned int)fd)); /* unread data: a RST */
	talk_pass(1000);
}

/* ACKs, RSTs, FINs and probes without memory: the FIN must go nevertheless. */
static void test_answers(void **state)
{
	unsigned long n = in_turn(resets, NULL);

	assert_true(n > 5 && n < 2000);
}

/* An ACK of @ack that reports what has arrived from @from to @to. */
static void sacks(uint32_t ack, uint32_t from, uint32_t to)
{
	struct segment s = talk_segment(SEG_ACK);
	uint8_t o[12] = { 1, 1, 5, 10 };
	int i;

	for (i = 0; i < 4; i++) {
		o[4 + i] = (uint8_t)(from >> (24 - 8 * i));
		o[8 + i] = (uint8_t)(to >> (24 - 8 * i));
	}
	s.ack = ack;
	segment_option(&s, o, sizeof(o));
	segments_send(s);
	talk_pass(5);
}

static void all_sent(void)
{
	far.mss = 1000;
	far.window = 30000;
	far.options = TALK_SACK;
}

static void losses(void *arg)
{
	long fd = talk_connect();
	uint32_t isn = far.heard;
	int i;

	user_write(fd, 6000); /* packets of two segments and more, which will have to be cut */
	talk_pass(5);
	core_fail_alloc(nth);
	sacks(isn, isn + 3000, isn + 4000);
	sacks(isn, isn + 3000, isn + 5000);
	sacks(isn + 1500, isn + 3000, isn + 5000);
	talk_pass(1500); /* time-outs: what is left of a segment goes again */
	far.acks = 2;
	far.heard = isn + 6000;
	for (i = 0; i < 2; i++) { /* the first one may be what there is no memory for */
		talk_says(SEG_ACK, "");
		talk_pass(5);
	}
	assert_int_equal(tcp_sk(talk_sk(fd))->packets_out,
			 0); /* whatever happened, it ended well */
	assert_int_equal(tcp_left_out(tcp_sk(talk_sk(fd))), 0);
	note(sys_close((unsigned int)fd));
	talk_pass(2000);
}

/* Repairing a loss without memory: what could not be cut or sent again is tried once more later. */
static void test_losses(void **state)
{
	unsigned long n = in_turn(losses, all_sent);

	assert_true(n > 10 && n < 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connection),
		cmocka_unit_test(test_everything_else),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_losses),
	};

	return cmocka_run_group_tests_name("failslab", tests, NULL, NULL);
}
