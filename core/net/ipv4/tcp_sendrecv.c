/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp.c */
/*
 * Data over a connection: send, receive, poll.  As far as a handshake's story needs it: one flat
 * segment of at most an MSS after the other, no direct copies to a waiting reader, no splice.
 *
 * Part of net/ipv4/tcp.c in the kernel.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <net/inet_common.h>
#include <net/tcp.h>

#include "tcp_output.h"

/* ---- poll ---- */

/**
 * tcp_poll - which of reading, writing, error is possible now
 * @file: the socket's file
 * @sock: the socket
 * @wait: registers the caller on the socket's wait queue
 *
 * A non-blocking connect(2) ends here: POLLOUT says the handshake is over, POLLERR that it failed;
 * SO_ERROR then tells why.  While in SYN_SENT nothing is reported.
 */
unsigned int tcp_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned int mask = 0;
	int state;

	sock_rps_record_flow(sk);
	sock_poll_wait(file, sk_sleep(sk), wait);

	state = sk_state_load(sk);
	if (state == TCP_LISTEN)
		return 0;

	if (sk->sk_shutdown == SHUTDOWN_MASK || state == TCP_CLOSE)
		mask |= POLLHUP;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= POLLIN | POLLRDNORM | POLLRDHUP;

	if (state != TCP_SYN_SENT && state != TCP_SYN_RECV) {
		if (tp->rcv_nxt - tp->copied_seq >= (u32)sock_rcvlowat(sk, 0, INT_MAX))
			mask |= POLLIN | POLLRDNORM;

		if (!(sk->sk_shutdown & SEND_SHUTDOWN)) {
			if (sk_stream_is_writeable(sk)) {
				mask |= POLLOUT | POLLWRNORM;
			} else {
				sk->sk_socket->flags |= 1UL << SOCK_NOSPACE;
				/* room may have come between the look and the flag */
				if (sk_stream_is_writeable(sk))
					mask |= POLLOUT | POLLWRNORM;
			}
		} else {
			mask |= POLLOUT | POLLWRNORM;
		}
	}

	if (sk->sk_err || !skb_queue_empty(&sk->sk_error_queue))
		mask |= POLLERR;
	return mask;
}

/* ---- send ---- */

static inline void tcp_mark_push(struct tcp_sock *tp, struct sk_buff *skb)
{
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	tp->pushed_seq = tp->write_seq;
}

/* MSG_OOB: what is queued so far, its last byte above all, is urgent (RFC 6093). */
static inline void tcp_mark_urg(struct tcp_sock *tp, int flags)
{
	if (flags & MSG_OOB)
		tp->snd_up = tp->write_seq;
}

/* Half a window without a PSH: tell the receiver to hand over what it has. */
static inline bool forced_push(const struct tcp_sock *tp)
{
	return after(tp->write_seq, tp->pushed_seq + (tp->max_window >> 1));
}

/* An empty segment at the end of the queue, to be filled. */
static void skb_entail(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);

	skb->csum = 0;
	tcb->seq = tcb->end_seq = tp->write_seq;
	tcb->tcp_flags = TCPHDR_ACK;
	tcb->sacked = 0;
	__skb_header_release(skb);
	tcp_add_write_queue_tail(sk, skb);
	sk->sk_wmem_queued += skb->truesize;
	sk_mem_charge(sk, skb->truesize);
	if (tp->nonagle & TCP_NAGLE_PUSH)
		tp->nonagle &= ~TCP_NAGLE_PUSH;
	tcp_slow_start_after_idle_check(sk);
}

/**
 * tcp_should_autocork() - is it worth waiting before a small packet is sent?
 * @sk: the socket
 * @skb: the last packet of its queue
 * @size_goal: bytes that would make it full
 *
 * While earlier packets of this socket still wait below (in the device's queue, or for their
 * neighbour's address), the next write may fill this one. When the last of them has left,
 * tcp_wfree() sends what has come together.
 *
 * Origin: net/ipv4/tcp.c, tcp_should_autocork().
 */
