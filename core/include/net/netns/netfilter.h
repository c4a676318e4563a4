/* SPDX-License-Identifier: GPL-2.0-only */
/* The netfilter hooks of one namespace. Origin: include/net/netns/netfilter.h, v4.9. */
#ifndef _NETNS_NETFILTER_H
#define _NETNS_NETFILTER_H

struct nf_hook_entry;

#ifndef NF_MAX_HOOKS
#define NF_MAX_HOOKS 8
#endif
#define NETNS_NFPROTO_NUM 13 /* NFPROTO_NUMPROTO */

/**
 * struct netns_nf - hook chains
 * @hooks: first entry of the chain for [NFPROTO_*][hook number], NULL = nobody hooked in
 */
struct netns_nf {
	struct nf_hook_entry *hooks[NETNS_NFPROTO_NUM][NF_MAX_HOOKS];
};

#endif /* _NETNS_NETFILTER_H */
