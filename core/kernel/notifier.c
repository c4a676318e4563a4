/* SPDX-License-Identifier: GPL-2.0-only */
/* Chains of callbacks (kernel/notifier.c): sorted by priority, called until one says stop. */
#include <linux/errno.h>
#include <linux/notifier.h>

/* Inserts behind all of the same or a higher priority; 0. */
int raw_notifier_chain_register(struct raw_notifier_head *nh, struct notifier_block *nb)
{
	struct notifier_block **nl = &nh->head;

	while (*nl && nb->priority <= (*nl)->priority)
		nl = &(*nl)->next;
	nb->next = *nl;
	*nl = nb;
	return 0;
}

/* 0, or -ENOENT when it is not in the chain. */
int raw_notifier_chain_unregister(struct raw_notifier_head *nh, struct notifier_block *nb)
{
	struct notifier_block **nl;

	for (nl = &nh->head; *nl; nl = &(*nl)->next) {
		if (*nl == nb) {
			*nl = nb->next;
			return 0;
		}
	}
	return -ENOENT;
}

/* Calls all with @val and @v; returns the last answer, NOTIFY_STOP_MASK in it ends the round. */
int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v)
{
	struct notifier_block *nb, *next;
	int ret = NOTIFY_DONE;

	for (nb = nh->head; nb; nb = next) {
		next = nb->next;
		ret = nb->notifier_call(nb, val, v);
		if (ret & NOTIFY_STOP_MASK)
			break;
	}
	return ret;
}
