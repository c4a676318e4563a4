/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The AF_INET family: from struct socket to the protocols.
 *
 * Theory of operation
 *
 * socket(2) comes to inet_create(), which finds the row of inetsw[] for type and protocol and so
 * fixes both switches of the socket's life: sock->ops (inet_stream_ops) and sk->sk_prot (tcp_prot).
 *
 * connect(2) comes to inet_stream_connect().  Here two states are kept apart: sock->state says what
 * the user has asked for (SS_CONNECTING), sk->sk_state how far the protocol has come (TCP_SYN_SENT).
 * Starting the connection does not wait for anything; waiting is a step of its own,
 * inet_wait_for_connect(), and the only difference between a blocking and a non-blocking socket.
 * Therefore a second connect(2) on a non-blocking socket can find out how the first one ended.
 *
 * The tables and the boot are in af_inet_init.c.
 *
 * Left out: accept, multicast, ioctl.
 *
 * Origin: net/ipv4/af_inet.c.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <net/inet_common.h>
#include <net/inet_connection_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/protocol.h>
#include <net/route.h>
#include <net/tcp.h>

#include "af_inet.h"

/* Ports below need CAP_NET_BIND_SERVICE. */
#define PROT_SOCK 1024

/* ---- making and unmaking ---- */

/* struct sock.sk_destruct: the last moment; everything must have been given back. */
void inet_sock_destruct(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	__skb_queue_purge(&sk->sk_receive_queue);
	__skb_queue_purge(&sk->sk_error_queue);

	sk_mem_reclaim(sk);

	if (sk->sk_type == SOCK_STREAM && sk->sk_state != TCP_CLOSE) {
		pr_err("Attempt to release TCP socket in state %d\n", sk->sk_state);
		return;
	}
	if (!sock_flag(sk, SOCK_DEAD)) {
		pr_err("Attempt to release alive inet socket\n");
		return;
	}

	WARN_ON(atomic_read(&sk->sk_rmem_alloc));
	WARN_ON(atomic_read(&sk->sk_wmem_alloc));
	WARN_ON(sk->sk_wmem_queued);
	WARN_ON(sk->sk_forward_alloc);

	kfree(inet->inet_opt);
	dst_release(sk->sk_dst_cache);
	dst_release(sk->sk_rx_dst);
	sk_refcnt_debug_dec(sk);
}

/*
 * The row for @type and *@protocol; IPPROTO_IP (0) stands for "the type's own".  NULL and *@err:
 * -ESOCKTNOSUPPORT for the type, -EPROTONOSUPPORT for the protocol.
 */
static struct inet_protosw *inet_lookup_protosw(int type, int *protocol, int *err)
{
	struct inet_protosw *answer;

	*err = -ESOCKTNOSUPPORT;
	list_for_each_entry(answer, &inetsw[type], list) {
		if (*protocol == answer->protocol) {
			if (*protocol != IPPROTO_IP)
				return answer;
		} else if (*protocol == IPPROTO_IP) {
			*protocol = answer->protocol;
			return answer;
		} else if (answer->protocol == IPPROTO_IP) {
			return answer;
		}
		*err = -EPROTONOSUPPORT;
	}
	return NULL;
}

/* The IPv4 part of a new socket. */
static void inet_init_sock(struct net *net, struct sock *sk, struct inet_protosw *answer,
			   int protocol)
{
	struct inet_sock *inet = inet_sk(sk);

	if (INET_PROTOSW_REUSE & answer->flags)
		sk->sk_reuse = SK_CAN_REUSE;
	inet->is_icsk = (INET_PROTOSW_ICSK & answer->flags) != 0;
	inet->nodefrag = 0;

	if (answer->type == SOCK_RAW) {
		inet->inet_num = protocol;
		inet->hdrincl = protocol == IPPROTO_RAW;
	}

	if (net->ipv4.sysctl_ip_no_pmtu_disc)
		inet->pmtudisc = IP_PMTUDISC_DONT;
	else
		inet->pmtudisc = IP_PMTUDISC_WANT;
	inet->inet_id = 0;
}

/**
 * inet_create - struct net_proto_family.create: socket(AF_INET, ...)
 * @net: namespace
 * @sock: fresh; gets its operations and its struct sock
 * @protocol: IPPROTO_TCP ... or 0
 * @kern: the kernel's own
 *
 * A raw socket's "port" is its protocol, so it goes into its table at once.
 *
 * Return: 0; -EINVAL, -ESOCKTNOSUPPORT, -EPROTONOSUPPORT, -EPERM for a raw socket without
 * CAP_NET_RAW, -ENOBUFS.
 */
