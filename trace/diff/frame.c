/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes of packets, held against each other field by field: which field of which header a byte is
 * part of, also in a header that an ICMP error quotes, or that lies somewhere in copied memory.
 */
#include <string.h>

#include "trace/diff/internal.h"

struct field {
	const char *name;
	size_t at, len;
};

static const struct field ip_fields[] = {
	{ "ip.version", 0, 1 },  { "ip.tos", 1, 1 },      { "ip.length", 2, 2 },
	{ "ip.id", 4, 2 },       { "ip.fragment", 6, 2 }, { "ip.ttl", 8, 1 },
	{ "ip.protocol", 9, 1 }, { "ip.check", 10, 2 },   { "ip.saddr", 12, 4 },
	{ "ip.daddr", 16, 4 },
};
static const struct field tcp_fields[] = {
	{ "tcp.sport", 0, 2 },   { "tcp.dport", 2, 2 },   { "tcp.seq", 4, 4 },
	{ "tcp.ack", 8, 4 },     { "tcp.offset", 12, 1 }, { "tcp.flags", 13, 1 },
	{ "tcp.window", 14, 2 }, { "tcp.check", 16, 2 },  { "tcp.urgent", 18, 2 },
};
static const struct field udp_fields[] = {
	{ "udp.sport", 0, 2 },
	{ "udp.dport", 2, 2 },
	{ "udp.length", 4, 2 },
	{ "udp.check", 6, 2 },
};
static const struct field icmp_fields[] = {
	{ "icmp.type", 0, 1 },
	{ "icmp.code", 1, 1 },
	{ "icmp.check", 2, 2 },
	{ "icmp.rest", 4, 4 },
};
static const struct field eth_fields[] = {
	{ "eth.dst", 0, 6 },
	{ "eth.src", 6, 6 },
	{ "eth.type", 12, 2 },
};

/* The field of a table that holds byte I of a header at AT. */
static bool in_table(const struct field *table, size_t count, size_t at, size_t i,
		     struct field *out)
{
	for (size_t k = 0; k < count; k++) {
		if (i < at + table[k].at || i >= at + table[k].at + table[k].len)
			continue;
		*out = table[k];
		out->at += at;
		return true;
	}
	return false;
}
#define IN_TABLE(table, at, i, out) in_table(table, sizeof(table) / sizeof((table)[0]), at, i, out)

/* An option of TCP by its kind; its numbers from byte 2 on. */
static void tcp_option(const uint8_t *p, size_t at, size_t len, size_t i, struct field *out)
{
	*out = (struct field){ "tcp.option", at, len };
	if (i < at + 2)
		return;
	switch (p[at]) {
	case 2:
		*out = (struct field){ "tcp.mss", at + 2, len - 2 };
		break;
	case 3:
		*out = (struct field){ "tcp.wscale", at + 2, len - 2 };
		break;
	case 5:
		*out = (struct field){ "tcp.sack", at + 2 + (i - at - 2) / 4 * 4, 4 };
		break;
	case 8:
		*out = i < at + 6 ? (struct field){ "tcp.tsval", at + 2, 4 } :
				    (struct field){ "tcp.tsecr", at + 6, 4 };
		break;
	case 19:
		*out = (struct field){ "tcp.md5", at + 2, len - 2 };
		break;
	case 34:
	case 254:
		*out = (struct field){ "tcp.cookie", at + 2, len - 2 };
		break;
	}
}

static void tcp_field(const uint8_t *p, size_t n, size_t tcp, size_t i, struct field *out)
{
	size_t end = tcp + (size_t)(p[tcp + 12] >> 4) * 4, at = tcp + 20;

	if (IN_TABLE(tcp_fields, tcp, i, out)) {
		if (p[tcp + 13] & 2 && !strcmp(out->name, "tcp.seq"))
			out->name = "tcp.isn";
		return;
	}
	*out = (struct field){ "payload", i, 1 };
	while (at < end && at < n && i < end) {
		size_t len = p[at] <= 1 ? 1 : at + 1 < n ? p[at + 1] : 0;

		if (len < 1 || at + len > n || (p[at] > 1 && len < 2))
			return;
		if (i < at + len) {
			tcp_option(p, at, len, i, out);
			return;
		}
		at += len;
	}
}

static void ip_field(const uint8_t *p, size_t n, size_t ip, size_t i, struct field *out, int depth);

static void icmp_field(const uint8_t *p, size_t n, size_t icmp, size_t i, struct field *out,
		       int depth)
{
	uint8_t type = p[icmp];

	if (IN_TABLE(icmp_fields, icmp, i, out))
		return;
	*out = (struct field){ "payload", i, 1 };
	if (depth < 1 && (type == 3 || type == 4 || type == 5 || type == 11 || type == 12) &&
	    icmp + 28 <= n)
		ip_field(p, n, icmp + 8, i, out, depth + 1);
}

