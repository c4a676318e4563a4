/* SPDX-License-Identifier: GPL-2.0-only */

/* ARP on the wire: our questions and answers byte by byte, what is learned, what is refused. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/net_namespace.h>

#include "tests/lib/link.h"

static const uint8_t other_mac[6] = { 2, 0, 0, 0, 0, 9 };
static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

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

static struct neighbour *entry(u32 addr)
{
	return __ipv4_neigh_lookup_noref(wire0(), addr);
}

static void arp_in(int op, const uint8_t *sha, u32 sip, u32 tip, const uint8_t *eth_dst)
{
	uint8_t buf[60];

	link_inject(buf, link_arp(buf, op, sha, sip, NULL, tip, eth_dst));
	link_pass(2);
}

/* Starts the resolution of LINK_FAR without a packet. */
static struct neighbour *ask(void)
{
	u32 key = LINK_FAR;
	struct neighbour *n = __neigh_create(&arp_tbl, &key, wire0(), false);

	assert_int_equal(neigh_event_send(n, NULL), 1);
	return n;
}

static void test_our_question(void **state)
{
	static const uint8_t want[42] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,  0, 0, 0, 0, 1, 0x08, 0x06, /* Ethernet */
		0,    1,    0x08, 0,    6,    4,    0,  1,                         /* request */
		2,    0,    0,    0,    0,    1,    10, 9, 0, 1,                   /* from us */
		0,    0,    0,    0,    0,    0,    10, 9, 0, 2,                   /* who has it? */
	};

	(void)state;
	ask();
	link_pass(2);
	assert_int_equal(link_nframes, 1);
	assert_true(link_frames[0].len >= sizeof(want));
	assert_memory_equal(link_frames[0].bytes, want, sizeof(want));
}

static void test_our_answer(void **state)
{
	static const uint8_t want[42] = {
		2, 0, 0,    0, 0, 2, 2,  0, 0, 0, 0, 1, 0x08, 0x06, /* to the asker alone */
		0, 1, 0x08, 0, 6, 4, 0,  2,                         /* reply */
		2, 0, 0,    0, 0, 1, 10, 9, 0, 1,                   /* here we are */
		2, 0, 0,    0, 0, 2, 10, 9, 0, 2,
	};

	(void)state;
	arp_in(1, link_far_mac, LINK_FAR, LINK_NEAR, all);
	assert_int_equal(link_nframes, 1);
	assert_memory_equal(link_frames[0].bytes, want, sizeof(want));
	/* and the asker is remembered, on probation */
	assert_int_equal(entry(LINK_FAR)->nud_state, NUD_STALE);
	assert_memory_equal(entry(LINK_FAR)->ha, link_far_mac, 6);
}

static void test_not_our_address(void **state)
{
	(void)state;
	arp_in(1, link_far_mac, LINK_FAR, IP4(10, 9, 0, 3), all);
	assert_int_equal(link_nframes, 0);
	assert_null(entry(LINK_FAR)); /* nobody gets an entry by talking */
	assert_int_equal(link_ndrops, 0);
}

static void test_reply(void **state)
{
	struct neighbour *n;

	(void)state;
	n = ask();
	arp_in(2, link_far_mac, LINK_FAR, LINK_NEAR, link_near_mac);
	assert_int_equal(n->nud_state, NUD_REACHABLE);
	assert_memory_equal(n->ha, link_far_mac, 6);
	/* an answer nobody asked for */
	arp_in(2, other_mac, IP4(10, 9, 0, 9), LINK_NEAR, link_near_mac);
	assert_null(entry(IP4(10, 9, 0, 9)));
}

static void test_broadcast_reply_proves_nothing(void **state)
{
	struct neighbour *n;

	(void)state;
	n = ask();
	arp_in(2, link_far_mac, LINK_FAR, LINK_NEAR, all);
	assert_int_equal(n->nud_state, NUD_STALE);
}

