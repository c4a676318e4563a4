/* SPDX-License-Identifier: GPL-2.0-only */

/* Route lookups: source selection, the cache of a next hop, what expires it, learned path MTUs. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/dst.h>
#include <net/inet_sock.h>
#include <net/route.h>

#include "tests/lib/link.h"

static struct inet_sock sock;

static struct net_device *wire0(void)
{
	return __dev_get_by_name(&init_net, "wire0");
}

static int setup(void **state)
{
	(void)state;
	link_boot(1);
	memset(&sock, 0, sizeof(sock));
	write_pnet(&sock.sk.__sk_common.skc_net, &init_net);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	link_end();
	return 0;
}

static struct rtable *look(struct flowi4 *fl4, u32 dst, u32 src)
{
	flowi4_init_output(fl4, 0, 0, 0, RT_SCOPE_UNIVERSE, IPPROTO_TCP, 0, dst, src, htons(80), 0);
	return ip_route_output_flow(&init_net, fl4, NULL);
}

static long look_err(u32 dst, u32 src)
{
	struct flowi4 fl4;
	struct rtable *rt = look(&fl4, dst, src);

	if (!IS_ERR(rt)) {
		ip_rt_put(rt);
		return 0;
	}
	return PTR_ERR(rt);
}

static void test_three_lookups_of_a_connect(void **state)
{
	struct flowi4 fl4;
	struct rtable *rt, *rt2;

	(void)state;
	rt = ip_route_connect(&fl4, LINK_FAR, 0, 0, 0, IPPROTO_TCP, 0, htons(80), &sock.sk);
	assert_false(IS_ERR(rt));
	assert_int_equal(fl4.saddr, LINK_NEAR);
	assert_int_equal(fl4.daddr, LINK_FAR);
	assert_int_equal(fl4.flowi4_oif, wire0()->ifindex);
	/* as recorded from v4.9: held once, by the caller */
	assert_int_equal(atomic_read(&rt->dst.__refcnt), 1);
	assert_int_equal(rt->dst.flags, 0);
	assert_int_equal(rt->dst.obsolete, DST_OBSOLETE_FORCE_CHK);
	assert_int_equal(rt->dst.error, 0);
	assert_ptr_equal(rt->dst.output, ip_output);
	assert_ptr_equal(rt->dst.input, dst_discard);
	assert_int_equal(rt->rt_gateway, 0);

	assert_ptr_equal(ip_route_newports(&fl4, rt, 0, htons(80), 0, htons(80), &sock.sk), rt);
	rt2 = ip_route_newports(&fl4, rt, 0, htons(80), htons(40000), htons(80), &sock.sk);
	assert_ptr_equal(rt2, rt);
	assert_int_equal(atomic_read(&rt->dst.__refcnt), 1);
	assert_int_equal(fl4.fl4_sport, htons(40000));
	ip_rt_put(rt);
	/* the next hop keeps it for whoever comes next */
	assert_int_equal(atomic_read(&rt->dst.__refcnt), 0);
	assert_ptr_equal(look(&fl4, LINK_FAR, 0), rt);
	ip_rt_put(rt);
}

static void test_errors(void **state)
{
	(void)state;
	assert_int_equal(look_err(IP4(192, 0, 2, 1), 0), -ENETUNREACH);
	assert_int_equal(look_err(LINK_FAR, IP4(10, 9, 0, 77)), -EINVAL); /* not ours */
	assert_int_equal(look_err(LINK_FAR, IP4(224, 0, 0, 1)), -EINVAL);
	assert_int_equal(look_err(LINK_FAR, IP4(255, 255, 255, 255)), -EINVAL);
	assert_int_equal(look_err(LINK_FAR, IP4(0, 0, 0, 1)), -EINVAL);
	assert_int_equal(look_err(LINK_FAR, IP4(127, 0, 0, 1)), -EINVAL); /* not on a wire */
	assert_int_equal(look_err(LINK_FAR, LINK_NEAR), 0);
}

static void test_device_asked_for(void **state)
{
	struct flowi4 fl4;
	struct rtable *rt;

	(void)state;
	/* No route, but a device: the target is taken to be on its link. */
	flowi4_init_output(&fl4, wire0()->ifindex, 0, 0, RT_SCOPE_UNIVERSE, IPPROTO_TCP, 0,
			   IP4(192, 0, 2, 1), 0, 0, 0);
	rt = ip_route_output_flow(&init_net, &fl4, NULL);
	assert_false(IS_ERR(rt));
	assert_int_equal(fl4.saddr, LINK_NEAR);
	assert_true(rt->dst.flags & DST_NOCACHE);
	ip_rt_put(rt);

	flowi4_init_output(&fl4, 99, 0, 0, RT_SCOPE_UNIVERSE, IPPROTO_TCP, 0, LINK_FAR, 0, 0, 0);
	assert_int_equal(PTR_ERR(ip_route_output_flow(&init_net, &fl4, NULL)), -ENODEV);

	assert_int_equal(dev_close(wire0()), 0);
	flowi4_init_output(&fl4, wire0()->ifindex, 0, 0, RT_SCOPE_UNIVERSE, IPPROTO_TCP, 0,
			   LINK_FAR, 0, 0, 0);
	assert_int_equal(PTR_ERR(ip_route_output_flow(&init_net, &fl4, NULL)), -ENETUNREACH);
	assert_int_equal(look_err(LINK_FAR, 0), -ENETUNREACH);
	assert_int_equal(dev_open(wire0()), 0);
	assert_int_equal(look_err(LINK_FAR, 0), 0);
}

