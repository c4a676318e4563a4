/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_UIO_H
#define _LINUX_UIO_H

/*
 * A position in user memory that is spread over several pieces, with the copy
 * routines that move it on (include/linux/uio.h, lib/iov_iter.c).
 */
#include <linux/types.h>
#include <linux/uaccess.h>

struct iovec {
	void __user *iov_base; /* first byte, user address */
	size_t iov_len;        /* bytes */
};

#define MAX_RW_COUNT (0x7fffffffUL & ~4095UL)
#define UIO_MAXIOV   1024 /* pieces of one call */

/* The same in kernel memory. */
struct kvec {
	void *iov_base;
	size_t iov_len; /* bytes */
};

struct iov_iter {
	int type;          /* READ or WRITE, from the file's view */
	size_t iov_offset; /* bytes of iov[0] already used */
	size_t count;      /* bytes left in all */
	const struct iovec *iov;
	unsigned long nr_segs; /* pieces left */
};

#define READ  0
#define WRITE 1

/*
 * The pieces of a call, copied to *@iov (for kfree()) and looked at, and an iterator over them.  Bytes in
 * all; -EINVAL for too many or a negative length, -EFAULT, -ENOMEM.
 */
ssize_t import_iovec(int type, const struct iovec __user *uvector, unsigned long nr_segs,
		     struct iovec **iov, struct iov_iter *i);
void iov_iter_init(struct iov_iter *i, int direction, const struct iovec *iov,
		   unsigned long nr_segs, size_t count);
/* Both return the bytes copied, less than @bytes at a bad address or the end. */
size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);
void iov_iter_advance(struct iov_iter *i, size_t size);

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

static inline void iov_iter_truncate(struct iov_iter *i, u64 count)
{
	if (i->count > count)
		i->count = (size_t)count;
}

#endif
