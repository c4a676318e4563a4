/* SPDX-License-Identifier: GPL-2.0-only */

/* Sockets that send datagrams: the association, the port, and the errors that come back. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/world.h"

#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/net.h>
#include <linux/string.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/udp.h>

static int end_world(void **state)
{
	(void)state;
	world_end();
	return 0;
}

static void run(void (*fn)(void *))
{
	world_boot(1);
	assert_int_equal(world_run(fn, NULL), 0);
}

static struct sockaddr *addr(uint32_t be, uint16_t port)
{
	return (struct sockaddr *)world_user_addr(be, port);
}

static struct sockaddr *nobody(void)
{
	struct world_addr *a = world_user_addr(0, 0);

	a->family = AF_UNSPEC;
	return (struct sockaddr *)a;
}

static uint16_t swap16(uint16_t x)
{
	return (uint16_t)(x << 8 | x >> 8);
}

/* Our name: address in network, port in host byte order. */
static uint16_t name_of(long fd, uint32_t *be)
{
	struct world_addr *a = core_user_alloc(sizeof(*a));
	int *len = core_user_alloc(sizeof(*len));

	*len = sizeof(*a);
	assert_int_equal(sys_getsockname((int)fd, (struct sockaddr *)a, len), 0);
	*be = a->addr;
	return swap16(a->port);
}

static long peer_of(long fd, uint32_t *be, uint16_t *port)
{
	struct world_addr *a = core_user_alloc(sizeof(*a));
	int *len = core_user_alloc(sizeof(*len));
	long ret;

	*len = sizeof(*a);
	ret = sys_getpeername((int)fd, (struct sockaddr *)a, len);
	*be = a->addr;
	*port = swap16(a->port);
	return ret;
}

static int so_error(long fd)
{
	int *val = core_user_alloc(sizeof(*val)), *len = core_user_alloc(sizeof(*len));

	*len = sizeof(*val);
	assert_int_equal(sys_getsockopt((int)fd, SOL_SOCKET, SO_ERROR, (char *)val, len), 0);
	return *val;
}

static long udp(void)
{
	return sys_socket(AF_INET, SOCK_DGRAM, 0);
}

/* ---- connect(2) ---- */

static void association(void *arg)
{
	long fd = udp();
	uint32_t be;
	uint16_t port, peer;

	(void)arg;
	assert_int_equal(name_of(fd, &be), 0);
	assert_int_equal(sys_connect((int)fd, addr(WORLD_FAR, 5000), 16), 0);
	port = name_of(fd, &be);
	assert_in_range(port, 32768, 60999);
	assert_int_equal(be, WORLD_NEAR);
	assert_int_equal(peer_of(fd, &be, &peer), 0);
	assert_int_equal(be, WORLD_FAR);
	assert_int_equal(peer, 5000);

	/* again, at once, and the port stays */
	assert_int_equal(sys_connect((int)fd, addr(WORLD_FAR, 5001), 16), 0);
	assert_int_equal(name_of(fd, &be), port);
	assert_int_equal(peer_of(fd, &be, &peer), 0);
	assert_int_equal(peer, 5001);

	/* and gone, with address and port, since bind(2) chose neither */
	assert_int_equal(sys_connect((int)fd, nobody(), 2), 0);
	assert_int_equal(name_of(fd, &be), 0);
	assert_int_equal(be, 0);
	assert_int_equal(peer_of(fd, &be, &peer), -ENOTCONN);
	sys_close((unsigned int)fd);
}

static void test_association(void **state)
{
	(void)state;
	run(association);
	assert_int_equal(core_counter("UdpOutDatagrams"), 0); /* nothing was sent */
	assert_int_equal(udp_prot.inuse, 0);
}

/* What fails leaves the socket with the port that inet_autobind() gave it. */
static void failures(void *arg)
{
	long fd = udp();
	struct world_addr *bad = world_user_addr(WORLD_FAR, 53);
	uint32_t be;

	(void)arg;
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)bad, 1), -EINVAL);
	assert_int_equal(name_of(fd, &be), 0);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)bad, 15), -EINVAL);
	assert_int_not_equal(name_of(fd, &be), 0);
	bad->family = AF_INET6;
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)bad, 16), -EAFNOSUPPORT);
	assert_int_equal(sys_connect((int)fd, addr(htonl(0xc0000201), 53), 16), -ENETUNREACH);
	assert_int_equal(sys_connect((int)fd, addr(htonl(0x0a0900ff), 53), 16), -EACCES);
	assert_int_equal(core_counter("IpOutNoRoutes"), 1);
	sys_close((unsigned int)fd);
}

static void test_failures(void **state)
{
	(void)state;
	run(failures);
}