static void test_to_ourselves(void **state)
{
	struct flowi4 fl4;
	struct rtable *rt;

	(void)state;
	rt = look(&fl4, LINK_NEAR, 0);
	assert_int_equal(fl4.saddr, LINK_NEAR);
	assert_ptr_equal(rt->dst.dev, init_net.loopback_dev);
	assert_true(rt->rt_flags & RTCF_LOCAL);
	assert_ptr_equal(rt->dst.input, ip_local_deliver);
	ip_rt_put(rt);

	/* connect() to 0.0.0.0 */
	rt = look(&fl4, 0, 0);
	assert_int_equal(fl4.daddr, IP4(127, 0, 0, 1));
	assert_int_equal(fl4.saddr, IP4(127, 0, 0, 1));
	assert_ptr_equal(rt->dst.dev, init_net.loopback_dev);
	ip_rt_put(rt);
}

static void test_broadcast_and_multicast(void **state)
{
	struct flowi4 fl4;
	struct rtable *rt;

	(void)state;
	rt = look(&fl4, IP4(10, 9, 0, 255), 0);
	assert_true(rt->rt_flags & RTCF_BROADCAST);
	assert_int_equal(rt->rt_type, RTN_BROADCAST);
	ip_rt_put(rt);

	assert_int_equal(core_route_add(0, 0, LINK_FAR, NULL), 0);
	rt = look(&fl4, IP4(224, 1, 2, 3), 0);
	assert_true(rt->rt_flags & RTCF_MULTICAST);
	assert_int_equal(rt->rt_gateway, 0); /* not to the router of the default route */
	ip_rt_put(rt);
}

static void test_router(void **state)
{
	struct flowi4 fl4;
	struct rtable *rt;

	(void)state;
	assert_int_equal(core_route_add(0, 0, LINK_FAR, NULL), 0);
	rt = look(&fl4, IP4(192, 0, 2, 1), 0);
	assert_false(IS_ERR(rt));
	assert_int_equal(rt_nexthop(rt, fl4.daddr), LINK_FAR);
	assert_true(rt->rt_uses_gateway);
	assert_int_equal(fl4.saddr, LINK_NEAR);
	ip_rt_put(rt);
	rt = look(&fl4, LINK_FAR, 0);
	assert_int_equal(rt_nexthop(rt, fl4.daddr), LINK_FAR);
	assert_false(rt->rt_uses_gateway);
	ip_rt_put(rt);
}

static void test_changes_expire_what_sockets_hold(void **state)
{
	struct rtable *rt, *rt2;
	struct flowi4 fl4;

	(void)state;
	rt = look(&fl4, LINK_FAR, 0);
	assert_ptr_equal(dst_check(&rt->dst, 0), &rt->dst);
	assert_int_equal(core_route_add(IP4(10, 9, 0, 2), 32, IP4(10, 9, 0, 50), NULL), 0);
	assert_null(dst_check(&rt->dst, 0));
	rt2 = look(&fl4, LINK_FAR, 0);
	assert_ptr_not_equal(rt2, rt);
	assert_int_equal(rt2->rt_gateway, IP4(10, 9, 0, 50));
	ip_rt_put(rt2);
	/* The old one lives as long as its holder, then it is gone (link_end counts). */
	rt2 = look(&fl4, IP4(10, 9, 0, 3), 0);
	assert_int_equal(rt->dst.obsolete, DST_OBSOLETE_DEAD);
	ip_rt_put(rt2);
	ip_rt_put(rt);
}

static void test_metrics(void **state)
{
	struct rtable *rt;
	struct flowi4 fl4;

	(void)state;
	rt = look(&fl4, LINK_FAR, 0);
	assert_int_equal(dst_mtu(&rt->dst), 1500);
	assert_int_equal(dst_metric_advmss(&rt->dst), 1460);
	assert_int_equal(ip4_dst_hoplimit(&rt->dst), 64);
	assert_int_equal(dst_metric(&rt->dst, RTAX_INITRWND), 0);
	assert_int_equal(core_sysctl("net.ipv4.ip_default_ttl", "9"), 0);
	assert_int_equal(ip4_dst_hoplimit(&rt->dst), 9);
	/* writing gives it metrics of its own */
	dst_metric_set(&rt->dst, RTAX_HOPLIMIT, 5);
	assert_int_equal(ip4_dst_hoplimit(&rt->dst), 5);
	assert_int_equal(dst_default_metrics[RTAX_HOPLIMIT - 1], 0);
	ip_rt_put(rt);
	wire0()->mtu = 100;
	assert_int_equal(dst_metric_advmss(&rt->dst), 256); /* net.ipv4.route.min_adv_mss */
}

