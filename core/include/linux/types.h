/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

/*
 * The kernel's integer types and list heads, with x86-64's sizes. The __be
 * types hold network byte order: the name is the only mark, so every comment
 * on a field says the order again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/compiler.h>

typedef signed char s8;
typedef unsigned char u8;
typedef signed short s16;
typedef unsigned short u16;
typedef signed int s32;
typedef unsigned int u32;
typedef signed long long s64;
typedef unsigned long long u64;

typedef s8 __s8;
typedef u8 __u8;
typedef s16 __s16;
typedef u16 __u16;
typedef s32 __s32;
typedef u32 __u32;
typedef s64 __s64;
typedef u64 __u64;

typedef u8 u_int8_t;
typedef u8 u_char;
typedef unsigned int uint;
typedef unsigned short ushort;
typedef unsigned long ulong;

typedef u16 __le16;
typedef u32 __le32;
typedef u64 __le64;
typedef u16 __be16; /* two bytes in network byte order */
typedef u32 __be32; /* four bytes in network byte order */
typedef u64 __be64;
typedef u16 __sum16; /* a folded Internet checksum, as it stands in a header */
typedef u32 __wsum;  /* an unfolded one, still collecting carries */

typedef _Bool bool;
#define true 1
#define false 0

typedef long ssize_t;
typedef long long loff_t;
typedef unsigned int gfp_t; /* how an allocation may behave, linux/gfp.h */
typedef unsigned int fmode_t;
typedef unsigned short umode_t;
typedef int pid_t;
typedef u64 netdev_features_t; /* NETIF_F_* bits, linux/netdev_features.h */
typedef unsigned short __kernel_sa_family_t;

/* Arithmetic on a counter that several contexts share; see linux/atomic.h. */
typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long counter;
} atomic_long_t;

typedef struct {
	unsigned int val;
} kuid_t;

/* A circular doubly linked list: head and members alike. */
struct list_head {
	struct list_head *next, *prev;
};

/* A hash chain: a one-pointer head, so that a table of many is small. */
struct hlist_head {
	struct hlist_node *first;
};

struct hlist_node {
	struct hlist_node *next, **pprev; /* pprev: whatever points to us */
};

#define BITS_PER_LONG              64
#define BITS_PER_BYTE              8
#define BITS_TO_LONGS(nr)          (((nr) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#endif
