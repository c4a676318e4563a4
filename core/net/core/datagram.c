/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Payload between packets and user memory, and waiting for a datagram (net/core/datagram.c).
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <net/sock.h>

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

/* Sleep until a datagram is there.  0: look again; else why to give up, negative. */
static int wait_for_more_packets(struct sock *sk, long *timeo_p)
{
	DEFINE_WAIT(wait);
	int err = 0;

	prepare_to_wait_exclusive(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
	if (sk->sk_err)
		err = sock_error(sk);
	else if (!skb_queue_empty(&sk->sk_receive_queue))
		err = 0;
	else if (sk->sk_shutdown & RCV_SHUTDOWN)
		err = -ESHUTDOWN;
	else if (signal_pending(current))
		err = sock_intr_errno(*timeo_p);
	else
		*timeo_p = schedule_timeout(*timeo_p);
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

/**
 * __skb_recv_datagram - the oldest datagram of a socket
 * @sk: the socket
 * @flags: MSG_PEEK: leave it in the queue; MSG_DONTWAIT
 * @err: why there is none: the socket's error, -EAGAIN, -EINTR, -ERESTARTSYS; 0 at the end of what
 *	can come (shut down)
 *
 * Return: the datagram with a reference for skb_free_datagram(), or NULL.
 */
struct sk_buff *__skb_recv_datagram(struct sock *sk, unsigned int flags, int *err)
{
	long timeo;

	*err = sock_error(sk);
	if (*err)
		return NULL;
	timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);

	for (;;) {
		struct sk_buff_head *queue = &sk->sk_receive_queue;
		struct sk_buff *skb;

		spin_lock_bh(&queue->lock);
		skb = skb_peek(queue);
		if (skb && flags & MSG_PEEK)
			skb_get(skb);
		else if (skb)
			__skb_unlink(skb, queue);
		spin_unlock_bh(&queue->lock);
		if (skb)
			return skb;

		*err = -EAGAIN;
		if (!timeo)
			return NULL;
		*err = wait_for_more_packets(sk, &timeo);
		if (*err) {
			if (*err == -ESHUTDOWN)
				*err = 0;
			return NULL;
		}
	}
}

/* The reader is done with it. */
void skb_free_datagram(struct sock *sk, struct sk_buff *skb)
{
	consume_skb(skb);
	sk_mem_reclaim_partial(sk);
}

/* Which of reading, writing, error is possible now? */
unsigned int datagram_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	unsigned int mask = 0;

	sock_poll_wait(file, sk_sleep(sk), wait);

	if (sk->sk_err || !skb_queue_empty(&sk->sk_error_queue))
		mask |= POLLERR;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= POLLRDHUP | POLLIN | POLLRDNORM;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= POLLHUP;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= POLLIN | POLLRDNORM;
	if (sock_writeable(sk))
		mask |= POLLOUT | POLLWRNORM | POLLWRBAND;
	else
		sk_set_bit(SOCK_NOSPACE, sk);
	return mask;
}
