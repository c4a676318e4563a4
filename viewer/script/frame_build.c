/* SPDX-License-Identifier: GPL-2.0-only */

/* From words to the wire: the frames that inbound packet lines stand for. */

#include <string.h>

#include "viewer/script/frame.h"
#include "viewer/script/wire.h"

#define IP_HEADER 20

static void build_ethernet(uint8_t *to, const uint8_t dest[6], const uint8_t source[6],
			   uint16_t type)
{
	memcpy(to, dest, 6);
	memcpy(to + 6, source, 6);
	put16(to + 12, type);
}

/* packetdrill sends with TTL 255 and no IP ID; the line may say otherwise. */
static void build_ip(uint8_t *ip, const struct packet *p, uint32_t source, uint32_t destination,
		     uint8_t protocol, size_t payload)
{
	int ecn = p->ecn == -2 ? 2 : p->ecn;

	memset(ip, 0, IP_HEADER);
	ip[0] = 0x45;
	if (p->tos >= 0)
		ip[1] = (uint8_t)p->tos;
	if (ecn >= 0)
		ip[1] = (uint8_t)((ip[1] & ~3) | ecn);
	put16(ip + 2, (uint32_t)(IP_HEADER + payload));
	put16(ip + 4, p->id >= 0 ? (uint32_t)p->id : 0);
	if (p->df == 1)
		ip[6] = 0x40;
	ip[8] = p->ttl >= 0 ? (uint8_t)p->ttl : 255;
	ip[9] = protocol;
	memcpy(ip + 12, &source, 4);
	memcpy(ip + 16, &destination, 4);
	put16(ip + 10, wire_sum(ip, IP_HEADER, 0));
	if (p->bad_ip_sum)
		ip[10] ^= 0xff;
}

/* What the core sent as TSval when the script wrote @stamp. */
static uint32_t wire_stamp(const struct flow *flow, uint32_t stamp)
{
	int n = flow->nstamps < MAX_STAMPS ? flow->nstamps : MAX_STAMPS;

	/* 0 means: nothing to echo. */
	if (!stamp || !n)
		return stamp;
	for (int i = n - 1; i >= 0; i--) {
		if (flow->stamps[i][0] == stamp)
			return flow->stamps[i][1];
	}
	return stamp - flow->stamps[n - 1][0] + flow->stamps[n - 1][1];
}

/* Return: bytes written. The whole is at most 40: the parser has counted. */
static size_t build_option(const struct tcp_option *o, const struct flow *flow, uint8_t *to)
{
	size_t n = 2;

	to[0] = o->kind;
	if (o->raw || o->nbytes) {
		memcpy(to + 2, o->bytes, o->nbytes);
		n += o->nbytes;
	} else if (o->kind == OPTION_EOL || o->kind == OPTION_NOP) {
		return 1;
	} else if (o->kind == OPTION_MSS) {
		put16(to + 2, o->number);
		n += 2;
	} else if (o->kind == OPTION_WSCALE) {
		to[2] = (uint8_t)o->number;
		n += 1;
	} else if (o->kind == OPTION_TS) {
		put32(to + 2, o->number);
		put32(to + 6, wire_stamp(flow, o->echo));
		n += 8;
	} else if (o->kind == OPTION_SACK) {
		for (int i = 0; i < o->nblocks; i++, n += 8) {
			put32(to + n, o->block[i][0] + flow->isn);
			put32(to + n + 4, o->block[i][1] + flow->isn);
		}
	}
	to[1] = (uint8_t)n;
	return n;
}

/* Return: bytes of the segment, or 0. */
static size_t build_tcp(const struct packet *p, const struct flow *flow, uint32_t source,
			uint32_t destination, uint8_t *th)
{
	size_t n = 20;

	memset(th, 0, 60);
	for (const struct tcp_option *o = p->options; o; o = o->next)
		n += build_option(o, flow, th + n);
	/* Zeros are "end of options" until the next word. */
	n = (n + 3) & ~(size_t)3;
	if (ETH_HEADER + IP_HEADER + n + p->length > FRAME_MAX)
		return 0;
	put16(th, p->has_ports ? p->sport : flow->rport);
	put16(th + 2, p->has_ports && p->dport != flow->script_lport ? p->dport : flow->lport);
	put32(th + 4, p->seq + (p->flags & TCP_SYN ? 0 : flow->remote_isn));
	if (p->has_ack)
		put32(th + 8, p->ack + flow->isn);
	th[12] = (uint8_t)(n / 4 << 4);
	th[13] = p->flags;
	put16(th + 14, p->window > 0 ? (uint32_t)p->window : 0);
	put16(th + 18, p->urgent);
	memset(th + n, 0, p->length);
	n += p->length;
	put16(th + 16, wire_transport_sum(source, destination, 6, th, n));
	if (p->bad_sum)
		th[16] ^= 0xff;
	return n;
}

