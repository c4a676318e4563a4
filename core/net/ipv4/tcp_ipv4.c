/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP over IPv4: where TCP and IP meet, in both directions.
 *
 * Theory of operation
 *
 * Down: tcp_v4_connect() gives the connection its identity.  It is a chicken-and-egg matter.  The
 * source address depends on the route; the route may depend on the ports; the port can only be
 * chosen when the addresses are known, because the four-tuple must be unique; and the ISN depends on
 * all four.  So: route without a port, take its source address, choose the port and enter the table
 * in state SYN_SENT, look the route up again with the port, and compute the ISN last.
 *
 * Up: tcp_v4_rcv() finds the socket of a segment.  If a user call owns it, the segment goes on the
 * backlog; otherwise it is handled here and now, in the softirq.  A segment for nobody is answered
 * with a RST, which is what makes the peer's connect(2) say "connection refused" - or ours.
 *
 * ICMP errors about our segments arrive in tcp_v4_err(); during connect(2) they end the attempt.
 *
 * ICMP errors are in tcp_ipv4_err.c, resets and other answers without a connection in
 * tcp_ipv4_reply.c, MD5 signatures (RFC 2385) in tcp_ipv4_md5.c.  Passive opens are left out.
 *
 * Origin: net/ipv4/tcp_ipv4.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/dsfield.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/secure_seq.h>
#include <net/tcp.h>
#include <net/xfrm.h>

#include "tcp_ipv4.h"

int sysctl_tcp_tw_reuse;
int sysctl_tcp_low_latency;

struct inet_hashinfo tcp_hashinfo;

/* ---- connecting ---- */

/*
 * May a new connection take the four-tuple of the remnant @sktw?  With time stamps and after a
 * second, yes: then every old segment is recognised as such (PAWS).  The new ISN must lie above all
 * the old connection could have sent.  @twp NULL: the port was bound explicitly, reuse it anyway.
 *
 * Return: 1 with a reference to the remnant, or 0.
 */
int tcp_twsk_unique(struct sock *sk, struct sock *sktw, void *twp)
{
	const struct tcp_timewait_sock *tcptw = tcp_twsk(sktw);
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcptw->tw_ts_recent_stamp &&
	    (twp == NULL || (sysctl_tcp_tw_reuse &&
			     get_seconds() - (unsigned long)tcptw->tw_ts_recent_stamp > 1))) {
		tp->write_seq = tcptw->tw_snd_nxt + 65535 + 2;
		if (tp->write_seq == 0)
			tp->write_seq = 1; /* 0 means: not chosen */
		tp->rx_opt.ts_recent = tcptw->tw_ts_recent;
		tp->rx_opt.ts_recent_stamp = tcptw->tw_ts_recent_stamp;
		sock_hold(sktw);
		return 1;
	}
	return 0;
}

/**
 * tcp_v4_connect - begin a connection
 * @sk: the socket, owned, TCP_CLOSE; perhaps bound
 * @uaddr: the peer's address and port, kernel memory
 * @addr_len: its length, bytes
 *
 * Return: 0 if a SYN is on its way (or will be); -EINVAL for a short address or a source route to
 * nowhere; -EAFNOSUPPORT; -ENETUNREACH without a route or for multicast and broadcast; what else
 * the route lookup says; -EADDRNOTAVAIL without a port; -ENOBUFS, -ENOMEM, -ECONNREFUSED.  After
 * an error the socket is closed and has lost the port chosen here.
 */
