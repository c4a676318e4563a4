/* SPDX-License-Identifier: GPL-2.0-only */

/* From the wire to words: frames of the core, taken apart and written down. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "viewer/script/frame.h"
#include "viewer/script/wire.h"

/* ---------------------------------------------------------------- taking apart */

/* Whom the packet is for in the end: the last address of a source route that is not used up. */
static uint32_t final_destination(const struct seen *s)
{
	const uint8_t *o = s->ip + 20, *end = s->ip + s->header_length;
	uint32_t last = s->destination;

	while (end - o >= 2 && o[0] != 0) {
		if (o[0] == 1) {
			o++;
			continue;
		}
		if (o[1] < 2 || o[1] > end - o)
			break;
		if ((o[0] == 131 || o[0] == 137) && o[1] >= 7 && o[2] < o[1])
			memcpy(&last, o + o[1] - 4, 4);
		o += o[1];
	}
	return last;
}

static void decode_tcp(struct seen *s, const uint8_t *th, size_t n)
{
	size_t header;

	s->kind = PACKET_TCP;
	if (n < 20) {
		s->broken = "its TCP header is cut";
		return;
	}
	header = (size_t)(th[12] >> 4) * 4;
	if (header < 20 || header > n) {
		s->broken = "its TCP header's length is wrong";
		return;
	}
	s->sport = get16(th);
	s->dport = get16(th + 2);
	s->seq = get32(th + 4);
	s->ack = get32(th + 8);
	s->flags = th[13];
	s->window = get16(th + 14);
	s->urgent = get16(th + 18);
	s->options = th + 20;
	s->noptions = header - 20;
	s->payload = n - header;
	if (wire_transport_sum(s->source, final_destination(s), 6, th, n))
		s->broken = "its TCP checksum is wrong";
}

static void decode_ip(struct seen *s, const uint8_t *ip, size_t n)
{
	size_t total;

	if (n < 20 || ip[0] >> 4 != 4)
		return;
	s->ip = ip;
	s->header_length = (size_t)(ip[0] & 15) * 4;
	total = get16(ip + 2);
	if (s->header_length < 20 || total < s->header_length || total > n) {
		s->broken = "its IP header's lengths are wrong";
		return;
	}
	s->ip_length = total;
	s->tos = ip[1];
	s->id = get16(ip + 4);
	s->df = ip[6] & 0x40;
	s->ttl = ip[8];
	memcpy(&s->source, ip + 12, 4);
	memcpy(&s->destination, ip + 16, 4);
	if (wire_sum(ip, s->header_length, 0))
		s->broken = "its IP checksum is wrong";
	ip += s->header_length;
	total -= s->header_length;
	if (s->ip[9] == 6) {
		decode_tcp(s, ip, total);
	} else if (s->ip[9] == 17 && total >= 8) {
		s->kind = PACKET_UDP;
		s->sport = get16(ip);
		s->dport = get16(ip + 2);
		s->payload = total - 8;
	} else if (s->ip[9] == 1 && total >= 8) {
		s->kind = PACKET_ICMP;
		s->icmp_type = ip[0];
		s->icmp_code = ip[1];
	}
}

void frame_decode(struct seen *s)
{
	const uint8_t *b = s->bytes;

	s->kind = -1;
	s->broken = NULL;
	if (s->length < 14)
		return;
	if (get16(b + 12) == 0x0806 && s->length >= 42) {
		s->kind = PACKET_ARP;
		s->arp_op = get16(b + 20);
		memcpy(&s->arp_sender, b + 28, 4);
		memcpy(&s->arp_target, b + 38, 4);
	} else if (get16(b + 12) == 0x0800) {
		decode_ip(s, b + 14, s->length - 14);
	}
}

/* ---------------------------------------------------------------- writing down */

struct text {
	char *to;
	size_t room, used;
};

static void say(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct text *t, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->to + t->used, t->room - t->used, fmt, args);
	va_end(args);
	if (n > 0)
		t->used = t->used + (size_t)n < t->room ? t->used + (size_t)n : t->room - 1;
}

/* A time stamp of the core as the script would write it. */
static uint32_t script_stamp(const struct flow *flow, uint32_t stamp)
{
	int n = flow ? flow->nstamps : 0;

	if (!n)
		return stamp;
	n = n < MAX_STAMPS ? n - 1 : MAX_STAMPS - 1;
	return stamp - flow->stamps[n][1] + flow->stamps[n][0];
}

