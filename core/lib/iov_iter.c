/* SPDX-License-Identifier: GPL-2.0-only */
/* Moving through user memory in pieces (lib/iov_iter.c). */
#include <linux/kernel.h>
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
