/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The little of kernel/signal.c that connect(2) can notice: a signal is pending, and wakes; or it
 * is ignored, and nothing happens.
 *
 * Whether a signal is ignored is asked when it is sent: an ignored one leaves no trace, so a sleeper
 * sleeps on. What a handler would do, and the death that is most signals' default, is the program's
 * affair here: it asks for its signals by core_take_signal() when its call has returned.
 */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/uaccess.h>
#include <synwalk/core.h>

/* With this handler, is the signal as if it had never been sent? */
static bool sig_handler_ignored(__sighandler_t handler, int sig)
{
	return handler == SIG_IGN ||
	       (handler == SIG_DFL && (sigmask(sig) & SIG_KERNEL_IGNORE_MASK));
}

static bool sig_task_ignored(const struct task_struct *t, int sig)
{
	return sig_handler_ignored(t->action[sig - 1].sa.sa_handler, sig);
}

/*
 * send_sig - makes @sig pending in @p
 * It wakes an interruptible sleep; what the sleeper returns (-ERESTARTSYS, -EINTR)
 * is its own affair. 0, or -EINVAL for a number outside of 1..64.
 */
int send_sig(int sig, struct task_struct *p, int priv)
{
	(void)priv;
	if (sig < 1 || sig > _NSIG)
		return -EINVAL;
	if (sig_task_ignored(p, sig))
		return 0;
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

	for (sig = 1; sig <= _NSIG; sig++) {
		if (tsk->signal_pending_mask & sigmask(sig)) {
			tsk->signal_pending_mask &= ~sigmask(sig);
			return sig;
		}
	}
	return 0;
}

int do_sigaction(int sig, const struct k_sigaction *act, struct k_sigaction *oact)
{
	struct task_struct *p = current;
	struct k_sigaction *k;

	if (sig < 1 || sig > _NSIG || (act && (sigmask(sig) & SIG_KERNEL_ONLY_MASK)))
		return -EINVAL;

	k = &p->action[sig - 1];
	if (oact)
		*oact = *k;
	if (act) {
		*k = *act;
		/* POSIX: what is ignored from now on is not pending any more either */
		if (sig_task_ignored(p, sig))
			p->signal_pending_mask &= ~sigmask(sig);
	}
	return 0;
}

/**
 * sys_rt_sigaction - sigaction(2)
 * @sig: number
 * @act: what to do with it from now on, user memory; NULL: as before
 * @oact: what was done until now, user memory, or NULL
 * @sigsetsize: bytes of sa_mask: 8
 *
 * Return: 0; -EINVAL for a number that is none, or for SIGKILL and SIGSTOP; -EFAULT.
 */
long sys_rt_sigaction(int sig, const struct sigaction *act, struct sigaction *oact,
		      size_t sigsetsize)
{
	struct k_sigaction new_sa, old_sa;
	int ret;

	if (sigsetsize != sizeof(new_sa.sa.sa_mask))
		return -EINVAL;
	if (act && copy_from_user(&new_sa.sa, act, sizeof(new_sa.sa)))
		return -EFAULT;
	ret = do_sigaction(sig, act ? &new_sa : NULL, oact ? &old_sa : NULL);
	if (!ret && oact && copy_to_user(oact, &old_sa.sa, sizeof(old_sa.sa)))
		return -EFAULT;
	return ret;
}