static void test_first_of_two_answers_holds(void **state)
{
	struct neighbour *n;

	(void)state;
	n = ask();
	arp_in(2, link_far_mac, LINK_FAR, LINK_NEAR, link_near_mac);
	arp_in(2, other_mac, LINK_FAR, LINK_NEAR, link_near_mac);
	assert_memory_equal(n->ha, link_far_mac, 6);
	/* after the locktime of a second a new address is believed */
	link_pass(1100);
	arp_in(2, other_mac, LINK_FAR, LINK_NEAR, link_near_mac);
	assert_memory_equal(n->ha, other_mac, 6);
}

static void test_someone_checks_our_address(void **state)
{
	(void)state;
	arp_in(1, link_far_mac, 0, LINK_NEAR, all); /* RFC 2131, 4.4.1 */
	assert_int_equal(link_nframes, 1);
	assert_int_equal(link_frames[0].bytes[21], 2);
	assert_null(entry(0));
}

static void test_malformed(void **state)
{
	static const struct {
		int at;
		uint8_t value;
		const char *what;
	} bad[] = {
		{ 15, 2, "hardware type" },     { 16, 0x86, "protocol" },
		{ 18, 8, "hardware length" },   { 19, 16, "protocol length" },
		{ 21, 3, "operation (RARP)" },  { 38, 224, "multicast target" },
		{ 38, 127, "loopback target" },
	};
	uint8_t buf[60];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		link_arp(buf, 1, link_far_mac, LINK_FAR, NULL, LINK_NEAR, all);
		buf[bad[i].at] = bad[i].value;
		link_inject(buf, sizeof(buf));
		link_pass(2);
		if (link_ndrops != i + 1 || link_nframes)
			fail_msg("%s", bad[i].what);
	}
	/* cut off in the middle of the addresses */
	link_arp(buf, 1, link_far_mac, LINK_FAR, NULL, LINK_NEAR, all);
	link_inject(buf, 14 + 20);
	assert_int_equal(link_ndrops, ARRAY_SIZE(bad) + 1);
	assert_string_equal(link_drops[ARRAY_SIZE(bad)], "HDR_TRUNC");
	assert_null(entry(LINK_FAR));
}

static void test_for_another_station(void **state)
{
	(void)state;
	arp_in(1, link_far_mac, LINK_FAR, LINK_NEAR, other_mac);
	assert_int_equal(link_nframes, 0);
	assert_int_equal(link_ndrops, 0);
}

static void test_arp_ignore(void **state)
{
	(void)state;
	/* By default a host answers for all its addresses on every link. */
	assert_int_equal(core_addr_add("lo", IP4(10, 20, 0, 1), 32), 0);
	arp_in(1, link_far_mac, LINK_FAR, IP4(10, 20, 0, 1), all);
	assert_int_equal(link_nframes, 1);
	IN_DEV_CONF_SET(__in_dev_get_rcu(wire0()), ARP_IGNORE, 1);
	arp_in(1, link_far_mac, LINK_FAR, IP4(10, 20, 0, 1), all);
	assert_int_equal(link_nframes, 1);
	arp_in(1, link_far_mac, LINK_FAR, LINK_NEAR, all);
	assert_int_equal(link_nframes, 2);
	IN_DEV_CONF_SET(__in_dev_get_rcu(wire0()), ARP_IGNORE, 8);
	arp_in(1, link_far_mac, LINK_FAR, LINK_NEAR, all);
	assert_int_equal(link_nframes, 2);
}

static void test_arp_accept(void **state)
{
	IN_DEV_CONF_SET(__in_dev_get_rcu(wire0()), ARP_ACCEPT, 1);

	(void)state;
	/* a gratuitous announcement: its own address in both places */
	arp_in(1, link_far_mac, LINK_FAR, LINK_FAR, all);
	assert_non_null(entry(LINK_FAR));
	assert_int_equal(entry(LINK_FAR)->nud_state, NUD_STALE);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_our_question),
		T(test_our_answer),
		T(test_not_our_address),
		T(test_reply),
		T(test_broadcast_reply_proves_nothing),
		T(test_first_of_two_answers_holds),
		T(test_someone_checks_our_address),
		T(test_malformed),
		T(test_for_another_station),
		T(test_arp_ignore),
		T(test_arp_accept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
