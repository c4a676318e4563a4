/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ARP, RFC 826: who has this IPv4 address?
 *
 * Theory of operation
 *
 * ARP is IPv4's supplier to the neighbour table (net/core/neighbour.c), which decides when to
 * ask. The parts here are:
 *   arp_constructor()  what kind of entry is a new next hop? broadcast and multicast addresses
 *                      follow from the IP address by rule, loopback needs none, all others must
 *                      be asked for;
 *   arp_solicit()      ask: a broadcast request, or a unicast one to check an address we have;
 *   arp_rcv()          take in a request or a reply, check its form;
 *   arp_process()      answer a request for our address, and learn: the sender of any packet
 *                      tells its own address in it.
 *
 * What is learned how: a reply to us makes the entry REACHABLE; a request shows only that the
 * other side can talk, not that it hears us: STALE. Nobody gets a new entry by talking, but only
 * by being asked for or by asking us.
 *
 * Origin: net/ipv4/arp.c, v4.9, without proxy ARP, ioctl, /proc and exotic link types.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <net/arp.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/neighbour.h>
#include <net/route.h>

static void arp_solicit(struct neighbour *neigh, struct sk_buff *skb);
static void arp_error_report(struct neighbour *neigh, struct sk_buff *skb);

/* Links without hardware header cache. */
static const struct neigh_ops arp_generic_ops = {
	.family = AF_INET,
	.solicit = arp_solicit,
	.error_report = arp_error_report,
	.output = neigh_resolve_output,
	.connected_output = neigh_connected_output,
};

/*
 * Links with one. Both outputs resolve: once the cached header is built, dst_neigh_output() uses
 * it without asking here.
 */
static const struct neigh_ops arp_hh_ops = {
	.family = AF_INET,
	.solicit = arp_solicit,
	.error_report = arp_error_report,
	.output = neigh_resolve_output,
	.connected_output = neigh_resolve_output,
};

/* Links without hardware addresses: L3 tunnels. */
static const struct neigh_ops arp_direct_ops = {
	.family = AF_INET,
	.output = neigh_direct_output,
	.connected_output = neigh_direct_output,
};

struct neigh_table arp_tbl;

/*
 * Link address of a multicast group (RFC 1112, 6.4): 01:00:5e and the lower 23 bits of the IPv4
 * address, so that 32 groups share one. -EINVAL if the link has no such rule.
 */
int arp_mc_map(__be32 addr, u8 *haddr, struct net_device *dev, int dir)
{
	u32 host = ntohl(addr);

	if (dev->type == ARPHRD_ETHER) {
		haddr[0] = 0x01;
		haddr[1] = 0x00;
		haddr[2] = 0x5e;
		haddr[3] = (host >> 16) & 0x7f;
		haddr[4] = (host >> 8) & 0xff;
		haddr[5] = host & 0xff;
		return 0;
	}
	if (dir) {
		memcpy(haddr, dev->broadcast, dev->addr_len);
		return 0;
	}
	return -EINVAL;
}

static u32 arp_hash(const void *pkey, const struct net_device *dev, __u32 *hash_rnd)
{
	return arp_hashfn(pkey, dev, hash_rnd);
}

static bool arp_key_eq(const struct neighbour *neigh, const void *pkey)
{
	return neigh_key_eq32(neigh, pkey);
}

