/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pluggable congestion control, and Reno, which is always there.
 *
 * A congestion control is a table of functions (struct tcp_congestion_ops) under a name. A socket
 * takes the default one when it is created, or another by setsockopt(TCP_CONGESTION) or by its
 * route; the module's own data lives in icsk_ca_priv. The module is assigned early, since it may
 * ask for ECN in the SYN, but initialised only when the connection is established and there is
 * something to control.
 *
 * Reno is slow start and additive increase of RFC 5681: the window doubles each round trip until
 * ssthresh, then grows by one segment each round trip; a loss halves it.
 *
 * Origin: net/ipv4/tcp_cong.c, v4.9; RFC 5681.
 */
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/string.h>
#include <net/tcp.h>

/* The first one is the default. */
static LIST_HEAD(tcp_cong_list);

/**
 * tcp_ca_find() - a congestion control by name
 * @name: it
 *
 * Return: NULL if there is none.
 *
 * Origin: net/ipv4/tcp_cong.c:25.
 */
struct tcp_congestion_ops *tcp_ca_find(const char *name)
{
	struct tcp_congestion_ops *e;

	list_for_each_entry(e, &tcp_cong_list, list) {
		if (strcmp(e->name, name) == 0)
			return e;
	}
	return NULL;
}

/**
 * tcp_ca_find_key() - the same by the key under which routes name one
 * @key: it
 *
 * Origin: net/ipv4/tcp_cong.c:52.
 */
struct tcp_congestion_ops *tcp_ca_find_key(u32 key)
{
	struct tcp_congestion_ops *e;

	list_for_each_entry(e, &tcp_cong_list, list) {
		if (e->key == key)
			return e;
	}
	return NULL;
}

/**
 * tcp_register_congestion_control() - offer one
 * @ca: it; ssthresh and cong_avoid (or cong_control) it must have
 *
 * Return: 0, -EINVAL, or -EEXIST.
 *
 * Origin: net/ipv4/tcp_cong.c:68.
 */
int tcp_register_congestion_control(struct tcp_congestion_ops *ca)
{
	if (!ca->ssthresh || !(ca->cong_avoid || ca->cong_control)) {
		pr_err("%s does not implement required ops\n", ca->name);
		return -EINVAL;
	}

	ca->key =
		jhash2((const u32 *)ca->name, TCP_CA_NAME_MAX / sizeof(u32), (u32)strlen(ca->name));

	if (ca->key == TCP_CA_UNSPEC || tcp_ca_find_key(ca->key)) {
		pr_warn("%s already registered or non-unique key\n", ca->name);
		return -EEXIST;
	}
	list_add_tail(&ca->list, &tcp_cong_list);
	return 0;
}

/**
 * tcp_unregister_congestion_control() - take it back
 * @ca: it; no socket may use it any more
 *
 * Origin: net/ipv4/tcp_cong.c:100.
 */
void tcp_unregister_congestion_control(struct tcp_congestion_ops *ca)
{
	list_del(&ca->list);
}

/**
 * tcp_cong_init() - at boot: an empty list, Reno, CUBIC, DCTCP, and CUBIC as the default
 *
 * In the kernel these are initcalls and a Kconfig choice.
 */
void tcp_cong_init(void)
{
	INIT_LIST_HEAD(&tcp_cong_list);
	tcp_register_congestion_control(&tcp_reno);
	cubictcp_register();
	dctcp_register();
	tcp_set_default_congestion_control(cubictcp.name);
}

/**
 * tcp_assign_congestion_control() - the default for a new socket
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_cong.c:153.
 */
void tcp_assign_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_congestion_ops *ca;

	ca = list_first_entry(&tcp_cong_list, struct tcp_congestion_ops, list);
	icsk->icsk_ca_ops = ca;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));

	/* ECN by order of the module, whatever the namespace's setting says. */
	if (ca->flags & TCP_CONG_NEEDS_ECN)
		INET_ECN_xmit(sk);
	else
		INET_ECN_dontxmit(sk);
}

/**
 * tcp_init_congestion_control() - the connection is established: begin
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_cong.c:182.
 */
void tcp_init_congestion_control(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->init)
		icsk->icsk_ca_ops->init(sk);
	if (tcp_ca_needs_ecn(sk))
		INET_ECN_xmit(sk);
	else
		INET_ECN_dontxmit(sk);
}

/* Another one in the middle of a connection. Origin: net/ipv4/tcp_cong.c:194. */
static void tcp_reinit_congestion_control(struct sock *sk, const struct tcp_congestion_ops *ca)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_cleanup_congestion_control(sk);
	icsk->icsk_ca_ops = ca;
	icsk->icsk_ca_setsockopt = 1;

	if (sk->sk_state != TCP_CLOSE) {
		memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
		tcp_init_congestion_control(sk);
	}
}

