/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow dissector (net/core/flow_dissector.c): finds addresses and ports of a
 * packet that no layer has looked at yet, and makes a hash of them. TAP drivers
 * ask it where the transport header stands, and which flow a frame belongs to.
 */
#include <linux/etherdevice.h>
#include <linux/bitops.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/once.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <net/flow_dissector.h>
#include <net/ip.h>

static struct flow_dissector flow_keys_dissector;
static u32 hashrnd; /* secret of a boot: nobody outside can make flows collide */

static const struct flow_dissector_key flow_keys_dissector_keys[] = {
	{ FLOW_DISSECTOR_KEY_CONTROL, offsetof(struct flow_keys, control) },
	{ FLOW_DISSECTOR_KEY_BASIC, offsetof(struct flow_keys, basic) },
	{ FLOW_DISSECTOR_KEY_IPV4_ADDRS, offsetof(struct flow_keys, addrs) },
	{ FLOW_DISSECTOR_KEY_PORTS, offsetof(struct flow_keys, ports) },
};

static bool dissector_uses_key(const struct flow_dissector *flow_dissector,
			       enum flow_dissector_key_id key_id)
{
	return flow_dissector->used_keys & BIT(key_id);
}

static void *skb_flow_dissector_target(struct flow_dissector *flow_dissector,
				       enum flow_dissector_key_id key_id, void *target_container)
{
	return (char *)target_container + flow_dissector->offset[key_id];
}

static void skb_flow_dissector_init(struct flow_dissector *flow_dissector,
				    const struct flow_dissector_key *key, unsigned int key_count)
{
	memset(flow_dissector, 0, sizeof(*flow_dissector));
	for (; key_count; key_count--, key++) {
		flow_dissector->used_keys |= BIT(key->key_id);
		flow_dissector->offset[key->key_id] = (unsigned short)key->offset;
	}
}

/* The four bytes of both ports; only of protocols that have them there. */
static __be32 __skb_flow_get_ports(const struct sk_buff *skb, int thoff, u8 ip_proto, void *data,
				   int hlen)
{
	__be32 *ports, _ports;

	if (ip_proto != IPPROTO_TCP && ip_proto != IPPROTO_UDP)
		return 0;
	ports = __skb_header_pointer(skb, thoff, sizeof(_ports), data, hlen, &_ports);
	return ports ? get_unaligned(ports) : 0;
}

/* An IPv4 header at *@nhoff; moves it behind and returns the protocol, -1 when it is malformed. */
static int dissect_ipv4(const struct sk_buff *skb, struct flow_dissector *flow_dissector,
			void *target_container, struct flow_dissector_key_control *key_control,
			int *nhoff, int hlen)
{
	struct flow_dissector_key_addrs *key_addrs;
	const struct iphdr *iph;
	struct iphdr _iph;

	iph = __skb_header_pointer(skb, *nhoff, sizeof(_iph), skb->data, hlen, &_iph);
	if (!iph || iph->ihl < 5)
		return -1;
	*nhoff += iph->ihl * 4;
	if (dissector_uses_key(flow_dissector, FLOW_DISSECTOR_KEY_IPV4_ADDRS)) {
		key_addrs = skb_flow_dissector_target(flow_dissector, FLOW_DISSECTOR_KEY_IPV4_ADDRS,
						      target_container);
		key_addrs->v4addrs.src = iph->saddr;
		key_addrs->v4addrs.dst = iph->daddr;
		key_control->addr_type = FLOW_DISSECTOR_KEY_IPV4_ADDRS;
	}
	if (ip_is_fragment(iph)) {
		key_control->flags |= FLOW_DIS_IS_FRAGMENT;
		if (!(iph->frag_off & htons(IP_OFFSET)))
			key_control->flags |= FLOW_DIS_FIRST_FRAG;
	}
	return iph->protocol;
}

/*
 * __skb_flow_dissect - fills in the keys that @flow_dissector wants
 * @proto, @nhoff: EtherType and offset of the network header, @hlen: bytes there
 * are. False when the packet is of a kind, or in a state, that has no flow.
 */
