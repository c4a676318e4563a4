/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The routing table as a trie: longest-prefix match.
 *
 * Theory of operation
 *
 * The question: of all prefixes that contain an address, which is the longest? A trie answers by
 * walking the address's bits from the top. This one is path-compressed: a node (tnode) exists
 * only where prefixes differ, and says which bit decides; the bits in between are skipped.
 *
 *      routes: default, 10.0.0.0/8, 10.1.2.0/24             0.0.0.0/0
 *                                                          /
 *      root -> tnode bit 27 (0x08000000) ------ 0 -------+
 *                    1 -> tnode bit 16 -- 0 -> leaf 10.0.0.0
 *                                         1 -> leaf 10.1.2.0
 *
 * A leaf stands for a key, the prefix's network address with host bits 0. All routes with that
 * key hang on its list: 10.0.0.0/8 and 10.0.0.0/32 are one leaf with two aliases, that of the
 * longer prefix first. fa_slen, the suffix length, is 32 minus the prefix length.
 *
 * A lookup has three steps (fib_table_lookup):
 *   1. Walk down by the address's bits until a leaf, or until the skipped bits do not match.
 *   2. If that leaf's routes do not contain the address, backtrack: a shorter prefix has zeros
 *      where the address may have ones, so take back the last 1-bit decision and go to the
 *      0-child instead. slen, the longest suffix below a node, says when that cannot help.
 *   3. At a leaf, take the first alias that contains the address, fits TOS, scope and device.
 *
 * Tables main and local share one trie (struct fib_table @tb_data), their aliases being told
 * apart by tb_id: one walk answers for both, local first.
 *
 * Origin: net/ipv4/fib_trie.c, v4.9. The kernel's trie is also level-compressed: dense nodes are
 * widened to decide 2^n ways at once (inflate, halve), which pays from thousands of routes on.
 * Here every tnode decides by one bit (bits = 1). The lookup is written for any width, and its
 * results are the same.
 */
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/ip_fib.h>
#include <net/route.h>

#define KEYLENGTH 32

typedef u32 t_key; /* an address in host order, so that shifts mean what they say */

/**
 * struct key_vector - a node of the trie: inner node, leaf, or the root above them
 * @key:    the bits all keys below have in common, the others 0
 * @pos:    number of the bit that decides (0 = lowest); 0 in a leaf, KEYLENGTH in the root
 * @bits:   how many bits decide: 1 in a tnode, 0 in a leaf
 * @slen:   longest suffix of a route below, at least @pos
 * @parent: the node above, NULL above the root
 * @leaf:   aliases of a leaf
 * @tnode:  children of a tnode; the root uses the first only
 */
struct key_vector {
	t_key key;
	unsigned char pos;
	unsigned char bits;
	unsigned char slen;
	struct key_vector *parent;
	struct hlist_head leaf;
	struct key_vector *tnode[2];
};

struct trie {
	struct key_vector kv[1];
};

#define IS_TRIE(n)  ((n)->pos >= KEYLENGTH)
#define IS_TNODE(n) ((n)->bits)
#define IS_LEAF(n)  (!(n)->bits)

/*
 * Which child of @kv does @key belong to? The exclusive-or with the node's own key leaves a
 * number >= 2^bits if a skipped bit differs: then @key belongs to none of them.
 */
static inline unsigned long get_cindex(t_key key, const struct key_vector *kv)
{
	return (unsigned long)(key ^ kv->key) >> kv->pos;
}

/* The same where @kv may be the root, which has one child for every key. */
static inline unsigned long get_index(t_key key, const struct key_vector *kv)
{
	if (kv->pos == KEYLENGTH)
		return 0;
	return (unsigned long)(key ^ kv->key) >> kv->pos;
}

/*
 * Does @key differ from the node's key in a bit above the node's lowest 1? Below it the node's
 * key has zeros only, and those a shorter prefix would not look at.
 */
static inline t_key prefix_mismatch(t_key key, const struct key_vector *n)
{
	t_key prefix = n->key;

	return (key ^ prefix) & (prefix | -prefix);
}

static struct key_vector *leaf_new(t_key key, struct fib_alias *fa)
{
	struct key_vector *l = kzalloc_type(struct key_vector, GFP_KERNEL);

	if (!l)
		return NULL;
	l->key = key;
	l->slen = fa->fa_slen;
	hlist_add_head(&fa->fa_list, &l->leaf);
	return l;
}

/* A node that decides by bit @pos, on the way to @key. */
static struct key_vector *tnode_new(t_key key, int pos)
{
	struct key_vector *tn = kzalloc_type(struct key_vector, GFP_KERNEL);

	if (!tn)
		return NULL;
	/* Shifted twice: a shift by 32 is undefined. */
	tn->key = (key >> pos >> 1) << pos << 1;
	tn->pos = pos;
	tn->bits = 1;
	tn->slen = pos;
	return tn;
}

