/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_NETNS_H
#define SYNWALK_VIEWER_NETNS_H

/* A private network: namespaces, a TAP device in them, addresses. */

#include <stdint.h>

struct peer_problem;

/**
 * netns_enter() - move this process into a fresh user and network namespace
 *
 * The caller must have one thread only (the kernel's rule for user namespaces). As root on a
 * machine that forbids user namespaces, a network namespace alone will do.
 * Return: 0, or -1 with @problem filled.
 */
int netns_enter(struct peer_problem *problem);

/**
 * netns_open_tap() - create a TAP device in the namespace of this process
 * @ifname: the name wanted, at most 15 characters
 *
 * Return: its descriptor (Ethernet frames, without packet information), or -1 with @problem.
 */
int netns_open_tap(const char *ifname, struct peer_problem *problem);

/**
 * netns_configure() - give a device its hardware address, MTU and address, and set it up
 * @addr: network byte order
 * @alias: a second address (/32) on the device, network byte order; 0 for none
 *
 * IPv6 is switched off first, so that no neighbour discovery disturbs the walk.
 * Return: 0, or -1 with @problem filled.
 */
int netns_configure(const char *ifname, const uint8_t mac[6], int mtu, uint32_t addr, int prefixlen,
		    uint32_t alias, struct peer_problem *problem);

/** netns_loopback() - set up lo, which a new namespace has down. Return: 0, or -1 with @problem filled. */
int netns_loopback(struct peer_problem *problem);

/**
 * netns_route_default() - send what is not on the link to @gateway (network byte order)
 *
 * Return: 0, or -1 with @problem filled.
 */
int netns_route_default(uint32_t gateway, struct peer_problem *problem);

#endif