/* ARP's part in creating an entry. 0; -EINVAL: the device has no IPv4 side. */
static int arp_constructor(struct neighbour *neigh)
{
	__be32 addr = *(__be32 *)neigh->primary_key;
	struct net_device *dev = neigh->dev;
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct neigh_parms *parms;

	if (!in_dev)
		return -EINVAL;

	neigh->type = inet_addr_type_dev_table(dev_net(dev), dev, addr);

	parms = in_dev->arp_parms;
	__neigh_parms_put(neigh->parms);
	neigh->parms = neigh_parms_clone(parms);

	if (!dev->header_ops) {
		neigh->nud_state = NUD_NOARP;
		neigh->ops = &arp_direct_ops;
		neigh->output = neigh_direct_output;
		return 0;
	}

	if (neigh->type == RTN_MULTICAST) {
		neigh->nud_state = NUD_NOARP;
		arp_mc_map(addr, neigh->ha, dev, 1);
	} else if (dev->flags & (IFF_NOARP | IFF_LOOPBACK)) {
		neigh->nud_state = NUD_NOARP;
		memcpy(neigh->ha, dev->dev_addr, dev->addr_len);
	} else if (neigh->type == RTN_BROADCAST || (dev->flags & IFF_POINTOPOINT)) {
		neigh->nud_state = NUD_NOARP;
		memcpy(neigh->ha, dev->broadcast, dev->addr_len);
	}

	if (dev->header_ops->cache)
		neigh->ops = &arp_hh_ops;
	else
		neigh->ops = &arp_generic_ops;

	if (neigh->nud_state & NUD_VALID)
		neigh->output = neigh->ops->connected_output;
	else
		neigh->output = neigh->ops->output;

	return 0;
}

