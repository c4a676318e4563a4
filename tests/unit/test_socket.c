/* SPDX-License-Identifier: GPL-2.0-only */

/* The system calls' own business: descriptors, user memory, lengths, options, states. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/world.h"

#include <linux/fcntl.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/resource.h>
#include <linux/string.h>
#include <linux/time.h>
#include <net/tcp.h>
#include <net/tcp_info.h>

static int end_world(void **state)
{
	(void)state;
	world_end();
	return 0;
}

/* Runs @fn as a task of a fresh world. */
static void run(void (*fn)(void *))
{
	world_boot(1);
	assert_int_equal(world_run(fn, NULL), 0);
}

static struct sockaddr *far_addr(uint16_t port)
{
	return (struct sockaddr *)world_user_addr(WORLD_FAR, port);
}

static long set_int(long fd, int level, int option, int val)
{
	int *user = core_user_alloc(sizeof(*user));

	*user = val;
	return sys_setsockopt((int)fd, level, option, (char *)user, sizeof(*user));
}

static int get_int(long fd, int level, int option)
{
	int *val = core_user_alloc(sizeof(*val));
	int *len = core_user_alloc(sizeof(*len));

	*len = sizeof(*val);
	assert_int_equal(sys_getsockopt((int)fd, level, option, (char *)val, len), 0);
	assert_int_equal(*len, sizeof(*val));
	return *val;
}

/* ---- socket(2) ---- */

static void create(void *arg)
{
	long fd;

	(void)arg;
	assert_int_equal(sys_socket(AF_MAX, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sys_socket(-1, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sys_socket(AF_UNIX, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sys_socket(AF_INET, 15, 0), -EINVAL);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM | 0x100, 0), -EINVAL);
	assert_int_equal(sys_socket(AF_INET, SOCK_SEQPACKET, 0), -ESOCKTNOSUPPORT);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), -EPROTONOSUPPORT);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, -1), -EINVAL);

	fd = sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP);
	assert_int_equal(fd, 0); /* the lowest free one */
	assert_int_equal(sys_fcntl((unsigned int)fd, F_GETFL, 0), O_RDWR | O_NONBLOCK);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, 0), 1);
	assert_int_equal(sys_close(0), 0);
	assert_int_equal(sys_close(0), -EBADF);
	assert_int_equal(sys_close(1), 0);
}

static void test_create(void **state)
{
	(void)state;
	run(create);
}

/* ---- the order of checks in connect(2) ---- */

static void bad_calls(void *arg)
{
	static char not_user[16];
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	struct world_addr *a = world_user_addr(WORLD_FAR, WORLD_PORT);
	static const int lengths[] = { -1, 0, 1, 2, 8, 15, 129, 200 };
	static const int families[] = { 1, 10, 16, 17, 65535 };
	size_t i;

	(void)arg;
	assert_int_equal(sys_connect(99, far_addr(80), 16), -EBADF);
	assert_int_equal(sys_connect(-1, far_addr(80), 16), -EBADF);
	/* no such descriptor goes before a bad pointer, a bad length too */
	assert_int_equal(sys_connect(99, NULL, 16), -EBADF);
	assert_int_equal(sys_connect((int)fd, NULL, 16), -EFAULT);
	assert_int_equal(sys_connect((int)fd, NULL, 0), -EINVAL);
	assert_int_equal(sys_connect((int)fd, NULL, 129), -EINVAL);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)not_user, 16), -EFAULT);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		assert_int_equal(sys_connect((int)fd, (struct sockaddr *)a, lengths[i]), -EINVAL);
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		a->family = (uint16_t)families[i];
		assert_int_equal(sys_connect((int)fd, (struct sockaddr *)a, 16), -EAFNOSUPPORT);
	}
	/* after all of that the socket is as new, and an address may be longer than needed */
	a = core_user_alloc(128);
	memcpy(a, far_addr(WORLD_PORT), 16);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)a, 128), 0);
	sys_close((unsigned int)fd);
}

static void test_bad_calls(void **state)
{
	(void)state;
	run(bad_calls);
}

/* ---- states ---- */

static void second_calls(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	struct world_addr *bad = world_user_addr(WORLD_FAR, WORLD_PORT);

	(void)arg;
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), 0);
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), -EISCONN);
	bad->family = 99; /* not looked at any more */
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)bad, 16), -EISCONN);
	assert_int_equal(sys_bind((int)fd, (struct sockaddr *)world_user_addr(0, 0), 16), -EINVAL);
	sys_close((unsigned int)fd);
}

