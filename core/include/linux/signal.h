/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H

/* The few signals that the path knows; a mask of pending ones is all that a task keeps. */
#define SIGHUP  1
#define SIGINT  2
#define SIGKILL 9
#define SIGUSR1 10
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGURG  23
#define SIGIO   29

#define sigmask(sig) (1UL << ((sig)-1))

struct task_struct;

/* Makes @sig pending in @p and wakes it from an interruptible sleep; 0 or -EINVAL. */
int send_sig(int sig, struct task_struct *p, int priv);

/* Takes the lowest pending signal; 0 when there is none. */
int dequeue_signal(struct task_struct *tsk);

#endif