/**
 * tcp_cleanup_congestion_control() - the socket goes, or takes another one
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_cong.c:209.
 */
void tcp_cleanup_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->release)
		icsk->icsk_ca_ops->release(sk);
}

/**
 * tcp_set_default_congestion_control() - net.ipv4.tcp_congestion_control
 * @name: of the new default
 *
 * Return: 0 or -ENOENT.
 *
 * Origin: net/ipv4/tcp_cong.c:219.
 */
int tcp_set_default_congestion_control(const char *name)
{
	struct tcp_congestion_ops *ca = tcp_ca_find(name);

	if (!ca)
		return -ENOENT;

	ca->flags |= TCP_CONG_NON_RESTRICTED;
	list_move(&ca->list, &tcp_cong_list);
	return 0;
}

/**
 * tcp_get_default_congestion_control() - its name
 * @name: TCP_CA_NAME_MAX bytes
 *
 * Origin: net/ipv4/tcp_cong.c:277.
 */
void tcp_get_default_congestion_control(char *name)
{
	struct tcp_congestion_ops *ca;

	ca = list_first_entry(&tcp_cong_list, struct tcp_congestion_ops, list);
	memcpy(name, ca->name, TCP_CA_NAME_MAX);
}

/**
 * tcp_set_congestion_control() - setsockopt(TCP_CONGESTION)
 * @sk: the socket
 * @name: of the one to use
 *
 * Return: 0, -ENOENT, or -EPERM if the route decides it.
 *
 * Origin: net/ipv4/tcp_cong.c:343.
 */
int tcp_set_congestion_control(struct sock *sk, const char *name)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_congestion_ops *ca;

	if (icsk->icsk_ca_dst_locked)
		return -EPERM;

	ca = tcp_ca_find(name);
	if (ca == icsk->icsk_ca_ops) {
		icsk->icsk_ca_setsockopt = 1;
		return 0;
	}
	if (!ca)
		return -ENOENT;
	tcp_reinit_congestion_control(sk, ca);
	return 0;
}

/* ---- what all of them share ---- */

/**
 * tcp_slow_start() - one segment more for each one acknowledged, up to ssthresh
 * @tp: the connection
 * @acked: segments acknowledged
 *
 * Return: how many of them were left over when ssthresh was reached.
 *
 * Origin: net/ipv4/tcp_cong.c:377; RFC 5681 section 3.1, RFC 3465.
 */
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked)
{
	u32 cwnd = min(tp->snd_cwnd + acked, tp->snd_ssthresh);

	acked -= cwnd - tp->snd_cwnd;
	tp->snd_cwnd = min(cwnd, tp->snd_cwnd_clamp);
	return acked;
}

/**
 * tcp_cong_avoid_ai() - one segment more for every @w acknowledged
 * @tp: the connection
 * @w: so many; Reno gives the window itself
 * @acked: segments acknowledged
 *
 * Origin: net/ipv4/tcp_cong.c:390.
 */
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked)
{
	/* @w may have fallen below what was counted for a larger one. */
	if (tp->snd_cwnd_cnt >= w) {
		tp->snd_cwnd_cnt = 0;
		tp->snd_cwnd++;
	}

	tp->snd_cwnd_cnt += acked;
	if (tp->snd_cwnd_cnt >= w) {
		u32 delta = tp->snd_cwnd_cnt / w;

		tp->snd_cwnd_cnt -= delta * w;
		tp->snd_cwnd += delta;
	}
	tp->snd_cwnd = min(tp->snd_cwnd, tp->snd_cwnd_clamp);
}

/* ---- Reno ---- */

/**
 * tcp_reno_cong_avoid() - slow start, then one segment a round trip
 * @sk: the socket
 * @ack: up to where
 * @acked: how many segments were acknowledged
 *
 * Origin: net/ipv4/tcp_cong.c:420; RFC 5681 section 3.1.
 */
void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* A window that is not filled says nothing about the path. */
	if (!tcp_is_cwnd_limited(sk))
		return;

	if (tcp_in_slow_start(tp)) {
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	tcp_cong_avoid_ai(tp, tp->snd_cwnd, acked);
}

/**
 * tcp_reno_ssthresh() - half the window, but at least two segments
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_cong.c:439; RFC 5681 equation 4.
 */
u32 tcp_reno_ssthresh(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return max(tp->snd_cwnd >> 1U, 2U);
}

struct tcp_congestion_ops tcp_reno = {
	.flags = TCP_CONG_NON_RESTRICTED,
	.name = "reno",
	.ssthresh = tcp_reno_ssthresh,
	.cong_avoid = tcp_reno_cong_avoid,
};
