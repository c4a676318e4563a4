/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/fib_trie.c */
/*
 * The trie's nodes, shared by the two parts of net/ipv4/fib_trie.c: the trie itself (fib_trie.c)
 * and the tables made of it (fib_table.c).
 */
#ifndef _IPV4_FIB_TRIE_LOCAL_H
#define _IPV4_FIB_TRIE_LOCAL_H

#include <linux/list.h>
#include <linux/types.h>
#include <net/ip_fib.h>

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

/* fib_trie.c; each is explained there */
struct key_vector *fib_find_node(struct trie *t, struct key_vector **tn, t_key key);
int fib_insert_alias(struct key_vector *tp, struct key_vector *l, struct fib_alias *new,
		     struct fib_alias *fa, t_key key);
void fib_remove_alias(struct key_vector *l, struct fib_alias *old);
struct key_vector *leaf_first(struct key_vector *n);
struct key_vector *leaf_next(struct key_vector *l);

#endif /* _IPV4_FIB_TRIE_LOCAL_H */
