/* SPDX-License-Identifier: GPL-2.0-only */

/* The administrator's doors: routes, addresses, links, neighbours, metrics, the filter. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/world.h"

#include <linux/in.h>
#include <linux/net.h>
#include <linux/neighbour.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/route.h>
#include <net/tcp.h>

#define OTHER htonl(0xc0000200) /* 192.0.2.0 */
#define HOST  htonl(0xc0000201)

static struct world *w;

static int begin(void **state)
{
	(void)state;
	w = world_boot(1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	world_end();
	return 0;
}

static long result;
static uint32_t target;

static void connects(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	int *n = core_user_alloc(sizeof(*n));

	(void)arg;
	*n = 1;
	sys_setsockopt((int)fd, SOL_TCP, TCP_SYNCNT, (char *)n, sizeof(*n));
	result = sys_connect((int)fd, (struct sockaddr *)world_user_addr(target, WORLD_PORT), 16);
	sys_close((unsigned int)fd);
}

static long connect_to(uint32_t be)
{
	target = be;
	assert_int_equal(world_run(connects, NULL), 0);
	return result;
}

static void test_route_types(void **state)
{
	static const struct {
		int type;
		long err;
	} rows[] = { { 6, -EINVAL }, { 7, -EHOSTUNREACH }, { 8, -EACCES } };
	struct core_route r = { .be_dst = OTHER, .prefixlen = 24 };
	size_t i;

	(void)state;
	assert_int_equal(connect_to(HOST), -ENETUNREACH);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		r.type = rows[i].type;
		assert_int_equal(core_route_add_full(&r), 0);
		assert_int_equal(core_route_add_full(&r), -EEXIST);
		assert_int_equal(connect_to(HOST), rows[i].err);
		assert_int_equal(core_route_del(&r), 0);
		assert_int_equal(core_route_del(&r), -ESRCH);
	}
	assert_int_equal(connect_to(HOST), -ENETUNREACH);
	r.prefixlen = 33;
	assert_int_equal(core_route_add_full(&r), -EINVAL);
	r.prefixlen = 24;
	r.ifname = "none";
	assert_int_equal(core_route_add_full(&r), -ENODEV);
}

static void test_route_metrics(void **state)
{
	struct core_route r = {
		.be_dst = OTHER,
		.prefixlen = 24,
		.be_gateway = WORLD_FAR,
		.lock = 1u << RTAX_MTU,
		.mtu = 1000,
		.advmss = 900,
		.window = 5000,
		.hoplimit = 300,
		.rtt_ms = 300,
		.rto_min_ms = 2000,
		.initcwnd = 3,
		.initrwnd = 4,
		.features_ecn = 1,
		.congctl = "reno",
	};
	struct rtable *rt;

	(void)state;
	assert_int_equal(core_route_add_full(&r), 0);
	rt = ip_route_output(&init_net, HOST, 0, 0, 0);
	assert_false(IS_ERR(rt));
	assert_true(dst_metric_locked(&rt->dst, RTAX_MTU));
	assert_true(dst_metric_locked(&rt->dst, RTAX_RTO_MIN));
	assert_int_equal(dst_mtu(&rt->dst), 1000);
	assert_int_equal(dst_metric_advmss(&rt->dst), 900);
	assert_int_equal(dst_metric(&rt->dst, RTAX_WINDOW), 5000);
	assert_int_equal(ip4_dst_hoplimit(&rt->dst), 255);
	assert_int_equal(dst_metric_raw(&rt->dst, RTAX_RTT), 2400);
	assert_int_equal(dst_metric(&rt->dst, RTAX_INITCWND), 3);
	assert_int_equal(dst_metric(&rt->dst, RTAX_INITRWND), 4);
	assert_int_equal(dst_metric(&rt->dst, RTAX_FEATURES), RTAX_FEATURE_ECN);
	assert_string_equal(tcp_ca_find_key(dst_metric(&rt->dst, RTAX_CC_ALGO))->name, "reno");
	ip_rt_put(rt);
	r.congctl = "none";
	r.replace = 1;
	assert_int_equal(core_route_add_full(&r), -EINVAL);
	r.congctl = NULL;
	r.mtu = 1200;
	assert_int_equal(core_route_add_full(&r), 0);
	rt = ip_route_output(&init_net, HOST, 0, 0, 0);
	assert_int_equal(dst_mtu(&rt->dst), 1200);
	ip_rt_put(rt);
	/* a route may replace itself, but not be added twice */
	assert_int_equal(core_route_add_full(&r), 0);
	r.replace = 0;
	assert_int_equal(core_route_add_full(&r), -EEXIST);
}

static void test_addresses(void **state)
{
	struct core_route r = { .be_dst = OTHER, .prefixlen = 24, .be_gateway = WORLD_FAR };
	struct rtable *rt;

	(void)state;
	assert_int_equal(core_addr_add("wire0", htonl(0x0a090005), 24), 0); /* secondary */
	r.be_src = htonl(0x0a090005);
	assert_int_equal(core_route_add_full(&r), 0);
	rt = ip_route_output(&init_net, HOST, 0, 0, 0);
	assert_false(IS_ERR(rt));
	ip_rt_put(rt);
	assert_int_equal(core_addr_del("wire0", htonl(0x0a090006), 24), -EADDRNOTAVAIL);
	assert_int_equal(core_addr_del("none", WORLD_NEAR, 24), -ENODEV);
	/* with the primary address the secondary goes, and with both the network's routes */
	assert_int_equal(core_addr_del("wire0", WORLD_NEAR, 24), 0);
	assert_int_equal(core_addr_del("wire0", htonl(0x0a090005), 24), -EADDRNOTAVAIL);
	assert_int_equal(connect_to(WORLD_FAR), -ENETUNREACH);
	assert_int_equal(core_addr_add("wire0", WORLD_NEAR, 24), 0);
	assert_int_equal(connect_to(WORLD_FAR), 0);
}

