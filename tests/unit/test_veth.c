/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Devices without a wire between: one half of a veth pair, heard and answered within the call that
 * sends, and a tun, whose packets have no link header.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/etherdevice.h>
#include <linux/file.h>
#include <linux/if_arp.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <synwalk/core.h>

#include "tests/lib/bytes.h"

#define NEAR htonl(0x0a090001)
#define FAR  htonl(0x0a090002)

static const u8 near_mac[8] = { 2, 0, 0, 0, 0, 1 };
static const u8 far_mac[8] = { 2, 0, 0, 0, 0, 2 };

/* What the far end heard, from the IP header on, the oldest first. */
static struct {
	size_t len;
	u8 bytes[1600];
} heard[16];
static unsigned int nr_heard;
static size_t link_header;
static u64 think_ns; /* how long the far end is busy before it answers a SYN */
static bool deaf;

static struct net_device *device(void)
{
	return __dev_get_by_name(&init_net, "v0");
}

static void inject_tcp(const u8 *in, u8 flags, u32 seq, u32 ack)
{
	u8 frame[14 + 40] = { 0 }, *ip = frame + 14, *tcp = ip + 20;

	memcpy(frame, near_mac, 6);
	memcpy(frame + 6, far_mac, 6);
	put16(frame + 12, ETH_P_IP);
	ip[0] = 0x45;
	put16(ip + 2, 40);
	ip[8] = 64;
	ip[9] = IPPROTO_TCP;
	memcpy(ip + 12, in + 16, 4);
	memcpy(ip + 16, in + 12, 4);
	put16(ip + 10, fold(sum(ip, 20, 0)));
	memcpy(tcp, in + 22, 2);
	memcpy(tcp + 2, in + 20, 2);
	put32(tcp + 4, seq);
	put32(tcp + 8, ack);
	tcp[12] = 0x50;
	tcp[13] = flags;
	put16(tcp + 14, 60000);
	put16(tcp + 16, fold(sum(tcp, 20, sum(ip + 12, 8, IPPROTO_TCP + 20))));
	assert_int_equal(core_wire_inject("v0", frame + 14 - link_header,
					  sizeof(frame) - 14 + link_header, 0),
			 0);
}

/* Answers a SYN and a FIN; each segment must be one of a cable: whole, and summed up. */
static void far_end(void *ctx, const void *frame, size_t len)
{
	const u8 *ip = (const u8 *)frame + link_header, *tcp = ip + 20;
	size_t n = len - link_header;

	assert_ptr_equal(ctx, &nr_heard);
	if (deaf || (link_header && get16((const u8 *)frame + 12) != ETH_P_IP))
		return;
	assert_true(n <= 1500 && nr_heard < 16);
	assert_int_equal(get16(ip + 2), n);
	assert_int_equal(fold(sum(tcp, n - 20, sum(ip + 12, 8, IPPROTO_TCP + (u32)n - 20))), 0);
	heard[nr_heard].len = n;
	memcpy(heard[nr_heard++].bytes, ip, n);
	if (tcp[13] & 2) {
		if (think_ns)
			core_busy(think_ns);
		inject_tcp(ip, 0x12, 1000, get32(tcp + 4) + 1);
	} else if (tcp[13] & 1) {
		inject_tcp(ip, 0x11, get32(tcp + 8), get32(tcp + 4) + (u32)n - 40 + 1);
	}
}

static void boot(const u8 *mac)
{
	static const struct core_config config = { .seed = 1, .console_level = 4 };

	nr_heard = 0;
	think_ns = 0;
	deaf = false;
	link_header = mac ? ETH_HLEN : 0;
	assert_int_equal(core_boot(&config), 0);
	/* time stamps would make the headers longer than inject_tcp() knows */
	assert_int_equal(core_sysctl("net.ipv4.tcp_timestamps", "0"), 0);
}

static int setup_veth(void **state)
{
	(void)state;
	boot(near_mac);
	assert_int_equal(core_add_veth("v0", near_mac, 1500, far_end, &nr_heard), 0);
	assert_int_equal(core_addr_add("v0", NEAR, 24), 0);
	assert_int_equal(core_neigh_add("v0", FAR, far_mac), 0);
	return 0;
}

