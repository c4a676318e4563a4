/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4: sending, receiving, and what both need to know of a packet.
 *
 * Origin: include/net/ip.h, v4.9.
 */
#ifndef _NET_IP_H
#define _NET_IP_H

#include <linux/in.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <net/dst.h>
#include <net/flow.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <net/snmp.h>

struct ip_options;
struct ip_options_rcu;
struct packet_type;
struct rtable;
struct sock;

/**
 * struct inet_skb_parm - IPv4's notes on a packet, in skb->cb while IP has it
 * @iif:   device it came in on
 * @opt:   its IP options, parsed
 * @flags: IPSKB_*
 * @frag_max_size: largest fragment it was put together from, bytes
 */
struct inet_skb_parm {
	int iif;
	struct ip_options opt;
	unsigned char flags;
#define IPSKB_FORWARDED        (1 << 0)
#define IPSKB_XFRM_TUNNEL_SIZE (1 << 1)
#define IPSKB_XFRM_TRANSFORMED (1 << 2)
#define IPSKB_FRAG_COMPLETE    (1 << 3)
#define IPSKB_REROUTED         (1 << 4)
#define IPSKB_DOREDIRECT       (1 << 5)
#define IPSKB_FRAG_PMTU        (1 << 6)
#define IPSKB_FRAG_SEGS        (1 << 7)
	u16 frag_max_size;
};

#define IPCB(skb)           ((struct inet_skb_parm *)((skb)->cb))
#define PKTINFO_SKB_CB(skb) ((struct in_pktinfo *)((skb)->cb))

/* frag_off, host order */
#define IP_CE     0x8000 /* "congestion", never used */
#define IP_DF     0x4000 /* do not fragment */
#define IP_MF     0x2000 /* more fragments follow */
#define IP_OFFSET 0x1FFF /* in units of 8 bytes */

#define IP_INC_STATS(net, field)           SNMP_INC_STATS((net)->mib.ip_statistics, field)
#define __IP_INC_STATS(net, field)         SNMP_INC_STATS((net)->mib.ip_statistics, field)
#define IP_ADD_STATS(net, field, val)      SNMP_ADD_STATS((net)->mib.ip_statistics, field, val)
#define __IP_ADD_STATS(net, field, val)    SNMP_ADD_STATS((net)->mib.ip_statistics, field, val)
#define IP_UPD_PO_STATS(net, field, val)   SNMP_UPD_PO_STATS((net)->mib.ip_statistics, field, val)
#define __IP_UPD_PO_STATS(net, field, val) SNMP_UPD_PO_STATS((net)->mib.ip_statistics, field, val)
#define NET_INC_STATS(net, field)          SNMP_INC_STATS((net)->mib.net_statistics, field)
#define __NET_INC_STATS(net, field)        SNMP_INC_STATS((net)->mib.net_statistics, field)
#define NET_ADD_STATS(net, field, adnd)    SNMP_ADD_STATS((net)->mib.net_statistics, field, adnd)
#define __NET_ADD_STATS(net, field, adnd)  SNMP_ADD_STATS((net)->mib.net_statistics, field, adnd)

/* Bytes of the packet's IP header, options included. */
static inline unsigned int ip_hdrlen(const struct sk_buff *skb)
{
	return ip_hdr(skb)->ihl * 4;
}

/*
 * ip_input.c, ip_output.c
 */
int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	   struct net_device *orig_dev);
int ip_local_deliver(struct sk_buff *skb);
int ip_mc_output(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_do_fragment(struct net *net, struct sock *sk, struct sk_buff *skb,
		   int (*output)(struct net *, struct sock *, struct sk_buff *));
int __ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl);
/* ip_output_skb.c */
/**
 * struct ipcm_cookie - what the sender of a datagram asks for
 * @addr: final destination, network order: behind a source route
 * @oif: device, 0 = any
 * @opt: IP options, or NULL
 * @ttl: 0 = the socket's; @tos: -1 = the socket's, and its priority; @priority: else
 */
struct ipcm_cookie {
	__be32 addr;
	int oif;
	struct ip_options_rcu *opt;
	__u8 ttl;
	__s16 tos;
	char priority;
};

