/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BYTEORDER_H
#define _LINUX_BYTEORDER_H

/*
 * Host order is little endian (x86-64); the network's is big endian. ntohs and
 * htons are the same swap: the two names say which way a value travels.
 */
#include <linux/types.h>

#define __LITTLE_ENDIAN          1234
#define __LITTLE_ENDIAN_BITFIELD 1

#define __swab16(x) ((u16)__builtin_bswap16((u16)(x)))
#define __swab32(x) ((u32)__builtin_bswap32((u32)(x)))
#define __swab64(x) ((u64)__builtin_bswap64((u64)(x)))

#define htons(x) ((__be16)__swab16(x))
#define ntohs(x) ((u16)__swab16(x))
#define htonl(x) ((__be32)__swab32(x))
#define ntohl(x) ((u32)__swab32(x))

#define cpu_to_be16(x) ((__be16)__swab16(x))
#define be16_to_cpu(x) ((u16)__swab16(x))
#define cpu_to_be32(x) ((__be32)__swab32(x))
#define be32_to_cpu(x) ((u32)__swab32(x))
#define cpu_to_be64(x) ((__be64)__swab64(x))
#define be64_to_cpu(x) ((u64)__swab64(x))
#define cpu_to_le32(x) ((__le32)(x))
#define le32_to_cpu(x) ((u32)(x))
#define cpu_to_le16(x) ((__le16)(x))
#define le16_to_cpu(x) ((u16)(x))

#endif
