/* SPDX-License-Identifier: GPL-2.0-only */

/* The neighbour table: packets wait for an address, go out in order, or are reported lost. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/route.h>

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

static struct neighbour *far_entry(void)
{
	return __ipv4_neigh_lookup_noref(wire0(), LINK_FAR);
}

/* Sends a packet of protocol 253 (for experiments, RFC 3692) with one byte of payload. */
static int send_one(u32 dst, u8 tag)
{
	struct sk_buff *skb = alloc_skb(128, GFP_ATOMIC);
	struct flowi4 fl4;
	struct iphdr *iph;
	struct rtable *rt;

	flowi4_init_output(&fl4, 0, 0, 0, RT_SCOPE_UNIVERSE, 253, 0, dst, 0, 0, 0);
	rt = ip_route_output_key(&init_net, &fl4);
	assert_false(IS_ERR(rt));
	skb_reserve(skb, 64);
	*skb_put(skb, 1) = tag;
	skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	memset(iph, 0, sizeof(*iph));
	iph->version = 4;
	iph->ihl = 5;
	iph->ttl = 64;
	iph->protocol = 253;
	iph->saddr = fl4.saddr;
	iph->daddr = fl4.daddr;
	skb_dst_set(skb, &rt->dst);
	return ip_local_out(&init_net, NULL, skb);
}

static void answer(int op)
{
	uint8_t buf[60];

	link_inject(buf, link_arp(buf, op, link_far_mac, LINK_FAR, link_near_mac, LINK_NEAR,
				  link_near_mac));
}

static bool is_arp(const struct link_frame *f)
{
	return f->bytes[12] == 0x08 && f->bytes[13] == 0x06;
}

static void test_packets_wait_and_go_out_in_order(void **state)
{
	struct neighbour *n;
	u8 i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_int_equal(send_one(LINK_FAR, 'a' + i), 0);
	n = far_entry();
	assert_int_equal(n->nud_state, NUD_INCOMPLETE);
	assert_int_equal(skb_queue_len(&n->arp_queue), 5);
	assert_true(n->arp_queue_len_bytes > 0);

	/* one question for all five */
	link_pass(2);
	assert_int_equal(link_nframes, 1);
	assert_true(is_arp(&link_frames[0]));

	answer(2);
	link_pass(2);
	assert_int_equal(n->nud_state, NUD_REACHABLE);
	assert_int_equal(skb_queue_len(&n->arp_queue), 0);
	assert_int_equal(n->arp_queue_len_bytes, 0);
	assert_int_equal(link_nframes, 6);
	for (i = 0; i < 5; i++) {
		const struct link_frame *f = &link_frames[1 + i];

		assert_int_equal(f->bytes[34], 'a' + i);
		assert_memory_equal(f->bytes, link_far_mac, 6);
		assert_memory_equal(f->bytes + 6, link_near_mac, 6);
		assert_int_equal(f->bytes[12] << 8 | f->bytes[13], 0x0800);
	}
	assert_int_equal(link_ndrops, 0);

	/* from now on by the ready-made header */
	assert_int_equal(n->hh.hh_len, 14);
	assert_int_equal(send_one(LINK_FAR, 'z'), 0);
	link_pass(2);
	assert_int_equal(link_nframes, 7);
	assert_memory_equal(link_frames[6].bytes, link_frames[5].bytes, 14);
	assert_int_equal(link_frames[6].bytes[34], 'z');
}

static void test_three_questions_a_second_apart(void **state)
{
	struct neighbour *n;
	int i;

	(void)state;
	assert_int_equal(send_one(LINK_FAR, 'a'), 0);
	assert_int_equal(send_one(LINK_FAR, 'b'), 0);
	link_pass(2990);
	assert_int_equal(link_ndrops, 0);
	assert_int_equal(link_nframes, 3);
	for (i = 0; i < 3; i++) {
		assert_true(is_arp(&link_frames[i]));
		assert_int_equal(link_frames[i].bytes[0], 0xff); /* broadcast */
		assert_int_equal(link_frames[i].at_ns / LINK_MS, i * 1000 + 1);
	}
	n = far_entry();
	assert_int_equal(n->nud_state, NUD_INCOMPLETE);
	link_pass(20);
	assert_int_equal(n->nud_state, NUD_FAILED);
	assert_int_equal(link_nframes, 3);
	assert_int_equal(link_ndrops, 2);
	assert_string_equal(link_drops[0], "NEIGH_FAILED");
	assert_string_equal(link_drops[1], "NEIGH_FAILED");
	/* the sender, ourselves, was told of each */
	assert_int_equal(core_counter("IcmpOutDestUnreachs") >= 0, 1);
	assert_int_equal(core_counter("IcmpInDestUnreachs"), 2);

	/* a failed entry is asked for anew by the next packet */
	assert_int_equal(send_one(LINK_FAR, 'c'), 0);
	assert_int_equal(n->nud_state, NUD_INCOMPLETE);
	answer(2);
	link_pass(2);
	assert_int_equal(n->nud_state, NUD_REACHABLE);
	assert_int_equal(link_frames[link_nframes - 1].bytes[34], 'c');
}

static void test_queue_is_bounded(void **state)
{
	struct neighbour *n;
	unsigned int i, fit;

	(void)state;
	assert_int_equal(send_one(LINK_FAR, 0), 0);
	n = far_entry();
	fit = 64 * 1024 / n->arp_queue_len_bytes;
	for (i = 1; i < fit; i++)
		assert_int_equal(send_one(LINK_FAR, 1), 0);
	assert_int_equal(link_ndrops, 0);
	/* the oldest makes room */
	assert_int_equal(send_one(LINK_FAR, 2), 0);
	assert_int_equal(link_ndrops, 1);
	assert_string_equal(link_drops[0], "NEIGH_QUEUEFULL");
	assert_int_equal(skb_queue_len(&n->arp_queue), fit);
	assert_int_equal(skb_peek(&n->arp_queue)->data[20], 1);
	assert_int_equal(skb_peek_tail(&n->arp_queue)->data[20], 2);
}

