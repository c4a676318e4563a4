/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/netfilter/iptable_filter.c */
/*
 * The filter table of iptables, as far as connect(2) meets it: the chains INPUT
 * and OUTPUT, rules that look at protocol, addresses and ports, and the targets
 * ACCEPT, DROP and REJECT (net/ipv4/netfilter/{iptable_filter,ip_tables}.c of v4.9).
 *
 * The kernel keeps a table as one block of bytes that user space lays out, and
 * jumps about in it. Here a chain is a list, and a chain's policy is ACCEPT. A
 * chain hooks itself in with its first rule: without rules no packet stops here.
 */
#include <linux/bottom_half.h>
#include <linux/errno.h>
#include <linux/ip.h>
#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/iptable_filter.h>

/* Between raw and security tables, where the kernel has NF_IP_PRI_FILTER. */
#define NF_IP_PRI_FILTER 0

struct ipt_chain {
	struct list_head rules;
	struct nf_hook_ops ops;
	bool hooked;
};

static struct ipt_chain ipt_input, ipt_output;

/* @wanted 0: any. Network order. */
static bool port_match(__be16 wanted, __be16 port)
{
	return !wanted || port == wanted;
}

/* Ports stand at the same place in TCP and UDP; fragments after the first have none. */
static bool tcp_mt(const struct sk_buff *skb, const struct ipt_rule *rule)
{
	const struct iphdr *iph = ip_hdr(skb);
	__be16 _ports[2];
	const __be16 *ports;

	if (!rule->sport && !rule->dport)
		return true;
	if (iph->protocol != IPPROTO_TCP && iph->protocol != IPPROTO_UDP)
		return false;
	if (iph->frag_off & htons(IP_OFFSET))
		return false;
	ports = skb_header_pointer(skb, skb_network_offset(skb) + iph->ihl * 4, sizeof(_ports),
				   _ports);
	return ports && port_match(rule->sport, ports[0]) && port_match(rule->dport, ports[1]);
}

static bool ip_packet_match(const struct ipt_rule *rule, const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (rule->proto && rule->proto != iph->protocol)
		return false;
	return (iph->saddr & rule->smask) == rule->saddr &&
	       (iph->daddr & rule->dmask) == rule->daddr;
}

/* The first rule that matches decides. */
static unsigned int ipt_do_table(struct sk_buff *skb, const struct nf_hook_state *state,
				 const struct ipt_chain *chain)
{
	unsigned int verdict = NF_ACCEPT;
	struct ipt_rule *rule;

	local_bh_disable();
	list_for_each_entry(rule, &chain->rules, list) {
		if (!ip_packet_match(rule, skb) || !tcp_mt(skb, rule))
			continue;
		rule->packets++;
		if (rule->reject)
			reject_tg(state->net, skb, rule->reject, state->hook);
		verdict = rule->verdict;
		break;
	}
	local_bh_enable();
	return verdict;
}

static unsigned int iptable_filter_hook(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	return ipt_do_table(skb, state, priv);
}

static int ipt_hook_chain(struct ipt_chain *chain, unsigned int hooknum)
{
	int err;

	if (chain->hooked)
		return 0;
	chain->ops = (struct nf_hook_ops){
		.hook = iptable_filter_hook,
		.priv = chain,
		.pf = NFPROTO_IPV4,
		.hooknum = hooknum,
		.priority = NF_IP_PRI_FILTER,
	};
	INIT_LIST_HEAD(&chain->rules);
	err = nf_register_hook(&chain->ops);
	chain->hooked = !err;
	return err;
}

/*
 * ipt_append - a rule at the end of a chain (iptables -A)
 * @hooknum: NF_INET_LOCAL_IN or NF_INET_LOCAL_OUT
 * @rule: copied. 0, -EINVAL for another place or verdict, -ENOMEM.
 */
int ipt_append(unsigned int hooknum, const struct ipt_rule *rule)
{
	struct ipt_chain *chain = hooknum == NF_INET_LOCAL_IN ? &ipt_input : &ipt_output;
	struct ipt_rule *copy;
	int err;

	if (hooknum != NF_INET_LOCAL_IN && hooknum != NF_INET_LOCAL_OUT)
		return -EINVAL;
	if (rule->verdict != NF_ACCEPT && rule->verdict != NF_DROP)
		return -EINVAL;
	err = ipt_hook_chain(chain, hooknum);
	if (err)
		return err;
	copy = kzalloc_type(struct ipt_rule, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	*copy = *rule;
	copy->saddr &= copy->smask;
	copy->daddr &= copy->dmask;
	list_add_tail(&copy->list, &chain->rules);
	return 0;
}

static void ipt_flush_chain(struct ipt_chain *chain)
{
	struct ipt_rule *rule, *tmp;

	if (!chain->hooked)
		return;
	list_for_each_entry_safe(rule, tmp, &chain->rules, list) {
		list_del(&rule->list);
		kfree(rule);
	}
	nf_unregister_hook(&chain->ops);
	chain->hooked = false;
}

/* Forgets all rules (iptables -F); also the end of the world. */
void ipt_flush(void)
{
	ipt_flush_chain(&ipt_input);
	ipt_flush_chain(&ipt_output);
}
