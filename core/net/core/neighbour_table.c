/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/core/neighbour.c */
/*
 * The frame of a neighbour table: its hash buckets and its tunables. What happens to an entry is
 * told in neighbour.c; both are net/core/neighbour.c in v4.9.
 *
 * Tunables come in sets (struct neigh_parms): one for the table, whose values a new device's set
 * copies. An entry points to the set of its device.
 */
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/neighbour.h>

/*
 * How long an answer is trusted: the base plus or minus half of it, at random, so that hosts that
 * learned of each other together do not ask again together. @base in jiffies.
 */
unsigned long neigh_rand_reach_time(unsigned long base)
{
	return base ? (prandom_u32() % base) + (base >> 1) : 0;
}

static struct neigh_hash_table *neigh_hash_alloc(unsigned int shift)
{
	struct neigh_hash_table *ret = kzalloc_type(struct neigh_hash_table, GFP_ATOMIC);

	if (!ret)
		return NULL;
	ret->hash_buckets = kcalloc(1UL << shift, sizeof(struct neighbour *), GFP_ATOMIC);
	if (!ret->hash_buckets) {
		kfree(ret);
		return NULL;
	}
	ret->hash_shift = shift;
	/* Odd, so that multiplying loses no bit of the key. */
	ret->hash_rnd[0] = prandom_u32() | 1;
	return ret;
}

static void neigh_hash_free(struct neigh_hash_table *nht)
{
	kfree(nht->hash_buckets);
	kfree(nht);
}

/* More entries than buckets: double the buckets. On lack of memory the old ones stay in use. */
struct neigh_hash_table *neigh_hash_grow(struct neigh_table *tbl, unsigned int new_shift)
{
	struct neigh_hash_table *old_nht = tbl->nht, *new_nht;
	unsigned int i, hash;

	new_nht = neigh_hash_alloc(new_shift);
	if (!new_nht)
		return old_nht;

	for (i = 0; i < (1U << old_nht->hash_shift); i++) {
		struct neighbour *n, *next;

		for (n = old_nht->hash_buckets[i]; n; n = next) {
			next = n->next;
			hash = tbl->hash(n->primary_key, n->dev, new_nht->hash_rnd) >>
			       (32 - new_nht->hash_shift);
			n->next = new_nht->hash_buckets[hash];
			new_nht->hash_buckets[hash] = n;
		}
	}

	tbl->nht = new_nht;
	neigh_hash_free(old_nht);
	return new_nht;
}

/* Entries keep their tunables alive beyond their device. */
void neigh_parms_put(struct neigh_parms *parms)
{
	if (atomic_dec_and_test(&parms->refcnt))
		kfree(parms);
}

/* A copy of the table's tunables for a device; NULL when memory is out. */
struct neigh_parms *neigh_parms_alloc(struct net_device *dev, struct neigh_table *tbl)
{
	struct neigh_parms *p = kmalloc_type(struct neigh_parms, GFP_KERNEL);

	if (!p)
		return NULL;
	memcpy(p, &tbl->parms, sizeof(*p));
	p->tbl = tbl;
	atomic_set(&p->refcnt, 1);
	p->dead = 0;
	p->reachable_time = neigh_rand_reach_time(NEIGH_VAR(p, BASE_REACHABLE_TIME));
	dev_hold(dev);
	p->dev = dev;
	write_lock_bh(&tbl->lock);
	list_add(&p->list, &tbl->parms.list);
	write_unlock_bh(&tbl->lock);
	return p;
}

/* The device goes; neigh_ifdown() has removed its entries before. */
void neigh_parms_release(struct neigh_table *tbl, struct neigh_parms *parms)
{
	if (!parms || parms == &tbl->parms)
		return;
	write_lock_bh(&tbl->lock);
	list_del(&parms->list);
	parms->dead = 1;
	write_unlock_bh(&tbl->lock);
	if (parms->dev)
		dev_put(parms->dev);
	neigh_parms_put(parms);
}

/* Make the table ready; its static part (hash, constructor, tunables ...) is set already. */
void neigh_table_init(int index, struct neigh_table *tbl)
{
	unsigned long base = NEIGH_VAR(&tbl->parms, BASE_REACHABLE_TIME);

	(void)index;
	INIT_LIST_HEAD(&tbl->parms_list);
	list_add(&tbl->parms.list, &tbl->parms_list);
	atomic_set(&tbl->parms.refcnt, 1);
	tbl->parms.tbl = tbl;
	tbl->parms.reachable_time = neigh_rand_reach_time(base);
	atomic_set(&tbl->entries, 0);
	spin_lock_init(&tbl->lock);

	tbl->nht = neigh_hash_alloc(3);
	if (!tbl->nht)
		panic("cannot allocate neighbour cache hashes");
}

/* The end of the world: everything out. 0; a leaked entry is told on the console. */
int neigh_table_clear(int index, struct neigh_table *tbl)
{
	(void)index;
	neigh_ifdown(tbl, NULL);
	if (atomic_read(&tbl->entries))
		pr_err("neighbour leakage: %d entries\n", atomic_read(&tbl->entries));
	neigh_hash_free(tbl->nht);
	tbl->nht = NULL;
	return 0;
}