static void test_links(void **state)
{
	struct rtable *rt;

	(void)state;
	assert_int_equal(core_link_mtu("none", 1000), -ENODEV);
	assert_int_equal(core_link_mtu("wire0", 67), -EINVAL);
	assert_int_equal(core_link_mtu("wire0", 1000), 0);
	rt = ip_route_output(&init_net, WORLD_FAR, 0, 0, 0);
	assert_int_equal(dst_mtu(&rt->dst), 1000);
	ip_rt_put(rt);
	assert_int_equal(core_link_set("wire0", 0), 0);
	assert_int_equal(connect_to(WORLD_FAR), -ENETUNREACH);
	assert_int_equal(core_link_set("wire0", 1), 0);
	assert_int_equal(connect_to(WORLD_FAR), 0);
}

static void test_neighbours(void **state)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 2 };
	uint32_t be = WORLD_FAR;
	struct neighbour *n;

	(void)state;
	assert_int_equal(core_neigh_del("wire0", WORLD_FAR), -ENOENT);
	assert_int_equal(core_neigh_set("none", WORLD_FAR, mac, NUD_STALE), -ENODEV);
	assert_int_equal(core_neigh_set("wire0", WORLD_FAR, mac, NUD_STALE), 0);
	n = neigh_lookup(&arp_tbl, &be, __dev_get_by_name(&init_net, "wire0"));
	assert_int_equal(n->nud_state, NUD_STALE);
	assert_int_equal(core_neigh_del("wire0", WORLD_FAR), 0);
	assert_int_equal(n->nud_state, NUD_FAILED);
	neigh_release(n);
	assert_int_equal(connect_to(WORLD_FAR), 0); /* asks again */
	assert_int_equal(core_neigh_flush("none"), -ENODEV);
	assert_int_equal(core_neigh_flush("wire0"), 0);
	assert_null(neigh_lookup(&arp_tbl, &be, __dev_get_by_name(&init_net, "wire0")));
	assert_int_equal(connect_to(WORLD_FAR), 0);
	assert_int_equal(core_neigh_flush(NULL), 0);
}

static void test_metrics(void **state)
{
	(void)state;
	assert_int_equal(core_tcp_metrics_set(WORLD_NEAR, WORLD_FAR, "none", 1), -EINVAL);
	assert_int_equal(core_tcp_metrics_set(WORLD_NEAR, HOST, "rtt", 1), -ENETUNREACH);
	assert_int_equal(core_tcp_metrics_set(WORLD_NEAR, WORLD_FAR, "rtt", 300000), 0);
	assert_int_equal(core_tcp_metrics_set(WORLD_NEAR, WORLD_FAR, "ssthresh", 7), 0);
	assert_int_equal(core_tcp_metrics_set(WORLD_NEAR, WORLD_FAR, "ts", 99), 0);
	assert_int_equal(core_tcp_metrics_set(WORLD_NEAR, WORLD_FAR, "ts_age", 3), 0);
	assert_int_equal(connect_to(WORLD_FAR), 0);
	core_tcp_metrics_flush();
	assert_int_equal(connect_to(WORLD_FAR), 0);
}

static void test_reject(void **state)
{
	struct core_filter f = { .output = 1, .proto = IPPROTO_TCP, .dport = WORLD_PORT };

	(void)state;
	f.reject = CORE_REJECT_TCP_RESET;
	assert_int_equal(core_filter_append(&f), 0);
	assert_int_equal(connect_to(WORLD_FAR), -ECONNREFUSED);
	core_filter_flush();
	f.reject = 1 +
		   1; /* host unreachable: heard at the first repeat, when nobody owns the socket */
	assert_int_equal(core_filter_append(&f), 0);
	assert_int_equal(connect_to(WORLD_FAR), -EHOSTUNREACH);
	core_filter_flush();
	f.output = 0;
	f.dport = 0;
	f.sport = WORLD_PORT;
	f.reject = 0;
	f.drop = 1;
	assert_int_equal(core_filter_append(&f), 0);
	assert_int_equal(connect_to(WORLD_FAR), -ETIMEDOUT);
	core_filter_flush();
	assert_int_equal(connect_to(WORLD_FAR), 0);
}

static void test_device_settings(void **state)
{
	char buf[16];

	(void)state;
	assert_int_equal(core_sysctl("net.ipv4.conf.wire0.rp_filter", "1"), 0);
	assert_int_equal(core_sysctl_get("net.ipv4.conf.wire0.rp_filter", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "1");
	assert_int_equal(core_sysctl_get("net.ipv4.conf.lo.rp_filter", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "0");
	assert_int_equal(core_sysctl("net.ipv4.conf.none.rp_filter", "1"), -ENOENT);
	assert_int_equal(core_sysctl("net.ipv4.conf.wire0.none", "1"), -ENOENT);
	assert_int_equal(core_sysctl("net.ipv4.conf.wire0.rp_filter", "x"), -EINVAL);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		T(test_route_types), T(test_route_metrics),   T(test_addresses),
		T(test_links),       T(test_neighbours),      T(test_metrics),
		T(test_reject),      T(test_device_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
