/* SPDX-License-Identifier: GPL-2.0-only */

/* The oracle's network; see peer.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/route.h>

#include "tests/lib/bytes.h"
#include "tests/lib/peer.h"

#define WIRE_DELAY_NS 20000000ull
#define PEER_ISN      0x10000000u

static const uint8_t near_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t far_mac[6] = { 2, 0, 0, 0, 0, 2 };
static struct peer peer;
static int hooked;

/* ---- back to the core ---- */

/* Where an answer goes in, and after which time; "cv" and "lo" with 0: at once, by the backlog. */
struct way {
	const char *ifname;
	uint64_t delay_ns;
	struct dst_entry *dst; /* of a packet by lo: it comes back in by the route it left by */
};

struct later {
	struct way way;
	size_t len;
	uint8_t frame[160];
};

static void inject(const struct way *way, const uint8_t *ip, size_t len)
{
	uint8_t frame[160];

	assert_true(len + 14 <= sizeof(frame));
	memcpy(frame, near_mac, 6);
	memcpy(frame + 6, far_mac, 6);
	put16(frame + 12, ETH_P_IP);
	memcpy(frame + 14, ip, len);
	if (way->delay_ns) {
		assert_int_equal(core_wire_inject(way->ifname, frame, len + 14, way->delay_ns), 0);
	} else {
		struct net_device *dev = __dev_get_by_name(&init_net, way->ifname);
		struct sk_buff *skb = alloc_skb(len + 16, GFP_ATOMIC);

		assert_non_null(skb);
		skb_reserve(skb, 2);
		memcpy(skb_put(skb, (unsigned int)len + 14), frame, len + 14);
		if (dev->flags & IFF_LOOPBACK) {
			memset(skb->data, 0, 12);
			skb_dst_set(skb, dst_clone(way->dst));
		}
		skb->protocol = eth_type_trans(skb, dev);
		netif_rx_ni(skb); /* received before this returns, unless a softirq runs */
	}
}

/* An ICMP about the packet @about, from 10.9.0.2 or the wire's far end. */
static void send_icmp(const struct way *way, uint32_t from, const uint8_t *about, int type,
		      int code, uint32_t mtu, int bad_seq)
{
	uint8_t ip[20 + 8 + 28], *icmp = ip + 20;
	uint32_t near;

	memcpy(&near, about + 12, 4);
	ip_header(ip, from, near, 1, 36);
	memset(icmp, 0, 8);
	icmp[0] = (uint8_t)type;
	icmp[1] = (uint8_t)code;
	put32(icmp + 4, mtu);
	memcpy(icmp + 8, about, 28);
	if (bad_seq)
		put32(icmp + 8 + 24, get32(icmp + 8 + 24) + 100000);
	put16(icmp + 2, fold(sum(icmp, 36, 0)));
	inject(way, ip, sizeof(ip));
}

/* The answer to segment @in (IP header and on) with these flags and numbers. */
static void send_tcp(const struct way *way, const uint8_t *in, int flags, uint32_t seq,
		     uint32_t ack, uint32_t tsecr)
{
	uint8_t ip[20 + 20 + 20], *tcp = ip + 20;
	size_t opt = 0, tcplen;
	uint32_t src, dst;

	memcpy(&dst, in + 12, 4);
	memcpy(&src, in + 16, 4);
	memset(tcp, 0, 40);
	memcpy(tcp, in + (in[0] & 15) * 4 + 2, 2);
	memcpy(tcp + 2, in + (in[0] & 15) * 4, 2);
	put32(tcp + 4, seq);
	put32(tcp + 8, ack);
	tcp[13] = (uint8_t)flags;
	put16(tcp + 14, 28960);
	if (flags & 2) {
		memcpy(tcp + 20, (const uint8_t[]){ 2, 4, 0x05, 0xb4 }, 4);
		opt = 4;
	}
	if (tsecr && !(flags & 4)) {
		memcpy(tcp + 20 + opt, (const uint8_t[]){ 1, 1, 8, 10 }, 4);
		put32(tcp + 24 + opt, (uint32_t)(*core_clock() / 1000000) + 1000);
		put32(tcp + 28 + opt, tsecr);
		opt += 12;
	}
	tcplen = 20 + opt;
	tcp[12] = (uint8_t)(tcplen / 4 << 4);
	put16(tcp + 16,
	      fold(sum(tcp, tcplen,
		       sum((uint8_t *)&src, 4, sum((uint8_t *)&dst, 4, 6 + (uint32_t)tcplen)))));
	ip_header(ip, src, dst, 6, tcplen);
	inject(way, ip, 20 + tcplen);
}

/* ---- the hosts ---- */

