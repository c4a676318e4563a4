/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_ipv4.c */
/*
 * Answers to segments that have no connection: RSTs, and ACKs of TIME_WAIT remnants.  They are sent
 * by a socket the namespace keeps for this, which is made here as well.
 *
 * Part of net/ipv4/tcp_ipv4.c in the kernel.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/inet_common.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp.h>

#include "tcp_ipv4.h"

/**
 * tcp_v4_send_reset - answer a segment that belongs to nobody
 * @sk: the socket it was for, if there is one and it does not want it; or NULL
 * @skb: the segment
 *
 * RFC 793 3.4: if it had an ACK, the RST takes its sequence number from there, so the peer finds it
 * acceptable; otherwise it starts at 0 and acknowledges all of the segment.  Never reset a reset.
 */
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct {
		struct tcphdr th;
		__be32 opt[TCPOLEN_MD5SIG_ALIGNED >> 2];
	} rep;
	struct ip_reply_arg arg;
	struct net *net;

	if (th->rst)
		return;

	/* for us as a host?  A packet for a multicast group is not */
	if (!sk && skb_rtable(skb)->rt_type != RTN_LOCAL)
		return;

	memset(&rep, 0, sizeof(rep));
	rep.th.dest = th->source;
	rep.th.source = th->dest;
	rep.th.doff = sizeof(struct tcphdr) / 4;
	rep.th.rst = 1;

	if (th->ack) {
		rep.th.seq = th->ack_seq;
	} else {
		rep.th.ack = 1;
		rep.th.ack_seq =
			htonl(ntohl(th->seq) + th->syn + th->fin + skb->len - (th->doff << 2));
	}

	memset(&arg, 0, sizeof(arg));
	arg.iov[0].iov_base = &rep;
	arg.iov[0].iov_len = sizeof(rep.th);

	net = sk ? sock_net(sk) : dev_net(skb_dst(skb)->dev);
	if (tcp_v4_md5_sign_reset(sk, skb, &rep.th, rep.opt, &arg))
		return;

	arg.csum = csum_tcpudp_nofold(ip_hdr(skb)->daddr, ip_hdr(skb)->saddr, arg.iov[0].iov_len,
				      IPPROTO_TCP, 0);
	arg.csumoffset = offsetof(struct tcphdr, check) / 2;
	if (sk) {
		/* out where it came in, if the socket was tied to a device */
		arg.bound_dev_if = sk->sk_bound_dev_if;
		if (sk_fullsock(sk) && inet_sk(sk)->transparent)
			arg.flags = IP_REPLY_ARG_NOSRCCHECK;
	}
	arg.tos = ip_hdr(skb)->tos;

	local_bh_disable();
	ip_send_unicast_reply(net->ipv4.tcp_sk, skb, &TCP_SKB_CB(skb)->header.h4.opt,
			      ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, &arg, arg.iov[0].iov_len);
	__TCP_INC_STATS(net, TCP_MIB_OUTSEGS);
	__TCP_INC_STATS(net, TCP_MIB_OUTRSTS);
	local_bh_enable();
}

/* An ACK for somebody who has no socket any more, by numbers.  @win as in the header. */
static void tcp_v4_send_ack(struct net *net, struct sk_buff *skb, u32 seq, u32 ack, u32 win,
			    u32 tsval, u32 tsecr, int oif, struct tcp_md5sig_key *key,
			    int reply_flags, u8 tos)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct {
		struct tcphdr th;
		__be32 opt[(TCPOLEN_TSTAMP_ALIGNED >> 2) + (TCPOLEN_MD5SIG_ALIGNED >> 2)];
	} rep;
	struct ip_reply_arg arg;

	memset(&rep.th, 0, sizeof(struct tcphdr));
	memset(&arg, 0, sizeof(arg));

	arg.iov[0].iov_base = &rep;
	arg.iov[0].iov_len = sizeof(rep.th);
	if (tsecr) {
		rep.opt[0] = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) |
				   (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP);
		rep.opt[1] = htonl(tsval);
		rep.opt[2] = htonl(tsecr);
		arg.iov[0].iov_len += TCPOLEN_TSTAMP_ALIGNED;
	}

	rep.th.dest = th->source;
	rep.th.source = th->dest;
	rep.th.doff = arg.iov[0].iov_len / 4;
	rep.th.seq = htonl(seq);
	rep.th.ack_seq = htonl(ack);
	rep.th.ack = 1;
	rep.th.window = htons(win);

	if (key) {
		int offset = tsecr ? 3 : 0;

		rep.opt[offset++] = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) |
					  (TCPOPT_MD5SIG << 8) | TCPOLEN_MD5SIG);
		arg.iov[0].iov_len += TCPOLEN_MD5SIG_ALIGNED;
		rep.th.doff = arg.iov[0].iov_len / 4;
		tcp_v4_md5_hash_hdr((char *)&rep.opt[offset], key, ip_hdr(skb)->saddr,
				    ip_hdr(skb)->daddr, &rep.th);
	}

	arg.flags = reply_flags;
	arg.csum = csum_tcpudp_nofold(ip_hdr(skb)->daddr, ip_hdr(skb)->saddr, arg.iov[0].iov_len,
				      IPPROTO_TCP, 0);
	arg.csumoffset = offsetof(struct tcphdr, check) / 2;
	if (oif)
		arg.bound_dev_if = oif;
	arg.tos = tos;

	local_bh_disable();
	ip_send_unicast_reply(net->ipv4.tcp_sk, skb, &TCP_SKB_CB(skb)->header.h4.opt,
			      ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, &arg, arg.iov[0].iov_len);
	__TCP_INC_STATS(net, TCP_MIB_OUTSEGS);
	local_bh_enable();
}

