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
 * This file is the trie; fib_table.c has the tables made of it, adding and deleting routes.
 *
 * Origin: net/ipv4/fib_trie.c, v4.9. The kernel's trie is also level-compressed: dense nodes are
 * widened to decide 2^n ways at once (inflate, halve), which pays from thousands of routes on.
 * Here every tnode decides by one bit (bits = 1). The lookup is written for any width, and its
 * results are the same.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/ip_fib.h>

#include "fib_trie_local.h"

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
struct key_vector *fib_find_node(struct trie *t, struct key_vector **tn, t_key key)
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
int fib_insert_alias(struct key_vector *tp, struct key_vector *l, struct fib_alias *new,
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
			if (new->fa_slen == last->fa_slen &&new->tb_id > last->tb_id)
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
void fib_remove_alias(struct key_vector *l, struct fib_alias *old)
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
struct key_vector *leaf_first(struct key_vector *n)
{
	while (n && IS_TNODE(n))
		n = n->tnode[0] ?: n->tnode[1];
	return n;
}

/* The leaf with the smallest key above that of @l; NULL after the last. */
struct key_vector *leaf_next(struct key_vector *l)
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
