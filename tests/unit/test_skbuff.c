/* SPDX-License-Identifier: GPL-2.0-only */

/* Packets: room, clones and who frees what; netfilter's verdicts; the queueing discipline. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>
#include <synwalk/core.h>

static unsigned int destroyed;

static int setup(void **state)
{
	static const struct core_config config = { .seed = 1, .console_level = 4 };

	(void)state;
	destroyed = 0;
	assert_int_equal(core_boot(&config), 0);
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

/* The sizes that the recorded v4.9 kernel shows for a SYN. */
static void test_syn_sizes(void **state)
{
	struct sk_buff *skb = alloc_skb_fclone(160, GFP_ATOMIC);

	(void)state;
	assert_int_equal(skb->truesize, 768);
	assert_int_equal(skb->end, 192);
	assert_int_equal(skb->fclone, SKB_FCLONE_ORIG);
	assert_int_equal(skb->mac_header, 65535);
	assert_int_equal(skb->transport_header, 65535);
	skb_reserve(skb, 160);
	assert_int_equal(skb->tail, 160);
	assert_int_equal(skb_headroom(skb), 160);
	assert_int_equal(skb_tailroom(skb), 32);
	kfree_skb(skb);
}

static void test_push_pull_put_trim(void **state)
{
	struct sk_buff *skb = alloc_skb(100, GFP_ATOMIC);

	(void)state;
	skb_reserve(skb, 40);
	memset(skb_put(skb, 20), 1, 20);
	memset(skb_push(skb, 10), 2, 10);
	assert_int_equal(skb->len, 30);
	assert_int_equal(skb->data[0], 2);
	assert_non_null(skb_pull(skb, 10));
	assert_int_equal(skb->data[0], 1);
	assert_null(skb_pull(skb, 21));
	skb_trim(skb, 5);
	assert_int_equal(skb->len, 5);
	assert_int_equal(skb_tail_pointer(skb) - skb->data, 5);
	assert_true(pskb_may_pull(skb, 5));
	assert_false(pskb_may_pull(skb, 6));
	kfree_skb(skb);
}

/* The clone lives beside the original; the pair is freed with the later of the two. */
static void test_fclone(void **state)
{
	size_t before = slab_bytes_in_use();
	struct sk_buff *skb = alloc_skb_fclone(160, GFP_ATOMIC);
	struct sk_buff *clone, *other;

	(void)state;
	clone = skb_clone(skb, GFP_ATOMIC);
	assert_ptr_equal(clone, &container_of(skb, struct sk_buff_fclones, skb1)->skb2);
	assert_ptr_equal(clone->head, skb->head);
	assert_true(skb_cloned(skb));
	/* The place beside it is taken: the next clone needs memory of its own. */
	other = skb_clone(skb, GFP_ATOMIC);
	assert_int_equal(other->fclone, SKB_FCLONE_UNAVAILABLE);
	kfree_skb(skb);
	assert_int_equal(atomic_read(&skb_shinfo(clone)->dataref), 2);
	kfree_skb(other);
	assert_false(skb_cloned(clone));
	kfree_skb(clone);
	assert_int_equal(slab_bytes_in_use(), before);
}

/* TCP's trick: the original gives its headers up, so that the clone may write them. */
static void test_header_release(void **state)
{
	struct sk_buff *skb = alloc_skb_fclone(160, GFP_ATOMIC);
	struct sk_buff *clone;

	(void)state;
	skb_reserve(skb, 160);
	__skb_header_release(skb);
	clone = skb_clone(skb, GFP_ATOMIC);
	assert_int_equal(clone->hdr_len, 160);
	assert_true(skb_cloned(clone));
	assert_false(skb_header_cloned(clone));
	skb_push(clone, 40);
	assert_true(skb_clone_writable(clone, 20));
	consume_skb(clone);
	assert_int_equal(atomic_read(&skb_shinfo(skb)->dataref), 1 + (1 << SKB_DATAREF_SHIFT));
	kfree_skb(skb);
}

static void count_destroyed(struct sk_buff *skb)
{
	(void)skb;
	destroyed++;
}

static void test_destructor_and_references(void **state)
{
	struct sk_buff *skb = alloc_skb(10, GFP_ATOMIC);

	(void)state;
	skb->destructor = count_destroyed;
	skb_get(skb);
	kfree_skb(skb);
	assert_int_equal(destroyed, 0);
	kfree_skb(skb);
	assert_int_equal(destroyed, 1);
	kfree_skb(NULL);
}

static void test_expand_head(void **state)
{
	struct sk_buff *skb = alloc_skb(64, GFP_ATOMIC);
	struct sk_buff *clone;

	(void)state;
	skb_reserve(skb, 16);
	memcpy(skb_put(skb, 5), "hello", 5);
	skb_reset_network_header(skb);
	clone = skb_clone(skb, GFP_ATOMIC);
	assert_int_equal(skb_cow(clone, 100), 0);
	assert_true(skb_headroom(clone) >= 100);
	assert_ptr_equal(skb_network_header(clone), clone->data);
	assert_memory_equal(clone->data, "hello", 5);
	assert_ptr_not_equal(clone->head, skb->head);
	assert_false(skb_cloned(clone));
	assert_false(skb_cloned(skb));
	clone->data[0] = 'j';
	assert_memory_equal(skb->data, "hello", 5);
	kfree_skb(clone);
	kfree_skb(skb);
}

