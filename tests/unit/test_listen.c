/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * listen(2) as far as the connecting side meets it: who may listen where, what a listener says to
 * connect(2), bind(2) and shutdown(2), and what it makes of segments, which is little.
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
#include <linux/socket.h>
#include <linux/string.h>
#include <net/tcp.h>

#define LISTEN_PORT 7001

static int setup(void **state)
{
	talk_boot();
	return 0;
}

static struct sockaddr *port(uint32_t be, uint16_t number)
{
	struct sockaddr_in *a = core_user_alloc(sizeof(*a));

	a->sin_family = AF_INET;
	a->sin_addr.s_addr = be;
	a->sin_port = htons(number);
	return (struct sockaddr *)a;
}

static long listener(uint32_t be, int reuse)
{
	long fd = talk_socket();

	user_set(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	assert_int_equal(sys_bind((int)fd, port(be, LISTEN_PORT), 16), 0);
	assert_int_equal(sys_listen((int)fd, 5), 0);
	return fd;
}

static void states(void *arg)
{
	long fd = listener(0, 0), other;

	assert_int_equal(talk_sk(fd)->sk_state, TCP_LISTEN);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ACCEPTCONN), 1);
	assert_int_equal(talk_sk(fd)->sk_max_ack_backlog, 5);
	/* again: only the backlog changes; net.core.somaxconn is the most, also for -1 */
	assert_int_equal(sys_listen((int)fd, 1000), 0);
	assert_int_equal(talk_sk(fd)->sk_max_ack_backlog, 128);
	assert_int_equal(sys_listen((int)fd, 0), 0);
	assert_int_equal(talk_sk(fd)->sk_max_ack_backlog, 0);
	assert_int_equal(sys_listen((int)fd, -1), 0);
	assert_int_equal(talk_sk(fd)->sk_max_ack_backlog, 128);

	/* it cannot connect, nor talk */
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -EISCONN);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_LISTEN);
	assert_int_equal(user_read(fd, 1), -ENOTCONN);
	assert_int_equal(user_write(fd, 1), -EPIPE);
	core_take_signal();
	assert_int_equal(sys_bind((int)fd, port(0, 7002), 16), -EINVAL);

	/* who is connected, connecting, or no stream cannot listen */
	other = talk_connect();
	assert_int_equal(sys_listen((int)other, 5), -EINVAL);
	far.acks = 2;
	sys_close((unsigned int)other);
	other = sys_socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(sys_listen((int)other, 5), -EOPNOTSUPP);
	assert_int_equal(sys_listen(77, 5), -EBADF);

	/* without bind(2) it gets a port */
	other = talk_socket();
	assert_int_equal(sys_listen((int)other, 5), 0);
	assert_true(inet_sk(talk_sk(other))->inet_num >= 32768);
}

static void test_states(void **state)
{
	talk_run(states);
}

static void ports(void *arg)
{
	long fd = listener(0, 1), other = talk_socket(), third;

	/* SO_REUSEADDR does not help against a listener, on any address or on the same */
	user_set(other, SOL_SOCKET, SO_REUSEADDR, 1);
	assert_int_equal(sys_bind((int)other, port(0, LISTEN_PORT), 16), -EADDRINUSE);
	assert_int_equal(sys_bind((int)other, port(SEG_NEAR, LISTEN_PORT), 16), -EADDRINUSE);
	assert_int_equal(sys_shutdown((int)fd, SHUT_RD), 0);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_CLOSE);
	assert_int_equal(sys_bind((int)other, port(0, LISTEN_PORT), 16), 0);

	/* two who share a port by SO_REUSEADDR: the first that listens has it */
	assert_int_equal(sys_listen((int)other, 1), 0);
	assert_int_equal(sys_listen((int)fd, 1), -EADDRINUSE);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_CLOSE);

	/* closing one frees its port */
	sys_close((unsigned int)other);
	sys_close((unsigned int)fd);
	third = talk_socket();
	assert_int_equal(sys_bind((int)third, port(0, LISTEN_PORT), 16), 0);
}