/* Nobody answered: the sender of @skb hears of it, and the packet is dropped. */
static void arp_error_report(struct neighbour *neigh, struct sk_buff *skb)
{
	(void)neigh;
	dst_link_failure(skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
}

/*
 * Make and send an ARP packet. @dst is for a tunnel that wants to know where the packet that
 * caused this one was going; mostly NULL. Lack of memory is not told: a request is repeated, and
 * so is one that got no reply.
 */
static void arp_send_dst(int type, int ptype, __be32 dest_ip, struct net_device *dev, __be32 src_ip,
			 const unsigned char *dest_hw, const unsigned char *src_hw,
			 const unsigned char *target_hw, struct dst_entry *dst)
{
	struct sk_buff *skb;

	if (dev->flags & IFF_NOARP)
		return;

	skb = arp_create(type, ptype, dest_ip, dev, src_ip, dest_hw, src_hw, target_hw);
	if (!skb)
		return;

	skb_dst_set(skb, dst_clone(dst));
	arp_xmit(skb);
}

void arp_send(int type, int ptype, __be32 dest_ip, struct net_device *dev, __be32 src_ip,
	      const unsigned char *dest_hw, const unsigned char *src_hw,
	      const unsigned char *target_hw)
{
	arp_send_dst(type, ptype, dest_ip, dev, src_ip, dest_hw, src_hw, target_hw, NULL);
}

/* Which of our addresses shall a request name? arp_announce: 0 any, 1 of the subnet, 2 best. */
static __always_inline __be32 arp_source(struct net_device *dev, struct in_device *in_dev,
					 __be32 target, struct sk_buff *skb)
{
	__be32 saddr = 0;

	switch (IN_DEV_ARP_ANNOUNCE(in_dev)) {
	default:
	case 0: /* the one of the packet that waits */
		if (skb &&
		    inet_addr_type_dev_table(dev_net(dev), dev, ip_hdr(skb)->saddr) == RTN_LOCAL)
			saddr = ip_hdr(skb)->saddr;
		break;
	case 1:
		if (!skb)
			break;
		saddr = ip_hdr(skb)->saddr;
		if (inet_addr_type_dev_table(dev_net(dev), dev, saddr) == RTN_LOCAL &&
		    inet_addr_onlink(in_dev, target, saddr))
			break;
		saddr = 0;
		break;
	case 2:
		break;
	}

	if (!saddr)
		saddr = inet_select_addr(dev, target, RT_SCOPE_LINK);
	return saddr;
}

/*
 * Ask for the address of @neigh. @skb: a packet waiting for it, or NULL. By how often it was
 * asked, neigh->probes says whether to ask by unicast (checking a known address) or broadcast.
 */
static void arp_solicit(struct neighbour *neigh, struct sk_buff *skb)
{
	u8 dst_ha[MAX_ADDR_LEN], *dst_hw = NULL;
	struct net_device *dev = neigh->dev;
	__be32 target = *(__be32 *)neigh->primary_key;
	int probes = atomic_read(&neigh->probes);
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct dst_entry *dst = NULL;
	__be32 saddr;

	if (!in_dev)
		return;

	saddr = arp_source(dev, in_dev, target, skb);

	probes -= NEIGH_VAR(neigh->parms, UCAST_PROBES);
	if (probes < 0) {
		if (!(neigh->nud_state & NUD_VALID))
			pr_debug("trying to ucast probe in NUD_INVALID\n");
		neigh_ha_snapshot((char *)dst_ha, neigh, dev);
		dst_hw = dst_ha;
	}

	if (skb && !(dev->priv_flags & IFF_XMIT_DST_RELEASE))
		dst = skb_dst(skb);
	arp_send_dst(ARPOP_REQUEST, ETH_P_ARP, target, dev, saddr, dst_hw, dev->dev_addr, NULL,
		     dst);
}

/* Does arp_ignore tell us to be silent to @sip about @tip (network order)? 1 = silent. */
static int arp_ignore(struct in_device *in_dev, __be32 sip, __be32 tip)
{
	struct net *net = dev_net(in_dev->dev);
	int scope;

	switch (IN_DEV_ARP_IGNORE(in_dev)) {
	case 0: /* answer for any of our addresses, on whichever device */
		return 0;
	case 1: /* only if it is this device's */
		sip = 0;
		scope = RT_SCOPE_HOST;
		break;
	case 2: /* and the asker is in its subnet */
		scope = RT_SCOPE_HOST;
		break;
	case 3: /* not for addresses of host scope */
		sip = 0;
		scope = RT_SCOPE_LINK;
		in_dev = NULL;
		break;
	case 8: /* never */
		return 1;
	default:
		return 0;
	}
	return !inet_confirm_addr(net, in_dev, sip, tip, scope);
}

/* arp_filter: would an answer to @sip about @tip leave by another device? Then it is not ours. */
static int arp_filter(__be32 sip, __be32 tip, struct net_device *dev)
{
	struct net *net = dev_net(dev);
	struct rtable *rt;
	int flag = 0;

	rt = ip_route_output(net, sip, tip, 0, 0);
	if (IS_ERR(rt))
		return 1;
	if (rt->dst.dev != dev) {
		__NET_INC_STATS(net, LINUX_MIB_ARPFILTER);
		flag = 1;
	}
	ip_rt_put(rt);
	return flag;
}

/**
 * arp_create() - make an ARP packet with its link header
 * @type: ARPOP_REQUEST or ARPOP_REPLY
 * @ptype: EtherType, ETH_P_ARP
 * @dest_ip: address asked for, or answered to, network order
 * @dev: link
 * @src_ip: our address, network order
 * @dest_hw: whom to send the frame to, NULL = everybody
 * @src_hw: our hardware address, NULL = the device's
 * @target_hw: address of the other side as far as known, NULL = zeros
 *
 * Return: the packet, NULL when memory is out or the link header cannot be made.
 */
struct sk_buff *arp_create(int type, int ptype, __be32 dest_ip, struct net_device *dev,
			   __be32 src_ip, const unsigned char *dest_hw, const unsigned char *src_hw,
			   const unsigned char *target_hw)
{
	struct sk_buff *skb;
	struct arphdr *arp;
	unsigned char *arp_ptr;
	int hlen = LL_RESERVED_SPACE(dev);
	int tlen = dev->needed_tailroom;

	skb = alloc_skb(arp_hdr_len(dev) + hlen + tlen, GFP_ATOMIC);
	if (!skb)
		return NULL;

	skb_reserve(skb, hlen);
	skb_reset_network_header(skb);
	arp = (struct arphdr *)skb_put(skb, arp_hdr_len(dev));
	skb->dev = dev;
	skb->protocol = htons(ETH_P_ARP);
	if (!src_hw)
		src_hw = dev->dev_addr;
	if (!dest_hw)
		dest_hw = dev->broadcast;

	if (dev_hard_header(skb, dev, ptype, dest_hw, src_hw, skb->len) < 0) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
		return NULL;
	}

	arp->ar_hrd = htons(dev->type);
	arp->ar_pro = htons(ETH_P_IP);
	arp->ar_hln = dev->addr_len;
	arp->ar_pln = 4;
	arp->ar_op = htons(type);

	/* The addresses follow without gaps, so they cannot be a struct. */
	arp_ptr = (unsigned char *)(arp + 1);
	memcpy(arp_ptr, src_hw, dev->addr_len);
	arp_ptr += dev->addr_len;
	memcpy(arp_ptr, &src_ip, 4);
	arp_ptr += 4;
	if (target_hw)
		memcpy(arp_ptr, target_hw, dev->addr_len);
	else
		memset(arp_ptr, 0, dev->addr_len);
	arp_ptr += dev->addr_len;
	memcpy(arp_ptr, &dest_ip, 4);

	return skb;
}

