/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * What tun0 sends and receives; see machine.h. Not written down, because each kernel has its own:
 * ports it chose, initial numbers (others count from them), time stamps of ours, windows and their
 * scale, PSH, and the identification of packets.
 */

#include <string.h>

#include "tests/host/machine.h"
#include "tests/lib/bytes.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, MOST = 64 };

/** struct flow - a connection of which a SYN was seen; numbers in host byte order */
struct flow {
	uint32_t far, near;
	uint16_t sport, dport;
	uint32_t isn, nxt;           /* of the machine */
	uint32_t peer_isn, peer_nxt; /* ours */
	uint32_t stamp;
	bool stamps;
	uint8_t last[96]; /* the beginning of the last packet, which ICMP quotes */
	int slot;
};

static struct flow flows[MOST];
static int nflows;
static uint32_t injected_seq, injected_ack, our_stamp = 5000;

static struct flow *find(uint32_t far, uint16_t sport, uint16_t dport)
{
	for (int i = nflows; i-- > 0;) {
		if (flows[i].far == far && flows[i].sport == sport && flows[i].dport == dport)
			return &flows[i];
	}
	return NULL;
}

static struct flow *flow_new(const uint8_t *ip, const uint8_t *t, int slot)
{
	struct flow *f = &flows[nflows++];

	memset(f, 0, sizeof(*f));
	memcpy(&f->near, ip + 12, 4);
	memcpy(&f->far, ip + 16, 4);
	f->sport = (uint16_t)get16(t);
	f->dport = (uint16_t)get16(t + 2);
	f->isn = f->nxt = get32(t + 4);
	f->peer_isn = 0x30000000u + (uint32_t)nflows * 0x10000;
	f->slot = slot;
	return f;
}

static void say_options(const uint8_t *p, const uint8_t *end, struct flow *f)
{
	say(" <");
	for (; p < end && *p; p += *p == 1 ? 1 : p[1] ? p[1] : 1) {
		if (*p == 1)
			say("nop,");
		else if (*p == 2)
			say("mss %u,", (unsigned int)get16(p + 2));
		else if (*p == 8) {
			say("TS ecr %u,", get32(p + 6));
			if (f) {
				f->stamp = get32(p + 2);
				f->stamps = true;
			}
		} else if (*p == 5 && f) {
			for (int i = 2; i < p[1]; i += 8)
				say("sack %d:%d,", (int)(get32(p + i) - f->peer_isn),
				    (int)(get32(p + i + 4) - f->peer_isn));
		} else {
			say("kind %d,", *p);
		}
	}
	say(">");
}

/* What the machine has told about itself: how far it has sent, and received. */
static void learn(struct flow *f, const uint8_t *ip, const uint8_t *t, size_t data)
{
	uint32_t end = get32(t + 4) + (uint32_t)data + !!(t[13] & SYN) + !!(t[13] & FIN);

	if (t[13] & RST)
		return;
	if ((int)(end - f->nxt) > 0)
		f->nxt = end;
	if (t[13] & ACK)
		f->peer_nxt = get32(t + 8);
	memcpy(f->last, ip, sizeof(f->last));
}

/* false: a SYN sent again, which is a matter of time. */
static bool show_tcp(const uint8_t *ip, const uint8_t *t, size_t length, int slot)
{
	uint32_t far, seq = get32(t + 4), ack = get32(t + 8), base, peer;
	size_t header = (size_t)(t[12] >> 4) * 4;
	struct flow *f;

	memcpy(&far, ip + 16, 4);
	f = find(far, (uint16_t)get16(t), (uint16_t)get16(t + 2));
	if ((t[13] & (SYN | ACK)) == SYN) {
		if (f && f->isn == seq)
			return false;
		if (nflows < MOST)
			f = flow_new(ip, t, slot);
	}
	base = f ? f->isn : injected_ack;
	peer = f ? f->peer_isn : injected_seq;
	say("    out TCP %s > %s:%u ", port_text((uint16_t)get16(t)), address_text(far),
	    (unsigned int)get16(t + 2));
	for (int i = 0; i < 8; i++) {
		if ((t[13] & ~PSH) >> i & 1)
			say("%c", "FSRPAUEW"[i]);
	}
	say(" seq %d ack %d data %zu", seq ? (int)(seq - base) : 0,
	    t[13] & ACK ? (int)(ack - peer) : 0, length - header);
	say_options(t + 20, t + header, t[13] & RST ? NULL : f);
	if (f)
		learn(f, ip, t, length - header);
	return true;
}

static void show(const uint8_t *ip, size_t length, int slot)
{
	size_t header = (size_t)(ip[0] & 15) * 4;
	const uint8_t *body = ip + header;
	uint32_t far;

	memcpy(&far, ip + 16, 4);
	if (ip[0] >> 4 != 4 || ip[9] == 2)
		return; /* IPv6's and IGMP's own */
	if (ip[9] == 6) {
		if (!show_tcp(ip, body, length - header, slot))
			return;
	} else if (ip[9] == 17) {
		say("    out UDP %s > %s:%u", port_text((uint16_t)get16(body)), address_text(far),
		    (unsigned int)get16(body + 2));
	} else {
		say("    out protocol %d > %s type %d code %d", ip[9], address_text(far), body[0],
		    body[1]);
	}
	say(" length %zu ttl %d tos %d df %d options %zu\n", length, ip[8], ip[1], ip[6] >> 6 & 1,
	    header - 20);
}

void packets_show(int slot)
{
	static uint8_t packet[PACKET_MAX + 96];
	size_t n;

	for (int i = 0; i < 100 && (n = machine->packet(packet)) > 0; i++)
		show(packet, n, slot);
}

