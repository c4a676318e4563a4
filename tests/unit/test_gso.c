/* SPDX-License-Identifier: GPL-2.0-only */

/* Packets of several segments: built by TCP, cut at the device, or before if the path is narrow. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/inet_common.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "tests/lib/link.h"
#include "tests/lib/segments.h"
#include "tests/lib/world.h"

#define TOTAL   9000u
#define FAR_ISN 5000u

static struct segments *seen;
static unsigned char got[TOTAL];

/* The hook's view: the largest packet on its way to the device. */
static unsigned int largest, gso_packets;
static int narrow_at; /* the device's MTU becomes 1000 at this large packet; 0: never */

static unsigned int watch(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	(void)priv;
	(void)state;
	largest = max_t(unsigned int, largest, skb->len);
	if (skb_is_gso(skb) && (int)++gso_packets == narrow_at)
		state->out->mtu = 1000;
	return NF_ACCEPT;
}

static const struct nf_hook_ops watcher = {
	.hook = watch,
	.pf = NFPROTO_IPV4,
	.hooknum = NF_INET_POST_ROUTING,
};

/* A receiver that acknowledges each segment, whatever comes. */
static void hears(const struct segment *s)
{
	static uint32_t next;
	struct segment r = { .seq = FAR_ISN + 1, .flags = SEG_ACK, .window = 65535 };
	unsigned int at = s->seq - seen->near_isn - 1;

	if (s->flags & SEG_SYN) {
		next = s->seq + 1;
		r.seq = FAR_ISN;
		r.flags |= SEG_SYN;
		segment_option(&r, (const uint8_t[]){ 2, 4, 0x05, 0xb4 }, 4);
	} else if (s->ndata) {
		assert_true(at + s->ndata <= TOTAL);
		memcpy(got + at, s->data, s->ndata);
		if (s->seq == next)
			next += s->ndata;
	} else if (!(s->flags & SEG_FIN)) {
		return;
	}
	if (s->flags & SEG_FIN && s->seq + s->ndata == next) {
		next++;
		r.flags |= SEG_FIN;
	}
	r.ack = next;
	segments_send(r);
}

static void writes(void *arg)
{
	struct world_addr *a = world_user_addr(SEG_FAR, SEG_PORT);
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	unsigned char *buf = core_user_alloc(TOTAL);
	unsigned int i;

	(void)arg;
	for (i = 0; i < TOTAL; i++)
		buf[i] = (unsigned char)(i * 7 + i / 256);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)a, 16), 0);
	assert_int_equal(sys_write((unsigned int)fd, (char *)buf, TOTAL), TOTAL);
	sys_close((unsigned int)fd);
}

static void transfer(int narrow)
{
	unsigned int i;

	memset(got, 0, sizeof(got));
	largest = gso_packets = 0;
	narrow_at = narrow;
	seen = segments_boot(1, hears);
	assert_int_equal(nf_register_hook(&watcher), 0);
	segments_run(writes, NULL);
	nf_unregister_hook(&watcher);
	for (i = 0; i < TOTAL; i++)
		assert_int_equal(got[i], (unsigned char)(i * 7 + i / 256));
}

static int end_segments(void **state)
{
	(void)state;
	segments_end();
	return 0;
}

/* Every segment is whole but the last, checksums are right (the far end checks), PSH is at the end. */
static void test_cut_at_the_device(void **state)
{
	size_t i, data = 0, psh = 0;

	(void)state;
	transfer(0);
	assert_true(gso_packets > 0);
	assert_true(largest > 2 * 1460);
	for (i = 0; i < seen->nseen; i++) {
		if (!seen->seen[i].ndata)
			continue;
		data++;
		psh += !!(seen->seen[i].flags & SEG_PSH);
		assert_true(seen->seen[i].ndata <= 1460);
	}
	assert_int_equal(data, (TOTAL + 1459) / 1460);
	assert_in_range(psh, 1, 2);
	/* IP saw fewer packets than the device. */
	assert_true(core_counter("IpOutRequests") < (long)seen->nseen);
	assert_int_equal(core_counter("TcpRetransSegs"), 0);
}

/*
 * The path becomes too narrow under a packet on its way: ip_finish_output_gso() cuts it, each piece
 * is refused (DF), and the ICMP about it, our own, teaches TCP the smaller size.
 */
static void test_path_becomes_narrow(void **state)
{
	size_t i, small = 0;

	(void)state;
	transfer(1);
	assert_true(core_counter("IpFragFails") > 0);
	/* TCP saw the error and does not count the packet as sent: it goes again, not as a repeat. */
	assert_int_equal(core_counter("TcpRetransSegs"), 0);
	for (i = 0; i < seen->nseen; i++)
		small += seen->seen[i].ndata == 1000 - 40;
	assert_true(small > 0);
}

/* ---- without TCP: a packet that may be fragmented ---- */

static struct inet_sock sock;

static int end_link(void **state)
{
	(void)state;
	dst_release(sock.sk.sk_dst_cache);
	sock.sk.sk_dst_cache = NULL;
	link_end();
	return 0;
}