static inline void put_child(struct key_vector *tn, unsigned long i, struct key_vector *n)
{
	tn->tnode[i] = n;
	if (n)
		n->parent = tn;
}

/* The leaf of exactly @key, or NULL; *@tn is the node above it or above where it would go. */
static struct key_vector *fib_find_node(struct trie *t, struct key_vector **tn, t_key key)
{
	struct key_vector *pn, *n = t->kv;
	unsigned long index = 0;

	do {
		pn = n;
		n = n->tnode[index];
		if (!n)
			break;

		index = get_cindex(key, n);
		if (index >= (1UL << n->bits)) {
			n = NULL;
			break;
		}
	} while (IS_TNODE(n));

	*tn = pn;
	return n;
}

/* A route with a suffix of @slen bits came below @tn: every node above must know. */
static void node_push_suffix(struct key_vector *tn, unsigned char slen)
{
	while (tn->slen < slen) {
		tn->slen = slen;
		tn = tn->parent;
		if (!tn)
			break;
	}
}

/* A route went: compute the longest suffix below @tn, and above as long as it changes. */
static void node_pull_suffix(struct key_vector *tn)
{
	while (!IS_TRIE(tn)) {
		unsigned char slen = tn->pos;
		int i;

		for (i = 0; i < 2; i++) {
			if (tn->tnode[i] && tn->tnode[i]->slen > slen)
				slen = tn->tnode[i]->slen;
		}
		if (slen == tn->slen)
			break;
		tn->slen = slen;
		tn = tn->parent;
	}
}

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

/* A new leaf below @tp. If something is there already, a tnode comes in between. -ENOMEM. */
static int fib_insert_node(struct key_vector *tp, struct fib_alias *new, t_key key)
{
	struct key_vector *n, *l = leaf_new(key, new);

	if (!l)
		return -ENOMEM;

	n = tp->tnode[get_index(key, tp)];
	if (n) {
		/* The highest bit in which they differ decides between them. */
		struct key_vector *tn = tnode_new(key, fls(key ^ n->key) - 1);

		if (!tn) {
			hlist_del(&new->fa_list);
			kfree(l);
			return -ENOMEM;
		}
		put_child(tp, get_index(key, tp), tn);
		put_child(tn, get_index(key, tn) ^ 1, n);
		node_push_suffix(tn, n->slen);
		tp = tn;
	}
	put_child(tp, get_index(key, tp), l);
	node_push_suffix(tp, new->fa_slen);
	return 0;
}

/* Put @new into leaf @l (NULL: make one below @tp), before @fa or where the order wants it. */
static int fib_insert_alias(struct key_vector *tp, struct key_vector *l, struct fib_alias *new,
			    struct fib_alias *fa, t_key key)
{
	if (!l)
		return fib_insert_node(tp, new, key);

	if (fa) {
		hlist_add_before(&new->fa_list, &fa->fa_list);
	} else {
		struct fib_alias *last;

		hlist_for_each_entry(last, &l->leaf, fa_list) {
			if (new->fa_slen < last->fa_slen)
				break;
			if (new->fa_slen == last->fa_slen && new->tb_id > last->tb_id)
				break;
			fa = last;
		}
		if (fa)
			hlist_add_behind(&new->fa_list, &fa->fa_list);
		else
			hlist_add_head(&new->fa_list, &l->leaf);
	}

	if (l->slen < new->fa_slen) {
		l->slen = new->fa_slen;
		node_push_suffix(tp, new->fa_slen);
	}
	return 0;
}

