/* SPDX-License-Identifier: GPL-2.0-only */

/* Scripts from their text: packet lines, with their headers and options. */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "viewer/script/parse.h"
#include "viewer/script/symbols.h"

struct packet *parse_packet(struct script *s)
{
	struct packet *p = script_alloc(s, sizeof(*p));

	p->ttl = p->tos = p->ecn = p->df = -1;
	p->id = p->window = -1;
	p->icmp_type = p->icmp_code = -1;
	return p;
}

/* ---------------------------------------------------------------- the IP header */

/* ECN's two bits by packetdrill's names. */
static int ecn_by_name(const char *name, int *ecn)
{
	static const struct {
		const char *name;
		int bits;
	} names[] = { { "noecn", 0 }, { "ect1", 1 }, { "ect0", 2 }, { "ce", 3 }, { "ect01", -2 } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i].name, name)) {
			*ecn = names[i].bits;
			return 0;
		}
	}
	return -1;
}

static int item_number(struct script *s, const struct value *item, int64_t max, int64_t *n)
{
	if (item->child && item->child->number >= 0 && item->child->number <= max) {
		*n = item->child->number;
		return 0;
	}
	script_error(s, item->child ? item->child->at : item->at,
		     "%s: expected a number from 0 to %lld", item->text, (long long)max);
	return -1;
}

static int parse_ip_item(struct script *s, struct packet *p, const struct value *item)
{
	int64_t n;

	if (!strcmp(item->text, "ttl") || !strcmp(item->text, "tos")) {
		if (item_number(s, item, 255, &n))
			return -1;
		*(item->text[1] == 't' ? &p->ttl : &p->tos) = (int)n;
		return 0;
	}
	if (!strcmp(item->text, "id")) {
		if (item_number(s, item, 65535, &n))
			return -1;
		p->id = (int32_t)n;
		return 0;
	}
	if (item->child) {
		script_error(s, item->child->at, "%s: expected no number after it", item->text);
		return -1;
	}
	if (!strcmp(item->text, "DF") || !strcmp(item->text, "noDF"))
		p->df = item->text[0] == 'D';
	else if (!strcmp(item->text, "badipsum"))
		p->bad_ip_sum = true;
	else if (!strcmp(item->text, "badsum"))
		p->bad_sum = true;
	else if (!strcmp(item->text, "inside"))
		p->inside = true;
	else if (ecn_by_name(item->text, &p->ecn)) {
		script_error(s, item->at,
			     "%s: expected ttl N, tos N, id N, ect0, ect1, ect01, ce, noecn, DF, "
			     "noDF, badsum, badipsum or inside",
			     item->text);
		return -1;
	}
	return 0;
}

int parse_ip_items(struct script *s, struct packet *p, struct value *items)
{
	for (; items; items = items->next) {
		if (parse_ip_item(s, p, items))
			return -1;
	}
	return 0;
}

int parse_address(struct script *s, const place *loc, const char *text, uint32_t *out)
{
	if (inet_pton(AF_INET, text, out) == 1)
		return 0;
	parse_error_at(s, loc, "%s: expected an IPv4 address", text);
	return -1;
}

/* ---------------------------------------------------------------- TCP and UDP */

int parse_ports(struct script *s, const place *loc, struct packet *p, const struct number *source,
		const struct number *dest)
{
	if (parse_limit(s, loc, "port", source, 65535) || parse_limit(s, loc, "port", dest, 65535))
		return -1;
	p->has_ports = true;
	p->sport = (uint16_t)source->value;
	p->dport = (uint16_t)dest->value;
	return 0;
}

int parse_ack(struct script *s, const place *loc, const place *number_loc, struct packet *p,
	      const struct number *n)
{
	if (!(p->flags & 0x10)) {
		parse_error_at(s, loc, "ack: expected only with the ACK flag '.'");
		return -1;
	}
	if (parse_limit(s, number_loc, "ack", n, UINT32_MAX))
		return -1;
	p->has_ack = true;
	p->ack = (uint32_t)n->value;
	return 0;
}

int parse_window(struct script *s, const place *loc, struct packet *p, const struct number *n)
{
	if (parse_limit(s, loc, "win", n, 65535))
		return -1;
	p->window = (int32_t)n->value;
	return 0;
}

int parse_urgent(struct script *s, const place *loc, struct packet *p, const struct number *n)
{
	if (parse_limit(s, loc, "urg", n, 65535))
		return -1;
	p->has_urgent = true;
	p->urgent = (uint16_t)n->value;
	return 0;
}

