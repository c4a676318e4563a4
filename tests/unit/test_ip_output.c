/* SPDX-License-Identifier: GPL-2.0-only */

/* IPv4, sending: the header ip_queue_xmit() makes, what is too big, netfilter, settings. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>

#include "tests/lib/link.h"

static struct inet_sock sock;

static int setup(void **state)
{
	uint8_t buf[60];

	(void)state;
	link_boot(1);
	/* The far end is known, so that packets go out at once. */
	link_inject(buf, link_arp(buf, 1, link_far_mac, LINK_FAR, NULL, LINK_NEAR, link_near_mac));
	link_pass(2);
	link_nframes = 0;

	memset(&sock, 0, sizeof(sock));
	write_pnet(&sock.sk.__sk_common.skc_net, &init_net);
	sock.sk.sk_protocol = 253;
	sock.sk.sk_state = TCP_ESTABLISHED;
	sock.inet_daddr = LINK_FAR;
	sock.inet_saddr = LINK_NEAR;
	sock.uc_ttl = -1;
	sock.tos = 0x10;
	sock.pmtudisc = IP_PMTUDISC_WANT;
	sock.inet_id = 0x1234;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (sock.sk.sk_dst_cache) {
		dst_release(sock.sk.sk_dst_cache);
		sock.sk.sk_dst_cache = NULL;
	}
	link_end();
	return 0;
}

static struct sk_buff *segment(unsigned int n)
{
	struct sk_buff *skb = alloc_skb(128 + n, GFP_ATOMIC);
	unsigned int i;
	u8 *p;

	assert_non_null(skb);
	skb_reserve(skb, 128);
	p = skb_put(skb, n);
	for (i = 0; i < n; i++)
		p[i] = i;
	skb_reset_transport_header(skb);
	return skb;
}

static int send(unsigned int n)
{
	struct flowi4 *fl4 = &sock.cork.fl.u.ip4;
	int err;

	fl4->saddr = sock.inet_saddr;
	fl4->daddr = sock.inet_daddr;
	err = ip_queue_xmit(&sock.sk, segment(n), &sock.cork.fl);
	link_pass(2);
	return err;
}