/* The value and the echo of the time stamps among @tcp's options; NULL if there are none. */
static uint8_t *stamps(uint8_t *tcp)
{
	size_t hdr = (size_t)(tcp[12] >> 4) * 4, i = 20;

	while (i < hdr && tcp[i]) {
		if (tcp[i] == 8)
			return tcp + i + 2;
		i += tcp[i] == 1 ? 1 : tcp[i + 1] ? tcp[i + 1] : 1;
	}
	return NULL;
}

/* The time stamp that segment @tcp carries; 0 if none. */
static uint32_t stamp_of(const uint8_t *tcp)
{
	const uint8_t *ts = stamps((uint8_t *)tcp);

	return ts ? get32(ts) : 0;
}

/* The recorded SYN-ACK, made an answer to the SYN @in. */
static void send_recorded(const struct way *way, const uint8_t *in)
{
	uint8_t ip[128], *tcp, *ts;
	const uint8_t *syn = in + (in[0] & 15) * 4;
	size_t hdr, len = peer.synack_len;

	assert_true(len <= sizeof(ip));
	memcpy(ip, peer.synack, len);
	hdr = (size_t)(ip[0] & 15) * 4;
	tcp = ip + hdr;
	memcpy(tcp, syn + 2, 2);
	memcpy(tcp + 2, syn, 2);
	put32(tcp + 8, get32(syn + 4) + peer.synack_acks);
	ts = stamps(tcp);
	if (ts)
		put32(ts + 4, stamp_of(syn));
	if (peer.sign)
		peer.sign(ip);
	put16(tcp + 16, 0);
	put16(tcp + 16, fold(sum(tcp, len - hdr, sum(ip + 12, 8, 6 + (uint32_t)(len - hdr)))));
	inject(way, ip, len);
}

/*
 * A host with listeners. It keeps nothing of a connection: what it says next follows from what the
 * segment acknowledges.
 */
static void host_tcp(const struct way *way, const uint8_t *ip, size_t len)
{
	const uint8_t *tcp = ip + (ip[0] & 15) * 4;
	size_t hdr = (size_t)(tcp[12] >> 4) * 4, ndata = len - (size_t)(tcp - ip) - hdr;
	uint16_t port = get16(tcp + 2);
	uint32_t seq = get32(tcp + 4), ack = get32(tcp + 8), ts = stamp_of(tcp);
	int flags = tcp[13];
	int open = (port >= 5000 && port < 6000) || (peer.local_listen && port == 7002);

	if (flags & 4)
		return;
	if (peer.synack && flags & 2) {
		send_recorded(way, ip);
		return;
	}
	if (!open) {
		send_tcp(way, ip, 0x14, 0, seq + 1, 0);
		return;
	}
	if (flags & 2) {
		send_tcp(way, ip, 0x12, PEER_ISN + (uint32_t)(*core_clock() / 1000), seq + 1, ts);
		return;
	}
	if (flags & 1)
		send_tcp(way, ip, peer.closes ? 0x11 : 0x10, ack, seq + (uint32_t)ndata + 1, ts);
	else if (ndata)
		send_tcp(way, ip, 0x10, ack, seq + (uint32_t)ndata, ts);
}

static void note(const uint8_t *ip, size_t len)
{
	struct peer_syn *s;

	if (peer.seen)
		peer.seen(ip, len);
	if (ip[9] != 6 || (ip[33] & 0x12) != 2 || peer.nsyns == 64)
		return;
	s = &peer.syns[peer.nsyns++];
	s->at_ns = *core_clock();
	s->len = len < sizeof(s->bytes) ? len : sizeof(s->bytes);
	memcpy(s->bytes, ip, s->len);
}

/* The ICMP that comes 20 ms after the SYN. */
static struct later pending;

static void icmp_later(void *arg)
{
	(void)arg;
	send_icmp(&(struct way){ "cv", 1, NULL }, PEER_VETH, pending.frame, peer.icmp,
		  peer.icmp_code, peer.icmp_mtu, peer.icmp_bad_seq);
}

/* One packet that left by cv or lo. */
static void cv_input(const struct way *way, const uint8_t *ip, size_t len)
{
	uint32_t dst;

	memcpy(&dst, ip + 16, 4);
	note(ip, len);
	if (dst == PEER_SILENT)
		return;
	if (dst != PEER_VETH && !peer.local_listen && !peer.synack) {
		if (peer.router >= 0)
			send_icmp(way, PEER_VETH, ip, 3, peer.router, 0, 0);
		return;
	}
	if (ip[9] == 17) {
		send_icmp(way, PEER_VETH, ip, 3, 3, 0, 0);
		return;
	}
	if (ip[9] != 6)
		return;
	if (peer.icmp) {
		if (ip[33] & 2) {
			memcpy(pending.frame, ip, 60);
			core_at(*core_clock() + WIRE_DELAY_NS, icmp_later, NULL);
		}
		return;
	}
	host_tcp(way, ip, len);
}