int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	struct sockaddr_in *usin = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	__be16 orig_sport, orig_dport;
	__be32 daddr, nexthop;
	struct flowi4 *fl4;
	struct rtable *rt;
	int err;
	struct ip_options_rcu *inet_opt;

	if (addr_len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;

	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;

	nexthop = daddr = usin->sin_addr.s_addr;
	inet_opt = inet->inet_opt;
	if (inet_opt && inet_opt->opt.srr) {
		/* source route: the first hop is who the packets are addressed to */
		if (!daddr)
			return -EINVAL;
		nexthop = inet_opt->opt.faddr;
	}

	orig_sport = inet->inet_sport;
	orig_dport = usin->sin_port;
	fl4 = &inet->cork.fl.u.ip4;
	rt = ip_route_connect(fl4, nexthop, inet->inet_saddr, RT_CONN_FLAGS(sk),
			      sk->sk_bound_dev_if, IPPROTO_TCP, orig_sport, orig_dport, sk);
	if (IS_ERR(rt)) {
		err = PTR_ERR(rt);
		if (err == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return err;
	}

	/* A stream has two ends. */
	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
		ip_rt_put(rt);
		return -ENETUNREACH;
	}

	if (!inet_opt || !inet_opt->opt.srr)
		daddr = fl4->daddr; /* 0.0.0.0 has become this host */

	if (!inet->inet_saddr)
		inet->inet_saddr = fl4->saddr;
	sk_rcv_saddr_set(sk, inet->inet_saddr);

	if (tp->rx_opt.ts_recent_stamp && inet->inet_daddr != daddr) {
		/* The socket was connected elsewhere before: that peer's clock means nothing here. */
		tp->rx_opt.ts_recent = 0;
		tp->rx_opt.ts_recent_stamp = 0;
		if (likely(!tp->repair))
			tp->write_seq = 0;
	}

	if (tcp_death_row.sysctl_tw_recycle && !tp->rx_opt.ts_recent_stamp && fl4->daddr == daddr)
		tcp_fetch_timewait_stamp(sk, &rt->dst);

	inet->inet_dport = usin->sin_port;
	sk_daddr_set(sk, daddr);

	inet_csk(sk)->icsk_ext_hdr_len = 0;
	if (inet_opt)
		inet_csk(sk)->icsk_ext_hdr_len = inet_opt->opt.optlen;

	tp->rx_opt.mss_clamp = TCP_MSS_DEFAULT;

	/*
	 * The state changes before the socket has a port.  It can: the socket is owned, so nothing
	 * that arrives is handled before we are through; and inet_hash_connect() only enters sockets
	 * that are in a state other than TCP_CLOSE.
	 */
	tcp_set_state(sk, TCP_SYN_SENT);
	err = inet_hash_connect(&tcp_death_row, sk);
	if (err)
		goto failure;

	sk_set_txhash(sk);

	rt = ip_route_newports(fl4, rt, orig_sport, orig_dport, inet->inet_sport, inet->inet_dport,
			       sk);
	if (IS_ERR(rt)) {
		err = PTR_ERR(rt);
		rt = NULL;
		goto failure;
	}
	/* the route is final: give it to the socket, with our reference */
	sk->sk_gso_type = SKB_GSO_TCPV4;
	sk_setup_caps(sk, &rt->dst);

	/* Not 0: the four-tuple was inherited from a TIME_WAIT remnant, and its numbers go on. */
	if (!tp->write_seq && likely(!tp->repair))
		tp->write_seq = secure_tcp_sequence_number(inet->inet_saddr, inet->inet_daddr,
							   inet->inet_sport, usin->sin_port);

	inet->inet_id = tp->write_seq ^ jiffies;

	err = tcp_connect(sk);

	rt = NULL; /* it is the socket's now */
	if (err)
		goto failure;

	return 0;

failure:
	/* takes the socket out of the table and gives the port back, unless bind(2) chose it */
	tcp_set_state(sk, TCP_CLOSE);
	if (rt)
		ip_rt_put(rt);
	sk->sk_route_caps = 0;
	inet->inet_dport = 0;
	return err;
}

/* ---- checksums ---- */

/*
 * For a device (or the last moment before it) that sums the packet: only the pseudo header's part
 * goes into the field, not complemented, and skb says where to put the result.
 */
void __tcp_v4_send_check(struct sk_buff *skb, __be32 saddr, __be32 daddr)
{
	struct tcphdr *th = tcp_hdr(skb);

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		th->check = ~tcp_v4_check(skb->len, saddr, daddr, 0);
		skb->csum_start = skb_transport_header(skb) - skb->head;
		skb->csum_offset = offsetof(struct tcphdr, check);
	} else {
		th->check = tcp_v4_check(skb->len, saddr, daddr,
					 csum_partial(th, th->doff << 2, skb->csum));
	}
}

void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb)
{
	const struct inet_sock *inet = inet_sk(sk);

	__tcp_v4_send_check(skb, inet->inet_saddr, inet->inet_daddr);
}

