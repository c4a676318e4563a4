/* SPDX-License-Identifier: GPL-2.0-only */

/* The routing tables: longest prefix, order among equals, errors, routes that come with addresses. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>

#include "tests/lib/link.h"

static struct net_device *wire0(void)
{
	return __dev_get_by_name(&init_net, "wire0");
}

static int setup(void **state)
{
	(void)state;
	link_boot(1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	link_end();
	return 0;
}

static struct fib_config config(u32 dst, int len)
{
	struct fib_config cfg = {
		.fc_dst = dst,
		.fc_dst_len = len,
		.fc_type = RTN_UNICAST,
		.fc_scope = RT_SCOPE_LINK,
		.fc_protocol = RTPROT_STATIC,
		.fc_table = RT_TABLE_MAIN,
		.fc_oif = wire0()->ifindex,
		.fc_nlflags = NLM_F_CREATE | NLM_F_EXCL,
	};

	return cfg;
}

static int add(u32 dst, int len, u32 priority)
{
	struct fib_config cfg = config(dst, len);

	cfg.fc_priority = priority;
	return fib_table_insert(init_net.ipv4.fib_main, &cfg);
}

static int del(u32 dst, int len)
{
	struct fib_config cfg = config(dst, len);

	return fib_table_delete(init_net.ipv4.fib_main, &cfg);
}

static int look(u32 dst, struct fib_result *res)
{
	struct flowi4 fl4 = { .daddr = dst };

	return fib_lookup(&init_net, &fl4, res, 0);
}

/* Prefix length of the route that @dst takes, or a negative errno. */
static int plen(u32 dst)
{
	struct fib_result res;
	int err = look(dst, &res);

	return err ? err : res.prefixlen;
}

static void test_longest_prefix_wins(void **state)
{
	(void)state;
	assert_int_equal(add(IP4(10, 0, 0, 0), 8, 0), 0);
	assert_int_equal(add(IP4(10, 1, 0, 0), 16, 0), 0);
	assert_int_equal(add(IP4(10, 1, 2, 0), 24, 0), 0);
	assert_int_equal(add(IP4(10, 1, 2, 3), 32, 0), 0);
	assert_int_equal(plen(IP4(10, 1, 2, 3)), 32);
	assert_int_equal(plen(IP4(10, 1, 2, 4)), 24);
	assert_int_equal(plen(IP4(10, 1, 3, 3)), 16);
	assert_int_equal(plen(IP4(10, 2, 0, 0)), 8);
	assert_int_equal(plen(IP4(11, 0, 0, 1)), -ENETUNREACH);
	assert_int_equal(add(0, 0, 0), 0);
	assert_int_equal(plen(IP4(11, 0, 0, 1)), 0);
	assert_int_equal(plen(IP4(10, 255, 0, 1)), 8);
}

/* 10.128/9 leads the walk into a branch that holds nothing for the address. */
static void test_backtracks_to_a_shorter_prefix(void **state)
{
	(void)state;
	assert_int_equal(add(IP4(172, 16, 0, 0), 12, 0), 0);
	assert_int_equal(add(IP4(172, 31, 255, 0), 24, 0), 0);
	assert_int_equal(add(IP4(172, 31, 255, 128), 25, 0), 0);
	assert_int_equal(plen(IP4(172, 31, 254, 129)), 12);
	assert_int_equal(plen(IP4(172, 31, 255, 127)), 24);
	assert_int_equal(plen(IP4(172, 31, 255, 255)), 25);
	assert_int_equal(plen(IP4(172, 32, 0, 0)), -ENETUNREACH);
}