static void test_connected_already(void **state)
{
	(void)state;
	run(second_calls);
}

static void nonblock(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	(void)arg;
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), -EINPROGRESS);
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), -EALREADY);
	assert_int_equal(sys_getpeername((int)fd, far_addr(0), core_user_alloc(4)), -ENOTCONN);
	sys_nanosleep(20 * WORLD_DELAY_NS);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_ERROR), 0);
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), 0);
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), -EISCONN);
	sys_close((unsigned int)fd);
}

static void test_nonblock(void **state)
{
	(void)state;
	run(nonblock);
}

static void sndtimeo(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	struct timeval *tv = core_user_alloc(sizeof(*tv));
	uint64_t before = *core_clock();

	(void)arg;
	tv->tv_usec = 250000;
	assert_int_equal(sys_setsockopt((int)fd, SOL_SOCKET, SO_SNDTIMEO, (char *)tv, sizeof(*tv)),
			 0);
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), -EINPROGRESS);
	assert_in_range(*core_clock() - before, 250000000, 252000000);
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), -EALREADY);
	sys_close((unsigned int)fd);
}

/* SO_SNDTIMEO limits the sleep, not the connection. */
static void test_sndtimeo(void **state)
{
	struct world *w = world_boot(1);

	(void)state;
	w->deaf = 1;
	assert_int_equal(world_run(sndtimeo, NULL), 0);
}

static void unspec(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	struct world_addr *nobody = world_user_addr(0, 0);

	(void)arg;
	nobody->family = AF_UNSPEC;
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), 0);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)nobody, 1), -EINVAL);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)nobody, 2), 0);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_ERROR), ECONNRESET);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_ERROR), 0);
	sys_close((unsigned int)fd);
}

/* AF_UNSPEC takes a connection apart, with a RST. */
static void test_unspec(void **state)
{
	struct world *w = world_boot(1);

	(void)state;
	assert_int_equal(world_run(unspec, NULL), 0);
	assert_int_equal(w->far.reset, 1);
}

/* ---- names ---- */

static void names(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	struct world_addr *a = world_user_addr(0, 0);
	int *len = core_user_alloc(sizeof(*len));

	(void)arg;
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), 0);
	*len = 16;
	assert_int_equal(sys_getpeername((int)fd, (struct sockaddr *)a, len), 0);
	assert_int_equal(a->addr, WORLD_FAR);
	assert_int_equal(a->port, htons(WORLD_PORT));
	assert_int_equal(a->family, AF_INET);

	/* a short buffer gets what fits, and is told the whole length */
	memset(a, 0xff, 16);
	*len = 4;
	assert_int_equal(sys_getsockname((int)fd, (struct sockaddr *)a, len), 0);
	assert_int_equal(*len, 16);
	assert_int_equal(a->family, AF_INET);
	assert_int_equal(a->addr, 0xffffffff);

	*len = -1;
	assert_int_equal(sys_getsockname((int)fd, (struct sockaddr *)a, len), -EINVAL);
	assert_int_equal(sys_getsockname((int)fd, (struct sockaddr *)a, NULL), -EFAULT);
	sys_close((unsigned int)fd);
}

static void test_names(void **state)
{
	(void)state;
	run(names);
}

/* ---- options ---- */