static void ip_field(const uint8_t *p, size_t n, size_t ip, size_t i, struct field *out, int depth)
{
	size_t next = ip + (size_t)(p[ip] & 15) * 4;

	if (IN_TABLE(ip_fields, ip, i, out))
		return;
	*out = (struct field){ "ip.options", i, 1 };
	if (i < next)
		return;
	out->name = "payload";
	if (p[ip + 9] == 6 && next + (depth ? 8 : 20) <= n) {
		if (next + 20 <= n)
			tcp_field(p, n, next, i, out);
		else
			IN_TABLE(tcp_fields, next, i, out);
	} else if (p[ip + 9] == 17 && next + 8 <= n) {
		IN_TABLE(udp_fields, next, i, out);
	} else if (p[ip + 9] == 1 && next + 8 <= n) {
		icmp_field(p, n, next, i, out, depth);
	}
}

static bool is_ip(const uint8_t *p, size_t n, size_t at)
{
	return at + 20 <= n && p[at] >> 4 == 4 && (p[at] & 15) >= 5 &&
	       at + (size_t)(p[at] & 15) * 4 <= n;
}

/* The field of a frame that byte I is in. */
static void frame_field(const uint8_t *p, size_t n, size_t i, struct field *out)
{
	*out = (struct field){ "bytes", i, 1 };
	if (n >= 14 && p[12] == 8 && p[13] == 0 && is_ip(p, n, 14)) {
		if (!IN_TABLE(eth_fields, 0, i, out))
			ip_field(p, n, 14, i, out, 0);
	} else if (n >= 14 && p[12] == 8 && p[13] == 6) {
		if (!IN_TABLE(eth_fields, 0, i, out))
			out->name = "arp";
	} else if (is_ip(p, n, 0)) {
		ip_field(p, n, 0, i, out, 0);
	}
}

static uint64_t big_endian(const uint8_t *p, size_t len)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len && i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

/* Whether the field of both counts as equal; fields longer than a number by their rule alone. */
static bool field_equal(struct diff *d, const struct field *f, const uint8_t *a, const uint8_t *b,
			size_t n, uint32_t step_a, uint32_t step_b)
{
	struct place p = { PLACE_PACKET, "", f->name, NULL };
	int rule;

	if (f->at + f->len > n)
		return false;
	if (f->len <= 8)
		return numbers_equal(d, (int64_t)big_endian(a + f->at, f->len),
				     (int64_t)big_endian(b + f->at, f->len), &p, step_a, step_b);
	rule = d->rules ? rules_find(d->rules, &p) : -1;
	if (rule >= 0)
		rule_used(d, rule, step_a, step_b);
	return rule >= 0;
}

bool frames_equal(struct diff *d, const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
		  uint32_t step_a, uint32_t step_b, const char **field)
{
	struct field f;

	if (na != nb) {
		*field = "length";
		return false;
	}
	for (size_t i = 0; i < na; i++) {
		if (a[i] == b[i])
			continue;
		frame_field(a, na, i, &f);
		if (!field_equal(d, &f, a, b, na, step_a, step_b)) {
			*field = f.name;
			return false;
		}
		i = f.at + f.len - 1;
	}
	return true;
}

/* A number of 4 or 2 bytes around byte I that is known; *end is where it ends. */
static bool known_around(struct diff *d, const uint8_t *a, const uint8_t *b, size_t n, size_t i,
			 size_t *end, uint32_t step_a, uint32_t step_b)
{
	for (size_t len = 4; len >= 2; len -= 2) {
		for (size_t back = 0; back < len && back <= i; back++) {
			size_t at = i - back;
			int rule;

			if (at + len > n)
				continue;
			rule = known_equal(&d->known, (int64_t)big_endian(a + at, len),
					   (int64_t)big_endian(b + at, len));
			if (rule < 0)
				continue;
			rule_used(d, rule, step_a, step_b);
			*end = at + len;
			return true;
		}
	}
	return false;
}

/* Copied memory may hold packets: a header that both have before byte I. */
static bool header_around(struct diff *d, const uint8_t *a, const uint8_t *b, size_t n, size_t i,
			  size_t *end, uint32_t step_a, uint32_t step_b)
{
	struct field f;

	for (size_t back = 0; back <= i && back < 120; back++) {
		size_t ip = i - back;

		if (!is_ip(a, n, ip) || !is_ip(b, n, ip) || a[ip + 9] != b[ip + 9] ||
		    memcmp(a + ip + 12, b + ip + 12, 8) != 0)
			continue;
		ip_field(a, n, ip, i, &f, 0);
		if (!field_equal(d, &f, a, b, n, step_a, step_b))
			continue;
		*end = f.at + f.len;
		return true;
	}
	return false;
}

bool bytes_equal(struct diff *d, const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
		 uint32_t step_a, uint32_t step_b)
{
	if (na != nb)
		return false;
	if (!memcmp(a, b, na))
		return true;
	if (!d->rules)
		return false;
	for (size_t i = 0; i < na;) {
		if (a[i] == b[i])
			i++;
		else if (!known_around(d, a, b, na, i, &i, step_a, step_b) &&
			 !header_around(d, a, b, na, i, &i, step_a, step_b))
			return false;
	}
	return true;
}
