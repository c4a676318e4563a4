/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stream protocols share: sleeping for the connection, for room to write, for the close.
 *
 * Every wait has the same shape, which keeps a wake-up from being lost: join the queue first, look
 * at the condition, release the socket, sleep, take it again.  A waker that comes between the look
 * and the sleep finds us queued and makes the sleep return at once.
 *
 * Origin: net/core/stream.c.
 */
#include <linux/errno.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <net/sock.h>

/*
 * Sleep at most *@timeo jiffies unless @condition holds; evaluates to @condition.  The socket is
 * owned before and after, not meanwhile.
 */
#define sk_wait_event(sk, timeo, condition)                    \
	__extension__({                                        \
		bool __rc;                                     \
		release_sock(sk);                              \
		__rc = (condition);                            \
		if (!__rc)                                     \
			*(timeo) = schedule_timeout(*(timeo)); \
		lock_sock(sk);                                 \
		__rc = (condition);                            \
		__rc;                                          \
	})

/* There is room again: wake writers that found none (SOCK_NOSPACE) once a third is free. */
void sk_stream_write_space(struct sock *sk)
{
	struct socket *sock = sk->sk_socket;
	struct socket_wq *wq;

	if (sk_stream_is_writeable(sk) && sock) {
		sock->flags &= ~(1UL << SOCK_NOSPACE);
		wq = sk->sk_wq;
		if (skwq_has_sleeper(wq))
			wake_up_interruptible_poll(&wq->wait, POLLOUT | POLLWRNORM | POLLWRBAND);
	}
}

/**
 * sk_stream_wait_connect - a writer came before the connection stood
 * @sk: the socket
 * @timeo_p: how long, jiffies; what is left on return
 *
 * Return: 0 when connected; the socket's error, -EPIPE if it is not even connecting, -EAGAIN,
 * -EINTR, -ERESTARTSYS.
 */
int sk_stream_wait_connect(struct sock *sk, long *timeo_p)
{
	int done;

	do {
		int err = sock_error(sk);
		DEFINE_WAIT(wait);

		if (err)
			return err;
		if ((1 << sk->sk_state) & ~(TCPF_SYN_SENT | TCPF_SYN_RECV))
			return -EPIPE;
		if (!*timeo_p)
			return -EAGAIN;
		if (signal_pending(current))
			return sock_intr_errno(*timeo_p);

		prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		sk->sk_write_pending++;
		done = sk_wait_event(sk, timeo_p,
				     !sk->sk_err && !((1 << sk->sk_state) &
						      ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)));
		finish_wait(sk_sleep(sk), &wait);
		sk->sk_write_pending--;
	} while (!done);
	return 0;
}

/* Has the peer not answered our FIN completely yet? */
static inline int sk_stream_closing(struct sock *sk)
{
	return (1 << sk->sk_state) & (TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK);
}

/* close(2) with SO_LINGER: wait until our FIN is acknowledged, at most @timeout jiffies. */
void sk_stream_wait_close(struct sock *sk, long timeout)
{
	if (timeout) {
		DEFINE_WAIT(wait);

		do {
			prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
			if (sk_wait_event(sk, &timeout, !sk_stream_closing(sk)))
				break;
		} while (!signal_pending(current) && timeout);
		finish_wait(sk_sleep(sk), &wait);
	}
}

/* Wait for room in the send buffer.  0; -EPIPE, -EAGAIN, -EINTR, -ERESTARTSYS. */
int sk_stream_wait_memory(struct sock *sk, long *timeo_p)
{
	int err = 0;
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		if (sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN)) {
			err = -EPIPE;
			break;
		}
		if (!*timeo_p) {
			sk->sk_socket->flags |= 1UL << SOCK_NOSPACE;
			err = -EAGAIN;
			break;
		}
		if (signal_pending(current)) {
			err = sock_intr_errno(*timeo_p);
			break;
		}
		if (sk_stream_memory_free(sk))
			break;

		sk->sk_socket->flags |= 1UL << SOCK_NOSPACE;
		sk->sk_write_pending++;
		sk_wait_event(sk, timeo_p,
			      sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN) ||
				      sk_stream_memory_free(sk));
		sk->sk_write_pending--;
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

/* The error a failed write reports; a pending socket error goes before "broken pipe". */
int sk_stream_error(struct sock *sk, int flags, int err)
{
	if (err == -EPIPE)
		err = sock_error(sk) ?: -EPIPE;
	if (err == -EPIPE && !(flags & MSG_NOSIGNAL))
		send_sig(SIGPIPE, current, 0);
	return err;
}

/* The connection is over: drop what is left and settle the memory account. */
void sk_stream_kill_queues(struct sock *sk)
{
	__skb_queue_purge(&sk->sk_receive_queue);
	__skb_queue_purge(&sk->sk_error_queue);
	WARN_ON(!skb_queue_empty(&sk->sk_write_queue));

	sk_mem_reclaim(sk);

	/* Bytes that nobody owns would be lost for ever. */
	WARN_ON(sk->sk_wmem_queued);
	WARN_ON(sk->sk_forward_alloc);
}