/* ---- receiving ---- */

/**
 * tcp_v4_do_rcv - handle one segment for a socket
 * @sk: the socket: either locked by the softirq, or owned and working off its backlog
 * @skb: the segment, data at the TCP header; consumed
 *
 * Return: 0.
 */
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb)
{
	if (sk->sk_state == TCP_ESTABLISHED) {
		struct dst_entry *dst = sk->sk_rx_dst;

		sock_rps_save_rxhash(sk, skb);
		sk_mark_napi_id(sk, skb);
		if (dst) {
			if (inet_sk(sk)->rx_dst_ifindex != skb->skb_iif ||
			    !dst->ops->check(dst, 0)) {
				dst_release(dst);
				sk->sk_rx_dst = NULL;
			}
		}
		tcp_rcv_established(sk, skb, tcp_hdr(skb), skb->len);
		return 0;
	}

	if (tcp_checksum_complete(skb))
		goto csum_err;

	sock_rps_save_rxhash(sk, skb);

	/* nonzero: the segment is not acceptable in this state, tell the peer */
	if (tcp_rcv_state_process(sk, skb))
		goto reset;
	return 0;

reset:
	tcp_v4_send_reset(sk, skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_RESET);
	return 0;

csum_err:
	TCP_INC_STATS(sock_net(sk), TCP_MIB_CSUMERRORS);
	TCP_INC_STATS(sock_net(sk), TCP_MIB_INERRS);
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_CSUM);
	return 0;
}

/*
 * Find the connection before the route: an established socket remembers the route its packets come
 * by, and a second lookup is saved.
 */
void tcp_v4_early_demux(struct sk_buff *skb)
{
	const struct iphdr *iph;
	const struct tcphdr *th;
	struct sock *sk;

	if (skb->pkt_type != PACKET_HOST)
		return;
	if (!pskb_may_pull(skb, skb_transport_offset(skb) + sizeof(struct tcphdr)))
		return;

	iph = ip_hdr(skb);
	th = tcp_hdr(skb);
	if (th->doff < sizeof(struct tcphdr) / 4)
		return;

	sk = __inet_lookup_established(dev_net(skb->dev), &tcp_hashinfo, iph->saddr, th->source,
				       iph->daddr, ntohs(th->dest), skb->skb_iif);
	if (sk) {
		skb->sk = sk;
		skb->destructor = sock_edemux;
		if (sk_fullsock(sk)) {
			struct dst_entry *dst = sk->sk_rx_dst;

			if (dst)
				dst = dst_check(dst, 0);
			if (dst && inet_sk(sk)->rx_dst_ifindex == skb->skb_iif)
				skb_dst_set_noref(skb, dst);
		}
	}
}

/*
 * Leave the segment to a reader that waits in recvmsg(2), which then does the work on its own time?
 * Readers here do not offer themselves (ucopy.task), so the answer is no: the softirq handles it.
 */
bool tcp_prequeue(struct sock *sk, struct sk_buff *skb)
{
	(void)sk;
	(void)skb;
	return false;
}

/*
 * A user owns the socket: the segment waits on the backlog.  64 KB more than the buffers are
 * allowed, because only the owner could make room.  True: no room, slock released, drop it.
 */
bool tcp_add_backlog(struct sock *sk, struct sk_buff *skb)
{
	u32 limit = (u32)sk->sk_rcvbuf + (u32)sk->sk_sndbuf; /* each may be 2^31 - 1 */

	limit += 64 * 1024;

	/* what the packet really occupies, now that its headers were pulled */
	skb->truesize = SKB_TRUESIZE(skb_end_offset(skb));

	if (unlikely(sk_add_backlog(sk, skb, limit))) {
		bh_unlock_sock(sk);
		__NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPBACKLOGDROP);
		return true;
	}
	return false;
}

/* The socket's filter; the header must survive it.  0, or the filter's errno. */
int tcp_filter(struct sock *sk, struct sk_buff *skb)
{
	struct tcphdr *th = (struct tcphdr *)skb->data;
	unsigned int eaten = skb->len;
	int err;

	err = sk_filter_trim_cap(sk, skb, th->doff * 4);
	if (!err) {
		eaten -= skb->len;
		TCP_SKB_CB(skb)->end_seq -= eaten;
	}
	return err;
}