/* The other half of the pair takes the packet within ip_output(). */
static unsigned int veth(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const uint8_t *ip = skb_network_header(skb);
	const char *out = state->out->name;
	const struct way way = { out, 0, skb_dst(skb) };
	struct sk_buff *segs = skb, *next;
	uint32_t dst;

	(void)priv;
	memcpy(&dst, ip + 16, 4);
	if (!strcmp(out, "cv") ? dst == PEER_NOARP || skb_rtable(skb)->rt_gateway == PEER_NOARP :
				 !(!strcmp(out, "lo") && peer.local_listen && ip[9] == 6 &&
				   get16(ip + 22) == 7002)) {
		if (peer.seen && !strcmp(out, "lo"))
			peer.seen(ip, skb->len);
		return NF_ACCEPT;
	}
	/* what the device's queue would have done: cut, and summed up */
	if (skb_is_gso(skb)) {
		segs = skb_gso_segment(skb, 0);
		assert_false(IS_ERR(segs));
	} else if (skb->ip_summed == CHECKSUM_PARTIAL) {
		assert_int_equal(skb_checksum_help(skb), 0);
	}
	for (; segs; segs = next) {
		next = segs == skb ? NULL : segs->next;
		cv_input(&way, skb_network_header(segs), segs->len);
		if (segs != skb)
			consume_skb(segs);
	}
	consume_skb(skb);
	return NF_STOLEN;
}

static const struct nf_hook_ops veth_ops = {
	.hook = veth,
	.pf = NFPROTO_IPV4,
	.hooknum = NF_INET_POST_ROUTING,
	.priority = 100,
};

static void answer_arp(const char *ifname, const uint8_t *request, uint64_t delay_ns)
{
	uint8_t f[42];

	memcpy(f, request, sizeof(f));
	memcpy(f, near_mac, 6);
	memcpy(f + 6, far_mac, 6);
	put16(f + 20, 2);
	memcpy(f + 22, far_mac, 6);
	memcpy(f + 28, request + 38, 4);
	memcpy(f + 32, request + 22, 10);
	assert_int_equal(core_wire_inject(ifname, f, sizeof(f), delay_ns), 0);
}

/* Only ARP leaves by cv itself, and nobody answers: the hook has taken all the rest. */
static void cv_frame(void *ctx, const void *frame, size_t len)
{
	const uint8_t *f = frame;

	(void)ctx;
	(void)len;
	if (get16(f + 12) == ETH_P_ARP && get16(f + 20) == 1 && peer.narps < 16)
		peer.arp_at_ns[peer.narps++] = *core_clock();
}

/* The wire's far end: 10.8.0.2, and a router that knows no way. */
static void wire_frame(void *ctx, const void *frame, size_t len)
{
	const struct way way = { "wire", WIRE_DELAY_NS, NULL };
	const uint8_t *f = frame;
	uint32_t dst;

	(void)ctx;
	if (get16(f + 12) == ETH_P_ARP) {
		if (get16(f + 20) == 1)
			answer_arp("wire", f, WIRE_DELAY_NS);
		return;
	}
	if (get16(f + 12) != ETH_P_IP)
		return;
	memcpy(&dst, f + 14 + 16, 4);
	note(f + 14, len - 14);
	if (dst != PEER_WIRE)
		send_icmp(&way, PEER_WIRE, f + 14, 3, 0, 0, 0);
	else if (f[14 + 9] == 6)
		host_tcp(&way, f + 14, len - 14);
}

struct peer *peer_boot(uint64_t seed)
{
	const struct core_config config = { .seed = seed, .console_level = 4 };

	memset(&peer, 0, sizeof(peer));
	peer.router = -1;
	assert_int_equal(core_boot(&config), 0);
	assert_int_equal(core_add_wire("cv", near_mac, 1500, 1, cv_frame, NULL), 0);
	assert_int_equal(core_addr_add("cv", PEER_NEAR, 24), 0);
	assert_int_equal(core_add_wire("wire", near_mac, 1500, WIRE_DELAY_NS, wire_frame, NULL), 0);
	assert_int_equal(core_addr_add("wire", PEER_IP(10, 8, 0, 1), 24), 0);
	assert_int_equal(nf_register_hook(&veth_ops), 0);
	hooked = 1;
	return &peer;
}

void peer_run(void (*fn)(void *arg), void *arg)
{
	assert_true(core_task("test", fn, arg) > 0);
	assert_int_equal(core_run(), 0);
}

void peer_end(void)
{
	if (hooked)
		nf_unregister_hook(&veth_ops);
	hooked = 0;
	core_shutdown();
	assert_int_equal(core_warnings(), 0);
	assert_int_equal(core_leaks(), 0);
}
