/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_FAREND_H
#define SYNWALK_VIEWER_FAREND_H

/*
 * The far end of the virtual wire: one host that answers ARP for its addresses, accepts a TCP
 * connection on one port, acknowledges what it is sent and closes when it is closed. It keeps no
 * clock of its own and no randomness but its seed, so a run repeats byte for byte.
 *
 * Its SYN-ACK is the one a v4.9 kernel with default settings sends.
 */

#include <stddef.h>
#include <stdint.h>

struct farend_config {
	uint8_t mac[6];
	uint32_t addr;            /* the listening address, network byte order */
	uint32_t gateway;         /* a second address that ARP is answered for; may equal addr */
	uint16_t port;            /* the listening port, host byte order */
	uint64_t seed;            /* of its initial sequence number */
	uint64_t delay_ns;        /* from the far end to the core, one way */
	uint64_t (*now_ns)(void); /* for the timestamps it sends */
	/* Carries a frame to the core, to arrive after delay_ns. */
	int (*inject)(const char *ifname, const void *frame, size_t len, uint64_t delay_ns);
	const char *ifname;
};

enum farend_state {
	FAREND_LISTEN,
	FAREND_SYN_RECV,
	FAREND_ESTABLISHED,
	FAREND_LAST_ACK, /* their FIN was answered with ours */
	FAREND_CLOSED,   /* ours is acknowledged too, or they reset us */
};

struct farend {
	struct farend_config config;
	enum farend_state state;
	/* The one connection it can hold. Addresses in network, numbers in host byte order. */
	uint8_t peer_mac[6];
	uint32_t peer_addr;
	uint16_t peer_port;
	uint32_t snd_nxt;
	uint32_t rcv_nxt;
	uint32_t ts_recent;
	int timestamps; /* both sides sent the option */
	/* What it saw. */
	int accepted; /* handshakes completed */
	int reset;    /* the connection ended by RST */
	int frames_in;
	int frames_out;
};

void farend_init(struct farend *far, const struct farend_config *config);

/** farend_frame() - one frame reaches the far end; @ctx is the struct farend */
void farend_frame(void *ctx, const void *frame, size_t len);

#endif