static void test_learned_mtu(void **state)
{
	struct rtable *rt, *other;
	struct flowi4 fl4;

	(void)state;
	rt = look(&fl4, LINK_FAR, 0);
	sock.inet_daddr = LINK_FAR;
	sock.inet_saddr = LINK_NEAR;
	sock.sk.sk_protocol = IPPROTO_TCP;
	rt->dst.ops->update_pmtu(&rt->dst, &sock.sk, NULL, 1280);
	assert_null(dst_check(&rt->dst, 0)); /* the socket must ask again */
	ip_rt_put(rt);

	rt = look(&fl4, LINK_FAR, 0);
	assert_int_equal(dst_mtu(&rt->dst), 1280);
	other = look(&fl4, IP4(10, 9, 0, 3), 0);
	assert_int_equal(dst_mtu(&other->dst), 1500);
	ip_rt_put(other);

	/* No ICMP makes it smaller than net.ipv4.route.min_pmtu. */
	rt->dst.ops->update_pmtu(&rt->dst, &sock.sk, NULL, 68);
	assert_int_equal(dst_mtu(&rt->dst), 552);
	/* Larger is no news. */
	rt->dst.ops->update_pmtu(&rt->dst, &sock.sk, NULL, 1400);
	assert_int_equal(dst_mtu(&rt->dst), 552);

	link_pass(601 * 1000);
	assert_int_equal(dst_mtu(&rt->dst), 1500);
	ip_rt_put(rt);
	rt = look(&fl4, LINK_FAR, 0);
	assert_int_equal(dst_mtu(&rt->dst), 1500);
	ip_rt_put(rt);
}

/* What ip_route_input_noref() says of a packet from @src to @dst; the type of its route in *type. */
static int input(u32 dst, u32 src, int *type)
{
	struct sk_buff *skb = alloc_skb(64, GFP_ATOMIC);
	int err;

	skb->dev = wire0();
	skb->protocol = htons(ETH_P_IP);
	memset(skb_put(skb, 20), 0, 20);
	skb_reset_network_header(skb);
	err = ip_route_input_noref(skb, dst, src, 0, wire0());
	if (type)
		*type = err ? -1 : skb_rtable(skb)->rt_type;
	consume_skb(skb);
	return err;
}

static void test_input(void **state)
{
	int type;

	(void)state;
	assert_int_equal(input(LINK_NEAR, LINK_FAR, &type), 0);
	assert_int_equal(type, RTN_LOCAL);
	assert_int_equal(input(IP4(10, 9, 0, 255), LINK_FAR, &type), 0);
	assert_int_equal(type, RTN_BROADCAST);
	assert_int_equal(input(IP4(255, 255, 255, 255), 0, &type), 0);
	assert_int_equal(type, RTN_BROADCAST);
	/* not for us: a route that refuses */
	assert_int_equal(input(IP4(10, 9, 0, 3), LINK_FAR, &type), 0);
	assert_int_equal(type, RTN_UNREACHABLE);
	assert_int_equal(input(IP4(192, 0, 2, 1), LINK_FAR, &type), 0);
	assert_int_equal(type, RTN_UNREACHABLE);
	/* martians */
	assert_int_equal(input(LINK_NEAR, LINK_NEAR, NULL), -EINVAL);
	assert_int_equal(input(LINK_NEAR, IP4(224, 0, 0, 1), NULL), -EINVAL);
	assert_int_equal(input(LINK_NEAR, IP4(255, 255, 255, 255), NULL), -EINVAL);
	assert_int_equal(input(LINK_NEAR, IP4(127, 0, 0, 1), NULL), -EINVAL);
	assert_int_equal(input(IP4(127, 0, 0, 1), LINK_FAR, NULL), -EINVAL);
	assert_int_equal(input(LINK_NEAR, IP4(0, 1, 2, 3), NULL), -EINVAL);
	assert_int_equal(input(IP4(224, 0, 0, 1), LINK_FAR, NULL), -EINVAL);
}

static void test_reverse_path_filter(void **state)
{
	struct in_device *in_dev = __in_dev_get_rcu(wire0());

	(void)state;
	/* no route back: fine while the filter is off */
	assert_int_equal(input(LINK_NEAR, IP4(192, 0, 2, 1), NULL), 0);
	IN_DEV_CONF_SET(in_dev, RP_FILTER, 1);
	assert_int_equal(input(LINK_NEAR, IP4(192, 0, 2, 1), NULL), -EXDEV);
	assert_int_equal(input(LINK_NEAR, LINK_FAR, NULL), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_three_lookups_of_a_connect),
		T(test_errors),
		T(test_device_asked_for),
		T(test_to_ourselves),
		T(test_broadcast_and_multicast),
		T(test_router),
		T(test_changes_expire_what_sockets_hold),
		T(test_metrics),
		T(test_learned_mtu),
		T(test_input),
		T(test_reverse_path_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
