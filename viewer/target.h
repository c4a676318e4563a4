/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_TARGET_H
#define SYNWALK_VIEWER_TARGET_H

/* The private network of a run: we are .1, the far end is .2, and routes everything beyond. */

#include <stdint.h>

#define NEAR_ADDR      "10.9.0.1"
#define FAR_ADDR       "10.9.0.2"
#define PREFIXLEN      24
#define LINK_MTU       1500
#define DEFAULT_TARGET FAR_ADDR ":80"

extern const uint8_t near_mac[6], far_mac[6];

struct target {
	uint32_t addr; /* network byte order */
	uint16_t port; /* host byte order */
	char text[32]; /* ADDR:PORT */
};

/**
 * parse_target() - split and check ADDR:PORT
 *
 * Return: 0, or STATUS_TROUBLE after telling what is wrong.
 */
int parse_target(const char *text, struct target *target);

#endif
