/* SPDX-License-Identifier: GPL-2.0-only */

/* The virtual link: delays, order, frames up and down, and what does not fit. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <synwalk/core.h>

#define ETH_P_TEST 0x88b5 /* for local experiments (IEEE 802) */

static const u8 near_mac[8] = { 2, 0, 0, 0, 0, 1 };
static const u8 far_mac[8] = { 2, 0, 0, 0, 0, 2 };

static struct {
	u64 at;
	size_t len;
	u8 data[64];
} far_got[8], near_got[8];
static unsigned int nr_far, nr_near;
static bool echo;

static void make_frame(u8 *frame, const u8 *dst, const u8 *src, u8 payload)
{
	memset(frame, 0, 60);
	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	frame[12] = ETH_P_TEST >> 8;
	frame[13] = ETH_P_TEST & 0xff;
	frame[14] = payload;
}

static void far_end(void *ctx, const void *frame, size_t len)
{
	assert_ptr_equal(ctx, &nr_far);
	far_got[nr_far].at = *core_clock();
	far_got[nr_far].len = len;
	memcpy(far_got[nr_far].data, frame, len);
	nr_far++;
	if (echo) {
		u8 answer[60];

		make_frame(answer, near_mac, far_mac, 'e');
		assert_int_equal(core_wire_inject("wire0", answer, sizeof(answer), 2000000), 0);
	}
}

static int receive(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		   struct net_device *orig_dev)
{
	(void)pt;
	(void)orig_dev;
	assert_true(in_serving_softirq());
	assert_ptr_equal(skb->dev, dev);
	near_got[nr_near].at = *core_clock();
	near_got[nr_near].len = skb->len;
	near_got[nr_near].data[0] = skb->pkt_type;
	near_got[nr_near].data[1] = skb->data[0];
	nr_near++;
	kfree_skb(skb);
	return 0;
}

static struct packet_type test_packet_type = {
	.type = (__be16)((ETH_P_TEST >> 8) | (ETH_P_TEST & 0xff) << 8),
	.func = receive,
};

static int setup(void **state)
{
	static const struct core_config config = { .seed = 1, .console_level = 4 };

	(void)state;
	nr_far = nr_near = 0;
	echo = false;
	assert_int_equal(core_boot(&config), 0);
	assert_int_equal(core_add_wire("wire0", near_mac, 1500, 1000000, far_end, &nr_far), 0);
	dev_add_pack(&test_packet_type);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dev_remove_pack(&test_packet_type);
	core_shutdown();
	assert_int_equal(core_warnings(), 0);
	assert_int_equal(core_leaks(), 0);
	return 0;
}

static int send_frame(u8 payload)
{
	struct net_device *dev = __dev_get_by_name(&init_net, "wire0");
	struct sk_buff *skb = alloc_skb(128, GFP_ATOMIC);

	assert_non_null(dev);
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	*skb_put(skb, 1) = payload;
	skb->dev = dev;
	skb->protocol = test_packet_type.type;
	dev_hard_header(skb, dev, ETH_P_TEST, far_mac, NULL, 1);
	return dev_queue_xmit(skb);
}

static void test_frame_takes_its_time(void **state)
{
	(void)state;
	assert_int_equal(send_frame('a'), 0);
	assert_int_equal(nr_far, 0);
	core_run_until(999999);
	assert_int_equal(nr_far, 0);
	core_run_until(1000000);
	assert_int_equal(nr_far, 1);
	assert_int_equal(far_got[0].at, 1000000);
	assert_int_equal(far_got[0].len, 15);
	assert_memory_equal(far_got[0].data, far_mac, 6);
	assert_memory_equal(far_got[0].data + 6, near_mac, 6);
	assert_int_equal(far_got[0].data[14], 'a');
}

static void test_there_and_back(void **state)
{
	(void)state;
	echo = true;
	assert_int_equal(send_frame('a'), 0);
	core_run_until(10000000);
	assert_int_equal(nr_near, 1);
	assert_int_equal(near_got[0].at, 3000000);
	assert_int_equal(near_got[0].len, 46);
	assert_int_equal(near_got[0].data[1], 'e');
	assert_int_equal(near_got[0].data[0], PACKET_HOST);
}