static bool tcp_should_autocork(struct sock *sk, struct sk_buff *skb, int size_goal)
{
	return (int)skb->len < size_goal && sysctl_tcp_autocorking &&
	       skb != tcp_write_queue_head(sk) &&
	       (u32)atomic_read(&sk->sk_wmem_alloc) > skb->truesize;
}

/* All of a write is queued: mark its end and send. */
static void tcp_push(struct sock *sk, int flags, int mss_now, int nonagle, int size_goal)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (!tcp_send_head(sk))
		return;

	skb = tcp_write_queue_tail(sk);
	if (!(flags & MSG_MORE) || forced_push(tp))
		tcp_mark_push(tp, skb);
	tcp_mark_urg(tp, flags);

	if (tcp_should_autocork(sk, skb, size_goal)) {
		if (!(tp->tsq_flags & (1UL << TSQ_THROTTLED))) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPAUTOCORKING);
			tp->tsq_flags |= 1UL << TSQ_THROTTLED;
		}
		/* The device may have finished before the flag stood: then nobody would come back. */
		if ((u32)atomic_read(&sk->sk_wmem_alloc) > skb->truesize)
			return;
	}

	if (flags & MSG_MORE)
		nonagle = TCP_NAGLE_CORK;

	__tcp_push_pending_frames(sk, mss_now, nonagle);
}

void tcp_free_fastopen_req(struct tcp_sock *tp)
{
	if (tp->fastopen_req) {
		kfree(tp->fastopen_req);
		tp->fastopen_req = NULL;
	}
}

/*
 * sendto(MSG_FASTOPEN): connect, with data in the SYN.  *@copied: bytes that went along.  0, or as
 * connect(2); -EOPNOTSUPP if the client side is switched off; -EALREADY.
 */
static int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *msg, int *copied, size_t size)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int err, flags;

	if (!(sysctl_tcp_fastopen & TFO_CLIENT_ENABLE))
		return -EOPNOTSUPP;
	if (tp->fastopen_req)
		return -EALREADY;

	tp->fastopen_req = kzalloc_type(struct tcp_fastopen_request, sk->sk_allocation);
	if (unlikely(!tp->fastopen_req))
		return -ENOBUFS;
	tp->fastopen_req->data = msg;
	tp->fastopen_req->size = size;

	flags = (msg->msg_flags & MSG_DONTWAIT) ? O_NONBLOCK : 0;
	err = __inet_stream_connect(sk->sk_socket, msg->msg_name, msg->msg_namelen, flags);
	/* still ours, whatever happened while we slept: who comes meanwhile gets -EALREADY */
	*copied = tp->fastopen_req->copied;
	tcp_free_fastopen_req(tp);
	return err;
}

/*
 * As many bytes as a packet of several segments may have: whole segments, no more than the largest
 * packet that is ever cut, nor than half of the largest window the peer has offered.
 */
static unsigned int tcp_xmit_size_goal(struct sock *sk, u32 mss_now, int large_allowed)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 new_size_goal, size_goal;

	if (!large_allowed || !sk_can_gso(sk))
		return mss_now;

	new_size_goal = sk->sk_gso_max_size - 1 - MAX_TCP_HEADER;
	new_size_goal = tcp_bound_to_half_wnd(tp, new_size_goal);

	/* The division is only done when the number of segments has changed. */
	size_goal = tp->gso_segs * mss_now;
	if (unlikely(new_size_goal < size_goal || new_size_goal >= size_goal + mss_now)) {
		tp->gso_segs = min_t(u16, new_size_goal / mss_now, sk->sk_gso_max_segs);
		size_goal = tp->gso_segs * mss_now;
	}
	return max(size_goal, mss_now);
}

