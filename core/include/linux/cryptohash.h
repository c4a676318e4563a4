/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_CRYPTOHASH_H
#define _LINUX_CRYPTOHASH_H

#include <linux/types.h>

#define MD5_DIGEST_WORDS  4
#define MD5_MESSAGE_BYTES 64

/*
 * One round of MD5 (RFC 1321 section 3.4) over a block of 16 words. v4.9 makes
 * initial sequence numbers and port offsets with it, keyed by a boot secret.
 */
void md5_transform(u32 *hash, const u32 *in);

#endif
