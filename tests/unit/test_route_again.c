/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * A connection whose cached route is no longer valid looks it up anew: before a repetition
 * (inet_sk_rebuild_header()), and when an ICMP tells of a narrower path (inet_csk_update_pmtu()). With a
 * source route it is the way to the first hop; with net.ipv4.ip_dynaddr a SYN may take a new address.
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
#include <net/inet_common.h>
#include <net/inet_connection_sock.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp.h>

#define HOP   0x0909090au /* 10.9.9.9: not on the link */
#define OTHER 0x0700090au /* 10.9.0.7 */

static int setup(void **state)
{
	(void)state;
	talk_boot();
	return 0;
}

/* A loose source route over HOP, or only two bytes of padding. */
static void ip_options(long fd, int srr)
{
	const uint8_t lsrr[8] = { 131, 7, 4, 10, 9, 9, 9, 1 }, nops[4] = { 1, 1, 1, 0 };
	char *o = core_user_alloc(8);

	__builtin_memcpy(o, srr ? lsrr : nops, srr ? sizeof(lsrr) : sizeof(nops));
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, o, srr ? 8 : 4), 0);
}

/* Every cached route is void from now on. */
static void routes_change(void)
{
	rt_genid_bump_ipv4(&init_net);
}

static int rebuild(struct sock *sk)
{
	int err;

	lock_sock(sk);
	err = inet_sk_rebuild_header(sk);
	release_sock(sk);
	return err;
}

static u32 narrower(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst;

	lock_sock(sk);
	dst = inet_csk_update_pmtu(sk, mtu);
	release_sock(sk);
	return dst ? dst_mtu(dst) : 0;
}

static void finish(long fd)
{
	lock_sock(talk_sk(fd));
	assert_int_equal(tcp_disconnect(talk_sk(fd), 0), 0);
	release_sock(talk_sk(fd));
	sys_close((unsigned int)fd);
}

static void options(void *arg)
{
	const struct core_route hop = {
		.be_dst = HOP, .prefixlen = 32, .be_gateway = SEG_FAR, .ifname = "wire0"
	};
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);

	/* options without a route in them: the way to the peer */
	ip_options(fd, 0);
	routes_change();
	assert_int_equal(rebuild(sk), 0);
	routes_change();
	assert_int_equal(narrower(sk, 1200), 1200);

	/* with one: the way to the hop, which has none yet */
	ip_options(fd, 1);
	routes_change();
	assert_int_equal(rebuild(sk), -ENETUNREACH);
	assert_int_equal(sk->sk_err_soft, ENETUNREACH);
	assert_int_equal(narrower(sk, 1100), 0);
	assert_int_equal(core_route_add_full(&hop), 0);
	assert_int_equal(narrower(sk, 1100), 1100);
	assert_int_equal(((struct rtable *)__sk_dst_get(sk))->rt_gateway, SEG_FAR);
	routes_change();
	assert_int_equal(rebuild(sk), 0);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, core_user_alloc(1), 0), 0);
	routes_change();
	finish(fd);
}

static void test_options(void **state)
{
	talk_run(options);
}

/* A SYN under way, and the address it came from is taken away. */
static void dynaddr(void *arg)
{
	const struct core_route hop = {
		.be_dst = HOP, .prefixlen = 32, .be_gateway = SEG_FAR, .ifname = "wire0"
	};
	long fd = sys_socket(PF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sock *sk = talk_sk(fd);

	far.deaf = 1;
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -EINPROGRESS);

	/* the lookup fails for another reason than the address: the same address again is no move */
	assert_int_equal(core_sysctl("net.ipv4.ip_dynaddr", "1"), 0);
	routes_change();
	core_fail_alloc(1);
	rebuild(sk);
	assert_int_equal(core_fail_alloc_left(), 0);
	assert_int_equal(inet_sk(sk)->inet_saddr, SEG_NEAR);
	assert_int_equal(rebuild(sk), 0);

	/* off: the error is kept for the end */
	assert_int_equal(core_sysctl("net.ipv4.ip_dynaddr", "0"), 0);
	assert_int_equal(core_addr_add("wire0", OTHER, 24), 0);
	assert_int_equal(core_addr_del("wire0", SEG_NEAR, 24), 0);
	assert_int_equal(core_addr_add("wire0", OTHER, 24), 0);
	assert_true(rebuild(sk) < 0);
	assert_int_equal(inet_sk(sk)->inet_saddr, SEG_NEAR);

	/* on, with a source route: the address for the way to the hop; the hash follows */
	assert_int_equal(core_sysctl("net.ipv4.ip_dynaddr", "1"), 0);
	ip_options(fd, 0);
	rebuild(sk);
	assert_int_equal(inet_sk(sk)->inet_saddr, OTHER);
	assert_int_equal(sk->sk_hash, sk_ehashfn(sk));
	ip_options(fd, 1);
	assert_int_equal(core_addr_add("wire0", SEG_NEAR, 24), 0);
	assert_int_equal(core_addr_del("wire0", OTHER, 24), 0);
	assert_int_equal(core_addr_add("wire0", SEG_NEAR, 24), 0);
	assert_true(rebuild(sk) < 0);
	assert_int_equal(inet_sk(sk)->inet_saddr, OTHER); /* no way to the hop */
	assert_int_equal(core_route_add_full(&hop), 0);
	rebuild(sk);
	assert_int_equal(inet_sk(sk)->inet_saddr, SEG_NEAR);
	assert_int_equal(sk->sk_hash, sk_ehashfn(sk));
	sys_close((unsigned int)fd);
}

static void test_dynaddr(void **state)
{
	talk_run(dynaddr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_options, setup),
		cmocka_unit_test_setup(test_dynaddr, setup),
	};

	return cmocka_run_group_tests_name("route_again", tests, NULL, NULL);
}
