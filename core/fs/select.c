/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: fs/select.c */
/*
 * poll(2): the other half of a non-blocking connect(). The caller asks each
 * file what holds now and, in the same breath, is put on the file's wait queue;
 * only then does it sleep, so nothing that happens in between is missed.
 */
#include <linux/errno.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <synwalk/core.h>

/* More files than this one call does not look at (RLIMIT_NOFILE in the kernel). */
#define POLL_MAX_FDS 64

/* Reported whether asked for or not. */
#define POLL_ALWAYS (POLLERR | POLLHUP)

/* struct pollfd of user space. */
struct pollfd {
	int fd;
	short events;
	short revents;
};

struct poll_table_entry {
	struct file *filp;
	wait_queue_t wait;
	wait_queue_head_t *wait_address;
};

/**
 * struct poll_wqueues - where one caller of poll(2) waits
 * @pt: handed down to the files; its function fills the rest
 * @entries: the wait queues that it stands on
 * @used: how many
 */
struct poll_wqueues {
	poll_table pt;
	struct poll_table_entry entries[POLL_MAX_FDS];
	int used;
};

/* Puts the caller on a file's wait queue. */
static void __pollwait(struct file *filp, wait_queue_head_t *wait_address, poll_table *p)
{
	struct poll_wqueues *pwq = container_of(p, struct poll_wqueues, pt);
	struct poll_table_entry *entry;

	if (pwq->used == POLL_MAX_FDS)
		return;
	entry = &pwq->entries[pwq->used++];
	entry->filp = get_file(filp);
	entry->wait_address = wait_address;
	init_waitqueue_entry(&entry->wait, current);
	add_wait_queue(wait_address, &entry->wait);
}

static void poll_freewait(struct poll_wqueues *pwq)
{
	while (pwq->used > 0) {
		struct poll_table_entry *entry = &pwq->entries[--pwq->used];

		remove_wait_queue(entry->wait_address, &entry->wait);
		fput(entry->filp);
	}
}

/* What holds of what was asked; also left in @pollfd. A negative fd is passed over. */
static unsigned int do_pollfd(struct pollfd *pollfd, poll_table *pwait)
{
	unsigned int mask = 0;
	struct fd f;

	if (pollfd->fd >= 0) {
		f = fdget((unsigned int)pollfd->fd);
		mask = POLLNVAL;
		if (f.file) {
			pwait->_key = (unsigned long)(pollfd->events | POLL_ALWAYS);
			mask = f.file->f_op->poll ? f.file->f_op->poll(f.file, pwait) :
						    POLLIN | POLLOUT;
			mask &= (unsigned int)pollfd->events | POLL_ALWAYS;
			fdput(f);
		}
	}
	pollfd->revents = (short)mask;
	return mask;
}

/* Looks, sleeps, looks again. How many files have something to say; 0: the time is over; -EINTR. */
static int do_poll(struct pollfd *fds, unsigned int nfds, struct poll_wqueues *wait, long timeout)
{
	poll_table *pt = &wait->pt;
	unsigned int i;
	int count;

	if (!timeout)
		pt->_qproc = NULL;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		count = 0;
		for (i = 0; i < nfds; i++) {
			if (do_pollfd(&fds[i], pt)) {
				count++;
				pt->_qproc = NULL;
			}
		}
		/* The first round has queued us everywhere. */
		pt->_qproc = NULL;
		if (!count && signal_pending(current))
			count = -EINTR;
		if (count || !timeout)
			break;
		timeout = schedule_timeout(timeout);
	}
	__set_current_state(TASK_RUNNING);
	return count;
}

/* The part between user memory and the wait. */
static long do_sys_poll(struct pollfd __user *ufds, unsigned int nfds, long timeout)
{
	struct poll_wqueues *table = kzalloc_type(struct poll_wqueues, GFP_KERNEL);
	struct pollfd fds[POLL_MAX_FDS];
	unsigned int i;
	long ret;

	if (!table)
		return -ENOMEM;
	table->pt._qproc = __pollwait;
	ret = -EFAULT;
	if (copy_from_user(fds, ufds, nfds * sizeof(*fds)))
		goto out;
	ret = do_poll(fds, nfds, table, timeout);
	poll_freewait(table);
	for (i = 0; i < nfds; i++)
		if (copy_to_user(&ufds[i].revents, &fds[i].revents, sizeof(short)))
			ret = -EFAULT;
out:
	kfree(table);
	return ret;
}

/*
 * poll(2)
 * @timeout_msecs: negative: without end. Returns how many descriptors have
 * something to say, 0 when the time is over; -EINVAL for too many, -EFAULT,
 * -EINTR, -ENOMEM.
 */
long sys_poll(struct pollfd __user *ufds, unsigned int nfds, int timeout_msecs)
{
	long timeout = MAX_SCHEDULE_TIMEOUT;

	if (nfds > POLL_MAX_FDS)
		return -EINVAL;
	if (timeout_msecs >= 0)
		timeout = (long)msecs_to_jiffies((unsigned int)timeout_msecs);
	return do_sys_poll(ufds, nfds, timeout);
}
