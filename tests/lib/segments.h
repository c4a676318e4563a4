/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_SEGMENTS_H
#define SYNWALK_TESTS_SEGMENTS_H

/*
 * A far end that a test plays by hand, segment by segment.
 *
 * The core is 10.9.0.1 on wire0; 10.9.0.2 answers ARP and nothing else by itself. Each TCP segment
 * of the core is decoded and given to the test's function, which may answer with segments_send().
 * Numbers are in host byte order. Failures end the test (cmocka).
 */

#include <stddef.h>
#include <stdint.h>

#include "core/include/synwalk/core.h"

#define SEG_NEAR     0x0100090au /* network byte order */
#define SEG_FAR      0x0200090au
#define SEG_PORT     80
#define SEG_DELAY_NS 1000000ull

enum {
	SEG_FIN = 0x01,
	SEG_SYN = 0x02,
	SEG_RST = 0x04,
	SEG_PSH = 0x08,
	SEG_ACK = 0x10,
	SEG_URG = 0x20,
	SEG_ECE = 0x40,
	SEG_CWR = 0x80,
};

struct segment {
	uint16_t source, dest;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window;
	uint8_t options[40];
	size_t noptions;
	uint8_t data[1460];
	size_t ndata;
	uint64_t at_ns;   /* when it reached the far end */
	uint8_t tos, ttl; /* of the IP header; ttl 0 in a segment to be sent: 64 */
	uint16_t urgent;  /* the urgent pointer */
	uint8_t doff;     /* to be sent: a false header length, in words, unless 0 */
	int spoilt;       /* to be sent: with a wrong checksum */
	int fragment;     /* the IP header's fragment field */
	/* Decoded from the options; 0 when absent. */
	uint16_t mss;
	uint32_t tsval, tsecr;
	int has_stamps, has_scale;
	uint32_t sack[4][2];
	int nsack;
};

struct segments {
	/* Called for each segment of the core, after it was kept. */
	void (*hears)(const struct segment *s);
	struct segment seen[1024]; /* what the core sent, the oldest first */
	size_t nseen;
	int memory_fails;   /* the wire, too, may be out of memory: a frame is lost */
	uint16_t near_port; /* of the core's first SYN */
	uint32_t near_isn;
};

/* Boots a world with this far end. Return: where it keeps what it sees. */
struct segments *segments_boot(uint64_t seed, void (*hears)(const struct segment *s));
/* Runs @fn as a user task until everything is done. */
void segments_run(void (*fn)(void *arg), void *arg);
/* Shuts down; the core must have warned of nothing and given every object back. */
void segments_end(void);

/* Sends @s; a port of 0 means the one the core connects from or to. */
void segments_send(struct segment s);
/* The same with @data as payload. */
void segments_send_data(struct segment s, const char *data);
/* Puts the option bytes at the end of those @s has. */
void segment_option(struct segment *s, const uint8_t *bytes, size_t n);
/* NOP NOP TIMESTAMP. */
void segment_stamps(struct segment *s, uint32_t tsval, uint32_t tsecr);
/* The options of a Linux SYN-ACK: MSS 1460, SACK, time stamps, scale 7. */
void segment_linux_options(struct segment *s, uint32_t tsval, uint32_t tsecr);
/* How many segments with exactly these flags the core has sent. */
int segments_count(uint8_t flags);
/* The last one; fails the test if there is none. */
const struct segment *segments_last(uint8_t flags);

#endif
