/* SPDX-License-Identifier: GPL-2.0-only */
/* Payload between packets and user memory (net/core/datagram.c). */
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/uio.h>

/* Copies @len bytes from @offset of the packet to the user; 0 or -EFAULT. */
int skb_copy_datagram_iter(const struct sk_buff *skb, int offset, struct iov_iter *to, int len)
{
	if (copy_to_iter(skb->data + offset, (size_t)len, to) != (size_t)len)
		return -EFAULT;
	return 0;
}

/* And the other way, into room that skb_put() has made. */
int skb_copy_datagram_from_iter(struct sk_buff *skb, int offset, struct iov_iter *from, int len)
{
	if (copy_from_iter(skb->data + offset, (size_t)len, from) != (size_t)len)
		return -EFAULT;
	return 0;
}