/* Take @old from leaf @l; an empty leaf goes, and so does a tnode left with one child. */
static void fib_remove_alias(struct key_vector *l, struct fib_alias *old)
{
	struct key_vector *tp = l->parent, *other;
	struct fib_alias *fa;

	hlist_del(&old->fa_list);

	if (!hlist_empty(&l->leaf)) {
		/* The longest suffix is at the end of the list. */
		l->slen = 0;
		hlist_for_each_entry(fa, &l->leaf, fa_list)
			l->slen = fa->fa_slen;
		node_pull_suffix(tp);
		return;
	}

	put_child(tp, get_index(l->key, tp), NULL);
	kfree(l);
	if (!IS_TRIE(tp)) {
		other = tp->tnode[0] ?: tp->tnode[1];
		l = tp->parent;
		put_child(l, get_index(tp->key, l), other);
		kfree(tp);
		tp = l;
	}
	node_pull_suffix(tp);
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
		if ((cfg->fc_nlflags & NLM_F_EXCL) || match)
			goto out;
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
			while (fa && alias_same_keys(fa, slen, cfg->fc_tos, fi->fib_priority,
						     tb->tb_id))
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

static inline void fib_alias_accessed(struct fib_alias *fa)
{
	if (!(fa->fa_state & FA_S_ACCESSED))
		fa->fa_state |= FA_S_ACCESSED;
}

/*
 * Can next hop @nh serve the flow? Dead ones and those on a link without carrier (if the device
 * says to mind that) cannot; neither can another device than the one the caller asked for.
 */
static __always_inline bool fib_nh_usable(const struct fib_nh *nh, const struct flowi4 *flp,
					  int fib_flags)
{
	struct in_device *in_dev = __in_dev_get_rcu(nh->nh_dev);

	if (nh->nh_flags & RTNH_F_DEAD)
		return false;
	if (in_dev && IN_DEV_IGNORE_ROUTES_WITH_LINKDOWN(in_dev) &&
	    nh->nh_flags & RTNH_F_LINKDOWN && !(fib_flags & FIB_LOOKUP_IGNORE_LINKSTATE))
		return false;
	return !flp->flowi4_oif || flp->flowi4_oif == nh->nh_oif;
}

/**
 * fib_table_lookup() - the best route of a table for a flow
 * @tb: table
 * @flp: the flow; daddr in network order
 * @res: answer, filled on success only
 * @fib_flags: FIB_LOOKUP_*
 *
 * Return: 0; -EAGAIN nothing fits; the error a matching route carries: -EHOSTUNREACH
 * (unreachable), -EACCES (prohibit), -EINVAL (blackhole), -EAGAIN (throw).
 */
int fib_table_lookup(struct fib_table *tb, const struct flowi4 *flp, struct fib_result *res,
		     int fib_flags)
{
	struct trie *t = tb->tb_data;
	const t_key key = ntohl(flp->daddr);
	struct key_vector *n, *pn;
	struct fib_alias *fa;
	unsigned long index;
	t_key cindex;

	pn = t->kv;
	cindex = 0;

	n = pn->tnode[cindex];
	if (!n)
		return -EAGAIN;

	/* Step 1: down, as the bits of the address say. */
	for (;;) {
		index = get_cindex(key, n);
		if (index >= (1UL << n->bits))
			break; /* a bit that was skipped differs */
		if (IS_LEAF(n))
			goto found;

		/* Remember the way back, unless nothing below has a suffix that needs it. */
		if (n->slen > n->pos) {
			pn = n;
			cindex = index;
		}

		n = n->tnode[index];
		if (unlikely(!n))
			goto backtrace;
	}

	/* Step 2: back up, and down again by zeros, to shorter prefixes. */
	for (;;) {
		struct key_vector **cptr = n->tnode;

		if (unlikely(prefix_mismatch(key, n)) || n->slen == n->pos)
			goto backtrace;
		if (unlikely(IS_LEAF(n)))
			break;

		while ((n = *cptr) == NULL) {
backtrace:
			/* No 1-bits left to take back at this node: go up. */
			while (!cindex) {
				t_key pkey = pn->key;

				if (IS_TRIE(pn))
					return -EAGAIN;
				pn = pn->parent;
				cindex = get_index(pkey, pn);
			}

			/* Take back the lowest 1-bit. */
			cindex &= cindex - 1;
			cptr = &pn->tnode[cindex];
		}
	}

found:
	/* The bits in which address and leaf differ; a prefix must be short enough to ignore them. */
	index = key ^ n->key;

	/* Step 3: the routes of this leaf, longest prefix first. */
	hlist_for_each_entry(fa, &n->leaf, fa_list) {
		struct fib_info *fi = fa->fa_info;
		int err;

		if (index >= (1UL << fa->fa_slen))
			continue;
		if (fa->fa_tos && fa->fa_tos != flp->flowi4_tos)
			continue;
		if (fi->fib_dead)
			continue;
		if (fi->fib_scope < flp->flowi4_scope)
			continue;
		fib_alias_accessed(fa);
		err = fib_props[fa->fa_type].error;
		if (unlikely(err < 0))
			return err;
		if (fi->fib_flags & RTNH_F_DEAD)
			continue;
		if (!fib_nh_usable(&fi->fib_nh[0], flp, fib_flags))
			continue;

		if (!(fib_flags & FIB_LOOKUP_NOREF))
			atomic_inc(&fi->fib_clntref);

		res->prefixlen = KEYLENGTH - fa->fa_slen;
		res->nh_sel = 0;
		res->type = fa->fa_type;
		res->scope = fi->fib_scope;
		res->fi = fi;
		res->table = tb;
		res->fa_head = &n->leaf;
		return err;
	}
	goto backtrace;
}

/* The first leaf below @n in the order of keys, or NULL. */
static struct key_vector *leaf_first(struct key_vector *n)
{
	while (n && IS_TNODE(n))
		n = n->tnode[0] ?: n->tnode[1];
	return n;
}

/* The leaf with the smallest key above that of @l; NULL after the last. */
static struct key_vector *leaf_next(struct key_vector *l)
{
	struct key_vector *n = l, *pn = l->parent;

	while (!IS_TRIE(pn)) {
		if (pn->tnode[0] == n && pn->tnode[1])
			return leaf_first(pn->tnode[1]);
		n = pn;
		pn = pn->parent;
	}
	return NULL;
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