static void options(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	struct timeval *tv = core_user_alloc(sizeof(*tv));

	(void)arg;
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_RCVBUF), 87380);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_SNDBUF), 16384);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_DOMAIN), AF_INET);

	/* doubled, with a least and a most */
	assert_int_equal(set_int(fd, SOL_SOCKET, SO_RCVBUF, 4096), 0);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_RCVBUF), 8192);
	assert_int_equal(set_int(fd, SOL_SOCKET, SO_RCVBUF, 1), 0);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_RCVBUF), 2304);
	assert_int_equal(set_int(fd, SOL_SOCKET, SO_RCVBUF, 1 << 20), 0);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_RCVBUF), 2 * 212992);
	assert_int_equal(set_int(fd, SOL_SOCKET, SO_SNDBUF, 1), 0);
	assert_int_equal(get_int(fd, SOL_SOCKET, SO_SNDBUF), 4608);

	assert_int_equal(set_int(fd, SOL_TCP, TCP_SYNCNT, 0), -EINVAL);
	assert_int_equal(set_int(fd, SOL_TCP, TCP_SYNCNT, 127), 0);
	assert_int_equal(get_int(fd, SOL_TCP, TCP_SYNCNT), 127);
	assert_int_equal(set_int(fd, SOL_TCP, TCP_SYNCNT, 128), -EINVAL);
	assert_int_equal(set_int(fd, SOL_TCP, TCP_MAXSEG, 87), -EINVAL);
	assert_int_equal(set_int(fd, SOL_TCP, TCP_MAXSEG, 32768), -EINVAL);
	assert_int_equal(set_int(fd, SOL_TCP, TCP_MAXSEG, 88), 0);
	assert_int_equal(set_int(fd, SOL_TCP, TCP_WINDOW_CLAMP, 0), 0);
	assert_int_equal(set_int(fd, SOL_TCP, TCP_WINDOW_CLAMP, 1), 0);
	assert_int_equal(get_int(fd, SOL_TCP, TCP_WINDOW_CLAMP), 1152);

	assert_int_equal(set_int(fd, SOL_SOCKET, 9999, 1), -ENOPROTOOPT);
	assert_int_equal(set_int(fd, SOL_TCP, 9999, 1), -ENOPROTOOPT);
	assert_int_equal(set_int(fd, SOL_IP, 9999, 1), -ENOPROTOOPT);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_SYNCNT, NULL, 4), -EFAULT);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_SYNCNT, (char *)tv, 3), -EINVAL);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_SYNCNT, (char *)tv, -1), -EINVAL);

	tv->tv_usec = 1000000;
	assert_int_equal(sys_setsockopt((int)fd, SOL_SOCKET, SO_SNDTIMEO, (char *)tv, sizeof(*tv)),
			 -EDOM);
	sys_close((unsigned int)fd);
}

static void test_options(void **state)
{
	(void)state;
	run(options);
}

/* ---- data and the end ---- */

static void unconnected(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	char *buf = core_user_alloc(16);

	(void)arg;
	assert_int_equal(sys_write((unsigned int)fd, buf, 1), -EPIPE);
	assert_int_equal(sys_read((unsigned int)fd, buf, 1), -ENOTCONN);
	assert_int_equal(sys_read((unsigned int)fd, buf, 0), 0);
	assert_int_equal(sys_shutdown((int)fd, SHUT_WR), -ENOTCONN);
	assert_int_equal(sys_shutdown((int)fd, 3), -EINVAL);
	sys_close((unsigned int)fd);
}

static void test_unconnected(void **state)
{
	(void)state;
	run(unconnected);
}

static void write_and_shut(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	char *buf = core_user_alloc(16);

	(void)arg;
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), 0);
	assert_int_equal(sys_write((unsigned int)fd, buf, 16), 16);
	assert_int_equal(sys_shutdown((int)fd, SHUT_WR), 0);
	/* the far end closes as well: the end of the stream */
	assert_int_equal(sys_read((unsigned int)fd, buf, 16), 0);
	assert_int_equal(sys_write((unsigned int)fd, buf, 1), -EPIPE);
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), -EISCONN);
	sys_close((unsigned int)fd);
}

static void test_write_and_shut(void **state)
{
	(void)state;
	run(write_and_shut);
	assert_int_equal(core_counter("TcpRetransSegs"), 0);
}

/* A limit holds at the descriptor that reaches it, and closing one makes room again. */
static void limit(void *arg)
{
	struct rlimit *r = core_user_alloc(sizeof(*r));
	int i;

	(void)arg;
	*r = (struct rlimit){ .rlim_cur = 100, .rlim_max = 100 };
	assert_int_equal(sys_setrlimit(RLIMIT_NOFILE, r), 0);
	for (i = 0; i < 100; i++)
		assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, 0), i);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, 0), -EMFILE);
	assert_int_equal(sys_close(70), 0);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, 0), 70);

	assert_int_equal(sys_setrlimit(RLIMIT_NOFILE + 1, r), -EINVAL);
	assert_int_equal(sys_setrlimit(RLIMIT_NOFILE, NULL), -EFAULT);
	r->rlim_cur = 101;
	assert_int_equal(sys_setrlimit(RLIMIT_NOFILE, r), -EINVAL);
	r->rlim_max = 1UL << 21;
	assert_int_equal(sys_setrlimit(RLIMIT_NOFILE, r), -EPERM);
}

static void test_limit(void **state)
{
	(void)state;
	run(limit);
}

/* ---- what no descriptor leads to ---- */