/* The peer repeated its FIN: our last ACK was lost.  Drops the reference. */
void tcp_v4_timewait_ack(struct sock *sk, struct sk_buff *skb)
{
	struct inet_timewait_sock *tw = inet_twsk(sk);
	struct tcp_timewait_sock *tcptw = tcp_twsk(sk);

	tcp_v4_send_ack(sock_net(sk), skb, tcptw->tw_snd_nxt, tcptw->tw_rcv_nxt,
			tcptw->tw_rcv_wnd >> tw->tw_rcv_wscale,
			tcp_time_stamp + tcptw->tw_ts_offset, tcptw->tw_ts_recent,
			tw->tw_bound_dev_if, tcp_twsk_md5_key(tcptw),
			tw->tw_transparent ? IP_REPLY_ARG_NOSRCCHECK : 0, tw->tw_tos);
	inet_twsk_put(tw);
}

/* ---- a namespace begins ---- */

/*
 * The namespace's TCP settings, and its socket for answers that belong to no connection.  0, or a
 * negative errno.
 */
int tcp_sk_init(struct net *net)
{
	int err;

	net->ipv4.sysctl_tcp_ecn = 2; /* answer who asks, do not ask */
	net->ipv4.sysctl_tcp_ecn_fallback = 1;

	net->ipv4.sysctl_tcp_base_mss = TCP_BASE_MSS;
	net->ipv4.sysctl_tcp_probe_threshold = TCP_PROBE_THRESHOLD;
	net->ipv4.sysctl_tcp_probe_interval = TCP_PROBE_INTERVAL;

	net->ipv4.sysctl_tcp_keepalive_time = TCP_KEEPALIVE_TIME;
	net->ipv4.sysctl_tcp_keepalive_probes = TCP_KEEPALIVE_PROBES;
	net->ipv4.sysctl_tcp_keepalive_intvl = TCP_KEEPALIVE_INTVL;

	net->ipv4.sysctl_tcp_syn_retries = TCP_SYN_RETRIES;
	net->ipv4.sysctl_tcp_synack_retries = TCP_SYNACK_RETRIES;
	net->ipv4.sysctl_tcp_syncookies = 1;
	net->ipv4.sysctl_tcp_reordering = TCP_FASTRETRANS_THRESH;
	net->ipv4.sysctl_tcp_retries1 = TCP_RETR1;
	net->ipv4.sysctl_tcp_retries2 = TCP_RETR2;
	net->ipv4.sysctl_tcp_orphan_retries = 0;
	net->ipv4.sysctl_tcp_fin_timeout = TCP_FIN_TIMEOUT;
	net->ipv4.sysctl_tcp_notsent_lowat = UINT_MAX;

	err = inet_ctl_sock_create(&net->ipv4.tcp_sk, PF_INET, SOCK_RAW, IPPROTO_TCP, net);
	if (err)
		return err;
	/* nobody waits for room: sock_wfree() need not tell */
	sock_set_flag(net->ipv4.tcp_sk, SOCK_USE_WRITE_QUEUE);
	return 0;
}

void tcp_sk_exit(struct net *net)
{
	inet_ctl_sock_destroy(net->ipv4.tcp_sk);
	net->ipv4.tcp_sk = NULL;
}
