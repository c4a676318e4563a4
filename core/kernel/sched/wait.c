/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues (kernel/sched/wait.c of v4.9).
 *
 * Who waits for something puts an entry on its queue and goes to sleep; who
 * makes it happen walks the queue and calls each entry's function, which by
 * default makes the task runnable. An exclusive sleeper stands at the end of
 * the queue, and only as many of them are woken as asked for: one connection
 * arrives, one accept() wakes.
 */
#include <linux/kernel.h>
#include <linux/wait.h>

void init_waitqueue_head(wait_queue_head_t *q)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->task_list);
}

void add_wait_queue(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	wait->flags &= ~(unsigned int)WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	__add_wait_queue(q, wait);
	spin_unlock_irqrestore(&q->lock, flags);
}

void add_wait_queue_exclusive(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	wait->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	__add_wait_queue_tail(q, wait);
	spin_unlock_irqrestore(&q->lock, flags);
}

void remove_wait_queue(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	__remove_wait_queue(q, wait);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* Wakes all that are not exclusive, and @nr_exclusive of those that are (0: all). */
static void __wake_up_common(wait_queue_head_t *q, unsigned int mode, int nr_exclusive,
			     int wake_flags, void *key)
{
	wait_queue_t *curr, *next;

	/* An autoremove entry leaves the list while we stand on it. */
	list_for_each_entry_safe(curr, next, &q->task_list, task_list) {
		unsigned int flags = curr->flags;

		if (curr->func(curr, mode, wake_flags, key) && (flags & WQ_FLAG_EXCLUSIVE) &&
		    !--nr_exclusive)
			break;
	}
}

void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	__wake_up_common(q, mode, nr_exclusive, 0, key);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* For a caller that holds the queue's lock. */
void __wake_up_locked(wait_queue_head_t *q, unsigned int mode, int nr)
{
	__wake_up_common(q, mode, nr, 0, NULL);
}

/* The waker is about to sleep itself, so the woken task needs no other CPU; a hint. */
void __wake_up_sync_key(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key)
{
	unsigned long flags;

	if (unlikely(!q))
		return;
	spin_lock_irqsave(&q->lock, flags);
	__wake_up_common(q, mode, nr_exclusive, WF_SYNC, key);
	spin_unlock_irqrestore(&q->lock, flags);
}

/*
 * prepare_to_wait - the caller is about to sleep on @q
 * The entry goes onto the queue before the state is set: a waker that changes
 * the condition after we looked at it finds us there. Called again in a loop,
 * it only sets the state.
 */
void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, int state)
{
	unsigned long flags;

	wait->flags &= ~(unsigned int)WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	if (list_empty(&wait->task_list))
		__add_wait_queue(q, wait);
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
}

void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_t *wait, int state)
{
	unsigned long flags;

	wait->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	if (list_empty(&wait->task_list))
		__add_wait_queue_tail(q, wait);
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* The wait is over: awake for sure, and off the queue if no waker took us off. */
void finish_wait(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	if (!list_empty(&wait->task_list)) {
		spin_lock_irqsave(&q->lock, flags);
		list_del_init(&wait->task_list);
		spin_unlock_irqrestore(&q->lock, flags);
	}
}

int default_wake_function(wait_queue_t *curr, unsigned mode, int wake_flags, void *key)
{
	(void)key;
	return try_to_wake_up(curr->private, mode, wake_flags);
}

/* As the default, and the entry leaves the queue if the task was woken. */
int autoremove_wake_function(wait_queue_t *wait, unsigned mode, int sync, void *key)
{
	int ret = default_wake_function(wait, mode, sync, key);

	if (ret)
		list_del_init(&wait->task_list);
	return ret;
}
