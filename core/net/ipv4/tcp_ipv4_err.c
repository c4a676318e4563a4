/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_ipv4.c */
/*
 * ICMP errors about segments of ours.  During the handshake they end the attempt; later they are
 * only hints, because routes flap and connections survive that.
 *
 * Part of net/ipv4/tcp_ipv4.c in the kernel.
 */
#include <linux/errno.h>
#include <linux/icmp.h>
#include <linux/kernel.h>
#include <net/icmp.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp.h>

/*
 * The path carries less than we thought: tell the route, shrink the MSS, and send again at once
 * what was too big, for it certainly was dropped (RFC 1191).  mtu_info holds the MTU.
 */
void tcp_v4_mtu_reduced(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	u32 mtu = tcp_sk(sk)->mtu_info;
	struct dst_entry *dst = inet_csk_update_pmtu(sk, mtu);

	if (!dst)
		return;

	/* We may not fragment and the route will not go so low: remember, in case all fails. */
	if (mtu < dst_mtu(dst) && ip_dont_fragment(sk, dst))
		sk->sk_err_soft = EMSGSIZE;

	mtu = dst_mtu(dst);

	if (inet->pmtudisc != IP_PMTUDISC_DONT && ip_sk_accept_pmtu(sk) &&
	    inet_csk(sk)->icsk_pmtu_cookie > mtu) {
		tcp_sync_mss(sk, mtu);
		tcp_simple_retransmit(sk);
	}
}

/* "Fragmentation needed": act now, or leave it to release_sock() if a user owns the socket. */
static void tcp_v4_err_frag_needed(struct sock *sk, u32 info)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->mtu_info = info;
	if (!sock_owned_by_user(sk)) {
		tcp_v4_mtu_reduced(sk);
	} else if (!(tp->tsq_flags & (1UL << TCP_MTU_REDUCED_DEFERRED))) {
		tp->tsq_flags |= 1UL << TCP_MTU_REDUCED_DEFERRED;
		sock_hold(sk);
	}
}

/*
 * An unreachable that answers a retransmission proves the segment did not vanish in congestion:
 * undo one step of the back-off (RFC 6069).
 */
static void tcp_v4_err_revert_backoff(struct sock *sk, u32 seq)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	u32 remaining;

	if (seq != tp->snd_una || !icsk->icsk_retransmits || !icsk->icsk_backoff)
		return;
	if (sock_owned_by_user(sk))
		return;

	icsk->icsk_backoff--;
	icsk->icsk_rto = tp->srtt_us ? __tcp_set_rto(tp) : TCP_TIMEOUT_INIT;
	icsk->icsk_rto = inet_csk_rto_backoff(icsk, TCP_RTO_MAX);

	skb = tcp_write_queue_head(sk);
	BUG_ON(!skb);

	remaining = icsk->icsk_rto -
		    min_t(u32, icsk->icsk_rto, tcp_time_stamp - tcp_skb_timestamp(skb));
	if (remaining)
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, remaining, TCP_RTO_MAX);
	else
		tcp_retransmit_timer(sk);
}

/*
 * The error reaches the connection.  In the handshake it is final, unless the user's call owns the
 * socket: then it is only noted.  Later it is a hint, because routes flap and connections survive.
 */
static void tcp_v4_err_report(struct sock *sk, int err)
{
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
	case TCP_SYN_RECV:
		if (!sock_owned_by_user(sk)) {
			sk->sk_err = err;
			sk->sk_error_report(sk);
			tcp_done(sk);
		} else {
			sk->sk_err_soft = err;
		}
		return;
	}

	if (!sock_owned_by_user(sk) && inet_sk(sk)->recverr) {
		sk->sk_err = err;
		sk->sk_error_report(sk);
	} else {
		sk->sk_err_soft = err;
	}
}

/* Which errno is this ICMP?  0: nothing to report, it is dealt with. */
static int tcp_v4_err_code(struct sock *sk, int type, int code, u32 info, u32 seq)
{
	switch (type) {
	case ICMP_PARAMETERPROB:
		return EPROTO;
	case ICMP_DEST_UNREACH:
		if (code > NR_ICMP_UNREACH)
			return 0;
		if (code == ICMP_FRAG_NEEDED) {
			tcp_v4_err_frag_needed(sk, info);
			return 0;
		}
		if (code == ICMP_NET_UNREACH || code == ICMP_HOST_UNREACH)
			tcp_v4_err_revert_backoff(sk, seq);
		return icmp_err_convert[code].errno;
	case ICMP_TIME_EXCEEDED:
		return EHOSTUNREACH;
	default:
		return 0; /* redirects and source quench: heard, and not acted upon */
	}
}

/**
 * tcp_v4_err - an ICMP error about a segment of ours
 * @icmp_skb: the ICMP message; data points at the header of our packet that it quotes
 * @info: the MTU of "fragmentation needed"
 *
 * The message is only believed if the sequence number it quotes is in flight: a stranger who cannot
 * see our packets cannot forge that easily (RFC 5927).
 */
void tcp_v4_err(struct sk_buff *icmp_skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)icmp_skb->data;
	struct tcphdr *th = (struct tcphdr *)(icmp_skb->data + (iph->ihl << 2));
	const int type = icmp_hdr(icmp_skb)->type;
	const int code = icmp_hdr(icmp_skb)->code;
	struct net *net = dev_net(icmp_skb->dev);
	struct sock *sk;
	u32 seq;
	int err;

	/* Connections only: a listener has sent nothing that an error could be about. */
	sk = __inet_lookup_established(net, &tcp_hashinfo, iph->daddr, th->dest, iph->saddr,
				       ntohs(th->source), inet_iif(icmp_skb));
	if (!sk) {
		__ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
		return;
	}
	if (sk->sk_state == TCP_TIME_WAIT) {
		inet_twsk_put(inet_twsk(sk));
		return;
	}
	seq = ntohl(th->seq);

	bh_lock_sock(sk);
	if (sock_owned_by_user(sk) && !(type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED))
		__NET_INC_STATS(net, LINUX_MIB_LOCKDROPPEDICMPS);

	if (sk->sk_state == TCP_CLOSE)
		goto out;
	if (unlikely(iph->ttl < inet_sk(sk)->min_ttl)) {
		__NET_INC_STATS(net, LINUX_MIB_TCPMINTTLDROP);
		goto out;
	}
	if (!between(seq, tcp_sk(sk)->snd_una, tcp_sk(sk)->snd_nxt)) {
		__NET_INC_STATS(net, LINUX_MIB_OUTOFWINDOWICMPS);
		goto out;
	}

	err = tcp_v4_err_code(sk, type, code, info, seq);
	if (err)
		tcp_v4_err_report(sk, err);
out:
	bh_unlock_sock(sk);
	sock_put(sk);
}
