/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

/*
 * Wait queues (include/linux/wait.h of 4.9: wait_queue_t and task_list, names
 * that 4.13 changed). A sleeper puts an entry with a wake function on the queue
 * of what it waits for; the waker calls the functions.
 */
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

typedef struct __wait_queue wait_queue_t;
/* Called by the waker; nonzero when it woke somebody. */
typedef int (*wait_queue_func_t)(wait_queue_t *wait, unsigned mode, int flags, void *key);

#define WQ_FLAG_EXCLUSIVE 0x01 /* one such sleeper is woken at a time */
#define WQ_FLAG_WOKEN     0x02
#define WF_SYNC           0x01 /* the waker is about to sleep itself */

/**
 * struct __wait_queue - one sleeper on one queue
 * @flags: WQ_FLAG_*
 * @private: the task
 * @func: how to wake it
 * @task_list: place in the queue
 */
struct __wait_queue {
	unsigned int flags;
	void *private;
	wait_queue_func_t func;
	struct list_head task_list;
};

struct __wait_queue_head {
	spinlock_t lock;
	struct list_head task_list;
};
typedef struct __wait_queue_head wait_queue_head_t;

int default_wake_function(wait_queue_t *wait, unsigned mode, int flags, void *key);
int autoremove_wake_function(wait_queue_t *wait, unsigned mode, int sync, void *key);
void init_waitqueue_head(wait_queue_head_t *q);

#define DEFINE_WAIT_FUNC(name, function)                       \
	wait_queue_t name = {                                  \
		.private = current,                            \
		.func = function,                              \
		.task_list = LIST_HEAD_INIT((name).task_list), \
	}
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define DECLARE_WAITQUEUE(name, tsk)           \
	wait_queue_t name = {                  \
		.private = tsk,                \
		.func = default_wake_function, \
		.task_list = { NULL, NULL },   \
	}

/* An entry for @p that stays on the queue when it wakes. */
static inline void init_waitqueue_entry(wait_queue_t *q, struct task_struct *p)
{
	q->flags = 0;
	q->private = p;
	q->func = default_wake_function;
}

static inline int waitqueue_active(wait_queue_head_t *q)
{
	return !list_empty(&q->task_list);
}

static inline bool wq_has_sleeper(wait_queue_head_t *wq)
{
	return waitqueue_active(wq);
}

static inline void __add_wait_queue(wait_queue_head_t *head, wait_queue_t *new)
{
	list_add(&new->task_list, &head->task_list);
}

static inline void __add_wait_queue_tail(wait_queue_head_t *head, wait_queue_t *new)
{
	list_add_tail(&new->task_list, &head->task_list);
}

static inline void __remove_wait_queue(wait_queue_head_t *head, wait_queue_t *old)
{
	(void)head;
	list_del(&old->task_list);
}

void add_wait_queue(wait_queue_head_t *q, wait_queue_t *wait);
void add_wait_queue_exclusive(wait_queue_head_t *q, wait_queue_t *wait);
void remove_wait_queue(wait_queue_head_t *q, wait_queue_t *wait);
void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, int state);
void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_t *wait, int state);
void finish_wait(wait_queue_head_t *q, wait_queue_t *wait);

void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key);
void __wake_up_locked(wait_queue_head_t *q, unsigned int mode, int nr);
void __wake_up_sync_key(wait_queue_head_t *q, unsigned int mode, int nr, void *key);

#define wake_up(x)                   __wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_all(x)               __wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(x)     __wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_all(x) __wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_poll(x, m)           __wake_up(x, TASK_NORMAL, 1, (void *)(unsigned long)(m))
#define wake_up_interruptible_poll(x, m) \
	__wake_up(x, TASK_INTERRUPTIBLE, 1, (void *)(unsigned long)(m))
#define wake_up_interruptible_sync_poll(x, m) \
	__wake_up_sync_key(x, TASK_INTERRUPTIBLE, 1, (void *)(unsigned long)(m))

#endif
