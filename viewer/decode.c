/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finding the headers of a frame and checking their sums (RFC 791, 793, 768, 792, 826).
 *
 * Theory of operation: decode_frame() walks once from the outside in and notes offsets.  It goes
 * up a layer only when the fixed header of that layer lies within both the frame and the length
 * that the layer below gives, so whoever looks at decoded.layer may read that header without
 * asking again.  Words are made in decode_text.c.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/decode.h"
#include "viewer/decode_bytes.h"

#define ETHERNET_HEADER 14
#define VLAN_TAG        4
#define ARP_IPV4        28 /* an ARP packet for Ethernet and IPv4 */
#define IP_HEADER       20
#define TCP_HEADER      20
#define UDP_HEADER      8
#define ICMP_HEADER     8

/*
 * The internet checksum (RFC 1071) over a range, added to what the pseudo header gave.  Whole and
 * right data give 0xffff.
 */
static uint16_t sum(uint32_t start, const uint8_t *p, size_t len)
{
	uint64_t s = start;

	for (; len > 1; p += 2, len -= 2)
		s += be16(p);
	if (len)
		s += (uint32_t)*p << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)s;
}

/* The part of TCP's and UDP's checksum that stands for the addresses. */
static uint32_t pseudo_header(const uint8_t *ip, uint8_t protocol, size_t len)
{
	return be16(ip + 12) + be16(ip + 14) + be16(ip + 16) + be16(ip + 18) + protocol +
	       (uint32_t)len;
}

static void decode_tcp(struct decoded *d, size_t end, bool whole)
{
	const uint8_t *h = d->bytes + d->transport;
	size_t room = end - d->transport, header;

	if (room < TCP_HEADER) {
		d->cut = "tcp";
		return;
	}
	d->layer = DECODE_TCP;
	d->sport = be16(h);
	d->dport = be16(h + 2);
	d->seq = be32(h + 4);
	d->ack = be32(h + 8);
	header = (size_t)(h[12] >> 4) * 4;
	d->flags = h[13];
	d->window = be16(h + 14);
	if (header < TCP_HEADER || header > room) {
		/* Options are read up to the frame's end, never beyond. */
		d->cut = "tcp";
		d->payload = end;
		d->payload_len = 0;
		return;
	}
	d->payload = d->transport + header;
	d->payload_len = end - d->payload;
	if (whole)
		d->sum_bad = sum(pseudo_header(d->bytes + d->network, 6, room), h, room) != 0xffff;
}

static void decode_udp(struct decoded *d, size_t end, bool whole)
{
	const uint8_t *h = d->bytes + d->transport;
	size_t room = end - d->transport, length;

	if (room < UDP_HEADER) {
		d->cut = "udp";
		return;
	}
	d->layer = DECODE_UDP;
	d->sport = be16(h);
	d->dport = be16(h + 2);
	length = be16(h + 4);
	d->payload = d->transport + UDP_HEADER;
	if (length < UDP_HEADER || length > room) {
		d->cut = "udp";
		d->payload_len = end - d->payload;
		return;
	}
	d->payload_len = length - UDP_HEADER;
	/* A checksum of zero means that the sender made none. */
	if (whole && be16(h + 6))
		d->sum_bad =
			sum(pseudo_header(d->bytes + d->network, 17, length), h, length) != 0xffff;
}

static void decode_icmp(struct decoded *d, size_t end, bool whole)
{
	size_t room = end - d->transport;

	if (room < ICMP_HEADER) {
		d->cut = "icmp";
		return;
	}
	d->layer = DECODE_ICMP;
	d->payload = d->transport + ICMP_HEADER;
	d->payload_len = end - d->payload;
	if (whole)
		d->sum_bad = sum(0, d->bytes + d->transport, room) != 0xffff;
}