static int setup_tun(void **state)
{
	(void)state;
	boot(NULL);
	assert_int_equal(core_add_wire("v0", NULL, 1500, 0, far_end, &nr_heard), 0);
	assert_int_equal(core_addr_add("v0", NEAR, 24), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	core_shutdown();
	assert_int_equal(core_warnings(), 0);
	assert_int_equal(core_leaks(), 0);
	return 0;
}

static struct sockaddr *far_address(void)
{
	struct sockaddr_in *a = core_user_alloc(sizeof(*a));

	a->sin_family = AF_INET;
	a->sin_addr.s_addr = FAR;
	a->sin_port = htons(80);
	return (struct sockaddr *)a;
}

static struct sock *sock_of(long fd)
{
	struct socket *sock;
	struct sock *sk;
	int err;

	sock = sockfd_lookup((int)fd, &err);
	assert_non_null(sock);
	sk = sock->sk;
	fput(sock->file);
	return sk;
}

static void run(void (*fn)(void *arg))
{
	assert_true(core_task("test", fn, NULL) > 0);
	assert_int_equal(core_run(), 0);
}

/* Connected when the call returns, though it did not wait, and no time has passed. */
static void connects_at_once(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	u64 began = *core_clock();

	(void)arg;
	assert_int_equal(sys_connect((int)fd, far_address(), 16), -EINPROGRESS);
	assert_int_equal(sock_of(fd)->sk_state, TCP_ESTABLISHED);
	assert_int_equal(*core_clock(), began + think_ns);
	assert_int_equal(nr_heard, 2); /* SYN and ACK */
	sys_close((unsigned int)fd);
}

static void test_answer_within_the_call(void **state)
{
	(void)state;
	run(connects_at_once);
	assert_int_equal(device()->stats.tx_packets, 4);
	assert_int_equal(device()->stats.rx_packets, 2);
}

/* What the far end takes is part of the round trip. */
static void test_busy(void **state)
{
	(void)state;
	think_ns = 30000000;
	run(connects_at_once);
}

static void sends_much(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);

	(void)arg;
	assert_int_equal(sys_connect((int)fd, far_address(), 16), 0);
	assert_true(sk_can_gso(sock_of(fd)));
	/* the SYN-ACK named no MSS: 536 */
	assert_int_equal(sys_write((unsigned int)fd, core_user_alloc(1608), 1608), 1608);
	assert_int_equal(nr_heard, 5);
	assert_int_equal(heard[2].len, 40 + 536);
	assert_int_equal(heard[4].len, 40 + 536);
	assert_int_equal(get32(heard[4].bytes + 24), get32(heard[2].bytes + 24) + 1072);
	deaf = true;
	sys_close((unsigned int)fd);
}

/* A large segment goes over in one piece; the far end is shown what it stands for. */
static void test_large(void **state)
{
	(void)state;
	assert_int_equal(core_task("test", sends_much, NULL) > 0, 1);
	core_run_until(1000000);
	assert_int_equal(nr_heard, 5);
}

static int send_bytes(unsigned int len)
{
	struct net_device *dev = device();
	struct sk_buff *skb = alloc_skb(len + 64, GFP_ATOMIC);

	skb_reserve(skb, 32);
	memset(skb_put(skb, len), 0, len);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	return dev_queue_xmit(skb);
}

/* What no cable would take is lost; the sender is not told. */
static void test_too_long(void **state)
{
	(void)state;
	assert_int_equal(send_bytes(1515), 0);
	assert_int_equal(device()->stats.tx_dropped, 1);
	assert_int_equal(device()->stats.tx_packets, 0);
	deaf = true;
	assert_int_equal(send_bytes(1514), 0);
	assert_int_equal(device()->stats.tx_packets, 1);
}