/* Three segments of 1000, 1000 and 100 bytes, each in one or two fragments. */
static void test_cut_and_fragmented(void **state)
{
	struct flowi4 *fl4 = &sock.cork.fl.u.ip4;
	unsigned int n = 2100, i, whole = 0;
	struct sk_buff *skb;
	uint8_t buf[60];
	struct tcphdr *th;

	(void)state;
	link_boot(1);
	link_inject(buf, link_arp(buf, 1, link_far_mac, LINK_FAR, NULL, LINK_NEAR, link_near_mac));
	link_pass(2);
	link_nframes = 0;
	__dev_get_by_name(&init_net, "wire0")->mtu = 600;

	memset(&sock, 0, sizeof(sock));
	write_pnet(&sock.sk.__sk_common.skc_net, &init_net);
	sock.sk.sk_protocol = IPPROTO_TCP;
	sock.sk.sk_state = TCP_ESTABLISHED;
	fl4->daddr = sock.inet_daddr = LINK_FAR;
	fl4->saddr = sock.inet_saddr = LINK_NEAR;
	sock.uc_ttl = -1;
	sock.pmtudisc = IP_PMTUDISC_DONT;

	skb = alloc_skb(128 + 20 + n, GFP_ATOMIC);
	skb_reserve(skb, 128);
	memset(skb_put(skb, 20 + n), 0x5a, 20 + n);
	skb_reset_transport_header(skb);
	th = tcp_hdr(skb);
	memset(th, 0, 20);
	th->doff = 5;
	th->fin = th->cwr = 1;
	th->seq = htonl(1);
	skb->ip_summed = CHECKSUM_NONE;
	skb_shinfo(skb)->gso_size = 1000;
	skb_shinfo(skb)->gso_segs = 3;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	assert_int_equal(ip_queue_xmit(&sock.sk, skb, &sock.cork.fl), 0);
	link_pass(2);

	assert_int_equal(link_nframes, 5);
	for (i = 0; i < link_nframes; i++) {
		const struct iphdr *iph = (const struct iphdr *)(link_frames[i].bytes + 14);
		const struct tcphdr *t = (const struct tcphdr *)(iph + 1);

		assert_true(ntohs(iph->tot_len) <= 600);
		assert_int_equal(ip_fast_csum(iph, iph->ihl), 0);
		if (ntohs(iph->frag_off) & IP_OFFSET)
			continue;
		assert_int_equal(ntohl(t->seq), 1 + 1000 * whole);
		assert_int_equal(t->fin, whole == 2);
		assert_int_equal(t->cwr, whole == 0);
		whole++;
	}
	assert_int_equal(whole, 3);
	/* the third goes the same way, as its own only fragment */
	assert_int_equal(core_counter("IpFragOKs"), 3);
	assert_int_equal(core_counter("IpFragCreates"), 5);
}

/* ---- packets that cannot be cut ---- */

/* Two segments of 100 bytes behind an IP and a TCP header. */
static struct sk_buff *two_segments(void)
{
	struct sk_buff *skb = alloc_skb(256 + 240, GFP_ATOMIC);
	struct iphdr *iph;

	skb_reserve(skb, 128);
	memset(skb_put(skb, 240), 0, 240);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->protocol = IPPROTO_TCP;
	skb_set_transport_header(skb, 20);
	tcp_hdr(skb)->doff = 5;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_size = 100;
	skb_shinfo(skb)->gso_segs = 2;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	return skb;
}

static long cut(struct sk_buff *skb, netdev_features_t features)
{
	struct sk_buff *segs = inet_gso_segment(skb, features), *next;
	long n = IS_ERR(segs) ? PTR_ERR(segs) : 0;

	for (; !IS_ERR_OR_NULL(segs); segs = next) {
		next = segs->next;
		segs->next = NULL;
		kfree_skb(segs);
		n++;
	}
	kfree_skb(skb);
	return n;
}

static void test_cannot_be_cut(void **state)
{
	struct sk_buff *skb;

	(void)state;
	link_boot(1);
	assert_int_equal(cut(two_segments(), 0), 2);

	/* A device that cuts by itself, and only doubts the number of pieces. */
	skb = two_segments();
	skb_shinfo(skb)->gso_segs = 9;
	skb_get(skb);
	assert_int_equal(cut(skb, NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO), 0);
	assert_int_equal(skb_shinfo(skb)->gso_segs, 2);
	kfree_skb(skb);

	skb = two_segments();
	ip_hdr(skb)->ihl = 4; /* no IP header */
	assert_int_equal(cut(skb, 0), -EINVAL);
	skb = two_segments();
	ip_hdr(skb)->ihl = 15;
	skb_trim(skb, 59); /* shorter than it says */
	assert_int_equal(cut(skb, 0), -EINVAL);
	skb = two_segments();
	skb_trim(skb, 19);
	assert_int_equal(cut(skb, 0), -EINVAL);
	skb = two_segments();
	skb_trim(skb, 39); /* no TCP header */
	assert_int_equal(cut(skb, 0), -EINVAL);
	skb = two_segments();
	tcp_hdr(skb)->doff = 4;
	assert_int_equal(cut(skb, 0), -EINVAL);
	skb = two_segments();
	tcp_hdr(skb)->doff = 15;
	skb_trim(skb, 79);
	assert_int_equal(cut(skb, 0), -EINVAL);
	skb = two_segments();
	skb_trim(skb, 140); /* one segment: nothing to cut */
	assert_int_equal(cut(skb, 0), -EINVAL);
	skb = two_segments();
	ip_hdr(skb)->protocol = IPPROTO_UDP; /* nobody knows how */
	assert_int_equal(cut(skb, 0), -EPROTONOSUPPORT);
	link_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_cut_at_the_device, end_segments),
		cmocka_unit_test_teardown(test_path_becomes_narrow, end_segments),
		cmocka_unit_test_teardown(test_cut_and_fragmented, end_link),
		cmocka_unit_test(test_cannot_be_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
