/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A decoded frame in words: one line as tcpdump writes it, because whoever knows TCP reads that
 * already, and the fields one by one for the packets pane.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "viewer/decode.h"
#include "viewer/decode_bytes.h"

/* Text that grows in a buffer and is cut, never overrun, at its end. */
struct text {
	char *buf;
	size_t len, at;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *fmt, ...)
{
	va_list args;
	int n;

	if (t->at >= t->len)
		return;
	va_start(args, fmt);
	n = vsnprintf(t->buf + t->at, t->len - t->at, fmt, args);
	va_end(args);
	if (n > 0)
		t->at += (size_t)n;
}

char *decode_address(char *buf, uint32_t addr)
{
	const uint8_t *a = (const uint8_t *)&addr;

	snprintf(buf, 16, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
	return buf;
}

static char *mac(char buf[18], const uint8_t *m)
{
	snprintf(buf, 18, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
	return buf;
}

char *decode_flags(char *buf, uint8_t flags)
{
	static const struct {
		uint8_t bit;
		char letter;
	} letters[] = {
		{ DECODE_FIN, 'F' }, { DECODE_SYN, 'S' }, { DECODE_RST, 'R' }, { DECODE_PSH, 'P' },
		{ DECODE_ACK, '.' }, { DECODE_URG, 'U' }, { DECODE_ECE, 'E' }, { DECODE_CWR, 'W' },
	};
	char *p = buf;

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (flags & letters[i].bit)
			*p++ = letters[i].letter;
	strcpy(p, p == buf ? "none" : "");
	return buf;
}

static void add_hex(struct text *t, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		add(t, "%02x", p[i]);
}

/* ---- TCP's options --------------------------------------------------------------------------- */

/* One option of known length; p is its first byte, the kind. */
static void add_tcp_option(struct text *t, const uint8_t *p, size_t len)
{
	switch (p[0]) {
	case 2:
		if (len == 4)
			add(t, "mss %u", be16(p + 2));
		else
			add(t, "mss [bad length %zu]", len);
		break;
	case 3:
		if (len == 3)
			add(t, "wscale %u", p[2]);
		else
			add(t, "wscale [bad length %zu]", len);
		break;
	case 4:
		add(t, "sackOK");
		break;
	case 5:
		add(t, "sack %zu ", (len - 2) / 8);
		for (size_t i = 2; i + 8 <= len; i += 8)
			add(t, "{%u:%u}", be32(p + i), be32(p + i + 4));
		break;
	case 8:
		if (len == 10)
			add(t, "TS val %u ecr %u", be32(p + 2), be32(p + 6));
		else
			add(t, "TS [bad length %zu]", len);
		break;
	case 19:
		add(t, "md5 ");
		add_hex(t, p + 2, len - 2);
		break;
	case 28:
		add(t, "uto");
		break;
	case 34:
		add(t, len == 2 ? "tfo cookiereq" : "tfo cookie ");
		add_hex(t, p + 2, len - 2);
		break;
	case 254:
		if (len >= 4 && be16(p + 2) == 0xf989) {
			add(t, len == 4 ? "exp-tfo cookiereq" : "exp-tfo cookie ");
			add_hex(t, p + 4, len - 4);
			break;
		}
		/* fall through */
	default:
		add(t, "unknown-%u", p[0]);
		if (len > 2) {
			add(t, " 0x");
			add_hex(t, p + 2, len - 2);
		}
	}
}

/*
 * Walks the options; FN gets each with its offset from P and its length.  A length that cannot be
 * is told by a length of 0, and ends the walk.
 */
static void each_option(const uint8_t *p, size_t len, void (*fn)(void *, const uint8_t *, size_t),
			void *ctx)
{
	for (size_t at = 0; at < len;) {
		size_t size = 1;

		if (p[at] > 1) {
			size = at + 1 < len ? p[at + 1] : 0;
			if (size < 2 || at + size > len) {
				fn(ctx, p + at, 0);
				return;
			}
		}
		fn(ctx, p + at, size);
		if (p[at] == 0)
			return;
		at += size;
	}
}

static void one_tcp_option(void *ctx, const uint8_t *p, size_t len)
{
	struct text *t = ctx;

	if (t->at)
		add(t, ",");
	if (len == 0)
		add(t, "[bad opt]");
	else if (p[0] == 0)
		add(t, "eol");
	else if (p[0] == 1)
		add(t, "nop");
	else
		add_tcp_option(t, p, len);
}

char *decode_tcp_options(char *buf, size_t len, const struct decoded *d)
{
	struct text t = { buf, len, 0 };

	buf[0] = '\0';
	if (d->layer == DECODE_TCP && d->payload > d->transport + 20)
		each_option(d->bytes + d->transport + 20, d->payload - d->transport - 20,
			    one_tcp_option, &t);
	return buf;
}

/* ---- IP's options ---------------------------------------------------------------------------- */

static const char *ip_option_name(uint8_t type)
{
	static const char *const names[256] = {
		[0] = "eol",         [1] = "nop",        [7] = "rr",
		[68] = "ts",         [130] = "security", [131] = "lsrr",
		[136] = "stream id", [137] = "ssrr",     [148] = "ra",
	};

	return names[type];
}

static void one_ip_option(void *ctx, const uint8_t *p, size_t len)
{
	struct text *t = ctx;
	const char *name = ip_option_name(p[0]);
	char a[16];
	uint32_t addr;

	if (t->at)
		add(t, ",");
	if (len == 0)
		add(t, "[bad opt]");
	else if (name)
		add(t, "%s", name);
	else
		add(t, "unknown-%u", p[0]);
	/* Routes: type, length, pointer (from 1) to the next free place, then addresses. */
	if (len > 3 && (p[0] == 7 || p[0] == 131 || p[0] == 137))
		for (size_t i = 3; i + 4 <= len; i += 4) {
			memcpy(&addr, p + i, 4);
			add(t, " %s%s", decode_address(a, addr), p[2] == i + 1 ? "^" : "");
		}
}

static char *ip_options(char *buf, size_t len, const struct decoded *d)
{
	const uint8_t *h = d->bytes + d->network;
	struct text t = { buf, len, 0 };

	buf[0] = '\0';
	each_option(h + 20, (size_t)(h[0] & 15) * 4 - 20, one_ip_option, &t);
	return buf;
}

/* ---- one line ---------------------------------------------------------------------------------- */

static void line_arp(struct text *t, const struct decoded *d)
{
	const uint8_t *h = d->bytes + d->network;
	char sender[16], target[16], hw[18];
	uint32_t spa, tpa;

	memcpy(&spa, h + 14, 4);
	memcpy(&tpa, h + 24, 4);
	decode_address(sender, spa);
	decode_address(target, tpa);
	switch (be16(h + 6)) {
	case 1:
		add(t, "ARP, Request who-has %s tell %s", target, sender);
		break;
	case 2:
		add(t, "ARP, Reply %s is-at %s", sender, mac(hw, h + 8));
		break;
	default:
		add(t, "ARP, operation %u", be16(h + 6));
	}
	add(t, ", length %zu", d->len - d->network);
}

/* "seq 1:101" relative to the flow's start where that is known, as tcpdump does. */
static void line_tcp(struct text *t, const struct decoded *d, const struct decode_flows *flows,
		     int64_t step)
{
	char flags[10], options[256];
	uint32_t isn = 0;

	add(t, "Flags [%s]", decode_flags(flags, d->flags));
	if (!(d->flags & DECODE_SYN))
		decode_isn(flows, d, false, step, &isn);
	if (d->payload_len)
		add(t, ", seq %u:%u", d->seq - isn, d->seq - isn + (uint32_t)d->payload_len);
	else if (d->flags & (DECODE_SYN | DECODE_FIN | DECODE_RST))
		add(t, ", seq %u", d->seq - isn);
	isn = 0;
	if (d->flags & DECODE_ACK) {
		/* The SYN-ACK's ack shows the initial number it answers; later ones are relative. */
		if (!(d->flags & DECODE_SYN))
			decode_isn(flows, d, true, step, &isn);
		add(t, ", ack %u", d->ack - isn);
	}
	add(t, ", win %u", d->window);
	if (d->flags & DECODE_URG)
		add(t, ", urg %u", be16(d->bytes + d->transport + 18));
	decode_tcp_options(options, sizeof(options), d);
	if (options[0])
		add(t, ", options [%s]", options);
	add(t, ", length %zu", d->payload_len);
}

static const char *const unreachable[] = {
	"net unreachable",
	"host unreachable",
	"protocol unreachable",
	"port unreachable",
	"fragmentation needed",
	"source route failed",
	"net unknown",
	"host unknown",
	"source isolated",
	"net prohibited",
	"host prohibited",
	"net unreachable for tos",
	"host unreachable for tos",
	"admin prohibited filter",
	"host precedence violation",
	"precedence cutoff",
};

/* What an ICMP error quotes: the head of the packet it is about (RFC 792: header and 8 bytes). */
static void add_quoted(struct text *t, const struct decoded *d)
{
	const uint8_t *q = d->bytes + d->payload;
	size_t header;
	char a[16], b[16];
	uint32_t saddr, daddr;

	if (d->payload_len < 20)
		return;
	header = (size_t)(q[0] & 15) * 4;
	memcpy(&saddr, q + 12, 4);
	memcpy(&daddr, q + 16, 4);
	decode_address(a, saddr);
	decode_address(b, daddr);
	if ((q[9] == 6 || q[9] == 17) && header >= 20 && d->payload_len >= header + 4)
		add(t, " (about %s %s.%u > %s.%u)", q[9] == 6 ? "TCP" : "UDP", a, be16(q + header),
		    b, be16(q + header + 2));
	else
		add(t, " (about %s > %s)", a, b);
}

static void line_icmp(struct text *t, const struct decoded *d)
{
	const uint8_t *h = d->bytes + d->transport;

	add(t, "ICMP ");
	switch (h[0]) {
	case 0:
	case 8:
		add(t, "echo %s, id %u, seq %u", h[0] ? "request" : "reply", be16(h + 4),
		    be16(h + 6));
		break;
	case 3:
		if (h[1] < sizeof(unreachable) / sizeof(unreachable[0]))
			add(t, "%s", unreachable[h[1]]);
		else
			add(t, "unreachable, code %u", h[1]);
		if (h[1] == 4)
			add(t, " (mtu %u)", be16(h + 6));
		add_quoted(t, d);
		break;
	case 4:
		add(t, "source quench");
		add_quoted(t, d);
		break;
	case 5:
		add(t, "redirect to %u.%u.%u.%u", h[4], h[5], h[6], h[7]);
		add_quoted(t, d);
		break;
	case 11:
		add(t, h[1] ? "reassembly time exceeded" : "time exceeded in-transit");
		add_quoted(t, d);
		break;
	case 12:
		add(t, "parameter problem, octet %u", h[4]);
		add_quoted(t, d);
		break;
	default:
		add(t, "type %u, code %u", h[0], h[1]);
	}
	add(t, ", length %zu", d->payload_len + 8);
}

static void line_ip(struct text *t, const struct decoded *d, const struct decode_flows *flows,
		    int64_t step)
{
	char a[16], b[16], options[160];

	decode_address(a, d->saddr);
	decode_address(b, d->daddr);
	if (d->layer == DECODE_TCP || d->layer == DECODE_UDP)
		add(t, "IP %s.%u > %s.%u: ", a, d->sport, b, d->dport);
	else
		add(t, "IP %s > %s: ", a, b);
	if (d->layer == DECODE_TCP)
		line_tcp(t, d, flows, step);
	else if (d->layer == DECODE_UDP)
		add(t, "UDP, length %zu", d->payload_len);
	else if (d->layer == DECODE_ICMP)
		line_icmp(t, d);
	else if (d->fragment)
		add(t, "ip-proto-%u fragment at %u, length %zu", d->protocol, d->fragment,
		    d->payload_len);
	else if (!d->cut)
		add(t, "ip-proto-%u, length %zu", d->protocol, d->payload_len);
	ip_options(options, sizeof(options), d);
	if (options[0])
		add(t, ", IP options [%s]", options);
	if (d->ip_sum_bad)
		add(t, ", bad IP cksum");
	if (d->sum_bad)
		add(t, ", bad cksum");
}

char *decode_line(char *buf, size_t len, const struct decoded *d, const struct decode_flows *flows,
		  int64_t step)
{
	struct text t = { buf, len, 0 };
	char a[18], b[18];

	buf[0] = '\0';
	if (d->layer >= DECODE_IP)
		line_ip(&t, d, flows, step);
	else if (d->layer == DECODE_ARP)
		line_arp(&t, d);
	else if (d->layer == DECODE_ETHERNET)
		add(&t, "%s > %s, ethertype 0x%04x, length %zu", mac(a, d->bytes + 6),
		    mac(b, d->bytes), d->ethertype, d->len);
	if (d->cut)
		add(&t, "%s[|%s]", t.at ? " " : "", d->cut);
	return buf;
}

/* ---- field by field ---------------------------------------------------------------------------- */

struct fields {
	const struct decoded *d;
	decode_field_fn fn;
	void *ctx;
};

__attribute__((format(printf, 6, 7))) static void
field(struct fields *f, bool heading, size_t at, size_t len, const char *name, const char *fmt, ...)
{
	char value[320];
	va_list args;

	va_start(args, fmt);
	vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	f->fn(f->ctx, heading, at, len, name, value);
}

static void fields_ip(struct fields *f)
{
	const struct decoded *d = f->d;
	const uint8_t *h = d->bytes + d->network;
	size_t at = d->network, header = (size_t)(h[0] & 15) * 4;
	char a[16], options[160];

	field(f, true, at, 0, "IPv4", "%zu bytes%s", header, d->ip_sum_bad ? ", bad checksum" : "");
	field(f, false, at + 1, 1, "tos", "0x%02x", h[1]);
	field(f, false, at + 2, 2, "total length", "%u", be16(h + 2));
	field(f, false, at + 4, 2, "id", "%u", be16(h + 4));
	field(f, false, at + 6, 2, "fragment", "%s%soffset %u", be16(h + 6) & 0x4000 ? "DF, " : "",
	      be16(h + 6) & 0x2000 ? "MF, " : "", d->fragment);
	field(f, false, at + 8, 1, "ttl", "%u", h[8]);
	field(f, false, at + 9, 1, "protocol", "%u%s", h[9],
	      h[9] == 6  ? " TCP" :
	      h[9] == 17 ? " UDP" :
	      h[9] == 1  ? " ICMP" :
			   "");
	field(f, false, at + 10, 2, "checksum", "0x%04x%s", be16(h + 10),
	      d->ip_sum_bad ? " wrong" : "");
	field(f, false, at + 12, 4, "source", "%s", decode_address(a, d->saddr));
	field(f, false, at + 16, 4, "destination", "%s", decode_address(a, d->daddr));
	if (header > 20)
		field(f, false, at + 20, header - 20, "options", "%s",
		      ip_options(options, sizeof(options), d));
}

static void fields_tcp(struct fields *f, const struct decode_flows *flows, int64_t step)
{
	const struct decoded *d = f->d;
	const uint8_t *h = d->bytes + d->transport;
	size_t at = d->transport;
	char flags[10], options[256];
	uint32_t isn;

	field(f, true, at, 0, "TCP", "%zu bytes%s", d->payload - at,
	      d->sum_bad ? ", bad checksum" : "");
	field(f, false, at, 2, "source port", "%u", d->sport);
	field(f, false, at + 2, 2, "destination port", "%u", d->dport);
	if (!(d->flags & DECODE_SYN) && decode_isn(flows, d, false, step, &isn))
		field(f, false, at + 4, 4, "seq", "%u (first + %u)", d->seq, d->seq - isn);
	else
		field(f, false, at + 4, 4, "seq", "%u", d->seq);
	if (decode_isn(flows, d, true, step, &isn) && d->flags & DECODE_ACK)
		field(f, false, at + 8, 4, "ack", "%u (first + %u)", d->ack, d->ack - isn);
	else
		field(f, false, at + 8, 4, "ack", "%u", d->ack);
	field(f, false, at + 13, 1, "flags", "%s%s%s%s%s%s%s%s[%s]",
	      d->flags & DECODE_SYN ? "SYN " : "", d->flags & DECODE_ACK ? "ACK " : "",
	      d->flags & DECODE_FIN ? "FIN " : "", d->flags & DECODE_RST ? "RST " : "",
	      d->flags & DECODE_PSH ? "PSH " : "", d->flags & DECODE_URG ? "URG " : "",
	      d->flags & DECODE_ECE ? "ECE " : "", d->flags & DECODE_CWR ? "CWR " : "",
	      decode_flags(flags, d->flags));
	field(f, false, at + 14, 2, "window", "%u", d->window);
	field(f, false, at + 16, 2, "checksum", "0x%04x%s", be16(h + 16),
	      d->sum_bad ? " wrong" : "");
	decode_tcp_options(options, sizeof(options), d);
	if (options[0])
		field(f, false, at + 20, d->payload - at - 20, "options", "%s", options);
	if (d->payload_len)
		field(f, false, d->payload, d->payload_len, "data", "%zu bytes", d->payload_len);
}

static void fields_arp(struct fields *f)
{
	const uint8_t *h = f->d->bytes + f->d->network;
	size_t at = f->d->network;
	char hw[18], a[16];
	uint32_t addr;

	field(f, true, at, 0, "ARP", "Ethernet and IPv4");
	field(f, false, at + 6, 2, "operation", "%u%s", be16(h + 6),
	      be16(h + 6) == 1 ? " request" :
	      be16(h + 6) == 2 ? " reply" :
				 "");
	memcpy(&addr, h + 14, 4);
	field(f, false, at + 8, 6, "sender hardware", "%s", mac(hw, h + 8));
	field(f, false, at + 14, 4, "sender address", "%s", decode_address(a, addr));
	memcpy(&addr, h + 24, 4);
	field(f, false, at + 18, 6, "target hardware", "%s", mac(hw, h + 18));
	field(f, false, at + 24, 4, "target address", "%s", decode_address(a, addr));
}

static void fields_rest(struct fields *f)
{
	const struct decoded *d = f->d;
	const uint8_t *h = d->bytes + d->transport;
	char words[200];
	struct text t = { words, sizeof(words), 0 };

	words[0] = '\0';
	if (d->layer == DECODE_UDP) {
		field(f, true, d->transport, 0, "UDP", "8 bytes%s",
		      d->sum_bad ? ", bad checksum" : "");
		field(f, false, d->transport, 2, "source port", "%u", d->sport);
		field(f, false, d->transport + 2, 2, "destination port", "%u", d->dport);
		field(f, false, d->transport + 4, 2, "length", "%u", be16(h + 4));
		field(f, false, d->transport + 6, 2, "checksum", "0x%04x%s", be16(h + 6),
		      d->sum_bad ? " wrong" : "");
	} else if (d->layer == DECODE_ICMP) {
		line_icmp(&t, d);
		field(f, true, d->transport, 0, "ICMP", "%s", words);
		field(f, false, d->transport, 1, "type", "%u", h[0]);
		field(f, false, d->transport + 1, 1, "code", "%u", h[1]);
	}
	if (d->payload_len)
		field(f, false, d->payload, d->payload_len, "data", "%zu bytes", d->payload_len);
}

void decode_fields(const struct decoded *d, const struct decode_flows *flows, int64_t step,
		   decode_field_fn fn, void *ctx)
{
	struct fields f = { d, fn, ctx };
	char hw[18];

	if (d->layer >= DECODE_ETHERNET && d->network) {
		field(&f, true, 0, 0, "Ethernet", "%zu bytes", d->len);
		field(&f, false, 0, 6, "destination", "%s", mac(hw, d->bytes));
		field(&f, false, 6, 6, "source", "%s", mac(hw, d->bytes + 6));
		field(&f, false, 12, 2, "type", "0x%04x%s", d->ethertype,
		      d->ethertype == 0x0800 ? " IPv4" :
		      d->ethertype == 0x0806 ? " ARP" :
					       "");
	}
	if (d->layer == DECODE_ARP)
		fields_arp(&f);
	if (d->layer >= DECODE_IP)
		fields_ip(&f);
	if (d->layer == DECODE_TCP)
		fields_tcp(&f, flows, step);
	else if (d->layer >= DECODE_IP)
		fields_rest(&f);
	if (d->cut)
		field(&f, true, d->len, 0, "cut off", "the %s header is not whole", d->cut);
}