static size_t build_udp(const struct packet *p, const struct flow *flow, uint32_t source,
			uint32_t destination, uint8_t *uh)
{
	size_t n = 8 + p->length;

	if (ETH_HEADER + IP_HEADER + n > FRAME_MAX)
		return 0;
	memset(uh, 0, n);
	put16(uh, flow->rport);
	put16(uh + 2, flow->lport);
	put16(uh + 4, (uint32_t)n);
	put16(uh + 6, wire_transport_sum(source, destination, 17, uh, n));
	return n;
}

/* The header, options too, and eight bytes of what the core sent, as RFC 792 wants. */
static size_t build_icmp(const struct packet *p, const struct flow *flow, uint8_t *to)
{
	size_t header = flow->nlast ? (size_t)(flow->last[0] & 15) * 4 : 0;
	uint8_t *quoted = to + 8;

	if (header < IP_HEADER)
		header = IP_HEADER;
	memset(to, 0, 8 + header + 8);
	to[0] = (uint8_t)p->icmp_type;
	to[1] = (uint8_t)p->icmp_code;
	put16(to + 6, p->icmp_mtu);
	if (flow->nlast >= header + 8)
		memcpy(quoted, flow->last, header + 8);
	if (p->has_quote) {
		put16(quoted + 2, (uint32_t)header + 20 + p->length);
		put16(quoted + 10, 0);
		put16(quoted + 10, wire_sum(quoted, header, 0));
		put32(quoted + header + 4, p->seq + flow->isn);
	}
	put16(to + 2, wire_sum(to, 8 + header + 8, 0));
	if (p->bad_sum)
		to[2] ^= 0xff;
	return 8 + header + 8;
}

static size_t build_arp(const struct packet *p, const struct flow *flow, const uint8_t dest[6],
			const uint8_t source[6], uint8_t *to)
{
	const uint8_t *mac = p->arp_op == 2 ? p->arp_mac : source;
	const uint32_t target = p->arp_op == 1 ? p->arp_target : flow->local;

	build_ethernet(to, dest, source, 0x0806);
	memset(to + ETH_HEADER, 0, 46);
	put16(to + 14, 1);      /* Ethernet */
	put16(to + 16, 0x0800); /* IPv4 */
	to[18] = 6;
	to[19] = 4;
	put16(to + 20, (uint32_t)p->arp_op);
	memcpy(to + 22, mac, 6);
	memcpy(to + 28, &p->arp_sender, 4);
	if (p->arp_op == 2)
		memcpy(to + 32, dest, 6);
	memcpy(to + 38, &target, 4);
	return 60;
}

size_t frame_build(const struct packet *p, const struct flow *flow, const uint8_t dest[6],
		   const uint8_t source[6], uint8_t *to)
{
	uint32_t from = p->has_addresses ? p->source : flow->remote;
	uint32_t towards = p->has_addresses ? p->destination : flow->local;
	static const uint8_t protocols[] = { 6, 17, 1 };
	uint8_t *payload = to + ETH_HEADER + IP_HEADER;
	size_t n = 0;

	switch (p->kind) {
	case PACKET_ARP:
		return build_arp(p, flow, dest, source, to);
	case PACKET_BYTES:
		if (p->ether) {
			memcpy(to, p->bytes, p->nbytes);
			return p->nbytes;
		}
		if (p->nbytes > 1500)
			return 0;
		build_ethernet(to, dest, source, 0x0800);
		memcpy(to + ETH_HEADER, p->bytes, p->nbytes);
		return ETH_HEADER + p->nbytes;
	case PACKET_TCP:
		n = build_tcp(p, flow, from, towards, payload);
		break;
	case PACKET_UDP:
		n = build_udp(p, flow, from, towards, payload);
		break;
	case PACKET_ICMP:
		n = build_icmp(p, flow, payload);
		break;
	}
	if (!n)
		return 0;
	build_ethernet(to, dest, source, 0x0800);
	build_ip(to + ETH_HEADER, p, from, towards, protocols[p->kind], n);
	return ETH_HEADER + IP_HEADER + n;
}

size_t frame_arp_answer(const struct seen *s, uint32_t own, const uint8_t mac[6], uint8_t *to)
{
	struct packet reply = { .arp_op = 2, .arp_sender = s->arp_target };
	struct flow flow = { .local = s->arp_sender };

	if (s->kind != PACKET_ARP || s->arp_op != 1 || s->arp_target == own)
		return 0;
	memcpy(reply.arp_mac, mac, 6);
	return build_arp(&reply, &flow, s->bytes + 6, mac, to);
}