int inet_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	struct inet_protosw *answer;
	struct inet_sock *inet;
	struct sock *sk;
	int err;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;

	sock->state = SS_UNCONNECTED;

	answer = inet_lookup_protosw(sock->type, &protocol, &err);
	if (!answer)
		return err;

	if (sock->type == SOCK_RAW && !kern && !capable(CAP_NET_RAW))
		return -EPERM;

	sock->ops = answer->ops;

	sk = sk_alloc(net, PF_INET, GFP_KERNEL, answer->prot, kern);
	if (!sk)
		return -ENOBUFS;

	inet_init_sock(net, sk, answer, protocol);
	sock_init_data(sock, sk);

	sk->sk_destruct = inet_sock_destruct;
	sk->sk_protocol = protocol;
	sk->sk_backlog_rcv = sk->sk_prot->backlog_rcv;

	inet = inet_sk(sk);
	inet->uc_ttl = -1; /* the route's */
	inet->mc_loop = 1;
	inet->mc_ttl = 1;
	inet->mc_all = 1;
	inet->mc_index = 0;
	inet->rcv_tos = 0;

	sk_refcnt_debug_inc(sk);

	err = 0;
	if (inet->inet_num) {
		inet->inet_sport = htons(inet->inet_num);
		err = sk->sk_prot->hash(sk);
	}
	/* today's hash() and init() always succeed; a protocol's may fail */
	if (!err && sk->sk_prot->init)
		err = sk->sk_prot->init(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

/*
 * struct proto_ops.release: the last descriptor is closed.  With SO_LINGER close(2) waits, but not
 * in a task that is exiting.  0.
 */
int inet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (sk) {
		long timeout = 0;

		if (sock_flag(sk, SOCK_LINGER) && !(current->flags & PF_EXITING))
			timeout = sk->sk_lingertime;
		sock->sk = NULL;
		sk->sk_prot->close(sk, timeout);
	}
	return 0;
}

/* ---- listen ---- */

/**
 * inet_listen - struct proto_ops.listen
 * @sock: the socket; one that listens already gets another backlog
 * @backlog: length of the accept queue
 *
 * A socket without a port gets one.
 *
 * Return: 0; -EINVAL for one that is connected or connecting; -EADDRINUSE.
 */
