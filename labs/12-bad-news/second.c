/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 12, another way to write it: what an RST means is a function of its own, and both kinds of bad news
 * end in the same one.
 */

#include <linux/errno.h>
#include <linux/icmp.h>
#include <linux/kernel.h>
#include <net/icmp.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp.h>

void tcp_v4_err_frag_needed(struct sock *sk, u32 info);
void tcp_v4_err_revert_backoff(struct sock *sk, u32 seq);
void tcp_v4_err_report(struct sock *sk, int err);
int tcp_v4_err_code(struct sock *sk, int type, int code, u32 info, u32 seq);

static void end(struct sock *sk, int why)
{
	sk->sk_err = why;
	smp_wmb();
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_error_report(sk);
	tcp_done(sk);
}

static int meaning(int state)
{
	if (state == TCP_SYN_SENT)
		return ECONNREFUSED;
	return state == TCP_CLOSE_WAIT ? EPIPE : ECONNRESET;
}

void tcp_reset(struct sock *sk)
{
	if (sk->sk_state != TCP_CLOSE)
		end(sk, meaning(sk->sk_state));
}

void tcp_v4_err_report(struct sock *sk, int err)
{
	bool begins = sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV;

	if (sock_owned_by_user(sk)) {
		sk->sk_err_soft = err;
	} else if (begins) {
		end(sk, err);
	} else if (inet_sk(sk)->recverr) {
		sk->sk_err = err;
		sk->sk_error_report(sk);
	} else {
		sk->sk_err_soft = err;
	}
}

int tcp_v4_err_code(struct sock *sk, int type, int code, u32 info, u32 seq)
{
	if (type == ICMP_PARAMETERPROB)
		return EPROTO;
	if (type == ICMP_TIME_EXCEEDED)
		return EHOSTUNREACH;
	if (type != ICMP_DEST_UNREACH || code > NR_ICMP_UNREACH)
		return 0;
	switch (code) {
	case ICMP_FRAG_NEEDED:
		tcp_v4_err_frag_needed(sk, info);
		return 0;
	case ICMP_NET_UNREACH:
	case ICMP_HOST_UNREACH:
		tcp_v4_err_revert_backoff(sk, seq);
	}
	return icmp_err_convert[code].errno;
}

static bool on_its_way(const struct tcp_sock *tp, u32 seq)
{
	return seq - tp->snd_una <= tp->snd_nxt - tp->snd_una;
}

static void heard(struct net *net, struct sock *sk, const struct iphdr *iph, u32 seq, int type,
		  int code, u32 info)
{
	int err;

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (iph->ttl < inet_sk(sk)->min_ttl) {
		__NET_INC_STATS(net, LINUX_MIB_TCPMINTTLDROP);
		return;
	}
	if (!on_its_way(tcp_sk(sk), seq)) {
		__NET_INC_STATS(net, LINUX_MIB_OUTOFWINDOWICMPS);
		return;
	}
	err = tcp_v4_err_code(sk, type, code, info, seq);
	if (err)
		tcp_v4_err_report(sk, err);
}

void tcp_v4_err(struct sk_buff *icmp_skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)icmp_skb->data;
	struct tcphdr *th = (struct tcphdr *)(icmp_skb->data + iph->ihl * 4);
	struct net *net = dev_net(icmp_skb->dev);
	int type = icmp_hdr(icmp_skb)->type, code = icmp_hdr(icmp_skb)->code;
	struct sock *sk =
		__inet_lookup_established(net, &tcp_hashinfo, iph->daddr, th->dest, iph->saddr,
					  ntohs(th->source), inet_iif(icmp_skb));

	if (!sk) {
		__ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
		return;
	}
	if (sk->sk_state == TCP_TIME_WAIT) {
		inet_twsk_put(inet_twsk(sk));
		return;
	}
	bh_lock_sock(sk);
	if (sock_owned_by_user(sk) && (type != ICMP_DEST_UNREACH || code != ICMP_FRAG_NEEDED))
		__NET_INC_STATS(net, LINUX_MIB_LOCKDROPPEDICMPS);
	heard(net, sk, iph, ntohl(th->seq), type, code, info);
	bh_unlock_sock(sk);
	sock_put(sk);
}
