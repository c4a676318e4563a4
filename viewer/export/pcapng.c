/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * pcapng, for Wireshark and everything else that reads captures. libpcap only reads this format, so
 * the four kinds of block that are needed are written here.
 *
 * A section header, an interface for each device, then each packet with its time in nanoseconds,
 * its direction, and a comment: the step, the function that had it, and the calls that led there.
 * Time 0 is the beginning of the recording (1970 in Wireshark's eyes).
 *
 * Blocks are written in this machine's byte order, which the section header tells. Lengths of
 * options and packets are padded to words. The format: IETF draft-ietf-opsawg-pcapng, section 4.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/command.h"
#include "viewer/export/export.h"

enum { LINK_ETHERNET = 1, LINK_RAW_IP = 101 };

/* Options: the number is the draft's. */
enum {
	OPT_END = 0,
	OPT_COMMENT = 1,
	SHB_USERAPPL = 4,
	IF_NAME = 2,
	IF_TSRESOL = 9,
	EPB_FLAGS = 2,
};

enum { DEVICES = 16, COMMENT = 4096 };

struct capture {
	struct export *e;
	struct device {
		char name[32];
		int link;
	} devices[DEVICES];
	int ndevices;
	/* the block that is being built */
	uint8_t *bytes;
	size_t used, room;
};

/* ---------------------------------------------------------------- blocks */

static void add(struct capture *c, const void *bytes, size_t n)
{
	if (c->used + n + 4 > c->room) {
		size_t room = 2 * c->room + n + 64;
		uint8_t *more = realloc(c->bytes, room);

		if (!more)
			abort();
		c->bytes = more;
		c->room = room;
	}
	memcpy(c->bytes + c->used, bytes, n);
	c->used += n;
}

static void add16(struct capture *c, unsigned int n)
{
	uint16_t v = (uint16_t)n;

	add(c, &v, sizeof(v));
}

static void add32(struct capture *c, uint32_t n)
{
	add(c, &n, sizeof(n));
}

static void pad(struct capture *c)
{
	static const uint8_t zeros[4];

	add(c, zeros, (4 - c->used % 4) % 4);
}

static void add_option(struct capture *c, unsigned int kind, const void *value, size_t length)
{
	add16(c, kind);
	add16(c, (unsigned int)length);
	add(c, value, length);
	pad(c);
}

static void begin_block(struct capture *c, uint32_t type)
{
	c->used = 0;
	add32(c, type);
	add32(c, 0);
}

/* The length stands at both ends, so that a reader can go backwards. */
static void end_block(struct capture *c)
{
	uint32_t length;

	add_option(c, OPT_END, "", 0);
	length = (uint32_t)c->used + 4;
	memcpy(c->bytes + 4, &length, 4);
	add32(c, length);
	fwrite(c->bytes, 1, c->used, c->e->out);
}

/* ---------------------------------------------------------------- what they hold */

static void section(struct capture *c)
{
	static const char program[] = "synwalk " SYNWALK_VERSION;
	const char *scenario = trace_meta(c->e->t, "scenario");
	char comment[256];

	begin_block(c, 0x0a0d0d0a);
	add32(c, 0x1a2b3c4d);
	add16(c, 1);
	add16(c, 0);
	add32(c, UINT32_MAX); /* the section's length is not told */
	add32(c, UINT32_MAX);
	snprintf(comment, sizeof(comment), "scenario %s, seed %s", scenario ? scenario : "?",
		 trace_meta(c->e->t, "seed") ? trace_meta(c->e->t, "seed") : "?");
	add_option(c, OPT_COMMENT, comment, strlen(comment));
	add_option(c, SHB_USERAPPL, program, sizeof(program) - 1);
	end_block(c);
}

/* Frames of a tun device begin with IP. */
static int link_of(const struct trace_packet *p)
{
	struct decoded d;

	decode_frame(&d, p->bytes, p->len);
	return d.layer >= DECODE_IP && !d.ethertype ? LINK_RAW_IP : LINK_ETHERNET;
}

/* The number of a device; its block is written when it is first heard of. -1: too many. */
static int interface(struct capture *c, const struct trace_packet *p)
{
	static const uint8_t nanoseconds = 9;
	struct device *d = c->devices;

	for (int i = 0; i < c->ndevices; i++) {
		if (!strcmp(c->devices[i].name, p->device))
			return i;
	}
	if (c->ndevices == DEVICES)
		return -1;
	d += c->ndevices;
	snprintf(d->name, sizeof(d->name), "%s", p->device);
	d->link = link_of(p);
	begin_block(c, 1);
	add16(c, (unsigned int)d->link);
	add16(c, 0);
	add32(c, 0); /* no limit on a packet's length */
	add_option(c, IF_NAME, d->name, strlen(d->name));
	add_option(c, IF_TSRESOL, &nanoseconds, 1);
	end_block(c);
	return c->ndevices++;
}

static int packet(void *ctx, const struct trace_step *s)
{
	struct capture *c = ctx;
	struct trace_packet p;
	char comment[COMMENT], path[COMMENT - 128];
	uint32_t direction;
	int device;

	if (trace_packet(c->e->t, s->step, &p) != 1)
		return trace_error(c->e->t) ? -1 : 0;
	device = interface(c, &p);
	if (device < 0) {
		snprintf(c->e->refusal, sizeof(c->e->refusal), "it has more than %d devices",
			 DEVICES);
		trace_packet_free(&p);
		return -1;
	}
	export_path(c->e->t, s->step, " > ", path, sizeof(path));
	snprintf(comment, sizeof(comment), "step %" PRId64 ": %s%s%s", s->step,
		 s->func ? s->func->name : "", *path ? "; " : "", path);
	begin_block(c, 6);
	add32(c, (uint32_t)device);
	add32(c, (uint32_t)((uint64_t)p.time >> 32));
	add32(c, (uint32_t)p.time);
	add32(c, (uint32_t)p.len);
	add32(c, (uint32_t)p.len);
	add(c, p.bytes, p.len);
	pad(c);
	add_option(c, OPT_COMMENT, comment, strlen(comment));
	direction = p.out ? 2 : 1;
	add_option(c, EPB_FLAGS, &direction, sizeof(direction));
	end_block(c);
	trace_packet_free(&p);
	return 0;
}

int export_pcapng(struct export *e)
{
	struct capture c = { .e = e };
	int err;

	section(&c);
	err = trace_each(e->t, e->from, e->to, TRACE_BIT(TRACE_PACKET), packet, &c);
	free(c.bytes);
	return err;
}
