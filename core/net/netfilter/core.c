/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter's hooks (net/netfilter/core.c of v4.9): for each protocol and place
 * a list of entries in order of priority.
 */
#include <linux/kernel.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

struct nf_hook_entry *nf_hooks[NFPROTO_NUMPROTO][NF_MAX_HOOKS];

/* @reg must live until it is unregistered. 0, -EINVAL or -ENOMEM. */
int nf_register_hook(const struct nf_hook_ops *reg)
{
	struct nf_hook_entry **pp;
	struct nf_hook_entry *entry;

	if (reg->pf >= NFPROTO_NUMPROTO || reg->hooknum >= NF_MAX_HOOKS)
		return -EINVAL;
	entry = kzalloc_type(struct nf_hook_entry, GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->ops = reg;
	pp = &nf_hooks[reg->pf][reg->hooknum];
	while (*pp && (*pp)->ops->priority <= reg->priority)
		pp = &(*pp)->next;
	entry->next = *pp;
	*pp = entry;
	return 0;
}

void nf_unregister_hook(const struct nf_hook_ops *reg)
{
	struct nf_hook_entry **pp;

	for (pp = &nf_hooks[reg->pf][reg->hooknum]; *pp; pp = &(*pp)->next) {
		if ((*pp)->ops == reg) {
			struct nf_hook_entry *entry = *pp;

			*pp = entry->next;
			kfree(entry);
			return;
		}
	}
}

/* Asks the hooks in turn until one does not accept; its verdict, or NF_ACCEPT. */
static unsigned int nf_iterate(struct sk_buff *skb, struct nf_hook_state *state,
			       struct nf_hook_entry *entry)
{
	unsigned int verdict;

	for (; entry; entry = entry->next) {
		if (state->thresh > entry->ops->priority)
			continue;
		do {
			verdict = entry->ops->hook(entry->ops->priv, skb, state);
		} while (verdict == NF_REPEAT);
		if (verdict != NF_ACCEPT)
			return verdict;
	}
	return NF_ACCEPT;
}

/*
 * nf_hook_slow - asks the hooks of this place
 * 1: the caller goes on with the packet. 0: somebody took it. Negative: it was
 * dropped, -EPERM unless the hook gave another errno.
 */
int nf_hook_slow(struct sk_buff *skb, struct nf_hook_state *state)
{
	unsigned int verdict = nf_iterate(skb, state, state->hook_entries);
	int ret;

	switch (verdict & NF_VERDICT_MASK) {
	case NF_ACCEPT:
	case NF_STOP:
		return 1;
	case NF_DROP:
		kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
		ret = NF_DROP_GETERR(verdict);
		return ret ? ret : -EPERM;
	default: /* NF_STOLEN; nobody queues packets to user space here */
		return 0;
	}
}

void netfilter_init(void)
{
	memset(nf_hooks, 0, sizeof(nf_hooks));
}

void netfilter_exit(void)
{
	unsigned int pf, hook;

	for (pf = 0; pf < NFPROTO_NUMPROTO; pf++)
		for (hook = 0; hook < NF_MAX_HOOKS; hook++)
			while (nf_hooks[pf][hook])
				nf_unregister_hook(nf_hooks[pf][hook]->ops);
}