int parse_flags(struct script *s, const place *loc, const char *letters, int ack, uint8_t *flags)
{
	*flags = ack ? 0x10 : 0;
	for (; *letters; letters++) {
		static const char names[] = "FSRPAUEW";
		const char *found = strchr(names, *letters);

		if (!found) {
			parse_error_at(s, loc,
				       "flags '%s': expected letters of S F R P U E W and "
				       "'.' for ACK",
				       letters);
			return -1;
		}
		/* In the order of the header's bits, but for packetdrill's A. */
		*flags |= *found == 'A' ? 0x10 : (uint8_t)(1u << (found - names));
	}
	return 0;
}

int parse_range(struct script *s, const place *loc, const struct number *begin,
		const struct number *end, const struct number *length, struct range *out)
{
	if (parse_limit(s, loc, "sequence number", begin, UINT32_MAX) ||
	    parse_limit(s, loc, "sequence number", end, UINT32_MAX) ||
	    parse_limit(s, loc, "length", length, 65535))
		return -1;
	out->seq = (uint32_t)begin->value;
	out->length = (uint32_t)length->value;
	if ((uint32_t)end->value - out->seq == out->length)
		return 0;
	parse_error_at(s, loc, "sequence range %s:%s(%s): expected (%u)", begin->text, end->text,
		       length->text, (uint32_t)end->value - out->seq);
	return -1;
}

int parse_udp(struct script *s, const place *loc, const struct number *length, struct packet **out)
{
	if (parse_limit(s, loc, "UDP length", length, 65507))
		return -1;
	*out = parse_packet(s);
	(*out)->kind = PACKET_UDP;
	(*out)->length = (uint32_t)length->value;
	return 0;
}

/* ---------------------------------------------------------------- below and beside */

int parse_arp(struct script *s, const place *loc, const char *word, int op, uint32_t target,
	      uint32_t sender, const char *mac, struct packet **out)
{
	static const char *const words[] = { "", "request", "reply" };
	unsigned int b[6] = { 0 };

	if (strcmp(word, words[op])) {
		parse_error_at(s, loc, "arp %s: expected '%s'", word, words[op]);
		return -1;
	}
	*out = parse_packet(s);
	(*out)->kind = PACKET_ARP;
	(*out)->arp_op = op;
	(*out)->arp_target = target;
	(*out)->arp_sender = sender;
	if (mac)
		sscanf(mac, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]);
	for (int i = 0; i < 6; i++)
		(*out)->arp_mac[i] = (uint8_t)b[i];
	return 0;
}

/* Pairs of hex digits, spaces between them allowed. Return: bytes written, or -1. */
static int hex_bytes(const char *text, size_t length, uint8_t *to, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned int byte;
		char pair[3] = "";

		if (text[i] == ' ')
			continue;
		if (i + 1 >= length || n == room)
			return -1;
		pair[0] = text[i++];
		pair[1] = text[i];
		if (strspn(pair, "0123456789abcdefABCDEF") != 2 || sscanf(pair, "%2x", &byte) != 1)
			return -1;
		to[n++] = (uint8_t)byte;
	}
	return (int)n;
}

int parse_bytes(struct script *s, const place *loc, const char *hex, size_t length, int ether,
		struct packet **out)
{
	uint8_t *bytes = script_alloc(s, length / 2 + 1);
	int n = hex_bytes(hex, length, bytes, length / 2 + 1);

	if (n < 0 || n > 1514) {
		parse_error_at(s, loc, "bytes: expected pairs of hex digits, 1514 bytes at most");
		return -1;
	}
	*out = parse_packet(s);
	(*out)->kind = PACKET_BYTES;
	(*out)->ether = ether;
	(*out)->bytes = bytes;
	(*out)->nbytes = (size_t)n;
	return 0;
}

/* The MTU rides with the words of the message until parse_icmp() takes them apart. */
int parse_mtu(struct script *s, const place *loc, struct value *icmp, const struct number *n)
{
	if (parse_limit(s, loc, "mtu", n, 65535))
		return -1;
	icmp->number = n->value;
	return 0;
}

int parse_icmp(struct script *s, const place *loc, struct packet *head, struct value *icmp,
	       const struct range *quote, struct packet **out)
{
	struct value *type = icmp->child, *code = type->next;
	int64_t n;

	if (code && code->next) {
		parse_error_at(s, loc, "icmp: expected one type and one code");
		return -1;
	}
	n = type->number;
	if (type->kind == VALUE_NAME && symbol_icmp_type(type->text, &n)) {
		script_error(s, type->at, "icmp %s: expected a type, like unreachable", type->text);
		return -1;
	}
	head->icmp_type = (int)(n & 0xff);
	n = code ? code->number : 0;
	if (code && code->kind == VALUE_NAME && symbol_icmp_code(head->icmp_type, code->text, &n)) {
		script_error(s, code->at, "icmp %s: expected a code of that type, like %s",
			     code->text, symbol_icmp_code_example(head->icmp_type));
		return -1;
	}
	head->kind = PACKET_ICMP;
	head->icmp_code = (int)(n & 0xff);
	head->icmp_mtu = (uint32_t)icmp->number;
	if (quote) {
		head->has_quote = true;
		head->seq = quote->seq;
		head->length = quote->length;
	}
	*out = head;
	return 0;
}