static int arp_xmit_finish(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	(void)net;
	(void)sk;
	return dev_queue_xmit(skb);
}

/* Send an ARP packet, if netfilter lets it. */
void arp_xmit(struct sk_buff *skb)
{
	NF_HOOK(NFPROTO_ARP, NF_ARP_OUT, dev_net(skb->dev), NULL, skb, NULL, skb->dev,
		arp_xmit_finish);
}

/* Is this an ARP packet for IPv4 on a link of this type, of a kind we understand? */
static __always_inline bool arp_understood(const struct arphdr *arp, const struct net_device *dev)
{
	if (arp->ar_pro != htons(ETH_P_IP))
		return false;
	if (dev->type == ARPHRD_ETHER) {
		/* IEEE 802 stations call the same thing by another number (RFC 1042). */
		if (arp->ar_hrd != htons(ARPHRD_ETHER) && arp->ar_hrd != htons(ARPHRD_IEEE802))
			return false;
	} else if (arp->ar_hrd != htons(dev->type)) {
		return false;
	}
	return arp->ar_op == htons(ARPOP_REPLY) || arp->ar_op == htons(ARPOP_REQUEST);
}

/*
 * Somebody asks for an address of ours: answer, and remember who asked, since the next packet
 * will go there.
 */
static __always_inline void arp_answer(struct net_device *dev, struct in_device *in_dev, u8 *sha,
				       __be32 sip, __be32 tip)
{
	struct neighbour *n;
	int dont_send;

	dont_send = arp_ignore(in_dev, sip, tip);
	if (!dont_send && IN_DEV_ARPFILTER(in_dev))
		dont_send = arp_filter(sip, tip, dev);
	if (dont_send)
		return;

	n = neigh_event_ns(&arp_tbl, sha, &sip, dev);
	if (n) {
		arp_send_dst(ARPOP_REPLY, ETH_P_ARP, sip, dev, tip, sha, dev->dev_addr, sha, NULL);
		neigh_release(n);
	}
}

/*
 * Learn the sender's address, if we want to know it. With arp_accept also from a gratuitous
 * announcement of somebody we never asked for.
 */
static __always_inline void arp_learn(struct net_device *dev, struct in_device *in_dev,
				      const struct arphdr *arp, struct sk_buff *skb, u8 *sha,
				      __be32 sip, __be32 tip)
{
	bool is_garp = false;
	struct neighbour *n;

	n = __neigh_lookup(&arp_tbl, &sip, dev, 0);

	if (IN_DEV_ARP_ACCEPT(in_dev)) {
		unsigned int addr_type = inet_addr_type_dev_table(dev_net(dev), dev, sip);

		is_garp = arp->ar_op == htons(ARPOP_REQUEST) && tip == sip &&
			  addr_type == RTN_UNICAST;
		if (!n &&
		    ((arp->ar_op == htons(ARPOP_REPLY) && addr_type == RTN_UNICAST) || is_garp))
			n = __neigh_lookup(&arp_tbl, &sip, dev, 1);
	}

	if (n) {
		int state = NUD_REACHABLE;
		int override;

		/*
		 * Of several different answers the first holds for a while: it came from the
		 * fastest, and taking each in turn would make the entry flutter.
		 */
		override =
			time_after(jiffies, n->updated + NEIGH_VAR(n->parms, LOCKTIME)) || is_garp;

		/* Only a reply sent to us proves that the other side hears us. */
		if (arp->ar_op != htons(ARPOP_REPLY) || skb->pkt_type != PACKET_HOST)
			state = NUD_STALE;
		neigh_update(n, sha, state, override ? NEIGH_UPDATE_F_OVERRIDE : 0);
		neigh_release(n);
	}
}

