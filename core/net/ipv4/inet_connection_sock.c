/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What connection-oriented sockets share: getting a port by bind(2), the three timers, the end of a
 * socket, and news about the path's MTU.
 *
 * Origin: net/ipv4/inet_connection_sock.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp.h>
#include <net/xfrm.h>

/* net.ipv4.ip_local_port_range: both ends belong to it, host order. */
void inet_get_local_port_range(struct net *net, int *low, int *high)
{
	*low = net->ipv4.ip_local_ports.range[0];
	*high = net->ipv4.ip_local_ports.range[1];
}

/* ---- bind(2) ---- */

/* Two sockets on one port collide unless an address or a device keeps them apart. */
static bool inet_rcv_saddr_equal(const struct sock *sk, const struct sock *sk2)
{
	return !sk->sk_rcv_saddr || !sk2->sk_rcv_saddr || sk->sk_rcv_saddr == sk2->sk_rcv_saddr;
}

/*
 * Does anybody among @tb's owners forbid @sk the port?  Two sockets with SO_REUSEADDR may share as
 * long as neither listens; @relax drops that for an explicitly chosen port.
 */
int inet_csk_bind_conflict(const struct sock *sk, const struct inet_bind_bucket *tb, bool relax)
{
	int reuse = sk->sk_reuse;
	int reuseport = sk->sk_reuseport;
	struct sock *sk2;

	sk_for_each_bound(sk2, &tb->owners) {
		if (sk == sk2)
			continue;
		if (sk->sk_bound_dev_if && sk2->sk_bound_dev_if &&
		    sk->sk_bound_dev_if != sk2->sk_bound_dev_if)
			continue;
		if ((!reuse || !sk2->sk_reuse || sk2->sk_state == TCP_LISTEN) &&
		    (!reuseport || !sk2->sk_reuseport)) {
			if (inet_rcv_saddr_equal(sk, sk2))
				break;
		}
		if (!relax && reuse && sk2->sk_reuse && sk2->sk_state != TCP_LISTEN &&
		    inet_rcv_saddr_equal(sk, sk2))
			break;
	}
	return sk2 != NULL;
}

/* The bucket of @port in @head, or NULL. */
static struct inet_bind_bucket *inet_csk_find_bucket(struct inet_bind_hashbucket *head,
						     struct net *net, int port)
{
	struct inet_bind_bucket *tb;

	inet_bind_bucket_for_each(tb, &head->chain)
		if (net_eq(ib_net(tb), net) && tb->port == port)
			return tb;
	return NULL;
}

/*
 * bind(2) to port 0: any free port, odd parity first (connect(2) takes the other).  On success
 * *@headp's lock is held and *@tbp is the bucket or NULL; the port, or -EADDRINUSE.
 */
static int inet_csk_find_open_port(struct sock *sk, struct inet_bind_hashbucket **headp,
				   struct inet_bind_bucket **tbp)
{
	struct inet_hashinfo *hinfo = sk->sk_prot->h.hashinfo;
	struct net *net = sock_net(sk);
	u32 remaining, offset;
	int i, low, high, port;

	inet_get_local_port_range(net, &low, &high);
	high++;
	remaining = high - low;
	if (likely(remaining > 1))
		remaining &= ~1U;

	offset = prandom_u32() % remaining;
	offset |= 1U;
other_parity_scan:
	port = low + offset;
	for (i = 0; i < (int)remaining; i += 2, port += 2) {
		if (unlikely(port >= high))
			port -= remaining;
		if (inet_is_local_reserved_port(net, port))
			continue;
		*headp = &hinfo->bhash[inet_bhashfn(net, port, hinfo->bhash_size)];
		spin_lock_bh(&(*headp)->lock);
		*tbp = inet_csk_find_bucket(*headp, net, port);
		if (!*tbp || !inet_csk_bind_conflict(sk, *tbp, false))
			return port;
		spin_unlock_bh(&(*headp)->lock);
		cond_resched();
	}
	offset--;
	if (!(offset & 1))
		goto other_parity_scan;
	return -EADDRINUSE;
}

/* @sk joins the owners: may others who reuse the port still skip the full check? */
static void inet_csk_update_fastreuse(struct inet_bind_bucket *tb, struct sock *sk)
{
	int reuse = sk->sk_reuse && sk->sk_state != TCP_LISTEN;

	if (hlist_empty(&tb->owners)) {
		tb->fastreuse = reuse;
		tb->fastreuseport = sk->sk_reuseport;
		return;
	}
	if (tb->fastreuse && !reuse)
		tb->fastreuse = 0;
	if (tb->fastreuseport && !sk->sk_reuseport)
		tb->fastreuseport = 0;
}

