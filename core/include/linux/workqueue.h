/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_WORKQUEUE_H
#define _LINUX_WORKQUEUE_H

/*
 * Work put off to "some time later, in a context that may sleep". Here a timer
 * runs it in softirq: the users on this path (neighbour garbage collection) do
 * not sleep in it.
 */
#include <linux/timer.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	work_func_t func;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
};

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

void delayed_work_timer_fn(unsigned long data);

static inline void INIT_DELAYED_WORK(struct delayed_work *dwork, work_func_t func)
{
	dwork->work.func = func;
	setup_timer(&dwork->timer, delayed_work_timer_fn, (unsigned long)dwork);
}

static inline void INIT_DEFERRABLE_WORK(struct delayed_work *dwork, work_func_t func)
{
	INIT_DELAYED_WORK(dwork, func);
	dwork->timer.flags |= TIMER_DEFERRABLE;
}

/* @delay in jiffies; false when it was queued already. */
static inline bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	if (timer_pending(&dwork->timer))
		return false;
	mod_timer(&dwork->timer, jiffies + delay);
	return true;
}

static inline bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return del_timer_sync(&dwork->timer);
}

#endif