/* An ARP packet of good form; netfilter has let it in. Consumes @skb. */
static int arp_process(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct arphdr *arp;
	unsigned char *arp_ptr;
	unsigned char *sha;
	__be32 sip, tip;
	struct dst_entry *reply_dst = NULL;

	(void)sk;
	if (!in_dev)
		goto out_free_skb;

	arp = arp_hdr(skb);
	if (!arp_understood(arp, dev))
		goto out_free_skb;

	arp_ptr = (unsigned char *)(arp + 1);
	sha = arp_ptr;
	arp_ptr += dev->addr_len;
	memcpy(&sip, arp_ptr, 4);
	arp_ptr += 4;
	arp_ptr += dev->addr_len; /* target's hardware address: what is asked for */
	memcpy(&tip, arp_ptr, 4);

	/* Nobody has these on a wire. */
	if (ipv4_is_multicast(tip) || (!IN_DEV_ROUTE_LOCALNET(in_dev) && ipv4_is_loopback(tip)))
		goto out_free_skb;
	if (sip == tip && IN_DEV_ORCONF(in_dev, DROP_GRATUITOUS_ARP))
		goto out_free_skb;

	/* Somebody wants to use the address and asks whether it is taken (RFC 2131). */
	if (sip == 0) {
		if (arp->ar_op == htons(ARPOP_REQUEST) &&
		    inet_addr_type_dev_table(net, dev, tip) == RTN_LOCAL &&
		    !arp_ignore(in_dev, sip, tip))
			arp_send_dst(ARPOP_REPLY, ETH_P_ARP, sip, dev, tip, sha, dev->dev_addr, sha,
				     NULL);
		goto out_consume_skb;
	}

	/* The route tells whether @tip is ours, and whether @sip may ask from here. */
	if (arp->ar_op == htons(ARPOP_REQUEST) &&
	    ip_route_input_noref(skb, tip, sip, 0, dev) == 0) {
		struct rtable *rt = skb_rtable(skb);

		if (rt->rt_type == RTN_LOCAL) {
			arp_answer(dev, in_dev, sha, sip, tip);
			goto out_consume_skb;
		}
	}

	arp_learn(dev, in_dev, arp, skb, sha, sip, tip);

out_consume_skb:
	consume_skb(skb);
	/* The way back through a tunnel, that a reply would have borrowed: there is none. */
	dst_release(reply_dst);
	return NET_RX_SUCCESS;

out_free_skb:
	kfree_skb(skb);
	return NET_RX_DROP;
}

/* A frame with EtherType ARP came in. Consumes @skb; NET_RX_SUCCESS or NET_RX_DROP. */
static int arp_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		   struct net_device *orig_dev)
{
	const struct arphdr *arp;

	(void)pt;
	(void)orig_dev;
	/* Not for us: no drop, just not our business. */
	if (dev->flags & IFF_NOARP || skb->pkt_type == PACKET_OTHERHOST ||
	    skb->pkt_type == PACKET_LOOPBACK) {
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	if (!pskb_may_pull(skb, arp_hdr_len(dev))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_HDR_TRUNC);
		return NET_RX_DROP;
	}

	arp = arp_hdr(skb);
	if (arp->ar_hln != dev->addr_len || arp->ar_pln != 4) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}

	return NF_HOOK(NFPROTO_ARP, NF_ARP_IN, dev_net(dev), NULL, skb, dev, NULL, arp_process);
}