static void decode_ip(struct decoded *d)
{
	const uint8_t *h = d->bytes + d->network;
	size_t room = d->len - d->network, header, total, end;
	bool whole, more;

	if (room < IP_HEADER || h[0] >> 4 != 4) {
		d->cut = "ip";
		return;
	}
	header = (size_t)(h[0] & 15) * 4;
	total = be16(h + 2);
	if (header < IP_HEADER || header > room || total < header) {
		d->cut = "ip";
		return;
	}
	d->layer = DECODE_IP;
	d->protocol = h[9];
	memcpy(&d->saddr, h + 12, 4);
	memcpy(&d->daddr, h + 16, 4);
	d->ip_sum_bad = sum(0, h, header) != 0xffff;
	d->fragment = (be16(h + 6) & 0x1fffu) * 8;
	more = be16(h + 6) & 0x2000;
	/* Ethernet pads short frames: what lies behind IP's own length is not part of it. */
	end = d->network + (total < room ? total : room);
	whole = total <= room && !more && !d->fragment;
	d->transport = d->network + header;
	d->payload = d->transport;
	d->payload_len = end - d->transport;
	if (d->fragment)
		return;
	if (d->protocol == 6)
		decode_tcp(d, end, whole);
	else if (d->protocol == 17)
		decode_udp(d, end, whole);
	else if (d->protocol == 1)
		decode_icmp(d, end, whole);
}

/*
 * A packet of a device without a link layer (a tun): nothing tells it from a frame but that it is
 * an IPv4 packet from its first byte on, with a header whose checksum holds.
 */
static bool is_bare_ip(const uint8_t *bytes, size_t len)
{
	size_t header = len ? (size_t)(bytes[0] & 15) * 4 : 0;

	return len >= IP_HEADER && bytes[0] >> 4 == 4 && header >= IP_HEADER && header <= len &&
	       be16(bytes + 2) <= len && sum(0, bytes, header) == 0xffff;
}

void decode_frame(struct decoded *d, const uint8_t *bytes, size_t len)
{
	memset(d, 0, sizeof(*d));
	d->bytes = bytes;
	d->len = len;
	if (len < ETHERNET_HEADER) {
		d->cut = "ether";
		return;
	}
	if (is_bare_ip(bytes, len)) {
		decode_ip(d);
		return;
	}
	d->layer = DECODE_ETHERNET;
	d->ethertype = be16(bytes + 12);
	d->network = ETHERNET_HEADER;
	if (d->ethertype == 0x8100 && len >= ETHERNET_HEADER + VLAN_TAG) {
		d->ethertype = be16(bytes + 16);
		d->network += VLAN_TAG;
	}
	if (d->ethertype == 0x0800) {
		decode_ip(d);
	} else if (d->ethertype == 0x0806) {
		const uint8_t *h = bytes + d->network;

		/* Only Ethernet and IPv4 addresses (hardware type 1, 6 and 4 bytes) are known. */
		if (len - d->network < ARP_IPV4 || be16(h) != 1 || be16(h + 2) != 0x0800 ||
		    h[4] != 6 || h[5] != 4)
			d->cut = "arp";
		else
			d->layer = DECODE_ARP;
	}
}

/* ---- initial sequence numbers ---------------------------------------------------------------- */

void decode_learn(struct decode_flows *flows, const struct decoded *d, int64_t step)
{
	struct decode_flow *f;

	if (d->layer != DECODE_TCP || !(d->flags & DECODE_SYN))
		return;
	if (flows->count == flows->room) {
		size_t room = flows->room ? flows->room * 2 : 16;

		f = realloc(flows->flow, room * sizeof(*f));
		if (!f)
			return;
		flows->flow = f;
		flows->room = room;
	}
	flows->flow[flows->count++] = (struct decode_flow){
		.saddr = d->saddr,
		.daddr = d->daddr,
		.sport = d->sport,
		.dport = d->dport,
		.isn = d->seq,
		.since = step,
	};
}

void decode_flows_free(struct decode_flows *flows)
{
	free(flows->flow);
	memset(flows, 0, sizeof(*flows));
}

/*
 * The initial sequence number that a direction had by a step; false if it is not known.  The
 * other direction is asked for by swapping addresses and ports.
 */
bool decode_isn(const struct decode_flows *flows, const struct decoded *d, bool backwards,
		int64_t step, uint32_t *isn)
{
	for (size_t i = flows ? flows->count : 0; i-- > 0;) {
		const struct decode_flow *f = &flows->flow[i];

		if (f->since <= step && f->saddr == (backwards ? d->daddr : d->saddr) &&
		    f->daddr == (backwards ? d->saddr : d->daddr) &&
		    f->sport == (backwards ? d->dport : d->sport) &&
		    f->dport == (backwards ? d->sport : d->dport)) {
			*isn = f->isn;
			return true;
		}
	}
	return false;
}