static void test_bad_prefixes(void **state)
{
	(void)state;
	assert_int_equal(add(IP4(10, 1, 2, 3), 24, 0), -EINVAL);
	assert_int_equal(add(IP4(10, 1, 2, 0), 33, 0), -EINVAL);
	assert_int_equal(add(IP4(10, 1, 2, 0), 24, 0), 0);
	assert_int_equal(add(IP4(10, 1, 2, 0), 24, 0), -EEXIST);
	assert_int_equal(del(IP4(10, 1, 3, 0), 24), -ESRCH);
	assert_int_equal(inet_route_add(&init_net, IP4(10, 1, 2, 0), -1, 0, wire0()), -EINVAL);
	assert_int_equal(inet_route_add(&init_net, IP4(10, 1, 2, 0), 24, 0, NULL), -EINVAL);
}

static void test_delete_brings_the_shorter_back(void **state)
{
	(void)state;
	assert_int_equal(add(IP4(10, 0, 0, 0), 8, 0), 0);
	assert_int_equal(add(IP4(10, 1, 0, 0), 16, 0), 0);
	assert_int_equal(plen(IP4(10, 1, 0, 1)), 16);
	assert_int_equal(del(IP4(10, 1, 0, 0), 16), 0);
	assert_int_equal(plen(IP4(10, 1, 0, 1)), 8);
	assert_int_equal(del(IP4(10, 0, 0, 0), 8), 0);
	assert_int_equal(plen(IP4(10, 1, 0, 1)), -ENETUNREACH);
}

static void test_priority_and_tos(void **state)
{
	struct fib_config cfg = config(IP4(10, 1, 0, 0), 16);
	struct flowi4 fl4 = { .daddr = IP4(10, 1, 0, 1), .flowi4_tos = 0x10 };
	struct fib_result res;

	(void)state;
	assert_int_equal(add(IP4(10, 1, 0, 0), 16, 200), 0);
	assert_int_equal(add(IP4(10, 1, 0, 0), 16, 100), 0);
	assert_int_equal(look(IP4(10, 1, 0, 1), &res), 0);
	assert_int_equal(res.fi->fib_priority, 100);

	cfg.fc_tos = 0x10;
	cfg.fc_priority = 300;
	assert_int_equal(fib_table_insert(init_net.ipv4.fib_main, &cfg), 0);
	assert_int_equal(fib_lookup(&init_net, &fl4, &res, 0), 0);
	assert_int_equal(res.fi->fib_priority, 300);
	assert_int_equal(look(IP4(10, 1, 0, 1), &res), 0);
	assert_int_equal(res.fi->fib_priority, 100);
}

static void test_types_that_refuse(void **state)
{
	static const struct {
		u8 type;
		int err;
	} kinds[] = {
		{ RTN_UNREACHABLE, -EHOSTUNREACH },
		{ RTN_PROHIBIT, -EACCES },
		{ RTN_BLACKHOLE, -EINVAL },
		{ RTN_THROW, -ENETUNREACH },
	};
	size_t i;

	(void)state;
	assert_int_equal(add(0, 0, 0), 0);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		u32 dst = IP4(192, 0, 2 + i, 0);
		struct fib_config cfg = config(dst, 24);

		cfg.fc_type = kinds[i].type;
		cfg.fc_scope = RT_SCOPE_UNIVERSE;
		assert_int_equal(fib_table_insert(init_net.ipv4.fib_main, &cfg), -EINVAL);
		cfg.fc_oif = 0;
		assert_int_equal(fib_table_insert(init_net.ipv4.fib_main, &cfg), 0);
		assert_int_equal(plen(dst | IP4(0, 0, 0, 9)), kinds[i].err);
	}
}