static void test_states_of_an_entry(void **state)
{
	struct neighbour *n;

	(void)state;
	send_one(LINK_FAR, 'a');
	answer(2);
	n = far_entry();
	assert_int_equal(n->nud_state, NUD_REACHABLE);
	/* between 15 and 45 s it is trusted, then it is only remembered */
	link_pass(10 * 1000);
	assert_int_equal(n->nud_state, NUD_REACHABLE);
	link_pass(40 * 1000);
	assert_int_equal(n->nud_state, NUD_STALE);

	/* used: it goes out at once, and five seconds are given to prove it from above */
	link_nframes = 0;
	send_one(LINK_FAR, 'b');
	assert_int_equal(n->nud_state, NUD_DELAY);
	link_pass(2);
	assert_int_equal(link_nframes, 1);
	assert_int_equal(link_frames[0].bytes[34], 'b');

	/* nobody proved it: asked by unicast */
	link_pass(5010);
	assert_int_equal(n->nud_state, NUD_PROBE);
	assert_int_equal(link_nframes, 2);
	assert_true(is_arp(&link_frames[1]));
	assert_memory_equal(link_frames[1].bytes, link_far_mac, 6);
	answer(2);
	assert_int_equal(n->nud_state, NUD_REACHABLE);

	/* proved from above: no question */
	link_pass(50 * 1000);
	assert_int_equal(n->nud_state, NUD_STALE);
	link_nframes = 0;
	send_one(LINK_FAR, 'c');
	link_pass(1000);
	neigh_confirm(n);
	link_pass(4100);
	assert_int_equal(n->nud_state, NUD_REACHABLE);
	assert_int_equal(link_nframes, 1);
}

static void test_no_answer_to_unicast_fails(void **state)
{
	struct neighbour *n;

	(void)state;
	send_one(LINK_FAR, 'a');
	answer(2);
	n = far_entry();
	link_pass(50 * 1000);
	send_one(LINK_FAR, 'b');
	link_pass(5010 + 3010);
	assert_int_equal(n->nud_state, NUD_FAILED);
}

static void test_broadcast_needs_no_question(void **state)
{
	(void)state;
	send_one(IP4(10, 9, 0, 255), 'b');
	link_pass(2);
	assert_int_equal(link_nframes, 1);
	assert_int_equal(link_frames[0].bytes[0], 0xff);
	assert_int_equal(link_frames[0].bytes[34], 'b');
}

static void test_multicast_is_mapped(void **state)
{
	static const uint8_t mac[6] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };

	(void)state;
	assert_int_equal(core_route_add(IP4(224, 0, 0, 0), 4, 0, "wire0"), 0);
	send_one(IP4(239, 129, 2, 3), 'm');
	link_pass(2);
	assert_int_equal(link_nframes, 1);
	assert_memory_equal(link_frames[0].bytes, mac, 6);
}

static void test_ours_does_not_leave(void **state)
{
	(void)state;
	send_one(LINK_NEAR, 'o');
	link_pass(2);
	assert_int_equal(link_nframes, 0);
}

/* Many neighbours: the table grows, every one is found again. */
static void test_many(void **state)
{
	struct neighbour *n[200];
	u32 i;

	(void)state;
	for (i = 0; i < 200; i++) {
		u32 key = IP4(10, 9, 0, i + 3);

		n[i] = neigh_create(&arp_tbl, &key, wire0());
		assert_false(IS_ERR(n[i]));
	}
	assert_true(arp_tbl.nht->hash_shift > 3);
	for (i = 0; i < 200; i++) {
		u32 key = IP4(10, 9, 0, i + 3);
		struct neighbour *found = neigh_lookup(&arp_tbl, &key, wire0());

		assert_ptr_equal(found, n[i]);
		neigh_release(found);
		assert_ptr_equal(__ipv4_neigh_lookup_noref(wire0(), key), n[i]);
		/* made twice is made once */
		assert_ptr_equal(__neigh_create(&arp_tbl, &key, wire0(), false), n[i]);
		neigh_release(n[i]);
	}
}

static void test_table_full(void **state)
{
	u32 key = LINK_FAR;

	(void)state;
	arp_tbl.gc_thresh3 = 0;
	assert_int_equal(PTR_ERR(neigh_create(&arp_tbl, &key, wire0())), -ENOBUFS);
	assert_int_equal(send_one(LINK_FAR, 'x'), -EINVAL);
	assert_string_equal(link_drops[0], "NEIGH_CREATEFAIL");
}

static void test_device_down_frees_what_waits(void **state)
{
	(void)state;
	send_one(LINK_FAR, 'a');
	assert_int_equal(dev_close(wire0()), 0);
	assert_null(far_entry());
	link_pass(5000);
	assert_int_equal(atomic_read(&arp_tbl.entries), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_packets_wait_and_go_out_in_order),
		T(test_three_questions_a_second_apart),
		T(test_queue_is_bounded),
		T(test_states_of_an_entry),
		T(test_no_answer_to_unicast_fails),
		T(test_broadcast_needs_no_question),
		T(test_multicast_is_mapped),
		T(test_ours_does_not_leave),
		T(test_many),
		T(test_table_full),
		T(test_device_down_frees_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