int inet_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	unsigned char old_state;
	int err;

	lock_sock(sk);

	err = -EINVAL;
	if (sock->state != SS_UNCONNECTED || sock->type != SOCK_STREAM)
		goto out;

	old_state = sk->sk_state;
	if (!((1 << old_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		goto out;

	if (old_state != TCP_LISTEN) {
		err = inet_csk_listen_start(sk, backlog);
		if (err)
			goto out;
	}
	sk->sk_max_ack_backlog = (u32)backlog;
	err = 0;
out:
	release_sock(sk);
	return err;
}

/* ---- bind ---- */

/* An unbound datagram socket gets a port before it sends.  0, or -EAGAIN. */
static int inet_autobind(struct sock *sk)
{
	struct inet_sock *inet;

	lock_sock(sk);
	inet = inet_sk(sk);
	/* another task may have bound it while we waited for the lock */
	if (!inet->inet_num) {
		if (sk->sk_prot->get_port(sk, 0)) {
			release_sock(sk);
			return -EAGAIN;
		}
		inet->inet_sport = htons(inet->inet_num);
	}
	release_sock(sk);
	return 0;
}

/* May the address be bound: is it one of ours, or does the socket need no such thing? */
static bool inet_bind_addr_ok(struct net *net, const struct inet_sock *inet, __be32 addr,
			      int addr_type)
{
	if (net->ipv4.sysctl_ip_nonlocal_bind || inet->freebind || inet->transparent)
		return true;
	return addr == htonl(INADDR_ANY) || addr_type == RTN_LOCAL || addr_type == RTN_MULTICAST ||
	       addr_type == RTN_BROADCAST;
}

/**
 * inet_bind - struct proto_ops.bind
 * @sock: the socket
 * @uaddr: address and port, kernel memory
 * @addr_len: bytes
 *
 * Return: 0; -EINVAL for a short address or a socket that is bound or connected; -EAFNOSUPPORT;
 * -EADDRNOTAVAIL if the address is not ours; -EACCES for a low port; -EADDRINUSE.
 */
int inet_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len)
{
	struct sockaddr_in *addr = (struct sockaddr_in *)uaddr;
	struct sock *sk = sock->sk;
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	unsigned short snum;
	int chk_addr_ret;
	int err;

	/* a protocol without ports has its own way */
	if (sk->sk_prot->bind)
		return sk->sk_prot->bind(sk, uaddr, addr_len);

	if (addr_len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;

	/* AF_UNSPEC with the any-address is an old habit of programs, and is taken for AF_INET. */
	if (addr->sin_family != AF_INET &&
	    (addr->sin_family != AF_UNSPEC || addr->sin_addr.s_addr != htonl(INADDR_ANY)))
		return -EAFNOSUPPORT;

	chk_addr_ret = inet_addr_type(net, addr->sin_addr.s_addr);
	if (!inet_bind_addr_ok(net, inet, addr->sin_addr.s_addr, chk_addr_ret))
		return -EADDRNOTAVAIL;

	snum = ntohs(addr->sin_port);
	if (snum && snum < PROT_SOCK && !capable(CAP_NET_BIND_SERVICE))
		return -EACCES;

	lock_sock(sk);

	err = -EINVAL;
	if (sk->sk_state != TCP_CLOSE || inet->inet_num)
		goto out_release_sock;

	inet->inet_rcv_saddr = inet->inet_saddr = addr->sin_addr.s_addr;
	if (chk_addr_ret == RTN_MULTICAST || chk_addr_ret == RTN_BROADCAST)
		inet->inet_saddr = 0; /* good for receiving, not as a source */

	if ((snum || !inet->bind_address_no_port) && sk->sk_prot->get_port(sk, snum)) {
		inet->inet_saddr = inet->inet_rcv_saddr = 0;
		err = -EADDRINUSE;
		goto out_release_sock;
	}

	/* what the user chose, a failed connect must not take away */
	if (inet->inet_rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (snum)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = htons(inet->inet_num);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	sk_dst_reset(sk);
	err = 0;
out_release_sock:
	release_sock(sk);
	return err;
}

/* ---- connect ---- */

/*
 * struct proto_ops.connect of datagram sockets: nothing is sent, so there is nothing to wait for.
 * AF_UNSPEC dissolves the association.
 */
int inet_dgram_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	struct sock *sk = sock->sk;

	if (addr_len < (int)sizeof(uaddr->sa_family))
		return -EINVAL;
	if (uaddr->sa_family == AF_UNSPEC)
		return sk->sk_prot->disconnect(sk, flags);

	if (!inet_sk(sk)->inet_num && inet_autobind(sk))
		return -EAGAIN;
	return sk->sk_prot->connect(sk, uaddr, addr_len);
}

/**
 * inet_wait_for_connect - sleep until the handshake is over
 * @sk: the socket, owned; given away while asleep
 * @timeo: at most so long, jiffies; MAX_SCHEDULE_TIMEOUT: for ever
 * @writebias: 1 if a writer waits with us (fast open with data left)
 *
 * The order of the steps keeps a wake-up from being lost.  First join the wait queue and declare
 * oneself asleep, then look at the state, then give the socket away, then really sleep.  If the
 * SYN-ACK is handled between the look and the sleep (by release_sock(), out of the backlog, for
 * one), its wake-up finds us on the queue and sets us running again, and schedule_timeout()
 * returns at once.
 *
 * v4.9 sleeps in wait_woken(); the steps are the same, with the flag kept in the wait entry.
 *
 * Return: what is left of @timeo: 0 after a time-out, positive after a signal or the event.  Why it
 * ended the caller finds in sk_state and signal_pending().
 */
static long inet_wait_for_connect(struct sock *sk, long timeo, int writebias)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
	sk->sk_write_pending += writebias;

	/*
	 * The state is the condition: who sets sk_err on a connecting socket changes the state as
	 * well, so there is no error that would leave us asleep.
	 */
	while ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
		release_sock(sk);
		timeo = schedule_timeout(timeo);
		lock_sock(sk);
		if (signal_pending(current) || !timeo)
			break;
		prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
	}
	finish_wait(sk_sleep(sk), &wait);
	sk->sk_write_pending -= writebias;
	return timeo;
}

