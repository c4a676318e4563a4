/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_UNALIGNED_H
#define _LINUX_UNALIGNED_H

/* Big-endian loads and stores at any address (asm/unaligned.h): TCP options start anywhere. */
#include <linux/byteorder.h>

struct __una_u16 {
	u16 x;
} __packed;

struct __una_u32 {
	u32 x;
} __packed;

static inline u16 get_unaligned_be16(const void *p)
{
	return be16_to_cpu(((const struct __una_u16 *)p)->x);
}

static inline u32 get_unaligned_be32(const void *p)
{
	return be32_to_cpu(((const struct __una_u32 *)p)->x);
}

static inline void put_unaligned_be16(u16 val, void *p)
{
	((struct __una_u16 *)p)->x = cpu_to_be16(val);
}

static inline void put_unaligned_be32(u32 val, void *p)
{
	((struct __una_u32 *)p)->x = cpu_to_be32(val);
}

#define get_unaligned(ptr)                                   \
	__extension__({                                      \
		struct {                                     \
			__typeof__(*(ptr)) x;                \
		} __packed const *__u = (const void *)(ptr); \
		__u->x;                                      \
	})
#define put_unaligned(val, ptr)                  \
	do {                                     \
		struct {                         \
			__typeof__(*(ptr)) x;    \
		} __packed *__u = (void *)(ptr); \
		__u->x = (val);                  \
	} while (0)

#endif
