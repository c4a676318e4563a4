/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_NETFILTER_H
#define _LINUX_NETFILTER_H

/*
 * Netfilter: five places on a packet's way where others may look and decide
 * (include/linux/netfilter.h of v4.9). With no hook registered the packet goes
 * straight on; NF_HOOK() is then one test.
 */
#include <linux/types.h>
#include <linux/list.h>
#include <linux/errno.h>

struct net;
struct sock;
struct sk_buff;
struct net_device;

/* A hook's answer. */
#define NF_DROP         0
#define NF_ACCEPT       1
#define NF_STOLEN       2
#define NF_QUEUE        3
#define NF_REPEAT       4
#define NF_STOP         5
#define NF_VERDICT_MASK 0x000000ff
/* A drop may carry the errno that the sender is to see; plain NF_DROP means -EPERM. */
#define NF_DROP_ERR(x) ((((unsigned int)(-(x))) << 16) | NF_DROP)

static inline int NF_DROP_GETERR(unsigned int verdict)
{
	return -(int)(verdict >> 16);
}

enum nf_inet_hooks {
	NF_INET_PRE_ROUTING,  /* came in, not routed yet */
	NF_INET_LOCAL_IN,     /* routed: for this host */
	NF_INET_FORWARD,      /* routed: for another */
	NF_INET_LOCAL_OUT,    /* made here */
	NF_INET_POST_ROUTING, /* about to leave */
	NF_INET_NUMHOOKS
};

enum { NFPROTO_UNSPEC = 0, NFPROTO_INET = 1, NFPROTO_IPV4 = 2, NFPROTO_ARP = 3, NFPROTO_NUMPROTO };

#define NF_ARP_IN      0
#define NF_ARP_OUT     1
#define NF_ARP_FORWARD 2
#define NF_MAX_HOOKS   8

struct nf_hook_ops;
struct nf_hook_entry;

/**
 * struct nf_hook_state - the packet's place and the way on
 * @hook: NF_INET_* or NF_ARP_*
 * @thresh: hooks of lower priority are passed over
 * @pf: NFPROTO_*
 * @in: device it came in by, or NULL
 * @out: device it goes out by, or NULL
 * @sk: socket that sends it, or NULL
 * @net: namespace
 * @hook_entries: first hook to ask
 * @okfn: what follows when nobody objects
 */
struct nf_hook_state {
	unsigned int hook;
	int thresh;
	u8 pf;
	struct net_device *in;
	struct net_device *out;
	struct sock *sk;
	struct net *net;
	struct nf_hook_entry *hook_entries;
	int (*okfn)(struct net *, struct sock *, struct sk_buff *);
};

typedef unsigned int nf_hookfn(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);

/**
 * struct nf_hook_ops - a hook to be registered
 * @hook: decides; NF_ACCEPT, NF_DROP ...
 * @priv: its own
 * @pf: NFPROTO_*
 * @hooknum: where
 * @priority: lower is asked first
 */
struct nf_hook_ops {
	nf_hookfn *hook;
	void *priv;
	u8 pf;
	unsigned int hooknum;
	int priority;
};

struct nf_hook_entry {
	struct nf_hook_entry *next;
	const struct nf_hook_ops *ops;
};

extern struct nf_hook_entry *nf_hooks[NFPROTO_NUMPROTO][NF_MAX_HOOKS];

int nf_register_hook(const struct nf_hook_ops *reg);
void nf_unregister_hook(const struct nf_hook_ops *reg);
int nf_hook_slow(struct sk_buff *skb, struct nf_hook_state *state);
void netfilter_init(void);
void netfilter_exit(void);

static inline void nf_hook_state_init(struct nf_hook_state *p, struct nf_hook_entry *hook_entry,
				      unsigned int hook, int thresh, u_int8_t pf,
				      struct net_device *indev, struct net_device *outdev,
				      struct sock *sk, struct net *net,
				      int (*okfn)(struct net *, struct sock *, struct sk_buff *))
{
	p->hook = hook;
	p->thresh = thresh;
	p->pf = pf;
	p->in = indev;
	p->out = outdev;
	p->sk = sk;
	p->net = net;
	p->hook_entries = hook_entry;
	p->okfn = okfn;
}

/* 1: go on with okfn; 0: stolen or queued; negative: dropped, the packet is gone. */
static inline int nf_hook_thresh(u_int8_t pf, unsigned int hook, struct net *net, struct sock *sk,
				 struct sk_buff *skb, struct net_device *indev,
				 struct net_device *outdev,
				 int (*okfn)(struct net *, struct sock *, struct sk_buff *),
				 int thresh)
{
	struct nf_hook_entry *hook_head = nf_hooks[pf][hook];
	struct nf_hook_state state;

	if (!hook_head)
		return 1;
	nf_hook_state_init(&state, hook_head, hook, thresh, pf, indev, outdev, sk, net, okfn);
	return nf_hook_slow(skb, &state);
}

static inline int nf_hook(u_int8_t pf, unsigned int hook, struct net *net, struct sock *sk,
			  struct sk_buff *skb, struct net_device *indev, struct net_device *outdev,
			  int (*okfn)(struct net *, struct sock *, struct sk_buff *))
{
	return nf_hook_thresh(pf, hook, net, sk, skb, indev, outdev, okfn, INT_MIN);
}

static inline int NF_HOOK_THRESH(uint8_t pf, unsigned int hook, struct net *net, struct sock *sk,
				 struct sk_buff *skb, struct net_device *in, struct net_device *out,
				 int (*okfn)(struct net *, struct sock *, struct sk_buff *),
				 int thresh)
{
	int ret = nf_hook_thresh(pf, hook, net, sk, skb, in, out, okfn, thresh);

	if (ret == 1)
		ret = okfn(net, sk, skb);
	return ret;
}

/* Asks only if @cond; goes on at once otherwise. */
static inline int NF_HOOK_COND(uint8_t pf, unsigned int hook, struct net *net, struct sock *sk,
			       struct sk_buff *skb, struct net_device *in, struct net_device *out,
			       int (*okfn)(struct net *, struct sock *, struct sk_buff *),
			       bool cond)
{
	int ret = 1;

	if (cond)
		ret = nf_hook_thresh(pf, hook, net, sk, skb, in, out, okfn, INT_MIN);
	if (ret == 1)
		ret = okfn(net, sk, skb);
	return ret;
}

static inline int NF_HOOK(uint8_t pf, unsigned int hook, struct net *net, struct sock *sk,
			  struct sk_buff *skb, struct net_device *in, struct net_device *out,
			  int (*okfn)(struct net *, struct sock *, struct sk_buff *))
{
	return NF_HOOK_THRESH(pf, hook, net, sk, skb, in, out, okfn, INT_MIN);
}

#endif