/* The segments' size, and in *@size_goal the packets'; bytes. */
static int tcp_send_mss(struct sock *sk, int *size_goal, int flags)
{
	int mss_now = tcp_current_mss(sk);

	*size_goal = (int)tcp_xmit_size_goal(sk, mss_now, !(flags & MSG_OOB));
	return mss_now;
}

/*
 * Room for @copy bytes more in a packet that has not been sent. The kernel adds pages, if the device can
 * gather them; here the buffer gets longer. Return: for how many bytes there is room.
 */
static int tcp_skb_grow(struct sock *sk, struct sk_buff *skb, int copy)
{
	int more = copy - skb_availroom(skb);

	if (more <= 0)
		return copy;
	if (!(sk->sk_route_caps & NETIF_F_SG) || !sk_wmem_schedule(sk, more) ||
	    pskb_expand_head(skb, 0, more, sk->sk_allocation))
		return skb_availroom(skb);
	skb->truesize += more;
	sk->sk_wmem_queued += more;
	sk_mem_charge(sk, more);
	return copy;
}

/*
 * Put user data at the end of the queue, in packets of @size_goal bytes; bytes taken, or -ENOBUFS
 * (wait for room), -EFAULT.  A packet has room for a segment when it is made, or for more if there is
 * so much to send.
 */
static int tcp_sendmsg_fill(struct sock *sk, struct msghdr *msg, int mss_now, int size_goal)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_write_queue_tail(sk);
	bool fresh = false;
	int copy = 0;

	/* Only what has not been sent may still grow. */
	if (tcp_send_head(sk))
		copy = min_t(int, size_goal - (int)skb->len, msg_data_left(msg));

	if (copy > 0 && tcp_skb_can_collapse_to(skb))
		copy = tcp_skb_grow(sk, skb, copy);
	else
		copy = 0;
	if (copy <= 0) {
		if (!sk_stream_memory_free(sk))
			return -ENOBUFS;
		copy = max_t(int, mss_now, min_t(size_t, size_goal, msg_data_left(msg)));
		skb = sk_stream_alloc_skb(sk, copy, sk->sk_allocation,
					  skb_queue_empty(&sk->sk_write_queue));
		if (!skb)
			return -ENOBUFS;
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb_entail(sk, skb);
		fresh = true;
	}
	copy = min_t(size_t, copy, msg_data_left(msg));

	if (copy_from_iter(skb_put(skb, copy), copy, &msg->msg_iter) != (size_t)copy) {
		skb_trim(skb, skb->len - copy);
		if (fresh) {
			tcp_unlink_write_queue(skb, sk);
			tcp_check_send_head(sk, skb);
			sk_wmem_free_skb(sk, skb);
		}
		return -EFAULT;
	}

	TCP_SKB_CB(skb)->tcp_flags &= ~TCPHDR_PSH;
	tp->write_seq += copy;
	TCP_SKB_CB(skb)->end_seq += copy;
	tcp_skb_pcount_set(skb, 0); /* counted when it is sent */
	return copy;
}

/* Queue all of @msg, sleeping for room.  Bytes queued; *@err why it ended early. */
static int tcp_sendmsg_queue(struct sock *sk, struct msghdr *msg, long *timeo, int *err)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int flags = msg->msg_flags;
	int size_goal, mss_now = tcp_send_mss(sk, &size_goal, flags);
	struct sk_buff *skb;
	int copied = 0;

	*err = 0;
	while (msg_data_left(msg)) {
		int n = tcp_sendmsg_fill(sk, msg, mss_now, size_goal);

		if (n == -ENOBUFS) {
			sk->sk_socket->flags |= 1UL << SOCK_NOSPACE;
			if (copied)
				tcp_push(sk, flags & ~MSG_MORE, mss_now, TCP_NAGLE_PUSH, size_goal);
			*err = sk_stream_wait_memory(sk, timeo);
			if (*err)
				break;
			mss_now = tcp_send_mss(sk, &size_goal, flags);
			continue;
		}
		if (n < 0) {
			*err = n;
			break;
		}
		copied += n;
		skb = tcp_write_queue_tail(sk);
		/* the end of a record: nothing will be put behind it into its segment */
		if (!msg_data_left(msg) && (flags & MSG_EOR))
			TCP_SKB_CB(skb)->eor = 1;
		if (!msg_data_left(msg) || (int)skb->len < size_goal || (flags & MSG_OOB))
			continue;
		/* A full packet: the wire need not wait for the rest. */
		if (forced_push(tp)) {
			tcp_mark_push(tp, skb);
			__tcp_push_pending_frames(sk, mss_now, TCP_NAGLE_PUSH);
		} else if (skb == tcp_send_head(sk)) {
			tcp_push_one(sk, mss_now);
		}
	}
	if (copied)
		tcp_push(sk, flags, mss_now, tp->nonagle, size_goal);
	return copied;
}

