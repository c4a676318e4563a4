/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp.c */
/*
 * setsockopt(2) and getsockopt(2) at level SOL_TCP.  Several of them shape the SYN: TCP_MAXSEG its
 * MSS option, TCP_WINDOW_CLAMP its window, TCP_SYNCNT how often it is repeated, TCP_MD5SIG whether
 * it is signed.
 *
 * Part of net/ipv4/tcp.c in the kernel.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/ip_sockglue.h>
#include <net/tcp.h>

#include "tcp_repair.h"
#include <net/tcp_info.h>

/* TCP_KEEPIDLE: seconds; a running keepalive timer starts anew from the last sign of life. */
static int tcp_set_keepidle(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (val < 1 || val > MAX_TCP_KEEPIDLE)
		return -EINVAL;

	tp->keepalive_time = val * HZ;
	if (sock_flag(sk, SOCK_KEEPOPEN) && !((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))) {
		u32 elapsed = keepalive_time_elapsed(tp);

		elapsed = tp->keepalive_time > elapsed ? tp->keepalive_time - elapsed : 0;
		inet_csk_reset_keepalive_timer(sk, elapsed);
	}
	return 0;
}

static int tcp_set_linger2(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (val < 0)
		tp->linger2 = -1;
	else if (val > sock_net(sk)->ipv4.sysctl_tcp_fin_timeout / HZ)
		tp->linger2 = 0;
	else
		tp->linger2 = val * HZ;
	return 0;
}

/* 0 lifts the clamp, but only before there is a connection that relies on it. */
static int tcp_set_window_clamp(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!val) {
		if (sk->sk_state != TCP_CLOSE)
			return -EINVAL;
		tp->window_clamp = 0;
	} else {
		tp->window_clamp = val < SOCK_MIN_RCVBUF / 2 ? SOCK_MIN_RCVBUF / 2 : val;
	}
	return 0;
}

/* TCP_NODELAY and TCP_CORK: the end of either may let waiting data go. */
static int tcp_set_nagle(struct sock *sk, int optname, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (optname == TCP_NODELAY) {
		if (val) {
			tp->nonagle |= TCP_NAGLE_OFF | TCP_NAGLE_PUSH;
			tcp_push_pending_frames(sk);
		} else {
			tp->nonagle &= ~TCP_NAGLE_OFF;
		}
	} else if (val) {
		tp->nonagle |= TCP_NAGLE_CORK;
	} else {
		tp->nonagle &= ~TCP_NAGLE_CORK;
		if (tp->nonagle & TCP_NAGLE_OFF)
			tp->nonagle |= TCP_NAGLE_PUSH;
		tcp_push_pending_frames(sk);
	}
	return 0;
}

static int tcp_set_quickack(struct sock *sk, int val)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (!val) {
		icsk->icsk_ack.pingpong = 1;
		return 0;
	}
	icsk->icsk_ack.pingpong = 0;
	if ((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) &&
	    inet_csk_ack_scheduled(sk)) {
		icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
		tcp_cleanup_rbuf(sk, 1);
		if (!(val & 1))
			icsk->icsk_ack.pingpong = 1;
	}
	return 0;
}

/*
 * secs_to_retrans - how many transmissions fit into @seconds, if the first waits for @timeout seconds
 * and each further one twice as long, up to @rto_max
 */
static u8 secs_to_retrans(int seconds, int timeout, int rto_max)
{
	int period = timeout;
	u8 res = 0;

	if (seconds <= 0)
		return 0;
	for (res = 1; seconds > period && res < 255; res++) {
		timeout = min(timeout << 1, rto_max);
		period += timeout;
	}
	return res;
}

/* The way back: how many seconds so many transmissions take. */
static int retrans_to_secs(u8 retrans, int timeout, int rto_max)
{
	int period = 0;

	for (; retrans; retrans--) {
		period += timeout;
		timeout = min(timeout << 1, rto_max);
	}
	return period;
}