static void broadcast(void *arg)
{
	long fd = udp();
	int *on = core_user_alloc(sizeof(*on));

	(void)arg;
	*on = 1;
	assert_int_equal(sys_setsockopt((int)fd, SOL_SOCKET, SO_BROADCAST, (char *)on, sizeof(*on)),
			 0);
	assert_int_equal(sys_connect((int)fd, addr(htonl(0x0a0900ff), 53), 16), 0);
	sys_close((unsigned int)fd);
}

static void test_broadcast(void **state)
{
	(void)state;
	run(broadcast);
}

/* ---- ports ---- */

static void bound(void *arg)
{
	long a = udp(), b = udp();
	int *on = core_user_alloc(sizeof(*on));
	uint32_t be;

	(void)arg;
	assert_int_equal(sys_bind((int)a, addr(0, 7777), 16), 0);
	assert_int_equal(sys_bind((int)b, addr(WORLD_NEAR, 7777), 16), -EADDRINUSE);
	assert_int_equal(sys_connect((int)a, addr(WORLD_FAR, 53), 16), 0);
	assert_int_equal(name_of(a, &be), 7777);
	assert_int_equal(be, WORLD_NEAR);
	/* what bind(2) chose stays, what connect(2) chose goes */
	assert_int_equal(sys_connect((int)a, nobody(), 2), 0);
	assert_int_equal(name_of(a, &be), 7777);
	assert_int_equal(be, 0);

	*on = 1;
	sys_setsockopt((int)a, SOL_SOCKET, SO_REUSEADDR, (char *)on, sizeof(*on));
	assert_int_equal(sys_bind((int)b, addr(WORLD_NEAR, 7777), 16), -EADDRINUSE);
	sys_setsockopt((int)b, SOL_SOCKET, SO_REUSEADDR, (char *)on, sizeof(*on));
	assert_int_equal(sys_bind((int)b, addr(WORLD_NEAR, 7777), 16), 0);
	sys_close((unsigned int)a);
	sys_close((unsigned int)b);
}

static void test_bound(void **state)
{
	(void)state;
	run(bound);
}

#define FEW 20

/* Every port of the range is found, then none. */
static void exhausted(void *arg)
{
	long fd[FEW + 1];
	uint32_t be;
	int i;

	(void)arg;
	for (i = 0; i <= FEW; i++)
		fd[i] = udp();
	for (i = 0; i < FEW; i++) {
		assert_int_equal(sys_connect((int)fd[i], addr(WORLD_FAR, 53), 16), 0);
		assert_in_range(name_of(fd[i], &be), 40000, 40000 + FEW - 1);
	}
	assert_int_equal(sys_connect((int)fd[FEW], addr(WORLD_FAR, 53), 16), -EAGAIN);
	sys_close((unsigned int)fd[3]);
	assert_int_equal(sys_connect((int)fd[FEW], addr(WORLD_FAR, 53), 16), 0);
	for (i = 0; i <= FEW; i++)
		if (i != 3)
			sys_close((unsigned int)fd[i]);
}

static void test_exhausted(void **state)
{
	(void)state;
	world_boot(1);
	assert_int_equal(core_sysctl("net.ipv4.ip_local_port_range", "40000 40019"), 0);
	assert_int_equal(world_run(exhausted, NULL), 0);
}

/* More than ten sockets in one chain: the second table decides. */
static void long_chain(void *arg)
{
	long fd[15];
	uint32_t be;
	int i;

	(void)arg;
	for (i = 0; i < 12; i++) {
		fd[i] = udp();
		assert_int_equal(
			sys_bind((int)fd[i], addr(WORLD_NEAR, (uint16_t)(1024 + 256 * i)), 16), 0);
	}
	fd[12] = udp();
	fd[13] = udp();
	assert_int_equal(sys_bind((int)fd[12], addr(WORLD_NEAR, 1024), 16), -EADDRINUSE);
	/* v4.9 does not look at the chains of other addresses for a socket that wants all */
	fd[14] = udp();
	assert_int_equal(sys_bind((int)fd[14], addr(0, 1280), 16), 0);
	assert_int_equal(sys_bind((int)fd[12], addr(0, 1024 + 256 * 12), 16), 0);
	assert_int_equal(sys_bind((int)fd[13], addr(WORLD_NEAR, 1024 + 256 * 12), 16), -EADDRINUSE);
	assert_int_equal(name_of(fd[12], &be), 1024 + 256 * 12);
	for (i = 0; i < 15; i++)
		sys_close((unsigned int)fd[i]);
}

static void test_long_chain(void **state)
{
	(void)state;
	run(long_chain);
}

/* ---- data and errors ---- */