/* Fill TCP's control block from the headers; IP's notes move to the end of it first. */
static void tcp_v4_fill_cb(struct sk_buff *skb, const struct iphdr *iph, const struct tcphdr *th)
{
	memmove(&TCP_SKB_CB(skb)->header.h4, IPCB(skb), sizeof(struct inet_skb_parm));

	TCP_SKB_CB(skb)->seq = ntohl(th->seq);
	TCP_SKB_CB(skb)->end_seq =
		(TCP_SKB_CB(skb)->seq + th->syn + th->fin + skb->len - th->doff * 4);
	TCP_SKB_CB(skb)->ack_seq = ntohl(th->ack_seq);
	TCP_SKB_CB(skb)->tcp_flags = ((const u8 *)th)[13];
	TCP_SKB_CB(skb)->tcp_tw_isn = 0;
	TCP_SKB_CB(skb)->ip_dsfield = ipv4_get_dsfield(iph);
	TCP_SKB_CB(skb)->sacked = 0;
}

/*
 * A segment for a TIME_WAIT remnant.  Consumes it and the reference, and returns NULL; or, if it
 * begins a new connection and somebody listens on the port, the remnant goes, and the listener
 * (without a reference) is returned to be given the segment.
 */
static struct sock *tcp_v4_rcv_timewait(struct net *net, struct sock *sk, struct sk_buff *skb,
					const struct tcphdr *th)
{
	struct sock *sk2;

	if (!xfrm4_policy_check(NULL, XFRM_POLICY_IN, skb)) {
		inet_twsk_put(inet_twsk(sk));
		goto discard;
	}
	if (tcp_checksum_complete(skb)) {
		inet_twsk_put(inet_twsk(sk));
		__TCP_INC_STATS(net, TCP_MIB_CSUMERRORS);
		__TCP_INC_STATS(net, TCP_MIB_INERRS);
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_CSUM);
		return NULL;
	}

	switch (tcp_timewait_state_process(inet_twsk(sk), skb, th)) {
	case TCP_TW_SYN:
		sk2 = inet_lookup_listener(net, &tcp_hashinfo, skb, __tcp_hdrlen(th),
					   ip_hdr(skb)->saddr, th->source, ip_hdr(skb)->daddr,
					   th->dest, skb->dev->ifindex);
		if (sk2) {
			inet_twsk_deschedule_put(inet_twsk(sk));
			return sk2;
		}
		/* nobody listens: the old connection's ACK is the answer */
		fallthrough;
	case TCP_TW_ACK:
		tcp_v4_timewait_ack(sk, skb);
		break;
	case TCP_TW_RST:
		tcp_v4_send_reset(sk, skb);
		inet_twsk_deschedule_put(inet_twsk(sk));
		break;
	case TCP_TW_SUCCESS:
		break;
	}
discard:
	consume_skb(skb);
	return NULL;
}

/* A segment for nobody: answer with a RST if it is at least sound.  The reason it is dropped for. */
static enum skb_drop_reason tcp_v4_rcv_nobody(struct net *net, struct sk_buff *skb)
{
	if (!xfrm4_policy_check(NULL, XFRM_POLICY_IN, skb))
		return SKB_DROP_REASON_XFRM_POLICY;

	if (tcp_checksum_complete(skb)) {
		__TCP_INC_STATS(net, TCP_MIB_CSUMERRORS);
		__TCP_INC_STATS(net, TCP_MIB_INERRS);
		return SKB_DROP_REASON_TCP_CSUM;
	}
	tcp_v4_send_reset(NULL, skb);
	return SKB_DROP_REASON_NO_SOCKET;
}

/**
 * tcp_v4_rcv - a TCP segment from IP
 * @skb: the segment, data at the TCP header; consumed
 *
 * Softirq.  The header is checked just far enough to be read; the sum only if the segment is short
 * (long ones are summed when they are copied to the user).
 *
 * Return: 0.
 */
