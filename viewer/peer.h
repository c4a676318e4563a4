/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_PEER_H
#define SYNWALK_VIEWER_PEER_H

/*
 * The far end of a real connect: a child process in a user and network namespace of its own,
 * whose host kernel owns the other side of a TAP device and listens there.
 *
 * The core stays in the caller's process and holds nothing but the TAP's file descriptor, so the
 * network of the host is never touched, and no right is needed beyond that of making a namespace.
 * When both ends are closed, the kernel takes device, addresses and namespace away by itself.
 */

#include <stdint.h>

#include "viewer/problem.h"

struct peer_config {
	uint32_t addr;       /* the address to listen on, network byte order */
	uint16_t port;       /* the port, host byte order */
	uint32_t gateway;    /* the host kernel's own address on the link, network byte order */
	int prefixlen;       /* of the link's network, in which gateway lies */
	uint8_t mac[6];      /* of the host kernel's side of the TAP */
	int mtu;             /* bytes */
	const char *capture; /* where to write what the host kernel saw, as pcap; NULL: nowhere */
};

/* What the host kernel saw. Addresses in network, ports in host byte order. */
struct peer_report {
	int accepted;   /* connections that accept() returned */
	uint32_t addr;  /* the last one's peer address: ours */
	uint16_t port;  /* its port */
	int saw_end;    /* 1: the connection's end of file was read; 2: it was reset */
	int lingering;  /* sockets left that neither listen nor wait out TIME_WAIT */
	int frames_in;  /* frames captured, core to host */
	int frames_out; /* and host to core */
	char state[16]; /* of a lingering socket, by the kernel's name: LAST_ACK ... */
};

struct peer;

/**
 * peer_start() - make the namespace, the TAP device in it and the listener
 * @config: what to make
 * @ifname: set to the name of the device, room for 16 bytes
 * @tap_fd: set to the core's end of the TAP: one Ethernet frame a read or write, non-blocking
 * @problem: on failure, what was missing
 *
 * Return: the peer, or NULL with @problem filled and nothing left behind.
 */
struct peer *peer_start(const struct peer_config *config, char *ifname, int *tap_fd,
			struct peer_problem *problem);

/**
 * peer_finish() - end the far side, and learn what it saw
 *
 * Waits at most two seconds for the connection's end to reach the host kernel.
 * Return: 0, or -errno if the child died without a report (then @report is all zeros).
 */
int peer_finish(struct peer *peer, struct peer_report *report);

#endif