/* By the loopback device: from one socket to another, and to a port that nobody has. */
static void talk(void *arg)
{
	long a = udp(), b = udp();
	char *buf = core_user_alloc(64);
	struct world_addr *from = core_user_alloc(sizeof(*from));
	int *len = core_user_alloc(sizeof(*len));
	uint32_t be;
	uint16_t port;

	(void)arg;
	memcpy(buf, "hello", 5);
	assert_int_equal(sys_sendto((int)a, buf, 5, 0, NULL, 0), -EDESTADDRREQ);
	assert_int_equal(sys_bind((int)b, addr(htonl(INADDR_LOOPBACK), 5353), 16), 0);
	assert_int_equal(sys_connect((int)a, addr(htonl(INADDR_LOOPBACK), 5353), 16), 0);
	port = name_of(a, &be);
	assert_int_equal(sys_write((unsigned int)a, buf, 5), 5);
	*len = sizeof(*from);
	assert_int_equal(sys_recvfrom((int)b, buf + 32, 32, 0, (struct sockaddr *)from, len), 5);
	assert_memory_equal(buf + 32, "hello", 5);
	assert_int_equal(from->addr, htonl(INADDR_LOOPBACK));
	assert_int_equal(swap16(from->port), port);
	assert_int_equal(sys_recvfrom((int)b, buf, 32, MSG_DONTWAIT, NULL, NULL), -EAGAIN);

	/* Nobody there: the next call hears of it, and only that one. */
	sys_close((unsigned int)b);
	assert_int_equal(sys_write((unsigned int)a, buf, 5), 5);
	assert_int_equal(so_error(a), ECONNREFUSED);
	assert_int_equal(so_error(a), 0);
	assert_int_equal(sys_write((unsigned int)a, buf, 5), 5);
	assert_int_equal(sys_read((unsigned int)a, buf, 5), -ECONNREFUSED);
	sys_close((unsigned int)a);
	/* A socket without a peer is not told. */
	a = udp();
	assert_int_equal(sys_sendto((int)a, buf, 5, 0, addr(htonl(INADDR_LOOPBACK), 5353), 16), 5);
	assert_int_equal(so_error(a), 0);
	sys_close((unsigned int)a);
}

static void test_talk(void **state)
{
	(void)state;
	run(talk);
	assert_int_equal(core_counter("UdpInDatagrams"), 1);
	assert_int_equal(core_counter("UdpNoPorts"), 3);
}

/* ---- raw ---- */

static void raw(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_RAW, 0), u;
	char *buf = core_user_alloc(64);
	uint32_t be;
	uint16_t port;

	(void)arg;
	assert_int_equal(fd, -EPROTONOSUPPORT); /* a raw socket must name its protocol */
	fd = sys_socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	assert_true(fd >= 0);
	assert_int_equal(name_of(fd, &be), IPPROTO_UDP);
	assert_int_equal(sys_connect((int)fd, addr(htonl(0xc0000201), 0), 16), -ENETUNREACH);
	assert_int_equal(sys_connect((int)fd, addr(htonl(INADDR_LOOPBACK), 99), 16), 0);
	assert_int_equal(peer_of(fd, &be, &port), 0);
	assert_int_equal(be, htonl(INADDR_LOOPBACK));

	/* It hears what goes to others, header and all, and of the error that it brings. */
	u = udp();
	assert_int_equal(sys_sendto((int)u, buf, 5, 0, addr(htonl(INADDR_LOOPBACK), 5353), 16), 5);
	assert_int_equal(sys_read((unsigned int)fd, buf, 64), -ECONNREFUSED);
	assert_int_equal(sys_read((unsigned int)fd, buf, 64), 20 + 8 + 5);
	assert_int_equal(buf[0], 0x45);
	assert_int_equal(buf[9], IPPROTO_UDP);
	assert_int_equal(sys_close((unsigned int)u), 0);

	/* What it sends, it hears as well. */
	assert_int_equal(sys_write((unsigned int)fd, buf, 12), 12);
	assert_int_equal(sys_read((unsigned int)fd, buf, 64), 20 + 12);
	assert_int_equal(sys_connect((int)fd, nobody(), 2), 0);
	assert_int_equal(peer_of(fd, &be, &port), -ENOTCONN);
	sys_close((unsigned int)fd);
}

static void test_raw(void **state)
{
	(void)state;
	run(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_association, end_world),
		cmocka_unit_test_teardown(test_failures, end_world),
		cmocka_unit_test_teardown(test_broadcast, end_world),
		cmocka_unit_test_teardown(test_bound, end_world),
		cmocka_unit_test_teardown(test_exhausted, end_world),
		cmocka_unit_test_teardown(test_long_chain, end_world),
		cmocka_unit_test_teardown(test_talk, end_world),
		cmocka_unit_test_teardown(test_raw, end_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
