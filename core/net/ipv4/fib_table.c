/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/fib_trie.c */
/*
 * Routing tables: routes are added, deleted and flushed here.
 *
 * A route is a fib_alias on the list of the leaf of its key. The order of that list is what the
 * lookup relies on: longer prefix first, then the higher table (local before main), the higher
 * TOS, and the lower priority value. A lookup takes the first that fits.
 *
 * Part of net/ipv4/fib_trie.c in v4.9; the trie itself is its namesake here.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "fib_trie_local.h"

/*
 * The first alias of a list that is not ahead of (@slen, @tb_id, @tos, @prio) in its order:
 * longer prefix, higher table number, higher TOS, lower priority value first. NULL: none.
 */
static struct fib_alias *fib_find_alias(struct hlist_head *fah, u8 slen, u8 tos, u32 prio,
					u32 tb_id)
{
	struct fib_alias *fa;

	hlist_for_each_entry(fa, fah, fa_list) {
		if (fa->fa_slen < slen)
			continue;
		if (fa->fa_slen != slen)
			break;
		if (fa->tb_id > tb_id)
			continue;
		if (fa->tb_id != tb_id)
			break;
		if (fa->fa_tos > tos)
			continue;
		if (fa->fa_info->fib_priority >= prio || fa->fa_tos < tos)
			return fa;
	}

	return NULL;
}

static void alias_free(struct fib_alias *fa)
{
	fib_release_info(fa->fa_info);
	kfree(fa);
}

static inline bool alias_same_keys(const struct fib_alias *fa, u8 slen, u8 tos, u32 prio, u32 tb_id)
{
	return fa->fa_slen == slen && fa->tb_id == tb_id && fa->fa_tos == tos &&
	       fa->fa_info->fib_priority == prio;
}

/*
 * Look for the very route (type and information equal) among those from @fa on that share its
 * prefix, table, TOS and priority.
 */
static struct fib_alias *fib_find_match(struct fib_alias *fa, const struct fib_info *fi, u8 type)
{
	const struct fib_alias *first = fa;

	for (; fa; fa = hlist_entry_safe(fa->fa_list.next, struct fib_alias, fa_list)) {
		if (!alias_same_keys(fa, first->fa_slen, first->fa_tos,
				     first->fa_info->fib_priority, first->tb_id))
			return NULL;
		if (fa->fa_type == type && fa->fa_info == fi)
			return fa;
	}
	return NULL;
}

static struct fib_alias *alias_new(const struct fib_config *cfg, struct fib_info *fi, u32 tb_id)
{
	struct fib_alias *fa = kzalloc_type(struct fib_alias, GFP_KERNEL);

	if (!fa)
		return NULL;
	fa->fa_info = fi;
	fa->fa_tos = cfg->fc_tos;
	fa->fa_type = cfg->fc_type;
	fa->fa_slen = KEYLENGTH - cfg->fc_dst_len;
	fa->tb_id = tb_id;
	fa->fa_default = -1;
	return fa;
}

/**
 * fib_table_insert() - add a route
 * @tb: table
 * @cfg: the route
 *
 * Return: 0; -EINVAL prefix longer than 32 bits or with host bits set, or what
 * fib_create_info() finds wrong; -EEXIST it is there already; -ENOENT it is not, and nobody said
 * NLM_F_CREATE; -ENOBUFS, -ENOMEM.
 */
int fib_table_insert(struct fib_table *tb, struct fib_config *cfg)
{
	struct fib_alias *fa, *match, *new_fa;
	struct key_vector *l, *tp;
	u8 plen = cfg->fc_dst_len;
	u8 slen = KEYLENGTH - plen;
	t_key key = ntohl(cfg->fc_dst);
	struct fib_info *fi;
	int err;

	if (plen > KEYLENGTH)
		return -EINVAL;
	if (plen < KEYLENGTH && (key << plen))
		return -EINVAL;

	fi = fib_create_info(cfg);
	if (IS_ERR(fi))
		return PTR_ERR(fi);

	l = fib_find_node(tb->tb_data, &tp, key);
	fa = l ? fib_find_alias(&l->leaf, slen, cfg->fc_tos, fi->fib_priority, tb->tb_id) : NULL;

	if (fa && alias_same_keys(fa, slen, cfg->fc_tos, fi->fib_priority, tb->tb_id)) {
		err = -EEXIST;
		match = fib_find_match(fa, fi, cfg->fc_type);
		if (cfg->fc_nlflags & NLM_F_EXCL)
			goto out;
		if (match) {
			/* a route may replace itself, if it is the one that would be replaced */
			if ((cfg->fc_nlflags & NLM_F_REPLACE) && match == fa)
				err = 0;
			goto out;
		}
		if (cfg->fc_nlflags & NLM_F_REPLACE) {
			fib_release_info(fa->fa_info);
			fa->fa_info = fi;
			fa->fa_type = cfg->fc_type;
			fa->fa_state &= ~FA_S_ACCESSED;
			rt_cache_flush(fi->fib_net);
			return 0;
		}
		/* NLM_F_APPEND: behind its equals instead of before them */
		if (cfg->fc_nlflags & NLM_F_APPEND) {
			while (fa &&
			       alias_same_keys(fa, slen, cfg->fc_tos, fi->fib_priority, tb->tb_id))
				fa = hlist_entry_safe(fa->fa_list.next, struct fib_alias, fa_list);
		}
	}
	err = -ENOENT;
	if (!(cfg->fc_nlflags & NLM_F_CREATE))
		goto out;

	err = -ENOBUFS;
	new_fa = alias_new(cfg, fi, tb->tb_id);
	if (!new_fa)
		goto out;

	err = fib_insert_alias(tp, l, new_fa, fa, key);
	if (err) {
		kfree(new_fa);
		goto out;
	}
	if (!plen)
		tb->tb_num_default++;
	/* Sockets with a cached route must ask again: the new one may be better. */
	rt_cache_flush(fi->fib_net);
	return 0;
out:
	fib_release_info(fi);
	return err;
}