int tcp_v4_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	enum skb_drop_reason drop_reason = SKB_DROP_REASON_NOT_SPECIFIED;
	const struct iphdr *iph;
	const struct tcphdr *th;
	bool refcounted;
	struct sock *sk;
	int ret;

	if (skb->pkt_type != PACKET_HOST)
		goto discard_it;

	__TCP_INC_STATS(net, TCP_MIB_INSEGS);

	drop_reason = SKB_DROP_REASON_PKT_TOO_SMALL;
	if (!pskb_may_pull(skb, sizeof(struct tcphdr)))
		goto discard_it;

	th = (const struct tcphdr *)skb->data;
	if (unlikely(th->doff < sizeof(struct tcphdr) / 4))
		goto bad_packet;
	if (!pskb_may_pull(skb, th->doff * 4))
		goto discard_it;

	if (skb_checksum_init(skb, IPPROTO_TCP, inet_compute_pseudo))
		goto csum_error;

	th = (const struct tcphdr *)skb->data;
	iph = ip_hdr(skb);
	tcp_v4_fill_cb(skb, iph, th);

	sk = __inet_lookup_skb(&tcp_hashinfo, skb, __tcp_hdrlen(th), th->source, th->dest,
			       &refcounted);
	if (!sk) {
		drop_reason = tcp_v4_rcv_nobody(net, skb);
		goto discard_it;
	}

	if (sk->sk_state == TCP_TIME_WAIT) {
		sk = tcp_v4_rcv_timewait(net, sk, skb, th);
		if (!sk)
			return 0;
		refcounted = false;
	}

	drop_reason = SKB_DROP_REASON_NOT_SPECIFIED;
	if (unlikely(iph->ttl < inet_sk(sk)->min_ttl)) {
		__NET_INC_STATS(net, LINUX_MIB_TCPMINTTLDROP);
		goto discard_and_relse;
	}

	drop_reason = SKB_DROP_REASON_XFRM_POLICY;
	if (!xfrm4_policy_check(sk, XFRM_POLICY_IN, skb))
		goto discard_and_relse;

	drop_reason = SKB_DROP_REASON_TCP_MD5FAILURE;
	if (tcp_v4_inbound_md5_hash(sk, skb))
		goto discard_and_relse;

	nf_reset(skb);

	drop_reason = SKB_DROP_REASON_SOCKET_FILTER;
	if (tcp_filter(sk, skb))
		goto discard_and_relse;

	/* TCP's business from here on: the device may go away while the segment waits. */
	skb->dev = NULL;

	sk_incoming_cpu_update(sk);

	bh_lock_sock_nested(sk);
	tcp_segs_in(tcp_sk(sk), skb);
	ret = 0;
	drop_reason = SKB_DROP_REASON_SOCKET_BACKLOG;
	if (!sock_owned_by_user(sk)) {
		if (!tcp_prequeue(sk, skb))
			ret = tcp_v4_do_rcv(sk, skb);
	} else if (tcp_add_backlog(sk, skb)) {
		goto discard_and_relse;
	}
	bh_unlock_sock(sk);

	if (refcounted)
		sock_put(sk);
	return ret;

csum_error:
	drop_reason = SKB_DROP_REASON_TCP_CSUM;
	__TCP_INC_STATS(net, TCP_MIB_CSUMERRORS);
bad_packet:
	__TCP_INC_STATS(net, TCP_MIB_INERRS);
discard_it:
	kfree_skb_reason(skb, drop_reason);
	return 0;

discard_and_relse:
	sk_drops_add(sk, skb);
	if (refcounted)
		sock_put(sk);
	goto discard_it;
}

/* ---- what the socket gets from here ---- */

/* Remember the route segments come by, for early demux. */
void inet_sk_rx_dst_set(struct sock *sk, const struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);

	if (dst && dst_hold_safe(dst)) {
		sk->sk_rx_dst = dst;
		inet_sk(sk)->rx_dst_ifindex = skb->skb_iif;
	}
}

/*
 * A SYN for a listener.  The mirror is about the side that connects: a listener behaves as the
 * kernel's does when nobody calls accept(2) and the queue is full.  The SYN is dropped without a
 * word, and counted; whoever sent it will try again.  0: no RST either.
 */