/* From outside of a call a frame takes at least until the machine idles. */
static void test_inject(void **state)
{
	u8 frame[1515] = { 0 };

	(void)state;
	assert_int_equal(core_wire_inject("none", frame, 60, 0), -ENODEV);
	assert_int_equal(core_wire_inject("lo", frame, 60, 0), -ENODEV);
	assert_int_equal(core_wire_inject("v0", frame, 13, 0), -EMSGSIZE);
	assert_int_equal(core_wire_inject("v0", frame, 1515, 0), -EMSGSIZE);
	core_fail_alloc(1);
	assert_int_equal(core_wire_inject("v0", frame, 60, 0), -ENOMEM);
	assert_int_equal(core_wire_inject("v0", frame, 60, 0), 0);
	assert_int_equal(core_wire_inject("v0", frame, 1514, 5000), 0);
	assert_int_equal(device()->stats.rx_packets, 0);
	core_run_until(*core_clock());
	assert_int_equal(device()->stats.rx_packets, 1);
	core_run_until(*core_clock() + 5000);
	assert_int_equal(device()->stats.rx_packets, 2);
	assert_int_equal(device()->stats.rx_bytes, 1574);
	/* one is under way when the world ends */
	assert_int_equal(core_wire_inject("v0", frame, 60, 5000), 0);
}

static void test_bad_devices(void **state)
{
	static const u8 group[6] = { 3 };

	(void)state;
	assert_int_equal(core_add_veth("v1", group, 1500, far_end, NULL), -EINVAL);
	assert_int_equal(core_add_veth("v1", near_mac, 67, far_end, NULL), -EINVAL);
	assert_int_equal(core_add_veth("v1", near_mac, 65536, far_end, NULL), -EINVAL);
	assert_int_equal(core_add_veth("a name of 16 chr", near_mac, 1500, far_end, NULL), -EINVAL);
	assert_int_equal(core_add_veth("v0", near_mac, 1500, far_end, NULL), -EEXIST);
	core_fail_alloc(1);
	assert_int_equal(core_add_veth("v1", near_mac, 1500, far_end, NULL), -ENOMEM);
}

static void connects_and_waits(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);

	(void)arg;
	assert_int_equal(sys_connect((int)fd, far_address(), 16), 0);
	assert_int_equal(sock_of(fd)->sk_state, TCP_ESTABLISHED);
	sys_close((unsigned int)fd);
}

/* No Ethernet, no ARP: the first packet is the SYN, and it begins with its IP header. */
static void test_tun(void **state)
{
	(void)state;
	assert_int_equal(device()->type, ARPHRD_NONE);
	assert_int_equal(device()->hard_header_len, 0);
	assert_true(device()->flags & IFF_NOARP);
	run(connects_and_waits);
	assert_int_equal(heard[0].bytes[0], 0x45);
	assert_int_equal(heard[0].bytes[33], 2);
}

/* What is no IP packet by its first byte is refused, and one of IPv6 has no handler. */
static void test_tun_refuses(void **state)
{
	u8 packet[40] = { 0 };

	(void)state;
	assert_int_equal(core_wire_inject("v0", packet, 0, 0), -EMSGSIZE);
	assert_int_equal(core_wire_inject("v0", packet, 40, 0), 0);
	packet[0] = 0x45;
	assert_int_equal(core_wire_inject("v0", packet, 19, 0), 0);
	core_run_until(*core_clock());
	assert_int_equal(device()->stats.rx_packets, 0);
	packet[0] = 0x60;
	assert_int_equal(core_wire_inject("v0", packet, 40, 0), 0);
	core_run_until(*core_clock());
	assert_int_equal(device()->stats.rx_packets, 1);
	assert_int_equal(device()->stats.rx_dropped, 2); /* the first, and this one */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answer_within_the_call, setup_veth, teardown),
		cmocka_unit_test_setup_teardown(test_busy, setup_veth, teardown),
		cmocka_unit_test_setup_teardown(test_large, setup_veth, teardown),
		cmocka_unit_test_setup_teardown(test_too_long, setup_veth, teardown),
		cmocka_unit_test_setup_teardown(test_inject, setup_veth, teardown),
		cmocka_unit_test_setup_teardown(test_bad_devices, setup_veth, teardown),
		cmocka_unit_test_setup_teardown(test_tun, setup_tun, teardown),
		cmocka_unit_test_setup_teardown(test_tun_refuses, setup_tun, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
