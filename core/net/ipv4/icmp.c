/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ICMP, RFC 792: errors about packets, and echo.
 *
 * Theory of operation
 *
 * Receiving: icmp_rcv() checks the message and hands it to its type's handler. For errors that is
 * icmp_unreach(): behind the ICMP header stands the beginning of the packet the error is about,
 * one of ours; its protocol's err_handler (tcp_v4_err) finds the socket it came from. What an
 * error means to a socket is in icmp_err_convert[].
 *
 * Sending: icmp_send() makes an error about a packet at hand. Never about another error, a
 * broadcast, or a fragment but the first (RFC 1122, 3.2.2): such answers multiply. And not too
 * often: there is a limit over all (icmp_global_allow) and one for each host (inet_peer).
 *
 * An error can be about a packet of our own that could not leave, such as one whose next hop
 * did not answer ARP. It goes by the loopback device and comes back in by icmp_rcv(): that is how
 * connect(2) learns EHOSTUNREACH without waiting for its timer.
 *
 * Origin: net/ipv4/icmp.c, v4.9. Left out: redirects, and the kernel's own
 * socket for sending (a message is built and sent as it is).
 */
#include <linux/bottom_half.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/icmp.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <net/checksum.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/inet_common.h>
#include <net/inetpeer.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/raw.h>
#include <net/route.h>
#include <net/xfrm.h>

const struct icmp_err icmp_err_convert[] = {
	[ICMP_NET_UNREACH] = { .errno = ENETUNREACH, .fatal = 0 },
	[ICMP_HOST_UNREACH] = { .errno = EHOSTUNREACH, .fatal = 0 },
	[ICMP_PROT_UNREACH] = { .errno = ENOPROTOOPT, .fatal = 1 },
	[ICMP_PORT_UNREACH] = { .errno = ECONNREFUSED, .fatal = 1 },
	[ICMP_FRAG_NEEDED] = { .errno = EMSGSIZE, .fatal = 0 },
	[ICMP_SR_FAILED] = { .errno = EOPNOTSUPP, .fatal = 0 },
	[ICMP_NET_UNKNOWN] = { .errno = ENETUNREACH, .fatal = 1 },
	[ICMP_HOST_UNKNOWN] = { .errno = EHOSTDOWN, .fatal = 1 },
	[ICMP_HOST_ISOLATED] = { .errno = ENONET, .fatal = 1 },
	[ICMP_NET_ANO] = { .errno = ENETUNREACH, .fatal = 1 },
	[ICMP_HOST_ANO] = { .errno = EHOSTUNREACH, .fatal = 1 },
	[ICMP_NET_UNR_TOS] = { .errno = ENETUNREACH, .fatal = 0 },
	[ICMP_HOST_UNR_TOS] = { .errno = EHOSTUNREACH, .fatal = 0 },
	[ICMP_PKT_FILTERED] = { .errno = EHOSTUNREACH, .fatal = 1 },
	[ICMP_PREC_VIOLATION] = { .errno = EHOSTUNREACH, .fatal = 1 },
	[ICMP_PREC_CUTOFF] = { .errno = EHOSTUNREACH, .fatal = 1 },
};

/* A type of message: what to do with one that comes in, and whether it is an error. */
struct icmp_control {
	bool (*handler)(struct sk_buff *skb);
	short error;
};

static const struct icmp_control icmp_pointers[NR_ICMP_TYPES + 1];

/* Messages of all kinds: so many a second, so many at once. */
static int sysctl_icmp_msgs_per_sec = 1000;
static int sysctl_icmp_msgs_burst = 50;

static struct {
	u32 credit;
	u32 stamp; /* jiffies */
} icmp_global;

/* Per host: credit grows a jiffy each jiffy, up to this many messages' worth. */
#define XRLIM_BURST_FACTOR   6
#define INETPEER_SLOTS_SHIFT 6

static struct inet_peer inet_peers[1 << INETPEER_SLOTS_SHIFT];

/* Take one from the limit over all. false: it is used up. */
static bool icmp_global_allow(void)
{
	u32 delta, incr, now = (u32)jiffies;
	u32 credit;
	bool rc = false;

	delta = min_t(u32, now - icmp_global.stamp, HZ);
	credit = icmp_global.credit;
	if (delta >= HZ / 50) {
		incr = sysctl_icmp_msgs_per_sec * delta / HZ;
		if (incr)
			icmp_global.stamp = now;
		credit = min_t(u32, credit + incr, sysctl_icmp_msgs_burst);
	}
	if (credit) {
		credit--;
		rc = true;
	}
	icmp_global.credit = credit;
	return rc;
}