static int tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb)
{
	/* never to broadcasts: the answer would be one host's for many */
	if (skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
		goto drop;

	NET_INC_STATS(sock_net(sk), LINUX_MIB_LISTENOVERFLOWS);
drop:
	tcp_listendrop(sk);
	return 0;
}

/* IP options (level SOL_IP) that matter to a connection are set through tcp_setsockopt(). */
const struct inet_connection_sock_af_ops ipv4_specific = {
	.queue_xmit = ip_queue_xmit,
	.send_check = tcp_v4_send_check,
	.rebuild_header = inet_sk_rebuild_header,
	.sk_rx_dst_set = inet_sk_rx_dst_set,
	.conn_request = tcp_v4_conn_request,
	.net_header_len = sizeof(struct iphdr),
	.sockaddr_len = sizeof(struct sockaddr_in),
	.addr2sockaddr = inet_csk_addr2sockaddr,
	.bind_conflict = inet_csk_bind_conflict,
	.mtu_reduced = tcp_v4_mtu_reduced,
};

/* struct proto.init: the rest was zeroed when the socket was allocated.  0. */
static int tcp_v4_init_sock(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_init_sock(sk);

	icsk->icsk_af_ops = &ipv4_specific;
	tcp_sk(sk)->af_specific = &tcp_sock_ipv4_specific;
	return 0;
}

/* struct proto.destroy: give back all that hangs on the socket, the port last. */
void tcp_v4_destroy_sock(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_clear_xmit_timers(sk);
	tcp_cleanup_congestion_control(sk);
	tcp_write_queue_purge(sk);
	__skb_queue_purge(&tp->out_of_order_queue);
	tcp_clear_md5_list(sk);
	__skb_queue_purge(&tp->ucopy.prequeue);

	if (inet_csk(sk)->icsk_bind_hash)
		inet_put_port(sk);

	tcp_free_fastopen_req(tp);
	kfree(tp->saved_syn);
	tp->saved_syn = NULL;

	sk_sockets_allocated_dec(sk);
}

static struct timewait_sock_ops tcp_timewait_sock_ops = {
	.twsk_slab_name = "tcp_timewait_sock",
	.twsk_obj_size = sizeof(struct tcp_timewait_sock),
	.twsk_unique = tcp_twsk_unique,
	.twsk_destructor = tcp_twsk_destructor,
};

/* So many bytes may wait unsent before a writer has to: TCP_NOTSENT_LOWAT, or the sysctl. */
static inline u32 tcp_notsent_lowat(const struct tcp_sock *tp)
{
	struct net *net = sock_net((const struct sock *)tp);

	return tp->notsent_lowat ?: net->ipv4.sysctl_tcp_notsent_lowat;
}

static bool tcp_stream_memory_free(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return tp->write_seq - tp->snd_nxt < tcp_notsent_lowat(tp);
}

struct proto tcp_prot = {
	.name = "TCP",
	.close = tcp_close,
	.connect = tcp_v4_connect,
	.disconnect = tcp_disconnect,
	.init = tcp_v4_init_sock,
	.destroy = tcp_v4_destroy_sock,
	.shutdown = tcp_shutdown,
	.setsockopt = tcp_setsockopt,
	.getsockopt = tcp_getsockopt,
	.recvmsg = tcp_recvmsg,
	.sendmsg = tcp_sendmsg,
	.backlog_rcv = tcp_v4_do_rcv,
	.release_cb = tcp_release_cb,
	.hash = inet_hash,
	.unhash = inet_unhash,
	.get_port = inet_csk_get_port,
	.stream_memory_free = tcp_stream_memory_free,
	.enter_memory_pressure = tcp_enter_memory_pressure,
	.memory_allocated = &tcp_memory_allocated,
	.sockets_allocated = &tcp_sockets_allocated,
	.memory_pressure = &tcp_memory_pressure,
	.orphan_count = &tcp_orphan_count,
	.sysctl_mem = sysctl_tcp_mem,
	.sysctl_wmem = sysctl_tcp_wmem,
	.sysctl_rmem = sysctl_tcp_rmem,
	.max_header = MAX_TCP_HEADER,
	.obj_size = sizeof(struct tcp_sock),
	.obj_name = "tcp_sock",
	.no_autobind = true,
	.twsk_prot = &tcp_timewait_sock_ops,
	.h.hashinfo = &tcp_hashinfo,
};