/*
 * struct proto.sendmsg.  Bytes queued; -EPIPE, -EAGAIN, -EFAULT, -EINTR, -EINVAL in repair mode, the
 * connection's error.
 */
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int flags = msg->msg_flags;
	int copied = 0, copied_syn = 0;
	int err = 0;
	long timeo;

	lock_sock(sk);

	if (flags & MSG_FASTOPEN) {
		err = tcp_sendmsg_fastopen(sk, msg, &copied_syn, size);
		if (err == -EINPROGRESS && copied_syn > 0)
			goto out;
		if (err)
			goto out_err;
	}

	timeo = sock_sndtimeo(sk, flags & MSG_DONTWAIT);
	tcp_rate_check_app_limited(sk);

	if ((1 << sk->sk_state) & ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)) {
		err = sk_stream_wait_connect(sk, &timeo);
		if (err)
			goto do_error;
	}

	/* The kernel fills a queue here; ours knows no queue but TCP_NO_QUEUE, which has no data. */
	err = -EINVAL;
	if (unlikely(tp->repair))
		goto out_err;

	sk_clear_bit(SOCKWQ_ASYNC_NOSPACE, sk);

	err = -EPIPE;
	if (sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN))
		goto out_err;

	copied = tcp_sendmsg_queue(sk, msg, &timeo, &err);
	if (err && !copied)
		goto do_error;
out:
	release_sock(sk);
	return copied + copied_syn;

do_error:
	/* what went along with the SYN was taken, whatever happened to the rest */
	if (copied_syn)
		goto out;
out_err:
	err = sk_stream_error(sk, flags, err);
	release_sock(sk);
	return err;
}

/* ---- receive ---- */

/**
 * tcp_cleanup_rbuf - the user took data: is an ACK due, to tell of the larger window?
 * @sk: the socket
 * @copied: bytes taken
 */
void tcp_cleanup_rbuf(struct sock *sk, int copied)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool time_to_ack = false;

	if (inet_csk_ack_scheduled(sk)) {
		/* the delayed-ACK timer met an owned socket; or more than a segment waits */
		if (icsk->icsk_ack.blocked || tp->rcv_nxt - tp->rcv_wup > icsk->icsk_ack.rcv_mss ||
		    (copied > 0 &&
		     ((icsk->icsk_ack.pending & ICSK_ACK_PUSHED2) ||
		      ((icsk->icsk_ack.pending & ICSK_ACK_PUSHED) && !icsk->icsk_ack.pingpong)) &&
		     !atomic_read(&sk->sk_rmem_alloc)))
			time_to_ack = true;
	}

	/* The window can grow to twice what the peer knows. */
	if (copied > 0 && !time_to_ack && !(sk->sk_shutdown & RCV_SHUTDOWN)) {
		__u32 rcv_window_now = tcp_receive_window(tp);

		if (2 * rcv_window_now <= tp->window_clamp) {
			__u32 new_window = __tcp_select_window(sk);

			if (new_window && new_window >= 2 * rcv_window_now)
				time_to_ack = true;
		}
	}
	if (time_to_ack)
		tcp_send_ack(sk);
}