/* Copies @len bytes of a datagram's data, from @offset of it, to @to.  0 or -EFAULT. */
typedef int ip_getfrag_t(void *from, char *to, int offset, int len, int odd, struct sk_buff *skb);

int ip_generic_getfrag(void *from, char *to, int offset, int len, int odd, struct sk_buff *skb);
int ip_append_data(struct sock *sk, struct flowi4 *fl4, ip_getfrag_t *getfrag, void *from,
		   int length, int transhdrlen, struct ipcm_cookie *ipc, struct rtable **rtp,
		   unsigned int flags);
int ip_push_pending_frames(struct sock *sk, struct flowi4 *fl4);
void ip_flush_pending_frames(struct sock *sk);
struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, ip_getfrag_t *getfrag, void *from,
			    int length, int transhdrlen, struct ipcm_cookie *ipc,
			    struct rtable **rtp, unsigned int flags);
int ip_send_skb(struct net *net, struct sk_buff *skb);
void ip_send_check(struct iphdr *ip);
void ip_init(void);
void ip_exit(void);

/**
 * struct ip_reply_arg - a segment without a socket: what tcp_v4_send_reset() and _send_ack() make
 * @iov: @len: TCP header and options
 * @flags:      IP_REPLY_ARG_*
 * @csum:       unfolded sum of the pseudo header
 * @csumoffset: where the checksum goes, in 16-bit words; -1 = none
 * @bound_dev_if: device, 0 = any
 * @tos:        type of service of the reply
 */
struct ip_reply_arg {
	struct kvec iov[1];
	int flags;
	__wsum csum;
	int csumoffset;
	int bound_dev_if;
	u8 tos;
};
#define IP_REPLY_ARG_NOSRCCHECK 1

static inline __u8 ip_reply_arg_flowi_flags(const struct ip_reply_arg *arg)
{
	return (arg->flags & IP_REPLY_ARG_NOSRCCHECK) ? FLOWI_FLAG_ANYSRC : 0;
}

void ip_send_unicast_reply(struct sock *sk, struct sk_buff *skb, const struct ip_options *sopt,
			   __be32 daddr, __be32 saddr, const struct ip_reply_arg *arg,
			   unsigned int len);

/*
 * Settings
 */
void inet_get_local_port_range(struct net *net, int *low, int *high);

/* Did the administrator take @port (host order) out of the automatic choice? */
static inline int inet_is_local_reserved_port(struct net *net, int port)
{
	return (net->ipv4.sysctl_local_reserved_ports[port / 64] >> (port % 64)) & 1;
}

/* net/ipv4/sysctl_net_ipv4.c: registers every setting and sets it to its default. 0 or -errno. */
int ipv4_sysctl_init(void);

/* The pseudo header's part of a transport checksum (RFC 793 section 3.1); @skb starts at its header. */
static inline __wsum inet_compute_pseudo(struct sk_buff *skb, int proto)
{
	return csum_tcpudp_nofold(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, skb->len, proto, 0);
}

static inline bool ip_is_fragment(const struct iphdr *iph)
{
	return (iph->frag_off & htons(IP_MF | IP_OFFSET)) != 0;
}

/* One hop less; the checksum is adjusted instead of computed anew (RFC 1141). */
static inline int ip_decrease_ttl(struct iphdr *iph)
{
	u32 check = (u32)iph->check;

	check += (u32)htons(0x0100);
	iph->check = (__sum16)(check + (check >= 0xFFFF));
	return --iph->ttl;
}

/*
 * Shall packets of this socket carry DF? Only then can path MTU discovery (RFC 1191) learn
 * anything; with a locked MTU there is nothing to learn.
 */
static inline int ip_dont_fragment(const struct sock *sk, const struct dst_entry *dst)
{
	u8 pmtudisc = inet_sk(sk)->pmtudisc;

	return pmtudisc == IP_PMTUDISC_DO ||
	       (pmtudisc == IP_PMTUDISC_WANT && !dst_metric_locked(dst, RTAX_MTU));
}

