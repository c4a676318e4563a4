/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Raw sockets' place in local delivery. There are no raw sockets here; the question "does a raw
 * socket want this packet too?" stands in its place in the walk and is answered no.
 * Origin: include/net/raw.h, v4.9.
 */
#ifndef _NET_RAW_H
#define _NET_RAW_H

struct sk_buff;

int raw_local_deliver(struct sk_buff *skb, int protocol);

#endif /* _NET_RAW_H */