bool __skb_flow_dissect(const struct sk_buff *skb, struct flow_dissector *flow_dissector,
			void *target_container, __be16 proto, int nhoff, int hlen)
{
	struct flow_dissector_key_control *key_control;
	struct flow_dissector_key_basic *key_basic;
	struct flow_dissector_key_ports *key_ports;
	int ip_proto = 0;

	key_control = skb_flow_dissector_target(flow_dissector, FLOW_DISSECTOR_KEY_CONTROL,
						target_container);
	key_basic = skb_flow_dissector_target(flow_dissector, FLOW_DISSECTOR_KEY_BASIC,
					      target_container);
	if (dissector_uses_key(flow_dissector, FLOW_DISSECTOR_KEY_ETH_ADDRS))
		memcpy(skb_flow_dissector_target(flow_dissector, FLOW_DISSECTOR_KEY_ETH_ADDRS,
						 target_container),
		       eth_hdr(skb), sizeof(struct flow_dissector_key_eth_addrs));
	if (proto == htons(ETH_P_IP))
		ip_proto = dissect_ipv4(skb, flow_dissector, target_container, key_control, &nhoff,
					hlen);
	if (proto != htons(ETH_P_IP) || ip_proto < 0)
		return false;
	if (!(key_control->flags & FLOW_DIS_IS_FRAGMENT) &&
	    dissector_uses_key(flow_dissector, FLOW_DISSECTOR_KEY_PORTS)) {
		key_ports = skb_flow_dissector_target(flow_dissector, FLOW_DISSECTOR_KEY_PORTS,
						      target_container);
		key_ports->ports = __skb_flow_get_ports(skb, nhoff, (u8)ip_proto, skb->data, hlen);
	}
	key_control->thoff = (u16)min(nhoff, (int)skb->len);
	key_basic->n_proto = proto;
	key_basic->ip_proto = (u8)ip_proto;
	return true;
}

bool skb_flow_dissect_flow_keys(const struct sk_buff *skb, struct flow_keys *flow,
				unsigned int flags)
{
	(void)flags;
	memset(flow, 0, sizeof(*flow));
	return __skb_flow_dissect(skb, &flow_keys_dissector, flow, skb->protocol,
				  skb_network_offset(skb), (int)skb_headlen(skb));
}

static inline const u32 *flow_keys_hash_start(const struct flow_keys *flow)
{
	return (const u32 *)&flow->FLOW_KEYS_HASH_START_FIELD;
}

/* In words: from the basic key to the last address. */
static inline u32 flow_keys_hash_length(const struct flow_keys *flow)
{
	(void)flow;
	return (sizeof(*flow) - offsetof(struct flow_keys, FLOW_KEYS_HASH_START_FIELD)) /
	       sizeof(u32);
}

/* Both directions of a connection are to have one hash: the smaller side stands first. */
static inline void __flow_hash_consistentify(struct flow_keys *keys)
{
	struct flow_dissector_key_ipv4_addrs *a = &keys->addrs.v4addrs;

	if (a->dst < a->src || (a->dst == a->src && keys->ports.dst < keys->ports.src)) {
		swap(a->src, a->dst);
		swap(keys->ports.src, keys->ports.dst);
	}
}

static inline u32 __flow_hash_from_keys(struct flow_keys *keys, u32 keyval)
{
	u32 hash;

	__flow_hash_consistentify(keys);
	hash = jhash2(flow_keys_hash_start(keys), flow_keys_hash_length(keys), keyval);
	return hash ? hash : 1;
}

static inline u32 ___skb_get_hash(const struct sk_buff *skb, struct flow_keys *keys, u32 keyval)
{
	skb_flow_dissect_flow_keys(skb, keys, 0);
	return __flow_hash_from_keys(keys, keyval);
}

static inline bool flow_keys_have_l4(const struct flow_keys *keys)
{
	return keys->ports.ports != 0;
}

static inline void __skb_set_sw_hash(struct sk_buff *skb, __u32 hash, bool is_l4)
{
	__skb_set_hash(skb, hash, true, is_l4);
}

void __skb_get_hash(struct sk_buff *skb)
{
	struct flow_keys keys;
	u32 hash;

	get_random_once(&hashrnd, sizeof(hashrnd));
	/* A step of its own: only when it is done do the keys say anything. */
	hash = ___skb_get_hash(skb, &keys, hashrnd);
	__skb_set_sw_hash(skb, hash, flow_keys_have_l4(&keys));
}

__u32 skb_get_hash(struct sk_buff *skb)
{
	if (!skb->l4_hash && !skb->sw_hash)
		__skb_get_hash(skb);
	return skb->hash;
}

void skb_probe_transport_header(struct sk_buff *skb, const int offset_hint)
{
	struct flow_keys keys;

	if (skb_transport_header_was_set(skb))
		return;
	if (skb_flow_dissect_flow_keys(skb, &keys, 0))
		skb_set_transport_header(skb, keys.control.thoff);
	else
		skb_set_transport_header(skb, offset_hint);
}

void flow_dissector_init(void)
{
	skb_flow_dissector_init(&flow_keys_dissector, flow_keys_dissector_keys,
				ARRAY_SIZE(flow_keys_dissector_keys));
}
