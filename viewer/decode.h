/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames in words: Ethernet, ARP, IPv4 with options, TCP with options, UDP, ICMP.
 *
 * The bytes come from a trace and may be anything: nothing here reads beyond the length given, and
 * a header that is cut off is named in brackets ("[|tcp]") as tcpdump does.
 */
#ifndef SYNWALK_VIEWER_DECODE_H
#define SYNWALK_VIEWER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum decode_layer {
	DECODE_NOTHING, /* not even an Ethernet header */
	DECODE_ETHERNET,
	DECODE_ARP,
	DECODE_IP,
	DECODE_TCP,
	DECODE_UDP,
	DECODE_ICMP,
};

/**
 * struct decoded - where the headers of a frame lie and what the often needed fields say
 * @layer: the highest layer whose fixed header is whole
 * @cut: the first header that is not whole, as a word for "[|word]"; NULL if all are
 * @bytes: the frame; not owned
 * @len: its length
 * @ethertype: host order; 0 when there is no Ethernet header
 * @network: offset of the ARP or IP header; 0: there is no Ethernet header
 * @transport: offset of the TCP, UDP or ICMP header
 * @payload: offset of what TCP or UDP carries
 * @payload_len: bytes of it, by IP's length and not beyond the frame
 * @protocol: IP's
 * @fragment: offset in bytes of an IP fragment, 0 for a first or only one
 * @saddr: source address as the packet has it (network order)
 * @daddr: destination, likewise
 * @sport: source port, host order; TCP and UDP
 * @dport: destination port, likewise
 * @seq: TCP sequence number, host order
 * @ack: TCP acknowledgement number, host order
 * @flags: TCP flags, CWR and ECE included
 * @window: TCP window as sent, not scaled
 * @ip_sum_bad: IP's header checksum does not hold
 * @sum_bad: the transport's checksum does not hold; never set for a fragment or a cut packet
 */
struct decoded {
	enum decode_layer layer;
	const char *cut;
	const uint8_t *bytes;
	size_t len;
	uint16_t ethertype;
	size_t network, transport, payload, payload_len;
	uint8_t protocol;
	unsigned int fragment;
	uint32_t saddr, daddr;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window;
	bool ip_sum_bad, sum_bad;
};

enum {
	DECODE_FIN = 1,
	DECODE_SYN = 2,
	DECODE_RST = 4,
	DECODE_PSH = 8,
	DECODE_ACK = 16,
	DECODE_URG = 32,
	DECODE_ECE = 64,
	DECODE_CWR = 128
};

/* Finds the headers of a frame, which may have no Ethernet header if it is an IPv4 packet. */
void decode_frame(struct decoded *d, const uint8_t *bytes, size_t len);

/*
 * Initial sequence numbers seen so far, so that later ones can be told relative to them.  Filled
 * in the order of the trace; asked with a step, so that a reused pair of ports is told apart.
 */
struct decode_flows {
	struct decode_flow {
		uint32_t saddr, daddr;
		uint16_t sport, dport;
		uint32_t isn;
		int64_t since;
	} * flow;
	size_t count, room;
};

/* Remembers the sequence number of a SYN.  Other packets teach nothing. */
void decode_learn(struct decode_flows *flows, const struct decoded *d, int64_t step);
void decode_flows_free(struct decode_flows *flows);

/*
 * The frame on one line, in tcpdump's words.  FLOWS may be NULL: sequence numbers then stay
 * absolute.  Returns buf, always terminated.
 */
char *decode_line(char *buf, size_t len, const struct decoded *d, const struct decode_flows *flows,
		  int64_t step);

/*
 * Every header field, one call each, in the order of the bytes.  Headings have length 0.
 * OFFSET and LENGTH say which bytes of the frame a field is.
 */
typedef void (*decode_field_fn)(void *ctx, bool heading, size_t offset, size_t length,
				const char *name, const char *value);
void decode_fields(const struct decoded *d, const struct decode_flows *flows, int64_t step,
		   decode_field_fn fn, void *ctx);

/* TCP's options of a decoded TCP frame, as in tcpdump's brackets: "mss 1460,sackOK". */
char *decode_tcp_options(char *buf, size_t len, const struct decoded *d);

/* "S", "S.", "F.", ... as tcpdump writes flags; buf of at least 10 bytes. */
char *decode_flags(char *buf, uint8_t flags);

/* Network order to "10.9.0.1"; buf of at least 16 bytes. */
char *decode_address(char *buf, uint32_t addr);

#endif
