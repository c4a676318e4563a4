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
 * Origin: net/ipv4/icmp.c, v4.9. Left out: redirects, timestamp replies, and the kernel's own
 * socket for sending (a message is built and sent as it is).
 */
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
#include <linux/string.h>
#include <net/checksum.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/icmp.h>
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
 * icmp_push_reply() - build and send a message
 * @fl4: addresses, as routing settled them
 * @rt: the route; its reference is consumed
 * @hdr: type, code and the four bytes behind the checksum
 * @skb_in: packet the data is taken from
 * @offset: from where on
 * @data_len: bytes
 * @tos: type of service
 */
static void icmp_push_reply(struct flowi4 *fl4, struct rtable *rt, const struct icmphdr *hdr,
			    struct sk_buff *skb_in, int offset, unsigned int data_len, u8 tos)
{
	struct net *net = dev_net(rt->dst.dev);
	unsigned int len = sizeof(struct icmphdr) + data_len;
	unsigned int headroom = LL_RESERVED_SPACE(rt->dst.dev) + sizeof(struct iphdr);
	struct sk_buff *skb = alloc_skb(headroom + len, GFP_ATOMIC);
	struct icmphdr *icmph;
	struct iphdr *iph;

	if (!skb) {
		ip_rt_put(rt);
		return;
	}
	skb_dst_set(skb, &rt->dst);
	skb_reserve(skb, headroom);
	icmph = (struct icmphdr *)skb_put(skb, len);
	skb_reset_transport_header(skb);
	*icmph = *hdr;
	icmph->checksum = 0;
	if (skb_copy_bits(skb_in, offset, icmph + 1, data_len)) {
		kfree_skb(skb);
		return;
	}
	icmph->checksum = csum_fold(csum_partial(icmph, len, 0));

	skb_push(skb, sizeof(struct iphdr));
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = tos;
	iph->frag_off = 0;
	iph->ttl = ip4_dst_hoplimit(&rt->dst);
	iph->protocol = IPPROTO_ICMP;
	iph->saddr = fl4->saddr;
	iph->daddr = fl4->daddr;
	__ip_select_ident(net, iph, 1);

	icmp_out_count(net, hdr->type);
	ip_local_out(net, NULL, skb);
}

/* The route for a message from @saddr (0 = ours to choose) to @daddr, network order. Or ERR_PTR. */
static struct rtable *icmp_route_lookup(struct net *net, struct flowi4 *fl4, __be32 daddr,
					__be32 saddr, u8 tos, u32 mark, int type, int code)
{
	memset(fl4, 0, sizeof(*fl4));
	fl4->daddr = daddr;
	fl4->saddr = saddr;
	fl4->flowi4_mark = mark;
	fl4->flowi4_tos = RT_TOS(tos);
	fl4->flowi4_proto = IPPROTO_ICMP;
	fl4->fl4_icmp_type = type;
	fl4->fl4_icmp_code = code;
	return __ip_route_output_key(net, fl4);
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
	struct icmphdr hdr = { .type = type, .code = code };
	unsigned int data_len, room;
	struct iphdr *iph;
	struct flowi4 fl4;
	struct net *net;
	__be32 saddr;
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

	/* From the address the packet was sent to, if that is ours. */
	saddr = rt->rt_flags & RTCF_LOCAL ? iph->daddr : 0;
	tos = icmp_pointers[type].error ?
		      ((iph->tos & IPTOS_TOS_MASK) | IPTOS_PREC_INTERNETCONTROL) :
		      iph->tos;

	rt = icmp_route_lookup(net, &fl4, iph->saddr, saddr, tos,
			       net->ipv4.sysctl_fwmark_reflect ? skb_in->mark : 0, type, code);
	if (IS_ERR(rt))
		return;

	if (!icmpv4_xrlim_allow(net, rt, &fl4, type, code)) {
		ip_rt_put(rt);
		return;
	}

	/* As much of the packet as fits into 576 bytes (RFC 1812, 4.3.2.3). */
	room = min_t(unsigned int, dst_mtu(&rt->dst), 576);
	room -= sizeof(struct iphdr) + sizeof(struct icmphdr);
	data_len = skb_in->len - skb_network_offset(skb_in);
	data_len = min(data_len, room);

	hdr.un.gateway = info;
	icmp_push_reply(&fl4, rt, &hdr, skb_in, skb_network_offset(skb_in), data_len, tos);
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
	struct icmphdr hdr = *icmp_hdr(skb);
	struct flowi4 fl4;
	struct rtable *rt;

	if (net->ipv4.sysctl_icmp_echo_ignore_all)
		return true;

	hdr.type = ICMP_ECHOREPLY;
	rt = icmp_route_lookup(net, &fl4, ip_hdr(skb)->saddr, fib_compute_spec_dst(skb),
			       ip_hdr(skb)->tos, skb->mark, ICMP_ECHOREPLY, 0);
	if (IS_ERR(rt))
		return true;
	if (icmpv4_xrlim_allow(net, rt, &fl4, ICMP_ECHOREPLY, 0))
		icmp_push_reply(&fl4, rt, &hdr, skb, 0, skb->len, ip_hdr(skb)->tos);
	else
		ip_rt_put(rt);
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
	[ICMP_TIMESTAMP] = { .handler = icmp_discard },
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

/* A world begins with full credit. 0. */
int icmp_init(void)
{
	icmp_global.credit = sysctl_icmp_msgs_burst;
	icmp_global.stamp = (u32)jiffies;
	memset(inet_peers, 0, sizeof(inet_peers));
	return 0;
}