/* ---------------------------------------------------------------- in */

/* A SYN's options, each there or not by a bit of @want. Return: bytes. */
static size_t syn_options(uint8_t *o, uint32_t want)
{
	static const uint16_t sizes[] = { 1460, 1460, 1400, 536, 100, 40, 9000, 0, 65535 };
	uint32_t size = PICK(sizes), scale = rnd(17);
	size_t n = 0;

	if (want & 1) {
		memcpy(o, (const uint8_t[]){ 2, 4 }, 2);
		put16(o + 2, size);
		n += 4;
	}
	if (want & 2) {
		memcpy(o + n, (const uint8_t[]){ 1, 3, 3, (uint8_t)scale }, 4);
		n += 4;
	}
	if (want & 4) {
		memcpy(o + n, (const uint8_t[]){ 1, 1, 4, 2 }, 4);
		n += 4;
	}
	say(" options %u mss %u scale %u", want, size, scale);
	return n;
}

/* A time stamp: mostly a good one. */
static size_t stamp_option(uint8_t *o, const struct flow *f, uint32_t kind)
{
	memcpy(o, (const uint8_t[]){ 1, 1, 8, 10 }, 4);
	put32(o + 4, kind == 2 ? our_stamp - 3000 : our_stamp++);
	put32(o + 8, kind == 3 ? 0 : kind == 4 ? f->stamp + 1000000 : f->stamp);
	say(" stamp %u", kind);
	return 12;
}

/*
 * Not here: what has changed since v4.9: an ACK of what was acknowledged long ago or was never sent,
 * urgent data, segments in SYN-RECEIVED (so no SYN of ours); and a FIN, whose ACK is a matter of time.
 */
void packets_inject_tcp(void)
{
	static const uint8_t kinds[] = { 0x12, 0x12, 0x12, 0x04, 0x14, 0x10,
					 0x10, 0x18, 0x00, 0x52, 0x92, 0x50 };
	static const int seqs[] = { 0, 0, 0, 0, 0, 0, 1, -1, 100, 100000, -100000 };
	static const int acks[] = { 0, 0, 0, 0, 0, 0, -1, 1, 5, 100000, -100000, -5 };
	static const int sizes[] = { 0, 0, 0, 1, 10, 100, 1000 };
	static uint8_t ip[2048];
	uint8_t flags = PICK(kinds), *t = ip + 20;
	int dseq = PICK(seqs), dack = PICK(acks), data = PICK(sizes);
	uint32_t want = rnd(16), kind = rnd(12), older = rnd(3);
	struct flow *f;
	size_t n = 20, all;

	if (!nflows)
		return;
	f = &flows[nflows - 1 - (older == 0 && nflows > 1)];
	if (flags & SYN)
		data = 0;
	if (!(flags & (SYN | RST)))
		dack = 0;
	say("in TCP of socket %d flags %02x seq %d ack %d data %d", f->slot, flags, dseq, dack,
	    data);
	memset(ip, 0, sizeof(ip));
	injected_seq = (flags & SYN || !f->peer_nxt ? f->peer_isn : f->peer_nxt) + (uint32_t)dseq;
	injected_ack = f->nxt + (uint32_t)dack;
	put16(t, f->dport);
	put16(t + 2, f->sport);
	put32(t + 4, injected_seq);
	put32(t + 8, flags & ACK ? injected_ack : 0);
	t[13] = flags;
	put16(t + 14, 29200);
	if (flags & SYN)
		n += syn_options(t + n, want);
	if (flags & SYN ? want & 8 : f->stamps && kind > 1)
		n += stamp_option(t + n, f, kind);
	say("\n");
	t[12] = (uint8_t)(n / 4 << 4);
	memset(t + n, 'x', (size_t)data);
	all = n + (size_t)data;
	put16(t + 16, fold(sum(t, all,
			       sum((uint8_t *)&f->far, 4,
				   sum((uint8_t *)&f->near, 4, 6 + (uint32_t)all)))));
	ip_header(ip, f->far, f->near, 6, all);
	machine->inject(ip, 20 + all);
	packets_show(f->slot);
}

/* Not here: path MTUs below min_pmtu, which lock the path's today; and time exceeded in reassembly. */
void packets_inject_icmp(void)
{
	static const uint8_t types[] = { 3, 3, 3, 3, 11, 12, 4, 5, 14 };
	static const uint32_t mtus[] = { 552, 576, 1000, 1400, 1500, 9000, 65535 };
	static const int seqs[] = { 0, 0, 0, 0, 1, -1, 100000 };
	uint8_t ip[20 + 8 + 96] = { 0 }, *icmp = ip + 20, type = PICK(types);
	uint32_t code = type == 3 ? rnd(17) : 0, mtu = PICK(mtus);
	int dseq = PICK(seqs);
	const struct flow *f;
	size_t header, n;

	if (!nflows)
		return;
	f = &flows[nflows - 1];
	say("in ICMP %d/%u mtu %u seq %d\n", type, code, mtu, dseq);
	header = (size_t)(f->last[0] & 15) * 4;
	n = 8 + header + 8;
	icmp[0] = type;
	icmp[1] = (uint8_t)code;
	if (type == 3 && code == 4)
		put16(icmp + 6, mtu);
	memcpy(icmp + 8, f->last, header + 8);
	put32(icmp + 8 + header + 4, get32(icmp + 8 + header + 4) + (uint32_t)dseq);
	put16(icmp + 2, fold(sum(icmp, n, 0)));
	ip_header(ip, f->far, f->near, 1, n);
	machine->inject(ip, 20 + n);
	packets_show(f->slot);
}