/* The options that are one integer.  The socket is owned. */
static int tcp_set_int(struct sock *sk, int optname, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);

	switch (optname) {
	case TCP_MAXSEG:
		/* Values beyond these would only hurt; 0 cannot be set, only never set. */
		if (val < (int)TCP_MIN_MSS || val > (int)MAX_TCP_WINDOW)
			return -EINVAL;
		tp->rx_opt.user_mss = val;
		return 0;
	case TCP_NODELAY:
	case TCP_CORK:
		return tcp_set_nagle(sk, optname, val);
	case TCP_KEEPIDLE:
		return tcp_set_keepidle(sk, val);
	case TCP_KEEPINTVL:
		if (val < 1 || val > MAX_TCP_KEEPINTVL)
			return -EINVAL;
		tp->keepalive_intvl = val * HZ;
		return 0;
	case TCP_KEEPCNT:
		if (val < 1 || val > MAX_TCP_KEEPCNT)
			return -EINVAL;
		tp->keepalive_probes = val;
		return 0;
	case TCP_SYNCNT:
		if (val < 1 || val > MAX_TCP_SYNCNT)
			return -EINVAL;
		icsk->icsk_syn_retries = val;
		return 0;
	case TCP_LINGER2:
		return tcp_set_linger2(sk, val);
	case TCP_WINDOW_CLAMP:
		return tcp_set_window_clamp(sk, val);
	case TCP_QUICKACK:
		return tcp_set_quickack(sk, val);
	case TCP_THIN_LINEAR_TIMEOUTS:
		if (val < 0 || val > 1)
			return -EINVAL;
		tp->thin_lto = val;
		return 0;
	case TCP_THIN_DUPACK:
		if (val < 0 || val > 1)
			return -EINVAL;
		tp->thin_dupack = val;
		if (tp->thin_dupack)
			tcp_disable_early_retrans(tp);
		return 0;
	case TCP_USER_TIMEOUT:
		if (val < 0)
			return -EINVAL;
		icsk->icsk_user_timeout = msecs_to_jiffies(val);
		return 0;
	case TCP_NOTSENT_LOWAT:
		tp->notsent_lowat = val;
		sk->sk_write_space(sk);
		return 0;
	case TCP_SAVE_SYN:
		if (val < 0 || val > 1)
			return -EINVAL;
		tp->save_syn = val;
		return 0;
	case TCP_DEFER_ACCEPT:
		/* a client's, too: it holds the handshake's ACK back, for data to go with it */
		icsk->icsk_accept_queue.rskq_defer_accept =
			secs_to_retrans(val, TCP_TIMEOUT_INIT / HZ, TCP_RTO_MAX / HZ);
		return 0;
	case TCP_FASTOPEN:
		/* how many fast opens may wait, of a server to be; none is taken on here */
		if (val < 0 || !((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
			return -EINVAL;
		icsk->icsk_accept_queue.fastopenq.max_qlen =
			min(val, sock_net(sk)->core.sysctl_somaxconn);
		return 0;
	case TCP_REPAIR:
		return tcp_set_repair(sk, val);
	case TCP_REPAIR_QUEUE:
		return tcp_set_repair_queue(sk, val);
	case TCP_QUEUE_SEQ:
		return tcp_set_queue_seq(sk, val);
	case TCP_TIMESTAMP:
		return tcp_set_timestamp(sk, val);
	default:
		return -ENOPROTOOPT;
	}
}

static int tcp_set_congestion(struct sock *sk, char __user *optval, unsigned int optlen)
{
	char name[TCP_CA_NAME_MAX] = "";
	int err;

	if (optlen < 1)
		return -EINVAL;
	if (copy_from_user(name, optval, min_t(unsigned int, TCP_CA_NAME_MAX - 1, optlen)))
		return -EFAULT;

	lock_sock(sk);
	err = tcp_set_congestion_control(sk, name);
	release_sock(sk);
	return err;
}

static int do_tcp_setsockopt(struct sock *sk, int optname, char __user *optval, unsigned int optlen)
{
	int val, err;

	if (optname == TCP_CONGESTION)
		return tcp_set_congestion(sk, optval, optlen);

	if (optlen < sizeof(int))
		return -EINVAL;
	if (get_user(val, (int __user *)optval))
		return -EFAULT;

	lock_sock(sk);
	if (optname == TCP_MD5SIG)
		err = tcp_sk(sk)->af_specific->md5_parse(sk, optval, optlen);
	else if (optname == TCP_REPAIR_OPTIONS)
		err = tcp_set_repair_options(sk, optval, optlen);
	else
		err = tcp_set_int(sk, optname, val);
	release_sock(sk);
	return err;
}

/* struct proto.setsockopt.  0; -EINVAL, -EFAULT, -ENOPROTOOPT, -ENOENT, -EPERM, -EFBIG. */
int tcp_setsockopt(struct sock *sk, int level, int optname, char __user *optval,
		   unsigned int optlen)
{
	if (level != SOL_TCP)
		return ip_setsockopt(sk, level, optname, optval, optlen);
	return do_tcp_setsockopt(sk, optname, optval, optlen);
}

static int tcp_get_int(struct sock *sk, int optname, int *val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct net *net = sock_net(sk);

	switch (optname) {
	case TCP_MAXSEG:
		*val = tp->mss_cache;
		if (!*val && ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
			*val = tp->rx_opt.user_mss;
		return 0;
	case TCP_NODELAY:
		*val = !!(tp->nonagle & TCP_NAGLE_OFF);
		return 0;
	case TCP_CORK:
		*val = !!(tp->nonagle & TCP_NAGLE_CORK);
		return 0;
	case TCP_KEEPIDLE:
		*val = keepalive_time_when(tp) / HZ;
		return 0;
	case TCP_KEEPINTVL:
		*val = keepalive_intvl_when(tp) / HZ;
		return 0;
	case TCP_KEEPCNT:
		*val = keepalive_probes(tp);
		return 0;
	case TCP_SYNCNT:
		*val = icsk->icsk_syn_retries ?: net->ipv4.sysctl_tcp_syn_retries;
		return 0;
	case TCP_LINGER2:
		*val = tp->linger2;
		if (*val >= 0)
			*val = (*val ?: net->ipv4.sysctl_tcp_fin_timeout) / HZ;
		return 0;
	case TCP_WINDOW_CLAMP:
		*val = tp->window_clamp;
		return 0;
	case TCP_QUICKACK:
		*val = !icsk->icsk_ack.pingpong;
		return 0;
	case TCP_THIN_LINEAR_TIMEOUTS:
		*val = tp->thin_lto;
		return 0;
	case TCP_THIN_DUPACK:
		*val = tp->thin_dupack;
		return 0;
	case TCP_USER_TIMEOUT:
		*val = jiffies_to_msecs(icsk->icsk_user_timeout);
		return 0;
	case TCP_NOTSENT_LOWAT:
		*val = tp->notsent_lowat;
		return 0;
	case TCP_SAVE_SYN:
		*val = tp->save_syn;
		return 0;
	case TCP_DEFER_ACCEPT:
		*val = retrans_to_secs(icsk->icsk_accept_queue.rskq_defer_accept,
				       TCP_TIMEOUT_INIT / HZ, TCP_RTO_MAX / HZ);
		return 0;
	case TCP_FASTOPEN:
		*val = icsk->icsk_accept_queue.fastopenq.max_qlen;
		return 0;
	case TCP_REPAIR:
	case TCP_REPAIR_QUEUE:
	case TCP_QUEUE_SEQ:
	case TCP_TIMESTAMP:
		return tcp_get_repair(sk, optname, val);
	default:
		return -ENOPROTOOPT;
	}
}

/* struct proto.getsockopt.  0; -EINVAL, -EFAULT, -ENOPROTOOPT. */
int tcp_getsockopt(struct sock *sk, int level, int optname, char __user *optval, int __user *optlen)
{
	const void *src;
	struct tcp_info info;
	int val, len, err, size = sizeof(int);

	if (level != SOL_TCP)
		return ip_getsockopt(sk, level, optname, optval, optlen);

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;

	src = &val;
	if (optname == TCP_INFO) {
		tcp_get_info(sk, &info);
		src = &info;
		size = sizeof(info);
	} else if (optname == TCP_CONGESTION) {
		src = inet_csk(sk)->icsk_ca_ops->name;
		size = TCP_CA_NAME_MAX;
	} else if (optname == TCP_CC_INFO || optname == TCP_SAVED_SYN) {
		size = 0; /* cubic and Reno have nothing to tell, and a client has got no SYN */
	} else {
		err = tcp_get_int(sk, optname, &val);
		if (err)
			return err;
	}

	len = min(len, size);
	if (put_user(len, optlen))
		return -EFAULT;
	if (copy_to_user(optval, src, len))
		return -EFAULT;
	return 0;
}
