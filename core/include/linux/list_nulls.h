/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_LIST_NULLS_H
#define _LINUX_LIST_NULLS_H

/*
 * Hash chains whose end is not NULL but an odd "nulls" value, (slot << 1) | 1
 * (include/linux/list_nulls.h). A lockless reader that was carried to another
 * chain by a moved object sees the wrong slot at the end and starts again; the
 * established hash of TCP uses them.
 */
#include <linux/kernel.h>
#include <linux/list.h>

struct hlist_nulls_head {
	struct hlist_nulls_node *first;
};

struct hlist_nulls_node {
	struct hlist_nulls_node *next, **pprev;
};

#define NULLS_MARKER(value) (1UL | (((unsigned long)(value)) << 1))
#define INIT_HLIST_NULLS_HEAD(ptr, nulls) \
	((ptr)->first = (struct hlist_nulls_node *)NULLS_MARKER(nulls))

#define hlist_nulls_entry(ptr, type, member) container_of(ptr, type, member)

static inline int is_a_nulls(const struct hlist_nulls_node *ptr)
{
	return ((unsigned long)ptr & 1);
}

static inline unsigned long get_nulls_value(const struct hlist_nulls_node *ptr)
{
	return ((unsigned long)ptr) >> 1;
}

static inline int hlist_nulls_unhashed(const struct hlist_nulls_node *h)
{
	return !h->pprev;
}

static inline int hlist_nulls_empty(const struct hlist_nulls_head *h)
{
	return is_a_nulls(h->first);
}

static inline void hlist_nulls_add_head(struct hlist_nulls_node *n, struct hlist_nulls_head *h)
{
	struct hlist_nulls_node *first = h->first;

	n->next = first;
	n->pprev = &h->first;
	h->first = n;
	if (!is_a_nulls(first))
		first->pprev = &n->next;
}

static inline void __hlist_nulls_del(struct hlist_nulls_node *n)
{
	struct hlist_nulls_node *next = n->next;
	struct hlist_nulls_node **pprev = n->pprev;

	*pprev = next;
	if (!is_a_nulls(next))
		next->pprev = pprev;
}

/* n->next stays, so that a reader standing on it can walk on. */
static inline void hlist_nulls_del(struct hlist_nulls_node *n)
{
	__hlist_nulls_del(n);
	n->pprev = LIST_POISON2;
}

static inline void hlist_nulls_del_init_rcu(struct hlist_nulls_node *n)
{
	if (!hlist_nulls_unhashed(n)) {
		__hlist_nulls_del(n);
		n->pprev = NULL;
	}
}

#define hlist_nulls_add_head_rcu(n, h) hlist_nulls_add_head(n, h)
#define hlist_nulls_del_rcu(n)         hlist_nulls_del(n)

#define hlist_nulls_for_each_entry(tpos, pos, head, member)                                       \
	for (pos = (head)->first;                                                                 \
	     (!is_a_nulls(pos)) && (tpos = hlist_nulls_entry(pos, __typeof__(*tpos), member), 1); \
	     pos = pos->next)
#define hlist_nulls_for_each_entry_rcu(tpos, pos, head, member) \
	hlist_nulls_for_each_entry(tpos, pos, head, member)
#define hlist_nulls_for_each_entry_safe(tpos, pos, n, head, member)                              \
	for (pos = (head)->first; (!is_a_nulls(pos)) && (n = pos->next, 1) &&                    \
				  (tpos = hlist_nulls_entry(pos, __typeof__(*tpos), member), 1); \
	     pos = n)

#endif