static void test_ports(void **state)
{
	talk_run(ports);
}

/* connect(AF_UNSPEC) and shutdown(2) make an ordinary socket of it, which keeps its port. */
static void ends(void *arg)
{
	long fd = listener(0, 0);
	struct sockaddr *nobody = port(0, 0);

	nobody->sa_family = AF_UNSPEC;
	assert_int_equal(sys_shutdown((int)fd, SHUT_WR), 0);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_LISTEN); /* there was nothing to end */
	assert_int_equal(sys_connect((int)fd, nobody, 16), 0);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_CLOSE);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ERROR), 0);
	assert_int_equal(inet_sk(talk_sk(fd))->inet_num, LISTEN_PORT);
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0);
	assert_int_equal(talk_last()->source, LISTEN_PORT);
	far.acks = 2;
	sys_close((unsigned int)fd);
}

static void test_ends(void **state)
{
	talk_run(ends);
}

/* The far end speaks to the listener's port out of the blue. */
static void knocks(uint8_t flags, uint16_t sport)
{
	struct segment s = talk_segment(flags);

	s.source = sport;
	s.dest = LISTEN_PORT;
	s.seq = 1000;
	s.ack = flags & SEG_ACK ? 77 : 0;
	s.noptions = 0;
	segments_send(s);
	talk_pass(5);
}

static void segments(void *arg)
{
	size_t before;
	long fd;

	talk_connect(); /* the far end has learned our hardware address */
	fd = listener(0, 0);
	before = talk_nseen();
	knocks(SEG_SYN, 40000);
	assert_int_equal(talk_nseen(), before);
	counts("TcpExtListenOverflows", 1);
	counts("TcpExtListenDrops", 1);
	knocks(SEG_SYN | SEG_FIN, 40000);
	knocks(SEG_RST, 40000);
	knocks(SEG_FIN, 40000);
	counts("TcpExtListenDrops", 1);
	assert_int_equal(talk_nseen(), before);

	/* an ACK of nothing: RST with its number */
	knocks(SEG_ACK, 40000);
	assert_int_equal(talk_nseen(), before + 1);
	assert_int_equal(talk_last()->flags, SEG_RST);
	assert_int_equal(talk_last()->seq, 77);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_LISTEN);
	sys_close((unsigned int)fd);
	knocks(SEG_SYN, 40001); /* nobody there any more */
	assert_int_equal(talk_nseen(), before + 2);
	assert_int_equal(talk_last()->flags, SEG_RST | SEG_ACK);
	far.acks = 2;
}

static void test_segments(void **state)
{
	talk_run(segments);
}

/* Of two listeners the one that bound the address has the better match. */
static void best(void *arg)
{
	long any, ours;

	talk_connect();
	any = talk_socket();
	ours = talk_socket();
	user_set(any, SOL_SOCKET, SO_REUSEPORT, 1);
	user_set(ours, SOL_SOCKET, SO_REUSEPORT, 1);
	assert_int_equal(sys_bind((int)any, port(0, LISTEN_PORT), 16), 0);
	assert_int_equal(sys_bind((int)ours, port(SEG_NEAR, LISTEN_PORT), 16), 0);
	assert_int_equal(sys_listen((int)any, 1), 0);
	assert_int_equal(sys_listen((int)ours, 1), 0);
	knocks(SEG_SYN, 40000);
	assert_int_equal(atomic_read(&talk_sk(any)->sk_drops), 0);
	assert_int_equal(atomic_read(&talk_sk(ours)->sk_drops), 1);
	far.acks = 2;
}

static void test_best(void **state)
{
	talk_run(best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_states, setup),
		cmocka_unit_test_setup(test_ports, setup),
		cmocka_unit_test_setup(test_ends, setup),
		cmocka_unit_test_setup(test_segments, setup),
		cmocka_unit_test_setup(test_best, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
