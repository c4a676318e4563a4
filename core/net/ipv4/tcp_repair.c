/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp.c */
/*
 * Repair mode: a connection is put into a socket from outside, as by a program that moves processes
 * from one machine to another (CRIU).
 *
 * While a socket is in repair mode its calls change the socket and send nothing: connect(2) makes it
 * established without a SYN, close(2) makes it vanish without a FIN.  Sequence numbers and what the
 * handshake would have agreed on are set by options.  When the mode is left, a window probe goes out:
 * a segment the peer must answer, and its answer tells us its window.
 *
 * Left out: refilling the queues (send(2) and recv(2) in repair mode), TCP_REPAIR_WINDOW.
 *
 * Part of net/ipv4/tcp.c in the kernel.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>
#include <net/tcp.h>

#include "tcp_repair.h"

/* Who may: an administrator; when: before there is a connection, or when it simply stands. */
static bool tcp_can_repair_sock(const struct sock *sk)
{
	return capable(CAP_NET_ADMIN) && ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_ESTABLISHED));
}

/* TCP_REPAIR: 1 enters the mode, 0 leaves it with a window probe.  0; -EPERM, -EINVAL. */
int tcp_set_repair(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_can_repair_sock(sk))
		return -EPERM;
	if (val != 0 && val != 1)
		return -EINVAL;

	tp->repair = val;
	if (val) {
		/* the port is the connection's, whoever may have it here */
		sk->sk_reuse = SK_FORCE_REUSE;
		tp->repair_queue = TCP_NO_QUEUE;
	} else {
		sk->sk_reuse = SK_NO_REUSE;
		tcp_send_window_probe(sk);
	}
	return 0;
}

/* TCP_REPAIR_QUEUE: of which direction TCP_QUEUE_SEQ speaks.  0; -EPERM, -EINVAL. */
int tcp_set_repair_queue(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->repair)
		return -EPERM;
	if (val < TCP_NO_QUEUE || val >= TCP_QUEUES_NR)
		return -EINVAL;
	tp->repair_queue = val;
	return 0;
}

/*
 * TCP_QUEUE_SEQ: the next sequence number of that direction, before connect(2).  0; -EPERM once there
 * is a connection, -EINVAL without a direction.
 */
int tcp_set_queue_seq(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_state != TCP_CLOSE)
		return -EPERM;
	if (tp->repair_queue == TCP_SEND_QUEUE)
		tp->write_seq = val;
	else if (tp->repair_queue == TCP_RECV_QUEUE)
		tp->rcv_nxt = val;
	else
		return -EINVAL;
	return 0;
}

/* TCP_TIMESTAMP: what our clock of time stamps shows now.  0; -EPERM. */
int tcp_set_timestamp(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->repair)
		return -EPERM;
	tp->tsoffset = val - tcp_time_stamp;
	return 0;
}

/* One thing that the handshake agreed on. */
static int tcp_repair_option(struct tcp_sock *tp, const struct tcp_repair_opt *opt)
{
	switch (opt->opt_code) {
	case TCPOPT_MSS:
		tp->rx_opt.mss_clamp = opt->opt_val;
		break;
	case TCPOPT_WINDOW: {
		u16 snd_wscale = opt->opt_val & 0xFFFF;
		u16 rcv_wscale = opt->opt_val >> 16;

		if (snd_wscale > 14 || rcv_wscale > 14)
			return -EFBIG;
		tp->rx_opt.snd_wscale = snd_wscale;
		tp->rx_opt.rcv_wscale = rcv_wscale;
		tp->rx_opt.wscale_ok = 1;
		break;
	}
	case TCPOPT_SACK_PERM:
		if (opt->opt_val)
			return -EINVAL;
		tp->rx_opt.sack_ok |= TCP_SACK_SEEN;
		if (sysctl_tcp_fack)
			tcp_enable_fack(tp);
		break;
	case TCPOPT_TIMESTAMP:
		if (opt->opt_val)
			return -EINVAL;
		tp->rx_opt.tstamp_ok = 1;
		break;
	}
	return 0;
}

/*
 * TCP_REPAIR_OPTIONS: struct tcp_repair_opt, one after the other, @len bytes; an unknown code is passed
 * over, as the kernel does.  0; -EINVAL outside of repair mode, -EPERM without a connection, -EFAULT,
 * -EFBIG for a window scale above 14.
 */
int tcp_set_repair_options(struct sock *sk, const char __user *optbuf, unsigned int len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_repair_opt opt;
	int err;

	if (!tp->repair)
		return -EINVAL;
	if (sk->sk_state != TCP_ESTABLISHED)
		return -EPERM;

	for (; len >= sizeof(opt); optbuf += sizeof(opt), len -= sizeof(opt)) {
		if (copy_from_user(&opt, optbuf, sizeof(opt)))
			return -EFAULT;
		err = tcp_repair_option(tp, &opt);
		if (err)
			return err;
	}
	return 0;
}

/* getsockopt(2) of these.  0 and *@val; -EINVAL outside of repair mode, or without a direction. */
int tcp_get_repair(struct sock *sk, int optname, int *val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (optname) {
	case TCP_REPAIR:
		*val = tp->repair;
		return 0;
	case TCP_REPAIR_QUEUE:
		*val = tp->repair_queue;
		return tp->repair ? 0 : -EINVAL;
	case TCP_QUEUE_SEQ:
		*val = tp->repair_queue == TCP_SEND_QUEUE ? tp->write_seq : tp->rcv_nxt;
		return tp->repair_queue == TCP_NO_QUEUE ? -EINVAL : 0;
	default: /* TCP_TIMESTAMP */
		*val = tcp_time_stamp + tp->tsoffset;
		return 0;
	}
}
