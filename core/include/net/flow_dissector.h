/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NET_FLOW_DISSECTOR_H
#define _NET_FLOW_DISSECTOR_H

/*
 * Reading the flow out of a packet: addresses, ports, protocol
 * (include/net/flow_dissector.h of v4.9). The caller says which keys it wants
 * and where in its structure they go.
 */
#include <linux/if_ether.h>
#include <linux/types.h>

struct sk_buff;

/**
 * struct flow_dissector_key_control - what was found
 * @thoff: offset of the transport header from data
 * @addr_type: FLOW_DISSECTOR_KEY_IPV4_ADDRS, or 0: no addresses
 * @flags: FLOW_DIS_*
 */
struct flow_dissector_key_control {
	u16 thoff;
	u16 addr_type;
	u32 flags;
};

#define FLOW_DIS_IS_FRAGMENT BIT(0)
#define FLOW_DIS_FIRST_FRAG  BIT(1)

struct flow_dissector_key_basic {
	__be16 n_proto; /* EtherType, network order */
	u8 ip_proto;    /* IPPROTO_* */
	u8 padding;
};

struct flow_dissector_key_ports {
	union {
		__be32 ports;
		struct {
			__be16 src;
			__be16 dst;
		};
	};
};

struct flow_dissector_key_ipv4_addrs {
	__be32 src;
	__be32 dst;
};

struct flow_dissector_key_addrs {
	struct flow_dissector_key_ipv4_addrs v4addrs;
};

/* As they stand in an Ethernet header. */
struct flow_dissector_key_eth_addrs {
	unsigned char dst[ETH_ALEN];
	unsigned char src[ETH_ALEN];
};

enum flow_dissector_key_id {
	FLOW_DISSECTOR_KEY_CONTROL,
	FLOW_DISSECTOR_KEY_BASIC,
	FLOW_DISSECTOR_KEY_IPV4_ADDRS,
	FLOW_DISSECTOR_KEY_PORTS,
	FLOW_DISSECTOR_KEY_ETH_ADDRS,
	FLOW_DISSECTOR_KEY_MAX,
};

struct flow_dissector_key {
	enum flow_dissector_key_id key_id;
	size_t offset; /* in the caller's structure */
};

struct flow_dissector {
	unsigned int used_keys; /* bit i: key i is wanted */
	unsigned short offset[FLOW_DISSECTOR_KEY_MAX];
};

/* All of it: what skb_get_hash() hashes, from @basic on. */
struct flow_keys {
	struct flow_dissector_key_control control;
	struct flow_dissector_key_basic basic;
	struct flow_dissector_key_ports ports;
	struct flow_dissector_key_addrs addrs;
};

#define FLOW_KEYS_HASH_START_FIELD basic

bool __skb_flow_dissect(const struct sk_buff *skb, struct flow_dissector *flow_dissector,
			void *target_container, __be16 proto, int nhoff, int hlen);
bool skb_flow_dissect_flow_keys(const struct sk_buff *skb, struct flow_keys *flow,
				unsigned int flags);
/* Computes and keeps a hash of the packet's flow. */
void __skb_get_hash(struct sk_buff *skb);
__u32 skb_get_hash(struct sk_buff *skb);
/* Sets the transport header of a received packet, @offset_hint behind data if it is not found. */
void skb_probe_transport_header(struct sk_buff *skb, const int offset_hint);
void flow_dissector_init(void);

#endif