/**
 * __inet_stream_connect - connect(2) on a stream socket that is owned already
 * @sock: the socket
 * @uaddr: whom to connect to, kernel memory
 * @addr_len: bytes
 * @flags: the file's; O_NONBLOCK matters
 *
 * Return: 0 when connected.  -EINPROGRESS: begun, and not waited for; -EALREADY: the same, begun by
 * an earlier call.  -EISCONN, -EINVAL for a socket that is past connecting.  -EINTR or -ERESTARTSYS
 * after a signal: the connection goes on.  Otherwise why it failed: -ECONNREFUSED, -ETIMEDOUT,
 * -EHOSTUNREACH ... (-ECONNABORTED if nothing better is known), or what tcp_v4_connect() says.
 */
int __inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	struct sock *sk = sock->sk;
	int err;
	long timeo;

	if (addr_len < (int)sizeof(uaddr->sa_family))
		return -EINVAL;

	/* RFC 1122 has no word for it: connecting to nobody means disconnecting. */
	if (uaddr->sa_family == AF_UNSPEC) {
		err = sk->sk_prot->disconnect(sk, flags);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		goto out;
	}

	switch (sock->state) {
	default:
		err = -EINVAL;
		goto out;
	case SS_CONNECTED:
		err = -EISCONN;
		goto out;
	case SS_CONNECTING:
		err = -EALREADY;
		/* what to return if it still is not done: on to the wait */
		break;
	case SS_UNCONNECTED:
		err = -EISCONN;
		if (sk->sk_state != TCP_CLOSE)
			goto out; /* it listens */

		err = sk->sk_prot->connect(sk, uaddr, addr_len);
		if (err < 0)
			goto out;

		sock->state = SS_CONNECTING;
		err = -EINPROGRESS;
		break;
	}

	timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);

	if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
		int writebias = (sk->sk_protocol == IPPROTO_TCP) && tcp_sk(sk)->fastopen_req &&
						tcp_sk(sk)->fastopen_req->data ?
					1 :
					0;

		/* not to wait, or waited in vain: err says in progress */
		if (!timeo || !inet_wait_for_connect(sk, timeo, writebias))
			goto out;

		err = sock_intr_errno(timeo);
		if (signal_pending(current))
			goto out;
	}

	/* RST, time-out, ICMP error, or another task disconnected us. */
	if (sk->sk_state == TCP_CLOSE)
		goto sock_error;

	/*
	 * sk_err may be set all the same: an error that came after the connection stood, for a user
	 * who asked for such news (IP_RECVERR).  It is the next call's business.
	 */
	sock->state = SS_CONNECTED;
	err = 0;
out:
	return err;

sock_error:
	err = sock_error(sk) ?: -ECONNABORTED;
	sock->state = SS_UNCONNECTED;
	if (sk->sk_prot->disconnect(sk, flags))
		sock->state = SS_DISCONNECTING;
	goto out;
}

/* struct proto_ops.connect of stream sockets: see __inet_stream_connect(). */
int inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	int err;

	lock_sock(sock->sk);
	err = __inet_stream_connect(sock, uaddr, addr_len, flags);
	release_sock(sock->sk);
	return err;
}

/* ---- names, data, shutdown ---- */

/*
 * struct proto_ops.getname: our address, or with @peer == 1 the peer's (2: even before the
 * connection stands).  0 and *@uaddr_len; -ENOTCONN.
 */
int inet_getname(struct socket *sock, struct sockaddr *uaddr, int *uaddr_len, int peer)
{
	struct sock *sk = sock->sk;
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in *sin = (struct sockaddr_in *)uaddr;

	sin->sin_family = AF_INET;
	if (peer) {
		if (!inet->inet_dport ||
		    (((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_SYN_SENT)) && peer == 1))
			return -ENOTCONN;
		sin->sin_port = inet->inet_dport;
		sin->sin_addr.s_addr = inet->inet_daddr;
	} else {
		__be32 addr = inet->inet_rcv_saddr;

		if (!addr)
			addr = inet->inet_saddr;
		sin->sin_port = inet->inet_sport;
		sin->sin_addr.s_addr = addr;
	}
	memset(sin->__pad, 0, sizeof(sin->__pad));
	*uaddr_len = sizeof(*sin);
	return 0;
}

int inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct sock *sk = sock->sk;

	sock_rps_record_flow(sk);

	/* a datagram needs a source port; a stream has one once it is connected */
	if (!inet_sk(sk)->inet_num && !sk->sk_prot->no_autobind && inet_autobind(sk))
		return -EAGAIN;

	return sk->sk_prot->sendmsg(sk, msg, size);
}

int inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	int addr_len = 0;
	int err;

	sock_rps_record_flow(sk);

	err = sk->sk_prot->recvmsg(sk, msg, size, flags & MSG_DONTWAIT, flags & ~MSG_DONTWAIT,
				   &addr_len);
	if (err >= 0)
		msg->msg_namelen = addr_len;
	return err;
}

/**
 * inet_shutdown - struct proto_ops.shutdown
 * @sock: the socket
 * @how: SHUT_RD, SHUT_WR, SHUT_RDWR; plus one it is the mask of RCV_SHUTDOWN and SEND_SHUTDOWN
 *
 * Return: 0; -EINVAL; -ENOTCONN.
 */
int inet_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	how++;
	if ((how & ~SHUTDOWN_MASK) || !how)
		return -EINVAL;

	lock_sock(sk);
	if (sock->state == SS_CONNECTING) {
		if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV | TCPF_CLOSE))
			sock->state = SS_DISCONNECTING;
		else
			sock->state = SS_CONNECTED;
	}

	switch (sk->sk_state) {
	case TCP_CLOSE:
		err = -ENOTCONN;
		/* and all the same, for those who poll for the end */
		fallthrough;
	default:
		sk->sk_shutdown |= how;
		if (sk->sk_prot->shutdown)
			sk->sk_prot->shutdown(sk, how);
		break;

	case TCP_LISTEN:
		if (!(how & RCV_SHUTDOWN))
			break;
		fallthrough;
	case TCP_SYN_SENT:
		err = sk->sk_prot->disconnect(sk, O_NONBLOCK);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		break;
	}

	sk->sk_state_change(sk);
	release_sock(sk);
	return err;
}

/* ---- the route, again ---- */

/*
 * The address we connect from is gone (a dial-up line got another): begin the SYN anew from the new
 * one, if the user did not insist (sysctl ip_dynaddr).  0, or a negative errno.
 */
static int inet_sk_reselect_saddr(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	__be32 old_saddr = inet->inet_saddr;
	__be32 daddr = inet->inet_daddr;
	struct flowi4 *fl4;
	struct rtable *rt;

	if (inet->inet_opt && inet->inet_opt->opt.srr)
		daddr = inet->inet_opt->opt.faddr;

	fl4 = &inet->cork.fl.u.ip4;
	rt = ip_route_connect(fl4, daddr, 0, RT_CONN_FLAGS(sk), sk->sk_bound_dev_if,
			      sk->sk_protocol, inet->inet_sport, inet->inet_dport, sk);
	if (IS_ERR(rt))
		return PTR_ERR(rt);

	sk_setup_caps(sk, &rt->dst);

	if (fl4->saddr == old_saddr)
		return 0;

	inet->inet_saddr = inet->inet_rcv_saddr = fl4->saddr;

	/* The four-tuple is another one: move to the chain where it will be looked for. */
	sk->sk_prot->unhash(sk);
	return sk->sk_prot->hash(sk);
}

/**
 * inet_sk_rebuild_header - is the route still good?  If not, look it up anew
 * @sk: the socket, owned
 *
 * Return: 0; a negative errno if there is no route any more, noted in sk_err_soft as well.
 */
int inet_sk_rebuild_header(struct sock *sk)
{
	struct rtable *rt = (struct rtable *)__sk_dst_check(sk, 0);
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *inet_opt;
	struct flowi4 *fl4;
	__be32 daddr;
	int err;

	if (rt)
		return 0;

	inet_opt = inet->inet_opt;
	daddr = inet->inet_daddr;
	if (inet_opt && inet_opt->opt.srr)
		daddr = inet_opt->opt.faddr;

	fl4 = &inet->cork.fl.u.ip4;
	rt = ip_route_output_ports(sock_net(sk), fl4, sk, daddr, inet->inet_saddr, inet->inet_dport,
				   inet->inet_sport, sk->sk_protocol, RT_CONN_FLAGS(sk),
				   sk->sk_bound_dev_if);
	if (!IS_ERR(rt)) {
		sk_setup_caps(sk, &rt->dst);
		return 0;
	}

	err = PTR_ERR(rt);
	sk->sk_route_caps = 0;
	if (!sock_net(sk)->ipv4.sysctl_ip_dynaddr || sk->sk_state != TCP_SYN_SENT ||
	    (sk->sk_userlocks & SOCK_BINDADDR_LOCK) || (err = inet_sk_reselect_saddr(sk)) != 0)
		sk->sk_err_soft = -err;
	return err;
}