static void say_option(struct text *t, const uint8_t *o, const struct flow *flow)
{
	switch (o[0]) {
	case OPTION_MSS:
		say(t, "mss %u", (unsigned int)get16(o + 2));
		break;
	case OPTION_WSCALE:
		say(t, "wscale %u", (unsigned int)o[2]);
		break;
	case OPTION_SACKOK:
		say(t, "sackOK");
		break;
	case OPTION_TS:
		say(t, "TS val %u ecr %u", script_stamp(flow, get32(o + 2)), get32(o + 6));
		break;
	case OPTION_SACK:
		say(t, "sack");
		for (int i = 2; i + 8 <= o[1]; i += 8)
			say(t, " %u:%u", get32(o + i) - (flow ? flow->remote_isn : 0),
			    get32(o + i + 4) - (flow ? flow->remote_isn : 0));
		break;
	default:
		if (o[0] == OPTION_FO || o[0] == OPTION_MD5)
			say(t, o[0] == OPTION_FO ? "FO" : "md5");
		else
			say(t, "kind %u", (unsigned int)o[0]);
		if (o[1] > 2)
			say(t, " ");
		for (int i = 2; i < o[1]; i++)
			say(t, "%02x", (unsigned int)o[i]);
	}
}

static void say_options(struct text *t, const struct seen *s, const struct flow *flow)
{
	const uint8_t *o = s->options, *end = o + s->noptions;

	if (!s->noptions)
		return;
	say(t, " <");
	for (; o<end; o += o[0]> 1 ? o[1] : 1) {
		if (o != s->options)
			say(t, ",");
		if (o[0] == OPTION_EOL || o[0] == OPTION_NOP) {
			say(t, o[0] ? "nop" : "eol");
			continue;
		}
		if (end - o < 2 || o[1] < 2 || o[1] > end - o) {
			say(t, "cut");
			break;
		}
		say_option(t, o, flow);
	}
	say(t, ">");
}

static void say_tcp(struct text *t, const struct seen *s, const struct flow *flow)
{
	static const char letters[] = "FSRP.UEW";
	/* a SYN that no line has taken yet begins the numbers all the same */
	uint32_t isn = flow && flow->has_isn ? flow->isn : flow && s->flags & TCP_SYN ? s->seq : 0;

	for (int i = 0; i < 8; i++) {
		if (i != 4 && s->flags & 1u << i)
			say(t, "%c", letters[i]);
	}
	if (s->flags & 0x10)
		say(t, ".");
	if (!s->flags)
		say(t, "-");
	say(t, " %u:%u(%zu)", s->seq - isn, s->seq - isn + (uint32_t)s->payload, s->payload);
	if (s->flags & 0x10)
		say(t, " ack %u", frame_ack(s, flow));
	say(t, " win %u", (unsigned int)s->window);
	if (s->flags & 0x20)
		say(t, " urg %u", (unsigned int)s->urgent);
	say_options(t, s, flow);
}

static void say_arp(struct text *t, const struct seen *s)
{
	char sender[INET_ADDRSTRLEN], target[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &s->arp_sender, sender, sizeof(sender));
	inet_ntop(AF_INET, &s->arp_target, target, sizeof(target));
	if (s->arp_op == 1)
		say(t, "arp request who-has %s tell %s", target, sender);
	else
		say(t, "arp reply %s is-at %02x:%02x:%02x:%02x:%02x:%02x", sender, s->bytes[22],
		    s->bytes[23], s->bytes[24], s->bytes[25], s->bytes[26], s->bytes[27]);
}

void frame_text(const struct seen *s, const struct flow *flow, char *text, size_t room)
{
	struct text t = { text, room, 0 };

	say(&t, "%llu.%06llu > ", (unsigned long long)s->at_ns / 1000000000,
	    (unsigned long long)s->at_ns / 1000 % 1000000);
	switch (s->kind) {
	case PACKET_TCP:
		say_tcp(&t, s, flow);
		break;
	case PACKET_UDP:
		say(&t, "udp (%zu)", s->payload);
		break;
	case PACKET_ICMP:
		say(&t, "icmp type %d code %d", s->icmp_type, s->icmp_code);
		break;
	case PACKET_ARP:
		say_arp(&t, s);
		break;
	default:
		say(&t, "%zu bytes of no known kind", s->length);
	}
}