static void test_gateway_must_be_on_link(void **state)
{
	struct fib_result res;

	(void)state;
	assert_int_equal(inet_route_add(&init_net, IP4(192, 0, 2, 0), 24, IP4(10, 8, 0, 1), NULL),
			 -ENETUNREACH);
	assert_int_equal(inet_route_add(&init_net, IP4(192, 0, 2, 0), 24, LINK_FAR, NULL), 0);
	assert_int_equal(look(IP4(192, 0, 2, 7), &res), 0);
	assert_int_equal(FIB_RES_GW(res), LINK_FAR);
	assert_ptr_equal(FIB_RES_DEV(res), wire0());
	assert_int_equal(FIB_RES_NH(res).nh_scope, RT_SCOPE_LINK);
	/* A router behind a router: no frame could be addressed to it. */
	assert_int_equal(inet_route_add(&init_net, IP4(198, 51, 100, 0), 24, IP4(192, 0, 2, 7),
					NULL),
			 -ENETUNREACH);
	/* "By our own address" means on link: v4.9 still takes it, and asks ARP for the target. */
	assert_int_equal(inet_route_add(&init_net, IP4(198, 51, 100, 0), 24, LINK_NEAR, NULL), 0);
	assert_int_equal(look(IP4(198, 51, 100, 7), &res), 0);
	assert_int_equal(FIB_RES_NH(res).nh_scope, RT_SCOPE_HOST);
}

static int type_of(u32 addr)
{
	return inet_addr_type(&init_net, addr);
}

static void test_address_brings_its_routes(void **state)
{
	struct fib_result res;

	(void)state;
	assert_int_equal(type_of(LINK_NEAR), RTN_LOCAL);
	assert_int_equal(type_of(IP4(10, 9, 0, 0)), RTN_BROADCAST);
	assert_int_equal(type_of(IP4(10, 9, 0, 255)), RTN_BROADCAST);
	assert_int_equal(type_of(IP4(255, 255, 255, 255)), RTN_BROADCAST);
	assert_int_equal(type_of(IP4(224, 0, 0, 1)), RTN_MULTICAST);
	assert_int_equal(type_of(LINK_FAR), RTN_UNICAST);
	assert_int_equal(type_of(IP4(127, 1, 2, 3)), RTN_LOCAL);

	assert_int_equal(look(LINK_FAR, &res), 0);
	assert_int_equal(res.prefixlen, 24);
	assert_int_equal(res.scope, RT_SCOPE_LINK);
	assert_int_equal(FIB_RES_PREFSRC(&init_net, res), LINK_NEAR);
	assert_int_equal(look(LINK_NEAR, &res), 0);
	assert_int_equal(res.prefixlen, 32);
	assert_int_equal(res.scope, RT_SCOPE_HOST);
}

static void test_addresses(void **state)
{
	struct in_device *in_dev = __in_dev_get_rcu(wire0());

	(void)state;
	assert_int_equal(core_addr_add("wire0", LINK_NEAR, 24), -EEXIST);
	assert_int_equal(core_addr_add("wire0", IP4(10, 9, 0, 3), 33), -EINVAL);
	assert_int_equal(core_addr_add("wire0", IP4(224, 0, 0, 1), 24), -EINVAL);
	assert_int_equal(core_addr_add("none", IP4(10, 9, 0, 3), 24), -ENODEV);

	/* A second address of the subnet is secondary; that of another subnet is not. */
	assert_int_equal(core_addr_add("wire0", IP4(10, 9, 0, 3), 24), 0);
	assert_int_equal(core_addr_add("wire0", IP4(10, 20, 0, 1), 31), 0);
	assert_false(in_dev->ifa_list->ifa_flags & IFA_F_SECONDARY);
	assert_int_equal(in_dev->ifa_list->ifa_next->ifa_local, IP4(10, 20, 0, 1));
	assert_true(in_dev->ifa_list->ifa_next->ifa_next->ifa_flags & IFA_F_SECONDARY);
	assert_ptr_equal(__ip_dev_find(&init_net, IP4(10, 9, 0, 3), false), wire0());
	assert_null(__ip_dev_find(&init_net, LINK_FAR, false));

	/* A /31 has no broadcast. */
	assert_int_equal(type_of(IP4(10, 20, 0, 0)), RTN_UNICAST);
	assert_int_equal(type_of(IP4(10, 20, 0, 1)), RTN_LOCAL);

	/* Source by subnet, else the first; never one of the link or host scope for far targets. */
	assert_int_equal(inet_select_addr(wire0(), IP4(10, 20, 0, 0), RT_SCOPE_UNIVERSE),
			 IP4(10, 20, 0, 1));
	assert_int_equal(inet_select_addr(wire0(), IP4(10, 9, 0, 9), RT_SCOPE_UNIVERSE), LINK_NEAR);
	assert_int_equal(inet_select_addr(wire0(), IP4(8, 8, 8, 8), RT_SCOPE_UNIVERSE), LINK_NEAR);
	assert_int_equal(inet_select_addr(init_net.loopback_dev, 0, RT_SCOPE_UNIVERSE), LINK_NEAR);
	assert_int_equal(inet_select_addr(init_net.loopback_dev, 0, RT_SCOPE_HOST),
			 IP4(127, 0, 0, 1));
}