/* The peer with this address (network order); a table with one slot for each hash. */
static struct inet_peer *inet_getpeer_v4(__be32 v4daddr)
{
	struct inet_peer *peer = &inet_peers[hash_32((__force u32)v4daddr, INETPEER_SLOTS_SHIFT)];

	if (peer->daddr != v4daddr) {
		peer->daddr = v4daddr;
		peer->rate_tokens = 0;
		/* Long enough ago to start with full credit. */
		peer->rate_last = jiffies - 60 * HZ;
	}
	return peer;
}

/* Take one message, worth @timeout jiffies, from the peer's credit. false: not enough. */
bool inet_peer_xrlim_allow(struct inet_peer *peer, int timeout)
{
	unsigned long now = jiffies, token = peer->rate_tokens;
	bool rc = false;

	token += now - peer->rate_last;
	peer->rate_last = now;
	if (token > XRLIM_BURST_FACTOR * (unsigned long)timeout)
		token = XRLIM_BURST_FACTOR * timeout;
	if (token >= (unsigned long)timeout) {
		token -= timeout;
		rc = true;
	}
	peer->rate_tokens = token;
	return rc;
}

/* May this message be sent to fl4->daddr now? */
static bool icmpv4_xrlim_allow(struct net *net, struct rtable *rt, struct flowi4 *fl4, int type,
			       int code)
{
	if (type > NR_ICMP_TYPES)
		return true;
	/* Path MTU discovery must not starve. */
	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
		return true;
	if (rt->dst.dev->flags & IFF_LOOPBACK)
		return true;
	if (!((1 << type) & net->ipv4.sysctl_icmp_ratemask))
		return true;

	if (!icmp_global_allow())
		return false;
	return inet_peer_xrlim_allow(inet_getpeer_v4(fl4->daddr), net->ipv4.sysctl_icmp_ratelimit);
}

void icmp_out_count(struct net *net, unsigned char type)
{
	ICMPMSGOUT_INC_STATS(net, type);
	ICMP_INC_STATS(net, ICMP_MIB_OUTMSGS);
}

/**
 * struct icmp_bxm - a message in the making
 * @skb: packet its data is taken from
 * @offset: from where on; @data_len: bytes
 * @icmph, @times: its header, and what stands behind it in a time stamp reply; @head_len: bytes of both
 * @replyopts: IP options: the way back of those of @skb
 */
struct icmp_bxm {
	struct sk_buff *skb;
	int offset;
	int data_len;
	struct icmphdr icmph;
	__be32 times[3];
	int head_len;
	struct ip_options_data replyopts;
};

/* The kernel's own socket for ICMP. */
static struct sock *icmp_sk(struct net *net)
{
	return net->ipv4.icmp_sk;
}

/* The socket, for one message at a time; NULL when a message is being sent: none about messages. */
static inline struct sock *icmp_xmit_lock(struct net *net)
{
	struct sock *sk;

	local_bh_disable();
	sk = icmp_sk(net);
	if (unlikely(!spin_trylock(&sk->sk_lock.slock))) {
		local_bh_enable();
		return NULL;
	}
	return sk;
}

static inline void icmp_xmit_unlock(struct sock *sk)
{
	spin_unlock_bh(&sk->sk_lock.slock);
}

/* Copies a message's data, and its sum. */
static int icmp_glue_bits(void *from, char *to, int offset, int len, int odd, struct sk_buff *skb)
{
	struct icmp_bxm *icmp_param = from;
	__wsum csum = skb_copy_and_csum_bits(icmp_param->skb, icmp_param->offset + offset, (u8 *)to,
					     len, 0);

	skb->csum = csum_block_add(skb->csum, csum, odd);
	return 0;
}

/* Build and send @icmp_param on the way *@rt, which is taken over. */
static void icmp_push_reply(struct icmp_bxm *icmp_param, struct flowi4 *fl4,
			    struct ipcm_cookie *ipc, struct rtable **rt)
{
	struct sock *sk = icmp_sk(dev_net((*rt)->dst.dev));
	struct sk_buff *skb;
	struct icmphdr *icmph;
	__wsum csum;