static void test_equal_times_in_order_of_insertion(void **state)
{
	u8 frame[60];
	u8 i;

	(void)state;
	for (i = 0; i < 5; i++) {
		make_frame(frame, near_mac, far_mac, (u8)('0' + i));
		assert_int_equal(core_wire_inject("wire0", frame, 60, 500), 0);
	}
	make_frame(frame, near_mac, far_mac, 'f');
	assert_int_equal(core_wire_inject("wire0", frame, 60, 499), 0);
	core_run_until(1000);
	assert_int_equal(nr_near, 6);
	assert_int_equal(near_got[0].data[1], 'f');
	for (i = 0; i < 5; i++)
		assert_int_equal(near_got[1 + i].data[1], '0' + i);
}

static void test_packet_types(void **state)
{
	static const u8 all[8] = { 255, 255, 255, 255, 255, 255 };
	static const u8 some[8] = { 1, 0, 0x5e, 0, 0, 1 };
	static const u8 other[8] = { 2, 0, 0, 0, 0, 9 };
	u8 frame[60];

	(void)state;
	make_frame(frame, all, far_mac, 0);
	core_wire_inject("wire0", frame, 60, 0);
	make_frame(frame, some, far_mac, 0);
	core_wire_inject("wire0", frame, 60, 0);
	make_frame(frame, other, far_mac, 0);
	core_wire_inject("wire0", frame, 60, 0);
	core_run_until(1);
	assert_int_equal(nr_near, 3);
	assert_int_equal(near_got[0].data[0], PACKET_BROADCAST);
	assert_int_equal(near_got[1].data[0], PACKET_MULTICAST);
	assert_int_equal(near_got[2].data[0], PACKET_OTHERHOST);
}

static void test_bad_arguments(void **state)
{
	static const u8 group[6] = { 1, 0, 0, 0, 0, 1 };
	u8 frame[60];

	(void)state;
	make_frame(frame, near_mac, far_mac, 0);
	assert_int_equal(core_wire_inject("wire1", frame, 60, 0), -ENODEV);
	assert_int_equal(core_wire_inject("wire0", frame, 13, 0), -EMSGSIZE);
	assert_int_equal(core_add_wire("wire0", near_mac, 1500, 0, far_end, NULL), -EEXIST);
	assert_int_equal(core_add_wire("wire1", group, 1500, 0, far_end, NULL), -EINVAL);
	assert_int_equal(core_add_wire("wire1", near_mac, 10, 0, far_end, NULL), -EINVAL);
	assert_int_equal(core_add_wire("a name too long for it", near_mac, 1500, 0, far_end, NULL),
			 -EINVAL);
	assert_int_equal(core_add_wire("a/b", near_mac, 1500, 0, far_end, NULL), -EINVAL);
	assert_int_equal(core_add_tap("tap0", -1, near_mac, 1500), -EINVAL);
}

/* What is under way when the world ends is freed with it. */
static void test_frames_under_way_at_the_end(void **state)
{
	u8 frame[60];

	(void)state;
	make_frame(frame, near_mac, far_mac, 0);
	core_wire_inject("wire0", frame, 60, 1000);
	assert_int_equal(send_frame('a'), 0);
	core_run_until(10);
	assert_int_equal(send_frame('b'), 0);
}

static void test_wall_clock(void **state)
{
	static const struct core_config config = { .seed = 1, .wall_clock = 1 };

	(void)state;
	dev_remove_pack(&test_packet_type);
	core_shutdown();
	assert_int_equal(core_boot(&config), 0);
	assert_int_equal(core_add_wire("wire0", near_mac, 1500, 5000000, far_end, &nr_far), 0);
	dev_add_pack(&test_packet_type);
	echo = true;
	assert_int_equal(send_frame('a'), 0);
	core_run_until(50000000);
	assert_int_equal(nr_far, 1);
	assert_true(far_got[0].at >= 5000000);
	assert_int_equal(nr_near, 1);
	assert_true(near_got[0].at >= far_got[0].at + 2000000);
	assert_true(*core_clock() >= 50000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_frame_takes_its_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_there_and_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_equal_times_in_order_of_insertion, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_packet_types, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_arguments, setup, teardown),
		cmocka_unit_test_setup_teardown(test_frames_under_way_at_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wall_clock, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