/* ---------------------------------------------------------------- TCP options */

/* Bytes of an option on the wire. */
static size_t option_size(const struct tcp_option *o)
{
	if (o->raw)
		return 2 + o->nbytes;
	switch (o->kind) {
	case OPTION_EOL:
	case OPTION_NOP:
		return 1;
	case OPTION_MSS:
		return 4;
	case OPTION_WSCALE:
		return 3;
	case OPTION_TS:
		return 10;
	case OPTION_SACK:
		return 2 + 8 * (size_t)o->nblocks;
	default:
		return 2 + o->nbytes;
	}
}

int parse_options(struct script *s, const place *loc, struct packet *p, struct tcp_option *list)
{
	size_t size = 0;

	p->options = list;
	for (; list; list = list->next)
		size += option_size(list);
	if (size <= 40)
		return 0;
	parse_error_at(s, loc, "TCP options of %zu bytes: expected 40 at most", size);
	return -1;
}

struct tcp_option *parse_append_option(struct tcp_option *list, struct tcp_option *last)
{
	struct tcp_option *o = list;

	while (o->next)
		o = o->next;
	o->next = last;
	return list;
}

struct tcp_option *parse_option(struct script *s, const place *loc, uint8_t kind, uint32_t number,
				uint32_t echo)
{
	struct tcp_option *o = script_alloc(s, sizeof(*o));

	o->kind = kind;
	o->at = (struct at){ loc->first_line, loc->first_column };
	o->number = number;
	o->echo = echo;
	return o;
}

int parse_hex_option(struct script *s, const place *loc, uint8_t kind, const char *hex,
		     struct tcp_option **out)
{
	int n;

	*out = parse_option(s, loc, kind, 0, 0);
	n = hex_bytes(hex, strlen(hex), (*out)->bytes, sizeof((*out)->bytes));
	if (n < 0) {
		parse_error_at(s, loc, "'%s': expected pairs of hex digits, 38 bytes at most", hex);
		return -1;
	}
	(*out)->nbytes = (size_t)n;
	return 0;
}

/* The digest is made when the packet is sent: room for it, and the key. */
int parse_md5_key(struct script *s, const place *loc, const char *key, size_t length,
		  struct tcp_option **out)
{
	if (!length || length > MAX_MD5_KEY) {
		parse_error_at(s, loc, "md5: expected a key of 1 to %d bytes", MAX_MD5_KEY);
		return -1;
	}
	*out = parse_option(s, loc, OPTION_MD5, 0, 0);
	(*out)->nbytes = 16;
	(*out)->key = script_copy(s, key, length);
	(*out)->keylen = length;
	return 0;
}

/* Fast Open's experimental option: its magic number, then the cookie (RFC 6994, RFC 7413). */
int parse_exp_option(struct script *s, const place *loc, const char *cookie,
		     struct tcp_option **out)
{
	char text[2 * MAX_OPTION_BYTES + 8];

	snprintf(text, sizeof(text), "f989%s", cookie);
	return parse_hex_option(s, loc, OPTION_EXP, text, out);
}

int parse_raw_option(struct script *s, const place *loc, const struct number *kind, const char *hex,
		     struct tcp_option **out)
{
	if (parse_limit(s, loc, "kind", kind, 255) ||
	    parse_hex_option(s, loc, (uint8_t)kind->value, hex, out))
		return -1;
	(*out)->raw = true;
	return 0;
}

int parse_sack(struct script *s, const place *loc, struct tcp_option *sack,
	       const struct number *begin, const struct number *end, struct tcp_option **out)
{
	if (parse_limit(s, loc, "sack", begin, UINT32_MAX) ||
	    parse_limit(s, loc, "sack", end, UINT32_MAX))
		return -1;
	if (!sack)
		sack = parse_option(s, loc, OPTION_SACK, 0, 0);
	if (sack->nblocks == MAX_SACK_BLOCKS) {
		parse_error_at(s, loc, "sack: expected %d blocks at most", MAX_SACK_BLOCKS);
		return -1;
	}
	sack->block[sack->nblocks][0] = (uint32_t)begin->value;
	sack->block[sack->nblocks++][1] = (uint32_t)end->value;
	*out = sack;
	return 0;
}