static void test_queues(void **state)
{
	struct sk_buff_head a, b;
	struct sk_buff *skb[4];
	int i;

	(void)state;
	skb_queue_head_init(&a);
	skb_queue_head_init(&b);
	assert_null(skb_dequeue(&a));
	for (i = 0; i < 4; i++) {
		skb[i] = alloc_skb(1, GFP_ATOMIC);
		skb_queue_tail(i < 2 ? &a : &b, skb[i]);
	}
	skb_queue_splice_tail_init(&b, &a);
	assert_int_equal(skb_queue_len(&a), 4);
	assert_true(skb_queue_empty(&b));
	skb_unlink(skb[1], &a);
	kfree_skb(skb[1]);
	assert_ptr_equal(skb_peek_tail(&a), skb[3]);
	assert_ptr_equal(skb_dequeue(&a), skb[0]);
	kfree_skb(skb[0]);
	skb_queue_purge(&a);
	assert_int_equal(skb_queue_len(&a), 0);
}

static void test_checksum_help(void **state)
{
	struct sk_buff *skb = alloc_skb(64, GFP_ATOMIC);

	(void)state;
	skb_reserve(skb, 20);
	memset(skb_put(skb, 20), 0, 20);
	skb->data[0] = 0x12;
	skb->data[1] = 0x34;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (__u16)skb_headroom(skb);
	skb->csum_offset = 16;
	*(__sum16 *)(skb->data + 16) = htons(0x0001);
	assert_int_equal(skb_checksum_help(skb), 0);
	assert_int_equal(*(__sum16 *)(skb->data + 16), htons((u16)~0x1235));
	assert_int_equal(skb->ip_summed, CHECKSUM_NONE);
	kfree_skb(skb);
}

static unsigned int verdict;

static unsigned int say_verdict(void *priv, struct sk_buff *skb, const struct nf_hook_state *st)
{
	(void)skb;
	assert_int_equal(st->hook, NF_INET_LOCAL_OUT);
	++*(int *)priv;
	return verdict;
}

static int went_on;

static int okfn(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	(void)net;
	(void)sk;
	went_on++;
	kfree_skb(skb);
	return 7;
}

static int send_through_hook(void)
{
	return NF_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT, &init_net, NULL, alloc_skb(1, GFP_ATOMIC),
		       NULL, NULL, okfn);
}

static void test_netfilter(void **state)
{
	int asked = 0;
	const struct nf_hook_ops ops = {
		.hook = say_verdict,
		.priv = &asked,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
	};

	(void)state;
	went_on = 0;
	assert_int_equal(send_through_hook(), 7);
	assert_int_equal(nf_register_hook(&ops), 0);
	verdict = NF_ACCEPT;
	assert_int_equal(send_through_hook(), 7);
	assert_int_equal(asked, 1);
	verdict = NF_DROP;
	assert_int_equal(send_through_hook(), -EPERM);
	verdict = NF_DROP_ERR(-ECONNREFUSED);
	assert_int_equal(send_through_hook(), -ECONNREFUSED);
	assert_int_equal(went_on, 2);
	nf_unregister_hook(&ops);
	assert_int_equal(send_through_hook(), 7);
}

/* A device whose driver can be told to be full. */
static char sent[16];
static unsigned int nr_sent;
static bool driver_full;

static netdev_tx_t fake_xmit(struct sk_buff *skb, struct net_device *dev)
{
	if (driver_full) {
		netif_stop_queue(dev);
		return NETDEV_TX_BUSY;
	}
	sent[nr_sent++] = (char)skb->data[14];
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops fake_ops = { .ndo_start_xmit = fake_xmit };

static void fake_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &fake_ops;
	dev->tx_queue_len = 3;
	dev->dev_addr[0] = 2;
}

static int send_byte(struct net_device *dev, char c, u32 priority)
{
	struct sk_buff *skb = alloc_skb(64, GFP_ATOMIC);

	skb_reserve(skb, 32);
	*skb_put(skb, 1) = (u8)c;
	skb->dev = dev;
	skb->priority = priority;
	skb->protocol = htons(ETH_P_IP);
	assert_int_equal(dev_hard_header(skb, dev, ETH_P_IP, dev->broadcast, NULL, 1), ETH_HLEN);
	return dev_queue_xmit(skb);
}

/* A full driver: packets wait in their bands, the queue has a limit, and all goes out in order. */
static void test_pfifo_fast(void **state)
{
	struct net_device *dev = alloc_netdev(0, "fake0", "", fake_setup);

	(void)state;
	nr_sent = 0;
	driver_full = false;
	assert_int_equal(register_netdevice(dev), 0);
	assert_int_equal(send_byte(dev, 'x', 0), NET_XMIT_CN); /* down: noop drops */
	assert_int_equal(dev_open(dev), 0);
	assert_int_equal(send_byte(dev, 'a', 0), 0);
	assert_int_equal(nr_sent, 1);
	driver_full = true;
	assert_int_equal(send_byte(dev, 'b', 0), 0);
	assert_int_equal(send_byte(dev, 'c', 1), 0); /* band 2 */
	assert_int_equal(send_byte(dev, 'd', 6), 0); /* band 0 */
	assert_int_equal(send_byte(dev, 'e', 6), NET_XMIT_DROP);
	assert_int_equal(nr_sent, 1);
	driver_full = false;
	netif_wake_queue(dev);
	core_run_until(1);
	assert_int_equal(nr_sent, 4);
	assert_memory_equal(sent, "abdc", 4);
	assert_int_equal(send_byte(dev, 'f', 0), 0);
	assert_int_equal(nr_sent, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_syn_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_push_pull_put_trim, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fclone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_header_release, setup, teardown),
		cmocka_unit_test_setup_teardown(test_destructor_and_references, setup, teardown),
		cmocka_unit_test_setup_teardown(test_expand_head, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queues, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checksum_help, setup, teardown),
		cmocka_unit_test_setup_teardown(test_netfilter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pfifo_fast, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