/* Does the socket listen to ICMP's news of the path MTU? */
static inline bool ip_sk_accept_pmtu(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc != IP_PMTUDISC_INTERFACE &&
	       inet_sk(sk)->pmtudisc != IP_PMTUDISC_OMIT;
}

/* Does it let them limit what it sends? */
static inline bool ip_sk_use_pmtu(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc < IP_PMTUDISC_PROBE;
}

static inline bool ip_sk_ignore_df(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc < IP_PMTUDISC_DO || inet_sk(sk)->pmtudisc == IP_PMTUDISC_OMIT;
}

#define IP_MAX_MTU 0xFFFFU

/*
 * MTU in bytes for a packet on @dst. A router does not trust what it learned from ICMP for
 * packets of others: anybody could have sent that ICMP.
 */
static inline unsigned int ip_dst_mtu_maybe_forward(const struct dst_entry *dst, bool forwarding)
{
	struct net *net = dev_net(dst->dev);

	if (net->ipv4.sysctl_ip_fwd_use_pmtu || dst_metric_locked(dst, RTAX_MTU) || !forwarding)
		return dst_mtu(dst);

	return min(dst->dev->mtu, IP_MAX_MTU);
}

/* The same for a packet that may have a socket with a will of its own. */
static inline unsigned int ip_skb_dst_mtu(struct sock *sk, const struct sk_buff *skb)
{
	if (!sk || !sk_fullsock(sk) || ip_sk_use_pmtu(sk)) {
		bool forwarding = IPCB(skb)->flags & IPSKB_FORWARDED;

		return ip_dst_mtu_maybe_forward(skb_dst(skb), forwarding);
	}

	return min(skb_dst(skb)->dev->mtu, IP_MAX_MTU);
}

/* net/ipv4/route.c: identification by a hash of addresses, for packets that may be fragmented. */
u32 ip_idents_reserve(u32 hash, int segs);
void __ip_select_ident(struct net *net, struct iphdr *iph, int segs);

/*
 * Fill iph->id. It only matters to whoever puts fragments together, so a packet with DF could
 * carry anything. A connected socket counts up by one a packet all the same: some receivers'
 * header compression wants a field that changes by little.
 * @segs: packets this one will be cut into by segmentation offload, each takes a number.
 */
static inline void ip_select_ident_segs(struct net *net, struct sk_buff *skb, struct sock *sk,
					int segs)
{
	struct iphdr *iph = ip_hdr(skb);

	if ((iph->frag_off & htons(IP_DF)) && !skb->ignore_df) {
		if (sk && inet_sk(sk)->inet_daddr) {
			iph->id = htons(inet_sk(sk)->inet_id);
			inet_sk(sk)->inet_id += segs;
		} else {
			iph->id = 0;
		}
	} else {
		__ip_select_ident(net, iph, segs);
	}
}

static inline void ip_select_ident(struct net *net, struct sk_buff *skb, struct sock *sk)
{
	ip_select_ident_segs(net, skb, sk, 1);
}

/*
 * ip_options.c
 */
void ip_options_build(struct sk_buff *skb, struct ip_options *opt, __be32 daddr, struct rtable *rt,
		      int is_frag);
int __ip_options_echo(struct ip_options *dopt, struct sk_buff *skb, const struct ip_options *sopt);
void ip_options_fragment(struct sk_buff *skb);
int ip_options_compile(struct net *net, struct ip_options *opt, struct sk_buff *skb);
int ip_options_get(struct net *net, struct ip_options_rcu **optp, unsigned char *data, int optlen);
void ip_options_undo(struct ip_options *opt);
void ip_forward_options(struct sk_buff *skb);
int ip_options_rcv_srr(struct sk_buff *skb);
__be32 inet_current_timestamp(void);

static inline int ip_options_echo(struct ip_options *dopt, struct sk_buff *skb)
{
	return __ip_options_echo(dopt, skb, &IPCB(skb)->opt);
}

/* Of an address, network order, for tables that have their own way to make a chain of it. */
static inline u32 ipv4_addr_hash(__be32 ip)
{
	return (__force u32)ip;
}

#endif /* _NET_IP_H */