static u32 word(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static void test_header(void **state)
{
	static const uint8_t want[] = {
		0x45, 0x10, 0, 30, 0x12, 0x34, 0x40, 0, 64, 253, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2,
	};
	uint8_t ip[20];

	(void)state;
	assert_int_equal(send(10), 0);
	assert_int_equal(link_nframes, 1);
	memcpy(ip, link_frames[0].bytes + 14, 20);
	link_ip_check(link_frames[0].bytes);
	assert_memory_equal(ip, link_frames[0].bytes + 14, 20); /* checksum was right */
	ip[10] = ip[11] = 0;
	assert_memory_equal(ip, want, sizeof(want));
	assert_int_equal(sock.inet_id, 0x1235);
	assert_int_equal(core_counter("IpOutRequests"), 1);
	assert_int_equal(core_counter("IpExtOutOctets"), 30);
	/* the route is kept in the socket, held once */
	assert_int_equal(atomic_read(&sock.sk.sk_dst_cache->__refcnt), 1);
	assert_int_equal(send(10), 0);
	assert_int_equal(word(link_frames[1].bytes + 18), 0x1235);
	assert_int_equal(atomic_read(&sock.sk.sk_dst_cache->__refcnt), 1);
}

static void test_ttl(void **state)
{
	(void)state;
	sock.uc_ttl = 3;
	assert_int_equal(send(10), 0);
	assert_int_equal(link_frames[0].bytes[22], 3);
	sock.uc_ttl = -1;
	assert_int_equal(core_sysctl("net.ipv4.ip_default_ttl", "99"), 0);
	assert_int_equal(send(10), 0);
	assert_int_equal(link_frames[1].bytes[22], 99);
}

static void test_no_route(void **state)
{
	(void)state;
	sock.inet_daddr = IP4(192, 0, 2, 1);
	assert_int_equal(send(10), -EHOSTUNREACH);
	assert_int_equal(core_counter("IpOutNoRoutes"), 1);
	assert_int_equal(link_ndrops, 1);
	assert_string_equal(link_drops[0], "IP_OUTNOROUTES");
}

static void test_strict_route_needs_a_neighbour(void **state)
{
	static struct ip_options_rcu opt;

	(void)state;
	assert_int_equal(core_route_add(0, 0, LINK_FAR, NULL), 0);
	opt.opt.is_strictroute = 1;
	sock.inet_opt = &opt;
	assert_int_equal(send(10), 0);
	assert_int_equal(core_route_add(IP4(10, 9, 0, 2), 32, IP4(10, 9, 0, 9), NULL), 0);
	assert_int_equal(send(10), -EHOSTUNREACH);
}

static void test_too_big_with_df(void **state)
{
	(void)state;
	assert_int_equal(send(1480), 0);
	assert_int_equal(send(1481), -EMSGSIZE);
	assert_int_equal(core_counter("IpFragFails"), 1);
	assert_int_equal(link_nframes, 1);
}

static void test_fragments(void **state)
{
	unsigned int at = 0, i, total = 3000;

	(void)state;
	sock.pmtudisc = IP_PMTUDISC_DONT;
	assert_int_equal(send(total), 0);
	assert_int_equal(link_nframes, 3);
	for (i = 0; i < 3; i++) {
		const uint8_t *ip = link_frames[i].bytes + 14;
		unsigned int n = word(ip + 2) - 20, k;

		assert_int_equal((word(ip + 6) & 0x1fff) * 8, at);
		assert_int_equal(!!(word(ip + 6) & 0x2000), i < 2);
		assert_int_equal(word(ip + 6) & 0x4000, 0);
		assert_int_equal(word(ip + 4), word(link_frames[0].bytes + 18));
		for (k = 0; k < n; k++)
			assert_int_equal(ip[20 + k], (at + k) & 0xff);
		at += n;
	}
	assert_int_equal(at, total);
	assert_int_equal(core_counter("IpFragOKs"), 1);
	assert_int_equal(core_counter("IpFragCreates"), 3);
}

/* ---- trouble on the way ---- */

static int send_skb(struct sk_buff *skb)
{
	int err;

	sock.cork.fl.u.ip4.saddr = sock.inet_saddr;
	sock.cork.fl.u.ip4.daddr = sock.inet_daddr;
	err = ip_queue_xmit(&sock.sk, skb, &sock.cork.fl);
	link_pass(2);
	return err;
}

/* A packet with no room for the link header is copied to where there is some. */
static void test_no_headroom(void **state)
{
	struct sk_buff *skb;
	int i;

	(void)state;
	assert_int_equal(send(10), 0); /* the route and the neighbour are there */
	for (i = 0; i < 2; i++) {
		skb = alloc_skb(20 + 10, GFP_ATOMIC);
		skb_reserve(skb, 20);
		memset(skb_put(skb, 10), 7, 10);
		skb_reset_transport_header(skb);
		if (i)
			core_fail_alloc(1);
		assert_int_equal(send_skb(skb), i ? -ENOMEM : 0);
	}
	assert_int_equal(link_nframes, 2);
	assert_int_equal(link_frames[1].bytes[34], 7);
	assert_string_equal(link_drops[link_ndrops - 1], "NOMEM");
}

/* Who brings a route along (the kernel's SCTP does) is not asked for one. */
static void test_routed_already(void **state)
{
	struct sk_buff *skb = segment(10);

	(void)state;
	assert_int_equal(send(10), 0);
	skb_dst_set_noref(skb, sock.sk.sk_dst_cache);
	assert_int_equal(send_skb(skb), 0);
	assert_int_equal(link_nframes, 2);
}

/* ignore_df: no DF although the path's MTU is to be learnt, and what is too big is cut. */
static void test_ignore_df(void **state)
{
	struct sk_buff *skb = segment(2000);

	(void)state;
	skb->ignore_df = 1;
	assert_int_equal(send_skb(skb), 0);
	assert_int_equal(link_nframes, 2);
	assert_int_equal(word(link_frames[0].bytes + 20), 0x2000);
}

/* No memory for the second fragment; a checksum left open; a queue that takes one piece only. */
static void test_fragments_in_trouble(void **state)
{
	struct net_device *dev = __dev_get_by_name(&init_net, "wire0");
	struct sk_buff *skb;
	unsigned long nth;
	long failed = 0;
	int err;

	(void)state;
	sock.pmtudisc = IP_PMTUDISC_DONT;
	assert_int_equal(send(10), 0); /* the route and the neighbour are there */
	for (nth = 1; nth < 9; nth++) {
		skb = segment(3000);
		core_fail_alloc(nth);
		err = send_skb(skb);
		if (err)
			assert_int_equal(err, -ENOMEM);
		failed += !!err;
	}
	assert_true(failed > 1);
	assert_int_equal(core_counter("IpFragFails"), failed);
	core_fail_alloc(0);

	link_nframes = 0;
	skb = segment(3000);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = 4;
	assert_int_equal(send_skb(skb), 0);
	assert_int_equal(link_nframes, 3);
	assert_true(word(link_frames[0].bytes + 38) != 0x0405); /* summed, before it was cut */

	netif_stop_queue(dev);
	dev->tx_queue_len = 1;
	assert_true(send_skb(segment(3000)) > 0);
	assert_int_equal(core_counter("IpFragFails"), failed + 1);
	dev->tx_queue_len = 1000;
	netif_wake_queue(dev);
	link_pass(2);
}

/* A multicast leaves like any packet, and is counted apart. */
static void test_multicast(void **state)
{
	(void)state;
	assert_int_equal(core_route_add(0, 0, LINK_FAR, NULL), 0);
	sock.inet_daddr = IP4(224, 1, 1, 1);
	assert_int_equal(send(10), 0);
	assert_int_equal(link_nframes, 1);
	assert_int_equal(core_counter("IpExtOutMcastPkts"), 1);
}

/* An answer to somebody whom no route leads to is not given. */
static void test_no_way_back(void **state)
{
	uint8_t syn[20] = { 0, 9, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2 }, frame[100];
	struct {
		uint32_t s, d;
		uint8_t zero, proto;
		uint16_t len;
	} pseudo = { IP4(192, 0, 2, 1), LINK_NEAR, 0, IPPROTO_TCP, htons(20) };
	uint32_t sum = csum_partial(syn, 20, csum_partial(&pseudo, 12, 0));
	uint16_t check = csum_fold(sum);
	size_t n;

	(void)state;
	memcpy(syn + 16, &check, 2);
	n = link_ip(frame, IP4(192, 0, 2, 1), LINK_NEAR, IPPROTO_TCP, syn, 20);
	link_inject(frame, n);
	link_pass(2);
	assert_int_equal(link_nframes, 0);
	assert_int_equal(core_route_add(0, 0, LINK_FAR, NULL), 0);
	link_inject(frame, n);
	link_pass(2);
	assert_int_equal(link_nframes, 1);
	assert_int_equal(link_frames[0].bytes[47], 0x14); /* RST, ACK */
}

/* Identifications without DF come from a counter nobody outside can follow. */
static void test_identification(void **state)
{
	struct iphdr a = { .saddr = LINK_NEAR, .daddr = LINK_FAR, .protocol = 17 }, b = a;

	(void)state;
	__ip_select_ident(&init_net, &a, 1);
	__ip_select_ident(&init_net, &b, 3);
	assert_int_equal((u16)(ntohs(b.id) - ntohs(a.id)), 1);
	__ip_select_ident(&init_net, &a, 1);
	assert_int_equal((u16)(ntohs(a.id) - ntohs(b.id)), 3);
}

static unsigned int refuse(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	(void)skb;
	(void)state;
	(*(int *)priv)++;
	return NF_DROP;
}

static void test_netfilter_may_drop(void **state)
{
	static const unsigned int hooks[] = { NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		int calls = 0;
		struct nf_hook_ops ops = {
			.hook = refuse,
			.priv = &calls,
			.pf = NFPROTO_IPV4,
			.hooknum = hooks[i],
		};

		link_ndrops = 0;
		assert_int_equal(nf_register_hook(&ops), 0);
		assert_int_equal(send(10), -EPERM);
		nf_unregister_hook(&ops);
		assert_int_equal(calls, 1);
		assert_string_equal(link_drops[0], "NETFILTER_DROP");
	}
	assert_int_equal(link_nframes, 0);
}

static void test_settings(void **state)
{
	static const struct {
		const char *name, *value;
		int err;
	} writes[] = {
		{ "net.ipv4.no_such_thing", "1", -ENOENT },
		{ "net.ipv4.ip_default_ttl", "0", -EINVAL },
		{ "net.ipv4.ip_default_ttl", "256", -EINVAL },
		{ "net.ipv4.ip_default_ttl", "x", -EINVAL },
		{ "net.ipv4.tcp_syn_retries", "128", -EINVAL },
		{ "net.ipv4.tcp_syn_retries", "2", 0 },
		{ "net.ipv4.ip_local_port_range", "2000 1000", -EINVAL },
		{ "net.ipv4.ip_local_port_range", "0 1000", -EINVAL },
		{ "net.ipv4.ip_local_port_range", "1000 70000", -EINVAL },
		{ "net.ipv4.ip_local_port_range", "1000 2001", 0 },
		{ "net.ipv4.tcp_congestion_control", "nobody", -ENOENT },
		{ "net.ipv4.tcp_congestion_control", "reno", 0 },
		{ "net.ipv4.tcp_available_congestion_control", "reno", -EACCES },
		{ "net.ipv4.route.min_pmtu", "600", 0 },
		{ "net.core.rmem_max", "1", -EINVAL },
		{ "net.ipv4.conf.all.rp_filter", "1", 0 },
		{ "net.ipv4.conf.default.arp_ignore", "2", 0 },
		{ "net.ipv4.conf.nobody.arp_ignore", "2", -ENOENT },
		{ "net.ipv4.neigh.default.retrans_time_ms", "500", 0 },
	};
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(writes); i++) {
		int err = core_sysctl(writes[i].name, writes[i].value);

		if (err != writes[i].err)
			fail_msg("%s = %s: %d", writes[i].name, writes[i].value, err);
	}
	assert_int_equal(core_sysctl_get("net.ipv4.ip_local_port_range", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "1000\t2001");
	assert_int_equal(init_net.ipv4.ip_local_ports.range[0], 1000);

	/* A new world begins with the defaults, whatever the last one was told. */
	teardown(NULL);
	setup(NULL);
	assert_int_equal(core_sysctl_get("net.ipv4.tcp_syn_retries", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "6");
	assert_int_equal(core_sysctl_get("net.ipv4.ip_local_port_range", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "32768\t60999");
	assert_int_equal(
		core_sysctl_get("net.ipv4.neigh.default.retrans_time_ms", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "1000");
	assert_int_equal(core_sysctl_get("net.ipv4.conf.all.rp_filter", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "0");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_header),
		T(test_ttl),
		T(test_no_route),
		T(test_strict_route_needs_a_neighbour),
		T(test_too_big_with_df),
		T(test_fragments),
		T(test_identification),
		T(test_netfilter_may_drop),
		T(test_settings),
		T(test_no_headroom),
		T(test_routed_already),
		T(test_ignore_df),
		T(test_fragments_in_trouble),
		T(test_multicast),
		T(test_no_way_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