	if (ip_append_data(sk, fl4, icmp_glue_bits, icmp_param,
			   icmp_param->data_len + icmp_param->head_len, icmp_param->head_len, ipc,
			   rt, MSG_DONTWAIT) < 0) {
		__ICMP_INC_STATS(sock_net(sk), ICMP_MIB_OUTERRORS);
		ip_flush_pending_frames(sk);
		return;
	}
	skb = skb_peek(&sk->sk_write_queue);
	icmph = icmp_hdr(skb);
	csum = csum_partial_copy_nocheck(&icmp_param->icmph, (char *)icmph, icmp_param->head_len,
					 skb->csum);
	icmph->checksum = csum_fold(csum);
	skb->ip_summed = CHECKSUM_NONE;
	ip_push_pending_frames(sk, fl4);
}

/* The answer to a question: the same data back to who sent @skb. */
static void icmp_reply(struct icmp_bxm *icmp_param, struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	struct net *net = dev_net(rt->dst.dev);
	struct ipcm_cookie ipc = { .addr = ip_hdr(skb)->saddr, .tos = -1 };
	struct flowi4 fl4;
	struct sock *sk;

	if (ip_options_echo(&icmp_param->replyopts.opt.opt, skb))
		return;
	sk = icmp_xmit_lock(net);
	if (!sk)
		return;
	icmp_param->icmph.checksum = 0;
	inet_sk(sk)->tos = ip_hdr(skb)->tos;
	sk->sk_mark = net->ipv4.sysctl_fwmark_reflect ? skb->mark : 0;

	memset(&fl4, 0, sizeof(fl4));
	fl4.daddr = ip_hdr(skb)->saddr;
	fl4.saddr = fib_compute_spec_dst(skb);
	if (icmp_param->replyopts.opt.opt.optlen) {
		ipc.opt = &icmp_param->replyopts.opt;
		if (ipc.opt->opt.srr)
			fl4.daddr = ipc.opt->opt.faddr;
	}
	fl4.flowi4_mark = sk->sk_mark;
	fl4.flowi4_tos = RT_TOS(ip_hdr(skb)->tos);
	fl4.flowi4_proto = IPPROTO_ICMP;
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		goto out_unlock;
	if (icmpv4_xrlim_allow(net, rt, &fl4, icmp_param->icmph.type, icmp_param->icmph.code))
		icmp_push_reply(icmp_param, &fl4, &ipc, &rt);
	ip_rt_put(rt);
out_unlock:
	icmp_xmit_unlock(sk);
}

/* The route for an error from @saddr (0 = ours to choose), network order. Or ERR_PTR. */
static struct rtable *icmp_route_lookup(struct net *net, struct flowi4 *fl4,
					const struct iphdr *iph, __be32 saddr, u8 tos, u32 mark,
					const struct icmp_bxm *param)
{
	const struct ip_options *opt = &param->replyopts.opt.opt;

	memset(fl4, 0, sizeof(*fl4));
	fl4->daddr = opt->srr ? opt->faddr : iph->saddr;
	fl4->saddr = saddr;
	fl4->flowi4_mark = mark;
	fl4->flowi4_tos = RT_TOS(tos);
	fl4->flowi4_proto = IPPROTO_ICMP;
	fl4->fl4_icmp_type = param->icmph.type;
	fl4->fl4_icmp_code = param->icmph.code;
	return __ip_route_output_key_hash(net, fl4, 0);
}

/* Is @skb_in an ICMP error itself, or one too short to tell? */
static bool icmp_about_error(struct sk_buff *skb_in, const struct iphdr *iph)
{
	u8 _inner_type, *itp;

	if (iph->protocol != IPPROTO_ICMP)
		return false;
	itp = skb_header_pointer(skb_in, skb_network_offset(skb_in) + (iph->ihl << 2),
				 sizeof(_inner_type), &_inner_type);
	return !itp || *itp > NR_ICMP_TYPES || icmp_pointers[*itp].error;
}

/**
 * icmp_send() - send an error about a packet
 * @skb_in: the packet; it has a route, and stays the caller's
 * @type: ICMP_*, 0..NR_ICMP_TYPES
 * @code: its code
 * @info: the four bytes behind the checksum, network order
 *
 * Best effort: where it must not or cannot be sent, nothing happens.
 */
void icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info)
{
	struct rtable *rt = skb_rtable(skb_in);
	struct icmp_bxm icmp_param = { .skb = skb_in, .head_len = sizeof(struct icmphdr) };
	struct ipcm_cookie ipc = { .tos = -1 };
	struct iphdr *iph;
	struct flowi4 fl4;
	struct sock *sk;
	struct net *net;
	__be32 saddr;
	int room;
	u32 mark;
	u8 tos;

	if (!rt)
		return;
	net = dev_net(rt->dst.dev);

	iph = ip_hdr(skb_in);
	if ((u8 *)iph < skb_in->head ||
	    skb_network_header(skb_in) + sizeof(*iph) > skb_tail_pointer(skb_in))
		return;

	if (skb_in->pkt_type != PACKET_HOST || rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
		return;
	if (iph->frag_off & htons(IP_OFFSET))
		return;
	if (icmp_pointers[type].error && icmp_about_error(skb_in, iph))
		return;

	sk = icmp_xmit_lock(net);
	if (!sk)
		return;

	/* From the address the packet was sent to, if that is ours. */
	saddr = rt->rt_flags & RTCF_LOCAL ? iph->daddr : 0;
	tos = icmp_pointers[type].error ?
		      ((iph->tos & IPTOS_TOS_MASK) | IPTOS_PREC_INTERNETCONTROL) :
		      iph->tos;
	mark = net->ipv4.sysctl_fwmark_reflect ? skb_in->mark : 0;

	if (ip_options_echo(&icmp_param.replyopts.opt.opt, skb_in))
		goto out_unlock;

	icmp_param.icmph.type = (u8)type;
	icmp_param.icmph.code = (u8)code;
	icmp_param.icmph.un.gateway = info;
	icmp_param.offset = skb_network_offset(skb_in);
	inet_sk(sk)->tos = tos;
	sk->sk_mark = mark;
	ipc.addr = iph->saddr;
	ipc.opt = &icmp_param.replyopts.opt;

	rt = icmp_route_lookup(net, &fl4, iph, saddr, tos, mark, &icmp_param);
	if (IS_ERR(rt))
		goto out_unlock;
	if (!icmpv4_xrlim_allow(net, rt, &fl4, type, code))
		goto ende;

	/* As much of the packet as fits into 576 bytes (RFC 1812, 4.3.2.3). */
	room = (int)min_t(unsigned int, dst_mtu(&rt->dst), 576);
	room -= (int)sizeof(struct iphdr) + icmp_param.replyopts.opt.opt.optlen;
	room -= (int)sizeof(struct icmphdr);
	icmp_param.data_len = (int)skb_in->len - icmp_param.offset;
	icmp_param.data_len = min(icmp_param.data_len, room);

	icmp_push_reply(&icmp_param, &fl4, &ipc, &rt);
ende:
	ip_rt_put(rt);
out_unlock:
	icmp_xmit_unlock(sk);
}

/* Give an error to the protocol of the packet it is about, which starts at skb->data. */
static void icmp_socket_deliver(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct net_protocol *ipprot;
	int protocol = iph->protocol;

	/* Ports and sequence number are in the first 8 bytes, all that RFC 792 promises. */
	if (!pskb_may_pull(skb, iph->ihl * 4 + 8)) {
		__ICMP_INC_STATS(dev_net(skb->dev), ICMP_MIB_INERRORS);
		return;
	}

	raw_icmp_error(skb, protocol, info);

	ipprot = inet_protos[protocol];
	if (ipprot && ipprot->err_handler)
		ipprot->err_handler(skb, info);
}

/* Unreachable, time exceeded, parameter problem, source quench. false: malformed. */
static bool icmp_unreach(struct sk_buff *skb)
{
	struct net *net = dev_net(skb_dst(skb)->dev);
	const struct iphdr *iph;
	struct icmphdr *icmph;
	u32 info = 0;

	if (!pskb_may_pull(skb, sizeof(struct iphdr)))
		goto out_err;

	icmph = icmp_hdr(skb);
	iph = (const struct iphdr *)skb->data;
	if (iph->ihl < 5)
		goto out_err;

	if (icmph->type == ICMP_DEST_UNREACH) {
		if ((icmph->code & 15) == ICMP_FRAG_NEEDED) {
			/* 0: believe it. 2: never. 3: only from protocols that can check. */
			switch (net->ipv4.sysctl_ip_no_pmtu_disc) {
			case 2:
				return true;
			case 3:
				if (!inet_protos[iph->protocol] ||
				    !inet_protos[iph->protocol]->icmp_strict_tag_validation)
					return true;
				info = ntohs(icmph->un.frag.mtu);
				break;
			case 0:
				info = ntohs(icmph->un.frag.mtu);
				break;
			default:
				break;
			}
		}
		if (icmph->code > NR_ICMP_UNREACH)
			return true;
	} else if (icmph->type == ICMP_PARAMETERPROB) {
		info = ntohl(icmph->un.gateway) >> 24;
	}

	/* Some routers answer to broadcasts. */
	if (!net->ipv4.sysctl_icmp_ignore_bogus_error_responses &&
	    inet_addr_type_dev_table(net, skb->dev, iph->daddr) == RTN_BROADCAST)
		return true;

	icmp_socket_deliver(skb, info);
	return true;

out_err:
	__ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
	return false;
}

/* Somebody pings us: send the same data back. */
static bool icmp_echo(struct sk_buff *skb)
{
	struct net *net = dev_net(skb_dst(skb)->dev);
	struct icmp_bxm icmp_param = {
		.skb = skb,
		.data_len = (int)skb->len,
		.icmph = *icmp_hdr(skb),
		.head_len = sizeof(struct icmphdr),
	};

	if (net->ipv4.sysctl_icmp_echo_ignore_all)
		return true;
	icmp_param.icmph.type = ICMP_ECHOREPLY;
	icmp_reply(&icmp_param, skb);
	return true;
}

/* Somebody asks what time it is: his own stamp back, and when we got and sent it. */
static bool icmp_timestamp(struct sk_buff *skb)
{
	struct icmp_bxm icmp_param = {
		.skb = skb,
		.icmph = *icmp_hdr(skb),
		.head_len = sizeof(struct icmphdr) + sizeof(icmp_param.times),
	};

	if (skb->len < 4) {
		__ICMP_INC_STATS(dev_net(skb_dst(skb)->dev), ICMP_MIB_INERRORS);
		return false;
	}
	icmp_param.times[1] = inet_current_timestamp();
	icmp_param.times[2] = icmp_param.times[1];
	memcpy(&icmp_param.times[0], skb->data, 4);
	icmp_param.icmph.type = ICMP_TIMESTAMPREPLY;
	icmp_param.icmph.code = 0;
	icmp_reply(&icmp_param, skb);
	return true;
}

/* Counted, and of no more interest here. */
static bool icmp_discard(struct sk_buff *skb)
{
	(void)skb;
	return true;
}

static const struct icmp_control icmp_pointers[NR_ICMP_TYPES + 1] = {
	[ICMP_ECHOREPLY] = { .handler = icmp_discard },
	[1] = { .handler = icmp_discard, .error = 1 },
	[2] = { .handler = icmp_discard, .error = 1 },
	[ICMP_DEST_UNREACH] = { .handler = icmp_unreach, .error = 1 },
	[ICMP_SOURCE_QUENCH] = { .handler = icmp_unreach, .error = 1 },
	[ICMP_REDIRECT] = { .handler = icmp_discard, .error = 1 },
	[6] = { .handler = icmp_discard, .error = 1 },
	[7] = { .handler = icmp_discard, .error = 1 },
	[ICMP_ECHO] = { .handler = icmp_echo },
	[9] = { .handler = icmp_discard, .error = 1 },
	[10] = { .handler = icmp_discard, .error = 1 },
	[ICMP_TIME_EXCEEDED] = { .handler = icmp_unreach, .error = 1 },
	[ICMP_PARAMETERPROB] = { .handler = icmp_unreach, .error = 1 },
	[ICMP_TIMESTAMP] = { .handler = icmp_timestamp },
	[ICMP_TIMESTAMPREPLY] = { .handler = icmp_discard },
	[ICMP_INFO_REQUEST] = { .handler = icmp_discard },
	[ICMP_INFO_REPLY] = { .handler = icmp_discard },
	[ICMP_ADDRESS] = { .handler = icmp_discard },
	[ICMP_ADDRESSREPLY] = { .handler = icmp_discard },
};

/* The counters that have a message type each. */
static void icmp_count_type(struct net *net, u8 type)
{
	static const u8 mib[NR_ICMP_TYPES + 1] = {
		[ICMP_ECHOREPLY] = ICMP_MIB_INECHOREPS,
		[ICMP_DEST_UNREACH] = ICMP_MIB_INDESTUNREACHS,
		[ICMP_SOURCE_QUENCH] = ICMP_MIB_INSRCQUENCHS,
		[ICMP_REDIRECT] = ICMP_MIB_INREDIRECTS,
		[ICMP_ECHO] = ICMP_MIB_INECHOS,
		[ICMP_TIME_EXCEEDED] = ICMP_MIB_INTIMEEXCDS,
		[ICMP_PARAMETERPROB] = ICMP_MIB_INPARMPROBS,
		[ICMP_TIMESTAMP] = ICMP_MIB_INTIMESTAMPS,
		[ICMP_TIMESTAMPREPLY] = ICMP_MIB_INTIMESTAMPREPS,
	};

	ICMPMSGIN_INC_STATS(net, type);
	if (type <= NR_ICMP_TYPES && mib[type])
		__ICMP_INC_STATS(net, mib[type]);
}

/**
 * icmp_rcv() - an ICMP message came in
 * @skb: the message, ICMP header at skb->data; consumed
 *
 * Return: 0.
 */
int icmp_rcv(struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	struct net *net = dev_net(rt->dst.dev);
	struct icmphdr *icmph;

	if (!xfrm4_policy_check(NULL, XFRM_POLICY_IN, skb)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_XFRM_POLICY);
		return 0;
	}

	__ICMP_INC_STATS(net, ICMP_MIB_INMSGS);

	if (skb_checksum_simple_validate(skb))
		goto csum_error;

	if (!pskb_pull(skb, sizeof(*icmph)))
		goto error;
	icmph = icmp_hdr(skb);

	icmp_count_type(net, icmph->type);
	/* RFC 1122, 3.2.2: an unknown type must be silently discarded. */
	if (icmph->type > NR_ICMP_TYPES)
		goto error;

	/* To a broadcast address only questions are allowed, and none is answered by default. */
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		if ((icmph->type == ICMP_ECHO || icmph->type == ICMP_TIMESTAMP) &&
		    net->ipv4.sysctl_icmp_echo_ignore_broadcasts)
			goto error;
		if (icmph->type != ICMP_ECHO && icmph->type != ICMP_TIMESTAMP &&
		    icmph->type != ICMP_ADDRESS && icmph->type != ICMP_ADDRESSREPLY)
			goto error;
	}

	if (icmp_pointers[icmph->type].handler(skb))
		consume_skb(skb);
	else
		kfree_skb(skb);
	return 0;