/* May @sk share @tb, which has owners?  For a port it asked for by number. */
static bool inet_csk_may_share(struct sock *sk, struct inet_bind_bucket *tb)
{
	if (hlist_empty(&tb->owners) || sk->sk_reuse == SK_FORCE_REUSE)
		return true;
	if (tb->fastreuse > 0 && sk->sk_reuse && sk->sk_state != TCP_LISTEN)
		return true;
	return !inet_csk(sk)->icsk_af_ops->bind_conflict(sk, tb, true);
}

/**
 * inet_csk_get_port - give @sk a local port
 * @sk: the socket
 * @snum: the port wanted, host order; 0: any
 *
 * Return: 0, or 1 if it cannot be had (the caller says -EADDRINUSE).
 */
int inet_csk_get_port(struct sock *sk, unsigned short snum)
{
	struct inet_hashinfo *hinfo = sk->sk_prot->h.hashinfo;
	struct inet_bind_hashbucket *head;
	struct net *net = sock_net(sk);
	struct inet_bind_bucket *tb;
	int port = snum;
	int ret = 1;

	if (!port) {
		port = inet_csk_find_open_port(sk, &head, &tb);
		if (port < 0)
			return ret;
	} else {
		head = &hinfo->bhash[inet_bhashfn(net, port, hinfo->bhash_size)];
		spin_lock_bh(&head->lock);
		tb = inet_csk_find_bucket(head, net, port);
		if (tb && !inet_csk_may_share(sk, tb))
			goto fail_unlock;
	}

	if (!tb) {
		tb = inet_bind_bucket_create(hinfo->bind_bucket_cachep, net, head, port);
		if (!tb)
			goto fail_unlock;
	}
	inet_csk_update_fastreuse(tb, sk);
	if (!inet_csk(sk)->icsk_bind_hash)
		inet_bind_hash(sk, tb, port);
	WARN_ON(inet_csk(sk)->icsk_bind_hash != tb);
	ret = 0;

fail_unlock:
	spin_unlock_bh(&head->lock);
	return ret;
}

/* ---- timers ---- */

/* A new socket's timers, not armed.  sk_timer is the third one: keepalive. */
void inet_csk_init_xmit_timers(struct sock *sk, void (*retransmit_handler)(unsigned long),
			       void (*delack_handler)(unsigned long),
			       void (*keepalive_handler)(unsigned long))
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	setup_timer(&icsk->icsk_retransmit_timer, retransmit_handler, (unsigned long)sk);
	setup_timer(&icsk->icsk_delack_timer, delack_handler, (unsigned long)sk);
	setup_timer(&sk->sk_timer, keepalive_handler, (unsigned long)sk);
	icsk->icsk_pending = icsk->icsk_ack.pending = 0;
}

/* The connection is over: nothing may fire any more. */
void inet_csk_clear_xmit_timers(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_pending = icsk->icsk_ack.pending = icsk->icsk_ack.blocked = 0;

	sk_stop_timer(sk, &icsk->icsk_retransmit_timer);
	sk_stop_timer(sk, &icsk->icsk_delack_timer);
	sk_stop_timer(sk, &sk->sk_timer);
}

void inet_csk_delete_keepalive_timer(struct sock *sk)
{
	sk_stop_timer(sk, &sk->sk_timer);
}

/* @len jiffies from now. */
void inet_csk_reset_keepalive_timer(struct sock *sk, unsigned long len)
{
	sk_reset_timer(sk, &sk->sk_timer, jiffies + len);
}

/* ---- the end ---- */

/*
 * No user and no connection any more: give everything back.  The socket is closed, orphaned and
 * out of the tables; the port, if it still has one, is given up in the protocol's destroy().
 */
void inet_csk_destroy_sock(struct sock *sk)
{
	WARN_ON(sk->sk_state != TCP_CLOSE);
	WARN_ON(!sock_flag(sk, SOCK_DEAD));
	WARN_ON(!sk_unhashed(sk));
	WARN_ON(inet_sk(sk)->inet_num && !inet_csk(sk)->icsk_bind_hash);

	sk->sk_prot->destroy(sk);
	sk_stream_kill_queues(sk);
	xfrm_sk_free_policy(sk);
	sk_refcnt_debug_release(sk);
	(*sk->sk_prot->orphan_count)--;
	sock_put(sk);
}