static int no_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	(void)net, (void)sock, (void)protocol, (void)kern;
	return -ENODEV;
}

static void families(void *arg)
{
	static const struct net_proto_family again = { .family = PF_INET, .create = no_create };
	static const struct net_proto_family none = { .family = -1, .create = no_create };
	static const struct net_proto_family large = { .family = AF_MAX, .create = no_create };
	static const struct net_proto_family other = { .family = AF_UNIX, .create = no_create };
	struct socket *sock;
	int err = 0;

	(void)arg;
	assert_int_equal(sock_register(&again), -EEXIST);
	assert_int_equal(sock_register(&none), -ENOBUFS);
	assert_int_equal(sock_register(&large), -ENOBUFS);
	assert_int_equal(sock_register(&other), 0);
	assert_int_equal(sys_socket(AF_UNIX, SOCK_STREAM, 0), -ENODEV);
	assert_int_equal(__sock_create(&init_net, PF_INET, -1, 0, &sock, 1), -EINVAL);
	assert_null(sockfd_lookup(99, &err));
	assert_int_equal(err, -EBADF);
}

static void test_families(void **state)
{
	(void)state;
	run(families);
}

/* A datagram was received, but there is no room to say from whom: the call fails all the same. */
static void no_room_for_the_sender(void *arg)
{
	struct world_addr *a = world_user_addr(WORLD_NEAR, 5000);
	char *buf = core_user_alloc(16);
	int fd = (int)sys_socket(PF_INET, SOCK_DGRAM, 0);

	(void)arg;
	assert_int_equal(sys_bind(fd, (struct sockaddr *)a, sizeof(*a)), 0);
	assert_int_equal(sys_sendto(fd, buf, 3, 0, (struct sockaddr *)a, sizeof(*a)), 3);
	assert_int_equal(sys_recvfrom(fd, buf, 16, 0, (struct sockaddr *)a, (int *)0xdead0000),
			 -EFAULT);
	sys_close((unsigned int)fd);
}

static void test_no_room_for_the_sender(void **state)
{
	(void)state;
	run(no_room_for_the_sender);
}

/* A task that ends without closing does not linger, whatever SO_LINGER says: it has no time left. */
static void exits(void *arg)
{
	struct linger *l = core_user_alloc(sizeof(*l));
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);

	(void)arg;
	*l = (struct linger){ .l_onoff = 1, .l_linger = 5 };
	assert_int_equal(sys_connect((int)fd, far_addr(WORLD_PORT), 16), 0);
	assert_int_equal(sys_setsockopt((int)fd, SOL_SOCKET, SO_LINGER, (char *)l, sizeof(*l)), 0);
}

static void test_exit_does_not_linger(void **state)
{
	(void)state;
	run(exits);
	assert_true(*core_clock() < 1000000000ull);
	assert_int_equal(core_counter("TcpOutRsts"), 0);
}

/* TCP_INFO of what is no stream: nothing. */
static void info_of_others(void *arg)
{
	struct tcp_info info;
	struct socket *sock;

	(void)arg;
	assert_int_equal(sock_create_kern(&init_net, PF_INET, SOCK_DGRAM, 0, &sock), 0);
	memset(&info, 0xff, sizeof(info));
	tcp_get_info(sock->sk, &info);
	assert_int_equal(info.tcpi_state, 0);
	assert_int_equal(info.tcpi_rto, 0);
	sock_release(sock);
}

static void test_info_of_others(void **state)
{
	(void)state;
	run(info_of_others);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_create, end_world),
		cmocka_unit_test_teardown(test_bad_calls, end_world),
		cmocka_unit_test_teardown(test_connected_already, end_world),
		cmocka_unit_test_teardown(test_nonblock, end_world),
		cmocka_unit_test_teardown(test_sndtimeo, end_world),
		cmocka_unit_test_teardown(test_unspec, end_world),
		cmocka_unit_test_teardown(test_names, end_world),
		cmocka_unit_test_teardown(test_options, end_world),
		cmocka_unit_test_teardown(test_unconnected, end_world),
		cmocka_unit_test_teardown(test_write_and_shut, end_world),
		cmocka_unit_test_teardown(test_limit, end_world),
		cmocka_unit_test_teardown(test_families, end_world),
		cmocka_unit_test_teardown(test_no_room_for_the_sender, end_world),
		cmocka_unit_test_teardown(test_exit_does_not_linger, end_world),
		cmocka_unit_test_teardown(test_info_of_others, end_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