csum_error:
	__ICMP_INC_STATS(net, ICMP_MIB_CSUMERRORS);
	__ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
	kfree_skb_reason(skb, SKB_DROP_REASON_ICMP_CSUM);
	return 0;
error:
	__ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
	kfree_skb(skb);
	return 0;
}

/* An ICMP error about an ICMP message of ours, an echo reply: nobody waits for it. */
void icmp_err(struct sk_buff *skb, u32 info)
{
	(void)skb;
	(void)info;
}

/* A world begins with full credit. 0, or -ENOBUFS. */
int icmp_init(void)
{
	int err;

	icmp_global.credit = sysctl_icmp_msgs_burst;
	icmp_global.stamp = (u32)jiffies;
	memset(inet_peers, 0, sizeof(inet_peers));
	err = inet_ctl_sock_create(&init_net.ipv4.icmp_sk, PF_INET, SOCK_RAW, IPPROTO_ICMP,
				   &init_net);
	if (err)
		return err;
	/* room for two messages of 64 kB; and they do not insist on a path's MTU */
	init_net.ipv4.icmp_sk->sk_sndbuf = 2 * SKB_TRUESIZE(64 * 1024);
	/* nobody waits for room: sock_wfree() need not tell */
	sock_set_flag(init_net.ipv4.icmp_sk, SOCK_USE_WRITE_QUEUE);
	inet_sk(init_net.ipv4.icmp_sk)->pmtudisc = IP_PMTUDISC_DONT;
	return 0;
}

void icmp_exit(void)
{
	inet_ctl_sock_destroy(init_net.ipv4.icmp_sk);
	init_net.ipv4.icmp_sk = NULL;
}