/* Is @fa the route @cfg describes? Fields left 0 (255 for the scope) in @cfg match any value. */
static bool alias_matches(const struct fib_alias *fa, struct fib_config *cfg)
{
	const struct fib_info *fi = fa->fa_info;

	return (!cfg->fc_type || fa->fa_type == cfg->fc_type) &&
	       (cfg->fc_scope == RT_SCOPE_NOWHERE || fi->fib_scope == cfg->fc_scope) &&
	       (!cfg->fc_prefsrc || fi->fib_prefsrc == cfg->fc_prefsrc) &&
	       (!cfg->fc_protocol || fi->fib_protocol == cfg->fc_protocol) &&
	       fib_nh_match(cfg, fa->fa_info) == 0;
}

/**
 * fib_table_delete() - remove a route
 * @tb: table
 * @cfg: the route
 *
 * Return: 0; -EINVAL bad prefix; -ESRCH no such route.
 */
int fib_table_delete(struct fib_table *tb, struct fib_config *cfg)
{
	struct key_vector *l, *tp;
	struct fib_alias *fa;
	u8 slen = KEYLENGTH - cfg->fc_dst_len;
	t_key key = ntohl(cfg->fc_dst);
	struct net *net;

	if (cfg->fc_dst_len > KEYLENGTH)
		return -EINVAL;
	if (cfg->fc_dst_len < KEYLENGTH && (key << cfg->fc_dst_len))
		return -EINVAL;

	l = fib_find_node(tb->tb_data, &tp, key);
	if (!l)
		return -ESRCH;

	hlist_for_each_entry(fa, &l->leaf, fa_list) {
		if (fa->fa_slen != slen || fa->tb_id != tb->tb_id || fa->fa_tos != cfg->fc_tos)
			continue;
		if (cfg->fc_priority && fa->fa_info->fib_priority != cfg->fc_priority)
			continue;
		if (!alias_matches(fa, cfg))
			continue;
		if (!cfg->fc_dst_len)
			tb->tb_num_default--;
		net = fa->fa_info->fib_net;
		fib_remove_alias(l, fa);
		alias_free(fa);
		rt_cache_flush(net);
		return 0;
	}
	return -ESRCH;
}

/* Remove the aliases of @tb that are dead, or with @all every one. Returns how many. */
static int trie_flush(struct fib_table *tb, bool all)
{
	struct key_vector *l = leaf_first(tb->tb_data->kv->tnode[0]), *next;
	int found = 0;

	for (; l; l = next) {
		struct hlist_node *tmp;
		struct fib_alias *fa;

		next = leaf_next(l);
		hlist_for_each_entry_safe(fa, tmp, &l->leaf, fa_list) {
			if (fa->tb_id != tb->tb_id)
				continue;
			if (!all && !(fa->fa_info->fib_flags & RTNH_F_DEAD))
				continue;
			if (fa->fa_slen == KEYLENGTH)
				tb->tb_num_default--;
			fib_remove_alias(l, fa);
			alias_free(fa);
			found++;
		}
	}
	return found;
}

/* Remove the routes whose next hop died. Returns how many. */
int fib_table_flush(struct fib_table *tb)
{
	return trie_flush(tb, false);
}

/* Remove everything, and the table. A trie shared with another table stays with its owner. */
void fib_free_table(struct fib_table *tb)
{
	trie_flush(tb, true);
	kfree(tb->__data);
	kfree(tb);
}

/**
 * fib_trie_table() - an empty table
 * @id: RT_TABLE_*
 * @alias: table whose trie it shares, or NULL for one of its own
 *
 * Return: the table, NULL when memory is out.
 */
struct fib_table *fib_trie_table(u32 id, struct fib_table *alias)
{
	struct fib_table *tb = kzalloc_type(struct fib_table, GFP_KERNEL);
	struct trie *t;

	if (!tb)
		return NULL;
	tb->tb_id = id;
	if (alias) {
		tb->tb_data = alias->tb_data;
		return tb;
	}

	t = kzalloc_type(struct trie, GFP_KERNEL);
	if (!t) {
		kfree(tb);
		return NULL;
	}
	t->kv[0].pos = KEYLENGTH;
	t->kv[0].slen = KEYLENGTH;
	tb->__data = t;
	tb->tb_data = t;
	return tb;
}