/* A device changed its hardware address, or goes. */
static int arp_netdev_event(struct notifier_block *this, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	(void)this;
	if (event == NETDEV_CHANGEADDR) {
		neigh_changeaddr(&arp_tbl, dev);
		rt_cache_flush(dev_net(dev));
	}
	return NOTIFY_DONE;
}

/* IPv4 stops on @dev: its neighbours go. */
void arp_ifdown(struct net_device *dev)
{
	neigh_ifdown(&arp_tbl, dev);
}

/* net.ipv4.neigh.default: what a new device's set of tunables starts with. */
#define NEIGH_ROW(name, attr, handler)                                                             \
	{                                                                                          \
		.procname = name, .data = &NEIGH_VAR(&arp_tbl.parms, attr), .maxlen = sizeof(int), \
		.mode = 0644, .proc_handler = handler,                                             \
	}

static const struct ctl_table neigh_default_table[] = {
	NEIGH_ROW("mcast_solicit", MCAST_PROBES, proc_dointvec),
	NEIGH_ROW("ucast_solicit", UCAST_PROBES, proc_dointvec),
	NEIGH_ROW("mcast_resolicit", MCAST_REPROBES, proc_dointvec),
	NEIGH_ROW("retrans_time_ms", RETRANS_TIME, proc_dointvec_ms_jiffies),
	NEIGH_ROW("base_reachable_time_ms", BASE_REACHABLE_TIME, proc_dointvec_ms_jiffies),
	NEIGH_ROW("delay_first_probe_time", DELAY_PROBE_TIME, proc_dointvec_jiffies),
	NEIGH_ROW("unres_qlen_bytes", QUEUE_LEN_BYTES, proc_dointvec),
	{ .procname = NULL },
};

static struct packet_type arp_packet_type;
static struct notifier_block arp_netdev_notifier;

/* The table with the defaults of net.ipv4.neigh.default, and an ear on the wire. */
void arp_init(void)
{
	arp_tbl = (struct neigh_table){
		.family = AF_INET,
		.key_len = 4,
		.protocol = htons(ETH_P_IP),
		.hash = arp_hash,
		.key_eq = arp_key_eq,
		.constructor = arp_constructor,
		.id = "arp_cache",
		.gc_thresh3 = 1024,
		.parms.data = {
			[NEIGH_VAR_MCAST_PROBES] = 3,
			[NEIGH_VAR_UCAST_PROBES] = 3,
			[NEIGH_VAR_RETRANS_TIME] = 1 * HZ,
			[NEIGH_VAR_BASE_REACHABLE_TIME] = 30 * HZ,
			[NEIGH_VAR_DELAY_PROBE_TIME] = 5 * HZ,
			[NEIGH_VAR_GC_STALETIME] = 60 * HZ,
			[NEIGH_VAR_QUEUE_LEN_BYTES] = 64 * 1024,
			[NEIGH_VAR_PROXY_QLEN] = 64,
			[NEIGH_VAR_ANYCAST_DELAY] = 1 * HZ,
			[NEIGH_VAR_PROXY_DELAY] = (8 * HZ) / 10,
			[NEIGH_VAR_LOCKTIME] = 1 * HZ,
		},
	};
	neigh_table_init(NEIGH_ARP_TABLE, &arp_tbl);
	if (register_sysctl("net/ipv4/neigh/default", neigh_default_table))
		panic("cannot register the settings of ARP");

	arp_packet_type = (struct packet_type){ .type = htons(ETH_P_ARP), .func = arp_rcv };
	dev_add_pack(&arp_packet_type);
	arp_netdev_notifier = (struct notifier_block){ .notifier_call = arp_netdev_event };
	register_netdevice_notifier(&arp_netdev_notifier);
}

/* The end of the world. After ip_exit(), which takes the devices' sets of tunables away. */
void arp_exit(void)
{
	unregister_netdevice_notifier(&arp_netdev_notifier);
	dev_remove_pack(&arp_packet_type);
	neigh_table_clear(NEIGH_ARP_TABLE, &arp_tbl);
}
