/* SPDX-License-Identifier: GPL-2.0-only */
/* What decode.c and decode_text.c share: numbers in network order, and the memory of ISNs. */
#ifndef SYNWALK_VIEWER_DECODE_BYTES_H
#define SYNWALK_VIEWER_DECODE_BYTES_H

#include <stdint.h>

#include "viewer/decode.h"

static inline uint16_t be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

bool decode_isn(const struct decode_flows *flows, const struct decoded *d, bool backwards,
		int64_t step, uint32_t *isn);

#endif
