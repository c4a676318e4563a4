/* SPDX-License-Identifier: GPL-2.0-only */
/* Moving through user memory in pieces (lib/iov_iter.c). */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/uio.h>

void iov_iter_init(struct iov_iter *i, int direction, const struct iovec *iov,
		   unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter){
		.type = direction,
		.iov = iov,
		.nr_segs = nr_segs,
		.count = count,
	};
}

void iov_iter_advance(struct iov_iter *i, size_t size)
{
	size = min(size, i->count);
	i->count -= size;
	i->iov_offset += size;
	while (i->nr_segs && i->iov_offset >= i->iov->iov_len) {
		i->iov_offset -= i->iov->iov_len;
		i->iov++;
		i->nr_segs--;
	}
}

/* The piece under the iterator: its address, and in @len how far it reaches. */
static char __user *current_piece(const struct iov_iter *i, size_t *len)
{
	*len = min(i->iov->iov_len - i->iov_offset, i->count);
	return (char __user *)i->iov->iov_base + i->iov_offset;
}

size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i)
{
	size_t done = 0;

	while (done < bytes && i->count && i->nr_segs) {
		size_t room;
		char __user *to = current_piece(i, &room);
		size_t n = min(room, bytes - done);

		if (copy_to_user(to, (const char *)addr + done, n))
			break;
		done += n;
		iov_iter_advance(i, n);
	}
	return done;
}

size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	size_t done = 0;

	while (done < bytes && i->count && i->nr_segs) {
		size_t room;
		char __user *from = current_piece(i, &room);
		size_t n = min(room, bytes - done);

		if (copy_from_user((char *)addr + done, from, n))
			break;
		done += n;
		iov_iter_advance(i, n);
	}
	return done;
}

ssize_t import_iovec(int type, const struct iovec __user *uvector, unsigned long nr_segs,
		     struct iovec **iov, struct iov_iter *i)
{
	size_t size = nr_segs * sizeof(**iov), total = 0;

	*iov = NULL;
	if (nr_segs > UIO_MAXIOV)
		return -EINVAL;
	if (nr_segs) {
		*iov = kmalloc(size, GFP_KERNEL);
		if (!*iov)
			return -ENOMEM;
		if (copy_from_user(*iov, uvector, size))
			return -EFAULT;
	}
	for (unsigned long seg = 0; seg < nr_segs; seg++) {
		struct iovec *v = &(*iov)[seg];

		if ((ssize_t)v->iov_len < 0)
			return -EINVAL;
		if (!access_ok(type == READ ? VERIFY_WRITE : VERIFY_READ, v->iov_base, v->iov_len))
			return -EFAULT;
		/* a call moves no more than an int can say, in whole pages */
		if (v->iov_len > MAX_RW_COUNT - total)
			v->iov_len = MAX_RW_COUNT - total;
		total += v->iov_len;
	}
	iov_iter_init(i, type, *iov, nr_segs, total);
	return (ssize_t)total;
}
