/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_FRAME_H
#define SYNWALK_VIEWER_SCRIPT_FRAME_H

/*
 * Frames between the script's words and the wire's bytes.
 *
 * A script counts sequence numbers from 0 and names no ports. What they stand for on the wire is
 * learnt from the core's own packets and kept in a flow, one for each connection. Numbers are in
 * host byte order here, but for addresses, which are in the network's.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "viewer/script/script.h"

#define ETH_HEADER 14
#define FRAME_MAX  (ETH_HEADER + 65535)

enum { MAX_STAMPS = 64, LAST_MAX = 128 };

/**
 * struct flow - what a connection's numbers in the script stand for on the wire
 * @local, @remote: addresses; the core is local
 * @lport, @rport: ports on the wire
 * @script_lport: the local port as the script writes it; 0 if it never did
 * @has_isn: @isn is known
 * @isn: what is added to the script's numbers of the core's sequence space
 * @renewable: a new connect() was made, so a SYN may bring a new @isn
 * @remote_isn: what is added to the script's numbers of the peer's sequence space: the number of
 *	its SYN; a SYN's own numbers are on the wire as they are written
 * @acknowledged: the core has acknowledged the peer's SYN: @remote_isn stays
 * @sockets: how many the script had made when the core sent the first packet
 * @stamps: pairs of script's and wire's TSval of the core; @nstamps of them were seen
 * @last: the beginning of the core's last packet, from its IP header on; ICMP errors quote it
 */
struct flow {
	uint32_t local, remote;
	uint16_t lport, rport, script_lport;
	bool has_isn, renewable;
	uint32_t isn;
	bool acknowledged;
	uint32_t remote_isn;
	unsigned int sockets;
	uint32_t stamps[MAX_STAMPS][2];
	int nstamps;
	uint8_t last[LAST_MAX];
	size_t nlast;
};

/** struct seen - a frame of the core, taken apart */
struct seen {
	uint64_t at_ns;
	unsigned int ordinal; /* among all frames of the core, from 1 */
	unsigned int sockets; /* how many the script had made by then */
	size_t length;
	uint8_t bytes[FRAME_MAX];

	/* What frame_decode() found; pointers into @bytes. */
	int kind;           /* enum packet_kind; -1: none of them */
	const char *broken; /* what is wrong with it, or NULL */
	const uint8_t *ip;
	size_t ip_length, header_length;
	uint32_t source, destination;
	uint8_t ttl, tos;
	uint16_t id;
	bool df;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window, urgent;
	const uint8_t *options;
	size_t noptions;
	size_t payload;
	int icmp_type, icmp_code;
	int arp_op;
	uint32_t arp_sender, arp_target;
};

/* Takes @s->bytes apart. */
void frame_decode(struct seen *s);

/**
 * frame_text() - a frame in the script's language
 * @flow: gives the relative numbers; NULL: as they are on the wire
 */
void frame_text(const struct seen *s, const struct flow *flow, char *text, size_t room);

/**
 * frame_build() - the frame that an inbound packet line stands for
 * @to: FRAME_MAX bytes
 * @dest_mac, @source_mac: of the Ethernet header
 *
 * Return: its length, or 0 if it would be too long.
 */
size_t frame_build(const struct packet *p, const struct flow *flow, const uint8_t dest_mac[6],
		   const uint8_t source_mac[6], uint8_t *to);

/* The number it acknowledges, as the script counts. */
uint32_t frame_ack(const struct seen *s, const struct flow *flow);

/* A frame of the core was taken, a line of the peer's is sent: what they tell about the peer's ISN. */
void frame_note_sent(const struct seen *s, struct flow *flow);
void frame_note_received(const struct packet *p, struct flow *flow);

/**
 * frame_compare() - hold a frame of the core against its line
 * @flow: learns from it what it does not know yet
 * @ts_tick_ns: of the core's TSval, to check them by; 0: not checked
 *
 * Return: 0; or -1 with the difference in @why.
 */
int frame_compare(const struct packet *p, const struct seen *s, struct flow *flow,
		  uint64_t ts_tick_ns, char *why, size_t room);

/* Answers an ARP request for any address but @own: makes the reply in @to. Return: its length, or 0. */
size_t frame_arp_answer(const struct seen *s, uint32_t own, const uint8_t mac[6], uint8_t *to);

#endif
