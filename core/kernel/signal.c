/* SPDX-License-Identifier: GPL-2.0-only */
/* The little of kernel/signal.c that connect(2) can notice: a signal is pending, and wakes. */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/signal.h>

/*
 * send_sig - makes @sig pending in @p
 * It wakes an interruptible sleep; what the sleeper returns (-ERESTARTSYS, -EINTR)
 * is its own affair. 0, or -EINVAL for a number outside of 1..64.
 */
int send_sig(int sig, struct task_struct *p, int priv)
{
	(void)priv;
	if (sig < 1 || sig > 64)
		return -EINVAL;
	p->signal_pending_mask |= sigmask(sig);
	try_to_wake_up(p, TASK_INTERRUPTIBLE, 0);
	return 0;
}

/*
 * dequeue_signal - the lowest pending signal, no longer pending; 0 when there is none
 * Called on the way back to user space, where a handler would run.
 */
int dequeue_signal(struct task_struct *tsk)
{
	int sig;

	for (sig = 1; sig <= 64; sig++) {
		if (tsk->signal_pending_mask & sigmask(sig)) {
			tsk->signal_pending_mask &= ~sigmask(sig);
			return sig;
		}
	}
	return 0;
}