static void sk_eat_skb(struct sock *sk, struct sk_buff *skb)
{
	__skb_unlink(skb, &sk->sk_receive_queue);
	__kfree_skb(skb);
}

/*
 * The queued segment that holds sequence number @seq, and where in it; NULL if there is none.  A
 * segment whose data is used up but that carries the FIN counts.
 */
static struct sk_buff *tcp_recv_find(struct sock *sk, u32 seq, u32 *offset, struct sk_buff **last)
{
	struct sk_buff *skb;

	*last = skb_peek_tail(&sk->sk_receive_queue);
	skb_queue_walk(&sk->sk_receive_queue, skb) {
		if (WARN_ON(before(seq, TCP_SKB_CB(skb)->seq)))
			return NULL;
		*offset = seq - TCP_SKB_CB(skb)->seq;
		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN)
			(*offset)--;
		if (*offset < skb->len || (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN))
			return skb;
	}
	return NULL;
}

/* Nothing queued: 1: wait; 0: end of the stream, or what was copied; < 0: why not. */
static int tcp_recv_may_wait(struct sock *sk, int copied, long timeo)
{
	if (copied)
		return !(sk->sk_err || sk->sk_state == TCP_CLOSE ||
			 (sk->sk_shutdown & RCV_SHUTDOWN) || !timeo || signal_pending(current));

	if (sock_flag(sk, SOCK_DONE))
		return 0;
	if (sk->sk_err)
		return sock_error(sk);
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		return 0;
	if (sk->sk_state == TCP_CLOSE)
		return -ENOTCONN; /* never was connected */
	if (!timeo)
		return -EAGAIN;
	if (signal_pending(current))
		return sock_intr_errno(timeo);
	return 1;
}

/*
 * struct proto.recvmsg.  Bytes, 0 at the end of the stream, or a negative errno; -EPERM in repair mode.
 */
int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int nonblock, int flags,
		int *addr_len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 peek_seq, *seq = &tp->copied_seq;
	struct sk_buff *skb, *last;
	int copied = 0, err, target;
	u32 offset = 0;
	long timeo;

	(void)addr_len;
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN) {
		release_sock(sk);
		return -ENOTCONN;
	}
	if (unlikely(tp->repair)) {
		release_sock(sk);
		return -EPERM;
	}

	timeo = sock_rcvtimeo(sk, nonblock);
	if (flags & MSG_PEEK) {
		peek_seq = tp->copied_seq;
		seq = &peek_seq;
	}
	target = sock_rcvlowat(sk, flags & MSG_WAITALL, len);

	while (len > 0) {
		skb = tcp_recv_find(sk, *seq, &offset, &last);
		if (!skb) {
			if (copied >= target && !sk->sk_backlog.tail)
				break;
			err = tcp_recv_may_wait(sk, copied, timeo);
			if (err <= 0) {
				copied = copied ?: err;
				break;
			}
			tcp_cleanup_rbuf(sk, copied);
			sk_wait_data(sk, &timeo, last);
			continue;
		}

		if (offset < skb->len) {
			size_t used = min_t(size_t, len, skb->len - offset);

			if (!(flags & MSG_TRUNC) &&
			    skb_copy_datagram_iter(skb, offset, &msg->msg_iter, used)) {
				copied = copied ?: -EFAULT;
				break;
			}
			*seq += used;
			copied += used;
			len -= used;
			tcp_rcv_space_adjust(sk);
			if (used + offset < skb->len)
				continue;
		}

		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) {
			++*seq;
			if (!(flags & MSG_PEEK))
				sk_eat_skb(sk, skb);
			break;
		}
		if (!(flags & MSG_PEEK))
			sk_eat_skb(sk, skb);
	}

	tcp_cleanup_rbuf(sk, copied);
	release_sock(sk);
	return copied;
}