/* ---- listening ---- */

/* reqsk_queue_alloc() of net/core/request_sock.c: an empty accept queue. */
static void reqsk_queue_alloc(struct request_sock_queue *queue)
{
	spin_lock_init(&queue->rskq_lock);
	spin_lock_init(&queue->fastopenq.lock);
	queue->fastopenq.rskq_rst_head = NULL;
	queue->fastopenq.rskq_rst_tail = NULL;
	queue->fastopenq.qlen = 0;
	queue->rskq_accept_head = NULL;
}

/**
 * inet_csk_listen_start - CLOSE to LISTEN
 * @sk: the socket, owned
 * @backlog: length of the accept queue
 *
 * The state changes before the port is asked for: a port that two sockets share by SO_REUSEADDR
 * cannot be listened on, and get_port() sees who would.  The socket stays out of the table until
 * then, so nobody can meet it half made.
 *
 * Return: 0, or -EADDRINUSE.
 */
int inet_csk_listen_start(struct sock *sk, int backlog)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct inet_sock *inet = inet_sk(sk);
	int err = -EADDRINUSE;

	reqsk_queue_alloc(&icsk->icsk_accept_queue);

	sk->sk_max_ack_backlog = (u32)backlog;
	sk->sk_ack_backlog = 0;
	inet_csk_delack_init(sk);

	sk_state_store(sk, TCP_LISTEN);
	if (!sk->sk_prot->get_port(sk, inet->inet_num)) {
		inet->inet_sport = htons(inet->inet_num);

		sk_dst_reset(sk);
		err = sk->sk_prot->hash(sk);
		if (likely(!err))
			return 0;
	}

	sk->sk_state = TCP_CLOSE;
	return err;
}

/*
 * The listener closes, or becomes an ordinary socket again.  The kernel also drops the connections
 * that wait for accept(2); here none ever does (see tcp_v4_conn_request()).
 */
void inet_csk_listen_stop(struct sock *sk)
{
	WARN_ON(!reqsk_queue_empty(&inet_csk(sk)->icsk_accept_queue));
	WARN_ON(sk->sk_ack_backlog);
}

/* A socket no user ever saw is to be closed: make it look like an orphan. */
void inet_csk_prepare_forced_close(struct sock *sk)
{
	bh_unlock_sock(sk);
	sock_put(sk);
	sock_set_flag(sk, SOCK_DEAD);
	(*sk->sk_prot->orphan_count)++;
	inet_sk(sk)->inet_num = 0;
}

/* getpeername() for protocols that keep the peer in inet_sock. */
void inet_csk_addr2sockaddr(struct sock *sk, struct sockaddr *uaddr)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)uaddr;
	const struct inet_sock *inet = inet_sk(sk);

	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = inet->inet_daddr;
	sin->sin_port = inet->inet_dport;
}

/* ---- the path's MTU ---- */

/* Look the route up again by what the socket knows of its flow.  The route, or NULL. */
static struct dst_entry *inet_csk_rebuild_route(struct sock *sk, struct flowi *fl)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct ip_options_rcu *inet_opt = inet->inet_opt;
	__be32 daddr = inet->inet_daddr;
	struct flowi4 *fl4 = &fl->u.ip4;
	struct rtable *rt;

	if (inet_opt && inet_opt->opt.srr)
		daddr = inet_opt->opt.faddr;
	rt = ip_route_output_ports(sock_net(sk), fl4, sk, daddr, inet->inet_saddr, inet->inet_dport,
				   inet->inet_sport, sk->sk_protocol, RT_CONN_FLAGS(sk),
				   sk->sk_bound_dev_if);
	if (IS_ERR(rt))
		return NULL;
	sk_setup_caps(sk, &rt->dst);
	return &rt->dst;
}

/* An ICMP said the path carries only @mtu bytes.  The route that now holds, or NULL. */
struct dst_entry *inet_csk_update_pmtu(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst = __sk_dst_check(sk, 0);
	struct inet_sock *inet = inet_sk(sk);

	if (!dst) {
		dst = inet_csk_rebuild_route(sk, &inet->cork.fl);
		if (!dst)
			return NULL;
	}
	dst->ops->update_pmtu(dst, sk, NULL, mtu);

	dst = __sk_dst_check(sk, 0);
	if (!dst)
		dst = inet_csk_rebuild_route(sk, &inet->cork.fl);
	return dst;
}