/* Two default routes of equal rank: the one whose router answers is taken. */
static void test_default_with_a_living_router(void **state)
{
	struct flowi4 fl4 = { .daddr = IP4(8, 8, 8, 8) };
	struct fib_result res;

	(void)state;
	assert_int_equal(inet_route_add(&init_net, 0, 0, IP4(10, 9, 0, 10), NULL), 0);
	assert_int_equal(inet_route_add(&init_net, 0, 0, IP4(10, 9, 0, 11), NULL), -EEXIST);
	assert_int_equal(fib_lookup(&init_net, &fl4, &res, 0), 0);
	fib_select_path(&init_net, &res, &fl4, -1);
	assert_int_equal(FIB_RES_GW(res), IP4(10, 9, 0, 10));
	assert_int_equal(fl4.saddr, LINK_NEAR);
}

#define NROUTES 400

static struct {
	u32 key; /* host order */
	int len;
	int gone;
} model[NROUTES];

static u32 seed = 12345;

static u32 rnd(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 4 | seed << 28;
}

static u32 mask(int len)
{
	return len ? ~0u << (32 - len) : 0;
}

static int model_plen(u32 key)
{
	int i, best = -ENETUNREACH;

	for (i = 0; i < NROUTES; i++) {
		if (!model[i].gone && ((key ^ model[i].key) & mask(model[i].len)) == 0 &&
		    model[i].len > best)
			best = model[i].len;
	}
	return best;
}

static void check_against_model(void)
{
	int i;

	for (i = 0; i < 3000; i++) {
		/* half of the questions near a route, where the trie branches */
		u32 key = i & 1 ? model[rnd() % NROUTES].key ^ (1u << rnd() % 32) : rnd();

		key = (key & 0x0fffffff) | 0x50000000;
		assert_int_equal(plen(htonl(key)), model_plen(key));
	}
}

/* 80.0.0.0/4 is filled with random routes, then half of them go; a list says what is right. */
static void test_against_a_plain_list(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < NROUTES; i++) {
		do {
			model[i].len = 4 + rnd() % 29;
			model[i].key = ((rnd() & 0x0fffffff) | 0x50000000) & mask(model[i].len);
			/* clusters, so that prefixes lie within each other */
			if (i > 20 && rnd() % 2)
				model[i].key = (model[rnd() % i].key ^ (rnd() & 0xff)) &
					       mask(model[i].len);
		} while (add(htonl(model[i].key), model[i].len, 0) == -EEXIST);
		model[i].gone = 0;
	}
	check_against_model();
	for (i = 0; i < NROUTES; i += 2) {
		assert_int_equal(del(htonl(model[i].key), model[i].len), 0);
		model[i].gone = 1;
	}
	check_against_model();
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_longest_prefix_wins),
		T(test_backtracks_to_a_shorter_prefix),
		T(test_bad_prefixes),
		T(test_delete_brings_the_shorter_back),
		T(test_priority_and_tos),
		T(test_types_that_refuse),
		T(test_gateway_must_be_on_link),
		T(test_address_brings_its_routes),
		T(test_addresses),
		T(test_default_with_a_living_router),
		T(test_against_a_plain_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
