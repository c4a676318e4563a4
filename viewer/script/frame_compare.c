/* SPDX-License-Identifier: GPL-2.0-only */

/* Frames of the core held against the lines that expect them. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "viewer/script/frame.h"
#include "viewer/script/wire.h"

/* Where a comparison tells its difference. */
struct verdict {
	char *why;
	size_t room;
};

static int differ(const struct verdict *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static int differ(const struct verdict *v, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(v->why, v->room, fmt, args);
	va_end(args);
	return -1;
}

static int compare_number(const struct verdict *v, const char *what, int64_t expected, int64_t got)
{
	if (expected == got)
		return 0;
	return differ(v, "%s: expected %lld, got %lld", what, (long long)expected, (long long)got);
}

static int compare_ip(const struct packet *p, const struct seen *s, const struct verdict *v)
{
	if (p->ttl >= 0 && compare_number(v, "ttl", p->ttl, s->ttl))
		return -1;
	if (p->tos >= 0 && compare_number(v, "tos", p->tos, s->tos))
		return -1;
	if (p->id >= 0 && compare_number(v, "IP id", p->id, s->id))
		return -1;
	if (p->df >= 0 && compare_number(v, "DF", p->df, s->df))
		return -1;
	if (p->ecn >= 0 && compare_number(v, "ECN bits", p->ecn, s->tos & 3))
		return -1;
	if (p->ecn == -2 && (s->tos & 3) != 1 && (s->tos & 3) != 2)
		return differ(v, "ECN bits: expected ECT(0) or ECT(1), got %d", s->tos & 3);
	if (p->has_addresses && (p->source != s->source || p->destination != s->destination))
		return differ(v, "addresses differ");
	return 0;
}

/* Bytes of the option at @o, of which @left follow; 0 if it is cut. */
static size_t option_bytes(const uint8_t *o, size_t left)
{
	if (o[0] == OPTION_EOL || o[0] == OPTION_NOP)
		return 1;
	return left >= 2 && o[1] >= 2 && o[1] <= left ? o[1] : 0;
}

/* The core's TSval: the first tells what the script's mean, the others must keep its pace. */
static int compare_stamp(const struct tcp_option *e, const uint8_t *o, struct flow *flow,
			 uint64_t ts_tick_ns, const struct verdict *v)
{
	uint32_t val = get32(o + 2);
	int n = flow->nstamps < MAX_STAMPS ? flow->nstamps : MAX_STAMPS - 1;

	if (ts_tick_ns && flow->nstamps) {
		uint32_t want = e->number - flow->stamps[0][0] + flow->stamps[0][1];

		if (want != val)
			return differ(v, "TS val: expected %u, got %u", e->number,
				      val - flow->stamps[0][1] + flow->stamps[0][0]);
	}
	if (get32(o + 6) != e->echo)
		return differ(v, "TS ecr: expected %u, got %u", e->echo, get32(o + 6));
	flow->stamps[n][0] = e->number;
	flow->stamps[n][1] = val;
	flow->nstamps++;
	return 0;
}

static int compare_sack(const struct tcp_option *e, const uint8_t *o, const struct flow *flow,
			const struct verdict *v)
{
	if (o[1] != 2 + 8 * e->nblocks)
		return differ(v, "sack: expected %d blocks, got %d", e->nblocks, (o[1] - 2) / 8);
	for (int i = 0; i < e->nblocks; i++) {
		uint32_t begin = get32(o + 2 + 8 * i) - flow->remote_isn;
		uint32_t end = get32(o + 6 + 8 * i) - flow->remote_isn;

		if (begin != e->block[i][0] || end != e->block[i][1])
			return differ(v, "sack: expected %u:%u, got %u:%u", e->block[i][0],
				      e->block[i][1], begin, end);
	}
	return 0;
}

static int compare_option(const struct tcp_option *e, const uint8_t *o, size_t n, struct flow *flow,
			  uint64_t ts_tick_ns, const struct verdict *v)
{
	if (e->key)
		return n == 2 + e->nbytes ? 0 : differ(v, "md5: its length is %zu", n);
	if (e->raw || e->nbytes) {
		if (n == 2 + e->nbytes && !memcmp(o + 2, e->bytes, e->nbytes))
			return 0;
		return differ(v, "option kind %d: its bytes differ", e->kind);
	}
	switch (e->kind) {
	case OPTION_MSS:
		return n == 4 ? compare_number(v, "mss", e->number, get16(o + 2)) :
				differ(v, "mss: its length is %zu", n);
	case OPTION_WSCALE:
		return n == 3 ? compare_number(v, "wscale", e->number, o[2]) :
				differ(v, "wscale: its length is %zu", n);
	case OPTION_TS:
		return n == 10 ? compare_stamp(e, o, flow, ts_tick_ns, v) :
				 differ(v, "TS: its length is %zu", n);
	case OPTION_SACK:
		return compare_sack(e, o, flow, v);
	case OPTION_FO:
		return n == 2 ? 0 : differ(v, "FO: expected no cookie");
	default:
		return 0;
	}
}

static int compare_options(const struct packet *p, const struct seen *s, struct flow *flow,
			   uint64_t ts_tick_ns, const struct verdict *v)
{
	const struct tcp_option *e = p->options;
	size_t i = 0;

	if (p->any_options)
		return 0;
	for (; e; e = e->next) {
		size_t n;

		if (i >= s->noptions)
			return differ(v, "TCP options: there are fewer");
		n = option_bytes(s->options + i, s->noptions - i);
		if (!n)
			return differ(v, "TCP options: they are cut");
		if (s->options[i] != e->kind)
			return differ(v, "TCP options: expected kind %d, got kind %d", e->kind,
				      s->options[i]);
		if (compare_option(e, s->options + i, n, flow, ts_tick_ns, v))
			return -1;
		i += n;
	}
	/* Padding to the next word need not be written. */
	for (; i < s->noptions; i++) {
		if (s->options[i])
			return differ(v, "TCP options: there are more");
	}
	return 0;
}

/* A SYN tells where the core's numbers begin. */
static void learn_isn(const struct packet *p, const struct seen *s, struct flow *flow)
{
	if (flow->has_isn && !(s->flags & TCP_SYN && flow->renewable))
		return;
	flow->isn = s->seq - p->seq;
	flow->has_isn = true;
	flow->renewable = false;
}

void frame_note_sent(const struct seen *s, struct flow *flow)
{
	if (s->kind != PACKET_TCP)
		return;
	if (s->flags & TCP_SYN && !(s->flags & TCP_ACK) && flow->renewable) {
		flow->remote_isn = 0;
		flow->acknowledged = false;
	} else if (s->flags & TCP_ACK && !(s->flags & TCP_RST)) {
		flow->acknowledged = true;
	}
}

/* The peer's numbers begin with the last SYN it sent before the core acknowledged one. */
void frame_note_received(const struct packet *p, struct flow *flow)
{
	if (p->kind == PACKET_TCP && p->flags & TCP_SYN && !flow->acknowledged)
		flow->remote_isn = p->seq;
}

uint32_t frame_ack(const struct seen *s, const struct flow *flow)
{
	return s->ack - (flow && !(s->flags & TCP_SYN) ? flow->remote_isn : 0);
}

static int compare_tcp(const struct packet *p, const struct seen *s, struct flow *flow,
		       uint64_t ts_tick_ns, const struct verdict *v)
{
	if (p->flags != s->flags)
		return differ(v, "flags differ");
	if (p->has_ports && flow->script_lport && p->sport != flow->script_lport)
		return differ(v, "source port: it is the one written %u before",
			      flow->script_lport);
	if (p->has_ports && p->dport != s->dport)
		return compare_number(v, "destination port", p->dport, s->dport);
	if (p->has_ports)
		flow->script_lport = p->sport;
	learn_isn(p, s, flow);
	if (compare_number(v, "sequence number", p->seq, (uint32_t)(s->seq - flow->isn)) ||
	    compare_number(v, "length", p->length, (int64_t)s->payload))
		return -1;
	if (p->has_ack && compare_number(v, "ack", p->ack, frame_ack(s, flow)))
		return -1;
	if (p->window >= 0 && compare_number(v, "win", p->window, s->window))
		return -1;
	if (p->has_urgent && compare_number(v, "urg", p->urgent, s->urgent))
		return -1;
	return compare_options(p, s, flow, ts_tick_ns, v);
}

int frame_compare(const struct packet *p, const struct seen *s, struct flow *flow,
		  uint64_t ts_tick_ns, char *why, size_t room)
{
	const struct verdict v = { why, room };

	if (s->broken)
		return differ(&v, "%s", s->broken);
	if ((int)p->kind != s->kind)
		return differ(&v, "another kind of packet");
	if (p->kind == PACKET_ARP) {
		if (compare_number(&v, "arp operation", p->arp_op, s->arp_op))
			return -1;
		if (p->arp_op == 1 && p->arp_target != s->arp_target)
			return differ(&v, "arp: another target");
		return p->arp_sender == s->arp_sender ? 0 : differ(&v, "arp: another sender");
	}
	if (compare_ip(p, s, &v))
		return -1;
	if (p->kind == PACKET_TCP)
		return compare_tcp(p, s, flow, ts_tick_ns, &v);
	if (p->kind == PACKET_UDP)
		return compare_number(&v, "length", p->length, (int64_t)s->payload);
	if (compare_number(&v, "icmp type", p->icmp_type, s->icmp_type))
		return -1;
	return compare_number(&v, "icmp code", p->icmp_code, s->icmp_code);
}
