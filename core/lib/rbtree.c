/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Red-black trees (lib/rbtree.c). The rules that keep a tree shallow:
 *
 *	1. the root is black
 *	2. a red node has no red child
 *	3. every way from a node down to a leaf meets equally many black nodes
 *
 * A new node is red, which can break rule 2; a removed black node breaks rule 3.
 * Both are repaired on the way up by recolouring and at most three rotations
 * (Cormen et al., chapter "Red-Black Trees"). Empty children count as black.
 */
#include <linux/kernel.h>
#include <linux/rbtree.h>

static inline bool is_black(const struct rb_node *node)
{
	return !node || (node->__rb_parent_color & RB_BLACK);
}

static inline void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (node->__rb_parent_color & RB_BLACK) | (unsigned long)parent;
}

static inline void set_color(struct rb_node *node, unsigned long color)
{
	node->__rb_parent_color = (node->__rb_parent_color & ~1UL) | color;
}

/* Lets @new stand where @old stood below @parent (NULL: at the root). */
static void replace_child(struct rb_node *old, struct rb_node *new, struct rb_node *parent,
			  struct rb_root *root)
{
	if (!parent)
		root->rb_node = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else
		parent->rb_right = new;
}

/* The right child comes up, @node becomes its left one. */
static void rotate_left(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *right = node->rb_right;
	struct rb_node *parent = rb_parent(node);

	node->rb_right = right->rb_left;
	if (right->rb_left)
		set_parent(right->rb_left, node);
	right->rb_left = node;
	set_parent(right, parent);
	replace_child(node, right, parent, root);
	set_parent(node, right);
}

static void rotate_right(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *left = node->rb_left;
	struct rb_node *parent = rb_parent(node);

	node->rb_left = left->rb_right;
	if (left->rb_right)
		set_parent(left->rb_right, node);
	left->rb_right = node;
	set_parent(left, parent);
	replace_child(node, left, parent, root);
	set_parent(node, left);
}

/* After rb_link_node(): @node is red; moves a red pair upwards until it can be resolved. */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent, *gparent, *uncle;

	while ((parent = rb_parent(node)) != NULL && !is_black(parent)) {
		bool left = (gparent = rb_parent(parent))->rb_left == parent;

		uncle = left ? gparent->rb_right : gparent->rb_left;
		if (!is_black(uncle)) {
			set_color(uncle, RB_BLACK);
			set_color(parent, RB_BLACK);
			set_color(gparent, RB_RED);
			node = gparent;
			continue;
		}
		/* An inner grandchild is first turned into an outer one. */
		if (node == (left ? parent->rb_right : parent->rb_left)) {
			if (left)
				rotate_left(parent, root);
			else
				rotate_right(parent, root);
			swap(node, parent);
		}
		set_color(parent, RB_BLACK);
		set_color(gparent, RB_RED);
		if (left)
			rotate_right(gparent, root);
		else
			rotate_left(gparent, root);
	}
	set_color(root->rb_node, RB_BLACK);
}

/* @node (perhaps NULL) below @parent is one black short. */
static void erase_color(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	while (node != root->rb_node && is_black(node)) {
		bool left = parent->rb_left == node;
		struct rb_node *sibling = left ? parent->rb_right : parent->rb_left;
		struct rb_node *inner, *outer;

		if (!is_black(sibling)) {
			set_color(sibling, RB_BLACK);
			set_color(parent, RB_RED);
			if (left)
				rotate_left(parent, root);
			else
				rotate_right(parent, root);
			sibling = left ? parent->rb_right : parent->rb_left;
		}
		inner = left ? sibling->rb_left : sibling->rb_right;
		outer = left ? sibling->rb_right : sibling->rb_left;
		if (is_black(inner) && is_black(outer)) {
			set_color(sibling, RB_RED);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (is_black(outer)) {
			set_color(inner, RB_BLACK);
			set_color(sibling, RB_RED);
			if (left)
				rotate_right(sibling, root);
			else
				rotate_left(sibling, root);
			sibling = left ? parent->rb_right : parent->rb_left;
			outer = left ? sibling->rb_right : sibling->rb_left;
		}
		set_color(sibling, parent->__rb_parent_color & RB_BLACK);
		set_color(parent, RB_BLACK);
		set_color(outer, RB_BLACK);
		if (left)
			rotate_left(parent, root);
		else
			rotate_right(parent, root);
		node = root->rb_node;
	}
	if (node)
		set_color(node, RB_BLACK);
}

/* @next, the smallest node right of @node, takes @node's place and colour. */
static void take_place(struct rb_node *next, struct rb_node *node, struct rb_root *root)
{
	replace_child(node, next, rb_parent(node), root);
	next->__rb_parent_color = node->__rb_parent_color;
	next->rb_left = node->rb_left;
	set_parent(next->rb_left, next);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *child, *parent;
	bool black;

	if (node->rb_left && node->rb_right) {
		struct rb_node *next = node->rb_right;

		while (next->rb_left)
			next = next->rb_left;
		child = next->rb_right;
		parent = rb_parent(next);
		black = is_black(next);
		if (parent == node) {
			parent = next;
		} else {
			if (child)
				set_parent(child, parent);
			parent->rb_left = child;
			next->rb_right = node->rb_right;
			set_parent(next->rb_right, next);
		}
		take_place(next, node, root);
	} else {
		child = node->rb_left ? node->rb_left : node->rb_right;
		parent = rb_parent(node);
		black = is_black(node);
		if (child)
			set_parent(child, parent);
		replace_child(node, child, parent, root);
	}
	if (black)
		erase_color(child, parent, root);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *n = root->rb_node;

	while (n && n->rb_left)
		n = n->rb_left;
	return n;
}

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *n = root->rb_node;

	while (n && n->rb_right)
		n = n->rb_right;
	return n;
}

/* In order: down to the right and left, or up until we come from the left. */
struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) != NULL && node == parent->rb_right)
		node = parent;
	return parent;
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_left) {
		node = node->rb_left;
		while (node->rb_right)
			node = node->rb_right;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) != NULL && node == parent->rb_left)
		node = parent;
	return parent;
}

void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root)
{
	replace_child(victim, new, rb_parent(victim), root);
	if (victim->rb_left)
		set_parent(victim->rb_left, new);
	if (victim->rb_right)
		set_parent(victim->rb_right, new);
	*new = *victim;
}
