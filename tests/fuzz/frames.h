/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_FRAMES_H
#define SYNWALK_TESTS_FRAMES_H

/*
 * Frames that a fuzzer asks for: almost right ones. A frame of random bytes dies at the first
 * checksum; one that is right but for what the fuzzer chose reaches the code behind it.
 *
 * An input is a header and records of 16 bytes each. A record is one event: a frame on the wire, or
 * a call of the user. Numbers that TCP checks (sequence, acknowledgement, time stamps) are kept as
 * distances from what the core last sent, so that a small number is always near the window.
 */

#include <stddef.h>
#include <stdint.h>

#define REC_SIZE  16
#define FRAME_MAX 2048

/* Network byte order, on a little-endian machine. */
#define NET_NEAR  0x0100090au /* 10.9.0.1 */
#define NET_FAR   0x0200090au /* 10.9.0.2 */
#define NET_OTHER 0x0300090au
#define FAR_PORT  80

enum rec_kind {
	REC_TCP,
	REC_ICMP,
	REC_ARP,
	REC_IP,  /* an IPv4 packet of any protocol */
	REC_RAW, /* Ethernet with the bytes of the records that follow */
	REC_USER,
	REC_KINDS,
};

/* What is made wrong on purpose. */
enum {
	BAD_IP_SUM = 0x01,
	BAD_L4_SUM = 0x02,
	BAD_LENGTH = 0x04,  /* the frame is cut, or longer than IP says */
	BAD_OPTIONS = 0x08, /* IP options, from the bytes of the next record */
	BAD_FRAGMENT = 0x10,
	BAD_ETHER = 0x20,   /* another destination: broadcast, multicast, somebody else */
	BAD_ADDRESS = 0x40, /* IP addresses by `misc` */
	BAD_BYTE = 0x80,    /* one byte flipped before the checksums are made */
};

/* Which TCP options a segment has; `optarg` gives their values. */
enum {
	OPT_MSS = 0x01,
	OPT_WSCALE = 0x02,
	OPT_STAMPS = 0x04,
	OPT_SACK_OK = 0x08,
	OPT_SACK = 0x10,
	OPT_FASTOPEN = 0x20,
	OPT_RAW = 0x40,    /* the bytes of the next record */
	OPT_BROKEN = 0x80, /* the last one has a wrong length */
};

/**
 * struct record - one event of an input, in the machine's byte order
 * @kind: enum rec_kind, modulo
 * @wait: time since the last one: 0 none, else 2^(wait % 18) * 16 us
 * @bad: BAD_*
 * @flags: of TCP; the operation of ARP or of the user
 * @seq: distance from what the core expects
 * @ack: distance from what the core has sent
 * @window: of TCP; the MTU of ICMP
 * @opt: OPT_*; the type of ICMP; the protocol of IP
 * @optarg: values of options; the code of ICMP
 * @len: bytes of payload, or quoted
 * @misc: bits 0-1: seq from the next expected, the first, or absolute (2: times 2^16); 2-3: the
 *	same for ack; 4: another source port, 5: another destination port, 6-7: addresses
 * @corrupt: which byte BAD_BYTE flips
 */
struct record {
	uint8_t kind, wait, bad, flags;
	int16_t seq, ack;
	uint16_t window;
	uint8_t opt, optarg;
	uint16_t len;
	uint8_t misc, corrupt;
};

/**
 * struct near_end - what the far end has learnt of the core's socket from its segments
 * @port: its port, 0 before the first segment
 * @isn: its first sequence number, @nxt: behind the last that it sent, @una: the last acknowledged
 *	to it by a frame of the state's own preparation
 * @irs: our first, @rcv: what it expects of us
 * @tsval: its last time stamp
 * @ms: our own clock for time stamps
 */
struct near_end {
	uint16_t port;
	uint32_t isn, nxt, una, irs, rcv, tsval, ms;
};

extern const uint8_t fuzz_near_mac[6];
extern const uint8_t fuzz_far_mac[6];

/* The far end sees a frame of the core. */
void near_end_hears(struct near_end *near, const uint8_t *frame, size_t len);
/*
 * Makes the frame of a record in @f (FRAME_MAX bytes); @tail are the bytes behind the record.
 * Return: its length, 14 to FRAME_MAX.
 */
size_t frame_make(uint8_t *f, const struct record *r, const struct near_end *near,
		  const uint8_t *tail, size_t ntail);

#endif
